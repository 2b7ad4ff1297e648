//! What the keys of the overview do.

use super::pages::Page;
use super::versions::VersionAct;

/// What the keys of the screen do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Record what the window asks for.
    WindowSave,
    /// Close the window.
    WindowLeave,
    /// Open a page.
    Show(Page),
    /// The next page that the role has.
    NextPage,
    /// The page before.
    PageBefore,
    /// Show the rows on which the records of the two organisations differ.
    Differences,
    /// Change the number of seats.
    Quota,
    /// Add a staff member.
    StaffAdd,
    /// An act on the chosen staff member.
    Staff(StaffAct),
    /// End the chosen session.
    SessionEnd,
    /// Write a broadcast.
    Broadcast,
    /// An act on the page of versions.
    Versions(VersionAct),
    /// Add a key to the list of a staff member's keys.
    KeyAdd,
    /// Remove the chosen key.
    KeyRemove,
    /// Open the list behind the chosen figure.
    ListOpen,
    /// Open the calls of the chosen agent.
    AgentOpen,
    /// Open the page of the chosen person.
    ListPerson,
    /// Return to the figures.
    ListLeave,
    /// The next page of people.
    ListNext,
    /// The page of people before.
    ListBefore,
    /// By given name, or in the figure's own order.
    ListOrder,
    /// Write the list to a file.
    ListExport,
}

/// An act on a staff member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffAct {
    /// Change them.
    Edit,
    /// Disable them.
    Disable,
    /// Open the list of their SSH keys.
    Keys,
    /// Clear their PIN.
    ClearPin,
}

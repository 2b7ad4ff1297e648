//! The acts of the keys of registrations, and the panes that they open.

/// The three panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Search and customer.
    Search,
    /// Fanpage leads.
    Leads,
    /// Hand-over batches.
    Batches,
}

/// What the keys of the screen do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Open a pane.
    Show(Pane),
    /// Record what the window asks for.
    WindowSave,
    /// Close the window.
    WindowLeave,
    /// Register with the form.
    Save,
    /// Toggle the consent at this place.
    Consent(usize),
    /// Leave the form; it is kept.
    LeaveForm,
    /// Open the customer under the cursor.
    Open,
    /// Open the registration form.
    Register,
    /// Go to the next customer.
    Next,
    /// Back to the search.
    Back,
    /// Cancel the registration.
    Cancel,
    /// Take back the registration, or its cancellation, that was just made.
    Undo,
    /// Restore the cancelled registration.
    Restore,
    /// Record an opt-out.
    OptOut,
    /// Withdraw a consent.
    Withdraw,
    /// Record an agreement.
    Agree,
    /// Copy the number.
    Copy,
    /// Show every reason why the customer cannot be called now.
    WhyNot,
    /// Take the next step of a lead.
    LeadNext,
    /// Add a lead.
    LeadAdd,
    /// Close a lead without a registration.
    LeadDrop,
    /// Hand a batch over.
    HandOver,
    /// Open the rows of a batch.
    BatchOpen,
    /// Back to the batches.
    BatchClose,
}

//! What the keys of registrations do, and the panes they open.

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

/// What the keys do.
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
    /// The answer to a consent, by its place.
    Consent(usize),
    /// Leave the form; it is kept.
    LeaveForm,
    /// Open the customer under the cursor.
    Open,
    /// Open the registration form.
    Register,
    /// On to the next customer.
    Next,
    /// Back to the search.
    Back,
    /// Cancel the registration.
    Cancel,
    /// Record an opt-out.
    OptOut,
    /// Withdraw a consent.
    Withdraw,
    /// Record an agreement.
    Agree,
    /// Copy the number.
    Copy,
    /// Every reason why the customer cannot be called now.
    WhyNot,
    /// The next step of a lead.
    LeadNext,
    /// A new lead.
    LeadAdd,
    /// Nothing comes of a lead.
    LeadDrop,
    /// Send a batch.
    HandOver,
    /// The rows of a batch.
    BatchOpen,
    /// Back to the batches.
    BatchClose,
}

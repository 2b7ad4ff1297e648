//! Row identities as newtypes, so that a case is never taken for a customer. JSON form: a number, or text for
//! staff.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// One imported list version.
    ListId,
    /// A person known by one mobile number.
    CustomerId,
    /// One contact matter: customer × purpose. Equals `customer * 4 + purpose`.
    MatterId,
    /// One call attempt.
    CallId,
    /// A registration, seated or waitlisted.
    RegistrationId,
    /// A hand-over batch from 9090 to Vinmec.
    BatchId,
    /// Vinmec's file for one accepted registration.
    CaseId,
    /// A specialist doctor.
    DoctorId,
    /// One stretch of a doctor's registered hours.
    ShiftId,
    /// One booked stretch of a doctor's time.
    AppointmentId,
    /// One SMS in the outbox.
    SmsId,
    /// A fanpage conversation on its way to a registration.
    LeadId,
    /// Something that waits for a person.
    TaskId,
}

/// A staff member's login name, lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct StaffId(pub String);

impl StaffId {
    /// The login name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StaffId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

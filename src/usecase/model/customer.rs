//! What 9090 and the fanpage see of a customer: never the health need.

use super::call::{MatterLine, Reason};
use crate::domain::id::{CustomerId, RegistrationId};
use crate::domain::time::Timestamp;
use serde::Serialize;

/// One hit of the search as you type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchHit {
    /// Who.
    pub customer: CustomerId,
    /// Name.
    pub name: String,
    /// `0901 *** 567`.
    pub phone_masked: String,
    /// Province or city as given.
    pub province: Option<String>,
    /// Whether an active SMS list holds them.
    pub on_list: bool,
    /// Seat number, when registered.
    pub seat: Option<i64>,
    /// Registration state code (`registered`, `waitlisted`, `cancelled`), when there is one.
    pub registration: Option<String>,
}

/// One customer with verdict, registration and matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerModel {
    /// Row, when the customer is known.
    pub customer: Option<CustomerId>,
    /// Name; empty when unknown.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// Carrier hint by prefix, a hint only.
    pub carrier_hint: Option<String>,
    /// A warning about the number, as a public code.
    pub phone_warning: Option<String>,
    /// Kinship word code (`anh`, `chi`, …).
    pub salutation: Option<String>,
    /// Province or city as given.
    pub province: Option<String>,
    /// Who may register, and why or why not.
    pub eligibility: EligibilityModel,
    /// Their registration.
    pub registration: Option<RegistrationModel>,
    /// Their contact matters.
    pub matters: Vec<MatterLine>,
    /// Own opt-out on record.
    pub opted_out: Option<OptOutModel>,
}

/// The verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EligibilityModel {
    /// Whether 9090 may register them now.
    pub by_phone: bool,
    /// Whether the fanpage may register them now.
    pub by_fanpage: bool,
    /// Short public code of the verdict: `on_list`, `fanpage_only`, `registered`, `waitlisted`, `cancelled`,
    /// `closed`.
    pub verdict: String,
    /// Everything that speaks against it, with sentences.
    pub reasons: Vec<Reason>,
    /// When the programme's SMS went out.
    pub sms_sent_at: Option<Timestamp>,
}

/// A registration as 9090 sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegistrationModel {
    /// Which.
    pub registration: RegistrationId,
    /// `registered`, `waitlisted`, `cancelled`.
    pub state: String,
    /// Seat number.
    pub seat: Option<i64>,
    /// Place on the waitlist.
    pub position: Option<i64>,
    /// `inbound_9090`, `outbound_9090`, `fanpage`.
    pub channel: String,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: String,
    /// Whether Vinmec has it: `waiting`, `sent`, `accepted`, `returned`.
    pub handed_over: String,
    /// Consents: `register`, `handbook`, `survey`, `marketing` → given and not withdrawn.
    pub consents: Vec<(String, bool)>,
}

/// An own opt-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptOutModel {
    /// Calls.
    pub voice: bool,
    /// Messages.
    pub sms: bool,
    /// When.
    pub at: Timestamp,
}

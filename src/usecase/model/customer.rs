//! What 9090 and the fanpage see of a customer: never the health need.

use super::call::{MatterLine, Reason};
use crate::domain::id::{CustomerId, RegistrationId};
use crate::domain::registration::{HandOverState, RegistrationState};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// By what a search found somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// Words of the name.
    Name,
    /// A piece of the phone number.
    Phone,
    /// The seat.
    Seat,
    /// The number of the registration.
    Registration,
}

/// One hit of the search as you type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchHit {
    /// Who.
    pub customer: CustomerId,
    /// By what they were found.
    pub matched: Matched,
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
    /// Where their registration stands, when there is one.
    pub registration: Option<RegistrationState>,
    /// Its number, which is no seat.
    pub registration_number: Option<RegistrationId>,
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

/// Who may register a customer, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 9090 may: they are on an SMS list.
    OnList,
    /// The fanpage may: they are on an SMS list, but the programme's SMS has not reached them.
    NotInvited,
    /// The fanpage may.
    FanpageOnly,
    /// Nobody: they hold a seat.
    Registered,
    /// Nobody: they wait for a seat.
    Waitlisted,
    /// Nobody: they gave their registration up.
    Cancelled,
    /// Nobody: registration is closed.
    Closed,
}

impl From<RegistrationState> for Verdict {
    fn from(state: RegistrationState) -> Self {
        match state {
            RegistrationState::Registered => Self::Registered,
            RegistrationState::Waitlisted => Self::Waitlisted,
            RegistrationState::Cancelled => Self::Cancelled,
        }
    }
}

/// Who may register a customer, and why or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EligibilityModel {
    /// Whether 9090 may register them now.
    pub by_phone: bool,
    /// Whether the fanpage may register them now.
    pub by_fanpage: bool,
    /// The verdict in a word.
    pub verdict: Verdict,
    /// The position on the waitlist that a registration made now gets; none while seats are left or when they are registered.
    pub would_wait_at: Option<i64>,
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
    /// Where it stands.
    pub state: RegistrationState,
    /// Seat number.
    pub seat: Option<i64>,
    /// Place on the waitlist.
    pub position: Option<i64>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// Until when the reader may take its last step back: the registration, or the cancellation of a cancelled one.
    pub undo_until: Option<Timestamp>,
    /// Whether the reader may restore it, while seats are left.
    pub restorable: bool,
    /// `inbound_9090`, `outbound_9090`, `fanpage`.
    pub channel: String,
    /// When.
    pub at: Timestamp,
    /// Login name of who did it.
    pub by: String,
    /// Their name, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_name: Option<String>,
    /// Whether Vinmec has it.
    pub handed_over: HandOverState,
    /// Whether Vinmec works on it, once it has a case there; how a case ended is Vinmec's alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_vinmec: Option<AtVinmec>,
    /// Consents: `register`, `handbook`, `survey`, `marketing` → given and not withdrawn.
    pub consents: Vec<(String, bool)>,
}

/// What everybody may know of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtVinmec {
    /// Vinmec works on it.
    Open,
    /// Vinmec is done with it.
    Finished,
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

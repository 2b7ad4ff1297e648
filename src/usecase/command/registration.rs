//! Requests around a registration: taking and giving up a place, consents, hand-over, fanpage leads.

use crate::domain::consent::ConsentAnswers;
use crate::domain::consent::ConsentParty;
use crate::domain::consent::ConsentPurpose;
use crate::domain::consent::Representative;
use crate::domain::id::BatchId;
use crate::domain::id::CaseId;
use crate::domain::id::LeadId;
use crate::domain::id::MatterId;
use crate::domain::id::RegistrationId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the customer reached the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The customer called 9090.
    #[serde(rename = "inbound_9090")]
    Inbound9090,
    /// 9090 called the customer.
    #[serde(rename = "outbound_9090")]
    Outbound9090,
    /// Fanpage inbox.
    Fanpage,
}

impl Channel {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inbound9090 => "inbound_9090",
            Self::Outbound9090 => "outbound_9090",
            Self::Fanpage => "fanpage",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Inbound9090, Self::Outbound9090, Self::Fanpage].into_iter().find(|c| c.code() == code)
    }
}

/// Register one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Register {
    /// As typed; normalised by the use case.
    pub phone: String,
    /// The customer's name, when it is not on file or corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How they came.
    pub channel: Channel,
    /// Explicit answers per purpose; missing means no.
    #[serde(default)]
    pub consents: ConsentAnswers,
    /// Take a place on the waitlist when no seat is left.
    #[serde(default = "yes")]
    pub waitlist: bool,
    /// Who the consultation is for, when it is not the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Patient>,
    /// The customer's own birth year, when they are the patient and it was asked; four digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<i32>,
    /// Who speaks for a customer who may be under 18 and is the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<GivenRepresentative>,
    /// The outbound call this comes from: it is closed as `agreed` in the same transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterId>,
    /// The fanpage lead this comes from: it becomes `registered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadId>,
    /// Talk time of the outbound call, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk_seconds: Option<i64>,
    /// The customer was told that this call is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_announced: Option<bool>,
    /// The agent's note on this call, at most 500 graphemes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Register {
    /// A customer who came through this channel, without further details: nothing is agreed to yet, and a place on
    /// the waitlist will do.
    pub fn new(phone: impl Into<String>, channel: Channel) -> Self {
        Self {
            phone: phone.into(),
            name: None,
            channel,
            consents: ConsentAnswers::default(),
            waitlist: yes(),
            patient: None,
            birth_year: None,
            representative: None,
            matter: None,
            lead: None,
            talk_seconds: None,
            recording_announced: None,
            note: None,
        }
    }
}

const fn yes() -> bool {
    true
}

/// Who is to be advised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Patient {
    /// Full name.
    pub name: String,
    /// Four digits.
    pub birth_year: i32,
    /// Needed under 18; from the birth year alone the younger age counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<GivenRepresentative>,
    /// A child's own answer, when it was asked; otherwise Vinmec asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
}

/// Who speaks for a patient under 18: an object, or one text such as `"Lê Thị Mai (mẹ)"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum GivenRepresentative {
    /// Name and relation apart.
    Full(Representative),
    /// Name with the relation in brackets.
    Text(String),
}

/// Record the own answer of one whom 9090 could not ask: another adult patient, a child beside the representative, or
/// the representative of a customer who turned out to be under age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordConsent {
    /// Of which case.
    pub case: CaseId,
    /// Who answered.
    pub party: ConsentParty,
    /// Whether they agree to be registered and advised. A no ends the registration.
    pub given: bool,
    /// Who passed the answer on, when it was not they themselves: name and relation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spoken_by: Option<String>,
}

/// Record the patient's birth year, which 9090 did not ask or got wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordBirthYear {
    /// Of which case.
    pub case: CaseId,
    /// Four digits.
    pub birth_year: i32,
    /// Needed under 18, unless one is on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<GivenRepresentative>,
}

/// Cancel a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancelRegistration {
    /// Which.
    pub registration: RegistrationId,
    /// Why, in a few words.
    pub reason: String,
}

/// Names a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegistrationRef {
    /// Which.
    pub registration: RegistrationId,
}

/// Restore a cancelled registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReactivateRegistration {
    /// Which.
    pub registration: RegistrationId,
    /// Why, in a few words.
    pub reason: String,
}

/// Correct what was registered before Vinmec has it; a returned row goes out again afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CorrectRegistration {
    /// Which.
    pub registration: RegistrationId,
    /// The customer's name; as it is by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The customer's number; only that of a customer who is on no list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The patient; as they are by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Patient>,
    /// The answer to Vinmec; needed for a returned row, also when nothing had to be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Withdraw one consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawConsent {
    /// Of which registration.
    pub registration: RegistrationId,
    /// Which purpose. Withdrawing `register` cancels the registration.
    pub purpose: ConsentPurpose,
}

/// Accept or return rows of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledge {
    /// Which batch.
    pub batch: BatchId,
    /// `"all"` (every row not returned here) or registration ids.
    pub accept: Accept,
    /// Rows sent back with the reason.
    #[serde(default, rename = "return", skip_serializing_if = "Vec::is_empty")]
    pub returned: Vec<Returned>,
}

/// Which rows are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Accept {
    /// These.
    Rows(Vec<RegistrationId>),
    /// Every row that is still `sent` and not returned here.
    All(AllWord),
}

/// The word `"all"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllWord {
    /// Every row.
    All,
}

/// One returned row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Returned {
    /// Which registration.
    pub registration: RegistrationId,
    /// Why.
    pub reason: String,
}

/// A fanpage comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddLead {
    /// The name on the page.
    pub name: String,
    /// Reference of the comment (evidence), unique.
    pub comment: String,
    /// Reference of the inbox conversation, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The number given in the inbox, never in the comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// The next state of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadStep {
    /// The inbox message with notice and consent text was sent.
    Messaged,
    /// The customer gave their details.
    DetailsGiven,
    /// Nothing comes of it.
    Dropped,
}

/// Move a lead on. Registering moves it to `registered` by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MoveLead {
    /// Which.
    pub lead: LeadId,
    /// To where.
    pub to: LeadStep,
    /// Reference of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The number given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Why it was dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

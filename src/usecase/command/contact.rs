//! Requests around calls: claiming, recording, opting out, agreements.

use crate::domain::calendar::MinuteOfDay;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::domain::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which contacts an opt-out stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// Calls.
    Voice,
    /// Messages.
    Sms,
    /// Both.
    Both,
}

impl ContactKind {
    /// Whether calls are meant.
    pub const fn voice(self) -> bool {
        matches!(self, Self::Voice | Self::Both)
    }

    /// Whether messages are meant.
    pub const fn sms(self) -> bool {
        matches!(self, Self::Sms | Self::Both)
    }
}

/// Do not contact this number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OptOut {
    /// As typed.
    pub phone: String,
    /// What stops.
    pub contact: ContactKind,
}

/// Take a matter under lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// Which queue.
    pub purpose: Purpose,
    /// This one and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterId>,
}

/// Names a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterRef {
    /// Which.
    pub matter: MatterId,
}

/// Who makes a promised callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackFor {
    /// The agent who promised.
    Me,
    /// Any free agent.
    #[default]
    Anyone,
}

/// Save how a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordCall {
    /// The matter under lease.
    pub matter: MatterId,
    /// The outcome.
    pub disposition: Disposition,
    /// The promised time, for `callback`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_at: Option<Timestamp>,
    /// Who promised it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_for: Option<CallbackFor>,
    /// Free text, at most 500 graphemes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Seconds of talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk_seconds: Option<i64>,
    /// The customer was told that the call is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_announced: Option<bool>,
    /// A promised time outside the allowed hours is the customer's own wish and becomes an agreement with them (T5);
    /// true unless said otherwise. With false such a time is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<bool>,
}

impl RecordCall {
    /// A call with this result and no other details.
    pub const fn new(matter: MatterId, disposition: Disposition) -> Self {
        Self {
            matter,
            disposition,
            callback_at: None,
            callback_for: None,
            note: None,
            talk_seconds: None,
            recording_announced: None,
            agreed: None,
        }
    }
}

/// An agreement with one customer that relaxes T1–T4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddAgreement {
    /// As typed.
    pub phone: String,
    /// Calls, messages or both.
    pub contact: ContactKind,
    /// What was agreed, in a few words.
    pub what: String,
    /// Until when it holds.
    pub until: Timestamp,
    /// Where the evidence is.
    pub evidence: String,
    /// From this time of the day on, on the days until `until`. Without hours the agreement lifts T3 and T4 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<MinuteOfDay>,
    /// Until this time of the day, not included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<MinuteOfDay>,
}

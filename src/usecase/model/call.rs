//! What a caller sees: the matter under lease with its history, the queue, and the reasons of the contact rules.

use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::{CaseId, CustomerId, MatterId};
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// A refusal as data: the code for scripts, the sentences for people (Vietnamese; screens translate the code).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Public rule code.
    pub rule: String,
    /// Sentence.
    pub message: String,
    /// Hint.
    pub hint: String,
    /// The typed fact, for a screen in another language.
    #[serde(skip)]
    pub refusal: Refusal,
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        Self {
            rule: refusal.rule().to_owned(),
            message: refusal.message(Lang::Vi),
            hint: refusal.hint(Lang::Vi),
            refusal,
        }
    }
}

/// A contact matter in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatterLine {
    /// Which.
    pub matter: MatterId,
    /// Why we would call.
    pub purpose: Purpose,
    /// Where it stands.
    pub state: MatterState,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Attempts so far; of an intake matter always 0, because those calls are Vinmec's.
    pub attempts: i64,
    /// Why it is closed or held, as a public code.
    pub reason: Option<String>,
    /// Login name of the lease's holder.
    pub holder: Option<String>,
    /// Their name, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_name: Option<String>,
}

/// One line of a customer's history, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryLine {
    /// When.
    pub at: Timestamp,
    /// Who, or empty for the system.
    pub by: String,
    /// Their name, or empty for the system.
    pub by_name: String,
    /// `call` or `sms`.
    pub kind: String,
    /// Purpose of a call (`offer`…), or the template of an SMS.
    pub about: String,
    /// Disposition code of a call, or state of an SMS.
    pub outcome: String,
    /// Note (9090 notes never hold health text).
    pub note: Option<String>,
    /// When the result of a call was recorded, if its lease had run out by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_late_at: Option<Timestamp>,
}

/// All that an agent needs on one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallCard {
    /// The matter under lease.
    pub matter: MatterId,
    /// Why we call.
    pub purpose: Purpose,
    /// Who.
    pub customer: CustomerId,
    /// The whole number, E.164: this is the actor's own call.
    pub phone: String,
    /// Name.
    pub name: String,
    /// Kinship word code.
    pub salutation: Option<String>,
    /// Province or city.
    pub province: Option<String>,
    /// Carrier hint, a hint only.
    pub carrier_hint: Option<String>,
    /// Whether an active SMS list holds them.
    pub on_list: bool,
    /// When the programme's SMS went out.
    pub sms_sent_at: Option<Timestamp>,
    /// When the lease began: the call's clock starts here.
    pub leased_at: Timestamp,
    /// When the lease runs out.
    pub lease_until: Timestamp,
    /// Until when the call may be begun, when that is before the lease runs out (T1).
    pub dial_until: Option<Timestamp>,
    /// 1 for the first attempt.
    pub attempt: i64,
    /// Allowed attempts.
    pub max_attempts: i64,
    /// The promise that brought this call, if any.
    pub promised_at: Option<Timestamp>,
    /// The position on the waitlist that a registration in this call gets; none while seats are left.
    pub would_wait_at: Option<i64>,
    /// Calls and messages, newest first, at most 20.
    pub history: Vec<HistoryLine>,
    /// The case, for intake and survey.
    pub case: Option<CaseId>,
    /// When the consultation took place, for survey.
    pub consulted_at: Option<Timestamp>,
}

/// Why a customer cannot be called now, and when they can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyNot {
    /// Which matter, when there is one.
    pub matter: Option<MatterId>,
    /// Why we would call.
    pub purpose: Purpose,
    /// Whether a call may start now.
    pub callable: bool,
    /// Every reason against it.
    pub reasons: Vec<Reason>,
    /// The first instant at which all that time can heal is healed; none: never.
    pub callable_from: Option<Timestamp>,
}

/// A queue in numbers, with its promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueueModel {
    /// Which.
    pub purpose: Purpose,
    /// Due now.
    pub due: i64,
    /// Waiting for a later time.
    pub later: i64,
    /// Under an agent's lease.
    pub leased: i64,
    /// Promised callbacks not yet made.
    pub promised: i64,
    /// Promises past their time.
    pub overdue: i64,
    /// Held: reason code → how many.
    pub held: BTreeMap<String, i64>,
    /// Closed.
    pub closed: i64,
    /// When the next one comes due, if none is due now.
    pub next_at: Option<Timestamp>,
    /// The next promises of the actor and those without an owner, earliest first, at most 20.
    pub promises: Vec<PromiseLine>,
}

/// A promised callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromiseLine {
    /// Which matter.
    pub matter: MatterId,
    /// Who.
    pub name: String,
    /// Masked number.
    pub phone_masked: String,
    /// When it was promised for.
    pub at: Timestamp,
    /// The agent who promised; none: any agent may call.
    pub owner: Option<String>,
    /// The name of the agent who promised.
    pub owner_name: Option<String>,
}

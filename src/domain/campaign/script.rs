//! What agents say and what the program sends: steps, answers to objections, message templates. Texts carry merge
//! fields in braces, such as `{name}`.

use super::super::contact::{Purpose, SmsPurpose};
use super::super::lang::Bilingual;
use serde::{Deserialize, Serialize};

/// What a step asks of the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Read aloud.
    Say,
    /// Ask and listen.
    Ask,
    /// Tick when done; the program keeps that it was done.
    Tick,
}

/// One step of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The call it belongs to.
    pub purpose: Purpose,
    /// Stable code, unique within its purpose.
    pub code: String,
    /// What it asks of the agent.
    pub kind: StepKind,
    /// "Agreed" works only after this step.
    #[serde(default)]
    pub required: bool,
    /// The text.
    pub text: Bilingual,
}

/// A question customers ask, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objection {
    /// Stable code.
    pub code: String,
    /// As the customer asks it.
    pub question: Bilingual,
    /// What the agent answers.
    pub answer: Bilingual,
}

/// All texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Counts up with every change.
    pub version: i64,
    /// The steps of all calls, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
    /// Questions and answers.
    #[serde(rename = "objection")]
    pub objections: Vec<Objection>,
}

impl Script {
    /// The steps of one kind of call, in order.
    pub fn steps_for(&self, purpose: Purpose) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.purpose == purpose)
    }
}

/// The text of one kind of message. Texts go to customers, in Vietnamese.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsTemplate {
    /// Stable code, unique.
    pub code: String,
    /// Advertising or service.
    pub purpose: SmsPurpose,
    /// The text with merge fields.
    pub text: String,
}

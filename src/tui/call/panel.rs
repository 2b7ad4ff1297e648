//! The state of one open call: the card, how far the script was read, the note, and the lease.

use crate::domain::campaign::script::StepKind;
use crate::domain::disposition::Disposition;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::typed::Typed;
use crate::usecase::command::{MatterRef, RecordCall};
use crate::usecase::model::call::CallCard;

/// The script step that informs the customer of the recording.
const RECORDING_STEP: &str = "recording";

/// The state of one step of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepMark {
    /// The step's code.
    pub code: String,
    /// Whether "agreed" works only after it.
    pub required: bool,
    /// Whether it has a box: it is required, or the store records that it was done.
    pub boxed: bool,
    /// Whether it was done.
    pub done: bool,
}

/// One open call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallPanel {
    /// The customer under lease.
    pub card: CallCard,
    /// The script's steps in order.
    pub steps: Vec<StepMark>,
    /// The step that is being read.
    pub at: usize,
    /// The agent's note, which is saved with the result; empty: none.
    pub note: String,
    lease_from: Timestamp,
}

impl CallPanel {
    /// A call with this card that begins, or goes on after a lost connection.
    pub fn new(card: CallCard, ctx: &Ctx) -> Self {
        let steps = ctx
            .campaign
            .script
            .steps_for(card.purpose)
            .map(|step| StepMark {
                code: step.code.clone(),
                required: step.required,
                boxed: step.required || step.kind == StepKind::Tick,
                done: false,
            })
            .collect();
        Self { card, steps, at: 0, note: String::new(), lease_from: ctx.now }
    }

    /// The same call under a new lease after an undo: ticks and note stay.
    #[must_use]
    pub fn resumed(mut self, card: CallCard, ctx: &Ctx) -> Self {
        self.card = card;
        self.lease_from = ctx.now;
        self
    }

    /// The unsent text of the call: note and script; the screen adds part and form.
    pub fn typed(&self, part: String, fields: Vec<(String, String)>) -> Typed {
        let steps = self.steps.iter().filter(|step| step.done).map(|step| step.code.clone()).collect();
        let note = self.note.clone();
        Typed { who: self.card.name.clone(), part, note, steps, answers: Vec::new(), fields }
    }

    /// Fills in note and script from a draft.
    pub fn retype(&mut self, typed: &Typed) {
        self.note.clone_from(&typed.note);
        for step in &mut self.steps {
            step.done |= typed.steps.contains(&step.code);
        }
        if let Some(last) = self.steps.iter().rposition(|step| step.done) {
            self.at = (last + 1).min(self.steps.len() - 1);
        }
    }

    /// Milliseconds since the call began.
    pub const fn clock(&self, now: Timestamp) -> i64 {
        now.since(self.card.leased_at)
    }

    /// Milliseconds until the lease runs out; negative when it has.
    pub const fn lease_left(&self, now: Timestamp) -> i64 {
        self.card.lease_until.since(now)
    }

    /// Ticks the next box of the script and moves to the step after it; false when no box is left.
    pub fn tick(&mut self) -> bool {
        let Some(next) = self.steps.iter().position(|step| step.boxed && !step.done) else { return false };
        self.steps[next].done = true;
        self.at = (next + 1).min(self.steps.len() - 1);
        true
    }

    /// Removes the last tick and returns to its step; false when there is none.
    pub fn untick(&mut self) -> bool {
        let Some(last) = self.steps.iter().rposition(|step| step.done) else { return false };
        self.steps[last].done = false;
        self.at = last;
        true
    }

    /// Moves to the next step of the script, or to the one before.
    pub fn read(&mut self, forward: bool) {
        let last = self.steps.len().saturating_sub(1);
        self.at = if forward { (self.at + 1).min(last) } else { self.at.saturating_sub(1) };
    }

    /// Whether every required step is done, so that the call can end in "agreed".
    pub fn may_agree(&self) -> bool {
        self.steps.iter().all(|step| step.done || !step.required)
    }

    /// Whether a box is not ticked yet.
    pub fn has_boxes(&self) -> bool {
        self.steps.iter().any(|step| step.boxed && !step.done)
    }

    /// Whether the customer was informed of the recording; none when the script has no such step.
    pub fn announced(&self) -> Option<bool> {
        self.steps.iter().find(|step| step.code == RECORDING_STEP).map(|step| step.done)
    }

    /// The note, when there is one.
    pub fn noted(&self) -> Option<String> {
        let note = self.note.trim();
        (!note.is_empty()).then(|| note.to_owned())
    }

    /// Seconds of talk so far.
    pub fn talk_seconds(&self, now: Timestamp) -> i64 {
        (self.clock(now) / 1000).max(0)
    }

    /// The command that records a result. It reports talk and recording only where a person answered.
    pub fn result(&self, disposition: Disposition, now: Timestamp) -> RecordCall {
        let answered = disposition.flags().human_answered;
        RecordCall {
            note: self.noted(),
            talk_seconds: answered.then(|| self.talk_seconds(now)),
            recording_announced: if answered { self.announced() } else { None },
            ..RecordCall::new(self.card.matter, disposition)
        }
    }

    /// The matter, for commands that need no more.
    pub const fn matter(&self) -> MatterRef {
        MatterRef { matter: self.card.matter }
    }

    /// Whether half of the lease is over, so that it has to be prolonged.
    pub const fn renewal_is_due(&self, now: Timestamp) -> bool {
        now.since(self.lease_from) * 2 >= self.card.lease_until.since(self.lease_from)
    }

    /// Records that the lease is prolonged.
    pub const fn prolong(&mut self, until: Timestamp, now: Timestamp) {
        self.lease_from = now;
        self.card.lease_until = until;
    }

    /// Records that the lease could not be prolonged: the next try comes after half of the remaining time.
    pub const fn try_again_later(&mut self, now: Timestamp) {
        self.lease_from = now;
    }
}

/// Whether the refusal means that the lease is lost, so that there is nothing to release.
pub const fn is_lost(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::NotYourLease { .. }
            | Refusal::LeaseExpired { .. }
            | Refusal::Conflict { .. }
            | Refusal::MatterClosed
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::domain::contact::Purpose;
    use crate::domain::id::{CustomerId, MatterId};
    use crate::tui::fixture::{at, ctx};
    use crate::usecase::model::call::HistoryLine;

    /// Anh Hùng, claimed a minute and 23 seconds ago for ten minutes.
    pub fn card() -> CallCard {
        let line = |when: &str, by: &str, kind: &str, about: &str, outcome: &str| HistoryLine {
            at: at(when),
            by: by.to_lowercase(),
            by_name: by.to_owned(),
            kind: kind.to_owned(),
            about: about.to_owned(),
            outcome: outcome.to_owned(),
            note: None,
            recorded_late_at: None,
        };
        CallCard {
            matter: MatterId(41),
            purpose: Purpose::Offer,
            customer: CustomerId(10),
            phone: "+84904123456".to_owned(),
            name: "Nguyễn Văn Hùng".to_owned(),
            salutation: Some("anh".to_owned()),
            province: Some("Hải Phòng".to_owned()),
            carrier_hint: Some("mobifone".to_owned()),
            on_list: true,
            sms_sent_at: Some(at("2026-11-21T09:15:00")),
            leased_at: at("2026-12-02T09:28:37"),
            lease_until: at("2026-12-02T09:38:37"),
            dial_until: None,
            attempt: 2,
            max_attempts: 3,
            promised_at: None,
            would_wait_at: None,
            history: vec![
                line("2026-11-30T10:02:00", "Minh", "call", "offer", "no_answer"),
                line("2026-11-21T09:15:00", "", "sms", "invite", "sent"),
            ],
            case: None,
            consulted_at: None,
        }
    }

    #[test]
    fn agreed_waits_for_every_required_step() {
        let mut panel = CallPanel::new(card(), &ctx(Role::Agent));
        let boxes = panel.steps.iter().filter(|step| step.boxed).count();
        for _ in 0..boxes {
            assert!(!panel.may_agree());
            assert!(panel.tick());
        }
        assert!(panel.may_agree() && !panel.has_boxes());
        assert!(!panel.tick());
        assert!(panel.untick());
        assert!(!panel.may_agree());
    }

    #[test]
    fn talk_and_recording_are_reported_only_where_a_person_answered() {
        let mut panel = CallPanel::new(card(), &ctx(Role::Agent));
        panel.note = " gọi buổi chiều ".to_owned();
        let now = at("2026-12-02T09:30:00");
        let silent = panel.result(Disposition::NoAnswer, now);
        assert_eq!((silent.talk_seconds, silent.recording_announced), (None, None));
        assert_eq!(silent.note.as_deref(), Some("gọi buổi chiều"));
        let spoken = panel.result(Disposition::Declined, now);
        assert_eq!((spoken.talk_seconds, spoken.recording_announced), (Some(83), Some(false)));
    }

    #[test]
    fn the_lease_is_to_be_prolonged_from_half_time_on() {
        let mut panel = CallPanel::new(card(), &ctx(Role::Agent));
        assert!(!panel.renewal_is_due(at("2026-12-02T09:34:00")));
        let now = at("2026-12-02T09:34:30");
        assert!(panel.renewal_is_due(now));
        panel.prolong(at("2026-12-02T09:44:30"), now);
        assert!(!panel.renewal_is_due(now));
        assert_eq!(panel.lease_left(now), 600_000);
    }

    #[test]
    fn a_lease_that_could_not_be_prolonged_is_tried_again_after_half_of_the_rest() {
        let mut panel = CallPanel::new(card(), &ctx(Role::Agent));
        panel.try_again_later(at("2026-12-02T09:34:30"));
        assert!(!panel.renewal_is_due(at("2026-12-02T09:36:00")));
        assert!(panel.renewal_is_due(at("2026-12-02T09:37:00")));
    }
}

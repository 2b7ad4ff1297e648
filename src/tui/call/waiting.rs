//! The queue while no call is open: how many customers wait, the promised callbacks, and why none could be claimed.
//!
//! Invariants: the cursor stays on its callback; "nobody is due" is forgotten as soon as it may be outdated.
//! Deliberately absent: reading the queue, which the screen does.

use super::queue;
use crate::domain::id::MatterId;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::widgets::list::Step;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::{Keyed, Rows};
use crate::usecase::model::call::{PromiseLine, QueueModel};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use std::collections::BTreeMap;

/// The customers who wait for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The queue as it was last read; its promised callbacks are in the list.
    queue: Option<QueueModel>,
    nothing: Option<NothingDue>,
    promises: Rows<PromiseLine>,
}

impl Keyed for PromiseLine {
    type Key = MatterId;

    fn key(&self) -> MatterId {
        self.matter
    }
}

/// Why no customer can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NothingDue {
    next_at: Option<Timestamp>,
    held: BTreeMap<String, i64>,
}

impl Default for Waiting {
    fn default() -> Self {
        Self::new()
    }
}

impl Waiting {
    /// A queue that is not read yet.
    pub const fn new() -> Self {
        Self { queue: None, nothing: None, promises: Rows::new(&[]) }
    }

    /// The promised callbacks.
    pub fn promises(&self) -> &[PromiseLine] {
        self.promises.items()
    }

    /// The promised callback under the cursor.
    pub fn chosen(&self) -> Option<MatterId> {
        self.promises.chosen().map(|promise| promise.matter)
    }

    /// Moves the cursor.
    pub fn step(&mut self, step: Step) {
        self.promises.step(step);
    }

    /// Moves the cursor to the callback at a place of the screen; `area` is that of [`Waiting::view_promises`].
    pub fn click(&mut self, area: Rect, at: Position) {
        self.promises.click(Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area }, at);
    }

    /// Takes the queue. When more customers are due than before, "nobody is due" is forgotten.
    pub fn read(&mut self, mut queue: QueueModel, ctx: &Ctx) {
        self.promises.take(std::mem::take(&mut queue.promises), ctx);
        if self.queue.as_ref().is_some_and(|before| queue.due > before.due) {
            self.nothing = None;
        }
        self.queue = Some(queue);
    }

    /// Records that no customer could be claimed: when the next is due, and how many are held back by which reason.
    pub fn nobody(&mut self, next_at: Option<Timestamp>, held: BTreeMap<String, i64>) {
        self.nothing = Some(NothingDue { next_at, held });
    }

    /// Records that a customer was claimed.
    pub fn claimed(&mut self) {
        self.nothing = None;
    }

    /// Takes the time of a tick.
    pub fn tick(&mut self, now: Timestamp) {
        if self.nothing.as_ref().and_then(|nothing| nothing.next_at).is_some_and(|next| next <= now) {
            self.nothing = None;
        }
    }

    /// The lines that say that nobody is due and until when: `title`, and `never` when no time is known. Empty while a
    /// customer may be due.
    pub fn nobody_lines(
        &self,
        title: &str,
        never: &'static str,
        ctx: &Ctx,
        width: u16,
    ) -> Option<Vec<Line<'static>>> {
        let nothing = self.nothing.as_ref()?;
        let next = match nothing.next_at {
            Some(at) => Say::key("calls.next_at").with("at", queue::when_from(at, ctx.now)),
            None => Say::key(never),
        };
        let mut lines = pane::prose(&word(title, ctx.lang), width, ctx.theme.strong());
        lines.extend(pane::prose(&next.text(ctx.lang), width, ctx.theme.text()));
        Some(lines)
    }

    /// The figures of the queue, and the reasons why the others cannot be called.
    pub fn lines(&self, ctx: &Ctx) -> Vec<Line<'static>> {
        let Some(queue) = &self.queue else {
            return vec![Line::styled(word("calls.loading", ctx.lang), ctx.theme.muted())];
        };
        let mut lines = queue::figures(queue, ctx);
        let told = self.nothing.as_ref().map(|nothing| &nothing.held).filter(|held| !held.is_empty());
        let held = queue::held(told.unwrap_or(&queue.held), ctx);
        if !held.is_empty() {
            lines.push(Line::default());
            lines.push(Line::styled(word("calls.held", ctx.lang), ctx.theme.title()));
            lines.extend(held);
        }
        lines
    }

    /// Draws the promised callbacks.
    pub fn view_promises(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        queue::view_promises(frame, area, ctx, &self.promises);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::domain::contact::Purpose;
    use crate::tui::fixture::{at, ctx};

    fn queue(due: i64, promises: &[i64]) -> QueueModel {
        let promise = |matter: &i64| PromiseLine {
            matter: MatterId(*matter),
            name: "Hùng".to_owned(),
            phone_masked: "0904 *** 456".to_owned(),
            at: at("2026-12-02T10:00:00"),
            owner: None,
            owner_name: None,
        };
        QueueModel {
            purpose: Purpose::Offer,
            due,
            later: 0,
            leased: 0,
            promised: promises.len() as i64,
            overdue: 0,
            held: BTreeMap::from([("do_not_call".to_owned(), 7)]),
            closed: 0,
            next_at: None,
            promises: promises.iter().map(promise).collect(),
        }
    }

    fn agent() -> Ctx {
        ctx(Role::Agent)
    }

    fn says_nobody(waiting: &Waiting) -> bool {
        waiting.nobody_lines("calls.nothing_due", "calls.no_next", &ctx(Role::Agent), 60).is_some()
    }

    #[test]
    fn the_cursor_stays_on_a_promise_that_is_there() {
        let mut waiting = Waiting::new();
        assert_eq!(waiting.chosen(), None);
        waiting.read(queue(1, &[5, 9, 13]), &agent());
        waiting.step(Step::Last);
        assert_eq!(waiting.chosen(), Some(MatterId(13)));
        waiting.read(queue(1, &[5]), &agent());
        assert_eq!(waiting.chosen(), Some(MatterId(5)));
    }

    #[test]
    fn a_click_beside_the_rows_chooses_nothing() {
        let mut waiting = Waiting::new();
        waiting.read(queue(1, &[5, 9, 13]), &agent());
        let area = Rect::new(10, 4, 20, 6);
        waiting.click(area, Position::new(12, 6));
        assert_eq!(waiting.chosen(), Some(MatterId(9)));
        for beside in [(9, 5), (30, 5), (12, 4), (12, 8), (12, 9)] {
            waiting.click(area, Position::from(beside));
            assert_eq!(waiting.chosen(), Some(MatterId(9)), "{beside:?}");
        }
    }

    #[test]
    fn nobody_is_due_until_the_time_comes_or_more_are_due() {
        let mut waiting = Waiting::new();
        waiting.read(queue(1, &[]), &agent());
        waiting.nobody(Some(at("2026-12-02T10:00:00")), BTreeMap::new());
        waiting.read(queue(1, &[]), &agent());
        waiting.tick(at("2026-12-02T09:59:59"));
        assert!(says_nobody(&waiting));
        waiting.tick(at("2026-12-02T10:00:00"));
        assert!(!says_nobody(&waiting));
        waiting.nobody(None, BTreeMap::new());
        waiting.read(queue(2, &[]), &agent());
        assert!(!says_nobody(&waiting));
    }

    #[test]
    fn what_the_claim_found_held_back_is_newer_than_the_queue() {
        let ctx = ctx(Role::Agent);
        let text =
            |waiting: &Waiting| waiting.lines(&ctx).iter().map(ToString::to_string).collect::<String>();
        let mut waiting = Waiting::new();
        waiting.read(queue(1, &[]), &agent());
        assert!(text(&waiting).contains(&queue::held_name("do_not_call", &ctx)));
        waiting.nobody(None, BTreeMap::from([("called_within_24h".to_owned(), 3)]));
        let told = text(&waiting);
        assert!(told.contains(&queue::held_name("called_within_24h", &ctx)), "{told}");
        assert!(!told.contains(&queue::held_name("do_not_call", &ctx)), "{told}");
    }
}

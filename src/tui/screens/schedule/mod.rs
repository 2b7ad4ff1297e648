//! Screen 3, Lịch hẹn: the work of Vinmec. It shows the cases to contact on the left, the roster of a day on the right
//! and the open case below; other panes show hand-over batches, doctors with their hours, and a doctor's own day.
//!
//! Invariants:
//! * at most one case is open; what was typed for a case survives the end of its call (each case has its
//!   [`intake::Draft`]);
//! * every write is one [`Effect::Run`] whose reply decides the next step;
//! * only a key moves the focus out of a text field, never a reply;
//! * a flag answered yes or unsure leads to the question about 115 and nowhere else, and only a yes sends the customer
//!   there;
//! * a slot keeps its digit until the person asks for new ones ([`offer`]).
//!
//! Deliberately absent: rules. The use cases have them; the screen only avoids requests that would be refused.

mod acts;
mod appointing;
mod batches;
mod calling;
mod cases;
mod checklist;
mod day;
mod doctors;
mod grid;
mod intake;
mod keys;
mod notices;
mod offer;
mod patient;
mod reading;
mod record;
mod replies;
mod review;
mod state;
#[cfg(test)]
mod tests;
mod view;
mod window;

pub use keys::ScheduleAct;
pub use state::{Focus, Pane, Schedule};

use crate::tui::call::desk::{OpenCall, Part};
use crate::tui::call::detail::Detail;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::field::Field;
use crate::tui::form::Form;
use crate::tui::keys::Binding;
use crate::tui::say::Say;
use crate::tui::screen::{Msg, Screen};
use crate::tui::theme::Tone;
use crate::tui::typed::{About, Typed};
use crate::tui::widgets::list_keys::List;
use crate::usecase::Topics;
use ratatui::Frame;
use ratatui::layout::Rect;

impl Screen for Schedule {
    type Act = ScheduleAct;

    const BINDINGS: &'static [Binding<ScheduleAct, Self>] = keys::BINDINGS;

    fn update(&mut self, msg: Msg<ScheduleAct>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(subject) => self.opened(subject, ctx),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Edited => self.edited(ctx),
            Msg::Mouse(mouse, area) => self.mouse(mouse, area, ctx),
            Msg::Answered(id, yes) => self.answered(id, yes, ctx),
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome, ctx),
            Msg::Tick => self.tick(ctx.now),
            Msg::Changed(topics) => self.changed(topics),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        view::screen(self, frame, area, ctx);
    }

    fn form(&self) -> Option<&Form> {
        let window = self.windows.get().map(|window| &window.form);
        self.desk.detail().map(|detail| &detail.form).or(window)
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        let window = self.windows.get_mut().map(|window| &mut window.form);
        self.desk.detail_mut().map(|detail| &mut detail.form).or(window)
    }

    fn list(&self) -> Option<&dyn List> {
        if self.is_windowed() {
            return None;
        }
        match self.pane {
            Pane::Cases if self.focus == Focus::Cases => Some(&self.cases),
            Pane::Cases => None,
            Pane::Batches if self.batches.in_rows => Some(&self.batches.rows),
            Pane::Batches => Some(&self.batches.list),
            Pane::Doctors => Some(&self.doctors),
            Pane::Day => Some(&self.day.rows),
        }
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        if self.is_windowed() {
            return None;
        }
        match self.pane {
            Pane::Cases if self.focus == Focus::Cases => Some(&mut self.cases),
            Pane::Cases => None,
            Pane::Batches if self.batches.in_rows => Some(&mut self.batches.rows),
            Pane::Batches => Some(&mut self.batches.list),
            Pane::Doctors => Some(&mut self.doctors),
            Pane::Day => Some(&mut self.day.rows),
        }
    }

    fn field(&self) -> Option<&Field> {
        if let Some(form) = self.form() {
            return form.focused_field();
        }
        match (self.pane, self.focus, &self.intake) {
            (Pane::Cases, Focus::Need, Some(intake)) => Some(&intake.draft.need),
            (Pane::Cases, Focus::Why, Some(intake)) => Some(&intake.draft.why),
            _ => self.list().and_then(List::field),
        }
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        if self.is_windowed() {
            return self.form_mut().and_then(Form::focused_field_mut);
        }
        match (self.pane, self.focus) {
            (Pane::Cases, Focus::Need) => self.intake.as_mut().map(|intake| &mut intake.draft.need),
            (Pane::Cases, Focus::Why) => self.intake.as_mut().map(|intake| &mut intake.draft.why),
            _ => self.list_mut().and_then(List::field_mut),
        }
    }

    fn texts(&self) -> Vec<String> {
        let open = self.intake.iter().map(|intake| &intake.draft);
        let drafts = open.chain(self.drafts.iter().map(|(_, draft)| draft));
        let typed = drafts.flat_map(|draft| [draft.need.text().to_owned(), draft.why.text().to_owned()]);
        let call = self.desk.call().into_iter().flat_map(OpenCall::texts);
        typed.chain(call).chain(self.windows.texts()).collect()
    }

    fn saving(&self) -> bool {
        self.requests.is_saving()
    }

    fn shows(&self) -> Topics {
        if self.saving() || self.role.is_none() {
            return Topics::NONE;
        }
        let of_call = if self.desk.is_open() { Topics::OPT_OUTS } else { Topics::NONE };
        if self.is_windowed() {
            return of_call;
        }
        of_call.with(match self.pane {
            Pane::Cases | Pane::Day => Topics::CASES.with(Topics::ROSTER).with(Topics::QUEUE),
            Pane::Batches => Topics::BATCHES,
            Pane::Doctors => Topics::ROSTER,
        })
    }

    fn standing(&self, ctx: &Ctx) -> Option<(Tone, Say)> {
        let clock = crate::tui::widgets::bar::clock;
        if let Some(panel) = self.desk.panel() {
            return Some((Tone::Ok, Say::key("schedule.on_call").with("clock", clock(panel.clock(ctx.now)))));
        }
        let diverted = self.diverted.as_ref()?;
        let left = clock(diverted.until.since(ctx.now).max(0));
        Some((Tone::Warn, Say::key("schedule.undo_left").with("left", left)))
    }

    fn call_open(&self) -> bool {
        self.desk.is_open()
    }

    fn typed(&self) -> Option<(About, Typed)> {
        self.intake.as_ref().and_then(|intake| intake.typed(self.desk.call()))
    }

    fn retype(&mut self, about: &About, typed: &Typed, ctx: &Ctx) -> bool {
        let call = self.desk.call();
        let Some(intake) = self.intake.as_mut().filter(|intake| intake.about(call) == *about) else {
            return false;
        };
        intake.retype(typed, ctx);
        if let Some(call) = self.desk.call_mut() {
            call.panel.retype(typed);
            if let Some(detail) = Detail::of_part(&typed.part, &call.panel, &typed.fields) {
                call.part = Part::Detail(detail);
                self.focus = Focus::Call;
            }
        }
        true
    }
}

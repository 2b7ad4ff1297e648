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
mod doctors;
mod grid;
mod intake;
mod keys;
mod offer;
mod reading;
mod replies;
#[cfg(test)]
mod tests;
mod view;
mod window;

pub use keys::ScheduleAct;

use crate::domain::actor::{Permission, Role};
use crate::domain::contact::Purpose;
use crate::domain::id::{AppointmentId, CaseId};
use crate::domain::time::Timestamp;
use crate::tui::call::desk::{CallDesk, CallLoad, CallSave, OpenCall, Part};
use crate::tui::call::detail::Detail;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin};
use crate::tui::field::Field;
use crate::tui::form::Form;
use crate::tui::form::window::Windows;
use crate::tui::keys::{Binding, ELSEWHERE, Enabled};
use crate::tui::requests::Requests;
use crate::tui::say::Say;
use crate::tui::screen::{Msg, Screen};
use crate::tui::theme::Tone;
use crate::tui::typed::{About, Typed};
use crate::tui::widgets::list_keys::List;
use crate::tui::widgets::rows::{Keyed, Rows};
use crate::usecase::Topics;
use crate::usecase::model::case::{AppointmentLine, CaseLine};
use batches::Batches;
use chrono::NaiveDate;
use doctors::DoctorHours;
use grid::Grid;
use intake::{Draft, Goal, Intake};
use ratatui::Frame;
use ratatui::layout::Rect;
use window::Topic;

/// The day of a grid before the screen was opened.
const NO_DAY: NaiveDate = NaiveDate::MIN;

/// The panes of the tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Cases, roster and the open case.
    Cases,
    /// Hand-over batches.
    Batches,
    /// Doctors and their hours.
    Doctors,
    /// A doctor's own day.
    Day,
}

/// Which part of the first pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list of cases.
    Cases,
    /// The open call: script, and results once they are opened.
    Call,
    /// The need.
    Need,
    /// The reason for video.
    Why,
    /// The red-flag checklist.
    Flags,
    /// The free slots, by digit.
    Slots,
    /// The roster grid.
    Grid,
}

/// The loads of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Load {
    Cases,
    Roster,
    File,
    /// New slots to offer.
    Offer,
    /// The slots that are free now, to compare the offered ones with.
    Offered,
    Day,
    Batches,
    Rows,
    Doctors,
    Call(CallLoad),
}

impl From<CallLoad> for Load {
    fn from(load: CallLoad) -> Self {
        Self::Call(load)
    }
}

/// The saves of the screen.
#[derive(Debug, Clone, PartialEq)]
enum Save {
    /// Whether a call is open.
    OpenCall,
    Call(CallSave),
    Step(Goal),
    /// A command with the notice of its success.
    Plain(&'static str),
    /// The command of the window, which closes when it succeeds.
    Window(&'static str),
    Moved,
    /// The read of a case whose customer's number is to be shown.
    Whose,
    Reveal(String),
}

impl From<CallSave> for Save {
    fn from(save: CallSave) -> Self {
        Self::Call(save)
    }
}

/// The day of the doctor of this session.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Day {
    /// The doctor with their hours, once read.
    of: Option<(String, Vec<(Timestamp, Timestamp)>)>,
    /// The appointments by start.
    rows: Rows<AppointmentLine>,
}

impl Keyed for AppointmentLine {
    type Key = AppointmentId;

    fn key(&self) -> AppointmentId {
        self.appointment
    }
}

/// The screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    requests: Requests<Load, Save>,
    role: Option<Role>,
    pane: Pane,
    focus: Focus,
    /// The part that had the keys before the results.
    before_results: Focus,
    cases: Rows<CaseLine>,
    grid: Grid,
    intake: Option<Intake>,
    desk: CallDesk<()>,
    drafts: Vec<(CaseId, Draft)>,
    moving: Option<AppointmentLine>,
    /// The case whose appointment the cursor goes to when its day is read.
    seek: Option<CaseId>,
    /// The customer who was sent to 115 last, which no key undoes.
    diverted: Option<String>,
    batches: Batches,
    doctors: Rows<DoctorHours>,
    day: Day,
    windows: Windows<Topic>,
    /// The refusal of the last save, shown until something is changed.
    refused: Option<Say>,
}

impl Default for Schedule {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule {
    /// A screen that was not opened yet.
    pub const fn new() -> Self {
        Self {
            requests: Requests::new(Origin::Schedule),
            role: None,
            pane: Pane::Cases,
            focus: Focus::Cases,
            before_results: Focus::Call,
            cases: cases::unread(),
            grid: Grid::new(NO_DAY, 30, 5),
            intake: None,
            desk: CallDesk::new(Purpose::Intake),
            drafts: Vec::new(),
            moving: None,
            seek: None,
            diverted: None,
            batches: Batches::new(),
            doctors: doctors::unread(),
            day: Day { of: None, rows: Rows::new(view::day::COLUMNS) },
            windows: Windows::new(),
            refused: None,
        }
    }

    /// The appointment under the cursor of the part that shows appointments.
    fn appointment(&self) -> Option<&AppointmentLine> {
        match self.pane {
            Pane::Day => self.day.rows.chosen(),
            Pane::Cases if self.focus == Focus::Grid => self.grid.appointment(),
            Pane::Cases | Pane::Batches | Pane::Doctors => None,
        }
    }

    fn may(&self, act: Permission) -> bool {
        self.role.is_some_and(|role| role.may(act))
    }

    /// Whether Enter has something to do; otherwise the locale key of what comes first.
    fn main_works(&self) -> Enabled {
        if self.windows.is_open() {
            return Ok(());
        }
        match self.pane {
            Pane::Batches if self.batches.list.chosen().is_none() => Err("schedule.why.no_batch"),
            Pane::Doctors if self.doctors.chosen().is_none() => Err("schedule.why.no_doctor"),
            Pane::Day if self.appointment().is_none() => Err("schedule.why.no_appointment"),
            Pane::Batches | Pane::Doctors | Pane::Day => Ok(()),
            Pane::Cases => self.main_on_cases(),
        }
    }

    fn main_on_cases(&self) -> Enabled {
        match self.focus {
            Focus::Cases if self.cases.chosen().is_none() => Err("schedule.why.no_case"),
            Focus::Cases if self.desk.is_open() => Err("schedule.why.call_open"),
            // The form of a time or note has its own Enter.
            Focus::Call => match self.desk.part() {
                Some(Part::Script | Part::Middle) => Ok(()),
                Some(Part::Results(_)) => Err("schedule.why.by_digit"),
                Some(Part::Detail(_)) | None => Err(ELSEWHERE),
            },
            Focus::Cases | Focus::Need | Focus::Why | Focus::Flags | Focus::Grid => Ok(()),
            Focus::Slots => match &self.intake {
                None => Err("schedule.why.no_case"),
                Some(intake) if intake.acute() => Ok(()),
                Some(intake) => match intake.missing() {
                    Some(why) => Err(why),
                    None if intake.offer.slots.is_empty() => Err("schedule.why.no_slots"),
                    None => Ok(()),
                },
            },
        }
    }

    /// The parts that Tab goes through, in order.
    fn parts(&self) -> Vec<Focus> {
        let mut parts = vec![Focus::Cases];
        if let Some(intake) = &self.intake {
            if self.desk.is_open() {
                parts.push(Focus::Call);
            }
            parts.push(Focus::Need);
            if intake.draft.video {
                parts.push(Focus::Why);
            }
            parts.extend([Focus::Flags, Focus::Slots]);
        }
        parts.push(Focus::Grid);
        parts
    }

    /// Whether a window is open over the screen.
    fn is_windowed(&self) -> bool {
        self.windows.is_open() || self.desk.detail().is_some()
    }
}

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
            Msg::Changed => self.changed(),
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
        if self.is_windowed() || self.saving() || self.role.is_none() {
            return Topics::NONE;
        }
        match self.pane {
            Pane::Cases | Pane::Day => Topics::CASES.with(Topics::ROSTER).with(Topics::QUEUE),
            Pane::Batches => Topics::BATCHES,
            Pane::Doctors => Topics::ROSTER,
        }
    }

    fn standing(&self, ctx: &Ctx) -> Option<(Tone, Say)> {
        let clock = crate::tui::widgets::bar::clock(self.desk.panel()?.clock(ctx.now));
        Some((Tone::Ok, Say::key("schedule.on_call").with("clock", clock)))
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
        intake.retype(typed, &ctx.campaign);
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

//! Screen 3, Lịch hẹn: Vinmec's desk. Cases to contact on the left, the roster of a day on the right, the case in
//! hand below; beside them hand-over batches, doctors with their hours, and a doctor's own day.
//!
//! Invariants: one case is in hand at a time; what was typed for a case survives the end of its call
//! ([`intake::Draft`] is kept per case); every write is one [`Effect::Run`] whose reply decides the next step;
//! a sign answered yes or unsure ends in the 115 alarm and nowhere else. Deliberately absent: rules. The door
//! has them; the screen only keeps people from asking what it would refuse anyway.

mod acts;
mod appointing;
mod batches;
mod calling;
mod checklist;
mod grid;
mod intake;
mod keys;
mod popup;
mod replies;
#[cfg(test)]
mod tests;
mod view;

pub use keys::Act;

use crate::domain::actor::{Permission as May, Role};
use crate::domain::id::{CaseId, MatterId, RegistrationId};
use crate::domain::time::Timestamp;
use crate::tui::call::detail::Detail;
use crate::tui::call::ending::Row;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Subject, Ticket, Tickets};
use crate::tui::field::Field;
use crate::tui::form::Form;
use crate::tui::keys::{Binding, Enabled};
use crate::tui::say::Say;
use crate::tui::screen::{Msg, Screen};
use crate::tui::theme::Tone;
use crate::tui::typed::{About, Typed};
use crate::tui::widgets::list::Cursor;
use crate::usecase::model::case::{AppointmentLine, CaseLine, DayModel, DoctorLine};
use crate::usecase::{Command, Query, Topics};
use batches::Batches;
use chrono::NaiveDate;
use grid::{Cell, Grid};
use intake::{Draft, Goal, Intake};
use popup::Popup;
use ratatui::Frame;
use ratatui::layout::Rect;

/// The first day a grid knows before the screen was opened.
const NO_DAY: NaiveDate = NaiveDate::MIN;
/// How many free slots are offered at once; each has a letter.
const OFFERED: u32 = 6;

/// Which part of the tab is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Cases, roster, the case in hand.
    Desk,
    /// Hand-over batches.
    Batches,
    /// Doctors and their hours.
    Doctors,
    /// A doctor's own day.
    Day,
}

/// Where the keys go on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// The list of cases.
    Cases,
    /// The open call: result by digit.
    Call,
    /// The need.
    Need,
    /// Why video.
    Why,
    /// The red-flag checklist.
    Flags,
    /// The next free slots.
    Slots,
    /// The roster grid.
    Grid,
}

/// The parts of the list of cases, in the order shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// To contact.
    Waiting,
    /// A callback was promised.
    Promised,
    /// Has an appointment.
    Booked,
}

impl Group {
    const ALL: [Self; 3] = [Self::Waiting, Self::Promised, Self::Booked];

    const fn of(line: &CaseLine) -> Self {
        if line.starts_at.is_some() {
            Self::Booked
        } else if line.promised {
            Self::Promised
        } else {
            Self::Waiting
        }
    }
}

/// What a load is for; a newer load of the same kind makes the older one worthless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Load {
    Cases,
    Roster,
    File,
    Slots,
    Call,
    Day,
    Batches,
    Rows,
    Doctors,
    /// A file read only to learn whose number is to be shown.
    Whose,
}

/// What a save in flight is for.
#[derive(Debug, Clone, PartialEq)]
enum Save {
    Claim,
    Step(Goal),
    Recorded(MatterId),
    Released,
    Undo(MatterId),
    /// A plain act with the sentence that says it is done.
    Plain(&'static str),
    /// The form of the window; it closes when this succeeds.
    Form(&'static str),
    Moved,
    Reveal(String),
}

/// The screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    tickets: Tickets,
    role: Option<Role>,
    pane: Pane,
    zone: Zone,
    /// Cases in the order shown, by [`Group`]; none until read.
    cases: Option<Vec<CaseLine>>,
    case_at: Cursor,
    /// The next reading of the cases puts the cursor on the first: a case was just done with.
    to_first: bool,
    grid: Grid,
    intake: Option<Intake>,
    drafts: Vec<(CaseId, Draft)>,
    moving: Option<AppointmentLine>,
    /// The case whose appointment the cursor goes to when its day is read.
    seek: Option<CaseId>,
    last_recorded: Option<MatterId>,
    batches: Batches,
    doctors: Option<Vec<DoctorLine>>,
    doctor_at: Cursor,
    day: Option<DayModel>,
    day_at: Cursor,
    popup: Option<Popup>,
    /// Time or note of a call result.
    detail: Option<Detail>,
    /// Which call results the digits mean.
    endings: Row,
    loads: Vec<(Ticket, Load)>,
    saving: Option<(Ticket, Save)>,
    renewing: Option<Ticket>,
    /// What the last save said no to, shown until something is changed.
    refused: Option<Say>,
    /// The question that is open: a result that needs a yes.
    asked: Option<Command>,
}

impl Default for Schedule {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule {
    /// The screen before it was opened for the first time.
    pub const fn new() -> Self {
        Self {
            tickets: Tickets::new(Origin::Schedule),
            role: None,
            pane: Pane::Desk,
            zone: Zone::Cases,
            cases: None,
            case_at: Cursor(0),
            to_first: false,
            grid: Grid::new(NO_DAY, 30, 5),
            intake: None,
            drafts: Vec::new(),
            moving: None,
            seek: None,
            last_recorded: None,
            batches: Batches {
                lines: None,
                at: Cursor(0),
                open: None,
                row: Cursor(0),
                returns: Vec::new(),
                in_rows: false,
            },
            doctors: None,
            doctor_at: Cursor(0),
            day: None,
            day_at: Cursor(0),
            popup: None,
            detail: None,
            endings: Row::First,
            loads: Vec::new(),
            saving: None,
            renewing: None,
            refused: None,
            asked: None,
        }
    }

    /// The case under the cursor.
    fn case_line(&self) -> Option<&CaseLine> {
        self.cases.as_ref()?.get(self.case_at.0)
    }

    /// The doctor under the cursor.
    fn doctor(&self) -> Option<&DoctorLine> {
        self.doctors.as_ref()?.get(self.doctor_at.0)
    }

    /// The appointment under the cursor of whatever shows appointments.
    fn appointment(&self) -> Option<&AppointmentLine> {
        match self.pane {
            Pane::Day => self.day.as_ref()?.appointments.get(self.day_at.0),
            Pane::Desk if self.zone == Zone::Grid => self.grid.appointment(),
            Pane::Desk | Pane::Batches | Pane::Doctors => None,
        }
    }

    fn may(&self, act: May) -> bool {
        self.role.is_some_and(|role| role.may(act))
    }

    /// Whether Enter has something to do, or the locale key of what comes first.
    fn main_works(&self) -> Enabled {
        if self.windowed() {
            return Ok(());
        }
        match self.pane {
            Pane::Batches if self.batches.line().is_none() => Err("schedule.why.no_batch"),
            Pane::Doctors if self.doctor().is_none() => Err("schedule.why.no_doctor"),
            Pane::Day if self.appointment().is_none() => Err("schedule.why.no_appointment"),
            Pane::Batches | Pane::Doctors | Pane::Day => Ok(()),
            Pane::Desk => self.main_on_desk(),
        }
    }

    fn main_on_desk(&self) -> Enabled {
        match self.zone {
            Zone::Cases if self.case_line().is_none() => Err("schedule.why.no_case"),
            Zone::Cases if self.intake.as_ref().is_some_and(|i| i.call.is_some()) => {
                Err("schedule.why.call_open")
            }
            Zone::Cases | Zone::Call | Zone::Need | Zone::Why | Zone::Flags | Zone::Grid => Ok(()),
            Zone::Slots => match &self.intake {
                None => Err("schedule.why.no_case"),
                Some(intake) if intake.acute() => Ok(()),
                Some(intake) => match intake.missing() {
                    Some(why) => Err(why),
                    None if intake.slots.is_empty() => Err("schedule.why.no_slots"),
                    None => Ok(()),
                },
            },
        }
    }

    /// The zones that Tab goes through, in order.
    fn zones(&self) -> Vec<Zone> {
        let mut zones = vec![Zone::Cases];
        if let Some(intake) = &self.intake {
            if intake.call.is_some() {
                zones.push(Zone::Call);
            }
            zones.push(Zone::Need);
            if intake.draft.video {
                zones.push(Zone::Why);
            }
            zones.extend([Zone::Flags, Zone::Slots]);
        }
        zones.push(Zone::Grid);
        zones
    }

    /// Reads something; an older reading of the same kind is forgotten.
    fn load(&mut self, kind: Load, query: Query) -> Effect {
        let ticket = self.tickets.next();
        self.loads.retain(|(_, load)| *load != kind);
        self.loads.push((ticket, kind));
        Effect::load(ticket, query)
    }

    /// Writes something and reads something in one go; keys are held until the reply.
    fn save(&mut self, what: Save, command: Command, then: Option<Query>) -> Effect {
        let ticket = self.tickets.next();
        self.refused = None;
        self.saving = Some((ticket, what));
        Effect::save(ticket, command, then)
    }

    fn roster_query(&self) -> Query {
        Query::Roster { department: self.grid.department, date: Some(self.grid.date) }
    }

    fn load_roster(&mut self) -> Effect {
        let query = self.roster_query();
        self.load(Load::Roster, query)
    }

    /// Everything that is on screen, anew.
    fn reload(&mut self) -> Vec<Effect> {
        match self.pane {
            Pane::Desk => {
                let mut effects = vec![self.load(Load::Cases, Query::Cases {}), self.load_roster()];
                effects.extend(self.load_slots());
                effects
            }
            Pane::Batches => {
                let mut effects = vec![self.load(Load::Batches, Query::Batches {})];
                if let Some(open) = &self.batches.open {
                    let query = Query::Batch { batch: open.batch };
                    effects.push(self.load(Load::Rows, query));
                }
                effects
            }
            Pane::Doctors => vec![self.load(Load::Doctors, Query::Doctors {}), self.load_roster()],
            Pane::Day => {
                let query = self.day_query();
                vec![self.load(Load::Day, query)]
            }
        }
    }

    fn day_query(&self) -> Query {
        Query::Day { doctor: None, date: Some(self.grid.date) }
    }

    /// The next free slots of the case's department.
    fn load_slots(&mut self) -> Vec<Effect> {
        let Some(department) = self.intake.as_ref().and_then(Intake::department) else { return Vec::new() };
        vec![self.load(Load::Slots, Query::FreeSlots { department, from: None, count: OFFERED })]
    }

    /// The case's department is another one now: its slots, and its doctors on the grid.
    fn follow_department(&mut self) -> Vec<Effect> {
        let mut effects = self.load_slots();
        let department = self.intake.as_ref().and_then(Intake::department);
        if department.is_some() && department != self.grid.department {
            self.grid.department = department;
            effects.push(self.load_roster());
        }
        effects
    }

    fn opened(&mut self, subject: Option<Subject>, ctx: &Ctx) -> Vec<Effect> {
        if self.role != Some(ctx.actor.role) {
            *self = Self { tickets: self.tickets.clone(), ..Self::new() };
            self.role = Some(ctx.actor.role);
        }
        if self.grid.date == NO_DAY {
            let today = ctx.now.date();
            let limits = ctx.campaign.limits_on(today);
            self.grid = Grid::new(today, limits.consultation_minutes, limits.granule_minutes);
        }
        if !self.may(May::Triage) {
            self.pane = Pane::Day;
        }
        let mut effects = self.reload();
        if let Some(Subject::Case(case)) = subject {
            effects.extend(self.open_case(case, ctx));
        } else if self.intake.is_none() && self.may(May::CallIntake) {
            effects.push(self.load(Load::Call, Query::OpenCall {}));
        }
        effects
    }

    /// A second went by: a hold may be over, a lease may need renewing.
    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        let Some(intake) = &mut self.intake else { return effects };
        if self.saving.is_none() && intake.expire(now) {
            effects.push(Effect::Notice(Tone::Warn, Say::key("schedule.hold_over")));
        }
        if let Some(call) = &mut intake.call
            && self.renewing.is_none()
            && call.renewal_is_due(now)
        {
            let ticket = self.tickets.next();
            self.renewing = Some(ticket);
            effects.push(Effect::save(ticket, Command::RenewLease(call.matter()), None));
        }
        effects
    }

    /// A result that needed a yes has one, or not; the alarm was acknowledged.
    fn answered(&mut self, yes: bool) -> Vec<Effect> {
        match self.asked.take() {
            Some(command) if yes => vec![self.send_asked(command)],
            Some(_) | None => Vec::new(),
        }
    }

    /// A row of a batch, by its registration, is marked to go back.
    fn mark_row(&mut self, registration: RegistrationId, reason: Option<String>) {
        self.batches.mark(registration, reason);
    }

    fn is_editing(&self) -> bool {
        self.detail.is_some() || self.popup.as_ref().is_some_and(Popup::has_form)
    }

    /// Whether a window is open over the screen.
    const fn windowed(&self) -> bool {
        self.popup.is_some() || self.detail.is_some()
    }
}

impl Screen for Schedule {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = keys::BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(subject) => self.opened(subject, ctx),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Edited => self.edited(ctx),
            Msg::Mouse(mouse, area) => self.mouse(mouse, area),
            Msg::Answered(_, yes) => self.answered(yes),
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome, ctx),
            Msg::Tick => self.tick(ctx.now),
            Msg::Changed if self.is_editing() || self.saving.is_some() || self.role.is_none() => Vec::new(),
            Msg::Changed => self.reload(),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        view::screen(self, frame, area, ctx);
    }

    fn form(&self) -> Option<&Form> {
        let popup = self.popup.as_ref().filter(|popup| popup.has_form()).map(|popup| &popup.form);
        self.detail.as_ref().map(|detail| &detail.form).or(popup)
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        let popup = self.popup.as_mut().filter(|popup| popup.has_form()).map(|popup| &mut popup.form);
        self.detail.as_mut().map(|detail| &mut detail.form).or(popup)
    }

    fn field(&self) -> Option<&Field> {
        if self.windowed() {
            return self.form().and_then(Form::focused_field);
        }
        match (self.pane, self.zone, &self.intake) {
            (Pane::Desk, Zone::Need, Some(intake)) => Some(&intake.draft.need),
            (Pane::Desk, Zone::Why, Some(intake)) => Some(&intake.draft.why),
            _ => None,
        }
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        if self.windowed() {
            return self.form_mut().and_then(Form::focused_field_mut);
        }
        match (self.pane, self.zone, &mut self.intake) {
            (Pane::Desk, Zone::Need, Some(intake)) => Some(&mut intake.draft.need),
            (Pane::Desk, Zone::Why, Some(intake)) => Some(&mut intake.draft.why),
            _ => None,
        }
    }

    fn saving(&self) -> bool {
        self.saving.is_some()
    }

    fn shows(&self) -> Topics {
        if self.is_editing() || self.saving.is_some() || self.role.is_none() {
            return Topics::NONE;
        }
        match self.pane {
            Pane::Desk | Pane::Day => Topics::CASES.with(Topics::ROSTER).with(Topics::QUEUE),
            Pane::Batches => Topics::BATCHES,
            Pane::Doctors => Topics::ROSTER,
        }
    }

    fn standing(&self, ctx: &Ctx) -> Option<(Tone, Say)> {
        let call = self.intake.as_ref()?.call.as_ref()?;
        let clock = crate::tui::widgets::bar::clock(call.clock(ctx.now));
        Some((Tone::Ok, Say::key("schedule.on_call").with("clock", clock)))
    }

    fn call_open(&self) -> bool {
        self.intake.as_ref().is_some_and(|intake| intake.call.is_some())
    }

    fn typed(&self) -> Option<(About, Typed)> {
        self.intake.as_ref().and_then(Intake::typed)
    }

    fn retype(&mut self, about: &About, typed: &Typed, ctx: &Ctx) -> bool {
        let intake = self.intake.as_mut().filter(|intake| intake.about() == *about);
        intake.is_some_and(|intake| {
            intake.retype(typed, &ctx.campaign);
            true
        })
    }
}

/// What a cell under the cursor offers to the person who books or moves.
fn free_slot(grid: &Grid, now: Timestamp) -> Option<crate::usecase::model::case::Slot> {
    match grid.here(now) {
        Cell::Free(slot) => Some(slot),
        Cell::Taken(_) | Cell::Past | Cell::Off => None,
    }
}

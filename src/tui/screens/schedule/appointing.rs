//! Carries out the keys on appointments, batch rows and windows: inform the customer, move, cancel, start, record the
//! result, return.

use super::grid::Cell;
use super::intake::Goal;
use super::notices::{notice, warn};
use super::state::{Load, Pane, Save, Schedule};
use super::window::{self, Topic};
use crate::domain::appointment::AppointmentState;
use crate::tui::call::queue::when_from;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::Query;
use crate::usecase::command::{
    AppointmentRef, CaseRef, Command, MoveAppointment, Outcome, RecordResult, TellCustomer, ToldBy,
};
use crate::usecase::model::case::AppointmentLine;

/// How far an appointment has come, as far as keys depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Only held: a colleague is booking.
    Held,
    /// Booked, the customer informed or not.
    Ahead,
    /// The doctor has started.
    InProgress,
    /// Done or a no-show.
    Over,
}

impl Phase {
    /// The phase of this appointment.
    pub const fn of(line: &AppointmentLine) -> Self {
        match line.state {
            AppointmentState::Held => Self::Held,
            AppointmentState::Booked | AppointmentState::Told => Self::Ahead,
            AppointmentState::InProgress => Self::InProgress,
            AppointmentState::Done
            | AppointmentState::NoShow
            | AppointmentState::Cancelled
            | AppointmentState::Moved => Self::Over,
        }
    }
}

impl Schedule {
    /// Takes Enter on the grid: books or moves there, or names the keys for the appointment.
    pub(super) fn grid_main(&mut self, ctx: &Ctx) -> Vec<Effect> {
        match (self.grid.here(ctx.now), &self.moving) {
            (Cell::Free(slot), Some(line)) => {
                let command = Command::MoveAppointment(MoveAppointment {
                    appointment: line.appointment,
                    doctor: Some(slot.doctor),
                    starts_at: slot.starts_at,
                    minutes: None,
                });
                vec![self.save_on_appointment(Save::Moved, command)]
            }
            (Cell::Free(slot), None) => match &self.intake {
                None => notice("schedule.why.choose_case"),
                Some(intake) => match intake.missing() {
                    Some(why) => notice(why),
                    None => self.step_towards(Goal::Book(slot), ctx),
                },
            },
            (Cell::Taken(_), None) => notice("schedule.why.use_letters"),
            (Cell::Taken(_), Some(_)) => notice("schedule.why.taken"),
            (Cell::Past | Cell::Off, _) => notice("schedule.why.off"),
        }
    }

    /// The queries that show the effect of an act on an appointment.
    fn shown_appointments(&self) -> Vec<Query> {
        match self.pane {
            Pane::Day => vec![self.day_query()],
            Pane::Cases | Pane::Batches | Pane::Doctors => {
                let shown = [self.roster_query(), Query::Cases {}];
                shown.into_iter().chain(self.offer_query()).collect()
            }
        }
    }

    fn save_on_appointment(&mut self, save: Save, command: Command) -> Effect {
        let then = self.shown_appointments();
        self.requests.save(save, command, then)
    }

    /// Asks for the whole number: the case names the customer, whose number is then read.
    pub(super) fn reveal(&mut self) -> Vec<Effect> {
        let Some(case) = self.appointment().map(|line| line.case) else { return Vec::new() };
        vec![self.requests.save(Save::Whose, Command::OpenCase(CaseRef { case }), [Query::CaseFile { case }])]
    }

    pub(super) fn tell(&mut self, by: ToldBy) -> Vec<Effect> {
        let Some(appointment) = self.appointment().map(|line| line.appointment) else { return Vec::new() };
        let done = match by {
            ToldBy::Phone => "schedule.done.told",
            ToldBy::Sms => "schedule.done.sms",
        };
        let command = Command::TellCustomer(TellCustomer { appointment, by });
        vec![self.save_on_appointment(Save::Plain(done), command)]
    }

    pub(super) fn start_moving(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.moving = self.appointment().cloned();
        if self.moving.is_some() && self.grid.date < ctx.now.date() {
            return self.turn_day((ctx.now.date() - self.grid.date).num_days());
        }
        Vec::new()
    }

    /// Asks before a no-show is recorded; refuses before the appointment begins.
    pub(super) fn ask_no_show(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(line) = self.appointment() else { return Vec::new() };
        if ctx.now < line.starts_at {
            return warn(window::too_early(line.starts_at));
        }
        let text = Say::key("schedule.ask.no_show").with("name", &line.patient);
        let detail = Say::key("schedule.ask.no_show_detail");
        let command = Command::RecordResult(window::missed(line.appointment, Outcome::NoShowCustomer));
        let then = self.shown_appointments();
        vec![self.requests.ask(Save::Plain("schedule.done.no_show"), command, then, text, detail)]
    }

    /// Asks before a consultation starts, and says how early it is; refuses before its day.
    pub(super) fn ask_start(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(line) = self.appointment() else { return Vec::new() };
        if ctx.now.date() < line.starts_at.date() {
            return warn(Say::key("schedule.why.other_day").with("time", line.starts_at.dm_hm_near(ctx.now)));
        }
        let early = (line.starts_at.since(ctx.now) + 59_999) / 60_000;
        let text = if early > 0 {
            Say::key("schedule.ask.start_early").with("minutes", early)
        } else {
            Say::key("schedule.ask.start")
        };
        let text = text.with("name", &line.patient).with("time", when_from(line.starts_at, ctx.now));
        let detail = Say::key("schedule.ask.start_detail");
        let command = Command::StartConsultation(AppointmentRef { appointment: line.appointment });
        let then = self.shown_appointments();
        vec![self.requests.ask(Save::Plain("schedule.done.started"), command, then, text, detail)]
    }

    /// Opens the form of the result, or shows the recorded result.
    pub(super) fn open_result(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(line) = self.appointment() else { return Vec::new() };
        if Phase::of(line) == Phase::Over {
            if self.pane == Pane::Day {
                return vec![recorded(line)];
            }
            // A list holds no summary: the case is opened for it.
            let (case, appointment) = (line.case, line.appointment);
            let open = Command::OpenCase(CaseRef { case });
            return vec![self.requests.save(Save::Recorded(appointment), open, [Query::CaseFile { case }])];
        }
        let window = window::result(line, ctx.now);
        self.windows.open(window);
        Vec::new()
    }

    /// Takes Enter on a doctor's day: starts an appointment that has not begun, otherwise opens the result.
    pub(super) fn day_main(&mut self, ctx: &Ctx) -> Vec<Effect> {
        match self.appointment().map(Phase::of) {
            Some(Phase::Ahead) => self.ask_start(ctx),
            Some(Phase::InProgress | Phase::Over) => self.open_result(ctx),
            Some(Phase::Held) => notice("schedule.why.only_held"),
            None => Vec::new(),
        }
    }

    pub(super) fn open_batch(&mut self) -> Vec<Effect> {
        if self.batches.in_rows {
            return notice("schedule.why.accept_by_key");
        }
        let Some(batch) = self.batches.list.chosen().map(|line| line.batch) else { return Vec::new() };
        self.batches.in_rows = true;
        vec![self.requests.load(Load::Rows, Query::Batch { batch })]
    }

    pub(super) fn mark_return(&mut self, ctx: &Ctx) {
        let Some(marked) = self.batches.rows.chosen() else { return };
        let registration = marked.row.registration;
        if marked.back.is_some() {
            self.batches.mark(registration, None, ctx);
        } else {
            let window = window::give_back(registration, &marked.row.name);
            self.windows.open(window);
        }
    }

    pub(super) fn accept(&mut self) -> Vec<Effect> {
        let (Some(batch), Some(command)) = (self.batches.open, self.batches.acknowledge()) else {
            return Vec::new();
        };
        let then = [Query::Batch { batch }, Query::Batches {}];
        let returned = self.batches.marked();
        let accepted = self.batches.unanswered().saturating_sub(returned);
        let text = Say::key("schedule.ask.accept").with("batch", batch).with("count", accepted);
        let consequence = Say::key("schedule.ask.accept_detail").with("returned", returned);
        let save = Save::Plain("schedule.done.acknowledged");
        vec![self.requests.ask(save, command, then, text, consequence)]
    }

    /// Takes Enter in a window: sends its command, after a question when it cannot be undone.
    pub(super) fn submit(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(open) = self.windows.get_mut() else { return Vec::new() };
        if let Topic::Return(registration) = open.topic {
            if let Some(reason) = open.required("reason") {
                self.windows.close();
                self.batches.mark(registration, Some(&reason), ctx);
            }
            return Vec::new();
        }
        let Some(command) = window::command(open, ctx) else { return Vec::new() };
        let (topic, whom) = (open.topic, open.about_whom().to_owned());
        match topic {
            Topic::Doctor => {
                let save = Save::Window("schedule.done.doctor");
                vec![self.requests.save(save, command, [Query::Doctors {}])]
            }
            Topic::Shift(_) => {
                let then = [self.roster_query()];
                vec![self.requests.save(Save::Window("schedule.done.shift"), command, then)]
            }
            Topic::Cancel(_) | Topic::Return(_) => {
                let text = Say::key("schedule.ask.cancel").with("whom", whom);
                let detail = Say::key("schedule.ask.cancel_detail");
                let then = self.shown_appointments();
                vec![self.requests.ask(Save::Window("schedule.done.cancelled"), command, then, text, detail)]
            }
            Topic::BirthYear { .. } => vec![self.requests.save(Save::Patient, command, [Query::Cases {}])],
            Topic::Consent { party, .. } => self.send_consent(command, party, &whom),
            Topic::Review(_) => self.ask_review(command, &whom),
            Topic::Result { .. } => {
                let (text, detail) = result_question(&command);
                let then = self.shown_appointments();
                let text = Say::key(text).with("whom", whom);
                let save = Save::Window("schedule.done.result");
                vec![self.requests.ask(save, command, then, text, Say::key(detail))]
            }
        }
    }
}

/// The locale keys of the question before a result, and of what a yes means.
const fn result_question(command: &Command) -> (&'static str, &'static str) {
    match command {
        Command::RecordResult(RecordResult { outcome: Outcome::Done, .. }) => {
            ("schedule.ask.result", "schedule.ask.result_detail")
        }
        _ => ("schedule.ask.missed", "schedule.ask.no_show_detail"),
    }
}

/// The window with the recorded result of an appointment.
pub(super) fn recorded(line: &AppointmentLine) -> Effect {
    let mut lines = vec![Say::Plain(window::whom(line))];
    let outcome = match line.outcome.as_deref() {
        Some("no_show_customer") => "schedule.outcome.no_show_customer",
        Some("no_show_doctor") => "schedule.outcome.no_show_doctor",
        _ => "schedule.outcome.done",
    };
    lines.push(Say::key(outcome));
    if let (Some(from), Some(to)) = (line.started_at, line.ended_at) {
        lines.push(Say::Plain(format!("{}–{}", from.hm(), to.hm())));
    }
    if let Some(minutes) = line.over_limit_minutes {
        lines.push(Say::key("schedule.over_limit").with("minutes", minutes));
    }
    lines.extend(line.summary.clone().map(Say::Plain));
    lines.push(Say::key("schedule.why.over"));
    Effect::Show { title: Say::key("schedule.popup.result"), lines, tone: Tone::Info }
}

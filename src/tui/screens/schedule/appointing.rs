//! What keys do to appointments, batch rows and windows: tell, move, cancel, start, result, send back.

use super::acts::notice;
use super::grid::Cell;
use super::intake::Goal;
use super::keys::ScheduleAct;
use super::popup::{About, Popup};
use super::{Load, Pane, Save, Schedule, free_slot};
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Question};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::Query;
use crate::usecase::command::{
    AppointmentRef, Command, MoveAppointment, Outcome, RecordResult, TellCustomer, ToldBy,
};
use crate::usecase::model::case::Slot;

impl Schedule {
    /// Enter on the grid: book or move there, or say what can be done with the appointment.
    pub(super) fn grid_main(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let free = free_slot(&self.grid, ctx.now);
        match (free, &self.moving, &self.intake) {
            (Some(slot), Some(line), _) => {
                let command = Command::MoveAppointment(MoveAppointment {
                    appointment: line.appointment,
                    doctor: Some(slot.doctor),
                    starts_at: slot.starts_at,
                    minutes: None,
                });
                let query = self.roster_query();
                vec![self.save(Save::Moved, command, Some(query))]
            }
            (Some(slot), None, Some(intake)) => match intake.missing() {
                Some(why) => notice(why),
                None => self.book_on_grid(slot, ctx),
            },
            (Some(_), None, None) => notice("schedule.why.choose_case"),
            (None, _, _) => match self.grid.here(ctx.now) {
                Cell::Taken(_) if self.moving.is_none() => notice("schedule.why.use_letters"),
                Cell::Taken(_) => notice("schedule.why.taken"),
                Cell::Free(_) | Cell::Past | Cell::Off => notice("schedule.why.off"),
            },
        }
    }

    pub(super) fn book_on_grid(&mut self, slot: Slot, ctx: &Ctx) -> Vec<Effect> {
        self.go_for(Goal::Book(slot), ctx)
    }

    /// Sends the command that a question was about.
    pub(super) fn send_asked(&mut self, command: Command) -> Effect {
        let (what, then) = match &command {
            Command::RecordCall(record) => (Save::Recorded(record.matter), Query::Cases {}),
            _ => (Save::Plain("schedule.done.no_show"), self.shown_query()),
        };
        self.save(what, command, Some(then))
    }

    /// What to read after an act on an appointment.
    pub(super) fn shown_query(&self) -> Query {
        if self.pane == Pane::Day { self.day_query() } else { self.roster_query() }
    }

    /// Whose number: the case's file names the customer, then the number is asked for.
    pub(super) fn reveal(&mut self) -> Vec<Effect> {
        let Some(case) = self.appointment().map(|line| line.case) else { return Vec::new() };
        vec![self.load(Load::Whose, Query::CaseFile { case })]
    }

    pub(super) fn tell(&mut self, by: ToldBy) -> Vec<Effect> {
        let Some(appointment) = self.appointment().map(|line| line.appointment) else { return Vec::new() };
        let done = match by {
            ToldBy::Phone => "schedule.done.told",
            ToldBy::Sms => "schedule.done.sms",
        };
        let command = Command::TellCustomer(TellCustomer { appointment, by });
        let then = self.shown_query();
        vec![self.save(Save::Plain(done), command, Some(then))]
    }

    pub(super) fn start_moving(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.moving = self.appointment().cloned();
        if self.moving.is_some() && self.grid.date < ctx.now.date() {
            return self.turn_day((ctx.now.date() - self.grid.date).num_days());
        }
        Vec::new()
    }

    pub(super) fn ask_no_show(&mut self) -> Vec<Effect> {
        let Some(line) = self.appointment() else { return Vec::new() };
        let question = Question {
            id: "schedule.no_show",
            text: Say::key("schedule.ask.no_show").with("name", &line.patient),
            detail: Some(Say::key("schedule.ask.no_show_detail")),
            tone: Tone::Warn,
            on_esc: None,
        };
        self.asked = Some(Command::RecordResult(RecordResult {
            appointment: line.appointment,
            outcome: Outcome::NoShowCustomer,
            started_at: None,
            ended_at: None,
            summary: None,
            in_person_advised: None,
        }));
        vec![Effect::Ask(Box::new(question))]
    }

    pub(super) fn start(&mut self) -> Vec<Effect> {
        let Some(appointment) = self.appointment().map(|line| line.appointment) else { return Vec::new() };
        let command = Command::StartConsultation(AppointmentRef { appointment });
        let then = self.shown_query();
        vec![self.save(Save::Plain("schedule.done.started"), command, Some(then))]
    }

    /// Enter on a doctor's day: start what has not begun, otherwise record the result.
    pub(super) fn day_main(&mut self, ctx: &Ctx) -> Vec<Effect> {
        match self.appointment().map(|line| line.state.as_str()) {
            Some("booked" | "told") => self.start(),
            Some("in_progress") => self.act(ScheduleAct::Result, ctx),
            Some(_) => notice("schedule.why.over"),
            None => Vec::new(),
        }
    }

    pub(super) fn open_batch(&mut self) -> Vec<Effect> {
        let Some(batch) = self.batches.line().map(|line| line.batch) else { return Vec::new() };
        self.batches.in_rows = true;
        vec![self.load(Load::Rows, Query::Batch { batch })]
    }

    pub(super) fn mark_return(&mut self) -> Vec<Effect> {
        let Some(row) = self.batches.row().cloned() else { return Vec::new() };
        if self.batches.reason(row.registration).is_some() {
            self.mark_row(row.registration, None);
        } else {
            self.popup = Some(Popup::give_back(row.registration, &row.name));
        }
        Vec::new()
    }

    pub(super) fn accept(&mut self) -> Vec<Effect> {
        let Some(batch) = self.batches.open.as_ref().map(|open| open.batch) else { return Vec::new() };
        match self.batches.acknowledge() {
            Some(command) => {
                let then = Some(Query::Batch { batch });
                vec![self.save(Save::Plain("schedule.done.acknowledged"), command, then)]
            }
            None => Vec::new(),
        }
    }

    /// Enter in a window.
    pub(super) fn submit(&mut self) -> Vec<Effect> {
        let date = self.appointment().map_or(self.grid.date, |line| line.starts_at.date());
        let Some(popup) = &mut self.popup else { return Vec::new() };
        match popup.about.clone() {
            About::Phone(_) => {
                self.popup = None;
                Vec::new()
            }
            About::Return(registration) => {
                if let Some(reason) = popup.reason() {
                    self.popup = None;
                    self.mark_row(registration, Some(reason));
                }
                Vec::new()
            }
            about => match popup.command(date) {
                Some(command) => vec![self.submit_command(&about, command)],
                None => Vec::new(),
            },
        }
    }

    pub(super) fn submit_command(&mut self, about: &About, command: Command) -> Effect {
        let (what, then) = match about {
            About::Cancel(_) => (Save::Form("schedule.done.cancelled"), self.shown_query()),
            About::Result(_) => (Save::Form("schedule.done.result"), self.shown_query()),
            About::Doctor => (Save::Form("schedule.done.doctor"), Query::Doctors {}),
            About::Shift(_) => (Save::Form("schedule.done.shift"), self.roster_query()),
            About::Phone(_) | About::Return(_) => (Save::Form("schedule.done.result"), self.shown_query()),
        };
        self.save(what, command, Some(then))
    }
}

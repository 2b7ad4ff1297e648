//! The loads of the schedule: which data it reads when it is opened, after a change, and at a tick.

use super::grid::Grid;
use super::intake::Intake;
use super::state::{Focus, Load, NO_DAY, Pane, Save, Schedule};
use crate::domain::actor::Permission;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Subject};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::{Command, OpenDay};
use crate::usecase::{Query, Topics};

impl Schedule {
    /// The roster of the grid's day.
    pub(super) fn roster_query(&self) -> Query {
        Query::Roster { department: self.grid.department, date: Some(self.grid.date) }
    }

    pub(super) fn day_query(&self) -> Query {
        Query::Day { doctor: None, date: Some(self.grid.date) }
    }

    pub(super) fn load_roster(&mut self) -> Effect {
        let query = self.roster_query();
        self.requests.load(Load::Roster, query)
    }

    /// New slots to offer for the case's department.
    pub(super) fn load_offer(&mut self) -> Option<Effect> {
        let query = self.offer_query()?;
        self.requests.forget(Load::Offered);
        Some(self.requests.load(Load::Offer, query))
    }

    /// The free slots that the offer is about.
    pub(super) fn offer_query(&self) -> Option<Query> {
        let intake = self.intake.as_ref()?;
        Some(intake.offer.query(intake.department()?))
    }

    /// Follows a change of the case's department: reads its slots, and shows its doctors on the grid.
    pub(super) fn follow_department(&mut self) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.load_offer().into_iter().collect();
        let department = self.intake.as_ref().and_then(Intake::department);
        if department.is_some() && department != self.grid.department {
            self.grid.department = department;
            effects.push(self.load_roster());
        }
        effects
    }

    /// The loads of what the pane shows.
    fn shown(&self) -> Vec<(Load, Query)> {
        match self.pane {
            Pane::Cases => {
                let offered = self.offer_query().map(|query| (Load::Offered, query));
                let shown = [(Load::Cases, Query::Cases {}), (Load::Roster, self.roster_query())];
                shown.into_iter().chain(offered).collect()
            }
            Pane::Batches => {
                let rows = self.batches.open.map(|batch| (Load::Rows, Query::Batch { batch }));
                [(Load::Batches, Query::Batches {})].into_iter().chain(rows).collect()
            }
            Pane::Doctors => vec![(Load::Doctors, Query::Doctors {}), (Load::Roster, self.roster_query())],
            Pane::Day => vec![(Load::Day, self.day_query())],
        }
    }

    /// Reads everything that is shown. A doctor's day is opened, which is written down.
    pub(super) fn reload(&mut self) -> Vec<Effect> {
        if self.pane == Pane::Day {
            return vec![self.open_day()];
        }
        let shown = self.shown();
        shown.into_iter().map(|(load, query)| self.requests.load(load, query)).collect()
    }

    /// Opens the day that the grid is on.
    pub(super) fn open_day(&mut self) -> Effect {
        let open = Command::OpenDay(OpenDay { doctor: None, date: Some(self.grid.date) });
        let query = self.day_query();
        self.requests.send_for(Load::Day, open, vec![query])
    }

    /// Reads again what changed; an open call is asked about when its customer may want no calls any more.
    pub(super) fn changed(&mut self, topics: Topics) -> Vec<Effect> {
        let asked = self.desk.after_opt_out(topics, &mut self.requests);
        if self.is_windowed() || self.requests.is_saving() || self.role.is_none() {
            return asked.into_iter().collect();
        }
        let shown = self.shown();
        let read = shown.into_iter().filter_map(|(load, query)| self.requests.refresh(load, query));
        asked.into_iter().chain(read).collect()
    }

    pub(super) fn opened(&mut self, subject: Option<Subject>, ctx: &Ctx) -> Vec<Effect> {
        if self.role != Some(ctx.actor.role) {
            let mut requests = self.requests.clone();
            requests.forget_all();
            *self = Self { requests, role: Some(ctx.actor.role), ..Self::new() };
        }
        if self.grid.date == NO_DAY {
            let today = ctx.now.date();
            let limits = ctx.campaign.limits_on(today);
            self.grid = Grid::new(today, limits.consultation_minutes, limits.granule_minutes);
        }
        if !self.may(Permission::Triage) {
            self.pane = Pane::Day;
        }
        if let Some(Subject::Day(date, case)) = subject {
            self.seek = case;
            // The doctor of the appointment is among all of them.
            let was_filtered = case.is_some() && self.grid.department.take().is_some();
            if was_filtered || date != self.grid.date {
                self.grid.turn((date - self.grid.date).num_days());
            }
            if self.may(Permission::Triage) && !self.desk.is_open() {
                self.close_case();
                (self.pane, self.focus) = (Pane::Cases, Focus::Grid);
            }
        }
        let mut effects = self.reload();
        if let Some(Subject::Case(case)) = subject {
            effects.extend(self.open_case(case, ctx));
        } else if self.intake.is_none() && self.may(Permission::CallIntake) && !self.requests.is_saving() {
            // The keys are held, because an open call takes the focus.
            effects.push(self.requests.hold_for(Save::OpenCall, Query::OpenCall {}));
        }
        effects
    }

    /// Takes a tick: a hold may expire, a lease may have to be prolonged.
    pub(super) fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !self.requests.is_saving() && self.intake.as_mut().is_some_and(|intake| intake.expire(now)) {
            effects.push(Effect::Notice(Tone::Warn, Say::key("schedule.hold_over")));
            let query = self.offer_query();
            effects.extend(query.and_then(|query| self.requests.refresh(Load::Offered, query)));
        }
        self.diverted.take_if(|diverted| diverted.until < now);
        effects.extend(self.desk.tick(now, &mut self.requests));
        effects
    }
}

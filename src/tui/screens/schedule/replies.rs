//! Takes the replies to the requests of the schedule: snapshots go to the part that shows them, receipts decide the
//! next step, refusals leave the form as it is.

use super::appointing::Phase;
use super::appointing::recorded;
use super::cases;
use super::doctors::DoctorHours;
use super::intake::Goal;
use super::notices::warn;
use super::record;
use super::state::{Diverted, Focus, Load, Pane, Save, Schedule};
use crate::domain::disposition::Disposition;
use crate::domain::id::CaseId;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::tui::call::card::shown_phone;
use crate::tui::call::desk::{CallLoad, CallOutcome, CallSave};
use crate::tui::call::panel::is_lost;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Brought, Effect, Outcome, Ticket};
use crate::tui::requests::Answer;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::{Command, RevealPhone};
use crate::usecase::model::case::{AppointmentLine, CaseFile};
use crate::usecase::{Error, Receipt, Snapshot};

impl Schedule {
    pub(super) fn replied(&mut self, ticket: Ticket, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = Vec::new();
        let answer = self.requests.take(ticket, outcome, &mut effects);
        effects.extend(match answer {
            None => Vec::new(),
            Some(Answer::Loaded(load, outcome)) => self.loaded(load, outcome, ctx),
            Some(Answer::Saved(save, Ok(brought))) => self.saved(save, brought, ctx),
            Some(Answer::Saved(save, Err(error))) => self.refused(save, error, ctx),
        });
        effects
    }

    fn loaded(&mut self, load: Load, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let failed = match (load, outcome) {
            (Load::Call(call), outcome) => return self.desk_loaded(call, outcome, ctx),
            (Load::Offer, Ok((_, snapshots))) => {
                for snapshot in snapshots {
                    if let (Snapshot::FreeSlots(free), Some(intake)) = (snapshot, &mut self.intake) {
                        intake.renew_offer(free.slots);
                    }
                }
                return Vec::new();
            }
            (_, Ok((_, snapshots))) => return self.show_all(snapshots, ctx),
            // It was opened a shift ago.
            (Load::Day, Err(Error::Refused(Refusal::NotOpened { .. }))) => return vec![self.open_day()],
            (_, Err(error)) => error,
        };
        let effects = vec![Effect::failed(&failed)];
        match load {
            Load::Cases => self.cases.fail(failed),
            Load::Batches => self.batches.list.fail(failed),
            Load::Rows => self.batches.rows.fail(failed),
            Load::Doctors => self.doctors.fail(failed),
            Load::Day => self.day.rows.fail(failed),
            Load::Roster | Load::File | Load::Offer | Load::Offered | Load::Call(_) => {}
        }
        effects
    }

    /// Takes an answer for the call desk; the list of cases may be part of it.
    fn desk_loaded(&mut self, load: CallLoad, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        self.take_cases_of(&outcome, ctx);
        self.follow_desk(ctx, |desk, requests| desk.loaded(load, outcome, ctx, requests))
    }

    fn take_cases_of(&mut self, outcome: &Outcome, ctx: &Ctx) {
        for snapshot in outcome.iter().flat_map(|(_, snapshots)| snapshots) {
            if let Snapshot::Cases { cases } = snapshot {
                self.cases.take(cases::ordered(cases.clone()), ctx);
            }
        }
    }

    fn saved(&mut self, save: Save, (receipt, snapshots): Brought, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = Vec::new();
        match save {
            Save::OpenCall => return self.desk_loaded(CallLoad::Open, Ok((receipt, snapshots)), ctx),
            Save::Call(call) => return self.call_saved(call, (receipt, snapshots), ctx),
            Save::Step(goal) => {
                effects.extend(self.stepped(goal, receipt, ctx));
            }
            Save::Plain(done) => effects.push(Effect::ok(done_say(done, receipt.as_ref()))),
            Save::Window(done) => {
                self.windows.close();
                effects.push(Effect::ok(done_say(done, receipt.as_ref())));
            }
            Save::Moved => {
                self.moving = None;
                effects.push(Effect::ok(Say::key("schedule.done.moved")));
            }
            Save::Whose => {
                let file = snapshots.into_iter().find_map(|snapshot| match snapshot {
                    Snapshot::CaseFile(file) => Some(file),
                    _ => None,
                });
                return file.map(|file| self.ask_number(&file)).into_iter().collect();
            }
            Save::Recorded(appointment) => {
                let file = snapshots.into_iter().find_map(|snapshot| match snapshot {
                    Snapshot::CaseFile(file) => Some(file),
                    _ => None,
                });
                let lines = file.map(|file| file.appointments).unwrap_or_default();
                let line = lines.iter().find(|line| line.appointment == appointment);
                return line.map(recorded).into_iter().collect();
            }
            Save::Patient => {
                effects.extend(self.patient_saved(receipt.as_ref(), ctx));
            }
            Save::Record => {
                let shown = snapshots.iter().find_map(|snapshot| match snapshot {
                    Snapshot::CaseFile(file) => Some(record::whole(file, ctx)),
                    _ => None,
                });
                effects.extend(shown);
            }
            Save::Undiverted => return self.undiverted((receipt, snapshots), ctx),
            Save::Reveal(name) => {
                if let Some(Receipt::PhoneRevealed { phone }) = receipt {
                    let lines = vec![Say::Plain(name), Say::Plain(shown_phone(&phone))];
                    let title = Say::key("schedule.popup.phone");
                    effects.push(Effect::Show { title, lines, tone: Tone::Info });
                }
            }
        }
        effects.extend(self.show_all(snapshots, ctx));
        effects
    }

    fn ask_number(&mut self, file: &CaseFile) -> Effect {
        let name = file.patient.clone().unwrap_or_else(|| file.name.clone());
        let command = Command::RevealPhone(RevealPhone { customer: file.customer });
        self.requests.save(Save::Reveal(name), command, [])
    }

    fn call_saved(&mut self, save: CallSave, brought: Brought, ctx: &Ctx) -> Vec<Effect> {
        let done = match (save, &brought.0) {
            (CallSave::Claim, Some(Receipt::NothingDue { .. })) => {
                Some(Effect::Notice(Tone::Warn, Say::key("schedule.nothing_due")))
            }
            (CallSave::Record(_), _) => Some(Effect::ok(Say::key("schedule.done.recorded"))),
            (CallSave::Release, _) => Some(Effect::ok(Say::key("schedule.done.released"))),
            (CallSave::Claim | CallSave::Undo | CallSave::Pause(_) | CallSave::Resume, _) => None,
        };
        let outcome = Ok(brought);
        self.take_cases_of(&outcome, ctx);
        let mut effects = self.follow_desk(ctx, |desk, requests| desk.saved(save, outcome, ctx, requests));
        effects.extend(done);
        effects
    }

    /// Takes the result of one command of a sequence.
    fn stepped(&mut self, goal: Goal, receipt: Option<Receipt>, ctx: &Ctx) -> Vec<Effect> {
        let (Some(intake), Some(receipt)) = (&mut self.intake, receipt) else { return Vec::new() };
        if let Receipt::Diverted115 { seat_freed, waiting } = receipt {
            return self.divert(seat_freed, waiting, ctx);
        }
        intake.take_receipt(&receipt, &goal);
        if matches!(receipt, Receipt::Recorded { .. }) {
            let outcome = CallOutcome::Ended { disposition: Disposition::Agreed, next_at: None };
            self.desk.ended(outcome, None, &mut self.requests);
        }
        self.step_towards(goal, ctx)
    }

    /// Follows the last command on the way to `goal`.
    pub(super) fn reached(&mut self, goal: &Goal) -> Vec<Effect> {
        let Some(intake) = &self.intake else { return Vec::new() };
        match goal {
            Goal::Divert => Vec::new(),
            Goal::Hold(slot) => {
                let until = intake.progress.held.as_ref().map_or(Timestamp::ZERO, |held| held.until);
                let say = Say::key("schedule.done.held")
                    .with("time", slot.starts_at.dm_hm())
                    .with("doctor", &slot.doctor_name)
                    .with("until", until.hm());
                vec![Effect::ok(say)]
            }
            Goal::Book(slot) => {
                let told = intake.progress.told;
                let key = if told { "schedule.done.booked_told" } else { "schedule.done.booked" };
                let say = Say::key(key)
                    .with("name", &intake.name)
                    .with("time", slot.starts_at.dm_hm())
                    .with("doctor", &slot.doctor_name);
                self.close_case();
                vec![Effect::ok(say)]
            }
        }
    }

    /// Raises the 115 alarm, which shows what to tell the customer, and closes the case.
    fn divert(&mut self, seat_freed: bool, waiting: bool, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = self.intake.take() else { return Vec::new() };
        let mut lines = vec![Say::key("schedule.alarm.who").with("name", &intake.name)];
        if let Some(panel) = self.desk.panel() {
            lines.push(Say::Plain(shown_phone(&panel.card.phone)));
        }
        let flags: Vec<&str> = intake.checklist.acute().map(|flag| flag.text.get(ctx.lang)).collect();
        lines.push(Say::Plain(flags.join(" · ")));
        lines.push(Say::key("schedule.alarm.call_115"));
        lines.push(Say::key("schedule.alarm.stay"));
        lines.push(Say::key("schedule.alarm.no_advice"));
        let seconds = ctx.campaign.limits_on(ctx.now.date()).contact.undo_seconds;
        let until = ctx.now.plus_ms(seconds * 1000);
        if seat_freed {
            let key = if waiting { "schedule.alarm.seat_passed_on" } else { "schedule.alarm.seat_freed" };
            lines.push(Say::key(key).with("until", until.hm()));
        }
        // What holds no seat any more is over at once.
        self.diverted = seat_freed.then_some(Diverted {
            case: intake.case,
            name: intake.name,
            until,
            draft: intake.draft,
        });
        self.moving = None;
        self.desk.close(&mut self.requests);
        self.close_case();
        vec![Effect::Alarm { id: "schedule.alarm_115", lines }]
    }

    /// Opens the case that is as it was, with its call when that came back.
    fn undiverted(&mut self, brought: Brought, ctx: &Ctx) -> Vec<Effect> {
        let Some(Diverted { case, name, draft, .. }) = self.diverted.take() else { return Vec::new() };
        self.drafts.retain(|(known, _)| *known != case);
        self.drafts.push((case, draft));
        let (receipt, snapshots) = brought;
        let (shown, call): (Vec<_>, Vec<_>) =
            snapshots.into_iter().partition(|snapshot| matches!(snapshot, Snapshot::Roster(_)));
        let mut effects = self.show_all(shown, ctx);
        effects.extend(self.desk_loaded(CallLoad::Open, Ok((receipt, call)), ctx));
        if !self.desk.is_open() {
            effects.extend(self.open_case(case, ctx));
        }
        effects.push(Effect::ok(Say::key("schedule.done.undiverted").with("name", name)));
        effects
    }

    /// Takes the error of a save: the form stays, the field that a refusal names is marked, the sentence is shown.
    fn refused(&mut self, save: Save, error: Error, ctx: &Ctx) -> Vec<Effect> {
        let lost = matches!(&error, Error::Refused(refusal) if is_lost(refusal));
        let mut effects = match save {
            Save::Call(call) => {
                let error = error.clone();
                self.follow_desk(ctx, |desk, requests| desk.saved(call, Err(error), ctx, requests))
            }
            _ => vec![Effect::failed(&error)],
        };
        self.refused = Some(Say::from(error.clone()));
        let Error::Refused(refusal) = error else { return effects };
        if let Some(window) = self.windows.get_mut() {
            window.refuse(&refusal);
        }
        match save {
            Save::Call(CallSave::Record(_)) if lost => self.lose_call(),
            Save::Step(goal) => effects.extend(self.step_refused(&goal, &refusal)),
            Save::Undiverted => self.diverted = None,
            _ => {}
        }
        effects
    }

    /// Follows a lost lease: the call closes, what was typed stays.
    fn lose_call(&mut self) {
        self.desk.close(&mut self.requests);
        self.focus = Focus::Need;
    }

    fn step_refused(&mut self, goal: &Goal, refusal: &Refusal) -> Vec<Effect> {
        match refusal {
            Refusal::DoctorBusy { .. }
            | Refusal::OutsideShift
            | Refusal::InThePast
            | Refusal::Conflict { .. } => {
                if let (Some(intake), Goal::Hold(slot) | Goal::Book(slot)) = (&mut self.intake, goal) {
                    intake.progress.held = None;
                    intake.offer.lose(slot);
                }
                let query = self.offer_query();
                let offered = query.and_then(|query| self.requests.refresh(Load::Offered, query));
                offered.into_iter().chain([self.load_roster()]).collect()
            }
            Refusal::FieldInvalid { .. } => {
                self.focus = Focus::Need;
                Vec::new()
            }
            Refusal::NotYourLease { .. } | Refusal::LeaseExpired { .. } => {
                self.lose_call();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn show_all(&mut self, snapshots: Vec<Snapshot>, ctx: &Ctx) -> Vec<Effect> {
        snapshots.into_iter().flat_map(|snapshot| self.show_snapshot(snapshot, ctx)).collect()
    }

    fn show_snapshot(&mut self, snapshot: Snapshot, ctx: &Ctx) -> Vec<Effect> {
        match snapshot {
            Snapshot::Cases { cases } => self.cases.take(cases::ordered(cases), ctx),
            Snapshot::Roster(model) => {
                self.grid.take(model);
                self.find_sought();
                let days = self.grid.doctors();
                self.doctors.change(|doctor| doctor.look_up(days), ctx);
            }
            Snapshot::CaseFile(file) => return self.take_file(*file, ctx),
            Snapshot::FreeSlots(free) => {
                let asked = self.intake.as_mut().filter(|i| i.department() == Some(free.department));
                if let Some(intake) = asked {
                    intake.compare_offer(free.slots);
                }
            }
            Snapshot::Day(day) if day.date == self.grid.date => {
                self.day.of = Some((day.name, day.shifts));
                self.day.rows.take(day.appointments, ctx);
                self.find_sought();
            }
            Snapshot::Batches { batches, returned, .. } => {
                self.batches.returned = returned;
                self.batches.list.take(batches, ctx);
            }
            Snapshot::Batch(batch) => self.batches.take_rows(batch, ctx),
            Snapshot::Doctors { doctors } => {
                let days = self.grid.doctors();
                let doctors = doctors.into_iter().map(|doctor| DoctorHours::of(doctor, days)).collect();
                self.doctors.take(doctors, ctx);
            }
            _ => {}
        }
        Vec::new()
    }

    fn take_file(&mut self, file: CaseFile, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = self.intake.as_mut().filter(|intake| intake.case == file.case) else {
            return Vec::new();
        };
        let was_cleared = intake.cleared() || (intake.file.is_none() && file.screening_missing);
        intake.take_file(file, ctx);
        let leads_back = was_cleared && !intake.cleared();
        if leads_back {
            intake.checklist.seek_unanswered();
        }
        let mut effects = self.follow_department();
        if leads_back {
            // A child's own signs come first, and the screen leads to them.
            self.focus_on(Focus::Flags);
            effects.extend(warn(Say::key("schedule.why.child_flags")));
        }
        effects
    }

    /// Moves the cursor to the appointment of the case that was asked for, once its day is read.
    pub(super) fn find_sought(&mut self) {
        let Some(case) = self.seek else { return };
        if self.pane == Pane::Day {
            let found = of_case(self.day.rows.items(), case).map(|line| line.appointment);
            if found.is_some_and(|appointment| self.day.rows.choose(&appointment)) {
                self.seek = None;
            }
            return;
        }
        let found = of_case(self.grid.doctors().iter().flat_map(|day| &day.appointments), case);
        if let Some((at, doctor)) = found.map(|line| (line.starts_at, line.doctor)) {
            self.grid.point_at(at, Some(doctor));
            self.seek = None;
        }
    }
}

/// The appointment of a case among those of a day: the one that is not over, if there is one, or else the last.
fn of_case<'a>(
    lines: impl IntoIterator<Item = &'a AppointmentLine>,
    case: CaseId,
) -> Option<&'a AppointmentLine> {
    let own = lines.into_iter().filter(|line| line.case == case);
    own.max_by_key(|line| (Phase::of(line) != Phase::Over, line.starts_at))
}

fn done_say(key: &'static str, receipt: Option<&Receipt>) -> Say {
    match receipt {
        Some(Receipt::Acknowledged { accepted, returned }) => {
            Say::key(key).with("accepted", accepted).with("returned", returned)
        }
        Some(Receipt::DoctorAdded { qualifies, .. }) => {
            Say::key(key).with("why", qualifies.clone().unwrap_or_default())
        }
        _ => Say::key(key),
    }
}

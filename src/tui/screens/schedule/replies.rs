//! What replies do: snapshots go to whoever shows them, receipts decide the next step, refusals leave the form.

use super::intake::{Goal, Intake};
use super::popup::Popup;
use super::{Focus, Group, Load, Pane, Save, Schedule};
use crate::domain::contact::Purpose;
use crate::domain::id::CaseId;
use crate::domain::time::Timestamp;
use crate::tui::call::card::shown_phone;
use crate::tui::call::ending::Row;
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Outcome, Ticket, first};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::{Command, RevealPhone};
use crate::usecase::model::call::CallCard;
use crate::usecase::model::case::{CaseFile, CaseLine};
use crate::usecase::{Error, Query, Receipt, Snapshot};

impl Schedule {
    pub(super) fn replied(&mut self, ticket: Ticket, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let outcome = outcome.map(first);
        if let Some((_, save)) = self.saving.take_if(|(waiting, _)| *waiting == ticket) {
            return match outcome {
                Ok((receipt, snapshot)) => self.saved(save, receipt.as_ref(), snapshot, ctx),
                Err(error) => self.refused(&save, &error),
            };
        }
        if self.renewing == Some(ticket) {
            self.renewing = None;
            let call = self.intake.as_mut().and_then(|intake| intake.call.as_mut());
            return match (outcome, call) {
                (Ok((Some(Receipt::LeaseRenewed { lease_until }), _)), Some(call)) => {
                    call.prolong(lease_until, ctx.now);
                    Vec::new()
                }
                (Err(error), Some(call)) => {
                    call.try_again_later(ctx.now);
                    vec![Effect::failed(&error)]
                }
                _ => Vec::new(),
            };
        }
        let Some(at) = self.loads.iter().position(|(waiting, _)| *waiting == ticket) else {
            return Vec::new();
        };
        let (_, load) = self.loads.swap_remove(at);
        match outcome {
            Ok((_, Some(Snapshot::CaseFile(file)))) if load == Load::Whose => {
                vec![self.ask_number(&file)]
            }
            Ok((_, Some(snapshot))) => self.show_snapshot(snapshot, ctx),
            Ok((_, None)) => Vec::new(),
            Err(error) => vec![Effect::failed(&error)],
        }
    }

    fn ask_number(&mut self, file: &CaseFile) -> Effect {
        let name = file.patient.clone().unwrap_or_else(|| file.name.clone());
        self.save(Save::Reveal(name), Command::RevealPhone(RevealPhone { customer: file.customer }), None)
    }

    fn saved(
        &mut self,
        save: Save,
        receipt: Option<&Receipt>,
        snapshot: Option<Snapshot>,
        ctx: &Ctx,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        match save {
            Save::Claim => {
                if let Some(Receipt::NothingDue { .. }) = receipt {
                    effects.push(Effect::Notice(Tone::Warn, Say::key("schedule.nothing_due")));
                }
            }
            Save::Step(goal) => return self.stepped(&goal, receipt, ctx),
            Save::Recorded(matter) => {
                self.detail = None;
                self.last_recorded = Some(matter);
                self.put_away();
                self.to_first = true;
                effects.push(Effect::ok(Say::key("schedule.done.recorded")));
            }
            Save::Released => {
                self.put_away();
                effects.push(Effect::ok(Say::key("schedule.done.released")));
            }
            Save::Undo(_) => {
                self.last_recorded = None;
                effects.push(Effect::ok(Say::key("schedule.done.undone")));
            }
            Save::Plain(done) => effects.push(Effect::ok(done_say(done, receipt))),
            Save::Form(done) => {
                self.popup = None;
                effects.push(Effect::ok(done_say(done, receipt)));
            }
            Save::Moved => {
                self.moving = None;
                effects.push(Effect::ok(Say::key("schedule.done.moved")));
            }
            Save::Reveal(name) => {
                if let Some(Receipt::PhoneRevealed { phone }) = receipt {
                    self.popup = Some(Popup::phone(&name, phone.clone()));
                }
            }
        }
        let roster = matches!(&snapshot, Some(Snapshot::Roster(_)));
        if let Some(snapshot) = snapshot {
            effects.extend(self.show_snapshot(snapshot, ctx));
        }
        if roster && self.pane == Pane::Desk {
            effects.push(self.load(Load::Cases, Query::Cases {}));
        }
        effects
    }

    /// One command of a row is done.
    fn stepped(&mut self, goal: &Goal, receipt: Option<&Receipt>, ctx: &Ctx) -> Vec<Effect> {
        let (Some(intake), Some(receipt)) = (&mut self.intake, receipt) else { return Vec::new() };
        if let Receipt::Diverted115 { seat_freed, .. } = receipt {
            return self.diverted(*seat_freed, ctx);
        }
        intake.take_receipt(receipt, goal);
        self.go_for(goal.clone(), ctx)
    }

    /// Everything on the way to `goal` is done.
    pub(super) fn reached(&mut self, goal: &Goal) -> Vec<Effect> {
        let Some(intake) = &self.intake else { return Vec::new() };
        let (name, told) = (intake.name.clone(), intake.progress.told);
        match goal {
            Goal::Divert => Vec::new(),
            Goal::Hold(slot) => {
                let until = intake.progress.held.as_ref().map_or(Timestamp::ZERO, |held| held.until);
                let say = Say::key("schedule.done.held")
                    .with("time", slot.starts_at.dm_hm())
                    .with("doctor", &slot.doctor_name)
                    .with("until", until.hm());
                vec![Effect::ok(say), self.load_roster()]
            }
            Goal::Book(slot) => {
                let key = if told { "schedule.done.booked_told" } else { "schedule.done.booked" };
                let say = Say::key(key)
                    .with("name", name)
                    .with("time", slot.starts_at.dm_hm())
                    .with("doctor", &slot.doctor_name);
                self.put_away();
                self.to_first = true;
                let mut effects = vec![Effect::ok(say)];
                effects.extend(self.reload());
                effects
            }
        }
    }

    /// 115: the alarm says what to tell the customer, and the case is out of hand.
    fn diverted(&mut self, seat_freed: bool, ctx: &Ctx) -> Vec<Effect> {
        let intake = self.intake.take();
        self.focus = Focus::Cases;
        self.moving = None;
        let mut lines = Vec::new();
        if let Some(intake) = &intake {
            lines.push(Say::key("schedule.alarm.who").with("name", &intake.name));
            if let Some(call) = &intake.call {
                lines.push(Say::Plain(shown_phone(&call.card.phone)));
            }
            let flags: Vec<&str> = intake.checklist.acute().map(|flag| flag.text.get(ctx.lang)).collect();
            lines.push(Say::Plain(flags.join(" · ")));
        }
        lines.push(Say::key("schedule.alarm.call_115"));
        lines.push(Say::key("schedule.alarm.stay"));
        lines.push(Say::key("schedule.alarm.no_advice"));
        if seat_freed {
            lines.push(Say::key("schedule.alarm.seat_freed"));
        }
        let mut effects = vec![Effect::Alarm { id: "schedule.alarm_115", lines }];
        effects.extend(self.reload());
        effects
    }

    /// A save was refused: the form stays, the field that the rule names is marked, the sentence is shown.
    fn refused(&mut self, save: &Save, error: &Error) -> Vec<Effect> {
        let mut effects = vec![Effect::failed(error)];
        self.refused = Some(Say::from(error.clone()));
        if let Error::Refused(refusal) = error {
            if let Some(popup) = &mut self.popup {
                popup.form.blame(refusal);
            }
            if let Some(detail) = &mut self.detail {
                detail.form.blame(refusal);
            }
            match (save, refusal.rule()) {
                (Save::Step(_), "doctor_busy" | "outside_shift" | "in_the_past" | "conflict") => {
                    if let Some(intake) = &mut self.intake {
                        intake.progress.held = None;
                    }
                    effects.extend(self.load_slots());
                    effects.push(self.load_roster());
                }
                (Save::Step(_), "field_invalid") => self.focus = Focus::Need,
                (Save::Recorded(_) | Save::Step(_), "not_your_lease" | "lease_expired") => {
                    if let Some(intake) = &mut self.intake {
                        intake.call = None;
                        self.focus = Focus::Need;
                    }
                    self.detail = None;
                }
                (Save::Claim, "call_open") => effects.push(self.load(Load::Call, Query::OpenCall {})),
                (Save::Claim, _) => effects.push(self.load(Load::Cases, Query::Cases {})),
                _ => {}
            }
        }
        effects
    }

    fn show_snapshot(&mut self, snapshot: Snapshot, ctx: &Ctx) -> Vec<Effect> {
        match snapshot {
            Snapshot::Cases { cases } => self.take_cases(cases),
            Snapshot::Roster(model) => {
                self.grid.take(model);
                self.find_sought();
            }
            Snapshot::CaseFile(file) => return self.take_file(*file, ctx),
            Snapshot::FreeSlots(free) => {
                if let Some(intake) = &mut self.intake
                    && intake.department() == Some(free.department)
                {
                    intake.take_slots(free.slots);
                }
            }
            Snapshot::CallCard(card) => return self.take_card(*card, ctx),
            Snapshot::OpenCall { call: Some(card) } if card.purpose == Purpose::Intake => {
                let mut effects = vec![Effect::Notice(Tone::Info, Say::key("schedule.resumed"))];
                effects.extend(self.take_card(*card, ctx));
                return effects;
            }
            Snapshot::Day(day) if day.date == self.grid.date => {
                self.day_at.clamp(day.appointments.len());
                self.day = Some(day);
            }
            Snapshot::Batches { batches, .. } => self.batches.take_lines(batches),
            Snapshot::Batch(batch) => {
                self.batches.take_rows(batch);
                let waiting = self.loads.iter().any(|(_, load)| *load == Load::Batches);
                if !waiting && self.list_is_behind() {
                    return vec![self.load(Load::Batches, Query::Batches {})];
                }
            }
            Snapshot::Doctors { doctors } => {
                self.doctor_at.clamp(doctors.len());
                self.doctors = Some(doctors);
            }
            _ => {}
        }
        Vec::new()
    }

    /// Whether the list of batches shows other counts than the open batch has.
    fn list_is_behind(&self) -> bool {
        let (Some(open), Some(lines)) = (&self.batches.open, &self.batches.lines) else { return false };
        let count = |state: &str| open.rows.iter().filter(|row| row.state == state).count() as i64;
        lines
            .iter()
            .filter(|line| line.batch == open.batch)
            .any(|line| line.accepted != count("accepted") || line.returned != count("returned"))
    }

    /// The list in the order shown; the cursor stays on its case.
    fn take_cases(&mut self, mut cases: Vec<CaseLine>) {
        let chosen = self.case_line().map(|line| line.case);
        // Whom nobody may call any more stands below those who wait for a call.
        cases.sort_by_key(|line| match Group::of(line) {
            Group::Waiting => (Group::Waiting, line.due_at.is_none(), None),
            Group::Promised => (Group::Promised, false, line.due_at),
            Group::Booked => (Group::Booked, false, line.starts_at),
        });
        match cases.iter().position(|line| Some(line.case) == chosen) {
            _ if std::mem::take(&mut self.to_first) => self.case_at.0 = 0,
            Some(at) => self.case_at.0 = at,
            None => self.case_at.clamp(cases.len()),
        }
        self.cases = Some(cases);
    }

    fn take_card(&mut self, card: CallCard, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = Intake::of_call(CallPanel::new(card, ctx), &ctx.campaign) else {
            return Vec::new();
        };
        if self.intake.as_ref().is_some_and(|open| open.case == intake.case && open.call.is_some()) {
            return Vec::new();
        }
        self.put_away();
        let case = intake.case;
        self.endings = Row::First;
        self.begin(intake, Focus::Script, ctx);
        vec![self.load(Load::File, Query::CaseFile { case })]
    }

    fn take_file(&mut self, file: CaseFile, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = &mut self.intake else { return Vec::new() };
        if intake.case != file.case {
            return Vec::new();
        }
        intake.take_file(file, &ctx.campaign);
        self.follow_department()
    }

    /// Puts the cursor on the appointment of the case that is looked for, once its day is here.
    pub(super) fn find_sought(&mut self) {
        let Some(case) = self.seek else { return };
        let found = self.grid.doctors().iter().flat_map(|d| &d.appointments).find(|a| is_live_of(a, case));
        if let Some((at, doctor)) = found.map(|a| (a.starts_at, a.doctor)) {
            self.grid.point_at(at, Some(doctor));
            self.seek = None;
        }
    }
}

fn is_live_of(line: &crate::usecase::model::case::AppointmentLine, case: CaseId) -> bool {
    line.case == case && matches!(line.state.as_str(), "held" | "booked" | "told" | "in_progress")
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

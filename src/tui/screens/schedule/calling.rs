//! What keys do to the case in hand: call it, end the call, ask the flags, hold and book a slot.

use super::acts::notice;
use super::intake::{Goal, Intake};
use super::{Focus, Load, Pane, Save, Schedule};
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::CaseId;
use crate::tui::call::detail::{Detail, ask_opt_out};
use crate::tui::call::ending::{Row, by_cap};
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::say::Say;
use crate::usecase::Query;
use crate::usecase::command::{Claim, Command, MatterRef, RecordCall};

impl Schedule {
    /// Calls the case under the cursor, or opens it when there is nobody to call.
    pub(super) fn take_case(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(line) = self.case_line().cloned() else { return Vec::new() };
        if let Some(at) = line.starts_at {
            return self.go_to_day(at.date(), line.case);
        }
        if line.due_at.is_none() {
            return self.open_case(line.case, ctx);
        }
        let command = Command::Claim(Claim { purpose: Purpose::Intake, matter: Some(line.matter) });
        vec![self.save(Save::Claim, command, Some(Query::CallCard { matter: line.matter }))]
    }

    /// Shows the day of a case's appointment with the cursor on it.
    pub(super) fn go_to_day(&mut self, date: chrono::NaiveDate, case: CaseId) -> Vec<Effect> {
        self.focus = Focus::Grid;
        self.seek = Some(case);
        let days = (date - self.grid.date).num_days();
        if self.grid.department.is_some() {
            self.grid.department = None;
            self.grid.model = None;
        }
        if days != 0 {
            self.grid.turn(days);
        } else {
            self.find_sought();
        }
        vec![self.load_roster()]
    }

    /// Opens a case without calling.
    pub(super) fn open_case(&mut self, case: CaseId, ctx: &Ctx) -> Vec<Effect> {
        if self.call_is_open() {
            return notice("schedule.why.call_open");
        }
        self.put_away();
        let line = self.cases.iter().flatten().find(|line| line.case == case);
        let intake = line.map_or_else(
            || Intake::of_case(case, &ctx.campaign),
            |line| Intake::of_line(line, &ctx.campaign),
        );
        self.begin(intake, Focus::Need, ctx);
        vec![self.load(Load::File, Query::CaseFile { case })]
    }

    /// Takes a case in hand, with what was typed for it before.
    pub(super) fn begin(&mut self, mut intake: Intake, focus: Focus, ctx: &Ctx) {
        if let Some(at) = self.drafts.iter().position(|(case, _)| *case == intake.case) {
            let (_, draft) = self.drafts.remove(at);
            intake.take_draft(draft, &ctx.campaign);
        }
        self.pane = Pane::Desk;
        self.focus = focus;
        self.moving = None;
        self.intake = Some(intake);
    }

    /// Puts the case away and keeps what was typed.
    pub(super) fn put_away(&mut self) {
        if let Some(intake) = self.intake.take()
            && intake.progress.booked.is_none()
            && !intake.draft.need.is_empty()
        {
            self.drafts.retain(|(case, _)| *case != intake.case);
            self.drafts.push((intake.case, intake.draft));
        }
        self.focus = Focus::Cases;
    }

    pub(super) fn call_is_open(&self) -> bool {
        self.intake.as_ref().is_some_and(|intake| intake.call.is_some())
    }

    pub(super) fn on_call(&mut self, change: impl FnOnce(&mut CallPanel) -> bool) -> Vec<Effect> {
        if let Some(call) = self.intake.as_mut().and_then(|intake| intake.call.as_mut()) {
            change(call);
        }
        Vec::new()
    }

    pub(super) fn on_checklist(&mut self, change: impl FnOnce(&mut Intake)) -> Vec<Effect> {
        if let Some(intake) = &mut self.intake {
            change(intake);
        }
        Vec::new()
    }

    /// Enter on the checklist: 115, or on to the slots, or what is missing.
    pub(super) fn after_flags(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = &self.intake else { return Vec::new() };
        if intake.acute() {
            return self.go_for(Goal::Divert, ctx);
        }
        if !intake.cleared() {
            return notice("schedule.why.unanswered");
        }
        self.focus = Focus::Slots;
        Vec::new()
    }

    /// Holds the `n`th slot while the customer decides.
    pub(super) fn pick(&mut self, n: usize, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = &mut self.intake else { return Vec::new() };
        let Some(slot) = intake.slots.get(n).cloned() else { return notice("schedule.why.no_slots") };
        intake.slot_at = n;
        self.go_for(Goal::Hold(slot), ctx)
    }

    pub(super) fn book_chosen(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = &self.intake else { return Vec::new() };
        if intake.acute() {
            return self.go_for(Goal::Divert, ctx);
        }
        match intake.slots.get(intake.slot_at).cloned() {
            Some(slot) => self.go_for(Goal::Book(slot), ctx),
            None => notice("schedule.why.no_slots"),
        }
    }

    /// Sends the next command on the way to `goal`.
    pub(super) fn go_for(&mut self, goal: Goal, ctx: &Ctx) -> Vec<Effect> {
        let Some(command) = self.intake.as_ref().and_then(|intake| intake.next_command(&goal, ctx.now))
        else {
            return self.reached(&goal);
        };
        vec![self.save(Save::Step(goal), command, None)]
    }

    /// A digit in the call: the customer talks, or the call ends that way.
    pub(super) fn digit(&mut self, cap: char, ctx: &Ctx) -> Vec<Effect> {
        if (self.endings, cap) == (Row::First, '1') {
            self.focus = Focus::Need;
            return Vec::new();
        }
        match by_cap(Purpose::Intake, self.endings, cap) {
            Some(disposition) => self.end_call(disposition, ctx),
            None => Vec::new(),
        }
    }

    pub(super) fn end_call(&mut self, disposition: Disposition, ctx: &Ctx) -> Vec<Effect> {
        let Some(call) = self.intake.as_ref().and_then(|i| i.call.as_ref()) else { return Vec::new() };
        if let Some(detail) = Detail::needed(disposition, call) {
            self.detail = Some(detail);
            return Vec::new();
        }
        let record = call.ending(disposition, ctx.now);
        if disposition.flags().opts_out {
            let ask = ask_opt_out("schedule.do_not_call", call);
            self.asked = Some(Command::RecordCall(record));
            return vec![ask];
        }
        vec![self.save_ending(record)]
    }

    pub(super) fn save_ending(&mut self, record: RecordCall) -> Effect {
        self.save(Save::Recorded(record.matter), Command::RecordCall(record), Some(Query::Cases {}))
    }

    /// Enter in the window of a call result: record it, or keep the note.
    pub(super) fn submit_detail(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(mut detail) = self.detail.take() else { return Vec::new() };
        self.keep_note(&detail);
        if detail.disposition.is_none() {
            return Vec::new();
        }
        let Some(call) = self.intake.as_ref().and_then(|i| i.call.as_ref()) else { return Vec::new() };
        let record = detail.ending(call, ctx);
        self.detail = Some(detail);
        record.map(|record| self.save_ending(record)).into_iter().collect()
    }

    /// What was noted goes with the call, also when the window is left.
    pub(super) fn keep_note(&mut self, detail: &Detail) {
        if let Some(call) = self.intake.as_mut().and_then(|i| i.call.as_mut()) {
            call.note = detail.written();
        }
    }

    pub(super) fn release(&mut self) -> Vec<Effect> {
        let Some(matter) = self.intake.as_ref().and_then(|i| i.call.as_ref()).map(|call| call.card.matter)
        else {
            return Vec::new();
        };
        let command = Command::ReleaseLease(MatterRef { matter });
        vec![self.save(Save::Released, command, Some(Query::Cases {}))]
    }

    pub(super) fn undo(&mut self) -> Vec<Effect> {
        let Some(matter) = self.last_recorded else { return Vec::new() };
        let command = Command::UndoCall(MatterRef { matter });
        vec![self.save(Save::Undo(matter), command, Some(Query::CallCard { matter }))]
    }

    pub(super) fn copy_phone(&self) -> Vec<Effect> {
        match self.intake.as_ref().and_then(|i| i.call.as_ref()) {
            Some(call) => {
                vec![
                    Effect::Copy(crate::tui::call::card::dialled(&call.card.phone)),
                    Effect::ok(Say::key("schedule.done.copied")),
                ]
            }
            None => Vec::new(),
        }
    }
}

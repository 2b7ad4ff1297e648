//! Carries out the keys on the open case: call, end the call, answer the flags, hold and book a slot.

use super::cases::{self, Enter};
use super::intake::{Goal, Intake};
use super::notices::{notice, warn};
use super::patient;
use super::state::{Focus, Load, Pane, Save, Schedule};
use crate::domain::contact::Purpose;
use crate::domain::id::CaseId;
use crate::tui::call::desk::{CallAct, CallDesk, CallSave, Part};
use crate::tui::call::results::ResultRow;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::requests::Requests;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::Query;
use crate::usecase::command::{CaseRef, Claim, Command};
use crate::usecase::model::case::{CaseLine, Slot};

impl Schedule {
    /// Takes Enter in the list: calls the customer whose turn it is, shows an appointment, or opens a case that has no
    /// customer to call.
    pub(super) fn take_case(&mut self, ctx: &Ctx) -> Vec<Effect> {
        match cases::on_enter(&self.cases, ctx.now) {
            None => Vec::new(),
            Some(Enter::Day(line)) => self.go_to_appointment(&line),
            Some(Enter::Open(case)) => self.open_case(case, ctx),
            Some(Enter::Call(line)) => vec![self.claim(&line)],
            Some(Enter::Instead { line, chosen }) => {
                let say = Say::key("schedule.instead").with("name", &line.name).with("chosen", chosen.name);
                vec![Effect::Notice(Tone::Info, say), self.claim(&line)]
            }
            Some(Enter::Nobody(None)) => notice("schedule.why.nobody_due"),
            Some(Enter::Nobody(Some(at))) => {
                let at = crate::tui::call::queue::when_from(at, ctx.now);
                warn(Say::key("schedule.why.nobody_due_until").with("at", at))
            }
        }
    }

    fn claim(&mut self, line: &CaseLine) -> Effect {
        let command = Command::Claim(Claim { purpose: Purpose::Intake, matter: Some(line.matter) });
        let then = [Query::OpenCall {}, Query::Cases {}];
        self.requests.save(CallSave::Claim.into(), command, then)
    }

    /// Opens the chosen case without calling; for a case with an appointment, shows that.
    pub(super) fn open_chosen(&mut self, ctx: &Ctx) -> Vec<Effect> {
        match self.cases.chosen().cloned() {
            Some(line) if line.starts_at.is_some() => self.go_to_appointment(&line),
            Some(line) => self.open_case(line.case, ctx),
            None => Vec::new(),
        }
    }

    /// Shows the day of a case's appointment with the cursor on it.
    fn go_to_appointment(&mut self, line: &CaseLine) -> Vec<Effect> {
        let Some(at) = line.starts_at else { return Vec::new() };
        self.focus = Focus::Grid;
        self.seek = Some(line.case);
        let days = (at.date() - self.grid.date).num_days();
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
        if self.desk.is_open() {
            return notice("schedule.why.call_open");
        }
        self.close_case();
        let line = self.cases.items().iter().find(|line| line.case == case);
        let intake = line.map_or_else(|| Intake::of_case(case, ctx), |line| Intake::of_line(line, ctx));
        self.begin(intake, Focus::Need, ctx);
        vec![self.read_case(case)]
    }

    /// Reads a case, which is written down.
    pub(super) fn read_case(&mut self, case: CaseId) -> Effect {
        let open = Command::OpenCase(CaseRef { case });
        self.requests.send_for(Load::File, open, vec![Query::CaseFile { case }])
    }

    /// Opens a case with what was typed for it before, and moves the cursor of the list to it.
    pub(super) fn begin(&mut self, mut intake: Intake, focus: Focus, ctx: &Ctx) {
        if let Some(at) = self.drafts.iter().position(|(case, _)| *case == intake.case) {
            let (_, draft) = self.drafts.remove(at);
            intake.take_draft(draft, ctx);
        }
        self.cases.choose(&intake.case);
        self.pane = Pane::Cases;
        self.focus = focus;
        self.moving = None;
        self.intake = Some(intake);
    }

    /// Closes the case and keeps what was typed.
    pub(super) fn close_case(&mut self) {
        self.requests.forget(Load::File);
        self.requests.forget(Load::Offer);
        self.requests.forget(Load::Offered);
        if let Some(intake) = self.intake.take()
            && intake.progress.booked.is_none()
            && !intake.draft.need.is_empty()
        {
            self.drafts.retain(|(case, _)| *case != intake.case);
            self.drafts.push((intake.case, intake.draft));
        }
        self.focus = Focus::Cases;
    }

    pub(super) fn on_intake(&mut self, change: impl FnOnce(&mut Intake)) {
        if let Some(intake) = &mut self.intake {
            change(intake);
        }
    }

    /// Takes Enter on the reason for video: without a reason the consultation is by telephone. Moves to the slots, or to
    /// the flags while one has no answer.
    pub(super) fn after_why(&mut self) {
        let Some(intake) = &mut self.intake else { return };
        if intake.draft.why.value().is_none() {
            intake.draft.video = false;
        }
        self.focus = if intake.cleared() { Focus::Slots } else { Focus::Flags };
    }

    /// Takes Enter on the checklist: asks about 115, moves to the slots, or says that a flag has no answer.
    pub(super) fn after_flags(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = &self.intake else { return Vec::new() };
        if intake.acute() {
            return self.ask_divert(ctx);
        }
        if !intake.cleared() {
            return notice("schedule.why.unanswered");
        }
        self.focus = Focus::Slots;
        Vec::new()
    }

    /// Asks before a customer is sent to 115, because that ends the case.
    fn ask_divert(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = &self.intake else { return Vec::new() };
        let flags: Vec<&str> = intake.checklist.acute().map(|flag| flag.text.get(ctx.lang)).collect();
        let text = Say::key("schedule.ask.divert").with("name", &intake.name);
        let detail = Say::key("schedule.ask.divert_detail").with("flags", flags.join(" · "));
        let Some(command) = intake.next_command(&Goal::Divert, self.desk.panel(), ctx.now) else {
            return Vec::new();
        };
        let then = self.after_step(&command);
        self.focus = Focus::Flags;
        vec![self.requests.ask(Save::Step(Goal::Divert), command, then, text, detail)]
    }

    /// Holds the `n`th slot while the customer decides.
    pub(super) fn pick(&mut self, n: usize, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = &mut self.intake else { return Vec::new() };
        if n >= intake.offer.slots.len() {
            return notice("schedule.why.no_slots");
        }
        intake.offer.at = n;
        self.step_towards_chosen(Goal::Hold, ctx)
    }

    pub(super) fn book_chosen(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if self.intake.as_ref().is_some_and(Intake::acute) {
            return self.ask_divert(ctx);
        }
        self.step_towards_chosen(Goal::Book, ctx)
    }

    /// Sends the next command towards the slot under the cursor, or says that the slot is gone.
    fn step_towards_chosen(&mut self, goal: impl FnOnce(Slot) -> Goal, ctx: &Ctx) -> Vec<Effect> {
        match self.intake.as_ref().and_then(|intake| intake.offer.chosen()) {
            None => notice("schedule.why.no_slots"),
            Some(offered) if offered.gone => warn(
                Say::key("schedule.why.slot_gone")
                    .with("time", offered.slot.starts_at.dm_hm_near(ctx.now))
                    .with("doctor", &offered.slot.doctor_name),
            ),
            Some(offered) => {
                let goal = goal(offered.slot.clone());
                self.step_towards(goal, ctx)
            }
        }
    }

    /// Sends the next command on the way to `goal`; asks before a booking for which somebody has not agreed.
    pub(super) fn step_towards(&mut self, goal: Goal, ctx: &Ctx) -> Vec<Effect> {
        let next = self.intake.as_ref().and_then(|i| i.next_command(&goal, self.desk.panel(), ctx.now));
        let Some(command) = next else { return self.reached(&goal) };
        let then = self.after_step(&command);
        let unasked = self.file().filter(|file| !file.consents_missing.is_empty());
        if let (Command::Book(_), Some(file)) = (&command, unasked) {
            let who = patient::parties(&file.consents_missing, ctx.lang);
            let text =
                Say::key("schedule.ask.unasked").with("name", patient::name(file)).with("parties", who);
            let detail = Say::key("schedule.ask.unasked_detail");
            return vec![self.requests.ask(Save::Step(goal), command, then, text, detail)];
        }
        vec![self.requests.save(Save::Step(goal), command, then)]
    }

    /// The queries that show the effect of a command on the way to a goal.
    fn after_step(&self, command: &Command) -> Vec<Query> {
        let mut then = vec![Query::Cases {}, self.roster_query()];
        match command {
            Command::HoldSlot(_) => {
                then.remove(0);
                then.extend(self.offer_query());
            }
            // The case may be closed after these.
            Command::RecordCall(_) | Command::Book(_) | Command::Triage(_) => {}
            _ => then.clear(),
        }
        then
    }

    /// Does the act of a call key, and what follows from it on this screen.
    pub(super) fn call_act(&mut self, act: CallAct, ctx: &Ctx) -> Vec<Effect> {
        let had_results = matches!(self.desk.part(), Some(Part::Results(_)));
        if matches!(act, CallAct::Results(ResultRow::First)) {
            self.before_results = std::mem::replace(&mut self.focus, Focus::Call);
        }
        let effects = self.desk.act(act, ctx, &mut self.requests);
        if act == CallAct::Back && had_results {
            self.focus = self.before_results;
        }
        effects
    }

    /// Moves the focus to another part; the results close when they lose it.
    pub(super) fn focus_on(&mut self, focus: Focus) {
        if matches!(self.desk.part(), Some(Part::Results(_))) {
            self.desk.turn_to(Part::Script);
        }
        self.focus = focus;
    }

    /// Lets the call desk take an answer, and follows it: opens the case of a call that begins, closes that of a call
    /// that ended.
    pub(super) fn follow_desk(
        &mut self,
        ctx: &Ctx,
        take: impl FnOnce(&mut CallDesk<()>, &mut Requests<Load, Save>) -> Vec<Effect>,
    ) -> Vec<Effect> {
        let was_open = self.desk.is_open();
        let mut effects = take(&mut self.desk, &mut self.requests);
        match (was_open, self.desk.is_open()) {
            (false, true) => effects.extend(self.call_began(ctx)),
            (true, false) => self.close_case(),
            (false, false) | (true, true) => {}
        }
        effects
    }

    fn call_began(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(intake) = self.desk.panel().and_then(|panel| Intake::of_call(panel, ctx)) else {
            return Vec::new();
        };
        let case = intake.case;
        self.close_case();
        self.begin(intake, Focus::Call, ctx);
        vec![self.read_case(case)]
    }

    /// Undoes the last act: a diversion while it can be corrected, otherwise the last result.
    pub(super) fn undo(&mut self, ctx: &Ctx) -> Vec<Effect> {
        match &self.diverted {
            Some(diverted) => {
                let command = Command::UndoTriage(CaseRef { case: diverted.case });
                let then = [Query::OpenCall {}, Query::Cases {}, self.roster_query()];
                vec![self.requests.save(Save::Undiverted, command, then)]
            }
            None => self.call_act(CallAct::Undo, ctx),
        }
    }
}

//! Carries out the keys of the schedule: dispatches each act, and moves between parts and days. `calling` has the acts
//! on the open case, `appointing` those on appointments, batches and windows.

use super::intake::Intake;
use super::keys::ScheduleAct;
use super::notices::notice;
use super::state::{Focus, Pane, Save, Schedule};
use super::{review, view, window};
use crate::domain::disposition::Disposition;
use crate::tui::call::desk::OPT_OUT;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Question};
use crate::tui::input::{Mouse, Pointer};
use crate::tui::say::Say;
use crate::usecase::command::{AppointmentRef, Command, ToldBy};
use ratatui::layout::Rect;

/// The question whether every flag was asked.
pub(super) const ALL_NO: &str = "schedule.all_no";

impl Schedule {
    pub(super) fn act(&mut self, act: ScheduleAct, ctx: &Ctx) -> Vec<Effect> {
        self.refused = None;
        match act {
            ScheduleAct::Main => return self.main(ctx),
            ScheduleAct::Back => return self.back(),
            ScheduleAct::NextPart => self.step_part(1),
            ScheduleAct::PartBefore => self.step_part(-1),
            ScheduleAct::Up => self.move_cursor(-1),
            ScheduleAct::Down => self.move_cursor(1),
            ScheduleAct::Left => return self.sideways(-1, ctx),
            ScheduleAct::Right => return self.sideways(1, ctx),
            ScheduleAct::DayBefore => return self.turn_shown_day(-1, ctx),
            ScheduleAct::DayAfter => return self.turn_shown_day(1, ctx),
            ScheduleAct::Today => {
                let offered = self.intake.as_ref().filter(|_| self.focus == Focus::Slots);
                let shown = offered.map_or(self.grid.date, |intake| intake.offer.date(ctx.now));
                return self.turn_shown_day((ctx.now.date() - shown).num_days(), ctx);
            }
            ScheduleAct::ShowCases => return self.show(Pane::Cases),
            ScheduleAct::ShowBatches => return self.show(Pane::Batches),
            ScheduleAct::ShowDoctors => return self.show(Pane::Doctors),
            ScheduleAct::Filter => {
                self.grid.next_filter();
                return vec![self.load_roster()];
            }
            ScheduleAct::OpenCase => return self.open_chosen(ctx),
            ScheduleAct::Call(act) => return self.call_act(act, ctx),
            ScheduleAct::Undo => return self.undo(ctx),
            ScheduleAct::Reveal => return self.reveal(),
            ScheduleAct::NextDepartment => {
                let changed = self.intake.as_mut().is_some_and(|i| i.next_department(ctx));
                return if changed { self.follow_department() } else { Vec::new() };
            }
            ScheduleAct::Video => {
                // The letters that follow are the reason for video, also when video was chosen before.
                self.on_intake(|intake| intake.draft.video = true);
                self.focus = Focus::Why;
            }
            ScheduleAct::Say(answer) => self.on_intake(|intake| intake.checklist.say(answer)),
            ScheduleAct::Turn => self.on_intake(|intake| intake.checklist.turn()),
            ScheduleAct::AllNo => return self.ask_all_no(),
            ScheduleAct::Pick(n) => return self.pick(n, ctx),
            ScheduleAct::RenewOffer => return self.load_offer().into_iter().collect(),
            ScheduleAct::BirthYear => self.open_window(Self::birth_year_window),
            ScheduleAct::Consent => self.open_window(|s| s.consent_window(ctx)),
            ScheduleAct::Record => return self.read_record(),
            ScheduleAct::Review => self.open_window(|s| s.appointment().map(review::window)),
            ScheduleAct::TellByPhone => return self.tell(ToldBy::Phone),
            ScheduleAct::TellBySms => return self.tell(ToldBy::Sms),
            ScheduleAct::MoveAppointment => return self.start_moving(ctx),
            ScheduleAct::CancelAppointment => self.open_window(|s| s.appointment().map(window::cancel)),
            ScheduleAct::NoShow => return self.ask_no_show(ctx),
            ScheduleAct::Start => return self.ask_start(ctx),
            ScheduleAct::Result => return self.open_result(ctx),
            ScheduleAct::MarkReturn => self.mark_return(ctx),
            ScheduleAct::Accept => return self.accept(),
            ScheduleAct::AddDoctor => self.windows.open(window::doctor()),
            ScheduleAct::AddShift => self.open_window(|s| {
                let doctor = &s.doctors.chosen()?.doctor;
                Some(window::shift(doctor.doctor, &doctor.name, s.grid.date))
            }),
        }
        Vec::new()
    }

    /// Takes a change of the need or of the reason.
    pub(super) fn edited(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.refused = None;
        if self.is_windowed() || self.focus != Focus::Need {
            return Vec::new();
        }
        let changed = self.intake.as_mut().is_some_and(|intake| intake.retarget(ctx));
        if changed { self.follow_department() } else { Vec::new() }
    }

    fn main(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if self.windows.is_open() {
            return self.submit(ctx);
        }
        match self.pane {
            Pane::Batches => return self.open_batch(),
            Pane::Doctors => return self.act(ScheduleAct::AddShift, ctx),
            Pane::Day => return self.day_main(ctx),
            Pane::Cases => match self.focus {
                Focus::Cases => return self.take_case(ctx),
                Focus::Call => self.focus = Focus::Need,
                Focus::Need => self.focus = Focus::Flags,
                Focus::Why => self.after_why(),
                Focus::Flags => return self.after_flags(ctx),
                Focus::Slots => return self.book_chosen(ctx),
                Focus::Grid => return self.grid_main(ctx),
            },
        }
        Vec::new()
    }

    fn back(&mut self) -> Vec<Effect> {
        if self.windows.is_open() {
            return self.windows.leave().into_iter().collect();
        }
        if self.moving.take().is_some() {
            return Vec::new();
        }
        match self.pane {
            Pane::Batches if self.batches.in_rows => self.batches.in_rows = false,
            Pane::Batches | Pane::Doctors => return self.show(Pane::Cases),
            Pane::Day => {}
            Pane::Cases => return self.back_on_cases(),
        }
        Vec::new()
    }

    fn back_on_cases(&mut self) -> Vec<Effect> {
        match self.focus {
            // The keys of the call take Esc first.
            Focus::Cases | Focus::Call => {}
            Focus::Grid if self.intake.is_some() => self.focus = Focus::Slots,
            Focus::Need | Focus::Why | Focus::Flags | Focus::Slots if self.desk.is_open() => {
                self.focus = Focus::Call;
            }
            Focus::Need | Focus::Why | Focus::Flags | Focus::Slots | Focus::Grid => {
                let held = self.intake.as_ref().and_then(|i| i.progress.held.as_ref());
                let held = held.map(|held| held.appointment);
                self.close_case();
                if let Some(appointment) = held {
                    let then = [self.roster_query()];
                    let command = Command::ReleaseSlot(AppointmentRef { appointment });
                    return vec![self.requests.save(
                        Save::Plain("schedule.done.released_slot"),
                        command,
                        then,
                    )];
                }
            }
        }
        Vec::new()
    }

    fn step_part(&mut self, by: isize) {
        if self.pane == Pane::Batches {
            self.batches.in_rows = !self.batches.in_rows && self.batches.open.is_some();
            return;
        }
        let parts = self.parts();
        let at = parts.iter().position(|part| *part == self.focus).unwrap_or(0) as isize;
        self.focus_on(parts[(at + by).rem_euclid(parts.len() as isize) as usize]);
    }

    /// Moves the cursor in a part that is no list.
    fn move_cursor(&mut self, by: isize) {
        match (self.focus, &mut self.intake) {
            (Focus::Grid, _) => self.grid.step(0, by),
            (Focus::Flags, Some(intake)) => intake.checklist.step(by),
            (Focus::Slots, Some(intake)) => intake.offer.step(by),
            (Focus::Need | Focus::Why, _) => self.step_part(by),
            (Focus::Cases | Focus::Call | Focus::Flags | Focus::Slots, _) => {}
        }
    }

    fn sideways(&mut self, by: isize, ctx: &Ctx) -> Vec<Effect> {
        match (self.pane, self.focus) {
            (Pane::Cases, Focus::Grid) => self.grid.step(by, 0),
            (Pane::Cases, Focus::Slots) => {
                let turned = self.intake.as_mut().is_some_and(|i| i.offer.turn(by as i64, ctx.now));
                return self.turned_offer(turned, ctx);
            }
            (Pane::Cases, Focus::Flags) => self.move_cursor(by),
            (Pane::Batches, _) => self.batches.in_rows = by > 0 && self.batches.open.is_some(),
            (Pane::Cases, Focus::Cases) | (Pane::Doctors | Pane::Day, _) => return self.turn_day(by as i64),
            (Pane::Cases, Focus::Call | Focus::Need | Focus::Why) => {}
        }
        Vec::new()
    }

    /// Changes the day: of slots and grid together while the slots have the focus, otherwise of the grid.
    fn turn_shown_day(&mut self, days: i64, ctx: &Ctx) -> Vec<Effect> {
        if self.focus != Focus::Slots {
            return self.turn_day(days);
        }
        let turned = self.intake.as_mut().is_some_and(|intake| intake.offer.turn_day(days, ctx.now));
        self.turned_offer(turned, ctx)
    }

    /// Takes a new beginning of the offer: its slots are read, and the grid shows its day.
    fn turned_offer(&mut self, turned: bool, ctx: &Ctx) -> Vec<Effect> {
        if !turned {
            return notice("schedule.why.first_slots");
        }
        let mut effects: Vec<Effect> = self.load_offer().into_iter().collect();
        if let Some(date) = self.intake.as_ref().map(|intake| intake.offer.date(ctx.now)) {
            effects.extend(self.turn_day((date - self.grid.date).num_days()));
        }
        effects
    }

    pub(super) fn turn_day(&mut self, days: i64) -> Vec<Effect> {
        if days == 0 {
            return Vec::new();
        }
        self.grid.turn(days);
        if self.pane == Pane::Day {
            self.day.of = None;
            self.day.rows.forget();
            return vec![self.open_day()];
        }
        vec![self.load_roster()]
    }

    /// Shows another pane; results that were open are closed, because their digits would not be seen there.
    fn show(&mut self, pane: Pane) -> Vec<Effect> {
        self.focus_on(self.focus);
        self.pane = pane;
        self.reload()
    }

    /// Takes the answer to a question: the one about a window, or the one before a command.
    pub(super) fn answered(&mut self, id: &'static str, yes: bool, ctx: &Ctx) -> Vec<Effect> {
        if id == OPT_OUT && yes {
            return self.desk.record_at_once(Disposition::DoNotCall, ctx, &mut self.requests);
        }
        if id == ALL_NO && yes {
            self.answer_all_no();
            return Vec::new();
        }
        if self.windows.answered(id, yes) {
            return Vec::new();
        }
        self.requests.answered(id, yes).into_iter().collect()
    }

    /// Every flag that has no answer yet is answered no, once a person says that all were asked: a letter typed for
    /// something else must not clear a sick person.
    fn ask_all_no(&self) -> Vec<Effect> {
        let Some(intake) = &self.intake else { return Vec::new() };
        let open = intake.checklist.unanswered();
        if open == 0 {
            return Vec::new();
        }
        let text = Say::key("schedule.ask.all_no").with("name", &intake.name).with("count", open);
        let detail = Say::key("schedule.ask.all_no_detail").with("count", open);
        vec![Effect::Ask(Box::new(Question::irrevocable(ALL_NO, text, detail)))]
    }

    fn answer_all_no(&mut self) {
        self.on_intake(|intake| intake.checklist.all_no());
        if self.intake.as_ref().is_some_and(Intake::cleared) {
            self.focus = Focus::Slots;
        }
    }

    pub(super) fn open_window(&mut self, make: impl FnOnce(&Self) -> Option<window::Window>) {
        if let Some(window) = make(self) {
            self.windows.open(window);
        }
    }

    /// Takes the mouse: clicks choose, the wheel moves.
    pub(super) fn mouse(&mut self, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect> {
        if self.is_windowed() {
            return Vec::new();
        }
        match mouse.pointer {
            Pointer::WheelUp => self.move_cursor(-1),
            Pointer::WheelDown => self.move_cursor(1),
            Pointer::Click => {
                let hit = view::click(self, (mouse.column, mouse.row).into(), area, ctx);
                return hit.map_or_else(Vec::new, |act| self.act(act, ctx));
            }
        }
        Vec::new()
    }
}

//! What each key does: the table of acts, and moving about. Acts on the case in hand stand in `calling`,
//! those on appointments, batches and windows in `appointing`.

use super::intake::Intake;
use super::keys::ScheduleAct;
use super::popup::Popup;
use super::{Focus, Load, Pane, Save, Schedule, view};
use crate::tui::call::detail::Detail;
use crate::tui::call::ending::Row;
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::input::{Mouse, Pointer};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::list::Step;
use crate::usecase::command::{AppointmentRef, Command, ToldBy};
use ratatui::layout::Rect;

pub(super) fn notice(key: &'static str) -> Vec<Effect> {
    vec![Effect::Notice(Tone::Warn, Say::key(key))]
}

impl Schedule {
    pub(super) fn act(&mut self, act: ScheduleAct, ctx: &Ctx) -> Vec<Effect> {
        self.refused = None;
        match act {
            ScheduleAct::Main => self.main(ctx),
            ScheduleAct::Back => self.back(),
            ScheduleAct::NextPart => self.step_part(1),
            ScheduleAct::PartBefore => self.step_part(-1),
            ScheduleAct::Move(step) => self.move_cursor(step),
            ScheduleAct::Left => self.sideways(-1),
            ScheduleAct::Right => self.sideways(1),
            ScheduleAct::DayBefore => self.turn_day(-1),
            ScheduleAct::DayAfter => self.turn_day(1),
            ScheduleAct::Today => self.turn_day((ctx.now.date() - self.grid.date).num_days()),
            ScheduleAct::ShowDesk => self.show(Pane::Desk),
            ScheduleAct::ShowBatches => self.show(Pane::Batches),
            ScheduleAct::ShowDoctors => self.show(Pane::Doctors),
            ScheduleAct::Filter => {
                self.grid.next_filter();
                vec![self.load_roster()]
            }
            ScheduleAct::OpenCase => {
                self.case_line().map(|line| line.case).map_or_else(Vec::new, |c| self.open_case(c, ctx))
            }
            ScheduleAct::Digit(cap) => self.digit(cap, ctx),
            ScheduleAct::OtherRow => {
                self.endings = if self.endings == Row::First { Row::Other } else { Row::First };
                Vec::new()
            }
            ScheduleAct::Note => {
                self.detail = self.intake.as_ref().and_then(|i| i.call.as_ref()).map(Detail::note);
                Vec::new()
            }
            ScheduleAct::Tick => self.on_call(CallPanel::tick),
            ScheduleAct::Untick => self.on_call(CallPanel::untick),
            ScheduleAct::Release => self.release(),
            ScheduleAct::Undo => self.undo(),
            ScheduleAct::CopyPhone => self.copy_phone(),
            ScheduleAct::Reveal => self.reveal(),
            ScheduleAct::NextDepartment => {
                let changed = self.intake.as_mut().is_some_and(|i| i.next_department(&ctx.campaign));
                if changed { self.follow_department() } else { Vec::new() }
            }
            ScheduleAct::Video => {
                if let Some(intake) = &mut self.intake {
                    intake.draft.video = !intake.draft.video;
                    self.focus = if intake.draft.video { Focus::Why } else { self.focus };
                }
                Vec::new()
            }
            ScheduleAct::Say(answer) => self.on_checklist(|intake| intake.say(answer)),
            ScheduleAct::Turn => self.on_checklist(|intake| intake.checklist.turn()),
            ScheduleAct::TurnNth(n) => self.on_checklist(|intake| intake.checklist.turn_nth(n)),
            ScheduleAct::AllNo => {
                let effects = self.on_checklist(|intake| intake.checklist.all_no());
                if self.intake.as_ref().is_some_and(Intake::cleared) {
                    self.focus = Focus::Slots;
                }
                effects
            }
            ScheduleAct::Pick(n) => self.pick(n, ctx),
            ScheduleAct::TellByPhone => self.tell(ToldBy::Phone),
            ScheduleAct::TellBySms => self.tell(ToldBy::Sms),
            ScheduleAct::MoveAppointment => self.start_moving(ctx),
            ScheduleAct::CancelAppointment => {
                self.popup = self.appointment().map(Popup::cancel);
                Vec::new()
            }
            ScheduleAct::NoShow => self.ask_no_show(),
            ScheduleAct::Start => self.start(),
            ScheduleAct::Result => {
                self.popup = self.appointment().map(|line| Popup::result(line, ctx.now));
                Vec::new()
            }
            ScheduleAct::MarkReturn => self.mark_return(),
            ScheduleAct::Accept => self.accept(),
            ScheduleAct::AddDoctor => {
                self.popup = Some(Popup::doctor());
                Vec::new()
            }
            ScheduleAct::AddShift => {
                let date = self.grid.date;
                self.popup = self.doctor().map(|d| Popup::shift(d.doctor, &d.name, date));
                Vec::new()
            }
        }
    }

    /// The need or the reason changed.
    pub(super) fn edited(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.refused = None;
        if self.windowed() || self.focus != Focus::Need {
            return Vec::new();
        }
        let changed = self.intake.as_mut().is_some_and(|intake| intake.retarget(&ctx.campaign));
        if changed { self.follow_department() } else { Vec::new() }
    }

    fn main(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if self.detail.is_some() {
            return self.submit_detail(ctx);
        }
        if self.popup.is_some() {
            return self.submit();
        }
        match self.pane {
            Pane::Batches => self.open_batch(),
            Pane::Doctors => self.act(ScheduleAct::AddShift, ctx),
            Pane::Day => self.day_main(ctx),
            Pane::Desk => match self.focus {
                Focus::Cases => self.take_case(ctx),
                Focus::Script | Focus::Why => self.step_part(1),
                Focus::Need => {
                    self.focus = Focus::Flags;
                    Vec::new()
                }
                Focus::Flags => self.after_flags(ctx),
                Focus::Slots => self.book_chosen(ctx),
                Focus::Grid => self.grid_main(ctx),
            },
        }
    }

    fn back(&mut self) -> Vec<Effect> {
        if let Some(detail) = self.detail.take() {
            self.keep_note(&detail);
            return Vec::new();
        }
        if self.popup.take().is_some() || self.moving.take().is_some() {
            return Vec::new();
        }
        match self.pane {
            Pane::Batches if self.batches.in_rows => self.batches.in_rows = false,
            Pane::Batches | Pane::Doctors => return self.show(Pane::Desk),
            Pane::Day => {}
            Pane::Desk => return self.back_on_desk(),
        }
        Vec::new()
    }

    fn back_on_desk(&mut self) -> Vec<Effect> {
        let called = self.call_is_open();
        match self.focus {
            Focus::Cases => Vec::new(),
            Focus::Script if self.endings == Row::Other => {
                self.endings = Row::First;
                Vec::new()
            }
            Focus::Script => notice("schedule.why.end_by_result"),
            Focus::Grid if self.intake.is_some() => {
                self.focus = Focus::Slots;
                Vec::new()
            }
            Focus::Need | Focus::Why | Focus::Flags | Focus::Slots if called => {
                self.focus = Focus::Script;
                Vec::new()
            }
            Focus::Need | Focus::Why | Focus::Flags | Focus::Slots | Focus::Grid => {
                let held = self.intake.as_ref().and_then(|i| i.progress.held.as_ref()).map(|h| h.appointment);
                self.put_away();
                match held {
                    Some(appointment) => {
                        let query = self.roster_query();
                        let command = Command::ReleaseSlot(AppointmentRef { appointment });
                        vec![self.save(Save::Plain("schedule.done.released_slot"), command, Some(query))]
                    }
                    None => Vec::new(),
                }
            }
        }
    }

    fn step_part(&mut self, by: isize) -> Vec<Effect> {
        if self.pane == Pane::Batches {
            self.batches.in_rows = !self.batches.in_rows && self.batches.open.is_some();
            return Vec::new();
        }
        let parts = self.parts();
        let at = parts.iter().position(|focus| *focus == self.focus).unwrap_or(0) as isize;
        self.focus = parts[(at + by).rem_euclid(parts.len() as isize) as usize];
        Vec::new()
    }

    fn move_cursor(&mut self, step: Step) -> Vec<Effect> {
        let by = if step == Step::Up { -1 } else { 1 };
        if self.windowed() {
            return Vec::new();
        }
        match self.pane {
            Pane::Batches if self.batches.in_rows => {
                let len = self.batches.open.as_ref().map_or(0, |open| open.rows.len());
                self.batches.row.step(step, len);
            }
            Pane::Batches => self.batches.at.step(step, self.batches.lines.as_ref().map_or(0, Vec::len)),
            Pane::Doctors => self.doctor_at.step(step, self.doctors.as_ref().map_or(0, Vec::len)),
            Pane::Day => self.day_at.step(step, self.day.as_ref().map_or(0, |day| day.appointments.len())),
            Pane::Desk => match (self.focus, &mut self.intake) {
                (Focus::Cases, _) => self.case_at.step(step, self.cases.as_ref().map_or(0, Vec::len)),
                (Focus::Grid, _) => self.grid.step(0, by),
                (Focus::Flags, Some(intake)) => intake.checklist.step(by),
                (Focus::Slots, Some(intake)) => {
                    let last = intake.slots.len().saturating_sub(1);
                    intake.slot_at = intake.slot_at.saturating_add_signed(by).min(last);
                }
                (Focus::Need | Focus::Why, _) => return self.step_part(by),
                (Focus::Script | Focus::Flags | Focus::Slots, _) => {}
            },
        }
        Vec::new()
    }

    fn sideways(&mut self, by: isize) -> Vec<Effect> {
        match (self.pane, self.focus) {
            (Pane::Desk, Focus::Grid) => {
                self.grid.step(by, 0);
                Vec::new()
            }
            (Pane::Desk, Focus::Slots | Focus::Flags) => {
                self.move_cursor(if by < 0 { Step::Up } else { Step::Down })
            }
            (Pane::Batches, _) => {
                self.batches.in_rows = by > 0 && self.batches.open.is_some();
                Vec::new()
            }
            (Pane::Desk | Pane::Doctors | Pane::Day, _) => self.turn_day(by as i64),
        }
    }

    pub(super) fn turn_day(&mut self, days: i64) -> Vec<Effect> {
        if days == 0 || self.windowed() {
            return Vec::new();
        }
        self.grid.turn(days);
        if self.pane == Pane::Day {
            self.day = None;
            let query = self.day_query();
            return vec![self.load(Load::Day, query)];
        }
        vec![self.load_roster()]
    }

    fn show(&mut self, pane: Pane) -> Vec<Effect> {
        self.popup = None;
        self.pane = pane;
        self.reload()
    }

    /// Clicks choose, the wheel moves.
    pub(super) fn mouse(&mut self, mouse: Mouse, area: Rect) -> Vec<Effect> {
        if self.windowed() {
            return Vec::new();
        }
        match mouse.pointer {
            Pointer::WheelUp => self.move_cursor(Step::Up),
            Pointer::WheelDown => self.move_cursor(Step::Down),
            Pointer::Click => {
                view::click(self, mouse.column, mouse.row, area);
                Vec::new()
            }
        }
    }
}

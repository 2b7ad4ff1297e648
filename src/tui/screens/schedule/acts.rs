//! What each key does: the table of acts, and moving about. Acts on the case in hand stand in `calling`,
//! those on appointments, batches and windows in `appointing`.

use super::intake::Intake;
use super::keys::Act;
use super::popup::Popup;
use super::{Load, Pane, Save, Schedule, Zone, view};
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
    pub(super) fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        self.refused = None;
        match act {
            Act::Main => self.main(ctx),
            Act::Back => self.back(),
            Act::ZoneNext => self.zone_step(1),
            Act::ZoneBack => self.zone_step(-1),
            Act::Move(step) => self.move_cursor(step),
            Act::Left => self.sideways(-1),
            Act::Right => self.sideways(1),
            Act::DayBefore => self.turn_day(-1),
            Act::DayAfter => self.turn_day(1),
            Act::Today => self.turn_day((ctx.now.date() - self.grid.date).num_days()),
            Act::ShowDesk => self.show(Pane::Desk),
            Act::ShowBatches => self.show(Pane::Batches),
            Act::ShowDoctors => self.show(Pane::Doctors),
            Act::Filter => {
                self.grid.next_filter();
                vec![self.load_roster()]
            }
            Act::OpenCase => {
                self.case_line().map(|line| line.case).map_or_else(Vec::new, |c| self.open_case(c, ctx))
            }
            Act::Digit(cap) => self.digit(cap, ctx),
            Act::OtherRow => {
                self.endings = if self.endings == Row::First { Row::Other } else { Row::First };
                Vec::new()
            }
            Act::Note => {
                self.detail = self.intake.as_ref().and_then(|i| i.call.as_ref()).map(Detail::note);
                Vec::new()
            }
            Act::Tick => self.on_call(CallPanel::tick),
            Act::Untick => self.on_call(CallPanel::untick),
            Act::Release => self.release(),
            Act::Undo => self.undo(),
            Act::CopyPhone => self.copy_phone(),
            Act::Reveal => self.reveal(),
            Act::NextDepartment => {
                let changed = self.intake.as_mut().is_some_and(|i| i.next_department(&ctx.campaign));
                if changed { self.follow_department() } else { Vec::new() }
            }
            Act::Video => {
                if let Some(intake) = &mut self.intake {
                    intake.draft.video = !intake.draft.video;
                    self.zone = if intake.draft.video { Zone::Why } else { self.zone };
                }
                Vec::new()
            }
            Act::Say(answer) => self.on_checklist(|intake| intake.say(answer)),
            Act::Turn => self.on_checklist(|intake| intake.checklist.turn()),
            Act::TurnNth(n) => self.on_checklist(|intake| intake.checklist.turn_nth(n)),
            Act::AllNo => {
                let effects = self.on_checklist(|intake| intake.checklist.all_no());
                if self.intake.as_ref().is_some_and(Intake::cleared) {
                    self.zone = Zone::Slots;
                }
                effects
            }
            Act::Pick(n) => self.pick(n, ctx),
            Act::TellByPhone => self.tell(ToldBy::Phone),
            Act::TellBySms => self.tell(ToldBy::Sms),
            Act::MoveAppointment => self.start_moving(ctx),
            Act::CancelAppointment => {
                self.popup = self.appointment().map(Popup::cancel);
                Vec::new()
            }
            Act::NoShow => self.ask_no_show(),
            Act::Start => self.start(),
            Act::Result => {
                self.popup = self.appointment().map(|line| Popup::result(line, ctx.now));
                Vec::new()
            }
            Act::MarkReturn => self.mark_return(),
            Act::Accept => self.accept(),
            Act::AddDoctor => {
                self.popup = Some(Popup::doctor());
                Vec::new()
            }
            Act::AddShift => {
                let date = self.grid.date;
                self.popup = self.doctor().map(|d| Popup::shift(d.doctor, &d.name, date));
                Vec::new()
            }
        }
    }

    /// The need or the reason changed.
    pub(super) fn edited(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.refused = None;
        if self.windowed() || self.zone != Zone::Need {
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
            Pane::Doctors => self.act(Act::AddShift, ctx),
            Pane::Day => self.day_main(ctx),
            Pane::Desk => match self.zone {
                Zone::Cases => self.take_case(ctx),
                Zone::Call | Zone::Why => self.zone_step(1),
                Zone::Need => {
                    self.zone = Zone::Flags;
                    Vec::new()
                }
                Zone::Flags => self.after_flags(ctx),
                Zone::Slots => self.book_chosen(ctx),
                Zone::Grid => self.grid_main(ctx),
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
        match self.zone {
            Zone::Cases => Vec::new(),
            Zone::Call if self.endings == Row::Other => {
                self.endings = Row::First;
                Vec::new()
            }
            Zone::Call => notice("schedule.why.end_by_result"),
            Zone::Grid if self.intake.is_some() => {
                self.zone = Zone::Slots;
                Vec::new()
            }
            Zone::Need | Zone::Why | Zone::Flags | Zone::Slots if called => {
                self.zone = Zone::Call;
                Vec::new()
            }
            Zone::Need | Zone::Why | Zone::Flags | Zone::Slots | Zone::Grid => {
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

    fn zone_step(&mut self, by: isize) -> Vec<Effect> {
        if self.pane == Pane::Batches {
            self.batches.in_rows = !self.batches.in_rows && self.batches.open.is_some();
            return Vec::new();
        }
        let zones = self.zones();
        let at = zones.iter().position(|zone| *zone == self.zone).unwrap_or(0) as isize;
        self.zone = zones[(at + by).rem_euclid(zones.len() as isize) as usize];
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
            Pane::Desk => match (self.zone, &mut self.intake) {
                (Zone::Cases, _) => self.case_at.step(step, self.cases.as_ref().map_or(0, Vec::len)),
                (Zone::Grid, _) => self.grid.step(0, by),
                (Zone::Flags, Some(intake)) => intake.checklist.step(by),
                (Zone::Slots, Some(intake)) => {
                    let last = intake.slots.len().saturating_sub(1);
                    intake.slot_at = intake.slot_at.saturating_add_signed(by).min(last);
                }
                (Zone::Need | Zone::Why, _) => return self.zone_step(by),
                (Zone::Call | Zone::Flags | Zone::Slots, _) => {}
            },
        }
        Vec::new()
    }

    fn sideways(&mut self, by: isize) -> Vec<Effect> {
        match (self.pane, self.zone) {
            (Pane::Desk, Zone::Grid) => {
                self.grid.step(by, 0);
                Vec::new()
            }
            (Pane::Desk, Zone::Slots | Zone::Flags) => {
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

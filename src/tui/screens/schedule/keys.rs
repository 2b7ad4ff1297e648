//! The keys of the schedule. The keys of a part work while that part has the focus; the reason of a key that does not
//! work names the step that comes first.
//!
//! Invariants:
//! * flags take letters; slots and results take digits, and results only after they were opened, so that no key meant
//!   for one part acts in another;
//! * F4 and F12 are not bound.

use super::appointing::Phase;
use super::intake::Intake;
use super::state::{Focus, Pane, Schedule};
use super::window::Topic;
use crate::domain::actor::Permission;
use crate::domain::triage::FlagAnswer;
use crate::open_call_rows;
use crate::tui::call::desk::{CallAct, CallDesk, Part};
use crate::tui::call::keys::HasCallDesk;
use crate::tui::call::results::ResultRow;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Binding, ELSEWHERE, Enabled, joined};
use crate::tui::screen::Screen;

/// What the keys of the screen do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleAct {
    /// The main act of the part.
    Main,
    /// One step back.
    Back,
    /// To the next part.
    NextPart,
    /// To the part before.
    PartBefore,
    /// One up, in a part that is no list.
    Up,
    /// One down.
    Down,
    /// To the left: the doctor on the left, the half-day before, or the day before.
    Left,
    /// To the right.
    Right,
    /// The day before.
    DayBefore,
    /// The day after.
    DayAfter,
    /// Today.
    Today,
    /// Cases and roster.
    ShowCases,
    /// Hand-over batches.
    ShowBatches,
    /// Doctors and hours.
    ShowDoctors,
    /// Change the department of the grid.
    Filter,
    /// Open the case without calling.
    OpenCase,
    /// What the keys of every call do.
    Call(CallAct),
    /// Undo the last result.
    Undo,
    /// Show the whole number outside a call.
    Reveal,
    /// Change the department of the case.
    NextDepartment,
    /// Choose video, with a reason.
    Video,
    /// Answer the flag under the cursor.
    Say(FlagAnswer),
    /// The next answer of the flag under the cursor.
    Turn,
    /// Answer all other flags with no.
    AllNo,
    /// Hold the `n`th free slot.
    Pick(usize),
    /// Offer new slots.
    RenewOffer,
    /// Ask for the patient's birth year.
    BirthYear,
    /// Ask who must agree and has not.
    Consent,
    /// Show the case whole.
    Record,
    /// Say what was wrong with the screening.
    Review,
    /// Record that the customer was informed by phone.
    TellByPhone,
    /// Send the appointment SMS.
    TellBySms,
    /// Move the appointment.
    MoveAppointment,
    /// Cancel the appointment.
    CancelAppointment,
    /// Record a no-show of the customer.
    NoShow,
    /// Start the consultation.
    Start,
    /// Record the result, or show it.
    Result,
    /// Mark the row to be returned, or remove the mark.
    MarkReturn,
    /// Accept the batch.
    Accept,
    /// Add a doctor.
    AddDoctor,
    /// Add hours.
    AddShift,
}

const ALL: &str = "schedule";
const DAYS: &str = "schedule_days";
const CASES: &str = "schedule_cases";
const CALL: &str = "schedule_call";
const PATIENT: &str = "schedule_patient";
const FLAGS: &str = "schedule_flags";
const ROUTING: &str = "schedule_routing";
const SLOTS: &str = "schedule_slots";
const GRID: &str = "schedule_grid";
const BATCHES: &str = "schedule_batches";
const DOCTORS: &str = "schedule_doctors";

const fn key(code: KeyCode) -> Key {
    Key::plain(code)
}

type Row = Binding<ScheduleAct, Schedule>;

const fn on_flags(id: &'static str, keys: &'static [Key], act: ScheduleAct) -> Row {
    Binding::new(FLAGS, id, keys, act).when(in_flags).needs(Permission::Triage)
}

const fn pick(id: &'static str, keys: &'static [Key], n: usize) -> Row {
    Binding::new(SLOTS, id, keys, ScheduleAct::Pick(n)).when(in_open_slots).needs(Permission::Book).quiet()
}

const fn on_appointment(id: &'static str, keys: &'static [Key], act: ScheduleAct) -> Row {
    Binding::new(GRID, id, keys, act).when(has_appointment)
}

/// The key table: the keys of every call, and the screen's own.
pub const BINDINGS: &[Row] = &joined::<ScheduleAct, Schedule, { CALLS.len() + OWN.len() }>(&[CALLS, OWN]);

const CALLS: &[Row] = open_call_rows!(ScheduleAct::Call, Schedule, Permission::CallIntake);

const OWN: &[Row] = &[
    Binding::new(ALL, "schedule.main", &[key(KeyCode::Enter)], ScheduleAct::Main)
        .when(Schedule::main_works)
        .named(main_name),
    Binding::new(ALL, "schedule.back", &[key(KeyCode::Esc)], ScheduleAct::Back)
        .when(steps_back)
        .named(back_name),
    Binding::new(ALL, "schedule.next", &[key(KeyCode::Tab)], ScheduleAct::NextPart).when(has_parts),
    Binding::new(ALL, "schedule.before", &[key(KeyCode::Tab).with_shift()], ScheduleAct::PartBefore)
        .when(has_parts)
        .quiet(),
    Binding::new(ALL, "schedule.up", &[key(KeyCode::Up)], ScheduleAct::Up).when(off_lists).quiet(),
    Binding::new(ALL, "schedule.down", &[key(KeyCode::Down)], ScheduleAct::Down).when(off_lists).quiet(),
    Binding::new(ALL, "schedule.left", &[key(KeyCode::Left)], ScheduleAct::Left).when(no_text).quiet(),
    Binding::new(ALL, "schedule.right", &[key(KeyCode::Right)], ScheduleAct::Right).when(no_text).quiet(),
    Binding::new(ALL, "schedule.desk", &[Key::f(2)], ScheduleAct::ShowCases).when(off_cases),
    Binding::new(ALL, "schedule.batches", &[Key::f(3)], ScheduleAct::ShowBatches)
        .when(off_batches)
        .needs(Permission::Acknowledge),
    Binding::new(ALL, "schedule.doctors", &[Key::f(5)], ScheduleAct::ShowDoctors)
        .when(off_doctors)
        .needs(Permission::ManageDoctors),
    Binding::new(PATIENT, "schedule.birth_year", &[Key::f(6)], ScheduleAct::BirthYear)
        .when(has_file)
        .needs(Permission::Triage)
        .quiet(),
    Binding::new(PATIENT, "schedule.consent", &[Key::f(7)], ScheduleAct::Consent)
        .when(must_agree)
        .needs(Permission::Triage)
        .quiet(),
    Binding::new(PATIENT, "schedule.record", &[Key::char('i')], ScheduleAct::Record)
        .when(has_record)
        .needs(Permission::SeeHealth),
    Binding::new(DAYS, "schedule.day_before", &[key(KeyCode::PageUp)], ScheduleAct::DayBefore)
        .when(in_days)
        .quiet(),
    Binding::new(DAYS, "schedule.day_after", &[key(KeyCode::PageDown)], ScheduleAct::DayAfter)
        .when(in_days)
        .quiet(),
    Binding::new(DAYS, "schedule.today", &[key(KeyCode::Home)], ScheduleAct::Today).when(in_days).quiet(),
    Binding::new(CASES, "schedule.open", &[Key::char('o')], ScheduleAct::OpenCase)
        .when(on_case)
        .needs(Permission::Triage),
    Binding::new(CASES, "schedule.undo", &[Key::char('u')], ScheduleAct::Undo)
        .when(can_undo)
        .named(undo_name)
        .needs(Permission::CallIntake),
    Binding::new(
        CALL,
        "schedule.results",
        &[Key::char('e')],
        ScheduleAct::Call(CallAct::Results(ResultRow::First)),
    )
    .when(in_call)
    .needs(Permission::CallIntake),
    on_flags("schedule.no", &[Key::char('k')], ScheduleAct::Say(FlagAnswer::No)),
    on_flags("schedule.yes", &[Key::char('c')], ScheduleAct::Say(FlagAnswer::Yes)),
    on_flags("schedule.unsure", &[Key::char('h')], ScheduleAct::Say(FlagAnswer::Unsure)),
    on_flags("schedule.all_no", &[Key::char('a')], ScheduleAct::AllNo),
    on_flags("schedule.turn", &[Key::char(' ')], ScheduleAct::Turn),
    Binding::new(ROUTING, "schedule.department", &[Key::char('d')], ScheduleAct::NextDepartment)
        .when(in_routing)
        .needs(Permission::Triage),
    Binding::new(ROUTING, "schedule.video", &[Key::char('v')], ScheduleAct::Video)
        .when(in_routing)
        .needs(Permission::Triage),
    pick("schedule.slot_1", &[Key::char('1')], 0),
    pick("schedule.slot_2", &[Key::char('2')], 1),
    pick("schedule.slot_3", &[Key::char('3')], 2),
    pick("schedule.slot_4", &[Key::char('4')], 3),
    pick("schedule.slot_5", &[Key::char('5')], 4),
    pick("schedule.slot_6", &[Key::char('6')], 5),
    Binding::new(SLOTS, "schedule.renew", &[Key::char('l')], ScheduleAct::RenewOffer)
        .when(in_slots)
        .needs(Permission::Book),
    on_appointment("schedule.told", &[Key::char('p')], ScheduleAct::TellByPhone)
        .when(has_booked)
        .needs(Permission::Book),
    on_appointment("schedule.sms", &[Key::char('s')], ScheduleAct::TellBySms)
        .when(has_booked)
        .needs(Permission::Book),
    on_appointment("schedule.move", &[Key::char('m')], ScheduleAct::MoveAppointment)
        .when(can_move)
        .needs(Permission::Book),
    on_appointment("schedule.cancel", &[Key::char('x')], ScheduleAct::CancelAppointment)
        .when(has_booked)
        .needs(Permission::Book),
    on_appointment("schedule.start", &[Key::char('b')], ScheduleAct::Start)
        .when(has_booked)
        .needs(Permission::RecordResult),
    on_appointment("schedule.result", &[Key::char('r')], ScheduleAct::Result)
        .when(has_result)
        .needs(Permission::RecordResult),
    on_appointment("schedule.no_show", &[Key::char('n')], ScheduleAct::NoShow)
        .when(has_unfinished)
        .needs(Permission::RecordResult),
    on_appointment("schedule.review", &[Key::char('g')], ScheduleAct::Review)
        .needs(Permission::ReviewScreening),
    on_appointment("schedule.reveal", &[Key::char('y')], ScheduleAct::Reveal)
        .needs(Permission::RevealPhone)
        .quiet(),
    Binding::new(GRID, "schedule.filter", &[Key::char('f')], ScheduleAct::Filter).when(in_grid),
    Binding::new(BATCHES, "schedule.mark", &[Key::char('x')], ScheduleAct::MarkReturn)
        .when(on_waiting_row)
        .needs(Permission::Acknowledge),
    Binding::new(BATCHES, "schedule.accept", &[Key::char('a')], ScheduleAct::Accept)
        .when(has_waiting_rows)
        .needs(Permission::Acknowledge),
    Binding::new(DOCTORS, "schedule.add_doctor", &[Key::char('a')], ScheduleAct::AddDoctor)
        .when(in_doctors)
        .needs(Permission::ManageDoctors),
    Binding::new(DOCTORS, "schedule.add_shift", &[Key::char('s')], ScheduleAct::AddShift)
        .when(on_doctor)
        .needs(Permission::ManageDoctors),
];

impl HasCallDesk for Schedule {
    type Middle = ();

    /// Digits are slots on this screen.
    const DIGITS: bool = false;

    fn desk(&self) -> &CallDesk<()> {
        &self.desk
    }

    fn call_has_keys(&self) -> bool {
        self.pane == Pane::Cases && self.focus == Focus::Call && !self.windows.is_open()
    }
}

const fn says(holds: bool, why: &'static str) -> Enabled {
    if holds { Ok(()) } else { Err(why) }
}

fn no_window(s: &Schedule) -> Enabled {
    says(!s.is_windowed(), ELSEWHERE)
}

/// While no text field has the keys.
fn no_text(s: &Schedule) -> Enabled {
    no_window(s)?;
    says(s.field().is_none(), ELSEWHERE)
}

fn in_pane(s: &Schedule, pane: Pane) -> Enabled {
    no_window(s)?;
    says(s.pane == pane, ELSEWHERE)
}

fn in_focus(s: &Schedule, focus: Focus) -> Enabled {
    in_pane(s, Pane::Cases)?;
    says(s.focus == focus, ELSEWHERE)
}

fn has_parts(s: &Schedule) -> Enabled {
    no_window(s)?;
    says(matches!(s.pane, Pane::Cases | Pane::Batches), ELSEWHERE)
}

/// In parts that are no list, because lists have their own arrows.
fn off_lists(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Cases)?;
    says(!matches!(s.focus, Focus::Cases | Focus::Call), ELSEWHERE)
}

fn in_days(s: &Schedule) -> Enabled {
    in_focus(s, Focus::Grid).or_else(|_| in_focus(s, Focus::Slots))
}

fn off_cases(s: &Schedule) -> Enabled {
    no_window(s)?;
    says(s.pane != Pane::Cases && s.pane != Pane::Day, "schedule.why.here")
}

fn off_batches(s: &Schedule) -> Enabled {
    no_window(s)?;
    says(s.pane != Pane::Batches, "schedule.why.here")
}

fn off_doctors(s: &Schedule) -> Enabled {
    no_window(s)?;
    says(s.pane != Pane::Doctors, "schedule.why.here")
}

fn on_case(s: &Schedule) -> Enabled {
    in_focus(s, Focus::Cases)?;
    says(s.cases.chosen().is_some(), "schedule.why.no_case")
}

fn can_undo(s: &Schedule) -> Enabled {
    in_focus(s, Focus::Cases)?;
    says(s.desk.can_undo() || s.diverted.is_some(), "schedule.why.nothing_to_undo")
}

/// A diversion is corrected under its own name.
fn undo_name(s: &Schedule) -> Option<&'static str> {
    s.diverted.as_ref().map(|_| "schedule.undo_divert")
}

/// Enter is named by what it does here.
fn main_name(s: &Schedule) -> Option<&'static str> {
    if let Some(window) = s.windows.get() {
        return Some(match window.topic {
            Topic::Return(_) => "schedule.main_mark",
            Topic::Cancel(_)
            | Topic::Result { .. }
            | Topic::Doctor
            | Topic::Shift(_)
            | Topic::BirthYear { .. }
            | Topic::Consent { .. }
            | Topic::Review(_) => "schedule.main_save",
        });
    }
    match (s.pane, s.focus) {
        (Pane::Batches, _) => Some("schedule.main_batch"),
        (Pane::Doctors, _) => Some("schedule.main_shift"),
        (Pane::Day, _) => match s.appointment().map(Phase::of) {
            Some(Phase::InProgress | Phase::Over) => Some("schedule.main_result"),
            Some(Phase::Ahead | Phase::Held) | None => Some("schedule.main_start"),
        },
        (Pane::Cases, Focus::Cases) => s.cases.chosen().map(|line| {
            let nobody_to_call = line.due_at.is_none() && line.holder.is_none();
            match (line.starts_at.is_some(), nobody_to_call) {
                (true, _) => "schedule.main_day",
                (false, true) => "schedule.main_open",
                (false, false) => "schedule.main_call",
            }
        }),
        (Pane::Cases, Focus::Slots) if s.intake.as_ref().is_some_and(|i| !i.acute()) => {
            Some("schedule.main_book")
        }
        (Pane::Cases, Focus::Flags | Focus::Slots) if s.intake.as_ref().is_some_and(Intake::acute) => {
            Some("schedule.main_divert")
        }
        (Pane::Cases, Focus::Grid) if s.moving.is_some() => Some("schedule.main_move"),
        (Pane::Cases, Focus::Grid) => Some("schedule.main_book"),
        (Pane::Cases, Focus::Call | Focus::Need | Focus::Why | Focus::Flags | Focus::Slots) => None,
    }
}

/// Esc closes a window, gives up a move, or goes back.
fn back_name(s: &Schedule) -> Option<&'static str> {
    if s.windows.is_open() {
        Some("schedule.back_close")
    } else if s.moving.is_some() {
        Some("schedule.back_stay")
    } else {
        None
    }
}

/// While there is a step back that the keys of the call do not take.
fn steps_back(s: &Schedule) -> Enabled {
    says(s.desk.detail().is_none() && !s.call_has_keys(), ELSEWHERE)?;
    let rest = match s.pane {
        Pane::Cases => s.focus == Focus::Cases,
        Pane::Day => true,
        Pane::Batches | Pane::Doctors => false,
    };
    says(!rest || s.moving.is_some() || s.windows.is_open(), ELSEWHERE)
}

/// In a part of the open case that takes no text; in the script the keys of the call open the results.
fn in_call(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Cases)?;
    let parts = [Focus::Flags, Focus::Slots, Focus::Grid];
    says(s.intake.is_some() && parts.contains(&s.focus), ELSEWHERE)?;
    says(s.desk.is_open(), "schedule.why.no_open_call")
}

/// While a case is open and read.
fn has_file(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Cases)?;
    says(s.desk.detail().is_none(), ELSEWHERE)?;
    says(s.file().is_some(), "schedule.why.no_open_case")
}

fn must_agree(s: &Schedule) -> Enabled {
    has_file(s)?;
    says(s.file().is_some_and(|file| !file.consents_missing.is_empty()), "schedule.why.all_agreed")
}

/// While there is a case to show and no text field has the keys.
fn has_record(s: &Schedule) -> Enabled {
    no_text(s)?;
    says(matches!(s.pane, Pane::Cases | Pane::Day), ELSEWHERE)?;
    says(!s.desk.part().is_some_and(|part| matches!(part, Part::Results(_))), ELSEWHERE)?;
    says(s.case_here().is_some(), "schedule.why.no_case")
}

fn in_flags(s: &Schedule) -> Enabled {
    in_slots(s).map_or(Ok(()), |()| Err("schedule.why.flags_before"))?;
    in_focus(s, Focus::Flags)
}

fn in_routing(s: &Schedule) -> Enabled {
    in_focus(s, Focus::Flags).or_else(|_| in_slots(s))
}

fn in_slots(s: &Schedule) -> Enabled {
    in_focus(s, Focus::Slots)
}

/// Once the flags are answered, so that the slots are open.
fn in_open_slots(s: &Schedule) -> Enabled {
    in_focus(s, Focus::Flags).map_or(Ok(()), |()| Err("schedule.why.slots_after"))?;
    in_slots(s)?;
    s.intake.as_ref().and_then(Intake::missing).map_or(Ok(()), Err)
}

fn in_grid(s: &Schedule) -> Enabled {
    in_focus(s, Focus::Grid)
}

fn phase(s: &Schedule) -> Result<Phase, &'static str> {
    in_grid(s).or_else(|_| in_pane(s, Pane::Day))?;
    s.appointment().map(Phase::of).ok_or("schedule.why.no_appointment")
}

fn has_appointment(s: &Schedule) -> Enabled {
    phase(s).map(|_| ())
}

/// While the appointment has not begun.
fn has_booked(s: &Schedule) -> Enabled {
    match phase(s)? {
        Phase::Ahead => Ok(()),
        Phase::Held => Err("schedule.why.only_held"),
        Phase::InProgress => Err("schedule.why.in_progress"),
        Phase::Over => Err("schedule.why.over"),
    }
}

fn has_unfinished(s: &Schedule) -> Enabled {
    match phase(s)? {
        Phase::Ahead | Phase::InProgress => Ok(()),
        Phase::Held => Err("schedule.why.only_held"),
        Phase::Over => Err("schedule.why.over"),
    }
}

/// Also after the end, because the recorded result can be shown.
fn has_result(s: &Schedule) -> Enabled {
    match phase(s)? {
        Phase::Ahead | Phase::InProgress | Phase::Over => Ok(()),
        Phase::Held => Err("schedule.why.only_held"),
    }
}

/// On the grid, because a doctor's day has no free slots to move to.
fn can_move(s: &Schedule) -> Enabled {
    in_grid(s)?;
    has_booked(s)
}

fn on_waiting_row(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Batches)?;
    let waits = s.batches.rows.chosen().is_some_and(super::batches::MarkedRow::waits);
    says(s.batches.in_rows && waits, "schedule.why.no_row")
}

fn has_waiting_rows(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Batches)?;
    says(s.batches.unanswered() > 0, "schedule.why.nothing_to_accept")
}

fn in_doctors(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Doctors)
}

fn on_doctor(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Doctors)?;
    says(s.doctors.chosen().is_some(), "schedule.why.no_doctor")
}

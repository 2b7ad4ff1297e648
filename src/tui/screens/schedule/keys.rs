//! The key table of the screen. A zone's keys work while that zone has the focus; a key that does not work says
//! which step comes first.

use super::intake::Intake;
use super::{Pane, Schedule, Zone};
use crate::domain::actor::Permission as May;
use crate::domain::registration::BatchRowState;
use crate::domain::triage::FlagAnswer;
use crate::tui::call::panel::CallPanel;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Binding, ELSEWHERE, Enabled};
use crate::tui::widgets::list::Step;

/// What keys can do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The main thing of the zone.
    Main,
    /// One step back.
    Back,
    /// To the next zone.
    ZoneNext,
    /// To the zone before.
    ZoneBack,
    /// Move the cursor.
    Move(Step),
    /// To the left: the day before, or the doctor on the left.
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
    ShowDesk,
    /// Hand-over batches.
    ShowBatches,
    /// Doctors and hours.
    ShowDoctors,
    /// Another department on the grid.
    Filter,
    /// Open the case without calling.
    OpenCase,
    /// The call result on a digit.
    Digit(char),
    /// The results behind 0, or the first ones again.
    OtherRow,
    /// A note on the call.
    Note,
    /// Tick the next box of the script.
    Tick,
    /// Take the last tick back.
    Untick,
    /// Give the customer back without a call.
    Release,
    /// Take the last result back.
    Undo,
    /// The number to the clipboard.
    CopyPhone,
    /// See the whole number outside a call.
    Reveal,
    /// Another department for the case.
    NextDepartment,
    /// Video or telephone.
    Video,
    /// Answer the sign under the cursor.
    Say(FlagAnswer),
    /// The next answer of the sign under the cursor.
    Turn,
    /// The next answer of the `n`th sign shown.
    TurnNth(usize),
    /// Everything else is answered no.
    AllNo,
    /// Hold the `n`th free slot.
    Pick(usize),
    /// The customer was told by phone.
    TellByPhone,
    /// Send the appointment SMS.
    TellBySms,
    /// Move the appointment.
    MoveAppointment,
    /// Cancel the appointment.
    CancelAppointment,
    /// The customer was not there.
    NoShow,
    /// The doctor starts.
    Start,
    /// What came of it.
    Result,
    /// Send the row back, or not after all.
    MarkReturn,
    /// Accept the batch.
    Accept,
    /// A new doctor.
    AddDoctor,
    /// New hours.
    AddShift,
}

const ALL: &str = "schedule";
const CASES: &str = "schedule_cases";
const CALL: &str = "schedule_call";
const FLAGS: &str = "schedule_flags";
const SLOTS: &str = "schedule_slots";
const GRID: &str = "schedule_grid";
const BATCHES: &str = "schedule_batches";
const DOCTORS: &str = "schedule_doctors";

const fn key(code: KeyCode) -> Key {
    Key::plain(code)
}

type Row = Binding<Act, Schedule>;

const fn digit(id: &'static str, keys: &'static [Key], cap: char) -> Row {
    Binding::new(CALL, id, keys, Act::Digit(cap)).when(in_call).needs(May::CallIntake).quiet()
}

const fn sign(id: &'static str, keys: &'static [Key], n: usize) -> Row {
    Binding::new(FLAGS, id, keys, Act::TurnNth(n)).when(in_flags).needs(May::Triage).quiet()
}

const fn pick(id: &'static str, keys: &'static [Key], n: usize) -> Row {
    Binding::new(SLOTS, id, keys, Act::Pick(n)).when(in_slots).needs(May::Book).quiet()
}

const fn on_appointment(id: &'static str, keys: &'static [Key], act: Act) -> Row {
    Binding::new(GRID, id, keys, act).when(has_appointment)
}

/// The key table.
pub const BINDINGS: &[Row] = &[
    Binding::new(ALL, "schedule.main", &[key(KeyCode::Enter)], Act::Main).when(has_main),
    Binding::new(ALL, "schedule.back", &[key(KeyCode::Esc)], Act::Back).quiet(),
    Binding::new(ALL, "schedule.next", &[key(KeyCode::Tab)], Act::ZoneNext),
    Binding::new(ALL, "schedule.before", &[key(KeyCode::Tab).with_shift()], Act::ZoneBack).quiet(),
    Binding::new(ALL, "schedule.up", &[key(KeyCode::Up)], Act::Move(Step::Up)).quiet(),
    Binding::new(ALL, "schedule.down", &[key(KeyCode::Down)], Act::Move(Step::Down)).quiet(),
    Binding::new(ALL, "schedule.left", &[key(KeyCode::Left)], Act::Left).quiet(),
    Binding::new(ALL, "schedule.right", &[key(KeyCode::Right)], Act::Right).quiet(),
    Binding::new(ALL, "schedule.day_before", &[key(KeyCode::PageUp)], Act::DayBefore).quiet(),
    Binding::new(ALL, "schedule.day_after", &[key(KeyCode::PageDown)], Act::DayAfter).quiet(),
    Binding::new(ALL, "schedule.today", &[key(KeyCode::Home)], Act::Today).quiet(),
    Binding::new(ALL, "schedule.desk", &[Key::f(2)], Act::ShowDesk).when(off_desk),
    Binding::new(ALL, "schedule.batches", &[Key::f(3)], Act::ShowBatches)
        .when(off_batches)
        .needs(May::Acknowledge),
    Binding::new(ALL, "schedule.doctors", &[Key::f(4)], Act::ShowDoctors)
        .when(off_doctors)
        .needs(May::ManageDoctors),
    Binding::new(CASES, "schedule.open", &[Key::char('o')], Act::OpenCase).when(on_case).needs(May::Triage),
    Binding::new(CASES, "schedule.undo", &[Key::char('u')], Act::Undo).when(can_undo).needs(May::CallIntake),
    Binding::new(CALL, "schedule.talk", &[Key::char('1')], Act::Digit('1'))
        .when(in_call)
        .needs(May::CallIntake),
    digit("schedule.digit_2", &[Key::char('2')], '2'),
    digit("schedule.digit_3", &[Key::char('3')], '3'),
    digit("schedule.digit_4", &[Key::char('4')], '4'),
    digit("schedule.digit_5", &[Key::char('5')], '5'),
    digit("schedule.digit_6", &[Key::char('6')], '6'),
    digit("schedule.digit_7", &[Key::char('7')], '7'),
    digit("schedule.digit_8", &[Key::char('8')], '8'),
    digit("schedule.digit_9", &[Key::char('9')], '9'),
    Binding::new(CALL, "schedule.other", &[Key::char('0')], Act::OtherRow)
        .when(in_call)
        .needs(May::CallIntake),
    Binding::new(CALL, "schedule.note", &[Key::char('n')], Act::Note).when(in_call).needs(May::CallIntake),
    Binding::new(CALL, "schedule.tick", &[Key::char(' ')], Act::Tick).when(has_boxes).needs(May::CallIntake),
    Binding::new(CALL, "schedule.untick", &[key(KeyCode::Backspace)], Act::Untick)
        .when(in_call)
        .quiet()
        .needs(May::CallIntake),
    Binding::new(CALL, "schedule.release", &[Key::char('t')], Act::Release)
        .when(in_call)
        .quiet()
        .needs(May::CallIntake),
    Binding::new(CALL, "schedule.copy", &[Key::char('y')], Act::CopyPhone)
        .when(in_call)
        .needs(May::CallIntake),
    Binding::new(FLAGS, "schedule.no", &[Key::char('k')], Act::Say(FlagAnswer::No))
        .when(in_flags)
        .needs(May::Triage),
    Binding::new(FLAGS, "schedule.yes", &[Key::char('c')], Act::Say(FlagAnswer::Yes))
        .when(in_flags)
        .needs(May::Triage),
    Binding::new(FLAGS, "schedule.unsure", &[Key::char('h')], Act::Say(FlagAnswer::Unsure))
        .when(in_flags)
        .needs(May::Triage),
    Binding::new(FLAGS, "schedule.all_no", &[Key::char('a')], Act::AllNo).when(in_flags).needs(May::Triage),
    Binding::new(FLAGS, "schedule.turn", &[Key::char(' ')], Act::Turn)
        .when(in_flags)
        .quiet()
        .needs(May::Triage),
    sign("schedule.sign_1", &[Key::char('1')], 0),
    sign("schedule.sign_2", &[Key::char('2')], 1),
    sign("schedule.sign_3", &[Key::char('3')], 2),
    sign("schedule.sign_4", &[Key::char('4')], 3),
    sign("schedule.sign_5", &[Key::char('5')], 4),
    sign("schedule.sign_6", &[Key::char('6')], 5),
    sign("schedule.sign_7", &[Key::char('7')], 6),
    sign("schedule.sign_8", &[Key::char('8')], 7),
    sign("schedule.sign_9", &[Key::char('9')], 8),
    sign("schedule.sign_10", &[Key::char('0')], 9),
    Binding::new(FLAGS, "schedule.department", &[Key::char('d')], Act::NextDepartment)
        .when(choosing)
        .needs(May::Triage),
    Binding::new(FLAGS, "schedule.video", &[Key::char('v')], Act::Video).when(choosing).needs(May::Triage),
    pick("schedule.slot_1", &[Key::char('a')], 0),
    pick("schedule.slot_2", &[Key::char('b')], 1),
    pick("schedule.slot_3", &[Key::char('c')], 2),
    pick("schedule.slot_4", &[Key::char('e')], 3),
    pick("schedule.slot_5", &[Key::char('f')], 4),
    pick("schedule.slot_6", &[Key::char('g')], 5),
    on_appointment("schedule.told", &[Key::char('p')], Act::TellByPhone).needs(May::Book),
    on_appointment("schedule.sms", &[Key::char('s')], Act::TellBySms).needs(May::Book),
    on_appointment("schedule.move", &[Key::char('m')], Act::MoveAppointment)
        .when(on_grid_appointment)
        .needs(May::Book),
    on_appointment("schedule.cancel", &[Key::char('x')], Act::CancelAppointment).needs(May::Book),
    on_appointment("schedule.start", &[Key::char('b')], Act::Start).needs(May::RecordResult),
    on_appointment("schedule.result", &[Key::char('r')], Act::Result).needs(May::RecordResult),
    on_appointment("schedule.no_show", &[Key::char('n')], Act::NoShow).needs(May::RecordResult),
    on_appointment("schedule.reveal", &[Key::char('y')], Act::Reveal).needs(May::RevealPhone).quiet(),
    Binding::new(GRID, "schedule.filter", &[Key::char('f')], Act::Filter).when(in_grid),
    Binding::new(BATCHES, "schedule.mark", &[Key::char('x')], Act::MarkReturn)
        .when(on_sent_row)
        .needs(May::Acknowledge),
    Binding::new(BATCHES, "schedule.accept", &[Key::char('a')], Act::Accept)
        .when(has_sent_rows)
        .needs(May::Acknowledge),
    Binding::new(DOCTORS, "schedule.add_doctor", &[Key::char('a')], Act::AddDoctor)
        .when(in_doctors)
        .needs(May::ManageDoctors),
    Binding::new(DOCTORS, "schedule.add_shift", &[Key::char('s')], Act::AddShift)
        .when(on_doctor)
        .needs(May::ManageDoctors),
];

const fn says(holds: bool, why: &'static str) -> Enabled {
    if holds { Ok(()) } else { Err(why) }
}

fn in_pane(s: &Schedule, pane: Pane) -> Enabled {
    says(!s.windowed() && s.pane == pane, ELSEWHERE)
}

fn in_zone(s: &Schedule, zone: Zone) -> Enabled {
    in_pane(s, Pane::Desk)?;
    says(s.zone == zone, ELSEWHERE)
}

fn has_main(s: &Schedule) -> Enabled {
    s.main_works()
}

fn off_desk(s: &Schedule) -> Enabled {
    says(s.pane != Pane::Desk && s.pane != Pane::Day, "schedule.why.here")
}

fn off_batches(s: &Schedule) -> Enabled {
    says(s.pane != Pane::Batches, "schedule.why.here")
}

fn off_doctors(s: &Schedule) -> Enabled {
    says(s.pane != Pane::Doctors, "schedule.why.here")
}

fn on_case(s: &Schedule) -> Enabled {
    in_zone(s, Zone::Cases)?;
    says(s.case_line().is_some(), "schedule.why.no_case")
}

fn can_undo(s: &Schedule) -> Enabled {
    in_zone(s, Zone::Cases)?;
    says(s.last_recorded.is_some(), "schedule.why.nothing_to_undo")
}

fn in_call(s: &Schedule) -> Enabled {
    in_zone(s, Zone::Call)
}

fn has_boxes(s: &Schedule) -> Enabled {
    in_call(s)?;
    let left = s.intake.as_ref().and_then(|i| i.call.as_ref()).is_some_and(CallPanel::has_boxes);
    says(left, "schedule.why.all_ticked")
}

fn in_flags(s: &Schedule) -> Enabled {
    in_zone(s, Zone::Flags)
}

fn choosing(s: &Schedule) -> Enabled {
    in_zone(s, Zone::Flags).or_else(|_| in_zone(s, Zone::Slots))
}

fn in_slots(s: &Schedule) -> Enabled {
    in_zone(s, Zone::Slots)?;
    s.intake.as_ref().and_then(Intake::missing).map_or(Ok(()), Err)
}

fn in_grid(s: &Schedule) -> Enabled {
    in_zone(s, Zone::Grid)
}

fn has_appointment(s: &Schedule) -> Enabled {
    in_zone(s, Zone::Grid).or_else(|_| in_pane(s, Pane::Day))?;
    says(s.appointment().is_some(), "schedule.why.no_appointment")
}

/// Moving needs the grid, which a doctor's day is not.
fn on_grid_appointment(s: &Schedule) -> Enabled {
    in_zone(s, Zone::Grid)?;
    says(s.appointment().is_some(), "schedule.why.no_appointment")
}

fn on_sent_row(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Batches)?;
    let sent = s.batches.row().is_some_and(|row| row.state == BatchRowState::Sent);
    says(s.batches.in_rows && sent, "schedule.why.no_row")
}

fn has_sent_rows(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Batches)?;
    says(s.batches.unanswered() > 0, "schedule.why.nothing_to_accept")
}

fn in_doctors(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Doctors)
}

fn on_doctor(s: &Schedule) -> Enabled {
    in_pane(s, Pane::Doctors)?;
    says(s.doctor().is_some(), "schedule.why.no_doctor")
}

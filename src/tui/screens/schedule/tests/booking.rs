//! Stories of one case from the claimed call to the appointment of which the customer is informed, and of its other
//! ends.

use super::fixture::{Bench, card, claimed, slot, today};
use crate::domain::actor::Role;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::department::Department;
use crate::domain::disposition::Disposition;
use crate::domain::id::{AppointmentId, CaseId, MatterId};
use crate::domain::refusal::Refusal;
use crate::domain::triage::FlagAnswer;
use crate::tui::effect::{Effect, Outcome, Subject};
use crate::tui::say::Say;
use crate::tui::screen::AnyScreen;
use crate::tui::screens::schedule::{Focus, Pane};
use crate::tui::theme::Tone;
use crate::usecase::command::{
    AppointmentRef, Book, CallbackFor, Claim, MatterRef, Method, RecordCall, TellCustomer, ToldBy, Triage,
};
use crate::usecase::{Command, Error, Receipt};
use std::collections::BTreeMap;

const NEED: &str = "bé 3 tuổi ho kéo dài hai tuần, hay sốt";

fn triage(red_flags: &[&str]) -> Command {
    Command::Triage(Triage {
        case: CaseId(1),
        department: Department::Nhi,
        need: NEED.to_owned(),
        screened: Some(2),
        answers: answers(red_flags),
        red_flags: red_flags.iter().map(ToString::to_string).collect(),
        method: Method::Phone,
        method_reason: None,
    })
}

/// Every flag of paediatrics answered no, or the first one acute and no other answered.
fn answers(acute: &[&str]) -> BTreeMap<String, FlagAnswer> {
    if acute.is_empty() {
        let campaign = crate::tui::fixture::ctx(Role::Intake).campaign;
        let flags = campaign.red_flags.for_department(Department::Nhi);
        return flags.iter().map(|flag| (flag.code.clone(), FlagAnswer::No)).collect();
    }
    acute.iter().map(|code| ((*code).to_owned(), FlagAnswer::Yes)).collect()
}

fn book(doctor: i64, time: &str) -> Book {
    let slot = slot(doctor, time);
    Book { case: CaseId(1), doctor: slot.doctor, starts_at: slot.starts_at, minutes: 30 }
}

fn agreed(talk: i64) -> Command {
    Command::RecordCall(RecordCall {
        talk_seconds: Some(talk),
        recording_announced: Some(false),
        ..RecordCall::new(MatterId(6), Disposition::Agreed)
    })
}

fn no(refusal: Refusal) -> Result<Receipt, Error> {
    Err(Error::Refused(refusal))
}

#[test]
fn enter_claims_the_case_under_the_cursor_and_shows_the_whole_number() {
    let mut bench = Bench::open(Role::Intake);
    bench.keys("⏎");
    let claim = Command::Claim(Claim { purpose: Purpose::Intake, matter: Some(MatterId(6)) });
    assert_eq!(bench.command(), Some(&claim));
    bench.answer(Ok(claimed()));
    assert_eq!(bench.screen().focus, Focus::Call);
    assert!(bench.picture(120, 36).contains("0904 123 458"));
    assert!(bench.host.call_open());
}

#[test]
fn an_unanswered_call_costs_three_keys() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("e5");
    let record = RecordCall::new(MatterId(6), Disposition::NoAnswer);
    assert_eq!(bench.command(), Some(&Command::RecordCall(record)));
    bench.answer(Ok(Receipt::Recorded {
        state: MatterState::Waiting,
        next_at: None,
        late: false,
        note_only: false,
    }));
    assert_eq!((bench.screen().focus, bench.host.call_open()), (Focus::Cases, false));
    bench.keys("u");
    assert_eq!(bench.command(), Some(&Command::UndoCall(MatterRef { matter: MatterId(6) })));
    bench.answer(Ok(Receipt::CallUndone { lease_until: today("09:41") }));
    assert_eq!(bench.screen().focus, Focus::Call);
}

#[test]
fn a_whole_booking_is_routed_booked_told_and_closed_in_order() {
    let mut bench = Bench::cleared();
    assert_eq!(bench.screen().focus, Focus::Slots);
    bench.keys("⏎");
    assert_eq!(bench.command(), Some(&triage(&[])));
    bench.answer(Ok(Receipt::Triaged {}));
    assert_eq!(bench.command(), Some(&Command::Book(book(2, "09:30"))));
    bench.answer(Ok(Receipt::Booked { appointment: AppointmentId(77) }));
    let told = TellCustomer { appointment: AppointmentId(77), by: ToldBy::Phone };
    assert_eq!(bench.command(), Some(&Command::TellCustomer(told)));
    bench.answer(Ok(Receipt::Told {}));
    assert_eq!(bench.command(), Some(&agreed(60)));
    bench.answer(Ok(Receipt::Recorded {
        state: MatterState::Closed,
        next_at: None,
        late: false,
        note_only: false,
    }));
    let sentence = Say::key("schedule.done.booked_told")
        .with("name", "Lê Hoà")
        .with("time", "02/12 09:30")
        .with("doctor", "TS.BS Trần Bình");
    assert_eq!(bench.others.last(), Some(&Effect::ok(sentence)));
    assert_eq!((bench.screen().focus, bench.screen().intake.is_none()), (Focus::Cases, true));
}

#[test]
fn a_digit_holds_a_slot_another_digit_another_one_and_leaving_lets_go() {
    let mut bench = Bench::cleared();
    bench.keys("2");
    bench.answer(Ok(Receipt::Triaged {}));
    assert_eq!(bench.command(), Some(&Command::HoldSlot(book(3, "10:00"))));
    bench.answer(Ok(Receipt::SlotHeld { appointment: AppointmentId(70), until: today("09:35") }));
    assert_eq!(bench.command(), None);
    assert!(bench.picture(120, 36).contains("giữ 5'"));
    bench.keys("1");
    assert_eq!(bench.command(), Some(&Command::HoldSlot(book(2, "09:30"))));
    bench.answer(Ok(Receipt::SlotHeld { appointment: AppointmentId(71), until: today("09:35") }));
    bench.keys("⏎");
    assert_eq!(bench.command(), Some(&Command::Book(book(2, "09:30"))));
    bench.answer(no(Refusal::OutsideShift));
    let last = AppointmentRef { appointment: AppointmentId(72) };
    let mut bench = Bench::open_with(Role::Intake, Some(Subject::Case(CaseId(1))));
    bench.keys("bes ho⏎a");
    bench.confirm(true);
    bench.keys("3");
    bench.answer(Ok(Receipt::Triaged {}));
    bench.answer(Ok(Receipt::SlotHeld { appointment: AppointmentId(72), until: today("09:35") }));
    bench.keys("⎋");
    assert_eq!(bench.command(), Some(&Command::ReleaseSlot(last)));
}

#[test]
fn slots_read_anew_keep_the_held_one_and_the_cursor_on_it() {
    let mut bench = Bench::cleared();
    bench.keys("2");
    bench.answer(Ok(Receipt::Triaged {}));
    bench.answer(Ok(Receipt::SlotHeld { appointment: AppointmentId(70), until: today("09:35") }));
    bench.free = vec![slot(2, "09:30"), slot(1, "10:30"), slot(4, "13:00")];
    bench.changed();
    bench.keys("l⏎");
    assert_eq!(bench.command(), Some(&Command::Book(book(3, "10:00"))));
}

#[test]
fn a_hold_runs_out_on_screen_and_says_so() {
    let mut bench = Bench::cleared();
    bench.keys("1");
    bench.answer(Ok(Receipt::Triaged {}));
    bench.answer(Ok(Receipt::SlotHeld { appointment: AppointmentId(70), until: today("09:35") }));
    bench.others.clear();
    bench.tick_to("09:34");
    assert_eq!(bench.others, []);
    bench.tick_to("09:35");
    assert_eq!(bench.others, [Effect::Notice(Tone::Warn, Say::key("schedule.hold_over"))]);
    bench.keys("⏎");
    assert_eq!(bench.command(), Some(&Command::Book(book(2, "09:30"))));
}

#[test]
fn a_taken_slot_keeps_the_form_and_reads_the_slots_anew() {
    let mut bench = Bench::cleared();
    bench.keys("⏎");
    bench.answer(Ok(Receipt::Triaged {}));
    let busy = Refusal::DoctorBusy { at: today("09:30") };
    bench.answer(no(busy.clone()));
    assert_eq!(bench.others.last(), Some(&Effect::failed(&Error::Refused(busy))));
    let intake = bench.screen().intake.as_ref().unwrap();
    assert_eq!(intake.draft.need.text(), NEED);
    assert_eq!(intake.offer.slots.len(), 4);
    bench.keys("↓⏎");
    assert_eq!(bench.command(), Some(&Command::Book(book(3, "10:00"))));
}

#[test]
fn any_yes_or_unsure_goes_to_115_and_never_to_a_slot() {
    for answer in [FlagAnswer::Yes, FlagAnswer::Unsure] {
        let mut bench = Bench::called(Role::Intake);
        bench.keys("⏎");
        bench.keys("bes 3 tuooir ho keos dafi hai tuaafn, hay soots⏎");
        bench.keys(if answer == FlagAnswer::Yes { "ca" } else { "ha" });
        assert_eq!(bench.screen().focus, Focus::Flags);
        bench.keys("⇥");
        bench.keys("1");
        assert_eq!(bench.command(), None);
        bench.keys("⏎");
        assert_eq!(bench.command(), None);
        bench.confirm(true);
        let code = bench.ctx.campaign.red_flags.for_department(Department::Nhi)[0].code.clone();
        let Some(Command::Triage(sent)) = bench.command() else { panic!("not routed") };
        assert_eq!((sent.screened, &sent.red_flags), (Some(2), &vec![code.clone()]));
        assert_eq!(sent.answers, BTreeMap::from([(code, answer)]), "what was not asked has no answer");
        bench.others.clear();
        bench.answer(Ok(Receipt::Diverted115 { seat_freed: true, waiting: false }));
        let Some(Effect::Alarm { id, lines }) = bench.others.first() else { panic!("no alarm") };
        assert_eq!(*id, "schedule.alarm_115");
        assert!(lines.contains(&Say::key("schedule.alarm.call_115")));
        assert!(lines.contains(&Say::Plain("0904 123 458".to_owned())));
        assert!(bench.screen().intake.is_none());
    }
}

#[test]
fn an_emergency_needs_no_typing() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎⏎c⏎");
    bench.confirm(true);
    let Some(Command::Triage(sent)) = bench.command() else { panic!("not routed") };
    let first = &bench.ctx.campaign.red_flags.for_department(Department::NoiTongHop)[0];
    assert_eq!(sent.red_flags, std::slice::from_ref(&first.code));
    assert_eq!(sent.need, first.text.vi);
}

#[test]
fn a_slot_waits_for_need_department_and_every_answer() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎⏎⇥");
    assert_eq!(bench.screen().focus, Focus::Slots);
    bench.keys("1");
    let why = |key| Some(Effect::Notice(Tone::Warn, Say::key(key)));
    assert_eq!(bench.others.pop(), why("schedule.why.no_need"));
    bench.keys("⎋⏎tuw vaasn⏎⇥⏎");
    assert_eq!(bench.others.pop(), why("schedule.why.no_department"));
    bench.keys("d⏎");
    assert_eq!(bench.others.pop(), why("schedule.why.unanswered"));
    bench.keys("v⇥⇥⏎");
    assert_eq!(bench.command(), None);
    assert_eq!(bench.others.pop(), why("schedule.why.no_video_reason"));
    bench.keys("v⏎⇥⏎");
    assert_eq!(bench.others.pop(), why("schedule.why.unanswered"));
}

#[test]
fn video_carries_its_reason() {
    let mut bench = Bench::cleared();
    bench.keys("v");
    bench.keys("xem veets ban⏎");
    bench.keys("⏎");
    let Some(Command::Triage(sent)) = bench.command() else { panic!("not routed") };
    assert_eq!((sent.method, sent.method_reason.as_deref()), (Method::Video, Some("xem vết ban")));
}

#[test]
fn a_promised_callback_takes_its_time_from_the_form() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("e3");
    bench.keys("mai 9:00⏎");
    let Some(Command::RecordCall(record)) = bench.command() else { panic!("not recorded") };
    assert_eq!(record.disposition, Disposition::Callback);
    assert_eq!(record.callback_at, Some(crate::tui::fixture::at("2026-12-03T09:00:00")));
    assert_eq!(record.callback_for, Some(CallbackFor::Anyone));
    bench.answer(no(Refusal::CallbackTimeMissing));
    assert!(bench.screen().desk.detail().is_some());
}

#[test]
fn no_more_calls_is_asked_once() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("e9");
    assert_eq!(bench.command(), None);
    bench.confirm(false);
    assert_eq!(bench.command(), None);
    bench.keys("e9");
    bench.confirm(true);
    assert!(
        matches!(bench.command(), Some(Command::RecordCall(r)) if r.disposition == Disposition::DoNotCall)
    );
}

#[test]
fn what_was_typed_is_there_again_when_the_case_is_called_again() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎ho⎋e5");
    bench.answer(Ok(Receipt::Recorded {
        state: MatterState::Waiting,
        next_at: None,
        late: false,
        note_only: false,
    }));
    bench.keys("⏎");
    bench.answer(Ok(claimed()));
    assert_eq!(bench.screen().intake.as_ref().unwrap().draft.need.text(), "ho");
}

#[test]
fn an_open_call_is_taken_up_again() {
    let mut bench = Bench::open(Role::Intake);
    let effects = bench.host.open(None, &bench.ctx);
    let job = effects.into_iter().find_map(|effect| match effect {
        Effect::Run(job) if job.then == [crate::usecase::Query::OpenCall {}] => Some(job),
        _ => None,
    });
    let call = Some(Box::new(card(1, "Lê Hoà")));
    let outcome: Outcome = Ok((None, vec![crate::usecase::Snapshot::OpenCall { call }]));
    let reply = crate::tui::effect::Reply { ticket: job.unwrap().ticket, outcome };
    bench.host.reply(reply, &bench.ctx);
    assert_eq!(bench.screen().focus, Focus::Call);
}

#[test]
fn a_lost_lease_ends_the_call_and_keeps_the_form() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎ho⎋e5");
    bench.answer(no(Refusal::NotYourLease { holder: None }));
    let intake = bench.screen().intake.as_ref().unwrap();
    assert_eq!((bench.host.call_open(), intake.draft.need.text()), (false, "ho"));
}

#[test]
fn the_lease_is_prolonged_while_the_call_lasts() {
    let mut bench = Bench::called(Role::Intake);
    bench.tick_to("09:31");
    assert_eq!(bench.command(), None);
    bench.tick_to("09:36");
    assert_eq!(bench.command(), Some(&Command::RenewLease(MatterRef { matter: MatterId(6) })));
    assert!(!bench.host.screen.requests.is_saving());
}

#[test]
fn a_case_handed_over_by_another_tab_opens_without_a_call() {
    let bench = Bench::open_with(Role::Intake, Some(Subject::Case(CaseId(8))));
    let screen = bench.screen();
    assert_eq!((screen.pane, screen.focus), (Pane::Cases, Focus::Need));
    assert_eq!(screen.intake.as_ref().map(|i| i.case), Some(CaseId(8)));
    assert!(!bench.host.call_open());
}

#[test]
fn keys_typed_while_a_save_is_in_flight_are_played_afterwards() {
    let mut bench = Bench::open(Role::Intake);
    bench.keys("⏎⏎ho");
    bench.answer(Ok(claimed()));
    assert_eq!(bench.screen().intake.as_ref().unwrap().draft.need.text(), "ho");
}

#[test]
fn a_refused_claim_says_why_and_reads_the_list_anew() {
    let mut bench = Bench::open(Role::Intake);
    bench.keys("⏎");
    let refusal = Refusal::NotYetDue { next_at: today("14:05") };
    bench.answer(no(refusal.clone()));
    assert_eq!(bench.others.last(), Some(&Effect::failed(&Error::Refused(refusal))));
    assert_eq!(bench.screen().focus, Focus::Cases);
}

//! The law of keys on this screen. Each story shows the accident that one of its points prevents.

use super::fixture::{Bench, appointment, cases, file, slot, today};
use crate::domain::actor::Role;
use crate::domain::case::CaseState;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::{AppointmentId, CaseId, MatterId};
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::domain::triage::FlagAnswer;
use crate::tui::effect::{Effect, Subject};
use crate::tui::form::window::{DISCARD, LEAVE};
use crate::tui::input::Key;
use crate::tui::keys::KeyRow;
use crate::tui::say::Say;
use crate::tui::screen::{AnyScreen, Screen};
use crate::tui::screens::schedule::keys::BINDINGS;
use crate::tui::screens::schedule::{Focus, Pane};
use crate::tui::theme::Tone;
use crate::usecase::command::{CaseRef, Claim, Outcome};
use crate::usecase::model::case::CaseFile;
use crate::usecase::{Command, Error, Receipt};

/// The flags of the open case that are answered yes or unsure.
fn acute(bench: &Bench) -> usize {
    bench.screen().intake.as_ref().map_or(0, |intake| intake.checklist.acute().count())
}

/// Whether the cursor of the list is on this case.
fn at_case(bench: &mut Bench, case: i64) {
    assert!(bench.screen_mut().cases.choose(&CaseId(case)));
}

fn chosen(bench: &Bench) -> Option<i64> {
    bench.screen().cases.chosen().map(|line| line.case.0)
}

/// A bench with the cursor on Trần Thị Na's appointment (doctor 3, 09:30), in this state.
fn on_na(state: &str) -> Bench {
    let mut bench = Bench::open(Role::Intake);
    at_case(&mut bench, 7);
    bench.keys("⏎");
    let model = bench.screen_mut().grid.model.as_mut().unwrap();
    let mut line = appointment(25, 7, 3, "Trần Thị Na", "09:30", state);
    line.summary = (state == "done").then(|| "dặn tái khám".to_owned());
    model.doctors[2].appointments = vec![line];
    bench.others.clear();
    bench
}

#[test]
fn a_key_meant_for_a_slot_never_answers_a_flag() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎bes ho⏎");
    let flags = bench.screen().intake.as_ref().unwrap().checklist.flags.len();
    bench.keys(&"k".repeat(flags));
    for digit in "123456".chars() {
        bench.keys(&digit.to_string());
        assert_eq!((acute(&bench), bench.command()), (0, None), "{digit}");
        assert!(bench.notice().contains("Giờ trống mở khi hỏi xong dấu hiệu"), "{}", bench.notice());
    }
    bench.keys("⏎");
    assert_eq!(bench.screen().focus, Focus::Slots);
    for letter in "kcha ".chars() {
        bench.keys(&letter.to_string());
        assert_eq!((acute(&bench), bench.command()), (0, None), "{letter}");
        assert!(bench.notice().contains("Shift-Tab"), "{}", bench.notice());
    }
}

#[test]
fn nobody_is_sent_to_115_without_a_yes_to_a_question_that_names_them() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎bes ho⏎kc⏎");
    assert_eq!(bench.command(), None);
    let (text, consequence) = bench.question().unwrap();
    assert!(text.contains("Lê Hoà") && text.contains("115"), "{text}");
    assert!(consequence.contains("hai phút"), "{consequence}");
    let Some(Effect::Ask(question)) = bench.others.last() else { panic!("nothing was asked") };
    assert_eq!(question.tone, Tone::Danger, "no is the default");
    bench.confirm(false);
    let intake = bench.screen().intake.as_ref().unwrap();
    assert_eq!((bench.command(), bench.screen().focus), (None, Focus::Flags));
    assert_eq!(intake.checklist.flags[1].answer, Some(FlagAnswer::Yes), "nothing is lost");
    assert_eq!(intake.draft.need.text(), "bé ho");
    bench.keys("↑k⏎");
    assert!(bench.question().is_none(), "corrected: nothing is asked any more");
}

#[test]
fn the_reason_for_video_goes_into_its_field_whichever_way_it_was_before() {
    let mut bench = Bench::cleared();
    bench.keys("vxem⏎");
    assert_eq!(bench.screen().focus, Focus::Slots);
    bench.keys("v hack");
    let intake = bench.screen().intake.as_ref().unwrap();
    assert!(intake.draft.video && intake.draft.why.text().ends_with("hack"), "{:?}", intake.draft.why.text());
    assert_eq!(acute(&bench), 0);
    bench.press(Key::ctrl('u'));
    bench.keys("⏎");
    assert!(!bench.screen().intake.as_ref().unwrap().draft.video, "without a reason it is by telephone");
}

#[test]
fn an_answer_never_takes_the_keys_out_of_a_text_field() {
    let mut bench = Bench::open_with(Role::Intake, Some(Subject::Case(CaseId(1))));
    bench.keys("bes ho");
    bench.free.remove(0);
    bench.changed();
    let effects = bench.host.open(None, &bench.ctx);
    assert!(!effects.is_empty());
    bench.keys(" kc");
    assert_eq!(bench.screen().focus, Focus::Need);
    assert_eq!((acute(&bench), bench.screen().intake.as_ref().unwrap().draft.need.text()), (0, "bé ho kc"));
}

#[test]
fn the_cursor_never_follows_a_customer_whom_a_colleague_booked() {
    let mut bench = Bench::open(Role::Intake);
    assert_eq!(chosen(&bench), Some(1));
    bench.cases[0].starts_at = Some(today("09:57"));
    bench.cases[0].due_at = None;
    bench.changed();
    assert_eq!(chosen(&bench), Some(3), "the next one of those to contact");
    bench.keys("⏎");
    let claim = Command::Claim(Claim { purpose: Purpose::Intake, matter: Some(MatterId(14)) });
    assert_eq!(bench.command(), Some(&claim));
    bench.keys("bbeenhj bupj");
    assert!(!bench.jobs.iter().any(|job| matches!(job.command, Some(Command::StartConsultation(_)))));
    assert!(bench.question().is_none());
}

#[test]
fn enter_on_a_busy_row_takes_the_next_customer_whose_turn_it_is() {
    for (busy, next) in [(5, 4), (6, 4), (2, 1)] {
        let mut bench = Bench::open(Role::Intake);
        at_case(&mut bench, busy);
        bench.keys("⏎");
        let claim = Command::Claim(Claim { purpose: Purpose::Intake, matter: Some(MatterId(next * 4 + 2)) });
        assert_eq!(bench.command(), Some(&claim), "{busy}");
        assert!(matches!(bench.others.last(), Some(Effect::Notice(Tone::Info, _))), "it says so");
    }
    let mut bench = Bench::open(Role::Intake);
    for line in &mut bench.cases {
        line.due_at = line.due_at.map(|_| today("14:05"));
    }
    bench.changed();
    bench.keys("⏎");
    assert_eq!(bench.command(), None);
    assert!(bench.notice().contains("14:05"), "{}", bench.notice());
}

#[test]
fn after_a_result_the_next_enter_takes_the_next_customer() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("e5");
    bench.cases[0].due_at = Some(today("13:30"));
    bench.answer(Ok(Receipt::Recorded {
        state: MatterState::Waiting,
        next_at: Some(today("13:30")),
        late: false,
        note_only: false,
    }));
    assert_eq!(chosen(&bench), Some(1), "the cursor stays where it was put");
    bench.keys("⏎");
    let claim = Command::Claim(Claim { purpose: Purpose::Intake, matter: Some(MatterId(14)) });
    assert_eq!(bench.command(), Some(&claim));
}

#[test]
fn a_slot_keeps_its_digit_and_one_that_a_colleague_took_is_refused_with_the_reason() {
    let mut bench = Bench::cleared();
    bench.free = vec![slot(3, "09:00"), slot(3, "10:00"), slot(1, "10:30"), slot(4, "13:00")];
    bench.changed();
    bench.keys("1");
    assert_eq!(bench.command(), None);
    assert!(bench.notice().contains("09:30") && bench.notice().contains("Trần Bình"), "{}", bench.notice());
    bench.keys("⏎");
    assert_eq!(bench.command(), None, "nor by Enter");
    let digits: Vec<_> =
        bench.screen().intake.iter().flat_map(|i| &i.offer.slots).map(|o| o.slot.starts_at.hm()).collect();
    assert_eq!(digits, ["09:30", "10:00", "10:30", "13:00"]);
    bench.keys("2");
    bench.answer(Ok(Receipt::Triaged {}));
    assert!(matches!(bench.command(), Some(Command::HoldSlot(book)) if book.starts_at == today("10:00")));
    bench.answer(Err(Error::Refused(Refusal::DoctorBusy { at: today("10:00") })));
    bench.keys("l1");
    assert!(matches!(bench.command(), Some(Command::HoldSlot(book)) if book.starts_at == today("09:00")));
}

#[test]
fn the_day_of_grid_and_slots_turns_together_while_the_slots_have_the_keys() {
    let mut bench = Bench::cleared();
    let date = |bench: &Bench| {
        let offer = &bench.screen().intake.as_ref().unwrap().offer;
        (bench.screen().grid.date.to_string(), offer.date(bench.ctx.now).to_string())
    };
    let day = |text: &str| (text.to_owned(), text.to_owned());
    bench.keys("⇟");
    assert_eq!(date(&bench), day("2026-12-03"));
    bench.keys("→→");
    assert_eq!(date(&bench), day("2026-12-04"));
    bench.keys("⇱");
    assert_eq!(date(&bench), day("2026-12-02"));
    bench.keys("⇞");
    assert_eq!(date(&bench), day("2026-12-02"));
    bench.keys("⇥⇟");
    assert_eq!(date(&bench), ("2026-12-03".to_owned(), "2026-12-02".to_owned()), "the grid alone has them");
}

#[test]
fn a_consultation_starts_by_a_yes_to_a_question_that_says_how_early_it_is() {
    let mut bench = on_na("booked");
    bench.ctx.now = today("09:03");
    bench.keys("b");
    assert_eq!(bench.command(), None);
    let (text, _) = bench.question().unwrap();
    assert!(text.contains("Trần Thị Na") && text.contains("27 phút"), "{text}");
    bench.confirm(false);
    assert_eq!(bench.command(), None);
    bench.ctx.now = crate::tui::fixture::at("2026-12-01T09:00:00");
    bench.keys("b");
    assert!(bench.question().is_none() && bench.notice().contains("02/12 09:30"), "{}", bench.notice());
}

#[test]
fn before_the_hour_nobody_can_be_a_no_show_and_the_key_says_so() {
    let mut bench = on_na("told");
    bench.ctx.now = today("09:29");
    bench.keys("n");
    assert_eq!((bench.command(), bench.question()), (None, None));
    assert!(bench.notice().contains("02/12 09:30"), "{}", bench.notice());
    bench.keys("r ⏎");
    assert_eq!((bench.command(), bench.question()), (None, None), "nor by the form");
    let mut bench = on_na("told");
    bench.keys("n");
    let Some(Effect::Ask(question)) = bench.others.last() else { panic!("nothing was asked") };
    assert_eq!(question.tone, Tone::Danger, "no is the default");
}

#[test]
fn a_result_that_is_on_record_is_shown_and_nothing_is_asked_for() {
    let mut bench = on_na("done");
    bench.file = Some(CaseFile {
        appointments: bench.screen().grid.model.as_ref().unwrap().doctors[2].appointments.clone(),
        ..file(7, "consulted")
    });
    bench.keys("r");
    assert!(!bench.screen().windows.is_open());
    let Some(Effect::Show { lines, .. }) = bench.others.last() else { panic!("nothing is shown") };
    assert!(lines.iter().any(|say| say.text(bench.ctx.lang) == "dặn tái khám"), "{lines:?}");
    for key in "psmxbn".chars() {
        bench.keys(&key.to_string());
        assert!(bench.notice().contains("đã xong"), "{key}: {}", bench.notice());
    }
    assert_eq!(bench.command(), None);
}

#[test]
fn a_consultation_is_not_done_without_a_summary() {
    let mut bench = on_na("in_progress");
    bench.keys("r⏎⏎");
    assert_eq!((bench.command(), bench.question()), (None, None));
    let window = bench.screen().windows.get().unwrap();
    assert!(window.form.focused().is_some_and(|item| item.id == "summary" && item.error.is_some()));
    bench.keys("dawnj uoongs nuwowsc⏎");
    assert!(bench.question().is_some_and(|(text, _)| text.contains("Trần Thị Na")));
    bench.confirm(true);
    assert!(matches!(bench.command(), Some(Command::RecordResult(r)) if r.outcome == Outcome::Done));
}

#[test]
fn moving_says_at_once_what_to_do() {
    let mut bench = on_na("booked");
    assert!(!bench.picture(80, 24).contains("Đang dời"));
    bench.keys("m");
    assert!(bench.picture(120, 36).contains("Đang dời lịch của Trần Thị Na: chọn ô trống, Enter; Esc thôi"));
    assert!(bench.picture(80, 24).contains("Đang dời lịch của Trần Thị Na"));
    bench.keys("⎋");
    assert!(!bench.picture(80, 24).contains("Đang dời"));
}

#[test]
fn opening_a_booked_case_leads_to_its_appointment() {
    let mut bench = Bench::open(Role::Intake);
    at_case(&mut bench, 7);
    bench.keys("o");
    assert_eq!(bench.screen().focus, Focus::Grid);
    assert!(bench.screen().intake.is_none());
    assert_eq!(bench.screen().appointment().map(|line| line.appointment), Some(AppointmentId(25)));
}

/// A desk that has just sent case 1 to 115.
fn diverted() -> Bench {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎tuw vaasn⏎c⏎");
    bench.confirm(true);
    bench.answer(Ok(Receipt::Diverted115 { seat_freed: true, waiting: false }));
    bench
}

#[test]
fn a_diversion_is_corrected_by_its_key_whose_time_is_shown_and_runs_out() {
    let mut bench = diverted();
    let (_, say) = bench.screen().standing(&bench.ctx).unwrap();
    assert!(say.text(bench.ctx.lang).contains("còn 02:00"), "{}", say.text(bench.ctx.lang));
    let named = BINDINGS.iter().map(|row| row.row(bench.screen())).find(|row| row.id == "schedule.undo");
    assert_eq!(named.map(|row| (row.name, row.in_footer)), Some(("schedule.undo_divert", true)));
    bench.keys("u");
    assert_eq!(bench.command(), Some(&Command::UndoTriage(CaseRef { case: CaseId(1) })));
    bench.answer(Ok(Receipt::TriageUndone { state: CaseState::Contacted, lease_until: None }));
    assert_eq!(bench.notice(), "Đã lấy lại việc chuyển 115: hồ sơ Lê Hoà như trước.");
    let intake = bench.screen().intake.as_ref().unwrap();
    assert_eq!((intake.case, intake.draft.need.text()), (CaseId(1), "tư vấn"), "nothing typed is lost");
    assert_eq!(intake.checklist.unanswered(), intake.checklist.flags.len(), "the flags are asked again");

    let mut late = diverted();
    late.tick_to("09:33");
    assert!(late.screen().standing(&late.ctx).is_none());
    late.keys("u");
    assert_eq!(late.command(), None);
}

#[test]
fn the_alarm_says_that_the_seat_is_passed_on_only_when_a_customer_waits() {
    for (waiting, wanted) in [(true, "schedule.alarm.seat_passed_on"), (false, "schedule.alarm.seat_freed")] {
        let mut bench = Bench::called(Role::Intake);
        bench.keys("⏎⏎c⏎");
        bench.confirm(true);
        bench.others.clear();
        bench.answer(Ok(Receipt::Diverted115 { seat_freed: true, waiting }));
        let Some(Effect::Alarm { lines, .. }) = bench.others.first() else { panic!("no alarm") };
        assert!(lines.contains(&Say::key(wanted).with("until", "09:32")), "{lines:?}");
    }
}

#[test]
fn undo_names_the_result_and_the_customer() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("e5");
    bench.answer(Ok(Receipt::Recorded {
        state: MatterState::Waiting,
        next_at: None,
        late: false,
        note_only: false,
    }));
    bench.keys("u");
    bench.others.clear();
    bench.answer(Ok(Receipt::CallUndone { lease_until: today("09:41") }));
    assert!(bench.notice().contains("Không nghe") && bench.notice().contains("Lê Hoà"), "{}", bench.notice());
    assert_eq!(bench.screen().focus, Focus::Call);
}

#[test]
fn digits_end_a_call_only_after_the_results_were_opened_and_esc_closes_them() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("5");
    assert_eq!(bench.command(), None);
    bench.keys("⏎bes ho⏎a");
    bench.confirm(true);
    assert_eq!(bench.screen().focus, Focus::Slots);
    bench.keys("e⎋");
    assert_eq!(bench.screen().focus, Focus::Slots, "one step back");
    bench.keys("e⇥⇥⇥");
    bench.keys("⎋");
    bench.keys("5");
    assert_eq!(bench.command(), None, "results that lost the keys are closed");
}

#[test]
fn a_window_in_which_something_was_typed_asks_before_it_goes_and_keeps_the_text() {
    let mut bench = Bench::open(Role::VinmecLead);
    bench.press(Key::f(5));
    bench.keys("aVux Quaan⎋");
    assert!(bench.screen().windows.is_open());
    let Some(Effect::Ask(question)) = bench.others.last() else { panic!("nothing was asked") };
    assert_eq!((question.id, question.on_esc), (DISCARD, Some(LEAVE)));
    bench.host.answered(LEAVE, true, &bench.ctx);
    assert!(!bench.screen().windows.is_open());
    bench.keys("a");
    assert_eq!(bench.screen().windows.get().map(|window| window.form.text("name")), Some("Vũ Quân"));
}

/// The screen in every kind of state.
fn states() -> Vec<Bench> {
    let after = |bench: Bench, keys: &str| {
        let mut bench = bench;
        bench.keys(keys);
        bench.others.clear();
        bench
    };
    let intake = || Bench::open(Role::Intake);
    let called = || Bench::called(Role::Intake);
    let on_pane = |n: u8, keys: &str| {
        let mut bench = Bench::open(Role::VinmecLead);
        bench.press(Key::f(n));
        after(bench, keys)
    };
    // The windows of the patient open over the script, too.
    let asked = |n: u8, keys: &str| {
        let mut bench = called();
        bench.screen_mut().intake.as_mut().unwrap().file = Some(super::patient::with_a_past());
        bench.keys(keys);
        bench.press(Key::f(n));
        bench
    };
    vec![
        intake(),
        after(intake(), "/mi"),
        after(intake(), "/mi⏎"),
        after(intake(), "⇥"),
        on_na("booked"),
        on_na("held"),
        on_na("in_progress"),
        on_na("done"),
        after(on_na("booked"), "m"),
        after(on_na("booked"), "x"),
        after(on_na("in_progress"), "r"),
        called(),
        asked(6, ""),
        asked(6, "⏎"),
        asked(7, "⏎"),
        after(Bench::open(Role::Doctor), "g"),
        after(called(), "e"),
        after(called(), "e0"),
        after(called(), "e3"),
        after(called(), "n"),
        after(called(), "⏎bes ho"),
        after(called(), "⏎bes ho⏎"),
        after(called(), "⏎bes ho⏎kkv"),
        after(called(), "⏎bes ho⏎c"),
        Bench::cleared(),
        after(Bench::cleared(), "⇥"),
        Bench::open_with(Role::Intake, Some(Subject::Case(CaseId(8)))),
        on_pane(3, ""),
        on_pane(3, "⏎↓"),
        on_pane(3, "⏎↓x"),
        on_pane(5, ""),
        on_pane(5, "a"),
        Bench::open(Role::Doctor),
        after(Bench::open(Role::Doctor), "↓r"),
    ]
}

const TWO: &[Key] = &[Key::char('2')];

/// Two rows that work at the same time and share a key.
fn doubled(rows: &[KeyRow]) -> Vec<String> {
    let live: Vec<_> = rows.iter().filter(|row| row.enabled.is_ok()).collect();
    let pairs = live.iter().enumerate().flat_map(|(i, a)| live[i + 1..].iter().map(move |b| (a, b)));
    pairs
        .filter(|(a, b)| a.keys.iter().any(|key| b.keys.contains(key)))
        .map(|(a, b)| format!("{} and {}", a.id, b.id))
        .collect()
}

#[test]
fn in_no_state_does_a_key_mean_two_things() {
    for (n, bench) in states().iter().enumerate() {
        assert_eq!(doubled(&bench.host.rows(&bench.ctx)), Vec::<String>::new(), "state {n}");
    }
    let bench = Bench::cleared();
    let mut rows = bench.host.rows(&bench.ctx);
    let flag = BINDINGS.iter().find(|row| row.id == "schedule.yes").unwrap();
    rows.push(KeyRow { keys: TWO, enabled: Ok(()), ..flag.row(bench.screen()) });
    assert_eq!(doubled(&rows), ["schedule.slot_2 and schedule.yes"], "a flag on the key of a slot is found");
}

#[test]
fn ten_esc_arrive_at_rest_from_everywhere_and_lose_no_text() {
    for (n, mut bench) in states().into_iter().enumerate() {
        let called = bench.host.call_open();
        for _ in 0..10 {
            bench.keys("⎋");
            if let Some(Effect::Ask(question)) = bench.others.pop() {
                let id = question.on_esc.unwrap_or(question.id);
                bench.host.answered(id, question.on_esc.is_some(), &bench.ctx);
            }
            if let Some(Command::ReleaseSlot(_)) = bench.command() {
                bench.answer(Ok(Receipt::SlotReleased {}));
            }
        }
        let screen = bench.screen();
        let rest = if called { Focus::Call } else { Focus::Cases };
        assert!(!screen.is_windowed() && screen.list().is_none_or(|list| list.field().is_none()), "{n}");
        assert_eq!((screen.focus, bench.host.call_open()), (rest, called), "state {n}");
        assert!(matches!(screen.pane, Pane::Cases | Pane::Day), "state {n}");
    }
}

#[test]
fn the_keys_of_the_inbound_call_and_of_the_tasks_are_free() {
    for row in BINDINGS {
        for key in [Key::f(1), Key::f(4), Key::f(8), Key::f(9), Key::f(10), Key::f(12)] {
            assert!(!row.keys.contains(&key), "{} is {key}", row.id);
        }
        assert!(!row.keys.iter().any(|key| key.ctrl || key.alt), "{}", row.id);
    }
}

#[test]
fn a_letter_typed_for_something_else_answers_no_flag() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎bes ho⏎");
    assert_eq!(bench.screen().focus, Focus::Flags);
    let open = bench.screen().intake.as_ref().map(|intake| intake.checklist.unanswered());
    bench.keys("a");
    let Some(Effect::Ask(question)) = bench.others.last() else { panic!("nothing was asked") };
    assert!(!question.starts_with_yes() && question.text.text(Lang::Vi).contains("Lê Hoà"));
    bench.confirm(false);
    assert_eq!(bench.screen().intake.as_ref().map(|intake| intake.checklist.unanswered()), open);
    bench.keys("a");
    bench.confirm(true);
    assert_eq!(bench.screen().focus, Focus::Slots);
}

#[test]
fn a_customer_whom_nobody_may_call_any_more_leaves_the_cursor_with_those_who_wait() {
    let mut bench = Bench::open(Role::Intake);
    let next = bench.screen().cases.shown().nth(1).map(|line| line.case.0);
    let mut cases = cases();
    let chosen = chosen(&bench);
    for line in cases.iter_mut().filter(|line| Some(line.case.0) == chosen) {
        line.due_at = None;
    }
    let ctx = bench.ctx.clone();
    bench.screen_mut().cases.take(super::super::cases::ordered(cases), &ctx);
    assert_eq!(super::law::chosen(&bench), next);
}

#[test]
fn results_that_were_open_record_nothing_on_another_pane() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("e");
    bench.press(Key::f(3));
    assert_eq!(bench.screen().pane, Pane::Batches);
    for digit in "123456789".chars() {
        bench.keys(&digit.to_string());
    }
    assert_eq!(bench.command(), None);
    assert!(doubled(&bench.host.rows(&bench.ctx)).is_empty());
}

//! The patient on Vinmec's screen: birth year, who must agree, the whole record, and a doctor's review of the screening.

use super::fixture::{Bench, appointment, file, key, today};
use super::story::{choose, desk, through, through_as};
use crate::domain::actor::Role;
use crate::domain::consent::ConsentParty;
use crate::domain::department::Department;
use crate::domain::id::CaseId;
use crate::domain::refusal::Refusal;
use crate::domain::task::TaskKind;
use crate::domain::triage::{FlagAnswer, ReviewVerdict};
use crate::tui::effect::Effect;
use crate::tui::input::Key;
use crate::tui::screen::AnyScreen;
use crate::tui::screens::schedule::Focus;
use crate::usecase::command::{
    CaseRef, Channel, Nothing, Patient, RecordBirthYear, RecordConsent, Register, ReviewScreening,
};
use crate::usecase::door::Door;
use crate::usecase::fixture::{CUSTOMERS, ask, at, form, hotline, number, run};
use crate::usecase::model::case::{CaseFile, DepartmentLine, ReviewLine, ScreeningLine};
use crate::usecase::{Command, Error, Query, Receipt, Snapshot};

const NINE: &str = "2026-12-02T09:00";

/// One registration of an adult other than the customer, handed over.
fn for_another_adult() -> Door {
    let door = hotline();
    let patient =
        Patient { name: "Lê Thị Mai".to_owned(), birth_year: 1960, representative: None, agrees: None };
    let register = Register { patient: Some(patient), ..form(CUSTOMERS[0].0, Channel::Inbound9090) };
    run(&door, "lan", at("2026-12-01T09:00"), Command::Register(register)).unwrap();
    run(&door, "ha", at("2026-12-01T09:30"), Command::HandOver(Nothing {})).unwrap();
    door
}

/// One registration without a birth year, handed over.
fn without_a_year() -> Door {
    let door = hotline();
    let register = Command::Register(form(CUSTOMERS[0].0, Channel::Inbound9090));
    run(&door, "lan", at("2026-12-01T09:00"), register).unwrap();
    run(&door, "ha", at("2026-12-01T09:30"), Command::HandOver(Nothing {})).unwrap();
    door
}

fn open_file(bench: &Bench) -> &CaseFile {
    bench.screen().file().expect("no case is open")
}

#[test]
fn another_adult_is_asked_in_the_call_and_the_answer_is_kept_with_notice_time_and_nurse() {
    let door = for_another_adult();
    let mut bench = desk(&door);
    let mut keys = through(&door, at(NINE));
    bench.keys_through("⏎⏎", &mut keys);
    assert_eq!(open_file(&bench).consents_missing, [ConsentParty::Patient]);
    let picture = bench.picture(80, 24);
    assert!(picture.contains("Lê Thị Mai (1960)") && picture.contains("✓ khách"), "{picture}");
    assert!(picture.contains("⚠ F7 hỏi người được tư vấn"), "{picture}");

    bench.keys_through("huyeets", &mut keys);
    bench.strike(Key::f(7));
    let picture = bench.picture(80, 24);
    let read = picture.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for part in ["Hỏi đồng ý: người được tư vấn", "xử lý họ tên", "Không trả lời không có nghĩa là đồng ý."]
    {
        assert!(read.contains(part), "{part}: {picture}");
    }
    assert!(read.contains("để được tư vấn không ạ?"), "the question is read out whole: {picture}");
    bench.keys_through("⏎", &mut keys);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent WHERE party = 'patient'"), 0, "nothing is chosen");
    bench.keys_through("→⇥con gais⏎", &mut keys);
    let open = open_file(&bench);
    assert!(open.consents_missing.is_empty(), "{:?}", bench.others);
    let own = open.consents.iter().find(|line| line.party == ConsentParty::Patient).unwrap();
    assert_eq!((own.given, own.by.as_str(), own.at), (true, "Thu", at(NINE)));
    assert_eq!(own.spoken_by.as_deref(), Some("con gái"));
    assert_eq!(own.notice_version, bench.ctx.campaign.notice.version);
    let intake = bench.screen().intake.as_ref().unwrap();
    assert_eq!((intake.draft.need.text(), bench.screen().focus), ("huyết", Focus::Need), "nothing is lost");
    assert!(bench.picture(80, 24).contains("✓ khách, người được tư vấn"));
    bench.strike(Key::f(7));
    assert!(bench.notice().contains("đã đồng ý"), "{}", bench.notice());
}

#[test]
fn a_booking_without_the_consent_of_all_asks_first_and_names_who_has_not_agreed() {
    let door = for_another_adult();
    let mut bench = desk(&door);
    let mut keys = through(&door, at(NINE));
    let booked = || number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'told'");
    bench.keys_through("⏎⏎", &mut keys);
    bench.keys_through("huyeets aps cao⏎a", &mut keys);
    bench.confirm(true);
    bench.keys_through("2⏎", &mut keys);
    let (text, consequence) = bench.question().expect("it asks first");
    assert!(text.contains("Lê Thị Mai") && text.contains("người được tư vấn"), "{text}");
    assert!(consequence.contains("F7"), "{consequence}");
    bench.confirm(false);
    bench.settle(&mut keys);
    assert_eq!((booked(), number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'held'")), (0, 1));

    // Control: once they agreed, nothing is asked.
    bench.strike(Key::f(7));
    bench.keys_through("→⏎", &mut keys);
    assert!(open_file(&bench).consents_missing.is_empty(), "{:?}", bench.others);
    bench.keys_through("⏎", &mut keys);
    assert_eq!(booked(), 1, "{:?}", bench.others);
}

#[test]
fn a_no_asks_first_naming_the_patient_and_then_ends_case_and_call() {
    let door = for_another_adult();
    let mut bench = desk(&door);
    let mut keys = through(&door, at(NINE));
    bench.keys_through("⏎⏎", &mut keys);
    bench.strike(Key::f(7));
    bench.keys_through("→→⏎", &mut keys);
    let (text, consequence) = bench.question().expect("it asks first");
    assert!(text.contains("Lê Thị Mai") && consequence.contains("suất"), "{text} {consequence}");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent WHERE party = 'patient'"), 0);
    bench.confirm(false);
    assert!(bench.screen().windows.is_open() && bench.jobs.is_empty(), "no: the window is as it was");
    bench.keys_through("⏎", &mut keys);
    bench.confirm(true);
    bench.settle(&mut keys);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'withdrawn'"), 1);
    assert!(bench.screen().intake.is_none() && !bench.screen().desk.is_open());
    assert!(bench.notice().contains("Lê Thị Mai") && bench.notice().contains("suất"), "{}", bench.notice());
}

#[test]
fn a_birth_year_is_asked_where_none_is_on_file_and_a_childs_asks_for_mother_and_child() {
    let door = without_a_year();
    let mut bench = desk(&door);
    let mut keys = through(&door, at(NINE));
    bench.keys_through("⏎⏎", &mut keys);
    assert!(bench.picture(80, 24).contains("⚠ F6 năm sinh"));
    bench.strike(Key::f(6));
    bench.keys_through("3000⏎", &mut keys);
    assert!(bench.screen().windows.is_open() && bench.jobs.is_empty(), "nobody is born in that year");
    bench.strike(Key::ctrl('u'));
    bench.keys_through("2015⏎", &mut keys);
    assert!(bench.screen().windows.is_open() && bench.jobs.is_empty(), "a child needs somebody to speak");
    bench.keys_through("Leee Thij Mai⇥mej⏎", &mut keys);
    let open = open_file(&bench);
    assert_eq!(open.birth_year, Some(2015), "{:?}", bench.others);
    assert_eq!(open.consents_missing, [ConsentParty::Representative, ConsentParty::Child]);
    assert!(bench.notice().contains("F7"), "{}", bench.notice());
    assert_eq!(bench.screen().intake.as_ref().unwrap().checklist.department, Department::Nhi, "under 16");
    for _ in 0..2 {
        bench.strike(Key::f(7));
        bench.keys_through("→⏎", &mut keys);
    }
    assert!(open_file(&bench).consents_missing.is_empty(), "{:?}", bench.others);
}

#[test]
fn a_birth_year_of_a_child_leads_back_from_the_slots_to_the_signs_that_were_not_asked() {
    let door = without_a_year();
    let mut bench = desk(&door);
    let mut keys = through(&door, at(NINE));
    bench.keys_through("⏎⏎", &mut keys);
    bench.keys_through("huyeets aps cao⏎a", &mut keys);
    bench.confirm(true);
    bench.keys_through("1", &mut keys);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM screening"), 1, "{:?}", bench.others);
    assert_eq!(bench.screen().focus, Focus::Slots);
    bench.strike(Key::f(6));
    bench.keys_through("2014⏎Leee Thij Mai⇥mej⏎", &mut keys);
    let screen = bench.screen();
    let checklist = &screen.intake.as_ref().unwrap().checklist;
    assert_eq!((screen.focus, checklist.department), (Focus::Flags, Department::Nhi), "{:?}", bench.others);
    assert!(checklist.unanswered() > 0 && checklist.flags[checklist.at].answer.is_none());
    assert!(bench.notice().contains("trẻ"), "{}", bench.notice());
    bench.keys_through("a", &mut keys);
    bench.confirm(true);
    bench.keys_through("1", &mut keys);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM screening WHERE list = 'nhi'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'held'"), 1);
}

#[test]
fn a_refused_year_stays_typed_and_one_on_record_can_be_corrected() {
    let mut bench = Bench::called(Role::Intake);
    bench.press(Key::f(6));
    assert_eq!(bench.screen().windows.get().unwrap().form.text("birth_year"), "2023", "as it is on record");
    bench.press(Key::ctrl('u'));
    bench.keys("2019⏎");
    let year = RecordBirthYear { case: CaseId(1), birth_year: 2019, representative: None };
    assert_eq!(bench.command(), Some(&Command::RecordBirthYear(year)), "the mother is on record");
    bench.answer(Err(Error::Refused(Refusal::CaseNotReady { state: "withdrawn".to_owned() })));
    assert_eq!(bench.screen().windows.get().unwrap().form.text("birth_year"), "2019");
    let picture = bench.picture(80, 24);
    assert!(picture.contains('✗'), "the rule is named: {picture}");
}

#[test]
fn without_an_open_case_both_keys_say_what_comes_first() {
    let mut bench = Bench::open(Role::Intake);
    for n in [6, 7] {
        bench.press(Key::f(n));
        assert!(bench.notice().contains("mở hồ sơ"), "{}", bench.notice());
    }
}

/// A case that went to two departments, was read out to twice, and was reviewed.
pub fn with_a_past() -> CaseFile {
    let line = |time: &str, version, undone: Option<&str>| ScreeningLine {
        at: today(time),
        by: "Thu".to_owned(),
        list: Department::Nhi,
        version,
        answers: [
            ("seizure", FlagAnswer::No),
            ("hard_to_wake", FlagAnswer::Unsure),
            ("old_sign", FlagAnswer::No),
        ]
        .map(|(code, answer)| (code.to_owned(), answer))
        .to_vec(),
        undone_at: undone.map(today),
    };
    let step =
        |time: &str, department, by: &str| DepartmentLine { at: today(time), department, by: by.to_owned() };
    CaseFile {
        consents_missing: vec![ConsentParty::Child],
        departments: vec![
            step("08:10", Department::NoiTongHop, "Thu"),
            step("09:02", Department::Nhi, "Quân"),
        ],
        screenings: vec![line("08:10", 2, Some("08:11")), line("09:02", 3, None)],
        reviews: vec![ReviewLine {
            at: today("09:20"),
            by: "Bác sĩ Mai".to_owned(),
            verdict: ReviewVerdict::ShouldHaveBeen115,
            note: Some("bé đã li bì".to_owned()),
        }],
        ..file(1, "triaged")
    }
}

#[test]
fn the_record_shows_who_agreed_every_department_with_who_chose_and_every_answer() {
    let mut bench = Bench::open(Role::Intake);
    bench.file = Some(with_a_past());
    bench.press(key('i'));
    let Some(Effect::Show { lines, .. }) = bench.others.last() else { panic!("{:?}", bench.others) };
    let text: Vec<String> = lines.iter().map(|line| line.text(bench.ctx.lang)).collect();
    insta::assert_snapshot!("record", text.join("\n"));
    bench.ctx.lang = crate::domain::lang::Lang::En;
    bench.press(key('i'));
    let Some(Effect::Show { lines, .. }) = bench.others.last() else { panic!("{:?}", bench.others) };
    let text: Vec<String> = lines.iter().map(|line| line.text(bench.ctx.lang)).collect();
    insta::assert_snapshot!("record_en", text.join("\n"));
    let opened = Command::OpenCase(CaseRef { case: CaseId(1) });
    bench.strike(key('i'));
    assert!(bench.jobs.iter().any(|job| job.command == Some(opened.clone())), "looking is written down");
}

#[test]
fn in_the_need_the_letter_is_text() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎i");
    assert_eq!(bench.screen().intake.as_ref().unwrap().draft.need.text(), "i");
}

#[test]
fn a_doctors_review_asks_naming_the_patient_and_keeps_what_was_typed_when_refused() {
    let mut bench = Bench::open(Role::Doctor);
    bench.keys("g⏎");
    assert_eq!(bench.command(), None, "a verdict must be chosen");
    bench.keys("→⇥ddau nguwjc tuwf hoom qua⏎");
    let (text, consequence) = bench.question().expect("it asks first");
    assert!(text.contains("115") && text.contains("Đỗ Lan Anh"), "{text}");
    assert!(consequence.contains("không lấy lại được"), "{consequence}");
    bench.confirm(true);
    let review = ReviewScreening {
        case: CaseId(21),
        verdict: ReviewVerdict::ShouldHaveBeen115,
        note: Some("đau ngực từ hôm qua".to_owned()),
    };
    assert_eq!(bench.command(), Some(&Command::ReviewScreening(review)));
    bench.answer(Err(Error::Refused(Refusal::CaseNotReady { state: "new".to_owned() })));
    assert_eq!(bench.screen().windows.get().unwrap().form.text("note"), "đau ngực từ hôm qua");
    bench.keys("⏎");
    bench.confirm(true);
    bench.answer(Ok(Receipt::ScreeningReviewed {}));
    assert!(!bench.screen().windows.is_open() && bench.notice().contains("F12"), "{}", bench.notice());
}

#[test]
fn a_review_by_keys_is_a_task_of_who_signs_the_list() {
    let door = without_a_year();
    let mut bench = desk(&door);
    let mut keys = through(&door, at(NINE));
    bench.keys_through("⏎⏎huyeets aps cao⏎a", &mut keys);
    bench.confirm(true);
    bench.keys_through("1⏎", &mut keys);
    bench.ctx.actor.role = Role::VinmecLead;
    bench.arrive(None);
    let mut lead = through_as(&door, "quan", at(NINE));
    bench.settle(&mut lead);
    choose(&mut bench, 1);
    bench.keys_through("⏎g→→⏎", &mut lead);
    bench.confirm(true);
    bench.settle(&mut lead);
    let query =
        Query::Tasks { mine: false, state: None, kind: Some(TaskKind::RedFlagReview), offset: 0, limit: 50 };
    let Snapshot::Tasks(page) = ask(&door, "quan", at(NINE), query).unwrap() else { panic!("no tasks") };
    assert_eq!(page.total, 1);
    assert_eq!(page.tasks[0].name.as_deref(), Some(CUSTOMERS[0].1));
}

#[test]
fn who_may_not_review_has_no_key_for_it() {
    let mut bench = Bench::open(Role::Intake);
    choose(&mut bench, 7);
    bench.keys("⏎");
    let model = bench.screen_mut().grid.model.as_mut().unwrap();
    model.doctors[2].appointments = vec![appointment(25, 7, 3, "Trần Thị Na", "09:30", "told")];
    bench.keys("g");
    assert!(!bench.screen().windows.is_open() && bench.command().is_none());
}

#[test]
fn a_consent_window_that_was_left_keeps_what_was_typed() {
    let mut bench = Bench::called(Role::Intake);
    bench.screen_mut().intake.as_mut().unwrap().file = Some(with_a_past());
    bench.press(Key::f(7));
    bench.keys("→⇥Lê Hoà");
    bench.keys("⎋");
    let Some(Effect::Ask(question)) = bench.others.pop() else {
        panic!("typed text is not dropped unasked: {:?}", bench.others)
    };
    bench.host.answered(question.on_esc.unwrap(), true, &bench.ctx);
    bench.press(Key::f(7));
    bench.keys("⏎");
    let own = RecordConsent {
        case: CaseId(1),
        party: ConsentParty::Child,
        given: true,
        spoken_by: Some("Lê Hoà".to_owned()),
    };
    assert_eq!(bench.command(), Some(&Command::RecordConsent(own)));
}

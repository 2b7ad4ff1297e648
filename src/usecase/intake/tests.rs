//! The intake desk through the door.

use super::fixture::{booked, cases, hand_over, register, slot, triage};
use crate::domain::case::CaseState;
use crate::domain::consent::Representative;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::department::Department;
use crate::domain::id::{BatchId, CaseId};
use crate::domain::triage::{FlagAnswer, ReviewVerdict};
use crate::store::counter;
use crate::usecase::command::{
    AppointmentRef, CaseRef, Claim, Command, GivenRepresentative, Method, MoveAppointment, Nothing,
    RecordBirthYear, ReviewScreening, SetQuota, Triage,
};
use crate::usecase::ctx::When;
use crate::usecase::door::{Door, Request};
use crate::usecase::error::Error;
use crate::usecase::fixture::{ask, at, counted, hotline, id, number, rule, run, sql, state};
use crate::usecase::model::case::{CaseFile, CaseLine};
use crate::usecase::query::{Query, Snapshot};
use crate::usecase::receipt::Receipt;

const ELEVEN: &str = "2026-12-01T11:00";

fn acute(case: i64) -> Triage {
    Triage { red_flags: vec!["chest_pain".to_owned()], ..triage(case) }
}

fn refused(door: &Door, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, "thu", at(ELEVEN), command));
    assert_eq!(state(door), before, "{rule} changed something");
    rule
}

fn case_lines(door: &Door, who: &str, when: &str) -> Vec<CaseLine> {
    match ask(door, who, at(when), Query::Cases {}).unwrap() {
        Snapshot::Cases { cases } => cases,
        other => panic!("{other:?}"),
    }
}

fn file(door: &Door, who: &str, case: i64) -> Result<CaseFile, Error> {
    let open = Command::OpenCase(CaseRef { case: CaseId(case) });
    door.execute(Request { op: None, staff: id(who), when: When::Now(at(ELEVEN)), command: open })?;
    match ask(door, who, at(ELEVEN), Query::CaseFile { case: CaseId(case) })? {
        Snapshot::CaseFile(file) => Ok(*file),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_case_is_routed_and_may_be_routed_again_until_it_is_booked() {
    let door = cases(1);
    assert_eq!(run(&door, "thu", at(ELEVEN), Command::Triage(triage(1))), Ok(Receipt::Triaged {}));
    let again = Triage {
        department: Department::XetNghiem,
        method: Method::Video,
        method_reason: Some("cần xem phiếu kết quả".to_owned()),
        ..triage(1)
    };
    run(&door, "thu", at(ELEVEN), Command::Triage(again)).unwrap();
    let file = file(&door, "thu", 1).unwrap();
    assert_eq!((file.state, file.department), (CaseState::Triaged, Some(Department::XetNghiem)));
    assert_eq!(file.method_reason.as_deref(), Some("cần xem phiếu kết quả"));
    assert_eq!(file.flags_version, Some(door.campaign().red_flags.version));

    run(&door, "thu", at(ELEVEN), Command::Book(slot(1, "2026-12-02T09:00"))).unwrap();
    assert_eq!(refused(&door, Command::Triage(triage(1))), "case_not_ready");
}

#[test]
fn an_incomplete_form_is_refused_field_by_field() {
    let door = cases(1);
    let forms = [
        Triage { need: " \u{200b}\n ".to_owned(), ..triage(1) },
        Triage { need: "đau ".repeat(500), ..triage(1) },
        Triage { method: Method::Video, ..triage(1) },
        Triage { method: Method::Video, method_reason: Some("  ".to_owned()), ..triage(1) },
        Triage { red_flags: vec!["chest_pian".to_owned()], ..triage(1) },
    ];
    for form in forms {
        assert_eq!(refused(&door, Command::Triage(form)), "field_invalid");
    }
    assert_eq!(refused(&door, Command::Triage(triage(7))), "no_such_row");
}

#[test]
fn a_need_is_kept_clean() {
    let door = cases(1);
    let form = Triage { need: "ho \u{1b}[31mkéo dài\r\n\r\n\r\nhai tuần ".to_owned(), ..triage(1) };
    run(&door, "thu", at(ELEVEN), Command::Triage(form)).unwrap();
    let need = file(&door, "thu", 1).unwrap().need.unwrap();
    assert!(need.starts_with("ho") && need.ends_with("hai tuần") && !need.contains('\u{1b}'), "{need:?}");
}

#[test]
fn a_red_flag_diverts_a_booked_case_and_passes_its_seat_on() {
    let door = hotline();
    run(&door, "ha", at("2026-12-01T08:00"), Command::SetQuota(SetQuota { quota: 1 })).unwrap();
    run(&door, "lan", at("2026-12-01T09:00"), register(1, true)).unwrap();
    run(&door, "lan", at("2026-12-01T09:00"), register(2, true)).unwrap();
    hand_over(&door, BatchId(1));
    booked(&door, 1, "2026-12-02T09:00");

    run(&door, "thu", at(ELEVEN), Command::Triage(acute(1))).unwrap();
    run(&door, "lan", at("2026-12-01T11:03"), Command::Resume(Nothing {})).unwrap();
    assert_eq!(number(&door, "SELECT id FROM registration WHERE seat = 1"), 2);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'cancelled'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE purpose = 2 AND state = 'closed'"), 1);
    assert_eq!(counted(&door, &counter::matter(Purpose::Intake, MatterState::Closed)), 1);
    assert_eq!(number(&door, "SELECT taken FROM campaign"), 1);
    assert_eq!(file(&door, "thu", 1).unwrap().red_flags, ["chest_pain"]);

    let refused = |door: &Door, command: Command| rule(run(door, "thu", at("2026-12-01T11:03"), command));
    assert_eq!(refused(&door, Command::Book(slot(1, "2026-12-02T09:00"))), "acute_problem");
    assert_eq!(refused(&door, Command::HoldSlot(slot(1, "2026-12-02T09:00"))), "acute_problem");
    assert_eq!(refused(&door, Command::Triage(triage(1))), "acute_problem");
}

#[test]
fn an_emergency_does_not_wait_for_a_complete_form() {
    let door = cases(1);
    let form = Triage { need: String::new(), method: Method::Video, ..acute(1) };
    let outcome = run(&door, "thu", at(ELEVEN), Command::Triage(form)).unwrap();
    assert!(matches!(outcome, Receipt::Diverted115 { seat_freed: true, waiting: false, .. }), "{outcome:?}");
}

#[test]
fn a_divert_ends_the_open_intake_call() {
    let door = cases(1);
    let claim = Claim { purpose: Purpose::Intake, matter: None };
    run(&door, "thu", at(ELEVEN), Command::Claim(claim)).unwrap();
    run(&door, "thu", at(ELEVEN), Command::Triage(acute(1))).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE state = 'leased'"), 0);
}

#[test]
fn a_consultation_under_way_is_not_diverted_from_the_desk() {
    let door = cases(1);
    let appointment = booked(&door, 1, "2026-12-02T09:00");
    let start = Command::StartConsultation(AppointmentRef { appointment });
    run(&door, "bs_mai", at("2026-12-02T09:00"), start).unwrap();
    let before = state(&door);
    let outcome = run(&door, "thu", at("2026-12-02T09:05"), Command::Triage(acute(1)));
    assert_eq!(rule(outcome), "conflict");
    assert_eq!(state(&door), before);
}

#[test]
fn the_audit_log_says_that_a_case_was_diverted_and_not_why() {
    let door = cases(1);
    run(&door, "thu", at(ELEVEN), Command::Triage(acute(1))).unwrap();
    let Snapshot::Audit { rows } = ask(&door, "quan", at(ELEVEN), Query::Audit { limit: 50 }).unwrap() else {
        panic!("no audit rows")
    };
    let row = rows.iter().find(|row| row.action == "triage").unwrap();
    assert_eq!((row.subject.as_str(), row.detail.as_str()), ("case:1", "diverted_115"));
    assert!(rows.iter().all(|row| !row.detail.contains("chest") && !row.detail.contains("đau")));
}

#[test]
fn the_desk_sees_who_waits_who_holds_and_who_is_booked() {
    let door = cases(3);
    booked(&door, 1, "2026-12-02T09:00");
    let claim = Claim { purpose: Purpose::Intake, matter: None };
    run(&door, "thu", at(ELEVEN), Command::Claim(claim)).unwrap();
    let lines = case_lines(&door, "quan", "2026-12-01T11:01");
    assert_eq!(lines.iter().map(|line| line.case.0).collect::<Vec<_>>(), [2, 3, 1]);
    assert_eq!(lines[0].holder.as_deref(), Some("Thu"));
    assert_eq!(lines[0].phone_masked, "0904 *** 402");
    assert_eq!(lines[2].starts_at, Some(at("2026-12-02T09:00")));
    assert_eq!(lines[2].due_at, None, "a booked case waits for no call");
    let later = case_lines(&door, "quan", "2026-12-01T12:00");
    assert_eq!(later[0].holder, None, "a lease that ran out holds nobody");
}

#[test]
fn a_doctor_sees_only_cases_of_their_own() {
    let door = cases(2);
    booked(&door, 1, "2026-12-02T09:00");
    assert_eq!(case_lines(&door, "bs_mai", ELEVEN).len(), 1);
    assert_eq!(case_lines(&door, "bs_binh", ELEVEN), []);
    assert_eq!(file(&door, "bs_mai", 1).unwrap().appointments.len(), 1);
    assert_eq!(rule(file(&door, "bs_binh", 1)), "forbidden");
    assert_eq!(rule(file(&door, "bs_mai", 2)), "forbidden");
    assert_eq!(rule(file(&door, "thu", 9)), "no_such_row");
}

#[test]
fn the_hotline_never_sees_health_text() {
    let door = cases(1);
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(1))).unwrap();
    for who in ["lan", "ha", "nga", "kiem"] {
        assert_eq!(rule(file(&door, who, 1)), "forbidden");
        assert_eq!(rule(ask(&door, who, at(ELEVEN), Query::Cases {})), "forbidden");
        assert_eq!(rule(run(&door, who, at(ELEVEN), Command::Triage(triage(1)))), "forbidden");
    }
}

#[test]
fn a_case_that_moved_in_the_meantime_is_not_routed() {
    let door = cases(1);
    sql(&door, "UPDATE care_case SET state = 'withdrawn'");
    assert_eq!(refused(&door, Command::Triage(triage(1))), "case_not_ready");
    assert_eq!(refused(&door, Command::Triage(acute(1))), "case_not_ready");
}

#[test]
fn nobody_is_cleared_by_a_list_that_was_not_read_out() {
    let door = cases(1);
    for screened in [None, Some(1), Some(3)] {
        assert_eq!(refused(&door, Command::Triage(Triage { screened, ..triage(1) })), "screening_missing");
    }
    // An emergency does not wait for it.
    let form = Triage { screened: None, ..acute(1) };
    assert!(matches!(run(&door, "thu", at(ELEVEN), Command::Triage(form)), Ok(Receipt::Diverted115 { .. })));
}

#[test]
fn every_answer_is_kept_with_version_time_and_nurse() {
    let door = cases(1);
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(1))).unwrap();
    let answers = [("chest_pain".to_owned(), FlagAnswer::No), ("seizure".to_owned(), FlagAnswer::Unsure)];
    let form = Triage { answers: answers.clone().into(), ..triage(1) };
    run(&door, "quan", at(ELEVEN), Command::Triage(form)).unwrap();
    let kept = file(&door, "thu", 1).unwrap().screenings;
    assert_eq!(kept.len(), 2);
    let asked = door.campaign().red_flags.for_department(Department::NoiTongHop).len();
    assert_eq!((kept[0].answers.len(), kept[0].version, kept[0].by.as_str()), (asked, 2, "Thu"));
    assert!(kept[0].answers.iter().all(|(_, answer)| *answer == FlagAnswer::No));
    assert_eq!(
        (kept[1].answers.as_slice(), kept[1].at, kept[1].by.as_str()),
        (&answers[..], at(ELEVEN), "Quân")
    );
}

#[test]
fn a_child_is_asked_the_list_of_paediatrics_whatever_the_department() {
    let door = cases(1);
    sql(
        &door,
        "UPDATE registration SET patient = 'Bé An', birth_year = 2010, representative = 'Ánh', relation = 'mẹ'",
    );
    let query = Query::RedFlags { department: Department::NgoaiTongHop, case: Some(CaseId(1)) };
    let Snapshot::RedFlags(list) = ask(&door, "thu", at(ELEVEN), query).unwrap() else { panic!("no list") };
    let codes: Vec<&str> = list.flags.iter().map(|flag| flag.code.as_str()).collect();
    assert_eq!((list.version, list.list), (2, Department::Nhi));
    assert!(codes.contains(&"anaphylaxis") && codes.contains(&"cannot_drink"), "{codes:?}");
    assert!(!codes.contains(&"deep_wound"), "{codes:?}");

    let form = Triage { department: Department::NgoaiTongHop, ..triage(1) };
    run(&door, "thu", at(ELEVEN), Command::Triage(form)).unwrap();
    let file = file(&door, "thu", 1).unwrap();
    assert_eq!((file.department, file.screenings[0].list), (Some(Department::NgoaiTongHop), Department::Nhi));

    let query = Query::RedFlags { department: Department::NgoaiTongHop, case: None };
    let Snapshot::RedFlags(list) = ask(&door, "thu", at(ELEVEN), query.clone()).unwrap() else { panic!() };
    assert!(list.flags.iter().any(|flag| flag.code == "deep_wound"));
    assert_eq!(rule(ask(&door, "lan", at(ELEVEN), query)), "forbidden");
}

/// The patient of that case is the child Bé An, as told after the screening.
fn turns_out_a_child(door: &Door, case: i64, birth_year: i32) {
    let year = RecordBirthYear {
        case: CaseId(case),
        birth_year,
        representative: Some(GivenRepresentative::Full(Representative {
            name: "Lê Thị Ánh".to_owned(),
            relation: "mẹ".to_owned(),
        })),
    };
    run(door, "thu", at(ELEVEN), Command::RecordBirthYear(year)).unwrap();
}

#[test]
fn who_turns_out_to_be_a_child_is_screened_again_before_anything_is_booked_moved_or_begun() {
    let door = cases(3);
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(1))).unwrap();
    let appointment = booked(&door, 2, "2026-12-02T10:00");
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(3))).unwrap();
    turns_out_a_child(&door, 1, 2014);
    turns_out_a_child(&door, 2, 2014);
    turns_out_a_child(&door, 3, 2009);
    assert!(file(&door, "thu", 1).unwrap().screening_missing);

    let nine = "2026-12-02T09:00";
    let later = MoveAppointment { appointment, doctor: None, starts_at: at(nine), minutes: None };
    let start = Command::StartConsultation(AppointmentRef { appointment });
    assert_eq!(refused(&door, Command::HoldSlot(slot(1, nine))), "screening_missing");
    assert_eq!(refused(&door, Command::Book(slot(1, nine))), "screening_missing");
    assert_eq!(refused(&door, Command::MoveAppointment(later.clone())), "screening_missing");
    let before = state(&door);
    assert_eq!(rule(run(&door, "bs_mai", at("2026-12-02T10:00"), start.clone())), "screening_missing");
    assert_eq!(state(&door), before);
    // Control: the same steps for somebody who is no child.
    run(&door, "thu", at(ELEVEN), Command::Book(slot(3, "2026-12-02T11:00"))).unwrap();

    // Once the signs of a child were asked, everything goes on; what is booked stays booked as it is.
    let elsewhere = Triage { department: Department::XetNghiem, ..triage(2) };
    assert_eq!(refused(&door, Command::Triage(elsewhere)), "case_not_ready");
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(2))).unwrap();
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(1))).unwrap();
    let again = file(&door, "thu", 2).unwrap();
    assert_eq!((again.state, again.screening_missing), (CaseState::Booked, false));
    assert_eq!(again.screenings.last().unwrap().list, Department::Nhi);
    assert_eq!(refused(&door, Command::Triage(triage(2))), "case_not_ready", "it is covered now");
    run(&door, "thu", at(ELEVEN), Command::MoveAppointment(later)).unwrap();
    run(&door, "thu", at(ELEVEN), Command::Book(slot(1, "2026-12-02T10:00"))).unwrap();
}

#[test]
fn the_way_through_the_departments_is_kept_with_who_chose() {
    let door = cases(1);
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(1))).unwrap();
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(1))).unwrap();
    let elsewhere = Triage { department: Department::XetNghiem, ..triage(1) };
    run(&door, "quan", at(ELEVEN), Command::Triage(elsewhere)).unwrap();
    let way: Vec<_> = file(&door, "thu", 1).unwrap().departments;
    let way: Vec<_> = way.iter().map(|step| (step.department, step.by.as_str())).collect();
    assert_eq!(way, [(Department::NoiTongHop, "Thu"), (Department::XetNghiem, "Quân")]);
}

#[test]
fn a_doctor_says_what_was_wrong_with_the_screening_of_their_own_case() {
    let door = cases(2);
    booked(&door, 1, "2026-12-02T09:00");
    let review = |case: i64| {
        Command::ReviewScreening(ReviewScreening {
            case: CaseId(case),
            verdict: ReviewVerdict::ShouldHaveBeen115,
            note: Some("đau ngực từ hôm qua".to_owned()),
        })
    };
    let reviewed = |who: &str, case| run(&door, who, at(ELEVEN), review(case));
    assert_eq!(reviewed("bs_mai", 1), Ok(Receipt::ScreeningReviewed {}));
    assert_eq!(rule(reviewed("bs_binh", 1)), "forbidden");
    assert_eq!(rule(reviewed("thu", 1)), "forbidden");
    assert_eq!(rule(reviewed("quan", 2)), "case_not_ready", "it was never screened");
    let reviews = file(&door, "bs_mai", 1).unwrap().reviews;
    assert_eq!(reviews.len(), 1);
    assert_eq!(
        (reviews[0].verdict, reviews[0].by.as_str()),
        (ReviewVerdict::ShouldHaveBeen115, "Bác sĩ Mai")
    );
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE detail LIKE '%ngực%'"), 0);
    let task =
        "SELECT COUNT(*) FROM task WHERE kind = 'red_flag_review' AND about_id = 1 AND role = 'vinmec_lead'";
    assert_eq!(number(&door, task), 1, "for who signs the list");
}

#[test]
fn nobody_reads_a_case_that_they_have_not_opened_and_each_opening_is_in_the_audit_log() {
    let door = cases(1);
    let read = |who: &str, when: &str| ask(&door, who, at(when), Query::CaseFile { case: CaseId(1) });
    let open =
        |who: &str, when: &str| run(&door, who, at(when), Command::OpenCase(CaseRef { case: CaseId(1) }));
    let rows = |who: &'static str| {
        let text = match who {
            "thu" => {
                "SELECT COUNT(*) FROM audit WHERE action = 'open_case' AND subject = 'case:1' AND staff = 'thu'"
            }
            _ => "SELECT COUNT(*) FROM audit WHERE action = 'open_case' AND staff <> 'thu'",
        };
        number(&door, text)
    };
    assert_eq!(rule(read("thu", ELEVEN)), "not_opened");
    assert_eq!(open("thu", ELEVEN), Ok(Receipt::CaseOpened { case: CaseId(1) }));
    assert!(read("thu", "2026-12-01T11:05").is_ok());
    assert_eq!(rule(read("quan", "2026-12-01T11:05")), "not_opened", "each for themselves");
    assert_eq!(rows("thu"), 1);
    open("thu", "2026-12-01T11:09").unwrap();
    assert_eq!(rows("thu"), 1, "soon again is the same look");
    open("thu", "2026-12-01T11:11").unwrap();
    assert_eq!((rows("thu"), rows("others")), (2, 0));
    assert!(read("thu", "2026-12-01T19:10").is_ok());
    assert_eq!(rule(read("thu", "2026-12-01T19:12")), "not_opened", "a shift later it is opened again");
    assert_eq!(rule(open("lan", "2026-12-01T19:12")), "forbidden");
}

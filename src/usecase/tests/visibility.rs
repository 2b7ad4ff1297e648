//! Who sees what: every query that a role may ask, as JSON and whole, against words that it may not hold.

use crate::domain::case::CaseState;
use crate::domain::contact::Purpose;
use crate::domain::department::Department;
use crate::domain::disposition::Disposition;
use crate::domain::figure::Figure;
use crate::domain::id::{BatchId, CaseId, DoctorId, MatterId};
use crate::store::counter;
use crate::usecase::command::{
    AppointmentRef, CaseRef, Claim, Command, Nothing, Outcome, RecordCall, RecordResult, Triage,
};
use crate::usecase::door::Door;
use crate::usecase::export;
use crate::usecase::fixture::{CUSTOMERS, STAFF, ask, at, claim, day, id, number, run, sql};
use crate::usecase::intake::fixture::{booked, cases, triage};
use crate::usecase::model::people::PeopleOrder;
use crate::usecase::query::Query;
use crate::usecase::{Error, When};

const NOON: &str = "2026-12-02T12:00";
/// What only Vinmec may know, in every form that it has in the store.
const OF_VINMEC: [&str; 9] = [
    "divert",
    "_115",
    "chest_pain",
    "tim đập nhanh",
    "dặn tái khám",
    "nhầm số người bệnh",
    "noi_tong_hop",
    "wrong_person",
    "should_have_been",
];
/// What only MobiFone may know: the size of the list, and what came of 9090's calls.
const OF_MOBIFONE: [&str; 4] = ["987654", "considering", "khách bảo để sau", "2026-11-12T09:15"];

/// Case 1 was sent to 115 and its seat given on; case 2 is over after a call to a wrong number; case 3 had its
/// consultation; case 4 is booked. Customer 6 wants to think about the offer.
fn programme() -> Door {
    let door = cases(4);
    let need = |case| Triage { need: "tim đập nhanh".to_owned(), ..triage(case) };
    let acute = Triage { red_flags: vec!["chest_pain".to_owned()], ..need(1) };
    run(&door, "thu", at("2026-12-01T11:00"), Command::Triage(acute)).unwrap();
    let matter = MatterId(2 * 4 + 2);
    let take = Claim { purpose: Purpose::Intake, matter: Some(matter) };
    run(&door, "thu", at("2026-12-01T11:00"), Command::Claim(take)).unwrap();
    let note = Some("nhầm số người bệnh".to_owned());
    let wrong = RecordCall { note, ..RecordCall::new(matter, Disposition::WrongPerson) };
    run(&door, "thu", at("2026-12-01T11:00"), Command::RecordCall(wrong)).unwrap();
    run(&door, "thu", at("2026-12-01T11:00"), Command::Triage(need(3))).unwrap();
    let appointment = booked(&door, 3, "2026-12-02T09:00");
    booked(&door, 4, "2026-12-02T10:00");
    let offered = claim(&door, "lan", at("2026-12-01T11:05"));
    let think = RecordCall {
        note: Some("khách bảo để sau".to_owned()),
        ..RecordCall::new(offered, Disposition::Considering)
    };
    run(&door, "lan", at("2026-12-01T11:06"), Command::RecordCall(think)).unwrap();
    run(&door, "bs_mai", at("2026-12-02T09:00"), Command::StartConsultation(AppointmentRef { appointment }))
        .unwrap();
    let result = RecordResult {
        appointment,
        outcome: Outcome::Done,
        started_at: None,
        ended_at: None,
        summary: Some("dặn tái khám".to_owned()),
        in_person_advised: None,
    };
    run(&door, "bs_mai", at("2026-12-02T09:20"), Command::RecordResult(result)).unwrap();
    run(&door, "lan", at(NOON), Command::Resume(Nothing {})).unwrap();
    for (who, figure) in [
        ("quan", Figure::Case(CaseState::Diverted115)),
        ("quan", Figure::Booked),
        ("ha", Figure::Ended(Disposition::Considering)),
    ] {
        export::people(&door, &id(who), at(NOON), &figure).unwrap();
    }
    door.store()
        .write(|tx| -> Result<(), Error> {
            tx.count(counter::LIST_CUSTOMERS, 987_654 - CUSTOMERS.len() as i64);
            Ok(())
        })
        .unwrap();
    door
}

/// Every query, in every form that could tell something.
fn queries() -> Vec<Query> {
    let mut all = vec![
        Query::Quota {},
        Query::Status {},
        Query::OpenCall {},
        Query::Drafts {},
        Query::Doctors {},
        Query::Batch { batch: BatchId(1) },
        Query::Batches {},
        Query::Cases {},
        Query::Leads {},
        Query::Satisfaction {},
        Query::Funnel {},
        Query::Agents { date: None },
        Query::Overview {},
        Query::Staff {},
        Query::StaffKeys { staff: None },
        Query::Sessions {},
        Query::OwnSessions {},
        Query::Audit { limit: 500 },
        Query::Roster { department: None, date: Some(day("2026-12-02")) },
        Query::Day { doctor: Some(DoctorId(1)), date: Some(day("2026-12-02")) },
        Query::Search { text: "nguyen".to_owned(), limit: 20 },
        Query::FreeSlots { department: Department::Nhi, from: None, count: 1 },
    ];
    for purpose in Purpose::ALL {
        all.push(Query::Queue { purpose });
    }
    for behind in Figure::every(&id("lan")) {
        all.push(Query::People { behind, order: PeopleOrder::Figure, offset: 0, limit: 200 });
    }
    for (number, (phone, _)) in CUSTOMERS.iter().enumerate() {
        let customer = number as i64 + 1;
        all.push(Query::Customer { phone: (*phone).to_owned() });
        all.push(Query::CaseFile { case: CaseId(customer) });
        for purpose in Purpose::ALL {
            let matter = MatterId(customer * 4 + purpose.index());
            all.push(Query::CallCard { matter });
            all.push(Query::WhyNot { matter: Some(matter), phone: None, purpose: None });
        }
    }
    all
}

/// What a staff member reads of everything they may ask, refusals included.
fn read(door: &Door, who: &str) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    for query in queries() {
        if let Some(open) = query.opening() {
            let request = crate::usecase::Request {
                op: None,
                staff: id(who),
                when: When::Now(at(NOON)),
                command: open,
            };
            let _ = door.execute(request);
        }
        let text = match ask(door, who, at(NOON), query.clone()) {
            Ok(snapshot) => serde_json::to_string(&snapshot).unwrap(),
            Err(error) => format!("{error:?}"),
        };
        // The page repeats which figure was asked for.
        let text = match &query {
            Query::People { behind, .. } => text.replace(&format!("\"{}\"", behind.code()), ""),
            _ => text,
        };
        seen.push((format!("{query:?}"), text));
    }
    seen
}

fn leaks(door: &Door, who: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (query, text) in read(door, who) {
        // Which departments a doctor works in, and which one was asked for, names no customer.
        let text = if query.starts_with("Doctors") { String::new() } else { text };
        found
            .extend(words.iter().filter(|word| text.contains(**word)).map(|word| format!("{query}: {word}")));
    }
    found
}

#[test]
fn nobody_outside_the_hospital_reads_how_a_case_ended_there() {
    let door = programme();
    for (who, _, role) in STAFF {
        if !role.is_vinmec() {
            assert_eq!(leaks(&door, who, &OF_VINMEC), Vec::<String>::new(), "{who}");
        }
    }
    assert_eq!(leaks(&door, "operator", &OF_VINMEC), Vec::<String>::new());
    // The words are there: Vinmec's lead reads them.
    let seen = leaks(&door, "quan", &OF_VINMEC).concat();
    // A note stands on the card of an open call alone.
    for word in OF_VINMEC.iter().filter(|word| !["should_have_been", "nhầm số người bệnh"].contains(*word))
    {
        assert!(seen.contains(word), "nobody reads {word}");
    }
}

#[test]
fn the_hospital_reads_neither_the_list_nor_what_came_of_9090s_calls() {
    let door = programme();
    for (who, _, role) in STAFF {
        if role.is_vinmec() {
            assert_eq!(leaks(&door, who, &OF_MOBIFONE), Vec::<String>::new(), "{who}");
        }
    }
    let seen = leaks(&door, "ha", &OF_MOBIFONE).concat();
    for word in OF_MOBIFONE.iter().filter(|word| **word != "khách bảo để sau") {
        assert!(seen.contains(word), "nobody reads {word}");
    }
}

/// The lists behind the figures are among the queries: with the permission of one moved to the other side, the same
/// search finds what must not be read.
#[test]
fn a_list_of_the_other_side_would_be_seen() {
    let door = programme();
    let text = |who: &str, behind: Figure| {
        let query = Query::People { behind, order: PeopleOrder::Figure, offset: 0, limit: 200 };
        serde_json::to_string(&ask(&door, who, at(NOON), query).unwrap()).unwrap()
    };
    assert!(text("quan", Figure::Booked).contains("noi_tong_hop"), "what nobody outside may read");
    assert!(text("ha", Figure::CallsToday).len() > 2 && text("ha", Figure::Reached).contains("considering"));
    assert!(!text("ha", Figure::EndedAtVinmec).contains("2026-12-01T11:00"));
}

#[test]
fn a_customers_page_says_that_the_hospital_is_done_and_whether_the_seat_came_back() {
    let door = programme();
    let page = |customer: usize| {
        let query = Query::Customer { phone: CUSTOMERS[customer - 1].0.to_owned() };
        serde_json::to_value(ask(&door, "lan", at(NOON), query).unwrap()).unwrap()["registration"].clone()
    };
    for ended in [1, 2] {
        assert_eq!(page(ended)["at_vinmec"], "finished");
        assert_eq!(
            (&page(ended)["state"], &page(ended)["seat"]),
            (&"cancelled".into(), &serde_json::Value::Null)
        );
    }
    assert_eq!((&page(3)["at_vinmec"], &page(3)["seat"]), (&"finished".into(), &3.into()));
    assert_eq!(page(4)["at_vinmec"], "open");
}

#[test]
fn a_customers_page_does_not_count_the_hospitals_calls_so_that_nobody_is_told_apart_by_them() {
    let door = programme();
    let intake = |customer: usize| {
        let query = Query::Customer { phone: CUSTOMERS[customer - 1].0.to_owned() };
        let page = serde_json::to_value(ask(&door, "lan", at(NOON), query).unwrap()).unwrap();
        let matters = page["matters"].as_array().unwrap().clone();
        matters.into_iter().find(|line| line["purpose"] == "intake" && line["state"] == "closed")
    };
    sql(&door, "UPDATE matter SET attempts = 0 WHERE purpose = 2 AND customer = 1");
    sql(&door, "UPDATE matter SET attempts = 2 WHERE purpose = 2 AND customer = 2");
    let counted = "SELECT COUNT(DISTINCT attempts) FROM matter WHERE purpose = 2 AND customer IN (1, 2)";
    assert_eq!(number(&door, counted), 2, "what nobody outside may read");
    let (sent_away, declined) = (intake(1).unwrap(), intake(2).unwrap());
    for field in ["attempts", "state", "reason"] {
        assert_eq!(sent_away[field], declined[field], "{field}");
    }
    assert_eq!(declined["attempts"], 0);
}

#[test]
fn the_audit_log_of_one_organisation_shows_that_the_other_worked_and_not_on_what() {
    let door = programme();
    let rows = |who: &str| {
        let rows =
            serde_json::to_value(ask(&door, who, at(NOON), Query::Audit { limit: 500 }).unwrap()).unwrap();
        rows["rows"].as_array().unwrap().clone()
    };
    let of = |who: &str, staff: &str| -> std::collections::BTreeSet<String> {
        let own = rows(who).into_iter().filter(|row| row["staff"] == staff);
        own.map(|row| row["action"].as_str().unwrap().to_owned()).collect()
    };
    // A diversion, a call and what follows them look alike.
    assert_eq!(of("ha", "thu"), ["case_work", "release_seat"].map(str::to_owned).into());
    assert!(of("quan", "thu").contains("triage"));
    assert!(of("quan", "lan").contains("call_work") && !of("quan", "lan").contains("record_call"));
    assert!(of("ha", "lan").contains("record_call"));
    let released = rows("ha").into_iter().filter(|row| row["action"] == "release_seat");
    assert_eq!(
        released.map(|row| row["detail"].clone()).collect::<Vec<_>>(),
        ["seat_freed=true", "seat_freed=true"]
    );
}

#[test]
fn a_refusal_of_a_survey_does_not_say_how_a_case_ended() {
    let door = programme();
    let survey = crate::usecase::command::RecordSurvey {
        case: CaseId(1),
        answers: crate::usecase::command::SurveyAnswers { q5: Some(4), ..Default::default() },
        talk_seconds: None,
        recording_announced: None,
        note: None,
    };
    let outcome = run(&door, "lan", at(NOON), Command::RecordSurvey(survey));
    assert!(!format!("{outcome:?}").contains("115"), "{outcome:?}");
    let undo = run(&door, "lan", at(NOON), Command::UndoTriage(CaseRef { case: CaseId(1) }));
    assert!(!format!("{undo:?}").contains("115"), "{undo:?}");
}

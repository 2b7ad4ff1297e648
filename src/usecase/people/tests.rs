//! Lists behind figures through the door.

use crate::domain::actor::Role;
use crate::domain::case::CaseState;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::figure::Figure;
use crate::domain::id::{BatchId, CaseId, MatterId, RegistrationId, StaffId};
use crate::domain::survey::SurveyState;
use crate::usecase::command::{
    Accept, Acknowledge, CancelRegistration, Claim, Command, Nothing, Outcome, RecordCall, Returned, Triage,
};
use crate::usecase::door::Door;
use crate::usecase::export::people as export;
use crate::usecase::fixture::{
    CUSTOMERS, STAFF, ask, at, claim, ended, hotline, id, number, register, rule, run,
};
use crate::usecase::intake::fixture::{booked, cases, consult, register as registering, result, triage};
use crate::usecase::model::count::Overview;
use crate::usecase::model::figures::{FigureCount, figures};
use crate::usecase::model::people::{PeopleOrder, PeoplePage};
use crate::usecase::query::{Query, Snapshot};

const NINE: &str = "2026-12-01T09:00";
const NOON: &str = "2026-12-01T12:00";

fn query(behind: Figure) -> Query {
    Query::People { behind, order: PeopleOrder::Figure, offset: 0, limit: 100 }
}

fn page_at(door: &Door, who: &str, when: &str, query: Query) -> PeoplePage {
    match ask(door, who, at(when), query).unwrap() {
        Snapshot::People(page) => page,
        other => panic!("{other:?}"),
    }
}

fn page(door: &Door, who: &str, query: Query) -> PeoplePage {
    page_at(door, who, NOON, query)
}

fn names(page: &PeoplePage) -> Vec<&str> {
    page.people.iter().map(|person| person.name.as_str()).collect()
}

fn overview(door: &Door, who: &str, when: &str) -> Overview {
    match ask(door, who, at(when), Query::Overview {}).unwrap() {
        Snapshot::Overview(overview) => *overview,
        other => panic!("{other:?}"),
    }
}

fn may(role: Role, figure: &Figure) -> bool {
    figure.needs().iter().all(|act| role.may(*act))
}

/// Compares each figure of a staff member's overview with its list; gives back those that they may open.
fn compare(door: &Door, who: &str, role: Role, when: &str) -> Vec<FigureCount> {
    let mut opened = figures(&overview(door, who, when));
    opened.retain(|line| may(role, &line.figure));
    for line in &opened {
        let page = page_at(door, who, when, query(line.figure.clone()));
        assert_eq!(page.people.len() as i64, page.total, "{who} {:?}", line.figure);
        if let Some(count) = line.count {
            assert_eq!(page.total, count, "{who} at {when} {:?}", line.figure);
        }
    }
    opened
}

/// Calls of every kind, a call that is open, a held offer, registrations on every way.
fn busy_morning() -> Door {
    let door = cases(3);
    let call = |who: &str, disposition| {
        let matter = claim(&door, who, at("2026-12-01T10:31"));
        run(&door, who, at("2026-12-01T10:31"), ended(matter, disposition)).unwrap();
    };
    call("lan", Disposition::NoAnswer);
    call("minh", Disposition::Declined);
    call("lan", Disposition::Complaint);
    claim(&door, "minh", at("2026-12-01T10:40"));
    door
}

#[test]
fn a_list_is_as_long_as_its_figure_and_shows_no_whole_number() {
    let door = hotline();
    let listed = page(&door, "lan", query(Figure::List));
    assert_eq!(
        (listed.total, listed.people.len(), listed.more),
        (8, 8, false),
        "a loading list is invisible"
    );
    assert!(listed.people.iter().all(|person| person.phone.contains("***")));
    for disposition in [Disposition::NoAnswer, Disposition::Declined, Disposition::Complaint] {
        let matter = claim(&door, "lan", at(NINE));
        run(&door, "lan", at(NINE), ended(matter, disposition)).unwrap();
    }
    let counts = [
        (Figure::Called, 3),
        (Figure::Reached, 2),
        (Figure::NotCalled, 5),
        (Figure::Waiting, 6),
        (Figure::Due, 5),
        (Figure::Later, 1),
        (Figure::Retry, 1),
        (Figure::Held, 1),
        (Figure::HeldFor("supervisor"), 1),
        (Figure::HeldFor("do_not_call"), 0),
        (Figure::Ended(Disposition::Declined), 1),
        (Figure::CallsToday, 3),
        (Figure::CallsOf(StaffId("lan".to_owned())), 3),
        (Figure::AnsweredOf(StaffId("lan".to_owned())), 2),
        (Figure::CallsOf(StaffId("minh".to_owned())), 0),
    ];
    for (figure, count) in counts {
        let page = page(&door, "ha", query(figure.clone()));
        assert_eq!((page.total, page.people.len()), (count, count as usize), "{figure:?}");
    }
}

#[test]
fn each_figure_of_the_overview_counts_the_people_in_its_list() {
    let door = busy_morning();
    for (who, _, role) in STAFF {
        compare(&door, who, role, NOON);
    }
    let of_supervisor = compare(&door, "ha", Role::Supervisor, NOON);
    let positive = |figure: &Figure| {
        of_supervisor.iter().any(|line| line.figure == *figure && line.count.is_some_and(|count| count > 0))
    };
    for figure in [
        Figure::List,
        Figure::NotCalled,
        Figure::Held,
        Figure::Called,
        Figure::Retry,
        Figure::Ended(Disposition::Declined),
        Figure::Ended(Disposition::Complaint),
        Figure::Seated,
        Figure::Accepted,
        Figure::CallsToday,
        Figure::RegisteredBy(StaffId("lan".to_owned())),
    ] {
        assert!(positive(&figure), "nobody is behind {figure:?}");
    }
    // The control: a row that no counter knows of is seen.
    door.store()
        .write(|tx| {
            tx.execute("UPDATE matter SET state = 'closed' WHERE state = 'waiting' AND purpose = 1", &[])
        })
        .unwrap();
    let uncalled = page(&door, "ha", query(Figure::Waiting)).total;
    assert_ne!(uncalled, overview(&door, "ha", NOON).funnel.steps[0].waiting);
}

#[test]
fn the_figures_agree_when_registrations_end_on_every_way() {
    let door = cases(5);
    let cancel = |registration, when: &str| {
        let reason = "khách đổi ý".to_owned();
        let command = Command::CancelRegistration(CancelRegistration {
            registration: RegistrationId(registration),
            reason,
        });
        run(&door, "lan", at(when), command).unwrap();
    };
    for customer in [6, 7, 8] {
        run(&door, "lan", at("2026-12-01T10:10"), registering(customer, false)).unwrap();
    }
    cancel(8, "2026-12-01T10:20");
    run(&door, "ha", at("2026-12-01T10:30"), Command::HandOver(Nothing {})).unwrap();
    let returned = vec![Returned { registration: RegistrationId(6), reason: "thiếu năm sinh".to_owned() }];
    let answer = Acknowledge { batch: BatchId(2), accept: Accept::Rows(Vec::new()), returned };
    run(&door, "quan", at("2026-12-01T10:40"), Command::Acknowledge(answer)).unwrap();
    let acute = Triage { red_flags: vec!["chest_pain".to_owned()], ..triage(1) };
    run(&door, "thu", at("2026-12-01T11:00"), Command::Triage(acute)).unwrap();
    let matter = MatterId(2 * 4 + 2);
    let take = Claim { purpose: Purpose::Intake, matter: Some(matter) };
    run(&door, "thu", at("2026-12-01T11:00"), Command::Claim(take)).unwrap();
    let wrong = RecordCall::new(matter, Disposition::WrongPerson);
    run(&door, "thu", at("2026-12-01T11:00"), Command::RecordCall(wrong)).unwrap();
    let seen = booked(&door, 3, "2026-12-02T09:00");
    let missed = booked(&door, 4, "2026-12-02T10:00");
    for when in ["2026-12-01T11:01", NOON] {
        for (who, _, role) in STAFF {
            compare(&door, who, role, when);
        }
    }
    consult(&door, seen, at("2026-12-02T09:00"));
    run(&door, "thu", at("2026-12-02T10:20"), Command::RecordResult(result(missed, Outcome::NoShowCustomer)))
        .unwrap();
    let late = "2026-12-02T15:00";
    for (who, _, role) in STAFF {
        compare(&door, who, role, late);
    }
    let total = |who: &str, figure: Figure| page_at(&door, who, late, query(figure)).total;
    assert_eq!(
        [
            total("ha", Figure::EndedAtVinmec),
            total("ha", Figure::Returned),
            total("ha", Figure::Unacknowledged),
            total("ha", Figure::Cancelled),
            total("ha", Figure::NotAccepted),
            total("quan", Figure::Case(CaseState::Diverted115)),
            total("quan", Figure::Case(CaseState::NoShow)),
            total("quan", Figure::Booked),
            total("quan", Figure::ToBook),
            total("lan", Figure::Survey(SurveyState::Due)),
        ],
        [2, 1, 1, 1, 2, 1, 1, 2, 1, 1]
    );
}

#[test]
fn people_sort_by_given_name_with_accents_where_asked() {
    let door = hotline();
    let by_name = Query::People { behind: Figure::List, order: PeopleOrder::Name, offset: 0, limit: 100 };
    assert_eq!(
        names(&page(&door, "lan", by_name)),
        [
            "Đỗ Thị Ánh",
            "Trần Thị Hoa",
            "Lê Hoà",
            "Nguyễn Văn Hùng",
            "Hoàng Đức Hưng",
            "Vũ Minh",
            "Phạm Thuý Nga",
            "Bùi Thu Trang"
        ]
    );
    let second = Query::People { behind: Figure::List, order: PeopleOrder::Name, offset: 3, limit: 2 };
    assert_eq!(names(&page(&door, "lan", second)), ["Nguyễn Văn Hùng", "Hoàng Đức Hưng"]);
}

#[test]
fn pages_follow_each_other_without_a_gap_and_hold_no_more_than_they_may() {
    let door = hotline();
    let all: Vec<String> =
        page(&door, "lan", query(Figure::List)).people.into_iter().map(|person| person.name).collect();
    let mut turned = Vec::new();
    for offset in [0, 3, 6, 9] {
        let part = Query::People { behind: Figure::List, order: PeopleOrder::Figure, offset, limit: 3 };
        let part = page(&door, "lan", part);
        assert_eq!(part.total, 8);
        turned.extend(part.people.into_iter().map(|person| person.name));
    }
    assert_eq!(turned, all);
    let greedy =
        Query::People { behind: Figure::List, order: PeopleOrder::Figure, offset: 0, limit: u32::MAX };
    assert_eq!(page(&door, "lan", greedy).people.len(), 8);
    let none = Query::People { behind: Figure::List, order: PeopleOrder::Figure, offset: 0, limit: 0 };
    assert_eq!(page(&door, "lan", none).people.len(), 1);
}

#[test]
fn the_steps_of_a_registration_are_lists_for_whom_they_concern() {
    let door = cases(2);
    register(&door, at("2026-12-01T11:00"), CUSTOMERS[4].0);
    assert_eq!(page(&door, "lan", query(Figure::Seated)).total, 3);
    assert_eq!(page(&door, "ha", query(Figure::ToHandOver)).total, 1);
    assert_eq!(rule(ask(&door, "thu", at(NOON), query(Figure::ToHandOver))), "forbidden", "not sent yet");
    run(&door, "ha", at("2026-12-01T11:30"), Command::HandOver(Nothing {})).unwrap();
    let waiting = page(&door, "thu", query(Figure::Unacknowledged));
    assert_eq!((names(&waiting), waiting.people[0].at), (vec!["Đỗ Thị Ánh"], Some(at("2026-12-01T11:30"))));
    let new = page(&door, "quan", query(Figure::Case(CaseState::New)));
    assert_eq!((new.total, new.people[0].case), (2, Some(CaseId(1))));
}

#[test]
fn a_list_of_those_who_are_finished_at_vinmec_says_neither_how_nor_when() {
    let door = cases(2);
    let acute = Triage { red_flags: vec!["chest_pain".to_owned()], ..triage(1) };
    run(&door, "thu", at("2026-12-01T11:00"), Command::Triage(acute)).unwrap();
    let page = page(&door, "ha", query(Figure::EndedAtVinmec));
    let [person] = page.people.as_slice() else { panic!("{page:?}") };
    assert_eq!((person.name.as_str(), person.at, &person.detail), (CUSTOMERS[0].1, None, &None));
}

#[test]
fn no_list_crosses_to_the_other_organisation_and_none_is_open_to_an_auditor() {
    let door = cases(1);
    for (who, _, role) in STAFF {
        for figure in Figure::every(&StaffId("lan".to_owned())) {
            let asked = ask(&door, who, at(NOON), query(figure.clone()));
            if may(role, &figure) {
                assert!(asked.is_ok(), "{who} {figure:?}");
            } else {
                assert_eq!(rule(asked), "forbidden", "{who} {figure:?}");
            }
            assert!(role != Role::Auditor || !may(role, &figure));
        }
    }
    let calls = Figure::CallsOf(StaffId("minh".to_owned()));
    assert_eq!(rule(ask(&door, "lan", at(NOON), query(calls))), "forbidden", "a colleague's calls");
}

#[test]
fn an_export_is_audited_and_masked_for_who_may_not_see_numbers() {
    let door = hotline();
    let now = at(NOON);
    let rows = export(&door, &id("ha"), now, &Figure::List).unwrap();
    assert_eq!((rows.len(), rows[0].phone.as_str()), (8, "0904123401"));
    let masked = export(&door, &id("operator"), now, &Figure::List).unwrap();
    assert!(masked.iter().all(|row| row.phone.contains("***")));
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'export_people'"), 2);
    let before = number(&door, "SELECT COUNT(*) FROM audit");
    assert_eq!(rule(export(&door, &id("lan"), now, &Figure::List)), "forbidden", "no export for agents");
    assert_eq!(rule(export(&door, &id("quan"), now, &Figure::List)), "forbidden", "nor of the other side");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit"), before);
}

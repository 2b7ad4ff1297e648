//! The overview through the door.

use crate::domain::actor::AgentState;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::BatchId;
use crate::domain::session::{Entrance, Presence, SessionId};
use crate::usecase::check::check;
use crate::usecase::command::{Claim, Command, Nothing, SetQuota};
use crate::usecase::door::Door;
use crate::usecase::fixture::{ask, at, claim, day, ended, hotline, id, rule, run, sql};
use crate::usecase::intake::fixture::{booked, cases, consulted, hand_over, register, triage};
use crate::usecase::model::count::{AgentLine, Funnel, FunnelStep, Overview};
use crate::usecase::query::{Query, Snapshot};
use crate::usecase::receipt::Receipt;
use std::collections::BTreeMap;

const THREE: &str = "2026-12-02T15:00";

fn funnel(door: &Door) -> Funnel {
    match ask(door, "kiem", at(THREE), Query::Funnel {}).unwrap() {
        Snapshot::Funnel(funnel) => funnel,
        other => panic!("{other:?}"),
    }
}

fn step<'a>(funnel: &'a Funnel, name: &str) -> &'a FunnelStep {
    funnel.steps.iter().find(|step| step.step == name).unwrap()
}

fn overview(door: &Door, who: &str, when: &str) -> Overview {
    match ask(door, who, at(when), Query::Overview {}).unwrap() {
        Snapshot::Overview(overview) => *overview,
        other => panic!("{other:?}"),
    }
}

fn agents(door: &Door, who: &str) -> Vec<AgentLine> {
    match ask(door, who, at(THREE), Query::Agents { date: Some(day("2026-12-01")) }).unwrap() {
        Snapshot::Agents { agents, .. } => agents,
        other => panic!("{other:?}"),
    }
}

fn leak(code: &str, count: i64) -> BTreeMap<String, i64> {
    BTreeMap::from([(code.to_owned(), count)])
}

#[test]
fn the_funnel_has_its_eight_steps_in_order_on_an_empty_programme() {
    let funnel = funnel(&hotline());
    let steps: Vec<&str> = funnel.steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(
        steps,
        ["list", "called", "reached", "registered", "handed_over", "booked", "consulted", "surveyed"]
    );
    assert_eq!((funnel.steps[0].count, funnel.steps[0].waiting), (8, 8));
    assert!(funnel.steps[1..].iter().all(|step| step.count == 0 && step.leaks.is_empty()));
    assert_eq!(funnel.differences, Vec::<String>::new());
}

#[test]
fn calls_move_customers_down_the_funnel_and_leak_by_disposition() {
    let door = hotline();
    for disposition in [Disposition::NoAnswer, Disposition::InvalidNumber, Disposition::Declined] {
        let matter = claim(&door, "lan", at("2026-12-01T09:00"));
        run(&door, "lan", at("2026-12-01T09:00"), ended(matter, disposition)).unwrap();
    }
    let funnel = funnel(&door);
    let (list, called, reached) = (step(&funnel, "list"), step(&funnel, "called"), step(&funnel, "reached"));
    assert_eq!(list.count, 8);
    assert_eq!((reached.count, &reached.leaks), (1, &leak("declined", 1)));
    assert_eq!(called.leaks, leak("invalid_number", 1));
    assert_eq!(list.waiting + called.waiting, 6, "six of eight can still be called");
}

#[test]
fn registrations_cases_and_surveys_fill_the_lower_steps() {
    let door = cases(5);
    run(&door, "lan", at("2026-12-01T10:30"), register(6, true)).unwrap();
    booked(&door, 2, "2026-12-03T09:00");
    let acute = crate::usecase::command::Triage { red_flags: vec!["chest_pain".to_owned()], ..triage(3) };
    run(&door, "thu", at("2026-12-01T11:00"), Command::Triage(acute)).unwrap();
    consulted(&door, 1);

    let funnel = funnel(&door);
    let registered = step(&funnel, "registered");
    assert_eq!((registered.count, registered.waiting), (5, 1));
    assert_eq!(registered.leaks, BTreeMap::new(), "who was sent to 115 is counted once, by Vinmec's book");
    assert_eq!(registered.oldest, Some(at("2026-12-01T10:30")));
    let handed_over = step(&funnel, "handed_over");
    assert_eq!((handed_over.count, handed_over.waiting), (4, 2));
    assert_eq!(handed_over.oldest, Some(at("2026-12-01T10:00")));
    assert_eq!((step(&funnel, "booked").count, step(&funnel, "booked").waiting), (2, 1));
    let consulted = step(&funnel, "consulted");
    assert_eq!((consulted.count, consulted.waiting), (1, 1));
    assert_eq!(step(&funnel, "surveyed").count, 0);
    assert_eq!(funnel.differences, Vec::<String>::new());
}

#[test]
fn books_that_differ_are_named() {
    let door = cases(2);
    sql(&door, "UPDATE care_case SET state = 'withdrawn' WHERE id = 2");
    assert_eq!(funnel(&door).differences, ["registration:2 case_ended"]);
    sql(&door, "DELETE FROM care_case WHERE id = 1");
    assert_eq!(funnel(&door).differences, ["registration:1 case_missing", "registration:2 case_ended"]);
}

#[test]
fn the_agents_table_counts_the_day_and_is_not_for_everybody() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-01T09:00"));
    run(&door, "lan", at("2026-12-01T09:02"), ended(matter, Disposition::Declined)).unwrap();
    let matter = claim(&door, "lan", at("2026-12-01T09:03"));
    run(&door, "lan", at("2026-12-01T09:04"), ended(matter, Disposition::NoAnswer)).unwrap();
    let lines = agents(&door, "kiem");
    assert_eq!(lines.iter().map(|line| line.staff.as_str()).collect::<Vec<_>>(), ["lan", "minh"]);
    assert_eq!((lines[0].calls, lines[0].reached, lines[0].contact_rate), (2, 1, Some(0.5)));
    assert_eq!(lines[1].contact_rate, None);
    assert_eq!(rule(ask(&door, "lan", at(THREE), Query::Agents { date: None })), "forbidden");
    assert_eq!(overview(&door, "lan", THREE).agents, []);
    assert!(!overview(&door, "ha", THREE).agents.is_empty());
}

#[test]
fn an_agent_with_an_open_call_is_shown_on_call_until_the_lease_runs_out() {
    let door = hotline();
    claim(&door, "lan", at("2026-12-02T09:00"));
    let state = |when: &str| {
        overview(&door, "ha", when).agents.into_iter().find(|line| line.staff == "lan").unwrap().state
    };
    assert_eq!(state("2026-12-02T09:05"), AgentState::OnCall);
    assert_ne!(state("2026-12-02T09:10"), AgentState::OnCall);
}

#[test]
fn the_overview_joins_seats_forecast_charts_and_backlog() {
    let door = hotline();
    run(&door, "ha", at("2026-12-01T08:00"), Command::SetQuota(SetQuota { quota: 10 })).unwrap();
    let matter = claim(&door, "minh", at("2026-12-01T08:30"));
    run(&door, "minh", at("2026-12-01T08:31"), ended(matter, Disposition::NoAnswer)).unwrap();
    for customer in 2..=3 {
        run(&door, "lan", at("2026-12-01T09:00"), register(customer, true)).unwrap();
    }
    run(&door, "ha", at("2026-12-01T09:30"), Command::HandOver(Nothing {})).unwrap();
    let overview = overview(&door, "kiem", "2026-12-01T10:00");
    assert_eq!((overview.seats.quota, overview.seats.taken), (10, 2));
    assert!((overview.pace_per_day - 2.0).abs() < f64::EPSILON);
    let forecast = overview.full_at.unwrap();
    assert_eq!(forecast.at, at("2026-12-05T10:00"));
    assert!(forecast.early < forecast.at && forecast.at < forecast.late);
    assert_eq!((overview.unacknowledged, overview.unacknowledged_since), (2, Some(at("2026-12-01T09:30"))));
    assert_eq!(overview.calls_by_hour[8], 1);
    assert_eq!(overview.calls_by_day.len(), 14);
    assert_eq!(overview.calls_by_day.last(), Some(&(at("2026-12-01T00:00"), 1, 2)));
    assert_eq!(step(&overview.funnel, "registered").waiting, 2);
}

#[test]
fn an_open_intake_call_is_nobodys_agent_day() {
    let door = hotline();
    run(&door, "lan", at("2026-12-01T09:00"), register(1, true)).unwrap();
    hand_over(&door, BatchId(1));
    let claim = Claim { purpose: Purpose::Intake, matter: None };
    run(&door, "thu", at("2026-12-01T11:00"), Command::Claim(claim)).unwrap();
    assert_eq!(agents(&door, "ha").iter().filter(|line| line.staff == "thu").count(), 0);
}

/// Vinmec called a customer at eleven and reached nobody.
fn called_by_vinmec() -> Door {
    let door = hotline();
    run(&door, "lan", at("2026-12-01T09:00"), register(1, true)).unwrap();
    hand_over(&door, BatchId(1));
    let intake = Claim { purpose: Purpose::Intake, matter: None };
    let claimed = run(&door, "thu", at("2026-12-01T11:00"), Command::Claim(intake)).unwrap();
    let Receipt::Claimed { matter, .. } = claimed else { panic!("{claimed:?}") };
    run(&door, "thu", at("2026-12-01T11:03"), ended(matter, Disposition::NoAnswer)).unwrap();
    door
}

#[test]
fn the_calls_of_vinmec_are_in_no_figure_of_9090() {
    let door = called_by_vinmec();
    let seen = overview(&door, "ha", "2026-12-01T12:00");
    assert_eq!((seen.calls_by_hour[11], seen.calls_by_day.last().unwrap().1), (0, 0));
    assert_eq!(
        seen.agents.iter().filter(|line| line.staff == "thu").count(),
        0,
        "counted, and no agent of 9090"
    );
    // The same call of an agent of 9090 is in all of them.
    let matter = claim(&door, "minh", at("2026-12-01T11:10"));
    run(&door, "minh", at("2026-12-01T11:13"), ended(matter, Disposition::NoAnswer)).unwrap();
    let seen = overview(&door, "ha", "2026-12-01T12:00");
    assert_eq!((seen.calls_by_hour[11], seen.calls_by_day.last().unwrap().1), (1, 1));
    assert_eq!(seen.agents.iter().find(|line| line.staff == "minh").map(|line| line.calls), Some(1));
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn an_upgrade_takes_the_calls_of_vinmec_out_of_what_was_counted() {
    let door = called_by_vinmec();
    for name in ["hour.2026-12-01.11", "day.2026-12-01.calls"] {
        sql(&door, &format!("INSERT INTO counter (name, writer, value) VALUES ('{name}', 99, 1)"));
    }
    assert_ne!(check(&door).unwrap(), [], "as the program before counted");
    let step = match std::env::var_os("TONGDAI_TEST_POSTGRES") {
        None => include_str!("../../store/schema_5.sql"),
        Some(_) => include_str!("../../store/schema_5_postgres.sql"),
    };
    for statement in step.split(';').filter(|statement| !statement.trim().is_empty()) {
        sql(&door, statement);
    }
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn an_agent_is_ready_while_a_session_of_theirs_is_open() {
    let door = hotline();
    let state = |door: &Door| {
        overview(door, "ha", "2026-12-01T12:00")
            .agents
            .into_iter()
            .find(|line| line.staff == "lan")
            .unwrap()
            .state
    };
    assert_eq!(state(&door), AgentState::Off, "nobody sits there");
    let now = at("2026-12-01T11:59");
    let session = Presence {
        id: SessionId(format!("01SESSION{:017}", 1)),
        staff: id("lan"),
        entrance: Entrance::Terminal,
        origin: String::new(),
        key: None,
        began_at: now,
        active_at: now,
        locked: false,
        bytes: (0, 0),
    };
    door.begin_session(now, "01PROCESS00000000000000001", &session).unwrap();
    assert_eq!(state(&door), AgentState::Ready);
    door.leave_session(now, &session.id, &session.staff, "left").unwrap();
    assert_eq!(state(&door), AgentState::Off);
}

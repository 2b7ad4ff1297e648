//! Tests sessions through the door: listed, ended, taken over, expired.

use super::super::command::{Broadcast, Command, SessionRef, StaffRef};
use super::super::door::Door;
use super::super::fixture::{ask, at, claim, hotline, id, number, rule, run};
use super::super::model::session::{SessionLine, SessionState};
use super::super::query::{Query, Snapshot};
use super::super::receipt::Receipt;
use super::MOST_TEXT;
use super::manage::IDLE_MS;
use crate::domain::session::{BEAT_MS, EndedBy, Entrance, LOST_MS, Presence, SessionId};
use crate::domain::time::Timestamp;
use crate::store::Topics;

const HERE: &str = "01PROCESS00000000000000001";
const THERE: &str = "01PROCESS00000000000000002";

fn now() -> Timestamp {
    at("2026-12-02T09:00")
}

fn session(number: u8) -> SessionId {
    SessionId(format!("01SESSION{number:017}"))
}

fn presence(number: u8, staff: &str) -> Presence {
    Presence {
        id: session(number),
        staff: id(staff),
        entrance: Entrance::Ssh,
        origin: "192.0.2.7".to_owned(),
        key: None,
        began_at: now(),
        active_at: now(),
        locked: false,
        bytes: (1, 2),
    }
}

fn begin(door: &Door, process: &str, number: u8, staff: &str) {
    door.begin_session(now(), process, &presence(number, staff)).unwrap();
}

fn seen(door: &Door, who: &str, when: Timestamp, query: Query) -> Vec<(String, SessionState)> {
    lines(door, who, when, query).into_iter().map(|line| (line.staff.0, line.state)).collect()
}

fn lines(door: &Door, who: &str, when: Timestamp, query: Query) -> Vec<SessionLine> {
    let Snapshot::Sessions { sessions } = ask(door, who, when, query).unwrap() else { panic!() };
    sessions
}

fn end(number: u8) -> Command {
    Command::EndSession(SessionRef { session: session(number) })
}

#[test]
fn each_organisation_sees_and_ends_the_sessions_of_its_own() {
    let door = hotline();
    for (number, staff) in [(1, "lan"), (2, "ha"), (3, "thu"), (4, "quan")] {
        begin(&door, HERE, number, staff);
    }
    let names = |who: &str| -> Vec<String> {
        seen(&door, who, now(), Query::Sessions {}).into_iter().map(|(staff, _)| staff).collect()
    };
    assert_eq!(names("ha"), ["ha", "lan"]);
    assert_eq!(names("quan"), ["quan", "thu"]);
    assert_eq!(rule(ask(&door, "lan", now(), Query::Sessions {})), "forbidden");
    assert_eq!(rule(run(&door, "ha", now(), end(3))), "forbidden");
    assert_eq!(rule(run(&door, "lan", now(), end(2))), "forbidden");
    assert_eq!(rule(run(&door, "ha", now(), end(9))), "no_such_row");
    let news = door.store().subscribe(|| ());
    assert_eq!(run(&door, "ha", now(), end(1)), Ok(Receipt::SessionEnding {}));
    assert!(news.take().changed.touches(Topics::SESSIONS));
    assert_eq!(door.orders(now(), HERE).unwrap().ended, [(session(1), EndedBy::Supervisor)]);
    assert_eq!(door.orders(now(), THERE).unwrap().ended, []);
    assert_eq!(
        seen(&door, "ha", now(), Query::Sessions {}),
        [("ha".to_owned(), SessionState::Ready), ("lan".to_owned(), SessionState::Ending)]
    );
    door.leave_session(now(), &session(1), &id("lan"), "dismissed").unwrap();
    assert_eq!(names("ha"), ["ha"]);
    assert_eq!(door.orders(now(), HERE).unwrap().ended, []);
}

#[test]
fn a_session_begins_and_ends_in_the_audit_log_once() {
    let door = hotline();
    let before = number(&door, "SELECT COUNT(*) FROM audit");
    begin(&door, HERE, 1, "lan");
    for _ in 0..2 {
        door.leave_session(now(), &session(1), &id("lan"), "left").unwrap();
    }
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit") - before, 2);
    let started = "SELECT COUNT(*) FROM audit WHERE action = 'session_start' AND staff = 'lan'
                   AND subject = 'session:01SESSION00000000000000001' AND detail = 'entrance=ssh from=192.0.2.7'";
    let ended = "SELECT COUNT(*) FROM audit WHERE action = 'session_end' AND detail = 'why=left'";
    assert_eq!((number(&door, started), number(&door, ended)), (1, 1));
}

#[test]
fn a_heartbeat_keeps_sessions_and_inserts_again_what_was_expired_by_mistake() {
    let door = hotline();
    begin(&door, HERE, 1, "lan");
    let later = now().plus_ms(BEAT_MS);
    let busy = Presence { active_at: later, locked: true, bytes: (10, 20), ..presence(1, "lan") };
    door.beat(later, HERE, vec![busy.clone(), presence(2, "minh")]).unwrap();
    let lines = lines(&door, "ha", later, Query::Sessions {});
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].state, lines[0].active_at), (SessionState::Locked, later));
    assert_eq!((lines[0].received, lines[0].sent), (10, 20));
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'session_start'"), 2);
}

#[test]
fn the_state_of_a_session_is_what_matters_most() {
    let door = hotline();
    begin(&door, HERE, 1, "lan");
    let state = |when| seen(&door, "ha", when, Query::Sessions {})[0].1;
    assert_eq!(state(now()), SessionState::Ready);
    claim(&door, "lan", now());
    assert_eq!(state(now()), SessionState::OnCall);
    assert_eq!(state(now().plus_ms(LOST_MS + 1)), SessionState::Lost);
    let later = now().plus_ms(20 * 60 * 1000);
    door.beat(later, HERE, vec![presence(1, "lan")]).unwrap();
    assert!(later.since(now()) > IDLE_MS);
    assert_eq!(state(later), SessionState::Idle);
}

#[test]
fn the_sessions_of_a_process_that_died_expire_and_its_calls_are_released() {
    let door = hotline();
    begin(&door, HERE, 1, "lan");
    begin(&door, THERE, 2, "minh");
    let matter = claim(&door, "lan", now());
    let alive = |when| door.beat(when, THERE, vec![presence(2, "minh")]).unwrap();
    alive(now().plus_ms(LOST_MS));
    assert_eq!(seen(&door, "ha", now().plus_ms(LOST_MS), Query::Sessions {}).len(), 2);
    let noticed = now().plus_ms(LOST_MS + BEAT_MS);
    alive(noticed);
    assert_eq!(seen(&door, "ha", noticed, Query::Sessions {}), [("minh".to_owned(), SessionState::Ready)]);
    let ended = "SELECT COUNT(*) FROM audit WHERE action = 'session_end' AND detail = 'why=lost'";
    assert_eq!(number(&door, ended), 1);
    let soon = now().plus_ms(120_000);
    assert!(noticed < soon);
    assert_ne!(claim(&door, "minh", soon), matter);
    let left = "SELECT COUNT(*) FROM call WHERE disposition = 'not_recorded' AND staff = 'lan'";
    assert_eq!(number(&door, left), 1, "two minutes after the last sign of life");
}

#[test]
fn a_session_that_leaves_during_a_heartbeat_is_not_inserted_again() {
    let door = hotline();
    begin(&door, HERE, 1, "lan");
    door.leave_session(now(), &session(1), &id("lan"), "left").unwrap();
    let here = vec![presence(1, "lan"), presence(2, "minh")];
    door.beat_of_those(now().plus_ms(BEAT_MS), HERE, here, |found| *found != session(1)).unwrap();
    assert_eq!(seen(&door, "ha", now(), Query::Sessions {}), [("minh".to_owned(), SessionState::Ready)]);
    let rows = "SELECT COUNT(*) FROM audit WHERE subject = 'session:01SESSION00000000000000001'";
    assert_eq!(number(&door, rows), 2, "its beginning and its end");
}

#[test]
fn all_sessions_of_a_host_that_died_expire_with_one_heartbeat() {
    let door = hotline();
    for session in 1..=205 {
        begin(&door, HERE, session, "lan");
    }
    begin(&door, THERE, 250, "minh");
    let noticed = now().plus_ms(LOST_MS + 1);
    door.beat(noticed, THERE, vec![presence(250, "minh")]).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM session"), 1);
}

#[test]
fn a_session_that_continues_as_another_person_ends_for_the_first_in_the_audit_log() {
    let door = hotline();
    begin(&door, HERE, 1, "lan");
    begin(&door, HERE, 1, "lan");
    begin(&door, HERE, 1, "minh");
    let began = "SELECT COUNT(*) FROM audit WHERE action = 'session_start'";
    assert_eq!(number(&door, began), 2, "saying it twice is one beginning");
    let ended = "SELECT COUNT(*) FROM audit WHERE action = 'session_end' AND staff = 'lan' \
                 AND detail = 'why=handed_on'";
    assert_eq!(number(&door, ended), 1);
    assert_eq!(seen(&door, "ha", now(), Query::Sessions {}), [("minh".to_owned(), SessionState::Ready)]);
}

#[test]
fn a_process_that_is_known_to_be_gone_is_expired_at_once_and_no_other() {
    let door = hotline();
    begin(&door, HERE, 1, "lan");
    begin(&door, HERE, 2, "minh");
    begin(&door, THERE, 3, "ha");
    let matter = claim(&door, "lan", now());
    door.expire_process(now(), HERE).unwrap();
    assert_eq!(seen(&door, "ha", now(), Query::Sessions {}), [("ha".to_owned(), SessionState::Ready)]);
    door.expire_process(now(), HERE).unwrap();
    // Who does not come back has called, for all that is known: nobody calls that number again today.
    assert_ne!(claim(&door, "minh", now().plus_ms(120_000)), matter);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM call WHERE disposition = 'not_recorded'"), 1);
    let ended = "SELECT COUNT(*) FROM audit WHERE action = 'session_end' AND detail = 'why=lost'";
    assert_eq!(number(&door, ended), 2);
}

#[test]
fn a_lease_outlives_a_lost_session_whose_person_sits_elsewhere() {
    let door = hotline();
    begin(&door, HERE, 1, "lan");
    begin(&door, THERE, 2, "lan");
    let matter = claim(&door, "lan", now());
    for beats in 1..=6 {
        door.beat(now().plus_ms(beats * BEAT_MS), THERE, vec![presence(2, "lan")]).unwrap();
    }
    assert_eq!(seen(&door, "ha", now().plus_ms(6 * BEAT_MS), Query::Sessions {}).len(), 1);
    assert_ne!(claim(&door, "minh", now().plus_ms(150_000)), matter);
}

#[test]
fn a_newer_session_takes_over_its_own_persons_alone() {
    let door = hotline();
    begin(&door, HERE, 1, "lan");
    begin(&door, THERE, 2, "lan");
    begin(&door, HERE, 3, "minh");
    let take_over = |number| Command::TakeOver(SessionRef { session: session(number) });
    assert_eq!(rule(run(&door, "lan", now(), take_over(3))), "no_such_row");
    assert_eq!(lines(&door, "lan", now(), Query::OwnSessions {}).len(), 2);
    assert_eq!(run(&door, "lan", now(), take_over(2)), Ok(Receipt::TakenOver { sessions: 1 }));
    assert_eq!(door.orders(now(), HERE).unwrap().ended, [(session(1), EndedBy::TakeOver)]);
    assert_eq!(door.orders(now(), THERE).unwrap().ended, []);
}

#[test]
fn a_disabled_persons_sessions_are_told_to_end() {
    let door = hotline();
    begin(&door, HERE, 1, "lan");
    run(&door, "ha", now(), Command::DisableStaff(StaffRef { id: id("lan") })).unwrap();
    assert_eq!(door.orders(now(), HERE).unwrap().ended, [(session(1), EndedBy::Revoked)]);
    assert_eq!(rule(door.begin_session(now(), HERE, &presence(2, "lan"))), "no_such_row");
    let orders = door.beat(now(), THERE, vec![presence(2, "lan"), presence(3, "minh")]).unwrap();
    assert_eq!(orders.ended, [(session(2), EndedBy::Revoked)], "and the others' go on");
    assert_eq!(seen(&door, "ha", now(), Query::Sessions {}).len(), 2);
}

#[test]
fn a_broadcast_reaches_every_process_and_is_one_clean_line() {
    let door = hotline();
    let say = |who: &str, text: &str| {
        run(&door, who, now(), Command::Broadcast(Broadcast { text: text.to_owned() }))
    };
    assert_eq!(say("ha", " Nghỉ lúc\n17:00 \u{1b}[31m"), Ok(Receipt::Broadcast {}));
    assert_eq!(rule(say("lan", "x")), "forbidden");
    assert_eq!(rule(say("ha", "\u{200b} \n")), "field_invalid");
    assert_eq!(rule(say("ha", &"à".repeat(MOST_TEXT + 1))), "field_invalid");
    say("ha", &"à".repeat(MOST_TEXT)).unwrap();
    let broadcasts = door.orders(now().plus_ms(1000), THERE).unwrap().broadcasts;
    assert_eq!(broadcasts.len(), 2);
    assert_eq!((broadcasts[0].name.as_str(), broadcasts[0].at), ("Hà", now()));
    assert!(broadcasts[0].body.starts_with("Nghỉ lúc 17:00") && !broadcasts[0].body.contains('\u{1b}'));
    assert_eq!(door.orders(now().plus_ms(10 * 60 * 1000), THERE).unwrap().broadcasts, []);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE detail LIKE '%17:00%'"), 0);
}

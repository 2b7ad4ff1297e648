//! Stories of the page of sessions.

use super::*;
use crate::domain::session::{Entrance, SessionId};
use crate::usecase::command::{Broadcast, SessionRef};
use crate::usecase::model::session::{SessionLine, SessionState};

const GIVE: Key = Key::char('g');
const END: Key = Key::char('d');

fn sessions() -> Vec<SessionLine> {
    let line = |id: &str, name: &str, role, state, since: &str, active: &str, sent| SessionLine {
        id: SessionId(id.to_owned()),
        staff: StaffId(id.to_owned()),
        name: name.to_owned(),
        role,
        entrance: if sent == 0 { Entrance::Terminal } else { Entrance::Ssh },
        origin: if sent == 0 { "pts/3" } else { "198.51.100.214" }.to_owned(),
        key: None,
        since: at(since),
        active_at: at(active),
        state,
        received: sent / 90,
        sent,
        ended_by: None,
    };
    use Role::{Agent, Auditor, Supervisor};
    use SessionState::{Idle, Locked, Lost, OnCall, Ready};
    vec![
        line("a", "Hà", Supervisor, Ready, "2026-12-02T07:58:00", "2026-12-02T09:29:50", 0),
        line("b", "Nguyễn Thị Lan", Agent, OnCall, "2026-12-02T08:01:00", "2026-12-02T09:29:58", 1_840_000),
        line("c", "Minh", Agent, Idle, "2026-12-02T08:02:00", "2026-12-02T09:17:00", 912_400),
        line("d", "Kiểm", Auditor, Locked, "2026-12-01T22:40:00", "2026-12-02T06:10:00", 48_200_000),
        line("e", "Dũng", Agent, Lost, "2026-12-02T08:05:00", "2026-12-02T09:10:00", 7_300),
    ]
}

fn page() -> Bench {
    let mut bench = Bench::of(Role::Supervisor);
    let asked = bench.press(Key::char('p'));
    assert_eq!(queries(&asked), [Query::Sessions {}]);
    bench.answer(None, Snapshot::Sessions { sessions: sessions() });
    bench
}

#[test]
fn pictures_of_the_sessions() {
    let mut bench = page();
    insta::assert_snapshot!("sessions_wide", bench.draw(120, 20));
    insta::assert_snapshot!("sessions_narrow", bench.draw(80, 14));
    bench.press(GIVE);
    insta::assert_snapshot!("sessions_broadcast", bench.draw(80, 20));
    bench.ctx.lang = Lang::En;
    insta::assert_snapshot!("sessions_english", bench.draw(80, 20));
}

#[test]
fn ending_a_session_asks_first_and_says_what_becomes_of_its_call() {
    let mut bench = page();
    bench.press(DOWN);
    let asked = bench.press(END);
    let [Effect::Ask(question)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(question.tone, Tone::Danger);
    let detail = question.detail.as_ref().unwrap().text(Lang::Vi);
    assert!(question.text.text(Lang::Vi).contains("Nguyễn Thị Lan") && detail.contains("2 phút"), "{detail}");
    // Another session ends meanwhile: the answer is about the session that the question named.
    bench.changed(Topics::SESSIONS);
    bench.answer(None, Snapshot::Sessions { sessions: sessions().split_off(1) });
    let saved = bench.answered(CONFIRM, true);
    let session = SessionId("b".to_owned());
    assert_eq!(commands(&saved), [Command::EndSession(SessionRef { session })]);
    let effects = bench
        .answer(Some(Receipt::SessionEnding {}), Snapshot::Sessions { sessions: sessions().split_off(2) });
    assert_eq!(effects, [Effect::ok(Say::key("over.say.session_ending"))]);
}

#[test]
fn a_broadcast_is_typed_in_a_window_and_marked_when_it_is_refused() {
    let mut bench = page();
    bench.press(GIVE);
    assert_eq!(commands(&bench.press(ENTER)), [], "nothing is nothing to say");
    for letter in "Họp 16:30".chars() {
        bench.press(Key::char(letter));
    }
    let text = "Họp 16:30".to_owned();
    assert_eq!(commands(&bench.press(ENTER)), [Command::Broadcast(Broadcast { text })]);
    bench.refuse(Refusal::FieldInvalid { field: "text", reason: "too_long" });
    assert!(bench.host.screen.form().is_some(), "what was typed is still there");
    assert_eq!(commands(&bench.press(ENTER)).len(), 1);
    bench.answer(Some(Receipt::Broadcast {}), Snapshot::Sessions { sessions: sessions() });
    assert!(bench.host.screen.form().is_none());
}

#[test]
fn only_those_who_manage_sessions_have_the_page() {
    for role in Role::ALL {
        let mut bench = Bench::of(role);
        let asked = queries(&bench.press(Key::char('p')));
        assert_eq!(!asked.is_empty(), role.may(May::ManageSessions), "{role:?}");
    }
}

#[test]
fn the_cursor_stays_on_its_session_and_an_empty_list_has_nothing_to_end() {
    let mut bench = page();
    bench.press(DOWN);
    bench.press(DOWN);
    bench.changed(Topics::SESSIONS);
    bench.answer(None, Snapshot::Sessions { sessions: sessions().split_off(1) });
    assert_eq!(bench.host.screen.sessions.chosen().unwrap().name, "Minh");
    bench.changed(Topics::SESSIONS);
    bench.answer(None, Snapshot::Sessions { sessions: Vec::new() });
    assert!(bench.press(END).iter().all(|effect| !matches!(effect, Effect::Ask(_))));
}

//! What comes to a session from outside: banners, and the person's other session.

use super::*;
use crate::domain::session::{Entrance, SessionId};
use crate::usecase::command::SessionRef;
use crate::usecase::model::session::{SessionLine, SessionState};

const LONG: &str = "Hệ thống tạm dừng lúc 17:00 để nâng cấp. Xin lưu lại cuộc gọi đang mở trước giờ đó; \
                    sau 17:15 anh chị đăng nhập lại như bình thường. Cảm ơn cả ca chiều.";

fn told(app: &mut App, text: &str) {
    app.tell("Hà".to_owned(), app.ctx.now, text.to_owned());
}

#[test]
fn a_banner_stays_until_it_is_seen_and_hides_nothing() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let before = draw(&app);
    told(&mut app, "Họp ca lúc 16:30.");
    told(&mut app, LONG);
    insta::assert_snapshot!(draw(&app));
    app.input(Input::Tick(app.ctx.now.plus_ms(3_600_000)));
    type_keys(&mut app, "mmm");
    assert!(draw(&app).contains("nâng cấp"), "no key but its own and no time takes it away");
    press(&mut app, Key::f(8));
    let second = draw(&app);
    assert!(second.contains("Họp ca lúc 16:30.") && !second.contains("nâng cấp"));
    press(&mut app, Key::f(8));
    assert_eq!(draw(&app).lines().take(21).count(), before.lines().take(21).count());
    assert!(!draw(&app).contains("Họp ca"));
}

#[test]
fn a_short_banner_takes_one_row() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let before = app.body((80, 24));
    told(&mut app, "Họp ca lúc 16:30.");
    assert_eq!(app.body((80, 24)).height, before.height - 1);
    told(&mut app, "");
    assert_eq!(app.body((80, 24)).height, before.height - 1);
}

#[test]
fn a_banner_fits_every_size_and_old_ones_go() {
    let mut app = app(Role::Agent, (80, 24), screens);
    for number in 0..100 {
        told(&mut app, &format!("{number} {}", "ỗ".repeat(198)));
    }
    assert_eq!(app.banners.len(), 20);
    for size in [(80, 24), (120, 36), (400, 120), (20, 8), (1, 1)] {
        app.input(Input::Resize(size.0, size.1));
        fixture::drawn(size.0, size.1, |frame, _| app.view(frame));
    }
}

#[test]
fn a_click_puts_a_banner_away_and_presses_nothing_under_it() {
    let mut app = app(Role::Agent, (80, 24), screens);
    told(&mut app, "Họp ca lúc 16:30.");
    app.input(Input::Mouse(Mouse { column: 10, row: 1, pointer: Pointer::Click }));
    assert_eq!(app.banners, []);
}

fn line(id: &str) -> SessionLine {
    SessionLine {
        id: SessionId(id.to_owned()),
        staff: StaffId("lan".to_owned()),
        name: "Lan".to_owned(),
        role: Role::Agent,
        entrance: Entrance::Ssh,
        origin: "192.0.2.7".to_owned(),
        key: None,
        since: fixture::at("2026-12-02T08:12:00"),
        active_at: fixture::at("2026-12-02T09:20:00"),
        state: SessionState::OnCall,
        received: 0,
        sent: 0,
        ended_by: None,
    }
}

fn sitting() -> (App, Vec<Effect>) {
    let mut app = App::new(ctx(Role::Agent), (80, 24), screens);
    app.sits_at(SessionId("new".to_owned()));
    let effects = app.start();
    (app, effects)
}

/// Answers the frame's query for sessions with these; what the frame does then.
fn answer(app: &mut App, effects: &[Effect], sessions: &[&str]) -> Vec<Effect> {
    let job = jobs(effects).into_iter().find(|job| job.then == [Query::OwnSessions {}]).unwrap();
    let sessions = sessions.iter().map(|id| line(id)).collect();
    app.reply(Reply { ticket: job.ticket, outcome: Ok((None, vec![Snapshot::Sessions { sessions }])) })
}

fn asks_for_drafts(effects: &[Effect]) -> bool {
    jobs(effects).iter().any(|job| job.then == [Query::Drafts {}])
}

#[test]
fn who_sits_nowhere_else_is_asked_nothing() {
    let (mut app, effects) = sitting();
    assert!(!asks_for_drafts(&effects), "what the other session left is not known yet");
    let then = answer(&mut app, &effects, &["new"]);
    assert!(asks_for_drafts(&then) && app.modals.is_empty());
}

#[test]
fn the_newer_session_waits_for_the_older_and_then_takes_up_what_it_left() {
    let (mut app, effects) = sitting();
    assert_eq!(answer(&mut app, &effects, &["new", "old"]), []);
    insta::assert_snapshot!(draw(&app));
    let told = press(&mut app, Key::plain(KeyCode::Enter));
    let command = Command::TakeOver(SessionRef { session: SessionId("new".to_owned()) });
    assert_eq!(jobs(&told)[0].command, Some(command));
    assert_eq!(answer(&mut app, &told, &["new", "old"]), [], "it is still keeping what was typed");
    assert!(app.input(Input::Changed(Topics::SEATS)).iter().all(|effect| !asks_own(effect)));
    let again = app.input(Input::Changed(Topics::SESSIONS));
    let then = answer(&mut app, &again, &["new"]);
    assert!(asks_for_drafts(&then));
    assert!(app.input(Input::Changed(Topics::SESSIONS)).iter().all(|effect| !asks_own(effect)));
}

fn asks_own(effect: &Effect) -> bool {
    matches!(effect, Effect::Run(job) if job.then == [Query::OwnSessions {}])
}

#[test]
fn both_sessions_stay_when_their_person_wants_both() {
    let (mut app, effects) = sitting();
    answer(&mut app, &effects, &["new", "old"]);
    let kept = press(&mut app, Key::plain(KeyCode::Esc));
    assert!(asks_for_drafts(&kept));
    assert!(kept.iter().all(|effect| !matches!(effect, Effect::Run(job) if job.command.is_some())));
}

#[test]
fn a_session_that_does_not_end_is_not_waited_for_for_ever() {
    let (mut app, effects) = sitting();
    answer(&mut app, &effects, &["new", "old"]);
    let told = press(&mut app, Key::plain(KeyCode::Enter));
    answer(&mut app, &told, &["new", "old"]);
    assert!(!asks_for_drafts(&app.input(Input::Tick(app.ctx.now.plus_ms(9_000)))));
    assert!(asks_for_drafts(&app.input(Input::Tick(app.ctx.now.plus_ms(2_000)))));
    assert!(draw(&app).contains("Phiên kia chưa đóng"));
}

#[test]
fn a_session_that_was_lost_is_nobodys_other_desk() {
    let (mut app, effects) = sitting();
    let job = jobs(&effects).into_iter().find(|job| job.then == [Query::OwnSessions {}]).unwrap();
    let lost = SessionLine { state: SessionState::Lost, ..line("old") };
    let outcome = Ok((None, vec![Snapshot::Sessions { sessions: vec![lost] }]));
    let then = app.reply(Reply { ticket: job.ticket, outcome });
    assert!(asks_for_drafts(&then) && app.modals.is_empty());
}

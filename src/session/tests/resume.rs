//! A connection is lost in the middle of a call and the user comes back: real screens, real store, no thread.

use crate::domain::actor::Actor;
use crate::domain::id::{MatterId, StaffId};
use crate::domain::session::{Entrance, SessionId};
use crate::domain::time::Timestamp;
use crate::session::presence::{new_presence, new_process};
use crate::session::{Event, Executor, SessionClock, SessionHost, Work, carry_out, take};
use crate::tui::app::App;
use crate::tui::ctx::Ctx;
use crate::tui::fixture;
use crate::tui::input::{Input, Key, KeyCode};
use crate::tui::screens;
use crate::usecase::fixture::{claim, hotline, id, number};
use crate::usecase::{Door, Query, Snapshot, Topics};
use std::collections::VecDeque;
use std::time::Instant;

const ENTER: Key = Key::plain(KeyCode::Enter);
const ESC: Key = Key::plain(KeyCode::Esc);

fn nine() -> Timestamp {
    fixture::at("2026-12-02T09:30:00")
}

/// A user's session: the screens and an executor.
struct TestSession {
    app: App,
    executor: Executor,
    now: Timestamp,
    left: bool,
}

/// The requests of the screens, in order.
struct Asked(VecDeque<Work>);

impl SessionHost for Asked {
    fn give(&mut self, work: Work) {
        self.0.push_back(work);
    }

    fn copy(&mut self, _text: &str) {}
}

impl TestSession {
    fn open(door: &Door, staff: &str) -> Self {
        Self::open_as(door, staff, None)
    }

    /// The same as a session in the store.
    fn open_known(door: &Door, staff: &str) -> (Self, SessionId) {
        let presence = new_presence(&StaffId(staff.to_owned()), Entrance::Ssh, "192.0.2.7", None, nine());
        door.begin_session(nine(), &new_process(), &presence).unwrap();
        (Self::open_as(door, staff, Some(presence.id.clone())), presence.id)
    }

    fn open_as(door: &Door, staff: &str, id: Option<SessionId>) -> Self {
        let actor: Actor = door.actor(&StaffId(staff.to_owned())).unwrap();
        let ctx = Ctx { actor, campaign: door.campaign(), ..fixture::ctx(crate::domain::actor::Role::Agent) };
        let executor = Executor::new(door.clone(), SessionClock::new(nine, Some(nine())));
        let app = App::new(ctx, (120, 36), screens::all);
        let mut session = Self { app, executor, now: nine(), left: false };
        if let Some(id) = id {
            session.app.set_session(id);
        }
        let effects = session.app.start();
        session.settle(effects);
        session
    }

    fn settle(&mut self, effects: Vec<crate::tui::effect::Effect>) {
        let mut asked = Asked(VecDeque::new());
        self.left |= !carry_out(effects, &mut self.app, &mut asked);
        while let Some(work) = asked.0.pop_front() {
            let event = self.executor.run(work, Instant::now());
            let effects = take(event, &mut self.app);
            self.left |= !carry_out(effects, &mut self.app, &mut asked);
        }
    }

    fn input(&mut self, input: Input) {
        let effects = take(Event::Input(input), &mut self.app);
        self.settle(effects);
    }

    fn press(&mut self, key: Key) {
        self.input(Input::Key(key));
    }

    fn type_text(&mut self, text: &str) {
        text.chars().for_each(|c| self.press(Key::char(c)));
    }

    fn wait(&mut self, seconds: i64) {
        self.now = self.now.plus_ms(seconds * 1000);
        self.input(Input::Tick(self.now));
    }

    fn sees(&self, text: &str) -> bool {
        fixture::drawn(120, 36, |frame, _| self.app.view(frame)).contains(text)
    }
}

fn drafts(door: &Door) -> i64 {
    number(door, "SELECT COUNT(*) FROM draft")
}

/// Lan is on a call, has begun a note, and her connection is lost.
fn cut_off() -> (Door, MatterId) {
    let door = hotline();
    let matter = claim(&door, "lan", nine());
    let mut lan = TestSession::open(&door, "lan");
    lan.press(Key::char('n'));
    lan.type_text("mai goi lai");
    lan.input(Input::Hangup);
    assert!(lan.left);
    (door, matter)
}

#[test]
fn a_call_continues_where_the_connection_was_lost() {
    let (door, _) = cut_off();
    let mut lan = TestSession::open(&door, "lan");
    assert!(lan.sees("Tiếp tục cuộc gọi đang dở với"));
    lan.press(ENTER);
    assert!(lan.sees("mai goi lai"), "the note is not there");
    assert!(!lan.sees("Xin xác nhận"));
    lan.type_text("!");
    lan.press(ENTER);
    lan.press(Key::char('5'));
    assert_eq!(drafts(&door), 0, "the draft outlived its call");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM call WHERE note = 'mai goi lai!'"), 1);
}

#[test]
fn a_newer_session_writes_nothing_over_what_the_older_has_typed() {
    let door = hotline();
    claim(&door, "lan", nine());
    let (mut old, older) = TestSession::open_known(&door, "lan");
    old.press(Key::char('n'));
    old.type_text("mai goi lai");
    old.wait(4);
    let (mut new, _) = TestSession::open_known(&door, "lan");
    assert!(new.sees("đang mở màn hình ở nơi khác"));
    new.wait(4);
    new.press(ENTER);
    new.wait(4);
    old.input(Input::Hangup);
    door.leave_session(nine(), &older, &StaffId("lan".to_owned()), "taken_over").unwrap();
    new.input(Input::Changed(Topics::SESSIONS));
    assert!(new.sees("Tiếp tục cuộc gọi đang dở với"));
    // The question is open, and the connection is lost once more.
    new.wait(4);
    new.input(Input::Hangup);
    let mut last = TestSession::open(&door, "lan");
    last.press(ENTER);
    assert!(last.sees("mai goi lai"), "the note is not there");
}

#[test]
fn what_is_typed_is_kept_every_few_seconds_and_not_at_every_key() {
    let door = hotline();
    claim(&door, "lan", nine());
    let mut lan = TestSession::open(&door, "lan");
    lan.press(Key::char('n'));
    lan.type_text("one");
    assert_eq!(drafts(&door), 0, "a key waited for the store");
    lan.wait(1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM draft WHERE body LIKE '%one%'"), 1);
    lan.type_text("two");
    lan.wait(1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM draft WHERE body LIKE '%onetwo%'"), 0);
    lan.wait(3);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM draft WHERE body LIKE '%onetwo%'"), 1);
}

#[test]
fn a_call_is_discarded_only_after_a_second_question() {
    let (door, matter) = cut_off();
    let mut lan = TestSession::open(&door, "lan");
    lan.press(ESC);
    assert!(lan.sees("Bỏ nội dung đang nhập dở của"));
    // The safer answer is preselected: back to the first question.
    lan.press(ENTER);
    assert!(lan.sees("Tiếp tục cuộc gọi đang dở với") && drafts(&door) == 1);
    lan.press(ESC);
    lan.press(Key::plain(KeyCode::Tab));
    lan.press(ENTER);
    assert_eq!(drafts(&door), 0);
    let held = format!("{:?}", door.query(&id("lan"), nine(), Query::OpenCall {}).unwrap());
    assert!(held.contains("None"), "{matter} is still held: {held}");
    assert!(!lan.sees("mai goi lai") && !lan.sees("Xin xác nhận"));
    lan.press(ENTER);
    let Snapshot::OpenCall { call } = door.query(&id("lan"), nine(), Query::OpenCall {}).unwrap() else {
        panic!("another snapshot")
    };
    assert!(call.is_some(), "the next customer did not come");
}

#[test]
fn after_the_lease_ran_out_the_customer_is_taken_up_again_with_the_note() {
    let (door, matter) = cut_off();
    let mut lan = TestSession::open(&door, "lan");
    drop(lan);
    // A colleague's command an hour later moves the simulated time on.
    let later = nine().plus_ms(3_600_000);
    let other = claim(&door, "minh", later);
    crate::usecase::fixture::run(
        &door,
        "minh",
        later,
        crate::usecase::Command::ReleaseLease(crate::usecase::command::MatterRef { matter: other }),
    )
    .unwrap();
    assert_ne!(other, matter);
    lan = TestSession::open(&door, "lan");
    assert!(lan.sees("Nhận lại khách"));
    lan.press(ENTER);
    assert!(lan.sees("mai goi lai"), "the note is not there");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE lease_staff = 'lan'"), 1);
}

#[test]
fn an_inbound_form_survives_too() {
    let door = hotline();
    let open = |session: &mut TestSession| {
        session.press(Key::alt('2'));
        session.type_text("0904123402");
        session.press(ENTER);
        session.press(ENTER);
    };
    let mut lan = TestSession::open(&door, "lan");
    open(&mut lan);
    assert!(lan.sees("Trần Thị Hoa"), "the form is not open");
    lan.press(Key::char(' '));
    lan.input(Input::Hangup);
    assert_eq!(drafts(&door), 1);
    let mut lan = TestSession::open(&door, "lan");
    assert!(lan.sees("Tiếp tục biểu mẫu đang nhập dở của Trần Thị Hoa?"));
    lan.press(ENTER);
    assert!(lan.sees("[x]") || lan.sees("☑") || lan.sees("[✓]"), "the tick is gone");
    let mut minh = TestSession::open(&door, "minh");
    assert!(!minh.sees("đang nhập dở"), "a colleague sees the draft");
    minh.wait(1);
}

#[test]
fn an_idle_session_shows_nothing_until_its_user_types_the_pin_and_keeps_the_call() {
    let door = hotline();
    claim(&door, "lan", nine());
    let mut lan = TestSession::open(&door, "lan");
    let effects = lan.app.lock_after(Some(std::time::Duration::from_mins(1)));
    lan.settle(effects);
    lan.wait(59);
    assert!(lan.sees("Nguyễn Văn Hùng"), "the card is not there");
    lan.wait(1);
    assert!(lan.sees("bấm một phím") && !lan.sees("Nguyễn Văn Hùng") && !lan.sees("123 401"));
    // Without a PIN any key continues, and one may be chosen.
    lan.press(Key::char('x'));
    for digits in ["2408", "2409", "2408", "2408"] {
        lan.type_text(digits);
        lan.press(ENTER);
    }
    assert!(lan.sees("Nguyễn Văn Hùng") && door.has_pin(&id("lan")).unwrap());
    lan.wait(60);
    assert!(lan.sees("nhập mã PIN"));
    // No key, paste or click reaches the screens behind.
    lan.press(Key::char('n'));
    lan.input(Input::Paste("2408".to_owned()));
    lan.press(ENTER);
    lan.type_text("9999");
    lan.press(ENTER);
    lan.press(Key::plain(KeyCode::Esc));
    assert!(lan.sees("nhập mã PIN") && !lan.sees("Nguyễn Văn Hùng"));
    lan.type_text("2407");
    lan.press(ENTER);
    assert!(lan.sees("Còn 4 lần thử"), "a wrong try is not shown");
    lan.type_text("2408");
    lan.press(ENTER);
    assert!(lan.sees("Nguyễn Văn Hùng"), "the call is gone");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE lease_staff = 'lan'"), 1);
}

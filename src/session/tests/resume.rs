//! A line is lost in the middle of a call, and the person comes back: real screens, real door, no thread.

use crate::domain::actor::Actor;
use crate::domain::id::{MatterId, StaffId};
use crate::domain::session::{Entrance, SessionId};
use crate::domain::time::Timestamp;
use crate::session::presence::{arriving, new_process};
use crate::session::{Event, Hands, Passage, SessionClock, Work, carry_out, take};
use crate::tui::app::App;
use crate::tui::ctx::Ctx;
use crate::tui::fixture;
use crate::tui::input::{Input, Key, KeyCode};
use crate::tui::screens::desks;
use crate::usecase::fixture::{claim, hotline, id, number};
use crate::usecase::{Door, Query, Snapshot, Topics};
use std::collections::VecDeque;
use std::time::Instant;

const ENTER: Key = Key::plain(KeyCode::Enter);
const ESC: Key = Key::plain(KeyCode::Esc);

fn nine() -> Timestamp {
    fixture::at("2026-12-02T09:30:00")
}

/// A person in front of the screens, with the door behind them.
struct Seat {
    app: App,
    passage: Passage,
    now: Timestamp,
    left: bool,
}

/// What the screens asked for, in order.
struct Asked(VecDeque<Work>);

impl Hands for Asked {
    fn give(&mut self, work: Work) {
        self.0.push_back(work);
    }

    fn copy(&mut self, _text: &str) {}
}

impl Seat {
    fn take(door: &Door, staff: &str) -> Self {
        Self::take_as(door, staff, None)
    }

    /// The same at a desk that the store knows.
    fn take_known(door: &Door, staff: &str) -> (Self, SessionId) {
        let session = arriving(&StaffId(staff.to_owned()), Entrance::Ssh, "192.0.2.7", None, nine());
        door.begin_session(nine(), &new_process(), &session).unwrap();
        (Self::take_as(door, staff, Some(session.id.clone())), session.id)
    }

    fn take_as(door: &Door, staff: &str, session: Option<SessionId>) -> Self {
        let actor: Actor = door.actor(&StaffId(staff.to_owned())).unwrap();
        let ctx = Ctx {
            actor,
            campaign: door.campaign().clone(),
            ..fixture::ctx(crate::domain::actor::Role::Agent)
        };
        let passage = Passage::new(door.clone(), SessionClock::new(nine, Some(nine())));
        let app = App::new(ctx, (120, 36), desks);
        let mut seat = Self { app, passage, now: nine(), left: false };
        if let Some(session) = session {
            seat.app.sits_at(session);
        }
        let effects = seat.app.start();
        seat.settle(effects);
        seat
    }

    fn settle(&mut self, effects: Vec<crate::tui::effect::Effect>) {
        let mut asked = Asked(VecDeque::new());
        self.left |= !carry_out(effects, &mut self.app, &mut asked);
        while let Some(work) = asked.0.pop_front() {
            let event = self.passage.act(work, Instant::now());
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

/// Lan is on a call, has begun a note, and her line is cut.
fn cut_off() -> (Door, MatterId) {
    let door = hotline();
    let matter = claim(&door, "lan", nine());
    let mut lan = Seat::take(&door, "lan");
    lan.press(Key::char('n'));
    lan.type_text("mai goi lai");
    lan.input(Input::Hangup);
    assert!(lan.left);
    (door, matter)
}

#[test]
fn a_call_goes_on_where_the_line_was_lost() {
    let (door, _) = cut_off();
    let mut lan = Seat::take(&door, "lan");
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
    let (mut old, older) = Seat::take_known(&door, "lan");
    old.press(Key::char('n'));
    old.type_text("mai goi lai");
    old.wait(4);
    let (mut new, _) = Seat::take_known(&door, "lan");
    assert!(new.sees("đang mở màn hình ở nơi khác"));
    new.wait(4);
    new.press(ENTER);
    new.wait(4);
    old.input(Input::Hangup);
    door.leave_session(nine(), &older, &StaffId("lan".to_owned()), "taken_over").unwrap();
    new.input(Input::Changed(Topics::SESSIONS));
    assert!(new.sees("Tiếp tục cuộc gọi đang dở với"));
    // The question waits, and the line is lost once more.
    new.wait(4);
    new.input(Input::Hangup);
    let mut last = Seat::take(&door, "lan");
    last.press(ENTER);
    assert!(last.sees("mai goi lai"), "the note is not there");
}

#[test]
fn what_is_typed_is_kept_every_few_seconds_and_not_at_every_key() {
    let door = hotline();
    claim(&door, "lan", nine());
    let mut lan = Seat::take(&door, "lan");
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
    let mut lan = Seat::take(&door, "lan");
    lan.press(ESC);
    assert!(lan.sees("Bỏ nội dung đang nhập dở của"));
    // The safer answer is marked: back to the first question.
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
    let mut lan = Seat::take(&door, "lan");
    drop(lan);
    // Somebody else's command an hour later moves the simulated time on.
    let later = nine().plus_ms(3_600_000);
    let other = claim(&door, "minh", later);
    crate::usecase::fixture::run(
        &door,
        "minh",
        later,
        crate::usecase::Command::ReleaseLease(crate::usecase::command::MatterRef { matter: other }),
    )
    .unwrap();
    assert_eq!(other, matter);
    lan = Seat::take(&door, "lan");
    assert!(lan.sees("Nhận lại khách"));
    lan.press(ENTER);
    assert!(lan.sees("mai goi lai"), "the note is not there");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE lease_staff = 'lan'"), 1);
}

#[test]
fn an_inbound_form_survives_too() {
    let door = hotline();
    let open = |seat: &mut Seat| {
        seat.press(Key::alt('2'));
        seat.type_text("0904123402");
        seat.press(ENTER);
        seat.press(ENTER);
    };
    let mut lan = Seat::take(&door, "lan");
    open(&mut lan);
    assert!(lan.sees("Trần Thị Hoa"), "the form is not open");
    lan.press(Key::char(' '));
    lan.input(Input::Hangup);
    assert_eq!(drafts(&door), 1);
    let mut lan = Seat::take(&door, "lan");
    assert!(lan.sees("Tiếp tục biểu mẫu đang nhập dở của Trần Thị Hoa?"));
    lan.press(ENTER);
    assert!(lan.sees("[x]") || lan.sees("☑") || lan.sees("[✓]"), "the tick is gone");
    let mut minh = Seat::take(&door, "minh");
    assert!(!minh.sees("đang nhập dở"), "a colleague sees the draft");
    minh.wait(1);
}

#[test]
fn an_idle_desk_shows_nothing_until_its_person_types_the_pin_and_keeps_the_call() {
    let door = hotline();
    claim(&door, "lan", nine());
    let mut lan = Seat::take(&door, "lan");
    let effects = lan.app.lock_after(Some(std::time::Duration::from_mins(1)));
    lan.settle(effects);
    lan.wait(59);
    assert!(lan.sees("Nguyễn Văn Hùng"), "the card is not there");
    lan.wait(1);
    assert!(lan.sees("bấm một phím") && !lan.sees("Nguyễn Văn Hùng") && !lan.sees("123 401"));
    // Without a PIN any key goes on, and one may be chosen.
    lan.press(Key::char('x'));
    for digits in ["2408", "2409", "2408", "2408"] {
        lan.type_text(digits);
        lan.press(ENTER);
    }
    assert!(lan.sees("Nguyễn Văn Hùng") && door.has_pin(&id("lan")).unwrap());
    lan.wait(60);
    assert!(lan.sees("nhập mã PIN"));
    // No key, paste or click reaches what is behind.
    lan.press(Key::char('n'));
    lan.input(Input::Paste("2408".to_owned()));
    lan.press(ENTER);
    lan.type_text("9999");
    lan.press(ENTER);
    lan.press(Key::plain(KeyCode::Esc));
    assert!(lan.sees("nhập mã PIN") && !lan.sees("Nguyễn Văn Hùng"));
    lan.type_text("2407");
    lan.press(ENTER);
    assert!(lan.sees("Còn 4 lần thử"), "a wrong try is not told");
    lan.type_text("2408");
    lan.press(ENTER);
    assert!(lan.sees("Nguyễn Văn Hùng"), "the call is gone");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE lease_staff = 'lan'"), 1);
}

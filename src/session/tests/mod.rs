mod files;
mod orders;
mod resume;
mod unconfirmed;

use super::*;
use crate::domain::actor::{OPERATOR, Role};
use crate::domain::id::StaffId;
use crate::domain::session::Entrance;
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::tui::app::App;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Ticket, Tickets};
use crate::tui::fixture;
use crate::tui::input::{Input, Key};
use crate::tui::keys::Binding;
use crate::tui::screen::{AnyScreen, Msg, Screen, ScreenHost};
use crate::usecase::command::SetQuota;
use crate::usecase::{Command, Door, Query, Snapshot};
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use std::sync::mpsc::channel;
use std::time::Duration;

/// Reads the seats, changes them on `s`, and leaves when the answer is there.
struct Seats {
    tickets: Tickets,
    saved: Option<Ticket>,
    quota: i64,
}

impl Screen for Seats {
    type Act = ();

    const BINDINGS: &'static [Binding<(), Self>] =
        &[Binding::new("form", "form.next", &[Key::char('s')], ())];

    fn update(&mut self, msg: Msg<()>, _ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(_) => vec![Effect::load(self.tickets.next(), Query::Quota {})],
            Msg::Act(()) => {
                let ticket = self.tickets.next();
                self.saved = Some(ticket);
                vec![Effect::save(ticket, Command::SetQuota(SetQuota { quota: 321 }), Some(Query::Quota {}))]
            }
            Msg::Replied(ticket, Ok((receipt, snapshots))) => {
                let Some(Snapshot::Quota(quota)) = snapshots.first() else { return Vec::new() };
                self.quota = quota.quota;
                let done = self.saved == Some(ticket) && receipt.is_some();
                if done { vec![Effect::Copy(quota.quota.to_string()), Effect::Quit] } else { Vec::new() }
            }
            // A refusal ends the session, and the test fails on what is missing.
            Msg::Replied(_, Err(_)) => vec![Effect::Quit],
            _ => Vec::new(),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, _ctx: &Ctx) {
        frame.render_widget(format!("{} seats", self.quota), area);
    }
}

fn screens(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    let screen = Seats { tickets: Tickets::new(Origin::Overview), saved: None, quota: 0 };
    vec![Box::new(ScreenHost::new(Origin::Overview, screen))]
}

fn start_of_december() -> Timestamp {
    fixture::at("2026-12-02T09:30:00")
}

/// A session over a fresh simulated store, with `inputs` already typed; what was copied and the last frame.
fn session(inputs: &[Input]) -> (Vec<String>, String, Door) {
    session_until(|_| false, None, inputs)
}

/// The same with an idle lock; the terminal goes away once its screen is as `over` says.
fn session_until(
    over: impl Fn(&str) -> bool,
    idle_lock: Option<Duration>,
    inputs: &[Input],
) -> (Vec<String>, String, Door) {
    let mut ctx = fixture::ctx(Role::Operator);
    ctx.actor.staff = StaffId(OPERATOR.to_owned());
    let campaign = (*ctx.campaign).clone();
    let now = start_of_december();
    let door = Door::create(Store::trial().unwrap(), campaign, true, now, "tester").unwrap();
    let (sender, events) = channel();
    for input in inputs {
        sender.send(Event::Input(input.clone())).unwrap();
    }
    let clock = SessionClock::new(start_of_december, Some(now));
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let (mut copied, mut last) = (Vec::new(), String::new());
    let hand = sender.clone();
    let mut hooks = Hooks {
        copy: &mut |text| copied.push(text.to_owned()),
        shown: &mut |buffer| {
            last = format!("{buffer:?}");
            if over(&last) {
                hand.send(Event::Input(Input::Hangup)).unwrap();
            }
            Ok(())
        },
    };
    let operator = StaffId(OPERATOR.to_owned());
    let presence = presence::new_presence(&operator, Entrance::Terminal, "tty1", None, now);
    let session = Session { door: door.clone(), clock, events, sender, idle_lock, presence };
    run(session, App::new(ctx, (80, 24), screens), &mut terminal, &mut hooks).unwrap();
    (copied, last, door)
}

#[test]
fn a_key_becomes_a_request_and_its_reply_comes_back() {
    let (copied, last, door) = session(&[Input::Key(Key::char('s'))]);
    assert_eq!(copied, ["321"]);
    assert!(last.contains("seats"));
    let operator = StaffId(OPERATOR.to_owned());
    let Snapshot::Quota(quota) = door.query(&operator, start_of_december(), Query::Quota {}).unwrap() else {
        panic!("another snapshot")
    };
    assert_eq!(quota.quota, 321);
}

#[test]
fn leaving_waits_for_queued_writes() {
    let (_, _, door) = session(&[Input::Key(Key::char('s')), Input::Hangup]);
    let operator = StaffId(OPERATOR.to_owned());
    let Snapshot::Quota(quota) = door.query(&operator, start_of_december(), Query::Quota {}).unwrap() else {
        panic!("another snapshot")
    };
    assert_eq!(quota.quota, 321);
}

#[test]
fn an_unattended_local_screen_shows_nothing_and_takes_no_key() {
    let left = [Input::Tick(start_of_december()), Input::Key(Key::char('s'))];
    let locked = |screen: &str| screen.contains("đã khóa");
    let (copied, last, _) = session_until(locked, Some(Duration::ZERO), &left);
    assert!(copied.is_empty() && locked(&last) && !last.contains("seats"), "{last}");
    let (copied, ..) = session_until(locked, Some(Duration::from_mins(1)), &left);
    assert_eq!(copied, ["321"], "not left for long enough");
}

#[test]
fn the_quit_key_ends_the_session() {
    let (copied, ..) = session(&[Input::Key(Key::char('q'))]);
    assert!(copied.is_empty());
}

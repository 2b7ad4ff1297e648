mod resume;
mod unheard;

use super::*;
use crate::domain::actor::{OPERATOR, Role};
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::tui::app::App;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Ticket, Tickets};
use crate::tui::fixture;
use crate::tui::input::{Input, Key};
use crate::tui::keys::Binding;
use crate::tui::screen::{AnyScreen, Desk, Msg, Screen};
use crate::usecase::command::SetQuota;
use crate::usecase::{Command, Door, Query, Snapshot};
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use std::sync::mpsc::channel;

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
            Msg::Replied(ticket, Ok((receipt, Some(Snapshot::Quota(quota))))) => {
                self.quota = quota.quota;
                let done = self.saved == Some(ticket) && receipt.is_some();
                if done { vec![Effect::Copy(quota.quota.to_string()), Effect::Quit] } else { Vec::new() }
            }
            // What the door says no to ends the session, and the test fails on what is missing.
            Msg::Replied(_, Err(_)) => vec![Effect::Quit],
            _ => Vec::new(),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, _ctx: &Ctx) {
        frame.render_widget(format!("{} seats", self.quota), area);
    }
}

fn desks(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    let screen = Seats { tickets: Tickets::new(Origin::Overview), saved: None, quota: 0 };
    vec![Box::new(Desk::new(Origin::Overview, screen))]
}

fn start_of_december() -> Timestamp {
    fixture::at("2026-12-02T09:30:00")
}

/// A session over a fresh simulated store, with `inputs` already typed; what was copied and the last frame.
fn session(inputs: &[Input]) -> (Vec<String>, String, Door) {
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
    let mut hooks = Hooks {
        copy: &mut |text| copied.push(text.to_owned()),
        shown: &mut |buffer| last = format!("{buffer:?}"),
    };
    let session = Session { door: door.clone(), clock, events, sender, idle_lock: None };
    run(session, App::new(ctx, (80, 24), desks), &mut terminal, &mut hooks).unwrap();
    (copied, last, door)
}

#[test]
fn a_key_goes_through_the_door_and_its_answer_comes_back() {
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
fn leaving_waits_for_what_was_promised() {
    let (_, _, door) = session(&[Input::Key(Key::char('s')), Input::Hangup]);
    let operator = StaffId(OPERATOR.to_owned());
    let Snapshot::Quota(quota) = door.query(&operator, start_of_december(), Query::Quota {}).unwrap() else {
        panic!("another snapshot")
    };
    assert_eq!(quota.quota, 321);
}

#[test]
fn the_quit_key_ends_the_session() {
    let (copied, ..) = session(&[Input::Key(Key::char('q'))]);
    assert!(copied.is_empty());
}

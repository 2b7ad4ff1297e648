//! A session on a terminal carries out the store's orders.

use crate::domain::session::{EndedBy, Entrance};
use crate::domain::time::Timestamp;
use crate::session::presence::new_presence;
use crate::session::{Ended, Hooks, Session, SessionClock, run};
use crate::tui::app::App;
use crate::tui::ctx::Ctx;
use crate::tui::fixture;
use crate::tui::screens;
use crate::usecase::command::{Broadcast, SessionRef};
use crate::usecase::fixture::{hotline, id, number};
use crate::usecase::{Command, Query, Request, Snapshot, When};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::sync::mpsc::channel;

fn nine() -> Timestamp {
    fixture::at("2026-12-02T09:30:00")
}

#[test]
fn a_terminals_session_shows_broadcasts_and_ends_by_order() {
    let door = hotline();
    let actor = door.actor(&id("lan")).unwrap();
    let ctx = Ctx { campaign: door.campaign(), actor, ..fixture::ctx(crate::domain::actor::Role::Agent) };
    let as_ha = |command| {
        let request = Request { op: None, staff: id("ha"), when: When::Now(nine()), command };
        door.execute(request).unwrap();
    };
    let (mut sent, mut ended) = (false, false);
    let mut hooks = Hooks {
        copy: &mut |_| {},
        shown: &mut |buffer| {
            let Snapshot::Sessions { sessions } = door.query(&id("ha"), nine(), Query::Sessions {}).unwrap()
            else {
                panic!()
            };
            let Some(line) = sessions.first() else { return Ok(()) };
            assert_eq!((line.entrance, line.origin.as_str()), (Entrance::Terminal, "pts/7"));
            if !sent {
                sent = true;
                as_ha(Command::Broadcast(Broadcast { text: "Bye".to_owned() }));
            } else if !ended && format!("{buffer:?}").contains("Bye") {
                ended = true;
                as_ha(Command::EndSession(SessionRef { session: line.id.clone() }));
            }
            Ok(())
        },
    };
    let (sender, events) = channel();
    let session = Session {
        door: door.clone(),
        clock: SessionClock::new(nine, Some(nine())),
        events,
        sender,
        idle_lock: None,
        presence: new_presence(&id("lan"), Entrance::Terminal, "pts/7", None, nine()),
    };
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let how = run(session, App::new(ctx, (80, 24), screens::all), &mut terminal, &mut hooks).unwrap();
    assert_eq!(how, Ended::Ordered(EndedBy::Supervisor));
    let audit = "SELECT COUNT(*) FROM audit WHERE action = 'session_end' AND detail = 'why=dismissed'";
    assert_eq!((number(&door, audit), number(&door, "SELECT COUNT(*) FROM session")), (1, 0));
}

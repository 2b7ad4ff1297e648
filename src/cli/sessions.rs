//! Runs `tongdai session`: lists and ends open sessions, for the administrator at the host's console.

use super::fail::Failure;
use super::session::Session;
use crate::domain::session::SessionId;
use crate::usecase::command::{Broadcast, SessionRef};
use crate::usecase::{Command, Query, Snapshot};

/// Lists all open sessions.
pub fn list(session: &Session) -> Result<(), Failure> {
    let door = session.open()?;
    let snapshot = session.query(&door, Query::Sessions {})?;
    if session.global.json {
        return session.out.json(&snapshot);
    }
    if let Snapshot::Sessions { sessions } = snapshot {
        for line in sessions {
            let state = session.say(&format!("state.{}", line.state.code()), &[]);
            let since = line.since.dmy_hm();
            session
                .out
                .line(&format!("{}  {:<16} {:<24} {since}  {state}", line.id, line.staff, line.origin))?;
        }
    }
    Ok(())
}

/// Ends one session.
pub fn end(session: &Session, id: String) -> Result<(), Failure> {
    let door = session.open()?;
    let command = Command::EndSession(SessionRef { session: SessionId(id) });
    let receipt = session.execute(&door, command)?;
    session.done(&receipt, &session.say("cli.result.session_ending", &[]))
}

/// Shows a message on every open screen.
pub fn broadcast(session: &Session, text: String) -> Result<(), Failure> {
    let door = session.open()?;
    let receipt = session.execute(&door, Command::Broadcast(Broadcast { text }))?;
    session.done(&receipt, &session.say("cli.result.broadcast", &[]))
}

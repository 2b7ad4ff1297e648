//! Runs `tongdai staff`: staff members and their SSH keys.

use super::args::{StaffAdd, StaffKey};
use super::fail::Failure;
use super::session::Session;
use crate::domain::id::{DoctorId, StaffId};
use crate::usecase::command::{AddStaff, AddStaffKey, RemoveStaffKey, StaffRef};
use crate::usecase::{Command, Query, Snapshot};
use std::io::Read;
use std::path::Path;

/// Longest key file that is read, in bytes; one that is longer is no key file.
const MOST_BYTES: u64 = 16 * 1024;

/// Adds or changes a staff member.
pub fn add(session: &Session, args: &StaffAdd) -> Result<(), Failure> {
    let key = args.key.as_deref().map(|file| read_key(session, file)).transpose()?;
    let door = session.open()?;
    let receipt = session.execute(
        &door,
        Command::AddStaff(AddStaff {
            id: StaffId(args.id.clone()),
            name: args.name.clone(),
            role: args.role,
            doctor: args.doctor.map(DoctorId),
            key,
        }),
    )?;
    session.done(
        &receipt,
        &session.say("cli.result.staff_added", &[("id", &args.id), ("role", &args.role.label(session.lang))]),
    )
}

/// Lists all staff members.
pub fn list(session: &Session) -> Result<(), Failure> {
    let door = session.open()?;
    let snapshot = session.query(&door, Query::Staff {})?;
    if session.global.json {
        return session.out.json(&snapshot);
    }
    if let Snapshot::Staff { staff } = snapshot {
        for line in staff {
            let state = if line.active { "active" } else { "disabled" };
            let state = session.say(&format!("state.{state}"), &[]);
            session.out.line(&format!(
                "{:<16} {:<24} {:<20} {state}",
                line.id,
                line.name,
                line.role.label(session.lang)
            ))?;
        }
    }
    Ok(())
}

/// Disables a staff member.
pub fn disable(session: &Session, id: &str) -> Result<(), Failure> {
    let door = session.open()?;
    let receipt = session.execute(&door, Command::DisableStaff(StaffRef { id: StaffId(id.to_owned()) }))?;
    session.done(&receipt, &session.say("cli.result.staff_disabled", &[("id", id)]))
}

/// Removes a forgotten PIN.
pub fn clear_pin(session: &Session, id: &str) -> Result<(), Failure> {
    let door = session.open()?;
    let receipt = session.execute(&door, Command::ClearPin(StaffRef { id: StaffId(id.to_owned()) }))?;
    session.done(&receipt, &session.say("cli.result.pin_cleared", &[("id", id)]))
}

/// Adds, removes or lists the keys of one staff member.
pub fn key(session: &Session, id: &str, what: &StaffKey) -> Result<(), Failure> {
    let staff = StaffId(id.to_owned());
    match what {
        StaffKey::Add { file } => {
            let key = read_key(session, file)?;
            let door = session.open()?;
            let receipt = session.execute(&door, Command::AddStaffKey(AddStaffKey { id: staff, key }))?;
            session.done(&receipt, &session.say("cli.result.key_added", &[("id", id)]))
        }
        StaffKey::Remove { fingerprint } => {
            let door = session.open()?;
            let command = RemoveStaffKey { id: staff, fingerprint: fingerprint.clone() };
            let receipt = session.execute(&door, Command::RemoveStaffKey(command))?;
            session.done(&receipt, &session.say("cli.result.key_removed", &[("id", id)]))
        }
        StaffKey::List => {
            let door = session.open()?;
            let snapshot = session.query(&door, Query::StaffKeys { staff: Some(staff) })?;
            if session.global.json {
                return session.out.json(&snapshot);
            }
            if let Snapshot::StaffKeys { keys } = snapshot {
                for key in keys {
                    let added = key.added_at.dmy_hm();
                    session
                        .out
                        .line(&format!("{}  {:<20} {added}  {}", key.fingerprint, key.kind, key.label))?;
                }
            }
            Ok(())
        }
    }
}

/// The text of a key file; `-` is standard input.
fn read_key(session: &Session, file: &Path) -> Result<String, Failure> {
    let failed = |error: &std::io::Error| Failure::io(error, &file.display().to_string(), session.lang);
    let input: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).map_err(|error| failed(&error))?)
    };
    let mut bytes = Vec::new();
    input.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

//! Writes hand-over batches to files and reads Vinmec's answers: the minimum of personal data. Writing one is an
//! export and is audited.

use super::fail::Failure;
use super::session::Session;
use crate::domain::id::{BatchId, RegistrationId};
use crate::exchange::handover as file;
use crate::usecase::command::{Accept, Acknowledge, AllWord, Nothing, Returned};
use crate::usecase::{Command, Receipt};
use std::path::Path;

/// Sends what waits and writes it to `out` (CSV or XLSX by its ending).
pub fn send(session: &Session, out: &Path) -> Result<(), Failure> {
    let shown = out.display().to_string();
    if out.exists() {
        return Err(crate::store::StoreError::Exists { what: shown }.into());
    }
    let format = file::Format::of(out).ok_or_else(|| Failure::usage("file_ending", &shown, session.lang))?;
    let door = session.open()?;
    let receipt = session.execute(&door, Command::HandOver(Nothing {}))?;
    if let Receipt::HandedOver { batch, rows, .. } = &receipt {
        let lines = crate::usecase::export::batch(&door, &session.staff(), Session::now(&door), *batch)?;
        let bytes = file::write(format, &lines, session.lang)
            .map_err(|error| crate::store::StoreError::internal(&error.to_string()))?;
        std::fs::write(out, bytes).map_err(|error| Failure::io(&error, &shown, session.lang))?;
        let facts = [("batch", batch.to_string()), ("rows", rows.to_string()), ("file", shown)];
        let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        session.done(&receipt, &session.say("cli.result.handed_over", &facts))?;
    }
    Ok(())
}

/// Acknowledges a batch: everything but the rows that a CSV (registration, reason) returns.
pub fn acknowledge(session: &Session, batch: i64, returned: Option<&Path>) -> Result<(), Failure> {
    let mut rows = Vec::new();
    if let Some(path) = returned {
        let shown = path.display().to_string();
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_path(path)
            .map_err(|error| Failure::usage("unreadable", &format!("{shown}: {error}"), session.lang))?;
        for record in reader.records() {
            let record = record
                .map_err(|error| Failure::usage("unreadable", &format!("{shown}: {error}"), session.lang))?;
            let id = record.get(0).and_then(|text| text.trim().parse().ok());
            let (Some(id), Some(reason)) = (id, record.get(1)) else {
                return Err(Failure::usage("unreadable", &shown, session.lang));
            };
            rows.push(Returned { registration: RegistrationId(id), reason: reason.to_owned() });
        }
    }
    let door = session.open()?;
    let command = Acknowledge { batch: BatchId(batch), accept: Accept::All(AllWord::All), returned: rows };
    let receipt = session.execute(&door, Command::Acknowledge(command))?;
    if let Receipt::Acknowledged { accepted, returned } = &receipt {
        let facts = [("accepted", accepted.to_string()), ("returned", returned.to_string())];
        let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        session.done(&receipt, &session.say("cli.result.acknowledged", &facts))?;
    }
    Ok(())
}

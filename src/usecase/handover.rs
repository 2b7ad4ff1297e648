//! Hands registrations over from 9090 to Vinmec: one numbered batch with a checksum, and Vinmec's answer to every row.
//!
//! Invariants: nothing is sent twice and nothing is lost. A returned row is a task; it goes out again only after
//! somebody corrected or answered it. A row whose registration was cancelled under way counts as returned.
//!
//! The checksum is the SHA-256 of the rows in seat order, each as its fields registration, seat, number (E.164),
//! name, salutation, patient, birth year, representative, relation, separated by tabs and ended by a line feed;
//! an absent field is empty.

#[cfg(test)]
mod tests;

use super::command::{Accept, Acknowledge};
use super::ctx::{Ctx, Done};
use super::error::Error;
use super::model::batch::{BatchLine, BatchModel, BatchRow, ReturnedRows};
use super::query::Snapshot;
use super::receipt::Receipt;
use super::task::{self, NewTask};
use crate::domain::audit::hex;
use crate::domain::id::{BatchId, RegistrationId};
use crate::domain::refusal::Refusal;
use crate::domain::registration::BatchRowState;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::text;
use crate::store::batch::{self, HandOverRow};
use crate::store::{Topics, Tx, registration, row_lock};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Longest reason of a return, in graphemes.
const MAX_REASON: usize = 200;
/// Batches on one screen.
const MOST_BATCHES: i64 = 50;

/// Sends every seated registration that Vinmec does not have, as one batch.
pub(super) fn hand_over(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Done, Error> {
    row_lock::campaign(tx)?;
    let waiting = batch::list_waiting(tx)?;
    if waiting.is_empty() {
        let (returned, _) = batch::count_returned(tx)?;
        return Err(Refusal::NothingToHandOver { returned }.into());
    }
    let rows = waiting.len() as i64;
    let checksum = checksum(&waiting);
    let id = batch::insert(tx, rows, &checksum, &ctx.actor.staff, ctx.now)?;
    tx.touch(Topics::BATCHES);
    let detail = format!("rows={rows} checksum={checksum}");
    Ok(Done::new(Receipt::HandedOver { batch: id, rows, checksum }, format!("batch:{id}")).detail(detail))
}

fn checksum(rows: &[HandOverRow]) -> String {
    let mut sha = Sha256::new();
    for row in rows {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let fields = [
            row.registration.to_string(),
            row.seat.to_string(),
            row.phone.e164(),
            row.name.clone(),
            text(&row.salutation),
            text(&row.patient),
            row.birth_year.map_or_else(String::new, |year| year.to_string()),
            text(&row.representative),
            text(&row.relation),
        ];
        sha.update(fields.join("\t").as_bytes());
        sha.update(b"\n");
    }
    hex(&sha.finalize())
}

/// Accepts and returns rows of a batch. An accepted row becomes a case to be contacted.
pub(super) fn acknowledge(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Acknowledge) -> Result<Done, Error> {
    let id = input.batch;
    row_lock::campaign(tx)?;
    batch::find(tx, id)?.ok_or_else(|| no_such_batch(id))?;
    let states: BTreeMap<RegistrationId, BatchRowState> = batch::list_states(tx, id)?.into_iter().collect();
    let returned = returned(input)?;
    let accepted = accepted(&input.accept, &states, &returned)?;
    if accepted.is_empty() && returned.is_empty() {
        return Err(match &input.accept {
            Accept::All(_) => Refusal::Conflict { what: "batch", state: "settled".to_owned() },
            Accept::Rows(_) => Refusal::FieldInvalid { field: "accept", reason: "empty" },
        }
        .into());
    }
    let answers = accepted
        .iter()
        .map(|registration| (*registration, None))
        .chain(returned.iter().map(|(registration, reason)| (*registration, Some(reason.as_str()))));
    for (registration, reason) in answers {
        let settled = batch::settle(tx, id, registration, reason, &ctx.actor.staff, ctx.now)?;
        if !settled {
            return Err(not_open(tx, registration, &states)?.into());
        }
        if let Some(note) = reason {
            let about = TaskAbout::Registration(registration);
            let returned =
                NewTask { kind: TaskKind::HandoverReturned, about, note: Some(note), due_at: None };
            task::open(tx, ctx, &returned)?;
        }
    }
    batch::open_cases(tx, id, ctx.now)?;
    tx.touch(Topics::BATCHES.with(Topics::CASES).with(Topics::QUEUE));
    let (accepted, returned) = (accepted.len() as i64, returned.len() as i64);
    Ok(Done::new(Receipt::Acknowledged { accepted, returned }, format!("batch:{id}"))
        .detail(format!("accepted={accepted} returned={returned}")))
}

/// The returned rows with their reasons, each once.
fn returned(input: &Acknowledge) -> Result<BTreeMap<RegistrationId, String>, Refusal> {
    let mut found = BTreeMap::new();
    for row in &input.returned {
        let reason = text::clean(&row.reason, MAX_REASON);
        if reason.is_empty() {
            return Err(Refusal::FieldInvalid { field: "reason", reason: "empty" });
        }
        if found.insert(row.registration, reason).is_some() {
            return Err(Refusal::FieldInvalid { field: "return", reason: "duplicate" });
        }
    }
    Ok(found)
}

/// The accepted rows: those named, or everything that is still open and not returned here.
fn accepted(
    accept: &Accept,
    states: &BTreeMap<RegistrationId, BatchRowState>,
    returned: &BTreeMap<RegistrationId, String>,
) -> Result<BTreeSet<RegistrationId>, Refusal> {
    match accept {
        Accept::All(_) => Ok(states
            .iter()
            .filter(|(registration, state)| {
                **state == BatchRowState::Sent && !returned.contains_key(registration)
            })
            .map(|(registration, _)| *registration)
            .collect()),
        Accept::Rows(rows) => {
            let found: BTreeSet<_> = rows.iter().copied().collect();
            if found.len() != rows.len() || found.iter().any(|row| returned.contains_key(row)) {
                return Err(Refusal::FieldInvalid { field: "accept", reason: "duplicate" });
            }
            Ok(found)
        }
    }
}

/// Why a row cannot be settled: it was, or it stands elsewhere.
fn not_open(
    tx: &mut Tx<'_>,
    id: RegistrationId,
    states: &BTreeMap<RegistrationId, BatchRowState>,
) -> Result<Refusal, Error> {
    let state = match states.get(&id) {
        Some(state) => Some(state.code()),
        None => registration::find(tx, id)?.map(|row| row.hand_over.code()),
    };
    Ok(match state {
        Some(state) => Refusal::Conflict { what: "registration", state: state.to_owned() },
        None => Refusal::NoSuchRow { what: "registration", id: id.to_string() },
    })
}

fn no_such_batch(id: BatchId) -> Refusal {
    Refusal::NoSuchRow { what: "batch", id: id.to_string() }
}

/// One batch with its rows.
pub(super) fn batch(tx: &mut Tx<'_>, id: BatchId) -> Result<BatchModel, Error> {
    let found = batch::find(tx, id)?.ok_or_else(|| no_such_batch(id))?;
    let rows = batch::list_rows(tx, id)?
        .into_iter()
        .map(|row| BatchRow {
            registration: row.registration,
            case: row.case,
            state: row.state,
            reason: row.reason,
            seat: row.seat,
            name: row.name,
            phone_masked: row.phone.masked(),
            patient: row.patient,
            answer: row.answer,
            earlier_reason: row.earlier_reason,
        })
        .collect();
    Ok(BatchModel { batch: id, sent_at: found.sent_at, checksum: found.checksum, rows })
}

/// The latest batches, and how many registrations wait for the next one.
pub(super) fn batches(tx: &mut Tx<'_>) -> Result<Snapshot, Error> {
    let batches = batch::list(tx, MOST_BATCHES)?
        .into_iter()
        .map(|found| BatchLine {
            batch: found.id,
            sent_at: found.sent_at,
            by: found.by.0,
            rows: found.rows,
            accepted: found.accepted,
            returned: found.returned,
        })
        .collect();
    let (count, since) = batch::count_returned(tx)?;
    Ok(Snapshot::Batches {
        batches,
        waiting: batch::count_waiting(tx)?,
        returned: ReturnedRows { count, since },
    })
}

//! What a person was typing, so that it survives a lost line: kept in the store under their name, for them alone.
//!
//! Invariants: a draft is gone when what it was for is done, when its person discards it or leaves, and after
//! [`MOST_DAYS`] days; its text goes to no log and no audit row. Keeping one is no command: it changes nothing of
//! the programme.

#[cfg(test)]
mod tests;

use super::command::Command;
use super::door::{Ctx, Door, actor, allow};
use super::error::Error;
use super::model::draft::{DraftLine, Drafts};
use crate::domain::actor::Permission;
use crate::domain::contact::MatterState;
use crate::domain::id::{CaseId, MatterId, StaffId};
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::{Tx, draft, matter, row_lock};

/// Days after which a draft is forgotten.
pub const MOST_DAYS: i64 = 2;
/// Drafts of one person; the oldest go first.
const MOST_DRAFTS: i64 = 20;
/// Longest name of a form, in characters.
const MOST_FORM: usize = 80;
/// Longest draft, in characters.
const MOST_BODY: usize = 32_768;
/// One day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The form of an open call.
pub fn form_of_matter(matter: MatterId) -> String {
    format!("matter:{matter}")
}

/// The form of a case that is worked on without a call.
pub fn form_of_case(case: CaseId) -> String {
    format!("case:{case}")
}

/// The form of a registration without a call of ours, by the customer's number.
pub fn form_of_phone(phone: &str) -> String {
    format!("phone:{phone}")
}

impl Door {
    /// Keeps what a person typed into a form, or forgets it when there is no `body`. Durable when it returns; while a
    /// server is away it is tried again, because the line may be lost together with it and nobody asks again then.
    pub fn keep_draft(
        &self,
        staff: &StaffId,
        now: Timestamp,
        form: &str,
        body: Option<&str>,
    ) -> Result<(), Error> {
        if form.is_empty() || form.chars().count() > MOST_FORM {
            return Err(Refusal::FieldInvalid { field: "form", reason: "too_long" }.into());
        }
        if body.is_some_and(|body| body.chars().count() > MOST_BODY) {
            return Err(Refusal::FieldInvalid { field: "text", reason: "too_long" }.into());
        }
        self.patiently(|| {
            let (staff, form, body) = (staff.clone(), form.to_owned(), body.map(str::to_owned));
            self.store().write(move |tx| {
                // Somebody may be disabling this person just now, and nothing of theirs must stay behind.
                row_lock::staff(tx, &staff)?;
                allow(&actor(tx, &staff)?, Permission::Work)?;
                match &body {
                    Some(body) => {
                        draft::upsert(tx, &staff, &form, body, now)?;
                        draft::sweep(tx, &staff, MOST_DRAFTS, oldest(now))?;
                    }
                    None => draft::delete(tx, &staff, &form)?,
                }
                Ok(())
            })
        })
    }
}

const fn oldest(now: Timestamp) -> Timestamp {
    now.plus_ms(-MOST_DAYS * DAY_MS)
}

/// The asker's drafts that can still be taken up, newest first, and the call that they have open.
pub(super) fn drafts(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Drafts, Error> {
    let staff = &ctx.actor.staff;
    let open = matter::find_by_holder(tx, staff)?
        .filter(|row| row.lease_until.is_some_and(|until| ctx.now < until))
        .map(|row| row.id);
    let mut drafts = Vec::new();
    for (form, body, at) in draft::list(tx, staff, oldest(ctx.now))? {
        if can_be_taken_up(tx, staff, &form)? {
            drafts.push(DraftLine { form, body, at });
        }
    }
    Ok(Drafts { drafts, open })
}

/// A call that ended, or that somebody else makes, is none of ours any more.
fn can_be_taken_up(tx: &mut Tx<'_>, staff: &StaffId, form: &str) -> Result<bool, Error> {
    let Some(id) = form.strip_prefix("matter:").and_then(|id| id.parse().ok()) else { return Ok(true) };
    let Some(row) = matter::find(tx, MatterId(id))? else { return Ok(false) };
    Ok(match row.state {
        MatterState::Leased => row.lease_staff.as_ref() == Some(staff),
        MatterState::Waiting | MatterState::Promised => true,
        MatterState::Held | MatterState::Closed => false,
    })
}

/// Forgets the draft of what a command has just done.
pub(super) fn forget_used(tx: &mut Tx<'_>, staff: &StaffId, command: &Command) -> Result<(), Error> {
    let form = match command {
        Command::RecordCall(input) => form_of_matter(input.matter),
        Command::ReleaseLease(input) => form_of_matter(input.matter),
        Command::Triage(input) => form_of_case(input.case),
        Command::Register(input) => match (input.matter, PhoneNumber::parse(&input.phone)) {
            (Some(matter), _) => form_of_matter(matter),
            (None, Ok(parsed)) => form_of_phone(&parsed.number.e164()),
            (None, Err(_)) => return Ok(()),
        },
        _ => return Ok(()),
    };
    Ok(draft::delete(tx, staff, &form)?)
}

//! Names the form of each draft, lists the drafts that can be continued and deletes the one that a command has used.

use super::super::command::Command;
use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::model::draft::{DraftLine, Drafts};
use crate::domain::contact::MatterState;
use crate::domain::id::{CaseId, MatterId, StaffId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use crate::store::{Tx, draft, matter};

/// Days after which a draft is deleted.
pub const MOST_DAYS: i64 = 2;
/// One day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The form of an open call.
pub fn form_of_matter(matter: MatterId) -> String {
    format!("matter:{matter}")
}

/// The form of a case that is edited without a call.
pub fn form_of_case(case: CaseId) -> String {
    format!("case:{case}")
}

/// The form of a registration without a call of ours, by the customer's number.
pub fn form_of_phone(phone: &str) -> String {
    format!("phone:{phone}")
}

/// Drafts from before this are deleted.
pub(super) const fn oldest(now: Timestamp) -> Timestamp {
    now.plus_ms(-MOST_DAYS * DAY_MS)
}

/// The actor's drafts that can be continued, newest first, and the actor's open call.
pub(in crate::usecase) fn drafts(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Drafts, Error> {
    let staff = &ctx.actor.staff;
    let open = matter::find_by_holder(tx, staff)?
        .filter(|row| row.lease_until.is_some_and(|until| ctx.now < until))
        .map(|row| row.id);
    let mut drafts = Vec::new();
    for (form, body, at) in draft::list(tx, staff, oldest(ctx.now))? {
        if can_be_continued(tx, staff, &form)? {
            drafts.push(DraftLine { form, body, at });
        }
    }
    Ok(Drafts { drafts, open })
}

/// False for a call that ended or that another agent makes.
fn can_be_continued(tx: &mut Tx<'_>, staff: &StaffId, form: &str) -> Result<bool, Error> {
    let Some(id) = form.strip_prefix("matter:").and_then(|id| id.parse().ok()) else { return Ok(true) };
    let Some(row) = matter::find(tx, MatterId(id))? else { return Ok(false) };
    Ok(match row.state {
        MatterState::Leased => row.lease_staff.as_ref() == Some(staff),
        MatterState::Waiting | MatterState::Promised => true,
        MatterState::Held | MatterState::Closed => false,
    })
}

/// Deletes the draft that a command has used.
pub(in crate::usecase) fn delete_used(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    command: &Command,
) -> Result<(), Error> {
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

//! Rows of fanpage leads: a comment on its way to a registration.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::id::{LeadId, RegistrationId, StaffId};
use crate::domain::lead::LeadState;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;

/// A lead as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadRow {
    /// Which.
    pub id: LeadId,
    /// Name on the page.
    pub name: String,
    /// Reference of the comment, unique.
    pub comment: String,
    /// Reference of the inbox conversation.
    pub conversation: Option<String>,
    /// The number given in the inbox.
    pub phone: Option<PhoneNumber>,
    /// Its state.
    pub state: LeadState,
    /// When the comment came.
    pub commented_at: Timestamp,
    /// Since when it is in this state.
    pub since: Timestamp,
}

/// A lead to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLead<'a> {
    /// Name on the page.
    pub name: &'a str,
    /// Reference of the comment.
    pub comment: &'a str,
    /// Reference of the conversation.
    pub conversation: Option<&'a str>,
    /// The number given.
    pub phone: Option<PhoneNumber>,
    /// The state it starts in.
    pub state: LeadState,
}

/// What a step changes: the new state, and what was learned on the way (none: stays as it is).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadMove<'a> {
    /// The state it must be in.
    pub from: LeadState,
    /// The new state.
    pub to: LeadState,
    /// Reference of the conversation.
    pub conversation: Option<&'a str>,
    /// The number given.
    pub phone: Option<PhoneNumber>,
    /// Why it was dropped.
    pub reason: Option<&'a str>,
}

fn lead(row: &Row) -> Result<LeadRow, StoreError> {
    let phone = match row.opt_int(4)? {
        Some(_) => Some(row.phone(4)?),
        None => None,
    };
    Ok(LeadRow {
        id: LeadId(row.int(0)?),
        name: row.text(1)?,
        comment: row.text(2)?,
        conversation: row.opt_text(3)?,
        phone,
        state: row.code(5, LeadState::parse)?,
        commented_at: row.time(6)?,
        since: row.time(7)?,
    })
}

/// Adds a lead; none when its comment is known already.
pub fn insert(
    tx: &mut Tx<'_>,
    new: &NewLead<'_>,
    by: &StaffId,
    now: Timestamp,
) -> Result<Option<LeadId>, StoreError> {
    let row = tx.optional(
        "INSERT INTO lead (name, comment, conversation, phone, state, commented_at, since, by_staff)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (comment) DO NOTHING RETURNING id",
        args![new.name, new.comment, new.conversation, new.phone, new.state.code(), now, now, by],
    )?;
    row.map(|row| row.int(0).map(LeadId)).transpose()
}

/// One lead.
pub fn find(tx: &mut Tx<'_>, id: LeadId) -> Result<Option<LeadRow>, StoreError> {
    tx.optional(
        "SELECT id, name, comment, conversation, phone, state, commented_at, since FROM lead WHERE id = ?1",
        args![id],
    )?
    .map(|row| lead(&row))
    .transpose()
}

/// The lead of a comment.
pub fn find_by_comment(tx: &mut Tx<'_>, comment: &str) -> Result<Option<LeadRow>, StoreError> {
    tx.optional(
        "SELECT id, name, comment, conversation, phone, state, commented_at, since FROM lead WHERE comment = ?1",
        args![comment],
    )?
    .map(|row| lead(&row))
    .transpose()
}

/// Open leads, longest in their state first.
pub fn list_open(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<LeadRow>, StoreError> {
    tx.many(
        "SELECT id, name, comment, conversation, phone, state, commented_at, since FROM lead
         WHERE state IN ('commented', 'messaged', 'details_given') ORDER BY since, id LIMIT ?1",
        args![limit],
    )?
    .iter()
    .map(lead)
    .collect()
}

/// Moves a lead on; false when it is no longer in the state it was read in.
pub fn update(
    tx: &mut Tx<'_>,
    id: LeadId,
    step: &LeadMove<'_>,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE lead SET state = ?1, since = ?2, by_staff = ?3, conversation = COALESCE(?4, conversation),
                phone = COALESCE(?5, phone), reason = ?6
         WHERE id = ?7 AND state = ?8",
        args![step.to.code(), now, by, step.conversation, step.phone, step.reason, id, step.from.code()],
    )?;
    Ok(changed == 1)
}

/// Opens a lead again whose registration was taken back; nothing happens to another one.
pub fn reopen(
    tx: &mut Tx<'_>,
    id: LeadId,
    registration: RegistrationId,
    to: LeadState,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE lead SET state = ?1, since = ?2, registration = NULL WHERE id = ?3 AND registration = ?4",
        args![to.code(), now, id, registration],
    )?;
    Ok(())
}

/// Ends an open lead with its registration; false when it was not open.
pub fn register(
    tx: &mut Tx<'_>,
    id: LeadId,
    registration: RegistrationId,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE lead SET state = 'registered', since = ?1, by_staff = ?2, registration = ?3
         WHERE id = ?4 AND state IN ('commented', 'messaged', 'details_given')",
        args![now, by, registration, id],
    )?;
    Ok(changed == 1)
}

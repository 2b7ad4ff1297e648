//! Tasks: opened by what happened, given to somebody, closed by doing them or with a note.
//!
//! Invariants:
//! - opening is idempotent while a task of the same kind about the same thing is open;
//! - a reader sees the tasks of the roles that they see, and those given to them, never one of the other
//!   organisation;
//! - a kind that is settled by an act alone ([`TaskKind::closes_by_note`]) is not closed with words.

mod about;
#[cfg(test)]
mod tests;

use super::command::{AssignTask, CloseTask, TaskRef};
use super::ctx::{Ctx, Done};
use super::error::Error;
use super::model::task::{TaskCount, TaskModel, TaskPage};
use super::outbound;
use super::receipt::Receipt;
use crate::domain::actor::Permission;
use crate::domain::id::{CustomerId, StaffId, TaskId};
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::task::{self as rules, TaskAbout, TaskKind, TaskState};
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::store::task::{self, NewTaskRow, Reader, TaskRow, Wanted};
use crate::store::{StoreError, Topics, Tx, registration, row_lock, staff};

/// Longest note, in graphemes.
const MAX_NOTE: usize = 500;
/// Tasks on one page at most.
const MOST_ON_PAGE: u32 = 200;
/// How far the tasks of a list are counted.
const MOST_LISTED: i64 = 10_000;
/// How far waiting tasks are counted.
const MOST_COUNTED: i64 = 1_000;

/// A task to be opened.
#[derive(Debug, Clone, Copy)]
pub(in crate::usecase) struct NewTask<'a> {
    /// Why somebody is needed.
    pub kind: TaskKind,
    /// What it is about.
    pub about: TaskAbout,
    /// What its worker should know; dropped for a kind that takes no note.
    pub note: Option<&'a str>,
    /// When it is due; by default after the hours of its kind.
    pub due_at: Option<Timestamp>,
}

/// Opens a task; returns the one that is open already when there is one.
///
/// # Errors
/// Those of the store.
pub(in crate::usecase) fn open(tx: &mut Tx<'_>, ctx: &Ctx<'_>, new: &NewTask<'_>) -> Result<TaskId, Error> {
    let role = new.kind.role(new.about);
    let about = about::for_role(tx, new.about, role)?;
    let note = new.note.filter(|_| new.kind.takes_note()).map(|note| text::clean_multiline(note, MAX_NOTE));
    let row = NewTaskRow {
        kind: new.kind,
        about,
        role,
        customer: about::customer(tx, about)?,
        due_at: rules::due_at(new.kind, new.due_at, ctx.now),
        note: note.as_deref().filter(|note| !note.is_empty()),
    };
    if let Some(id) = task::insert(tx, &row, &ctx.actor.staff, ctx.now)? {
        tx.touch(Topics::TASKS);
        return Ok(id);
    }
    let open = task::find_open(tx, new.kind, about)?;
    open.ok_or_else(|| StoreError::internal("a task that was open and was not").into())
}

/// Closes the open task of a kind about a thing, because what it asks for was done; false when none is open.
///
/// # Errors
/// Those of the store.
pub(in crate::usecase) fn close_about(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    kind: TaskKind,
    about: TaskAbout,
) -> Result<bool, Error> {
    let about = about::for_role(tx, about, kind.role(about))?;
    let Some(id) = task::find_open(tx, kind, about)? else { return Ok(false) };
    let closed = task::close(tx, id, None, &ctx.actor.staff, ctx.now)?;
    if closed {
        tx.touch(Topics::TASKS);
    }
    Ok(closed)
}

/// Closes the complaint about a thing when the actor, who spoke with the customer, is the lead whom it waits for.
///
/// # Errors
/// Those of the store.
pub(in crate::usecase) fn hear_complaint(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    about: TaskAbout,
) -> Result<(), Error> {
    if rules::assigns(ctx.actor.role, TaskKind::Complaint.role(about)) {
        close_about(tx, ctx, TaskKind::Complaint, about)?;
    }
    Ok(())
}

/// Closes the task to tell a customer of their seat: somebody spoke with them.
///
/// # Errors
/// Those of the store.
pub(in crate::usecase) fn told(tx: &mut Tx<'_>, ctx: &Ctx<'_>, customer: CustomerId) -> Result<(), Error> {
    if let Some(registration) = registration::find_by_customer(tx, customer)? {
        close_about(tx, ctx, TaskKind::PromotedToTell, TaskAbout::Registration(registration.id))?;
    }
    Ok(())
}

/// Takes back what the actor did with the task of a kind about a thing at the time of a call that is undone.
///
/// # Errors
/// Those of the store.
pub(in crate::usecase) fn undo(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    kind: TaskKind,
    about: TaskAbout,
    at: Timestamp,
) -> Result<(), Error> {
    task::undo(tx, kind, about, &ctx.actor.staff, at)?;
    tx.touch(Topics::TASKS);
    Ok(())
}

/// Gives a task to somebody who works on its kind, to the actor, or back to the whole role.
pub(super) fn assign(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &AssignTask) -> Result<Done, Error> {
    // A concurrent command may be disabling them.
    row_lock::staff(tx, input.staff.as_ref().unwrap_or(&ctx.actor.staff))?;
    let row = visible(tx, ctx, input.task)?;
    check_open(&row)?;
    check_owner(ctx, &row)?;
    let owner = match (&input.staff, input.nobody) {
        (None, true) => None,
        (None, false) => Some(ctx.actor.staff.clone()),
        (Some(_), true) => return Err(Refusal::FieldInvalid { field: "staff", reason: "duplicate" }.into()),
        (Some(to), false) => Some(assignee(tx, ctx, &row, to)?),
    };
    if !task::update_owner(tx, row.id, owner.as_ref())? {
        return Err(closed(TaskState::Closed).into());
    }
    tx.touch(Topics::TASKS);
    let detail = owner.as_ref().map_or_else(|| "owner=".to_owned(), |owner| format!("owner={owner}"));
    Ok(Done::new(Receipt::TaskAssigned { owner }, subject(&row)).detail(detail))
}

/// Who gets a task: the actor, or anybody of the organisation whom its lead names.
fn assignee(tx: &mut Tx<'_>, ctx: &Ctx<'_>, row: &TaskRow, to: &StaffId) -> Result<StaffId, Error> {
    if *to == ctx.actor.staff {
        return Ok(to.clone());
    }
    if !rules::assigns(ctx.actor.role, row.role) {
        return Err(Refusal::Forbidden { act: Permission::WorkTasks }.into());
    }
    let person = staff::find_active(tx, to)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "staff", id: to.to_string() })?;
    if rules::roles_seen_by(person.role).is_empty() || person.role.is_vinmec() != row.role.is_vinmec() {
        return Err(Refusal::FieldInvalid { field: "staff", reason: "wrong_role" }.into());
    }
    Ok(person.staff)
}

/// Closes a task with a note on what was done.
pub(super) fn close(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &CloseTask) -> Result<Done, Error> {
    let row = found(tx, ctx, input.task)?;
    check_open(&row)?;
    check_owner(ctx, &row)?;
    if !row.kind.closes_by_note() {
        return Err(Refusal::TaskNotDone { kind: row.kind.code() }.into());
    }
    let note = closing_note(&input.note)?;
    if input.then.is_some() && row.kind != TaskKind::Complaint {
        return Err(Refusal::FieldInvalid { field: "then", reason: "unknown" }.into());
    }
    if let (TaskKind::Complaint, TaskAbout::Matter(matter)) = (row.kind, row.about) {
        outbound::settle_complaint(tx, ctx, matter, input.then)?;
    }
    if !task::close(tx, row.id, Some(&note), &ctx.actor.staff, ctx.now)? {
        return Err(closed(TaskState::Closed).into());
    }
    tx.touch(Topics::TASKS);
    Ok(Done::new(Receipt::TaskClosed {}, subject(&row)).detail(format!("kind={}", row.kind.code())))
}

fn closing_note(typed: &str) -> Result<String, Refusal> {
    let cleaned = text::clean_multiline(typed, MAX_NOTE + 1);
    if text::clean_multiline(&cleaned, MAX_NOTE) != cleaned {
        return Err(Refusal::FieldInvalid { field: "note", reason: "too_long" });
    }
    if cleaned.is_empty() {
        return Err(Refusal::FieldInvalid { field: "note", reason: "empty" });
    }
    Ok(cleaned)
}

/// Opens again a task that the actor has just closed with a note.
pub(super) fn reopen(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: TaskRef) -> Result<Done, Error> {
    let row = found(tx, ctx, input.task)?;
    let (Some(at), Some(by)) = (row.closed_at, &row.closed_by) else {
        return Err(closed(TaskState::Open).into());
    };
    if *by != ctx.actor.staff {
        return Err(Refusal::NotYourTask { owner: by.clone() }.into());
    }
    if row.closing_note.is_none() {
        return Err(Refusal::TaskNotDone { kind: row.kind.code() }.into());
    }
    let within_seconds = ctx.campaign.limits_on(ctx.now.date()).contact.undo_seconds;
    if ctx.now.since(at) > within_seconds * 1000 {
        return Err(Refusal::UndoTooLate { within_seconds }.into());
    }
    if let (TaskKind::Complaint, TaskAbout::Matter(matter)) = (row.kind, row.about) {
        outbound::hold_complaint(tx, matter)?;
    }
    if !task::reopen(tx, row.id)? {
        return Err(closed(TaskState::Open).into());
    }
    tx.touch(Topics::TASKS);
    Ok(Done::new(Receipt::TaskReopened {}, subject(&row)).detail(format!("kind={}", row.kind.code())))
}

/// A page of the actor's tasks.
pub(super) fn tasks(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    wanted: Wanted,
    offset: u32,
    limit: u32,
) -> Result<TaskPage, Error> {
    let roles = rules::roles_seen_by(ctx.actor.role);
    let reader = Reader { roles: &roles, staff: &ctx.actor.staff };
    let (offset, limit) = (i64::from(offset), i64::from(limit.clamp(1, MOST_ON_PAGE)));
    let rows = task::list(tx, reader, wanted, offset, limit)?;
    let total = task::count(tx, reader, wanted, MOST_LISTED)?;
    Ok(TaskPage { tasks: rows.into_iter().map(model).collect(), total, offset })
}

/// One task.
pub(super) fn one(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: TaskId) -> Result<TaskModel, Error> {
    let row = found(tx, ctx, id)?;
    let phone = row.phone.filter(|_| ctx.may(Permission::SeeCustomers)).map(PhoneNumber::e164);
    let case = if ctx.may(Permission::SeeCases) { about::case(tx, row.about)? } else { None };
    Ok(TaskModel { phone, case, ..model(row) })
}

/// How many tasks wait for the actor.
pub(super) fn waiting(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<TaskCount, Error> {
    if !ctx.may(Permission::WorkTasks) {
        return Ok(TaskCount::default());
    }
    let roles = rules::roles_seen_by(ctx.actor.role);
    let reader = Reader { roles: &roles, staff: &ctx.actor.staff };
    let waiting = task::count_waiting(tx, reader, ctx.now, MOST_COUNTED)?;
    Ok(TaskCount { open: waiting.open, overdue: waiting.overdue })
}

fn model(row: TaskRow) -> TaskModel {
    TaskModel {
        task: row.id,
        kind: row.kind,
        about: row.about,
        role: row.role,
        state: row.state,
        owner: row.owner,
        due_at: row.due_at,
        name: row.name,
        phone_masked: row.phone.map(PhoneNumber::masked),
        phone: None,
        case: None,
        note: row.note,
        opened_at: row.opened_at,
        opened_by: row.opened_by,
        closed_at: row.closed_at,
        closed_by: row.closed_by,
        closing_note: row.closing_note,
    }
}

/// A task of the actor's. The conditional update that follows proves what was read, so that the rows that the task is
/// about can be locked before it.
fn found(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: TaskId) -> Result<TaskRow, Error> {
    task::find(tx, id)?.filter(|row| is_visible(ctx, row)).ok_or_else(|| no_such_task(id).into())
}

/// A task of the actor's, locked; one that they do not see does not exist for them.
fn visible(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: TaskId) -> Result<TaskRow, Error> {
    task::find_locked(tx, id)?.filter(|row| is_visible(ctx, row)).ok_or_else(|| no_such_task(id).into())
}

fn is_visible(ctx: &Ctx<'_>, row: &TaskRow) -> bool {
    let of_same_side = row.role.is_vinmec() == ctx.actor.role.is_vinmec();
    let is_theirs = row.owner.as_ref() == Some(&ctx.actor.staff);
    rules::roles_seen_by(ctx.actor.role).contains(&row.role) || (is_theirs && of_same_side)
}

fn check_open(row: &TaskRow) -> Result<(), Refusal> {
    match row.state {
        TaskState::Open => Ok(()),
        TaskState::Closed => Err(closed(TaskState::Closed)),
    }
}

fn check_owner(ctx: &Ctx<'_>, row: &TaskRow) -> Result<(), Refusal> {
    rules::check_owner(ctx.actor.role, &ctx.actor.staff, row.role, row.owner.as_ref())
}

fn closed(state: TaskState) -> Refusal {
    Refusal::Conflict { what: "task", state: state.code().to_owned() }
}

fn no_such_task(id: TaskId) -> Refusal {
    Refusal::NoSuchRow { what: "task", id: id.to_string() }
}

fn subject(row: &TaskRow) -> String {
    format!("task:{}", row.id)
}

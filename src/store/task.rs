//! Rows of tasks: what waits for a person.
//!
//! Invariants:
//! - one open task of a kind about one thing (a unique index); opening it again changes nothing;
//! - every list and count names the roles whose tasks the reader sees.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::actor::Role;
use crate::domain::id::{CustomerId, StaffId, TaskId};
use crate::domain::phone::PhoneNumber;
use crate::domain::task::{TaskAbout, TaskKind, TaskState};
use crate::domain::time::Timestamp;

/// A task as stored, with the names of people for lists.
#[derive(Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Which.
    pub id: TaskId,
    /// Why somebody is needed.
    pub kind: TaskKind,
    /// What it is about.
    pub about: TaskAbout,
    /// The role that it is for.
    pub role: Role,
    /// The customer it concerns.
    pub customer: Option<CustomerId>,
    /// Their name.
    pub name: Option<String>,
    /// Their number.
    pub phone: Option<PhoneNumber>,
    /// Where it stands.
    pub state: TaskState,
    /// Who took it.
    pub owner: Option<StaffId>,
    /// When it is due.
    pub due_at: Timestamp,
    /// What its opener wrote.
    pub note: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: StaffId,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// By whom.
    pub closed_by: Option<StaffId>,
    /// What the closer wrote; none when it was closed by doing it.
    pub closing_note: Option<String>,
}

impl std::fmt::Debug for TaskRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TaskRow")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("about", &self.about)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// A task to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewTaskRow<'a> {
    /// Why.
    pub kind: TaskKind,
    /// What it is about.
    pub about: TaskAbout,
    /// For whom.
    pub role: Role,
    /// The customer it concerns.
    pub customer: Option<CustomerId>,
    /// When it is due.
    pub due_at: Timestamp,
    /// What its opener wrote.
    pub note: Option<&'a str>,
}

/// Whose tasks a list or a count shows.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The roles whose tasks the reader sees, at most three.
    pub roles: &'a [Role],
    /// The reader: tasks that were given to them are theirs to see, whatever their role.
    pub staff: &'a StaffId,
}

impl Reader<'_> {
    /// The roles' codes in three columns; an empty one matches no task.
    fn codes(self) -> [&'static str; 3] {
        let mut codes = [""; 3];
        for (code, role) in codes.iter_mut().zip(self.roles) {
            *code = role.code();
        }
        codes
    }
}

/// Which tasks a list names.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// In this state.
    pub state: TaskState,
    /// Of this kind only.
    pub kind: Option<TaskKind>,
    /// The reader's own only.
    pub mine: bool,
}

/// How many tasks wait for a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Open ones.
    pub open: i64,
    /// Those past their time.
    pub overdue: i64,
}

fn task(row: &Row) -> Result<TaskRow, StoreError> {
    let about_id = row.int(3)?;
    let phone = match row.opt_int(7)? {
        Some(_) => Some(row.phone(7)?),
        None => None,
    };
    Ok(TaskRow {
        id: TaskId(row.int(0)?),
        kind: row.code(1, TaskKind::parse)?,
        about: row.code(2, |code| TaskAbout::of(code, about_id))?,
        role: row.code(4, Role::parse)?,
        customer: row.opt_int(5)?.map(CustomerId),
        name: row.opt_text(6)?,
        phone,
        state: row.code(8, TaskState::parse)?,
        owner: row.opt_text(9)?.map(StaffId),
        due_at: row.time(10)?,
        note: row.opt_text(11)?,
        opened_at: row.time(12)?,
        opened_by: StaffId(row.text(13)?),
        closed_at: row.opt_time(14)?,
        closed_by: row.opt_text(15)?.map(StaffId),
        closing_note: row.opt_text(16)?,
    })
}

/// Opens a task; none when one of its kind is open about the same thing.
pub fn insert(
    tx: &mut Tx<'_>,
    new: &NewTaskRow<'_>,
    by: &StaffId,
    now: Timestamp,
) -> Result<Option<TaskId>, StoreError> {
    let row = tx.optional(
        "INSERT INTO task (kind, about, about_id, role, customer, due_at, note, opened_at, opened_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (kind, about, about_id) WHERE state = 'open' DO NOTHING RETURNING id",
        args![
            new.kind.code(),
            new.about.code(),
            new.about.id(),
            new.role.code(),
            new.customer,
            new.due_at,
            new.note,
            now,
            by
        ],
    )?;
    row.map(|row| row.int(0).map(TaskId)).transpose()
}

/// The open task of a kind about a thing.
pub fn find_open(tx: &mut Tx<'_>, kind: TaskKind, about: TaskAbout) -> Result<Option<TaskId>, StoreError> {
    tx.optional(
        "SELECT id FROM task WHERE kind = ?1 AND about = ?2 AND about_id = ?3 AND state = 'open'",
        args![kind.code(), about.code(), about.id()],
    )?
    .map(|row| row.int(0).map(TaskId))
    .transpose()
}

/// One task, locked until the commit.
pub fn find_locked(tx: &mut Tx<'_>, id: TaskId) -> Result<Option<TaskRow>, StoreError> {
    tx.optional("SELECT id FROM task WHERE id = ?1 FOR NO KEY UPDATE", args![id])?;
    find(tx, id)
}

/// One task.
pub fn find(tx: &mut Tx<'_>, id: TaskId) -> Result<Option<TaskRow>, StoreError> {
    tx.optional(
        "SELECT t.id, t.kind, t.about, t.about_id, t.role, t.customer, c.name, c.phone, t.state, t.owner, t.due_at,
                t.note, t.opened_at, t.opened_by, t.closed_at, t.closed_by, t.closing_note
         FROM task t LEFT JOIN customer c ON c.id = t.customer WHERE t.id = ?1",
        args![id],
    )?
    .map(|row| task(&row))
    .transpose()
}

/// Tasks that a reader sees: open ones by their time, closed ones latest first.
pub fn list(
    tx: &mut Tx<'_>,
    reader: Reader<'_>,
    wanted: Wanted,
    offset: i64,
    limit: i64,
) -> Result<Vec<TaskRow>, StoreError> {
    let [first, second, third] = reader.codes();
    tx.many(
        "SELECT t.id, t.kind, t.about, t.about_id, t.role, t.customer, c.name, c.phone, t.state, t.owner, t.due_at,
                t.note, t.opened_at, t.opened_by, t.closed_at, t.closed_by, t.closing_note
         FROM task t LEFT JOIN customer c ON c.id = t.customer
         WHERE t.state = ?1 AND (t.role IN (?2, ?3, ?4) OR t.owner = ?5) AND (?6 = '' OR t.kind = ?6)
           AND (?7 = 0 OR t.owner = ?5)
         ORDER BY COALESCE(0 - t.closed_at, t.due_at), t.id LIMIT ?8 OFFSET ?9",
        args![
            wanted.state.code(),
            first,
            second,
            third,
            reader.staff,
            wanted.kind.map_or("", TaskKind::code),
            wanted.mine,
            limit,
            offset
        ],
    )?
    .iter()
    .map(task)
    .collect()
}

/// How many tasks a list of these names, counted up to `most`.
pub fn count(tx: &mut Tx<'_>, reader: Reader<'_>, wanted: Wanted, most: i64) -> Result<i64, StoreError> {
    let [first, second, third] = reader.codes();
    tx.one(
        "SELECT COUNT(*) FROM (
           SELECT t.id FROM task t
           WHERE t.state = ?1 AND (t.role IN (?2, ?3, ?4) OR t.owner = ?5) AND (?6 = '' OR t.kind = ?6)
             AND (?7 = 0 OR t.owner = ?5) LIMIT ?8) AS found",
        args![
            wanted.state.code(),
            first,
            second,
            third,
            reader.staff,
            wanted.kind.map_or("", TaskKind::code),
            wanted.mine,
            most
        ],
    )?
    .int(0)
}

/// How many open tasks wait for a reader, and how many of them are past their time, counted up to `most`.
pub fn count_waiting(
    tx: &mut Tx<'_>,
    reader: Reader<'_>,
    now: Timestamp,
    most: i64,
) -> Result<Waiting, StoreError> {
    let [first, second, third] = reader.codes();
    let row = tx.one(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_at < ?1 THEN 1 ELSE 0 END), 0) FROM (
           SELECT t.due_at FROM task t
           WHERE t.state = 'open' AND (t.role IN (?2, ?3, ?4) OR t.owner = ?5) LIMIT ?6) AS waiting",
        args![now, first, second, third, reader.staff, most],
    )?;
    Ok(Waiting { open: row.int(0)?, overdue: row.int(1)? })
}

/// Gives an open task to somebody, or to nobody; false when it is not open.
pub fn update_owner(tx: &mut Tx<'_>, id: TaskId, owner: Option<&StaffId>) -> Result<bool, StoreError> {
    let changed =
        tx.execute("UPDATE task SET owner = ?1 WHERE id = ?2 AND state = 'open'", args![owner, id])?;
    Ok(changed == 1)
}

/// Gives the open tasks of a person who leaves back to their roles.
pub fn release_owned(tx: &mut Tx<'_>, owner: &StaffId) -> Result<(), StoreError> {
    tx.execute("UPDATE task SET owner = NULL WHERE owner = ?1 AND state = 'open'", args![owner])?;
    Ok(())
}

/// Takes back what `by` did at `at` with the task of a kind about a thing: one that was opened then goes, one that was
/// closed then without words is open again.
pub fn undo(
    tx: &mut Tx<'_>,
    kind: TaskKind,
    about: TaskAbout,
    by: &StaffId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM task WHERE kind = ?1 AND about = ?2 AND about_id = ?3 AND state = 'open'
           AND opened_by = ?4 AND opened_at = ?5",
        args![kind.code(), about.code(), about.id(), by, at],
    )?;
    tx.execute(
        "UPDATE task SET state = 'open', closed_at = NULL, closed_by = NULL
         WHERE kind = ?1 AND about = ?2 AND about_id = ?3 AND state = 'closed' AND closing_note IS NULL
           AND closed_by = ?4 AND closed_at = ?5",
        args![kind.code(), about.code(), about.id(), by, at],
    )?;
    Ok(())
}

/// Closes an open task; false when it is not open.
pub fn close(
    tx: &mut Tx<'_>,
    id: TaskId,
    note: Option<&str>,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE task SET state = 'closed', closed_at = ?1, closed_by = ?2, closing_note = ?3
         WHERE id = ?4 AND state = 'open'",
        args![now, by, note, id],
    )?;
    Ok(changed == 1)
}

/// Opens a closed task again; false when it is open, or another one of its kind about the same thing is.
pub fn reopen(tx: &mut Tx<'_>, id: TaskId) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE task SET state = 'open', closed_at = NULL, closed_by = NULL, closing_note = NULL
         WHERE id = ?1 AND state = 'closed'
           AND NOT EXISTS (SELECT 1 FROM task o WHERE o.kind = task.kind AND o.about = task.about
                           AND o.about_id = task.about_id AND o.state = 'open')",
        args![id],
    )?;
    Ok(changed == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::MatterId;
    use crate::store::{Store, staff};

    const NOW: Timestamp = Timestamp(1_000);
    const OFFER: TaskAbout = TaskAbout::Matter(MatterId(5));

    fn store() -> Store {
        let store = Store::trial().unwrap();
        store
            .write(|tx| -> Result<(), StoreError> {
                for (login, role) in [("ha", Role::Supervisor), ("lan", Role::Agent)] {
                    staff::upsert(tx, &StaffId(login.to_owned()), login, role, None, NOW)?;
                }
                Ok(())
            })
            .unwrap();
        store
    }

    fn ha() -> StaffId {
        StaffId("ha".to_owned())
    }

    const fn complaint(due_at: i64) -> NewTaskRow<'static> {
        NewTaskRow {
            kind: TaskKind::Complaint,
            about: OFFER,
            role: Role::Supervisor,
            customer: None,
            due_at: Timestamp(due_at),
            note: Some("gọi quá nhiều"),
        }
    }

    const ALL_OPEN: Wanted = Wanted { state: TaskState::Open, kind: None, mine: false };

    #[test]
    fn one_task_of_a_kind_is_open_about_one_thing_and_the_next_comes_after_it_is_closed() {
        store()
            .write(|tx| -> Result<(), StoreError> {
                let first = insert(tx, &complaint(9), &ha(), NOW)?.unwrap();
                assert_eq!(insert(tx, &complaint(8), &ha(), NOW)?, None);
                assert_eq!(find_open(tx, TaskKind::Complaint, OFFER)?, Some(first));
                assert_eq!(find_open(tx, TaskKind::LateResult, OFFER)?, None);
                assert!(close(tx, first, Some("đã xin lỗi"), &ha(), NOW)?);
                assert!(!close(tx, first, None, &ha(), NOW)?);
                assert!(insert(tx, &complaint(8), &ha(), NOW)?.is_some());
                assert!(!reopen(tx, first)?, "another one is open");
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn a_reader_sees_the_tasks_of_their_roles_and_what_was_given_to_them() {
        store()
            .write(|tx| -> Result<(), StoreError> {
                let lan = StaffId("lan".to_owned());
                let first = insert(tx, &complaint(9), &ha(), NOW)?.unwrap();
                let other =
                    NewTaskRow { kind: TaskKind::LateResult, due_at: Timestamp(2_000), ..complaint(0) };
                let second = insert(tx, &other, &ha(), NOW)?.unwrap();
                let leader = Reader { roles: &[Role::Agent, Role::Supervisor], staff: &ha() };
                let agent = Reader { roles: &[Role::Agent], staff: &lan };
                let ids = |rows: Vec<TaskRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
                assert_eq!(ids(list(tx, leader, ALL_OPEN, 0, 10)?), [first, second]);
                assert_eq!(ids(list(tx, leader, ALL_OPEN, 1, 10)?), [second]);
                assert_eq!(list(tx, agent, ALL_OPEN, 0, 10)?, []);
                assert!(update_owner(tx, second, Some(&lan))?);
                assert_eq!(ids(list(tx, agent, ALL_OPEN, 0, 10)?), [second]);
                let mine = Wanted { mine: true, ..ALL_OPEN };
                assert_eq!(list(tx, leader, mine, 0, 10)?, []);
                let late = Wanted { kind: Some(TaskKind::LateResult), ..ALL_OPEN };
                assert_eq!((count(tx, leader, late, 10)?, count(tx, leader, ALL_OPEN, 10)?), (1, 2));
                assert_eq!(count_waiting(tx, leader, NOW, 10)?, Waiting { open: 2, overdue: 1 });
                assert_eq!(count_waiting(tx, agent, NOW, 10)?, Waiting { open: 1, overdue: 0 });
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn closed_tasks_come_latest_first_and_open_again() {
        store()
            .write(|tx| -> Result<(), StoreError> {
                let first = insert(tx, &complaint(9), &ha(), NOW)?.unwrap();
                let other = NewTaskRow { kind: TaskKind::LateResult, ..complaint(1) };
                let second = insert(tx, &other, &ha(), NOW)?.unwrap();
                close(tx, first, Some("xong"), &ha(), Timestamp(5_000))?;
                close(tx, second, None, &ha(), Timestamp(4_000))?;
                let reader = Reader { roles: &[Role::Supervisor], staff: &ha() };
                let closed = Wanted { state: TaskState::Closed, ..ALL_OPEN };
                let rows = list(tx, reader, closed, 0, 10)?;
                assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [first, second]);
                assert_eq!(rows[0].closing_note.as_deref(), Some("xong"));
                assert!(reopen(tx, first)?);
                let again = find_locked(tx, first)?.unwrap();
                assert_eq!((again.state, again.closed_at, again.closing_note), (TaskState::Open, None, None));
                Ok(())
            })
            .unwrap();
    }
}

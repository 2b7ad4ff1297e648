//! Locks single rows, for rules that read before they write. On SQLite all writes are serial and these are plain
//! reads; on PostgreSQL commands run concurrently at READ COMMITTED, each statement sees what is committed when it
//! begins, and what was read under a lock stays true until the commit.
//!
//! Three means make a command exact, the first that fits:
//! 1. a conditional update whose changed rows are counted, a unique index, `ON CONFLICT DO NOTHING` counted;
//! 2. the governing row locked *before* the read that decides, by a function of this file;
//! 3. to take the next of many: `SKIP LOCKED`, so that no transaction waits for rows that others take.
//!
//! Invariant: one order, in which every command takes its locks; what is taken out of order is taken with
//! `SKIP LOCKED` or is rare, and a deadlock is broken by the server and tried again.
//!
//! | order | row | governs |
//! | --- | --- | --- |
//! | 1 | simulated clock | time that moves on; a real programme has none |
//! | 2 | campaign | seats, waitlist, every registration's state, batches; and every rule about a row that does *not* exist: opt-outs (an unknown number), staff (a new login, the last supervisor), a list that becomes active |
//! | 3 | staff | working state, promises in their name |
//! | 4 | customer | registration against the outcome of their calls; opt-out against messages; name and list |
//! | 5 | doctor | registered hours |
//! | 6 | case | triage, live appointment, result, survey |
//! | 7 | matter | lease, promise, attempts, calls |
//! | 8 | appointment | holds that run out; everything else is under the case |
//! | 9 | granule, by time | a doctor's time |
//!
//! The locks are `FOR NO KEY UPDATE`: they exclude each other and every update, but not the foreign-key check of a
//! row that refers to it, so recording a call never waits for a transaction that holds its customer.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::{CaseId, CustomerId, DoctorId, MatterId, RegistrationId, StaffId};
use crate::domain::phone::PhoneNumber;

/// The campaign row.
pub fn campaign(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.one("SELECT id FROM campaign WHERE id = 1 FOR NO KEY UPDATE", &[])?;
    Ok(())
}

/// A staff row, if there is one.
pub fn staff(tx: &mut Tx<'_>, id: &StaffId) -> Result<(), StoreError> {
    tx.optional("SELECT id FROM staff WHERE id = ?1 FOR NO KEY UPDATE", args![id])?;
    Ok(())
}

/// A customer row, if there is one.
pub fn customer(tx: &mut Tx<'_>, id: CustomerId) -> Result<(), StoreError> {
    tx.optional("SELECT id FROM customer WHERE id = ?1 FOR NO KEY UPDATE", args![id])?;
    Ok(())
}

/// The customer row of a number, if there is one, on whatever list.
pub fn customer_of(tx: &mut Tx<'_>, phone: PhoneNumber) -> Result<(), StoreError> {
    tx.optional("SELECT id FROM customer WHERE phone = ?1 FOR NO KEY UPDATE", args![phone])?;
    Ok(())
}

/// A doctor row, if there is one.
pub fn doctor(tx: &mut Tx<'_>, id: DoctorId) -> Result<(), StoreError> {
    tx.optional("SELECT id FROM doctor WHERE id = ?1 FOR NO KEY UPDATE", args![id])?;
    Ok(())
}

/// A case row, if there is one.
pub fn case(tx: &mut Tx<'_>, id: CaseId) -> Result<(), StoreError> {
    tx.optional("SELECT id FROM care_case WHERE id = ?1 FOR NO KEY UPDATE", args![id])?;
    Ok(())
}

/// The case of a registration, if there is one.
pub fn case_of(tx: &mut Tx<'_>, registration: RegistrationId) -> Result<(), StoreError> {
    tx.optional("SELECT id FROM care_case WHERE registration = ?1 FOR NO KEY UPDATE", args![registration])?;
    Ok(())
}

/// The case of a customer, if there is one.
pub fn case_of_customer(tx: &mut Tx<'_>, customer: CustomerId) -> Result<(), StoreError> {
    tx.optional(
        "SELECT id FROM care_case WHERE registration = (SELECT r.id FROM registration r WHERE r.customer = ?1)
         FOR NO KEY UPDATE",
        args![customer],
    )?;
    Ok(())
}

/// A matter row, if there is one.
pub fn matter(tx: &mut Tx<'_>, id: MatterId) -> Result<(), StoreError> {
    tx.optional("SELECT id FROM matter WHERE id = ?1 FOR NO KEY UPDATE", args![id])?;
    Ok(())
}

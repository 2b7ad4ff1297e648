//! Keeps what a staff member was typing, so that it survives a lost connection: in the store, for this staff member
//! alone.
//!
//! Invariants:
//! - a draft is deleted when its command is done, when its owner discards it or is disabled, and after [`MOST_DAYS`]
//!   days;
//! - its text is in no log and no audit row.
//!
//! Deliberately absent: a command. Keeping a draft changes nothing of the programme.

mod rows;
#[cfg(test)]
mod tests;

pub use rows::{MOST_DAYS, form_of_case, form_of_matter, form_of_phone};
pub(super) use rows::{delete_used, drafts};

use super::ctx::authorise;
use super::door::Door;
use super::error::Error;
use crate::domain::actor::Permission;
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::{draft, row_lock};
use rows::oldest;

/// Drafts of one staff member; the oldest are deleted first.
const MOST_DRAFTS: i64 = 20;
/// Longest name of a form, in characters.
const MOST_FORM: usize = 80;
/// Longest draft, in characters.
const MOST_BODY: usize = 32_768;

impl Door {
    /// Keeps the text of a form as a draft, or deletes the draft without a `body`. Durable when it returns; while a
    /// server is away it is tried again, because the connection may be lost with it and then no caller asks again.
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
                // Another command may be disabling this staff member now, and none of their drafts may remain.
                row_lock::staff(tx, &staff)?;
                authorise(tx, &staff, Permission::Work)?;
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

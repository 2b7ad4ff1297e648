//! What a person was typing, so that it survives a lost line: kept in the store under their name, for them alone.
//!
//! Invariants: a draft is gone when what it was for is done, when its person discards it or leaves, and after
//! [`MOST_DAYS`] days; its text goes to no log and no audit row. Keeping one is no command: it changes nothing of
//! the programme.

mod rows;
#[cfg(test)]
mod tests;

pub use rows::{MOST_DAYS, form_of_case, form_of_matter, form_of_phone};
pub(super) use rows::{drafts, forget_used};

use super::ctx::authorise;
use super::door::Door;
use super::error::Error;
use crate::domain::actor::Act;
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::{draft, row_lock};
use rows::oldest;

/// Drafts of one person; the oldest go first.
const MOST_DRAFTS: i64 = 20;
/// Longest name of a form, in characters.
const MOST_FORM: usize = 80;
/// Longest draft, in characters.
const MOST_BODY: usize = 32_768;
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
                authorise(tx, &staff, Act::Work)?;
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

//! Imports: the bulk paths beside the door, under the same permission table and with the same audit row. Each
//! reads a [`source::Source`] row by row, keeps nothing of the file in memory but what it must compare, and
//! changes the store all at once or not at all.
//!
//! Invariants: one bulk load at a time on a store ([`crate::store::Store::bulk_place`]); what a cancelled, failed
//! or crashed load left is swept before the next one begins; the same file twice changes nothing.
//!
//! Deliberately absent: file formats (`exchange`), and rules — rows are screened by `domain`.

pub mod customers;
pub mod do_not_call;
pub mod doctors;
pub mod fanpage;
mod load;
pub mod report;
pub mod source;
#[cfg(test)]
mod tests;

pub use customers::import_customers;
pub use do_not_call::import_do_not_call;
pub use doctors::import_doctors;
pub use fanpage::import_fanpage;
pub use load::{settle, sweep};
pub use report::{Reason, Report, Warning};

use super::ctx::{Signer, append, authorise, settle_time};
use super::door::Door;
use super::{Error, When};
use crate::domain::actor::Permission;
use crate::domain::campaign::Campaign;
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::store::{StoreError, Tx};
use rust_i18n::t;
use source::{FileError, Row};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows between two progress reports.
const PROGRESS_EVERY: u64 = 2048;

/// Why an import did not happen. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportError {
    /// The file cannot be loaded at all.
    File(FileError),
    /// A rule refused it, or the store failed.
    Door(Error),
    /// It was stopped.
    Cancelled,
}

impl ImportError {
    /// The public kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::File(error) => error.kind(),
            Self::Door(error) => error.kind(),
            Self::Cancelled => "cancelled",
        }
    }

    /// What is wrong, for a person.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::File(error) => error.message(lang),
            Self::Door(error) => error.message(lang),
            Self::Cancelled => t!("import.cancelled.message", locale = lang.code()).into_owned(),
        }
    }

    /// What to do about it.
    pub fn hint(&self, lang: Lang) -> String {
        match self {
            Self::File(error) => error.hint(lang),
            Self::Door(error) => error.hint(lang),
            Self::Cancelled => t!("import.cancelled.hint", locale = lang.code()).into_owned(),
        }
    }
}

impl From<FileError> for ImportError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::Door(error)
    }
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Door(Error::Store(error))
    }
}

/// Where rejected rows go.
pub trait Rejects {
    /// Writes a rejected row with its public reason and the sentence behind it.
    ///
    /// # Errors
    /// The file cannot be written on.
    fn reject(
        &mut self,
        row: &Row,
        code: &'static str,
        sentence: &dyn Fn(Lang) -> String,
    ) -> Result<(), FileError>;

    /// Makes what was written last.
    ///
    /// # Errors
    /// The file cannot be written on.
    fn finish(&mut self) -> Result<(), FileError>;
}

/// The progress of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows read.
    pub rows: u64,
    /// Thousandths of the file.
    pub share: u32,
}

/// The actor and the time of an import, and what stops and watches it.
pub struct Run<'a> {
    /// The programme.
    pub door: &'a Door,
    /// The actor.
    pub staff: StaffId,
    /// Its time; on a simulated store lifted to the store's time.
    pub now: Timestamp,
    /// Where rejected rows go, if anywhere.
    pub rejects: Option<&'a mut dyn Rejects>,
    /// Gets progress reports.
    pub progress: &'a mut dyn FnMut(Progress),
    /// Set from outside to stop it.
    pub cancelled: &'a AtomicBool,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("staff", &self.staff).field("now", &self.now).finish_non_exhaustive()
    }
}

impl Run<'_> {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Refuses an actor without the permission, before a row is read. Returns the time that the store will write.
    fn authorise(&self, act: Permission) -> Result<Timestamp, ImportError> {
        self.door.authorise(&self.staff, act)?;
        Ok(self.door.time_at(self.now)?)
    }

    /// Counts and writes down a row that is left out.
    fn reject(&mut self, report: &mut Report, row: &Row, reason: Reason) -> Result<(), FileError> {
        report.reject(reason);
        match &mut self.rejects {
            Some(rejects) => rejects.reject(row, reason.code(), &|lang| reason.sentence(lang)),
            None => Ok(()),
        }
    }

    fn finish_rejects(&mut self) -> Result<(), FileError> {
        self.rejects.as_mut().map_or(Ok(()), |rejects| rejects.finish())
    }

    /// Counts a row as read; reports the progress now and then.
    fn count(&mut self, report: &mut Report, share: u32) {
        report.read += 1;
        if report.read.is_multiple_of(PROGRESS_EVERY) {
            (self.progress)(Progress { rows: report.read, share });
        }
    }

    /// The permission asked again and the audit row written, inside the transaction that makes it so.
    fn sign(&self, act: Permission, action: &'static str) -> Signature {
        Signature {
            staff: self.staff.clone(),
            now: self.now,
            os_user: self.door.os_user().to_owned(),
            simulated: self.door.simulated(),
            campaign: self.door.campaign(),
            act,
            action,
        }
    }
}

/// The signer of the audit row of an import; sent into the transaction that ends it.
struct Signature {
    staff: StaffId,
    now: Timestamp,
    os_user: String,
    simulated: bool,
    campaign: Arc<Campaign>,
    act: Permission,
    action: &'static str,
}

impl Signature {
    fn write(self, tx: &mut Tx<'_>, subject: String, detail: String) -> Result<Timestamp, Error> {
        let now = settle_time(tx, &self.campaign, self.simulated, When::Now(self.now))?;
        authorise(tx, &self.staff, self.act)?;
        let signer = Signer { at: now, staff: &self.staff, os_user: &self.os_user };
        append(tx, signer, self.action, subject, detail)?;
        Ok(now)
    }
}

//! Fanpage leads from a file: one `add_lead` command per row, through the door. A comment
//! that is known already is left as it is, so the same file twice changes nothing and a stopped import is simply
//! started again.
//!
//! Invariant: the file is read to its end before the first lead is added.

use super::report::{Reason, Report};
use super::source::{Field, FileError, PHONE_NAMES, Row, Source};
use super::{Error, ImportError, Run};
use crate::domain::actor::Permission;
use crate::domain::refusal::Refusal;
use crate::usecase::command::{AddLead, Command};
use crate::usecase::{Request, When};
use std::collections::HashSet;
use std::ops::ControlFlow;

const NAME: usize = 0;
const COMMENT: usize = 1;
const CONVERSATION: usize = 2;
const PHONE: usize = 3;

/// The columns of the file, in the order of [`Source::columns`].
pub const FIELDS: [Field; 4] = [
    Field {
        code: "name",
        needed: true,
        names: &["ho ten", "ho va ten", "ten", "ten facebook", "name", "full name"],
    },
    Field {
        code: "comment",
        needed: true,
        names: &[
            "binh luan",
            "ma binh luan",
            "lien ket binh luan",
            "comment",
            "comment id",
            "comment ref",
            "comment link",
        ],
    },
    Field {
        code: "conversation",
        needed: false,
        names: &[
            "hoi thoai",
            "ma hoi thoai",
            "tin nhan",
            "conversation",
            "conversation id",
            "conversation ref",
            "inbox",
        ],
    },
    Field { code: "phone", needed: false, names: PHONE_NAMES },
];

/// Rows of such a file at most.
const MAX_ROWS: usize = 100_000;

/// Adds the leads of a file.
///
/// # Errors
/// The file, a missing permission, the store, or the caller, who stopped it; leads added before that stay.
pub fn import_fanpage(mut run: Run<'_>, mut source: Source) -> Result<Report, ImportError> {
    run.authorise(Permission::WorkLeads)?;
    let rows = read_all(&run, &mut source, MAX_ROWS)?;
    let layout = source.layout();
    let mut report = Report { unknown_columns: std::mem::take(&mut source.unknown), ..Report::default() };
    let mut seen: HashSet<String> = HashSet::new();
    let total = rows.len().max(1);
    for (at, row) in rows.iter().enumerate() {
        if run.is_cancelled() {
            return Err(ImportError::Cancelled);
        }
        run.count(&mut report, (at * 1000 / total) as u32);
        let cell = |field| layout.get(row, field).trim();
        let optional = |field| Some(cell(field).to_owned()).filter(|text| !text.is_empty());
        let reason = if row.overlong {
            Some(Reason::CellTooLong)
        } else if layout.is_shifted(row) {
            Some(Reason::CellsShifted)
        } else if cell(COMMENT).is_empty() {
            Some(Reason::CommentMissing)
        } else if !seen.insert(cell(COMMENT).to_owned()) {
            Some(Reason::DuplicateInFile)
        } else {
            None
        };
        if let Some(reason) = reason {
            run.reject(&mut report, row, reason)?;
            continue;
        }
        let command = Command::AddLead(AddLead {
            name: cell(NAME).to_owned(),
            comment: cell(COMMENT).to_owned(),
            conversation: optional(CONVERSATION),
            phone: optional(PHONE),
        });
        match execute(&run, command) {
            Ok(_) => report.accepted += 1,
            Err(Error::Refused(Refusal::Conflict { what: "lead", .. })) => report.unchanged += 1,
            Err(Error::Refused(Refusal::PhoneInvalid(error))) => {
                run.reject(&mut report, row, Reason::Phone(error))?;
            }
            Err(Error::Refused(refusal)) => run.reject(&mut report, row, Reason::Refused(refusal.rule()))?,
            Err(error) => return Err(error.into()),
        }
    }
    run.finish_rejects()?;
    Ok(report)
}

/// One command under the importer's name.
pub(super) fn execute(run: &Run<'_>, command: Command) -> Result<crate::usecase::Receipt, Error> {
    run.door.execute(Request { op: None, staff: run.staff.clone(), when: When::Now(run.now), command })
}

/// All rows of a small file.
pub(super) fn read_all(run: &Run<'_>, source: &mut Source, most: usize) -> Result<Vec<Row>, ImportError> {
    let mut rows = Vec::new();
    let mut too_many = false;
    source.rows.for_each(&mut |row, _| {
        if row.is_empty() {
            return ControlFlow::Continue(());
        }
        too_many = rows.len() == most;
        if too_many || run.is_cancelled() {
            return ControlFlow::Break(());
        }
        rows.push(row.clone());
        ControlFlow::Continue(())
    })?;
    if too_many {
        return Err(FileError::TooLarge.into());
    }
    if run.is_cancelled() { Err(ImportError::Cancelled) } else { Ok(rows) }
}

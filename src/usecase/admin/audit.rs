//! Reads the audit log as a role may see it.
//!
//! The log is one; each organisation's work in it is its own. Who is not of Vinmec reads that work was done on a case,
//! and neither on which nor what came of it: the row of a diversion looks like any other, and so does what follows it.
//! Vinmec's lead reads that 9090 called or changed its list, and no result and no number of rows. That somebody opened
//! a case or a doctor's day everybody reads who may read the log.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::model::staff::AuditLine;
use super::super::people::EXPORT_PEOPLE;
use crate::domain::actor::Permission;
use crate::domain::contact::Purpose;
use crate::domain::figure::Figure;
use crate::domain::id::MatterId;
use crate::store::audit::AuditRow;
use crate::store::{Tx, audit as audit_rows};

/// Rows of the audit log that are read at once.
const MOST_AUDIT_ROWS: u32 = 500;
/// Work of Vinmec that tells of a case what only Vinmec may know.
const OF_VINMEC: [&str; 11] = [
    "triage",
    "undo_triage",
    "review_screening",
    "hold_slot",
    "release_slot",
    "book",
    "move_appointment",
    "cancel_appointment",
    "tell_customer",
    "start_consultation",
    "record_result",
];
/// Work of MobiFone that tells of its list, or of what came of its calls.
const OF_MOBIFONE: [&str; 9] = [
    "import_customers",
    "import_do_not_call",
    "import_fanpage",
    "add_agreement",
    "add_lead",
    "move_lead",
    "reveal_lead",
    "record_survey",
    "set_quota",
];
/// Work on a call, which is of the organisation that makes such calls.
const CALLS: [&str; 6] = ["claim", "renew_lease", "release_lease", "record_call", "undo_call", "line_lost"];

/// The latest audit rows, newest first.
pub(in crate::usecase) fn audit(tx: &mut Tx<'_>, ctx: &Ctx<'_>, limit: u32) -> Result<Vec<AuditLine>, Error> {
    let rows = audit_rows::list(tx, i64::from(limit.clamp(1, MOST_AUDIT_ROWS)))?;
    Ok(rows.into_iter().map(|row| shown(ctx, row)).collect())
}

fn shown(ctx: &Ctx<'_>, row: AuditRow) -> AuditLine {
    let is_call = CALLS.contains(&row.entry.action.as_str());
    let is_intake = is_call && purpose(&row.entry.subject) == Some(Purpose::Intake);
    let listed = exported(&row.entry.action, &row.entry.detail);
    let lists = |act| listed.as_ref().is_some_and(|figure| figure.needs().contains(&act));
    let of_vinmec =
        is_intake || OF_VINMEC.contains(&row.entry.action.as_str()) || lists(Permission::SeeCases);
    let of_mobifone = (is_call && !is_intake)
        || OF_MOBIFONE.contains(&row.entry.action.as_str())
        || lists(Permission::SeeCustomers);
    let hidden = if of_vinmec && !ctx.may(Permission::SeeHealth) {
        Some("case_work")
    } else if of_mobifone && ctx.actor.role.is_vinmec() {
        Some("call_work")
    } else {
        None
    };
    let AuditRow { writer, seq, entry } = row;
    let (action, subject, detail) = match hidden {
        Some(action) => (action.to_owned(), String::new(), String::new()),
        None => (entry.action, entry.subject, entry.detail),
    };
    AuditLine {
        writer,
        seq,
        at: entry.at,
        staff: entry.staff,
        os_user: entry.os_user,
        action,
        subject,
        detail,
    }
}

/// The figure whose people were written to a file: its list is of the organisation that may open it.
fn exported(action: &str, detail: &str) -> Option<Figure> {
    let code = detail.strip_prefix("figure=").filter(|_| action == EXPORT_PEOPLE)?;
    Figure::parse(code.split(' ').next()?)
}

/// The purpose of a call by the name of its matter.
fn purpose(subject: &str) -> Option<Purpose> {
    let id = subject.strip_prefix("matter:")?.parse().ok()?;
    Purpose::of_matter(MatterId(id)).map(|(_, purpose)| purpose)
}

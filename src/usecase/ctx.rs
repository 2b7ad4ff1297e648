//! Defines what all use cases share: their context and their result, the time of a command, the permission check and
//! the audit row.
//!
//! Invariants:
//! - on a simulated store time never goes back;
//! - on a real store no caller brings a time of its own.
//!
//! Deliberately absent: the use cases themselves; this file uses none of them.

use super::error::Error;
use super::receipt::Receipt;
use crate::domain::actor::{Actor, Permission, Role};
use crate::domain::audit::Entry;
use crate::domain::campaign::Campaign;
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::{Tx, audit as audit_rows, meta, staff as staff_rows};

/// When a command happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Now, by the caller's clock. On a simulated store a clock that is behind is lifted to the store's time;
    /// [`Timestamp::ZERO`] therefore means the store's own time there.
    Now(Timestamp),
    /// At a time that a script names; simulated stores only.
    At(Timestamp),
}

/// The context of a use case.
#[derive(Debug)]
pub(super) struct Ctx<'a> {
    /// The caller.
    pub(super) actor: &'a Actor,
    /// The time of the command or query.
    pub(super) now: Timestamp,
    /// The programme's configuration.
    pub(super) campaign: &'a Campaign,
}

impl Ctx<'_> {
    /// Whether the actor has this permission, for a part of a command or query.
    pub(super) const fn may(&self, act: Permission) -> bool {
        self.actor.role.may(act)
    }
}

/// The result of a use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Done {
    /// For the caller.
    pub(super) receipt: Receipt,
    /// For the audit row: which row, such as `registration:12`.
    pub(super) subject: String,
    /// For the audit row: outcome in public codes; never personal data or health text.
    pub(super) detail: String,
    /// Whether it leaves no audit row: it only repeats what one says already.
    pub(super) quiet: bool,
}

impl Done {
    /// A receipt with its audit subject and no further detail.
    pub(super) fn new(receipt: Receipt, subject: impl Into<String>) -> Self {
        Self { receipt, subject: subject.into(), detail: String::new(), quiet: false }
    }

    /// The same without an audit row.
    #[must_use]
    pub(super) const fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// The same with a detail in public codes.
    #[must_use]
    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// Returns the command's time and advances a simulated store's clock to it. Before the first `at`, the time of a
/// simulated store is the first day of the programme and its clock has not begun: set-up does not start it.
pub(super) fn settle_time(
    tx: &mut Tx<'_>,
    campaign: &Campaign,
    simulated: bool,
    when: When,
) -> Result<Timestamp, Error> {
    if !simulated {
        return match when {
            When::Now(now) => Ok(now),
            When::At(_) => Err(Refusal::ClockNotAllowed { latest: None }.into()),
        };
    }
    let latest = meta::clock(tx)?;
    let now = match (when, latest) {
        (When::Now(now), None) => return Ok(now.max(campaign.registration.opens())),
        (When::Now(now), Some(latest)) => now.max(latest),
        (When::At(at), Some(latest)) if at < latest => {
            return Err(Refusal::ClockNotAllowed { latest: Some(latest) }.into());
        }
        (When::At(at), _) => at,
    };
    if latest.is_none_or(|latest| now > latest) && !meta::advance_clock(tx, now)? {
        // Another command has advanced it since it was read.
        return settle_time(tx, campaign, simulated, when);
    }
    Ok(now)
}

/// Returns the time for a read or a start at the caller's `now`, without advancing a simulated store's clock.
pub(super) fn time_at(
    tx: &mut Tx<'_>,
    campaign: &Campaign,
    simulated: bool,
    now: Timestamp,
) -> Result<Timestamp, Error> {
    if !simulated {
        return Ok(now);
    }
    Ok(meta::clock(tx)?.unwrap_or(campaign.registration.opens()).max(now))
}

/// Returns the staff member of a login name; refuses an unknown or disabled one.
pub(super) fn actor(tx: &mut Tx<'_>, staff: &StaffId) -> Result<Actor, Error> {
    staff_rows::find_active(tx, staff)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "staff", id: staff.to_string() }.into())
}

/// Returns the staff member of a login name; refuses one without the permission `act`. Commands, queries, drafts,
/// imports, copies and notes all ask [`permit`], in the transaction that depends on the answer.
pub(super) fn authorise(tx: &mut Tx<'_>, staff: &StaffId, act: Permission) -> Result<Actor, Error> {
    let actor = actor(tx, staff)?;
    permit(&actor, act)?;
    Ok(actor)
}

/// Refuses an actor without the permission `act`.
pub(super) const fn permit(actor: &Actor, act: Permission) -> Result<(), Refusal> {
    if actor.role.may(act) { Ok(()) } else { Err(Refusal::Forbidden { act }) }
}

/// Refuses an actor who does not manage staff of a role ([`Role::manages`]).
pub(super) fn check_manages(ctx: &Ctx<'_>, concerned: Role) -> Result<(), Refusal> {
    if ctx.actor.role.manages(concerned) {
        Ok(())
    } else {
        Err(Refusal::Forbidden { act: Permission::ManageStaff })
    }
}

/// The staff member, the operating-system user and the time of an audit row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signer<'a> {
    /// When.
    pub(super) at: Timestamp,
    /// Who.
    pub(super) staff: &'a StaffId,
    /// From where: the operating-system user, or the origin of an SSH session.
    pub(super) os_user: &'a str,
}

/// Appends one row to the audit log.
pub(super) fn append(
    tx: &mut Tx<'_>,
    signer: Signer<'_>,
    action: &str,
    subject: String,
    detail: String,
) -> Result<(), Error> {
    let entry = Entry {
        at: signer.at,
        staff: signer.staff.0.clone(),
        os_user: signer.os_user.to_owned(),
        action: action.to_owned(),
        subject,
        detail,
    };
    Ok(audit_rows::append(tx, entry)?)
}

//! Keeps the seat of a case that ends now.

use super::super::ctx::Ctx;
use super::super::error::Error;
use crate::domain::case::CaseState;
use crate::domain::id::{CaseId, RegistrationId};
use crate::domain::registration::RegistrationState;
use crate::domain::time::Timestamp;
use crate::store::seat_release::{self, SeatRelease};
use crate::store::{Topics, Tx, registration, seat};

/// A case that ends now.
#[derive(Clone, Copy)]
pub(in crate::usecase) struct Ended<'a> {
    /// Which.
    pub case: CaseId,
    /// Its registration.
    pub registration: RegistrationId,
    /// Its last state: diverted, withdrawn or unreachable.
    pub state: CaseState,
    /// How it was, JSON of the caller; empty where the caller keeps it elsewhere.
    pub before: &'a str,
}

/// What becomes of the seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::usecase) struct Kept {
    /// The case held a seat, which will come free.
    pub seat: bool,
    /// Somebody waits for one.
    pub waiting: bool,
    /// Until when the end can be taken back.
    pub until: Timestamp,
}

/// Keeps the seat of a case until its end can no longer be taken back. The caller holds the lock of the case.
pub(in crate::usecase) fn keep(tx: &mut Tx<'_>, ctx: &Ctx<'_>, ended: Ended<'_>) -> Result<Kept, Error> {
    let seconds = ctx.campaign.limits_on(ctx.now.date()).contact.undo_seconds;
    let until = ctx.now.plus_ms(seconds * 1000);
    let row = registration::find(tx, ended.registration)?;
    if row.is_none_or(|row| row.state != RegistrationState::Registered) {
        return Ok(Kept { seat: false, waiting: false, until });
    }
    // One that is kept already waits from now on: its case ended once more.
    seat_release::delete(tx, ended.registration)?;
    seat_release::insert(
        tx,
        &SeatRelease {
            registration: ended.registration,
            case: ended.case,
            due_at: until,
            reason: ended.state,
            by: ctx.actor.staff.clone(),
            before: ended.before.to_owned(),
        },
    )?;
    tx.touch(Topics::CASES);
    let waiting = seat::get(tx)?.waitlisted > 0 && ctx.now <= ctx.campaign.consultation.closes();
    Ok(Kept { seat: true, waiting, until })
}

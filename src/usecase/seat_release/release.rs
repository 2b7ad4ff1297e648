//! Gives on the seats whose time is over.

use super::super::ctx::{Ctx, Signer, append};
use super::super::error::Error;
use super::super::registration::free_seat;
use super::super::task::{self, NewTask};
use super::ENDED_AT_VINMEC;
use crate::domain::actor::{Actor, Role};
use crate::domain::campaign::Campaign;
use crate::domain::case::{CaseState, SeatOfUnfinished};
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::time::Timestamp;
use crate::store::seat_release::{self, SeatRelease};
use crate::store::{Topics, Tx, appointment, care_case, row_lock, sms};

/// Seats that one transaction gives on; the next one goes on.
const AT_ONCE: i64 = 50;
/// Messages that a customer whose case ended must not get.
const TEMPLATES: [&str; 2] = ["appointment", "appointment_moved"];

/// Gives on every seat whose case ended too long ago to be taken back, each with an audit row in the name of the staff
/// member who ended the case.
pub(in crate::usecase) fn release_due(
    tx: &mut Tx<'_>,
    campaign: &Campaign,
    now: Timestamp,
    os_user: &str,
) -> Result<(), Error> {
    row_lock::campaign(tx)?;
    for due in seat_release::list_due(tx, now, AT_ONCE)? {
        row_lock::case(tx, due.case)?;
        // The end was taken back, or its registration cancelled, before the lock.
        if !seat_release::delete(tx, due.registration)? {
            continue;
        }
        let actor = Actor { staff: due.by.clone(), role: Role::Intake, name: String::new(), doctor: None };
        let detail = release(tx, &Ctx { actor: &actor, now, campaign }, &due)?;
        let signer = Signer { at: now, staff: &due.by, os_user };
        append(tx, signer, "release_seat", format!("registration:{}", due.registration), detail)?;
    }
    Ok(())
}

fn release(tx: &mut Tx<'_>, ctx: &Ctx<'_>, due: &SeatRelease) -> Result<String, Error> {
    appointment::cancel_live(tx, due.case, "vinmec", due.reason.code())?;
    if let Some(case) = care_case::find(tx, due.case)? {
        for template in TEMPLATES {
            sms::delete_queued(tx, case.customer, template)?;
        }
    }
    tx.touch(Topics::CASES.with(Topics::ROSTER));
    let about = TaskAbout::Registration(due.registration);
    task::open(tx, ctx, &NewTask { kind: TaskKind::SeatReturned, about, note: None, due_at: None })?;
    let stays =
        ctx.campaign.seat_of_unfinished == SeatOfUnfinished::Return && due.reason != CaseState::Diverted115;
    if stays {
        return Ok("returned=true".to_owned());
    }
    let (seat_freed, promoted) = free_seat(tx, ctx, due.registration, ENDED_AT_VINMEC)?;
    let detail = format!("seat_freed={seat_freed}");
    Ok(promoted.map_or(detail.clone(), |promoted| format!("{detail} promoted={promoted}")))
}

//! What ends with a registration: batch rows under way, Vinmec's case and its live appointment, a survey that is due.
//!
//! Deliberately absent: the seat (see [`super::seat`]), contact matters (see [`super::matter`]) and every decision about who may end what.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::{AppointmentId, CaseId, CustomerId, RegistrationId, StaffId};
use crate::domain::time::Timestamp;

/// Returns the batch row of a registration that Vinmec has not settled yet; false when there is none.
pub fn return_batch_row(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    reason: &str,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE batch_row SET state = 'returned', reason = ?1, settled_at = ?2, settled_by = ?3
         WHERE registration = ?4 AND state = 'sent'",
        args![reason, now, by, registration],
    )?;
    if changed == 1 {
        tx.execute("UPDATE registration SET hand_over = 'returned' WHERE id = ?1", args![registration])?;
    }
    Ok(changed == 1)
}

/// The live appointment of a case and its state.
pub fn find_live_appointment(
    tx: &mut Tx<'_>,
    case: CaseId,
) -> Result<Option<(AppointmentId, String)>, StoreError> {
    tx.optional(
        "SELECT id, state FROM appointment
         WHERE care_case = ?1 AND state IN ('held', 'booked', 'told', 'in_progress')",
        args![case],
    )?
    .map(|row| Ok((AppointmentId(row.int(0)?), row.text(1)?)))
    .transpose()
}

/// Cancels an appointment that has not begun and frees the doctor's time; false when it is not live any more.
pub fn cancel_appointment(tx: &mut Tx<'_>, id: AppointmentId, reason: &str) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE appointment SET state = 'cancelled', held_until = NULL, cancelled_by = 'customer', reason = ?1
         WHERE id = ?2 AND state IN ('held', 'booked', 'told')",
        args![reason, id],
    )?;
    tx.execute("DELETE FROM granule WHERE appointment = ?1", args![id])?;
    Ok(changed == 1)
}

/// Ends a case whose customer does not want it any more; false when it has another end.
pub fn withdraw_case(tx: &mut Tx<'_>, id: CaseId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE care_case SET state = 'withdrawn', since = ?1
         WHERE id = ?2 AND state NOT IN ('consulted', 'withdrawn', 'diverted_115')",
        args![now, id],
    )?;
    Ok(changed == 1)
}

/// Settles a survey that nobody may ask for any more; false when none is due.
pub fn refuse_survey(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE survey SET state = 'refused', settled_at = ?1, by_staff = ?2
         WHERE care_case IN (SELECT k.id FROM care_case k JOIN registration r ON r.id = k.registration
                             WHERE r.customer = ?3) AND state = 'due'",
        args![now, by, customer],
    )?;
    Ok(changed > 0)
}

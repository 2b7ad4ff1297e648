//! Rows that the search of Vinmec's cases compares: names, number, seat. Nothing of the list and no health text.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::case::CaseState;
use crate::domain::id::{CaseId, DoctorId, RegistrationId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use std::fmt;

/// A case as the search compares it.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchedCase {
    /// Which.
    pub case: CaseId,
    /// Where it stands.
    pub state: CaseState,
    /// The customer's name.
    pub customer: String,
    /// The patient's, when it is another person.
    pub patient: Option<String>,
    /// The customer's number.
    pub phone: PhoneNumber,
    /// The seat, while there is one.
    pub seat: Option<i64>,
    /// The registration behind it.
    pub registration: RegistrationId,
    /// Start of the latest appointment; of a doctor's own, when their cases are asked for.
    pub starts_at: Option<Timestamp>,
}

impl fmt::Debug for SearchedCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchedCase").field("case", &self.case).finish_non_exhaustive()
    }
}

/// The newest cases, at most `limit`; those with which a doctor has an appointment, when one is named.
pub fn list(tx: &mut Tx<'_>, doctor: Option<DoctorId>, limit: i64) -> Result<Vec<SearchedCase>, StoreError> {
    tx.many(
        "SELECT k.id, k.state, u.name, r.patient, u.phone, r.seat, r.id, a.starts_at
         FROM care_case k
         JOIN registration r ON r.id = k.registration
         JOIN customer u ON u.id = k.customer
         LEFT JOIN appointment a ON a.id = (
           SELECT MAX(x.id) FROM appointment x
           WHERE x.care_case = k.id AND (CAST(?1 AS BIGINT) IS NULL OR x.doctor = ?1))
         WHERE CAST(?1 AS BIGINT) IS NULL OR a.id IS NOT NULL
         ORDER BY k.id DESC LIMIT ?2",
        args![doctor.map(|doctor| doctor.0), limit],
    )?
    .iter()
    .map(|row| {
        Ok(SearchedCase {
            case: CaseId(row.int(0)?),
            state: row.code(1, CaseState::parse)?,
            customer: row.text(2)?,
            patient: row.opt_text(3)?,
            phone: row.phone(4)?,
            seat: row.opt_int(5)?,
            registration: RegistrationId(row.int(6)?),
            starts_at: row.opt_time(7)?,
        })
    })
    .collect()
}

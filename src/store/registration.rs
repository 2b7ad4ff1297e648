//! Rows of registrations, one per customer for ever, and the facts about a customer that registering needs.
//!
//! Invariants (constraints of the schema, too):
//! - a registered row holds a seat and a waitlisted one a place on the waitlist, each once; a cancelled row holds
//!   neither;
//! - a customer whose only list is still loading counts as unlisted.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::id::{CustomerId, RegistrationId, StaffId};
use crate::domain::name::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::registration::{HandOverState, Held, RegistrationState};
use crate::domain::time::Timestamp;

/// A registration as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationRow {
    /// Which.
    pub id: RegistrationId,
    /// The customer.
    pub customer: CustomerId,
    /// Its state.
    pub state: RegistrationState,
    /// Seat number, while registered.
    pub seat: Option<i64>,
    /// Place number, while waitlisted: lower comes first.
    pub place: Option<i64>,
    /// Channel code.
    pub channel: String,
    /// When.
    pub at: Timestamp,
    /// The staff member who recorded it.
    pub by: StaffId,
    /// Its state in the hand-over to Vinmec.
    pub hand_over: HandOverState,
    /// The customer's number.
    pub phone: PhoneNumber,
}

/// The facts about a customer that registering needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    /// The customer.
    pub customer: CustomerId,
    /// Name on file.
    pub name: String,
    /// On an SMS list that is active.
    pub is_listed: bool,
    /// On a list that is still loading and nowhere else: not visible to users yet.
    pub is_loading: bool,
    /// The registration there is, cancelled or not.
    pub registration: Option<RegistrationId>,
    /// The registration that was taken back; a new one is written over it.
    pub taken_back: Option<RegistrationId>,
    /// Own opt-out of calls.
    pub opted_out_voice_at: Option<Timestamp>,
    /// When the programme's SMS went to them.
    pub sms_sent_at: Option<Timestamp>,
}

/// The patient of the consultation: without a name when it is the customer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatientColumns {
    /// Full name.
    pub name: Option<String>,
    /// Birth year.
    pub birth_year: Option<i32>,
    /// Representative's name.
    pub representative: Option<String>,
    /// Representative's relation.
    pub relation: Option<String>,
}

/// A registration to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRegistration<'a> {
    /// The customer.
    pub customer: CustomerId,
    /// The seat; none: waitlisted at `place`.
    pub seat: Option<i64>,
    /// The place on the waitlist; none: seated.
    pub place: Option<i64>,
    /// Channel code.
    pub channel: &'a str,
    /// The staff member who recorded it.
    pub by: &'a StaffId,
    /// When.
    pub at: Timestamp,
    /// The patient.
    pub patient: &'a PatientColumns,
}

fn registration(row: &Row) -> Result<RegistrationRow, StoreError> {
    Ok(RegistrationRow {
        id: RegistrationId(row.int(0)?),
        customer: CustomerId(row.int(1)?),
        state: row.code(2, RegistrationState::parse)?,
        seat: row.opt_int(3)?,
        place: row.opt_int(4)?,
        channel: row.text(5)?,
        at: row.time(6)?,
        by: StaffId(row.text(7)?),
        hand_over: row.code(8, HandOverState::parse)?,
        phone: row.phone(9)?,
    })
}

/// One registration.
pub fn find(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<RegistrationRow>, StoreError> {
    tx.optional(
        "SELECT r.id, r.customer, r.state, r.seat, r.place, r.channel, r.at, r.by_staff, r.hand_over, c.phone
         FROM registration r JOIN customer c ON c.id = r.customer WHERE r.id = ?1",
        args![id],
    )?
    .map(|row| registration(&row))
    .transpose()
}

/// The registration of a customer; one that was taken back is none.
pub fn find_by_customer(
    tx: &mut Tx<'_>,
    customer: CustomerId,
) -> Result<Option<RegistrationRow>, StoreError> {
    tx.optional(
        "SELECT r.id, r.customer, r.state, r.seat, r.place, r.channel, r.at, r.by_staff, r.hand_over, c.phone
         FROM registration r JOIN customer c ON c.id = r.customer
         WHERE r.customer = ?1 AND r.taken_back_at IS NULL",
        args![customer],
    )?
    .map(|row| registration(&row))
    .transpose()
}

/// The first registration on the waitlist.
pub fn find_first_waitlisted(tx: &mut Tx<'_>) -> Result<Option<RegistrationRow>, StoreError> {
    tx.optional(
        "SELECT r.id, r.customer, r.state, r.seat, r.place, r.channel, r.at, r.by_staff, r.hand_over, c.phone
         FROM registration r JOIN customer c ON c.id = r.customer
         WHERE r.place IS NOT NULL ORDER BY r.place LIMIT 1",
        &[],
    )?
    .map(|row| registration(&row))
    .transpose()
}

/// What a registration holds; none when there is no such registration.
pub fn find_held(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<Held>, StoreError> {
    let Some(row) =
        tx.optional("SELECT seat, place, cancelled_at, at FROM registration WHERE id = ?1", args![id])?
    else {
        return Ok(None);
    };
    Ok(Some(match (row.opt_int(0)?, row.opt_int(1)?, row.opt_time(2)?) {
        (Some(seat), ..) => Held::Seat(seat),
        (None, Some(place), _) => Held::Position(position(tx, place)?),
        (None, None, Some(since)) => Held::Nothing(since),
        (None, None, None) => Held::Nothing(row.time(3)?),
    }))
}

/// Position of a place on the waitlist, 1 = next.
pub fn position(tx: &mut Tx<'_>, place: i64) -> Result<i64, StoreError> {
    tx.one("SELECT COUNT(*) FROM registration WHERE place <= ?1", args![place])?.int(0)
}

/// The same facts for a number, in one statement.
pub fn find_applicant(tx: &mut Tx<'_>, phone: PhoneNumber) -> Result<Option<Applicant>, StoreError> {
    tx.optional(
        "SELECT c.id, c.name, l.state, r.id, o.voice_at, c.sms_sent_at, r.taken_back_at
         FROM customer c
         LEFT JOIN list l ON l.id = c.list
         LEFT JOIN registration r ON r.customer = c.id
         LEFT JOIN opt_out o ON o.phone = c.phone
         WHERE c.phone = ?1",
        args![phone],
    )?
    .map(|row| {
        let list = row.opt_text(2)?;
        let registration = row.opt_int(3)?.map(RegistrationId);
        let is_taken_back = row.opt_int(6)?.is_some();
        Ok(Applicant {
            customer: CustomerId(row.int(0)?),
            name: row.text(1)?,
            is_listed: list.as_deref() == Some("active"),
            is_loading: list.as_deref() == Some("loading"),
            registration: registration.filter(|_| !is_taken_back),
            taken_back: registration.filter(|_| is_taken_back),
            opted_out_voice_at: row.opt_time(4)?,
            sms_sent_at: row.opt_time(5)?,
        })
    })
    .transpose()
}

/// Inserts a customer who is on no list.
pub fn insert_applicant(
    tx: &mut Tx<'_>,
    phone: PhoneNumber,
    phone_raw: &str,
    name: &PersonName,
) -> Result<CustomerId, StoreError> {
    let row = tx.one(
        "INSERT INTO customer (phone, phone_reversed, phone_raw, name, name_key) VALUES (?1, ?2, ?3, ?4, ?5)
         RETURNING id",
        args![phone, phone.reversed_tail(), phone_raw, name.as_str(), name.search_key()],
    )?;
    Ok(CustomerId(row.int(0)?))
}

/// Removes a customer from a list that is still loading, so that the end of that load, successful or not, cannot
/// remove them. Their row of the list waits in `list_change` until the list becomes active.
pub fn detach_from_loading(tx: &mut Tx<'_>, customer: CustomerId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO list_change (list, customer, phone_raw, name, name_key, salutation, province, sms_sent_at)
         SELECT list, id, phone_raw, name, name_key, salutation, province, sms_sent_at
         FROM customer WHERE id = ?1 AND list IS NOT NULL
         ON CONFLICT (list, customer) DO NOTHING",
        args![customer],
    )?;
    tx.execute("UPDATE customer SET list = NULL, sms_sent_at = NULL WHERE id = ?1", args![customer])?;
    Ok(())
}

/// Corrects the name on file.
pub fn update_name(tx: &mut Tx<'_>, customer: CustomerId, name: &PersonName) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE customer SET name = ?1, name_key = ?2 WHERE id = ?3",
        args![name.as_str(), name.search_key(), customer],
    )?;
    Ok(())
}

/// Gives a customer another number, also for messages that wait to be sent.
pub fn update_phone(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    phone: PhoneNumber,
    raw: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE customer SET phone = ?1, phone_reversed = ?2, phone_raw = ?3 WHERE id = ?4",
        args![phone, phone.reversed_tail(), raw, customer],
    )?;
    tx.execute("UPDATE sms SET phone = ?1 WHERE customer = ?2 AND state = 'queued'", args![phone, customer])?;
    Ok(())
}

/// Names another patient of a registration.
pub fn replace_patient(
    tx: &mut Tx<'_>,
    id: RegistrationId,
    patient: &PatientColumns,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE registration SET patient = ?1, birth_year = ?2, representative = ?3, relation = ?4 WHERE id = ?5",
        args![
            patient.name.as_deref(),
            patient.birth_year,
            patient.representative.as_deref(),
            patient.relation.as_deref(),
            id
        ],
    )?;
    Ok(())
}

/// Writes a registration, seated or waitlisted.
pub fn insert(tx: &mut Tx<'_>, new: &NewRegistration<'_>) -> Result<RegistrationId, StoreError> {
    let row = tx.one(
        "INSERT INTO registration (customer, state, seat, place, channel, at, by_staff,
                                   patient, birth_year, representative, relation, seated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING id",
        args![
            new.customer,
            if new.seat.is_some() { RegistrationState::Registered } else { RegistrationState::Waitlisted }
                .code(),
            new.seat,
            new.place,
            new.channel,
            new.at,
            new.by,
            new.patient.name.clone(),
            new.patient.birth_year,
            new.patient.representative.clone(),
            new.patient.relation.clone(),
            new.seat.map(|_| new.at)
        ],
    )?;
    Ok(RegistrationId(row.int(0)?))
}

/// Writes a registration over one that was taken back; false when it was not.
pub fn revive(tx: &mut Tx<'_>, id: RegistrationId, new: &NewRegistration<'_>) -> Result<bool, StoreError> {
    let state =
        if new.seat.is_some() { RegistrationState::Registered } else { RegistrationState::Waitlisted };
    let changed = tx.execute(
        "UPDATE registration SET state = ?1, seat = ?2, place = ?3, channel = ?4, at = ?5, by_staff = ?6, patient = ?7,
           birth_year = ?8, representative = ?9, relation = ?10, seated_at = ?11, cancelled_at = NULL,
           cancel_reason = NULL, cancelled_by = NULL, before = NULL, taken_back_at = NULL
         WHERE id = ?12 AND taken_back_at IS NOT NULL",
        args![
            state.code(),
            new.seat,
            new.place,
            new.channel,
            new.at,
            new.by,
            new.patient.name.clone(),
            new.patient.birth_year,
            new.patient.representative.clone(),
            new.patient.relation.clone(),
            new.seat.map(|_| new.at),
            id
        ],
    )?;
    Ok(changed == 1)
}

/// The last step of a registration, as far as it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRow {
    /// When it got its seat, if it ever did.
    pub seated_at: Option<Timestamp>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// The staff member who cancelled it; none when it ended otherwise.
    pub cancelled_by: Option<StaffId>,
    /// How things were before, JSON of the use case.
    pub before: Option<String>,
}

/// The last step of a registration.
pub fn get_step(tx: &mut Tx<'_>, id: RegistrationId) -> Result<StepRow, StoreError> {
    let row = tx.one(
        "SELECT seated_at, cancelled_at, cancelled_by, before FROM registration WHERE id = ?1",
        args![id],
    )?;
    Ok(StepRow {
        seated_at: row.opt_time(0)?,
        cancelled_at: row.opt_time(1)?,
        cancelled_by: row.opt_text(2)?.map(StaffId),
        before: row.opt_text(3)?,
    })
}

/// Keeps how things were before the last step, and who cancelled when that was it.
pub fn update_before(
    tx: &mut Tx<'_>,
    id: RegistrationId,
    before: Option<&str>,
    cancelled_by: Option<&StaffId>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE registration SET before = ?1, cancelled_by = ?2 WHERE id = ?3",
        args![before, cancelled_by, id],
    )?;
    Ok(())
}

/// Marks a cancelled registration as taken back.
pub fn take_back(tx: &mut Tx<'_>, id: RegistrationId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE registration SET taken_back_at = ?1, before = NULL WHERE id = ?2 AND state = 'cancelled'",
        args![now, id],
    )?;
    Ok(())
}

/// Gives a cancelled registration its seat or its place again. `seated_at` is set when it never had a seat before.
pub fn restore(
    tx: &mut Tx<'_>,
    id: RegistrationId,
    seat: Option<i64>,
    place: Option<i64>,
    hand_over: HandOverState,
    seated_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let state = if seat.is_some() { RegistrationState::Registered } else { RegistrationState::Waitlisted };
    tx.execute(
        "UPDATE registration SET state = ?1, seat = ?2, place = ?3, hand_over = ?4,
           seated_at = COALESCE(?5, seated_at), cancelled_at = NULL, cancel_reason = NULL, cancelled_by = NULL,
           before = NULL
         WHERE id = ?6 AND state = 'cancelled' AND taken_back_at IS NULL",
        args![state.code(), seat, place, hand_over.code(), seated_at, id],
    )?;
    Ok(())
}

/// The patient of a registration; none when there is no such registration.
pub fn find_patient(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<PatientColumns>, StoreError> {
    tx.optional(
        "SELECT patient, birth_year, representative, relation FROM registration WHERE id = ?1",
        args![id],
    )?
    .map(|row| {
        Ok(PatientColumns {
            name: row.opt_text(0)?,
            birth_year: row.opt_int(1)?.and_then(|year| i32::try_from(year).ok()),
            representative: row.opt_text(2)?,
            relation: row.opt_text(3)?,
        })
    })
    .transpose()
}

/// Corrects the patient of a registration; the name stays.
pub fn update_patient(
    tx: &mut Tx<'_>,
    id: RegistrationId,
    patient: &PatientColumns,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE registration SET birth_year = ?1, representative = ?2, relation = ?3 WHERE id = ?4",
        args![patient.birth_year, patient.representative.clone(), patient.relation.clone(), id],
    )?;
    Ok(())
}

/// Gives a waitlisted registration a seat; false when it is not waitlisted any more.
pub fn seat(tx: &mut Tx<'_>, id: RegistrationId, number: i64, now: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE registration SET state = 'registered', seat = ?1, place = NULL, seated_at = ?2
         WHERE id = ?3 AND state = 'waitlisted'",
        args![number, now, id],
    )?;
    Ok(changed == 1)
}

/// Ends a registration; false when it is cancelled already.
pub fn cancel(tx: &mut Tx<'_>, id: RegistrationId, reason: &str, now: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE registration SET state = 'cancelled', seat = NULL, place = NULL, cancelled_at = ?1, cancel_reason = ?2
         WHERE id = ?3 AND state <> 'cancelled'",
        args![now, reason, id],
    )?;
    Ok(changed == 1)
}

/// Whether the customer asked for no messages after they registered.
pub fn refuses_sms(tx: &mut Tx<'_>, id: RegistrationId) -> Result<bool, StoreError> {
    let row = tx.optional(
        "SELECT 1 FROM registration r JOIN customer c ON c.id = r.customer JOIN opt_out o ON o.phone = c.phone
         WHERE r.id = ?1 AND o.sms_at > r.at",
        args![id],
    )?;
    Ok(row.is_some())
}

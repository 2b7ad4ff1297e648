//! What a command did, as plain data, in its public form. A receipt is kept with its operation id,
//! so that a repeated command answers with its first receipt.

use crate::domain::actor::Role;
use crate::domain::case::CaseState;
use crate::domain::consent::ConsentParty;
use crate::domain::contact::MatterState;
use crate::domain::id::{
    AppointmentId, BatchId, CaseId, DoctorId, LeadId, MatterId, RegistrationId, ShiftId, StaffId,
};
use crate::domain::lead::LeadState;
use crate::domain::time::Timestamp;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// The result of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// A seat was taken.
    Registered {
        /// The registration.
        registration: RegistrationId,
        /// Seat number, 1 to the quota.
        seat: i64,
    },
    /// No seat was left; a place on the waitlist.
    Waitlisted {
        /// The registration.
        registration: RegistrationId,
        /// 1 = next.
        position: i64,
    },
    /// A registration ended.
    Cancelled {
        /// Whether a seat came free.
        seat_freed: bool,
        /// Who took it from the waitlist.
        promoted: Option<RegistrationId>,
    },
    /// A registration was taken back.
    RegistrationUndone {
        /// Whether a seat came free.
        seat_freed: bool,
        /// Who took it from the waitlist.
        promoted: Option<RegistrationId>,
        /// When the lease of its call runs out, which is open again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lease_until: Option<Timestamp>,
    },
    /// A cancellation was taken back.
    CancelUndone {
        /// The seat, as a rule the one it was.
        seat: Option<i64>,
        /// The position on the waitlist when it holds no seat.
        position: Option<i64>,
    },
    /// A cancelled registration holds a seat again.
    Reactivated {
        /// Which.
        registration: RegistrationId,
        /// Seat number.
        seat: i64,
    },
    /// The registration is corrected; a returned row goes out with the next batch.
    RegistrationCorrected {},
    /// The opt-out is on record.
    OptedOut {},
    /// A matter is under lease.
    Claimed {
        /// Which.
        matter: MatterId,
        /// E.164.
        phone: String,
        /// The customer's name.
        name: String,
        /// When the lease runs out.
        lease_until: Timestamp,
        /// 1 for the first attempt.
        attempt: i64,
        /// Until when the call may be begun, when that is before the lease runs out (T1).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dial_until: Option<Timestamp>,
        /// The case, for intake and survey matters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<CaseId>,
    },
    /// No customer may be called now.
    NothingDue {
        /// When the next one comes due.
        next_at: Option<Timestamp>,
        /// What holds the others back: rule → how many.
        held: BTreeMap<String, i64>,
    },
    /// The lease was prolonged.
    LeaseRenewed {
        /// When it runs out now.
        lease_until: Timestamp,
    },
    /// It is known that the line was lost.
    LineLost {
        /// When the customer under lease goes back, when there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lease_until: Option<Timestamp>,
    },
    /// The customer went back to the queue.
    LeaseReleased {},
    /// The call is on record.
    Recorded {
        /// The matter's state now.
        state: MatterState,
        /// When it is due next.
        next_at: Option<Timestamp>,
        /// The lease had run out when the result came.
        #[serde(default, skip_serializing_if = "is_false")]
        late: bool,
        /// It stands in the history alone: somebody else had called since, and the matter stays as it is.
        #[serde(default, skip_serializing_if = "is_false")]
        note_only: bool,
    },
    /// The last disposition was taken back; the lease is back, too.
    CallUndone {
        /// When the lease runs out.
        lease_until: Timestamp,
    },
    /// The agreement is on record.
    AgreementAdded {},
    /// The consent was withdrawn.
    ConsentWithdrawn {},
    /// The answer is on record.
    ConsentRecorded {
        /// Who must still be asked.
        missing: Vec<ConsentParty>,
        /// Whether a seat came free, because the answer was no.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seat_freed: Option<bool>,
    },
    /// The birth year is on record.
    BirthYearRecorded {
        /// Who must be asked now.
        missing: Vec<ConsentParty>,
    },
    /// A batch left for Vinmec.
    HandedOver {
        /// Its number.
        batch: BatchId,
        /// Rows in it.
        rows: i64,
        /// SHA-256 over its rows, hexadecimal.
        checksum: String,
    },
    /// Rows were accepted or returned.
    Acknowledged {
        /// How many now are accepted by this command.
        accepted: i64,
        /// How many were returned by it.
        returned: i64,
    },
    /// The case is routed.
    Triaged {},
    /// A red flag: 115, and no seat is used.
    #[serde(rename = "diverted_115")]
    Diverted115 {
        /// Whether the seat will come free, once the diversion can no longer be corrected.
        seat_freed: bool,
        /// Whether somebody waits for it.
        #[serde(default, skip_serializing_if = "is_false")]
        waiting: bool,
    },
    /// The case is as it was before its screening.
    TriageUndone {
        /// Where it stands.
        state: CaseState,
        /// When the lease of the call that came back with it runs out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lease_until: Option<Timestamp>,
    },
    /// What was wrong with the screening is on record.
    ScreeningReviewed {},
    /// The case may be read for a while; opening it was audited.
    CaseOpened {
        /// Which.
        case: CaseId,
    },
    /// The doctor's day may be read for a while; opening it was audited.
    DayOpened {
        /// Whose.
        doctor: DoctorId,
        /// Which day.
        date: NaiveDate,
    },
    /// A doctor was added.
    DoctorAdded {
        /// Who.
        doctor: DoctorId,
        /// Why the doctor's degree qualifies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        qualifies: Option<String>,
    },
    /// Hours were added.
    ShiftAdded {
        /// Which.
        shift: ShiftId,
    },
    /// A slot is held.
    SlotHeld {
        /// The held appointment.
        appointment: AppointmentId,
        /// Until when.
        until: Timestamp,
    },
    /// A held slot is free again.
    SlotReleased {},
    /// An appointment is booked.
    Booked {
        /// Which.
        appointment: AppointmentId,
    },
    /// It moved; this is the new one.
    Moved {
        /// Which.
        appointment: AppointmentId,
    },
    /// It is cancelled.
    AppointmentCancelled {},
    /// The customer knows.
    Told {},
    /// The doctor has started.
    ConsultationStarted {
        /// When.
        at: Timestamp,
    },
    /// The result is on record.
    ResultRecorded {
        /// By how many minutes the consultation was longer than the programme allows, when it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over_limit_minutes: Option<i64>,
    },
    /// The answers are on record.
    SurveyRecorded {},
    /// A lead was added.
    LeadAdded {
        /// Which.
        lead: LeadId,
    },
    /// A lead moved.
    LeadMoved {
        /// To which state.
        state: LeadState,
    },
    /// The whole number; looking at it was audited.
    PhoneRevealed {
        /// E.164.
        phone: String,
    },
    /// The agent pauses.
    Paused {},
    /// The agent works again.
    Resumed {},
    /// The number of seats changed.
    QuotaSet {
        /// Seats.
        quota: i64,
        /// Registrations that came off the waitlist.
        promoted: Vec<RegistrationId>,
    },
    /// Another version of the campaign is in force.
    CampaignLoaded {
        /// Its number.
        version: i64,
        /// The top-level keys in which it differs from the one before.
        changed: Vec<String>,
        /// Registrations that came off the waitlist, when there are more seats.
        promoted: Vec<RegistrationId>,
    },
    /// A staff member was added or changed.
    StaffAdded {
        /// Who.
        staff: StaffId,
        /// As what.
        role: Role,
        /// The fingerprint of the key that came along.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// A staff member was disabled.
    StaffDisabled {},
    /// A staff member may sign in with one more key.
    StaffKeyAdded {
        /// What the key is known by: `SHA256:…`.
        fingerprint: String,
    },
    /// A key is removed.
    StaffKeyRemoved {},
    /// A staff member has no PIN any more.
    PinCleared {},
    /// A session has the order to end.
    SessionEnding {},
    /// The actor's other sessions have the order to end.
    TakenOver {
        /// How many there are.
        sessions: u64,
    },
    /// The broadcast is on its way to all open sessions.
    Broadcast {},
    /// The task has this owner now.
    TaskAssigned {
        /// Who; none when it waits for its whole role.
        owner: Option<StaffId>,
    },
    /// The task is closed.
    TaskClosed {},
    /// The task is open again.
    TaskReopened {},
}

impl Receipt {
    /// Whether it is still true at `now`, as far as time goes: leases and holds expire, and a customer may be due
    /// where none was.
    pub fn stands_at(&self, now: Timestamp) -> bool {
        match self {
            Self::NothingDue { .. } => false,
            Self::Claimed { lease_until: until, .. }
            | Self::LeaseRenewed { lease_until: until }
            | Self::CallUndone { lease_until: until }
            | Self::SlotHeld { until, .. }
            | Self::TriageUndone { lease_until: Some(until), .. } => now < *until,
            _ => true,
        }
    }
}

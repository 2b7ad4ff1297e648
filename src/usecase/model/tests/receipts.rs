//! Samples of receipts.

use super::{at, code, text};
use crate::domain::actor::Role;
use crate::domain::id::{
    AppointmentId, BatchId, CaseId, DoctorId, LeadId, MatterId, RegistrationId, ShiftId, StaffId,
};
use crate::usecase::Receipt;
use std::collections::BTreeMap;

/// One of each, with every state.
pub fn receipts() -> Vec<Receipt> {
    let registration = RegistrationId(12);
    let mut found = vec![
        Receipt::Registered { registration, seat: 3 },
        Receipt::Waitlisted { registration, position: 2 },
        Receipt::Cancelled { seat_freed: true, promoted: Some(registration) },
        Receipt::RegistrationUndone { seat_freed: true, promoted: None, lease_until: Some(at(10)) },
        Receipt::CancelUndone { seat: Some(3), position: None },
        Receipt::Reactivated { registration, seat: 3 },
        Receipt::OptedOut {},
        Receipt::Claimed {
            matter: MatterId(5),
            phone: text("+84901234567"),
            name: text("Nga"),
            lease_until: at(5),
            attempt: 1,
            dial_until: None,
            case: Some(CaseId(7)),
        },
        Receipt::NothingDue { next_at: Some(at(9)), held: BTreeMap::from([(text("quiet_hours"), 4)]) },
        Receipt::LeaseRenewed { lease_until: at(5) },
        Receipt::LineLost { lease_until: None },
        Receipt::LineLost { lease_until: Some(at(2)) },
        Receipt::LeaseReleased {},
        Receipt::CallUndone { lease_until: at(5) },
        Receipt::AgreementAdded {},
        Receipt::ConsentWithdrawn {},
        Receipt::ConsentRecorded { missing: vec![code("child")], seat_freed: None },
        Receipt::ConsentRecorded { missing: Vec::new(), seat_freed: Some(true) },
        Receipt::BirthYearRecorded { missing: vec![code("representative")] },
        Receipt::HandedOver { batch: BatchId(4), rows: 3, checksum: text("00ff") },
        Receipt::Acknowledged { accepted: 2, returned: 1 },
        Receipt::Triaged {},
        Receipt::Diverted115 { seat_freed: true, waiting: false },
        Receipt::DoctorAdded { doctor: DoctorId(3), qualifies: Some(text("Thạc sĩ")) },
        Receipt::ShiftAdded { shift: ShiftId(2) },
        Receipt::SlotHeld { appointment: AppointmentId(9), until: at(5) },
        Receipt::SlotReleased {},
        Receipt::Booked { appointment: AppointmentId(9) },
        Receipt::Moved { appointment: AppointmentId(10) },
        Receipt::AppointmentCancelled {},
        Receipt::Told {},
        Receipt::ConsultationStarted { at: at(15) },
        Receipt::ResultRecorded { over_limit_minutes: None },
        Receipt::ResultRecorded { over_limit_minutes: Some(5) },
        Receipt::SurveyRecorded {},
        Receipt::LeadAdded { lead: LeadId(8) },
        Receipt::PhoneRevealed { phone: text("+84901234567") },
        Receipt::Paused {},
        Receipt::Resumed {},
        Receipt::QuotaSet { quota: 501, promoted: vec![registration] },
        Receipt::StaffAdded { staff: StaffId(text("mai")), role: Role::Doctor, key: Some(text("SHA256:x")) },
        Receipt::StaffDisabled {},
        Receipt::StaffKeyAdded { fingerprint: text("SHA256:x") },
        Receipt::StaffKeyRemoved {},
        Receipt::PinCleared {},
        Receipt::SessionEnding {},
        Receipt::TakenOver { sessions: 2 },
        Receipt::Broadcast {},
        Receipt::TaskAssigned { owner: Some(StaffId("lan".to_owned())) },
        Receipt::TaskAssigned { owner: None },
        Receipt::TaskClosed {},
        Receipt::TaskReopened {},
        Receipt::RegistrationCorrected {},
    ];
    for state in ["waiting", "leased", "promised", "closed", "held"] {
        found.push(Receipt::Recorded {
            state: code(state),
            next_at: Some(at(60)),
            late: false,
            note_only: false,
        });
    }
    for state in ["commented", "messaged", "details_given", "registered", "dropped"] {
        found.push(Receipt::LeadMoved { state: code(state) });
    }
    found
}

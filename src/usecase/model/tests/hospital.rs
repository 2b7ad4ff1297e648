//! Samples of what Vinmec reads.

use super::{at, code, text};
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, BatchId, CaseId, CustomerId, DoctorId, MatterId, RegistrationId};
use crate::domain::triage::{FlagAnswer, ReviewVerdict};
use crate::usecase::Snapshot;
use crate::usecase::model::batch::{BatchLine, BatchModel, BatchRow, ReturnedRows};
use crate::usecase::model::case::{
    AppointmentLine, CaseFile, CaseLine, ConsentLine, DayModel, DepartmentLine, DoctorLine, FreeSlots,
    ReviewLine, RosterModel, ScreeningLine, Slot,
};

const CASES: [&str; 9] = [
    "new",
    "contacted",
    "triaged",
    "booked",
    "consulted",
    "no_show",
    "withdrawn",
    "diverted_115",
    "unreachable",
];
const APPOINTMENTS: [(&str, &str, Option<&str>); 8] = [
    ("held", "phone", None),
    ("booked", "video", None),
    ("told", "phone", None),
    ("in_progress", "phone", None),
    ("done", "phone", Some("done")),
    ("no_show", "phone", Some("no_show_customer")),
    ("cancelled", "phone", Some("no_show_doctor")),
    ("moved", "phone", None),
];

/// One of each, with every state.
pub fn snapshots() -> Vec<Snapshot> {
    let day = DayModel {
        doctor: DoctorId(3),
        name: text("ThS.BS Mai"),
        date: at(0).date(),
        shifts: vec![(at(0), at(180))],
        appointments: APPOINTMENTS.map(appointment).into(),
    };
    let slot = Slot { doctor: DoctorId(3), doctor_name: text("ThS.BS Mai"), starts_at: at(15), minutes: 15 };
    let mut found: Vec<Snapshot> = vec![
        Snapshot::Cases { cases: CASES.map(case).into() },
        Snapshot::FreeSlots(FreeSlots { department: Department::Nhi, slots: vec![slot] }),
        Snapshot::Roster(RosterModel {
            date: at(0).date(),
            department: Some(Department::San),
            doctors: vec![day.clone()],
        }),
        Snapshot::Day(day),
        Snapshot::Doctors {
            doctors: vec![DoctorLine {
                doctor: DoctorId(3),
                name: text("Mai"),
                titles: text("ThS.BS"),
                departments: vec![Department::Nhi, Department::XetNghiem],
                qualifies: text("Thạc sĩ"),
            }],
        },
        Snapshot::Batch(BatchModel {
            batch: BatchId(4),
            sent_at: at(0),
            checksum: text("00ff"),
            rows: ["sent", "accepted", "returned"].map(row).into(),
        }),
        Snapshot::Batches {
            batches: vec![BatchLine {
                batch: BatchId(4),
                sent_at: at(0),
                by: text("ha"),
                rows: 3,
                accepted: 1,
                returned: 1,
            }],
            waiting: 2,
            returned: ReturnedRows { count: 1, since: Some(at(5)) },
        },
    ];
    found.extend(CASES.map(|state| Snapshot::CaseFile(Box::new(file(state)))));
    found
}

fn case(state: &str) -> CaseLine {
    CaseLine {
        case: CaseId(7),
        matter: MatterId(6),
        name: text("Nga"),
        phone_masked: text("0901 *** 567"),
        state: code(state),
        since: at(1),
        department: Some(Department::Nhi),
        due_at: Some(at(2)),
        promised: true,
        holder: Some(text("thu")),
        starts_at: Some(at(3)),
        told: false,
    }
}

fn file(state: &str) -> CaseFile {
    CaseFile {
        case: CaseId(7),
        registration: RegistrationId(12),
        customer: CustomerId(1),
        matter: MatterId(6),
        state: code(state),
        name: text("Nga"),
        salutation: Some(text("chi")),
        phone_masked: text("0901 *** 567"),
        patient: Some(text("Bé Na")),
        birth_year: Some(2015),
        screening_missing: false,
        consents_missing: vec![code("child")],
        consents: vec![ConsentLine {
            party: code("representative"),
            given: true,
            spoken_by: None,
            notice_version: text("2026-12"),
            by: text("Lan"),
            at: at(3),
        }],
        representative: Some(text("Nga (mẹ)")),
        need: Some(text("ho")),
        department: Some(Department::Nhi),
        method: Some(code("video")),
        method_reason: Some(text("xem vết mổ")),
        flags_version: Some(1),
        red_flags: vec![text("chest_pain")],
        departments: vec![DepartmentLine { at: at(4), department: Department::Nhi, by: text("Thu") }],
        screenings: vec![ScreeningLine {
            at: at(4),
            by: text("Thu"),
            list: Department::Nhi,
            version: 2,
            answers: vec![(text("chest_pain"), FlagAnswer::Unsure), (text("seizure"), FlagAnswer::No)],
            undone_at: Some(at(5)),
        }],
        reviews: vec![ReviewLine {
            at: at(6),
            by: text("Mai"),
            verdict: ReviewVerdict::FlagWasWrong,
            note: Some(text("đau cơ")),
        }],
        undo_until: Some(at(7)),
        appointments: vec![appointment(APPOINTMENTS[0])],
    }
}

fn appointment((state, method, outcome): (&str, &str, Option<&str>)) -> AppointmentLine {
    AppointmentLine {
        appointment: AppointmentId(9),
        case: CaseId(7),
        doctor: DoctorId(3),
        doctor_name: text("ThS.BS Mai"),
        patient: text("Bé Na"),
        starts_at: at(15),
        minutes: 15,
        state: code(state),
        method: code(method),
        held_by: Some(text("thu")),
        held_until: Some(at(5)),
        told_at: Some(at(6)),
        started_at: Some(at(15)),
        ended_at: Some(at(30)),
        outcome: outcome.map(code),
        moved_to: Some(AppointmentId(10)),
        need: Some(text("ho")),
        summary: Some(text("theo dõi")),
        over_limit_minutes: Some(5),
    }
}

fn row(state: &str) -> BatchRow {
    BatchRow {
        registration: RegistrationId(12),
        case: Some(CaseId(7)),
        state: code(state),
        reason: Some(text("sai tên")),
        seat: Some(3),
        name: text("Nga"),
        phone_masked: text("0901 *** 567"),
        patient: Some(text("Bé Na")),
        answer: Some(text("đã sửa")).filter(|_| state == "sent"),
        earlier_reason: Some(text("thiếu tên")).filter(|_| state == "sent"),
    }
}

//! Reads cases for Vinmec's staff. A doctor sees the cases they have an appointment with.
//!
//! The list is open to read; one case is read by who has opened it, which is a command that the audit log keeps.

use super::answers;
use crate::domain::actor::{Permission, Role};
use crate::domain::case::CaseState;
use crate::domain::consent::ConsentPurpose;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::CaseId;
use crate::domain::refusal::Refusal;
use crate::store::care_case::OpenCase;
use crate::store::consent::{self, AnswerRow};
use crate::store::screening::{self as screening_rows, ReviewRow, ScreeningRow};
use crate::store::{Tx, appointment as appointment_rows, care_case as case_rows, seat_release};
use crate::usecase::booking::line;
use crate::usecase::command::CaseRef;
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::model::case::{
    CaseFile, CaseLine, ConsentLine, DepartmentLine, ReviewLine, ScreeningLine,
};
use crate::usecase::opening;
use crate::usecase::receipt::Receipt;
use crate::usecase::registration;

/// The work list of cases, oldest wait first, booked ones last; at most 200.
pub(in crate::usecase) fn cases(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Vec<CaseLine>, Error> {
    let open = match (ctx.actor.role, ctx.actor.doctor) {
        (Role::Doctor, None) => Vec::new(),
        (Role::Doctor, Some(doctor)) => case_rows::list_of_doctor(tx, doctor)?,
        _ => case_rows::list_open(tx)?,
    };
    Ok(open.into_iter().map(|open| case_line(ctx, open)).collect())
}

fn case_line(ctx: &Ctx<'_>, open: OpenCase) -> CaseLine {
    let OpenCase { case, name, phone, matter_state, due_at, callback_at, lease, starts_at, told_at } = open;
    let is_open =
        matches!(matter_state, Some(MatterState::Waiting | MatterState::Promised | MatterState::Leased));
    CaseLine {
        case: case.id,
        matter: Purpose::Intake.matter_id(case.customer),
        name,
        phone_masked: phone.masked(),
        state: case.state,
        since: case.since,
        department: case.department,
        due_at: callback_at.or(due_at).filter(|_| is_open),
        promised: is_open && callback_at.is_some(),
        holder: lease.filter(|(_, until)| ctx.now < *until).map(|(holder, _)| holder),
        starts_at,
        told: told_at.is_some(),
    }
}

/// Refuses a doctor who has no appointment with the case.
pub(super) fn check_own(tx: &mut Tx<'_>, ctx: &Ctx<'_>, case: CaseId) -> Result<(), Error> {
    if ctx.actor.role != Role::Doctor {
        return Ok(());
    }
    let own = match ctx.actor.doctor {
        Some(doctor) => case_rows::is_of_doctor(tx, case, doctor)?,
        None => false,
    };
    if own { Ok(()) } else { Err(Refusal::Forbidden { act: Permission::SeeHealth }.into()) }
}

/// Opens a case: who did so may read it for a while.
///
/// # Errors
/// [`Refusal::NoSuchRow`]; [`Refusal::Forbidden`] for a doctor who has no appointment with it.
pub(in crate::usecase) fn open_case(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: CaseRef) -> Result<Done, Error> {
    let case = input.case;
    check_own(tx, ctx, case)?;
    case_rows::find(tx, case)?.ok_or_else(|| Refusal::NoSuchRow { what: "case", id: case.to_string() })?;
    opening::open(tx, ctx, Receipt::CaseOpened { case }, opening::of_case(case))
}

/// One case with its health text.
///
/// # Errors
/// [`Refusal::NoSuchRow`]; [`Refusal::Forbidden`] for a doctor who has no appointment with it;
/// [`Refusal::NotOpened`] for an actor who did not open it ([`open_case`]).
pub(in crate::usecase) fn case_file(tx: &mut Tx<'_>, ctx: &Ctx<'_>, case: CaseId) -> Result<CaseFile, Error> {
    check_own(tx, ctx, case)?;
    let full = case_rows::find_full(tx, case)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: case.to_string() })?;
    opening::check(tx, ctx, "case", &opening::of_case(case))?;
    let screenings = screening_rows::list_of_case(tx, case)?;
    let missing = answers::screening_missing(tx, ctx, case, full.case.department)?;
    let reviews = screening_rows::list_reviews(tx, case)?;
    let kept = seat_release::find(tx, full.case.registration)?;
    let undo_until = kept.filter(|kept| kept.reason == CaseState::Diverted115).map(|kept| kept.due_at);
    let consents_missing = registration::missing_parties(tx, ctx, full.case.registration)?;
    let answers = consent::list_recorded(tx, full.case.registration, ConsentPurpose::Register)?;
    let appointments = appointment_rows::list_of_case(tx, case)?.into_iter().map(line).collect();
    let representative = match (full.representative, full.relation) {
        (Some(name), Some(relation)) => Some(format!("{name} ({relation})")),
        (name, _) => name,
    };
    Ok(CaseFile {
        case: full.case.id,
        registration: full.case.registration,
        customer: full.case.customer,
        matter: Purpose::Intake.matter_id(full.case.customer),
        state: full.case.state,
        name: full.name,
        salutation: full.salutation,
        phone_masked: full.phone.masked(),
        patient: full.patient,
        birth_year: full.birth_year.and_then(|year| year.try_into().ok()),
        representative,
        consents_missing,
        consents: answers.into_iter().map(consent_line).collect(),
        need: full.need,
        department: full.case.department,
        method: full.case.method,
        method_reason: full.method_reason,
        flags_version: full.flags_version,
        red_flags: full.red_flags,
        departments: departments(&screenings),
        screenings: screenings.into_iter().map(screening_line).collect(),
        screening_missing: missing.is_some(),
        reviews: reviews.into_iter().map(review_line).collect(),
        undo_until,
        appointments,
    })
}

fn consent_line(row: AnswerRow) -> ConsentLine {
    let AnswerRow { party, given, spoken_by, notice_version, by, at } = row;
    ConsentLine { party, given, spoken_by, notice_version, by, at }
}

/// The changes of department, without screenings that were taken back.
fn departments(screenings: &[ScreeningRow]) -> Vec<DepartmentLine> {
    let mut way: Vec<DepartmentLine> = Vec::new();
    for row in screenings.iter().filter(|row| row.undone_at.is_none()) {
        if way.last().is_none_or(|last| last.department != row.department) {
            way.push(DepartmentLine { at: row.at, department: row.department, by: row.by.clone() });
        }
    }
    way
}

fn screening_line(row: ScreeningRow) -> ScreeningLine {
    ScreeningLine {
        at: row.at,
        by: row.by,
        list: row.list,
        version: row.version,
        answers: row.answers,
        undone_at: row.undone_at,
    }
}

fn review_line(row: ReviewRow) -> ReviewLine {
    ReviewLine { at: row.at, by: row.by, verdict: row.verdict, note: row.note }
}

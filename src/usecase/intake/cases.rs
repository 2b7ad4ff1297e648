//! Reads cases for Vinmec's staff. A doctor sees the cases they have an appointment with.

use crate::domain::actor::{Permission, Role};
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::CaseId;
use crate::domain::refusal::Refusal;
use crate::store::care_case::OpenCase;
use crate::store::{Tx, appointment as appointment_rows, care_case as case_rows};
use crate::usecase::booking::line;
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;
use crate::usecase::model::case::{CaseFile, CaseLine};

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

/// One case with its health text.
///
/// # Errors
/// [`Refusal::NoSuchRow`]; [`Refusal::Forbidden`] for a doctor who has no appointment with it.
pub(in crate::usecase) fn case_file(tx: &mut Tx<'_>, ctx: &Ctx<'_>, case: CaseId) -> Result<CaseFile, Error> {
    if ctx.actor.role == Role::Doctor {
        let own = match ctx.actor.doctor {
            Some(doctor) => case_rows::is_of_doctor(tx, case, doctor)?,
            None => false,
        };
        if !own {
            return Err(Refusal::Forbidden { act: Permission::SeeHealth }.into());
        }
    }
    let full = case_rows::find_full(tx, case)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: case.to_string() })?;
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
        need: full.need,
        department: full.case.department,
        method: full.case.method,
        method_reason: full.method_reason,
        flags_version: full.flags_version,
        red_flags: full.red_flags,
        appointments,
    })
}

//! Records who agreed to a registration: what the customer or a child's representative answers at once, and the own
//! answers of those whom only Vinmec's call reaches.
//!
//! Invariants:
//! - nobody's consent is written before they were asked: a missing row is "not asked yet", never a yes;
//! - a no to purpose 1 ends the registration, whoever gives it.

use super::super::command::{RecordBirthYear, RecordConsent, Register};
use super::super::ctx::{Ctx, Done};
use super::super::error::Error;
use super::super::receipt::Receipt;
use super::applicant;
use super::ending::{begun, end};
use crate::domain::consent::{ConsentParty, ConsentPurpose, parties};
use crate::domain::id::{CaseId, RegistrationId};
use crate::domain::refusal::Refusal;
use crate::domain::registration::RegistrationState;
use crate::domain::text;
use crate::store::care_case::{self, CaseRow};
use crate::store::consent::{self, Asked};
use crate::store::registration::{self, PatientColumns, RegistrationRow};
use crate::store::{Topics, Tx, campaign_version, matter, row_lock};

/// Reason code of a registration that ended because who had to agree did not.
const REFUSED: &str = "consent_refused";
/// Longest name and relation of who passed an answer on, in graphemes.
const MAX_SPOKEN_BY: usize = 120;

/// Writes what was answered while registering: one row per purpose of the customer, or of the representative of a
/// patient under age, whatever the answer, because a no is evidence, too; and the child's own answer when it was asked.
/// A number that wants no calls or no messages gives no marketing consent, whatever was ticked.
pub(super) fn record_asked(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &Register,
    id: RegistrationId,
    patient: &PatientColumns,
    wants_none: bool,
) -> Result<(), Error> {
    let needed = needed(ctx, patient);
    let party = needed.first().copied().unwrap_or(ConsentParty::Customer);
    let named = subject(patient, party);
    let evidence = match (input.matter, input.lead) {
        (Some(matter), _) => format!("matter:{matter}"),
        (None, Some(lead)) => format!("lead:{lead}"),
        (None, None) => format!("{}:{}", input.channel.code(), ctx.actor.staff),
    };
    // In a call, the notice is the one that was in force when the call began.
    let began = match input.matter {
        Some(open) => matter::find(tx, open)?.and_then(|row| row.leased_at),
        None => None,
    };
    let read_out = match began {
        Some(at) => campaign_version::get_notice_at(tx, at)?,
        None => None,
    };
    let asked = Asked {
        registration: id,
        party,
        subject: &named,
        spoken_by: None,
        notice_version: read_out.as_deref().unwrap_or(&ctx.campaign.notice.version),
        channel: input.channel.code(),
        evidence: &evidence,
        by: &ctx.actor.staff,
        at: ctx.now,
    };
    for purpose in ConsentPurpose::ALL {
        let given =
            input.consents.for_purpose(purpose) && !(wants_none && purpose == ConsentPurpose::Marketing);
        consent::insert(tx, &asked, purpose, given)?;
    }
    // A customer under age is on the line themself; another child answers only when they were asked.
    let child = match &input.patient {
        Some(patient) => patient.agrees,
        None => Some(input.consents.register),
    };
    if let Some(given) = child.filter(|_| needed.contains(&ConsentParty::Child)) {
        let own = subject(patient, ConsentParty::Child);
        let asked = Asked { party: ConsentParty::Child, subject: &own, ..asked };
        consent::insert(tx, &asked, ConsentPurpose::Register, given)?;
    }
    Ok(())
}

/// Withdraws the answers of those whom a correction replaced: who stands in their place has not been asked, and Vinmec
/// asks them. Answers of the customer stay.
pub(super) fn withdraw_replaced(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: RegistrationId,
    before: &PatientColumns,
    after: &PatientColumns,
) -> Result<(), Error> {
    for party in [ConsentParty::Representative, ConsentParty::Patient, ConsentParty::Child] {
        if subject(before, party) != subject(after, party) {
            consent::withdraw_of(tx, id, ConsentPurpose::Register, party, ctx.now)?;
        }
    }
    Ok(())
}

/// Who must agree to the registration of this patient.
fn needed(ctx: &Ctx<'_>, patient: &PatientColumns) -> Vec<ConsentParty> {
    let today = ctx.now.date();
    parties(patient.name.is_some(), patient.birth_year, today, ctx.campaign.consent_ages(today))
}

/// How a consent row names who agreed.
fn subject(patient: &PatientColumns, party: ConsentParty) -> String {
    let customer = || "customer".to_owned();
    match party {
        ConsentParty::Customer => customer(),
        ConsentParty::Representative => match (&patient.representative, &patient.relation) {
            (Some(name), Some(relation)) => format!("{name} ({relation})"),
            (Some(name), None) => name.clone(),
            (None, _) => customer(),
        },
        ConsentParty::Patient | ConsentParty::Child => patient.name.clone().unwrap_or_else(customer),
    }
}

/// Who must agree to a registration and has not yet.
pub(in crate::usecase) fn missing_parties(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: RegistrationId,
) -> Result<Vec<ConsentParty>, Error> {
    let Some(patient) = registration::find_patient(tx, id)? else { return Ok(Vec::new()) };
    let answers = consent::list_answers(tx, id, ConsentPurpose::Register)?;
    let has_agreed = |party: &ConsentParty| answers.contains(&(*party, true));
    Ok(needed(ctx, &patient).into_iter().filter(|party| !has_agreed(party)).collect())
}

/// Records the own answer of a patient, a child or a representative, asked in Vinmec's call. A no ends the
/// registration.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::CaseNotReady`] for a case that ended, [`Refusal::FieldInvalid`] for a party who
/// need not be asked.
pub(in crate::usecase) fn record_consent(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &RecordConsent,
) -> Result<Done, Error> {
    row_lock::campaign(tx)?;
    let (case, row) = open_case(tx, input.case)?;
    let patient = registration::find_patient(tx, row.id)?.unwrap_or_default();
    if !needed(ctx, &patient).contains(&input.party) {
        return Err(Refusal::FieldInvalid { field: "party", reason: "unknown" }.into());
    }
    let spoken_by = text::clean(input.spoken_by.as_deref().unwrap_or_default(), MAX_SPOKEN_BY);
    let named = subject(&patient, input.party);
    let evidence = format!("case:{}", case.id);
    consent::withdraw_of(tx, row.id, ConsentPurpose::Register, input.party, ctx.now)?;
    let asked = Asked {
        registration: row.id,
        party: input.party,
        subject: &named,
        spoken_by: (!spoken_by.is_empty()).then_some(spoken_by.as_str()),
        notice_version: &ctx.campaign.notice.version,
        channel: "intake",
        evidence: &evidence,
        by: &ctx.actor.staff,
        at: ctx.now,
    };
    consent::insert(tx, &asked, ConsentPurpose::Register, input.given)?;
    tx.touch(Topics::CASES);
    let seat_freed =
        if input.given || begun(tx, row.id)?.is_some() { None } else { Some(end(tx, ctx, &row, REFUSED)?.0) };
    let missing = if seat_freed.is_some() { Vec::new() } else { missing_parties(tx, ctx, row.id)? };
    let detail = format!("party={} given={}", input.party.code(), input.given);
    let receipt = Receipt::ConsentRecorded { missing, seat_freed };
    Ok(Done::new(receipt, format!("case:{}", case.id)).detail(detail))
}

/// Records the patient's birth year, with the representative of who may be under age.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::CaseNotReady`] for a case that ended, [`Refusal::FieldInvalid`],
/// [`Refusal::RepresentativeMissing`].
pub(in crate::usecase) fn record_birth_year(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &RecordBirthYear,
) -> Result<Done, Error> {
    row_lock::campaign(tx)?;
    let (case, row) = open_case(tx, input.case)?;
    let before = registration::find_patient(tx, row.id)?.unwrap_or_default();
    let on_record = applicant::given(&before);
    let given = input.representative.as_ref().or(on_record.as_ref());
    let (representative, relation) = applicant::spokesperson(ctx, input.birth_year, given)?;
    let after =
        PatientColumns { name: before.name, birth_year: Some(input.birth_year), representative, relation };
    registration::update_patient(tx, row.id, &after)?;
    tx.touch(Topics::CASES);
    let missing = missing_parties(tx, ctx, row.id)?;
    Ok(Done::new(Receipt::BirthYearRecorded { missing }, format!("case:{}", case.id)))
}

/// A case that has not ended, locked, with its registration.
fn open_case(tx: &mut Tx<'_>, id: CaseId) -> Result<(CaseRow, RegistrationRow), Error> {
    row_lock::case(tx, id)?;
    let no_case = || Refusal::NoSuchRow { what: "case", id: id.to_string() };
    let case = care_case::find(tx, id)?.ok_or_else(no_case)?;
    let row = registration::find(tx, case.registration)?.ok_or_else(no_case)?;
    if case.state.is_final() || row.state == RegistrationState::Cancelled {
        return Err(Refusal::CaseNotReady { state: case.state.code().to_owned() }.into());
    }
    Ok((case, row))
}

//! One customer by number: who they are, what stands with us, and who may register them now.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::model::call::{MatterLine, Reason};
use super::super::model::customer::{
    AtVinmec, CustomerModel, EligibilityModel, OptOutModel, RegistrationModel, Verdict,
};
use super::super::registration::last_step;
use crate::domain::case::CaseState;
use crate::domain::contact::Purpose;
use crate::domain::eligibility::{self, EligibilityFacts, Invitation};
use crate::domain::id::{RegistrationId, StaffId};
use crate::domain::phone::{Carrier, PhoneNumber, PhoneWarning};
use crate::domain::quota::check_open;
use crate::domain::refusal::Refusal;
use crate::domain::registration::Held;
use crate::domain::time::Timestamp;
use crate::store::customer::CustomerRow;
use crate::store::matter::MatterRow;
use crate::store::opt_out::OptOutRow;
use crate::store::registration::RegistrationRow;
use crate::store::{
    StoreError, Tx, care_case, consent, customer as customer_rows, do_not_call, matter, opt_out,
    registration, seat, seat_release, staff,
};

/// A customer by number as typed. A number that nobody knows has a verdict, too: the fanpage.
pub(in crate::usecase) fn customer(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    typed: &str,
) -> Result<CustomerModel, Error> {
    let parsed = PhoneNumber::parse(typed).map_err(Refusal::PhoneInvalid)?;
    let phone = parsed.number;
    let known = customer_rows::find_by_phone(tx, phone)?;
    let registered = match &known {
        Some(known) => registration::find_by_customer(tx, known.id)?,
        None => None,
    };
    let asked = opt_out::find(tx, phone)?;
    let held = registered.as_ref().map(|row| registration::find_held(tx, row.id)).transpose()?.flatten();
    let eligibility = verdict(tx, ctx, phone, known.as_ref(), registered.as_ref().zip(held), asked)?;
    let matters = match &known {
        Some(known) => matter::list_by_customer(tx, known.id)?
            .into_iter()
            .map(|row| line(tx, row))
            .collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let registration = registered.map(|row| registration_model(tx, ctx, row, held)).transpose()?;
    Ok(CustomerModel {
        customer: known.as_ref().map(|known| known.id),
        name: known.as_ref().map(|known| known.name.clone()).unwrap_or_default(),
        phone: phone.e164(),
        carrier_hint: phone.carrier_hint().map(Carrier::code).map(str::to_owned),
        phone_warning: parsed.warning.map(PhoneWarning::code).map(str::to_owned),
        salutation: known.as_ref().and_then(|known| known.salutation).map(|word| word.code().to_owned()),
        province: known.and_then(|known| known.province),
        eligibility,
        registration,
        matters,
        opted_out: asked.and_then(opt_out_model),
    })
}

fn verdict(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    phone: PhoneNumber,
    known: Option<&CustomerRow>,
    registered: Option<(&RegistrationRow, Held)>,
    asked: Option<OptOutRow>,
) -> Result<EligibilityModel, StoreError> {
    let facts = EligibilityFacts {
        on_sms_list: known.is_some_and(CustomerRow::on_list),
        invitation: Invitation::of(
            known.and_then(|known| known.sms_sent_at),
            ctx.campaign.sms_required,
            ctx.now,
        ),
        registered: registered.map(|(_, held)| held),
        do_not_call: do_not_call::find(tx, phone)?.voice,
        opted_out_at: asked.and_then(|asked| asked.voice_at.or(asked.sms_at)),
    };
    let allow = ctx.campaign.allow_listed_on_fanpage;
    let open = check_open(&ctx.campaign.registration, ctx.now);
    let counts = seat::get(tx)?;
    let by_phone = eligibility::check(&facts, false, allow);
    let by_fanpage = eligibility::check(&facts, true, allow);
    let code = match registered {
        Some((row, _)) => Verdict::from(row.state),
        None if open.is_err() => Verdict::Closed,
        None if facts.on_sms_list && facts.invitation == Invitation::Received => Verdict::OnList,
        None if facts.on_sms_list => Verdict::NotInvited,
        None => Verdict::FanpageOnly,
    };
    let mut reasons: Vec<Refusal> = Vec::new();
    for refusal in [&by_phone, &by_fanpage, &open].into_iter().filter_map(|checked| checked.as_ref().err()) {
        if !reasons.contains(refusal) {
            reasons.push(refusal.clone());
        }
    }
    let is_full = counts.taken >= counts.quota && registered.is_none();
    if is_full {
        reasons.push(Refusal::QuotaFull { quota: counts.quota });
    }
    reasons.extend(facts.opted_out_at.map(|at| Refusal::OptedOut { at }));
    if facts.do_not_call {
        reasons.push(Refusal::DoNotCall);
    }
    Ok(EligibilityModel {
        by_phone: by_phone.is_ok() && open.is_ok(),
        by_fanpage: by_fanpage.is_ok() && open.is_ok(),
        verdict: code,
        would_wait_at: is_full.then_some(counts.waitlisted + 1),
        reasons: reasons.into_iter().map(Reason::from).collect(),
        // Written out: one release build of Rust 1.95 read the chained form as a time that was never there.
        sms_sent_at: match known {
            Some(known) if known.on_list() => known.sms_sent_at,
            Some(_) | None => None,
        },
    })
}

fn registration_model(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    row: RegistrationRow,
    held: Option<Held>,
) -> Result<RegistrationModel, Error> {
    let (position, cancelled_at) = match held {
        Some(Held::Position(position)) => (Some(position), None),
        Some(Held::Nothing(since)) => (None, Some(since)),
        Some(Held::Seat(_)) | None => (None, None),
    };
    let last = last_step(tx, ctx, &row)?;
    let consents = consent::list(tx, row.id)?
        .into_iter()
        .map(|(purpose, given)| (purpose.code().to_owned(), given))
        .collect();
    Ok(RegistrationModel {
        registration: row.id,
        state: row.state,
        seat: row.seat,
        position,
        cancelled_at,
        undo_until: last.undo_until,
        restorable: last.restorable,
        channel: row.channel,
        at: row.at,
        by_name: name_of(tx, &row.by)?,
        by: row.by.0,
        handed_over: row.hand_over,
        at_vinmec: at_vinmec(tx, row.id)?,
        consents,
    })
}

/// Whether Vinmec still works on a registration, and not how it ended.
fn at_vinmec(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<AtVinmec>, StoreError> {
    let Some(case) = care_case::find_by_registration(tx, id)? else { return Ok(None) };
    let ended = case.state.is_final() || case.state == CaseState::Unreachable;
    // An end that can be taken back is none yet.
    let stands = ended && seat_release::find(tx, id)?.is_none();
    Ok(Some(if stands { AtVinmec::Finished } else { AtVinmec::Open }))
}

fn opt_out_model(asked: OptOutRow) -> Option<OptOutModel> {
    let at: Timestamp = [asked.voice_at, asked.sms_at].into_iter().flatten().min()?;
    Some(OptOutModel { voice: asked.voice_at.is_some(), sms: asked.sms_at.is_some(), at })
}

/// A matter in short. Only one that is in a call asks for a name.
fn line(tx: &mut Tx<'_>, row: MatterRow) -> Result<MatterLine, StoreError> {
    let holder_name = match &row.lease_staff {
        Some(holder) => name_of(tx, holder)?,
        None => None,
    };
    Ok(MatterLine {
        matter: row.id,
        purpose: row.purpose,
        state: row.state,
        due_at: row.callback_at.or_else(|| (row.due_at > Timestamp::ZERO).then_some(row.due_at)),
        // How often Vinmec called, and how a call of theirs ended, is Vinmec's.
        attempts: if row.purpose == Purpose::Intake { 0 } else { row.attempts },
        reason: row.reason.filter(|_| row.purpose != Purpose::Intake),
        holder: row.lease_staff.map(|staff| staff.0),
        holder_name,
    })
}

fn name_of(tx: &mut Tx<'_>, login: &StaffId) -> Result<Option<String>, StoreError> {
    Ok(staff::find(tx, login)?.map(|found| found.actor.name))
}

//! Reads the card of an open call: all that its holder needs, and for its holder only.
//!
//! Invariants: what one organisation may not see of the other is not in the card. Vinmec's caller gets no list data
//! and no notes of 9090; 9090's caller gets no notes of Vinmec's calls, which may touch on health.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::model::call::{CallCard, HistoryLine};
use super::super::outbound::{dialling_until, limits, no_such_matter};
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::MatterId;
use crate::domain::phone::Carrier;
use crate::domain::refusal::Refusal;
use crate::store::call::{self, HistoryRow};
use crate::store::matter::{self, MatterRow};
use crate::store::{StoreError, Tx, customer, seat};

/// Lines of history on a card.
const HISTORY: i64 = 20;
/// Template of the list's own message.
const INVITATION: &str = "invite";

/// The outcome of a call of the other organisation: it took place.
const CALLED: &str = "called";

/// The card of a matter under the actor's lease.
pub(in crate::usecase) fn call_card(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: MatterId) -> Result<CallCard, Error> {
    let row = matter::find(tx, id)?.ok_or_else(|| no_such_matter(id))?;
    if row.state != MatterState::Leased || row.lease_staff.as_ref() != Some(&ctx.actor.staff) {
        return Err(Refusal::NotYourLease { holder: row.lease_staff.map(Into::into) }.into());
    }
    match row.lease_until {
        Some(until) if until <= ctx.now => Err(Refusal::LeaseExpired { at: until }.into()),
        _ => card(tx, ctx, row),
    }
}

/// The open call of the actor, while its lease is valid.
pub(in crate::usecase) fn open_call(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Option<CallCard>, Error> {
    match matter::find_by_holder(tx, &ctx.actor.staff)? {
        Some(row) if row.lease_until.is_some_and(|until| ctx.now < until) => card(tx, ctx, row).map(Some),
        _ => Ok(None),
    }
}

fn card(tx: &mut Tx<'_>, ctx: &Ctx<'_>, row: MatterRow) -> Result<CallCard, Error> {
    let known = customer::find(tx, row.customer)?
        .ok_or_else(|| StoreError::internal("a leased matter without its customer"))?;
    let is_vinmec = row.purpose == Purpose::Intake;
    let link = match row.purpose {
        Purpose::Offer => None,
        Purpose::Intake | Purpose::Survey => call::find_case_link(tx, row.customer)?,
    };
    let history = call::list_history(tx, row.customer, HISTORY)?
        .into_iter()
        .filter_map(|line| shown(line, is_vinmec))
        .collect();
    let lease_until = row.lease_until.unwrap_or(ctx.now);
    let dial_until = matter::find_loaded(tx, row.id, ctx.now)?
        .and_then(|loaded| dialling_until(&loaded, &limits(ctx), ctx.now, lease_until));
    let counts = seat::get(tx)?;
    let is_full = row.purpose.is_offer_contact() && counts.taken >= counts.quota;
    Ok(CallCard {
        matter: row.id,
        purpose: row.purpose,
        customer: row.customer,
        phone: known.phone.e164(),
        carrier_hint: known.phone.carrier_hint().map(Carrier::code).map(str::to_owned),
        on_list: known.on_list() && !is_vinmec,
        sms_sent_at: known.sms_sent_at.filter(|_| known.on_list() && !is_vinmec),
        name: known.name,
        salutation: known.salutation.map(|word| word.code().to_owned()),
        province: known.province,
        leased_at: row.leased_at.unwrap_or(ctx.now),
        lease_until,
        dial_until,
        attempt: row.attempts + 1,
        max_attempts: limits(ctx).max_attempts(row.purpose),
        promised_at: row.callback_at,
        would_wait_at: is_full.then_some(counts.waitlisted + 1),
        history,
        case: link.as_ref().map(|link| link.case),
        consulted_at: link.and_then(|link| link.consulted_at),
    })
}

/// A line as the actor's organisation may see it.
fn shown(line: HistoryRow, is_vinmec: bool) -> Option<HistoryLine> {
    let is_intake = line.about == Purpose::Intake.code();
    if is_vinmec && !is_intake && (line.kind == "call" || line.about == INVITATION) {
        return None;
    }
    let note = line.note.filter(|_| is_intake == is_vinmec);
    // What came of a call of Vinmec is Vinmec's.
    let outcome = if is_intake && !is_vinmec { CALLED.to_owned() } else { line.outcome };
    Some(HistoryLine {
        at: line.at,
        by: line.by,
        by_name: line.by_name,
        kind: line.kind,
        about: line.about,
        outcome,
        note,
        recorded_late_at: line.recorded_late_at,
    })
}

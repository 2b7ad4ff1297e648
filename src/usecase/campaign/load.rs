//! Puts another version of the campaign in force.

use super::{current, problems, proposed, touched};
use crate::domain::campaign::change::{changed_parts, changes};
use crate::domain::campaign::problems::Problem;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::{StoreError, Topics, Tx, campaign_version as rows, row_lock};
use crate::usecase::command::{LoadCampaign, MOST_REASON};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::receipt::Receipt;
use crate::usecase::{programme, registration};

/// The reason on one line; none when nothing was typed.
fn reason(typed: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(typed) = typed else { return Ok(None) };
    let cleaned = text::clean(typed, MOST_REASON + 1);
    if text::clean(&cleaned, MOST_REASON) != cleaned {
        return Err(Refusal::FieldInvalid { field: "reason", reason: "too_long" });
    }
    Ok((!cleaned.is_empty()).then_some(cleaned))
}

/// Checks the proposed campaign against everything that was ever in force, and inserts it as the next version. Other
/// processes see it with their next command. A changed number of seats is what `set_quota` makes of it.
///
/// # Errors
/// [`Refusal::CampaignInvalid`] with every problem, [`Refusal::CampaignUnchanged`], [`Refusal::WindowShortened`] without
/// `shorten`, [`Refusal::Conflict`] when another version came in between, [`Refusal::QuotaBelowTaken`].
pub(in crate::usecase) fn load(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &LoadCampaign) -> Result<Done, Error> {
    row_lock::campaign(tx)?;
    let base = current(tx)?;
    if input.based_on.is_some_and(|seen| seen != base.version) {
        return Err(Refusal::Conflict { what: "campaign", state: "changed".to_owned() }.into());
    }
    let next = proposed(tx, &base, input.file.as_deref(), input.version)?
        .map_err(|problem| Refusal::CampaignInvalid { problems: vec![problem.sentences()] })?;
    let problems = problems(tx, &next)?;
    if !problems.is_empty() {
        let problems = problems.iter().map(Problem::sentences).collect();
        return Err(Refusal::CampaignInvalid { problems }.into());
    }
    let changed = changed_parts(&changes(&base.campaign, &next));
    if changed.is_empty() {
        return Err(Refusal::CampaignUnchanged { version: base.version }.into());
    }
    if let Some(touched) = touched(tx, ctx, &base.campaign, &next)?.filter(|_| !input.shorten) {
        return Err(Refusal::WindowShortened {
            registrations: touched.registrations,
            promises: touched.promises,
            appointments: touched.appointments,
            links: touched.links,
        }
        .into());
    }
    let promoted = if next.quota == base.campaign.quota {
        Vec::new()
    } else {
        registration::resize(tx, ctx, next.quota)?
    };
    let version = base.version + 1;
    let mut row = programme::row(version, &next, ctx.now, &ctx.actor.staff);
    row.changed = changed.join(",");
    row.reason = reason(input.reason.as_deref())?;
    let config = next.to_json().map_err(|error| StoreError::internal(&error.to_string()))?;
    rows::insert(tx, &row, &config)?;
    // Windows and limits decide what every screen shows.
    tx.touch(Topics::ALL);
    let detail = format!("version={version} changed={}", row.changed);
    let receipt = Receipt::CampaignLoaded { version, changed, promoted };
    Ok(Done::new(receipt, format!("campaign:{version}")).detail(detail))
}

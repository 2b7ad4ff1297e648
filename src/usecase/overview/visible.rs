//! Leaves out of the figures what a role may not see.
//!
//! - The list, its size and what came of 9090's calls are MobiFone's: Vinmec's roles read the funnel from the
//!   registration on.
//! - How a case ended at Vinmec is Vinmec's: all others read that it ended there, in one figure, so that no count of one
//!   names a person. Departments they read from [`LEAST`] answers on.

use super::super::ctx::Ctx;
use super::super::model::count::{Funnel, Overview, Satisfaction};
use super::super::seat_release::ENDED_AT_VINMEC;
use crate::domain::actor::Permission;
use crate::domain::case::CaseState;
use std::collections::BTreeMap;

/// Answers below which a department's figure could name a person.
const LEAST: i64 = 5;
/// The steps that are counted from the list and from 9090's calls.
const OF_MOBIFONE: [&str; 3] = ["list", "called", "reached"];
/// The ends of a case.
const ENDS: [CaseState; 3] = [CaseState::Diverted115, CaseState::Withdrawn, CaseState::Unreachable];

/// The funnel as the actor may see it.
pub(in crate::usecase) fn funnel(ctx: &Ctx<'_>, mut funnel: Funnel) -> Funnel {
    if ctx.actor.role.is_vinmec() {
        funnel.steps.retain(|step| !OF_MOBIFONE.contains(&step.step.as_str()));
    }
    if !ctx.may(Permission::SeeHealth) {
        // The ends of surveys have the same names and stay.
        for step in funnel.steps.iter_mut().filter(|step| step.step == "handed_over") {
            let ended: i64 = ENDS.iter().filter_map(|end| step.leaks.remove(end.code())).sum();
            if ended > 0 {
                step.leaks.insert(ENDED_AT_VINMEC.to_owned(), ended);
            }
        }
    }
    funnel
}

/// The measures as the actor may see them.
pub(in crate::usecase) fn satisfaction(ctx: &Ctx<'_>, mut measures: Satisfaction) -> Satisfaction {
    if !ctx.may(Permission::SeeHealth) {
        measures.by_department.retain(|_, share| share.n >= LEAST);
    }
    measures
}

/// The overview as the actor may see it.
pub(in crate::usecase) fn overview(ctx: &Ctx<'_>, overview: Overview) -> Overview {
    let mut seen = Overview {
        funnel: funnel(ctx, overview.funnel.clone()),
        satisfaction: satisfaction(ctx, overview.satisfaction.clone()),
        ..overview
    };
    if ctx.actor.role.is_vinmec() {
        seen.calls_by_hour = Vec::new();
        seen.calls_by_day = Vec::new();
        seen.sms = BTreeMap::new();
    }
    seen
}

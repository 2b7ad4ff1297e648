//! Counts the funnel from list to survey: how many customers reached each step, why others did not, how many wait
//! between two steps and since when.
//!
//! A customer stands in every step that they reached and are still in: a registration that was cancelled leaves the
//! later steps and shows as a leak of the step that they left: once, by 9090's book before Vinmec accepted them and by
//! Vinmec's after. Leaks of calls are counted by the disposition that ended the matter.

use crate::domain::case::CaseState;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::survey::SurveyState;
use crate::store::matter::{self, HELD_REASONS, HELD_SMS};
use crate::store::overview::{self as overview_rows, Waiting};
use crate::store::{Tx, counter, survey as survey_rows};
use crate::usecase::error::Error;
use crate::usecase::model::count::{Funnel, FunnelStep};
use std::collections::BTreeMap;

/// How far offers are counted one by one, where no counter tells them apart.
const COUNTED: i64 = 20_000;

/// The eight steps, and where the two organisations' books differ.
pub(in crate::usecase) fn funnel(tx: &mut Tx<'_>) -> Result<Funnel, Error> {
    let mut steps = Vec::with_capacity(8);
    steps.extend(calls(tx)?);
    steps.extend(hand_over(tx)?);
    steps.extend(care(tx)?);
    let differences = overview_rows::differences(tx)?
        .into_iter()
        .map(|(registration, difference)| format!("registration:{registration} {difference}"))
        .collect();
    Ok(Funnel { steps, differences })
}

/// `list`, `called`, `reached`, all from counters.
fn calls(tx: &mut Tx<'_>) -> Result<[FunnelStep; 3], Error> {
    let listed = counter::sum(tx, counter::LIST_CUSTOMERS)?;
    let called = counter::sum(tx, counter::OFFER_CALLED)?;
    let reached = counter::sum(tx, counter::OFFER_REACHED)?;
    let matters = counter::sum_prefix(tx, "matter.offer.")?;
    let in_state = |state| matters.get(&counter::matter(Purpose::Offer, state)).copied().unwrap_or_default();
    let open = in_state(MatterState::Waiting) + in_state(MatterState::Leased);
    let retries = matter::count_retries(tx, Purpose::Offer, COUNTED)?;
    // With more retries than are counted one by one, the open ones that were never called are estimated.
    let uncalled = if retries < COUNTED { open - retries } else { open.min((listed - called).max(0)) };
    let held = in_state(MatterState::Held);
    let uninvited = if held > 0 { uninvited(tx, held)? } else { 0 };
    let endings = counter::sum_prefix(tx, "disposition.offer.")?;
    let ended = |human: bool| -> BTreeMap<String, i64> {
        Disposition::ALL
            .into_iter()
            .filter(|disposition| {
                let flags = disposition.flags();
                (flags.is_final || flags.to_supervisor) && !flags.success && flags.human_answered == human
            })
            .filter_map(|disposition| {
                let count = endings.get(&counter::disposition(Purpose::Offer, disposition)).copied()?;
                (count > 0).then(|| (disposition.code().to_owned(), count))
            })
            .collect()
    };
    Ok([
        FunnelStep {
            step: "list".to_owned(),
            count: listed,
            leaks: leaks([("held", held - uninvited), ("sms_not_received", uninvited)]),
            waiting: uncalled,
            oldest: None,
        },
        FunnelStep {
            step: "called".to_owned(),
            count: called,
            leaks: ended(false),
            waiting: open - uncalled,
            oldest: None,
        },
        FunnelStep {
            step: "reached".to_owned(),
            count: reached,
            leaks: ended(true),
            waiting: in_state(MatterState::Promised),
            oldest: None,
        },
    ])
}

/// Held offers whose customer has not received the SMS. Either they or the others are few: the fewer are counted.
fn uninvited(tx: &mut Tx<'_>, held: i64) -> Result<i64, Error> {
    let found = matter::count_held(tx, Purpose::Offer, HELD_SMS, COUNTED)?;
    if found < COUNTED {
        return Ok(found);
    }
    let mut others = 0;
    for reason in HELD_REASONS.into_iter().filter(|reason| *reason != HELD_SMS) {
        others += matter::count_held(tx, Purpose::Offer, reason, COUNTED)?;
    }
    Ok(found.max(held - others))
}

/// `registered` and `handed_over`.
fn hand_over(tx: &mut Tx<'_>) -> Result<[FunnelStep; 2], Error> {
    let registrations = overview_rows::registrations(tx)?;
    let cases = overview_rows::cases(tx)?;
    let to_book = joined(&cases, &[CaseState::New, CaseState::Contacted, CaseState::Triaged]);
    Ok([
        FunnelStep {
            step: "registered".to_owned(),
            count: registrations.seated,
            leaks: leaks([
                ("cancelled", registrations.cancelled),
                ("waitlisted", registrations.waitlisted),
                ("returned", registrations.returned),
            ]),
            waiting: registrations.seated - registrations.accepted,
            oldest: registrations.oldest_waiting,
        },
        FunnelStep {
            step: "handed_over".to_owned(),
            count: registrations.accepted,
            leaks: leaks([
                ("unreachable", joined(&cases, &[CaseState::Unreachable]).count),
                ("diverted_115", joined(&cases, &[CaseState::Diverted115]).count),
                ("withdrawn", joined(&cases, &[CaseState::Withdrawn]).count),
            ]),
            waiting: to_book.count,
            oldest: to_book.oldest,
        },
    ])
}

/// `booked`, `consulted`, `surveyed`.
fn care(tx: &mut Tx<'_>) -> Result<[FunnelStep; 3], Error> {
    let cases = overview_rows::cases(tx)?;
    let surveys = survey_rows::count_by_state(tx)?;
    let due = overview_rows::due_surveys(tx)?;
    let survey = |state: SurveyState| surveys.get(&state).copied().unwrap_or_default();
    let booked = joined(&cases, &[CaseState::Booked]);
    let missed = joined(&cases, &[CaseState::NoShow]).count;
    let consulted = joined(&cases, &[CaseState::Consulted]).count;
    let asked: i64 = surveys.values().sum();
    Ok([
        FunnelStep {
            step: "booked".to_owned(),
            count: booked.count + missed + consulted,
            leaks: leaks([("no_show", missed)]),
            waiting: booked.count,
            oldest: booked.oldest,
        },
        FunnelStep {
            step: "consulted".to_owned(),
            count: consulted,
            leaks: leaks([
                ("refused", survey(SurveyState::Refused)),
                ("unreachable", survey(SurveyState::Unreachable)),
                ("no_consent", consulted - asked),
            ]),
            waiting: due.count,
            oldest: due.oldest,
        },
        FunnelStep {
            step: "surveyed".to_owned(),
            count: survey(SurveyState::Answered),
            leaks: BTreeMap::new(),
            waiting: 0,
            oldest: None,
        },
    ])
}

/// Cases in any of the states.
fn joined(cases: &BTreeMap<CaseState, Waiting>, states: &[CaseState]) -> Waiting {
    let found = states.iter().filter_map(|state| cases.get(state));
    found.fold(Waiting::default(), |sum, waiting| Waiting {
        count: sum.count + waiting.count,
        oldest: match (sum.oldest, waiting.oldest) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        },
    })
}

/// Reasons with a count, without those of nobody.
fn leaks<const N: usize>(reasons: [(&str, i64); N]) -> BTreeMap<String, i64> {
    reasons
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(code, count)| (code.to_owned(), count))
        .collect()
}

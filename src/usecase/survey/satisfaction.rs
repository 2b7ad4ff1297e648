//! The measures over all answers, from one pass over the answered surveys.

use crate::domain::survey::SurveyState;
use crate::domain::survey::{Measure, ces, csat, nps, response_rate};
use crate::store::Tx;
use crate::store::survey as survey_rows;
use crate::usecase::error::Error;
use crate::usecase::model::count::{Satisfaction, Score, Share};
use std::collections::BTreeMap;

/// CSAT from Q5, NPS from Q6, CES from Q1, the response rate, and CSAT by department.
pub(in crate::usecase) fn satisfaction(tx: &mut Tx<'_>) -> Result<Satisfaction, Error> {
    Ok(measure(&survey_rows::tally(tx)?, &survey_rows::count_by_state(tx)?))
}

fn measure(tallies: &survey_rows::Tallies, states: &BTreeMap<SurveyState, i64>) -> Satisfaction {
    let mut all: BTreeMap<i64, i64> = BTreeMap::new();
    for (answer, count) in tallies.q5.values().flatten() {
        *all.entry(*answer).or_default() += count;
    }
    let all: Vec<(i64, i64)> = all.into_iter().collect();
    let count = |state: SurveyState| states.get(&state).copied().unwrap_or(0);
    let answered = count(SurveyState::Answered);
    Satisfaction {
        csat: share(csat(&all)),
        nps: score(nps(&tallies.q6)),
        ces: score(ces(&tallies.q1)),
        response_rate: response_rate(
            answered,
            answered + count(SurveyState::Refused) + count(SurveyState::Unreachable),
        )
        .map(|percent| percent / 100.0),
        by_department: tallies
            .q5
            .iter()
            .map(|(department, tally)| (*department, share(csat(tally))))
            .collect(),
    }
}

/// A measure in percent as a share 0–1.
fn share(measure: Measure) -> Share {
    let fraction = |percent: Option<f64>| percent.map(|percent| percent / 100.0);
    Share {
        value: fraction(measure.value),
        n: measure.n,
        low: fraction(measure.low),
        high: fraction(measure.high),
    }
}

const fn score(measure: Measure) -> Score {
    Score { value: measure.value, n: measure.n, low: measure.low, high: measure.high }
}

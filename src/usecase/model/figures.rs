//! Names the figure behind every count of the overview, so that each can be opened as a list.
//!
//! Deliberately absent: who may open which ([`Figure::needs`]), and what is no count of people: charts, rates, the
//! satisfaction by department.

use super::count::{FunnelStep, Overview};
use crate::domain::case::CaseState;
use crate::domain::disposition::Disposition;
use crate::domain::figure::{Figure, HELD_FOR, SMS_STATES};
use crate::domain::id::StaffId;
use crate::domain::survey::SurveyState;

/// A figure with a list behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureCount {
    /// Which.
    pub figure: Figure,
    /// How many, where the overview counts it.
    pub count: Option<i64>,
    /// The name of the staff member whose figure it is.
    pub who: Option<String>,
}

impl FigureCount {
    const fn new(figure: Figure, count: Option<i64>) -> Self {
        Self { figure, count, who: None }
    }
}

/// The figures of an overview in the order of the funnel, then seats and messages, then the agents'.
pub fn figures(overview: &Overview) -> Vec<FigureCount> {
    let mut found: Vec<FigureCount> =
        overview.funnel.steps.iter().flat_map(|step| of_step(step, overview)).collect();
    for state in SMS_STATES {
        if let Some(count) = overview.sms.get(state) {
            found.push(FigureCount::new(Figure::Sms(state), Some(*count)));
        }
    }
    found.extend(of_agents(overview));
    found
}

/// The count of a step, who waits behind it, who left there, and its other parts, which are counted elsewhere or not at
/// all.
fn of_step(step: &FunnelStep, overview: &Overview) -> Vec<FigureCount> {
    let uncounted = |figures: &[Figure]| figures.iter().map(|figure| (figure.clone(), None)).collect();
    let (count, waiting, parts): (_, _, Vec<(Figure, Option<i64>)>) = match step.step.as_str() {
        "list" => (Figure::List, Figure::NotCalled, uncounted(&HELD_FOR.map(Figure::HeldFor))),
        "called" => {
            (Figure::Called, Figure::Retry, uncounted(&[Figure::Waiting, Figure::Due, Figure::Later]))
        }
        "reached" => (Figure::Reached, Figure::Promised, uncounted(&[Figure::Overdue])),
        "registered" => (
            Figure::Seated,
            Figure::NotAccepted,
            vec![
                (Figure::ToHandOver, None),
                (Figure::Unacknowledged, Some(overview.unacknowledged)),
                (Figure::Waitlisted, Some(overview.seats.waitlisted)),
            ],
        ),
        "handed_over" => {
            let before = [CaseState::New, CaseState::Contacted, CaseState::Triaged];
            (Figure::Accepted, Figure::ToBook, uncounted(&before.map(Figure::Case)))
        }
        "booked" => (Figure::Booked, Figure::Case(CaseState::Booked), Vec::new()),
        "consulted" => (
            Figure::Case(CaseState::Consulted),
            Figure::Survey(SurveyState::Due),
            vec![(Figure::OverLimit, Some(overview.over_limit))],
        ),
        "surveyed" => return vec![FigureCount::new(Figure::Survey(SurveyState::Answered), Some(step.count))],
        _ => return Vec::new(),
    };
    let mut found =
        vec![FigureCount::new(count, Some(step.count)), FigureCount::new(waiting, Some(step.waiting))];
    let leaks = step.leaks.iter();
    found.extend(
        leaks.filter_map(|(code, count)| Some(FigureCount::new(leak(&step.step, code)?, Some(*count)))),
    );
    for (part, count) in parts {
        if found.iter().all(|known| known.figure != part) {
            found.push(FigureCount::new(part, count));
        }
    }
    found
}

/// Who left the funnel at a step for a reason.
fn leak(step: &str, code: &str) -> Option<Figure> {
    match (step, code) {
        ("list", "held") => Some(Figure::Held),
        ("list", code) => HELD_FOR.into_iter().find(|reason| *reason == code).map(Figure::HeldFor),
        ("called" | "reached", code) => Disposition::parse(code).map(Figure::Ended),
        ("registered", "cancelled") => Some(Figure::Cancelled),
        ("registered", "waitlisted") => Some(Figure::Waitlisted),
        ("registered", "returned") => Some(Figure::Returned),
        ("handed_over", "ended_at_vinmec") => Some(Figure::EndedAtVinmec),
        ("handed_over" | "booked", code) => CaseState::parse(code).map(Figure::Case),
        ("consulted", "no_consent") => Some(Figure::NoSurvey),
        ("consulted", code) => SurveyState::parse(code).map(Figure::Survey),
        (_, _) => None,
    }
}

/// The calls and registrations of each agent who has any today, after those of all.
fn of_agents(overview: &Overview) -> Vec<FigureCount> {
    let all: i64 = overview.agents.iter().map(|agent| agent.calls).sum();
    let mut found = Vec::new();
    if !overview.agents.is_empty() {
        found.push(FigureCount::new(Figure::CallsToday, Some(all)));
    }
    for agent in &overview.agents {
        let staff = StaffId(agent.staff.clone());
        let of = [
            (Figure::CallsOf(staff.clone()), agent.calls),
            (Figure::AnsweredOf(staff.clone()), agent.reached),
            (Figure::RegisteredBy(staff), agent.registered),
        ];
        for (figure, count) in of.into_iter().filter(|(_, count)| *count > 0) {
            found.push(FigureCount { figure, count: Some(count), who: Some(agent.name.clone()) });
        }
    }
    found
}

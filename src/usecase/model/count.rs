//! Counts: seats, status line, funnel, agents, satisfaction, overview.

use super::task::TaskCount;
use crate::domain::actor::AgentState;
use crate::domain::department::Department;
use crate::domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuotaModel {
    /// Seats of the programme.
    pub quota: i64,
    /// Seats taken.
    pub taken: i64,
    /// Customers on the waitlist.
    pub waitlisted: i64,
    /// `date`, `quota`, or none while registration is open.
    pub closed_by: Option<String>,
}

/// The last line of every screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusLine {
    /// Seats.
    pub seats: QuotaModel,
    /// Whole days left to register, today included; 0 when closed.
    pub days_left: i64,
    /// Due in the actor's own queue (offer for 9090, intake for Vinmec).
    pub due: i64,
    /// Promised callbacks of that queue.
    pub promised: i64,
    /// Those past their time.
    pub overdue: i64,
    /// Whether the store is simulated: MÔ PHỎNG.
    pub simulated: bool,
    /// The latest time a simulated store has seen.
    pub store_time: Option<Timestamp>,
    /// The actor's pause code, while pausing.
    pub paused: Option<String>,
    /// Tasks that wait for the actor.
    pub tasks: TaskCount,
}

/// One step of the funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunnelStep {
    /// `list called reached registered handed_over booked consulted surveyed`.
    pub step: String,
    /// How many customers came this far.
    pub count: i64,
    /// Why others did not come further: reason code → how many.
    pub leaks: BTreeMap<String, i64>,
    /// Those who wait between this step and the next.
    pub waiting: i64,
    /// Since when the longest of them waits.
    pub oldest: Option<Timestamp>,
}

/// From list to survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// In order.
    pub steps: Vec<FunnelStep>,
    /// Registrations on which 9090's and Vinmec's books differ; empty when they agree.
    pub differences: Vec<String>,
}

/// One agent's day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentLine {
    /// Login name.
    pub staff: String,
    /// Name on screen.
    pub name: String,
    /// What they do now.
    pub state: AgentState,
    /// Calls recorded.
    pub calls: i64,
    /// Calls that a person answered.
    pub reached: i64,
    /// Registrations by whichever channel.
    pub registered: i64,
    /// reached ÷ calls, 0–1.
    pub contact_rate: Option<f64>,
    /// Offers that ended in a registration ÷ offers that a person answered, 0–1. Customers who called in are in neither.
    pub conversion: Option<f64>,
    /// Seconds of talk.
    pub talk_seconds: i64,
    /// Seconds from the end of talk to the saved result.
    pub wrap_up_seconds: i64,
    /// Seconds of pause.
    pub pause_seconds: i64,
}

/// A share with its 95 % Wilson interval, 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The share; none without answers.
    pub value: Option<f64>,
    /// Answers.
    pub n: i64,
    /// Lower bound.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
}

/// A mean or score with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// NPS −100–100, CES 1–7; none without answers.
    pub value: Option<f64>,
    /// Answers.
    pub n: i64,
    /// Lower bound, in the same unit.
    pub low: Option<f64>,
    /// Upper bound, in the same unit.
    pub high: Option<f64>,
}

/// The satisfaction measures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Satisfaction {
    /// Share of 4–5 on Q5.
    pub csat: Share,
    /// From Q6.
    pub nps: Score,
    /// Mean of Q1.
    pub ces: Score,
    /// Surveys answered ÷ surveys closed (answered, refused, unreachable), 0–1; none before one is closed.
    pub response_rate: Option<f64>,
    /// CSAT by department.
    pub by_department: BTreeMap<Department, Share>,
}

/// When the last seat goes: an estimate between its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// Not likely before.
    pub early: Timestamp,
    /// About then.
    pub at: Timestamp,
    /// Not likely after.
    pub late: Timestamp,
}

/// Everything that the overview shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// Seats.
    pub seats: QuotaModel,
    /// Registrations per day over the last 7 days with any.
    pub pace_per_day: f64,
    /// When the last seat goes at that pace.
    pub full_at: Option<Forecast>,
    /// From list to survey.
    pub funnel: Funnel,
    /// Calls today by hour 0–23.
    pub calls_by_hour: Vec<i64>,
    /// Calls of the last 14 days, oldest first: day start, calls, registrations.
    pub calls_by_day: Vec<(Timestamp, i64, i64)>,
    /// Agents, today; empty for roles that may not see them.
    pub agents: Vec<AgentLine>,
    /// Satisfaction.
    pub satisfaction: Satisfaction,
    /// SMS in the outbox: state → how many.
    pub sms: BTreeMap<String, i64>,
    /// Consultations that were longer than the programme allows.
    pub over_limit: i64,
    /// Batch rows not yet acknowledged.
    pub unacknowledged: i64,
    /// Since when the longest of them waits.
    pub unacknowledged_since: Option<Timestamp>,
}

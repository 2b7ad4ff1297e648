//! Appointments: states, the 5-minute grid, what a time must satisfy before a doctor's day is even looked at.
//!
//! Invariant: an appointment covers whole granules, so that one row per doctor and granule makes every overlap
//! impossible in the store. Deliberately absent: the doctor's hours (see `roster`).

use super::campaign::limits::Limits;
use super::campaign::window::DateWindow;
use super::lang::Lang;
use super::refusal::Refusal;
use super::time::{MINUTE_MS, Timestamp};
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where an appointment stands. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentState {
    /// Kept free while the intake talks with the customer.
    Held,
    /// Booked.
    Booked,
    /// The customer knows day, time and method.
    Told,
    /// The doctor has started.
    InProgress,
    /// Took place.
    Done,
    /// The customer or the doctor did not come.
    NoShow,
    /// Called off.
    Cancelled,
    /// Replaced by another appointment.
    Moved,
}

impl AppointmentState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Held,
        Self::Booked,
        Self::Told,
        Self::InProgress,
        Self::Done,
        Self::NoShow,
        Self::Cancelled,
        Self::Moved,
    ];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Booked => "booked",
            Self::Told => "told",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::NoShow => "no_show",
            Self::Cancelled => "cancelled",
            Self::Moved => "moved",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("state.{}", self.code()), locale = lang.code()).into_owned()
    }

    /// Whether the appointment ended for good.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::NoShow | Self::Cancelled | Self::Moved)
    }

    /// Whether the doctor's time is taken; one that took place or was missed stays taken in the past.
    pub const fn occupies(self) -> bool {
        !matches!(self, Self::Cancelled | Self::Moved)
    }

    /// Whether the next state is allowed. The doctor may start, and a result may be recorded, although nobody
    /// noted that the customer knows.
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Held => matches!(next, Self::Booked | Self::Cancelled),
            Self::Booked | Self::Told => matches!(
                next,
                Self::Told | Self::InProgress | Self::Done | Self::NoShow | Self::Cancelled | Self::Moved
            ),
            Self::InProgress => matches!(next, Self::Done | Self::NoShow),
            Self::Done | Self::NoShow | Self::Cancelled | Self::Moved => false,
        }
    }

    /// Takes the step.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] with the state the appointment is in.
    pub fn become_state(self, next: Self) -> Result<Self, Refusal> {
        if self.may_become(next) {
            Ok(next)
        } else {
            Err(Refusal::Conflict { what: "appointment", state: self.code().to_owned() })
        }
    }
}

/// The granules an appointment covers: the start of each, `granule_minutes` apart.
pub fn granules(start: Timestamp, minutes: i64, granule_minutes: i64) -> impl Iterator<Item = Timestamp> {
    let step = granule_minutes.max(1);
    (0..(minutes + step - 1) / step).map(move |n| start.plus_minutes(n * step))
}

/// Whether two stretches share time; touching ends do not.
pub fn overlaps(a: (Timestamp, i64), b: (Timestamp, i64)) -> bool {
    a.0 < b.0.plus_minutes(b.1) && b.0 < a.0.plus_minutes(a.1)
}

/// Whether an instant lies on the grid.
pub const fn is_on_grid(at: Timestamp, granule_minutes: i64) -> bool {
    granule_minutes > 0 && at.ms().rem_euclid(granule_minutes * MINUTE_MS) == 0
}

/// By how many minutes, rounded up, a consultation was longer than `max_minutes`; 0 when it was not. Only booking refuses
/// a longer time: what took place is recorded as it was, and marked.
pub const fn minutes_over(started_at: Timestamp, ended_at: Timestamp, max_minutes: i64) -> i64 {
    let over = ended_at.since(started_at) - max_minutes * MINUTE_MS;
    if over > 0 { (over + MINUTE_MS - 1) / MINUTE_MS } else { 0 }
}

/// What start and length must satisfy: at most the campaign's minutes, on the grid, in the future, wholly inside
/// the consultation window.
///
/// # Errors
/// [`Refusal::TooLong`], [`Refusal::OffGrid`], [`Refusal::InThePast`], [`Refusal::OutsideConsultationWindow`], in
/// this order.
pub fn check_time(
    start: Timestamp,
    minutes: i64,
    limits: &Limits,
    window: &DateWindow,
    now: Timestamp,
) -> Result<(), Refusal> {
    if !(1..=limits.consultation_minutes).contains(&minutes) {
        return Err(Refusal::TooLong { max_minutes: limits.consultation_minutes });
    }
    if !is_on_grid(start, limits.granule_minutes) || minutes % limits.granule_minutes != 0 {
        return Err(Refusal::OffGrid { granule_minutes: limits.granule_minutes });
    }
    if start < now {
        return Err(Refusal::InThePast);
    }
    if !window.contains(start) || !window.contains(start.plus_minutes(minutes).plus_ms(-1)) {
        return Err(Refusal::OutsideConsultationWindow { opens: window.opens(), closes: window.closes() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::campaign::{Campaign, Dates};
    use chrono::NaiveDate;
    use proptest::prelude::*;
    use rstest::rstest;
    use std::collections::BTreeSet;

    fn campaign() -> Campaign {
        let day = |d| NaiveDate::from_ymd_opt(2026, 12, d).unwrap();
        let dates = Dates { from: day(1), to: day(10), consult_until: day(20), handbook_until: day(31) };
        Campaign::with_file("", dates).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(&format!("2026-12-{text}+07:00")).unwrap()
    }

    #[rstest]
    #[case("03T09:00:00", 30, None)]
    #[case("03T09:05:00", 5, None)]
    #[case("03T09:00:00", 31, Some("too_long"))]
    #[case("03T09:00:00", 35, Some("too_long"))]
    #[case("03T09:00:00", 0, Some("too_long"))]
    #[case("03T09:00:00", -30, Some("too_long"))]
    #[case("03T09:02:00", 30, Some("off_grid"))]
    #[case("03T09:00:01", 30, Some("off_grid"))]
    #[case("03T09:00:00", 12, Some("off_grid"))]
    #[case("02T08:55:00", 30, Some("in_the_past"))]
    #[case("20T23:30:00", 30, None)]
    #[case("20T23:35:00", 30, Some("outside_consultation_window"))]
    #[case("21T09:00:00", 30, Some("outside_consultation_window"))]
    fn a_time_is_checked_before_any_doctor_is(
        #[case] start: &str,
        #[case] minutes: i64,
        #[case] rule: Option<&str>,
    ) {
        let campaign = campaign();
        let limits = campaign.limits_on(NaiveDate::from_ymd_opt(2026, 12, 2).unwrap());
        let result = check_time(at(start), minutes, &limits, &campaign.consultation, at("02T09:00:00"));
        assert_eq!(result.err().map(|refusal| refusal.rule()), rule);
    }

    #[rstest]
    #[case("09:30:00", 0)]
    #[case("09:30:01", 1)]
    #[case("09:31:00", 1)]
    #[case("09:35:00", 5)]
    #[case("09:00:00", 0)]
    fn what_ran_over_is_measured_in_minutes_begun(#[case] end: &str, #[case] over: i64) {
        assert_eq!(minutes_over(at("03T09:00:00"), at(&format!("03T{end}")), 30), over);
    }

    #[test]
    fn half_an_hour_is_six_granules() {
        let covered: Vec<String> = granules(at("03T09:00:00"), 30, 5).map(Timestamp::hm).collect();
        assert_eq!(covered, ["09:00", "09:05", "09:10", "09:15", "09:20", "09:25"]);
    }

    #[test]
    fn codes_read_back_and_an_ended_appointment_never_moves() {
        for state in AppointmentState::ALL {
            assert_eq!(AppointmentState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
            let moves = AppointmentState::ALL.into_iter().any(|next| state.may_become(next));
            assert_eq!(moves, !state.is_final(), "{state:?}");
        }
    }

    #[test]
    fn only_a_cancelled_or_moved_appointment_frees_the_doctor() {
        let free: Vec<_> = AppointmentState::ALL.into_iter().filter(|s| !s.occupies()).collect();
        assert_eq!(free, [AppointmentState::Cancelled, AppointmentState::Moved]);
    }

    proptest! {
        #[test]
        fn sharing_a_granule_is_overlapping(a in 0_i64..40, m in 1_i64..7, b in 0_i64..40, n in 1_i64..7) {
            let stretch = |start: i64, length: i64| (at("03T08:00:00").plus_minutes(start * 5), length * 5);
            let (one, two) = (stretch(a, m), stretch(b, n));
            let covered = |s: (Timestamp, i64)| granules(s.0, s.1, 5).collect::<BTreeSet<_>>();
            prop_assert_eq!(overlaps(one, two), !covered(one).is_disjoint(&covered(two)));
        }
    }
}

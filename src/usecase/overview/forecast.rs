//! Forecasts when the last seat is taken, at the pace of the latest days. An estimate with its spread: registrations
//! of a day come independently, so that N of them are known to about √N.

use super::charts::DayCounts;
use crate::domain::time::{DAY_MS, Timestamp};
use crate::usecase::model::count::Forecast;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Days that make the pace.
const PACE_DAYS: usize = 7;
/// 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_964;
/// No estimate reaches further than this many days.
const FURTHEST_DAYS: f64 = 3_650.0;

/// Registrations over some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pace {
    /// How many.
    pub registered: i64,
    /// Over how many days.
    pub days: i64,
}

impl Pace {
    /// Registrations per day; 0 without any day.
    pub(super) fn per_day(self) -> f64 {
        if self.days == 0 { 0.0 } else { self.registered as f64 / self.days as f64 }
    }
}

/// The pace of the last 7 days with any registration. Today is not over and counts only when there is no other.
pub(super) fn pace(days: &BTreeMap<NaiveDate, DayCounts>, today: NaiveDate) -> Pace {
    let add = |pace: Pace, counts: &DayCounts| Pace {
        registered: pace.registered + counts.registered,
        days: pace.days + 1,
    };
    let over = days
        .range(..today)
        .rev()
        .map(|(_, counts)| counts)
        .filter(|counts| counts.registered > 0)
        .take(PACE_DAYS);
    let pace = over.fold(Pace::default(), add);
    if pace.days > 0 {
        return pace;
    }
    days.get(&today).filter(|counts| counts.registered > 0).map_or(pace, |counts| add(pace, counts))
}

/// When `left` more seats are gone. None when nothing is left, nobody registers, or registration closes before the
/// earliest of the estimate. No bound lies after the closing.
pub(super) fn full_at(pace: Pace, left: i64, now: Timestamp, closes: Timestamp) -> Option<Forecast> {
    if left <= 0 || pace.registered <= 0 || pace.days <= 0 {
        return None;
    }
    let spread = Z * (pace.registered as f64).sqrt();
    let after = |registered: f64| {
        let per_day = registered / pace.days as f64;
        let days = if per_day > 0.0 { left as f64 / per_day } else { FURTHEST_DAYS };
        now.plus_ms((days.min(FURTHEST_DAYS) * DAY_MS as f64) as i64)
    };
    let registered = pace.registered as f64;
    let early = after(registered + spread);
    if early > closes {
        return None;
    }
    let at = after(registered).clamp(early, closes);
    Some(Forecast { early, at, late: after(registered - spread).clamp(at, closes) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn counts(registered: i64) -> DayCounts {
        DayCounts { calls: 0, registered }
    }

    #[test]
    fn the_pace_takes_the_last_seven_days_with_any_registration() {
        let mut days: BTreeMap<NaiveDate, DayCounts> = BTreeMap::new();
        days.insert(day("2026-12-01"), counts(700));
        for date in 2..=8 {
            days.insert(day(&format!("2026-12-0{date}")), counts(20));
        }
        days.insert(day("2026-12-09"), counts(0));
        days.insert(day("2026-12-10"), counts(3));
        assert_eq!(pace(&days, day("2026-12-10")), Pace { registered: 140, days: 7 });
    }

    #[test]
    fn on_the_first_day_today_is_all_there_is() {
        let days = BTreeMap::from([(day("2026-12-01"), counts(5))]);
        assert_eq!(pace(&days, day("2026-12-01")), Pace { registered: 5, days: 1 });
        assert_eq!(pace(&BTreeMap::new(), day("2026-12-01")), Pace::default());
        assert!(Pace::default().per_day().abs() < f64::EPSILON);
    }

    #[test]
    fn the_estimate_lies_between_its_bounds_and_more_days_narrow_them() {
        let now = Timestamp::start_of(day("2026-12-01"));
        let far = now.plus_days(4_000);
        let Forecast { early, at, late } = full_at(Pace { registered: 20, days: 1 }, 200, now, far).unwrap();
        assert_eq!(at, now.plus_days(10));
        assert!(early < at && at < late);
        let narrow = full_at(Pace { registered: 140, days: 7 }, 200, now, far).unwrap();
        assert_eq!(narrow.at, at);
        assert!(early < narrow.early && narrow.late < late);
    }

    #[test]
    fn a_full_programme_and_a_silent_one_have_no_forecast() {
        let now = Timestamp::start_of(day("2026-12-01"));
        let far = now.plus_days(4_000);
        assert_eq!(full_at(Pace { registered: 20, days: 1 }, 0, now, far), None);
        assert_eq!(full_at(Pace { registered: 0, days: 0 }, 5, now, far), None);
        let Forecast { late, .. } = full_at(Pace { registered: 1, days: 1 }, 5, now, far).unwrap();
        assert_eq!(late, now.plus_days(3_650));
    }

    #[test]
    fn the_estimate_ends_with_registration_and_stays_inside_its_bounds() {
        let now = Timestamp::start_of(day("2026-12-01"));
        let pace = Pace { registered: 20, days: 1 };
        let closes = now.plus_days(9);
        let Forecast { early, at, late } = full_at(pace, 200, now, closes).unwrap();
        assert!(early < at && at == closes && late == closes);
        assert_eq!(full_at(pace, 2_000, now, closes), None, "it does not fill up before it closes");
        for left in 1..400 {
            if let Some(Forecast { early, at, late }) = full_at(pace, left, now, closes) {
                assert!(now <= early && early <= at && at <= late && late <= closes, "{left}");
            }
        }
    }
}

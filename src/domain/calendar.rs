//! Civil days and hours of the programme: public holidays (an editable file), working days, daily windows, parts
//! of the day, ages. All in Vietnam time; nothing here reads a clock.

use super::time::{DAY_MS, MINUTE_MS, Timestamp};
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Minutes in a day.
const DAY_MINUTES: u32 = 24 * 60;

/// Public holidays: date → name. TOML form: a table `"2026-01-01" = "…"`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holidays(pub BTreeMap<NaiveDate, String>);

impl Holidays {
    /// The holiday's name, when `date` is one.
    pub fn name_of(&self, date: NaiveDate) -> Option<&str> {
        self.0.get(&date).map(String::as_str)
    }

    /// Monday to Friday and no holiday.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !self.0.contains_key(&date)
    }

    /// The date `days` working days after `date`; `date` itself does not count.
    pub fn add_working_days(&self, date: NaiveDate, days: u32) -> NaiveDate {
        let mut at = date;
        let mut left = days;
        while left > 0 {
            at += TimeDelta::days(1);
            if self.is_working_day(at) {
                left -= 1;
            }
        }
        at
    }
}

/// A window of every day, `[opens, closes)` in minutes of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyWindow {
    /// First minute inside.
    pub opens_minute: u32,
    /// First minute after it, greater than `opens_minute`, at most 1440.
    pub closes_minute: u32,
}

impl DailyWindow {
    /// A window; none unless `opens < closes ≤ 1440`.
    pub const fn new(opens_minute: u32, closes_minute: u32) -> Option<Self> {
        if opens_minute < closes_minute && closes_minute <= DAY_MINUTES {
            Some(Self { opens_minute, closes_minute })
        } else {
            None
        }
    }

    /// Whether the instant lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        (self.opens_minute..self.closes_minute).contains(&at.minute_of_day())
    }

    /// The first instant from `at` on that lies inside.
    pub fn next_open(&self, at: Timestamp) -> Timestamp {
        if self.contains(at) {
            return at;
        }
        let today = Timestamp::start_of(at.date()).plus_ms(i64::from(self.opens_minute) * MINUTE_MS);
        if at < today { today } else { today.plus_ms(DAY_MS) }
    }
}

/// A part of the day, for "another part of the day each time".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayPart {
    /// Before 11:00.
    Morning,
    /// 11:00–13:30.
    Midday,
    /// 13:30–17:00.
    Afternoon,
    /// From 17:00.
    Evening,
}

impl DayPart {
    /// The part of the day of an instant.
    pub fn of(at: Timestamp) -> Self {
        match at.minute_of_day() {
            0..660 => Self::Morning,
            660..810 => Self::Midday,
            810..1020 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// The least age on `date` of a person of whom only the year of birth is known.
pub fn age_on(birth_year: i32, date: NaiveDate) -> i32 {
    date.year() - birth_year - 1
}

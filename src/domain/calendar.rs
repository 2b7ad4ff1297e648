//! Civil days and hours of the programme: public holidays (an editable file), working days, daily windows, parts
//! of the day, ages. All in Vietnam time; nothing here reads a clock.

use super::time::{DAY_MS, MINUTE_MS, Timestamp};
use chrono::{Datelike, NaiveDate, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;
use std::fmt;

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

    /// The date `days` working days after `date`; `date` itself does not count. Deadlines of the law
    /// on personal data (91/2025/QH15) are counted so. Stops at the end of the calendar.
    pub fn add_working_days(&self, date: NaiveDate, days: u32) -> NaiveDate {
        let mut at = date;
        let mut left = days;
        while left > 0 {
            let Some(next) = at.succ_opt() else { break };
            at = next;
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

    /// The first instant after `at` that lies outside, for an `at` inside.
    pub fn closes_after(&self, at: Timestamp) -> Timestamp {
        Timestamp::start_of(at.date()).plus_ms(i64::from(self.closes_minute) * MINUTE_MS)
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

/// A time of the day, in minutes since midnight, 0–1440 (24:00). JSON form: `"18:30"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(with = "String")]
pub struct MinuteOfDay(pub u32);

impl MinuteOfDay {
    /// Reads `HH:mm`.
    pub fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.trim().split_once(':')?;
        let two = |part: &str| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u32>().ok())
                .flatten()
        };
        let (hour, minute) = (two(hour)?, two(minute)?);
        (minute < 60 && hour * 60 + minute <= DAY_MINUTES).then_some(Self(hour * 60 + minute))
    }
}

impl fmt::Display for MinuteOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for MinuteOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MinuteOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom(format!("{text:?} is not a time of the day such as \"08:00\"")))
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
    date.year().saturating_sub(birth_year).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(&format!("2026-12-02T{text}+07:00")).unwrap()
    }

    fn holidays() -> Holidays {
        #[derive(Deserialize)]
        struct File {
            holidays: Holidays,
        }
        let file = "[holidays]\n\"2026-08-31\" = \"Nghỉ bù\"\n\"2026-09-01\" = \"Quốc khánh\"\n2026-09-02 = \"Quốc khánh\"";
        toml::from_str::<File>(file).unwrap().holidays
    }

    #[test]
    fn working_days_pass_over_weekends_and_holidays() {
        let holidays = holidays();
        assert_eq!(holidays.name_of(day("2026-09-02")), Some("Quốc khánh"));
        assert!(!holidays.is_working_day(day("2026-08-31")));
        assert!(!holidays.is_working_day(day("2026-08-29")));
        for (from, days, to) in [
            ("2026-08-28", 1, "2026-09-03"),
            ("2026-08-28", 2, "2026-09-04"),
            ("2026-08-29", 1, "2026-09-03"),
            ("2026-12-02", 2, "2026-12-04"),
            ("2026-12-04", 0, "2026-12-04"),
        ] {
            assert_eq!(holidays.add_working_days(day(from), days), day(to), "{from} + {days}");
        }
        assert_eq!(Holidays::default().add_working_days(NaiveDate::MAX, 2), NaiveDate::MAX);
    }

    #[test]
    fn a_daily_window_includes_its_first_minute_and_not_its_last() {
        let window = DailyWindow::new(8 * 60, 17 * 60).unwrap();
        for (time, inside) in [
            ("07:59:59.999", false),
            ("08:00:00", true),
            ("16:59:59.999", true),
            ("17:00:00", false),
            ("00:00:00", false),
        ] {
            assert_eq!(window.contains(at(time)), inside, "{time}");
        }
        assert_eq!(window.next_open(at("07:00:00")), at("08:00:00"));
        assert_eq!(window.next_open(at("09:15:30")), at("09:15:30"));
        assert_eq!(window.next_open(at("17:00:00")), at("08:00:00").plus_days(1));
        assert_eq!(DailyWindow::new(0, 1440).unwrap().next_open(at("23:59:59")), at("23:59:59"));
        for (opens, closes) in [(480, 480), (481, 480), (0, 1441)] {
            assert_eq!(DailyWindow::new(opens, closes), None);
        }
    }

    #[test]
    fn a_day_has_four_parts() {
        for (time, part) in [
            ("00:00:00", DayPart::Morning),
            ("10:59:59", DayPart::Morning),
            ("11:00:00", DayPart::Midday),
            ("13:30:00", DayPart::Afternoon),
            ("16:59:59", DayPart::Afternoon),
            ("17:00:00", DayPart::Evening),
        ] {
            assert_eq!(DayPart::of(at(time)), part, "{time}");
        }
    }

    #[test]
    fn an_age_from_the_year_alone_is_the_least_possible() {
        assert_eq!(age_on(2008, day("2026-12-02")), 17);
        assert_eq!(age_on(2007, day("2026-12-02")), 18);
        assert_eq!(age_on(i32::MIN, day("2026-12-02")), i32::MAX - 1);
    }

    proptest! {
        #[test]
        fn the_next_opening_is_inside_and_the_first(ms in 0_i64..4_000_000_000_000, opens in 0_u32..1440, length in 1_u32..1440) {
            if let Some(window) = DailyWindow::new(opens, opens + length) {
                let asked = Timestamp(ms);
                let next = window.next_open(asked);
                prop_assert!(window.contains(next) && next >= asked);
                prop_assert!(next == asked || !window.contains(next.plus_ms(-1)) || window.contains(asked));
                prop_assert!(next.since(asked) <= DAY_MS);
            }
        }
    }
}

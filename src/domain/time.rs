//! Instants and the civil time of the programme. An instant is epoch milliseconds in UTC; people see
//! Asia/Ho_Chi_Minh, a fixed UTC+7 without daylight saving time. Nothing here reads a clock.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;
const OFFSET_MS: i64 = 7 * HOUR_MS;

/// An instant: milliseconds since 1970-01-01T00:00:00Z. JSON form: RFC 3339 in UTC+7.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, JsonSchema)]
#[schemars(with = "String")]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The earliest instant a store holds; "always due".
    pub const ZERO: Self = Self(0);

    /// Epoch milliseconds.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// This instant moved by `ms` milliseconds (negative: earlier).
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// This instant moved by whole minutes.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_ms(minutes.saturating_mul(MINUTE_MS))
    }

    /// This instant moved by whole days of 24 hours.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_ms(days.saturating_mul(DAY_MS))
    }

    /// Milliseconds from `earlier` to this instant (negative when it is later).
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Civil date and time in Vietnam.
    pub fn local(self) -> NaiveDateTime {
        DateTime::from_timestamp_millis(self.0.saturating_add(OFFSET_MS))
            .unwrap_or(DateTime::UNIX_EPOCH)
            .naive_utc()
    }

    /// Civil date in Vietnam.
    pub fn date(self) -> NaiveDate {
        self.local().date()
    }

    /// Minutes since local midnight, 0–1439.
    pub fn minute_of_day(self) -> u32 {
        let time = self.local().time();
        time.hour() * 60 + time.minute()
    }

    /// The instant of a civil date and time in Vietnam.
    pub fn from_local(date: NaiveDate, time: NaiveTime) -> Self {
        Self(date.and_time(time).and_utc().timestamp_millis() - OFFSET_MS)
    }

    /// Local midnight at the start of `date`.
    pub fn start_of(date: NaiveDate) -> Self {
        Self::from_local(date, NaiveTime::MIN)
    }

    /// The last millisecond of `date`, Vietnam time: windows of dates include their last day.
    pub fn end_of(date: NaiveDate) -> Self {
        Self::start_of(date + TimeDelta::days(1)).plus_ms(-1)
    }

    /// Reads an RFC 3339 instant with its offset.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text.trim()).ok().map(|t| Self(t.timestamp_millis()))
    }

    /// `dd/MM/yyyy HH:mm`, Vietnam time.
    pub fn dmy_hm(self) -> String {
        self.local().format("%d/%m/%Y %H:%M").to_string()
    }

    /// `dd/MM/yyyy HH:mm`, with the seconds where there are any: an instant from which something is allowed is not
    /// cut to a minute at which it is not.
    pub fn dmy_clock(self) -> String {
        let has_seconds = self.0.rem_euclid(MINUTE_MS) >= 1000;
        self.local().format(if has_seconds { "%d/%m/%Y %H:%M:%S" } else { "%d/%m/%Y %H:%M" }).to_string()
    }

    /// `dd/MM HH:mm`, with the year where it is not that of `now`, Vietnam time.
    pub fn dm_hm_near(self, now: Self) -> String {
        if self.local().year() == now.local().year() { self.dm_hm() } else { self.dmy_hm() }
    }

    /// `dd/MM HH:mm`, Vietnam time.
    pub fn dm_hm(self) -> String {
        self.local().format("%d/%m %H:%M").to_string()
    }

    /// `HH:mm`, Vietnam time.
    pub fn hm(self) -> String {
        self.local().format("%H:%M").to_string()
    }

    /// `dd/MM/yyyy`, Vietnam time.
    pub fn dmy(self) -> String {
        self.local().format("%d/%m/%Y").to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = FixedOffset::east_opt(7 * 3600).ok_or(fmt::Error)?;
        let utc = DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::UNIX_EPOCH);
        let format =
            if self.0 % 1000 == 0 { chrono::SecondsFormat::Secs } else { chrono::SecondsFormat::Millis };
        f.write_str(&utc.with_timezone(&offset).to_rfc3339_opts(format, false))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "{text:?} is not an RFC 3339 time such as 2026-12-02T09:00:00+07:00"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_prints_and_reads_in_vietnam_time() {
        let t = Timestamp::parse("2026-12-02T02:00:00Z").unwrap();
        assert_eq!(t.to_string(), "2026-12-02T09:00:00+07:00");
        assert_eq!(Timestamp::parse(&t.to_string()), Some(t));
        assert_eq!(t.dmy_hm(), "02/12/2026 09:00");
        assert_eq!(t.minute_of_day(), 540);
    }

    #[test]
    fn seconds_are_shown_where_there_are_any_and_the_year_where_it_is_another() {
        let t = Timestamp::parse("2026-12-02T09:00:00+07:00").unwrap();
        assert_eq!(t.dmy_clock(), "02/12/2026 09:00");
        assert_eq!(t.plus_ms(1500).dmy_clock(), "02/12/2026 09:00:01");
        assert_eq!(t.dm_hm_near(t.plus_days(20)), "02/12 09:00");
        assert_eq!(t.dm_hm_near(t.plus_days(40)), "02/12/2026 09:00");
    }

    #[test]
    fn a_day_of_vietnam_starts_at_17_utc() {
        let d = NaiveDate::from_ymd_opt(2026, 12, 2).unwrap();
        assert_eq!(Timestamp::start_of(d), Timestamp::parse("2026-12-01T17:00:00Z").unwrap());
        assert_eq!(Timestamp::end_of(d).date(), d);
        assert_eq!(Timestamp::end_of(d).plus_ms(1).date(), d.succ_opt().unwrap());
    }
}

//! Parses a promised time as an agent types it during a call: `03/12 9:00`, `9h30`, `mai 9:00`, `mốt 14h`, `+2h`,
//! `+45p`. Accents may be left out. A date without a year is the next such day, unless that is so far off that the past one
//! was more likely meant.

use crate::domain::text::fold;
use crate::domain::time::{DAY_MS, Timestamp};
use chrono::{Datelike, Days, NaiveDate, NaiveTime};

/// Why a text is no promised time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenError {
    /// Nothing was typed.
    Empty,
    /// It cannot be parsed, or the day or hour does not exist.
    Unreadable,
    /// It is in the past.
    Past,
    /// A day without a year that has gone by this year and is far off next year.
    PassedDay,
}

impl WhenError {
    /// The locale key of the sentence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "call.when.empty",
            Self::Unreadable => "call.when.unreadable",
            Self::Past => "call.when.past",
            Self::PassedDay => "call.when.passed_day",
        }
    }
}

/// The instant that `text` means at `now`.
///
/// # Errors
/// See [`WhenError`].
pub fn read(text: &str, now: Timestamp) -> Result<Timestamp, WhenError> {
    let text = fold(text);
    let text = text.trim();
    if text.is_empty() {
        return Err(WhenError::Empty);
    }
    let at = match text.strip_prefix('+') {
        Some(rest) => after(rest, now),
        None => on_a_day(text, now),
    };
    match at {
        None => Err(WhenError::Unreadable),
        Some(at) if at <= now => Err(WhenError::Past),
        Some(at) if !names_year(text) && at.since(now) > FAR_OFF_MS => Err(WhenError::PassedDay),
        Some(at) => Ok(at),
    }
}

const MAX_AHEAD: i64 = 10_000;
/// "30/11" on 1 December is yesterday, and not the day in a year.
const FAR_OFF_MS: i64 = 180 * DAY_MS;

/// Whether the text says the year, or how long from now.
fn names_year(text: &str) -> bool {
    text.starts_with('+') || text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4)
}

/// `2h`, `2h30`, `45p`, `45'`, `3d`: that long from now, on whole minutes.
fn after(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: i64 = text[..digits].parse().ok().filter(|n| *n <= MAX_AHEAD)?;
    let unit = text[digits..].trim();
    let minutes = match unit {
        "h" | "g" | "gio" => number * 60,
        "p" | "'" | "phut" | "m" => number,
        "d" | "n" | "ngay" => number * 24 * 60,
        _ => {
            let rest = unit.strip_prefix(['h', 'g'])?;
            number * 60 + rest.trim_end_matches(['p', '\'']).parse::<i64>().ok().filter(|m| *m < 60)?
        }
    };
    Some(Timestamp(now.plus_minutes(minutes).ms() / 60_000 * 60_000))
}

/// A day, if one is named, and a time of day.
fn on_a_day(text: &str, now: Timestamp) -> Option<Timestamp> {
    let (day, time) = match text.rsplit_once(' ') {
        Some((day, time)) => (Some(day.trim()), time),
        None => (None, text),
    };
    let date = match day {
        None | Some("nay" | "hom nay") => now.date(),
        Some("mai" | "ngay mai") => now.date().checked_add_days(Days::new(1))?,
        Some("mot" | "kia" | "ngay kia" | "ngay mot") => now.date().checked_add_days(Days::new(2))?,
        Some(day) => named_date(day, now.date())?,
    };
    Some(Timestamp::from_local(date, time_of_day(time)?))
}

/// `d/M` (the next such day from `today` on) or `d/M/yyyy`.
fn named_date(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let mut parts = text.split(['/', '-', '.']);
    let day = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    match parts.next() {
        Some(year) => NaiveDate::from_ymd_opt(year.parse().ok()?, month, day),
        None => [today.year(), today.year() + 1]
            .into_iter()
            .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
            .find(|date| *date >= today),
    }
}

/// `9:00`, `9h`, `9h30`, `09:30`.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.split_once([':', 'h', 'g'])?;
    let minute = if minute.is_empty() { 0 } else { minute.parse().ok()? };
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::at;

    fn now() -> Timestamp {
        at("2026-12-02T09:30:20")
    }

    #[test]
    fn agents_write_times_in_many_ways() {
        let table = [
            ("03/12 9:00", "2026-12-03T09:00:00"),
            ("3/12 14h", "2026-12-03T14:00:00"),
            ("03/12/2026 09:05", "2026-12-03T09:05:00"),
            ("1/1 8h", "2027-01-01T08:00:00"),
            ("30/11/2027 9:00", "2027-11-30T09:00:00"),
            ("10:15", "2026-12-02T10:15:00"),
            ("18h30", "2026-12-02T18:30:00"),
            ("mai 9:00", "2026-12-03T09:00:00"),
            ("Ngày mai 9h", "2026-12-03T09:00:00"),
            ("mốt 9h", "2026-12-04T09:00:00"),
            ("+2h", "2026-12-02T11:30:00"),
            ("+1h30", "2026-12-02T11:00:00"),
            ("+45p", "2026-12-02T10:15:00"),
            ("+ 1 ngày", "2026-12-03T09:30:00"),
        ];
        for (text, wanted) in table {
            assert_eq!(read(text, now()), Ok(at(wanted)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_to_come_is_refused_with_its_reason() {
        let table = [
            ("", WhenError::Empty),
            ("   ", WhenError::Empty),
            ("30/02 9:00", WhenError::Unreadable),
            ("mai", WhenError::Unreadable),
            ("25:00", WhenError::Unreadable),
            ("9:75", WhenError::Unreadable),
            ("+99999999999999999999h", WhenError::Unreadable),
            ("+h", WhenError::Unreadable),
            ("30/11 9:00", WhenError::PassedDay),
            ("chiều", WhenError::Unreadable),
            ("9:00", WhenError::Past),
            ("01/12/2026 9:00", WhenError::Past),
            ("+0p", WhenError::Past),
        ];
        for (text, wanted) in table {
            assert_eq!(read(text, now()), Err(wanted), "{text:?}");
        }
    }
}

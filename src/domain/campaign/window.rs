//! A window of dates, both days included, Vietnam time.

use super::super::time::Timestamp;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Days `from` to `to`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateWindow {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl DateWindow {
    /// First instant.
    pub fn opens(&self) -> Timestamp {
        Timestamp::start_of(self.from)
    }

    /// Last instant.
    pub fn closes(&self) -> Timestamp {
        Timestamp::end_of(self.to)
    }

    /// Whether the instant lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.opens() <= at && at <= self.closes()
    }

    /// Days left on the day of `at`, that day included; 0 when over.
    pub fn days_left(&self, at: Timestamp) -> i64 {
        ((self.to - at.date().max(self.from)).num_days() + 1).max(0)
    }

    pub(super) fn to_toml(self) -> toml::Value {
        let day = |date: NaiveDate| toml::Value::String(date.to_string());
        toml::Value::Table(toml::Table::from_iter([
            ("from".to_owned(), day(self.from)),
            ("to".to_owned(), day(self.to)),
        ]))
    }
}

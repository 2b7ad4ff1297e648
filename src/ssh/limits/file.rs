//! Reads the limits from a file on the host: TOML, one `name = number` a line, every name optional.
//!
//! Invariants:
//! - one table gives each limit its name, unit and range, and reads, checks and writes it;
//! - a file with anything unknown or out of range changes no limit at all.
//!
//! Deliberately absent: sections, and limits that depend on each other. The ranges of two that belong together do not
//! overlap.

use super::Limits;
use crate::domain::text::clean;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Columns of a name that is shown.
const SHOWN: usize = 40;

/// One limit of the file.
pub struct Bound {
    /// Its name, with its unit last.
    pub name: &'static str,
    /// The least that it may be.
    pub least: u64,
    /// The most that it may be.
    pub most: u64,
    get: fn(&Limits) -> u64,
    set: fn(&mut Limits, u64),
}

impl Bound {
    /// Its value in `limits`.
    pub fn of(&self, limits: &Limits) -> u64 {
        (self.get)(limits)
    }
}

/// Why a file changes no limit.
#[derive(Debug)]
pub enum Problem {
    /// It cannot be read.
    Io(io::Error),
    /// This line is no `name = number`; the first is 1.
    Syntax {
        /// Which.
        line: usize,
    },
    /// No limit has this name.
    Unknown {
        /// The name, shortened and without control characters.
        name: String,
    },
    /// A limit is not a whole number, or is out of its range.
    Range {
        /// Which.
        bound: &'static Bound,
    },
}

impl Problem {
    /// The public code in the log.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "limits_unreadable",
            Self::Syntax { .. } => "limits_syntax",
            Self::Unknown { .. } => "limits_unknown",
            Self::Range { .. } => "limits_range",
        }
    }
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}–{}", self.name, self.least, self.most)
    }
}

/// A kind of value; `get` undoes `set` for every value in range.
struct Unit<T> {
    get: fn(&T) -> u64,
    set: fn(u64) -> T,
}

const MILLISECONDS: Unit<Duration> =
    Unit { get: |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX), set: Duration::from_millis };
const SECONDS: Unit<Duration> = Unit { get: Duration::as_secs, set: Duration::from_secs };
const MINUTES: Unit<Duration> = Unit { get: |time| time.as_secs() / 60, set: Duration::from_mins };
/// 0 is never.
const MINUTES_OR_NEVER: Unit<Option<Duration>> = Unit {
    get: |time| time.map_or(0, |time| time.as_secs() / 60),
    set: |minutes| (minutes > 0).then(|| Duration::from_mins(minutes)),
};
const COUNT: Unit<usize> =
    Unit { get: |count| *count as u64, set: |count| usize::try_from(count).unwrap_or(usize::MAX) };
const NUMBER: Unit<u32> =
    Unit { get: |number| u64::from(*number), set: |number| u32::try_from(number).unwrap_or(u32::MAX) };
const SIDE: Unit<u16> =
    Unit { get: |side| u64::from(*side), set: |side| u16::try_from(side).unwrap_or(u16::MAX) };

macro_rules! bounds {
    ($($name:ident: $least:literal ..= $most:literal, $field:ident as $unit:ident;)*) => {
        /// Every bound that a file may set.
        pub const BOUNDS: &[Bound] = &[$(Bound {
            name: stringify!($name),
            least: $least,
            most: $most,
            get: |limits| ($unit.get)(&limits.$field),
            set: |limits, value| limits.$field = ($unit.set)(value),
        },)*];
    };
}

bounds! {
    login_seconds: 5..=120, login as SECONDS;
    settle_seconds: 5..=120, settle as SECONDS;
    attempts: 1..=20, attempts as COUNT;
    refusal_ms: 0..=5000, refusal as MILLISECONDS;
    connections_at_once: 10..=100_000, connections_at_once as NUMBER;
    connections_per_second: 1..=10_000, connections_per_second as NUMBER;
    unauthenticated: 10..=5000, unauthenticated as COUNT;
    unauthenticated_per_address: 1..=5000, unauthenticated_per_address as COUNT;
    sessions: 1..=5000, sessions as COUNT;
    sessions_per_key: 1..=5000, sessions_per_key as COUNT;
    keepalive_seconds: 5..=600, keepalive as SECONDS;
    keepalives: 1..=10, keepalives as COUNT;
    session_minutes: 10..=1440, session as MINUTES;
    idle_lock_minutes: 0..=600, idle_lock as MINUTES_OR_NEVER;
    bytes_per_second: 4096..=16_777_216, bytes_per_second as NUMBER;
    burst_bytes: 65_536..=67_108_864, burst as NUMBER;
    paste_bytes: 1024..=4_194_304, paste as COUNT;
    least_columns: 20..=80, least_columns as SIDE;
    least_rows: 8..=24, least_rows as SIDE;
    most_columns: 80..=1000, most_columns as SIDE;
    most_rows: 24..=500, most_rows as SIDE;
    stop_seconds: 1..=15, stop as SECONDS;
    recheck_seconds: 1..=60, recheck as SECONDS;
}

/// Old names that a file may still use, with the names of today.
const OLD_NAMES: &[(&str, &str)] =
    &[("strangers", "unauthenticated"), ("strangers_per_address", "unauthenticated_per_address")];

/// The limits that the file at `path` gives; what it leaves out is as in `base`.
pub fn read(path: &Path, base: Limits) -> Result<Limits, Problem> {
    parse(&fs::read_to_string(path).map_err(Problem::Io)?, base)
}

/// The same, from the file's text.
pub fn parse(text: &str, base: Limits) -> Result<Limits, Problem> {
    let table = text.parse::<toml::Table>().map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        Problem::Syntax { line: before.matches('\n').count() + 1 }
    })?;
    let mut limits = base;
    for (name, value) in &table {
        let today = OLD_NAMES.iter().find(|(old, _)| old == name).map_or(name.as_str(), |(_, today)| *today);
        let bound = BOUNDS
            .iter()
            // A limit that is given under both of its names is given twice.
            .find(|bound| bound.name == today && (today == name || !table.contains_key(today)))
            .ok_or_else(|| Problem::Unknown { name: clean(name, SHOWN) })?;
        let value = value
            .as_integer()
            .and_then(|value| u64::try_from(value).ok())
            .filter(|value| (bound.least..=bound.most).contains(value))
            .ok_or(Problem::Range { bound })?;
        (bound.set)(&mut limits, value);
    }
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Limits {
        parse(text, Limits::default()).unwrap()
    }

    fn wrong(text: &str) -> String {
        match parse(text, Limits::default()).unwrap_err() {
            Problem::Io(error) => error.to_string(),
            Problem::Syntax { line } => format!("line {line}"),
            Problem::Unknown { name } => format!("unknown {name}"),
            Problem::Range { bound } => format!("{bound:?}"),
        }
    }

    #[test]
    fn what_a_file_leaves_out_stays_and_what_it_says_is_so() {
        assert_eq!(set(""), Limits::default());
        let limits =
            set("# less\nlogin_seconds = 30\nsessions = 50 # here\nidle_lock_minutes = 5\nmost_rows = 60\n");
        let expected = Limits {
            login: Duration::from_secs(30),
            sessions: 50,
            idle_lock: Some(Duration::from_mins(5)),
            most_rows: 60,
            ..Limits::default()
        };
        assert_eq!(limits, expected);
        let base = Limits { idle_lock: Some(Duration::from_mins(10)), ..Limits::default() };
        assert_eq!(parse("idle_lock_minutes = 0", base).unwrap().idle_lock, None);
    }

    #[test]
    fn every_bound_reads_back_what_it_was_set_to_and_touches_no_other() {
        for bound in BOUNDS {
            for value in [bound.least, bound.most] {
                let limits = set(&format!("{} = {value}", bound.name));
                assert_eq!(bound.of(&limits), value, "{bound:?}");
                let others = BOUNDS.iter().filter(|other| other.name != bound.name);
                for other in others {
                    assert_eq!(other.of(&limits), other.of(&Limits::default()), "{bound:?} {other:?}");
                }
            }
            assert!((bound.least..=bound.most).contains(&bound.of(&Limits::default())), "{bound:?}");
        }
    }

    #[test]
    fn one_wrong_line_and_none_counts() {
        assert_eq!(wrong("sessions = 50\nsesions = 50"), "unknown sesions");
        assert_eq!(wrong("sessions = 0"), "sessions 1–5000");
        assert_eq!(wrong("login_seconds = 121"), "login_seconds 5–120");
        assert_eq!(wrong("attempts = -1"), "attempts 1–20");
        assert_eq!(wrong("attempts = 3.0"), "attempts 1–20");
        assert_eq!(wrong("attempts = \"3\""), "attempts 1–20");
        assert_eq!(wrong("[sessions]\nmost = 3"), "sessions 1–5000");
        assert!(!wrong("\"\\u001b[31mx\\u0007\" = 1").contains(char::is_control));
        assert_eq!(wrong("sessions = 50\nattempts 3\n"), "line 2");
        assert_eq!(wrong("sessions = 50\nsessions = 50"), "line 2");
    }

    #[test]
    fn an_old_name_is_still_read_but_not_beside_the_new_one() {
        let old = set("strangers = 40\nstrangers_per_address = 4");
        assert_eq!(old, set("unauthenticated = 40\nunauthenticated_per_address = 4"));
        assert_eq!((old.unauthenticated, old.unauthenticated_per_address), (40, 4));
        assert_eq!(wrong("strangers = 9"), "unauthenticated 10–5000");
        assert_eq!(wrong("strangers = 40\nunauthenticated = 50"), "unknown strangers");
    }

    #[test]
    fn a_missing_file_is_reported_as_missing() {
        let folder = tempfile::tempdir().unwrap();
        let read = read(&folder.path().join("limits.toml"), Limits::default());
        assert!(matches!(read, Err(Problem::Io(error)) if error.kind() == io::ErrorKind::NotFound));
    }
}

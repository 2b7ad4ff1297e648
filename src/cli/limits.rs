//! Combines the limits of the SSH server from a file of the host and from the command line, which wins.

use super::args::Serve;
use super::fail::Failure;
use super::session::Session;
use crate::ssh::Limits;
use crate::ssh::limits_file::{self, BOUNDS, Problem};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A screen locks after this time when neither the file nor the command line sets one.
const IDLE_LOCK: Duration = Duration::from_mins(10);

/// The sources of the limits; they can be read again.
#[derive(Debug, Clone)]
pub struct Source {
    file: Option<PathBuf>,
    sessions: Option<u32>,
    idle_lock: Option<u32>,
}

impl Source {
    /// From the arguments.
    pub fn of(args: &Serve) -> Self {
        Self { file: args.limits.clone(), sessions: args.sessions, idle_lock: args.idle_lock }
    }

    /// The limits as they are now.
    pub fn read(&self) -> Result<Limits, Problem> {
        let base = Limits { idle_lock: Some(IDLE_LOCK), ..Limits::default() };
        let mut limits = match &self.file {
            Some(file) => limits_file::read(file, base)?,
            None => base,
        };
        if let Some(sessions) = self.sessions {
            limits.sessions = sessions as usize;
        }
        if let Some(minutes) = self.idle_lock {
            limits.idle_lock = after(minutes);
        }
        Ok(limits)
    }

    /// The mistake, as text for a user.
    pub fn failure(&self, problem: &Problem, session: &Session) -> Failure {
        failure(self.file.as_deref().unwrap_or(Path::new("")), problem, session)
    }
}

/// A time in minutes; 0: never.
pub fn after(minutes: u32) -> Option<Duration> {
    (minutes > 0).then(|| Duration::from_mins(u64::from(minutes)))
}

/// The mistake in `file`, as text for a user.
pub fn failure(file: &Path, problem: &Problem, session: &Session) -> Failure {
    let file = file.display().to_string();
    let facts = match problem {
        Problem::Io(error) => return Failure::io(error, &file, session.lang),
        Problem::Syntax { line } => vec![("line", line.to_string())],
        Problem::Unknown { name } => vec![("name", name.clone())],
        Problem::Range { bound } => vec![
            ("name", bound.name.to_owned()),
            ("least", bound.least.to_string()),
            ("most", bound.most.to_string()),
        ],
    };
    let names = BOUNDS.iter().map(|bound| bound.name).collect::<Vec<_>>().join(", ");
    let mut facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    facts.extend([("file", file.as_str()), ("names", names.as_str())]);
    let kind = problem.code();
    let say = |part: &str| session.say(&format!("cli.fail.{kind}.{part}"), &facts);
    Failure::Usage { kind, message: say("message"), hint: say("hint") }
}

/// Lets the process open as many files as `limits` may need; when it may not, it logs a warning and goes on.
pub fn raise_files(limits: &Limits) {
    let want = limits.files();
    let have = open_files(want);
    if have < want {
        tracing::warn!(event = "few_files", have, want);
    }
}

/// Raises the number of files that this process may have open to `want`, or as far towards it as the host allows.
/// Returns the number that holds from now on; it is never lowered.
pub fn open_files(want: u64) -> u64 {
    let now = getrlimit(Resource::Nofile);
    let have = now.current.unwrap_or(u64::MAX);
    let reachable = want.min(now.maximum.unwrap_or(u64::MAX));
    if reachable <= have {
        return have;
    }
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(reachable), maximum: now.maximum });
    if raised.is_ok() { reachable } else { have }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(file: &Path, sessions: Option<u32>, idle_lock: Option<u32>) -> Source {
        Source { file: Some(file.to_owned()), sessions, idle_lock }
    }

    #[test]
    fn the_command_line_wins_over_the_file_and_the_file_over_what_is_usual() {
        let none = Source { file: None, sessions: None, idle_lock: None };
        let usual = none.read().unwrap();
        assert_eq!((usual.sessions, usual.idle_lock), (600, Some(IDLE_LOCK)));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("limits.toml");
        std::fs::write(&file, "sessions = 50\nidle_lock_minutes = 3\nattempts = 5\n").unwrap();
        let filed = source(&file, None, None).read().unwrap();
        assert_eq!((filed.sessions, filed.idle_lock), (50, after(3)));
        let read = source(&file, Some(70), Some(0)).read().unwrap();
        assert_eq!((read.sessions, read.idle_lock, read.attempts), (70, None, 5));
    }

    #[test]
    fn the_files_that_may_be_open_grow_up_to_what_the_host_allows_and_never_shrink() {
        let before = getrlimit(Resource::Nofile);
        let have = before.current.unwrap_or(u64::MAX);
        assert_eq!(open_files(1), have, "fewer are never asked for");
        let most = before.maximum.unwrap_or(u64::MAX);
        let more = have.saturating_add(1).min(most);
        assert_eq!(open_files(more), more);
        assert_eq!(getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX), more);
        assert!(open_files(u64::MAX) <= most);
        assert_eq!(getrlimit(Resource::Nofile).maximum, before.maximum);
    }

    #[test]
    fn the_packaged_example_names_every_bound_with_what_it_is_without_a_file() {
        let example = include_str!("../../packaging/limits.toml");
        let usual = Limits { idle_lock: Some(IDLE_LOCK), ..Limits::default() };
        let shown: Vec<String> = example
            .lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| line.contains(" = "))
            .map(|line| line.split('#').next().unwrap_or_default().trim().to_owned())
            .collect();
        let right: Vec<String> =
            BOUNDS.iter().map(|bound| format!("{} = {}", bound.name, bound.of(&usual))).collect();
        assert_eq!(shown, right);
        assert_eq!(limits_file::parse(example, usual).unwrap(), usual, "as it is, it changes nothing");
        let taken = limits_file::parse(&shown.join("\n"), Limits::default()).unwrap();
        assert_eq!(taken, usual);
        for bound in BOUNDS {
            let range = format!("{}–{}", bound.least, bound.most);
            let listed = example.lines().any(|line| line.contains(bound.name) && line.contains(&range));
            assert!(listed, "{}: {range}", bound.name);
        }
    }
}

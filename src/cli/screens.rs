//! Opens the screens: on a store, or on a demo that is removed afterwards, with lessons or without.

use super::args::{Demo, Tutor};
use super::clock;
use super::fail::Failure;
use super::session::Session;
use crate::demo::{self, DemoProgress};
use crate::domain::actor::{Actor, Role};
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::session::frame::{SWITCH, is_synchronized};
use crate::session::local::{self, Lessons, Start};
use crate::session::{Ended, SessionClock, sign_in};
use crate::tui::theme::Depth;
use crate::usecase::{Door, Query, Snapshot};
use indicatif::{ProgressBar, ProgressStyle};
use rustix::termios::ttyname;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Staff members that are offered at most.
const OFFERED: usize = 40;

/// The screens on the named or default store; they lock after `idle_lock` without a key.
pub fn open(session: &Session, idle_lock: Option<Duration>) -> Result<(), Failure> {
    need_terminal(session)?;
    let door = session.open()?;
    let actor = who(session, &door)?;
    show(session, door, actor, idle_lock, Lessons::None)
}

/// The screens on a simulated store of its own.
pub fn demo(session: &Session, args: &Demo) -> Result<(), Failure> {
    let today = clock::now().date();
    if let Some(file) = &args.keep {
        let shown = file.display().to_string();
        demo::build(Some(file), args.customers, today, bar(session))?;
        return session.done(
            &serde_json::json!({"created": {"store": shown, "customers": args.customers, "simulated": true}}),
            &session.say("cli.result.demo_kept", &[("file", &shown)]),
        );
    }
    need_terminal(session)?;
    let folder = Throwaway::new(session)?;
    let door = demo::build(Some(&folder.0.join("demo.db")), args.customers, today, bar(session))?;
    let staff = StaffId(session.global.staff.clone().unwrap_or_else(|| "lan".to_owned()));
    let actor = door.actor(&staff)?;
    show(session, door, actor, None, Lessons::None)
}

/// The lessons of a role, on a simulated store of their own.
pub fn tutor(session: &Session, args: &Tutor) -> Result<(), Failure> {
    need_terminal(session)?;
    let folder = Throwaway::new(session)?;
    let door = demo::lessons(Some(&folder.0.join("tutor.db")))?;
    let missing = || Refusal::NoSuchRow { what: "staff", id: args.role.code().to_owned() };
    let actor = door.actor(&demo::pupil(args.role).ok_or_else(missing)?)?;
    show(session, door, actor, None, Lessons::OfRole)
}

/// A folder that is removed with everything in it.
struct Throwaway(PathBuf);

impl Throwaway {
    fn new(session: &Session) -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("tongdai-demo-{}", ulid::Ulid::generate()));
        std::fs::create_dir(&folder)
            .map_err(|error| Failure::io(&error, &folder.display().to_string(), session.lang))?;
        Ok(Self(folder))
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn remove(folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        tracing::warn!(%error, "the demo's folder was not removed");
    }
}

fn need_terminal(session: &Session) -> Result<(), Failure> {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        Ok(())
    } else {
        Err(Failure::usage("no_terminal", "", session.lang))
    }
}

fn show(
    session: &Session,
    door: Door,
    actor: Actor,
    idle_lock: Option<Duration>,
    lessons: Lessons,
) -> Result<(), Failure> {
    let clock = SessionClock::new(clock::now, door.clock().ok().flatten());
    sign_in(&door, &actor, &clock)?;
    let variable = |name: &str| std::env::var(name).ok();
    let depth = Depth::from_env(
        variable("NO_COLOR").as_deref(),
        variable("COLORTERM").as_deref(),
        variable("TERM").as_deref(),
    );
    let screens = crate::tui::screens::all;
    let origin = origin(variable("SSH_CONNECTION").as_deref());
    let term = variable("TERM").unwrap_or_default();
    let synchronized = is_synchronized(&term, variable(SWITCH).as_deref());
    let start = Start {
        actor,
        lang: session.lang,
        depth,
        machine: clock::now,
        screens,
        idle_lock,
        lessons,
        synchronized,
        origin,
    };
    let ended = local::open(door, start).map_err(|error| Failure::io(&error, "terminal", session.lang))?;
    match ended {
        Ended::Left | Ended::Lost => Ok(()),
        Ended::Ordered(_) => session.out.line(&session.say(&format!("ssh.bye.{}", ended.code()), &[])),
    }
}

/// The origin of this terminal: the address of its remote shell, or its own name.
fn origin(connection: Option<&str>) -> String {
    if let Some(address) = connection.and_then(|text| text.split_whitespace().next()) {
        return address.to_owned();
    }
    let name = ttyname(std::io::stdin(), Vec::new()).unwrap_or_default();
    name.to_string_lossy().trim_start_matches("/dev/").to_owned()
}

/// The staff member at this terminal: `--as`, the operating system's login when it is a staff member's, or the one
/// they choose.
fn who(session: &Session, door: &Door) -> Result<Actor, Failure> {
    if let Some(staff) = &session.global.staff {
        return Ok(door.actor(&StaffId(staff.clone()))?);
    }
    if let Ok(actor) = door.actor(&StaffId(super::paths::os_user())) {
        return Ok(actor);
    }
    let mut people = Vec::new();
    if let Snapshot::Staff { staff } = session.query(door, Query::Staff {})? {
        people.extend(staff.into_iter().filter(|line| line.active && line.role != Role::Operator));
    }
    if people.is_empty() {
        return Err(Failure::usage("no_staff", "", session.lang));
    }
    session.out.line(&session.say("cli.result.who", &[]))?;
    for (number, line) in people.iter().enumerate().take(OFFERED) {
        session.out.line(&format!(
            "{:>4}  {:<16} {} · {}",
            number + 1,
            line.id,
            line.name,
            line.role.label(session.lang)
        ))?;
    }
    let mut answer = String::new();
    let _ = write!(std::io::stdout(), "› ").and_then(|()| std::io::stdout().flush());
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::io(&error, "stdin", session.lang))?;
    let answer = answer.trim();
    let chosen = answer
        .parse::<usize>()
        .ok()
        .and_then(|number| people.get(number.checked_sub(1)?))
        .or_else(|| people.iter().find(|line| line.id.as_str() == answer))
        .ok_or_else(|| Refusal::NoSuchRow { what: "staff", id: answer.chars().take(40).collect() })?;
    Ok(door.actor(&chosen.id)?)
}

/// A progress bar on a terminal, nothing in a pipe.
fn bar(session: &Session) -> impl FnMut(DemoProgress) + use<> {
    let bar = progress_bar();
    let (loading, playing) =
        (session.say("cli.result.importing", &[]), session.say("cli.result.playing", &[]));
    move |stage| match stage {
        DemoProgress::Loading(share) => {
            bar.set_message(loading.clone());
            bar.set_position(u64::from(share) / 2);
        }
        DemoProgress::Playing(day, days) => {
            bar.set_message(playing.clone());
            bar.set_position(500 + u64::try_from(500 * day / days.max(1)).unwrap_or(0));
            if day == days {
                bar.finish_and_clear();
            }
        }
    }
}

/// Thousandths on standard error; hidden when that is no terminal.
pub fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(1000);
    if let Ok(style) = ProgressStyle::with_template("{msg:<22} {wide_bar} {percent:>3} %") {
        bar.set_style(style);
    }
    bar
}

//! Runs a session on the local terminal: raw mode, alternate screen, bracketed paste, mouse.
//!
//! Invariant: the terminal is restored however the session ends: by leaving, an error, a panic, SIGTERM, SIGHUP or
//! SIGINT.

use super::clock::SessionClock;
use super::convert;
use super::frame::{FrameBytes, synchronized};
use super::link::{self, Link};
use super::presence::new_presence;
use super::run::{Ended, Hooks, Session, run};
use super::work::Event;
use crate::domain::actor::Actor;
use crate::domain::lang::Lang;
use crate::domain::session::Entrance;
use crate::domain::time::Timestamp;
use crate::tui::app::{App, MakeScreens};
use crate::tui::ctx::{Ctx, Focus};
use crate::tui::field::compose::TypingMode;
use crate::tui::input::{Input, find_numbers};
use crate::tui::theme::{Depth, Theme};
use crate::usecase::Door;
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{SetCursorStyle, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io::{self, Write};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

/// Inputs taken as one read at most.
const AT_ONCE: usize = 512;

/// The lessons on the screens of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lessons {
    /// None.
    None,
    /// Those of the person's role.
    OfRole,
}

/// How a session on this terminal starts.
#[derive(Debug)]
pub struct Start {
    /// The staff member.
    pub actor: Actor,
    /// The language.
    pub lang: Lang,
    /// The colours of the terminal.
    pub depth: Depth,
    /// Reads the machine's clock.
    pub machine: fn() -> Timestamp,
    /// The screens.
    pub screens: MakeScreens,
    /// Time without a key after which the screens lock; none: never.
    pub idle_lock: Option<Duration>,
    /// The lessons on these screens.
    pub lessons: Lessons,
    /// Whether frames are written as synchronized output (see [`super::frame`]).
    pub synchronized: bool,
    /// The terminal's name, or the address of its remote shell.
    pub origin: String,
}

/// Runs the screens on this terminal until the user leaves or the session is ended by others. The store's errors are
/// shown on screen.
///
/// # Errors
/// Those of the terminal.
pub fn open(door: Door, start: Start) -> io::Result<Ended> {
    // A store that does not answer now is reported on screen with the first query.
    let clock = SessionClock::new(start.machine, door.clock().ok().flatten());
    let presence = new_presence(&start.actor.staff, Entrance::Terminal, &start.origin, None, clock.now());
    let ctx = Ctx {
        actor: start.actor,
        campaign: door.campaign(),
        lang: start.lang,
        theme: Theme::new(start.depth),
        now: clock.now(),
        typing: TypingMode::default(),
        simulated: door.simulated(),
        focus: Focus::default(),
    };
    let idle_lock = start.idle_lock;
    let (sender, events) = channel();
    let signals = SignalWatch::start(sender.clone())?;
    let guard = Guard::enter()?;
    let bytes_out = FrameBytes::default();
    let mut terminal = Terminal::new(CrosstermBackend::new(bytes_out.clone()))?;
    read_terminal(sender.clone())?;
    let size = terminal.size()?;
    let mut app = App::new(ctx, (size.width, size.height), start.screens);
    if start.lessons == Lessons::OfRole {
        app.teach();
    }
    let mut linked: (Rect, Vec<Link>) = (Rect::ZERO, Vec::new());
    let mut hooks = Hooks {
        copy: &mut |text| {
            // A terminal without OSC 52 ignores it; a lost one ends the session by its own event.
            let _ = execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text));
        },
        shown: &mut |buffer| {
            let mut bytes = bytes_out.take();
            // A new size drew everything anew, without links.
            let links = (buffer.area, link::numbers(buffer));
            if links != linked {
                link::write(&mut bytes, &links.1)?;
                linked = links;
            }
            let mut out = io::stdout().lock();
            out.write_all(&synchronized(bytes, start.synchronized)?)?;
            out.flush()
        },
    };
    let ended =
        run(Session { door, clock, events, sender, idle_lock, presence }, app, &mut terminal, &mut hooks);
    drop(terminal);
    drop(guard);
    drop(signals);
    ended
}

/// Reads the terminal on a thread of its own. The thread is still reading when the session ends; the process ends soon
/// after and does not wait for it.
fn read_terminal(events: Sender<Event>) -> io::Result<()> {
    std::thread::Builder::new().name("terminal input".to_owned()).spawn(move || {
        loop {
            let read = read_once();
            let gone = read.last() == Some(&Input::Hangup);
            let mut sent = find_numbers(read).into_iter().map(|input| events.send(Event::Input(input)));
            if sent.any(|sent| sent.is_err()) || gone {
                return;
            }
        }
    })?;
    Ok(())
}

/// Waits for input and takes all of it that is there, so that a pasted number can be told from typed keys.
fn read_once() -> Vec<Input> {
    let mut read = Vec::new();
    loop {
        match crossterm::event::read() {
            Ok(event) => read.extend(convert::input(event)),
            Err(_) => read.push(Input::Hangup),
        }
        let more = read.len() < AT_ONCE && crossterm::event::poll(Duration::ZERO).unwrap_or(false);
        if !more || read.last() == Some(&Input::Hangup) {
            return read;
        }
    }
}

/// Turns signals into a hang-up for as long as it lives.
struct SignalWatch(signal_hook::iterator::Handle);

impl SignalWatch {
    fn start(events: Sender<Event>) -> io::Result<Self> {
        let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT])?;
        let handle = signals.handle();
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for _ in signals.forever() {
                if events.send(Event::Input(Input::Hangup)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self(handle))
    }
}

impl Drop for SignalWatch {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The terminal as the screens need it, for as long as this lives.
struct Guard;

impl Guard {
    fn enter() -> io::Result<Self> {
        restore_on_panic();
        enable_raw_mode()?;
        let guard = Self;
        execute!(
            io::stdout(),
            EnterAlternateScreen,
            EnableBracketedPaste,
            EnableMouseCapture,
            DisableLineWrap,
            SetCursorStyle::SteadyBar,
        )?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Restores the terminal; every step is tried even when others fail.
fn restore() {
    let mut out = io::stdout();
    let _ = queue!(
        out,
        EndSynchronizedUpdate,
        SetCursorStyle::DefaultUserShape,
        EnableLineWrap,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show,
    );
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// Restores the terminal before a panic of this thread is printed. A panic of another thread is handled there: it is
/// logged and not printed over the screens.
fn restore_on_panic() {
    let own = std::thread::current().id();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == own {
            restore();
            before(panic);
        } else {
            tracing::error!(place = panic.location().map(ToString::to_string), "a thread panicked");
        }
    }));
}

//! The loop of a session that has a thread of its own.

use super::clock::SessionClock;
use super::turn::{Hands, carry_out, take};
use super::worker::{Event, Work, Worker};
use crate::store::Topics;
use crate::tui::app::App;
use crate::tui::input::Input;
use crate::usecase::Door;
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::buffer::Buffer;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// Events taken before a frame is drawn all the same.
const BURST: usize = 512;
/// The second hand.
const SECOND: Duration = Duration::from_secs(1);

/// What the loop needs besides the screens.
pub struct Session {
    /// The programme.
    pub door: Door,
    /// The time.
    pub clock: SessionClock,
    /// Where events come from …
    pub events: Receiver<Event>,
    /// … and where the worker puts its own.
    pub sender: Sender<Event>,
}

/// What only the owner of the terminal can do.
pub struct Hooks<'a> {
    /// Puts text on the person's clipboard.
    pub copy: &'a mut dyn FnMut(&str),
    /// A frame was shown.
    pub shown: &'a mut dyn FnMut(&Buffer),
}

/// Runs a session until the person leaves or the terminal is gone; then waits for the jobs that were promised.
/// The error is the terminal's.
pub fn run<B: Backend>(
    session: Session,
    mut app: App,
    terminal: &mut Terminal<B>,
    hooks: &mut Hooks,
) -> Result<(), std::io::Error>
where
    B::Error: Send + Sync + 'static,
{
    let Session { door, clock, events, sender } = session;
    let changes = door.store().subscribe();
    let simulated = door.simulated();
    let worker = Worker::start(door, clock.clone(), sender)?;
    if simulated {
        worker.give(Work::People);
    }
    app.input(Input::Tick(clock.now()));
    let effects = app.start();
    let mut open = carry_out(effects, &mut app, &mut Here { worker: &worker, hooks });
    let mut ticked = Instant::now();
    while open {
        let done = terminal.draw(|frame| app.view(frame)).map_err(std::io::Error::other)?;
        (hooks.shown)(done.buffer);
        let first = match events.recv_timeout(SECOND.saturating_sub(ticked.elapsed())) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        for event in first.into_iter().chain(events.try_iter().take(BURST)) {
            let effects = take(event, &mut app);
            open &= carry_out(effects, &mut app, &mut Here { worker: &worker, hooks });
        }
        if ticked.elapsed() >= SECOND {
            ticked = Instant::now();
            let effects = app.input(Input::Tick(clock.now()));
            open &= carry_out(effects, &mut app, &mut Here { worker: &worker, hooks });
            let changed = changes.try_iter().fold(Topics::default(), Topics::with);
            if !changed.is_empty() {
                let effects = app.input(Input::Changed);
                open &= carry_out(effects, &mut app, &mut Here { worker: &worker, hooks });
            }
        }
    }
    Ok(())
}

/// What the loop does for the screens on a thread of its own.
struct Here<'a, 'h> {
    worker: &'a Worker,
    hooks: &'a mut Hooks<'h>,
}

impl Hands for Here<'_, '_> {
    fn give(&mut self, work: Work) {
        self.worker.give(work);
    }

    fn copy(&mut self, text: &str) {
        (self.hooks.copy)(text);
    }
}

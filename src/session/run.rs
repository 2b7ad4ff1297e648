//! The loop of a session that has a thread of its own.

use super::clock::SessionClock;
use super::refresh::Refresh;
use super::turn::{Hands, carry_out, take};
use super::worker::{Event, Work, Worker};
use crate::store::{News, Subscription};
use crate::tui::app::App;
use crate::tui::effect::Effect;
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
    /// Time without a key after which the screens lock; none: never.
    pub idle_lock: Option<Duration>,
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
    let Session { door, clock, events, sender, idle_lock } = session;
    let woken = sender.clone();
    let news = door.store().subscribe(move || _ = woken.send(Event::News));
    let simulated = door.simulated();
    let worker = Worker::start(door, clock.clone(), sender)?;
    if simulated {
        worker.give(Work::People);
    }
    app.input(Input::Tick(clock.now()));
    let mut effects = app.start();
    effects.extend(app.lock_after(idle_lock));
    let mut refresh = Refresh::default();
    let mut open = carry_out(effects, &mut app, &mut Here { worker: &worker, refresh: &mut refresh, hooks });
    let mut ticked = Instant::now();
    let mut lost = false;
    while open {
        let done = terminal.draw(|frame| app.view(frame)).map_err(std::io::Error::other)?;
        (hooks.shown)(done.buffer);
        let second = SECOND.saturating_sub(ticked.elapsed());
        let wait = refresh.wait(Instant::now()).map_or(second, |refresh| refresh.min(second));
        let first = match events.recv_timeout(wait) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        for event in first.into_iter().chain(events.try_iter().take(BURST)) {
            lost |= matches!(event, Event::Input(Input::Hangup));
            let effects = match event {
                Event::News => hear(&news, &mut app, &mut refresh),
                event => {
                    if matches!(event, Event::Reply(_)) {
                        refresh.answered(Instant::now());
                    }
                    take(event, &mut app)
                }
            };
            open &= carry_out(effects, &mut app, &mut Here { worker: &worker, refresh: &mut refresh, hooks });
        }
        if ticked.elapsed() >= SECOND {
            ticked = Instant::now();
            let effects = app.input(Input::Tick(clock.now()));
            open &= carry_out(effects, &mut app, &mut Here { worker: &worker, refresh: &mut refresh, hooks });
        }
        if let Some(topics) = refresh.due(Instant::now()) {
            let effects = app.input(Input::Changed(topics));
            open &= carry_out(effects, &mut app, &mut Here { worker: &worker, refresh: &mut refresh, hooks });
            refresh.reads(Instant::now());
        }
    }
    if lost && app.call_open() {
        worker.give(Work::LineLost(app.ctx.actor.staff.clone(), clock.now()));
    }
    Ok(())
}

/// What came of the store: changes wait for their turn, "away" is on screen at once.
fn hear(news: &Subscription, app: &mut App, refresh: &mut Refresh) -> Vec<Effect> {
    let News { changed, away } = news.take();
    refresh.hear(changed);
    refresh.set_away(away);
    app.input(Input::Away(away))
}

/// What the loop does for the screens on a thread of its own.
struct Here<'a, 'h> {
    worker: &'a Worker,
    refresh: &'a mut Refresh,
    hooks: &'a mut Hooks<'h>,
}

impl Hands for Here<'_, '_> {
    fn give(&mut self, work: Work) {
        if matches!(work, Work::Job(..)) {
            self.refresh.given();
        }
        self.worker.give(work);
    }

    fn copy(&mut self, text: &str) {
        (self.hooks.copy)(text);
    }
}

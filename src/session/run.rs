//! The loop of a session that has a thread of its own.

use super::clock::SessionClock;
use super::presence::{Heard, new_process};
use super::refresh::Refresh;
use super::turn::{Hands, carry_out, take};
use super::work::{Event, Work};
use super::worker::Worker;
use crate::domain::session::{BEAT_MS, EndedBy, Presence};
use crate::domain::time::Timestamp;
use crate::store::{News, Subscription, Topics};
use crate::tui::app::App;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::usecase::Door;
use crate::usecase::session::{BroadcastRow, Orders};
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::buffer::Buffer;
use std::sync::Arc;
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
    /// What others may know of it.
    pub presence: Presence,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The person left.
    Left,
    /// The terminal is gone.
    Lost,
    /// Somebody ended it.
    Told(EndedBy),
}

impl Ended {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Lost => "lost",
            Self::Told(EndedBy::Supervisor) => "dismissed",
            Self::Told(EndedBy::TakeOver) => "taken_over",
            Self::Told(EndedBy::Revoked) => "key_gone",
        }
    }
}

/// What only the owner of the terminal can do.
pub struct Hooks<'a> {
    /// Puts text on the person's clipboard.
    pub copy: &'a mut dyn FnMut(&str),
    /// A frame was drawn: show it.
    pub shown: &'a mut dyn FnMut(&Buffer) -> std::io::Result<()>,
}

/// Runs a session until the person leaves, the terminal is gone or somebody ends it; then waits for the jobs that
/// were promised. The error is the terminal's.
pub fn run<B: Backend>(
    session: Session,
    mut app: App,
    terminal: &mut Terminal<B>,
    hooks: &mut Hooks,
) -> Result<Ended, std::io::Error>
where
    B::Error: Send + Sync + 'static,
{
    let Session { door, clock, events, sender, idle_lock, presence } = session;
    let woken = sender.clone();
    let news = door.store().subscribe(move || _ = woken.send(Event::News));
    let simulated = door.simulated();
    let worker = Worker::start(door, clock.clone(), sender)?;
    let mut desk = OwnDesk { process: new_process(), presence, beaten: clock.now(), heard: Heard::default() };
    app.sits_at(desk.presence.id.clone());
    worker.give(desk.arrival());
    if simulated {
        worker.give(Work::People);
    }
    app.input(Input::Tick(clock.now()));
    let mut effects = app.start();
    effects.extend(app.lock_after(idle_lock));
    let mut refresh = Refresh::default();
    let mut open = carry_out(effects, &mut app, &mut Here { worker: &worker, refresh: &mut refresh, hooks });
    let mut ticked = Instant::now();
    let (mut ended, mut broken) = (Ended::Left, None);
    while open {
        let drawn = terminal.draw(|frame| app.view(frame)).map_err(std::io::Error::other);
        if let Err(error) = drawn.and_then(|done| (hooks.shown)(done.buffer)) {
            broken = Some(error);
            ended = Ended::Lost;
            break;
        }
        app.shown();
        let second = SECOND.saturating_sub(ticked.elapsed());
        let wait = refresh.wait(Instant::now()).map_or(second, |refresh| refresh.min(second));
        let first = match events.recv_timeout(wait) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        for event in first.into_iter().chain(events.try_iter().take(BURST)) {
            let effects = match event {
                Event::News => hear(&news, &mut app, &mut refresh, &worker, &desk),
                Event::Orders(orders) => {
                    let (told, by) = desk.obey(*orders);
                    let mut effects: Vec<Effect> =
                        told.into_iter().flat_map(|said| take(Event::Said(said), &mut app)).collect();
                    if let Some(by) = by {
                        ended = Ended::Told(by);
                        effects.extend(app.input(Input::Hangup));
                    }
                    effects
                }
                event => {
                    match &event {
                        Event::Reply(_) => refresh.answered(Instant::now()),
                        Event::Input(Input::Hangup) => ended = Ended::Lost,
                        Event::Input(_) => desk.presence.active_at = clock.now(),
                        Event::Actor(found) => {
                            if let Ok(actor) = found.as_ref() {
                                desk.presence.staff = actor.staff.clone();
                                worker.give(desk.arrival());
                            }
                        }
                        _ => {}
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
            desk.presence.locked = app.is_locked();
            desk.beat(&worker, clock.now());
        }
        if let Some(topics) = refresh.due(Instant::now()) {
            let effects = app.input(Input::Changed(topics));
            open &= carry_out(effects, &mut app, &mut Here { worker: &worker, refresh: &mut refresh, hooks });
            refresh.reads(Instant::now());
        }
    }
    let Presence { id, staff, .. } = desk.presence;
    if ended != Ended::Left && app.call_open() {
        worker.give(Work::LineLost(staff.clone(), id.clone(), clock.now()));
    }
    worker.give(Work::Leave(staff, id, ended.code()));
    broken.map_or(Ok(ended), Err)
}

/// The one desk of a process with a terminal of its own.
struct OwnDesk {
    process: Arc<str>,
    presence: Presence,
    beaten: Timestamp,
    heard: Heard,
}

impl OwnDesk {
    fn arrival(&self) -> Work {
        Work::Arrive(Arc::clone(&self.process), Box::new(self.presence.clone()))
    }

    /// Says that it is there, when it is time to.
    fn beat(&mut self, worker: &Worker, now: Timestamp) {
        // A simulated clock may have been set.
        if now.since(self.beaten).abs() >= BEAT_MS {
            self.beaten = now;
            worker.give(Work::Beat(Arc::clone(&self.process), vec![self.presence.clone()]));
        }
    }

    /// What was said since it began, and whether it is to end.
    fn obey(&mut self, orders: Orders) -> (Vec<BroadcastRow>, Option<EndedBy>) {
        let by = orders.ended.into_iter().find(|(id, _)| *id == self.presence.id).map(|(_, by)| by);
        let mut said = self.heard.fresh(orders.said);
        said.retain(|said| said.at >= self.presence.began_at);
        (said, by)
    }
}

/// What came of the store: changes wait for their turn, "away" is on screen at once.
fn hear(
    news: &Subscription,
    app: &mut App,
    refresh: &mut Refresh,
    worker: &Worker,
    desk: &OwnDesk,
) -> Vec<Effect> {
    let News { changed, away } = news.take();
    if changed.touches(Topics::SESSIONS) {
        worker.give(Work::Orders(Arc::clone(&desk.process)));
    }
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

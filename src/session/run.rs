//! Runs the event loop of a session that has a thread of its own.

use super::clock::SessionClock;
use super::dispatch::{SessionHost, carry_out, take};
use super::presence::{PassedOn, new_process};
use super::refresh::Refresh;
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
/// The one-second tick.
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
    /// What the store shows of it.
    pub presence: Presence,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The user left.
    Left,
    /// The terminal is lost.
    Lost,
    /// Others ended it.
    Ordered(EndedBy),
}

impl Ended {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Lost => "lost",
            Self::Ordered(EndedBy::Supervisor) => "dismissed",
            Self::Ordered(EndedBy::TakeOver) => "taken_over",
            Self::Ordered(EndedBy::Revoked) => "key_gone",
        }
    }
}

/// What only the owner of the terminal can do.
pub struct Hooks<'a> {
    /// Puts text on the user's clipboard.
    pub copy: &'a mut dyn FnMut(&str),
    /// A frame was drawn: show it.
    pub shown: &'a mut dyn FnMut(&Buffer) -> std::io::Result<()>,
}

/// Runs a session until the user leaves, the terminal is lost or others end it; then waits for the jobs that
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
    let news = door.store().subscribe(move || _ = woken.send(Event::StoreChanged));
    let simulated = door.simulated();
    let programme = door.clone();
    let worker = Worker::start(door, clock.clone(), sender)?;
    let mut local = LocalSession {
        process: new_process(),
        presence,
        beaten: clock.now(),
        passed_on: PassedOn::default(),
    };
    app.set_session(local.presence.id.clone());
    worker.give(local.arrival());
    if simulated {
        worker.give(Work::People);
    }
    app.input(Input::Tick(clock.now()));
    let mut effects = app.start();
    effects.extend(app.lock_after(idle_lock));
    let mut refresh = Refresh::default();
    let mut open =
        carry_out(effects, &mut app, &mut LocalHost { worker: &worker, refresh: &mut refresh, hooks });
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
        let until_tick = SECOND.saturating_sub(ticked.elapsed());
        let wait = refresh.wait(Instant::now()).map_or(until_tick, |refresh| refresh.min(until_tick));
        let first = match events.recv_timeout(wait) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        for event in first.into_iter().chain(events.try_iter().take(BURST)) {
            let effects = match event {
                Event::StoreChanged => on_store_change(&news, &mut app, &mut refresh, &worker, &local),
                Event::Orders(orders) => {
                    let (broadcasts, by) = local.apply(*orders);
                    let mut effects: Vec<Effect> = broadcasts
                        .into_iter()
                        .flat_map(|row| take(Event::Broadcast(row), &mut app))
                        .collect();
                    if let Some(by) = by {
                        ended = Ended::Ordered(by);
                        effects.extend(app.input(Input::Hangup));
                    }
                    effects
                }
                event => {
                    match &event {
                        Event::Reply(_) => refresh.job_answered(Instant::now()),
                        Event::Input(Input::Hangup) => ended = Ended::Lost,
                        Event::Input(_) => local.presence.active_at = clock.now(),
                        Event::Actor(found) => {
                            if let Ok(actor) = found.as_ref() {
                                local.presence.staff = actor.staff.clone();
                                worker.give(local.arrival());
                            }
                        }
                        _ => {}
                    }
                    take(event, &mut app)
                }
            };
            open &= carry_out(
                effects,
                &mut app,
                &mut LocalHost { worker: &worker, refresh: &mut refresh, hooks },
            );
            app.follow(&programme.campaign());
        }
        if ticked.elapsed() >= SECOND {
            ticked = Instant::now();
            let effects = app.input(Input::Tick(clock.now()));
            open &= carry_out(
                effects,
                &mut app,
                &mut LocalHost { worker: &worker, refresh: &mut refresh, hooks },
            );
            local.presence.locked = app.is_locked();
            local.beat(&worker, clock.now());
        }
        if let Some(topics) = refresh.due(Instant::now()) {
            let effects = app.input(Input::Changed(topics));
            open &= carry_out(
                effects,
                &mut app,
                &mut LocalHost { worker: &worker, refresh: &mut refresh, hooks },
            );
            refresh.reading_started(Instant::now());
        }
    }
    let Presence { id, staff, .. } = local.presence;
    if ended != Ended::Left && app.call_open() {
        worker.give(Work::LineLost(staff.clone(), id.clone(), clock.now()));
    }
    worker.give(Work::Leave(staff, id, ended.code()));
    broken.map_or(Ok(ended), Err)
}

/// The only session of a process with a terminal of its own.
struct LocalSession {
    process: Arc<str>,
    presence: Presence,
    beaten: Timestamp,
    passed_on: PassedOn,
}

impl LocalSession {
    fn arrival(&self) -> Work {
        Work::Arrive(Arc::clone(&self.process), Box::new(self.presence.clone()))
    }

    /// Sends a heartbeat when it is due.
    fn beat(&mut self, worker: &Worker, now: Timestamp) {
        // A simulated clock may have been set.
        if now.since(self.beaten).abs() >= BEAT_MS {
            self.beaten = now;
            worker.give(Work::Beat(Arc::clone(&self.process), vec![self.presence.clone()]));
        }
    }

    /// The broadcasts since it began, and who ends it, if anybody does.
    fn apply(&mut self, orders: Orders) -> (Vec<BroadcastRow>, Option<EndedBy>) {
        let by = orders.ended.into_iter().find(|(id, _)| *id == self.presence.id).map(|(_, by)| by);
        let mut broadcasts = self.passed_on.take_new(orders.broadcasts);
        broadcasts.retain(|row| row.at >= self.presence.began_at);
        (broadcasts, by)
    }
}

/// Handles a change of the store: changes wait for the next reading, "away" is shown at once.
fn on_store_change(
    news: &Subscription,
    app: &mut App,
    refresh: &mut Refresh,
    worker: &Worker,
    local: &LocalSession,
) -> Vec<Effect> {
    let News { changed, away } = news.take();
    if changed.touches(Topics::SESSIONS) {
        worker.give(Work::Orders(Arc::clone(&local.process)));
    }
    refresh.add(changed);
    refresh.set_away(away);
    app.input(Input::Away(away))
}

/// The session host of a local terminal.
struct LocalHost<'a, 'h> {
    worker: &'a Worker,
    refresh: &'a mut Refresh,
    hooks: &'a mut Hooks<'h>,
}

impl SessionHost for LocalHost<'_, '_> {
    fn has_files(&self) -> bool {
        true
    }

    fn give(&mut self, work: Work) {
        if matches!(work, Work::Job(..)) {
            self.refresh.job_sent();
        }
        self.worker.give(work);
    }

    fn copy(&mut self, text: &str) {
        (self.hooks.copy)(text);
    }
}

//! Runs one SSH session: input from the client goes to the screens, frames go back, on threads that all sessions
//! share.
//!
//! Invariants:
//! - input is taken whether or not the client takes output;
//! - the next frame is drawn only after the last one was taken, so that a client that stopped costs one frame and
//!   later sees the newest;
//! - a burst of keys is handled in pieces, so that other sessions do not wait for it;
//! - changes by others are shown in one frame, when all of them were read;
//! - however the session ends, its writes are finished and the terminal is restored.

use super::decode::{Decoded, Decoder};
use super::limits::Limits;
use super::line::Wire;
use super::refresh::RemoteRefresh;
use super::registry::{Activity, EndReason, Order};
use super::runner::{Requester, Runner};
use super::screen::Screen;
use super::server_state::ServerState;
use super::terminal::Pty;
use crate::domain::actor::Actor;
use crate::domain::lang::Lang;
use crate::domain::session::{Presence, SessionId};
use crate::domain::ssh_key::Fingerprint;
use crate::domain::time::Timestamp;
use crate::session::{Event, SessionHost, Work, carry_out, sign_in, take};
use crate::tui::app::App;
use crate::tui::ctx::{Ctx, Focus};
use crate::tui::effect::Effect;
use crate::tui::field::compose::TypingMode;
use crate::tui::input::{Input, find_numbers};
use crate::tui::say::Say;
use crate::tui::theme::{Theme, Tone};
use russh::ChannelWriteHalf;
use russh::server::Msg;
use std::collections::VecDeque;
use std::future::{Future, pending, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

/// Inputs handled before other tasks run.
const BURST: usize = 128;
/// The one-second tick.
const SECOND: Duration = Duration::from_secs(1);
/// By how much of a second, in milliseconds, a session's tick comes after that of the session before it: not a round
/// part, so that the ticks of any number of sessions are spread over the second.
const TICK_OFFSET_MS: u64 = 618;
/// How long a client may take to receive the goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// A message from the client's connection.
#[derive(Debug)]
pub enum FromClient {
    /// Bytes of its terminal.
    Bytes(Vec<u8>),
    /// Its size, clamped: columns and rows.
    Size(u16, u16),
    /// The client sends nothing more.
    End,
}

/// What a session starts with.
#[derive(Debug)]
pub struct SessionStart {
    /// The session's number.
    pub id: u64,
    /// The staff member.
    pub actor: Actor,
    /// The verified key, which audit rows keep.
    pub key: Fingerprint,
    /// The client's terminal.
    pub pty: Pty,
    /// The channel to the client.
    pub out: Arc<ChannelWriteHalf<Msg>>,
    /// The connection under it.
    pub wire: Arc<Wire>,
    /// What the store shows of it, as it begins.
    pub presence: Presence,
    /// Its activity, for the registry.
    pub activity: Arc<Activity>,
}

type Sending = Pin<Box<dyn Future<Output = bool> + Send>>;

/// A running session.
struct RemoteSession {
    server: Arc<ServerState>,
    /// The limits when it began.
    limits: Arc<Limits>,
    id: u64,
    session: SessionId,
    activity: Arc<Activity>,
    app: App,
    screen: Screen,
    decoder: Decoder,
    runner: Runner,
    out: Arc<ChannelWriteHalf<Msg>>,
    wire: Arc<Wire>,
    /// Events to handle before anything else.
    own: VecDeque<Event>,
    /// Bytes to send before the next frame.
    aside: Vec<u8>,
    sending: Option<Sending>,
    /// Jobs of the screens without a reply yet.
    open_work: usize,
    /// When bytes last came from the client, and how many had come by then.
    last_received: (Timestamp, u64),
    /// The screen must be drawn again.
    stale: bool,
    /// Changes by others are being read; the frame waits for all of them.
    rereading: bool,
}

/// Runs a session until it ends and returns why. By then the client has got the goodbye and the channel is closed.
pub async fn run(
    server: Arc<ServerState>,
    start: SessionStart,
    mut client: mpsc::Receiver<FromClient>,
    mut orders: mpsc::Receiver<Order>,
) -> EndReason {
    let out = Arc::clone(&start.out);
    let (mut session, mut answers) = match RemoteSession::open(server, start).await {
        Ok(opened) => opened,
        Err(error) => {
            tracing::error!(%error, "a screen could not be prepared");
            return EndReason::Failed;
        }
    };
    let why = session.work(&mut client, &mut orders, &mut answers).await;
    if why != EndReason::Left {
        session.break_off();
    }
    session.leave(why);
    drop(answers);
    drop(client);
    let lang = session.app.ctx.lang;
    if !session.runner.finish(session.limits.stop).await {
        tracing::warn!(session = %session.session, "a session ended before its work was done");
    }
    let last = session.sending.take();
    if why != EndReason::Lost {
        let goodbye = timeout(GOODBYE, async {
            if let Some(sending) = last {
                sending.await;
            }
            say_goodbye(&out, why, lang).await
        });
        // A client that takes nothing is disconnected by its connection.
        let _ = goodbye.await;
    }
    why
}

/// Restores the terminal, writes the reason in one line and closes the channel.
pub async fn say_goodbye(
    out: &ChannelWriteHalf<Msg>,
    why: EndReason,
    lang: Lang,
) -> Result<(), russh::Error> {
    let mut bytes = Screen::leave()?;
    if let Some(line) = goodbye(why, lang) {
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    out.data_bytes(bytes).await?;
    out.exit_status(why.status()).await?;
    out.eof().await?;
    out.close().await
}

/// The line that the user reads after the screens are closed; none when the user left.
pub fn goodbye(why: EndReason, lang: Lang) -> Option<String> {
    (!matches!(why, EndReason::Left | EndReason::Lost | EndReason::Protocol))
        .then(|| rust_i18n::t!(format!("ssh.bye.{}", why.code()), locale = lang.code()).into_owned())
}

impl RemoteSession {
    async fn open(
        server: Arc<ServerState>,
        start: SessionStart,
    ) -> std::io::Result<(Self, mpsc::Receiver<Event>)> {
        let SessionStart { id, actor, key, pty, out, wire, presence, activity } = start;
        let limits = server.limits();
        let door = server.door().for_one_from(&format!("ssh {key}"));
        let clock = server.clock.clone();
        let ctx = Ctx {
            actor: actor.clone(),
            campaign: door.campaign(),
            lang: server.style.lang,
            theme: Theme::new(pty.depth()),
            now: clock.now(),
            typing: TypingMode::default(),
            simulated: door.simulated(),
            focus: Focus::default(),
        };
        let (runner, answers) = Runner::start(door.clone(), clock.clone(), Arc::clone(&server.refresh_slots));
        let mut session = Self {
            app: App::new(ctx, pty.size, server.style.screens),
            screen: Screen::new(&pty, server.style.terminal_options)?,
            decoder: Decoder::new(limits.paste, pty.erase),
            runner,
            out,
            wire,
            id,
            session: presence.id.clone(),
            activity,
            server,
            limits,
            own: VecDeque::new(),
            aside: Screen::enter()?,
            sending: None,
            open_work: 0,
            last_received: (clock.now(), 0),
            stale: true,
            rereading: false,
        };
        session.app.set_session(presence.id.clone());
        session
            .give(Requester::Person, Work::Arrive(Arc::clone(&session.server.process), Box::new(presence)));
        let signed_in = spawn_blocking(move || sign_in(&door, &actor, &clock)).await;
        if let Ok(Err(error)) = signed_in {
            session.own.push_back(Event::Notice(Tone::Danger, Say::from(error)));
        }
        Ok((session, answers))
    }

    async fn work(
        &mut self,
        client: &mut mpsc::Receiver<FromClient>,
        orders: &mut mpsc::Receiver<Order>,
        answers: &mut mpsc::Receiver<Event>,
    ) -> EndReason {
        let begun = Instant::now();
        let ends = begun + self.limits.session;
        let mut second = interval_at(begun + Duration::from_millis(self.id * TICK_OFFSET_MS % 1000), SECOND);
        // Ticks that were delayed together do not continue together.
        second.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut refresh = RemoteRefresh::new(self.server.door().store(), self.id, begun);
        self.app.input(Input::Away(refresh.away()));
        let mut patience: Option<Instant> = None;
        let mut effects = self.app.start();
        let mut bounds = self.server.watch_limits();
        let mut idle = bounds.borrow_and_update().idle_lock;
        effects.extend(self.app.lock_after(idle));
        let mut open = self.carry_out(effects, Requester::Person);
        while open {
            if self.stale && !self.rereading && self.sending.is_none() && self.show().is_err() {
                return EndReason::Failed;
            }
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::Broadcast(row)) => open = self.handle(Event::Broadcast(row)),
                    Some(Order::End(why)) => return why,
                    None => return EndReason::Lost,
                },
                () = ready(()), if !self.own.is_empty() => {
                    for _ in 0..BURST {
                        let Some(event) = self.own.pop_front() else { break };
                        open &= self.handle(event);
                        if !open {
                            break;
                        }
                    }
                    tokio::task::yield_now().await;
                }
                message = client.recv(), if self.own.is_empty() => {
                    match message {
                        Some(FromClient::Bytes(bytes)) => {
                            self.activity.touch(self.server.clock.now());
                            let decoded = self.decoder.push(&bytes);
                            self.queue(decoded);
                        }
                        Some(FromClient::Size(columns, rows)) => {
                            self.screen.resize((columns, rows));
                            open = self.handle(Event::Input(Input::Resize(columns, rows)));
                        }
                        Some(FromClient::End) | None => return EndReason::Lost,
                    }
                    patience = self.decoder.patience().map(|wait| Instant::now() + wait);
                }
                () = at(patience), if patience.is_some() => {
                    patience = None;
                    let decoded = self.decoder.expire();
                    self.queue(decoded);
                }
                answer = answers.recv() => match answer {
                    Some(event) => open = self.handle(event),
                    None => return EndReason::Failed,
                },
                taken = sent(&mut self.sending), if self.sending.is_some() => {
                    self.sending = None;
                    if !taken {
                        return EndReason::Lost;
                    }
                }
                _ = second.tick() => {
                    let now = self.server.clock.now();
                    self.note_activity(now);
                    open = self.handle(Event::Input(Input::Tick(now)));
                    // An error: the server has stopped, and this session with it.
                    if bounds.has_changed().unwrap_or(false) {
                        let before = std::mem::replace(&mut idle, bounds.borrow_and_update().idle_lock);
                        if before != idle {
                            let effects = self.app.lock_after(idle);
                            open &= self.carry_out(effects, Requester::Person);
                        }
                    }
                    if open && refresh.is_due_this_second() {
                        open = self.read_again(&mut refresh);
                    }
                }
                () = refresh.changed() => {
                    let (_, sessions) = self.server.gate.counts();
                    if refresh.on_change(sessions, Instant::now()) {
                        open = self.handle(Event::Input(Input::Away(refresh.away())));
                    }
                }
                () = at(refresh.at()), if refresh.at().is_some() => open = self.read_again(&mut refresh),
                () = sleep_until(ends) => return EndReason::TooLong,
            }
        }
        EndReason::Left
    }

    /// Notes whether bytes came from the client since the last tick; answers to keepalives count, too.
    fn note_activity(&mut self, now: Timestamp) {
        self.activity.set_locked(self.app.is_locked());
        let (received, _) = self.wire.bytes();
        if received != self.last_received.1 {
            self.last_received = (now, received);
        }
    }

    /// Keeps what was typed. An open call stays with its agent for a short time, or longer when they have another
    /// session.
    fn break_off(&mut self) {
        self.note_activity(self.server.clock.now());
        self.handle(Event::Input(Input::Hangup));
        if self.app.call_open() {
            let staff = self.app.ctx.actor.staff.clone();
            self.give(Requester::Person, Work::LineLost(staff, self.session.clone(), self.last_received.0));
        }
    }

    /// Removes the session from the store; its last request.
    fn leave(&mut self, why: EndReason) {
        self.activity.end();
        let staff = self.app.ctx.actor.staff.clone();
        self.give(Requester::Person, Work::Leave(staff, self.session.clone(), why.code()));
    }

    /// Reads again what others changed, unless replies are to come; false when the user leaves.
    fn read_again(&mut self, refresh: &mut RemoteRefresh) -> bool {
        let changed = refresh.take(self.open_work > 0, Instant::now());
        if changed.is_empty() {
            return true;
        }
        let shown = self.stale;
        let effects = take(Event::Input(Input::Changed(changed)), &mut self.app);
        let open = self.carry_out(effects, Requester::Refresh);
        self.rereading = self.open_work > 0;
        // No open screen shows what changed: nothing is read and nothing is drawn.
        self.stale = shown || self.rereading;
        open
    }

    /// Queues decoded input.
    fn queue(&mut self, decoded: Vec<Decoded>) {
        let mut inputs = Vec::new();
        for item in decoded {
            match item {
                Decoded::Input(input) => inputs.push(input),
                Decoded::PasteCut => {
                    self.own.extend(find_numbers(std::mem::take(&mut inputs)).into_iter().map(Event::Input));
                    let limit = self.limits.paste / 1024;
                    let cut = Say::key("ssh.paste_cut").with("limit", limit);
                    self.own.push_back(Event::Notice(Tone::Warn, cut));
                }
            }
        }
        self.own.extend(find_numbers(inputs).into_iter().map(Event::Input));
    }

    /// Gives an event to the screens; false when the user leaves.
    fn handle(&mut self, event: Event) -> bool {
        self.stale = true;
        if matches!(event, Event::Reply(_)) {
            self.open_work = self.open_work.saturating_sub(1);
            self.rereading &= self.open_work > 0;
        } else {
            // Any other event is shown before the replies are here.
            self.rereading = false;
        }
        let effects = take(event, &mut self.app);
        let open = self.carry_out(effects, Requester::Person);
        self.app.follow(&self.server.door().campaign());
        open
    }

    fn carry_out(&mut self, effects: Vec<Effect>, requester: Requester) -> bool {
        let mut collected = Collected::default();
        let open = carry_out(effects, &mut self.app, &mut collected);
        for work in collected.work {
            self.give(requester, work);
        }
        for text in collected.copied {
            match self.screen.copy(&text) {
                Some(bytes) => self.aside.extend(bytes),
                None => self.app.say(Tone::Warn, Say::key("ssh.no_clipboard")),
            }
        }
        open
    }

    fn give(&mut self, requester: Requester, work: Work) {
        if matches!(work, Work::Actor(_) | Work::People) {
            // The key decides the actor, on a simulated store, too.
            return;
        }
        self.open_work += usize::from(matches!(work, Work::Job(..)));
        if let Err(answer) = self.runner.give(requester, work) {
            self.own.extend(answer);
        }
    }

    /// Draws a frame and starts to send it.
    fn show(&mut self) -> std::io::Result<()> {
        self.stale = false;
        let frame = self.screen.draw(&self.app)?;
        self.app.shown();
        let mut bytes = std::mem::take(&mut self.aside);
        bytes.extend(frame);
        if !bytes.is_empty() {
            let (out, wire) = (Arc::clone(&self.out), Arc::clone(&self.wire));
            self.sending = Some(Box::pin(async move {
                let sent = out.data_bytes(bytes).await.is_ok();
                wire.drained().await;
                sent
            }));
        }
        Ok(())
    }
}

/// Effects of one event that only the session can carry out.
#[derive(Default)]
struct Collected {
    work: Vec<Work>,
    copied: Vec<String>,
}

impl SessionHost for Collected {
    fn give(&mut self, work: Work) {
        self.work.push(work);
    }

    fn copy(&mut self, text: &str) {
        self.copied.push(text.to_owned());
    }
}

async fn at(when: Option<Instant>) {
    match when {
        Some(when) => sleep_until(when).await,
        None => pending().await,
    }
}

async fn sent(sending: &mut Option<Sending>) -> bool {
    match sending {
        Some(sending) => sending.as_mut().await,
        None => pending().await,
    }
}

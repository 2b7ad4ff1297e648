//! One session: keys in, frames out, on the tasks that all sessions share.
//!
//! Invariants: input is taken whether or not the client takes output; the next frame is drawn only after the last
//! one was taken, so that a client that stopped costs one frame and later sees the newest; a burst of keys is
//! taken a piece at a time, so that nobody's neighbours wait for it; what others changed is one frame when all of it
//! was read; whatever ends the session, its writes are finished and its terminal is given back.

use super::decode::{Decoder, Heard};
use super::ear::Ear;
use super::house::House;
use super::limits::Limits;
use super::line::Wire;
use super::roll::{Life, Order, Why};
use super::screen::Screen;
use super::terminal::Pty;
use super::work::{For, Runner};
use crate::domain::actor::Actor;
use crate::domain::lang::Lang;
use crate::domain::session::{Presence, SessionId};
use crate::domain::ssh_key::Fingerprint;
use crate::domain::time::Timestamp;
use crate::session::{Event, Hands, Work, carry_out, sign_in, take};
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

/// Inputs taken before others have their turn.
const BURST: usize = 128;
/// The second hand.
const SECOND: Duration = Duration::from_secs(1);
/// By how much of a second, in milliseconds, a session's second hand is behind that of the session before it: not a
/// round part, so that hundreds of them are spread over the second however many there are.
const BEHIND: u64 = 618;
/// A client that is told to go has this long to take the message.
const GOODBYE: Duration = Duration::from_secs(2);

/// What comes from the client.
#[derive(Debug)]
pub enum FromClient {
    /// Bytes of its terminal.
    Bytes(Vec<u8>),
    /// Its size, clamped: columns and rows.
    Size(u16, u16),
    /// It sends nothing more.
    End,
}

/// Who works at the desk, and where.
#[derive(Debug)]
pub struct Place {
    /// The session's number.
    pub id: u64,
    /// Who.
    pub actor: Actor,
    /// With which key: audit rows keep it.
    pub key: Fingerprint,
    /// The terminal.
    pub pty: Pty,
    /// The way to the client.
    pub out: Arc<ChannelWriteHalf<Msg>>,
    /// The connection under it.
    pub wire: Arc<Wire>,
    /// What others may know of it, as it begins.
    pub presence: Presence,
    /// What it does.
    pub life: Arc<Life>,
}

type Sending = Pin<Box<dyn Future<Output = bool> + Send>>;

/// One session.
struct Desk {
    house: Arc<House>,
    /// The bounds at its beginning.
    limits: Arc<Limits>,
    id: u64,
    session: SessionId,
    life: Arc<Life>,
    app: App,
    screen: Screen,
    decoder: Decoder,
    runner: Runner,
    out: Arc<ChannelWriteHalf<Msg>>,
    wire: Arc<Wire>,
    /// What is to be taken before anything else.
    own: VecDeque<Event>,
    /// Bytes that go before the next frame.
    aside: Vec<u8>,
    sending: Option<Sending>,
    /// Jobs of the screens whose answer is not here yet.
    open_work: usize,
    /// When the client was last heard, and how many bytes had come by then.
    heard: (Timestamp, u64),
    /// What is on screen is no longer true.
    stale: bool,
    /// What others changed is being read again, and the frame waits for all of it.
    rereading: bool,
}

/// Runs a session until it ends; why it did. The client has been told and the channel is closed.
pub async fn run(
    house: Arc<House>,
    place: Place,
    mut client: mpsc::Receiver<FromClient>,
    mut orders: mpsc::Receiver<Order>,
) -> Why {
    let out = Arc::clone(&place.out);
    let (mut desk, mut answers) = match Desk::open(house, place).await {
        Ok(opened) => opened,
        Err(error) => {
            tracing::error!(%error, "a screen could not be prepared");
            return Why::Failed;
        }
    };
    let why = desk.work(&mut client, &mut orders, &mut answers).await;
    if why != Why::Left {
        desk.break_off();
    }
    desk.leave(why);
    drop(answers);
    drop(client);
    let lang = desk.app.ctx.lang;
    if !desk.runner.finish(desk.limits.stop).await {
        tracing::warn!(session = %desk.session, "a session ended before its work was done");
    }
    let last = desk.sending.take();
    if why != Why::Lost {
        let told = timeout(GOODBYE, async {
            if let Some(sending) = last {
                sending.await;
            }
            say_goodbye(&out, why, lang).await
        });
        // Who takes nothing any more is cut off by the connection.
        let _ = told.await;
    }
    why
}

/// Gives the terminal back, says why in one line, and closes the channel.
pub async fn say_goodbye(out: &ChannelWriteHalf<Msg>, why: Why, lang: Lang) -> Result<(), russh::Error> {
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

/// The line that the person finds where the screens were.
pub fn goodbye(why: Why, lang: Lang) -> Option<String> {
    (!matches!(why, Why::Left | Why::Lost | Why::Protocol))
        .then(|| rust_i18n::t!(format!("ssh.bye.{}", why.code()), locale = lang.code()).into_owned())
}

impl Desk {
    async fn open(house: Arc<House>, place: Place) -> std::io::Result<(Self, mpsc::Receiver<Event>)> {
        let Place { id, actor, key, pty, out, wire, presence, life } = place;
        let limits = house.limits();
        let door = house.door().for_one_from(&format!("ssh {key}"));
        let clock = house.clock.clone();
        let ctx = Ctx {
            actor: actor.clone(),
            campaign: Arc::clone(door.campaign()),
            lang: house.style.lang,
            theme: Theme::new(pty.depth()),
            now: clock.now(),
            typing: TypingMode::default(),
            simulated: door.simulated(),
            focus: Focus::default(),
        };
        let (runner, answers) = Runner::start(door.clone(), clock.clone(), Arc::clone(&house.places));
        let mut desk = Self {
            app: App::new(ctx, pty.size, house.style.desks),
            screen: Screen::new(&pty, house.style.manners)?,
            decoder: Decoder::new(limits.paste, pty.erase),
            runner,
            out,
            wire,
            id,
            session: presence.id.clone(),
            life,
            house,
            limits,
            own: VecDeque::new(),
            aside: Screen::enter()?,
            sending: None,
            open_work: 0,
            heard: (clock.now(), 0),
            stale: true,
            rereading: false,
        };
        desk.app.sits_at(presence.id.clone());
        desk.give(For::Person, Work::Arrive(Arc::clone(&desk.house.process), Box::new(presence)));
        let signed_in = spawn_blocking(move || sign_in(&door, &actor, &clock)).await;
        if let Ok(Err(error)) = signed_in {
            desk.own.push_back(Event::Told(Tone::Danger, Say::from(error)));
        }
        Ok((desk, answers))
    }

    async fn work(
        &mut self,
        client: &mut mpsc::Receiver<FromClient>,
        orders: &mut mpsc::Receiver<Order>,
        answers: &mut mpsc::Receiver<Event>,
    ) -> Why {
        let begun = Instant::now();
        let ends = begun + self.limits.session;
        let mut second = interval_at(begun + Duration::from_millis(self.id * BEHIND % 1000), SECOND);
        // Hands that were held up together do not go on together.
        second.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut ear = Ear::new(self.house.door().store(), self.id, begun);
        self.app.input(Input::Away(ear.away()));
        let mut patience: Option<Instant> = None;
        let mut effects = self.app.start();
        let mut bounds = self.house.bounds();
        let mut idle = bounds.borrow_and_update().idle_lock;
        effects.extend(self.app.lock_after(idle));
        let mut open = self.carry_out(effects, For::Person);
        while open {
            if self.stale && !self.rereading && self.sending.is_none() && self.show().is_err() {
                return Why::Failed;
            }
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::Tell(said)) => open = self.turn(Event::Said(said)),
                    Some(Order::End(why)) => return why,
                    None => return Why::Lost,
                },
                () = ready(()), if !self.own.is_empty() => {
                    for _ in 0..BURST {
                        let Some(event) = self.own.pop_front() else { break };
                        open &= self.turn(event);
                        if !open {
                            break;
                        }
                    }
                    tokio::task::yield_now().await;
                }
                said = client.recv(), if self.own.is_empty() => {
                    match said {
                        Some(FromClient::Bytes(bytes)) => {
                            self.life.stir(self.house.clock.now());
                            let heard = self.decoder.push(&bytes);
                            self.hear(heard);
                        }
                        Some(FromClient::Size(columns, rows)) => {
                            self.screen.resize((columns, rows));
                            open = self.turn(Event::Input(Input::Resize(columns, rows)));
                        }
                        Some(FromClient::End) | None => return Why::Lost,
                    }
                    patience = self.decoder.patience().map(|wait| Instant::now() + wait);
                }
                () = at(patience), if patience.is_some() => {
                    patience = None;
                    let heard = self.decoder.expire();
                    self.hear(heard);
                }
                answer = answers.recv() => match answer {
                    Some(event) => open = self.turn(event),
                    None => return Why::Failed,
                },
                taken = sent(&mut self.sending), if self.sending.is_some() => {
                    self.sending = None;
                    if !taken {
                        return Why::Lost;
                    }
                }
                _ = second.tick() => {
                    let now = self.house.clock.now();
                    self.listen(now);
                    open = self.turn(Event::Input(Input::Tick(now)));
                    // An error: the house is gone, and this session with it.
                    if bounds.has_changed().unwrap_or(false) {
                        let before = std::mem::replace(&mut idle, bounds.borrow_and_update().idle_lock);
                        if before != idle {
                            let effects = self.app.lock_after(idle);
                            open &= self.carry_out(effects, For::Person);
                        }
                    }
                    if open && ear.with_this_second() {
                        open = self.read_again(&mut ear);
                    }
                }
                () = ear.news() => {
                    let (_, sessions) = self.house.gate.counts();
                    if ear.hear(sessions, Instant::now()) {
                        open = self.turn(Event::Input(Input::Away(ear.away())));
                    }
                }
                () = at(ear.at()), if ear.at().is_some() => open = self.read_again(&mut ear),
                () = sleep_until(ends) => return Why::TooLong,
            }
        }
        Why::Left
    }

    /// Notes whether the client was heard since the last second; one that only answers is heard, too.
    fn listen(&mut self, now: Timestamp) {
        self.life.set_locked(self.app.is_locked());
        let (received, _) = self.wire.bytes();
        if received != self.heard.1 {
            self.heard = (now, received);
        }
    }

    /// Keeps what was typed. An open call waits a little for its person, unless they sit at another desk.
    fn break_off(&mut self) {
        self.listen(self.house.clock.now());
        self.turn(Event::Input(Input::Hangup));
        if self.app.call_open() {
            let staff = self.app.ctx.actor.staff.clone();
            self.give(For::Person, Work::LineLost(staff, self.session.clone(), self.heard.0));
        }
    }

    /// The last thing that goes through the door.
    fn leave(&mut self, why: Why) {
        self.life.end();
        let staff = self.app.ctx.actor.staff.clone();
        self.give(For::Person, Work::Leave(staff, self.session.clone(), why.code()));
    }

    /// Reads again what others changed, unless answers are to come; false when the person leaves.
    fn read_again(&mut self, ear: &mut Ear) -> bool {
        let changed = ear.take(self.open_work > 0, Instant::now());
        if changed.is_empty() {
            return true;
        }
        let shown = self.stale;
        let effects = take(Event::Input(Input::Changed(changed)), &mut self.app);
        let open = self.carry_out(effects, For::Nobody);
        self.rereading = self.open_work > 0;
        // What changed is on none of the open screens: nothing is read and nothing drawn.
        self.stale = shown || self.rereading;
        open
    }

    /// Queues what the decoder heard.
    fn hear(&mut self, heard: Vec<Heard>) {
        let mut read = Vec::new();
        for heard in heard {
            match heard {
                Heard::Input(input) => read.push(input),
                Heard::PasteCut => {
                    self.own.extend(find_numbers(std::mem::take(&mut read)).into_iter().map(Event::Input));
                    let limit = self.limits.paste / 1024;
                    let cut = Say::key("ssh.paste_cut").with("limit", limit);
                    self.own.push_back(Event::Told(Tone::Warn, cut));
                }
            }
        }
        self.own.extend(find_numbers(read).into_iter().map(Event::Input));
    }

    /// Gives an event to the screens; false when the person leaves.
    fn turn(&mut self, event: Event) -> bool {
        self.stale = true;
        if matches!(event, Event::Reply(_)) {
            self.open_work = self.open_work.saturating_sub(1);
            self.rereading &= self.open_work > 0;
        } else {
            // Whatever else happens is shown before the answers are here.
            self.rereading = false;
        }
        let effects = take(event, &mut self.app);
        self.carry_out(effects, For::Person)
    }

    fn carry_out(&mut self, effects: Vec<Effect>, whom: For) -> bool {
        let mut asked = Asked::default();
        let open = carry_out(effects, &mut self.app, &mut asked);
        for work in asked.work {
            self.give(whom, work);
        }
        for text in asked.copied {
            match self.screen.copy(&text) {
                Some(bytes) => self.aside.extend(bytes),
                None => self.app.say(Tone::Warn, Say::key("ssh.no_clipboard")),
            }
        }
        open
    }

    fn give(&mut self, whom: For, work: Work) {
        if matches!(work, Work::Actor(_) | Work::People) {
            // The key decides who works here, on a simulated store, too.
            return;
        }
        self.open_work += usize::from(matches!(work, Work::Job(..)));
        if let Err(answer) = self.runner.give(whom, work) {
            self.own.extend(answer);
        }
    }

    /// Draws a frame and begins to send it.
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

/// What the screens asked of the session in one turn.
#[derive(Default)]
struct Asked {
    work: Vec<Work>,
    copied: Vec<String>,
}

impl Hands for Asked {
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

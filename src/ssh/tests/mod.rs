//! Tests of the SSH server with a real client over TCP: a server on a free port, staff members with keys, and clients.

mod limits;
mod login;
mod lost_connections;
mod refusals;
mod reload;
mod screens;
mod sessions;

use super::*;
use crate::domain::actor::{Actor, Role};
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::ssh_key::Fingerprint;
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Tickets};
use crate::tui::field::{Field, Kind};
use crate::tui::fixture;
use crate::tui::input::Key;
use crate::tui::keys::Binding;
use crate::tui::screen::{AnyScreen, Msg, Screen as TuiScreen, ScreenHost};
use crate::usecase::command::SetQuota;
use crate::usecase::{Command, Door, Error};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::{Paragraph, Wrap};
use russh::keys::{Algorithm, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, client};
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Longest wait for anything that is expected.
const PATIENCE: Duration = Duration::from_secs(20);

/// A screen that shows what is typed and the last result. `Ctrl-X` panics, `Ctrl-S` saves, `Ctrl-Y` copies.
struct Slate {
    typed: Field,
    result: &'static str,
    tickets: Tickets,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    Break,
    Save,
    Copy,
}

impl TuiScreen for Slate {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = &[
        Binding::new("break", "form.next", &[Key::ctrl('x')], Act::Break),
        Binding::new("save", "form.next", &[Key::ctrl('s')], Act::Save),
        Binding::new("copy", "form.next", &[Key::ctrl('y')], Act::Copy),
    ];

    fn update(&mut self, msg: Msg<Act>, _ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Act(Act::Break) => panic!("a broken screen"),
            Msg::Act(Act::Save) => {
                let save = Command::SetQuota(SetQuota { quota: 321 });
                vec![Effect::save(self.tickets.next(), save, None)]
            }
            Msg::Act(Act::Copy) => vec![Effect::Copy("0904".to_owned())],
            Msg::Replied(_, outcome) => {
                self.result = if outcome.is_ok() { "saved" } else { "refused" };
                Vec::new()
            }
            Msg::Changed(_) => {
                self.result = "changed";
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn field(&self) -> Option<&Field> {
        Some(&self.typed)
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        Some(&mut self.typed)
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let (actor, typed) = (&ctx.actor, self.typed.text());
        let actor_shown = format!("[{} {}]", actor.staff, actor.role.code());
        let text = format!("{actor_shown} {} ({}) {typed}", self.result, typed.len());
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: false }), area);
    }
}

fn screens(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    [Origin::Calls, Origin::Register, Origin::Schedule, Origin::Survey, Origin::Overview]
        .into_iter()
        .map(|origin| {
            let slate =
                Slate { typed: Field::new(Kind::Text).max(5000), result: "", tickets: Tickets::new(origin) };
            Box::new(ScreenHost::new(origin, slate)) as Box<dyn AnyScreen>
        })
        .collect()
}

fn now() -> Timestamp {
    fixture::at("2026-12-02T09:30:00")
}

/// A programme with Lan and Hà and nothing to do.
fn fresh() -> Door {
    let campaign = (*fixture::ctx(Role::Operator).campaign).clone();
    let door = Door::create(Store::memory().unwrap(), campaign, true, now(), "test").unwrap();
    door.store()
        .write(|tx| {
            for (staff, role) in [("lan", Role::Agent), ("ha", Role::Supervisor)] {
                crate::store::staff::upsert(tx, &StaffId(staff.to_owned()), staff, role, None, now())?;
            }
            Ok::<(), crate::store::StoreError>(())
        })
        .unwrap();
    door
}

/// Log lines in memory.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Captures what this thread logs, until it is dropped.
struct Log {
    lines: Lines,
    _guard: tracing::subscriber::DefaultGuard,
}

/// With a single subscriber, tracing asks the first thread that reaches a line whether it is enabled, and caches "no"
/// for all threads. A second subscriber without filters makes it ask every thread.
static SECOND: OnceLock<tracing::Dispatch> = OnceLock::new();

impl Log {
    fn capture() -> Self {
        SECOND.get_or_init(|| tracing::Dispatch::new(tracing_subscriber::registry()));
        let lines = Lines::default();
        let pen = lines.clone();
        let subscriber =
            tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || pen.clone());
        Self { lines, _guard: tracing::subscriber::set_default(subscriber.finish()) }
    }

    /// The lines in which `field` is `value`.
    fn of(&self, field: &str, value: &str) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.filter(|line| line[field] == value).collect()
    }
}

/// A key book in memory.
#[derive(Default)]
struct Book(Mutex<HashMap<Fingerprint, Actor>>);

impl KeyBook for Book {
    fn whose(&self, key: &Fingerprint) -> Result<Option<Actor>, Error> {
        Ok(self.0.lock().unwrap().get(key).cloned())
    }

    fn whose_all(&self, keys: &[Fingerprint]) -> Result<HashMap<Fingerprint, Actor>, Error> {
        let known = self.0.lock().unwrap();
        Ok(keys.iter().filter_map(|key| Some((key.clone(), known.get(key)?.clone()))).collect())
    }
}

/// A server with Lan the agent and Hà the supervisor.
struct TestServer {
    state: Arc<ServerState>,
    book: Arc<Book>,
    address: SocketAddr,
    lan: Arc<PrivateKey>,
    ha: Arc<PrivateKey>,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

fn new_key() -> Arc<PrivateKey> {
    Arc::new(PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).unwrap())
}

impl TestServer {
    fn open(limits: Limits) -> Self {
        Self::styled(limits, TerminalOptions::default())
    }

    fn styled(limits: Limits, terminal_options: TerminalOptions) -> Self {
        Self::over(fresh(), limits, Style { lang: Lang::En, terminal_options, screens })
    }

    /// A server over a programme of the test's own, in which Lan and Hà work.
    fn over(door: Door, limits: Limits, style: Style) -> Self {
        let book = Arc::new(Book::default());
        let state = ServerState::open(door, Arc::<Book>::clone(&book), limits, style, now).unwrap();
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let host_key = (*new_key()).clone();
        let serving = tokio::spawn(serve(Arc::clone(&state), listener, host_key, stopped));
        let (lan, ha) = (new_key(), new_key());
        let host = Self { state, book, address, lan, ha, stop, serving };
        host.know("lan", Role::Agent, &host.lan);
        host.know("ha", Role::Supervisor, &host.ha);
        host
    }

    fn know(&self, staff: &str, role: Role, key: &PrivateKey) {
        let staff = StaffId(staff.to_owned());
        let actor = Actor { name: staff.to_string(), staff, role, doctor: None };
        self.book.0.lock().unwrap().insert(Fingerprint::of(key.public_key()), actor);
    }

    fn forget(&self, key: &PrivateKey) {
        self.book.0.lock().unwrap().remove(&Fingerprint::of(key.public_key()));
    }

    /// Waits until so many sessions are left.
    async fn left_with(&self, sessions: usize) {
        let waited = timeout(PATIENCE, async {
            while self.state.registry.present().len() > sessions {
                tokio::task::yield_now().await;
            }
        });
        assert!(waited.await.is_ok(), "left: {:?}", self.state.registry.present());
    }

    /// Waits until every slot is given back.
    async fn emptied(&self) {
        let waited = timeout(PATIENCE, async {
            while self.state.gate.counts() != (0, 0) {
                tokio::task::yield_now().await;
            }
        });
        assert!(waited.await.is_ok(), "left: {:?}", self.state.gate.counts());
    }

    async fn connect(&self) -> client::Handle<Trusting> {
        let config = Arc::new(client::Config::default());
        client::connect(config, self.address, Trusting).await.unwrap()
    }

    /// A connection that proved `key`.
    async fn login(&self, key: &Arc<PrivateKey>) -> client::Handle<Trusting> {
        let mut handle = self.connect().await;
        assert!(prove(&mut handle, key).await);
        handle
    }

    /// A screen for `key`.
    async fn open_screen(&self, key: &Arc<PrivateKey>) -> Client {
        Client::open(self.login(key).await, "xterm-256color", 80, 24).await
    }
}

async fn prove(handle: &mut client::Handle<Trusting>, key: &Arc<PrivateKey>) -> bool {
    let key = PrivateKeyWithHashAlg::new(Arc::clone(key), None);
    handle.authenticate_publickey("anyone", key).await.unwrap().success()
}

/// Accepts every host key.
struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// A client with a screen.
struct Client {
    _handle: client::Handle<Trusting>,
    from_host: ChannelReadHalf,
    to_host: Arc<ChannelWriteHalf<client::Msg>>,
    screen: vt100::Parser,
    all: Vec<u8>,
    stderr: String,
    status: Option<u32>,
    closed: bool,
}

impl Client {
    async fn open(handle: client::Handle<Trusting>, term: &str, columns: u32, rows: u32) -> Self {
        let channel = handle.channel_open_session().await.unwrap();
        channel.request_pty(true, term, columns, rows, 0, 0, &[]).await.unwrap();
        channel.request_shell(true).await.unwrap();
        Self::over(handle, channel)
    }

    fn over(handle: client::Handle<Trusting>, channel: russh::Channel<client::Msg>) -> Self {
        let [rows, columns] = [24, 80].map(|side| NonZeroU16::new(side).unwrap());
        let (from_host, to_host) = channel.split();
        Self {
            _handle: handle,
            from_host,
            to_host: Arc::new(to_host),
            screen: vt100::Parser::new(rows, columns, 0),
            all: Vec::new(),
            stderr: String::new(),
            status: None,
            closed: false,
        }
    }

    async fn type_in(&mut self, bytes: &[u8]) {
        let (to_host, bytes) = (Arc::clone(&self.to_host), bytes.to_vec());
        self.while_receiving(async move { to_host.data_bytes(bytes).await.unwrap() }).await;
    }

    async fn resize(&mut self, columns: u32, rows: u32) {
        let to_host = Arc::clone(&self.to_host);
        self.while_receiving(async move { to_host.window_change(columns, rows, 0, 0).await.unwrap() }).await;
    }

    /// Does something while receiving output, as a terminal does.
    async fn while_receiving(&mut self, act: impl Future<Output = ()>) {
        let mut act = std::pin::pin!(act);
        let done = timeout(PATIENCE, async {
            loop {
                tokio::select! {
                    biased;
                    () = &mut act => return,
                    () = self.receive() => assert!(!self.closed, "closed"),
                }
            }
        });
        assert!(done.await.is_ok(), "the host takes no input");
    }

    /// Takes one message.
    async fn receive(&mut self) {
        match self.from_host.wait().await {
            Some(ChannelMsg::Data { data }) => {
                self.screen.process(&data);
                self.all.extend_from_slice(&data);
            }
            Some(ChannelMsg::ExtendedData { data, .. }) => {
                self.stderr.push_str(&String::from_utf8_lossy(&data));
            }
            Some(ChannelMsg::ExitStatus { exit_status }) => self.status = Some(exit_status),
            Some(ChannelMsg::Close) | None => self.closed = true,
            Some(_) => {}
        }
    }

    /// Waits until the screen shows `text`.
    async fn sees(&mut self, text: &str) {
        let waited = timeout(PATIENCE, async {
            while !self.screen.screen().contents().contains(text) {
                assert!(!self.closed, "closed before {text:?}");
                self.receive().await;
            }
        });
        assert!(waited.await.is_ok(), "no {text:?} on\n{}", self.screen.screen().contents());
    }

    /// Waits until the channel is closed; the exit status.
    async fn closed(&mut self) -> Option<u32> {
        let waited = timeout(PATIENCE, async {
            while !self.closed {
                self.receive().await;
            }
        });
        assert!(waited.await.is_ok(), "never closed");
        self.status
    }
}

//! Answers one client's SSH requests: authentication by key, one terminal, one session with the screens.
//!
//! Invariants:
//! - the key whose signature was verified decides the actor, never a user name or an offered key;
//! - any other request is refused at once and in the same way for every client;
//! - replies leave in the order of the requests.

use super::algorithms::may_sign;
use super::close_reason::{CloseReason, CloseSignal, ConnectionError};
use super::gate::{Full, LoginSlot, SessionSlot};
use super::limits::Limits;
use super::line::Wire;
use super::registry::EndReason;
use super::server_state::ServerState;
use super::session::{self, FromClient, SessionStart};
use super::terminal::Pty;
use crate::domain::actor::Actor;
use crate::domain::session::Presence;
use crate::domain::ssh_key::Fingerprint;
use crate::domain::text::clean;
use crate::domain::time::Timestamp;
use crate::store::StoreError;
use crate::usecase::Door;
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelWriteHalf, Pty as Mode};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Keys that one connection may offer.
const OFFERS: usize = 32;
/// Pieces of input that may wait for a session.
const INPUT: usize = 4;
/// Standard error of a channel (RFC 4254 §5.2).
const STDERR: u32 = 1;
/// Refused requests of one connection that are logged; the rest are counted.
const REFUSALS_TOLD: u32 = 8;

/// The state of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// No signature was verified yet.
    Unauthenticated,
    /// A signature was verified, no session runs.
    Authenticated,
    /// A session runs.
    InSession,
    /// The session is over.
    Over,
}

/// An authenticated user, and the slot of their session.
#[derive(Debug)]
struct Login {
    actor: Actor,
    key: Fingerprint,
    slot: Result<SessionSlot, Full>,
}

/// The server's side of one connection.
pub struct Connection {
    server: Arc<ServerState>,
    /// The limits when the connection began.
    limits: Arc<Limits>,
    from: SocketAddr,
    wire: Arc<Wire>,
    phase: watch::Sender<Phase>,
    close_signal: CloseSignal,
    login_slot: Option<LoginSlot>,
    refusals: u32,
    failed: usize,
    offers: usize,
    login: Option<Login>,
    channel: Option<ChannelId>,
    out: Option<ChannelWriteHalf<Msg>>,
    pty: Option<Pty>,
    session_input: Option<mpsc::Sender<FromClient>>,
}

impl Connection {
    /// A new, unauthenticated connection; its phase; and the signal that takes its close reason.
    pub fn new(
        server: Arc<ServerState>,
        limits: Arc<Limits>,
        from: SocketAddr,
        wire: Arc<Wire>,
        login_slot: LoginSlot,
    ) -> (Self, watch::Receiver<Phase>, CloseSignal) {
        let close_signal = CloseSignal::new();
        let end = close_signal.clone();
        let (phase, receiver) = watch::channel(Phase::Unauthenticated);
        let connection = Self {
            server,
            limits,
            from,
            wire,
            phase,
            close_signal,
            login_slot: Some(login_slot),
            refusals: 0,
            failed: 0,
            offers: 0,
            login: None,
            channel: None,
            out: None,
            pty: None,
            session_input: None,
        };
        (connection, receiver, end)
    }

    /// Fails when the connection has no attempt left.
    fn may_try(&self) -> Result<(), ConnectionError> {
        if self.failed < self.limits.attempts { Ok(()) } else { Err(ConnectionError::Attempts) }
    }

    /// Refuses an attempt to authenticate.
    fn refused(&mut self, method: &'static str, reason: &'static str) -> Result<Auth, ConnectionError> {
        self.may_try()?;
        self.server.count.logins.add((method, reason));
        self.failed += 1;
        if self.server.log_limit.allows_line() {
            tracing::info!(event = "login_refused", from = %self.from, method, reason, attempt = self.failed);
        }
        Ok(Auth::reject())
    }

    fn request_refused(&mut self, request: &'static str) {
        self.server.count.requests.add(request);
        self.refusals = self.refusals.saturating_add(1);
        if self.refusals > REFUSALS_TOLD {
            self.server.log_limit.skip_line();
            return;
        }
        let staff = self.login.as_ref().map(|login| login.actor.staff.as_str()).unwrap_or_default();
        tracing::info!(event = "request_refused", from = %self.from, staff, request);
    }

    fn sentence(&self, key: &str) -> String {
        let text = rust_i18n::t!(format!("ssh.no.{key}"), locale = self.server.style.lang.code());
        format!("tongdai: {text}\r\n")
    }

    /// Runs nothing, writes the reason to standard error and ends with a status. The request itself is granted,
    /// because a client that gets a failure shows its own message instead of ours.
    fn refuse_request(
        &mut self,
        channel: ChannelId,
        request: &'static str,
        sentence: &str,
        why: EndReason,
        session: &mut Session,
    ) -> Result<(), ConnectionError> {
        self.request_refused(request);
        if self.session_input.is_some() {
            // A further request on the channel of a running session.
            session.channel_failure(channel)?;
            return Ok(());
        }
        session.channel_success(channel)?;
        session.extended_data(channel, STDERR, self.sentence(sentence).into_bytes())?;
        session.exit_status_request(channel, why.status())?;
        session.eof(channel)?;
        session.close(channel)?;
        self.phase.send_replace(Phase::Over);
        Ok(())
    }

    /// Sends something to the session; waits while its queue is full.
    async fn send_to_session(&self, message: FromClient) {
        if let Some(input) = &self.session_input {
            // A session that has ended takes nothing more.
            let _ = input.send(message).await;
        }
    }

    /// Starts the session as a task of its own.
    fn start_session(&mut self, login: Login, pty: Pty, out: ChannelWriteHalf<Msg>) {
        let Login { actor, key, slot } = login;
        let (server, limits) = (Arc::clone(&self.server), Arc::clone(&self.limits));
        let (from, wire, phase) = (self.from, Arc::clone(&self.wire), self.phase.clone());
        let close_signal = self.close_signal.clone();
        let (input, client) = mpsc::channel(INPUT);
        self.session_input = Some(input);
        phase.send_replace(Phase::InSession);
        server.count.begin();
        let since = server.clock.now();
        let (entry, orders) =
            server.registry.insert(actor.clone(), key.clone(), from, since, Arc::clone(&wire));
        let (staff, lang, out) = (actor.staff.clone(), server.style.lang, Arc::new(out));
        tracing::info!(
            event = "session_start",
            session = %entry.presence.id,
            %from,
            %staff,
            %key,
            term = pty.term,
            columns = pty.size.0,
            rows = pty.size.1
        );
        tokio::spawn(async move {
            let (out_again, wire_again) = (Arc::clone(&out), Arc::clone(&wire));
            let (presence, activity) = (entry.presence.clone(), Arc::clone(&entry.activity));
            let door = server.door().for_one_from(&format!("ssh {key}"));
            let start = SessionStart {
                id: entry.id,
                actor,
                key,
                pty,
                out: out_again,
                wire: wire_again,
                presence,
                activity,
            };
            let why = match tokio::spawn(session::run(Arc::clone(&server), start, client, orders)).await {
                Ok(why) => why,
                Err(_) => {
                    // The panic is logged with an incident number; only this session ends.
                    let _ = StoreError::internal("a session panicked");
                    // A client that takes nothing is disconnected below.
                    let _ =
                        timeout(limits.refusal, session::say_goodbye(&out, EndReason::Failed, lang)).await;
                    entry.activity.end();
                    leave(door, server.clock.now(), &entry.presence, EndReason::Failed).await;
                    EndReason::Failed
                }
            };
            let why = if why == EndReason::Lost { close_signal.end_reason().await } else { why };
            server.count.end(why);
            let seconds = server.clock.now().since(since) / 1000;
            let (received, sent) = wire.bytes();
            tracing::info!(
                event = "session_end",
                session = %entry.presence.id,
                %from,
                %staff,
                why = why.code(),
                seconds,
                received,
                sent
            );
            drop(entry);
            drop(slot);
            phase.send_replace(Phase::Over);
        });
    }
}

/// Removes a session that failed before it could leave by itself.
async fn leave(door: Door, now: Timestamp, session: &Presence, why: EndReason) {
    let (id, staff) = (session.id.clone(), session.staff.clone());
    let left = spawn_blocking(move || door.leave_session(now, &id, &staff, why.code())).await;
    if let Ok(Err(error)) = left {
        // The session expires in the store when its heartbeats stop.
        tracing::warn!(kind = error.kind(), "a session could not be reported to the store");
    }
}

impl Handler for Connection {
    type Error = ConnectionError;

    async fn auth_none(&mut self, _user: &str) -> Result<Auth, ConnectionError> {
        // Clients send this to learn the methods.
        Ok(Auth::reject())
    }

    async fn auth_password(&mut self, _user: &str, _password: &str) -> Result<Auth, ConnectionError> {
        self.refused("password", "method")
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _user: &str,
        _submethods: &str,
        _response: Option<russh::server::Response<'a>>,
    ) -> Result<Auth, ConnectionError> {
        self.refused("keyboard-interactive", "method")
    }

    async fn auth_openssh_certificate(
        &mut self,
        _user: &str,
        _certificate: &russh::keys::Certificate,
    ) -> Result<Auth, ConnectionError> {
        self.refused("certificate", "method")
    }

    async fn auth_publickey_offered(
        &mut self,
        _user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, ConnectionError> {
        self.may_try()?;
        self.offers += 1;
        if self.offers > OFFERS {
            return Err(ConnectionError::Attempts);
        }
        // Only the algorithm decides: an offer does not reveal whether a key is known.
        if may_sign(offer.algorithm) { Ok(Auth::Accept) } else { Ok(Auth::reject()) }
    }

    async fn auth_publickey(
        &mut self,
        _user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, ConnectionError> {
        self.may_try()?;
        if !may_sign(key.algorithm) {
            return self.refused("publickey", "kind");
        }
        let print = Fingerprint::of(key.public_key);
        let (book, asked) = (Arc::clone(&self.server.book), print.clone());
        match spawn_blocking(move || book.whose(&asked)).await {
            Ok(Ok(Some(actor))) => {
                tracing::info!(event = "login", from = %self.from, staff = %actor.staff, key = %print);
                let slot = self.server.gate.session_slot(&print);
                self.login = Some(Login { actor, key: print, slot });
                Ok(Auth::Accept)
            }
            Ok(Ok(None)) => self.refused("publickey", "unknown"),
            Ok(Err(error)) => self.refused("publickey", error.kind()),
            Err(_) => self.refused("publickey", "internal"),
        }
    }

    async fn auth_succeeded(&mut self, _session: &mut Session) -> Result<(), ConnectionError> {
        self.login_slot = None;
        self.phase.send_replace(Phase::Authenticated);
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), ConnectionError> {
        if self.channel.is_some() {
            self.request_refused("second channel");
            // Dropping the reply refuses the channel.
            return Ok(());
        }
        self.channel = Some(channel.id());
        // Input arrives in the methods below; the read half is not used.
        self.out = Some(channel.split().1);
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        col_width: u32,
        row_height: u32,
        _pix_width: u32,
        _pix_height: u32,
        modes: &[(Mode, u32)],
        session: &mut Session,
    ) -> Result<(), ConnectionError> {
        if self.pty.is_some() || self.session_input.is_some() {
            session.channel_failure(channel)?;
            return Ok(());
        }
        let erase = modes.iter().find(|(mode, _)| *mode == Mode::VERASE);
        self.pty = Some(Pty {
            term: clean(term, 64),
            size: self.limits.size(col_width, row_height),
            erase: erase.and_then(|(_, byte)| u8::try_from(*byte).ok()),
        });
        session.channel_success(channel)?;
        Ok(())
    }

    async fn shell_request(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), ConnectionError> {
        let (Some(out), Some(login)) = (self.out.take(), self.login.take()) else {
            session.channel_failure(channel)?;
            return Ok(());
        };
        let Some(pty) = self.pty.clone() else {
            return self.refuse_request(channel, "shell", "terminal", EndReason::NoTerminal, session);
        };
        if !pty.shows_screens() {
            return self.refuse_request(channel, "shell", "dumb", EndReason::NoTerminal, session);
        }
        match login.slot {
            Err(Full::Server) => self.refuse_request(channel, "shell", "room", EndReason::Full, session),
            Err(Full::Key) => self.refuse_request(channel, "shell", "room_for_key", EndReason::Full, session),
            Ok(_) => {
                session.channel_success(channel)?;
                self.start_session(login, pty, out);
                Ok(())
            }
        }
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _command: &[u8],
        session: &mut Session,
    ) -> Result<(), ConnectionError> {
        self.refuse_request(channel, "exec", "command", EndReason::NoTerminal, session)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        session: &mut Session,
    ) -> Result<(), ConnectionError> {
        self.refuse_request(channel, "subsystem", "command", EndReason::NoTerminal, session)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        _value: &str,
        session: &mut Session,
    ) -> Result<(), ConnectionError> {
        // Every OpenSSH client sends its language, so this is not logged.
        session.channel_failure(channel)?;
        Ok(())
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _single_connection: bool,
        _protocol: &str,
        _cookie: &str,
        _screen: u32,
        session: &mut Session,
    ) -> Result<(), ConnectionError> {
        self.request_refused("x11");
        session.channel_failure(channel)?;
        Ok(())
    }

    async fn agent_request(
        &mut self,
        _channel: ChannelId,
        _session: &mut Session,
    ) -> Result<bool, ConnectionError> {
        self.request_refused("agent");
        Ok(false)
    }

    async fn tcpip_forward(
        &mut self,
        _address: &str,
        _port: &mut u32,
        _session: &mut Session,
    ) -> Result<bool, ConnectionError> {
        self.request_refused("forwarding");
        Ok(false)
    }

    async fn window_change_request(
        &mut self,
        channel: ChannelId,
        col_width: u32,
        row_height: u32,
        _pix_width: u32,
        _pix_height: u32,
        session: &mut Session,
    ) -> Result<(), ConnectionError> {
        let (columns, rows) = self.limits.size(col_width, row_height);
        if let Some(pty) = &mut self.pty {
            pty.size = (columns, rows);
        }
        self.send_to_session(FromClient::Size(columns, rows)).await;
        session.channel_success(channel)?;
        Ok(())
    }

    async fn data(
        &mut self,
        _channel: ChannelId,
        data: &[u8],
        _session: &mut Session,
    ) -> Result<(), ConnectionError> {
        self.send_to_session(FromClient::Bytes(data.to_vec())).await;
        Ok(())
    }

    async fn channel_eof(
        &mut self,
        _channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), ConnectionError> {
        self.close_signal.set(CloseReason::Closed);
        self.send_to_session(FromClient::End).await;
        Ok(())
    }

    async fn channel_close(
        &mut self,
        _channel: ChannelId,
        _session: &mut Session,
    ) -> Result<(), ConnectionError> {
        self.close_signal.set(CloseReason::Closed);
        self.send_to_session(FromClient::End).await;
        self.session_input = None;
        Ok(())
    }
}

//! One connection's side of the protocol: who it is, and the one thing that it may have — a screen.
//!
//! Invariants: the person is decided by the key whose signature was verified, never by a name or by a key that
//! was only offered; whatever else is asked for is refused at once and in the same way for everybody; replies
//! leave in the order in which requests came.

use super::algorithms::may_sign;
use super::desk::{self, FromClient, Place};
use super::gate::{Full, Knock, Seat};
use super::house::House;
use super::limits::Limits;
use super::line::Wire;
use super::parting::{Parted, Parting, Trouble};
use super::roll::Why;
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
/// Refused requests of one connection that the log tells; the rest are counted.
const REFUSALS_TOLD: u32 = 8;

/// How far a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// No key was proved.
    Stranger,
    /// A key was proved, no screen is open.
    Known,
    /// A screen is open.
    Seated,
    /// The screen is closed.
    Over,
}

/// Who proved a key.
#[derive(Debug)]
struct Guest {
    actor: Actor,
    key: Fingerprint,
    seat: Result<Seat, Full>,
}

/// One connection.
pub struct Visitor {
    house: Arc<House>,
    /// The bounds at its beginning.
    limits: Arc<Limits>,
    from: SocketAddr,
    wire: Arc<Wire>,
    phase: watch::Sender<Phase>,
    parting: Parting,
    knock: Option<Knock>,
    refusals: u32,
    failed: usize,
    offers: usize,
    guest: Option<Guest>,
    channel: Option<ChannelId>,
    out: Option<ChannelWriteHalf<Msg>>,
    pty: Option<Pty>,
    desk: Option<mpsc::Sender<FromClient>>,
}

impl Visitor {
    /// A connection that has said nothing yet; how far it is; and whom to tell how it ended.
    pub fn new(
        house: Arc<House>,
        limits: Arc<Limits>,
        from: SocketAddr,
        wire: Arc<Wire>,
        knock: Knock,
    ) -> (Self, watch::Receiver<Phase>, Parting) {
        let parting = Parting::new();
        let end = parting.clone();
        let (phase, receiver) = watch::channel(Phase::Stranger);
        let visitor = Self {
            house,
            limits,
            from,
            wire,
            phase,
            parting,
            knock: Some(knock),
            refusals: 0,
            failed: 0,
            offers: 0,
            guest: None,
            channel: None,
            out: None,
            pty: None,
            desk: None,
        };
        (visitor, receiver, end)
    }

    /// Ends a connection that has no attempt left.
    fn may_try(&self) -> Result<(), Trouble> {
        if self.failed < self.limits.attempts { Ok(()) } else { Err(Trouble::Attempts) }
    }

    /// A refused attempt.
    fn refused(&mut self, method: &'static str, reason: &'static str) -> Result<Auth, Trouble> {
        self.may_try()?;
        self.house.count.logins.add((method, reason));
        self.failed += 1;
        if self.house.chatter.may_speak() {
            tracing::info!(event = "login_refused", from = %self.from, method, reason, attempt = self.failed);
        }
        Ok(Auth::reject())
    }

    fn request_refused(&mut self, request: &'static str) {
        self.house.count.requests.add(request);
        self.refusals = self.refusals.saturating_add(1);
        if self.refusals > REFUSALS_TOLD {
            self.house.chatter.left_out();
            return;
        }
        let staff = self.guest.as_ref().map(|guest| guest.actor.staff.as_str()).unwrap_or_default();
        tracing::info!(event = "request_refused", from = %self.from, staff, request);
    }

    fn sentence(&self, key: &str) -> String {
        let text = rust_i18n::t!(format!("ssh.no.{key}"), locale = self.house.style.lang.code());
        format!("tongdai: {text}\r\n")
    }

    /// Runs nothing, says why in one line on standard error and ends with a status. The request itself is granted,
    /// because clients that are told that it failed show their own words and not ours.
    fn say_no(
        &mut self,
        channel: ChannelId,
        request: &'static str,
        sentence: &str,
        why: Why,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        self.request_refused(request);
        if self.desk.is_some() {
            // What a running screen's channel asks for on top.
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

    /// Gives something to the desk, waiting for room.
    async fn tell_desk(&self, said: FromClient) {
        if let Some(desk) = &self.desk {
            // A desk that is closed hears nothing more.
            let _ = desk.send(said).await;
        }
    }

    /// Starts the session; the rest of its life is its own.
    fn sit_down(&mut self, guest: Guest, pty: Pty, out: ChannelWriteHalf<Msg>) {
        let Guest { actor, key, seat } = guest;
        let (house, limits) = (Arc::clone(&self.house), Arc::clone(&self.limits));
        let (from, wire, phase) = (self.from, Arc::clone(&self.wire), self.phase.clone());
        let parting = self.parting.clone();
        let (desk, client) = mpsc::channel(INPUT);
        self.desk = Some(desk);
        phase.send_replace(Phase::Seated);
        house.count.begin();
        let since = house.clock.now();
        let (entry, orders) = house.roll.enter(actor.clone(), key.clone(), from, since, Arc::clone(&wire));
        let (staff, lang, out) = (actor.staff.clone(), house.style.lang, Arc::new(out));
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
            let (presence, life) = (entry.presence.clone(), Arc::clone(&entry.life));
            let door = house.door().for_one_from(&format!("ssh {key}"));
            let place =
                Place { id: entry.id, actor, key, pty, out: out_again, wire: wire_again, presence, life };
            let why = match tokio::spawn(desk::run(Arc::clone(&house), place, client, orders)).await {
                Ok(why) => why,
                Err(_) => {
                    // Logged with its incident; this session ends, no other does.
                    let _ = StoreError::internal("a session panicked");
                    // Who takes nothing any more is cut off below.
                    let _ = timeout(limits.refusal, desk::say_goodbye(&out, Why::Failed, lang)).await;
                    entry.life.end();
                    leave(door, house.clock.now(), &entry.presence, Why::Failed).await;
                    Why::Failed
                }
            };
            let why = if why == Why::Lost { parting.why().await } else { why };
            house.count.end(why);
            let seconds = house.clock.now().since(since) / 1000;
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
            drop(seat);
            phase.send_replace(Phase::Over);
        });
    }
}

/// Takes a session away that could not do so itself.
async fn leave(door: Door, now: Timestamp, session: &Presence, why: Why) {
    let (id, staff) = (session.id.clone(), session.staff.clone());
    let left = spawn_blocking(move || door.leave_session(now, &id, &staff, why.code())).await;
    if let Ok(Err(error)) = left {
        // It is buried when nobody says any more that it is there.
        tracing::warn!(kind = error.kind(), "a session could not be told to the store");
    }
}

impl Handler for Visitor {
    type Error = Trouble;

    async fn auth_none(&mut self, _user: &str) -> Result<Auth, Trouble> {
        // Clients ask this to learn the methods.
        Ok(Auth::reject())
    }

    async fn auth_password(&mut self, _user: &str, _password: &str) -> Result<Auth, Trouble> {
        self.refused("password", "method")
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _user: &str,
        _submethods: &str,
        _response: Option<russh::server::Response<'a>>,
    ) -> Result<Auth, Trouble> {
        self.refused("keyboard-interactive", "method")
    }

    async fn auth_openssh_certificate(
        &mut self,
        _user: &str,
        _certificate: &russh::keys::Certificate,
    ) -> Result<Auth, Trouble> {
        self.refused("certificate", "method")
    }

    async fn auth_publickey_offered(
        &mut self,
        _user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Trouble> {
        self.may_try()?;
        self.offers += 1;
        if self.offers > OFFERS {
            return Err(Trouble::Attempts);
        }
        // The kind decides and nothing else: who offers a key learns nothing about whether it is known.
        if may_sign(offer.algorithm) { Ok(Auth::Accept) } else { Ok(Auth::reject()) }
    }

    async fn auth_publickey(&mut self, _user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Trouble> {
        self.may_try()?;
        if !may_sign(key.algorithm) {
            return self.refused("publickey", "kind");
        }
        let print = Fingerprint::of(key.public_key);
        let (book, asked) = (Arc::clone(&self.house.book), print.clone());
        match spawn_blocking(move || book.whose(&asked)).await {
            Ok(Ok(Some(actor))) => {
                tracing::info!(event = "login", from = %self.from, staff = %actor.staff, key = %print);
                let seat = self.house.gate.seat(&print);
                self.guest = Some(Guest { actor, key: print, seat });
                Ok(Auth::Accept)
            }
            Ok(Ok(None)) => self.refused("publickey", "unknown"),
            Ok(Err(error)) => self.refused("publickey", error.kind()),
            Err(_) => self.refused("publickey", "internal"),
        }
    }

    async fn auth_succeeded(&mut self, _session: &mut Session) -> Result<(), Trouble> {
        self.knock = None;
        self.phase.send_replace(Phase::Known);
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Trouble> {
        if self.channel.is_some() {
            self.request_refused("second channel");
            // A reply that is dropped refuses.
            return Ok(());
        }
        self.channel = Some(channel.id());
        // What comes in is taken in the calls below; nobody reads the other half.
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
    ) -> Result<(), Trouble> {
        if self.pty.is_some() || self.desk.is_some() {
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

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Trouble> {
        let (Some(out), Some(guest)) = (self.out.take(), self.guest.take()) else {
            session.channel_failure(channel)?;
            return Ok(());
        };
        let Some(pty) = self.pty.clone() else {
            return self.say_no(channel, "shell", "terminal", Why::NoTerminal, session);
        };
        if !pty.shows_screens() {
            return self.say_no(channel, "shell", "dumb", Why::NoTerminal, session);
        }
        match guest.seat {
            Err(Full::House) => self.say_no(channel, "shell", "room", Why::Full, session),
            Err(Full::Key) => self.say_no(channel, "shell", "room_for_key", Why::Full, session),
            Ok(_) => {
                session.channel_success(channel)?;
                self.sit_down(guest, pty, out);
                Ok(())
            }
        }
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _command: &[u8],
        session: &mut Session,
    ) -> Result<(), Trouble> {
        self.say_no(channel, "exec", "command", Why::NoTerminal, session)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        self.say_no(channel, "subsystem", "command", Why::NoTerminal, session)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        _value: &str,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        // Every OpenSSH client sends its language: not worth a line in the log.
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
    ) -> Result<(), Trouble> {
        self.request_refused("x11");
        session.channel_failure(channel)?;
        Ok(())
    }

    async fn agent_request(&mut self, _channel: ChannelId, _session: &mut Session) -> Result<bool, Trouble> {
        self.request_refused("agent");
        Ok(false)
    }

    async fn tcpip_forward(
        &mut self,
        _address: &str,
        _port: &mut u32,
        _session: &mut Session,
    ) -> Result<bool, Trouble> {
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
    ) -> Result<(), Trouble> {
        let (columns, rows) = self.limits.size(col_width, row_height);
        if let Some(pty) = &mut self.pty {
            pty.size = (columns, rows);
        }
        self.tell_desk(FromClient::Size(columns, rows)).await;
        session.channel_success(channel)?;
        Ok(())
    }

    async fn data(
        &mut self,
        _channel: ChannelId,
        data: &[u8],
        _session: &mut Session,
    ) -> Result<(), Trouble> {
        self.tell_desk(FromClient::Bytes(data.to_vec())).await;
        Ok(())
    }

    async fn channel_eof(&mut self, _channel: ChannelId, _session: &mut Session) -> Result<(), Trouble> {
        self.parting.tell(Parted::Closed);
        self.tell_desk(FromClient::End).await;
        Ok(())
    }

    async fn channel_close(&mut self, _channel: ChannelId, _session: &mut Session) -> Result<(), Trouble> {
        self.parting.tell(Parted::Closed);
        self.tell_desk(FromClient::End).await;
        self.desk = None;
        Ok(())
    }
}

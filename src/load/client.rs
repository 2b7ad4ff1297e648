//! Opens one SSH session from the client's side: a connection, a key, and a screen that shows what a terminal would.

use super::error::{LoadError, PATIENCE};
use super::target::Host;
use russh::keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, client};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout_at};
use vt100::{Parser, Screen};

/// Accepts every host key.
struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// A session with its screen.
pub struct ClientSession {
    /// Dropping it ends the connection.
    _handle: client::Handle<Trusting>,
    from_host: ChannelReadHalf,
    to_host: ChannelWriteHalf<client::Msg>,
    screen: Parser,
    received: u64,
}

impl ClientSession {
    /// A session with `key` on a screen of `size` (columns, rows), after its first frame.
    pub async fn open(host: &Host, key: Arc<PrivateKey>, size: (u16, u16)) -> Result<Self, LoadError> {
        let stream = TcpStream::connect((host.name.as_str(), host.port)).await?;
        stream.set_nodelay(true)?;
        Self::over(stream, &host.user, key, size).await
    }

    /// The same over an open connection.
    pub async fn over(
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        user: &str,
        key: Arc<PrivateKey>,
        size: (u16, u16),
    ) -> Result<Self, LoadError> {
        let until = Instant::now() + PATIENCE;
        timeout_at(until, Self::sign_in(stream, user, key, size))
            .await
            .map_err(|_| LoadError::Late("login"))?
    }

    async fn sign_in(
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        user: &str,
        key: Arc<PrivateKey>,
        (columns, rows): (u16, u16),
    ) -> Result<Self, LoadError> {
        let mut handle = client::connect_stream(Arc::default(), stream, Trusting).await?;
        let proof = PrivateKeyWithHashAlg::new(key, None);
        if !handle.authenticate_publickey(user, proof).await?.success() {
            return Err(LoadError::Refused);
        }
        let channel = handle.channel_open_session().await?;
        let (wide, high) = (u32::from(columns), u32::from(rows));
        channel.request_pty(true, "xterm-256color", wide, high, 0, 0, &[]).await?;
        channel.request_shell(true).await?;
        let (from_host, to_host) = channel.split();
        let side = |side: u16| NonZeroU16::new(side).unwrap_or(NonZeroU16::MIN);
        let screen = Parser::new(side(rows), side(columns), 0);
        let mut session = Self { _handle: handle, from_host, to_host, screen, received: 0 };
        session
            .sees("the first frame", |screen| {
                screen.contents().lines().filter(|line| !line.is_empty()).count() > 3
            })
            .await?;
        Ok(session)
    }

    /// What the screen shows.
    pub fn screen(&self) -> &Screen {
        self.screen.screen()
    }

    /// Bytes of output so far.
    pub const fn received(&self) -> u64 {
        self.received
    }

    /// Sends keys and waits until the screen `shows` them; how long that took.
    pub async fn press(
        &mut self,
        keys: &[u8],
        what: &'static str,
        shows: impl Fn(&Screen) -> bool,
    ) -> Result<Duration, LoadError> {
        let started = Instant::now();
        self.to_host.data_bytes(keys.to_vec()).await?;
        self.sees(what, shows).await?;
        Ok(started.elapsed())
    }

    /// Sends keys.
    pub async fn send(&self, keys: &[u8]) -> Result<(), LoadError> {
        Ok(self.to_host.data_bytes(keys.to_vec()).await?)
    }

    /// Sends a new window size.
    pub async fn resize(&self, columns: u16, rows: u16) -> Result<(), LoadError> {
        Ok(self.to_host.window_change(u32::from(columns), u32::from(rows), 0, 0).await?)
    }

    /// Waits until the screen `shows` something.
    pub async fn sees(
        &mut self,
        what: &'static str,
        shows: impl Fn(&Screen) -> bool,
    ) -> Result<(), LoadError> {
        let until = Instant::now() + PATIENCE;
        while !shows(self.screen.screen()) {
            self.receive(until, what).await?;
        }
        Ok(())
    }

    /// Receives some output.
    pub async fn more(&mut self, what: &'static str) -> Result<(), LoadError> {
        let before = self.received;
        let until = Instant::now() + PATIENCE;
        while self.received == before {
            self.receive(until, what).await?;
        }
        Ok(())
    }

    /// Receives output until `until`.
    pub async fn rest(&mut self, until: Instant) -> Result<(), LoadError> {
        loop {
            tokio::select! {
                () = sleep_until(until) => return Ok(()),
                message = self.from_host.wait() => self.take(message)?,
            }
        }
    }

    /// Receives output without showing it, until the session ends.
    pub async fn drain(&mut self) {
        while !matches!(self.from_host.wait().await, Some(ChannelMsg::Close) | None) {}
    }

    /// Leaves by the quit key and waits for the end.
    pub async fn leave(mut self) -> Result<(), LoadError> {
        self.send(b"\x11").await?;
        let until = Instant::now() + PATIENCE;
        loop {
            match self.receive(until, "the end").await {
                Err(LoadError::Ended) => return Ok(()),
                outcome => outcome?,
            }
        }
    }

    async fn receive(&mut self, until: Instant, what: &'static str) -> Result<(), LoadError> {
        let message = timeout_at(until, self.from_host.wait()).await.map_err(|_| LoadError::Late(what))?;
        self.take(message)
    }

    fn take(&mut self, message: Option<ChannelMsg>) -> Result<(), LoadError> {
        match message {
            Some(ChannelMsg::Data { data }) => {
                self.received += data.len() as u64;
                self.screen.process(&data);
                Ok(())
            }
            Some(ChannelMsg::Close) | None => Err(LoadError::Ended),
            Some(_) => Ok(()),
        }
    }
}

impl std::fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientSession").field("received", &self.received).finish_non_exhaustive()
    }
}

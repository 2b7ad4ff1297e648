//! One SSH session from the client's side: a connection, a key, a screen that shows what a terminal would.

use super::ground::Host;
use super::trouble::{PATIENCE, Trouble};
use russh::keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, client};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout_at};
use vt100::{Parser, Screen};

/// A client that believes every host.
struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// A session with its screen.
pub struct Seated {
    /// The connection ends with it.
    _handle: client::Handle<Trusting>,
    from_host: ChannelReadHalf,
    to_host: ChannelWriteHalf<client::Msg>,
    screen: Parser,
    received: u64,
}

impl Seated {
    /// A session with `key` on a screen of `size` (columns, rows), after its first frame.
    pub async fn open(host: &Host, key: Arc<PrivateKey>, size: (u16, u16)) -> Result<Self, Trouble> {
        let stream = TcpStream::connect((host.name.as_str(), host.port)).await?;
        stream.set_nodelay(true)?;
        Self::over(stream, &host.user, key, size).await
    }

    /// The same over a connection that stands already.
    pub async fn over(
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        user: &str,
        key: Arc<PrivateKey>,
        size: (u16, u16),
    ) -> Result<Self, Trouble> {
        let until = Instant::now() + PATIENCE;
        timeout_at(until, Self::sign_in(stream, user, key, size)).await.map_err(|_| Trouble::Late("login"))?
    }

    async fn sign_in(
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        user: &str,
        key: Arc<PrivateKey>,
        (columns, rows): (u16, u16),
    ) -> Result<Self, Trouble> {
        let mut handle = client::connect_stream(Arc::default(), stream, Trusting).await?;
        let proof = PrivateKeyWithHashAlg::new(key, None);
        if !handle.authenticate_publickey(user, proof).await?.success() {
            return Err(Trouble::Refused);
        }
        let channel = handle.channel_open_session().await?;
        let (wide, high) = (u32::from(columns), u32::from(rows));
        channel.request_pty(true, "xterm-256color", wide, high, 0, 0, &[]).await?;
        channel.request_shell(true).await?;
        let (from_host, to_host) = channel.split();
        let side = |side: u16| NonZeroU16::new(side).unwrap_or(NonZeroU16::MIN);
        let screen = Parser::new(side(rows), side(columns), 0);
        let mut seated = Self { _handle: handle, from_host, to_host, screen, received: 0 };
        seated
            .sees("the first frame", |screen| {
                screen.contents().lines().filter(|line| !line.is_empty()).count() > 3
            })
            .await?;
        Ok(seated)
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
    ) -> Result<Duration, Trouble> {
        let started = Instant::now();
        self.to_host.data_bytes(keys.to_vec()).await?;
        self.sees(what, shows).await?;
        Ok(started.elapsed())
    }

    /// Sends keys.
    pub async fn send(&self, keys: &[u8]) -> Result<(), Trouble> {
        Ok(self.to_host.data_bytes(keys.to_vec()).await?)
    }

    /// Says that the window has another size.
    pub async fn resize(&self, columns: u16, rows: u16) -> Result<(), Trouble> {
        Ok(self.to_host.window_change(u32::from(columns), u32::from(rows), 0, 0).await?)
    }

    /// Waits until the screen `shows` something.
    pub async fn sees(&mut self, what: &'static str, shows: impl Fn(&Screen) -> bool) -> Result<(), Trouble> {
        let until = Instant::now() + PATIENCE;
        while !shows(self.screen.screen()) {
            self.hear(until, what).await?;
        }
        Ok(())
    }

    /// Takes some output.
    pub async fn more(&mut self, what: &'static str) -> Result<(), Trouble> {
        let before = self.received;
        let until = Instant::now() + PATIENCE;
        while self.received == before {
            self.hear(until, what).await?;
        }
        Ok(())
    }

    /// Takes what comes until `until`.
    pub async fn rest(&mut self, until: Instant) -> Result<(), Trouble> {
        loop {
            tokio::select! {
                () = sleep_until(until) => return Ok(()),
                message = self.from_host.wait() => self.take(message)?,
            }
        }
    }

    /// Takes what comes and shows it to nobody, until the session ends.
    pub async fn sit(&mut self) {
        while !matches!(self.from_host.wait().await, Some(ChannelMsg::Close) | None) {}
    }

    /// Leaves by the key, and waits for the end.
    pub async fn leave(mut self) -> Result<(), Trouble> {
        self.send(b"\x11").await?;
        let until = Instant::now() + PATIENCE;
        loop {
            match self.hear(until, "the end").await {
                Err(Trouble::Ended) => return Ok(()),
                outcome => outcome?,
            }
        }
    }

    async fn hear(&mut self, until: Instant, what: &'static str) -> Result<(), Trouble> {
        let message = timeout_at(until, self.from_host.wait()).await.map_err(|_| Trouble::Late(what))?;
        self.take(message)
    }

    fn take(&mut self, message: Option<ChannelMsg>) -> Result<(), Trouble> {
        match message {
            Some(ChannelMsg::Data { data }) => {
                self.received += data.len() as u64;
                self.screen.process(&data);
                Ok(())
            }
            Some(ChannelMsg::Close) | None => Err(Trouble::Ended),
            Some(_) => Ok(()),
        }
    }
}

impl std::fmt::Debug for Seated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seated").field("received", &self.received).finish_non_exhaustive()
    }
}

//! Wraps the TCP stream under one SSH connection: counts bytes, slows down a client that sends too fast, knows whether
//! the client takes what is written, and can be cut from another task.
//!
//! Invariants:
//! - a client that is too fast is read more slowly, so that TCP itself holds it back;
//! - what the client does not take waits here, up to [`OUTBOX`], so that the protocol above goes on reading: a client
//!   that takes no output can still send input and answer keepalives.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, Sleep};

/// Bytes that may wait for the client before the protocol waits, too; one write may go beyond it.
const OUTBOX: usize = 512 * 1024;

/// The side of a connection that other tasks may use.
#[derive(Debug)]
pub struct Wire {
    received: AtomicU64,
    sent: AtomicU64,
    /// Something waits for the client.
    stuck: AtomicBool,
    moved: Notify,
    cutter: std::sync::Mutex<Option<oneshot::Sender<()>>>,
}

impl Wire {
    /// Bytes received and sent so far.
    pub fn bytes(&self) -> (u64, u64) {
        (self.received.load(Ordering::Relaxed), self.sent.load(Ordering::Relaxed))
    }

    /// Waits until the client takes what was written.
    pub async fn drained(&self) {
        loop {
            let moved = self.moved.notified();
            if !self.stuck.load(Ordering::Acquire) {
                return;
            }
            moved.await;
        }
    }

    /// Ends the connection now, whatever it is doing.
    pub fn cut(&self) {
        if let Some(cutter) = self.cutter.lock().ok().and_then(|mut cutter| cutter.take()) {
            // The connection has ended already.
            let _ = cutter.send(());
        }
        self.set_stuck(false);
    }

    fn set_stuck(&self, stuck: bool) {
        self.stuck.store(stuck, Ordering::Release);
        if !stuck {
            self.moved.notify_waiters();
        }
    }
}

/// The stream that the SSH protocol runs over.
#[derive(Debug)]
pub struct Line<S> {
    stream: S,
    wire: Arc<Wire>,
    outbox: Vec<u8>,
    /// How much of the outbox is sent.
    taken: usize,
    cut: oneshot::Receiver<()>,
    over: bool,
    bucket: Bucket,
    pause: Option<Pin<Box<Sleep>>>,
}

impl<S> Line<S> {
    /// A line over `stream` that takes `per_second` bytes after the first `burst`.
    pub fn new(stream: S, per_second: u32, burst: u32) -> (Self, Arc<Wire>) {
        let (cutter, cut) = oneshot::channel();
        let wire = Arc::new(Wire {
            received: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            stuck: AtomicBool::new(false),
            moved: Notify::new(),
            cutter: std::sync::Mutex::new(Some(cutter)),
        });
        let bucket =
            Bucket { per_second: f64::from(per_second), burst: f64::from(burst), ..Bucket::default() };
        let line = Self {
            stream,
            wire: Arc::clone(&wire),
            outbox: Vec::new(),
            taken: 0,
            cut,
            over: false,
            bucket,
            pause: None,
        };
        (line, wire)
    }

    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if !self.over && Pin::new(&mut self.cut).poll(context).is_ready() {
            self.over = true;
        }
        if self.over { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl<S: AsyncWrite + Unpin> Line<S> {
    /// Writes what the client takes; ready when the outbox is empty.
    fn pour(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rest) = self.outbox.get(self.taken..).filter(|rest| !rest.is_empty()) {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(context, rest))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.taken += sent;
            self.wire.sent.fetch_add(sent as u64, Ordering::Relaxed);
        }
        if self.taken > 0 {
            // A large frame now and then is not worth keeping its room.
            self.outbox = Vec::new();
            self.taken = 0;
            self.wire.set_stuck(false);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Line<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        if let Poll::Ready(Err(error)) = self.pour(context) {
            return Poll::Ready(Err(error));
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let received = buffer.filled().len() - before;
        self.wire.received.fetch_add(received as u64, Ordering::Relaxed);
        self.pause =
            self.bucket.take(received, Instant::now()).map(|wait| Box::pin(tokio::time::sleep(wait)));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Line<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        if self.pour(context)?.is_ready() {
            match Pin::new(&mut self.stream).poll_write(context, bytes)? {
                Poll::Ready(sent) => {
                    self.wire.sent.fetch_add(sent as u64, Ordering::Relaxed);
                    return Poll::Ready(Ok(sent));
                }
                Poll::Pending => self.wire.set_stuck(true),
            }
        } else if self.outbox.len() - self.taken >= OUTBOX {
            return Poll::Pending;
        }
        self.outbox.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        // What waits goes on with the next read or write, not before this returns.
        if self.pour(context)?.is_ready() {
            return Pin::new(&mut self.stream).poll_flush(context);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        ready!(self.pour(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S> Drop for Line<S> {
    fn drop(&mut self) {
        // Tasks that wait for the client to take output need not wait any more.
        self.wire.set_stuck(false);
    }
}

/// Counts bytes against a rate.
#[derive(Debug, Default)]
struct Bucket {
    per_second: f64,
    burst: f64,
    spent: f64,
    last: Option<Instant>,
}

impl Bucket {
    /// Spends `bytes` at `now`; how long to wait before the next read.
    fn take(&mut self, bytes: usize, now: Instant) -> Option<Duration> {
        let past = self.last.map_or(0.0, |last| now.duration_since(last).as_secs_f64());
        self.last = Some(now);
        self.spent = (self.spent - past * self.per_second).max(0.0) + bytes as f64;
        let over = self.spent - self.burst;
        (over > 0.0).then(|| Duration::from_secs_f64(over / self.per_second))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[test]
    fn a_client_that_sends_too_fast_waits_as_long_as_its_bytes_take() {
        let start = Instant::now();
        let mut bucket = Bucket { per_second: 100.0, burst: 50.0, ..Bucket::default() };
        assert_eq!(bucket.take(50, start), None);
        assert_eq!(bucket.take(20, start), Some(Duration::from_millis(200)));
        assert_eq!(bucket.take(10, start + Duration::from_secs(1)), None, "a second has paid for it");
        assert_eq!(bucket.take(250, start + Duration::from_mins(1)), Some(Duration::from_secs(2)));
    }

    #[tokio::test]
    async fn bytes_are_counted_and_paused_for() {
        let (mut client, server) = duplex(64);
        let (mut line, wire) = Line::new(server, 1000, 10);
        client.write_all(&[7; 40]).await.unwrap();
        let start = Instant::now();
        let mut some = [0; 20];
        line.read_exact(&mut some).await.unwrap();
        line.read_exact(&mut some).await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(10));
        assert_eq!(wire.bytes(), (40, 0));
    }

    #[tokio::test]
    async fn a_cut_ends_a_read_that_waits() {
        let (_client, server) = duplex(64);
        let (mut line, wire) = Line::new(server, 100, 50);
        let reading = tokio::spawn(async move { line.read_u8().await });
        wire.cut();
        assert_eq!(reading.await.unwrap().unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
        wire.cut();
    }

    #[tokio::test]
    async fn what_a_client_does_not_take_waits_and_input_goes_on() {
        let (mut client, server) = duplex(8);
        let (mut line, wire) = Line::new(server, 1000, 1000);
        wire.drained().await;
        line.write_all(&[7; 20]).await.unwrap();
        line.flush().await.unwrap();
        assert!(wire.stuck.load(Ordering::Acquire));
        client.write_all(b"a").await.unwrap();
        assert_eq!(line.read_u8().await.unwrap(), b'a');
        let mut all = vec![0; 20];
        let reading = tokio::spawn(async move { line.read_u8().await });
        client.read_exact(&mut all).await.unwrap();
        wire.drained().await;
        assert_eq!(wire.bytes(), (1, 20));
        drop(client);
        assert!(reading.await.unwrap().is_err());
    }

    #[tokio::test]
    async fn what_waits_is_bounded() {
        let (_client, server) = duplex(8);
        let (mut line, _) = Line::new(server, 1000, 1000);
        let piece = vec![7; OUTBOX];
        line.write_all(&piece).await.unwrap();
        line.write_all(&piece).await.unwrap();
        let more = tokio::time::timeout(Duration::from_millis(20), line.write_all(&piece)).await;
        assert!(more.is_err(), "the protocol waits, too");
    }
}

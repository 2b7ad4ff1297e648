//! Wraps a connection whose reading can be stopped, for a client that takes no output and still sends.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Opens and shuts a valve.
#[derive(Debug, Clone, Default)]
pub struct ValveControl(Arc<Mutex<Flow>>);

#[derive(Debug, Default)]
struct Flow {
    shut: bool,
    waiting: Option<Waker>,
}

impl ValveControl {
    /// Stops reading.
    pub fn shut(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).shut = true;
    }

    /// Continues reading.
    pub fn open(&self) {
        let mut flow = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        flow.shut = false;
        if let Some(waiting) = flow.waiting.take() {
            waiting.wake();
        }
    }

    /// Whether reading is stopped; the waiting task is woken when it continues.
    fn is_shut(&self, context: &Context<'_>) -> bool {
        let mut flow = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if flow.shut {
            flow.waiting = Some(context.waker().clone());
        }
        flow.shut
    }
}

/// A stream behind a valve.
#[derive(Debug)]
pub struct Valve<S> {
    stream: S,
    control: ValveControl,
}

impl<S> Valve<S> {
    /// An open valve before `stream`.
    pub fn new(stream: S) -> (Self, ValveControl) {
        let control = ValveControl::default();
        (Self { stream, control: control.clone() }, control)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Valve<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.control.is_shut(context) {
            return Poll::Pending;
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Valve<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn a_shut_valve_keeps_what_comes_and_lets_out_what_goes() {
        let (mut host, stream) = duplex(64);
        let (mut valve, control) = Valve::new(stream);
        control.shut();
        host.write_all(b"frame").await.unwrap();
        valve.write_all(b"key").await.unwrap();
        let mut key = [0; 3];
        host.read_exact(&mut key).await.unwrap();
        assert_eq!(&key, b"key");
        let mut frame = [0; 5];
        let reading = tokio::spawn(async move {
            valve.read_exact(&mut frame).await.unwrap();
            frame
        });
        tokio::task::yield_now().await;
        assert!(!reading.is_finished());
        control.open();
        assert_eq!(&reading.await.unwrap(), b"frame");
    }
}

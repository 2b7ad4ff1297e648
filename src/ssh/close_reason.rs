//! The close reason of a connection, passed to its session: the session sees only that its line is gone, and the
//! connection knows why.

use super::registry::EndReason;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long a session waits for the close reason of its connection.
const REASON_WAIT: Duration = Duration::from_secs(1);

/// An error that ends a connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// An error of the protocol library.
    #[error(transparent)]
    Ssh(#[from] russh::Error),
    /// Too many attempts to authenticate.
    #[error("too many attempts")]
    Attempts,
}

impl ConnectionError {
    /// The close reason that this error stands for.
    pub fn close_reason(&self) -> CloseReason {
        use russh::Error as Ssh;
        match self {
            Self::Ssh(Ssh::IO(error)) if error.kind() == io::ErrorKind::ConnectionAborted => CloseReason::Cut,
            Self::Ssh(
                Ssh::IO(_)
                | Ssh::HUP
                | Ssh::Disconnect
                | Ssh::ConnectionTimeout
                | Ssh::KeepaliveTimeout
                | Ssh::InactivityTimeout
                | Ssh::Elapsed(_),
            ) => CloseReason::Lost,
            Self::Ssh(_) | Self::Attempts => CloseReason::Broken,
        }
    }
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The client closed it.
    Closed,
    /// It is lost or does not answer.
    Lost,
    /// The client broke the protocol.
    Broken,
    /// The server cut it.
    Cut,
}

/// Carries the close reason of one connection. Clones share it.
#[derive(Debug, Clone)]
pub struct CloseSignal(Arc<watch::Sender<Option<CloseReason>>>);

impl CloseSignal {
    /// Of an open connection.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }

    /// Sets the reason; only the first one counts.
    pub fn set(&self, reason: CloseReason) {
        self.0.send_if_modified(|known| known.replace(known.unwrap_or(reason)).is_none());
    }

    /// Why a session ended whose line is gone; waits a short time for the close reason.
    pub async fn end_reason(&self) -> EndReason {
        let mut known = self.0.subscribe();
        match timeout(REASON_WAIT, known.wait_for(Option::is_some)).await {
            Ok(Ok(reason)) if *reason == Some(CloseReason::Broken) => EndReason::Protocol,
            // Without a close reason the connection is lost.
            Ok(_) | Err(_) => EndReason::Lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_reason_counts_and_a_session_waits_for_it() {
        for (reasons, expected) in [
            ([CloseReason::Broken, CloseReason::Lost], EndReason::Protocol),
            ([CloseReason::Closed, CloseReason::Broken], EndReason::Lost),
            ([CloseReason::Lost, CloseReason::Broken], EndReason::Lost),
            ([CloseReason::Cut, CloseReason::Broken], EndReason::Lost),
        ] {
            let close_signal = CloseSignal::new();
            let sender = close_signal.clone();
            let (ended, ()) = tokio::join!(close_signal.end_reason(), async move {
                for reason in reasons {
                    sender.set(reason);
                }
            });
            assert_eq!(ended, expected, "{reasons:?}");
        }
    }

    #[test]
    fn a_line_that_is_gone_is_no_breach_of_the_protocol() {
        let io = |kind: io::ErrorKind| ConnectionError::Ssh(russh::Error::IO(kind.into()));
        assert_eq!(io(io::ErrorKind::UnexpectedEof).close_reason(), CloseReason::Lost);
        assert_eq!(io(io::ErrorKind::ConnectionReset).close_reason(), CloseReason::Lost);
        assert_eq!(io(io::ErrorKind::ConnectionAborted).close_reason(), CloseReason::Cut);
        assert_eq!(ConnectionError::Ssh(russh::Error::KeepaliveTimeout).close_reason(), CloseReason::Lost);
        assert_eq!(ConnectionError::Ssh(russh::Error::PacketAuth).close_reason(), CloseReason::Broken);
        assert_eq!(ConnectionError::Ssh(russh::Error::PacketSize(0)).close_reason(), CloseReason::Broken);
        assert_eq!(ConnectionError::Attempts.close_reason(), CloseReason::Broken);
    }
}

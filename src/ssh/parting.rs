//! How connections end, and how the session over one hears of it: the session sees only that its line is gone, and
//! the connection knows why.

use super::roll::Why;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// A session whose line is gone learns within this time how it ended.
const HEARSAY: Duration = Duration::from_secs(1);

/// Why a connection ends at once.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The protocol's own.
    #[error(transparent)]
    Ssh(#[from] russh::Error),
    /// Too many attempts.
    #[error("too many attempts")]
    Attempts,
}

impl Trouble {
    /// How the connection ended.
    pub fn parted(&self) -> Parted {
        use russh::Error as Ssh;
        match self {
            Self::Ssh(Ssh::IO(error)) if error.kind() == io::ErrorKind::ConnectionAborted => Parted::Cut,
            Self::Ssh(
                Ssh::IO(_)
                | Ssh::HUP
                | Ssh::Disconnect
                | Ssh::ConnectionTimeout
                | Ssh::KeepaliveTimeout
                | Ssh::InactivityTimeout
                | Ssh::Elapsed(_),
            ) => Parted::Lost,
            Self::Ssh(_) | Self::Attempts => Parted::Broken,
        }
    }
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parted {
    /// The client said that it goes.
    Closed,
    /// It is gone or does not answer.
    Lost,
    /// It broke the protocol.
    Broken,
    /// The house cut it.
    Cut,
}

/// How one connection ended, once it has. Clones share it.
#[derive(Debug, Clone)]
pub struct Parting(Arc<watch::Sender<Option<Parted>>>);

impl Parting {
    /// A connection that goes on.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }

    /// The connection ended in this way. The first to say so is right.
    pub fn tell(&self, parted: Parted) {
        self.0.send_if_modified(|told| told.replace(told.unwrap_or(parted)).is_none());
    }

    /// Why a session ended whose line is gone. Waits a little for whoever knows.
    pub async fn why(&self) -> Why {
        let mut told = self.0.subscribe();
        match timeout(HEARSAY, told.wait_for(Option::is_some)).await {
            Ok(Ok(parted)) if *parted == Some(Parted::Broken) => Why::Protocol,
            // A connection that says nothing of its end is lost.
            Ok(_) | Err(_) => Why::Lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_who_tells_is_right_and_a_session_waits_for_them() {
        for (said, why) in [
            ([Parted::Broken, Parted::Lost], Why::Protocol),
            ([Parted::Closed, Parted::Broken], Why::Lost),
            ([Parted::Lost, Parted::Broken], Why::Lost),
            ([Parted::Cut, Parted::Broken], Why::Lost),
        ] {
            let parting = Parting::new();
            let teller = parting.clone();
            let (heard, ()) = tokio::join!(parting.why(), async move {
                for parted in said {
                    teller.tell(parted);
                }
            });
            assert_eq!(heard, why, "{said:?}");
        }
    }

    #[test]
    fn a_line_that_is_gone_is_no_breach_of_the_protocol() {
        let io = |kind: io::ErrorKind| Trouble::Ssh(russh::Error::IO(kind.into()));
        assert_eq!(io(io::ErrorKind::UnexpectedEof).parted(), Parted::Lost);
        assert_eq!(io(io::ErrorKind::ConnectionReset).parted(), Parted::Lost);
        assert_eq!(io(io::ErrorKind::ConnectionAborted).parted(), Parted::Cut);
        assert_eq!(Trouble::Ssh(russh::Error::KeepaliveTimeout).parted(), Parted::Lost);
        assert_eq!(Trouble::Ssh(russh::Error::PacketAuth).parted(), Parted::Broken);
        assert_eq!(Trouble::Ssh(russh::Error::PacketSize(0)).parted(), Parted::Broken);
        assert_eq!(Trouble::Attempts.parted(), Parted::Broken);
    }
}

//! Measures logins beside many silent connections.

use super::client::ClientSession;
use super::error::{LoadError, PATIENCE};
use super::target::Target;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

/// Logins that are timed.
const LOGINS: usize = 5;

/// The longest of a few logins while `silent` connections are open.
pub async fn login_beside(target: &Target, silent: u32) -> Result<Duration, LoadError> {
    let address = (target.host.name.as_str(), target.host.port);
    let mut standing = Vec::new();
    for _ in 0..silent {
        let connecting = timeout(PATIENCE, TcpStream::connect(address));
        standing.push(connecting.await.map_err(|_| LoadError::Late("a silent connection"))??);
    }
    let mut longest = Duration::ZERO;
    for turn in 0..LOGINS {
        let started = Instant::now();
        let session = ClientSession::open(&target.host, target.spare_key(turn), (80, 24)).await?;
        longest = longest.max(started.elapsed());
        session.leave().await?;
    }
    drop(standing);
    Ok(longest)
}

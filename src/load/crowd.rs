//! Connections that say nothing, and a person who signs in beside them.

use super::client::Seated;
use super::ground::Ground;
use super::trouble::{PATIENCE, Trouble};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

/// Logins that are timed.
const LOGINS: usize = 5;

/// The longest of a few logins while `silent` connections stand open.
pub async fn login_beside(ground: &Ground, silent: u32) -> Result<Duration, Trouble> {
    let place = (ground.host.name.as_str(), ground.host.port);
    let mut standing = Vec::new();
    for _ in 0..silent {
        let connecting = timeout(PATIENCE, TcpStream::connect(place));
        standing.push(connecting.await.map_err(|_| Trouble::Late("a silent connection"))??);
    }
    let mut longest = Duration::ZERO;
    for turn in 0..LOGINS {
        let started = Instant::now();
        let seated = Seated::open(&ground.host, ground.spare_key(turn), (80, 24)).await?;
        longest = longest.max(started.elapsed());
        seated.leave().await?;
    }
    drop(standing);
    Ok(longest)
}

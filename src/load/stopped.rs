//! Measures what a client costs that stops taking output while it causes one frame after another.

use super::client::ClientSession;
use super::error::LoadError;
use super::target::Target;
use super::valve::Valve;
use tokio::net::TcpStream;

/// The two sizes between which the window alternates: every change is a whole new frame.
const SIZES: [(u16, u16); 2] = [(120, 36), (119, 36)];
/// Frames by which the length of one is measured.
const FRAMES: u64 = 10;
/// Redraws between two readings of the memory.
const BETWEEN: u64 = 100;
/// Redraws that another client waits for at the end, so that the server has handled all requests.
const OTHERS: u64 = 20;

/// What a stopped client cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Frames that it did not take.
    pub redraws: u64,
    /// Largest growth of resident memory, in megabytes.
    pub mb: f64,
}

/// Lets a client fall `bytes` of redraws behind; none for a server whose memory cannot be read.
pub async fn cost(target: &Target, bytes: u64) -> Result<Option<Cost>, LoadError> {
    let host = &target.host;
    let mut other = ClientSession::open(host, target.spare_key(0), SIZES[0]).await?;
    redraw(&mut other, OTHERS).await?;
    let stream = TcpStream::connect((host.name.as_str(), host.port)).await?;
    let (stream, control) = Valve::new(stream);
    let mut stopped = ClientSession::over(stream, &host.user, target.spare_key(1), SIZES[0]).await?;
    let before = stopped.received();
    redraw(&mut stopped, FRAMES).await?;
    let frame = (stopped.received() - before) / FRAMES;
    let redraws = bytes / frame.max(1);
    let Some(start) = target.resident_mb() else { return Ok(None) };
    let mut most = start;
    control.shut();
    for round in 0..redraws {
        let (columns, rows) = SIZES[(round % 2) as usize];
        stopped.resize(columns, rows).await?;
        if round % BETWEEN == 0 {
            most = target.resident_mb().unwrap_or(start).max(most);
        }
    }
    redraw(&mut other, OTHERS).await?;
    most = target.resident_mb().unwrap_or(start).max(most);
    control.open();
    // A client that reads again has a working session.
    stopped.leave().await?;
    other.leave().await?;
    Ok(Some(Cost { redraws, mb: most - start }))
}

/// Alternates between the sizes and receives each frame.
async fn redraw(session: &mut ClientSession, frames: u64) -> Result<(), LoadError> {
    for round in 0..frames {
        let (columns, rows) = SIZES[((round + 1) % 2) as usize];
        session.resize(columns, rows).await?;
        session.more("a redraw").await?;
    }
    Ok(())
}

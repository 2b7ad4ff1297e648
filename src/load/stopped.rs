//! A client that stops taking output while it asks for frame after frame: what it costs the house.

use super::client::Seated;
use super::ground::Ground;
use super::trouble::Trouble;
use super::valve::Valve;
use tokio::net::TcpStream;

/// The two sizes between which the window goes to and fro: every change is a whole new frame.
const SIZES: [(u16, u16); 2] = [(120, 36), (119, 36)];
/// Frames by which the length of one is measured.
const FRAMES: u64 = 10;
/// Redraws between two looks at the memory.
const BETWEEN: u64 = 100;
/// Redraws that another person waits for at the end, so that the house has taken all that was asked.
const OTHERS: u64 = 20;

/// What a stopped client cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Frames that it was behind.
    pub redraws: u64,
    /// Most resident memory above that of before, in megabytes.
    pub mb: f64,
}

/// Lets a client fall `bytes` of redraws behind; none for a house whose memory cannot be seen.
pub async fn cost(ground: &Ground, bytes: u64) -> Result<Option<Cost>, Trouble> {
    let host = &ground.host;
    let mut other = Seated::open(host, ground.spare_key(0), SIZES[0]).await?;
    redraw(&mut other, OTHERS).await?;
    let stream = TcpStream::connect((host.name.as_str(), host.port)).await?;
    let (stream, hand) = Valve::new(stream);
    let mut stopped = Seated::over(stream, &host.user, ground.spare_key(1), SIZES[0]).await?;
    let before = stopped.received();
    redraw(&mut stopped, FRAMES).await?;
    let frame = (stopped.received() - before) / FRAMES;
    let redraws = bytes / frame.max(1);
    let Some(start) = ground.resident_mb() else { return Ok(None) };
    let mut most = start;
    hand.shut();
    for round in 0..redraws {
        let (columns, rows) = SIZES[(round % 2) as usize];
        stopped.resize(columns, rows).await?;
        if round % BETWEEN == 0 {
            most = ground.resident_mb().unwrap_or(start).max(most);
        }
    }
    redraw(&mut other, OTHERS).await?;
    most = ground.resident_mb().unwrap_or(start).max(most);
    hand.open();
    // Who comes back finds a working session.
    stopped.leave().await?;
    other.leave().await?;
    Ok(Some(Cost { redraws, mb: most - start }))
}

/// Goes to and fro between the sizes and takes each frame.
async fn redraw(seated: &mut Seated, frames: u64) -> Result<(), Trouble> {
    for round in 0..frames {
        let (columns, rows) = SIZES[((round + 1) % 2) as usize];
        seated.resize(columns, rows).await?;
        seated.more("a redraw").await?;
    }
    Ok(())
}

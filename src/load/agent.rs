//! Works like an agent: searches by typing a name, changes tabs, takes a call and records its result.

use super::client::ClientSession;
use super::error::LoadError;
use crate::bench::Samples;
use std::time::Duration;
use tokio::time::Instant;
use vt100::Screen;

/// What is searched for: words that no typing mode turns into others.
const WORDS: [&str; 8] = ["minh", "hung", "lan", "kim", "tuan", "phuc", "long", "binh"];
/// What stands on the card of an open call, in both languages.
const OPEN_CALL: [&str; 2] = ["Lần gọi ", "Attempt "];
/// What the screen shows when there is no call to make.
const NOBODY: [&str; 2] = ["Không còn ai đến lượt", "Nobody is due"];
/// The key that records "no answer".
const NO_ANSWER: &[u8] = b"5";

/// What one agent measured.
#[derive(Debug, Default)]
pub struct Done {
    /// From a key to the output that shows it.
    pub keys: Samples,
    /// From the key that claims a call to the call's card, with a commit and a query in between.
    pub claims: Samples,
}

impl Done {
    /// Adds another agent's samples.
    pub fn extend(&mut self, other: Self) {
        self.keys.extend(other.keys);
        self.claims.extend(other.claims);
    }
}

/// Works at `rate` keys per second until `until`, at most `rounds` rounds; returns the samples and how it ended.
pub async fn work(
    session: ClientSession,
    number: usize,
    rate: f64,
    until: Instant,
    rounds: u32,
) -> (Done, Result<(), LoadError>) {
    let mut agent = Agent { session, rate, chance: number as u64 + 1, done: Done::default() };
    let outcome = agent.rounds(number, until, rounds).await;
    let Agent { session, done, .. } = agent;
    match outcome {
        Ok(()) => (done, session.leave().await),
        failed => (done, failed),
    }
}

struct Agent {
    session: ClientSession,
    rate: f64,
    chance: u64,
    done: Done,
}

impl Agent {
    async fn rounds(&mut self, number: usize, until: Instant, rounds: u32) -> Result<(), LoadError> {
        for round in 0..rounds as usize {
            if Instant::now() >= until {
                break;
            }
            self.search(WORDS[(number + round) % WORDS.len()]).await?;
            self.call().await?;
        }
        Ok(())
    }

    /// Goes to the registrations, types `word` into the search letter by letter, and takes it out again.
    async fn search(&mut self, word: &str) -> Result<(), LoadError> {
        self.turn_to(b"\x1b2").await?;
        for end in 1..=word.len() {
            let letter = &word[end - 1..end];
            self.key(letter.as_bytes(), &word[..end]).await?;
        }
        for end in (0..word.len()).rev() {
            self.key(b"\x7f", &word[..end]).await?;
        }
        Ok(())
    }

    /// Goes to the calls, takes one when there is one, and records "no answer".
    async fn call(&mut self) -> Result<(), LoadError> {
        self.turn_to(b"\x1b1").await?;
        self.pause().await?;
        let took = self
            .session
            .press(b"\r", "a call", |screen| shows(screen, &OPEN_CALL) || shows(screen, &NOBODY))
            .await?;
        if shows(self.session.screen(), &OPEN_CALL) {
            self.done.claims.add(took);
            self.pause().await?;
            self.session.press(NO_ANSWER, "the end of a call", |screen| !shows(screen, &OPEN_CALL)).await?;
        }
        Ok(())
    }

    /// Changes to another tab, whose screen differs from the one before.
    async fn turn_to(&mut self, tab: &[u8]) -> Result<(), LoadError> {
        self.pause().await?;
        let before = body(self.session.screen());
        let took = self.session.press(tab, "another tab", |screen| body(screen) != before).await?;
        self.done.keys.add(took);
        Ok(())
    }

    /// Presses a key of a text; it is shown when the cursor stands after `text` in another place than before.
    async fn key(&mut self, key: &[u8], text: &str) -> Result<(), LoadError> {
        self.pause().await?;
        let before = self.session.screen().cursor_position();
        let took = self
            .session
            .press(key, "a typed letter", |screen| {
                screen.cursor_position() != before && left_of_cursor(screen).ends_with(text)
            })
            .await?;
        self.done.keys.add(took);
        Ok(())
    }

    /// Waits between two keys, half to one and a half times the interval of the rate, and receives output meanwhile.
    async fn pause(&mut self) -> Result<(), LoadError> {
        // A pseudo-random sequence that spreads the agents; nothing depends on its quality.
        self.chance =
            self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = 0.5 + (self.chance >> 33) as f64 / f64::from(1u32 << 31);
        self.session.rest(Instant::now() + Duration::from_secs_f64(share / self.rate)).await
    }
}

fn shows(screen: &Screen, words: &[&str]) -> bool {
    let contents = screen.contents();
    words.iter().any(|word| contents.contains(word))
}

/// The screen without its first and its last line, where time runs.
fn body(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    screen.contents_between(1, 0, rows.get().saturating_sub(2), columns.get())
}

fn left_of_cursor(screen: &Screen) -> String {
    let (row, column) = screen.cursor_position();
    screen.contents_between(row, 0, row, column)
}

//! A person who works: searches by typing a name, changes tabs, takes a call and says how it ended.

use super::client::Seated;
use super::trouble::Trouble;
use crate::bench::Samples;
use std::time::Duration;
use tokio::time::Instant;
use vt100::Screen;

/// What is searched for: words that no typing mode turns into others.
const WORDS: [&str; 8] = ["minh", "hung", "lan", "kim", "tuan", "phuc", "long", "binh"];
/// What stands on the card of an open call, in both languages.
const OPEN_CALL: [&str; 2] = ["Lần gọi ", "Attempt "];
/// What is said when there is no call to make.
const NOBODY: [&str; 2] = ["Không còn ai đến lượt", "Nobody is due"];
/// The key that says that nobody answered.
const NO_ANSWER: &[u8] = b"5";

/// What a person's work showed.
#[derive(Debug, Default)]
pub struct Done {
    /// From a key to the output that shows it.
    pub keys: Samples,
    /// From the key that asks for a call to the call's card, a commit and a query in between.
    pub claims: Samples,
}

impl Done {
    /// Takes over another's.
    pub fn extend(&mut self, other: Self) {
        self.keys.extend(other.keys);
        self.claims.extend(other.claims);
    }
}

/// Works at `rate` keys per second until `until`, at most `rounds` rounds; what was seen, and how it ended.
pub async fn work(
    seated: Seated,
    number: usize,
    rate: f64,
    until: Instant,
    rounds: u32,
) -> (Done, Result<(), Trouble>) {
    let mut person = Person { seated, rate, chance: number as u64 + 1, done: Done::default() };
    let outcome = person.rounds(number, until, rounds).await;
    let Person { seated, done, .. } = person;
    match outcome {
        Ok(()) => (done, seated.leave().await),
        failed => (done, failed),
    }
}

struct Person {
    seated: Seated,
    rate: f64,
    chance: u64,
    done: Done,
}

impl Person {
    async fn rounds(&mut self, number: usize, until: Instant, rounds: u32) -> Result<(), Trouble> {
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
    async fn search(&mut self, word: &str) -> Result<(), Trouble> {
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

    /// Goes to the calls, takes one when there is one, and says that nobody answered.
    async fn call(&mut self) -> Result<(), Trouble> {
        self.turn_to(b"\x1b1").await?;
        self.pause().await?;
        let took = self
            .seated
            .press(b"\r", "a call", |screen| shows(screen, &OPEN_CALL) || shows(screen, &NOBODY))
            .await?;
        if shows(self.seated.screen(), &OPEN_CALL) {
            self.done.claims.add(took);
            self.pause().await?;
            self.seated.press(NO_ANSWER, "the end of a call", |screen| !shows(screen, &OPEN_CALL)).await?;
        }
        Ok(())
    }

    /// Changes to another tab; the screen that stands there differs from the one before.
    async fn turn_to(&mut self, tab: &[u8]) -> Result<(), Trouble> {
        self.pause().await?;
        let before = body(self.seated.screen());
        let took = self.seated.press(tab, "another tab", |screen| body(screen) != before).await?;
        self.done.keys.add(took);
        Ok(())
    }

    /// Presses a key of a text; it is shown when the cursor stands after `text` in another place than before.
    async fn key(&mut self, key: &[u8], text: &str) -> Result<(), Trouble> {
        self.pause().await?;
        let before = self.seated.screen().cursor_position();
        let took = self
            .seated
            .press(key, "a typed letter", |screen| {
                screen.cursor_position() != before && left_of_cursor(screen).ends_with(text)
            })
            .await?;
        self.done.keys.add(took);
        Ok(())
    }

    /// The time between two keys: half to one and a half of what the rate says, taking what comes meanwhile.
    async fn pause(&mut self) -> Result<(), Trouble> {
        // A sequence that spreads people apart; nothing depends on its quality.
        self.chance =
            self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = 0.5 + (self.chance >> 33) as f64 / f64::from(1u32 << 31);
        self.seated.rest(Instant::now() + Duration::from_secs_f64(share / self.rate)).await
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

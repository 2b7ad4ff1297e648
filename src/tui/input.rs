//! The inputs of the screens: keys, pastes, mouse acts, new sizes, ticks, changes made by others, and whether the
//! store is out of reach. The local terminal and the SSH byte stream both translate into these types, so that
//! nothing behind them depends on a terminal library.
//!
//! Deliberately absent: key releases and repeats, which no screen needs.

use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use crate::usecase::Topics;
use std::fmt;

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyCode {
    /// A character as typed: shift is already in it.
    Char(char),
    /// A function key, 1–12.
    F(u8),
    /// Enter or Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab; Shift-Tab is this with `shift`.
    Tab,
    /// Delete to the left.
    Backspace,
    /// Delete to the right.
    Delete,
    /// Insert.
    Insert,
    /// Arrow.
    Left,
    /// Arrow.
    Right,
    /// Arrow.
    Up,
    /// Arrow.
    Down,
    /// Start of line.
    Home,
    /// End of line.
    End,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
}

/// A key with its modifiers. `shift` is never set on a [`KeyCode::Char`], and a letter with `ctrl` or `alt` is
/// lower case, so that one chord has one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
    /// Shift was held (never for characters).
    pub shift: bool,
}

impl Key {
    /// A key alone.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// A character.
    pub const fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// A function key.
    pub const fn f(n: u8) -> Self {
        Self::plain(KeyCode::F(n))
    }

    /// Control and a character.
    pub const fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c.to_ascii_lowercase()), ctrl: true, alt: false, shift: false }
    }

    /// Alt and a character.
    pub const fn alt(c: char) -> Self {
        Self { code: KeyCode::Char(c.to_ascii_lowercase()), ctrl: false, alt: true, shift: false }
    }

    /// This key with control held.
    pub const fn with_ctrl(mut self) -> Self {
        self.ctrl = true;
        self
    }

    /// This key with alt held.
    pub const fn with_alt(mut self) -> Self {
        self.alt = true;
        self
    }

    /// This key with shift held; characters stay as they are.
    pub const fn with_shift(mut self) -> Self {
        self.shift = !matches!(self.code, KeyCode::Char(_));
        self
    }

    /// The key as a command: a capital letter is the small one. Text keeps its capitals.
    pub fn command(mut self) -> Self {
        if let KeyCode::Char(c) = self.code {
            let mut small = c.to_lowercase();
            if let (Some(small), None) = (small.next(), small.next()) {
                self.code = KeyCode::Char(small);
            }
        }
        self
    }

    /// The character, when the key types one.
    pub const fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

/// The name on the key caps: `Ctrl-P`, `Shift-Tab`, `F1`, `↑`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) => write!(f, "{}", c.to_uppercase()),
            KeyCode::F(n) => write!(f, "F{n}"),
            KeyCode::Enter => f.write_str("Enter"),
            KeyCode::Esc => f.write_str("Esc"),
            KeyCode::Tab => f.write_str("Tab"),
            KeyCode::Backspace => f.write_str("Backspace"),
            KeyCode::Delete => f.write_str("Del"),
            KeyCode::Insert => f.write_str("Ins"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Home => f.write_str("Home"),
            KeyCode::End => f.write_str("End"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
        }
    }
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointer {
    /// The main button went down.
    Click,
    /// The wheel turned away from the person.
    WheelUp,
    /// The wheel turned towards the person.
    WheelDown,
}

/// A mouse act at a cell, counted from the top left of the whole screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub pointer: Pointer,
    /// Column, from 0.
    pub column: u16,
    /// Row, from 0.
    pub row: u16,
}

/// The characters in a phone number besides digits.
const BETWEEN_DIGITS: [char; 6] = [' ', '.', '-', '+', '(', ')'];
const ENTER: Key = Key::plain(KeyCode::Enter);
/// Fewer digits are commands, however fast they arrive.
const DIGITS_OF_A_NUMBER: usize = 9;

/// Finds phone numbers among the inputs of one read of a terminal. The longest run of digits and separators that is
/// one Vietnamese number becomes [`Input::Number`], together with an Enter right behind it; everything else stays
/// as it is. A terminal without bracketed paste delivers a paste in this way, and no person types that fast.
pub fn find_numbers(read: Vec<Input>) -> Vec<Input> {
    let written = |input: &Input| match input {
        Input::Key(key) => key.typed().filter(|c| c.is_ascii_digit() || BETWEEN_DIGITS.contains(c)),
        _ => None,
    };
    let mut found = Vec::with_capacity(read.len());
    let mut read = read.into_iter().peekable();
    while let Some(input) = read.next() {
        let Some(first) = written(&input) else {
            found.push(input);
            continue;
        };
        let (mut text, mut run) = (String::from(first), vec![input]);
        while let Some(c) = read.peek().and_then(written) {
            text.push(c);
            run.extend(read.next());
        }
        if is_number(&text) {
            let line_end = read.next_if(|input| *input == Input::Key(ENTER)).is_some();
            found.push(Input::Number { text, line_end });
        } else {
            found.extend(run);
        }
    }
    found
}

/// Whether a text is one whole phone number.
pub fn is_number(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= DIGITS_OF_A_NUMBER
        && PhoneNumber::parse(text).is_ok()
}

/// One thing that happened to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Key),
    /// Text arrived in one piece.
    Paste(String),
    /// Keys that arrived in one read and form a phone number (see [`find_numbers`]).
    Number {
        /// The characters.
        text: String,
        /// Whether an Enter came right behind them.
        line_end: bool,
    },
    /// The mouse acted.
    Mouse(Mouse),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// The time now; sent once a second.
    Tick(Timestamp),
    /// Another session changed these topics in the store.
    Changed(Topics),
    /// Whether the store is out of reach while a command waits for it.
    Away(bool),
    /// The terminal closed or the program was asked to stop: leave without asking.
    Hangup,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Input> {
        let key = |c| if c == '\r' { ENTER } else { Key::char(c) };
        text.chars().map(|c| Input::Key(key(c))).collect()
    }

    fn number(text: &str, line_end: bool) -> Input {
        Input::Number { text: text.to_owned(), line_end }
    }

    #[test]
    fn a_number_that_arrives_at_one_stroke_is_a_number() {
        for text in ["0901234567", "+84 901 234 567", "0901.234.567", "(090) 123-4567"] {
            assert_eq!(find_numbers(keys(text)), [number(text, false)], "{text}");
        }
        let mut wanted = keys("a");
        wanted.push(number("0901234567", true));
        wanted.extend(keys("\r"));
        assert_eq!(find_numbers(keys("a0901234567\r\r")), wanted, "its own line end goes with it");
    }

    #[test]
    fn everything_else_stays_what_was_typed() {
        let call = "\r5".repeat(15);
        for text in [
            call.as_str(),
            "5",
            "55555555",
            "  ",
            "1 2 3",
            "5555555555555555",
            "0901234567890",
            "090123456x7",
        ] {
            assert_eq!(find_numbers(keys(text)), keys(text), "{text:?}");
        }
        let mut split = keys("09012");
        split.push(Input::Resize(80, 24));
        split.extend(keys("34567"));
        assert_eq!(find_numbers(split.clone()), split);
    }

    #[test]
    fn a_capital_is_the_same_command_and_another_letter() {
        assert_eq!(Key::char('B').command(), Key::char('b'));
        assert_eq!(Key::char('Đ').command(), Key::char('đ'));
        assert_eq!(Key::char('?').command(), Key::char('?'));
        assert_eq!(Key::char('B').typed(), Some('B'));
    }

    #[test]
    fn a_chord_has_one_value_and_a_readable_name() {
        assert_eq!(Key::ctrl('P'), Key::ctrl('p'));
        assert_eq!(Key::char('A').with_shift(), Key::char('A'));
        assert_eq!(Key::plain(KeyCode::Tab).with_shift().to_string(), "Shift-Tab");
        assert_eq!(Key::ctrl('p').to_string(), "Ctrl-P");
        assert_eq!(Key::char('a').typed(), Some('a'));
        assert_eq!(Key::alt('a').typed(), None);
    }
}

//! Cuts a stream of bytes from a terminal into tokens: a character, a control, one escape sequence, one pasted
//! text. Bytes may arrive split anywhere, and they may be anything.
//!
//! Invariants:
//! - a token has at most [`SEQUENCE`] bytes, but for a paste, which is cut at its own limit;
//! - bytes that form no token are dropped, and the bytes after them are read as usual;
//! - [`Cutter::expire`] gives up a token that never ends, so that half a sequence cannot block the input.

use std::time::Duration;

/// The longest escape sequence that anything sends on a key press, in bytes.
const SEQUENCE: usize = 64;
/// The longest answer of a terminal that is skipped as one, in bytes. Nothing here asks for any.
const STRING: usize = 4096;
/// After this long a lone Esc was the key.
const ESC: Duration = Duration::from_millis(30);
/// After this long the rest of a sequence was lost.
const REST: Duration = Duration::from_millis(500);
/// After this long the end of a paste was lost.
const PASTE: Duration = Duration::from_secs(5);

const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// A piece of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// One character, control or sequence; complete, 1 to [`SEQUENCE`] bytes.
    Keys(Vec<u8>),
    /// Pasted bytes without their brackets; `cut` when there were more than the limit.
    Paste {
        /// The text as it came.
        text: Vec<u8>,
        /// Whether the end is missing.
        cut: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ground,
    /// Inside a character, with bytes to come.
    Character(usize),
    Escape,
    /// After `ESC O`.
    Shift3,
    /// After `ESC [`.
    Control,
    /// After `ESC [ [` (the Linux console's function keys).
    Console,
    /// After `ESC [ M`: old mouse reports, with bytes to come.
    OldMouse(usize),
    /// A sequence too long to mean anything, until its final byte.
    Overlong,
    /// An answer of the terminal, and whether its last byte was ESC.
    Answer(usize, bool),
    Paste,
}

/// The state of one stream.
#[derive(Debug)]
pub struct Cutter {
    state: State,
    held: Vec<u8>,
    paste: Vec<u8>,
    /// Bytes of [`PASTE_ENDS`] seen at the end of the paste.
    matched: usize,
    cut: bool,
    longest_paste: usize,
}

impl Cutter {
    /// A stream whose pastes hold at most `longest_paste` bytes.
    pub fn new(longest_paste: usize) -> Self {
        Self {
            state: State::Ground,
            held: Vec::new(),
            paste: Vec::new(),
            matched: 0,
            cut: false,
            longest_paste,
        }
    }

    /// Takes bytes and appends the tokens that they complete.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Token>) {
        for &byte in bytes {
            // A byte that ends one token badly may begin the next one.
            if !self.step(byte, out) {
                self.reset();
                self.step(byte, out);
            }
        }
    }

    /// How long to wait for more before [`Self::expire`]; `None` when nothing is half done.
    pub const fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground => None,
            State::Escape => Some(ESC),
            State::Paste => Some(PASTE),
            State::Character(_)
            | State::Shift3
            | State::Control
            | State::Console
            | State::OldMouse(_)
            | State::Overlong
            | State::Answer(..) => Some(REST),
        }
    }

    /// Nothing more came: what is held is the key that it can be, or is given up.
    pub fn expire(&mut self, out: &mut Vec<Token>) {
        match self.state {
            State::Escape => out.push(Token::Keys(vec![0x1b])),
            // Alt with `O`, `[` or another that begins a sequence.
            State::Shift3 | State::Control | State::Answer(..) if self.held.len() == 2 => {
                out.push(Token::Keys(self.held.clone()));
            }
            State::Paste => {
                self.give_paste(out);
            }
            _ => {}
        }
        self.reset();
    }

    fn reset(&mut self) {
        self.state = State::Ground;
        self.held.clear();
    }

    fn give_paste(&mut self, out: &mut Vec<Token>) {
        out.push(Token::Paste { text: std::mem::take(&mut self.paste), cut: self.cut });
        self.matched = 0;
        self.cut = false;
    }

    /// Ends the token that is held.
    fn give(&mut self, out: &mut Vec<Token>) {
        out.push(Token::Keys(std::mem::take(&mut self.held)));
        self.state = State::Ground;
    }

    /// Takes one byte; false when it does not belong to what is held.
    fn step(&mut self, byte: u8, out: &mut Vec<Token>) -> bool {
        match self.state {
            State::Ground => self.begin(byte, out),
            State::Character(left) => {
                if byte & 0b1100_0000 != 0b1000_0000 {
                    return false;
                }
                self.held.push(byte);
                if left > 1 {
                    self.state = State::Character(left - 1);
                } else if std::str::from_utf8(self.held.strip_prefix(b"\x1b").unwrap_or(&self.held)).is_ok() {
                    self.give(out);
                } else {
                    self.reset();
                }
            }
            State::Escape => return self.escape(byte, out),
            State::Shift3 | State::Console => {
                if !byte.is_ascii_graphic() {
                    return false;
                }
                self.held.push(byte);
                self.give(out);
            }
            State::Control => return self.control(byte, out),
            State::OldMouse(left) => {
                // Its reports end at column 223 and hold less than the form we ask for, so they are skipped.
                if left > 1 {
                    self.state = State::OldMouse(left - 1);
                } else {
                    self.reset();
                }
            }
            State::Overlong => match byte {
                0x40..=0x7e => self.reset(),
                0x20..=0x3f => {}
                _ => return false,
            },
            State::Answer(length, escaped) => match byte {
                0x07 => self.reset(),
                b'\\' if escaped => self.reset(),
                _ if length >= STRING => return false,
                _ if escaped => {
                    // Another sequence begins where the answer broke off.
                    self.reset();
                    self.begin(0x1b, out);
                    return self.step(byte, out);
                }
                _ => {
                    self.held.truncate(1);
                    self.state = State::Answer(length + 1, byte == 0x1b);
                }
            },
            State::Paste => self.pasted(byte, out),
        }
        true
    }

    fn begin(&mut self, byte: u8, out: &mut Vec<Token>) {
        self.state = match byte {
            0x1b => State::Escape,
            0x00..=0x7f => {
                out.push(Token::Keys(vec![byte]));
                return;
            }
            0xc2..=0xdf => State::Character(1),
            0xe0..=0xef => State::Character(2),
            0xf0..=0xf4 => State::Character(3),
            0x80..=0xc1 | 0xf5..=0xff => return,
        };
        self.held.push(byte);
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<Token>) -> bool {
        match byte {
            0x1b => {
                out.push(Token::Keys(vec![0x1b]));
                return true;
            }
            b'O' => self.state = State::Shift3,
            b'[' => self.state = State::Control,
            b']' | b'P' | b'X' | b'^' | b'_' => self.state = State::Answer(0, false),
            0x00..=0x7f => {
                self.held.push(byte);
                self.give(out);
                return true;
            }
            0xc2..=0xdf => self.state = State::Character(1),
            0xe0..=0xef => self.state = State::Character(2),
            0xf0..=0xf4 => self.state = State::Character(3),
            0x80..=0xc1 | 0xf5..=0xff => return false,
        }
        self.held.push(byte);
        true
    }

    fn control(&mut self, byte: u8, out: &mut Vec<Token>) -> bool {
        let first = self.held.len() == 2;
        match byte {
            b'[' if first => {
                self.held.push(byte);
                self.state = State::Console;
            }
            b'M' if first => self.state = State::OldMouse(3),
            0x20..=0x3f if self.held.len() >= SEQUENCE - 1 => self.state = State::Overlong,
            0x20..=0x3f => self.held.push(byte),
            0x40..=0x7e => {
                self.held.push(byte);
                if self.held == PASTE_BEGINS {
                    self.held.clear();
                    self.state = State::Paste;
                } else {
                    self.give(out);
                }
            }
            _ => return false,
        }
        true
    }

    fn pasted(&mut self, byte: u8, out: &mut Vec<Token>) {
        if PASTE_ENDS.get(self.matched) == Some(&byte) {
            self.matched += 1;
            if self.matched == PASTE_ENDS.len() {
                self.give_paste(out);
                self.reset();
            }
            return;
        }
        // The marker begins with its only ESC, so what was matched cannot begin it a second time.
        let matched = std::mem::take(&mut self.matched);
        self.keep(PASTE_ENDS.get(..matched).unwrap_or_default());
        if PASTE_ENDS.first() == Some(&byte) {
            self.matched = 1;
        } else {
            self.keep(&[byte]);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = self.longest_paste.saturating_sub(self.paste.len());
        let fits = bytes.len().min(room);
        self.cut |= fits < bytes.len();
        self.paste.extend_from_slice(bytes.get(..fits).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(chunks: &[&[u8]]) -> Vec<Token> {
        let mut cutter = Cutter::new(16);
        let mut out = Vec::new();
        for chunk in chunks {
            cutter.push(chunk, &mut out);
        }
        out
    }

    fn keys(tokens: &[&[u8]]) -> Vec<Token> {
        tokens.iter().map(|bytes| Token::Keys(bytes.to_vec())).collect()
    }

    #[test]
    fn letters_sequences_and_chords_are_one_token_each() {
        let typed = "aế\x1b[A\x1bOP\x1b[15;2~\x1b[<0;10;5M\x1b1\x1bđ\x03\x1b[[A";
        let wanted: [&[u8]; 10] = [
            b"a",
            "ế".as_bytes(),
            b"\x1b[A",
            b"\x1bOP",
            b"\x1b[15;2~",
            b"\x1b[<0;10;5M",
            b"\x1b1",
            "\u{1b}đ".as_bytes(),
            b"\x03",
            b"\x1b[[A",
        ];
        assert_eq!(cut(&[typed.as_bytes()]), keys(&wanted));
        let bytes: Vec<&[u8]> = typed.as_bytes().chunks(1).collect();
        assert_eq!(cut(&bytes), keys(&wanted), "however it is split");
    }

    #[test]
    fn what_is_no_character_takes_nothing_along() {
        assert_eq!(cut(&[b"\xc3a\xff\xfeb\xe1\xba\x1b[A"]), keys(&[b"a", b"b", b"\x1b[A"]));
        assert_eq!(cut(&[b"\xe0\x80\x80x\xed\xa0\x80y"]), keys(&[b"x", b"y"]), "overlong and surrogate");
        assert_eq!(cut(&[b"\x1b[12\x1b[B\x1b[3\x00z"]), keys(&[b"\x1b[B", b"\x00", b"z"]));
    }

    #[test]
    fn an_answer_nobody_asked_for_is_skipped_and_an_endless_one_given_up() {
        assert_eq!(cut(&[b"\x1b]11;rgb:0/0/0\x07a\x1bP1$r\x1b\\b"]), keys(&[b"a", b"b"]));
        let endless = [b"\x1b]".as_slice(), &[b'x'; STRING], b"ab"].concat();
        assert_eq!(cut(&[&endless]), keys(&[b"a", b"b"]));
        assert_eq!(cut(&[b"\x1b]11;\x1b[A"]), keys(&[b"\x1b[A"]));
        let overlong = [b"\x1b[".as_slice(), &[b'1'; 1000], b"~a"].concat();
        assert_eq!(cut(&[&overlong]), keys(&[b"a"]));
    }

    #[test]
    fn a_paste_is_one_token_and_is_cut_at_its_limit() {
        let paste = |text: &[u8], cut| Token::Paste { text: text.to_vec(), cut };
        assert_eq!(cut(&[b"\x1b[200~hai\x1b[A\x1b[20", b"1~"]), [paste(b"hai\x1b[A", false)]);
        assert_eq!(cut(&[b"\x1b[200~\x1b\x1b[201~x"]), [paste(b"\x1b", false), Token::Keys(b"x".to_vec())]);
        let long = [b"\x1b[200~".as_slice(), &[b'p'; 100], b"\x1b[201~"].concat();
        assert_eq!(cut(&[&long]), [paste(&[b'p'; 16], true)]);
    }

    #[test]
    fn what_never_ends_is_the_key_that_it_can_be() {
        let after = |bytes: &[u8]| {
            let mut cutter = Cutter::new(16);
            let mut out = Vec::new();
            cutter.push(bytes, &mut out);
            assert!(cutter.patience().is_some());
            cutter.expire(&mut out);
            assert_eq!(cutter.patience(), None);
            cutter.push(b"z", &mut out);
            assert_eq!(out.pop(), Some(Token::Keys(b"z".to_vec())), "the next key is a key");
            out
        };
        assert_eq!(after(b"\x1b"), keys(&[b"\x1b"]));
        assert_eq!(after(b"\x1bO"), keys(&[b"\x1bO"]));
        assert_eq!(after(b"\x1b["), keys(&[b"\x1b["]));
        assert_eq!(after(b"\x1b]"), keys(&[b"\x1b]"]));
        assert_eq!(after(b"\x1b[1;"), keys(&[]));
        assert_eq!(after(b"\x1b]11;rgb"), keys(&[]));
        assert_eq!(after(b"\xe1\xba"), keys(&[]));
        assert_eq!(after(b"\x1b[200~ha"), [Token::Paste { text: b"ha".to_vec(), cut: false }]);
    }

    proptest! {
        #[test]
        fn any_bytes_split_anywhere_give_the_same_bounded_tokens(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b'~'), Just(b'2'), Just(b'0'), Just(b'1')],
                0..400,
            ),
            at in 0_usize..400,
        ) {
            let whole = cut(&[&bytes]);
            let (left, right) = bytes.split_at(at.min(bytes.len()));
            prop_assert_eq!(&cut(&[left, right]), &whole);
            for token in whole {
                match token {
                    Token::Keys(keys) => prop_assert!(!keys.is_empty() && keys.len() <= SEQUENCE),
                    Token::Paste { text, .. } => prop_assert!(text.len() <= 16),
                }
            }
        }
    }
}

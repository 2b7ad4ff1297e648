//! Decodes the bytes of a remote terminal into [`Input`]s: the stream is cut into [`Token`]s, and the terminal
//! library's parser reads each complete sequence.
//!
//! Deliberately absent: answers of the terminal, focus and key releases, which no screen needs.

use super::token::{Cutter, Token};
use crate::tui::input::{Input, Key, KeyCode, Mouse, Pointer};
use std::time::Duration;
use termina::event::{self as te, Modifiers};
use termina::{Event, Parser};

/// A piece of decoded input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// For the screens.
    Input(Input),
    /// A paste was longer than allowed; what fitted went before.
    PasteCut,
}

/// One stream of bytes from a terminal.
#[derive(Debug)]
pub struct Decoder {
    cutter: Cutter,
    parser: Parser,
    tokens: Vec<Token>,
    /// Whether the terminal's Backspace key sends Ctrl-H.
    erase_is_ctrl_h: bool,
}

impl Decoder {
    /// A stream whose pastes hold at most `longest_paste` bytes; `erase` is the byte that its Backspace key sends, as
    /// the terminal reported it.
    pub fn new(longest_paste: usize, erase: Option<u8>) -> Self {
        Self {
            cutter: Cutter::new(longest_paste),
            parser: Parser::default(),
            tokens: Vec::new(),
            erase_is_ctrl_h: erase == Some(0x08),
        }
    }

    /// Takes bytes and returns their inputs, in order.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Decoded> {
        self.cutter.push(bytes, &mut self.tokens);
        self.read()
    }

    /// How long to wait for more before [`Self::expire`]; `None` when nothing is half done.
    pub const fn patience(&self) -> Option<Duration> {
        self.cutter.patience()
    }

    /// No more bytes came in time: decodes what is held.
    pub fn expire(&mut self) -> Vec<Decoded> {
        self.cutter.expire(&mut self.tokens);
        self.read()
    }

    fn read(&mut self) -> Vec<Decoded> {
        let mut decoded = Vec::new();
        for token in std::mem::take(&mut self.tokens) {
            match token {
                Token::Paste { text, cut } => {
                    decoded.push(Decoded::Input(Input::Paste(String::from_utf8_lossy(&text).into_owned())));
                    if cut {
                        decoded.push(Decoded::PasteCut);
                    }
                }
                Token::Keys(bytes) => decoded.extend(self.keys(&bytes).map(Decoded::Input)),
            }
        }
        decoded
    }

    fn keys(&mut self, bytes: &[u8]) -> Option<Input> {
        match *bytes {
            [0x08] if self.erase_is_ctrl_h => return Some(Input::Key(Key::plain(KeyCode::Backspace))),
            // The parser would wait for more behind some of these.
            [0x1b, letter @ b' '..=b'~'] => return Some(Input::Key(Key::alt(char::from(letter)))),
            _ => {}
        }
        self.parser.parse(bytes, false);
        let (event, more) = (self.parser.pop(), self.parser.pop());
        if event.is_none() || more.is_some() {
            // It may hold on to what it could not read.
            self.parser = Parser::default();
        }
        // A parser that gives up inside a sequence takes the rest of it for letters.
        let sequence = matches!(bytes, [0x1b, b'[' | b'O', ..]);
        event.filter(|event| more.is_none() && !(sequence && is_letter(event))).and_then(input)
    }
}

const fn is_letter(event: &Event) -> bool {
    matches!(event, Event::Key(te::KeyEvent { code: te::KeyCode::Char(_), .. }))
}

/// Our input for an event of the parser; `None` for what no screen needs.
fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(pressed) if pressed.kind != te::KeyEventKind::Release => key(pressed).map(Input::Key),
        Event::Mouse(pointed) => mouse(pointed).map(Input::Mouse),
        Event::Key(_)
        | Event::Paste(_)
        | Event::WindowResized(_)
        | Event::FocusIn
        | Event::FocusOut
        | Event::Csi(_)
        | Event::Osc(_)
        | Event::Dcs(_) => None,
    }
}

fn key(pressed: te::KeyEvent) -> Option<Key> {
    let held = |modifier| pressed.modifiers.contains(modifier);
    let (ctrl, alt) = (held(Modifiers::CONTROL), held(Modifiers::ALT));
    let mut shift = held(Modifiers::SHIFT);
    let code = match pressed.code {
        te::KeyCode::Char(c) => {
            shift = false;
            KeyCode::Char(if ctrl || alt { c.to_lowercase().next().unwrap_or(c) } else { c })
        }
        te::KeyCode::Function(n) => KeyCode::F(n),
        te::KeyCode::Enter => KeyCode::Enter,
        te::KeyCode::Escape => KeyCode::Esc,
        te::KeyCode::Tab => KeyCode::Tab,
        te::KeyCode::BackTab => {
            shift = true;
            KeyCode::Tab
        }
        te::KeyCode::Backspace => KeyCode::Backspace,
        te::KeyCode::Delete => KeyCode::Delete,
        te::KeyCode::Insert => KeyCode::Insert,
        te::KeyCode::Left => KeyCode::Left,
        te::KeyCode::Right => KeyCode::Right,
        te::KeyCode::Up => KeyCode::Up,
        te::KeyCode::Down => KeyCode::Down,
        te::KeyCode::Home => KeyCode::Home,
        te::KeyCode::End => KeyCode::End,
        te::KeyCode::PageUp => KeyCode::PageUp,
        te::KeyCode::PageDown => KeyCode::PageDown,
        te::KeyCode::Null
        | te::KeyCode::CapsLock
        | te::KeyCode::ScrollLock
        | te::KeyCode::NumLock
        | te::KeyCode::PrintScreen
        | te::KeyCode::Pause
        | te::KeyCode::Menu
        | te::KeyCode::KeypadBegin
        | te::KeyCode::Media(_)
        | te::KeyCode::Modifier(_) => return None,
    };
    Some(Key { code, ctrl, alt, shift })
}

fn mouse(pointed: te::MouseEvent) -> Option<Mouse> {
    let pointer = match pointed.kind {
        te::MouseEventKind::Down(te::MouseButton::Left) => Pointer::Click,
        te::MouseEventKind::ScrollUp => Pointer::WheelUp,
        te::MouseEventKind::ScrollDown => Pointer::WheelDown,
        te::MouseEventKind::Down(_)
        | te::MouseEventKind::Up(_)
        | te::MouseEventKind::Drag(_)
        | te::MouseEventKind::Moved
        | te::MouseEventKind::ScrollLeft
        | te::MouseEventKind::ScrollRight => return None,
    };
    Some(Mouse { pointer, column: pointed.column, row: pointed.row })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(bytes: &[u8]) -> Vec<Decoded> {
        Decoder::new(1000, None).push(bytes)
    }

    fn pressed(keys: &[Key]) -> Vec<Decoded> {
        keys.iter().map(|key| Decoded::Input(Input::Key(*key))).collect()
    }

    #[test]
    fn what_terminals_send_is_the_key_that_was_pressed() {
        let plain = Key::plain;
        assert_eq!(
            decoded("aẾ\r\t\x1b[Z\x7f".as_bytes()),
            pressed(&[
                Key::char('a'),
                Key::char('Ế'),
                plain(KeyCode::Enter),
                plain(KeyCode::Tab),
                plain(KeyCode::Tab).with_shift(),
                plain(KeyCode::Backspace),
            ])
        );
        assert_eq!(
            decoded(b"\x1bOP\x1b[[B\x1b[15~\x1b[24~\x1b[A\x1bOB\x1b[H\x1b[4~\x1b[5~\x1b[3~"),
            pressed(&[
                Key::f(1),
                Key::f(2),
                Key::f(5),
                Key::f(12),
                plain(KeyCode::Up),
                plain(KeyCode::Down),
                plain(KeyCode::Home),
                plain(KeyCode::End),
                plain(KeyCode::PageUp),
                plain(KeyCode::Delete),
            ])
        );
        assert_eq!(
            decoded(b"\x10\x14\x1b1\x1bP"),
            pressed(&[Key::ctrl('p'), Key::ctrl('t'), Key::alt('1')]),
            "a string that Alt-Shift-P seems to begin waits for its end"
        );
        assert_eq!(
            decoded(b"\x1b[1;5C\x1b[1;3D"),
            pressed(&[plain(KeyCode::Right).with_ctrl(), plain(KeyCode::Left).with_alt()])
        );
    }

    #[test]
    fn esc_waits_for_what_may_follow_and_is_then_the_key() {
        let mut decoder = Decoder::new(1000, None);
        assert_eq!(decoder.push(b"\x1b"), []);
        assert_eq!(decoder.patience(), Some(Duration::from_millis(30)));
        assert_eq!(decoder.push(b"[A"), pressed(&[Key::plain(KeyCode::Up)]));
        assert_eq!(decoder.patience(), None);
        decoder.push(b"\x1b");
        assert_eq!(decoder.expire(), pressed(&[Key::plain(KeyCode::Esc)]));
        decoder.push(b"\x1bO");
        assert_eq!(decoder.expire(), pressed(&[Key::alt('o')]));
        assert_eq!(decoder.push(b"P"), pressed(&[Key::char('P')]));
    }

    #[test]
    fn the_terminal_reports_which_byte_is_backspace() {
        assert_eq!(decoded(b"\x08"), pressed(&[Key::ctrl('h')]));
        let mut decoder = Decoder::new(1000, Some(0x08));
        assert_eq!(decoder.push(b"\x08"), pressed(&[Key::plain(KeyCode::Backspace)]));
    }

    #[test]
    fn a_click_is_counted_from_the_corner() {
        let click = Mouse { pointer: Pointer::Click, column: 9, row: 4 };
        assert_eq!(decoded(b"\x1b[<0;10;5M\x1b[<0;10;5m"), [Decoded::Input(Input::Mouse(click))]);
        let wheel = Mouse { pointer: Pointer::WheelDown, column: 0, row: 0 };
        assert_eq!(decoded(b"\x1b[<65;1;1M"), [Decoded::Input(Input::Mouse(wheel))]);
    }

    #[test]
    fn a_paste_comes_in_one_piece_and_is_marked_when_it_was_cut() {
        let mut decoder = Decoder::new(8, None);
        let text = "Đỗ Thị Ánh";
        let all = decoder.push(format!("\x1b[200~{text}\x1b[201~").as_bytes());
        assert_eq!(all.len(), 2);
        assert!(matches!(&all[0], Decoded::Input(Input::Paste(kept)) if kept.starts_with("Đỗ")));
        assert_eq!(all[1], Decoded::PasteCut);
        assert_eq!(decoded(b"\x1b[200~\xff\x1b[201~"), [Decoded::Input(Input::Paste("\u{fffd}".to_owned()))]);
    }

    #[test]
    fn a_sequence_that_means_nothing_types_nothing() {
        assert_eq!(decoded(b"\x1b[:0A\x1b[?zz\x1b[<1;2M"), pressed(&[Key::char('z')]));
    }

    proptest! {
        #[test]
        fn no_bytes_whatever_break_the_decoder(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b';'), Just(b'u'), 0x30_u8..0x40],
                0..300,
            ),
        ) {
            let mut decoder = Decoder::new(100, None);
            decoder.push(&bytes);
            decoder.expire();
            prop_assert_eq!(decoder.push(b"z"), pressed(&[Key::char('z')]));
        }
    }
}

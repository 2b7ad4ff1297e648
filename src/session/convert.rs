//! Converts the terminal library's events to our own inputs; the only file that knows both.

use crate::tui::input::{Input, Key, KeyCode, Mouse, Pointer};
use crossterm::event as ct;

/// Our input for a terminal event; `None` for what no screen needs.
pub fn input(event: ct::Event) -> Option<Input> {
    match event {
        ct::Event::Key(key) if key.kind != ct::KeyEventKind::Release => self::key(key).map(Input::Key),
        ct::Event::Paste(text) => Some(Input::Paste(text)),
        ct::Event::Resize(columns, rows) => Some(Input::Resize(columns, rows)),
        ct::Event::Mouse(mouse) => self::mouse(mouse).map(Input::Mouse),
        ct::Event::Key(_) | ct::Event::FocusGained | ct::Event::FocusLost => None,
    }
}

fn key(key: ct::KeyEvent) -> Option<Key> {
    let held = |modifier| key.modifiers.contains(modifier);
    let (ctrl, alt) = (held(ct::KeyModifiers::CONTROL), held(ct::KeyModifiers::ALT));
    let mut shift = held(ct::KeyModifiers::SHIFT);
    let code = match key.code {
        ct::KeyCode::Char(c) => {
            shift = false;
            KeyCode::Char(if ctrl || alt { c.to_ascii_lowercase() } else { c })
        }
        ct::KeyCode::F(n) => KeyCode::F(n),
        ct::KeyCode::Enter => KeyCode::Enter,
        ct::KeyCode::Esc => KeyCode::Esc,
        ct::KeyCode::Tab => KeyCode::Tab,
        ct::KeyCode::BackTab => {
            shift = true;
            KeyCode::Tab
        }
        ct::KeyCode::Backspace => KeyCode::Backspace,
        ct::KeyCode::Delete => KeyCode::Delete,
        ct::KeyCode::Insert => KeyCode::Insert,
        ct::KeyCode::Left => KeyCode::Left,
        ct::KeyCode::Right => KeyCode::Right,
        ct::KeyCode::Up => KeyCode::Up,
        ct::KeyCode::Down => KeyCode::Down,
        ct::KeyCode::Home => KeyCode::Home,
        ct::KeyCode::End => KeyCode::End,
        ct::KeyCode::PageUp => KeyCode::PageUp,
        ct::KeyCode::PageDown => KeyCode::PageDown,
        ct::KeyCode::Null
        | ct::KeyCode::CapsLock
        | ct::KeyCode::ScrollLock
        | ct::KeyCode::NumLock
        | ct::KeyCode::PrintScreen
        | ct::KeyCode::Pause
        | ct::KeyCode::Menu
        | ct::KeyCode::KeypadBegin
        | ct::KeyCode::Media(_)
        | ct::KeyCode::Modifier(_) => return None,
    };
    Some(Key { code, ctrl, alt, shift })
}

fn mouse(mouse: ct::MouseEvent) -> Option<Mouse> {
    let pointer = match mouse.kind {
        ct::MouseEventKind::Down(ct::MouseButton::Left) => Pointer::Click,
        ct::MouseEventKind::ScrollUp => Pointer::WheelUp,
        ct::MouseEventKind::ScrollDown => Pointer::WheelDown,
        ct::MouseEventKind::Down(_)
        | ct::MouseEventKind::Up(_)
        | ct::MouseEventKind::Drag(_)
        | ct::MouseEventKind::Moved
        | ct::MouseEventKind::ScrollLeft
        | ct::MouseEventKind::ScrollRight => return None,
    };
    Some(Mouse { pointer, column: mouse.column, row: mouse.row })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{Event, KeyEvent, KeyModifiers};

    fn pressed(code: ct::KeyCode, modifiers: KeyModifiers) -> Option<Input> {
        input(Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn a_chord_becomes_one_value_however_the_terminal_reports_it() {
        let alt_one = Some(Input::Key(Key::alt('1')));
        assert_eq!(pressed(ct::KeyCode::Char('1'), KeyModifiers::ALT), alt_one);
        let ctrl_p = Some(Input::Key(Key::ctrl('p')));
        assert_eq!(pressed(ct::KeyCode::Char('P'), KeyModifiers::CONTROL | KeyModifiers::SHIFT), ctrl_p);
        let capital = Some(Input::Key(Key::char('Ế')));
        assert_eq!(pressed(ct::KeyCode::Char('Ế'), KeyModifiers::SHIFT), capital);
        let back = Some(Input::Key(Key::plain(KeyCode::Tab).with_shift()));
        assert_eq!(pressed(ct::KeyCode::BackTab, KeyModifiers::SHIFT), back);
        assert_eq!(pressed(ct::KeyCode::BackTab, KeyModifiers::NONE), back);
        let mut release = KeyEvent::new(ct::KeyCode::Enter, KeyModifiers::NONE);
        release.kind = ct::KeyEventKind::Release;
        assert_eq!(input(Event::Key(release)), None);
    }
}

//! What a client reports of its terminal, and which colours and screens follow from it.

use crate::session::frame;
use crate::tui::theme::Depth;

/// Terminals with 24-bit colour by their `TERM`. Others announce it in `COLORTERM`, but no variable is taken from a
/// client.
const TRUE_COLOUR: &[&str] = &["alacritty", "foot", "xterm-kitty", "xterm-ghostty", "wezterm", "contour"];

/// `TERM`s that cannot move a cursor.
const NO_CURSOR: &[&str] =
    &["", "dumb", "unknown", "network", "dialup", "emacs", "printer", "tty", "teletype"];

/// A pseudo-terminal as the client asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pty {
    /// The kind, as in `TERM`; printable and short.
    pub term: String,
    /// Columns and rows, clamped.
    pub size: (u16, u16),
    /// The byte that its Backspace key sends.
    pub erase: Option<u8>,
}

impl Pty {
    /// Whether it can show screens at all.
    pub fn shows_screens(&self) -> bool {
        !NO_CURSOR.contains(&self.term.as_str())
    }

    /// Whether it is given frames as synchronized output.
    pub fn is_synchronized(&self) -> bool {
        frame::is_synchronized(&self.term, None)
    }

    /// The colours that it shows.
    pub fn depth(&self) -> Depth {
        let true_colour = TRUE_COLOUR.iter().any(|name| self.term.starts_with(name));
        Depth::from_env(None, true_colour.then_some("truecolor"), Some(&self.term))
    }
}

/// Terminal features beyond drawing; off unless the host's administrator turns them on, because
/// terminals differ in what they make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TerminalOptions {
    /// Phone numbers are `tel:` links (OSC 8).
    pub links: bool,
    /// Copying reaches the user's own clipboard (OSC 52).
    pub clipboard: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pty(term: &str) -> Pty {
        Pty { term: term.to_owned(), size: (80, 24), erase: None }
    }

    #[test]
    fn the_kind_of_terminal_decides_the_colours() {
        assert_eq!(pty("xterm-kitty").depth(), Depth::True);
        assert_eq!(pty("xterm-direct").depth(), Depth::True);
        assert_eq!(pty("xterm-256color").depth(), Depth::Indexed);
        assert_eq!(pty("vt220").depth(), Depth::Sixteen);
        assert!(pty("linux").shows_screens());
        assert!(pty("xterm-256color").is_synchronized() && !pty("linux").is_synchronized());
        assert!(!pty("dumb").shows_screens() && !pty("").shows_screens());
    }
}

//! Turns phone numbers on screen into links (OSC 8, `tel:`), so that a softphone on the user's own computer dials
//! with a click, also through a remote shell. The drawing library has no links, so whole numbers are found in the
//! frame that was shown and written again over themselves.

use crossterm::cursor::{MoveTo, RestorePosition, SavePosition};
use crossterm::queue;
use crossterm::style::{PrintStyledContent, StyledContent};
use ratatui::backend::IntoCrossterm;
use ratatui::buffer::Buffer;
use ratatui::style::Style;
use std::io::{self, Write};

/// A whole phone number on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    x: u16,
    y: u16,
    /// As shown: `0904 123 456`.
    text: String,
    style: Style,
}

impl Link {
    /// `tel:+84904123456`.
    fn target(&self) -> String {
        let digits: String = self.text.chars().filter(char::is_ascii_digit).skip(1).collect();
        format!("tel:+84{digits}")
    }
}

/// How a number is shown: digit, digit … with single spaces.
const SHAPE: &[u8] = b"0ddd ddd ddd";

/// The whole numbers of a frame; masked ones are none.
pub fn numbers(buffer: &Buffer) -> Vec<Link> {
    let area = buffer.area;
    let mut found = Vec::new();
    for y in area.top()..area.bottom() {
        let row: Vec<u8> = (area.left()..area.right())
            .map(|x| match buffer[(x, y)].symbol().as_bytes() {
                [byte] => *byte,
                _ => b'?',
            })
            .collect();
        for (at, window) in row.windows(SHAPE.len()).enumerate() {
            let fits = window.iter().zip(SHAPE).all(|(byte, shape)| match shape {
                b'd' => byte.is_ascii_digit(),
                literal => byte == literal,
            });
            let alone = |neighbour: Option<&u8>| !neighbour.is_some_and(u8::is_ascii_digit);
            if fits && alone(at.checked_sub(1).and_then(|i| row.get(i))) && alone(row.get(at + SHAPE.len())) {
                let x = area.left() + at as u16;
                let text = String::from_utf8_lossy(window).into_owned();
                found.push(Link { x, y, text, style: buffer[(x, y)].style() });
            }
        }
    }
    found
}

/// Writes the links over the frame; the cursor stays where it was.
pub fn write(out: &mut impl Write, links: &[Link]) -> io::Result<()> {
    for link in links {
        queue!(out, SavePosition, MoveTo(link.x, link.y))?;
        write!(out, "\x1b]8;;{}\x1b\\", link.target())?;
        queue!(out, PrintStyledContent(StyledContent::new(link.style.into_crossterm(), &link.text)))?;
        write!(out, "\x1b]8;;\x1b\\")?;
        queue!(out, RestorePosition)?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_links_and_masked_ones_are_not() {
        let buffer = Buffer::with_lines([
            "│ 0904 123 456 · 0901 *** 567 │",
            "Đỗ 0912 345 678            90",
            "10904 123 456  0904 123 4567 ",
        ]);
        let links = numbers(&buffer);
        let found: Vec<_> = links.iter().map(|l| (l.x, l.y, l.target())).collect();
        assert_eq!(found, [(2, 0, "tel:+84904123456".to_owned()), (3, 1, "tel:+84912345678".to_owned())]);
        let mut out = Vec::new();
        write(&mut out, &links).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("\x1b]8;;tel:+84904123456\x1b\\") && text.contains("0904 123 456"));
    }
}

//! A remote terminal as something to draw on: frames become bytes, which are taken out one frame at a time.
//!
//! Deliberately absent: asking the terminal anything. Its size and its kind are what the client said.

use super::terminal::{Manners, Pty};
use crate::session::frame::{Ink, synchronized};
use crate::session::link::{self, Link};
use crate::tui::app::App;
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{SetCursorStyle, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::queue;
use crossterm::style::Print;
use crossterm::terminal::{DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Rect, Size};
use std::io;

/// A frame shorter than this that says the same as the one before is not worth a packet.
const TRIFLE: usize = 64;

/// Clicks and the wheel, counted beyond column 223. Not every move of the pointer: it would cross the network for
/// nothing.
const CLICKS_ON: &str = "\x1b[?1000h\x1b[?1006h";
const CLICKS_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// The screen of one session.
pub struct Screen {
    terminal: Terminal<Paper>,
    ink: Ink,
    manners: Manners,
    /// Whether frames are synchronized output.
    synchronized: bool,
    linked: (Rect, Vec<Link>),
    /// The last frame, when it was short.
    last: Vec<u8>,
}

impl Screen {
    /// A screen of the size that `pty` says.
    pub fn new(pty: &Pty, manners: Manners) -> io::Result<Self> {
        let ink = Ink::default();
        let paper = Paper {
            pen: CrosstermBackend::new(ink.clone()),
            size: Size::new(pty.size.0, pty.size.1),
            cursor: Position::ORIGIN,
        };
        let terminal = Terminal::new(paper)?;
        let linked = (Rect::ZERO, Vec::new());
        Ok(Self { terminal, ink, manners, synchronized: pty.is_synchronized(), linked, last: Vec::new() })
    }

    /// The terminal has another size now.
    pub fn resize(&mut self, (columns, rows): (u16, u16)) {
        self.terminal.backend_mut().size = Size::new(columns, rows);
    }

    /// What prepares the terminal.
    pub fn enter() -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        queue!(
            out,
            EnterAlternateScreen,
            EnableBracketedPaste,
            Print(CLICKS_ON),
            DisableLineWrap,
            SetCursorStyle::SteadyBar,
        )?;
        Ok(out)
    }

    /// What gives the terminal back.
    pub fn leave() -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        queue!(
            out,
            SetCursorStyle::DefaultUserShape,
            EnableLineWrap,
            Print(CLICKS_OFF),
            DisableBracketedPaste,
            LeaveAlternateScreen,
            Show,
        )?;
        Ok(out)
    }

    /// Draws a frame; the bytes that show it, none when nothing changed.
    pub fn draw(&mut self, app: &App) -> io::Result<Vec<u8>> {
        let shown = self.terminal.draw(|frame| app.view(frame))?;
        let links = self.manners.links.then(|| (shown.buffer.area, link::numbers(shown.buffer)));
        let mut bytes = self.ink.take();
        if let Some(links) = links
            && links != self.linked
        {
            link::write(&mut bytes, &links.1)?;
            self.linked = links;
        }
        if bytes.len() < TRIFLE {
            if bytes == self.last {
                return Ok(Vec::new());
            }
            self.last.clone_from(&bytes);
        } else {
            self.last.clear();
        }
        synchronized(bytes, self.synchronized)
    }

    /// What puts `text` on the person's clipboard; `None` where this is off.
    pub fn copy(&self, text: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        (self.manners.clipboard && queue!(out, CopyToClipboard::to_clipboard_from(text)).is_ok())
            .then_some(out)
    }
}

/// Where frames are written to: memory, and a size that is told.
struct Paper {
    pen: CrosstermBackend<Ink>,
    size: Size,
    cursor: Position,
}

impl Backend for Paper {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.pen.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.pen.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.pen.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        self.pen.set_cursor_position(self.cursor)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.pen.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.pen.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! Draws frames for a remote terminal: each frame becomes bytes for the client.
//!
//! Deliberately absent: queries to the terminal. Its size and kind are what the client reported.

use super::terminal::{Pty, TerminalOptions};
use crate::session::frame::{FrameBytes, synchronized};
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

/// A frame shorter than this that equals the one before is not sent.
const SHORT_FRAME: usize = 64;

/// Clicks and the wheel, counted beyond column 223. Not every move of the pointer: it would cross the network for
/// nothing.
const CLICKS_ON: &str = "\x1b[?1000h\x1b[?1006h";
const CLICKS_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// The screen of one session.
pub struct Screen {
    terminal: Terminal<RemoteBackend>,
    bytes_out: FrameBytes,
    terminal_options: TerminalOptions,
    /// Whether frames are synchronized output.
    synchronized: bool,
    linked: (Rect, Vec<Link>),
    /// The last frame, when it was short.
    last: Vec<u8>,
}

impl Screen {
    /// A screen of the size that `pty` reports.
    pub fn new(pty: &Pty, terminal_options: TerminalOptions) -> io::Result<Self> {
        let bytes_out = FrameBytes::default();
        let backend = RemoteBackend {
            writer: CrosstermBackend::new(bytes_out.clone()),
            size: Size::new(pty.size.0, pty.size.1),
            cursor: Position::ORIGIN,
        };
        let terminal = Terminal::new(backend)?;
        let linked = (Rect::ZERO, Vec::new());
        let synchronized = pty.is_synchronized();
        Ok(Self { terminal, bytes_out, terminal_options, synchronized, linked, last: Vec::new() })
    }

    /// The terminal has another size now.
    pub fn resize(&mut self, (columns, rows): (u16, u16)) {
        self.terminal.backend_mut().size = Size::new(columns, rows);
    }

    /// The bytes that prepare the terminal.
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

    /// The bytes that restore the terminal.
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
        let links = self.terminal_options.links.then(|| (shown.buffer.area, link::numbers(shown.buffer)));
        let mut bytes = self.bytes_out.take();
        if let Some(links) = links
            && links != self.linked
        {
            link::write(&mut bytes, &links.1)?;
            self.linked = links;
        }
        if bytes.len() < SHORT_FRAME {
            if bytes == self.last {
                return Ok(Vec::new());
            }
            self.last.clone_from(&bytes);
        } else {
            self.last.clear();
        }
        synchronized(bytes, self.synchronized)
    }

    /// The bytes that put `text` on the user's clipboard; `None` where this is off.
    pub fn copy(&self, text: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        (self.terminal_options.clipboard && queue!(out, CopyToClipboard::to_clipboard_from(text)).is_ok())
            .then_some(out)
    }
}

/// A backend that writes to memory and has the reported size.
struct RemoteBackend {
    writer: CrosstermBackend<FrameBytes>,
    size: Size,
    cursor: Position,
}

impl Backend for RemoteBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.writer.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.writer.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.writer.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        self.writer.set_cursor_position(self.cursor)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.writer.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.writer.clear_region(clear_type)
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

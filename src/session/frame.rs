//! Turns a frame into bytes: all bytes of one frame are collected, put into synchronized output (DEC private mode
//! 2026) and written at once, so that no terminal shows half of it. Local and SSH sessions use this.
//!
//! Deliberately absent: asking a terminal whether it knows the mode; its answer would arrive among the user's keys.
//! Terminals ignore a private mode that they do not know; those that are known to do something else with it are named
//! in [`PLAIN`], and [`SWITCH`] turns it off on a local terminal.

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// The environment variable that turns synchronized output off with `off`.
pub const SWITCH: &str = "TONGDAI_SYNC";
/// Kinds of terminals, as in `TERM`, that read no private modes or show them as text.
const PLAIN: &[&str] = &["", "dumb", "unknown", "linux", "ansi", "cons25", "vt52", "vt100", "vt102", "vt220"];

/// Whether a terminal of this kind is given frames as synchronized output; `switch` is the value of [`SWITCH`].
pub fn is_synchronized(term: &str, switch: Option<&str>) -> bool {
    switch != Some("off") && !PLAIN.contains(&term)
}

/// The bytes of one frame, as synchronized output where `on`; an empty frame stays empty.
pub fn synchronized(bytes: Vec<u8>, on: bool) -> io::Result<Vec<u8>> {
    if !on || bytes.is_empty() {
        return Ok(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len() + 16);
    queue!(out, BeginSynchronizedUpdate)?;
    out.extend(bytes);
    queue!(out, EndSynchronizedUpdate)?;
    Ok(out)
}

/// The bytes of a frame: the backend writes them, the owner takes them, never both at once.
#[derive(Debug, Clone, Default)]
pub struct FrameBytes(Arc<Mutex<Vec<u8>>>);

impl FrameBytes {
    /// Takes the bytes written since the last call.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for FrameBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_bracketed_where_the_terminal_does_not_refuse_it() {
        let whole = synchronized(b"frame".to_vec(), true).unwrap();
        assert_eq!(whole, b"\x1b[?2026hframe\x1b[?2026l");
        assert_eq!(synchronized(b"frame".to_vec(), false).unwrap(), b"frame");
        assert_eq!(synchronized(Vec::new(), true).unwrap(), b"");
        assert!(is_synchronized("xterm-256color", None) && is_synchronized("tmux-256color", Some("on")));
        assert!(!is_synchronized("xterm-256color", Some("off")));
        assert!(!is_synchronized("linux", None) && !is_synchronized("dumb", None));
    }
}

//! Runs the real program under a pseudo-terminal: keys in, a screen out. Nothing here waits for time to pass: each
//! wait reads output until the screen shows what is named, or a deadline ends the test with the screen as it was.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a terminal that cannot be opened, read or written has failed the story"
)]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Longer than any machine needs for one frame.
const PATIENCE: Duration = Duration::from_mins(2);

pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const UP: &str = "\x1b[A";
pub const DOWN: &str = "\x1b[B";
pub const F1: &str = "\x1bOP";
pub const F2: &str = "\x1bOQ";
pub const F3: &str = "\x1bOR";
pub const F5: &str = "\x1b[15~";
pub const F9: &str = "\x1b[20~";
pub const CTRL_Q: &str = "\x11";
pub const FRAME_BEGINS: &str = "\x1b[?2026h";
pub const FRAME_ENDS: &str = "\x1b[?2026l";

/// Alt and a digit: a tab.
pub fn tab(digit: u8) -> String {
    format!("\x1b{digit}")
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

/// The program with a screen of its own.
pub struct Terminal {
    parser: vt100::Parser,
    /// Everything that the program wrote so far.
    written: Vec<u8>,
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
}

impl Terminal {
    /// Opens the screens on a store as `staff`, on so many columns and rows.
    pub fn open(store: &Path, staff: &str, (cols, rows): (u16, u16)) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tongdai"));
        command.args(["--as", staff, "--lang", "vi", "--store"]);
        command.arg(store);
        Self::run(command, (cols, rows))
    }

    /// Runs a program on so many columns and rows.
    pub fn run(mut command: CommandBuilder, (cols, rows): (u16, u16)) -> Self {
        command.env("TERM", "xterm-256color");
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 1 << 13];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        let input = pair.master.take_writer().unwrap();
        let parser = vt100::Parser::new(cells(rows), cells(cols), 0);
        Self { parser, written: Vec::new(), output, input, master: pair.master, child }
    }

    /// What stands on the screen.
    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// The terminal's own state.
    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Whether the last frame is there to its end: a pseudo-terminal gives it in pieces.
    fn is_whole(&self) -> bool {
        let last = |mark: &[u8]| self.written.windows(mark.len()).rposition(|bytes| bytes == mark);
        last(FRAME_BEGINS.as_bytes()) <= last(FRAME_ENDS.as_bytes())
    }

    /// How often the program wrote this.
    pub fn wrote(&self, bytes: &str) -> usize {
        String::from_utf8_lossy(&self.written).matches(bytes).count()
    }

    /// Sends bytes as a keyboard would.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
        self
    }

    /// Reads until the screen holds the text.
    pub fn sees(&mut self, text: &str) -> &mut Self {
        self.until(text, |screen| screen.contains(text))
    }

    /// Reads until the screen no longer holds the text.
    pub fn sees_no(&mut self, text: &str) -> &mut Self {
        self.until(&format!("no {text}"), |screen| !screen.contains(text))
    }

    /// Reads until the screen is as it should be.
    pub fn until(&mut self, what: &str, holds: impl Fn(&str) -> bool) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        while !(self.is_whole() && holds(&self.text())) {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => {
                    self.parser.process(&bytes);
                    self.written.extend(bytes);
                }
                Err(RecvTimeoutError::Timeout) => panic!("never saw {what:?}:\n{}", self.text()),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the program ended before {what:?}:\n{}", self.text())
                }
            }
        }
        self
    }

    /// Gives the screen another size.
    pub fn resize(&mut self, cols: u16, rows: u16) -> &mut Self {
        self.parser.screen_mut().set_size(cells(rows), cells(cols));
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        self
    }

    /// Continues as another staff member (simulated stores).
    pub fn become_person(&mut self, name: &str) -> &mut Self {
        let title = "Đổi người làm việc";
        self.press(F9).sees(title);
        let rows: Vec<String> = self
            .text()
            .lines()
            .skip_while(|line| !line.contains(title))
            .skip(1)
            .map(ToOwned::to_owned)
            .collect();
        let marked = rows.iter().position(|row| row.contains('▌')).unwrap();
        let wanted = rows.iter().position(|row| row.contains(&format!(" {name} · "))).unwrap();
        let step = if wanted < marked { UP } else { DOWN };
        self.press(&step.repeat(wanted.abs_diff(marked)));
        self.until(&format!("the mark on {name}"), |screen| {
            screen.lines().any(|line| line.contains('▌') && line.contains(&format!(" {name} · ")))
        });
        self.press(ENTER).sees_no(title);
        self.until(&format!("{name} at work"), |screen| {
            screen.lines().next().is_some_and(|line| line.contains(&format!("{name} · ")))
        })
    }

    /// Asks the program to stop, as a system going down would.
    pub fn terminate(&mut self) -> &mut Self {
        let id = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self
    }

    /// Reads to the end of the program; whether it ended well.
    pub fn ends(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.parser.process(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("the program stays:\n{}", self.text()),
                Err(RecvTimeoutError::Disconnected) => return self.child.wait().unwrap().success(),
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Already gone when the story ended well.
        let _ = self.child.kill();
    }
}

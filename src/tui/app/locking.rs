//! Locks an idle session until its person types the PIN. An open call stays open behind the lock. A person without a
//! PIN unlocks by any key and may then choose one.
//!
//! Invariant: while the session is locked no key reaches a screen, and nothing of a screen, a window or a notice is
//! drawn.

use super::App;
use super::lock::{LockStep, Locked, PinAnswer};
use crate::domain::pin::{DIGITS, Pin};
use crate::tui::effect::{Effect, PinAct};
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Hit, look_up};
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::caret;
use crate::tui::widgets::pane::{popup, prose};
use crate::usecase::Error;
use crate::usecase::pin::Tried;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use std::time::Duration;

/// Columns before the first digit of a PIN.
const PIN_COLUMN: u16 = 5;

impl App {
    /// Sets after how long without a key the session locks; none: never. A locked session stays locked.
    pub fn lock_after(&mut self, idle: Option<Duration>) -> Vec<Effect> {
        self.lock.after_ms = idle.map(|idle| i64::try_from(idle.as_millis()).unwrap_or(i64::MAX));
        self.lock.last_key = Some(self.ctx.now);
        if idle.is_none() {
            return Vec::new();
        }
        vec![Effect::Pin(Box::new(PinAct::Ask))]
    }

    /// Whether the session is locked.
    pub const fn is_locked(&self) -> bool {
        self.lock.locked.is_some()
    }

    /// Records that the person is present.
    pub(super) fn note_presence(&mut self) {
        self.lock.last_key = Some(self.ctx.now);
    }

    /// Locks when no key came for long enough.
    pub(super) fn lock_when_idle(&mut self) {
        let (Some(after), Some(last)) = (self.lock.after_ms, self.lock.last_key) else { return };
        if self.lock.locked.is_none() && self.ctx.now.since(last) >= after {
            let step = if self.lock.has_pin == Some(false) { LockStep::Press } else { LockStep::Ask };
            self.lock.locked = Some(Locked::new(step));
        }
    }

    /// Takes a key while locked. Leaving is always allowed: what was typed is saved.
    pub(super) fn lock_key(&mut self, key: Key) -> Vec<Effect> {
        if let Hit::Act(super::keys::FrameAct::Quit) =
            look_up(super::FRAME_KEYS, key, self, self.ctx.actor.role)
        {
            let mut out = self.keep(true);
            out.push(Effect::Quit);
            return out;
        }
        let Some(locked) = self.lock.locked.as_mut().filter(|locked| !locked.waiting) else {
            return Vec::new();
        };
        match (&locked.step, key.code) {
            (LockStep::Press, _) => locked.step = LockStep::Choose,
            (LockStep::Choose | LockStep::Repeat(_), KeyCode::Esc) => {
                self.lock.locked = None;
                self.note_presence();
            }
            (_, KeyCode::Char(digit)) if digit.is_ascii_digit() && !key.ctrl && !key.alt => {
                locked.typed.push(digit);
                locked.typed.truncate(DIGITS.1);
            }
            (_, KeyCode::Backspace) => {
                locked.typed.pop();
            }
            (_, KeyCode::Esc) => locked.typed.clear(),
            (_, KeyCode::Enter) if !locked.typed.is_empty() => return locked.submit(),
            _ => {}
        }
        Vec::new()
    }

    /// Takes the answer to a [`PinAct`].
    pub fn pin_answered(&mut self, answer: Result<PinAnswer, Error>) -> Vec<Effect> {
        match answer {
            Ok(PinAnswer::Known(has_pin)) => self.lock.has_pin = Some(has_pin),
            Ok(PinAnswer::Set) => {
                self.lock.has_pin = Some(true);
                self.lock.locked = None;
                self.note_presence();
                self.say(Tone::Ok, Say::key("frame.lock_set"));
            }
            Ok(PinAnswer::Tried(Tried::Right)) => {
                self.lock.locked = None;
                self.note_presence();
            }
            Ok(PinAnswer::Tried(Tried::Wrong { left })) => {
                self.lock_says(LockStep::Ask, Say::key("frame.lock_wrong").with("left", left));
            }
            Ok(PinAnswer::Tried(Tried::Blocked { until })) => {
                self.lock_says(LockStep::Ask, Say::key("frame.lock_blocked").with("until", until.hm()));
            }
            Ok(PinAnswer::Tried(Tried::Unset)) => {
                self.lock.has_pin = Some(false);
                self.lock_says(LockStep::Press, Say::key("frame.lock_unset"));
            }
            // Whether there is a PIN is not known: the session locks all the same, and asks for one.
            Err(error) => self.lock_says(LockStep::Ask, Say::from(error)),
        }
        Vec::new()
    }

    fn lock_says(&mut self, step: LockStep, say: Say) {
        if let Some(locked) = &mut self.lock.locked {
            locked.step = step;
            locked.waiting = false;
            locked.typed.clear();
            locked.error = Some(say);
        }
    }

    /// Draws the lock and nothing else.
    pub(super) fn view_lock(&self, frame: &mut Frame, area: Rect) {
        let Some(locked) = &self.lock.locked else { return };
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let key = match locked.step {
            LockStep::Press => "frame.lock_press",
            LockStep::Choose => "frame.lock_choose",
            LockStep::Repeat(_) => "frame.lock_repeat",
            LockStep::Ask => "frame.lock_ask",
        };
        let width = 60.min(area.width);
        let inner = width.saturating_sub(4);
        let mut rows =
            prose(&Say::key(key).with("name", &self.ctx.actor.name).text(lang), inner, theme.strong());
        rows.push(Line::default());
        let typed_at = rows.len() as u16;
        if locked.step != LockStep::Press {
            let dots = "●".repeat(locked.typed.len());
            rows.push(Line::from(format!("PIN: {dots}▏")));
            rows.push(Line::default());
        }
        if locked.waiting {
            rows.push(Line::styled(word("frame.lock_waiting", lang), theme.muted()));
        } else if let Some(error) = &locked.error {
            rows.extend(prose(&error.text(lang), inner, theme.tone(Tone::Danger)));
        }
        let height = (rows.len() as u16 + 2).min(area.height);
        let room =
            popup(frame, area, &self.ctx, &word("frame.lock_title", lang), (width, height), Tone::Plain);
        frame.render_widget(Paragraph::new(rows), room);
        if locked.step != LockStep::Press {
            caret::stand(frame, &self.ctx, room, (PIN_COLUMN + locked.typed.len() as u16, typed_at));
        }
    }
}

impl Locked {
    fn submit(&mut self) -> Vec<Effect> {
        let typed = std::mem::take(&mut self.typed);
        self.error = None;
        let pin = match Pin::parse(&typed) {
            Ok(pin) => pin,
            Err(refusal) => {
                self.error = Some(Say::from(refusal));
                return Vec::new();
            }
        };
        match std::mem::replace(&mut self.step, LockStep::Choose) {
            LockStep::Choose => {
                self.step = LockStep::Repeat(pin);
                Vec::new()
            }
            LockStep::Repeat(first) if first == pin => {
                self.waiting = true;
                vec![Effect::Pin(Box::new(PinAct::Set(pin)))]
            }
            LockStep::Repeat(_) => {
                self.error = Some(Say::key("frame.lock_differs"));
                Vec::new()
            }
            LockStep::Ask | LockStep::Press => {
                self.step = LockStep::Ask;
                self.waiting = true;
                vec![Effect::Pin(Box::new(PinAct::Try(pin)))]
            }
        }
    }
}

//! Shows the lessons of `tongdai tutor` in a strip under the tabs. The strip says what to do on the real screens, and
//! moves on when it is done. The screen below becomes shorter, so that nothing is covered.
//!
//! Invariants:
//! * there is no strip, and no work for it, unless [`App::teach`] was called;
//! * the strip takes no key but the one that dismisses broadcasts;
//! * a finished lesson can be read until the next act.

use super::keys::{FRAME_KEYS, FrameAct, MODAL_KEYS, PLAIN_KEYS};
use super::lessons::{LESSONS, Lesson, Sight, Window};
use super::modal::Modal;
use super::state::App;
use super::tutor::{Stage, Tutor};
use super::view;
use crate::domain::lang::Lang;
use crate::tui::effect::Reply;
use crate::tui::field::{EDIT_KEYS, Field};
use crate::tui::form::FORM_KEYS;
use crate::tui::input::{Input, Key, Pointer};
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::list_keys;
use crate::tui::widgets::wrap::{shorten, wrap};
use crate::usecase::Receipt;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// The most rows of the strip, its title included.
const ROWS: usize = 4;
/// The blanks before a text; as wide as the mark before a title.
const INDENT: &str = "   ";
/// The characters before and after a row id in a text.
const NAMED: (&str, char) = ("%{", '}');

impl App {
    /// Begins the lessons of the person's role.
    pub fn teach(&mut self) {
        self.tutor = Some(Tutor::new(self.ctx.actor.role));
    }

    /// Begins the lessons of another role after a change of person, if there are lessons.
    pub(super) fn teach_another(&mut self) {
        if self.tutor.as_ref().is_some_and(|tutor| tutor.role != self.ctx.actor.role) {
            self.teach();
        }
    }

    /// Whether there are lessons.
    pub(super) const fn is_taught(&self) -> bool {
        self.tutor.is_some()
    }

    /// The name of the texts of the key that skips a lesson or moves on.
    pub(super) fn lesson_key(&self) -> Option<&'static str> {
        Some(match self.tutor.as_ref()?.stage {
            Stage::Learning { .. } => "lesson.skip",
            Stage::Learned { .. } => "lesson.next",
            Stage::Over => "lesson.close",
        })
    }

    /// Skips a lesson, moves on after one, or closes the strip at the end.
    pub(super) fn leave_lesson(&mut self) {
        let Some(tutor) = &mut self.tutor else { return };
        match tutor.stage {
            Stage::Learning { lesson, .. } | Stage::Learned { lesson } => tutor.follow(lesson),
            Stage::Over => self.tutor = None,
        }
    }

    /// Whether a row of the screen belongs to a lesson that is done.
    pub(super) fn is_on_finished_lesson(&self, row: u16) -> bool {
        let done = self.tutor.as_ref().is_some_and(|tutor| !matches!(tutor.stage, Stage::Learning { .. }));
        let end = self.body(self.size).y;
        let rows = self.lesson_lines(self.size.0).len() as u16;
        done && (end.saturating_sub(rows)..end).contains(&row)
    }

    /// Takes an input while there are lessons: the act that follows a finished lesson begins the next one.
    pub(super) fn with_lessons<T>(&mut self, input: &Input, act: impl FnOnce(&mut Self) -> T) -> T {
        let Some(tutor) = &self.tutor else { return act(self) };
        let before = tutor.stage;
        let is_act = match input {
            Input::Key(_) | Input::Paste(_) | Input::Number { .. } => true,
            Input::Mouse(mouse) => mouse.pointer == Pointer::Click,
            Input::Resize(..) | Input::Tick(_) | Input::Changed(_) | Input::Away(_) | Input::Hangup => false,
        };
        let rows = if let Input::Key(key) = input { self.rows_of(*key) } else { Vec::new() };
        for row in rows {
            self.did(row);
        }
        let out = act(self);
        if let Some(tutor) = &mut self.tutor
            && is_act
            && tutor.stage == before
            && let Stage::Learned { lesson } = before
        {
            tutor.follow(lesson);
        }
        self.look(None);
        out
    }

    /// The ids of the rows that take a key now.
    fn rows_of(&self, key: Key) -> Vec<&'static str> {
        let key = key.command();
        self.live().into_iter().filter(|live| live.key == key).map(|live| live.id).collect()
    }

    /// Records a row whose key was pressed.
    pub(super) fn did(&mut self, row: &'static str) {
        if let Some(tutor) = &mut self.tutor {
            tutor.did.push(row);
        }
    }

    /// The receipt of a reply, when there are lessons.
    pub(super) fn receipt_for_lessons(&self, reply: &Reply) -> Option<Receipt> {
        let (receipt, _) = reply.outcome.as_ref().ok().filter(|_| self.is_taught())?;
        receipt.clone()
    }

    /// Checks whether a step is done, after an act or with a receipt.
    pub(super) fn look(&mut self, receipt: Option<&Receipt>) {
        let Some(mut tutor) = self.tutor.take() else { return };
        let did = std::mem::take(&mut tutor.did);
        if matches!(tutor.stage, Stage::Learning { .. }) && !self.is_locked() && !self.is_too_small() {
            let works: Vec<_> = self.live().into_iter().map(|live| live.id).collect();
            let field = match self.modals.last() {
                Some(modal) => modal.field(),
                None => self.open_screen().and_then(|screen| screen.field()),
            };
            let window = self.modals.last().map(|modal| match modal {
                Modal::Help(_) => Window::Help,
                Modal::Palette(_) => Window::Palette,
                Modal::Cases(_)
                | Modal::Ask { .. }
                | Modal::Show { .. }
                | Modal::Alarm { .. }
                | Modal::People { .. } => Window::Other,
            });
            let typed = field.map_or("", Field::text);
            tutor.look(Sight { tab: self.open, window, works: &works, did: &did, typed, receipt });
        }
        self.tutor = Some(tutor);
    }

    /// The first key of a row; none when no table has the row.
    pub(super) fn cap_of(&self, id: &str) -> Option<String> {
        let frame = FRAME_KEYS.iter().chain(PLAIN_KEYS).map(|row| (row.id, row.keys));
        let window = MODAL_KEYS.iter().map(|row| (row.id, row.keys));
        let form = FORM_KEYS.iter().map(|row| (row.id, row.keys));
        let field = EDIT_KEYS.iter().map(|row| (row.id, row.keys));
        let screens = self.screens.iter().flat_map(|screen| screen.all_rows()).map(|row| (row.id, row.keys));
        let lists = list_keys::all_rows().into_iter().map(|row| (row.id, row.keys));
        let mut rows = frame.chain(window).chain(lists).chain(form).chain(field).chain(screens);
        rows.find(|(row, _)| *row == id).and_then(|(_, keys)| keys.first()).map(ToString::to_string)
    }

    /// A text with the keys of the rows that it names, and the ranges of those keys.
    fn with_keys(&self, text: &str) -> (String, Vec<Range<usize>>) {
        let (mut whole, mut keys) = (String::new(), Vec::new());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(NAMED.0) {
            whole.push_str(before);
            let (id, after) = after.split_once(NAMED.1).unwrap_or((after, ""));
            let start = whole.len();
            whole.push_str(self.cap_of(id).as_deref().unwrap_or(id));
            keys.push(start..whole.len());
            rest = after;
        }
        whole.push_str(rest);
        (whole, keys)
    }

    /// Title and text of the strip.
    fn lesson_words(&self, lang: Lang) -> Option<(Tone, String, String)> {
        let tutor = self.tutor.as_ref()?;
        let title = |at: usize, lesson: &Lesson| {
            let name = word(&format!("tutor.{}.title", lesson.id), lang);
            let say =
                Say::key("tutor.lesson").with("number", at + 1).with("count", LESSONS).with("name", name);
            say.text(lang)
        };
        Some(match tutor.stage {
            Stage::Learning { lesson: at, step } => {
                let lesson = tutor.lesson(at)?;
                let text = word(&format!("tutor.{}.{}", lesson.id, lesson.steps.get(step)?.id), lang);
                (Tone::Info, title(at, lesson), text)
            }
            Stage::Learned { lesson: at } => {
                let lesson = tutor.lesson(at)?;
                (Tone::Ok, title(at, lesson), word(&format!("tutor.{}.done", lesson.id), lang))
            }
            Stage::Over => (Tone::Ok, word("tutor.over.title", lang), word("tutor.over.text", lang)),
        })
    }

    /// The rows of the strip on a screen of this width; none without lessons.
    pub(super) fn lesson_lines(&self, width: u16) -> Vec<Line<'static>> {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let Some((tone, title, text)) = self.lesson_words(lang) else { return Vec::new() };
        let raised = theme.raised();
        let lead = format!(" {} ", tone.mark());
        let row = FRAME_KEYS.iter().find(|row| row.act == FrameAct::Seen).map(|row| row.row(self));
        let (cap, label) = row.map(|row| (row.caps(), row.label(lang))).unwrap_or_default();
        let room = usize::from(width).saturating_sub(lead.width() + cap.width() + label.width() + 4);
        let title = shorten(&title, room);
        let gap = " ".repeat(room.saturating_sub(title.width()) + 2);
        let mut lines = vec![Line::from(vec![
            Span::styled(lead, raised.patch(theme.tone(tone))),
            Span::styled(title, raised.patch(theme.strong())),
            Span::styled(gap, raised),
            Span::styled(cap, raised.patch(theme.key())),
            Span::styled(format!(" {label} "), raised.patch(theme.muted())),
        ])];
        lines.extend(self.text_lines(&text, width).into_iter().take(ROWS - 1));
        lines
    }

    /// A text of a lesson under the title.
    pub(super) fn text_lines(&self, text: &str, width: u16) -> Vec<Line<'static>> {
        let theme = self.ctx.theme;
        let raised = theme.raised();
        let (text, keys) = self.with_keys(text);
        let styles = (raised.patch(theme.text()), raised.patch(theme.key()));
        let columns = usize::from(width).saturating_sub(INDENT.len() + 1);
        let line = |range| {
            let indent = Span::styled(INDENT, raised);
            let mut spans = vec![indent];
            spans.extend(in_two_styles(&text, range, &keys, styles));
            Line::from(spans)
        };
        wrap(&text, columns).into_iter().map(line).collect()
    }

    /// Draws the strip under the tabs, below a broadcast.
    pub(super) fn view_lesson(&self, frame: &mut Frame, size: (u16, u16)) {
        let lines = self.lesson_lines(size.0);
        let body = self.body(size);
        let height = (lines.len() as u16).min(body.y.saturating_sub(view::body(size).y));
        let place = Rect { x: 0, y: body.y - height, width: size.0, height };
        frame.render_widget(Paragraph::new(lines).style(self.ctx.theme.raised()), place);
    }
}

/// A part of a text with the keys in it in a style of their own.
fn in_two_styles(
    text: &str,
    part: Range<usize>,
    keys: &[Range<usize>],
    (plain, key): (Style, Style),
) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut at = part.start;
    for range in keys.iter().filter(|range| range.start < part.end && range.end > part.start) {
        let (start, end) = (range.start.max(part.start), range.end.min(part.end));
        spans.push(Span::styled(text[at..start].to_owned(), plain));
        spans.push(Span::styled(text[start..end].to_owned(), key));
        at = end;
    }
    spans.push(Span::styled(text[at..part.end].trim_end().to_owned(), plain));
    spans
}

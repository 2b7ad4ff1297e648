//! A form in a window over a screen: title, help, fields with their errors, and the question before typed text is
//! dropped.
//!
//! Invariants:
//! * leaving a window with typed text asks first; Esc on that question leaves, too, and keeps the text until the
//!   same window opens again ([`Kept`]), so that repeated Esc leaves everything and loses nothing;
//! * a refusal marks the item that it names and changes no text.
//!
//! Deliberately absent: which command a form makes. Its screen decides that by the topic.

use super::{Form, Item};
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Question};
use crate::tui::field::Field;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use std::ops::RangeInclusive;

/// Yes to this question drops what was typed ([`super::super::screen::Msg::Answered`]).
pub const DISCARD: &str = "form.discard";
/// Esc on that question closes the window and keeps what was typed.
pub const LEAVE: &str = "form.leave";
/// The most columns of a window.
const WIDTH: u16 = 76;
/// The most windows whose text is kept; the oldest is dropped first.
const MOST_KEPT: usize = 8;

/// Columns inside a window drawn in the middle of `area`.
pub fn inner_width(area: Rect) -> u16 {
    WIDTH.min(area.width).saturating_sub(4)
}

/// A form in a window; `T` is the type of its topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormWindow<T> {
    /// The topic.
    pub topic: T,
    title: Say,
    help: Option<Say>,
    /// The person it is about, on the first line.
    whom: Option<String>,
    /// Its fields.
    pub form: Form,
}

impl<T> FormWindow<T> {
    /// A window around `form`, filled in as it is.
    pub fn new(topic: T, title: Say, mut form: Form) -> Self {
        form.begin();
        Self { topic, title, help: None, whom: None, form }
    }

    /// This window with a sentence of help under its fields.
    #[must_use]
    pub fn help(mut self, help: Say) -> Self {
        self.help = Some(help);
        self
    }

    /// This window with a line that says whom it is about.
    #[must_use]
    pub fn whom(mut self, whom: impl Into<String>) -> Self {
        self.whom = Some(whom.into()).filter(|whom| !whom.is_empty());
        self
    }

    /// The person it is about; empty when there is none.
    pub fn about_whom(&self) -> &str {
        self.whom.as_deref().unwrap_or_default()
    }

    /// Whether leaving would lose something.
    pub fn is_touched(&self) -> bool {
        self.form.is_touched()
    }

    /// The question before leaving; none when nothing would be lost.
    pub fn ask_before_leaving(&self) -> Option<Effect> {
        self.is_touched().then(|| {
            let text = Say::key("form.discard");
            let question = Question::irrevocable(DISCARD, text, Say::key("form.discard_detail"));
            Effect::Ask(Box::new(Question { on_esc: Some(LEAVE), ..question }))
        })
    }

    /// The text of a field. None when it is empty; the field is then marked.
    pub fn required(&mut self, id: &'static str) -> Option<String> {
        let value = self.form.value(id);
        if value.is_none() {
            self.form.set_error(id, Say::from(Refusal::FieldInvalid { field: id, reason: "empty" }));
        }
        value
    }

    /// The index of the chosen option. None when no option is chosen; the choice is then marked.
    pub fn chosen(&mut self, id: &'static str) -> Option<usize> {
        let at = self.form.chosen(id);
        if at.is_none() {
            self.form.set_error(id, Say::key("form.choose"));
        }
        at
    }

    /// The number of a field. None when it is outside `range`; the field's error then names the range.
    pub fn number(&mut self, id: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        self.required(id)?;
        let number = self.form.find_field(id).and_then(Field::number).filter(|number| range.contains(number));
        if number.is_none() {
            let say = Say::key("form.out_of_range").with("low", range.start()).with("high", range.end());
            self.form.set_error(id, say);
        }
        number
    }

    /// The date of a field. None when it is no date; the field is then marked.
    pub fn date(&mut self, id: &'static str) -> Option<NaiveDate> {
        let date = self.form.find_field(id).and_then(Field::date);
        if date.is_none() {
            self.form.set_error(id, Say::key("form.not_a_date"));
        }
        date
    }

    /// The time of day of a field, on `day`. None when it is no time; the field is then marked.
    pub fn time(&mut self, id: &'static str, day: NaiveDate) -> Option<Timestamp> {
        let time = self.form.find_field(id).and_then(Field::time);
        if time.is_none() {
            self.form.set_error(id, Say::key("form.not_a_time"));
        }
        time.map(|time| Timestamp::from_local(day, time))
    }

    /// Marks the item that a refusal names; false when it names none.
    pub fn refuse(&mut self, refusal: &Refusal) -> bool {
        self.form.blame(refusal)
    }

    /// Draws the window in the middle of `area`; `below` stands between fields and help.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, below: &[Line]) {
        let width = WIDTH.min(area.width);
        let text = self.help.as_ref().map(|help| help.text(ctx.lang)).unwrap_or_default();
        let help = if text.is_empty() {
            Vec::new()
        } else {
            pane::prose(&text, inner_width(area), ctx.theme.muted())
        };
        let whom = u16::from(self.whom.is_some());
        let gaps = u16::from(!below.is_empty()) + u16::from(!help.is_empty());
        let height = whom * 2 + self.form.height() + below.len() as u16 + help.len() as u16 + gaps + 2;
        let title = self.title.text(ctx.lang);
        let inner = pane::popup(frame, area, ctx, &title, (width, height), Tone::Plain);
        if let Some(whom) = &self.whom {
            let top = Rect { height: inner.height.min(1), ..inner };
            frame.render_widget(Line::styled(whom.clone(), ctx.theme.strong()), top);
        }
        let room = inner.height.saturating_sub(whom * 2);
        let fields = Rect { y: inner.y + whom * 2, height: self.form.height().min(room), ..inner };
        self.form.view(frame, fields, ctx, true);
        let mut y = fields.bottom() + 1;
        for line in below.iter().cloned() {
            if y < inner.bottom() {
                frame.render_widget(line, Rect { y, height: 1, ..inner });
            }
            y += 1;
        }
        y += u16::from(!below.is_empty());
        for (y, line) in (y..inner.bottom()).zip(help) {
            frame.render_widget(line, Rect { y, height: 1, ..inner });
        }
    }

    /// The items in order, for a line under the focused one.
    pub fn focused(&self) -> Option<&Item> {
        self.form.focused()
    }
}

/// The text of windows that were left, until the same window opens again.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept<T>(Vec<(T, Vec<(String, String)>)>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Kept<T> {
    /// Nothing is kept.
    pub const fn new() -> Self {
        Self(Vec::new())
    }
}

/// Shows counts only, because what people type is personal.
impl<T> std::fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kept({})", self.0.len())
    }
}

impl<T: PartialEq> Kept<T> {
    /// Keeps the text of a window that is left.
    pub fn keep(&mut self, window: FormWindow<T>) {
        self.0.retain(|(topic, _)| *topic != window.topic);
        if window.is_touched() {
            self.0.push((window.topic, window.form.typed()));
            let over = self.0.len().saturating_sub(MOST_KEPT);
            self.0.drain(..over);
        }
    }

    /// The same window as it was left, or as it is.
    #[must_use]
    pub fn take_up(&mut self, mut window: FormWindow<T>) -> FormWindow<T> {
        if let Some(at) = self.0.iter().position(|(topic, _)| *topic == window.topic) {
            let (_, typed) = self.0.remove(at);
            window.form.retype(&typed);
        }
        window
    }
}

/// The window of a screen, if one is open, and what was typed into those that were left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windows<T> {
    open: Option<FormWindow<T>>,
    kept: Kept<T>,
}

impl<T> Default for Windows<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Windows<T> {
    /// No window.
    pub const fn new() -> Self {
        Self { open: None, kept: Kept::new() }
    }

    /// The open window.
    pub const fn get(&self) -> Option<&FormWindow<T>> {
        self.open.as_ref()
    }

    /// The same, to be read by a command or marked.
    pub const fn get_mut(&mut self) -> Option<&mut FormWindow<T>> {
        self.open.as_mut()
    }

    /// Whether one is open.
    pub const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Closes the window, because its command is done.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// One step back: closes the window, or asks first when text would be lost.
    pub fn leave(&mut self) -> Option<Effect> {
        let question = self.open.as_ref().and_then(FormWindow::ask_before_leaving);
        if question.is_none() {
            self.open = None;
        }
        question
    }
}

impl<T: PartialEq> Windows<T> {
    /// Opens a window, with the text that was kept for it.
    pub fn open(&mut self, window: FormWindow<T>) {
        self.open = Some(self.kept.take_up(window));
    }

    /// All text of the open window and of those that were left.
    pub fn texts(&self) -> Vec<String> {
        let kept = self.kept.0.iter().flat_map(|(_, typed)| typed.iter().map(|(_, value)| value.clone()));
        self.open.iter().flat_map(|window| window.form.texts()).chain(kept).collect()
    }

    /// The question before leaving was answered; false when it was another question.
    pub fn answered(&mut self, id: &str, yes: bool) -> bool {
        match (id, yes) {
            (DISCARD, true) => self.open = None,
            (LEAVE, true) => {
                if let Some(window) = self.open.take() {
                    self.kept.keep(window);
                }
            }
            (DISCARD | LEAVE, false) => {}
            (_, _) => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::tui::field::Kind;
    use crate::tui::fixture::{ctx, drawn};

    fn window(about: i64) -> FormWindow<i64> {
        let form = Form::new().field("name", "reg.form.name", Field::new(Kind::Text).holding("Lan")).field(
            "quota",
            "over.popup.quota",
            Field::new(Kind::Digits),
        );
        FormWindow::new(about, Say::key("tab.calls"), form).help(Say::key("form.discard_detail")).whom("Mai")
    }

    #[test]
    fn only_a_touched_window_asks_before_it_goes() {
        let mut touched = window(1);
        assert_eq!(touched.ask_before_leaving(), None);
        touched.form.set_text("quota", "3");
        let Some(Effect::Ask(question)) = touched.ask_before_leaving() else { panic!("nothing was asked") };
        assert_eq!((question.id, question.on_esc), (DISCARD, Some(LEAVE)));
        touched.form.set_text("quota", "");
        assert_eq!(touched.ask_before_leaving(), None, "it is as it was at first");
    }

    #[test]
    fn what_was_typed_is_there_when_the_same_window_opens_again() {
        let mut kept = Kept::new();
        let mut left = window(1);
        left.form.set_text("name", "Lan Anh");
        kept.keep(left.clone());
        assert_eq!(kept.take_up(window(2)), window(2), "another window knows nothing of it");
        assert_eq!(kept.take_up(window(1)).form.text("name"), "Lan Anh");
        assert_eq!(kept.take_up(window(1)), window(1), "it is given back once");
        for about in 0..20 {
            left.topic = about;
            kept.keep(left.clone());
        }
        assert_eq!(kept.0.len(), MOST_KEPT);
    }

    #[test]
    fn leaving_asks_and_each_answer_has_its_own_end() {
        let mut windows = Windows::new();
        windows.open(window(1));
        assert_eq!(windows.leave(), None);
        assert!(!windows.is_open(), "nothing was typed");
        let touched = |windows: &mut Windows<i64>| {
            windows.open(window(1));
            windows.get_mut().expect("it is open").form.set_text("name", "Lan Anh");
            assert!(matches!(windows.leave(), Some(Effect::Ask(_))) && windows.is_open());
        };
        touched(&mut windows);
        assert!(windows.answered(DISCARD, false) && windows.is_open(), "no: go on");
        assert!(!windows.answered("another", true) && windows.is_open());
        assert!(windows.answered(LEAVE, true) && !windows.is_open());
        windows.open(window(1));
        assert_eq!(windows.get().map(|window| window.form.text("name")), Some("Lan Anh"));
        assert!(windows.answered(DISCARD, true) && !windows.is_open());
        windows.open(window(1));
        assert_eq!(windows.get().map(|window| window.form.text("name")), Some("Lan"));
    }

    #[test]
    fn what_is_wrong_stands_beside_its_field_and_keeps_the_text() {
        let mut window = window(1);
        assert_eq!(window.number("quota", 1..=500), None);
        window.form.set_text("quota", "700");
        assert_eq!(window.number("quota", 1..=500), None);
        assert_eq!(window.form.text("quota"), "700");
        let ctx = ctx(Role::Supervisor);
        let text = drawn(80, 14, |frame, area| window.view(frame, area, &ctx, &[]));
        assert!(text.contains("500") && text.contains("Mai"), "{text}");
        window.form.set_text("quota", "300");
        assert_eq!(window.number("quota", 1..=500), Some(300));
    }
}

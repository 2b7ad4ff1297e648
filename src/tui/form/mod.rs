//! A form: labelled fields, tick boxes and choices in one focus order. The screen's host gives it its keys
//! ([`FORM_KEYS`]); the screen reads its values when the person saves, and marks the item that a refusal names.
//!
//! Invariants:
//! * exactly one item has the focus while the form is not empty;
//! * an item's error goes when the item is changed;
//! * no error clears what was typed.

mod view;
pub mod window;

use super::field::Field;
use super::input::{Key, KeyCode};
use super::keys::{Binding, Enabled};
use super::say::Say;
use crate::domain::refusal::Refusal;

/// What an item holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// Text.
    Field(Field),
    /// A box that is ticked or not; never ticked beforehand.
    Tick(bool),
    /// One of several, or none yet. The options are locale keys or plain words.
    Choice {
        /// What can be chosen.
        options: Vec<Say>,
        /// Which is chosen, by index.
        at: Option<usize>,
    },
}

impl Control {
    /// The value as text: what is typed, `0` or `1`, the index of the option.
    fn value(&self) -> String {
        match self {
            Self::Field(field) => field.text().to_owned(),
            Self::Tick(on) => if *on { "1" } else { "0" }.to_owned(),
            Self::Choice { at, .. } => at.map(|at| at.to_string()).unwrap_or_default(),
        }
    }
}

/// One line of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The field's name in the JSON form, by which refusals name it.
    pub id: &'static str,
    /// The label.
    pub label: Say,
    /// What it holds.
    pub control: Control,
    /// Its error, if any.
    pub error: Option<Say>,
}

/// The item that a refusal names.
const fn blamed(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::FieldInvalid { field, .. } => Some(field),
        Refusal::PhoneInvalid(_) => Some("phone"),
        Refusal::NoteMissing(_) => Some("note"),
        Refusal::CallbackTimeMissing => Some("callback_at"),
        Refusal::ConsentMissing => Some("register"),
        Refusal::RepresentativeMissing => Some("representative"),
        _ => None,
    }
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    items: Vec<Item>,
    at: usize,
    /// What each item held when the form began, as [`Form::typed`] writes it.
    initial: Vec<String>,
}

impl Form {
    /// A form without items.
    pub const fn new() -> Self {
        Self { items: Vec::new(), at: 0, initial: Vec::new() }
    }

    /// This form with one more text field; `label` is a locale key.
    #[must_use]
    pub fn field(self, id: &'static str, label: &'static str, field: Field) -> Self {
        self.item(id, Say::key(label), Control::Field(field))
    }

    /// This form with one more empty tick box; `label` is a locale key.
    #[must_use]
    pub fn tick(self, id: &'static str, label: &'static str) -> Self {
        self.item(id, Say::key(label), Control::Tick(false))
    }

    /// This form with one more choice; `label` and `options` are locale keys.
    #[must_use]
    pub fn choice(self, id: &'static str, label: &'static str, options: &[&'static str]) -> Self {
        let options = options.iter().map(|key| Say::key(key)).collect();
        self.item(id, Say::key(label), Control::Choice { options, at: None })
    }

    /// This form with one more item.
    #[must_use]
    pub fn item(mut self, id: &'static str, label: Say, control: Control) -> Self {
        self.initial.push(control.value());
        self.items.push(Item { id, label, control, error: None });
        self
    }

    /// The items in order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The item that has the focus.
    pub fn focused(&self) -> Option<&Item> {
        self.items.get(self.at)
    }

    /// The text field that has the focus.
    pub fn focused_field(&self) -> Option<&Field> {
        match self.items.get(self.at).map(|item| &item.control) {
            Some(Control::Field(field)) => Some(field),
            Some(Control::Tick(_) | Control::Choice { .. }) | None => None,
        }
    }

    /// The same field, to be edited; its error goes away.
    pub fn focused_field_mut(&mut self) -> Option<&mut Field> {
        match self.items.get_mut(self.at) {
            Some(Item { control: Control::Field(field), .. }) => Some(field),
            Some(_) | None => None,
        }
    }

    /// The text of a field without spaces at its ends; empty when there is none.
    pub fn text(&self, id: &str) -> &str {
        self.find_field(id).and_then(Field::value).unwrap_or_default()
    }

    /// The text of a field as an owned value; `None` when it is empty.
    pub fn value(&self, id: &str) -> Option<String> {
        self.find_field(id).and_then(Field::value).map(ToOwned::to_owned)
    }

    /// A text field by its id.
    pub fn find_field(&self, id: &str) -> Option<&Field> {
        match self.control(id) {
            Some(Control::Field(field)) => Some(field),
            Some(Control::Tick(_) | Control::Choice { .. }) | None => None,
        }
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, id: &str) -> bool {
        matches!(self.control(id), Some(Control::Tick(true)))
    }

    /// The index of the chosen option.
    pub fn chosen(&self, id: &str) -> Option<usize> {
        match self.control(id) {
            Some(Control::Choice { at, .. }) => *at,
            Some(Control::Field(_) | Control::Tick(_)) | None => None,
        }
    }

    /// Puts text into a field.
    pub fn set_text(&mut self, id: &str, text: &str) {
        if let Some(Control::Field(field)) = self.control_mut(id) {
            field.set(text);
        }
    }

    /// Ticks a box or takes the tick away.
    pub fn set_tick(&mut self, id: &str, on: bool) {
        if let Some(Control::Tick(tick)) = self.control_mut(id) {
            *tick = on;
        }
    }

    /// Chooses an option.
    pub fn choose(&mut self, id: &str, option: usize) {
        if let Some(Control::Choice { options, at }) = self.control_mut(id)
            && option < options.len()
        {
            *at = Some(option);
        }
    }

    /// The values of the items by id, without empty fields, boxes without a tick and open choices.
    pub fn typed(&self) -> Vec<(String, String)> {
        self.items
            .iter()
            .filter_map(|item| {
                let value = item.control.value();
                Some((item.id.to_owned(), value)).filter(|(_, value)| !value.is_empty())
            })
            .collect()
    }

    /// The texts of the fields.
    pub fn texts(&self) -> Vec<String> {
        let fields = self.items.iter().filter_map(|item| match &item.control {
            Control::Field(field) => Some(field.text().to_owned()),
            Control::Tick(_) | Control::Choice { .. } => None,
        });
        fields.filter(|text| !text.is_empty()).collect()
    }

    /// Fills in values that [`Self::typed`] returned; items that do not exist are skipped.
    pub fn retype(&mut self, typed: &[(String, String)]) {
        for (id, value) in typed {
            match self.control_mut(id) {
                Some(Control::Field(field)) => field.set(value),
                Some(Control::Tick(on)) => *on = value == "1",
                Some(Control::Choice { options, at }) => {
                    *at = value.parse().ok().filter(|at| *at < options.len());
                }
                None => {}
            }
        }
    }

    /// Takes the present values as those with which the form begins. [`Self::is_touched`] compares with them, and the
    /// text of single-line fields is selected, so that typing replaces it. A form that is filled in after it was
    /// built ([`Self::set_text`], [`Self::set_tick`], [`Self::choose`]) calls this before it is shown; a draft is
    /// filled in afterwards ([`Self::retype`]).
    pub fn begin(&mut self) {
        for item in &mut self.items {
            if let Control::Field(field) = &mut item.control {
                field.select();
            }
        }
        self.initial = self.items.iter().map(|item| item.control.value()).collect();
    }

    /// Whether an item holds another value than when the form began.
    pub fn is_touched(&self) -> bool {
        self.items.iter().zip(&self.initial).any(|(item, initial)| item.control.value() != *initial)
    }

    /// Moves the focus to an item.
    pub fn focus_on(&mut self, id: &str) {
        if let Some(at) = self.items.iter().position(|item| item.id == id) {
            self.at = at;
        }
    }

    /// Marks an item as wrong. The focus moves to the first marked item, so that all that is wrong shows at once and is
    /// mended from the top; errors of an earlier try are taken away before ([`Self::clear_errors`]).
    pub fn set_error(&mut self, id: &str, error: Say) {
        if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
            item.error = Some(error);
            self.at = self.items.iter().position(|item| item.error.is_some()).unwrap_or(self.at);
        }
    }

    /// Whether an item is marked as wrong.
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|item| item.error.is_some())
    }

    /// Takes all error marks away.
    pub fn clear_errors(&mut self) {
        for item in &mut self.items {
            item.error = None;
        }
    }

    /// Marks the item that a refusal names; false when it names none of this form.
    pub fn blame(&mut self, refusal: &Refusal) -> bool {
        let Some(id) = blamed(refusal) else { return false };
        let known = self.items.iter().any(|item| item.id == id);
        self.set_error(id, Say::from(refusal.clone()));
        known
    }

    /// Does the act of a key of [`FORM_KEYS`]; true when a value changed.
    pub fn act(&mut self, act: FormAct) -> bool {
        let count = self.items.len();
        if count == 0 {
            return false;
        }
        match act {
            FormAct::Next => self.at = (self.at + 1) % count,
            FormAct::Back => self.at = (self.at + count - 1) % count,
            FormAct::Toggle => return self.toggle(),
            FormAct::ChooseNext => return self.turn(1),
            FormAct::ChooseBack => return self.turn(-1),
        }
        false
    }

    /// Takes the error mark from the focused item, because it was changed.
    pub fn touched(&mut self) {
        if let Some(item) = self.items.get_mut(self.at) {
            item.error = None;
        }
    }

    fn toggle(&mut self) -> bool {
        self.touched();
        match self.items.get_mut(self.at).map(|item| &mut item.control) {
            Some(Control::Tick(on)) => *on = !*on,
            Some(Control::Choice { .. }) => return self.turn(1),
            Some(Control::Field(_)) | None => return false,
        }
        true
    }

    fn turn(&mut self, step: isize) -> bool {
        self.touched();
        match self.items.get_mut(self.at).map(|item| &mut item.control) {
            Some(Control::Choice { options, at }) if !options.is_empty() => {
                let count = options.len() as isize;
                let first = if step > 0 { -1 } else { 0 };
                let next = at.map_or(first, |at| at as isize) + step;
                *at = Some(next.rem_euclid(count) as usize);
                true
            }
            Some(_) | None => false,
        }
    }

    fn control(&self, id: &str) -> Option<&Control> {
        self.items.iter().find(|item| item.id == id).map(|item| &item.control)
    }

    fn control_mut(&mut self, id: &str) -> Option<&mut Control> {
        self.items.iter_mut().find(|item| item.id == id).map(|item| &mut item.control)
    }

    fn on_tick(&self) -> Enabled {
        match self.focused().map(|item| &item.control) {
            Some(Control::Tick(_) | Control::Choice { .. }) => Ok(()),
            Some(Control::Field(_)) | None => Err("form.why.no_tick"),
        }
    }

    fn on_choice(&self) -> Enabled {
        match self.focused().map(|item| &item.control) {
            Some(Control::Choice { .. }) => Ok(()),
            Some(Control::Field(_) | Control::Tick(_)) | None => Err("form.why.no_choice"),
        }
    }
}

/// What a form's key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormAct {
    /// To the next item.
    Next,
    /// To the item before.
    Back,
    /// Tick or untick; the next option of a choice.
    Toggle,
    /// The next option.
    ChooseNext,
    /// The option before.
    ChooseBack,
}

const PLACE: &str = "form";

/// The keys of every form.
pub const FORM_KEYS: &[Binding<FormAct, Form>] = &[
    Binding::new(PLACE, "form.next", &[Key::plain(KeyCode::Tab), Key::plain(KeyCode::Down)], FormAct::Next),
    Binding::new(
        PLACE,
        "form.back",
        &[Key::plain(KeyCode::Tab).with_shift(), Key::plain(KeyCode::Up)],
        FormAct::Back,
    )
    .quiet(),
    Binding::new(PLACE, "form.toggle", &[Key::char(' ')], FormAct::Toggle).when(Form::on_tick),
    Binding::new(PLACE, "form.choose_next", &[Key::plain(KeyCode::Right)], FormAct::ChooseNext)
        .when(Form::on_choice)
        .quiet(),
    Binding::new(PLACE, "form.choose_back", &[Key::plain(KeyCode::Left)], FormAct::ChooseBack)
        .when(Form::on_choice)
        .quiet(),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::field::Kind;

    fn form() -> Form {
        Form::new()
            .field("name", "field.name", Field::new(Kind::Text))
            .tick("register", "field.register")
            .choice("method", "field.method", &["a", "b"])
    }

    #[test]
    fn the_focus_goes_round_and_keys_change_what_has_it() {
        let mut form = form();
        assert!(form.focused_field().is_some());
        assert!(!form.act(FormAct::Next));
        assert!(form.act(FormAct::Toggle));
        assert!(form.ticked("register"));
        form.act(FormAct::Next);
        assert_eq!(form.chosen("method"), None);
        form.act(FormAct::ChooseNext);
        assert_eq!(form.chosen("method"), Some(0));
        form.act(FormAct::ChooseBack);
        assert_eq!(form.chosen("method"), Some(1));
        form.act(FormAct::Next);
        assert_eq!(form.focused().map(|i| i.id), Some("name"));
        form.act(FormAct::Back);
        assert_eq!(form.focused().map(|i| i.id), Some("method"));
    }

    #[test]
    fn a_refusal_marks_its_item_and_keeps_what_was_typed() {
        let mut form = form();
        form.set_text("name", "Hùng");
        assert!(form.blame(&Refusal::ConsentMissing));
        assert_eq!(form.focused().map(|i| (i.id, i.error.is_some())), Some(("register", true)));
        assert_eq!(form.text("name"), "Hùng");
        form.act(FormAct::Toggle);
        assert!(form.focused().is_some_and(|i| i.error.is_none()));
        assert!(!form.blame(&Refusal::AcuteProblem));
    }

    #[test]
    fn what_was_typed_is_told_and_taken_up_again() {
        let mut before = form();
        before.set_text("name", "Hùng");
        before.set_tick("register", true);
        before.choose("method", 1);
        let mut after = form();
        after.retype(&before.typed());
        assert_eq!(after, before);
        after.retype(&[("method".to_owned(), "9".to_owned()), ("gone".to_owned(), "x".to_owned())]);
        assert_eq!(after.chosen("method"), None);
    }

    #[test]
    fn a_form_is_touched_while_it_differs_from_how_it_began() {
        let mut form = form().field("quota", "field.name", Field::new(Kind::Digits).holding("500"));
        assert!(!form.is_touched(), "what it was built with is no work of the person");
        form.act(FormAct::Next);
        form.act(FormAct::Toggle);
        assert!(form.is_touched());
        form.act(FormAct::Toggle);
        assert!(!form.is_touched(), "taken back");
        form.set_text("name", "Hùng");
        form.begin();
        assert!(!form.is_touched());
        form.retype(&[("name".to_owned(), "Hùng A".to_owned())]);
        assert!(form.is_touched(), "text of an earlier session is the person's");
    }

    #[test]
    fn form_keys_do_not_clash() {
        let form = form();
        let rows: Vec<_> = FORM_KEYS.iter().map(|b| b.row(&form)).collect();
        assert_eq!(crate::tui::keys::clashes(&rows), Vec::<String>::new());
    }
}

//! The [`Screen`] trait, and the [`ScreenHost`] that drives a screen. A screen keeps its state, answers messages with
//! effects and draws itself. Its host does what all screens share: dispatch by binding, editing of the focused
//! field, the reason for a key that does not work, and type-ahead.
//!
//! Type-ahead: while a save is in flight, at most [`HELD_KEYS`] keys are held; after the reply they act on what the
//! person sees then. When the save fails they are dropped with a notice, because they were meant for another state.

use super::ctx::Ctx;
use super::effect::{Effect, Origin, Outcome, Reply, Subject, Ticket};
use super::field::{EDIT_KEYS, Field, Pressed};
use super::form::{FORM_KEYS, Form};
use super::input::{Key, KeyCode, Mouse, Pointer};
use super::keys::{Binding, Hit, KeyRow, LiveKey, live_keys, look_up};
use super::say::Say;
use super::theme::Tone;
use super::typed::{About, Typed};
use super::widgets::list::Step;
use super::widgets::list_keys::{LIST_KEYS, List, ListState, takes};
use super::widgets::rows::ListAct;
use crate::domain::refusal::Refusal;
use crate::usecase::Topics;
use ratatui::Frame;
use ratatui::layout::Rect;
use std::collections::VecDeque;
use std::fmt::Debug;

/// What happens to a screen.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg<A> {
    /// The tab was opened, with a subject or without: load what is shown.
    Opened(Option<Subject>),
    /// A key of the binding table, a click on it or the palette.
    Act(A),
    /// The focused field, tick box or choice has another value now.
    Edited,
    /// The mouse acted inside the screen's area.
    Mouse(Mouse, Rect),
    /// An [`Effect::Ask`] or [`Effect::Alarm`] was answered.
    Answered(&'static str, bool),
    /// A job is done.
    Replied(Ticket, Outcome),
    /// A second went by ([`Ctx::now`] is new).
    Tick,
    /// These topics changed in the store: reload what is shown.
    Changed(Topics),
}

/// One screen. `update` is total, does no I/O and reads no clock; `view` borrows and cannot fail.
pub trait Screen: Send + 'static {
    /// The acts of its keys.
    type Act: Copy + PartialEq + Debug + 'static;

    /// Its key table.
    const BINDINGS: &'static [Binding<Self::Act, Self>];

    /// Takes a message, answers with effects.
    fn update(&mut self, msg: Msg<Self::Act>, ctx: &Ctx) -> Vec<Effect>;

    /// Draws the state.
    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx);

    /// The form that has the focus, if any: the host moves in it and edits it.
    fn form(&self) -> Option<&Form> {
        None
    }

    /// The same form, to be edited.
    fn form_mut(&mut self) -> Option<&mut Form> {
        None
    }

    /// The list that has the focus, if any: the host moves in it, filters and orders it. None while there is a form.
    fn list(&self) -> Option<&dyn List> {
        None
    }

    /// The same list, to be moved in.
    fn list_mut(&mut self) -> Option<&mut dyn List> {
        None
    }

    /// The text field that has the focus; while there is one, letters and digits go there. By default the
    /// focused field of [`Self::form`], or the filter's of [`Self::list`] while it is typed.
    fn field(&self) -> Option<&Field> {
        match self.form() {
            Some(form) => form.focused_field(),
            None => self.list().and_then(List::field),
        }
    }

    /// The same field, to be edited.
    fn field_mut(&mut self) -> Option<&mut Field> {
        if self.form().is_some() {
            return self.form_mut().and_then(Form::focused_field_mut);
        }
        self.list_mut().and_then(List::field_mut)
    }

    /// Whether a save is in flight: keys are held.
    fn saving(&self) -> bool {
        false
    }

    /// The state of the person on the first line (`● Đang gọi 01:23`).
    fn standing(&self, _ctx: &Ctx) -> Option<(Tone, Say)> {
        None
    }

    /// Whether a call is open, so that leaving asks first.
    fn call_open(&self) -> bool {
        false
    }

    /// Everything that was typed and not sent, also in windows that were left.
    fn texts(&self) -> Vec<String> {
        self.form().map(Form::texts).unwrap_or_default()
    }

    /// The unsent text to save as a draft, and what it belongs to; an open call always counts.
    fn typed(&self) -> Option<(About, Typed)> {
        None
    }

    /// Fills in a draft of an earlier session; false while the screen does not show what it belongs to.
    fn retype(&mut self, _about: &About, _typed: &Typed, _ctx: &Ctx) -> bool {
        false
    }

    /// The topics that the screen shows: [`Msg::Changed`] comes for these only. None while the person works in what is
    /// shown; the change then waits.
    fn shows(&self) -> Topics {
        Topics::ALL
    }
}

/// How many keys are held while a save is in flight.
pub const HELD_KEYS: usize = 32;

/// Whether a screen took a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// The screen took it.
    Yes(Vec<Effect>),
    /// The screen has no binding for it.
    No,
}

/// A [`Screen`] without its types, as the frame holds it.
pub trait AnyScreen: Send {
    /// Which tab it is.
    fn origin(&self) -> Origin;
    /// The tab was opened.
    fn open(&mut self, subject: Option<Subject>, ctx: &Ctx) -> Vec<Effect>;
    /// A key.
    fn key(&mut self, key: Key, ctx: &Ctx) -> Taken;
    /// Pasted text; dropped where no field has the focus.
    fn paste(&mut self, text: &str, ctx: &Ctx) -> Vec<Effect>;
    /// The mouse.
    fn mouse(&mut self, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect>;
    /// Does the act of the row with this id.
    fn act(&mut self, id: &str, ctx: &Ctx) -> Vec<Effect>;
    /// A question was answered.
    fn answered(&mut self, id: &'static str, yes: bool, ctx: &Ctx) -> Vec<Effect>;
    /// A job is done.
    fn reply(&mut self, reply: Reply, ctx: &Ctx) -> Vec<Effect>;
    /// The next held key, once nothing is in flight.
    fn next_held(&mut self) -> Option<Key>;
    /// Forgets the held keys and returns how many there were.
    fn drop_held(&mut self) -> usize;
    /// A second went by.
    fn tick(&mut self, ctx: &Ctx) -> Vec<Effect>;
    /// These topics changed in the store.
    fn changed(&mut self, topics: Topics, ctx: &Ctx) -> Vec<Effect>;
    /// Draws it.
    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx);
    /// Its keys that this role has, as they stand now.
    fn rows(&self, ctx: &Ctx) -> Vec<KeyRow>;
    /// The keys that it would take now, with the acts behind them.
    fn live(&self, ctx: &Ctx) -> Vec<LiveKey>;
    /// Its own commands that this role has, for the palette.
    fn commands(&self, ctx: &Ctx) -> Vec<KeyRow>;
    /// All its keys, for `docs/KEYS.md` and tests.
    fn all_rows(&self) -> Vec<KeyRow>;
    /// The field that has the focus.
    fn field(&self) -> Option<&Field>;
    /// Whether a form has the keys.
    fn has_form(&self) -> bool;
    /// See [`Screen::standing`].
    fn standing(&self, ctx: &Ctx) -> Option<(Tone, Say)>;
    /// See [`Screen::call_open`].
    fn call_open(&self) -> bool;
    /// Whether Esc has no further step here.
    fn is_at_rest(&self, ctx: &Ctx) -> bool;
    /// See [`Screen::texts`].
    fn texts(&self) -> Vec<String>;
    /// What the person typed into the form that has the keys; nothing while the form is as it was filled in.
    fn touched_texts(&self) -> Vec<String>;
    /// See [`Screen::typed`].
    fn typed(&self) -> Option<(About, Typed)>;
    /// See [`Screen::retype`].
    fn retype(&mut self, about: &About, typed: &Typed, ctx: &Ctx) -> bool;
    /// How many keys are held.
    fn held(&self) -> usize;
}

/// Drives a screen and holds its keys during a save.
#[derive(Debug)]
pub struct ScreenHost<S> {
    origin: Origin,
    /// The screen.
    pub screen: S,
    held: VecDeque<Key>,
    /// Topics that changed while the screen showed none of them.
    missed: Topics,
}

impl<S: Screen> ScreenHost<S> {
    /// A host for `screen` on the tab `origin`.
    pub const fn new(origin: Origin, screen: S) -> Self {
        Self { origin, screen, held: VecDeque::new(), missed: Topics::NONE }
    }

    /// Passes a missed change on when the screen shows its topic.
    fn catch_up(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if !self.screen.shows().touches(self.missed) {
            return Vec::new();
        }
        let missed = std::mem::replace(&mut self.missed, Topics::NONE);
        self.run(Msg::Changed(missed), ctx)
    }

    fn run(&mut self, msg: Msg<S::Act>, ctx: &Ctx) -> Vec<Effect> {
        self.screen.update(msg, ctx)
    }

    fn edited(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if let Some(list) = self.screen.list_mut()
            && list.field().is_some()
        {
            list.edited(ctx);
            return Vec::new();
        }
        if let Some(form) = self.screen.form_mut() {
            form.touched();
        }
        self.run(Msg::Edited, ctx)
    }

    fn hit(&mut self, hit: Hit<S::Act>, ctx: &Ctx) -> Taken {
        match hit {
            Hit::Act(act) => Taken::Yes(self.run(Msg::Act(act), ctx)),
            Hit::Not(why) => Taken::Yes(vec![Effect::Notice(Tone::Warn, Say::key(why))]),
            Hit::Forbidden(act) => {
                Taken::Yes(vec![Effect::Notice(Tone::Warn, Say::from(Refusal::Forbidden { act }))])
            }
            Hit::Unknown => Taken::No,
        }
    }

    fn list_state(&self) -> Option<ListState> {
        let has_field = self.screen.field().is_some();
        self.screen.list().map(|list| ListState { has_field, ..list.state() })
    }

    /// A row in the present state: a bare letter is text while a field has the focus, and a key that the list takes
    /// goes to the list.
    fn row(&self, row: &Binding<S::Act, S>) -> KeyRow {
        let mut row = row.row(&self.screen);
        let list = self.list_state();
        if row.enabled.is_ok() && list.is_some_and(|list| takes(list, row.keys)) {
            row.enabled = Err("list.why.filtered");
        }
        self.unless_typing(row)
    }

    fn unless_typing(&self, mut row: KeyRow) -> KeyRow {
        let typing = self.screen.field().is_some();
        if typing && row.keys.iter().all(|key| key.typed().is_some()) && row.enabled.is_ok() {
            row.enabled = Err("frame.why.typing");
        }
        row
    }

    fn hold(&mut self, key: Key) -> Vec<Effect> {
        if self.held.len() < HELD_KEYS {
            self.held.push_back(key);
            return Vec::new();
        }
        vec![Effect::Notice(Tone::Warn, Say::key("frame.held_full").with("max", HELD_KEYS))]
    }
}

impl<S: Screen> AnyScreen for ScreenHost<S> {
    fn origin(&self) -> Origin {
        self.origin
    }

    fn open(&mut self, subject: Option<Subject>, ctx: &Ctx) -> Vec<Effect> {
        self.missed = Topics::NONE;
        self.run(Msg::Opened(subject), ctx)
    }

    fn key(&mut self, key: Key, ctx: &Ctx) -> Taken {
        if self.screen.saving() {
            return Taken::Yes(self.hold(key));
        }
        if let Some(field) = self.screen.field_mut() {
            match field.press(key, ctx.typing) {
                Pressed::Edited => return Taken::Yes(self.edited(ctx)),
                Pressed::Taken => return Taken::Yes(Vec::new()),
                Pressed::Ignored => {}
            }
        }
        let role = ctx.actor.role;
        if let Some(form) = self.screen.form_mut()
            && let Hit::Act(act) = look_up(FORM_KEYS, key, form, role)
        {
            return Taken::Yes(if form.act(act) { self.edited(ctx) } else { Vec::new() });
        }
        let mut why = None;
        let has_field = self.screen.field().is_some();
        if let Some(list) = self.screen.list_mut() {
            let state = ListState { has_field, ..list.state() };
            match look_up(LIST_KEYS, key, &state, role) {
                Hit::Act(act) => {
                    list.act(act, ctx);
                    return Taken::Yes(Vec::new());
                }
                Hit::Not(reason) => why = Some(reason),
                Hit::Forbidden(_) | Hit::Unknown => {}
            }
        }
        match (look_up(S::BINDINGS, key, &self.screen, role), why) {
            (Hit::Unknown, Some(why)) => self.hit(Hit::Not(why), ctx),
            (hit, _) => self.hit(hit, ctx),
        }
    }

    fn paste(&mut self, text: &str, ctx: &Ctx) -> Vec<Effect> {
        if self.screen.saving() {
            return vec![Effect::Notice(Tone::Warn, Say::key("frame.paste_while_saving"))];
        }
        match self.screen.field_mut() {
            Some(field) => {
                field.paste(text);
                self.edited(ctx)
            }
            None => Vec::new(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect> {
        if self.screen.saving() {
            return Vec::new();
        }
        let step = match mouse.pointer {
            Pointer::WheelUp => Some(Step::Up),
            Pointer::WheelDown => Some(Step::Down),
            Pointer::Click => None,
        };
        if let (Some(step), Some(list)) = (step, self.screen.list_mut()) {
            list.act(ListAct::Move(step), ctx);
            return Vec::new();
        }
        self.run(Msg::Mouse(mouse, area), ctx)
    }

    fn act(&mut self, id: &str, ctx: &Ctx) -> Vec<Effect> {
        if self.screen.saving() {
            return vec![Effect::Notice(Tone::Warn, Say::key("frame.why.saving"))];
        }
        if let Some(row) = FORM_KEYS.iter().find(|row| row.id == id) {
            let changed = self.screen.form_mut().is_some_and(|form| form.act(row.act));
            return if changed { self.edited(ctx) } else { Vec::new() };
        }
        if let Some(row) = LIST_KEYS.iter().find(|row| row.id == id) {
            if let Some(list) = self.screen.list_mut() {
                list.act(row.act, ctx);
            }
            return Vec::new();
        }
        let Some(row) = S::BINDINGS.iter().find(|row| row.id == id) else { return Vec::new() };
        let hit = match (row.is_for(ctx.actor.role), row.needs, self.row(row).enabled) {
            (false, Some(act), _) => Hit::Forbidden(act),
            (false, None, _) => Hit::Unknown,
            (true, _, Ok(())) => Hit::Act(row.act),
            (true, _, Err(why)) => Hit::Not(why),
        };
        match self.hit(hit, ctx) {
            Taken::Yes(effects) => effects,
            Taken::No => Vec::new(),
        }
    }

    fn answered(&mut self, id: &'static str, yes: bool, ctx: &Ctx) -> Vec<Effect> {
        self.run(Msg::Answered(id, yes), ctx)
    }

    fn reply(&mut self, reply: Reply, ctx: &Ctx) -> Vec<Effect> {
        let was_saving = self.screen.saving();
        let failed = reply.outcome.is_err();
        let mut effects = self.run(Msg::Replied(reply.ticket, reply.outcome), ctx);
        if was_saving && failed && !self.screen.saving() && !self.held.is_empty() {
            let count = self.drop_held();
            effects.push(Effect::Notice(Tone::Warn, Say::key("frame.held_dropped").with("count", count)));
        }
        effects
    }

    fn next_held(&mut self) -> Option<Key> {
        if self.screen.saving() { None } else { self.held.pop_front() }
    }

    fn drop_held(&mut self) -> usize {
        let count = self.held.len();
        self.held.clear();
        count
    }

    fn tick(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = self.run(Msg::Tick, ctx);
        effects.extend(self.catch_up(ctx));
        effects
    }

    fn changed(&mut self, topics: Topics, ctx: &Ctx) -> Vec<Effect> {
        self.missed = self.missed.with(topics);
        self.catch_up(ctx)
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        self.screen.view(frame, area, ctx);
    }

    fn rows(&self, ctx: &Ctx) -> Vec<KeyRow> {
        let form = self.screen.form().into_iter().flat_map(|form| FORM_KEYS.iter().map(|row| row.row(form)));
        let list = self.list_state();
        let list = list.into_iter().flat_map(|list| LIST_KEYS.iter().map(move |row| row.row(&list)));
        let shared = form.chain(list).map(|row| self.unless_typing(row));
        self.commands(ctx).into_iter().chain(shared).collect()
    }

    fn live(&self, ctx: &Ctx) -> Vec<LiveKey> {
        let role = ctx.actor.role;
        let mut live = live_keys("screen", S::BINDINGS, &self.screen, role);
        if let Some(form) = self.screen.form() {
            live.extend(live_keys("form", FORM_KEYS, form, role));
        }
        if let Some(list) = self.list_state() {
            live.retain(|key| !takes(list, &[key.key]));
            live.extend(live_keys("list", LIST_KEYS, &list, role));
        }
        if let Some(field) = self.screen.field() {
            live.retain(|key| key.key.typed().is_none());
            live.extend(live_keys("field", EDIT_KEYS, field, role));
        }
        live
    }

    fn commands(&self, ctx: &Ctx) -> Vec<KeyRow> {
        S::BINDINGS.iter().filter(|row| row.is_for(ctx.actor.role)).map(|row| self.row(row)).collect()
    }

    fn all_rows(&self) -> Vec<KeyRow> {
        S::BINDINGS.iter().map(|row| row.row(&self.screen)).collect()
    }

    fn field(&self) -> Option<&Field> {
        self.screen.field()
    }

    fn has_form(&self) -> bool {
        self.screen.form().is_some()
    }

    fn standing(&self, ctx: &Ctx) -> Option<(Tone, Say)> {
        self.screen.standing(ctx)
    }

    fn call_open(&self) -> bool {
        self.screen.call_open()
    }

    fn is_at_rest(&self, ctx: &Ctx) -> bool {
        self.live(ctx).iter().all(|live| live.key != Key::plain(KeyCode::Esc))
    }

    fn texts(&self) -> Vec<String> {
        self.screen.texts()
    }

    fn touched_texts(&self) -> Vec<String> {
        let form = self.screen.form().filter(|form| form.is_touched());
        form.map(Form::texts).unwrap_or_default()
    }

    fn typed(&self) -> Option<(About, Typed)> {
        self.screen.typed()
    }

    fn retype(&mut self, about: &About, typed: &Typed, ctx: &Ctx) -> bool {
        self.screen.retype(about, typed, ctx)
    }

    fn held(&self) -> usize {
        self.held.len()
    }
}

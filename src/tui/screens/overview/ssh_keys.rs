//! The window of somebody's SSH keys: the list, one more, one less.
//!
//! Invariant: what is removed is what the question named, whatever the list became meanwhile.

use super::OverviewScreen;
use super::key_field::{self, Fence, KEY, SAID_ROWS};
use super::pages::says;
use super::window::Window;
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::form::Form;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::list::{self, Column, Cursor};
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::shorten;
use crate::usecase::command::{AddStaffKey, RemoveStaffKey};
use crate::usecase::model::staff::{StaffKeyLine, StaffLine};
use crate::usecase::{Command, Query};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

/// Columns of the window.
const WIDTH: u16 = 78;
/// Rows of the list: at least, at most, and at most while a key is being added.
const ROWS: (usize, usize, usize) = (3, 10, 5);
/// Columns of a fingerprint in the list: as much as tells keys of one person apart.
const SHORT_PRINT: usize = 16;

/// What the keys of the window do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAct {
    /// Add a key.
    Add,
    /// Remove the chosen one.
    Remove,
}

/// The window.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyWindow {
    staff: StaffId,
    name: String,
    /// None: not here yet.
    keys: Option<Vec<StaffKeyLine>>,
    cursor: Cursor,
    /// While a key is being added.
    adding: Option<Form>,
}

impl KeyWindow {
    /// The window of a person, before their keys are here.
    pub fn of(line: &StaffLine) -> Self {
        let (staff, name) = (line.id.clone(), line.name.clone());
        Self { staff, name, keys: None, cursor: Cursor::default(), adding: None }
    }

    /// What it shows.
    pub fn query(&self) -> Query {
        Query::StaffKeys { staff: Some(self.staff.clone()) }
    }

    /// Whether the list has the focus.
    pub const fn on_list(&self) -> bool {
        self.adding.is_none()
    }

    /// How many keys there are.
    pub fn count(&self) -> usize {
        self.keys.as_ref().map_or(0, Vec::len)
    }

    /// The cursor of the list.
    pub const fn cursor_mut(&mut self) -> &mut Cursor {
        &mut self.cursor
    }

    /// The key under the cursor.
    pub fn chosen(&self) -> Option<&StaffKeyLine> {
        self.keys.as_ref()?.get(self.cursor.0)
    }

    /// The keys as they are now; the cursor stays on its key.
    pub fn take(&mut self, keys: Vec<StaffKeyLine>) {
        let chosen = self.chosen().map(|key| key.fingerprint.clone());
        self.keys = Some(keys);
        if let Some(chosen) = chosen {
            self.choose(&chosen);
        }
        self.cursor.clamp(self.count());
    }

    /// A key was added: the list has it chosen. Gives the good news.
    pub fn added(&mut self, fingerprint: &str) -> Say {
        self.adding = None;
        self.choose(fingerprint);
        Say::key("over.say.key_added").with("name", &self.name)
    }

    fn choose(&mut self, fingerprint: &str) {
        let at = self.keys.iter().flatten().position(|key| key.fingerprint == fingerprint);
        self.cursor = at.map_or(self.cursor, Cursor);
    }

    /// The form of the key that is being added.
    pub const fn form(&self) -> Option<&Form> {
        self.adding.as_ref()
    }

    /// The same form, to be edited.
    pub const fn form_mut(&mut self) -> Option<&mut Form> {
        self.adding.as_mut()
    }

    /// The command that adds the key; when it is none, or one of the list, the field is marked.
    pub fn command(&mut self) -> Option<Command> {
        let form = self.adding.as_mut()?;
        let key = key_field::read(form)?;
        if self.keys.iter().flatten().any(|line| line.fingerprint == key.fingerprint.as_str()) {
            self.refuse(&Refusal::FieldInvalid { field: KEY, reason: "duplicate" });
            return None;
        }
        Some(Command::AddStaffKey(AddStaffKey { id: self.staff.clone(), key: key.labelled() }))
    }

    /// The door said no.
    pub fn refuse(&mut self, refusal: &Refusal) {
        if let Some(form) = &mut self.adding {
            key_field::refuse(form, refusal);
        }
    }

    /// Whether closing would lose something.
    pub fn is_touched(&self) -> bool {
        self.adding.as_ref().is_some_and(|form| !form.text(KEY).is_empty())
    }

    /// Back to the list, or out of it: then true.
    pub fn close(&mut self) -> bool {
        self.adding.take().is_none()
    }

    /// Draws the window in the middle of `area`.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let lang = ctx.lang;
        let width = WIDTH.min(area.width);
        let help = if self.on_list() { "over.key.help" } else { "over.key.add_help" };
        let said = pane::prose(&word(help, lang), width.saturating_sub(4), ctx.theme.muted());
        let most = if self.on_list() { ROWS.1 } else { ROWS.2 };
        let rows = self.count().clamp(ROWS.0, most) as u16 + 1;
        let below = self.adding.as_ref().map_or(0, |form| form.height() + 1) + SAID_ROWS;
        let height = rows + 1 + below + 1 + said.len() as u16 + 2;
        let title = Say::key("over.key.title").with("name", &self.name).with("login", &self.staff).text(lang);
        let inner = pane::popup(frame, area, ctx, &title, (width, height), Tone::Plain);
        let bottom = inner.bottom();
        let part = |y: u16, height: u16| Rect { y, height: height.min(bottom.saturating_sub(y)), ..inner };
        self.view_list(frame, part(inner.y, rows), ctx);
        let mut y = inner.y + rows + 1;
        let lines = match &self.adding {
            Some(form) => {
                form.view(frame, part(y, form.height()), ctx, true);
                y += form.height() + 1;
                key_field::recognised(form, ctx, inner.width)
            }
            None => self.chosen().map_or_else(Vec::new, |key| detail(key, ctx, inner.width)),
        };
        for (row, line) in (y..).zip(lines) {
            frame.render_widget(line, part(row, 1));
        }
        y += SAID_ROWS + 1;
        for (row, line) in (y..).zip(said) {
            frame.render_widget(line, part(row, 1));
        }
    }

    fn view_list(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let lang = ctx.lang;
        let Some(keys) = &self.keys else { return says(frame, area, ctx, "over.loading") };
        if keys.is_empty() {
            return says(frame, area, ctx, "over.key.empty");
        }
        let columns = [
            Column::left(word("over.key.label", lang), 0),
            Column::left(word("over.key.kind", lang), 8),
            Column::left(word("over.key.fingerprint", lang), SHORT_PRINT as u16),
            Column::left(word("over.key.added_at", lang), 11),
            Column::left(word("over.key.added_by", lang), 12),
        ];
        let rows: Vec<_> = keys.iter().map(|key| cells(key, ctx)).collect();
        list::table(frame, area, ctx, &columns, &rows, self.cursor, self.on_list());
    }
}

fn cells(key: &StaffKeyLine, ctx: &Ctx) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    vec![
        (label(key, ctx), if key.label.is_empty() { theme.muted() } else { theme.strong() }),
        (short_kind(&key.kind).to_owned(), theme.text()),
        (shorten(&key.fingerprint, SHORT_PRINT), theme.text()),
        (key.added_at.dm_hm(), theme.muted()),
        (key.added_by_name.clone(), theme.muted()),
    ]
}

/// The chosen key in full: its fingerprint as `ssh-keygen -l` prints it, and who added it when.
fn detail(key: &StaffKeyLine, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let said = Say::key("over.key.detail")
        .with("kind", &key.kind)
        .with("at", key.added_at.dmy_hm())
        .with("name", &key.added_by_name);
    let width = usize::from(width);
    vec![
        Line::styled(shorten(&key.fingerprint, width), ctx.theme.strong()),
        Line::styled(shorten(&said.text(ctx.lang), width), ctx.theme.muted()),
    ]
}

/// What the key is called: its label, or that it has none.
fn label(key: &StaffKeyLine, ctx: &Ctx) -> String {
    if key.label.is_empty() { word("over.key.no_label", ctx.lang) } else { key.label.clone() }
}

/// `ed25519`, `nistp256`.
fn short_kind(kind: &str) -> &str {
    kind.rsplit('-').next().unwrap_or(kind)
}

impl OverviewScreen {
    /// The window of somebody's keys while its list has the focus.
    pub(super) fn key_list(&self) -> Option<&KeyWindow> {
        match &self.window {
            Some(Window::Keys(keys)) if keys.on_list() => Some(keys),
            Some(Window::Keys(_) | Window::Form(_)) | None => None,
        }
    }

    /// Does what a key of the window does.
    pub(super) fn key_act(&mut self, act: KeyAct) -> Vec<Effect> {
        let Some(Window::Keys(keys)) = &mut self.window else { return Vec::new() };
        match act {
            KeyAct::Add => {
                self.fence = Fence::DOWN;
                keys.adding =
                    Some(Form::new().field(KEY, "over.key.new", key_field::field("over.key.placeholder")));
                Vec::new()
            }
            KeyAct::Remove => {
                let Some(key) = keys.chosen() else { return Vec::new() };
                let text = Say::key("over.ask.remove_key")
                    .with("label", if key.label.is_empty() { &key.fingerprint } else { &key.label })
                    .with("name", &keys.name);
                let command = Command::RemoveStaffKey(RemoveStaffKey {
                    id: keys.staff.clone(),
                    fingerprint: key.fingerprint.clone(),
                });
                self.confirm(command, text, "over.ask.remove_key_detail", Tone::Danger)
            }
        }
    }
}

//! The page of staff: who works here, what supervisors may change about them, and the list itself.

use super::OverviewScreen;
use super::pages::says;
use super::popup::Popup;
use super::ssh_keys::KeyWindow;
use super::window::Window;
use crate::domain::id::StaffId;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::list::{self, Column, Cursor};
use crate::tui::widgets::pane;
use crate::usecase::Command;
use crate::usecase::command::StaffRef;
use crate::usecase::model::staff::StaffLine;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Narrower tables give login names less room.
const WIDE: u16 = 100;

/// What the keys of the page do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffAct {
    /// Add a staff member.
    Add,
    /// Change the chosen one.
    Edit,
    /// Disable the chosen one.
    Disable,
    /// Open the window of the chosen one's keys.
    Keys,
    /// Take the chosen one's PIN away.
    ClearPin,
}

impl OverviewScreen {
    /// The person under the cursor.
    pub(super) fn chosen_staff(&self) -> Option<&StaffLine> {
        self.staff.as_ref()?.get(self.cursor.0)
    }

    /// The list as it is now; the cursor stays on its person.
    pub(super) fn take_staff(&mut self, staff: Vec<StaffLine>) {
        let chosen = self.chosen_staff().map(|line| line.id.clone());
        self.staff = Some(staff);
        if let Some(chosen) = chosen {
            self.choose_staff(&chosen);
        }
    }

    /// Puts the cursor on a person.
    fn choose_staff(&mut self, id: &StaffId) {
        let at = self.staff.iter().flatten().position(|line| line.id == *id);
        self.cursor = at.map_or(self.cursor, Cursor);
    }

    /// Does what a key of the page does.
    pub(super) fn staff_act(&mut self, act: StaffAct, ctx: &Ctx) -> Vec<Effect> {
        if act == StaffAct::Add {
            return self.open(Window::Form(Popup::staff(ctx.actor.role, None)));
        }
        let Some(line) = self.chosen_staff().cloned() else { return Vec::new() };
        let who = StaffRef { id: line.id.clone() };
        let question = |key| Say::key(key).with("name", &line.name);
        match act {
            StaffAct::Add => Vec::new(),
            StaffAct::Edit => self.open(Window::Form(Popup::staff(ctx.actor.role, Some(&line)))),
            StaffAct::Keys => self.open(Window::Keys(KeyWindow::of(&line))),
            StaffAct::Disable => self.confirm(
                Command::DisableStaff(who),
                question("over.ask.disable"),
                "over.ask.disable_detail",
                Tone::Danger,
            ),
            StaffAct::ClearPin => self.confirm(
                Command::ClearPin(who),
                question("over.ask.clear_pin"),
                "over.ask.clear_pin_detail",
                Tone::Warn,
            ),
        }
    }

    /// Somebody was recorded: the cursor goes there, and somebody new who has no key yet gets one next.
    pub(super) fn staff_added(&mut self, id: &StaffId, new: bool) -> Say {
        self.choose_staff(id);
        let bare = new && self.chosen_staff().is_some_and(|line| line.id == *id && line.keys == 0);
        Say::key(if bare { "over.say.staff_no_key" } else { "over.say.staff" }).with("staff", id)
    }
}

/// Staff of the asker's organisation.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, staff: Option<&[StaffLine]>, cursor: Cursor) {
    let lang = ctx.lang;
    let inner = pane::open(frame, area, ctx, &word("over.page.staff", lang), true);
    let Some(staff) = staff else { return says(frame, inner, ctx, "over.loading") };
    if staff.is_empty() {
        return says(frame, inner, ctx, "over.staff.empty");
    }
    let wide = area.width >= WIDE;
    let columns = [
        Column::left(word("over.staff.id", lang), if wide { 18 } else { 11 }),
        Column::left(word("over.staff.name", lang), 0),
        Column::left(word("over.staff.role", lang), 16),
        Column::left(word("over.staff.access", lang), 14),
        Column::left(word("over.staff.state", lang), 17),
    ];
    let rows: Vec<_> = staff.iter().map(|line| cells(line, ctx)).collect();
    list::table(frame, inner, ctx, &columns, &rows, cursor, true);
}

fn cells(line: &StaffLine, ctx: &Ctx) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let (mark, key, tone) =
        if line.active { ("✓", "state.active", Tone::Ok) } else { ("✗", "state.disabled", Tone::Muted) };
    let name = if line.active { theme.strong() } else { theme.muted() };
    vec![
        (line.id.to_string(), theme.text()),
        (line.name.clone(), name),
        (line.role.label(ctx.lang), theme.text()),
        (access(line, ctx), if line.keys > 0 { theme.text() } else { theme.muted() }),
        (format!("{mark} {}", word(key, ctx.lang)), theme.tone(tone)),
    ]
}

/// What somebody comes in by: `2 khóa · PIN`.
fn access(line: &StaffLine, ctx: &Ctx) -> String {
    let keys = match line.keys {
        0 if !line.has_pin => word("over.staff.no_key", ctx.lang),
        1 => word("over.staff.one_key", ctx.lang),
        count => Say::key("over.staff.keys").with("count", count).text(ctx.lang),
    };
    if line.has_pin { format!("{keys} · PIN") } else { keys }
}

//! The page of staff: who works here, what supervisors may change about them, and the list itself.

use super::pages::says;
use super::popup::Popup;
use super::{OverviewScreen, ask};
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

/// The id of the question before a staff member is disabled.
pub const DISABLE: &str = "over.disable";

/// What the keys of the page do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffAct {
    /// Add a staff member.
    Add,
    /// Change the chosen one.
    Edit,
    /// Disable the chosen one.
    Disable,
}

impl OverviewScreen {
    /// The person under the cursor.
    pub(super) fn chosen_staff(&self) -> Option<&StaffLine> {
        self.staff.as_ref()?.get(self.cursor.0)
    }

    /// Does what a key of the page does.
    pub(super) fn staff_act(&mut self, act: StaffAct, ctx: &Ctx) -> Vec<Effect> {
        match act {
            StaffAct::Add => self.popup = Some(Popup::staff(ctx.actor.role, None)),
            StaffAct::Edit => self.popup = Some(Popup::staff(ctx.actor.role, self.chosen_staff())),
            StaffAct::Disable => {
                let Some(name) = self.chosen_staff().map(|line| line.name.clone()) else { return Vec::new() };
                let text = Say::key("over.ask.disable").with("name", name);
                let detail = Some(Say::key("over.ask.disable_detail"));
                return vec![ask(DISABLE, text, detail, Tone::Danger)];
            }
        }
        Vec::new()
    }

    /// The question before somebody is disabled was answered with yes.
    pub(super) fn disable_staff(&mut self) -> Vec<Effect> {
        match self.chosen_staff().map(|line| line.id.clone()) {
            Some(id) => self.save(Command::DisableStaff(StaffRef { id })),
            None => Vec::new(),
        }
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
    let columns = [
        Column::left(word("over.staff.id", lang), 16),
        Column::left(word("over.staff.name", lang), 0),
        Column::left(word("over.staff.role", lang), 18),
        Column::left(word("over.staff.state", lang), 18),
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
        (format!("{mark} {}", word(key, ctx.lang)), theme.tone(tone)),
    ]
}

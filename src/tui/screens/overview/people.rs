//! The tables of people: agents of today, staff, and who did what.

use super::figures::{hours, percent};
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::grouped;
use crate::tui::widgets::list::{self, Column, Cursor};
use crate::tui::widgets::pane;
use crate::usecase::model::count::AgentLine;
use crate::usecase::model::staff::{AuditLine, StaffLine};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

/// Narrower tables drop the columns of lesser weight.
const WIDE: u16 = 100;

fn says(frame: &mut Frame, area: Rect, ctx: &Ctx, key: &str) {
    frame.render_widget(Span::styled(word(key, ctx.lang), ctx.theme.muted()), area);
}

/// The agents of today.
pub fn view_agents(frame: &mut Frame, area: Rect, ctx: &Ctx, agents: &[AgentLine], cursor: Cursor) {
    let (lang, wide) = (ctx.lang, area.width >= WIDE);
    let title = Say::key("over.agents.title").with("count", agents.len()).text(lang);
    let inner = pane::open(frame, area, ctx, &title, true);
    if agents.is_empty() {
        return says(frame, inner, ctx, "over.agents.empty");
    }
    let right = |key: &str, width| Column::right(word(key, lang), width);
    let mut columns = vec![
        Column::left(word("over.agents.name", lang), 0),
        Column::left(word("over.agents.state", lang), 12),
        right("over.agents.calls", 7),
        right("over.agents.contact_rate", 8),
        right("over.agents.registered", 8),
        right("over.agents.conversion", 8),
        right("over.agents.talk", 7),
    ];
    if wide {
        columns.insert(3, right("over.agents.reached", 8));
        columns.push(right("over.agents.wrap_up", 8));
    }
    columns.push(right("over.agents.pause", 7));
    let rows: Vec<_> = agents.iter().map(|line| agent_cells(line, ctx, wide)).collect();
    list::table(frame, inner, ctx, &columns, &rows, cursor, true);
}

fn agent_cells(line: &AgentLine, ctx: &Ctx, wide: bool) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let tone = match line.state.as_str() {
        "on_call" => Tone::Ok,
        "paused" => Tone::Warn,
        "ready" => Tone::Plain,
        _ => Tone::Muted,
    };
    let text = |text: String| (text, theme.text());
    let mut cells = vec![
        (line.name.clone(), theme.strong()),
        (format!("● {}", word(&format!("state.{}", line.state), ctx.lang)), theme.tone(tone)),
        text(grouped(line.calls)),
        text(percent(line.contact_rate)),
        (grouped(line.registered), theme.strong()),
        text(percent(line.conversion)),
        text(hours(line.talk_seconds)),
    ];
    if wide {
        cells.insert(3, text(grouped(line.reached)));
        cells.push(text(hours(line.wrap_up_seconds)));
    }
    cells.push(text(hours(line.pause_seconds)));
    cells
}

/// Staff of the asker's organisation.
pub fn view_staff(frame: &mut Frame, area: Rect, ctx: &Ctx, staff: Option<&[StaffLine]>, cursor: Cursor) {
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
    let rows: Vec<_> = staff.iter().map(|line| staff_cells(line, ctx)).collect();
    list::table(frame, inner, ctx, &columns, &rows, cursor, true);
}

fn staff_cells(line: &StaffLine, ctx: &Ctx) -> Vec<(String, Style)> {
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

/// Who did what, newest first.
pub fn view_audit(frame: &mut Frame, area: Rect, ctx: &Ctx, rows: Option<&[AuditLine]>, cursor: Cursor) {
    let (lang, wide) = (ctx.lang, area.width >= WIDE);
    let inner = pane::open(frame, area, ctx, &word("over.page.audit", lang), true);
    let Some(rows) = rows else { return says(frame, inner, ctx, "over.loading") };
    if rows.is_empty() {
        return says(frame, inner, ctx, "over.audit.empty");
    }
    let mut columns = vec![
        Column::left(word("over.audit.at", lang), 12),
        Column::left(word("over.audit.staff", lang), 10),
        Column::left(word("over.audit.action", lang), 20),
        Column::left(word("over.audit.subject", lang), 16),
        Column::left(word("over.audit.detail", lang), 0),
    ];
    if wide {
        columns.push(Column::left(word("over.audit.os_user", lang), 10));
        columns.push(Column::right(word("over.audit.seq", lang), 9));
    }
    let cells: Vec<_> = rows.iter().map(|line| audit_cells(line, ctx, wide)).collect();
    list::table(frame, inner, ctx, &columns, &cells, cursor, true);
}

fn audit_cells(line: &AuditLine, ctx: &Ctx, wide: bool) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let mut cells = vec![
        (line.at.dm_hm(), theme.muted()),
        (line.staff.clone(), theme.strong()),
        (line.action.clone(), theme.text()),
        (line.subject.clone(), theme.text()),
        (line.detail.clone(), theme.muted()),
    ];
    if wide {
        cells.push((line.os_user.clone(), theme.muted()));
        cells.push((format!("{}·{}", line.writer, line.seq), theme.muted()));
    }
    cells
}

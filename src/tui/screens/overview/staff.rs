//! The page of staff of the supervisor's organisation: name, role and means of signing in.

use crate::domain::id::StaffId;
use crate::domain::name::by_given_name;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Width};
use crate::usecase::model::staff::StaffLine;

impl Keyed for StaffLine {
    type Key = StaffId;

    fn key(&self) -> StaffId {
        self.id.clone()
    }
}

/// The texts in place of rows.
pub const BLANK: Blank = Blank { loading: "over.loading", empty: "over.staff.empty" };

/// Its columns.
pub const COLUMNS: &[Column<StaffLine>] = &[
    Column::left("over.staff.id", Width::WideNarrow(18, 11), |line: &StaffLine, ctx| {
        (line.id.to_string(), ctx.theme.text())
    })
    .by(|a, b| a.id.0.cmp(&b.id.0)),
    Column::left("over.staff.name", Width::Rest, |line: &StaffLine, ctx| {
        (line.name.clone(), if line.active { ctx.theme.strong() } else { ctx.theme.muted() })
    })
    .by(|a, b| by_given_name(&a.name, &b.name)),
    Column::left("over.staff.role", Width::Fixed(16), |line: &StaffLine, ctx| {
        (line.role.label(ctx.lang), ctx.theme.text())
    })
    .by(|a, b| a.role.code().cmp(b.role.code())),
    Column::left("over.staff.access", Width::Fixed(14), |line: &StaffLine, ctx| {
        (access(line, ctx), if line.keys > 0 { ctx.theme.text() } else { ctx.theme.muted() })
    }),
    Column::left("over.staff.state", Width::Fixed(17), |line: &StaffLine, ctx| {
        let (mark, key, tone) = if line.active {
            ("✓", "state.active", Tone::Ok)
        } else {
            ("✗", "state.disabled", Tone::Muted)
        };
        (format!("{mark} {}", word(key, ctx.lang)), ctx.theme.tone(tone))
    })
    .by(|a, b| b.active.cmp(&a.active)),
];

/// The means by which a staff member signs in: `2 khóa · PIN`.
fn access(line: &StaffLine, ctx: &Ctx) -> String {
    let keys = match line.keys {
        0 if !line.has_pin => word("over.staff.no_key", ctx.lang),
        1 => word("over.staff.one_key", ctx.lang),
        count => Say::key("over.staff.keys").with("count", count).text(ctx.lang),
    };
    if line.has_pin { format!("{keys} · PIN") } else { keys }
}

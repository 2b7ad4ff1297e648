//! The window of a staff member's SSH keys: the list, with the chosen key in full below it.

use crate::domain::id::StaffId;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Rows, Width};
use crate::tui::widgets::wrap::shorten;
use crate::usecase::Query;
use crate::usecase::model::staff::{StaffKeyLine, StaffLine};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// Columns of the window.
const WIDTH: u16 = 78;
/// Rows of the list: at least and at most.
const ROWS: (usize, usize) = (3, 10);
/// Rows of [`detail`].
const DETAIL_ROWS: u16 = 2;
/// Columns of a fingerprint in the list: enough to distinguish the keys of one person.
const SHORT_PRINT: usize = 16;

impl Keyed for StaffKeyLine {
    type Key = String;

    fn key(&self) -> String {
        self.fingerprint.clone()
    }
}

const BLANK: Blank = Blank { loading: "over.loading", empty: "over.key.empty" };

const COLUMNS: &[Column<StaffKeyLine>] = &[
    Column::left("over.key.label", Width::Rest, |key: &StaffKeyLine, ctx| {
        (label(key, ctx), if key.label.is_empty() { ctx.theme.muted() } else { ctx.theme.strong() })
    })
    .by(|a, b| a.label.cmp(&b.label)),
    Column::left("over.key.kind", Width::Fixed(8), |key: &StaffKeyLine, ctx| {
        (short_kind(&key.kind).to_owned(), ctx.theme.text())
    }),
    Column::left("over.key.fingerprint", Width::Fixed(SHORT_PRINT as u16), |key: &StaffKeyLine, ctx| {
        (shorten(&key.fingerprint, SHORT_PRINT), ctx.theme.text())
    }),
    Column::left("over.key.added_at", Width::Fixed(11), |key: &StaffKeyLine, ctx| {
        (key.added_at.dm_hm(), ctx.theme.muted())
    })
    .by(|a, b| a.added_at.cmp(&b.added_at)),
    Column::left("over.key.added_by", Width::Fixed(12), |key: &StaffKeyLine, ctx| {
        (key.added_by_name.clone(), ctx.theme.muted())
    }),
];

/// The window.
#[derive(Clone, PartialEq)]
pub struct KeyWindow {
    /// The staff member.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// The keys.
    pub keys: Rows<StaffKeyLine>,
}

impl KeyWindow {
    /// The window of a person, before their keys are read.
    pub fn of(line: &StaffLine) -> Self {
        Self { staff: line.id.clone(), name: line.name.clone(), keys: Rows::new(COLUMNS) }
    }

    /// The query that it shows.
    pub fn query(&self) -> Query {
        Query::StaffKeys { staff: Some(self.staff.clone()) }
    }

    /// Whether the person has this key already.
    pub fn has(&self, fingerprint: &str) -> bool {
        self.keys.items().iter().any(|key| key.fingerprint == fingerprint)
    }

    /// The chosen key and its name: the label, or the fingerprint.
    pub fn chosen(&self) -> Option<(&StaffKeyLine, &str)> {
        let key = self.keys.chosen()?;
        Some((key, if key.label.is_empty() { &key.fingerprint } else { &key.label }))
    }

    /// Draws the window in the middle of `area`.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let lang = ctx.lang;
        let width = WIDTH.min(area.width);
        let help = pane::prose(&word("over.key.help", lang), width.saturating_sub(4), ctx.theme.muted());
        let filter = u16::from(self.keys.is_filtered());
        let rows = self.keys.len().clamp(ROWS.0, ROWS.1) as u16 + 1 + filter;
        let height = rows + 1 + DETAIL_ROWS + 1 + help.len() as u16 + 2;
        let title = Say::key("over.key.title").with("name", &self.name).with("login", &self.staff).text(lang);
        let inner = pane::popup(frame, area, ctx, &title, (width, height), Tone::Plain);
        self.keys.view(frame, Rect { height: rows.min(inner.height), ..inner }, ctx, true, BLANK);
        let chosen = self.keys.chosen().map_or_else(Vec::new, |key| detail(key, ctx, inner.width));
        let below = inner.y + rows + 1;
        let lines = (below..).zip(chosen).chain((below + DETAIL_ROWS + 1..).zip(help));
        for (y, line) in lines.filter(|(y, _)| *y < inner.bottom()) {
            frame.render_widget(line, Rect { y, height: 1, ..inner });
        }
    }
}

/// The chosen key in full: its fingerprint as `ssh-keygen -l` prints it, and who added it when.
fn detail(key: &StaffKeyLine, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let added = Say::key("over.key.detail")
        .with("kind", &key.kind)
        .with("at", key.added_at.dmy_hm())
        .with("name", &key.added_by_name);
    let width = usize::from(width);
    vec![
        Line::styled(shorten(&key.fingerprint, width), ctx.theme.strong()),
        Line::styled(shorten(&added.text(ctx.lang), width), ctx.theme.muted()),
    ]
}

/// The name of a key in the list: its label, or that it has none.
fn label(key: &StaffKeyLine, ctx: &Ctx) -> String {
    if key.label.is_empty() { word("over.key.no_label", ctx.lang) } else { key.label.clone() }
}

/// `ed25519`, `nistp256`.
fn short_kind(kind: &str) -> &str {
    kind.rsplit('-').next().unwrap_or(kind)
}

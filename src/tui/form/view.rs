//! Draws a form: labels in one column, controls in the next, an error under its item.

use super::{Control, Form, Item};
use crate::tui::ctx::Ctx;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::caret;
use crate::tui::widgets::wrap::{fit, shorten};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Rows of a tall field while it is part of a form.
const TALL_ROWS: u16 = 3;

impl Item {
    /// Rows that the item takes.
    fn height(&self) -> u16 {
        let rows = match &self.control {
            Control::Field(field) if field.is_tall() => TALL_ROWS,
            Control::Field(_) | Control::Tick(_) | Control::Choice { .. } => 1,
        };
        rows + u16::from(self.error.is_some())
    }
}

impl Form {
    /// Rows that the whole form takes.
    pub fn height(&self) -> u16 {
        self.items.iter().map(Item::height).sum()
    }

    /// Draws the form; the part around the focus when it is higher than `area`.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, focused: bool) {
        let labels = self.label_columns(ctx, area.width);
        let marks = u16::from(self.height() > area.height);
        for (at, y, rows) in self.placed(area) {
            let Some(item) = self.items.get(at) else { continue };
            let rows = rows.min(area.bottom().saturating_sub(y));
            let row = Rect { y, height: rows, width: area.width.saturating_sub(marks), ..area };
            item.view(frame, row, ctx, focused && at == self.at, labels);
        }
        self.view_marks(frame, area, ctx);
    }

    /// Marks at the right edge that there are items above or below.
    fn view_marks(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        let skip = self.skipped(area.height);
        let edge = Rect { x: area.right() - 1, width: 1, height: 1, ..area };
        if skip > 0 {
            frame.render_widget(Span::styled("↑", ctx.theme.muted()), edge);
        }
        if self.height() - skip > area.height {
            let last = Rect { y: area.bottom() - 1, ..edge };
            frame.render_widget(Span::styled("↓", ctx.theme.muted()), last);
        }
    }

    /// Rows above `area` when the form is higher than it and scrolled to the focus.
    fn skipped(&self, height: u16) -> u16 {
        let end_of_focus: u16 = self.items.iter().take(self.at + 1).map(Item::height).sum();
        end_of_focus.saturating_sub(height)
    }

    /// Items that are on screen: place, first row, rows.
    fn placed(&self, area: Rect) -> Vec<(usize, u16, u16)> {
        let skip = self.skipped(area.height);
        let (mut placed, mut y) = (Vec::new(), 0);
        for (at, item) in self.items.iter().enumerate() {
            let rows = item.height();
            if y >= skip && y - skip < area.height {
                placed.push((at, area.y + y - skip, rows));
            }
            y += rows;
        }
        placed
    }

    fn label_columns(&self, ctx: &Ctx, width: u16) -> u16 {
        let widest = self
            .items
            .iter()
            .filter(|item| !matches!(item.control, Control::Tick(_)))
            .map(|item| item.label.text(ctx.lang).width() as u16)
            .max()
            .unwrap_or(0);
        widest.min(width * 2 / 5) + 2
    }
}

/// All options in one line; where they do not fit, the chosen one with its position.
fn choice_spans(
    options: &[Say],
    at: Option<usize>,
    focused: bool,
    width: u16,
    ctx: &Ctx,
) -> Vec<Span<'static>> {
    let theme = ctx.theme;
    let texts: Vec<String> = options.iter().map(|option| option.text(ctx.lang)).collect();
    let needed: usize = texts.iter().map(|text| text.width() + 6).sum::<usize>().saturating_sub(2);
    if needed > usize::from(width) {
        let chosen = at.and_then(|at| texts.get(at));
        let style = match (chosen, focused) {
            (Some(_), true) => theme.selected(),
            (Some(_), false) => theme.strong(),
            (None, _) => theme.muted(),
        };
        let text = chosen.map_or_else(|| "…".to_owned(), |text| format!("(•) {text}"));
        let place = format!("  {}/{}", at.map_or(0, |at| at + 1), texts.len());
        let arrow = if focused { theme.key() } else { theme.muted() };
        return vec![
            Span::styled("◂ ", arrow),
            Span::styled(text, style),
            Span::styled(" ▸", arrow),
            Span::styled(place, theme.muted()),
        ];
    }
    let mut spans = Vec::new();
    for (i, text) in texts.into_iter().enumerate() {
        let chosen = at == Some(i);
        let style = match (chosen, focused) {
            (true, true) => theme.selected(),
            (true, false) => theme.strong(),
            (false, _) => theme.muted(),
        };
        let mark = if chosen { "(•) " } else { "( ) " };
        spans.push(Span::styled(format!("{mark}{text}"), style));
        spans.push(Span::raw("  "));
    }
    spans
}

impl Item {
    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, focused: bool, labels: u16) {
        let theme = ctx.theme;
        let label = self.label.text(ctx.lang);
        let label_style = if focused { theme.accent() } else { theme.muted() };
        let line = Rect { height: area.height.min(1), ..area };
        let body_x = labels.min(area.width);
        let body = Rect { x: area.x + body_x, width: area.width - body_x, ..area };
        match &self.control {
            Control::Field(field) => {
                frame.render_widget(Span::styled(fit(&label, usize::from(labels) - 1), label_style), line);
                let rows =
                    area.height.saturating_sub(u16::from(self.error.is_some())).max(1).min(body.height);
                field.view(frame, Rect { height: rows, ..body }, ctx, focused);
            }
            Control::Tick(on) => {
                let (mark, style) =
                    if *on { ("☑ ", theme.tone(Tone::Ok)) } else { ("☐ ", theme.muted()) };
                let text_style = if focused { theme.selected() } else { theme.text() };
                let room = usize::from(area.width.saturating_sub(3));
                let lead = if focused { Span::styled("▌", theme.focus()) } else { Span::raw(" ") };
                let spans =
                    vec![lead, Span::styled(mark, style), Span::styled(shorten(&label, room), text_style)];
                frame.render_widget(Line::from(spans), line);
                if focused {
                    caret::stand(frame, ctx, line, (1, 0));
                }
            }
            Control::Choice { options, at } => {
                frame.render_widget(Span::styled(fit(&label, usize::from(labels) - 1), label_style), line);
                let spans = choice_spans(options, *at, focused, body.width, ctx);
                // Two spans an option; where they do not all fit, the chosen one stands alone.
                let all = spans.len() == options.len() * 2;
                let before = at.filter(|_| all).map_or(0, |at| at * 2);
                let column: usize = spans.iter().take(before).map(Span::width).sum();
                let row = Rect { height: body.height.min(1), ..body };
                frame.render_widget(Line::from(spans), row);
                if focused {
                    caret::stand(frame, ctx, row, (column as u16, 0));
                }
            }
        }
        self.view_error(frame, area, body, ctx);
    }

    fn view_error(&self, frame: &mut Frame, area: Rect, body: Rect, ctx: &Ctx) {
        let Some(error) = &self.error else { return };
        if area.height < 2 {
            return;
        }
        let below = Rect { y: area.bottom() - 1, height: 1, ..body };
        let text = format!("✗ {}", error.text(ctx.lang));
        let text = shorten(&text, usize::from(below.width));
        frame.render_widget(Span::styled(text, ctx.theme.tone(Tone::Danger)), below);
    }
}

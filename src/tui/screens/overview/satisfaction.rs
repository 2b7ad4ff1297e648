//! The page of satisfaction: CSAT, NPS and CES with their numbers of answers, the response rate, and CSAT by
//! department.

use super::figures::{decimal, interval, percent};
use crate::domain::survey::signed;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::filled;
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::fit;
use crate::usecase::model::count::{Satisfaction, Score, Share};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Columns of the labels.
const LABELS: usize = 18;
/// Columns of an interval.
const BOUNDS: usize = 10;
/// Narrower panes draw no bars.
const BARS_FROM: u16 = 60;

/// Draws the pane.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, figures: &Satisfaction, focused: bool) {
    let inner = pane::open(frame, area, ctx, &word("over.page.satisfaction", ctx.lang), focused);
    let small = ctx.campaign.limits_on(ctx.now.date()).small_sample;
    let bars = if inner.width >= BARS_FROM { usize::from(inner.width) - 50 } else { 0 };
    let mut lines = vec![
        share("CSAT", &figures.csat, small, bars, ctx),
        score("NPS", &figures.nps, &signed, small, ctx),
        score("CES", &figures.ces, &|value| decimal(value, ctx.lang), small, ctx),
        Line::from(vec![
            Span::styled(fit(&word("over.satisfaction.response", ctx.lang), LABELS), ctx.theme.text()),
            Span::styled(format!("{:>5}", percent(figures.response_rate)), ctx.theme.strong()),
        ]),
    ];
    if focused {
        lines.push(Line::default());
        lines.push(Line::styled(word("over.satisfaction.explained", ctx.lang), ctx.theme.muted()));
    }
    lines.push(Line::default());
    lines.push(Line::styled(word("over.satisfaction.by_department", ctx.lang), ctx.theme.muted()));
    if figures.by_department.is_empty() {
        lines.push(Line::styled(word("over.satisfaction.none", ctx.lang), ctx.theme.muted()));
    }
    lines.extend(
        figures
            .by_department
            .iter()
            .map(|(department, value)| share(&department.label(ctx.lang), value, small, bars, ctx)),
    );
    frame.render_widget(Paragraph::new(lines), inner);
}

/// A share with its interval; without a bar and with a remark when there are too few answers.
fn share(label: &str, share: &Share, small: i64, bars: usize, ctx: &Ctx) -> Line<'static> {
    let theme = ctx.theme;
    let mut spans = vec![
        Span::styled(fit(label, LABELS), theme.text()),
        Span::styled(format!("{:>5} ", percent(share.value)), theme.strong()),
        Span::styled(format!("{:<BOUNDS$}", interval(share)), theme.muted()),
        Span::styled(format!("n={} ", share.n), theme.muted()),
    ];
    if share.n < small {
        spans.push(pane::marked(theme, Tone::Warn, &word("over.satisfaction.small", ctx.lang)));
    } else if bars > 0 {
        let value = share.value.unwrap_or_default() * 1000.0;
        spans.push(Span::styled(filled(value as i64, 1000, bars), theme.bar()));
    }
    Line::from(spans)
}

/// A score with its interval, in its own unit.
fn score(label: &str, score: &Score, text: &dyn Fn(f64) -> String, small: i64, ctx: &Ctx) -> Line<'static> {
    let theme = ctx.theme;
    let bounds = match (score.low, score.high) {
        (Some(low), Some(high)) => format!("[{}–{}]", text(low), text(high)),
        (Some(_) | None, _) => String::new(),
    };
    let mut spans = vec![
        Span::styled(fit(label, LABELS), theme.text()),
        Span::styled(format!("{:>5} ", score.value.map_or_else(|| "–".to_owned(), text)), theme.strong()),
        Span::styled(format!("{bounds:<BOUNDS$}"), theme.muted()),
        Span::styled(format!("n={} ", score.n), theme.muted()),
    ];
    if score.n < small {
        spans.push(pane::marked(theme, Tone::Warn, &word("over.satisfaction.small", ctx.lang)));
    }
    Line::from(spans)
}

/// CSAT in one short text, for small boards.
pub fn in_short(figures: &Satisfaction, ctx: &Ctx) -> String {
    Say::key("over.satisfaction.short")
        .with("csat", percent(figures.csat.value))
        .with("n", figures.csat.n)
        .text(ctx.lang)
}

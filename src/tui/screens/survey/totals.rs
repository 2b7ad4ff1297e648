//! Draws the measures: each with its count, its interval, and a remark when the count is too small.

use crate::domain::lang::Lang;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::filled;
use crate::tui::widgets::wrap::fit;
use crate::usecase::model::count::{Satisfaction, Score, Share};
use ratatui::text::{Line, Span};

/// Columns of the labels.
const LABEL: usize = 16;
/// Columns of the values.
const VALUE: usize = 7;
/// Columns of the bars, where there is room for them.
const BAR: usize = 12;
/// From this width on a share has a bar.
const WITH_BAR: u16 = 66;

/// All measures, for a pane of `width` columns.
pub(super) fn lines(totals: &Satisfaction, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let small = ctx.campaign.limits_on(ctx.now.date()).small_sample;
    let with_bar = width >= WITH_BAR;
    let mut out = vec![
        share_line(&word("survey.csat", lang), &totals.csat, small, with_bar, ctx),
        score_line(&word("survey.nps", lang), totals.nps, signed, small, with_bar, ctx),
        score_line(&word("survey.ces", lang), totals.ces, tenths, small, with_bar, ctx),
        rate_line(&word("survey.response_rate", lang), totals.response_rate, with_bar, ctx),
    ];
    if !totals.by_department.is_empty() {
        out.push(Line::default());
        out.push(Line::styled(word("survey.by_department", lang), theme.title()));
        for (department, share) in &totals.by_department {
            out.push(share_line(&department.label(lang), share, small, with_bar, ctx));
        }
    }
    out
}

fn percent(value: f64) -> String {
    format!("{:.0}", value * 100.0)
}

/// `+47`, `−3`.
fn signed(value: f64, _: Lang) -> String {
    crate::domain::survey::signed(value)
}

/// `5,6`, in English `5.6`.
fn tenths(value: f64, lang: Lang) -> String {
    let text = format!("{value:.1}");
    match lang {
        Lang::Vi => text.replace('.', ","),
        Lang::En => text,
    }
}

fn share_line(label: &str, share: &Share, small: i64, with_bar: bool, ctx: &Ctx) -> Line<'static> {
    let value = share.value.map(|value| format!("{} %", percent(value)));
    let mut spans = start(label, value, ctx);
    if with_bar {
        spans.push(bar(share.value, ctx));
    }
    // Where there is no room for both, the remark about a small count says more than its wide interval.
    if with_bar || share.n >= small {
        spans.extend(interval(share.low, share.high, percent, ctx));
    }
    spans.extend(count(share.n, small, ctx));
    Line::from(spans)
}

/// A share without its base, which its label names.
fn rate_line(label: &str, rate: Option<f64>, with_bar: bool, ctx: &Ctx) -> Line<'static> {
    let mut spans = start(label, rate.map(|rate| format!("{} %", percent(rate))), ctx);
    if with_bar {
        spans.push(bar(rate, ctx));
    }
    Line::from(spans)
}

fn bar(share: Option<f64>, ctx: &Ctx) -> Span<'static> {
    let bar = filled((share.unwrap_or(0.0) * 1000.0) as i64, 1000, BAR);
    Span::styled(format!("{} ", fit(&bar, BAR)), ctx.theme.bar())
}

fn score_line(
    label: &str,
    score: Score,
    write: fn(f64, Lang) -> String,
    small: i64,
    with_bar: bool,
    ctx: &Ctx,
) -> Line<'static> {
    let mut spans = start(label, score.value.map(|value| write(value, ctx.lang)), ctx);
    if with_bar {
        spans.push(Span::raw(" ".repeat(BAR + 1)));
    }
    if with_bar || score.n >= small {
        spans.extend(interval(score.low, score.high, |value| write(value, ctx.lang), ctx));
    }
    spans.extend(count(score.n, small, ctx));
    Line::from(spans)
}

fn interval(
    low: Option<f64>,
    high: Option<f64>,
    write: impl Fn(f64) -> String,
    ctx: &Ctx,
) -> Option<Span<'static>> {
    let text = format!("[{}–{}]", write(low?), write(high?));
    Some(Span::styled(format!("{text:<10} "), ctx.theme.text()))
}

fn start(label: &str, value: Option<String>, ctx: &Ctx) -> Vec<Span<'static>> {
    let value = value.unwrap_or_else(|| "–".to_owned());
    vec![
        Span::styled(fit(label, LABEL), ctx.theme.muted()),
        Span::raw(" "),
        Span::styled(fit(&value, VALUE), ctx.theme.strong()),
    ]
}

/// `n = 214`, with a remark when the count is too small.
fn count(n: i64, small: i64, ctx: &Ctx) -> Vec<Span<'static>> {
    let count = Say::key("survey.n").with("n", n).text(ctx.lang);
    let mut spans = vec![Span::styled(count, ctx.theme.muted())];
    if n < small {
        let text = format!(" {} {}", Tone::Warn.mark(), word("survey.n_small", ctx.lang));
        spans.push(Span::styled(text, ctx.theme.tone(Tone::Warn)));
    }
    spans
}

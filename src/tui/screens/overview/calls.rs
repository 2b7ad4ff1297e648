//! The page of calls: by hour of today, and by day of the last two weeks.

use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::widgets::bar::{filled, grouped};
use crate::tui::widgets::pane;
use crate::usecase::model::count::Overview;
use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Hours that are always on the chart, so that a quiet morning looks quiet.
const WORKING_HOURS: (usize, usize) = (8, 17);
/// Columns of one hour on the chart.
const HOUR_COLUMNS: u16 = 4;
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Draws the page.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, data: &Overview) {
    let left = Rect { width: area.width / 2, ..area };
    let right = Rect { x: area.x + left.width, width: area.width - left.width, ..area };
    let today: i64 = data.calls_by_hour.iter().sum();
    let title = Say::key("over.calls.by_hour").with("count", grouped(today)).text(ctx.lang);
    let inner = pane::open(frame, left, ctx, &title, true);
    frame.render_widget(Paragraph::new(hour_bars(&data.calls_by_hour, ctx, inner.width)), inner);
    let inner = pane::open(frame, right, ctx, &word("over.calls.by_day", ctx.lang), false);
    frame.render_widget(Paragraph::new(day_bars(data, ctx, inner)), inner);
}

/// The hours from the first to the last that matter, with their calls.
fn hours(calls: &[i64]) -> impl Iterator<Item = (usize, i64)> + '_ {
    let first = calls.iter().position(|count| *count > 0).unwrap_or(WORKING_HOURS.0).min(WORKING_HOURS.0);
    let last = calls.iter().rposition(|count| *count > 0).unwrap_or(WORKING_HOURS.1).max(WORKING_HOURS.1);
    calls.iter().copied().enumerate().filter(move |(hour, _)| (first..=last).contains(hour))
}

/// One row for each hour.
fn hour_bars(calls: &[i64], ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let theme = ctx.theme;
    let max = calls.iter().copied().max().unwrap_or(0);
    let room = usize::from(width).saturating_sub(12);
    hours(calls)
        .map(|(hour, count)| {
            Line::from(vec![
                Span::styled(format!("{hour:02}h "), theme.muted()),
                Span::styled(format!("{:>6} ", grouped(count)), theme.strong()),
                Span::styled(filled(count, max, room), theme.bar()),
            ])
        })
        .collect()
}

/// One row for each day with its calls and registrations; the newest are lowest and are never cut.
fn day_bars(data: &Overview, ctx: &Ctx, inner: Rect) -> Vec<Line<'static>> {
    let theme = ctx.theme;
    let max = data.calls_by_day.iter().map(|(_, calls, _)| *calls).max().unwrap_or(0);
    let room = usize::from(inner.width).saturating_sub(27);
    let skip = data.calls_by_day.len().saturating_sub(usize::from(inner.height));
    let rows = data.calls_by_day.iter().skip(skip);
    rows.map(|(day, calls, registered)| {
        let date = day.date();
        let weekday = word(&format!("over.weekday.{}", date.weekday().number_from_monday()), ctx.lang);
        let registered = Say::key("over.calls.registered").with("count", grouped(*registered)).text(ctx.lang);
        Line::from(vec![
            Span::styled(format!("{weekday} {} ", date.format("%d/%m")), theme.muted()),
            Span::styled(format!("{:>6} ", grouped(*calls)), theme.strong()),
            Span::styled(format!("{registered:>8} "), theme.text()),
            Span::styled(filled(*calls, max, room), theme.bar()),
        ])
    })
    .collect()
}

/// The hours for the board: columns of `height` rows, with hour and count below.
pub fn columns(calls: &[i64], ctx: &Ctx, width: u16, height: u16) -> Vec<Line<'static>> {
    let theme = ctx.theme;
    let max = calls.iter().copied().max().unwrap_or(0).max(1);
    let shown: Vec<(usize, i64)> = hours(calls).take(usize::from(width / HOUR_COLUMNS)).collect();
    let mut lines: Vec<Line<'static>> = (0..i64::from(height))
        .map(|row| {
            let floor = (i64::from(height) - 1 - row) * 8;
            let mut text = String::new();
            for (_, count) in &shown {
                let level = (count * i64::from(height) * 8 + max - 1) / max;
                let cell = EIGHTHS[(level - floor).clamp(0, 8) as usize];
                text.push_str(&[" ", cell, cell, " "].concat());
            }
            Line::styled(text, theme.bar())
        })
        .collect();
    let labels = |text: fn(&(usize, i64)) -> String| shown.iter().map(text).collect::<String>();
    lines.push(Line::styled(labels(|(hour, _)| format!(" {hour:02} ")), theme.muted()));
    lines.push(Line::styled(labels(|(_, count)| format!("{count:>3} ")), theme.text()));
    lines
}

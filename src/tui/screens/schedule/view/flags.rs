//! Draws the red flags. Each is read aloud word by word, so none is cut: where its column is narrow it goes over more
//! rows, and what does not fit is scrolled to.

use super::super::checklist::{Checklist, FlagLine};
use super::super::state::{Focus, Schedule};
use crate::domain::lang::Lang;
use crate::domain::triage::FlagAnswer;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::caret;
use crate::tui::widgets::wrap::{fit, lines};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Columns of an answer with its brackets, and of the mark before it.
const ANSWER: usize = 14;
/// Below this width the flags are in one column.
const NARROW: u16 = 60;

/// A flag with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Placed<'a> {
    /// Which of the list.
    at: usize,
    /// Where.
    area: Rect,
    /// Its words, row by row.
    rows: Vec<&'a str>,
}

/// Draws the flags around the cursor.
pub(super) fn view(s: &Schedule, list: &Checklist, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let focused = s.focus == Focus::Flags;
    let shown = placed(list, area, ctx.lang);
    for place in &shown {
        let here = focused && place.at == list.at;
        if let Some(line) = list.flags.get(place.at) {
            flag(frame, place, line, here, ctx);
        }
        if here {
            caret::stand(frame, ctx, place.area, (0, 0));
        }
    }
    let edge = Rect { x: area.right().saturating_sub(1), width: 1, height: 1, ..area };
    if focused && shown.first().is_some_and(|first| first.at > 0) {
        frame.render_widget(Span::styled("↑", ctx.theme.muted()), edge);
    }
    if focused && shown.last().is_some_and(|last| last.at + 1 < list.flags.len()) {
        let last = Rect { y: area.bottom().saturating_sub(1), ..edge };
        frame.render_widget(Span::styled("↓", ctx.theme.muted()), last);
    }
}

/// The flags that are shown, the one under the cursor among them: in one column or in two, whichever shows more.
fn placed(list: &Checklist, area: Rect, lang: Lang) -> Vec<Placed<'_>> {
    if area.is_empty() {
        return Vec::new();
    }
    let one = in_columns(list, area, 1, lang);
    if area.width < NARROW || one.len() == list.flags.len() {
        return one;
    }
    let two = in_columns(list, area, 2, lang);
    if two.len() > one.len() { two } else { one }
}

fn in_columns(list: &Checklist, area: Rect, columns: u16, lang: Lang) -> Vec<Placed<'_>> {
    let wide = area.width / columns;
    let room = usize::from(wide.saturating_sub(1)).saturating_sub(ANSWER).max(1);
    let words: Vec<Vec<&str>> = list.flags.iter().map(|line| lines(line.flag.text.get(lang), room)).collect();
    let heights: Vec<u16> = words.iter().map(|rows| rows.len() as u16).collect();
    let from = |first: usize, height| fill(heights.get(first..).unwrap_or_default(), columns, height);
    // The first flag from which on the one under the cursor is shown, too.
    let first =
        (0..=list.at).find(|first| first + from(*first, area.height).len() > list.at).unwrap_or(list.at);
    let most = from(first, area.height).len();
    // Columns of about the same height, when everything fits.
    let height = (1..=area.height).find(|height| from(first, *height).len() == most).unwrap_or(area.height);
    let places = from(first, height).into_iter().zip(words.into_iter().enumerate().skip(first));
    places
        .map(|((column, row), (at, rows))| {
            let height = (rows.len() as u16).min(area.height.saturating_sub(row));
            let (x, y) = (area.x + column * wide, area.y + row);
            Placed { at, area: Rect { x, y, width: wide.saturating_sub(1), height }, rows }
        })
        .collect()
}

/// Column and row of as many flags of these heights as fit, column by column; at least one.
fn fill(heights: &[u16], columns: u16, height: u16) -> Vec<(u16, u16)> {
    let (mut column, mut row) = (0, 0);
    let mut places = Vec::new();
    for rows in heights {
        if row > 0 && row + rows > height {
            (column, row) = (column + 1, 0);
        }
        if column == columns {
            break;
        }
        places.push((column, row));
        row += rows;
    }
    places
}

fn flag(frame: &mut Frame, place: &Placed<'_>, line: &FlagLine, here: bool, ctx: &Ctx) {
    let theme = ctx.theme;
    let (answer, style) = match line.answer {
        None => (word("schedule.answer.none", ctx.lang), theme.muted()),
        Some(FlagAnswer::No) => (word("schedule.answer.no", ctx.lang), theme.tone(Tone::Ok)),
        Some(FlagAnswer::Yes) => (word("schedule.answer.yes", ctx.lang), theme.badge(Tone::Danger)),
        Some(FlagAnswer::Unsure) => (word("schedule.answer.unsure", ctx.lang), theme.badge(Tone::Warn)),
    };
    let text_style = if here { theme.selected() } else { theme.text() };
    let room = usize::from(place.area.width).saturating_sub(ANSWER);
    for (n, (text, y)) in place.rows.iter().zip(place.area.y..place.area.bottom()).enumerate() {
        let lead = if here { Span::styled("▌", theme.focus()) } else { Span::raw(" ") };
        let answer = match n {
            0 => Span::styled(format!("[{answer}]"), style),
            _ => Span::raw(""),
        };
        let pad = ANSWER.saturating_sub(answer.width() + 1);
        let text = Span::styled(fit(text, room), text_style);
        let spans = vec![lead, answer, Span::raw(" ".repeat(pad)), text];
        frame.render_widget(Line::from(spans), Rect { y, height: 1, ..place.area });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::domain::department::Department;
    use crate::tui::fixture;

    /// Every list, in both languages, in places as wide as both sizes have them and in lower and higher ones.
    fn each(check: impl Fn(&Checklist, Rect, Lang)) {
        let list = fixture::ctx(Role::Intake).campaign.red_flags.clone();
        for department in Department::ALL {
            for lang in [Lang::Vi, Lang::En] {
                for (width, height) in [(76, 8), (76, 11), (116, 6), (116, 9), (116, 12), (40, 7)] {
                    check(&Checklist::new(&list, department), Rect::new(2, 3, width, height), lang);
                }
            }
        }
    }

    #[test]
    fn no_flag_that_is_shown_is_cut_and_none_covers_another() {
        each(|list, area, lang| {
            let mut list = list.clone();
            for at in 0..list.flags.len() {
                list.at = at;
                let shown = placed(&list, area, lang);
                assert!(shown.iter().any(|place| place.at == at), "{at} is under the cursor");
                for place in &shown {
                    let text = list.flags[place.at].flag.text.get(lang);
                    assert_eq!(place.rows.join(" "), text);
                    assert_eq!(place.rows.len(), usize::from(place.area.height), "{text} in {area:?}");
                    let room = usize::from(place.area.width) - ANSWER;
                    assert!(place.rows.iter().all(|row| crate::domain::text::columns(row) <= room), "{text}");
                    assert_eq!(place.area.intersection(area), place.area);
                    let others = shown.iter().filter(|other| other.at != place.at);
                    assert!(others.clone().all(|other| other.area.intersection(place.area).is_empty()));
                }
            }
        });
    }

    #[test]
    fn a_list_that_fits_in_one_column_stands_in_one() {
        each(|list, area, lang| {
            let high = Rect { height: 60, ..area };
            let shown = placed(list, high, lang);
            assert_eq!(shown.len(), list.flags.len());
            assert!(shown.iter().all(|place| place.area.x == area.x));
        });
    }
}

//! The results that a call can have, each with its key: nine digits, and the rest behind the digit 0. Drawing and
//! clicking use one layout.

use crate::domain::contact::Purpose;
use crate::domain::disposition::{Choice, Disposition};
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Which row of results the digits mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResultRow {
    /// The frequent results.
    #[default]
    First,
    /// The results behind 0.
    Other,
}

/// The digit that opens the other row.
const OTHER_CAP: char = '0';
/// Columns between two results.
const GAP: usize = 2;

/// One key of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultKey {
    /// The digit.
    pub cap: char,
    /// The result that it records; none: it opens the other row.
    pub disposition: Option<Disposition>,
}

/// Until when a result that is recorded now can be undone; none when it opts the customer out.
pub fn undo_until(disposition: Disposition, ctx: &Ctx) -> Option<Timestamp> {
    let seconds = ctx.campaign.limits_on(ctx.now.date()).contact.undo_seconds;
    (!disposition.flags().opts_out).then(|| ctx.now.plus_ms(seconds.saturating_mul(1000)))
}

/// The keys of one row for a call of this purpose.
pub fn result_keys(purpose: Purpose, row: ResultRow) -> Vec<ResultKey> {
    // Only an offer has a result for "agreed"; other calls go on with their middle part.
    let ends = |choice: &&Choice| purpose == Purpose::Offer || !choice.disposition.flags().success;
    let menu = Disposition::menu(purpose).iter().filter(ends);
    match row {
        ResultRow::First => menu
            .filter_map(|choice| {
                choice.digit.map(|cap| ResultKey { cap, disposition: Some(choice.disposition) })
            })
            .chain([ResultKey { cap: OTHER_CAP, disposition: None }])
            .collect(),
        ResultRow::Other => menu
            .filter(|choice| choice.digit.is_none())
            .zip('1'..='9')
            .map(|(choice, cap)| ResultKey { cap, disposition: Some(choice.disposition) })
            .collect(),
    }
}

/// The result that a digit records in a row; none when it records nothing or opens the other row.
pub fn by_cap(purpose: Purpose, row: ResultRow, cap: char) -> Option<Disposition> {
    result_keys(purpose, row).into_iter().find(|key| key.cap == cap).and_then(|key| key.disposition)
}

/// The short name of a result.
pub fn short(disposition: Disposition, purpose: Purpose, lang: Lang) -> String {
    match (disposition, purpose) {
        (Disposition::Agreed, Purpose::Intake) => word("call.short.intake_agreed", lang),
        (Disposition::Agreed, Purpose::Survey) => word("call.short.survey_agreed", lang),
        (other, _) => word(&format!("call.short.{}", other.code()), lang),
    }
}

fn label(key: ResultKey, purpose: Purpose, lang: Lang) -> String {
    match key.disposition {
        Some(disposition) => short(disposition, purpose, lang),
        None => word("call.other", lang),
    }
}

/// The cell of each key of the row in `area`, in reading order; a full line is followed by the next.
fn placed(area: Rect, purpose: Purpose, row: ResultRow, lang: Lang) -> Vec<(Rect, ResultKey)> {
    let (mut x, mut y) = (0_usize, 0_u16);
    let mut cells = Vec::new();
    for key in result_keys(purpose, row) {
        let width = label(key, purpose, lang).width() + 2;
        if x > 0 && x + width > usize::from(area.width) {
            (x, y) = (0, y + 1);
        }
        if y >= area.height {
            break;
        }
        let room = usize::from(area.width).saturating_sub(x).min(width);
        cells.push((Rect { x: area.x + x as u16, y: area.y + y, width: room as u16, height: 1 }, key));
        x += width + GAP;
    }
    cells
}

/// The height of the pane with the frequent results, frame included, at this outer width.
pub fn height(width: u16, purpose: Purpose, lang: Lang) -> u16 {
    let area = Rect::new(0, 0, width.saturating_sub(4), 9);
    placed(area, purpose, ResultRow::First, lang).last().map_or(3, |(cell, _)| cell.y + 3)
}

/// The contents of the pane of results.
#[derive(Debug, Clone, Copy)]
pub struct Menu {
    /// The purpose of the call.
    pub purpose: Purpose,
    /// Which results it shows.
    pub row: ResultRow,
    /// Whether its digits work now; otherwise everything is dimmed.
    pub lit: bool,
    /// Whether "agreed" may be recorded.
    pub may_agree: bool,
}

/// Draws the pane.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, menu: Menu) {
    let Menu { purpose, row, lit, may_agree } = menu;
    let theme = ctx.theme;
    let title = match row {
        ResultRow::First => word("call.results", ctx.lang),
        ResultRow::Other => word("call.results_other", ctx.lang),
    };
    // Those of an offer work beside the script, which keeps the focus; all others have to be opened and then have it.
    let focused = lit && (row == ResultRow::Other || purpose != Purpose::Offer);
    let inner = pane::open(frame, area, ctx, &title, focused);
    for (cell, key) in placed(inner, purpose, row, ctx.lang) {
        let (cap, text) = match key.disposition {
            _ if !lit => (theme.muted(), theme.muted()),
            Some(Disposition::Agreed) if !may_agree => (theme.muted(), theme.muted()),
            Some(Disposition::Agreed) => (theme.key(), theme.tone(Tone::Ok)),
            Some(Disposition::DoNotCall) => (theme.key(), theme.tone(Tone::Warn)),
            Some(_) | None => (theme.key(), theme.text()),
        };
        let label = label(key, purpose, ctx.lang);
        let line = Line::from(vec![Span::styled(format!("{} ", key.cap), cap), Span::styled(label, text)]);
        frame.render_widget(line, cell);
    }
}

/// The key at this cell of the pane's outer `area`.
pub fn clicked(
    area: Rect,
    column: u16,
    row_at: u16,
    purpose: Purpose,
    row: ResultRow,
    lang: Lang,
) -> Option<ResultKey> {
    let inner = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    };
    placed(inner, purpose, row, lang)
        .into_iter()
        .find(|(cell, _)| cell.contains((column, row_at).into()))
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_disposition_has_one_key_or_two() {
        for purpose in Purpose::ALL {
            let all: Vec<_> = [ResultRow::First, ResultRow::Other]
                .into_iter()
                .flat_map(|row| result_keys(purpose, row))
                .filter_map(|key| key.disposition)
                .collect();
            let goes_on = usize::from(purpose != Purpose::Offer);
            assert_eq!(all.len(), Disposition::menu(purpose).len() - goes_on);
        }
        assert_eq!(by_cap(Purpose::Offer, ResultRow::First, '5'), Some(Disposition::NoAnswer));
        assert_eq!(by_cap(Purpose::Offer, ResultRow::First, '0'), None);
        assert_eq!(by_cap(Purpose::Offer, ResultRow::Other, '7'), Some(Disposition::Complaint));
        assert_eq!(by_cap(Purpose::Survey, ResultRow::First, '2'), None);
    }

    #[test]
    fn a_click_means_the_key_that_is_drawn_there() {
        let area = Rect::new(0, 20, 80, height(80, Purpose::Offer, Lang::Vi));
        let inner = Rect::new(2, 21, 76, area.height - 2);
        for (cell, key) in placed(inner, Purpose::Offer, ResultRow::First, Lang::Vi) {
            assert_eq!(clicked(area, cell.x, cell.y, Purpose::Offer, ResultRow::First, Lang::Vi), Some(key));
        }
        assert_eq!(clicked(area, 0, 20, Purpose::Offer, ResultRow::First, Lang::Vi), None);
    }
}

//! Notices: what is said for some seconds. They stand on the two last lines, over the keys and the status line,
//! so that nothing of the screen's own is hidden; a longer one grows upwards. While the store is away the status
//! line stays free for saying so.

use super::App;
use crate::domain::time::Timestamp;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::wrap::wrap;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

/// How long a notice stays, in milliseconds: good news, and the rest.
const NOTICE_MS: (i64, i64) = (5_000, 12_000);
/// After this a key takes it away: it was there long enough to be read.
const READ_MS: i64 = 2_000;

/// A sentence on show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) tone: Tone,
    pub(super) say: Say,
    /// What was said at the same moment and is less grave.
    pub(super) also: Option<Say>,
    pub(super) since: Timestamp,
}

/// How grave a tone is.
const fn gravity(tone: Tone) -> u8 {
    match tone {
        Tone::Plain | Tone::Muted => 0,
        Tone::Info | Tone::Ok => 1,
        Tone::Warn => 2,
        Tone::Danger => 3,
    }
}

impl Notice {
    pub(super) const fn new(tone: Tone, say: Say, since: Timestamp) -> Self {
        Self { tone, say, also: None, since }
    }

    /// This notice and another of the same moment: the graver one first.
    pub(super) fn and(self, other: Self) -> Self {
        if self.say == other.say {
            return self;
        }
        let (mut first, second) =
            if gravity(other.tone) > gravity(self.tone) { (other, self) } else { (self, other) };
        first.also = Some(second.say);
        first
    }

    /// Whether it has been there for its time.
    pub(super) const fn is_over(&self, now: Timestamp) -> bool {
        let lasts = match self.tone {
            Tone::Plain | Tone::Info | Tone::Ok | Tone::Muted => NOTICE_MS.0,
            Tone::Warn | Tone::Danger => NOTICE_MS.1,
        };
        now.since(self.since) > lasts
    }

    /// Whether it was there long enough to be read.
    pub(super) const fn was_read(&self, now: Timestamp) -> bool {
        now.since(self.since) >= READ_MS
    }
}

impl App {
    /// The notice's lines at `columns`: mark and sentence, then the hint, one flowing into the other.
    fn notice_lines(&self, notice: &Notice, columns: usize) -> Vec<Line<'static>> {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let mark = format!(" {} ", notice.tone.mark());
        let indent = " ".repeat(mark.width());
        let said = notice.say.text(lang);
        let more = [notice.say.hint(lang), notice.also.as_ref().map(|also| also.text(lang))];
        let more: Vec<String> = more.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        let whole = if more.is_empty() { said.clone() } else { format!("{said} {}", more.join(" ")) };
        let strong = theme.raised().patch(theme.strong());
        let muted = theme.raised().patch(theme.muted());
        wrap(&whole, columns.saturating_sub(mark.width() + 1))
            .into_iter()
            .enumerate()
            .map(|(at, range)| {
                let lead = if at == 0 {
                    Span::styled(mark.clone(), theme.raised().patch(theme.tone(notice.tone)))
                } else {
                    Span::raw(indent.clone())
                };
                let line = whole[range.clone()].trim_end();
                let (own, rest) = line.split_at(said.len().saturating_sub(range.start).min(line.len()));
                Line::from(vec![
                    lead,
                    Span::styled(own.to_owned(), strong),
                    Span::styled(rest.to_owned(), muted),
                ])
            })
            .collect()
    }

    /// Where the notice stands on a screen of this size, and its lines.
    fn notice_place(&self, (width, height): (u16, u16)) -> Option<(Rect, Vec<Line<'static>>)> {
        let notice = self.notice.as_ref()?;
        // Typing mode and MÔ PHỎNG stay in sight.
        let columns = width.saturating_sub(self.status_right().width() as u16);
        let mut rows = self.notice_lines(notice, usize::from(columns));
        let bottom = if rows.len() == 1 || self.away { height.saturating_sub(1) } else { height };
        rows.truncate(usize::from(bottom));
        let count = rows.len() as u16;
        Some((Rect { x: 0, y: bottom - count, width, height: count }, rows))
    }

    /// Whether a cell belongs to the notice.
    pub(super) fn is_on_notice(&self, column: u16, row: u16) -> bool {
        self.notice_place(self.size).is_some_and(|(place, _)| place.contains((column, row).into()))
    }

    pub(super) fn view_notice(&self, frame: &mut Frame, size: (u16, u16)) {
        let Some((place, rows)) = self.notice_place(size) else { return };
        let right = self.status_right().width() as u16;
        for (row, line) in place.rows().zip(rows) {
            let on_status_line = row.y + 1 == size.1;
            let row =
                if on_status_line { Rect { width: row.width.saturating_sub(right), ..row } } else { row };
            frame.render_widget(Clear, row);
            frame.render_widget(Paragraph::new(line).style(self.ctx.theme.raised()), row);
        }
    }
}

//! Collects the rows of the help window and draws them.

use super::App;
use super::help::Help;
use super::keys::{FRAME_KEYS, PLAIN_KEYS};
use crate::tui::field::{EDIT_KEYS, Field, Kind};
use crate::tui::form::{FORM_KEYS, Form};
use crate::tui::keys::KeyRow;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::list_keys;
use crate::tui::widgets::pane::popup;
use crate::tui::widgets::wrap::{fit, shorten};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

impl App {
    /// Every binding row that matters now: the screen's, then those of form, field and frame.
    pub(super) fn help_rows(&self) -> Vec<KeyRow> {
        let screen = self.open_screen();
        let mut rows = screen.map(|screen| screen.rows(&self.ctx)).unwrap_or_default();
        let has_form = rows.iter().any(|row| FORM_KEYS.iter().any(|form| form.id == row.id));
        let has_list = rows.iter().any(|row| list_keys::LIST_KEYS.iter().any(|list| list.id == row.id));
        let field = screen.and_then(|screen| screen.field());
        rows.extend(FRAME_KEYS.iter().map(|row| row.row(self)));
        let plain = if field.is_some() { Err("frame.why.typing") } else { Ok(()) };
        rows.extend(PLAIN_KEYS.iter().map(|row| KeyRow { enabled: plain, ..row.row(self) }));
        if !has_form {
            let form = Form::new();
            let none = Err("frame.why.no_form");
            rows.extend(FORM_KEYS.iter().map(|row| KeyRow { enabled: none, ..row.row(&form) }));
        }
        if !has_list {
            let none = Err("list.why.no_list");
            rows.extend(list_keys::all_rows().into_iter().map(|row| KeyRow { enabled: none, ..row }));
        }
        let empty = Field::new(Kind::Text);
        rows.extend(EDIT_KEYS.iter().map(|row| match field {
            Some(field) => row.row(field),
            None => KeyRow { enabled: Err("frame.why.no_field"), ..row.row(&empty) },
        }));
        rows
    }

    pub(super) fn view_help(&self, frame: &mut Frame, area: Rect, help: &Help) {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let size = (area.width.saturating_sub(8).min(96), area.height);
        let room = popup(frame, area, &self.ctx, &word("frame.help_title", lang), size, Tone::Plain);
        let top = Rect { height: room.height.min(1), ..room };
        help.field.view(frame, top, &self.ctx, true);
        let room = Rect { y: room.y + top.height, height: room.height - top.height, ..room };
        let rows = self.help_lines(help, room.width);
        let last = (rows.len() as u16).saturating_sub(room.height);
        frame.render_widget(Paragraph::new(rows).scroll((help.scroll.min(last), 0)), room);
        if last > help.scroll {
            let edge = Rect { x: room.right(), y: room.bottom().saturating_sub(1), width: 1, height: 1 };
            frame.render_widget(Span::styled("↓", theme.accent()), edge.intersection(area));
        }
    }

    fn help_lines(&self, help: &Help, width: u16) -> Vec<Line<'static>> {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let mut lines: Vec<Line> = Vec::new();
        let mut heading: Option<(bool, &str)> = None;
        for row in help.found() {
            // What does not work stands under one heading of its own.
            let under = if row.enabled.is_ok() { (true, row.place) } else { (false, "") };
            if heading != Some(under) {
                if heading.is_some() {
                    lines.push(Line::default());
                }
                let text = if under.0 { row.heading(lang) } else { word("frame.help_not_now", lang) };
                lines.push(Line::styled(text, theme.accent()));
                heading = Some(under);
            }
            lines.push(self.help_line(row, width));
        }
        if lines.is_empty() {
            lines.push(Line::styled(word("frame.help_none", lang), theme.muted()));
        }
        lines
    }

    /// Key caps, label and sentence; a key that does not work now says why.
    fn help_line(&self, row: &KeyRow, width: u16) -> Line<'static> {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let caps = fit(&row.caps(), 18);
        let room = usize::from(width).saturating_sub(20);
        match row.enabled {
            Ok(()) => Line::from(vec![
                Span::styled(format!("  {caps}"), theme.key()),
                Span::styled(shorten(&row.help(lang), room), theme.text()),
            ]),
            Err(why) => {
                let text = format!("{} — {}", row.help(lang), word(why, lang));
                Line::styled(format!("  {caps}{}", shorten(&text, room)), theme.muted())
            }
        }
    }
}

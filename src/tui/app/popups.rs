//! Draws the windows: palette, question, message, people, alarm.

use super::App;
use super::modal::{ALARM_WORD, Modal};
use super::palette::Palette;
use super::tabs::name_key;
use crate::tui::effect::{Origin, Question};
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::caret;
use crate::tui::widgets::list::{self, Cursor};
use crate::tui::widgets::pane::{key, popup, prose};
use crate::tui::widgets::wrap::fit;
use crate::usecase::model::staff::StaffLine;
use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

impl App {
    /// Draws the uppermost window.
    pub(super) fn view_modal(&self, frame: &mut Frame, area: Rect, modal: &Modal) {
        match modal {
            Modal::Help(help) => self.view_help(frame, area, help),
            Modal::Palette(palette) => self.view_palette(frame, area, palette),
            Modal::Cases(search) => self.view_case_search(frame, area, search),
            Modal::Ask { question, yes, .. } => self.view_question(frame, area, question, *yes),
            Modal::Show { title, lines, tone, scroll } => {
                self.view_message(frame, area, (title, lines, *tone), *scroll);
            }
            Modal::Alarm { lines, typed, .. } => self.view_alarm(frame, frame.area(), lines, typed),
            Modal::People { staff, cursor } => self.view_people(frame, area, staff, *cursor),
        }
    }

    fn view_palette(&self, frame: &mut Frame, area: Rect, palette: &Palette) {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let size = (area.width.saturating_sub(8).min(84), area.height.saturating_sub(2).min(22));
        let room = popup(frame, area, &self.ctx, &word("frame.palette_title", lang), size, Tone::Plain);
        let top = Rect { height: room.height.min(1), ..room };
        let found = palette.found();
        let below = Rect { y: room.y + 2.min(room.height), height: room.height.saturating_sub(2), ..room };
        if found.is_empty() {
            frame.render_widget(Span::styled(word("frame.palette_none", lang), theme.muted()), below);
            return palette.field.view(frame, top, &self.ctx, true);
        }
        let width = usize::from(below.width.saturating_sub(2));
        let rows: Vec<Line> = found
            .iter()
            .map(|entry| {
                let tab =
                    if entry.tab == Origin::Frame { String::new() } else { word(name_key(entry.tab), lang) };
                let caps = entry.row.keys.first().map(ToString::to_string).unwrap_or_default();
                let right = format!("{tab}  {}", fit(&caps, 10));
                let room = width.saturating_sub(right.width() + 1);
                let (style, text) = match entry.row.enabled {
                    Ok(()) => (theme.text(), entry.label.clone()),
                    Err(why) => (theme.muted(), format!("{} — {}", entry.label, word(why, lang))),
                };
                Line::from(vec![
                    Span::styled(fit(&text, room), style),
                    Span::raw(" "),
                    Span::styled(format!("{tab}  "), theme.muted()),
                    Span::styled(fit(&caps, 10), theme.key()),
                ])
            })
            .collect();
        list::view(frame, below, &self.ctx, &rows, palette.cursor, true);
        // The field is drawn last, so that the terminal's cursor stands in it.
        palette.field.view(frame, top, &self.ctx, true);
    }

    fn view_question(&self, frame: &mut Frame, area: Rect, question: &Question, yes: bool) {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let width = 60.min(area.width);
        let mut rows = prose(&question.text.text(lang), width - 4, theme.strong());
        if let Some(detail) = &question.detail {
            rows.push(Line::default());
            rows.extend(prose(&detail.text(lang), width - 4, theme.text()));
        }
        rows.push(Line::default());
        let answer = |on: bool, key: &str| {
            let text = word(key, lang);
            if on {
                Span::styled(format!(" ▸ {text} "), theme.tab_open())
            } else {
                Span::styled(format!("   {text} "), theme.muted())
            }
        };
        let (accept, refuse) = (answer(yes, "frame.yes"), answer(!yes, "frame.no"));
        let column = if yes { 1 } else { accept.content.width() as u16 + 4 };
        rows.push(Line::from(vec![accept, Span::raw("   "), refuse]));
        let size = (width, rows.len() as u16 + 2);
        let row = rows.len() as u16 - 1;
        let room = popup(frame, area, &self.ctx, &word("frame.question_title", lang), size, question.tone);
        frame.render_widget(Paragraph::new(rows), room);
        caret::stand(frame, &self.ctx, room, (column, row));
    }

    fn view_message(&self, frame: &mut Frame, area: Rect, what: (&Say, &[Say], Tone), scroll: u16) {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let (title, lines, tone) = what;
        let width = 72.min(area.width.saturating_sub(4));
        let mut rows: Vec<Line> = Vec::new();
        for say in lines {
            rows.extend(prose(&say.text(lang), width.saturating_sub(4), theme.text()));
            if let Some(hint) = say.hint(lang) {
                rows.extend(prose(&hint, width.saturating_sub(4), theme.muted()));
            }
        }
        let size = (width, (rows.len() as u16 + 4).min(area.height));
        let room = popup(frame, area, &self.ctx, &title.text(lang), size, tone);
        // The keys stay in sight while the text moves under them.
        let body = Rect { height: room.height.saturating_sub(2), ..room };
        let last = (rows.len() as u16).saturating_sub(body.height);
        frame.render_widget(Paragraph::new(rows).scroll((scroll.min(last), 0)), body);
        let mut keys = key(theme, "Enter", &word("frame.close", lang)).to_vec();
        if last > 0 {
            keys.push(Span::raw("  "));
            keys.extend(key(theme, "↑↓", &word("frame.read_on", lang)));
        }
        let foot = Rect { y: room.bottom().saturating_sub(1), height: room.height.min(1), ..room };
        frame.render_widget(Line::from(keys), foot);
    }

    fn view_people(&self, frame: &mut Frame, area: Rect, staff: &[StaffLine], cursor: Cursor) {
        let lang = self.ctx.lang;
        let size = (56, (staff.len() as u16 + 2).min(area.height));
        let room = popup(frame, area, &self.ctx, &word("frame.people_title", lang), size, Tone::Plain);
        let rows: Vec<Line> = staff
            .iter()
            .map(|line| {
                let here = if line.id == self.ctx.actor.staff { "● " } else { "  " };
                Line::from(format!("{here}{}", self.role_line(&line.name, line.role)))
            })
            .collect();
        list::view(frame, room, &self.ctx, &rows, cursor, true);
    }

    /// Fills the screen in red.
    fn view_alarm(&self, frame: &mut Frame, area: Rect, lines: &[Say], typed: &str) {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        frame.render_widget(ratatui::widgets::Clear, area);
        frame.buffer_mut().set_style(area, theme.alarm());
        let width = area.width.saturating_sub(8).min(84);
        let mut rows: Vec<Line> = BIG_115.iter().map(|row| Line::raw(*row)).collect();
        rows.push(Line::default());
        rows.push(Line::raw(word("frame.alarm_title", lang)));
        rows.push(Line::default());
        for say in lines {
            rows.extend(prose(&say.text(lang), width, theme.alarm()));
        }
        rows.push(Line::default());
        let rest = "_".repeat(ALARM_WORD.len().saturating_sub(typed.len()));
        let ack = Say::key("frame.alarm_acknowledge").with("word", ALARM_WORD);
        rows.push(Line::raw(format!("{}  [ {typed}{rest} ]", ack.text(lang))));
        let height = (rows.len() as u16).min(area.height);
        let place = Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        };
        frame.render_widget(Paragraph::new(rows).alignment(Alignment::Center).style(theme.alarm()), place);
    }
}

/// The number 115 in large figures.
const BIG_115: [&str; 5] = [
    "  ██    ██   ███████",
    " ███   ███   ██     ",
    "  ██    ██   ██████ ",
    "  ██    ██        ██",
    " ████  ████  ██████ ",
];

//! Draws the frame: tabs and person on the first line, the open screen, the row of notices, the keys that work now,
//! the status line. A window covers the screen alone; the screen under it is drawn with dimmed keys.

use super::keys::{FrameAct, MODAL_KEYS, PLAIN_KEYS, TASKS_ROW};
use super::modal::Modal;
use super::{App, FRAME_KEYS, tabs};
use crate::domain::actor::Role;
use crate::tui::ctx::{Ctx, Focus};
use crate::tui::effect::Origin;
use crate::tui::field::Kind;
use crate::tui::field::compose::TypingMode;
use crate::tui::input::KeyCode;
use crate::tui::keys::{Binding, KeyRow};
use crate::tui::say::{Say, word};
use crate::tui::screen::AnyScreen;
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::{gauge, grouped};
use crate::tui::widgets::wrap::shorten;
use crate::usecase::model::count::StatusLine;
use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

/// The smallest size in columns and rows; a smaller terminal only shows that it is too small.
pub(super) const SMALLEST: (u16, u16) = (80, 24);
/// From this width on there is room for the longer forms.
const WIDE: u16 = 110;

/// Rows of the keys and the status line.
pub(super) const BELOW: u16 = 2;

/// What is left between the tabs and the keys.
pub(super) const fn body(size: (u16, u16)) -> Rect {
    Rect { x: 0, y: 1, width: size.0, height: size.1.saturating_sub(1 + BELOW) }
}

/// Keys of the frame that give way in the footer, first one first.
const GIVE_WAY: [&str; 3] = ["plain.find_case", "plain.find_case_from_list", "frame.people"];

/// A key of the footer: where it stands and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FooterKey {
    pub(super) x: u16,
    pub(super) columns: u16,
    pub(super) tab: Origin,
    pub(super) id: &'static str,
    cap: String,
    label: String,
}

impl App {
    /// Draws everything.
    pub fn view(&self, frame: &mut Frame) {
        let area = frame.area();
        frame.buffer_mut().set_style(area, self.ctx.theme.base());
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return self.view_too_small(frame, area);
        }
        if self.is_locked() {
            return self.view_lock(frame, area);
        }
        let row = |y| Rect { y, height: 1, ..area };
        self.view_tabs(frame, row(0));
        let body = self.body((area.width, area.height));
        if let Some(screen) = self.open_screen() {
            screen.view(frame, body, &self.under(screen));
        }
        self.view_banner(frame, (area.width, area.height));
        self.view_lesson(frame, (area.width, area.height));
        self.view_footer(frame, row(area.height - 2));
        self.view_status(frame, row(area.height - 1));
        if let Some(modal) = self.modals.last() {
            self.view_modal(frame, body, modal);
        }
        self.view_notice(frame, (area.width, area.height));
    }

    /// The context with which the open screen is drawn: which part has the keys and the cursor.
    pub(super) fn under(&self, screen: &dyn AnyScreen) -> Ctx {
        let focus = match (self.modals.last(), screen.field()) {
            (Some(_), _) => Focus::Window,
            (None, Some(_)) => Focus::Field,
            (None, None) => Focus::Screen,
        };
        let theme = if focus == Focus::Window { self.ctx.theme.dimmed() } else { self.ctx.theme };
        Ctx { theme, focus, ..self.ctx.clone() }
    }

    fn view_too_small(&self, frame: &mut Frame, area: Rect) {
        let say = Say::key("frame.too_small")
            .with("columns", SMALLEST.0)
            .with("rows", SMALLEST.1)
            .with("width", area.width)
            .with("height", area.height);
        let lang = self.ctx.lang;
        let asked = matches!(self.modals.last(), Some(Modal::Ask { .. }));
        let more = if asked { "frame.too_small_question" } else { "frame.too_small_keys" };
        let text = format!("{} {}", say.text(lang), word(more, lang));
        let text = Paragraph::new(text).wrap(Wrap { trim: true }).alignment(Alignment::Center);
        frame.render_widget(text, area);
    }

    fn view_tabs(&self, frame: &mut Frame, row: Rect) {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        frame.buffer_mut().set_style(row, theme.raised());
        if tabs::brand_columns(row.width) > 0 {
            let brand = Line::from(vec![
                Span::styled(" tongdai", theme.accent()),
                Span::styled(" │", theme.border()),
            ]);
            frame.render_widget(brand, row);
        }
        let mut end = row.x;
        for (tab, x, columns) in tabs::spans(row.width, lang) {
            let allowed = tabs::lacks(tab, self.ctx.actor.role).is_none();
            let style = match (tab == self.open, allowed) {
                (true, _) => theme.tab_open(),
                (false, true) => theme.text(),
                (false, false) => theme.border(),
            };
            let place = Rect { x, width: columns.min(row.width.saturating_sub(x)), ..row };
            frame.render_widget(Span::styled(tabs::label(tab, lang), style), place);
            end = x + columns;
        }
        let room = row.width.saturating_sub(end + 1);
        let place = Rect { x: end + 1, width: room, ..row };
        frame.render_widget(self.person(room).right_aligned(), place);
    }

    /// Name, role and state, as much as fits.
    fn person(&self, room: u16) -> Line<'static> {
        let (theme, lang, actor) = (self.ctx.theme, self.ctx.lang, &self.ctx.actor);
        let mine = |tab| tabs::lacks(tab, actor.role).is_none();
        let screens = || self.screens.iter().filter(|screen| mine(screen.origin()));
        // A person with an open call on any tab is not ready.
        let standing = screens()
            .filter(|screen| screen.call_open())
            .chain(screens())
            .find_map(|screen| screen.standing(&self.ctx))
            .map(|(tone, say)| Span::styled(format!("● {} ", say.text(lang)), theme.tone(tone)));
        let used = standing.as_ref().map_or(1, |s| s.content.width() + 1);
        let room = usize::from(room).saturating_sub(used);
        let long = format!("{} · {}", actor.name, actor.role.label(lang));
        let who = if long.width() + 2 <= room { long } else { shorten(&actor.name, room) };
        let dot = if who.width() + 2 <= room { " · " } else { " " };
        let mut spans = vec![Span::styled(who, theme.strong())];
        match standing {
            Some(standing) => spans.extend([Span::styled(dot, theme.muted()), standing]),
            None => spans.push(Span::raw(" ")),
        }
        Line::from(spans)
    }

    /// The keys that work outside text, while no text field has the keys.
    fn plain_keys(&self) -> impl Iterator<Item = &'static Binding<FrameAct, Self>> {
        let typing = self.open_screen().is_none_or(|screen| screen.field().is_some());
        let role = self.ctx.actor.role;
        PLAIN_KEYS.iter().filter(move |row| !typing && row.is_for(role))
    }

    /// The keys of the footer with their places, from the left; the frame's own last. Under a window only the
    /// window's keys work.
    pub(super) fn footer(&self, width: u16) -> Vec<FooterKey> {
        let lang = self.ctx.lang;
        let item = |tab: Origin, row: KeyRow| {
            let cap = row.keys.first().map(ToString::to_string).unwrap_or_default();
            let label = match self.waiting_tasks(row.id) {
                Some(count) => format!("{} {count}", row.label(lang)),
                None => row.label(lang),
            };
            let columns = (cap.width() + 1 + label.width()) as u16;
            FooterKey { x: 0, columns, tab, id: row.id, cap, label }
        };
        let shown = |row: &KeyRow| row.in_footer && row.enabled.is_ok();
        let (own, frame): (Vec<KeyRow>, Vec<KeyRow>) = match self.modals.last() {
            Some(modal) => (MODAL_KEYS.iter().map(|row| row.row(modal)).collect(), Vec::new()),
            None => (
                self.open_screen().map(|screen| screen.rows(&self.ctx)).unwrap_or_default(),
                FRAME_KEYS
                    .iter()
                    .filter(|row| row.is_for(self.ctx.actor.role))
                    .chain(self.plain_keys())
                    .map(|row| row.row(self))
                    .collect(),
            ),
        };
        // What Enter does, a tick and the way back are never pushed out by other keys.
        let rank = |row: &KeyRow| match row.keys.first().map(|key| key.code) {
            Some(KeyCode::Enter) => 0,
            Some(KeyCode::Char(' ')) => 1,
            Some(KeyCode::Esc) => 2,
            _ => 3,
        };
        let mut own: Vec<KeyRow> = own.into_iter().filter(shown).collect();
        own.sort_by_key(rank);
        let columns = |keys: &[FooterKey]| keys.iter().map(|key| key.columns + 2).sum::<u16>();
        let first: Vec<_> = own.iter().filter(|row| rank(row) < 3).cloned().collect();
        let first = columns(&first.into_iter().map(|row| item(self.open, row)).collect::<Vec<_>>());
        let own: Vec<_> = own.into_iter().map(|row| item(self.open, row)).collect();
        let mut frame: Vec<_> = frame.into_iter().filter(shown).map(|row| item(Origin::Frame, row)).collect();
        // Of the frame's keys the person is changed and a case is searched from elsewhere, too: they give way to
        // everything that works on the page, the others to Enter, Space and Esc alone.
        for id in GIVE_WAY {
            if 1 + columns(&own) + columns(&frame) > width {
                frame.retain(|key| key.id != id);
            }
        }
        while 1 + first + columns(&frame) > width && frame.pop().is_some() {}
        let reserved = columns(&frame);
        let mut keys = Vec::new();
        let mut x = 1;
        for key in own {
            if x + key.columns + 2 + reserved > width {
                break;
            }
            x += key.columns + 2;
            keys.push(FooterKey { x: x - key.columns - 2, ..key });
        }
        let mut x = width.saturating_sub(reserved).max(x);
        for key in frame {
            if x + key.columns < width {
                x += key.columns + 2;
                keys.push(FooterKey { x: x - key.columns - 2, ..key });
            }
        }
        keys
    }

    /// How many tasks wait, for the row of the tasks: `4`, and `4 ⚠` when one of them is late.
    fn waiting_tasks(&self, id: &str) -> Option<String> {
        let tasks = self.status.as_ref().filter(|_| id == TASKS_ROW)?.tasks;
        let late = if tasks.overdue > 0 { " ⚠" } else { "" };
        (tasks.open > 0).then(|| format!("{}{late}", grouped(tasks.open)))
    }

    fn view_footer(&self, frame: &mut Frame, row: Rect) {
        let theme = self.ctx.theme;
        for key in self.footer(row.width) {
            let place = Rect { x: row.x + key.x, width: key.columns, ..row };
            let spans = vec![
                Span::styled(key.cap, theme.key()),
                Span::raw(" "),
                Span::styled(key.label, theme.muted()),
            ];
            frame.render_widget(Line::from(spans), place);
        }
    }

    fn view_status(&self, frame: &mut Frame, row: Rect) {
        let theme = self.ctx.theme;
        frame.buffer_mut().set_style(row, theme.raised());
        let right = self.status_right();
        let right_columns = right.width() as u16;
        let left = Rect { width: row.width.saturating_sub(right_columns + 1), ..row };
        let wide = row.width >= WIDE;
        let mut line = match &self.status {
            Some(status) => self.status_left(status, wide),
            None => Line::styled(format!(" {}", word("status.loading", self.ctx.lang)), theme.muted()),
        };
        if self.away {
            let badge = format!(" ↻ {} ", word("status.reconnecting", self.ctx.lang));
            line.spans.insert(0, Span::styled(badge, theme.badge(Tone::Warn)));
        }
        frame.render_widget(line, left);
        let place = Rect { x: row.right().saturating_sub(right_columns), width: right_columns, ..row };
        frame.render_widget(right, place);
    }

    fn status_left(&self, status: &StatusLine, wide: bool) -> Line<'static> {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let seats = &status.seats;
        let dot = || Span::styled(" · ", theme.muted());
        let mut spans = vec![Span::styled(format!(" {} ", word("status.seats", lang)), theme.muted())];
        spans.extend(gauge(theme, seats.taken, seats.quota, if wide { 22 } else { 6 }));
        spans.push(Span::styled(format!(" {}/{}", seats.taken, seats.quota), theme.strong()));
        if seats.waitlisted > 0 {
            let say = Say::key("status.waitlisted").with("count", seats.waitlisted);
            spans.extend([dot(), Span::styled(say.text(lang), theme.tone(Tone::Warn))]);
        }
        spans.push(dot());
        spans.push(match seats.closed_by.as_deref() {
            None => {
                let tone = if status.days_left <= 2 { Tone::Warn } else { Tone::Plain };
                let say = Say::key("status.days_left").with("days", status.days_left);
                Span::styled(say.text(lang), theme.tone(tone))
            }
            Some(by) => Span::styled(word(&format!("status.closed_{by}"), lang), theme.tone(Tone::Danger)),
        });
        if self.away && !wide {
            // There is room for one of the two, and the queue cannot be worked on while the store is away.
            return Line::from(spans);
        }
        spans.push(Span::styled(" │ ", theme.border()));
        let due =
            Say::key(if wide { "status.due" } else { "status.due_short" }).with("count", grouped(status.due));
        spans.push(Span::styled(due.text(lang), theme.text()));
        let promised = Say::key(if wide { "status.promised" } else { "status.promised_short" })
            .with("count", status.promised);
        spans.extend([dot(), Span::styled(promised.text(lang), theme.text())]);
        if status.overdue > 0 {
            let say = Say::key(if wide { "status.overdue" } else { "status.overdue_short" })
                .with("count", status.overdue);
            spans.push(Span::styled(format!(" ⚠ {}", say.text(lang)), theme.tone(Tone::Warn)));
        }
        Line::from(spans)
    }

    /// The right end of the status line: typing mode, and MÔ PHỎNG on a simulated store.
    pub(super) fn status_right(&self) -> Line<'static> {
        let theme = self.ctx.theme;
        let mut spans = Vec::new();
        if let Some(field) = self.open_screen().and_then(|screen| screen.field()) {
            let label = match (field.kind(), field.mode(self.ctx.typing)) {
                (Kind::Text | Kind::Note | Kind::Code, mode) => mode.label(),
                (Kind::Phone | Kind::Digits | Kind::Date | Kind::Time, _) => "123",
            };
            spans.push(Span::styled(format!(" {label} "), theme.accent()));
        } else if self.ctx.typing != TypingMode::default() {
            spans.push(Span::styled(format!(" {} ", self.ctx.typing.label()), theme.muted()));
        }
        if self.ctx.simulated {
            spans.push(Span::styled(
                format!(" {} ", word("status.simulated", self.ctx.lang)),
                theme.badge(Tone::Warn),
            ));
        }
        Line::from(spans)
    }

    /// The name and role of the person, for windows.
    pub(super) fn role_line(&self, name: &str, role: Role) -> String {
        format!("{name} · {}", role.label(self.ctx.lang))
    }
}

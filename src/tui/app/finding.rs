//! Opens the search among Vinmec's cases, asks, takes the answers, and draws its window.

use super::case_search::{Answer, CaseSearch};
use super::modal::Modal;
use super::state::App;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Reply};
use crate::tui::input::Key;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::list;
use crate::tui::widgets::pane::{popup, prose};
use crate::tui::widgets::wrap::{fit, shorten};
use crate::usecase::model::case::CaseHit;
use crate::usecase::model::customer::Matched;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

impl App {
    /// Whether `/` means something in the part that has the keys now.
    pub(super) fn slash_is_taken(&self) -> bool {
        let Some(screen) = self.open_screen() else { return false };
        screen.live(&self.ctx).iter().any(|live| live.key == Key::char('/'))
    }

    /// Opens the window.
    pub(super) fn open_case_search(&mut self) {
        let search = CaseSearch::new(&self.ctx);
        self.modals.push(Modal::Cases(Box::new(search)));
    }

    /// Opens the window with a text in its field.
    pub(super) fn search_cases_for(&mut self, text: &str) -> Vec<Effect> {
        let mut search = CaseSearch::new(&self.ctx);
        search.field.set(text);
        self.modals.push(Modal::Cases(Box::new(search)));
        self.ask_for_cases()
    }

    /// Asks for the cases of a text that changed.
    pub(super) fn ask_for_cases(&mut self) -> Vec<Effect> {
        let tickets = &mut self.tickets;
        match self.modals.last_mut() {
            Some(Modal::Cases(search)) => search.ask(|| tickets.next()).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Takes the answer to the search; gives every other reply back.
    pub(super) fn answer_case_search(&mut self, reply: Reply) -> Option<Reply> {
        let search = self.modals.iter_mut().find_map(|modal| match modal {
            Modal::Cases(search) if search.answer == Answer::Asked(reply.ticket) => Some(search),
            _ => None,
        });
        let Some(search) = search else { return Some(reply) };
        match reply.outcome {
            Ok((_, snapshots)) => search.take(snapshots),
            Err(error) => {
                search.take(Vec::new());
                self.say(Tone::Danger, Say::from(error));
            }
        }
        None
    }

    /// Draws the window.
    pub(super) fn view_case_search(&self, frame: &mut Frame, area: Rect, search: &CaseSearch) {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let size = (area.width.saturating_sub(4).min(92), area.height.saturating_sub(2).min(22));
        let room = popup(frame, area, &self.ctx, &word("find.title", lang), size, Tone::Plain);
        let top = Rect { height: room.height.min(1), ..room };
        let below = Rect { y: room.y + 2.min(room.height), height: room.height.saturating_sub(2), ..room };
        if search.hits.is_empty() {
            let text = match (&search.answer, &search.no_number) {
                (Answer::Nothing, _) => word("find.help", lang),
                (Answer::Asked(_), _) => word("find.loading", lang),
                (Answer::Here, Some(why)) => format!("{} {}", why.message(lang), why.hint(lang)),
                (Answer::Here, None) => word("find.nothing", lang),
            };
            frame.render_widget(Paragraph::new(prose(&text, below.width, theme.muted())), below);
        } else {
            let width = usize::from(below.width.saturating_sub(2));
            let lines: Vec<Line> = search.hits.iter().map(|hit| line(hit, &self.ctx, width)).collect();
            let rows = Rect { height: below.height.saturating_sub(u16::from(search.more)), ..below };
            list::view(frame, rows, &self.ctx, &lines, search.cursor, true);
            if search.more {
                let y = rows.y + (lines.len() as u16).min(rows.height);
                let more = Line::styled(shorten(&word("find.more", lang), width), theme.muted());
                frame.render_widget(
                    more,
                    Rect { x: below.x + 1, y, height: 1, width: below.width.saturating_sub(1) },
                );
            }
        }
        // The field is drawn last, so that the terminal's cursor stands in it.
        search.field.view(frame, top, &self.ctx, true);
    }
}

/// A case: name, masked number, seat, and where it stands.
fn line(hit: &CaseHit, ctx: &Ctx, width: usize) -> Line<'static> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let seat = match (hit.matched, hit.seat) {
        (Matched::Registration, _) => {
            Say::key("find.registration").with("number", hit.registration).text(lang)
        }
        (_, Some(seat)) => Say::key("find.seat").with("seat", seat).text(lang),
        (_, None) => String::new(),
    };
    let when = hit.starts_at.map_or_else(String::new, |at| format!(" {}", at.dm_hm()));
    let state = format!("{}{when}", hit.state.label(lang));
    let right = format!(" {} {} {}", hit.phone_masked, fit(&seat, 11), fit(&state, 23));
    let name = match &hit.customer {
        Some(customer) => {
            Say::key("find.for").with("patient", &hit.name).with("customer", customer).text(lang)
        }
        None => hit.name.clone(),
    };
    Line::from(vec![
        Span::styled(fit(&name, width.saturating_sub(right.width())), theme.text()),
        Span::styled(right, theme.muted()),
    ])
}

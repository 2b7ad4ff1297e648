//! Draws registrations: the strip of panes, then the open pane. Wide screens show search and customer side by side;
//! narrow ones show the step that has the focus.

use super::act::Pane;
use super::draft::Draft;
use super::finder::Found;
use super::keys::pane_cap;
use super::opened::Opened;
use super::state::{CustomerStep, Load, Registration};
use super::{card, leads};
use crate::domain::actor::Permission as Act;
use crate::domain::campaign::spoken::Talk;
use crate::domain::registration::RegistrationState;
use crate::tui::call::merge::talk_to;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::{fit, shorten};
use crate::usecase::model::customer::{Matched, SearchHit};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

/// From this width on, search and customer are side by side.
const WIDE: u16 = 100;
/// Columns of the search beside the customer.
const FINDER_COLUMNS: u16 = 46;
/// Rows of the search field with its frame.
const FIELD_ROWS: u16 = 3;
/// Rows that the form keeps under the notice, however low the screen is.
const LEAST_FORM_ROWS: u16 = 4;

/// The strip of panes, and the pane under it.
pub const fn parts(area: Rect) -> (Rect, Rect) {
    let strip = if area.height > 0 { 1 } else { 0 };
    let pane = Rect { y: area.y + strip, height: area.height - strip, ..area };
    (Rect { height: strip, ..area }, pane)
}

/// Where the parts of the search are drawn in its pane.
pub struct Places {
    /// Search field and hits.
    pub finder: Option<Rect>,
    /// The customer.
    file: Option<Rect>,
}

impl Places {
    /// The places in a pane, depending on whether the customer has the focus.
    fn of(body: Rect, on_customer: bool, has_preview: bool) -> Self {
        if body.width >= WIDE {
            let left = Rect { width: FINDER_COLUMNS, ..body };
            let right = Rect { x: body.x + FINDER_COLUMNS, width: body.width - FINDER_COLUMNS, ..body };
            return Self { finder: Some(left), file: Some(right) };
        }
        if on_customer {
            return Self { finder: None, file: Some(body) };
        }
        if has_preview {
            let top = Rect { height: FIELD_ROWS.min(body.height), ..body };
            let rest = Rect { y: body.y + top.height, height: body.height - top.height, ..body };
            return Self { finder: Some(top), file: Some(rest) };
        }
        Self { finder: Some(body), file: None }
    }

    /// Where the hits are drawn within the search.
    pub const fn hits(finder: Rect) -> Rect {
        Rect {
            x: finder.x + 1,
            y: finder.y + FIELD_ROWS,
            width: finder.width.saturating_sub(2),
            height: finder.height.saturating_sub(FIELD_ROWS + 1),
        }
    }
}

impl Registration {
    /// The places of this state in the pane `area`.
    pub(super) fn places(&self, area: Rect) -> Places {
        let on_customer = !matches!(self.step, CustomerStep::Finding);
        Places::of(area, on_customer, matches!(self.finder.found, Found::One(_)))
    }

    /// Draws the strip and the open pane under it.
    pub(super) fn draw(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let (strip, body) = parts(area);
        let quiet = ctx.under_window();
        self.view_strip(frame, strip, if self.windows.is_open() { &quiet } else { ctx });
        self.view_pane(frame, body, ctx);
    }

    /// Draws the open pane and the window over it.
    pub(super) fn view_pane(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        match self.windows.get() {
            Some(window) => {
                self.view_open_pane(frame, area, &ctx.under_window());
                window.view(frame, area, ctx, &[]);
            }
            None => self.view_open_pane(frame, area, ctx),
        }
    }

    fn view_open_pane(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let focused = !self.windows.is_open();
        match self.pane {
            Pane::Search => {
                let places = self.places(area);
                if let Some(finder) = places.finder {
                    self.view_finder(frame, finder, ctx);
                }
                if let Some(file) = places.file {
                    self.view_file(frame, file, ctx);
                }
            }
            Pane::Leads => leads::view(&self.leads, frame, area, ctx, focused),
            Pane::Batches => self.batches.view(frame, area, ctx, focused),
        }
    }

    /// Draws the keys and names of the role's panes, the open one marked.
    pub(super) fn view_strip(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let (theme, lang, role) = (ctx.theme, ctx.lang, ctx.actor.role);
        let mut spans = vec![Span::raw(" ")];
        let panes = [
            (Pane::Search, Act::SeeCustomers, "reg.pane.search", 0),
            (Pane::Leads, Act::WorkLeads, "reg.pane.leads", self.leads.items().len() as i64),
            (Pane::Batches, Act::SeeBatches, "reg.pane.batches", self.batches.waiting),
        ];
        for (pane, act, key, count) in panes {
            if !role.may(act) {
                continue;
            }
            let count = if count > 0 { format!(" {count}") } else { String::new() };
            let style = if pane == self.pane { theme.selected() } else { theme.text() };
            spans.push(Span::styled(format!("{} ", pane_cap(pane)), theme.key()));
            spans.push(Span::styled(format!(" {}{count} ", word(key, lang)), style));
            spans.push(Span::raw("   "));
        }
        frame.render_widget(Line::from(spans), area);
    }

    fn view_finder(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let lang = ctx.lang;
        let searching = self.is_finding();
        let inner = pane::open(frame, area, ctx, &word("reg.search", lang), searching);
        let field = Rect { height: inner.height.min(1), ..inner };
        self.finder.field.view(frame, field, ctx, searching);
        let rows = Places::hits(area);
        if rows.height == 0 {
            return;
        }
        if self.finder.hits.is_empty() {
            let text = match (&self.finder.found, &self.finder.no_number) {
                (Found::Nothing, _) if self.requests.is_loading(Load::Search) => word("reg.loading", lang),
                (Found::Nothing, _) => word("reg.search_help", lang),
                (Found::Hits, Some(why)) => format!("{} {}", why.message(lang), why.hint(lang)),
                (Found::Hits, None) if self.finder.more => word("reg.nobody_in_part", lang),
                (Found::Hits, None) => word("reg.nobody", lang),
                (Found::One(_), _) if !matches!(self.step, CustomerStep::Finding) => return,
                (Found::One(_), _) => word("reg.whole_number", lang),
            };
            let room = Rect { x: rows.x + 1, width: rows.width.saturating_sub(2), ..rows };
            let lines = pane::prose(&text, room.width, ctx.theme.muted());
            frame.render_widget(Paragraph::new(lines), room);
            return;
        }
        let width = usize::from(rows.width.saturating_sub(2));
        let lines: Vec<Line> = self.finder.hits.shown().map(|hit| hit_line(hit, ctx, width)).collect();
        if !self.finder.more {
            return self.finder.hits.view_lines(frame, rows, ctx, &lines, searching);
        }
        let above = Rect { height: rows.height - 1, ..rows };
        self.finder.hits.view_lines(frame, above, ctx, &lines, searching);
        // Under the last hit, where the eye arrives; hits that do not fit are scrolled above it.
        let y = above.y + (lines.len() as u16).min(above.height);
        let line = Line::styled(shorten(&word("reg.more", lang), width), ctx.theme.muted());
        frame.render_widget(line, Rect { x: rows.x + 1, y, width: rows.width.saturating_sub(1), height: 1 });
    }

    fn view_file(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let lang = ctx.lang;
        let title = word("reg.customer", lang);
        match &self.step {
            CustomerStep::Registering(opened) => self.view_form(frame, area, ctx, opened),
            CustomerStep::Reading(opened) => {
                let inner = pane::open(frame, area, ctx, &title, !self.windows.is_open());
                let lines = card::lines(&opened.customer, opened.done, ctx, inner.width);
                frame.render_widget(Paragraph::new(lines), inner);
            }
            CustomerStep::Finding => {
                let inner = pane::open(frame, area, ctx, &title, false);
                let lines = match &self.finder.found {
                    Found::One(customer) => card::lines(customer, None, ctx, inner.width),
                    Found::Nothing | Found::Hits => {
                        pane::prose(&word("reg.nobody_open", lang), inner.width, ctx.theme.muted())
                    }
                };
                frame.render_widget(Paragraph::new(lines), inner);
            }
        }
    }

    /// Draws the notice that is read aloud, the form, and the refusal of the last try.
    fn view_form(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, opened: &Opened) {
        let (theme, lang) = (ctx.theme, ctx.lang);
        let Some(draft) = self.draft_of(&opened.customer.phone) else { return };
        let channel = opened.channel.map_or_else(String::new, |channel| {
            format!(" · {}", word(&format!("reg.channel.{}", channel.code()), lang))
        });
        let phone = crate::tui::call::card::shown_phone(&opened.customer.phone);
        let title = format!("{} · {phone}{channel}", word("reg.form.title", lang));
        let inner = pane::open(frame, area, ctx, &title, !self.windows.is_open());
        let to = talk_to(&opened.customer.name, opened.customer.salutation.as_deref(), ctx);
        let mut below = foot(draft, ctx, &to, inner.width);
        if let Some(position) = opened.customer.eligibility.would_wait_at.filter(|_| draft.refused.is_none())
        {
            let sentence = Say::key("reg.form.would_wait").with("position", position).text(lang);
            below.splice(0..0, pane::prose(&format!("⚠ {sentence}"), inner.width, theme.tone(Tone::Warn)));
        }
        // The notice and the question under the form are read out word by word, so they stand whole; the form scrolls
        // in what is left. Only a screen too low for all of it cuts the end of the notice, and says so.
        let foot_rows = (below.len() as u16).min(inner.height / 2);
        let notice = ctx.campaign.spoken(&ctx.campaign.notice.text, &to, lang);
        let mut notice = pane::prose(&notice, inner.width, theme.text());
        let spare = inner.height.saturating_sub(LEAST_FORM_ROWS + foot_rows);
        if notice.len() > usize::from(spare) {
            notice.truncate(usize::from(spare));
            if let Some(last) = notice.last_mut() {
                let cut = shorten(&format!("{last} …"), usize::from(inner.width));
                *last = Line::styled(cut, theme.text());
            }
        }
        let notice_rows = notice.len() as u16;
        let top = Rect { height: notice_rows, ..inner };
        frame.render_widget(Paragraph::new(notice), top);
        // An empty row above and below the form, where there is room for it.
        let free = inner.height.saturating_sub(notice_rows + foot_rows);
        let (above, under) = (u16::from(free > LEAST_FORM_ROWS), u16::from(free > LEAST_FORM_ROWS + 1));
        let height = free.saturating_sub(above + under).min(draft.form.height());
        let fields = Rect { y: top.bottom() + above, height, ..inner };
        draft.form.view(frame, fields, ctx, !self.windows.is_open());
        let foot_area = Rect { y: inner.bottom() - foot_rows, height: foot_rows, ..inner };
        frame.render_widget(Paragraph::new(below), foot_area);
    }
}

/// The lines under the form: the refusal with its hint, or else the sentence of the consent that has the focus.
fn foot(draft: &Draft, ctx: &Ctx, to: &Talk<'_>, width: u16) -> Vec<Line<'static>> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    if let Some(error) = &draft.refused {
        let mut out = pane::prose(&format!("✗ {}", error.message(lang)), width, theme.tone(Tone::Danger));
        out.extend(pane::prose(&error.hint(lang), width, theme.text()));
        return out;
    }
    match draft.asked_purpose() {
        Some(purpose) => {
            let question = ctx.campaign.spoken(ctx.campaign.notice.question(purpose), to, lang);
            pane::prose(&format!("“{question}”"), width, theme.strong())
        }
        None => pane::prose(&word("reg.form.help", lang), width, theme.muted()),
    }
}

/// The line of a hit: name, masked number, and the state of the registration, or its number where that was typed.
fn hit_line(hit: &SearchHit, ctx: &Ctx, width: usize) -> Line<'static> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let (tone, text) = match (hit.registration, hit.seat) {
        (Some(RegistrationState::Registered), Some(seat)) => {
            (Tone::Ok, Say::key("reg.hit.seat").with("seat", seat).text(lang))
        }
        (Some(RegistrationState::Waitlisted), _) => (Tone::Warn, word("reg.hit.waitlisted", lang)),
        (Some(RegistrationState::Cancelled), _) => (Tone::Muted, word("reg.hit.cancelled", lang)),
        _ if hit.on_list => (Tone::Info, word("reg.hit.on_list", lang)),
        _ => (Tone::Muted, word("reg.hit.fanpage", lang)),
    };
    let (tone, text) = match hit.registration_number.filter(|_| hit.matched == Matched::Registration) {
        Some(number) => {
            (tone, Say::key("reg.hit.registration").with("number", number).with("state", text).text(lang))
        }
        None => (tone, text),
    };
    let badge = pane::marked(theme, tone, &text);
    let room = width.saturating_sub(hit.phone_masked.width() + badge.content.width() + 2);
    Line::from(vec![
        Span::styled(fit(&hit.name, room), theme.text()),
        Span::styled(format!(" {} ", hit.phone_masked), theme.muted()),
        badge,
    ])
}

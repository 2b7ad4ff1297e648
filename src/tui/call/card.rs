//! Draws the card of a customer: who it is, whether they may be called, how long the lease lasts, and their history.

use super::merge::{given, salutation};
use super::panel::CallPanel;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::lang::Lang;
use crate::domain::phone::PhoneNumber;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::clock;
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::{fit, shorten};
use crate::usecase::model::call::{CallCard, HistoryLine};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Lines of a note in the history beside the call.
const NOTE_LINES: usize = 3;
/// Under this much time the lease is shown as a warning.
const LEASE_LOW_MS: i64 = 60_000;

/// An E.164 number as `0904 123 456`; the text itself when it cannot be parsed.
pub fn shown_phone(e164: &str) -> String {
    PhoneNumber::parse(e164).map_or_else(|_| e164.to_owned(), |parsed| parsed.number.display())
}

/// The number as it is dialled: `0904123456`.
pub fn dialled(e164: &str) -> String {
    shown_phone(e164).replace(' ', "")
}

/// Draws the card with its frame.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, panel: &CallPanel) {
    let title = word("call.customer", ctx.lang);
    let inner = pane::open(frame, area, ctx, &title, false);
    for (i, line) in lines(panel, ctx, inner.width).into_iter().take(usize::from(inner.height)).enumerate() {
        frame.render_widget(line, Rect { y: inner.y + i as u16, height: 1, ..inner });
    }
}

/// Rows that the card needs with its frame.
pub fn height(panel: &CallPanel, ctx: &Ctx) -> u16 {
    lines(panel, ctx, 40).len() as u16 + 2
}

fn lines(panel: &CallPanel, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let (theme, lang, card) = (ctx.theme, ctx.lang, &panel.card);
    let phone = shown_phone(&card.phone);
    let hint = card.carrier_hint.as_deref().map_or_else(String::new, |carrier| {
        Say::key("call.carrier_hint").with("carrier", word(&format!("carrier.{carrier}"), lang)).text(lang)
    });
    let hint = shorten(&hint, usize::from(width).saturating_sub(phone.width() + 1));
    let gap = usize::from(width).saturating_sub(phone.width() + hint.width());
    let mut out = vec![
        Line::from(vec![
            Span::styled(phone, theme.accent()),
            Span::raw(" ".repeat(gap)),
            Span::styled(hint, theme.muted()),
        ]),
        Line::from(vec![
            Span::styled(card.name.clone(), theme.strong()),
            Span::styled(format!(" · {}", salutation(card, lang)), theme.text()),
        ]),
    ];
    out.push(verdict(panel, ctx));
    if let Some(sent) = card.sms_sent_at.filter(|_| card.purpose == Purpose::Offer) {
        let sentence = Say::key("call.sms_sent").with("at", sent.dm_hm_near(ctx.now)).text(lang);
        out.push(Line::from(vec![Span::styled(sentence, theme.text()), tail_mark(Tone::Ok, ctx)]));
    }
    if let Some(at) = card.consulted_at {
        out.push(Line::styled(
            Say::key("call.consulted").with("at", at.dm_hm_near(ctx.now)).text(lang),
            theme.text(),
        ));
    }
    if let Some(at) = card.promised_at {
        let late = at.plus_minutes(1) < card.leased_at;
        let sentence = Say::key("call.promised_for").with("at", at.dm_hm_near(ctx.now)).text(lang);
        out.push(Line::from(pane::marked(theme, if late { Tone::Warn } else { Tone::Info }, &sentence)));
    }
    out.extend(dial_until(card, ctx));
    out.push(lease(panel, ctx));
    if !panel.note.trim().is_empty() {
        let note = shorten(&format!("✎ {}", panel.note.trim()), usize::from(width));
        out.push(Line::styled(note, theme.tone(Tone::Info)));
    }
    out
}

fn tail_mark(tone: Tone, ctx: &Ctx) -> Span<'static> {
    Span::styled(format!(" {}", tone.mark()), ctx.theme.tone(tone))
}

/// The line with the customer's province and whether they may register by phone.
fn verdict(panel: &CallPanel, ctx: &Ctx) -> Line<'static> {
    let card = &panel.card;
    let place = card.province.clone().unwrap_or_else(|| word("call.no_province", ctx.lang));
    let mut spans = vec![Span::styled(place, ctx.theme.text())];
    if card.purpose == Purpose::Offer {
        let (tone, say) = match (card.on_list, card.would_wait_at) {
            (true, None) => (Tone::Ok, Say::key("call.on_list")),
            (true, Some(position)) => (Tone::Warn, Say::key("call.would_wait").with("position", position)),
            (false, _) => (Tone::Warn, Say::key("call.off_list")),
        };
        spans.push(Span::styled(" · ", ctx.theme.muted()));
        spans.push(Span::styled(say.text(ctx.lang), ctx.theme.tone(tone)));
        spans.push(tail_mark(tone, ctx));
    }
    Line::from(spans)
}

/// Until when dialling may start, where the hours end before the lease. A call that goes on may go on; only its start is
/// bound to the hours.
fn dial_until(card: &CallCard, ctx: &Ctx) -> Option<Line<'static>> {
    let until = card.dial_until?;
    let say = if ctx.now < until {
        Say::key("call.dial_until").with("at", until.hm())
    } else {
        Say::key("call.dial_over")
    };
    Some(Line::from(pane::marked(ctx.theme, Tone::Warn, &say.text(ctx.lang))))
}

/// The line with the number of the attempt and the time left of the lease.
fn lease(panel: &CallPanel, ctx: &Ctx) -> Line<'static> {
    let (theme, card) = (ctx.theme, &panel.card);
    let left = panel.lease_left(ctx.now);
    let attempt =
        Say::key("call.attempt").with("n", card.attempt).with("max", card.max_attempts).text(ctx.lang);
    let kept = if left > 0 {
        let sentence = Say::key("call.lease_left").with("left", clock(left)).text(ctx.lang);
        let tone = if left < LEASE_LOW_MS { Tone::Warn } else { Tone::Plain };
        pane::marked(theme, tone, &sentence)
    } else {
        pane::marked(theme, Tone::Danger, &word("call.lease_over", ctx.lang))
    };
    let mut spans = vec![Span::styled(format!("{attempt} · "), theme.text())];
    spans.push(kept);
    Line::from(spans)
}

/// Draws the history with its frame, newest first.
pub fn view_history(frame: &mut Frame, area: Rect, ctx: &Ctx, panel: &CallPanel) {
    let title = word("call.history", ctx.lang);
    let inner = pane::open(frame, area, ctx, &title, false);
    let history = &panel.card.history;
    if history.is_empty() {
        frame.render_widget(Span::styled(word("call.no_history", ctx.lang), ctx.theme.muted()), inner);
        return;
    }
    let lines = history.iter().flat_map(|line| history_lines(line, ctx, inner.width));
    for (i, line) in lines.take(usize::from(inner.height)).enumerate() {
        frame.render_widget(line, Rect { y: inner.y + i as u16, height: 1, ..inner });
    }
}

/// One contact, and the beginning of its note under it; [`history`] shows the whole one.
fn history_lines(line: &HistoryLine, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let theme = ctx.theme;
    let (who, what) = contact(line, ctx.lang);
    let who = given(&who);
    let room = usize::from(width).saturating_sub(12 + 8);
    let mut out = vec![Line::from(vec![
        Span::styled(format!("{} ", line.at.dm_hm()), theme.muted()),
        Span::styled(format!("{} ", fit(&who, 7)), theme.text()),
        Span::styled(shorten(&what, room), theme.text()),
    ])];
    if let Some(note) = &line.note {
        let mut lines = pane::prose(&format!("“{note}”"), width.saturating_sub(2), theme.muted());
        let is_cut = lines.len() > NOTE_LINES;
        lines.truncate(NOTE_LINES);
        if let Some(last) = lines.last_mut().filter(|_| is_cut) {
            *last = Line::styled(
                shorten(&format!("{last} …"), usize::from(width.saturating_sub(2))),
                theme.muted(),
            );
        }
        for mut line in lines {
            line.spans.insert(0, Span::raw("  "));
            out.push(line);
        }
    }
    out
}

/// The window with the whole history, newest first, each note whole under its contact.
pub fn history(panel: &CallPanel, ctx: &Ctx) -> Effect {
    let lines = panel.card.history.iter().flat_map(|line| {
        let (who, what) = contact(line, ctx.lang);
        let first = format!("{} · {who} · {what}", line.at.dmy_hm());
        let note = line.note.as_ref().map(|note| format!("“{note}”"));
        [Some(first), note].into_iter().flatten().map(Say::Plain)
    });
    Effect::Show { title: Say::key("call.history"), lines: lines.collect(), tone: Tone::Info }
}

/// Who made a contact, and what came of it.
fn contact(line: &HistoryLine, lang: Lang) -> (String, String) {
    if line.kind == "sms" {
        ("SMS".to_owned(), word(&format!("state.{}", line.outcome), lang))
    } else {
        (line.by_name.clone(), outcome(line, lang))
    }
}

fn outcome(line: &HistoryLine, lang: Lang) -> String {
    let purpose = Purpose::parse(&line.about).unwrap_or(Purpose::Offer);
    let outcome = Disposition::parse(&line.outcome).map_or_else(
        || word(&format!("call.outcome.{}", line.outcome), lang),
        |disposition| disposition.label_for(purpose, lang),
    );
    match line.recorded_late_at {
        Some(at) => Say::key("call.outcome_late").with("outcome", outcome).with("at", at.hm()).text(lang),
        None => outcome,
    }
}

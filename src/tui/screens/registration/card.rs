//! Draws the open customer: the result of the registration just made, the verdict with its reasons, the registration,
//! and the matters.

use super::digits::big;
use super::opened::Done;
use crate::domain::consent::ConsentPurpose;
use crate::domain::contact::MatterState;
use crate::domain::name::Salutation;
use crate::domain::registration::{HandOverState, RegistrationState};
use crate::tui::call::card::shown_phone;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::{fit, shorten};
use crate::usecase::model::call::MatterLine;
use crate::usecase::model::customer::{AtVinmec, CustomerModel, RegistrationModel, Verdict};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Columns of the labels.
const LABELS: usize = 12;

/// Everything known of the customer, as lines of `width` columns, the most important first.
pub fn lines(customer: &CustomerModel, done: Option<Done>, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let mut out = who(customer, ctx, width);
    out.push(Line::default());
    match done {
        Some(done) => out.extend(result(done, ctx, width)),
        None => out.extend(verdict(customer, ctx, width)),
    }
    if let Some(opted) = &customer.opted_out {
        let key = match (opted.voice, opted.sms) {
            (true, true) => "reg.card.opted_both",
            (true, false) => "reg.card.opted_voice",
            (false, _) => "reg.card.opted_sms",
        };
        let sentence = Say::key(key).with("at", opted.at.dmy_hm()).text(ctx.lang);
        out.push(Line::from(pane::marked(ctx.theme, Tone::Danger, &sentence)));
    }
    if let Some(registration) = &customer.registration {
        out.push(Line::default());
        out.extend(registered(registration, ctx));
    }
    if !customer.matters.is_empty() {
        out.push(Line::default());
        out.push(Line::styled(word("reg.card.matters", ctx.lang), ctx.theme.muted()));
        out.extend(customer.matters.iter().map(|line| matter(line, ctx, width)));
    }
    out
}

/// The lines of number, name, kinship word and province.
fn who(customer: &CustomerModel, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let phone = shown_phone(&customer.phone);
    let hint = customer.carrier_hint.as_deref().map_or_else(String::new, |carrier| {
        Say::key("reg.card.carrier").with("carrier", word(&format!("carrier.{carrier}"), lang)).text(lang)
    });
    let gap = usize::from(width).saturating_sub(phone.width() + hint.width());
    let name = if customer.name.is_empty() {
        Span::styled(word("reg.card.unknown", lang), theme.muted())
    } else {
        Span::styled(customer.name.clone(), theme.strong())
    };
    let salutation = customer.salutation.as_deref().and_then(Salutation::parse);
    let rest: Vec<String> =
        salutation.map(|word| word.label(lang)).into_iter().chain(customer.province.clone()).collect();
    let rest = if rest.is_empty() { String::new() } else { format!(" · {}", rest.join(" · ")) };
    let mut out = vec![
        Line::from(vec![
            Span::styled(phone, theme.accent()),
            Span::raw(" ".repeat(gap)),
            Span::styled(hint, theme.muted()),
        ]),
        Line::from(vec![name, Span::styled(rest, theme.text())]),
    ];
    if let Some(code) = &customer.phone_warning {
        let sentence = word(&format!("phone.warning.{code}"), lang);
        out.push(Line::from(pane::marked(theme, Tone::Warn, &sentence)));
    }
    out
}

/// The number of the seat in large digits, or the position on the waitlist.
fn result(done: Done, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let (tone, title, number, help) = match done {
        Done::Seat(seat) => (Tone::Ok, "reg.done.seat", seat, "reg.done.seat_help"),
        Done::Waitlisted(position) => {
            (Tone::Warn, "reg.done.waitlisted", position, "reg.done.waitlisted_help")
        }
    };
    let mut out = vec![Line::from(pane::badge(theme, tone, &word(title, lang))), Line::default()];
    out.extend(big(number).into_iter().map(|row| Line::styled(format!("  {row}"), theme.tone(tone))));
    out.push(Line::default());
    let sentence = Say::key(help).with("number", number).text(lang);
    out.extend(pane::prose(&sentence, width, theme.strong()));
    out
}

/// Whether the customer may register, as a badge, with every reason against it.
fn verdict(customer: &CustomerModel, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let verdict = &customer.eligibility;
    let seat = customer.registration.as_ref().and_then(|registration| registration.seat);
    let (tone, say) = match verdict.verdict {
        // What the customer has to hear first stands where the eye is.
        Verdict::OnList if verdict.would_wait_at.is_some() => {
            let position = verdict.would_wait_at.unwrap_or_default();
            (Tone::Warn, Say::key("reg.verdict.would_wait").with("position", position))
        }
        Verdict::OnList => (Tone::Ok, Say::key("reg.verdict.on_list")),
        Verdict::NotInvited => (Tone::Warn, Say::key("reg.verdict.not_invited")),
        Verdict::FanpageOnly => (Tone::Warn, Say::key("reg.verdict.fanpage_only")),
        Verdict::Registered => {
            (Tone::Info, Say::key("reg.verdict.registered").with("seat", seat.unwrap_or_default()))
        }
        Verdict::Waitlisted => {
            let position = customer.registration.as_ref().and_then(|registration| registration.position);
            (Tone::Info, Say::key("reg.verdict.waitlisted").with("position", position.unwrap_or_default()))
        }
        Verdict::Cancelled => (Tone::Muted, Say::key("reg.verdict.cancelled")),
        Verdict::Closed => (Tone::Danger, Say::key("reg.verdict.closed")),
    };
    let mut out = vec![Line::from(pane::badge(theme, tone, &say.text(lang)))];
    if let Some(at) = verdict.sms_sent_at {
        let sentence = Say::key("reg.card.sms_sent").with("at", at.dmy_hm()).text(lang);
        out.push(Line::from(pane::marked(theme, Tone::Ok, &sentence)));
    }
    // Who may register here reads it in the verdict itself.
    if let Some(position) = verdict.would_wait_at.filter(|_| verdict.verdict != Verdict::OnList) {
        let sentence = Say::key("reg.card.would_wait").with("position", position).text(lang);
        out.push(Line::from(pane::marked(theme, Tone::Warn, &sentence)));
    }
    for reason in &verdict.reasons {
        let sentence = format!("• {}", reason.refusal.message(lang));
        out.extend(pane::prose(&sentence, width, theme.tone(Tone::Warn)));
        let hint = format!("  {}", reason.refusal.hint(lang));
        out.extend(pane::prose(&hint, width, theme.muted()));
    }
    out
}

/// The facts of the registration.
fn registered(registration: &RegistrationModel, ctx: &Ctx) -> Vec<Line<'static>> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let text = |text: String| Span::styled(text, theme.text());
    let fact = |key: &str, value: Span<'static>| pane::fact(theme, &word(key, lang), LABELS, value);
    let state = word(&format!("state.{}", registration.state.code()), lang);
    let place = match (registration.seat, registration.position) {
        (Some(seat), _) => Say::key("reg.card.seat").with("seat", seat).text(lang),
        (None, Some(position)) => Say::key("reg.card.position").with("position", position).text(lang),
        (None, None) => String::new(),
    };
    let standing = match registration.cancelled_at {
        Some(at) => format!("{state} {}", at.dmy_hm()),
        None if place.is_empty() => state,
        None => format!("{place} · {state}"),
    };
    let channel = word(&format!("reg.channel.{}", registration.channel), lang);
    let made = format!(
        "{} · {} · {channel}",
        registration.at.dmy_hm(),
        registration.by_name.as_ref().unwrap_or(&registration.by)
    );
    let handed = match registration.at_vinmec {
        Some(AtVinmec::Finished) => "finished",
        // A cancelled registration is not handed over any more.
        None if registration.state == RegistrationState::Cancelled
            && registration.handed_over == HandOverState::Waiting =>
        {
            "none"
        }
        Some(AtVinmec::Open) | None => registration.handed_over.code(),
    };
    let handed = word(&format!("reg.handed.{handed}"), lang);
    let mut consents = Vec::new();
    for (code, given) in &registration.consents {
        let Some(purpose) = ConsentPurpose::parse(code) else { continue };
        let (mark, tone) = if *given { ("☑", Tone::Ok) } else { ("☐", Tone::Muted) };
        consents.push(Line::from(vec![
            Span::raw(" ".repeat(LABELS + 1)),
            Span::styled(format!("{mark} "), theme.tone(tone)),
            Span::styled(purpose.label(lang), if *given { theme.text() } else { theme.muted() }),
        ]));
    }
    let mut out = vec![
        fact("reg.card.registration", Span::styled(standing, theme.strong())),
        fact("reg.card.made", text(made)),
        fact("reg.card.handed_over", text(handed)),
    ];
    if !consents.is_empty() {
        out.push(Line::styled(word("reg.card.consents", lang), theme.muted()));
        out.extend(consents);
    }
    out
}

/// The line of a matter: purpose, state, time, agent.
fn matter(line: &MatterLine, ctx: &Ctx, width: u16) -> Line<'static> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let mut parts = vec![word(&format!("state.{}", line.state.code()), lang)];
    if let Some(reason) = &line.reason {
        parts.push(reason_word(reason, ctx));
    }
    if line.attempts > 0 {
        parts.push(Say::key("reg.card.attempts").with("count", line.attempts).text(lang));
    }
    if let Some(at) = line.due_at.filter(|at| line.state != MatterState::Closed && *at > ctx.now) {
        parts.push(Say::key("reg.card.due").with("at", at.dm_hm_near(ctx.now)).text(lang));
    }
    if let Some(holder) = line.holder_name.as_ref().or(line.holder.as_ref()) {
        parts.push(Say::key("reg.card.holder").with("who", holder).text(lang));
    }
    let room = usize::from(width).saturating_sub(20);
    Line::from(vec![
        Span::styled(format!("  {} ", fit(&line.purpose.label(lang), 17)), theme.text()),
        Span::styled(shorten(&parts.join(" · "), room), theme.muted()),
    ])
}

/// The text of a reason that closes or holds a matter: a disposition or a contact rule; a code without a text is shown
/// as it is.
fn reason_word(code: &str, ctx: &Ctx) -> String {
    if let Some(disposition) = crate::domain::disposition::Disposition::parse(code) {
        return disposition.label(ctx.lang);
    }
    for key in [format!("reg.reason.{code}"), format!("state.{code}")] {
        let text = word(&key, ctx.lang);
        if !text.ends_with(&key) {
            return text;
        }
    }
    code.to_owned()
}

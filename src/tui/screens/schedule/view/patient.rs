//! Draws the line of the patient: name, birth year and representative on the left; on the right who agreed and, with the
//! key that asks for it, what is missing.

use super::super::intake::Intake;
use super::super::patient;
use super::parts::{both_ends, label};
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::wrap::shorten;
use crate::usecase::model::case::CaseFile;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws the line; empty until the case is read.
pub(super) fn view(open: &Intake, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let body = label(frame, area, ctx, "schedule.label.patient", false);
    let Some(file) = &open.file else { return };
    let (right, tone) = standing(file, ctx);
    let right = Span::styled(right, ctx.theme.tone(tone));
    let room = usize::from(body.width).saturating_sub(right.width() + 2);
    let left = Span::styled(shorten(&who(file), room), ctx.theme.strong());
    let line: Line = both_ends(vec![left], right, body.width);
    frame.render_widget(line, Rect { height: body.height.min(1), ..body });
}

fn who(file: &CaseFile) -> String {
    let born = file.birth_year.map_or_else(String::new, |year| format!(" ({year})"));
    let spoken_for = file.representative.as_ref().map_or_else(String::new, |name| format!(" · {name}"));
    format!("{}{born}{spoken_for}", patient::name(file))
}

/// What is missing, or that nothing is.
fn standing(file: &CaseFile, ctx: &Ctx) -> (String, Tone) {
    let mut parts = Vec::new();
    let agreed: Vec<_> = file.consents.iter().filter(|line| line.given).map(|line| line.party).collect();
    if !agreed.is_empty() {
        parts.push(format!("✓ {}", patient::parties(&agreed, ctx.lang)));
    }
    let told = parts.len();
    if !file.consents_missing.is_empty() {
        let names = patient::parties(&file.consents_missing, ctx.lang);
        parts.push(Say::key("schedule.missing.consent").with("parties", names).text(ctx.lang));
    }
    if file.birth_year.is_none() {
        parts.push(word("schedule.missing.birth_year", ctx.lang));
    }
    let tone = if parts.len() > told { Tone::Warn } else { Tone::Ok };
    (parts.join(" · "), tone)
}

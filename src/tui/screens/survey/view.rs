//! Draws the survey: queue and measures while no call is open; card, script and results at the start of a call; one
//! question at a time after that.

use super::interview::{Answer, At, Interview};
use super::keys::{Act, cap};
use super::state::Survey;
use super::totals;
use crate::domain::contact::Purpose;
use crate::domain::survey::Question;
use crate::tui::call::desk::{CallAct, CallOutcome, OpenCall, Part};
use crate::tui::call::merge::filled;
use crate::tui::call::results::{self, Menu, ResultRow};
use crate::tui::call::{card, script};
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::clock;
use crate::tui::widgets::caret;
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::shorten;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// From this width on the card gets more room.
const WIDE: u16 = 100;
/// Rows of the pane with the call before.
const LAST_ROWS: u16 = 5;
/// Columns of one answer on the scale, at least and at most.
const CELL: (u16, u16) = (3, 5);

/// Where the results are drawn at the start of a call.
pub(super) fn results_area(area: Rect, ctx: &Ctx) -> Rect {
    let height = results::height(area.width, Purpose::Survey, ctx.lang).min(area.height);
    Rect { y: area.bottom() - height, height, ..area }
}

impl Survey {
    pub(super) fn draw(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        match self.desk.call() {
            Some(call) => draw_call(frame, area, ctx, call),
            None => self.draw_ready(frame, area, ctx),
        }
    }

    fn draw_ready(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let [left, right] = Layout::horizontal([Constraint::Percentage(42), Constraint::Fill(1)]).areas(area);
        let inner = pane::open(frame, left, ctx, &word("survey.queue", ctx.lang), true);
        pane::put(frame, inner, self.ready_lines(ctx, inner.width));
        let promises = self.desk.waiting.promises().len() as u16;
        let promise_rows = if promises == 0 { 0 } else { (promises + 2).min(right.height / 3) };
        let [top, middle, below] = Layout::vertical([
            Constraint::Fill(1),
            Constraint::Length(promise_rows),
            Constraint::Length(LAST_ROWS),
        ])
        .areas(right);
        let inner = pane::open(frame, top, ctx, &word("survey.totals", ctx.lang), false);
        let lines = match &self.totals {
            Some(totals) => totals::lines(totals, ctx, inner.width),
            None => vec![Line::styled(word("calls.loading", ctx.lang), ctx.theme.muted())],
        };
        pane::put(frame, inner, lines);
        if promise_rows > 0 {
            self.desk.waiting.view_promises(frame, middle, ctx);
        }
        let inner = pane::open(frame, below, ctx, &word("calls.last", ctx.lang), false);
        pane::put(frame, inner, self.last_lines(ctx, inner.width));
    }

    fn ready_lines(&self, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
        let theme = ctx.theme;
        let mut lines = vec![Line::default()];
        if let Some(nobody) =
            self.desk.waiting.nobody_lines("survey.nothing_due", "survey.no_next", ctx, width)
        {
            lines.extend(nobody);
        } else {
            let hint = word("survey.fetch_hint", ctx.lang);
            lines.push(Line::from_iter(pane::key(theme, &cap(Act::Call(CallAct::Fetch)), &hint)));
        }
        lines.push(Line::default());
        lines.extend(self.desk.waiting.lines(ctx));
        lines
    }

    fn last_lines(&self, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
        let theme = ctx.theme;
        let Some(last) = self.desk.last() else {
            return pane::prose(&word("calls.no_last", ctx.lang), width, theme.muted());
        };
        let (outcome, next_at) = match last.outcome {
            CallOutcome::Ended { disposition, next_at } => {
                (disposition.label_for(Purpose::Survey, ctx.lang), next_at)
            }
            CallOutcome::Seated { .. } | CallOutcome::Waitlisted { .. } | CallOutcome::Answered => {
                (word("survey.saved", ctx.lang), None)
            }
        };
        let next = next_at.map_or_else(String::new, |at| {
            format!(" · {}", Say::key("calls.follow.retry").with("at", at.dm_hm_near(ctx.now)).text(ctx.lang))
        });
        let mut lines = vec![
            Line::from(vec![
                Span::styled(format!("{} ", Tone::Ok.mark()), theme.tone(Tone::Ok)),
                Span::styled(last.call.panel.card.name.clone(), theme.strong()),
            ]),
            Line::from(vec![Span::styled(outcome, theme.text()), Span::styled(next, theme.muted())]),
        ];
        if let Some(until) = last.undo_until {
            let left = Say::key("calls.undo_left").with("left", clock(until.since(ctx.now)));
            lines.push(Line::from_iter(pane::key(
                theme,
                &cap(Act::Call(CallAct::Undo)),
                &left.text(ctx.lang),
            )));
        }
        lines
    }
}

fn draw_call(frame: &mut Frame, area: Rect, ctx: &Ctx, call: &OpenCall<Interview>) {
    let OpenCall { panel, part, middle, .. } = call;
    let asks = *part == Part::Middle;
    let below = results_area(area, ctx);
    let top = if asks { area } else { Rect { height: area.height - below.height, ..area } };
    let left_width = if area.width >= WIDE { 44 } else { 36 };
    let [left, right] = Layout::horizontal([Constraint::Length(left_width), Constraint::Fill(1)]).areas(top);
    let [top_left, bottom_left] =
        Layout::vertical([Constraint::Length(card::height(panel, ctx)), Constraint::Fill(1)]).areas(left);
    card::view(frame, top_left, ctx, panel);
    match (asks, middle.at) {
        (true, At::Question(at)) => {
            draw_answers(frame, bottom_left, ctx, call, Some(at));
            draw_question(frame, right, ctx, call, at);
        }
        (true, At::Comment) => {
            draw_answers(frame, bottom_left, ctx, call, None);
            draw_comment(frame, right, ctx, call);
        }
        (false, _) => {
            card::view_history(frame, bottom_left, ctx, panel);
            script::view(frame, right, ctx, panel, "", *part == Part::Script);
            let (row, lit) =
                if let Part::Results(row) = part { (*row, true) } else { (ResultRow::First, false) };
            let menu = Menu { purpose: Purpose::Survey, row, lit, may_agree: false };
            results::view(frame, below, ctx, menu);
            if let Part::Detail(detail) = part {
                detail.view(frame, area, ctx, panel);
            }
        }
    }
}

/// The answers of this customer so far, and of no other.
fn draw_answers(frame: &mut Frame, area: Rect, ctx: &Ctx, call: &OpenCall<Interview>, at: Option<usize>) {
    let OpenCall { panel, middle: interview, .. } = call;
    let inner = pane::open(frame, area, ctx, &word("survey.answers", ctx.lang), false);
    let lines = interview.scales.iter().zip(&interview.answers).enumerate().map(|(i, (scale, answer))| {
        let now = at == Some(i);
        let lead = if now { Span::styled("▌", ctx.theme.focus()) } else { Span::raw(" ") };
        let question = question_of(ctx, &scale.code)
            .map_or_else(String::new, |question| filled(&question.text, &panel.card, ctx));
        let room = usize::from(inner.width).saturating_sub(9);
        let style = if now { ctx.theme.strong() } else { ctx.theme.text() };
        let value = match (answer, question_of(ctx, &scale.code)) {
            (Answer::Open, _) => Span::styled("   ·", ctx.theme.muted()),
            (Answer::Skipped, _) => Span::styled("   –", ctx.theme.muted()),
            (Answer::Given(value), Some(question)) if question.high == 1 => {
                let tone = if value > &0 { Tone::Ok } else { Tone::Danger };
                Span::styled(format!("   {}", tone.mark()), ctx.theme.accent())
            }
            (Answer::Given(value), _) => Span::styled(format!("{value:>4}"), ctx.theme.accent()),
        };
        let text = shorten(&question, room);
        let gap = room.saturating_sub(text.width());
        Line::from(vec![
            lead,
            Span::styled(format!("{} ", i + 1), ctx.theme.muted()),
            Span::styled(text, style),
            Span::raw(" ".repeat(gap)),
            value,
        ])
    });
    pane::put(frame, inner, lines);
}

fn question_of<'a>(ctx: &'a Ctx, code: &str) -> Option<&'a Question> {
    ctx.campaign.survey.find(code)
}

fn draw_question(frame: &mut Frame, area: Rect, ctx: &Ctx, call: &OpenCall<Interview>, at: usize) {
    let OpenCall { panel, middle: interview, .. } = call;
    let title =
        Say::key("survey.question").with("at", at + 1).with("count", interview.scales.len()).text(ctx.lang);
    let inner = pane::open(frame, area, ctx, &title, true);
    let Some(question) = interview.scales.get(at).and_then(|scale| question_of(ctx, &scale.code)) else {
        return;
    };
    let mut lines = vec![Line::default()];
    let asked = filled(&question.text, &panel.card, ctx);
    lines.extend(pane::prose(&asked, inner.width, ctx.theme.strong()));
    lines.push(Line::default());
    let top = lines.len() as u16;
    pane::put(frame, inner, lines);
    let answer = interview.answers.get(at).copied().unwrap_or(Answer::Open);
    let scale = Rect { y: inner.y + top, height: inner.height.saturating_sub(top), ..inner };
    let rest = draw_scale(frame, scale, ctx, question, answer);
    let mut hints = vec![Line::default()];
    if interview.is_one_or_ten() {
        let asked = format!("{} {}", Tone::Info.mark(), word("survey.one_or_ten", ctx.lang));
        hints.extend(pane::prose(&asked, inner.width, ctx.theme.tone(Tone::Info)));
    }
    if answer == Answer::Skipped {
        let skipped = pane::marked(ctx.theme, Tone::Info, &word("survey.skipped", ctx.lang));
        hints.push(Line::from(skipped));
    }
    for (act, key) in [(Act::Skip, "key.survey.skip.help"), (Act::Before, "key.survey.before.help")] {
        hints.push(Line::from_iter(pane::key(ctx.theme, &cap(act), &word(key, ctx.lang))));
    }
    pane::put(frame, rest, hints);
}

/// Draws the answers side by side with their keys and the meaning of both ends below; returns the rest of the area.
fn draw_scale(frame: &mut Frame, area: Rect, ctx: &Ctx, question: &Question, answer: Answer) -> Rect {
    let theme = ctx.theme;
    let values = question.low..=question.high;
    let count = values.clone().count() as u16;
    let cell = (area.width / count.max(1)).clamp(CELL.0, CELL.1);
    for (i, value) in values.enumerate() {
        let x = area.x + i as u16 * cell;
        if x + CELL.0 > area.right() || area.height == 0 {
            break;
        }
        let chosen = answer == Answer::Given(value);
        let style = if chosen { theme.selected() } else { theme.input() };
        let name = cap(Act::Answer(value));
        let place = Rect { x, y: area.y, width: CELL.0, height: 1 };
        if chosen || (answer == Answer::Open && i == 0) {
            caret::stand(frame, ctx, place, (1, 0));
        }
        frame.render_widget(Span::styled(format!(" {name} "), style), place);
    }
    let ends = [(question.low, &question.low_text), (question.high, &question.high_text)];
    let mut lines = vec![Line::default()];
    for (value, text) in ends {
        lines.push(Line::from(vec![
            Span::styled(cap(Act::Answer(value)), theme.key()),
            Span::styled(format!(" {}", text.get(ctx.lang)), theme.muted()),
            Span::styled(if value > 9 { format!(" ({value})") } else { String::new() }, theme.muted()),
        ]));
    }
    let used = lines.len() as u16;
    pane::put(frame, Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }, lines);
    Rect { y: (area.y + 1 + used).min(area.bottom()), height: area.height.saturating_sub(1 + used), ..area }
}

fn draw_comment(frame: &mut Frame, area: Rect, ctx: &Ctx, call: &OpenCall<Interview>) {
    let OpenCall { panel, middle: interview, .. } = call;
    let inner = pane::open(frame, area, ctx, &word("survey.comment_title", ctx.lang), true);
    let mut lines = vec![Line::default()];
    let asked = filled(&ctx.campaign.survey.comment, &panel.card, ctx);
    lines.extend(pane::prose(&asked, inner.width, ctx.theme.strong()));
    lines.push(Line::default());
    let top = (lines.len() as u16).min(inner.height);
    pane::put(frame, inner, lines);
    let below = Rect { y: inner.y + top, height: inner.height - top, ..inner };
    let height = interview.comment.height().min(below.height);
    interview.comment.view(frame, Rect { height, ..below }, ctx, true);
    let hint = Rect { y: below.y + height, height: below.height - height, ..below };
    let save = pane::key(ctx.theme, &cap(Act::Save), &word("key.survey.save.help", ctx.lang));
    let care = pane::prose(&word("survey.no_health", ctx.lang), hint.width, ctx.theme.muted());
    pane::put(frame, hint, [Line::default(), Line::from_iter(save)].into_iter().chain(care));
}

//! Draws outbound calls: the queue while no call is open; card, script and results during a call.

use super::keys::{Act, cap};
use super::state::{Offer, Open, Outbound};
use crate::domain::contact::Purpose;
use crate::domain::disposition::FollowUp;
use crate::tui::call::desk::{CallAct, CallOutcome, Last, OpenCall, Part, State};
use crate::tui::call::results::{self, Menu, ResultRow};
use crate::tui::call::{card, queue, script};
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::clock;
use crate::tui::widgets::pane;
use crate::usecase::command::PauseCode;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

/// From this width on the card gets more room.
const WIDE: u16 = 100;
/// Rows of the pane with the call before.
const LAST_ROWS: u16 = 6;

/// Where the results are drawn while a call is open.
pub(super) fn results_area(area: Rect, ctx: &Ctx) -> Rect {
    let height = results::height(area.width, Purpose::Offer, ctx.lang).min(area.height);
    Rect { y: area.bottom() - height, height, ..area }
}

/// The left and the right half of the ready screen.
fn halves(area: Rect) -> [Rect; 2] {
    Layout::horizontal([Constraint::Percentage(46), Constraint::Fill(1)]).areas(area)
}

/// Where the promised callbacks are drawn while no call is open.
pub(super) fn promises_area(area: Rect) -> Rect {
    let [_, right] = halves(area);
    Rect { height: right.height.saturating_sub(LAST_ROWS), ..right }
}

impl Outbound {
    pub(super) fn draw(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        match self.desk.state() {
            State::Ready => self.draw_ready(frame, area, ctx),
            State::ChoosingPause => {
                self.draw_ready(frame, area, ctx);
                draw_pauses(frame, area, ctx);
            }
            State::Paused { code, since } => {
                let since = since.map(|since| ctx.now.since(since));
                self.draw_paused(frame, area, ctx, *code, since);
            }
            State::Open(call) => draw_call(frame, area, ctx, call),
        }
    }

    fn draw_ready(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let [left, right] = halves(area);
        let inner = pane::open(frame, left, ctx, &word("calls.queue", ctx.lang), true);
        pane::put(frame, inner, self.ready_lines(ctx, inner.width));
        let promises = promises_area(area);
        self.desk.waiting.view_promises(frame, promises, ctx);
        let below = Rect { y: promises.bottom(), height: right.bottom() - promises.bottom(), ..right };
        let inner = pane::open(frame, below, ctx, &word("calls.last", ctx.lang), false);
        pane::put(frame, inner, self.last_lines(ctx, inner.width));
    }

    fn ready_lines(&self, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
        let theme = ctx.theme;
        let mut lines = vec![Line::default()];
        let due = queue::promises_due(self.desk.waiting.promises(), ctx.now);
        match self.desk.waiting.nobody_lines("calls.nothing_due", "calls.no_next", ctx, width) {
            Some(nobody) => lines.extend(nobody),
            None => lines.push(Line::from_iter(pane::key(
                theme,
                &cap(Act::Call(CallAct::Fetch)),
                &word("calls.fetch_hint", ctx.lang),
            ))),
        }
        if due > 0 {
            let text = Say::key("calls.promises_due").with("count", due).text(ctx.lang);
            lines.push(Line::from_iter(pane::key(theme, &cap(Act::Call(CallAct::CallBack)), &text)));
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
        let name = last.call.panel.card.name.clone();
        let mut lines = vec![Line::from(vec![
            Span::styled(format!("{} ", Tone::Ok.mark()), theme.tone(Tone::Ok)),
            Span::styled(name, theme.strong()),
            Span::styled(format!(" · {}", card::shown_phone(&last.call.panel.card.phone)), theme.muted()),
        ])];
        lines.extend(came_lines(last, ctx));
        if let Some(until) = last.undo_until {
            let left = clock(until.since(ctx.now));
            lines.push(Line::from_iter(pane::key(
                theme,
                &cap(Act::Call(CallAct::Undo)),
                &Say::key("calls.undo_left").with("left", left).text(ctx.lang),
            )));
        }
        lines
    }

    fn draw_paused(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, code: PauseCode, since: Option<i64>) {
        let reason = word(&format!("calls.pause_code.{}", code.code()), ctx.lang);
        let title = Say::key("calls.standing.paused").with("reason", reason).text(ctx.lang);
        let inner = pane::open(frame, area, ctx, &title, true);
        let mut lines = vec![Line::default()];
        if let Some(since) = since {
            lines.push(Line::styled(clock(since), ctx.theme.strong()));
            lines.push(Line::default());
        }
        lines.push(Line::from_iter(pane::key(
            ctx.theme,
            &cap(Act::Call(CallAct::Resume)),
            &word("key.calls.resume.label", ctx.lang),
        )));
        let due = queue::promises_due(self.desk.waiting.promises(), ctx.now);
        if due > 0 {
            let text = Say::key("calls.promises_waiting").with("count", due).text(ctx.lang);
            lines.push(Line::default());
            lines.push(Line::from(pane::marked(ctx.theme, Tone::Warn, &text)));
        }
        pane::put(frame, inner, lines);
    }
}

fn draw_call(frame: &mut Frame, area: Rect, ctx: &Ctx, call: &OpenCall<Offer>) {
    let panel = &call.panel;
    let below = results_area(area, ctx);
    let top = Rect { height: area.height - below.height, ..area };
    let left_width = if area.width >= WIDE { 44 } else { 36 };
    let [left, right] = Layout::horizontal([Constraint::Length(left_width), Constraint::Fill(1)]).areas(top);
    let [top_left, bottom_left] =
        Layout::vertical([Constraint::Length(card::height(panel, ctx)), Constraint::Fill(1)]).areas(left);
    card::view(frame, top_left, ctx, panel);
    card::view_history(frame, bottom_left, ctx, panel);
    match (&call.part, call.middle.open) {
        (Part::Middle, Open::Questions(at)) => {
            script::view_questions(frame, right, ctx, panel, at, |n| cap(Act::Question(n)));
        }
        _ => {
            let focused = call.part == Part::Script;
            script::view(frame, right, ctx, panel, &cap(Act::Questions), focused);
        }
    }
    let row = if let Part::Results(row) = call.part { row } else { ResultRow::First };
    let lit = matches!(call.part, Part::Script | Part::Results(_));
    results::view(
        frame,
        below,
        ctx,
        Menu { purpose: Purpose::Offer, row, lit, may_agree: panel.may_agree() },
    );
    match (&call.part, call.middle.open, &call.middle.form) {
        (Part::Detail(detail), _, _) => detail.view(frame, area, ctx, panel),
        (Part::Middle, Open::Register, Some(registering)) => registering.view(frame, area, ctx, panel),
        _ => {}
    }
}

fn came_lines(last: &Last<Offer>, ctx: &Ctx) -> Vec<Line<'static>> {
    let theme = ctx.theme;
    match &last.outcome {
        CallOutcome::Seated { seat, .. } => {
            let text = Say::key("calls.seated").with("seat", seat).text(ctx.lang);
            vec![Line::from(pane::badge(theme, Tone::Ok, &text))]
        }
        CallOutcome::Waitlisted { position, .. } => {
            let text = Say::key("calls.waitlisted").with("position", position).text(ctx.lang);
            vec![Line::from(pane::badge(theme, Tone::Warn, &text))]
        }
        CallOutcome::Answered => Vec::new(),
        CallOutcome::Ended { disposition, next_at } => {
            let follows = match (next_at, disposition.follow_up()) {
                (Some(at), FollowUp::Promise) => {
                    Say::key("calls.follow.promise").with("at", at.dm_hm_near(ctx.now))
                }
                (Some(at), _) => Say::key("calls.follow.retry").with("at", at.dm_hm_near(ctx.now)),
                (None, FollowUp::Supervisor) => Say::key("calls.follow.supervisor"),
                (None, FollowUp::Close | FollowUp::Retry | FollowUp::Promise) => {
                    Say::key("calls.follow.closed")
                }
            };
            vec![
                Line::styled(disposition.label(ctx.lang), theme.text()),
                Line::styled(follows.text(ctx.lang), theme.muted()),
            ]
        }
    }
}

fn draw_pauses(frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let height = PauseCode::ALL.len() as u16 + 2;
    let title = word("calls.pause_title", ctx.lang);
    let inner = pane::popup(frame, area, ctx, &title, (34, height), Tone::Plain);
    let lines: Vec<Line> = PauseCode::ALL
        .into_iter()
        .map(|code| {
            let reason = word(&format!("calls.pause_code.{}", code.code()), ctx.lang);
            Line::from_iter(pane::key(ctx.theme, &cap(Act::Call(CallAct::Pause(code))), &reason))
        })
        .collect();
    pane::put(frame, inner, lines);
}

//! What the keys do.

use super::interview::{Answer, Interview, Stage};
use super::{Act, Flight, OPT_OUT, Survey, view};
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::tui::call::card::dialled;
use crate::tui::call::detail::{Detail, ask_opt_out};
use crate::tui::call::ending::{self, Row};
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::input::{Mouse, Pointer};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::{Claim, RecordCall};
use crate::usecase::{Command, Query};
use ratatui::layout::Rect;

const QUEUE: Query = Query::Queue { purpose: Purpose::Survey };

impl Survey {
    /// Sends a command; keys are held until its answer is here.
    fn send(&mut self, flight: Flight, command: Command, then: Query) -> Vec<Effect> {
        let ticket = self.tickets.next();
        self.flight = Some((ticket, flight));
        vec![Effect::save(ticket, command, Some(then))]
    }

    /// Takes the next customer, or a named one.
    pub(super) fn claim(&mut self, matter: Option<MatterId>) -> Effect {
        let ticket = self.tickets.next();
        self.flight = Some((ticket, Flight::Claim));
        let command = Command::Claim(Claim { purpose: Purpose::Survey, matter });
        Effect::save(ticket, command, Some(Query::OpenCall {}))
    }

    pub(super) fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        match act {
            Act::Fetch => vec![self.claim(None)],
            Act::CallPromise => {
                self.waiting.chosen().map(|matter| self.claim(Some(matter))).into_iter().collect()
            }
            Act::WhyNot => {
                let Some(matter) = self.waiting.chosen() else { return Vec::new() };
                let ticket = self.tickets.next();
                self.loads.why = Some(ticket);
                vec![Effect::load(ticket, Query::WhyNot { matter: Some(matter), phone: None, purpose: None })]
            }
            Act::Choose(step) => {
                self.waiting.step(step);
                Vec::new()
            }
            Act::Undo => {
                let Some(matter) = self.last.as_ref().map(|last| last.interview.panel.matter()) else {
                    return Vec::new();
                };
                self.send(Flight::Undo, Command::UndoCall(matter), Query::OpenCall {})
            }
            Act::Release => {
                let Some(matter) = self.panel().map(super::CallPanel::matter) else { return Vec::new() };
                self.send(Flight::Release, Command::ReleaseLease(matter), QUEUE)
            }
            Act::Copy => {
                let Some(panel) = self.panel() else { return Vec::new() };
                vec![Effect::Copy(dialled(&panel.card.phone)), Effect::ok(Say::key("calls.copied"))]
            }
            Act::End(disposition) => self.end(disposition, ctx),
            Act::SaveDetail => self.save_detail(ctx),
            Act::Save => self.save(ctx),
            Act::Tick
            | Act::Untick
            | Act::Read(_)
            | Act::Note
            | Act::Begin
            | Act::Other
            | Act::Answer(_)
            | Act::Skip
            | Act::On
            | Act::Before
            | Act::Back => {
                if let Some(interview) = self.interview_mut() {
                    handle(interview, act);
                }
                Vec::new()
            }
        }
    }

    /// The call ended this way: recorded at once, or after the form or the question that it needs.
    fn end(&mut self, disposition: Disposition, ctx: &Ctx) -> Vec<Effect> {
        let Some(Interview { panel, stage, .. }) = self.interview_mut() else { return Vec::new() };
        if disposition.flags().opts_out {
            *stage = Stage::Intro;
            return vec![ask_opt_out(OPT_OUT, panel)];
        }
        if let Some(detail) = Detail::needed(disposition, panel) {
            *stage = Stage::Detail(detail);
            return Vec::new();
        }
        self.end_at_once(disposition, ctx)
    }

    /// Records an ending that needs nothing more.
    pub(super) fn end_at_once(&mut self, disposition: Disposition, ctx: &Ctx) -> Vec<Effect> {
        let Some(panel) = self.panel() else { return Vec::new() };
        let record = panel.ending(disposition, ctx.now);
        self.record(record)
    }

    fn record(&mut self, record: RecordCall) -> Vec<Effect> {
        self.send(Flight::Record(record.disposition), Command::RecordCall(record), QUEUE)
    }

    fn save_detail(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(Interview { panel, stage, .. }) = self.interview_mut() else { return Vec::new() };
        let Stage::Detail(detail) = stage else { return Vec::new() };
        panel.note = detail.written();
        if detail.disposition.is_none() {
            *stage = Stage::Intro;
            return Vec::new();
        }
        match detail.ending(panel, ctx) {
            Some(record) => self.record(record),
            None => Vec::new(),
        }
    }

    /// Saves all answers.
    fn save(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(interview) = self.interview() else { return Vec::new() };
        let Some(case) = interview.panel.card.case else {
            return vec![Effect::Notice(Tone::Warn, Say::key("survey.why.no_case"))];
        };
        let record = interview.command(case, ctx.now);
        self.send(Flight::Answers, Command::RecordSurvey(record), QUEUE)
    }

    pub(super) fn mouse(&mut self, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect> {
        if mouse.pointer != Pointer::Click {
            return Vec::new();
        }
        let row = match self.stage() {
            Some(Stage::Intro) => Row::First,
            Some(Stage::Other) => Row::Other,
            Some(Stage::Detail(_) | Stage::Asking(_) | Stage::Comment) | None => return Vec::new(),
        };
        let place = view::endings_area(area, ctx);
        let hit = ending::clicked(place, mouse.column, mouse.row, Purpose::Survey, row, ctx.lang);
        match hit.map(|ending| ending.disposition) {
            Some(Some(Disposition::Agreed)) => match self.may_begin() {
                Ok(()) => self.act(Act::Begin, ctx),
                Err(why) => vec![Effect::Notice(Tone::Warn, Say::key(why))],
            },
            Some(Some(disposition)) => self.end(disposition, ctx),
            Some(None) => self.act(Act::Other, ctx),
            None => Vec::new(),
        }
    }
}

/// Acts that change only the interview.
fn handle(interview: &mut Interview, act: Act) {
    match act {
        Act::Tick => {
            interview.panel.tick();
        }
        Act::Untick => {
            interview.panel.untick();
        }
        Act::Read(forward) => interview.panel.read(forward),
        Act::Note => interview.stage = Stage::Detail(Detail::note(&interview.panel)),
        Act::Begin => interview.begin(),
        Act::Other => interview.stage = Stage::Other,
        Act::Answer(value) => interview.answer(Answer::Given(value)),
        Act::Skip => interview.answer(Answer::Skipped),
        Act::On => interview.on(),
        Act::Before => interview.back(),
        Act::Back => match &interview.stage {
            Stage::Comment => interview.back(),
            Stage::Detail(detail) => {
                interview.panel.note = detail.written();
                interview.stage = Stage::Intro;
            }
            Stage::Intro | Stage::Other | Stage::Asking(_) => interview.stage = Stage::Intro,
        },
        Act::Fetch
        | Act::CallPromise
        | Act::WhyNot
        | Act::Choose(_)
        | Act::Undo
        | Act::Copy
        | Act::Release
        | Act::End(_)
        | Act::SaveDetail
        | Act::Save => {}
    }
}

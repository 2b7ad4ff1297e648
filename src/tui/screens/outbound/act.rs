//! What the keys do.

use super::register::Registering;
use super::{Act, Call, Flight, Hand, OPT_OUT, Outbound, Phase, view};
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
use crate::tui::widgets::list::Step;
use crate::usecase::command::{Claim, MatterRef, Nothing, Pause, RecordCall};
use crate::usecase::{Command, Query};
use ratatui::layout::{Position, Rect};

const QUEUE: Query = Query::Queue { purpose: Purpose::Offer };

impl Outbound {
    /// Sends a command; keys are held until its answer is here.
    fn send(&mut self, flight: Flight, command: Command, then: Query) -> Effect {
        let ticket = self.tickets.next();
        self.flight = Some((ticket, flight));
        Effect::save(ticket, command, Some(then))
    }

    /// Takes the next customer, or a named one.
    pub(super) fn claim(&mut self, matter: Option<MatterId>) -> Effect {
        let command = Command::Claim(Claim { purpose: Purpose::Offer, matter });
        self.send(Flight::Claim, command, Query::OpenCall {})
    }

    pub(super) fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        match act {
            Act::Fetch => vec![self.claim(None)],
            Act::CallPromise => {
                self.waiting.chosen().map(|matter| self.claim(Some(matter))).into_iter().collect()
            }
            Act::WhyNot => self.why_not(),
            Act::Choose(step) => {
                self.waiting.step(step);
                Vec::new()
            }
            Act::Pauses => {
                self.phase = Phase::ChoosingPause;
                Vec::new()
            }
            Act::Pause(code) => {
                vec![self.send(Flight::Pause(code), Command::Pause(Pause { reason: code }), QUEUE)]
            }
            Act::Resume => vec![self.send(Flight::Resume, Command::Resume(Nothing {}), QUEUE)],
            Act::Undo => self.undo(),
            Act::End(disposition) => self.end(disposition, ctx),
            Act::SaveDetail => self.save_detail(ctx),
            Act::Register => self.register(ctx),
            Act::Release => {
                let matter = self.panel().map(|panel| panel.card.matter);
                matter
                    .map(|matter| {
                        self.send(Flight::Release, Command::ReleaseLease(MatterRef { matter }), QUEUE)
                    })
                    .into_iter()
                    .collect()
            }
            Act::Copy => self.copy(),
            Act::Tick
            | Act::Untick
            | Act::Read(_)
            | Act::Questions
            | Act::Question(_)
            | Act::TurnQuestion(_)
            | Act::Note
            | Act::Other
            | Act::Consent(_)
            | Act::Back => {
                self.handle(act, ctx);
                Vec::new()
            }
        }
    }

    /// Acts that change only what is in hand.
    fn handle(&mut self, act: Act, ctx: &Ctx) {
        if self.phase == Phase::ChoosingPause && act == Act::Back {
            self.phase = Phase::Ready;
        }
        let questions = ctx.campaign.script.objections.len();
        let Some(Call { panel, hand }) = self.call_mut() else { return };
        match (act, &mut *hand) {
            (Act::Tick, _) => {
                panel.tick();
            }
            (Act::Untick, _) => {
                panel.untick();
            }
            (Act::Read(forward), _) => panel.read(forward),
            (Act::Questions, _) if questions > 0 => *hand = Hand::Questions(0),
            (Act::Question(at), Hand::Questions(open)) if at < questions => *open = at,
            (Act::TurnQuestion(true), Hand::Questions(open)) => *open = (*open + 1).min(questions - 1),
            (Act::TurnQuestion(false), Hand::Questions(open)) => *open = open.saturating_sub(1),
            (Act::Note, _) => *hand = Hand::Detail(Detail::note(panel)),
            (Act::Other, _) => *hand = Hand::Other,
            (Act::Consent(at), Hand::Register(registering)) => registering.turn(at),
            (Act::Back, Hand::Detail(detail)) => {
                panel.note = detail.written();
                *hand = Hand::Script;
            }
            (Act::Back, _) => *hand = Hand::Script,
            _ => {}
        }
    }

    fn why_not(&mut self) -> Vec<Effect> {
        let Some(matter) = self.waiting.chosen() else { return Vec::new() };
        let ticket = self.tickets.next();
        self.loads.why = Some(ticket);
        vec![Effect::load(ticket, Query::WhyNot { matter: Some(matter), phone: None, purpose: None })]
    }

    fn undo(&mut self) -> Vec<Effect> {
        let Some(matter) = self.last.as_ref().map(|last| last.panel.card.matter) else { return Vec::new() };
        vec![self.send(Flight::Undo, Command::UndoCall(MatterRef { matter }), Query::OpenCall {})]
    }

    fn copy(&self) -> Vec<Effect> {
        let Some(panel) = self.panel() else { return Vec::new() };
        vec![Effect::Copy(dialled(&panel.card.phone)), Effect::ok(Say::key("calls.copied"))]
    }

    /// The call ended this way: recorded at once, or after the form or the question that it needs.
    fn end(&mut self, disposition: Disposition, ctx: &Ctx) -> Vec<Effect> {
        let Some(Call { panel, hand }) = self.call_mut() else { return Vec::new() };
        if disposition.flags().success {
            *hand = Hand::Register(Registering::new(panel));
            return Vec::new();
        }
        if disposition.flags().opts_out {
            *hand = Hand::Script;
            return vec![ask_opt_out(OPT_OUT, panel)];
        }
        if let Some(detail) = Detail::needed(disposition, panel) {
            *hand = Hand::Detail(detail);
            return Vec::new();
        }
        self.end_at_once(disposition, ctx)
    }

    /// Records an ending that needs nothing more.
    pub(super) fn end_at_once(&mut self, disposition: Disposition, ctx: &Ctx) -> Vec<Effect> {
        let Some(panel) = self.panel() else { return Vec::new() };
        let record = panel.ending(disposition, ctx.now);
        vec![self.record(record)]
    }

    fn record(&mut self, record: RecordCall) -> Effect {
        self.send(Flight::Record(record.disposition), Command::RecordCall(record), QUEUE)
    }

    fn save_detail(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(Call { panel, hand }) = self.call_mut() else { return Vec::new() };
        let Hand::Detail(detail) = hand else { return Vec::new() };
        panel.note = detail.written();
        if detail.disposition.is_none() {
            *hand = Hand::Script;
            return Vec::new();
        }
        let record = detail.ending(panel, ctx);
        record.map(|record| self.record(record)).into_iter().collect()
    }

    fn register(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(Call { panel, hand: Hand::Register(registering) }) = self.call_mut() else {
            return Vec::new();
        };
        let Some(register) = registering.command(panel, ctx) else { return Vec::new() };
        vec![self.send(Flight::Register, Command::Register(register), QUEUE)]
    }

    pub(super) fn mouse(&mut self, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect> {
        let turned = match mouse.pointer {
            Pointer::Click => None,
            Pointer::WheelUp => Some(false),
            Pointer::WheelDown => Some(true),
        };
        let row = match self.hand() {
            Some(Hand::Script) => Row::First,
            Some(Hand::Other) => Row::Other,
            Some(Hand::Questions(_) | Hand::Detail(_) | Hand::Register(_)) => return Vec::new(),
            None => return self.mouse_ready(mouse, area),
        };
        if let Some(forward) = turned {
            self.handle(Act::Read(forward), ctx);
            return Vec::new();
        }
        let place = view::endings_area(area, ctx);
        let hit = ending::clicked(place, mouse.column, mouse.row, Purpose::Offer, row, ctx.lang);
        match hit.map(|ending| ending.disposition) {
            Some(Some(Disposition::Agreed)) if self.may_agree().is_err() => {
                vec![Effect::Notice(Tone::Warn, Say::key("calls.why.steps_left"))]
            }
            Some(Some(disposition)) => self.end(disposition, ctx),
            Some(None) => self.act(Act::Other, ctx),
            None => Vec::new(),
        }
    }

    fn mouse_ready(&mut self, mouse: Mouse, area: Rect) -> Vec<Effect> {
        match mouse.pointer {
            Pointer::WheelUp => self.waiting.step(Step::Up),
            Pointer::WheelDown => self.waiting.step(Step::Down),
            Pointer::Click => {
                self.waiting.click(view::promises_area(area), Position::new(mouse.column, mouse.row));
            }
        }
        Vec::new()
    }
}

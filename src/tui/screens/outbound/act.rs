//! Carries out the keys of outbound calls, and takes the answers to their requests.

use super::keys::{Act, consent_cap};
use super::register::Registering;
use super::state::{Open, Outbound, Save};
use super::view;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::tui::call::desk::{CallAct, CallOutcome, OpenCall, Part};
use crate::tui::call::keys::digit;
use crate::tui::call::results::{self, ResultRow};
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Brought, Effect, Outcome, Ticket};
use crate::tui::input::{Mouse, Pointer};
use crate::tui::requests::Answer;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::list::Step;
use crate::usecase::command::PauseCode;
use crate::usecase::{Command, Error, Receipt, Snapshot};
use ratatui::layout::{Position, Rect};

impl Outbound {
    pub(super) fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        match act {
            Act::Call(CallAct::Digit(digit)) if self.desk.meant(digit, true) == Some(Disposition::Agreed) => {
                self.open_form();
                Vec::new()
            }
            Act::Call(act) => self.desk.act(act, ctx, &mut self.requests),
            Act::Register => self.register(ctx),
            Act::Questions | Act::Question(_) | Act::TurnQuestion(_) | Act::Consent(_) | Act::Back => {
                self.turn(act, ctx);
                Vec::new()
            }
        }
    }

    /// Opens the registration form, as it was left or filled in from the card.
    fn open_form(&mut self) {
        let Some(OpenCall { panel, part, middle, .. }) = self.desk.call_mut() else { return };
        middle.form.get_or_insert_with(|| Registering::new(panel, consent_cap));
        middle.open = Open::Register;
        *part = Part::Middle;
    }

    /// Does an act that changes only the screen.
    fn turn(&mut self, act: Act, ctx: &Ctx) {
        let questions = ctx.campaign.script.objections.len();
        let Some(OpenCall { part, middle, .. }) = self.desk.call_mut() else { return };
        match (act, &mut middle.open, &mut middle.form) {
            (Act::Questions, open, _) if questions > 0 => {
                *open = Open::Questions(0);
                *part = Part::Middle;
            }
            (Act::Question(at), Open::Questions(open), _) if at < questions => *open = at,
            (Act::TurnQuestion(true), Open::Questions(open), _) => *open = (*open + 1).min(questions - 1),
            (Act::TurnQuestion(false), Open::Questions(open), _) => *open = open.saturating_sub(1),
            (Act::Consent(at), Open::Register, Some(form)) => form.turn(at),
            (Act::Back, _, _) => *part = Part::Script,
            _ => {}
        }
    }

    fn register(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let queue = self.desk.queue_query();
        let Some(OpenCall { panel, middle, .. }) = self.desk.call_mut() else { return Vec::new() };
        let command = middle.form.as_mut().and_then(|form| form.command(panel, ctx));
        let save = |register| self.requests.save(Save::Register, Command::Register(register), [queue]);
        command.map(save).into_iter().collect()
    }

    pub(super) fn replied(&mut self, ticket: Ticket, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = Vec::new();
        let answer = self.requests.take(ticket, outcome, &mut effects);
        effects.extend(match answer {
            None => Vec::new(),
            Some(Answer::Loaded(load, outcome)) => {
                if let Ok((_, snapshots)) = &outcome {
                    self.note_pause(snapshots);
                }
                self.desk.loaded(load, outcome, ctx, &mut self.requests)
            }
            Some(Answer::Saved(Save::Call(save), outcome)) => {
                self.desk.saved(save, outcome, ctx, &mut self.requests)
            }
            Some(Answer::Saved(Save::Register, Ok(brought))) => {
                self.registered(brought, ctx);
                Vec::new()
            }
            Some(Answer::Saved(Save::Register, Err(error))) => {
                if let (Some(registering), Error::Refused(refusal)) = (self.registering_mut(), &error) {
                    registering.form.blame(refusal);
                }
                vec![Effect::failed(&error)]
            }
        });
        effects
    }

    /// Takes a pause that began before this screen was opened.
    fn note_pause(&mut self, snapshots: &[Snapshot]) {
        for snapshot in snapshots {
            if let Snapshot::Status(status) = snapshot {
                self.desk.set_paused(status.paused.as_deref().and_then(pause_code));
            }
        }
    }

    fn registered(&mut self, (receipt, snapshots): Brought, ctx: &Ctx) {
        let outcome = match receipt {
            Some(Receipt::Registered { registration, seat }) => CallOutcome::Seated { registration, seat },
            Some(Receipt::Waitlisted { registration, position }) => {
                CallOutcome::Waitlisted { registration, position }
            }
            Some(_) | None => CallOutcome::Ended { disposition: Disposition::Agreed, next_at: None },
        };
        self.desk.ended(outcome, results::undo_until(Disposition::Agreed, ctx), &mut self.requests);
        for snapshot in snapshots {
            self.desk.take(snapshot, ctx, &mut self.requests);
        }
    }

    pub(super) fn mouse(&mut self, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect> {
        let row = match self.desk.part() {
            Some(Part::Script) => ResultRow::First,
            Some(Part::Results(row)) => *row,
            Some(Part::Detail(_) | Part::Middle) => return Vec::new(),
            None => return self.mouse_ready(mouse, area),
        };
        match mouse.pointer {
            Pointer::WheelUp => return self.act(Act::Call(CallAct::Read(false)), ctx),
            Pointer::WheelDown => return self.act(Act::Call(CallAct::Read(true)), ctx),
            Pointer::Click => {}
        }
        let place = view::results_area(area, ctx);
        let hit = results::clicked(place, mouse.column, mouse.row, Purpose::Offer, row, ctx.lang);
        match hit {
            Some(hit) if hit.disposition.is_none() => {
                self.act(Act::Call(CallAct::Results(ResultRow::Other)), ctx)
            }
            Some(hit) if hit.disposition == Some(Disposition::Agreed) => match digit::<Self, '1'>(self) {
                Ok(()) => self.act(Act::Call(CallAct::Digit(hit.cap)), ctx),
                Err(why) => vec![Effect::Notice(Tone::Warn, Say::key(why))],
            },
            Some(hit) => self.act(Act::Call(CallAct::Digit(hit.cap)), ctx),
            None => Vec::new(),
        }
    }

    fn mouse_ready(&mut self, mouse: Mouse, area: Rect) -> Vec<Effect> {
        match mouse.pointer {
            Pointer::WheelUp => self.desk.waiting.step(Step::Up),
            Pointer::WheelDown => self.desk.waiting.step(Step::Down),
            Pointer::Click => {
                self.desk.waiting.click(view::promises_area(area), Position::new(mouse.column, mouse.row));
            }
        }
        Vec::new()
    }
}

fn pause_code(code: &str) -> Option<PauseCode> {
    PauseCode::ALL.into_iter().find(|known| known.code() == code)
}

//! Carries out the keys of the survey, and takes the answers to its requests.

use super::interview::{Answer as Given, At};
use super::keys::Act;
use super::state::{Save, Survey};
use super::view;
use crate::domain::contact::Purpose;
use crate::domain::refusal::Refusal;
use crate::tui::call::desk::{CallAct, Came, OpenCall, Part};
use crate::tui::call::results::{self, ResultRow};
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Brought, Effect, Outcome, Ticket};
use crate::tui::input::{Mouse, Pointer};
use crate::tui::requests::Answer;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::{Command, Error, Query, Snapshot};
use ratatui::layout::Rect;

impl Survey {
    pub(super) fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        match act {
            Act::Call(act) => self.desk.act(act, ctx, &mut self.requests),
            Act::Save => self.save(ctx),
            Act::Begin | Act::Answer(_) | Act::Skip | Act::On | Act::Before | Act::Back => {
                self.turn(act);
                Vec::new()
            }
        }
    }

    /// Does an act that changes only the position and the answers of the interview.
    fn turn(&mut self, act: Act) {
        let Some(OpenCall { part, middle, .. }) = self.desk.call_mut() else { return };
        match act {
            Act::Begin => {
                middle.begin_asking();
                *part = Part::Middle;
            }
            Act::Answer(digit) => middle.type_digit(digit),
            Act::Skip => middle.answer(Given::Skipped),
            Act::On => middle.on(),
            Act::Before => {
                if !middle.back() {
                    *part = Part::Script;
                }
            }
            // Back from the comment to the last question; from a question to the script.
            Act::Back => {
                if middle.at != At::Comment || !middle.back() {
                    middle.settle();
                    *part = Part::Script;
                }
            }
            Act::Call(_) | Act::Save => {}
        }
    }

    /// Saves all answers.
    fn save(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(OpenCall { panel, middle, .. }) = self.desk.call() else { return Vec::new() };
        let Some(case) = panel.card.case else {
            return vec![Effect::Notice(Tone::Warn, Say::key("survey.why.no_case"))];
        };
        let command = Command::RecordSurvey(middle.command(case, panel, ctx.now));
        let then = [self.desk.queue_query(), Query::Satisfaction {}];
        vec![self.requests.save(Save::Answers, command, then)]
    }

    pub(super) fn replied(&mut self, ticket: Ticket, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = Vec::new();
        let answer = self.requests.take(ticket, outcome, &mut effects);
        effects.extend(match answer {
            None => Vec::new(),
            Some(Answer::Loaded(load, outcome)) => {
                if let Ok((_, snapshots)) = &outcome {
                    self.take_totals(snapshots);
                }
                self.desk.loaded(load, outcome, ctx, &mut self.requests)
            }
            Some(Answer::Saved(Save::Call(save), outcome)) => {
                self.desk.saved(save, outcome, ctx, &mut self.requests)
            }
            Some(Answer::Saved(Save::Answers, Ok(brought))) => {
                self.answered(brought, ctx);
                Vec::new()
            }
            Some(Answer::Saved(Save::Answers, Err(error))) => {
                if let (Some(call), Error::Refused(refusal)) = (self.desk.call_mut(), &error) {
                    call.part = Part::Middle;
                    match refusal {
                        Refusal::AnswerOutOfRange { question, .. } => call.middle.ask_again(question),
                        other => {
                            call.middle.comment.blame(other);
                        }
                    }
                }
                vec![Effect::failed(&error)]
            }
        });
        effects
    }

    fn take_totals(&mut self, snapshots: &[Snapshot]) {
        for snapshot in snapshots {
            if let Snapshot::Satisfaction(totals) = snapshot {
                self.totals = Some(totals.clone());
            }
        }
    }

    fn answered(&mut self, (_, snapshots): Brought, ctx: &Ctx) {
        self.desk.ended(Came::Answered, None, &mut self.requests);
        self.take_totals(&snapshots);
        for snapshot in snapshots {
            self.desk.take(snapshot, ctx, &mut self.requests);
        }
    }

    pub(super) fn mouse(&mut self, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect> {
        let Some(Part::Results(row)) = self.desk.part() else { return Vec::new() };
        if mouse.pointer != Pointer::Click {
            return Vec::new();
        }
        let place = view::results_area(area, ctx);
        match results::clicked(place, mouse.column, mouse.row, Purpose::Survey, *row, ctx.lang) {
            Some(hit) if hit.disposition.is_none() => {
                self.act(Act::Call(CallAct::Results(ResultRow::Other)), ctx)
            }
            Some(hit) => self.act(Act::Call(CallAct::Digit(hit.cap)), ctx),
            None => Vec::new(),
        }
    }
}

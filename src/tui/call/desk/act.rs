//! Carries out the keys of every call: commands and loads, and acts that change only the screen.

use super::{CallAct, CallDesk, CallLoad, CallOutcome, CallSave, Middle, OPT_OUT, OpenCall, Part, State};
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::tui::call::card::{dialled, history};
use crate::tui::call::detail::{Detail, ask_opt_out};
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::requests::Requests;
use crate::tui::say::Say;
use crate::usecase::command::{Claim, Nothing, Pause, RecordCall, RegistrationRef};
use crate::usecase::{Command, Query};

impl<M: Middle> CallDesk<M> {
    /// Claims the next customer, or a named one.
    pub fn claim<L, S>(&self, matter: Option<MatterId>, requests: &mut Requests<L, S>) -> Effect
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let command = Command::Claim(Claim { purpose: self.purpose, matter });
        requests.save(CallSave::Claim.into(), command, [Query::OpenCall {}])
    }

    /// Reads the queue again after a change; nothing while a call is open.
    pub fn refresh_queue<L, S>(&self, requests: &mut Requests<L, S>) -> Option<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        requests.refresh(CallLoad::Queue.into(), self.queue_query())
    }

    /// Does the act of a key.
    pub fn act<L, S>(&mut self, act: CallAct, ctx: &Ctx, requests: &mut Requests<L, S>) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
        S: From<CallSave>,
    {
        match act {
            CallAct::Fetch => vec![self.claim(None, requests)],
            CallAct::CallBack => {
                let chosen = self.waiting.chosen();
                chosen.map(|matter| self.claim(Some(matter), requests)).into_iter().collect()
            }
            CallAct::WhyNot => {
                let Some(matter) = self.waiting.chosen() else { return Vec::new() };
                let query = Query::WhyNot { matter: Some(matter), phone: None, purpose: None };
                vec![requests.load(CallLoad::WhyNot.into(), query)]
            }
            CallAct::Pause(code) => {
                let command = Command::Pause(Pause { reason: code });
                vec![requests.save(CallSave::Pause(code).into(), command, [self.queue_query()])]
            }
            CallAct::Resume => {
                let command = Command::Resume(Nothing {});
                vec![requests.save(CallSave::Resume.into(), command, [self.queue_query()])]
            }
            CallAct::Undo => {
                let Some(last) = &self.last else { return Vec::new() };
                if let CallOutcome::Seated { registration, .. }
                | CallOutcome::Waitlisted { registration, .. } = last.outcome
                {
                    let text = Say::key("calls.ask.undo").with("name", &last.call.panel.card.name);
                    let command = Command::UndoRegistration(RegistrationRef { registration });
                    let then = [Query::OpenCall {}];
                    let waits = matches!(last.outcome, CallOutcome::Waitlisted { .. });
                    let detail =
                        if waits { "calls.ask.undo_waiting_detail" } else { "calls.ask.undo_detail" };
                    let detail = Say::key(detail);
                    return vec![requests.ask(CallSave::Undo.into(), command, then, text, detail)];
                }
                let matter = last.call.panel.matter();
                let command = Command::UndoCall(matter);
                vec![requests.save(CallSave::Undo.into(), command, [Query::OpenCall {}])]
            }
            CallAct::Release => {
                let Some(matter) = self.panel().map(CallPanel::matter) else { return Vec::new() };
                let command = Command::ReleaseLease(matter);
                vec![requests.save(CallSave::Release.into(), command, [self.queue_query()])]
            }
            CallAct::Copy => {
                let Some(panel) = self.panel() else { return Vec::new() };
                vec![Effect::Copy(dialled(&panel.card.phone)), Effect::ok(Say::key("calls.copied"))]
            }
            CallAct::History => self.panel().map(|panel| history(panel, ctx)).into_iter().collect(),
            CallAct::Digit(digit) => {
                let meant = self.meant(digit, true);
                meant.map_or_else(Vec::new, |disposition| self.end(disposition, ctx, requests))
            }
            CallAct::SaveDetail => self.save_detail(ctx, requests),
            CallAct::Choose(_)
            | CallAct::Pauses
            | CallAct::Tick
            | CallAct::Untick
            | CallAct::Read(_)
            | CallAct::Note
            | CallAct::Results(_)
            | CallAct::Back => {
                self.turn(act);
                Vec::new()
            }
        }
    }

    /// Does an act that changes only the screen.
    fn turn(&mut self, act: CallAct) {
        match (act, &mut self.state) {
            (CallAct::Choose(step), _) => self.waiting.step(step),
            (CallAct::Pauses, State::Ready) => self.state = State::ChoosingPause,
            (CallAct::Back, State::ChoosingPause) => self.state = State::Ready,
            (_, State::Open(call)) => {
                let OpenCall { panel, part, left, .. } = call.as_mut();
                match act {
                    CallAct::Tick => {
                        panel.tick();
                    }
                    CallAct::Untick => {
                        panel.untick();
                    }
                    CallAct::Read(forward) => panel.read(forward),
                    CallAct::Note => *part = Part::Detail(Detail::note(panel)),
                    CallAct::Results(row) => *part = Part::Results(row),
                    CallAct::Back => {
                        if let Part::Detail(detail) = std::mem::replace(part, Part::Script) {
                            panel.note = detail.written();
                            *left = Some(detail).filter(|detail| detail.disposition.is_some());
                        }
                    }
                    _ => {}
                }
            }
            (_, State::Ready | State::ChoosingPause | State::Paused { .. }) => {}
        }
    }

    /// Records a result at once, or opens the form or the question that it needs first.
    pub fn end<L, S>(
        &mut self,
        disposition: Disposition,
        ctx: &Ctx,
        requests: &mut Requests<L, S>,
    ) -> Vec<Effect>
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let Some(OpenCall { panel, part, left, .. }) = self.call_mut() else { return Vec::new() };
        if disposition.flags().opts_out {
            *part = Part::Script;
            return vec![ask_opt_out(OPT_OUT, panel)];
        }
        if let Some(detail) = Detail::needed(disposition, panel) {
            let left = left.take_if(|left| left.disposition == detail.disposition);
            *part = Part::Detail(left.map_or(detail, |left| left.taken_up(panel)));
            return Vec::new();
        }
        self.record_at_once(disposition, ctx, requests)
    }

    /// Records a result that needs no form.
    pub fn record_at_once<L, S>(
        &self,
        disposition: Disposition,
        ctx: &Ctx,
        requests: &mut Requests<L, S>,
    ) -> Vec<Effect>
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let record = self.panel().map(|panel| panel.result(disposition, ctx.now));
        record.map(|record| self.record(record, requests)).into_iter().collect()
    }

    fn record<L, S>(&self, record: RecordCall, requests: &mut Requests<L, S>) -> Effect
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let save = CallSave::Record(record.disposition);
        requests.save(save.into(), Command::RecordCall(record), [self.queue_query()])
    }

    fn save_detail<L, S>(&mut self, ctx: &Ctx, requests: &mut Requests<L, S>) -> Vec<Effect>
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let Some(OpenCall { panel, part, .. }) = self.call_mut() else { return Vec::new() };
        let Part::Detail(detail) = part else { return Vec::new() };
        panel.note = detail.written();
        if detail.disposition.is_none() {
            *part = Part::Script;
            return Vec::new();
        }
        let record = detail.result(panel, ctx);
        record.map(|record| self.record(record, requests)).into_iter().collect()
    }
}

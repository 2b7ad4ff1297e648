//! Screen 4, Khảo sát: the satisfaction survey. It shows the queue and the live measures, and during a call one
//! question at a time with digit keys. The call itself is that of the shared call desk ([`crate::tui::call::desk`]);
//! this screen adds the interview.
//!
//! Invariants:
//! * the answers of other customers are never on screen during an interview;
//! * a skipped question is sent as no answer, never as a number;
//! * neither a refusal nor a step back loses an answer.
//!
//! Deliberately absent: scoring (in `domain`), and any question about a diagnosis.

mod act;
mod interview;
mod keys;
mod state;
#[cfg(test)]
mod tests;
mod totals;
mod view;

use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::tui::call::desk::{CallLoad, OPT_OUT, OpenCall, Part, State};
use crate::tui::call::detail::Detail;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Subject};
use crate::tui::form::Form;
use crate::tui::keys::Binding;
use crate::tui::say::Say;
use crate::tui::screen::{Msg, Screen};
use crate::tui::theme::Tone;
use crate::tui::typed::{About, Typed};
use crate::tui::widgets::bar::clock;
use crate::usecase::{Query, Topics};
use interview::At;
use keys::BINDINGS;
use ratatui::Frame;
use ratatui::layout::Rect;

pub use keys::Act;
pub use state::Survey;

/// The questions in a draft.
const ASKING: &str = "asking";

impl Survey {
    /// Loads what the tab shows, in one reply. An open call stays as it is.
    fn opened(&mut self, subject: Option<Subject>) -> Vec<Effect> {
        if self.desk.is_open() || self.requests.is_saving() {
            return Vec::new();
        }
        if let Some(Subject::Matter(matter)) = subject
            && matches!(Purpose::of_matter(matter), Some((_, Purpose::Survey)))
        {
            return vec![self.desk.claim(Some(matter), &mut self.requests)];
        }
        let queries = vec![Query::OpenCall {}, self.desk.queue_query(), Query::Satisfaction {}];
        vec![self.requests.load_all(CallLoad::Open, queries)]
    }

    /// Reads queue and measures again after a change; an open call is asked about when its customer may want no calls any
    /// more.
    fn changed(&mut self, topics: Topics) -> Vec<Effect> {
        if self.desk.is_open() || self.requests.is_saving() {
            return self.desk.after_opt_out(topics, &mut self.requests).into_iter().collect();
        }
        let queries = vec![self.desk.queue_query(), Query::Satisfaction {}];
        self.requests.refresh_all(CallLoad::Queue, queries).into_iter().collect()
    }
}

impl Screen for Survey {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(subject) => self.opened(subject),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Edited => Vec::new(),
            Msg::Mouse(mouse, area) => self.mouse(mouse, area, ctx),
            Msg::Answered(OPT_OUT, true) => {
                self.desk.record_at_once(Disposition::DoNotCall, ctx, &mut self.requests)
            }
            Msg::Answered(..) => Vec::new(),
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome, ctx),
            Msg::Tick => self.desk.tick(ctx.now, &mut self.requests).into_iter().collect(),
            Msg::Changed(topics) => self.changed(topics),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        self.draw(frame, area, ctx);
    }

    fn form(&self) -> Option<&Form> {
        let call = self.desk.call()?;
        match &call.part {
            Part::Detail(detail) => Some(&detail.form),
            Part::Middle if call.middle.at == At::Comment => Some(&call.middle.comment),
            Part::Middle | Part::Script | Part::Results(_) => None,
        }
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        let call = self.desk.call_mut()?;
        match &mut call.part {
            Part::Detail(detail) => Some(&mut detail.form),
            Part::Middle if call.middle.at == At::Comment => Some(&mut call.middle.comment),
            Part::Middle | Part::Script | Part::Results(_) => None,
        }
    }

    fn saving(&self) -> bool {
        self.requests.is_saving()
    }

    fn standing(&self, ctx: &Ctx) -> Option<(Tone, Say)> {
        Some(match self.desk.state() {
            State::Ready | State::ChoosingPause | State::Paused { .. } => {
                (Tone::Ok, Say::key("calls.standing.ready"))
            }
            State::Open(call) => {
                let key = match call.part {
                    Part::Middle => "survey.standing.asking",
                    Part::Script | Part::Results(_) => "calls.standing.calling",
                    Part::Detail(_) => "calls.standing.recording",
                };
                (Tone::Info, Say::key(key).with("clock", clock(call.panel.clock(ctx.now))))
            }
        })
    }

    fn shows(&self) -> Topics {
        if self.requests.is_saving() {
            return Topics::NONE;
        }
        if self.desk.is_open() {
            return Topics::OPT_OUTS;
        }
        Topics::QUEUE.with(Topics::SURVEYS)
    }

    fn call_open(&self) -> bool {
        self.desk.is_open()
    }

    fn texts(&self) -> Vec<String> {
        let Some(call) = self.desk.call() else { return Vec::new() };
        call.middle.comment.texts().into_iter().chain(call.texts()).collect()
    }

    fn typed(&self) -> Option<(About, Typed)> {
        let call = self.desk.call()?;
        let (part, fields) = match &call.part {
            Part::Script | Part::Results(_) => (String::new(), Vec::new()),
            Part::Detail(detail) => (detail.part(), detail.form.typed()),
            Part::Middle => (ASKING.to_owned(), Vec::new()),
        };
        let fields = call.middle.comment.typed().into_iter().chain(fields).collect();
        let typed = Typed { answers: call.middle.typed_answers(), ..call.panel.typed(part, fields) };
        Some((About::Matter(call.panel.card.matter), typed))
    }

    fn retype(&mut self, about: &About, typed: &Typed, _ctx: &Ctx) -> bool {
        let call = self.desk.call_mut();
        let Some(OpenCall { panel, part, middle, .. }) =
            call.filter(|call| *about == About::Matter(call.panel.card.matter))
        else {
            return false;
        };
        panel.retype(typed);
        middle.retype(typed);
        if typed.part == ASKING {
            middle.begin_asking();
            *part = Part::Middle;
        } else if let Some(detail) = Detail::of_part(&typed.part, panel, &typed.fields) {
            *part = Part::Detail(detail);
        }
        true
    }
}

//! Screen 1, Gọi ra: the outbound calls of 9090. One key claims the next customer, one key records the result of the
//! call; "agreed" opens the registration form filled in.
//!
//! The call itself is that of the shared call desk ([`crate::tui::call::desk`]); this screen adds the questions that
//! customers ask and the registration form. Invariant: a form that is left stays with its call, so that nothing typed
//! is lost.

mod act;
mod keys;
mod register;
mod state;
#[cfg(test)]
mod tests;
mod view;

use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::tui::call::desk::{CallLoad, OPT_OUT, OpenCall, Part, State};
use crate::tui::call::detail::Detail;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Subject};
use crate::tui::form::Form;
use crate::tui::keys::Binding;
use crate::tui::say::{Say, word};
use crate::tui::screen::{Msg, Screen};
use crate::tui::theme::Tone;
use crate::tui::typed::{About, Typed};
use crate::tui::widgets::bar::clock;
use crate::usecase::{Query, Topics};
use keys::{BINDINGS, consent_cap};
use ratatui::Frame;
use ratatui::layout::Rect;
use register::Registering;
use state::{Offer, Open};

pub use keys::Act;
pub use state::Outbound;

/// The registration form in a draft.
const REGISTER: &str = "register";

impl Outbound {
    /// Loads what the tab shows, in one reply. An open call stays as it is.
    fn opened(&mut self, subject: Option<Subject>) -> Vec<Effect> {
        let wanted = match subject {
            Some(Subject::Matter(matter)) if is_offer(matter) => Some(matter),
            Some(
                Subject::Matter(_)
                | Subject::Phone(_)
                | Subject::Registration(_)
                | Subject::Case(_)
                | Subject::Day(..),
            )
            | None => None,
        };
        if let Some(panel) = self.desk.panel() {
            let other = wanted.is_some_and(|matter| matter != panel.card.matter);
            let why = Effect::Notice(Tone::Warn, Say::key("calls.why.choose_result"));
            return if other { vec![why] } else { Vec::new() };
        }
        if let Some(matter) =
            wanted.filter(|_| *self.desk.state() == State::Ready && !self.requests.is_saving())
        {
            return vec![self.desk.claim(Some(matter), &mut self.requests)];
        }
        let queries = vec![Query::OpenCall {}, self.desk.queue_query(), Query::Status {}];
        vec![self.requests.load_all(CallLoad::Open, queries)]
    }

    /// Reads the queue again after a change; an open call is asked about when its customer may want no calls any more.
    fn changed(&mut self, topics: Topics) -> Vec<Effect> {
        if self.desk.is_open() || self.requests.is_saving() {
            return self.desk.after_opt_out(topics, &mut self.requests).into_iter().collect();
        }
        self.desk.refresh_queue(&mut self.requests).into_iter().collect()
    }
}

fn is_offer(matter: MatterId) -> bool {
    matches!(Purpose::of_matter(matter), Some((_, Purpose::Offer)))
}

impl Screen for Outbound {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(subject) => self.opened(subject),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Edited => {
                if let Some(form) = self.registering_mut() {
                    form.follow();
                }
                Vec::new()
            }
            Msg::Mouse(mouse, area) => self.mouse(mouse, area, ctx),
            Msg::Answered(OPT_OUT, true) => {
                self.desk.record_at_once(Disposition::DoNotCall, ctx, &mut self.requests)
            }
            Msg::Answered(id, yes) => self.requests.answered(id, yes).into_iter().collect(),
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome, ctx),
            Msg::Tick => self.desk.tick(ctx.now, &mut self.requests).into_iter().collect(),
            Msg::Changed(topics) => self.changed(topics),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        self.draw(frame, area, ctx);
    }

    fn form(&self) -> Option<&Form> {
        let detail = self.desk.detail().map(|detail| &detail.form);
        detail.or_else(|| self.registering().map(|registering| &registering.form))
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        if self.desk.detail().is_some() {
            return self.desk.detail_mut().map(|detail| &mut detail.form);
        }
        self.registering_mut().map(|registering| &mut registering.form)
    }

    fn saving(&self) -> bool {
        self.requests.is_saving()
    }

    fn standing(&self, ctx: &Ctx) -> Option<(Tone, Say)> {
        Some(match self.desk.state() {
            State::Ready | State::ChoosingPause => (Tone::Ok, Say::key("calls.standing.ready")),
            State::Paused { code, .. } => {
                let reason = word(&format!("calls.pause_code.{}", code.code()), ctx.lang);
                (Tone::Warn, Say::key("calls.standing.paused").with("reason", reason))
            }
            State::Open(call) => {
                let key =
                    if self.form().is_some() { "calls.standing.recording" } else { "calls.standing.calling" };
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
        Topics::QUEUE.with(Topics::LISTS)
    }

    fn call_open(&self) -> bool {
        self.desk.is_open()
    }

    fn texts(&self) -> Vec<String> {
        let Some(call) = self.desk.call() else { return Vec::new() };
        let form = call.middle.form.iter().flat_map(|registering| registering.form.texts());
        form.chain(call.texts()).collect()
    }

    fn typed(&self) -> Option<(About, Typed)> {
        let call = self.desk.call()?;
        let part = match (&call.part, call.middle.open) {
            (Part::Detail(detail), _) => detail.part(),
            (Part::Middle, Open::Register) => REGISTER.to_owned(),
            (Part::Script | Part::Results(_) | Part::Middle, _) => String::new(),
        };
        let fields = self.form().map(Form::typed).unwrap_or_default();
        Some((About::Matter(call.panel.card.matter), call.panel.typed(part, fields)))
    }

    fn retype(&mut self, about: &About, typed: &Typed, _ctx: &Ctx) -> bool {
        let call = self.desk.call_mut();
        let Some(OpenCall { panel, part, middle, .. }) =
            call.filter(|call| *about == About::Matter(call.panel.card.matter))
        else {
            return false;
        };
        panel.retype(typed);
        if typed.part == REGISTER && panel.may_agree() {
            *middle = Offer {
                open: Open::Register,
                form: Some(Registering::of(panel, &typed.fields, consent_cap)),
            };
            *part = Part::Middle;
        } else if let Some(detail) = Detail::of_part(&typed.part, panel, &typed.fields) {
            *part = Part::Detail(detail);
        }
        true
    }
}

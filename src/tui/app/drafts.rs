//! Drafts of the frame: what stands typed on the screens goes to the store a few seconds after it was typed and at
//! once when the line is lost; what an earlier session left is offered when a person comes in.
//!
//! Invariants: nothing is offered twice and nothing is discarded without asking, nor written over by an empty form of
//! this session before its person has answered; the newest call in hand comes first.

use super::App;
use super::kept_drafts::{KeptDrafts, Left};
use super::modal::Modal;
use crate::domain::contact::Purpose;
use crate::domain::id::MatterId;
use crate::tui::effect::{Effect, Keep, Origin, Question, Subject, Ticket};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::typed::{About, Typed};
use crate::usecase::command::MatterRef;
use crate::usecase::model::draft::Drafts;
use crate::usecase::{Command, Query};
use std::collections::BTreeMap;

/// The question whether to go on.
pub(super) const RESUME: &str = "frame.resume";
/// The question whether to discard.
pub(super) const DISCARD: &str = "frame.discard";
/// How long typed text waits before it is kept, in milliseconds.
const EVERY_MS: i64 = 3_000;
/// How long a draft waits for its screen, in milliseconds.
const PATIENCE_MS: i64 = 15_000;

impl App {
    /// Asks the store for what an earlier session left.
    pub(super) fn load_drafts(&mut self) -> Option<Effect> {
        if !self.ctx.actor.role.may(crate::domain::actor::Permission::Work) {
            return None;
        }
        let ticket = self.tickets.next();
        self.drafts = KeptDrafts { ticket: Some(ticket), ..KeptDrafts::default() };
        Some(Effect::load(ticket, Query::Drafts {}))
    }

    /// What has to be kept or forgotten now; `at_once` does not wait for a pause in typing.
    pub(super) fn keep(&mut self, at_once: bool) -> Vec<Effect> {
        let now = self.ctx.now;
        if self.drafts.ticket.is_some() || self.takes_over() {
            // Another session may still be keeping what it has, under the same names.
            return Vec::new();
        }
        let waiting = self.drafts.taking.as_ref().map(|(left, _)| left.about.form());
        let typed: BTreeMap<String, Typed> = self
            .screens
            .iter()
            .filter_map(|screen| screen.typed())
            .filter(|(about, _)| self.drafts.left.iter().all(|left| left.about != *about))
            .map(|(about, typed)| (about.form(), typed))
            .filter(|(form, _)| waiting.as_ref() != Some(form))
            .collect();
        let mut out = Vec::new();
        let gone: Vec<String> =
            self.drafts.kept.keys().filter(|form| !typed.contains_key(*form)).cloned().collect();
        for form in gone.into_iter().filter(|form| waiting.as_ref() != Some(form)) {
            self.drafts.kept.remove(&form);
            // The draft of a call went with the command that ended the call.
            if !matches!(About::parse(&form), Some(About::Matter(_))) {
                out.push(Effect::Keep(Box::new(Keep { form, body: None })));
            }
        }
        for (form, typed) in typed {
            let Some(body) = typed.write() else { continue };
            let before = self.drafts.kept.get(&form);
            let due = before.is_none_or(|(_, at)| at_once || now.since(*at) >= EVERY_MS);
            if due && before.is_none_or(|(before, _)| *before != body) {
                self.drafts.kept.insert(form.clone(), (body.clone(), now));
                out.push(Effect::Keep(Box::new(Keep { form, body: Some(body) })));
            }
        }
        out
    }

    /// Whether a reply is the drafts' own.
    pub(super) fn is_of_drafts(&self, ticket: Ticket) -> bool {
        [self.drafts.ticket, self.drafts.giving_back].contains(&Some(ticket))
    }

    /// What was left cannot be known: the person goes on without it.
    pub(super) fn forget_left(&mut self) {
        self.drafts.ticket = None;
    }

    /// What was left is known: the newest open call comes first.
    pub(super) fn take_drafts(&mut self, found: Drafts) {
        self.drafts.ticket = None;
        let mut left: Vec<Left> = found
            .drafts
            .iter()
            .filter_map(|line| {
                let about = About::parse(&line.form)?;
                let open = matches!(about, About::Matter(matter) if found.open == Some(matter));
                Some(Left { about, typed: Typed::read(&line.body)?, at: line.at, open })
            })
            .collect();
        left.sort_by_key(|left| !left.open);
        self.drafts.left = left.into();
        self.ask_next();
    }

    /// The discarded call is back in the queue: the screens begin anew.
    pub(super) fn given_back(&mut self) -> Vec<Effect> {
        self.drafts.giving_back = None;
        let left = std::mem::take(&mut self.drafts.left);
        self.screens = (self.make)(&self.ctx);
        let out = self.open_first();
        self.drafts.left = left;
        self.ask_next();
        out
    }

    fn ask_next(&mut self) {
        let Some(left) = self.drafts.left.front() else { return };
        let (text, detail) = match (&left.about, left.open) {
            (About::Matter(_), true) => ("frame.resume_call", "frame.resume_call_detail"),
            (About::Matter(_), false) => ("frame.resume_lost", "frame.resume_lost_detail"),
            (About::Case(_) | About::Phone(_), _) => ("frame.resume_form", "frame.resume_form_detail"),
        };
        let question = Question::plain(RESUME, Say::key(text).with("name", &left.typed.who))
            .with_detail(Say::key(detail).with("at", left.at.dm_hm()));
        self.modals.push(Modal::ask(Origin::Frame, Box::new(question)));
    }

    /// Go on with it, or ask whether it may be forgotten.
    pub(super) fn resume_answered(&mut self, yes: bool) -> Vec<Effect> {
        if yes {
            return self.take_up();
        }
        let left = self.drafts.left.front();
        let open = left.is_some_and(|left| left.open);
        let who = left.map(|left| left.typed.who.clone()).unwrap_or_default();
        let consequence = if open { "frame.discard_call_detail" } else { "frame.discard_form_detail" };
        let text = Say::key("frame.discard_question").with("name", who);
        let question = Question::irrevocable(DISCARD, text, Say::key(consequence));
        self.modals.push(Modal::ask(Origin::Frame, Box::new(question)));
        Vec::new()
    }

    /// Forget it; a call that is open goes back to where it came from.
    pub(super) fn discard_answered(&mut self, yes: bool) -> Vec<Effect> {
        if !yes {
            self.ask_next();
            return Vec::new();
        }
        let Some(left) = self.drafts.left.pop_front() else { return Vec::new() };
        let mut out = vec![Effect::Keep(Box::new(Keep { form: left.about.form(), body: None }))];
        match left.about {
            About::Matter(matter) if left.open => {
                let ticket = self.tickets.next();
                self.drafts.giving_back = Some(ticket);
                out.push(Effect::save(ticket, Command::ReleaseLease(MatterRef { matter }), None));
            }
            About::Matter(_) | About::Case(_) | About::Phone(_) => self.ask_next(),
        }
        out
    }

    /// Opens the screen that the draft belongs to; the text goes in when the screen is ready for it.
    fn take_up(&mut self) -> Vec<Effect> {
        let Some(left) = self.drafts.left.pop_front() else { return Vec::new() };
        let (tab, subject) = match &left.about {
            About::Matter(matter) => {
                let subject = (!left.open).then_some(Subject::Matter(*matter));
                (tab_of(*matter), subject)
            }
            About::Case(case) => (Origin::Schedule, Some(Subject::Case(*case))),
            About::Phone(phone) => (Origin::Register, Some(Subject::Phone(phone.clone()))),
        };
        self.drafts.taking = Some((left, self.ctx.now.plus_ms(PATIENCE_MS)));
        let mut out = self.settle(vec![(tab, Effect::Goto(tab, subject))]);
        out.extend(self.put_in());
        out
    }

    /// Puts the text that waits into its screen, if the screen is ready.
    pub(super) fn put_in(&mut self) -> Vec<Effect> {
        let Some((left, until)) = self.drafts.taking.take() else { return Vec::new() };
        let ctx = &self.ctx;
        if self.screens.iter_mut().any(|screen| screen.retype(&left.about, &left.typed, ctx)) {
            let body = left.typed.write().unwrap_or_default();
            self.drafts.kept.insert(left.about.form(), (body, ctx.now));
            self.ask_next();
        } else if ctx.now < until {
            self.drafts.taking = Some((left, until));
        } else {
            // The customer is somebody else's by now, or cannot be called; the draft stays for the next time.
            self.say(Tone::Warn, Say::key("frame.resume_failed").with("name", &left.typed.who));
            self.ask_next();
        }
        Vec::new()
    }
}

/// The tab on which the calls of a matter are made.
const fn tab_of(matter: MatterId) -> Origin {
    match Purpose::of_matter(matter) {
        Some((_, Purpose::Intake)) => Origin::Schedule,
        Some((_, Purpose::Survey)) => Origin::Survey,
        Some((_, Purpose::Offer)) | None => Origin::Calls,
    }
}

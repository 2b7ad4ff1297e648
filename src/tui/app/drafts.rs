//! Saves unsent text as drafts, and offers the drafts of an earlier session. Changed text goes to the store every
//! few seconds, and at once when the connection is lost; drafts are offered when their person signs in.
//!
//! Invariants:
//! * no draft is offered twice;
//! * none is discarded without a question;
//! * an empty form of this session overwrites none before the person has answered;
//! * the newest open call is offered first.

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

/// The question whether to resume a draft.
pub(super) const RESUME: &str = "frame.resume";
/// The question whether to discard a draft.
pub(super) const DISCARD: &str = "frame.discard";
/// The least time between two saves of one draft, in milliseconds.
const EVERY_MS: i64 = 3_000;
/// How long a draft waits until its screen is ready, in milliseconds.
const PATIENCE_MS: i64 = 15_000;

impl App {
    /// Asks the store for the drafts of an earlier session.
    pub(super) fn load_drafts(&mut self) -> Option<Effect> {
        if !self.ctx.actor.role.may(crate::domain::actor::Permission::Work) {
            return None;
        }
        let ticket = self.tickets.next();
        self.drafts = KeptDrafts { ticket: Some(ticket), ..KeptDrafts::default() };
        Some(Effect::load(ticket, Query::Drafts {}))
    }

    /// The effects that save and delete drafts now; `at_once` also saves what was saved a moment ago.
    pub(super) fn keep(&mut self, at_once: bool) -> Vec<Effect> {
        let now = self.ctx.now;
        if self.drafts.ticket.is_some() || self.takes_over() {
            // Another session may still be saving drafts under the same names.
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
            // The command that ended a call also deleted its draft.
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

    /// Whether a reply answers a request of the drafts.
    pub(super) fn is_of_drafts(&self, ticket: Ticket) -> bool {
        [self.drafts.ticket, self.drafts.giving_back].contains(&Some(ticket))
    }

    /// The drafts could not be read: the person works on without them.
    pub(super) fn forget_left(&mut self) {
        self.drafts.ticket = None;
    }

    /// The drafts were read: the newest open call comes first.
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

    /// The discarded call is back in the queue: the screens are made anew.
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

    /// Resumes the draft after a yes; after a no, asks whether to discard it.
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

    /// Discards the draft after a yes; an open call returns to its queue.
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

    /// Opens the screen that the draft belongs to; the text is filled in when that screen is ready.
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

    /// Fills the waiting text into its screen, if the screen is ready.
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
            // A colleague has the customer by now, or nobody may call them; the draft stays for the next time.
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

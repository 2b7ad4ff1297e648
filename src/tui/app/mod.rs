//! Runs the screens of one session and draws what surrounds them: tabs, person, footer, status line, windows and
//! notices. It routes input to the open screen or the uppermost window, carries out the effects that belong to the
//! frame, and returns those that only the session can carry out: [`Effect::Run`], [`Effect::Copy`],
//! [`Effect::Keep`], [`Effect::Pin`], [`Effect::Become`], [`Effect::Quit`].
//!
//! Invariants:
//! * a reply goes to the screen that made its ticket;
//! * held keys are never played into a window;
//! * leaving asks first only while a call is open;
//! * nothing here reads a clock.

mod banner;
mod broadcasts;
mod case_search;
mod drafts;
mod finding;
mod help;
mod help_view;
mod kept_drafts;
mod keys;
mod law;
mod lessons;
mod lock;
mod locking;
mod messages;
mod modal;
mod notice;
mod number;
mod other_sessions;
mod page;
mod palette;
mod person;
mod pointer;
mod popups;
mod probe;
mod state;
mod status;
mod tabs;
mod takeover;
mod teaching;
mod tutor;
mod view;

#[cfg(test)]
mod tests;

pub use keys::{FRAME_KEYS, MODAL_KEYS, PLAIN_KEYS};
pub use lock::PinAnswer;
pub use page::{all_rows, keys_page};
pub use state::{App, MakeScreens};
pub use tabs::{TABS, first_for, lacks};

use super::effect::{Effect, Origin, Question, Reply, Subject};
use super::input::Input;
use super::keys::{ELSEWHERE, KeyRow};
use super::say::Say;
use super::screen::Taken;
use super::theme::Tone;
use super::widgets::list::Cursor;
use crate::domain::actor::Actor;
use crate::domain::campaign::Campaign;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::usecase::model::staff::StaffLine;
use crate::usecase::{Snapshot, Topics};
use drafts::{DISCARD, RESUME};
use help::Help;
use keys::FrameAct;
use modal::{Modal, ModalAct, Settled};
use palette::Palette;
use state::tagged;
use std::collections::VecDeque;
use std::sync::Arc;
use takeover::TAKE_OVER;

/// The id of the frame's own question.
const QUIT: &str = "frame.quit";
/// The topics that the status line shows.
const ON_STATUS_LINE: Topics =
    Topics::SEATS.with(Topics::QUEUE).with(Topics::STAFF).with(Topics::LISTS).with(Topics::TASKS);
/// The most effects that are settled for one input: the bound against screens that answer each other without end.
const SETTLE_LIMIT: usize = 256;

impl App {
    /// Sets the people that F9 offers on a simulated store; none on a real one.
    pub fn set_people(&mut self, people: Vec<StaffLine>) {
        self.people = people.into_iter().filter(|line| line.active).collect();
    }

    /// Opens the role's first tab and asks for the drafts of an earlier session.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut out = self.open_first();
        self.forget_sessions();
        out.extend(self.load_sessions());
        out
    }

    fn open_first(&mut self) -> Vec<Effect> {
        self.settle(vec![(self.open, Effect::Goto(self.open, None))])
    }

    /// Makes new screens for `actor`, with the same language, theme and size.
    pub fn become_actor(&mut self, actor: Actor) -> Vec<Effect> {
        self.open = first_for(actor.role);
        self.before_tasks = None;
        self.before_register = None;
        self.ctx.actor = actor;
        self.screens = (self.make)(&self.ctx);
        self.modals.clear();
        self.notice = None;
        self.teach_another();
        self.start()
    }

    /// Takes one input.
    pub fn input(&mut self, input: Input) -> Vec<Effect> {
        if self.is_taught() {
            let seen = input.clone();
            return self.with_lessons(&seen, |app| app.take_input(input));
        }
        self.take_input(input)
    }

    fn take_input(&mut self, input: Input) -> Vec<Effect> {
        match input {
            Input::Key(_) | Input::Paste(_) | Input::Number { .. } | Input::Mouse(_) => self.by_hand(input),
            Input::Resize(columns, rows) => {
                self.size = (columns, rows);
                Vec::new()
            }
            Input::Tick(now) => self.tick(now),
            Input::Changed(topics) => {
                let from = self.open;
                let effects = self.on_open(|screen, ctx| screen.changed(topics, ctx));
                let mut out = self.settle(tagged(from, effects));
                if topics.touches(ON_STATUS_LINE) {
                    self.read_status(&mut out);
                }
                out.extend(self.sessions_changed(topics));
                out
            }
            Input::Away(away) => {
                self.away = away;
                Vec::new()
            }
            Input::Hangup => {
                let mut out = self.keep(true);
                out.push(Effect::Quit);
                out
            }
        }
    }

    /// Shows another version of the campaign as soon as nothing is open: a call, a form or an interview that has begun
    /// keeps the texts that it began with.
    pub fn follow(&mut self, campaign: &Arc<Campaign>) {
        let is_new = !Arc::ptr_eq(&self.ctx.campaign, campaign);
        if is_new
            && !self.call_open()
            && self.modals.is_empty()
            && self.screens.iter().all(|screen| screen.is_at_rest(&self.ctx))
        {
            self.ctx.campaign = Arc::clone(campaign);
        }
    }

    /// Takes the answer to a job.
    pub fn reply(&mut self, mut reply: Reply) -> Vec<Effect> {
        if reply.ticket.is_from(Origin::Frame) {
            return self.own_reply(reply);
        }
        self.take_status(&mut reply);
        let Some(at) = self.screens.iter().position(|screen| reply.ticket.is_from(screen.origin())) else {
            return Vec::new();
        };
        let from = self.screens[at].origin();
        let receipt = self.receipt_for_lessons(&reply);
        self.answered_well(&reply, at);
        let effects = self.screens[at].reply(reply, &self.ctx);
        let mut out = self.settle(tagged(from, effects));
        self.look(receipt.as_ref());
        out.extend(self.play_held(at));
        out.extend(self.put_in());
        out
    }

    /// Hands the screen the keys that were held while a save was in flight.
    fn play_held(&mut self, at: usize) -> Vec<Effect> {
        let mut out = Vec::new();
        let from = self.screens[at].origin();
        loop {
            if !self.modals.is_empty() || self.is_too_small() {
                let dropped = self.screens[at].drop_held();
                if dropped > 0 {
                    self.say_too(Tone::Warn, Say::key("frame.held_dropped").with("count", dropped));
                }
                return out;
            }
            let Some(key) = self.screens[at].next_held() else { return out };
            if self.open == from {
                if let Taken::Yes(effects) = self.key(key) {
                    out.extend(effects);
                }
            } else if let Taken::Yes(effects) = self.screens[at].key(key, &self.ctx) {
                out.extend(self.settle(tagged(from, effects)));
            }
        }
    }

    fn own_reply(&mut self, reply: Reply) -> Vec<Effect> {
        if self.is_of_sessions(reply.ticket) {
            return self.sessions_answered(reply.outcome);
        }
        let Some(reply) = self.answer_case_search(reply) else { return Vec::new() };
        let of_drafts = self.is_of_drafts(reply.ticket);
        match reply.outcome {
            Ok((Some(_), _)) if of_drafts => return self.given_back(),
            Ok((_, snapshots)) => {
                for snapshot in snapshots {
                    match snapshot {
                        Snapshot::Drafts(found) if of_drafts => self.take_drafts(found),
                        Snapshot::Status(status) if self.status_ticket == Some(reply.ticket) => {
                            self.show_status(status);
                        }
                        _ => {}
                    }
                }
            }
            Err(error) => {
                if of_drafts {
                    self.forget_left();
                }
                self.say(Tone::Danger, Say::from(error));
            }
        }
        Vec::new()
    }

    fn modal_act(&mut self, act: ModalAct) -> Vec<Effect> {
        let Some(modal) = self.modals.last_mut() else { return Vec::new() };
        let settled = modal.act(act);
        if settled != Settled::Stays {
            self.modals.pop();
        }
        match settled {
            Settled::Stays | Settled::Closed => Vec::new(),
            Settled::Answer(Origin::Frame, RESUME, yes) => self.resume_answered(yes),
            Settled::Answer(Origin::Frame, DISCARD, yes) => self.discard_answered(yes),
            Settled::Answer(Origin::Frame, TAKE_OVER, yes) => self.take_over_answered(yes),
            Settled::Answer(Origin::Frame, _, yes) => {
                if yes {
                    vec![Effect::Quit]
                } else {
                    Vec::new()
                }
            }
            Settled::Answer(from, id, yes) => {
                let Some(at) = self.find(from) else { return Vec::new() };
                let effects = self.screens[at].answered(id, yes, &self.ctx);
                self.settle(tagged(from, effects))
            }
            Settled::Do(Origin::Frame, id) => self.do_frame_row(id),
            Settled::Do(tab, id) => {
                self.did(id);
                let mut out = Vec::new();
                if tab != self.open {
                    out.extend(self.settle(vec![(tab, Effect::Goto(tab, None))]));
                }
                let effects = self.on_open(|screen, ctx| screen.act(id, ctx));
                out.extend(self.settle(tagged(tab, effects)));
                out
            }
            Settled::Open(subject) => {
                self.settle(vec![(Origin::Schedule, Effect::Goto(Origin::Schedule, Some(subject)))])
            }
            Settled::Become(staff) => vec![Effect::Become(staff)],
        }
    }

    fn act(&mut self, act: FrameAct) -> Vec<Effect> {
        match act {
            FrameAct::Tab(tab) => return self.settle(vec![(tab, Effect::Goto(tab, None))]),
            FrameAct::Tasks if self.open == Origin::Tasks => {
                return self.settle(vec![(Origin::Tasks, Effect::Back)]);
            }
            FrameAct::Tasks => {
                return self.settle(vec![(Origin::Tasks, Effect::Goto(Origin::Tasks, None))]);
            }
            FrameAct::Help => {
                let help = Help::new(self.help_rows(), self.ctx.lang);
                self.modals.push(Modal::Help(Box::new(help)));
            }
            FrameAct::Palette => {
                let palette = Palette::new(self.commands(), self.ctx.lang);
                self.modals.push(Modal::Palette(Box::new(palette)));
            }
            FrameAct::FindCase => self.open_case_search(),
            FrameAct::Typing => self.ctx.typing = self.ctx.typing.next(),
            FrameAct::Language => self.ctx.lang = self.ctx.lang.toggled(),
            FrameAct::People => {
                let staff = self.people.clone();
                let cursor = staff.iter().position(|line| line.id == self.ctx.actor.staff).unwrap_or(0);
                self.modals.push(Modal::People { staff, cursor: Cursor(cursor) });
            }
            FrameAct::Seen if self.banners.is_empty() => self.leave_lesson(),
            FrameAct::Seen => self.dismiss_banner(),
            FrameAct::Quit => return self.quit(),
        }
        Vec::new()
    }

    /// Whether a call is open on one of the screens.
    pub fn call_open(&self) -> bool {
        self.screens.iter().any(|screen| screen.call_open())
    }

    fn quit(&mut self) -> Vec<Effect> {
        if !self.call_open() {
            return vec![Effect::Quit];
        }
        let asked = self.modals.iter().any(|modal| match modal {
            Modal::Ask { from: Origin::Frame, question, .. } => question.id == QUIT,
            _ => false,
        });
        if !asked {
            let detail = Say::key("frame.quit_detail");
            let question = Question::irrevocable(QUIT, Say::key("frame.quit_question"), detail);
            self.modals.push(Modal::ask(Origin::Frame, Box::new(question)));
        }
        Vec::new()
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        self.ctx.now = now;
        self.notice.take_if(|notice| notice.shown && notice.is_over(now));
        self.lock_when_idle();
        let mut out = Vec::new();
        for at in 0..self.screens.len() {
            let from = self.screens[at].origin();
            let effects = self.screens[at].tick(&self.ctx);
            out.extend(self.settle(tagged(from, effects)));
        }
        out.extend(self.put_in());
        out.extend(self.keep(false));
        out.extend(self.stop_waiting());
        out
    }

    /// Carries out the effects that belong to the frame and returns those that belong to the session.
    fn settle(&mut self, effects: Vec<(Origin, Effect)>) -> Vec<Effect> {
        let mut waiting: VecDeque<_> = effects.into();
        let mut out = Vec::new();
        let (mut has_notice, mut opened) = (false, false);
        let before = self.notice_count;
        for _ in 0..SETTLE_LIMIT {
            let Some((from, effect)) = waiting.pop_front() else { break };
            match effect {
                Effect::Run(mut job) => {
                    if job.command.is_some() {
                        self.bring_status(&mut job);
                    }
                    out.push(Effect::Run(job));
                }
                Effect::Copy(_)
                | Effect::Become(_)
                | Effect::Keep(_)
                | Effect::Pin(_)
                | Effect::Compare(_)
                | Effect::Export(_) => out.push(effect),
                Effect::Quit => out.extend(self.quit()),
                Effect::Notice(tone, say) if has_notice => self.say_too(tone, say),
                Effect::Notice(tone, say) => {
                    has_notice = true;
                    self.say(tone, say);
                }
                Effect::Ask(question) => self.modals.push(Modal::ask(from, question)),
                Effect::Show { title, lines, tone } => {
                    self.modals.push(Modal::Show { title, lines, tone, scroll: 0 });
                }
                Effect::Alarm { id, lines } => {
                    self.modals.push(Modal::Alarm { from, id, lines, typed: String::new() });
                }
                Effect::Back => {
                    let Some(tab) = self.screen_before(from) else { continue };
                    // Back at the tasks, Esc still leads to the screen before them.
                    let before_tasks = self.before_tasks;
                    waiting.extend(self.go_to(tab, None, before).into_iter().map(|e| (tab, e)));
                    self.before_tasks = before_tasks;
                    opened = true;
                }
                Effect::Goto(tab, subject) => {
                    waiting.extend(self.go_to(tab, subject, before).into_iter().map(|e| (tab, e)));
                    opened = true;
                }
            }
        }
        if opened {
            self.read_status(&mut out);
        }
        out
    }

    /// The screen to which one step back leads; none for registrations that no other screen opened.
    fn screen_before(&mut self, from: Origin) -> Option<Origin> {
        if from == Origin::Register {
            return self.before_register.take();
        }
        Some(self.before_tasks.unwrap_or_else(|| first_for(self.ctx.actor.role)))
    }

    /// Opens a tab. The notice of the tab before goes; a notice made since the count was `count_before` stays.
    fn go_to(&mut self, tab: Origin, subject: Option<Subject>, count_before: u64) -> Vec<Effect> {
        if let Some(act) = lacks(tab, self.ctx.actor.role) {
            return vec![Effect::Notice(Tone::Warn, Say::from(Refusal::Forbidden { act }))];
        }
        if self.find(tab).is_none() {
            return Vec::new();
        }
        if tab != self.open && self.notice_count == count_before {
            self.notice = None;
        }
        if tab == Origin::Tasks && self.open != Origin::Tasks {
            self.before_tasks = Some(self.open);
        }
        if tab == Origin::Register {
            self.before_register = (subject.is_some() && self.open != tab).then_some(self.open);
        }
        self.open = tab;
        self.on_open(|screen, ctx| screen.open(subject, ctx))
    }

    /// Every binding row that the role has: the open tab's first, then the other tabs', then the frame's.
    fn commands(&self) -> Vec<(Origin, KeyRow)> {
        let role = self.ctx.actor.role;
        let mut screens: Vec<_> =
            self.screens.iter().filter(|screen| lacks(screen.origin(), role).is_none()).collect();
        screens.sort_by_key(|screen| screen.origin() != self.open);
        let own = screens
            .into_iter()
            .flat_map(|screen| screen.commands(&self.ctx).into_iter().map(|row| (screen.origin(), row)));
        let plain = PLAIN_KEYS.iter().filter(|row| row.in_footer && row.is_for(role));
        let frame = FRAME_KEYS
            .iter()
            .filter(|row| row.is_for(role))
            .chain(plain)
            .map(|row| (Origin::Frame, row.row(self)));
        own.chain(frame.filter(|(_, row)| row.enabled != Err(ELSEWHERE))).collect()
    }
}

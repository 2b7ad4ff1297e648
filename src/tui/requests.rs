//! Tracks the requests of a screen that are not answered yet; no other part of a screen handles tickets.
//!
//! Invariants:
//! * of one kind of load only the newest counts; the answer to an older or a forgotten one is dropped;
//! * at most one save is in flight, and the screen's keys are held until it is answered;
//! * data that changed while it was being read is read once more after the answer, however often it changed;
//! * a yes to a question sends the command that the question was about, whatever is shown by then.
//!
//! Deliberately absent: what the answers mean. The screen decides that by its own kinds of loads and saves.

use super::effect::{CompareFile, Effect, Export, Origin, Outcome, Question, Ticket, Tickets};
use super::say::Say;
use crate::domain::figure::Figure;
use crate::usecase::{Command, Query};

/// The question before a command that cannot be undone ([`Requests::ask`]).
pub const CONFIRM: &str = "requests.confirm";

/// An answer that still counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer<L, S> {
    /// Something was read, or done without holding the keys.
    Loaded(L, Outcome),
    /// The save is settled.
    Saved(S, Outcome),
}

/// A load that is not answered yet.
#[derive(Debug, Clone, PartialEq)]
struct Pending<L> {
    ticket: Ticket,
    kind: L,
    /// The queries to run once more, because the data changed meanwhile.
    again: Option<Vec<Query>>,
}

/// The requests of one screen: `L` names its kinds of loads, `S` what a save is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Requests<L, S> {
    tickets: Tickets,
    loads: Vec<Pending<L>>,
    saving: Option<(Ticket, S)>,
    /// The command that a yes to the open question sends.
    asked: Option<(S, Command, Vec<Query>)>,
}

impl<L: Copy + PartialEq, S> Requests<L, S> {
    /// No request yet.
    pub const fn new(origin: Origin) -> Self {
        Self { tickets: Tickets::new(origin), loads: Vec::new(), saving: None, asked: None }
    }

    /// Reads something; an older load of the same kind no longer counts.
    pub fn load(&mut self, kind: L, query: Query) -> Effect {
        let ticket = self.begin(kind);
        Effect::load(ticket, query)
    }

    /// Reads several things in one reply; an older load of the same kind no longer counts.
    pub fn load_all(&mut self, kind: L, queries: Vec<Query>) -> Effect {
        let ticket = self.begin(kind);
        Effect::read(ticket, queries)
    }

    /// Reads something again because it changed. While a load of this kind is not answered, none is sent; the data
    /// is read once more after that answer.
    pub fn refresh(&mut self, kind: L, query: Query) -> Option<Effect> {
        self.refresh_all(kind, vec![query])
    }

    /// The same for several things in one reply.
    pub fn refresh_all(&mut self, kind: L, queries: Vec<Query>) -> Option<Effect> {
        if let Some(pending) = self.loads.iter_mut().find(|pending| pending.kind == kind) {
            pending.again = Some(queries);
            return None;
        }
        Some(self.load_all(kind, queries))
    }

    /// Sends a command that the person did not ask for, without holding the keys; it is answered as a load.
    pub fn send(&mut self, kind: L, command: Command) -> Effect {
        let ticket = self.begin(kind);
        Effect::save(ticket, command, [])
    }

    /// The same with what is read after it: a look that is written down.
    pub fn send_for(&mut self, kind: L, command: Command, then: Vec<Query>) -> Effect {
        let ticket = self.begin(kind);
        Effect::save(ticket, command, then)
    }

    /// Sends a command and the queries that show its effect as one job; the keys are held until the reply.
    pub fn save(&mut self, save: S, command: Command, then: impl IntoIterator<Item = Query>) -> Effect {
        let ticket = self.tickets.next();
        self.saving = Some((ticket, save));
        Effect::save(ticket, command, then)
    }

    /// Writes the people behind a figure to a new file; the keys are held until the reply.
    pub fn export(&mut self, save: S, figure: Figure, file: String) -> Effect {
        let ticket = self.tickets.next();
        self.saving = Some((ticket, save));
        Effect::Export(Box::new(Export { ticket, figure, file }))
    }

    /// Reads something that the next key may depend on; the keys are held as for a save, and it is answered as one.
    pub fn hold_for(&mut self, save: S, query: Query) -> Effect {
        let ticket = self.tickets.next();
        self.saving = Some((ticket, save));
        Effect::load(ticket, query)
    }

    /// Reads a campaign file and compares it; the keys are held until the reply.
    pub fn compare(&mut self, save: S, path: String, replay: Option<i64>) -> Effect {
        let ticket = self.tickets.next();
        self.saving = Some((ticket, save));
        Effect::Compare(Box::new(CompareFile { ticket, path, replay }))
    }

    /// Asks before a command that cannot be undone. `text` names the person, `consequence` says what a yes does. The
    /// answer comes back under [`CONFIRM`].
    pub fn ask(
        &mut self,
        save: S,
        command: Command,
        then: impl IntoIterator<Item = Query>,
        text: Say,
        consequence: Say,
    ) -> Effect {
        self.asked = Some((save, command, then.into_iter().collect()));
        Effect::Ask(Box::new(Question::irrevocable(CONFIRM, text, consequence)))
    }

    /// Sends the command of the question `id` after a yes; none after a no, or when the question was another.
    pub fn answered(&mut self, id: &str, yes: bool) -> Option<Effect> {
        let (save, command, then) =
            if id == CONFIRM { self.asked.take().filter(|_| yes)? } else { return None };
        Some(self.save(save, command, then))
    }

    fn begin(&mut self, kind: L) -> Ticket {
        let ticket = self.tickets.next();
        self.forget(kind);
        self.loads.push(Pending { ticket, kind, again: None });
        ticket
    }

    /// Whether a save is in flight.
    pub const fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    /// What the save in flight is for.
    pub fn in_flight(&self) -> Option<&S> {
        self.saving.as_ref().map(|(_, save)| save)
    }

    /// Whether a load of this kind is not answered yet.
    pub fn is_loading(&self, kind: L) -> bool {
        self.loads.iter().any(|pending| pending.kind == kind)
    }

    /// Forgets a load of this kind: its answer no longer counts.
    pub fn forget(&mut self, kind: L) {
        self.loads.retain(|pending| pending.kind != kind);
    }

    /// Forgets all requests: their answers no longer count, and no key is held, because what they were for is not
    /// shown any more.
    pub fn forget_all(&mut self) {
        self.loads.clear();
        self.saving = None;
        self.asked = None;
    }

    /// Takes an answer; none when it no longer counts. A load that has to be repeated is added to `out`.
    pub fn take(&mut self, ticket: Ticket, outcome: Outcome, out: &mut Vec<Effect>) -> Option<Answer<L, S>> {
        if let Some((_, save)) = self.saving.take_if(|(waiting, _)| *waiting == ticket) {
            return Some(Answer::Saved(save, outcome));
        }
        let at = self.loads.iter().position(|pending| pending.ticket == ticket)?;
        let Pending { kind, again, .. } = self.loads.swap_remove(at);
        if let Some(queries) = again {
            out.push(self.load_all(kind, queries));
        }
        Some(Answer::Loaded(kind, outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Tone;
    use crate::usecase::command::Nothing;
    use crate::usecase::{Receipt, Snapshot};

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Load {
        Queue,
        Seats,
    }

    type Asked = Requests<Load, &'static str>;

    fn asked() -> Asked {
        Requests::new(Origin::Calls)
    }

    fn ticket(effect: &Effect) -> Ticket {
        match effect {
            Effect::Run(job) => job.ticket,
            other => panic!("{other:?}"),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "an outcome as the door gives it")]
    fn nothing() -> Outcome {
        Ok((None, Vec::<Snapshot>::new()))
    }

    #[test]
    fn of_one_kind_only_the_newest_load_counts() {
        let (mut asked, mut out) = (asked(), Vec::new());
        let old = ticket(&asked.load(Load::Queue, Query::Quota {}));
        let other = ticket(&asked.load(Load::Seats, Query::Quota {}));
        let new = ticket(&asked.load(Load::Queue, Query::Quota {}));
        assert_eq!(asked.take(old, nothing(), &mut out), None);
        assert_eq!(asked.take(new, nothing(), &mut out), Some(Answer::Loaded(Load::Queue, nothing())));
        assert_eq!(asked.take(new, nothing(), &mut out), None, "an answer counts once");
        assert_eq!(asked.take(other, nothing(), &mut out), Some(Answer::Loaded(Load::Seats, nothing())));
        assert_eq!(out, []);
    }

    #[test]
    fn what_changed_while_it_was_read_is_read_once_more() {
        let (mut asked, mut out) = (asked(), Vec::new());
        let first = asked.refresh(Load::Queue, Query::Quota {}).expect("nothing is out");
        assert_eq!(asked.refresh(Load::Queue, Query::Quota {}), None);
        assert_eq!(asked.refresh(Load::Queue, Query::Leads {}), None);
        asked.take(ticket(&first), nothing(), &mut out);
        let again = match out.as_slice() {
            [Effect::Run(job)] => job.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(again.then, [Query::Leads {}]);
        out.clear();
        asked.take(again.ticket, nothing(), &mut out);
        assert_eq!(out, [], "it did not change again");
        assert!(!asked.is_loading(Load::Queue));
    }

    #[test]
    fn a_save_holds_the_keys_until_its_own_answer() {
        let (mut asked, mut out) = (asked(), Vec::new());
        let load = ticket(&asked.load(Load::Seats, Query::Quota {}));
        let save = ticket(&asked.save("resume", Command::Resume(Nothing {}), [Query::Quota {}]));
        assert!(asked.is_saving());
        asked.take(load, nothing(), &mut out);
        assert_eq!(asked.in_flight(), Some(&"resume"));
        let done = Ok((Some(Receipt::Resumed {}), Vec::new()));
        assert_eq!(asked.take(save, done.clone(), &mut out), Some(Answer::Saved("resume", done)));
        assert!(!asked.is_saving());
    }

    #[test]
    fn a_command_behind_a_question_goes_by_its_yes_alone() {
        let mut asked = asked();
        let resume = Command::Resume(Nothing {});
        let ask = |asked: &mut Asked| {
            asked.ask("resume", resume.clone(), [Query::Quota {}], Say::key("x"), Say::key("y"))
        };
        let Effect::Ask(question) = ask(&mut asked) else { panic!("nothing was asked") };
        assert_eq!((question.id, question.tone), (CONFIRM, Tone::Danger));
        assert_eq!(asked.answered("another", true), None);
        assert_eq!(asked.answered(CONFIRM, false), None);
        assert_eq!(asked.answered(CONFIRM, true), None, "no was the answer");
        ask(&mut asked);
        let Some(Effect::Run(job)) = asked.answered(CONFIRM, true) else { panic!("nothing was sent") };
        assert_eq!((job.command, asked.in_flight()), (Some(resume), Some(&"resume")));
        assert_eq!(asked.answered(CONFIRM, true), None, "it is sent once");
    }

    #[test]
    fn what_nobody_asked_for_holds_no_keys() {
        let (mut asked, mut out) = (asked(), Vec::new());
        let sent = ticket(&asked.send(Load::Queue, Command::Resume(Nothing {})));
        assert!(!asked.is_saving());
        assert!(matches!(asked.take(sent, nothing(), &mut out), Some(Answer::Loaded(Load::Queue, _))));
    }

    #[test]
    fn what_is_forgotten_is_dropped_and_holds_no_keys() {
        let (mut asked, mut out) = (asked(), Vec::new());
        let load = ticket(&asked.load(Load::Queue, Query::Quota {}));
        let save = ticket(&asked.save("resume", Command::Resume(Nothing {}), []));
        asked.forget_all();
        assert!(!asked.is_saving());
        assert_eq!(asked.take(load, nothing(), &mut out), None);
        assert_eq!(asked.take(save, nothing(), &mut out), None);
    }
}

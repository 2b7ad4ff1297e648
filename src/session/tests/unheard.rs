//! What was done and not heard: a server that goes away between a commit and its answer, and a person who sends the
//! same again, or something else. Run when a server is named for the tests.

use crate::domain::contact::Purpose;
use crate::domain::id::MatterId;
use crate::domain::time::Timestamp;
use crate::session::{Event, Passage, SessionClock, Work};
use crate::store::{Store, StoreError};
use crate::tui::effect::{Job, Origin, Outcome, Ticket};
use crate::usecase::command::{AddLead, Claim, MatterRef};
use crate::usecase::fixture::{at, campaign, hotline_in, id, number};
use crate::usecase::patience::{Cut, Line, programme};
use crate::usecase::{Command, Door, Error, Query, Receipt};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const COMMIT: Cut = Cut::Last(b"COMMIT");
const QUERY: Cut = Cut::Last(b"REPEATABLE READ");

fn nine() -> Timestamp {
    at("2026-12-02T09:00")
}

/// The supervisor's way through a door.
struct Seat {
    passage: Passage,
    clock: SessionClock,
}

impl Seat {
    fn at(door: &Door) -> Self {
        let clock = SessionClock::new(nine, Some(nine()));
        Self { passage: Passage::new(door.clone(), clock.clone()), clock }
    }

    fn asks_at(&mut self, asked: Instant, command: Option<Command>, then: Option<Query>) -> Outcome {
        let job = Box::new(Job {
            ticket: Ticket::of(Origin::Register, 1),
            command,
            then: then.into_iter().collect(),
        });
        match self.passage.act(Work::Job(id("ha"), job), asked) {
            Event::Reply(reply) => reply.outcome,
            other => panic!("{other:?}"),
        }
    }

    fn saves(&mut self, command: Command) -> Result<Receipt, Error> {
        let (receipt, _) = self.asks_at(Instant::now(), Some(command), None)?;
        Ok(receipt.unwrap())
    }
}

fn lead(comment: &str) -> Command {
    Command::AddLead(AddLead {
        name: "Hoa".to_owned(),
        comment: comment.to_owned(),
        conversation: None,
        phone: None,
    })
}

const fn claim() -> Command {
    Command::Claim(Claim { purpose: Purpose::Offer, matter: None })
}

/// The command is cut off at that point, and nobody hears what became of it.
fn is_cut_off(seat: &mut Seat, line: &Line, cut: Cut, command: Command) {
    line.cut(cut);
    let then = matches!(cut, QUERY).then_some(Query::Leads {});
    let unknown = seat.asks_at(Instant::now(), Some(command), then).unwrap_err();
    assert!(matches!(unknown, Error::Store(StoreError::Lost { .. })), "{unknown:?}");
    line.was_cut();
    line.down.store(false, Ordering::Relaxed);
}

fn rule<T>(outcome: Result<T, Error>) -> Option<&'static str> {
    match outcome {
        Err(Error::Refused(refusal)) => Some(refusal.rule()),
        _ => None,
    }
}

#[test]
fn what_was_done_and_not_heard_is_answered_when_the_person_sends_it_again() {
    for cut in [COMMIT, QUERY] {
        let Some((_trial, line, door)) = programme(1) else { return };
        let mut seat = Seat::at(&door);
        is_cut_off(&mut seat, &line, cut, lead("fb:1"));
        let receipt = seat.saves(lead("fb:1")).unwrap();
        assert!(matches!(receipt, Receipt::LeadAdded { .. }), "{receipt:?}");
        assert_eq!(number(&door, "SELECT COUNT(*) FROM lead"), 1);
        assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'add_lead'"), 1);
        // That was heard: whoever sends it once more means a second one.
        assert_eq!(rule(seat.saves(lead("fb:1"))), Some("conflict"));
    }
}

#[test]
fn something_else_acts_and_ends_the_doubt() {
    let Some((_trial, line, door)) = programme(1) else { return };
    let mut seat = Seat::at(&door);
    is_cut_off(&mut seat, &line, COMMIT, lead("fb:1"));
    assert!(seat.saves(lead("fb:2")).is_ok());
    assert_eq!(number(&door, "SELECT COUNT(*) FROM lead"), 2);
    assert_eq!(rule(seat.saves(lead("fb:1"))), Some("conflict"));
}

#[test]
fn what_was_refused_and_what_a_screen_says_by_itself_leave_the_doubt() {
    let Some((_trial, line, door)) = programme(1) else { return };
    let mut seat = Seat::at(&door);
    let Ok(Receipt::Claimed { matter, .. }) = seat.saves(claim()) else { panic!("nobody was due") };
    is_cut_off(&mut seat, &line, COMMIT, lead("fb:1"));
    assert_eq!(rule(seat.saves(lead(" "))), Some("field_invalid"));
    assert!(matches!(
        seat.saves(Command::RenewLease(MatterRef { matter })),
        Ok(Receipt::LeaseRenewed { .. })
    ));
    assert!(seat.saves(lead("fb:1")).is_ok());
    assert_eq!(number(&door, "SELECT COUNT(*) FROM lead"), 1);
}

#[test]
fn a_customer_who_was_handed_out_unheard_is_there_until_the_lease_runs_out_and_then_asked_for_anew() {
    let Some((_trial, line, door)) = programme(1) else { return };
    let mut seat = Seat::at(&door);
    let claimed = |receipt: Result<Receipt, Error>| -> (MatterId, Timestamp) {
        match receipt {
            Ok(Receipt::Claimed { matter, lease_until, .. }) => (matter, lease_until),
            other => panic!("nobody was handed out: {other:?}"),
        }
    };
    is_cut_off(&mut seat, &line, COMMIT, claim());
    let (first, until) = claimed(seat.saves(claim()));
    let release = Command::ReleaseLease(MatterRef { matter: first });
    assert!(seat.saves(release).is_ok());
    is_cut_off(&mut seat, &line, COMMIT, claim());
    seat.clock.catch_up(until.plus_minutes(5));
    let (_, later) = claimed(seat.saves(claim()));
    assert!(later > seat.clock.now(), "a lease that ran out was handed out");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE lease_staff = 'ha'"), 1);
}

/// A time so long ago that any patience is over.
fn long_ago(patience: u64) -> Instant {
    Instant::now().checked_sub(Duration::from_secs(patience + 1)).unwrap()
}

#[test]
fn patience_counts_from_when_something_was_asked_for() {
    // A machine that has just started has no instant that long ago.
    const PATIENCE: u64 = 120;
    let Some((_trial, line, door)) = programme(PATIENCE) else { return };
    let mut seat = Seat::at(&door);
    line.down.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    let tried = seat.asks_at(long_ago(PATIENCE), Some(lead("fb:1")), None).unwrap_err();
    assert!(matches!(tried, Error::Store(StoreError::Lost { .. })), "{tried:?}");
    let not_tried = seat.asks_at(long_ago(PATIENCE), None, Some(Query::Leads {})).unwrap_err();
    assert_eq!(not_tried, Error::Store(StoreError::Busy));
    assert!(begun.elapsed() < Duration::from_secs(PATIENCE), "waited as if it had just been asked for");
    line.down.store(false, Ordering::Relaxed);
    // A command is tried however long it waited: it was promised.
    assert!(seat.asks_at(long_ago(PATIENCE), Some(lead("fb:1")), Some(Query::Leads {})).is_ok());
}

#[test]
fn a_file_is_asked_however_long_the_question_waited() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path().join("file.db")).unwrap();
    let mut seat = Seat::at(&hotline_in(store, campaign()));
    assert!(seat.asks_at(long_ago(1), None, Some(Query::Leads {})).is_ok());
}

//! Commands that were done without a reply: a database server goes away between a commit and its reply, and the user
//! sends the same again, or something else. Runs when a server is named for the tests.

use crate::domain::contact::Purpose;
use crate::domain::id::MatterId;
use crate::domain::time::Timestamp;
use crate::session::{Event, Executor, SessionClock, Work};
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

/// The supervisor's executor.
struct TestSession {
    executor: Executor,
    clock: SessionClock,
}

impl TestSession {
    fn at(door: &Door) -> Self {
        let clock = SessionClock::new(nine, Some(nine()));
        Self { executor: Executor::new(door.clone(), clock.clone()), clock }
    }

    fn asks_at(&mut self, asked: Instant, command: Option<Command>, then: Option<Query>) -> Outcome {
        let job = Box::new(Job {
            ticket: Ticket::of(Origin::Register, 1),
            command,
            then: then.into_iter().collect(),
        });
        match self.executor.run(Work::Job(id("ha"), job), asked) {
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

/// The connection is cut at that point of the command, and no reply arrives.
fn is_cut_off(session: &mut TestSession, line: &Line, cut: Cut, command: Command) {
    line.cut(cut);
    let then = matches!(cut, QUERY).then_some(Query::Leads {});
    let unknown = session.asks_at(Instant::now(), Some(command), then).unwrap_err();
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
fn an_unconfirmed_command_gets_its_receipt_when_the_user_sends_it_again() {
    for cut in [COMMIT, QUERY] {
        let Some((_trial, line, door)) = programme(1) else { return };
        let mut session = TestSession::at(&door);
        is_cut_off(&mut session, &line, cut, lead("fb:1"));
        let receipt = session.saves(lead("fb:1")).unwrap();
        assert!(matches!(receipt, Receipt::LeadAdded { .. }), "{receipt:?}");
        assert_eq!(number(&door, "SELECT COUNT(*) FROM lead"), 1);
        assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'add_lead'"), 1);
        // That reply arrived: sending it once more means a second command.
        assert_eq!(rule(session.saves(lead("fb:1"))), Some("conflict"));
    }
}

#[test]
fn another_command_acts_and_ends_the_doubt() {
    let Some((_trial, line, door)) = programme(1) else { return };
    let mut session = TestSession::at(&door);
    is_cut_off(&mut session, &line, COMMIT, lead("fb:1"));
    assert!(session.saves(lead("fb:2")).is_ok());
    assert_eq!(number(&door, "SELECT COUNT(*) FROM lead"), 2);
    assert_eq!(rule(session.saves(lead("fb:1"))), Some("conflict"));
}

#[test]
fn a_refusal_and_a_screens_own_renewal_leave_the_doubt() {
    let Some((_trial, line, door)) = programme(1) else { return };
    let mut session = TestSession::at(&door);
    let Ok(Receipt::Claimed { matter, .. }) = session.saves(claim()) else { panic!("nobody was due") };
    is_cut_off(&mut session, &line, COMMIT, lead("fb:1"));
    assert_eq!(rule(session.saves(lead(" "))), Some("field_invalid"));
    assert!(matches!(
        session.saves(Command::RenewLease(MatterRef { matter })),
        Ok(Receipt::LeaseRenewed { .. })
    ));
    assert!(session.saves(lead("fb:1")).is_ok());
    assert_eq!(number(&door, "SELECT COUNT(*) FROM lead"), 1);
}

#[test]
fn an_unconfirmed_claim_stands_until_its_lease_expires_and_is_then_made_anew() {
    let Some((_trial, line, door)) = programme(1) else { return };
    let mut session = TestSession::at(&door);
    let claimed = |receipt: Result<Receipt, Error>| -> (MatterId, Timestamp) {
        match receipt {
            Ok(Receipt::Claimed { matter, lease_until, .. }) => (matter, lease_until),
            other => panic!("nobody was handed out: {other:?}"),
        }
    };
    is_cut_off(&mut session, &line, COMMIT, claim());
    let (first, until) = claimed(session.saves(claim()));
    let release = Command::ReleaseLease(MatterRef { matter: first });
    assert!(session.saves(release).is_ok());
    is_cut_off(&mut session, &line, COMMIT, claim());
    session.clock.catch_up(until.plus_minutes(5));
    let (_, later) = claimed(session.saves(claim()));
    assert!(later > session.clock.now(), "a lease that ran out was handed out");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE lease_staff = 'ha'"), 1);
}

/// A time before any time limit.
fn long_ago(patience: u64) -> Instant {
    Instant::now().checked_sub(Duration::from_secs(patience + 1)).unwrap()
}

#[test]
fn the_time_limit_counts_from_the_request() {
    // A machine that has just started has no instant that long ago.
    const PATIENCE: u64 = 120;
    let Some((_trial, line, door)) = programme(PATIENCE) else { return };
    let mut session = TestSession::at(&door);
    line.down.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    let tried = session.asks_at(long_ago(PATIENCE), Some(lead("fb:1")), None).unwrap_err();
    assert!(matches!(tried, Error::Store(StoreError::Lost { .. })), "{tried:?}");
    let not_tried = session.asks_at(long_ago(PATIENCE), None, Some(Query::Leads {})).unwrap_err();
    assert_eq!(not_tried, Error::Store(StoreError::Busy));
    assert!(begun.elapsed() < Duration::from_secs(PATIENCE), "waited as if it had just been asked for");
    line.down.store(false, Ordering::Relaxed);
    // A command is tried however long it waited: it was accepted.
    assert!(session.asks_at(long_ago(PATIENCE), Some(lead("fb:1")), Some(Query::Leads {})).is_ok());
}

#[test]
fn a_file_is_queried_however_long_the_request_waited() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path().join("file.db")).unwrap();
    let mut session = TestSession::at(&hotline_in(store, campaign()));
    assert!(session.asks_at(long_ago(1), None, Some(Query::Leads {})).is_ok());
}

//! What a command goes through when its server goes away under it: a line that is cut at the worst moments, by a
//! proxy between the store and a real server. Run when a server is named for the tests.

use super::command::{Channel, Command};
use super::ctx::When;
use super::door::{Door, Request};
use super::error::Error;
use super::fixture::{at, campaign, form, hotline_in, id, number};
use super::query::{Query, Snapshot};
use super::receipt::Receipt;
use crate::domain::id::StaffId;
use crate::store::{Place, Store, StoreError, Trial};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// When the proxy cuts a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Once the server has the text: its answer never arrives.
    After(&'static [u8]),
    /// The same, and from then on no connection is accepted.
    Last(&'static [u8]),
    /// Before the server gets the text.
    Before(&'static [u8]),
    /// Not cut: the text waits until it is let go, as if the server were silent.
    Hold(&'static [u8]),
}

/// A line to the server that can be cut.
pub struct Line {
    port: u16,
    plan: Arc<Mutex<Vec<Cut>>>,
    /// No connection gets through, existing ones included.
    pub down: Arc<AtomicBool>,
    /// Dropping it lets go what is held.
    hold: Option<Sender<()>>,
}

impl Line {
    fn to(server: (String, u16)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (plan, down): (Arc<Mutex<Vec<Cut>>>, Arc<AtomicBool>) = Default::default();
        let (hold, held) = channel();
        let held = Arc::new(Mutex::new(held));
        let line = Self { port, plan: Arc::clone(&plan), down: Arc::clone(&down), hold: Some(hold) };
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                if down.load(Ordering::Relaxed) {
                    continue;
                }
                let server = TcpStream::connect((server.0.as_str(), server.1)).unwrap();
                let (plan, held, down) = (Arc::clone(&plan), Arc::clone(&held), Arc::clone(&down));
                let (from, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || pass(from, to));
                std::thread::spawn(move || watch(client, server, &plan, &held, &down));
            }
        });
        line
    }

    /// Plans a cut.
    pub fn cut(&self, cut: Cut) {
        self.plan.lock().unwrap().push(cut);
    }

    /// Proves that the test cut what it meant to cut.
    pub fn was_cut(&self) {
        assert_eq!(*self.plan.lock().unwrap(), [], "the line was not cut");
    }
}

/// The server's answers.
fn pass(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
}

/// The client's words, until one of them is where the line is to be cut.
fn watch(
    mut client: TcpStream,
    mut server: TcpStream,
    plan: &Mutex<Vec<Cut>>,
    held: &Mutex<Receiver<()>>,
    down: &AtomicBool,
) {
    let mut buffer = vec![0; 65536];
    while let Ok(read @ 1..) = client.read(&mut buffer) {
        let words = &buffer[..read];
        let holds = |text: &[u8]| words.windows(text.len()).any(|window| window == text);
        let cut = {
            let mut plan = plan.lock().unwrap();
            let found = plan.iter().position(|cut| match cut {
                Cut::After(text) | Cut::Last(text) | Cut::Before(text) | Cut::Hold(text) => holds(text),
            });
            found.map(|index| plan.remove(index))
        };
        match cut {
            Some(Cut::Before(_)) => break,
            Some(Cut::Hold(_)) => {
                // Ends when the other side is dropped.
                let _ = held.lock().unwrap().recv();
                if server.write_all(words).is_err() {
                    break;
                }
            }
            Some(last @ (Cut::After(_) | Cut::Last(_))) => {
                if matches!(last, Cut::Last(_)) {
                    down.store(true, Ordering::Relaxed);
                }
                // The client receives nothing more; the server receives this and the end.
                let _ = client.shutdown(Shutdown::Both);
                let _ = server.write_all(words);
                let _ = server.shutdown(Shutdown::Write);
                return;
            }
            None if down.load(Ordering::Relaxed) || server.write_all(words).is_err() => break,
            None => {}
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

/// A programme on a server behind a line; none without a server.
pub fn programme(patience: u64) -> Option<(Trial, Line, Door)> {
    let trial = Trial::start().unwrap()?;
    let line = Line::to(trial.address().first());
    hotline_in(Store::create(Place::Server(Box::new(trial.address().clone()))).unwrap(), campaign());
    let behind = trial.address().clone().at_port(line.port).with_patience(patience);
    let door = Door::open(Store::open(Place::Server(Box::new(behind))).unwrap(), "test").unwrap();
    Some((trial, line, door))
}

fn registration(phone: &str) -> Request {
    Request {
        op: None,
        staff: StaffId("lan".to_owned()),
        when: When::Now(at("2026-12-02T09:00")),
        command: Command::Register(form(phone, Channel::Inbound9090)),
    }
}

fn taken(door: &Door) -> i64 {
    match door.query(&StaffId("lan".to_owned()), at("2026-12-02T09:00"), Query::Quota {}).unwrap() {
        Snapshot::Quota(quota) => quota.taken,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_commit_whose_answer_was_lost_is_found_by_its_id_and_acts_once() {
    let Some((_trial, line, door)) = programme(30) else { return };
    line.cut(Cut::After(b"COMMIT"));
    let receipt = door.execute(registration("0904123401")).unwrap();
    assert!(matches!(receipt, Receipt::Registered { seat: 1, .. }), "{receipt:?}");
    line.was_cut();
    assert_eq!(taken(&door), 1);
}

#[test]
fn a_commit_that_never_arrived_is_made_again() {
    let Some((_trial, line, door)) = programme(30) else { return };
    line.cut(Cut::Before(b"COMMIT"));
    line.cut(Cut::Before(b"COMMIT"));
    let receipt = door.execute(registration("0904123402")).unwrap();
    assert!(matches!(receipt, Receipt::Registered { seat: 1, .. }), "{receipt:?}");
    line.was_cut();
    assert_eq!(taken(&door), 1);
}

#[test]
fn a_line_cut_in_the_middle_of_a_command_leaves_nothing_half_done() {
    let Some((_trial, line, door)) = programme(30) else { return };
    for statement in [b"INSERT INTO registration".as_slice(), b"INSERT INTO audit", b"BEGIN"] {
        line.cut(Cut::After(statement));
    }
    for (number, phone) in ["0904123403", "0904123404", "0904123405"].into_iter().enumerate() {
        let receipt = door.execute(registration(phone)).unwrap();
        assert!(
            matches!(receipt, Receipt::Registered { seat, .. } if seat == number as i64 + 1),
            "{receipt:?}"
        );
    }
    line.was_cut();
    assert_eq!(taken(&door), 3);
    assert_eq!(super::check::check(&door).unwrap(), Vec::new());
}

#[test]
fn a_query_comes_through_a_cut_line_as_well() {
    let Some((_trial, line, door)) = programme(30) else { return };
    line.cut(Cut::After(b"REPEATABLE READ"));
    assert_eq!(taken(&door), 0);
    line.was_cut();
}

#[test]
fn what_was_typed_is_kept_through_a_cut_line() {
    let Some((_trial, line, door)) = programme(30) else { return };
    let kept = || number(&door, "SELECT COUNT(*) FROM draft");
    line.cut(Cut::Before(b"INSERT INTO draft"));
    door.keep_draft(&id("lan"), at("2026-12-02T09:00"), "phone:1", Some("mai")).unwrap();
    line.was_cut();
    assert_eq!(kept(), 1);
    line.cut(Cut::After(b"COMMIT"));
    door.keep_draft(&id("lan"), at("2026-12-02T09:00"), "phone:1", None).unwrap();
    line.was_cut();
    assert_eq!(kept(), 0);
}

#[test]
fn patience_ends_with_out_of_reach_and_the_next_try_succeeds_when_the_line_is_back() {
    let Some((_trial, line, door)) = programme(1) else { return };
    line.down.store(true, Ordering::Relaxed);
    line.cut(Cut::Before(b"BEGIN"));
    let refused = door.execute(registration("0904123406")).unwrap_err();
    assert!(matches!(&refused, Error::Store(StoreError::Lost { .. })), "{refused:?}");
    assert_eq!(refused.kind(), "unreachable");
    assert!(!door.store().is_away(), "nobody waits any more");
    line.down.store(false, Ordering::Relaxed);
    assert!(door.execute(registration("0904123406")).is_ok());
    assert_eq!(taken(&door), 1);
}

#[test]
fn a_server_that_is_silent_counts_as_away_until_it_speaks() {
    let Some((_trial, mut line, door)) = programme(30) else { return };
    let (woken, wakes) = channel();
    let news = door.store().subscribe(move || {
        let _ = woken.send(());
    });
    line.cut(Cut::Hold(b"INSERT INTO registration"));
    let desk = door.clone();
    let working = std::thread::spawn(move || desk.execute(registration("0904123407")));
    while !news.take().away {
        wakes.recv().unwrap();
    }
    assert!(!working.is_finished(), "nobody has let the line go");
    drop(line.hold.take());
    assert!(working.join().unwrap().is_ok());
    assert!(!door.store().is_away());
    line.was_cut();
}

//! The leader dies under eight writers: four threads of two hosts and four processes. Every acknowledged
//! command is on the next leader, and acted once. In the control, followers fall behind unnoticed, and it is not.

use crate::out_of_reach::is_out_of_reach;
use crate::peers::cluster::{Cluster, Replication};
use crate::peers::until;
use crate::races::{as_json, audit_rows, door, request};
use crate::sandbox::{Sandbox, line, register};
use crate::start::stage_at;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tongdai::usecase::Door;

/// The concurrent writers.
const WRITERS: usize = 8;
/// Customers of each.
const EACH: usize = 300;
/// Answers of all writers before the leader dies.
const BEFORE: usize = 300;
/// Answers of each writer after it died.
const AFTER: usize = 10;
/// Writes go on within.
const SOON: Duration = Duration::from_secs(30);
/// What a test waits for, on a machine with much to do.
const LONG: Duration = Duration::from_mins(2);

/// One answer.
struct Reply {
    writer: usize,
    row: usize,
    result: Value,
    at: Instant,
}

/// The results of all writers.
#[derive(Default)]
struct Board {
    replies: Mutex<Vec<Reply>>,
    stop: AtomicBool,
}

/// Ends the writers, also when the test fails in their midst.
struct Stop<'b>(&'b Board);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }
}

impl Board {
    /// Customers of a writer until it shall stop.
    fn rows(&self, writer: usize) -> impl Iterator<Item = usize> {
        (writer * EACH + 1..=(writer + 1) * EACH).take_while(|_| !self.stop.load(Ordering::Relaxed))
    }

    fn add(&self, writer: usize, row: usize, result: Value) {
        self.replies.lock().unwrap().push(Reply { writer, row, result, at: Instant::now() });
    }

    fn count(&self) -> usize {
        self.replies.lock().unwrap().len()
    }

    /// When each writer had its `n`-th answer since then; none while one lacks it.
    fn nth_since(&self, n: usize, since: Instant) -> Option<Vec<Duration>> {
        let replies = self.replies.lock().unwrap();
        (0..WRITERS)
            .map(|writer| {
                let mut later = replies.iter().filter(|reply| reply.writer == writer && reply.at > since);
                later.nth(n - 1).map(|reply| reply.at - since)
            })
            .collect()
    }
}

fn op(row: usize) -> String {
    format!("op-{row}")
}

/// The line of one registration.
fn line_of(row: usize) -> String {
    line(Some(&op(row)), "lan", "02T11:00", register(row))
}

/// A writer of this process.
fn write_through_a_door(board: &Board, door: &Door, writer: usize) {
    for row in board.rows(writer) {
        let mut request = request("lan", register(row));
        request.op = Some(op(row));
        board.add(writer, row, as_json(door.execute(request)));
    }
}

/// A writer process that reads the result of each command before it sends the next.
fn write_through_a_process(board: &Board, sandbox: &Sandbox, writer: usize) {
    let mut process = sandbox.command(["exec"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    let mut out = BufReader::new(process.stdout.take().unwrap());
    for row in board.rows(writer) {
        stdin.write_all(line_of(row).as_bytes()).unwrap();
        let mut answer = String::new();
        out.read_line(&mut answer).unwrap();
        board.add(writer, row, serde_json::from_str(&answer).unwrap());
    }
    drop(stdin);
    assert!(process.wait().unwrap().success());
}

/// Lets eight writers work while `act` looks on, and stops them after it.
fn under_writers<T>(sandbox: &Sandbox, board: &Board, act: impl FnOnce() -> T) -> T {
    let doors = [door(sandbox), door(sandbox)];
    std::thread::scope(|scope| {
        let _stop = Stop(board);
        for writer in 0..WRITERS {
            let door = &doors[writer % doors.len()];
            if writer < WRITERS / 2 {
                scope.spawn(move || write_through_a_door(board, door, writer));
            } else {
                scope.spawn(move || write_through_a_process(board, sandbox, writer));
            }
        }
        act()
    })
}

/// A programme on a cluster; a quarter of the writers' customers gets a seat.
fn programme(cluster: &Cluster) -> Sandbox {
    let customers = WRITERS * EACH;
    stage_at(cluster.url()).founded(customers as i64 / 4).listed(customers)
}

/// The operations that are on the present leader.
fn standing(cluster: &Cluster) -> BTreeSet<String> {
    let leader = until(LONG, "a leader", || cluster.leader());
    cluster.ask(leader, "SELECT op FROM operation").unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_dead_leader_takes_nothing_with_it_that_was_acknowledged() {
    let cluster = Cluster::start(Replication::Synchronous);
    let sandbox = programme(&cluster);
    for follower in cluster.followers() {
        is_out_of_reach(&stage_at(format!("{}?patience=1", cluster.url_of(&[follower]))));
    }
    let audited = audit_rows(&sandbox);
    let before = standing(&cluster);
    let board = Board::default();
    let (dead, on) = under_writers(&sandbox, &board, || {
        until(LONG, "answers of the first leader", || (board.count() >= BEFORE).then_some(()));
        let leader = cluster.leader().unwrap();
        cluster.kill(leader);
        let dead = Instant::now();
        until(LONG, "answers of the next leader", || board.nth_since(AFTER, dead));
        // An answer that was on its way when the leader died is not the next one's.
        (dead, board.nth_since(2, dead).unwrap())
    });
    let replies = board.replies.into_inner().unwrap();
    let acknowledged_before = replies.iter().filter(|reply| reply.at < dead).count();
    let (first, last) = (on.iter().min().unwrap(), on.iter().max().unwrap());
    println!(
        "{acknowledged_before} commands acknowledged before the leader died, {} after; writes went on after {:.1} s, \
         for every writer after {:.1} s",
        replies.len() - acknowledged_before,
        first.as_secs_f64(),
        last.as_secs_f64(),
    );
    assert!(*last < SOON, "{last:?}");
    assert!(replies.iter().all(|reply| reply.result["ok"].is_object()), "a writer noticed it");

    let standing = standing(&cluster);
    let lost: Vec<usize> =
        replies.iter().map(|reply| reply.row).filter(|row| !standing.contains(&op(*row))).collect();
    assert!(lost.is_empty(), "{lost:?}");
    // Each acted once: one registration and one audit row for each operation, and the same answer when asked again.
    let leader = cluster.leader().unwrap();
    let acted = standing.difference(&before).count();
    let registrations =
        cluster.ask(leader, "SELECT count(*), count(DISTINCT customer) FROM registration").unwrap();
    assert_eq!(registrations, format!("{acted}|{acted}"));
    assert_eq!(audit_rows(&sandbox) - audited, acted as i64);
    let lines: String = replies.iter().map(|reply| line_of(reply.row)).collect();
    let again = sandbox.exec_raw(lines.as_bytes()).ok().lines();
    assert_eq!(again, replies.iter().map(|reply| reply.result.clone()).collect::<Vec<Value>>());
    sandbox.is_sound();
}

#[test]
fn a_dead_leader_whose_followers_had_fallen_behind_takes_acknowledged_commands_with_it() {
    let cluster = Cluster::start(Replication::Asynchronous);
    let sandbox = programme(&cluster);
    let board = Board::default();
    let dying = under_writers(&sandbox, &board, || {
        until(LONG, "answers", || (board.count() >= BEFORE / 2).then_some(()));
        let leader = cluster.leader().unwrap();
        let followers = cluster.followers();
        for &follower in &followers {
            cluster.stop_receiving(follower);
        }
        let stopped = board.count();
        until(LONG, "more answers", || (board.count() >= stopped + BEFORE / 2).then_some(()));
        let dying = Instant::now();
        cluster.kill(leader);
        for &follower in &followers {
            cluster.end_receiving(follower);
        }
        dying
    });
    let standing = standing(&cluster);
    let replies = board.replies.into_inner().unwrap();
    let acknowledged: Vec<&Reply> = replies.iter().filter(|reply| reply.at < dying).collect();
    let lost = acknowledged.iter().filter(|reply| !standing.contains(&op(reply.row))).count();
    println!("{lost} of {} acknowledged commands lost without a synchronous follower", acknowledged.len());
    assert!(lost > 0);
    // What is left is an earlier state of the programme, and a whole one.
    sandbox.is_sound();
}

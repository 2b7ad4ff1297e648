//! Races for what there is only one of, and power cuts in the middle of them: seats and doctors' time stay exact
//! among threads and among processes, and nothing that was acknowledged is lost. Each story runs on every engine:
//! it takes an empty sandbox.

use crate::sandbox::{Ended, Sandbox, at_time, line, register};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::sync::Barrier;
use tongdai::domain::id::StaffId;
use tongdai::domain::time::Timestamp;
use tongdai::store::{Place, Store};
use tongdai::usecase::{Command, Door, Error, Receipt, Request, When};

/// Every race as a test, on the sandbox that the expression makes.
macro_rules! every_race {
    ($sandbox:expr) => {
        $crate::races::every_race! { $sandbox =>
            sixty_four_threads_get_the_last_seats_and_not_one_more
            sixty_four_clients_of_eight_hosts_try_768_times_and_get_500_seats
            eight_processes_try_768_times_and_get_500_seats
            sixty_four_threads_get_a_doctors_time_once
            eight_processes_share_the_seats_exactly_and_all_of_them_finish
            eight_processes_never_book_a_doctor_twice_at_once
            processes_killed_in_the_middle_lose_nothing_that_was_acknowledged
        }
    };
    ($sandbox:expr => $($race:ident)*) => {
        $(
            #[test]
            fn $race() {
                $crate::races::$race($sandbox);
            }
        )*
    };
}
pub(crate) use every_race;

/// Racers in one process.
const THREADS: usize = 64;
/// Racers of the operating system.
pub const PROCESSES: usize = 8;

/// What is wrong with the seats that were given out: not `quota` of them, or one twice.
pub fn wrong_seats(given: &[i64], quota: i64) -> Option<String> {
    let distinct: BTreeSet<i64> = given.iter().copied().collect();
    let all: BTreeSet<i64> = (1..=quota).collect();
    (given.len() as i64 != quota || distinct != all)
        .then(|| format!("{} seats given, {} distinct, of {quota}", given.len(), distinct.len()))
}

/// The seats in result lines.
fn seats(results: &[Value]) -> Vec<i64> {
    results.iter().filter_map(|result| result["ok"]["registered"]["seat"].as_i64()).collect()
}

/// The waitlist's positions in result lines.
fn positions(results: &[Value]) -> BTreeSet<i64> {
    results.iter().filter_map(|result| result["ok"]["waitlisted"]["position"].as_i64()).collect()
}

/// How often a rule refused.
fn refusals<'r>(results: impl IntoIterator<Item = &'r Value>) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for result in results {
        if let Some(rule) = result["refused"]["rule"].as_str() {
            *found.entry(rule.to_owned()).or_default() += 1;
        }
    }
    found
}

/// Another host's way into the store.
pub fn door(sandbox: &Sandbox) -> Door {
    Door::open(Store::open(Place::parse(&sandbox.store).unwrap()).unwrap(), "tester").unwrap()
}

/// `racers` threads start together on one door.
fn together(
    sandbox: &Sandbox,
    racers: usize,
    command: impl Fn(usize) -> (&'static str, Value) + Sync,
) -> Vec<Result<Receipt, Error>> {
    let door = door(sandbox);
    let start = Barrier::new(racers);
    std::thread::scope(|scope| {
        let racing: Vec<_> = (0..racers)
            .map(|racer| {
                let (door, start, command) = (door.clone(), &start, &command);
                scope.spawn(move || {
                    let (staff, command) = command(racer);
                    let request = request(staff, command);
                    start.wait();
                    door.execute(request)
                })
            })
            .collect();
        racing.into_iter().map(|racer| racer.join().unwrap()).collect()
    })
}

pub fn request(staff: &str, command: Value) -> Request {
    let command: Command = serde_json::from_value(command).unwrap();
    let when: Timestamp = serde_json::from_value(at_time("02T11:00").into()).unwrap();
    Request { op: None, staff: StaffId(staff.to_owned()), when: When::At(when), command }
}

/// A registration that would rather have no place than wait for one.
fn register_now(row: usize) -> Value {
    let mut command = register(row);
    command["register"]["waitlist"] = false.into();
    command
}

/// Runs one `exec` per input, all at once.
fn processes(sandbox: &Sandbox, inputs: &[String]) -> Vec<Vec<Value>> {
    let children: Vec<_> = inputs
        .iter()
        .enumerate()
        .map(|(number, input)| {
            let file = sandbox.file(&format!("racer-{number}.jsonl"), input);
            let mut command = sandbox.command(["exec", &file]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    std::thread::scope(|scope| {
        let ended: Vec<_> = children
            .into_iter()
            .map(|child| scope.spawn(move || Ended::of(child.wait_with_output().unwrap()).ok().lines()))
            .collect();
        ended.into_iter().map(|lines| lines.join().unwrap()).collect()
    })
}

/// Customers with a routed case each: case `n` belongs to the n-th.
fn with_cases(sandbox: Sandbox, cases: usize) -> Sandbox {
    let sandbox = sandbox.founded(cases as i64).listed(cases);
    let mut lines: Vec<String> =
        (1..=cases).map(|row| line(None, "lan", "02T09:00", register(row))).collect();
    lines.push(line(None, "ha", "02T09:01", json!({"hand_over": {}})));
    lines.push(line(None, "thu", "02T09:02", json!({"acknowledge": {"batch": 1, "accept": "all"}})));
    let doctor =
        json!({"name": "Trần Thị Mai", "titles": "ThS.BS", "licence": "1/HP", "departments": ["nhi"]});
    lines.push(line(None, "minh", "02T09:03", json!({ "add_doctor": doctor })));
    let shift = json!({"doctor": 1, "from": at_time("04T08:00"), "to": at_time("04T10:00")});
    lines.push(line(None, "minh", "02T09:03", json!({ "add_shift": shift })));
    for case in 1..=cases {
        let triage = json!({"case": case, "department": "nhi", "need": "hỏi về ăn uống", "red_flags": [],
            "screened": 2, "method": "phone"});
        lines.push(line(None, "thu", "02T09:04", json!({ "triage": triage })));
    }
    let results = sandbox.exec_raw(lines.concat().as_bytes()).ok().lines();
    assert!(results.iter().all(|result| result["ok"].is_object()), "{results:#?}");
    sandbox
}

fn book(case: usize, minute: usize) -> Value {
    let at = at_time(&format!("04T{:02}:{:02}", 8 + minute / 60, minute % 60));
    json!({"book": {"case": case, "doctor": 1, "starts_at": at, "minutes": 30}})
}

/// Appointments of the doctor's day that stand, by their first minute after eight.
fn booked(sandbox: &Sandbox) -> Vec<i64> {
    let day = sandbox.query("minh", "day", json!({"doctor": 1, "date": "2026-12-04"}));
    let mut starts: Vec<i64> = day["appointments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let at: Timestamp = serde_json::from_value(line["starts_at"].clone()).unwrap();
            let eight: Timestamp = serde_json::from_value(at_time("04T08:00").into()).unwrap();
            (at.0 - eight.0) / 60_000
        })
        .collect();
    starts.sort_unstable();
    starts
}

pub fn sixty_four_threads_get_the_last_seats_and_not_one_more(sandbox: Sandbox) {
    let sandbox = sandbox.founded(5).listed(THREADS);
    let results = together(&sandbox, THREADS, |racer| ("lan", register(racer + 1)));
    let results: Vec<Value> = results.into_iter().map(|result| json!({"ok": result.unwrap()})).collect();
    assert_eq!(wrong_seats(&seats(&results), 5), None);
    assert_eq!(positions(&results), (1..=THREADS as i64 - 5).collect());
    sandbox.is_sound();
}

pub fn sixty_four_clients_of_eight_hosts_try_768_times_and_get_500_seats(sandbox: Sandbox) {
    const HOSTS: usize = 8;
    const EACH: usize = 12;
    let quota = 500;
    let sandbox = sandbox.founded(quota).listed(THREADS * EACH);
    let doors: Vec<Door> = (0..HOSTS).map(|_| door(&sandbox)).collect();
    let start = Barrier::new(THREADS);
    let results: Vec<Value> = std::thread::scope(|scope| {
        let racing: Vec<_> = (0..THREADS)
            .map(|racer| {
                let (door, start) = (&doors[racer % HOSTS], &start);
                scope.spawn(move || {
                    start.wait();
                    let tries =
                        (1..=EACH).map(|n| door.execute(request("lan", register_now(racer * EACH + n))));
                    tries.map(as_json).collect::<Vec<Value>>()
                })
            })
            .collect();
        racing.into_iter().flat_map(|racer| racer.join().unwrap()).collect()
    });
    assert_eq!(wrong_seats(&seats(&results), quota), None);
    assert_eq!(refusals(&results), BTreeMap::from([("quota_full".to_owned(), 268)]));
    drop(doors);
    sandbox.is_sound();
}

/// A result as `exec` prints it.
pub fn as_json(result: Result<Receipt, Error>) -> Value {
    match result {
        Ok(receipt) => json!({ "ok": receipt }),
        Err(Error::Refused(refusal)) => json!({"refused": {"rule": refusal.rule()}}),
        Err(error) => panic!("{error:?}"),
    }
}

pub fn eight_processes_try_768_times_and_get_500_seats(sandbox: Sandbox) {
    const EACH: usize = 96;
    let quota = 500;
    let sandbox = sandbox.founded(quota).listed(PROCESSES * EACH);
    let inputs: Vec<String> = (0..PROCESSES)
        .map(|process| {
            let rows = (1..=EACH).map(|n| process * EACH + n);
            rows.map(|row| line(None, "lan", "02T09:00", register_now(row))).collect()
        })
        .collect();
    let results = processes(&sandbox, &inputs).concat();
    assert_eq!(wrong_seats(&seats(&results), quota), None);
    assert_eq!(refusals(&results), BTreeMap::from([("quota_full".to_owned(), 268)]));
    sandbox.is_sound();
}

pub fn sixty_four_threads_get_a_doctors_time_once(sandbox: Sandbox) {
    let sandbox = with_cases(sandbox, 16);
    // Any two half hours that begin between 08:00 and 08:15 meet.
    let results = together(&sandbox, THREADS, |racer| ("thu", book(racer % 16 + 1, racer / 16 * 5)));
    let won = results.iter().filter(|result| matches!(result, Ok(Receipt::Booked { .. }))).count();
    assert_eq!(won, 1, "{results:?}");
    for lost in results.iter().filter_map(|result| result.as_ref().err()) {
        let Error::Refused(refusal) = lost else { panic!("{lost:?}") };
        assert!(["doctor_busy", "conflict", "case_not_ready"].contains(&refusal.rule()), "{refusal:?}");
    }
    assert_eq!(booked(&sandbox).len(), 1);
    sandbox.is_sound();
}

pub fn eight_processes_share_the_seats_exactly_and_all_of_them_finish(sandbox: Sandbox) {
    const EACH: usize = 30;
    let quota = 100;
    let sandbox = sandbox.founded(quota).listed(300);
    // Each has customers of its own, and all of them have customer 300.
    let inputs: Vec<String> = (0..PROCESSES)
        .map(|process| {
            let own = (1..=EACH).map(|n| process * EACH + n);
            own.chain([300]).map(|row| line(None, "lan", "02T09:00", register(row))).collect()
        })
        .collect();
    let results = processes(&sandbox, &inputs);
    assert!(results.iter().all(|lines| lines.len() == EACH + 1), "every line has its result");
    let results = results.concat();
    assert_eq!(wrong_seats(&seats(&results), quota), None);
    let waiting = (PROCESSES * EACH + 1) as i64 - quota;
    assert_eq!(positions(&results), (1..=waiting).collect());
    assert_eq!(refusals(&results), BTreeMap::from([("already_registered".to_owned(), PROCESSES - 1)]));
    let counted = sandbox.query("ha", "quota", json!({}));
    assert_eq!((&counted["taken"], &counted["waitlisted"]), (&json!(quota), &json!(waiting)));
    sandbox.is_sound();
}

pub fn eight_processes_never_book_a_doctor_twice_at_once(sandbox: Sandbox) {
    let sandbox = with_cases(sandbox, PROCESSES);
    // Everybody wants every start of two hours, each beginning elsewhere: 19 starts, room for four at most.
    let inputs: Vec<String> = (0..PROCESSES)
        .map(|process| {
            let starts = (0..19).map(|n| (n * 5 + process * 35) % 95);
            starts.map(|minute| line(None, "thu", "02T11:00", book(process + 1, minute))).collect()
        })
        .collect();
    let results = processes(&sandbox, &inputs).concat();
    let won = results.iter().filter(|result| result["ok"]["booked"].is_object()).count();
    let starts = booked(&sandbox);
    assert_eq!(starts.len(), won);
    assert!((2..=4).contains(&won), "{starts:?}");
    assert!(starts.windows(2).all(|pair| pair[1] - pair[0] >= 30), "{starts:?}");
    sandbox.is_sound();
}

pub fn processes_killed_in_the_middle_lose_nothing_that_was_acknowledged(sandbox: Sandbox) {
    const KILLED: usize = 4;
    const EACH: usize = 120;
    const ROUNDS: usize = 3;
    let quota = 500;
    let sandbox = sandbox.founded(quota).listed(KILLED * EACH * ROUNDS);
    let before = audit_rows(&sandbox);
    let mut acknowledged: BTreeMap<String, Value> = BTreeMap::new();
    let mut lines = Vec::new();
    for round in 0..ROUNDS {
        let inputs: Vec<Vec<(String, String)>> = (0..KILLED)
            .map(|process| {
                (1..=EACH)
                    .map(|n| {
                        let row = (round * KILLED + process) * EACH + n;
                        let op = format!("op-{row}");
                        (op.clone(), line(Some(&op), "lan", "02T09:00", register(row)))
                    })
                    .collect()
            })
            .collect();
        let received = killed_after(&sandbox, &inputs, [1, 20, 60][round]);
        for (ops, results) in inputs.iter().zip(received) {
            assert!(results.iter().all(|result| result["ok"].is_object()), "{results:?}");
            acknowledged.extend(ops.iter().map(|(op, _)| op.clone()).zip(results));
        }
        lines.extend(inputs.into_iter().flatten());
        sandbox.is_sound();
    }
    assert!(!acknowledged.is_empty());

    // Every operation again, by one process: what was acknowledged answers as before, the rest acts now or did.
    let again =
        sandbox.exec_raw(lines.iter().map(|(_, line)| &**line).collect::<String>().as_bytes()).ok().lines();
    assert_eq!(again.len(), lines.len());
    for ((op, _), result) in lines.iter().zip(&again) {
        if let Some(first) = acknowledged.get(op) {
            assert_eq!(result, first, "{op}");
        }
    }
    assert_eq!(wrong_seats(&seats(&again), quota), None);
    assert_eq!(positions(&again), (1..=lines.len() as i64 - quota).collect());
    assert_eq!(audit_rows(&sandbox) - before, lines.len() as i64, "each operation acted once");
    sandbox.is_sound();
}

/// Rows of the audit chain, after it was verified.
pub fn audit_rows(sandbox: &Sandbox) -> i64 {
    let verified = sandbox.run(["audit", "verify", "--json"]).ok().json();
    verified["chains"].as_array().unwrap().iter().map(|chain| chain["rows"].as_i64().unwrap()).sum()
}

/// Runs one `exec` per input and kills each as soon as it has answered `answers` lines; its input stays open, so
/// that none ends by itself. All whole lines that got out, per process.
fn killed_after(sandbox: &Sandbox, inputs: &[Vec<(String, String)>], answers: usize) -> Vec<Vec<Value>> {
    std::thread::scope(|scope| {
        let racing: Vec<_> = inputs
            .iter()
            .map(|lines| {
                let mut command = sandbox.command(["exec"]);
                let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
                let mut stdin = child.stdin.take().unwrap();
                let fed = scope.spawn(move || {
                    let text: String = lines.iter().map(|(_, line)| &**line).collect();
                    // A killed process reads no more.
                    let _ = stdin.write_all(text.as_bytes());
                    stdin
                });
                scope.spawn(move || {
                    let mut out = BufReader::new(child.stdout.take().unwrap());
                    let mut received = Vec::new();
                    let mut line = String::new();
                    while out.read_line(&mut line).unwrap() > 0 && line.ends_with('\n') {
                        received.push(serde_json::from_str(&line).unwrap());
                        line.clear();
                        if received.len() == answers {
                            child.kill().unwrap();
                        }
                    }
                    assert_eq!(child.wait().unwrap().signal(), Some(9));
                    drop(fed.join().unwrap());
                    received
                })
            })
            .collect();
        racing.into_iter().map(|racer| racer.join().unwrap()).collect()
    })
}

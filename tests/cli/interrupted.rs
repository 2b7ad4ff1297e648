//! Tests interrupted commands: a closed pipe, Ctrl-C, a full disk, a folder that cannot be written, two imports.

use crate::sandbox::{Ended, SENT, Sandbox, TONGDAI, line, list, register};
use serde_json::json;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// A shell line with `tongdai` and `$S` for the store.
fn shell(sandbox: &Sandbox, text: &str) -> Ended {
    let output = Command::new("bash")
        .args(["-c", text])
        .env_clear()
        .env("PATH", format!("{}:{}", TONGDAI.rsplit_once('/').unwrap().0, std::env::var("PATH").unwrap()))
        .env("HOME", sandbox.folder.path())
        .env("TONGDAI_STORE", &sandbox.store)
        .current_dir(sandbox.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ended::of(output)
}

/// Returns once the rows of a load stand in the write-ahead log.
fn until_under_way(sandbox: &Sandbox, load: &mut Child) {
    let log = format!("{}-wal", sandbox.store);
    while fs::metadata(&log).map_or(0, |file| file.len()) < 200_000 {
        assert_eq!(load.try_wait().unwrap(), None, "the load ended before it could be interrupted");
        std::thread::yield_now();
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let sandbox = Sandbox::with_list(2000, 2000);
    let lines: String = (1..=2000).map(|row| line(None, "lan", "02T09:00", register(row))).collect();
    sandbox.file("lines.jsonl", lines);
    for pipe in [
        "tongdai exec lines.jsonl | head -1",
        "tongdai exec < lines.jsonl | head -1",
        "tongdai audit show | true",
        "tongdai audit show --limit 500 --json | head -c 10",
        "tongdai exec --schema | head -c 10",
        "tongdai man | true",
        "tongdai completions bash | true",
        "tongdai --help | true",
    ] {
        let ended = shell(&sandbox, &format!("set -o pipefail; {pipe}"));
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{pipe}");
    }
    sandbox.is_sound();
}

#[test]
fn control_c_in_the_middle_of_an_import_leaves_nothing() {
    let sandbox = Sandbox::simulated(5);
    let rows = sandbox.file("list.csv", list(60_000));
    let mut command = sandbox.command([
        "import",
        "customers",
        &rows,
        "--sms-sent-at",
        SENT,
        "--opt-in-evidence",
        "x",
        "--json",
    ]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until_under_way(&sandbox, &mut child);
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let ended = Ended::of(child.wait_with_output().unwrap());
    assert_ne!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.json()["error"]["kind"], "cancelled");
    assert_eq!(sandbox.query("ha", "funnel", json!({}))["steps"][0]["count"], 0);
    sandbox.is_sound();
    let again = sandbox
        .run(["import", "customers", &rows, "--sms-sent-at", SENT, "--opt-in-evidence", "x", "--json"])
        .ok()
        .json();
    assert_eq!(again["accepted"], 60_000);
    sandbox.is_sound();
}

#[test]
fn an_import_that_was_killed_is_swept_and_the_next_one_loads_everything() {
    let sandbox = Sandbox::simulated(5);
    let rows = sandbox.file("list.csv", list(20_000));
    let mut child = sandbox
        .command(["import", "customers", &rows, "--sms-sent-at", SENT, "--opt-in-evidence", "x"])
        .spawn()
        .unwrap();
    until_under_way(&sandbox, &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(sandbox.query("ha", "funnel", json!({}))["steps"][0]["count"], 0);
    let again = sandbox
        .run(["import", "customers", &rows, "--sms-sent-at", SENT, "--opt-in-evidence", "x", "--json"])
        .ok()
        .json();
    assert_eq!((&again["accepted"], &again["updated"]), (&json!(20_000), &json!(0)), "{again}");
    sandbox.is_sound();
}

#[test]
fn two_imports_at_once_both_finish_and_count_each_customer_once() {
    let sandbox = Sandbox::simulated(5);
    let rows = sandbox.file("list.csv", list(3000));
    let children: Vec<_> = (0..2)
        .map(|_| {
            let mut command = sandbox.command([
                "import",
                "customers",
                &rows,
                "--sms-sent-at",
                SENT,
                "--opt-in-evidence",
                "x",
                "--json",
            ]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let reports: Vec<_> =
        children.into_iter().map(|child| Ended::of(child.wait_with_output().unwrap()).ok().json()).collect();
    let total = |field: &str| reports.iter().map(|report| report[field].as_i64().unwrap()).sum::<i64>();
    assert_eq!((total("accepted"), total("unchanged")), (3000, 3000), "{reports:?}");
    sandbox.is_sound();
}

#[test]
fn a_full_disk_is_reported_and_nothing_that_was_acknowledged_is_lost() {
    let sandbox = Sandbox::with_list(3000, 3000);
    let lines: String = (1..=3000).map(|row| line(None, "lan", "02T09:00", register(row))).collect();
    sandbox.file("lines.jsonl", lines);
    let store = fs::metadata(&sandbox.store).unwrap().len();
    let blocks = (store / 1024 + 64).to_string();
    let full = shell(&sandbox, &format!("ulimit -f {blocks}; tongdai exec lines.jsonl | cat"));
    assert_eq!(full.err, "");
    let results = full.lines();
    let acknowledged = results.iter().filter(|result| result["ok"].is_object()).count();
    let failed: Vec<_> = results.iter().filter_map(|result| result["error"]["kind"].as_str()).collect();
    assert!(!failed.is_empty() && failed.iter().all(|kind| *kind == "disk_full"), "{failed:?}");
    assert_eq!(acknowledged + failed.len(), 3000);
    sandbox.is_sound();
    assert_eq!(sandbox.query("ha", "quota", json!({}))["taken"], json!(acknowledged));

    let import = shell(&sandbox, &format!("ulimit -f {blocks}; tongdai backup full.db --json"));
    assert_eq!(import.fails(4).json()["error"]["kind"], "disk_full");
    assert!(
        !fs::exists(sandbox.path("full.db")).unwrap() && !fs::exists(sandbox.path("full.db.part")).unwrap()
    );

    let init = "tongdai init --from 2026-12-01 --to 2026-12-18 --consult-until 2027-01-08 --handbook-until 2027-02-28";
    let made = shell(&sandbox, &format!("ulimit -f 40; {init} --store small.db"));
    made.fails(4);
    assert!(
        !fs::exists(sandbox.path("small.db")).unwrap(),
        "nothing is left of a store that could not be made"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_reported() {
    let sandbox = Sandbox::simulated(5);
    let path = "/proc/tongdai/store.db";
    let ended = sandbox.run(["init", "--store", path].into_iter().chain(crate::sandbox::DATES));
    assert!(matches!(ended.code, Some(2 | 4)), "{ended:?}");
    sandbox.run(["report", "--out", "/proc/report.txt"]).fails(2);
    let backup = sandbox.run(["backup", "/proc/backup.db"]);
    assert!(matches!(backup.code, Some(2 | 4)), "{backup:?}");
}

#[test]
fn results_come_while_the_input_is_still_open() {
    let sandbox = Sandbox::with_list(5, 2);
    let mut command = sandbox.command(["exec"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for row in [1, 2] {
        std::io::Write::write_all(&mut stdin, line(None, "lan", "02T09:00", register(row)).as_bytes())
            .unwrap();
        let mut answer = String::new();
        out.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(r#"{"ok":{"registered""#), "{answer}");
    }
    drop(stdin);
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.as_str(), child.wait().unwrap().code()), ("", Some(0)));
}

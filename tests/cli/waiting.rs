//! `tongdai task` and `tongdai list`: what waits for somebody, and who is behind a figure.

use crate::sandbox::Sandbox;
use serde_json::json;

#[test]
fn a_complaint_is_a_task_that_is_assigned_and_closed() {
    let sandbox = Sandbox::with_list(10, 3);
    let register = sandbox.file("dnc.csv", "số thuê bao,gọi,tin nhắn\n0901000009,1,1\n");
    sandbox.run(["import", "do-not-call", &register, "--as-of", "2026-12-01"]).ok();
    let claimed = sandbox.exec("lan", "02T09:00", json!({"claim": {"purpose": "offer"}}));
    let complaint = json!({"matter": claimed["ok"]["claimed"]["matter"], "disposition": "complaint",
        "note": "gọi quá nhiều"});
    sandbox.exec("lan", "02T09:05", json!({"record_call": complaint}));
    let tasks = sandbox.run(["task", "list", "--as", "ha", "--json"]).ok().json();
    // The register that grows old is a task, too.
    let listed = tasks["tasks"].as_array().unwrap();
    let complaint = listed.iter().find(|task| task["kind"] == "complaint").unwrap();
    let task = complaint["task"].to_string();
    assert!(sandbox.run(["task", "list", "--as", "ha"]).ok().out.contains("Khiếu nại"));
    assert!(sandbox.run(["task", "show", &task, "--as", "ha"]).ok().out.contains("gọi quá nhiều"));
    sandbox.run(["task", "show", &task, "--as", "thu"]).fails(3);
    sandbox.run(["task", "list"]).fails(3);
    let assigned = sandbox.run(["task", "assign", &task, "lan", "--as", "ha", "--json"]).ok().json();
    assert_eq!(assigned["task_assigned"]["owner"], "lan");
    assert_eq!(sandbox.run(["task", "list", "--mine", "--as", "lan", "--json"]).ok().json()["total"], 1);
    sandbox.run(["task", "close", &task, "--as", "ha", "--note", " "]).fails(3);
    sandbox.run(["task", "close", &task, "--as", "ha", "--note", "đã xin lỗi"]).ok();
    sandbox.run(["task", "close", &task, "--as", "ha", "--note", "đã xin lỗi"]).fails(3);
    let closed = sandbox.run(["task", "list", "--closed", "--as", "ha", "--json"]).ok().json();
    assert_eq!(closed["tasks"][0]["closing_note"], "đã xin lỗi");
}

#[test]
fn a_list_behind_a_figure_is_shown_masked_and_written_once() {
    let sandbox = Sandbox::with_list(10, 3);
    let shown = sandbox.run(["list", "list", "--as", "ha", "--json"]).ok().json();
    assert_eq!((&shown["total"], &shown["behind"]), (&3.into(), &"list".into()));
    assert!(shown["people"][0]["phone"].as_str().unwrap().contains("***"));
    let second = sandbox.run(["list", "list", "--page", "2", "--as", "ha", "--json"]).ok().json();
    assert_eq!((&second["total"], &second["people"]), (&3.into(), &json!([])));
    let lines = sandbox.run(["list", "list", "--by-name", "--as", "ha"]).ok().out;
    assert!(lines.contains("***") && lines.ends_with("3/3 người\n"), "{lines}");
    sandbox.run(["list", "lists", "--as", "ha"]).fails(2);
    sandbox.run(["list", "list", "--as", "thu"]).fails(3);
    sandbox.run(["list", "case:new", "--as", "ha"]).fails(3);
    let file = sandbox.path("people.csv");
    sandbox.run(["list", "list", "--as", "lan", "--out", &file]).fails(3);
    assert!(!std::path::Path::new(&file).exists());
    let written = sandbox.run(["list", "list", "--as", "ha", "--out", &file, "--json"]).ok().json();
    assert_eq!(written["exported"]["rows"], 3);
    let before = std::fs::read(&file).unwrap();
    let taken = sandbox.run(["list", "list", "--as", "ha", "--out", &file]).fails(2);
    assert!(taken.err.contains("đã có sẵn"), "{taken:?}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
    sandbox.run(["list", "list", "--as", "ha", "--out", &sandbox.path("list.doc")]).fails(2);
    let audit = sandbox.run(["audit", "show", "--as", "ha", "--json"]).ok().out;
    assert_eq!(audit.matches("export_people").count(), 1, "{audit}");
}

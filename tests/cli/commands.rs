//! Each command on a real store: what it prints, what it leaves, its exit code.

use crate::stage::{Stage, line, phone, register};
use serde_json::json;
use std::fs;

#[test]
fn exit_codes_and_errors_are_those_of_the_contract() {
    let stage = Stage::simulated(5);
    let missing = stage.path("missing.db");
    let not_there = stage.run(["check", "--store", &missing, "--json", "--lang", "en"]).fails(2);
    assert_eq!(not_there.json()["error"]["kind"], "missing");
    for part in ["kind", "message", "hint"] {
        assert!(not_there.json()["error"][part].is_string(), "{not_there:?}");
    }
    for wrong in [
        vec!["frobnicate"],
        vec!["query", "nothing"],
        vec!["query", "quota", "{x"],
        vec!["check", "--never"],
        vec!["init"],
        vec!["import", "customers", "nowhere.csv"],
        vec!["exec", "nowhere.jsonl"],
        vec!["check", "--store", "mysql://host/db"],
        vec!["staff", "add", "x", "--name", "X", "--role", "king"],
    ] {
        assert_eq!(stage.run(&wrong).fails(2).out, "", "{wrong:?}");
    }
    let refused = stage.run(["query", "--as", "nobody", "quota", "--json"]).fails(3).json();
    assert_eq!(
        (&refused["error"]["kind"], &refused["error"]["rule"]),
        (&json!("refused"), &json!("no_such_row"))
    );
    stage.run(["query", "--as", "lan", "audit"]).fails(3);
    stage.run(Vec::<&str>::new()).fails(2);
    stage.is_sound();
}

#[test]
fn a_store_that_breaks_its_promise_is_found_with_exit_5() {
    let stage = Stage::with_list(5, 3);
    stage.exec("lan", "02T09:00", register(1));
    let connection = rusqlite::Connection::open(&stage.store).unwrap();
    connection.execute_batch("UPDATE counter SET value = value + 1").unwrap();
    drop(connection);
    let check = stage.run(["check"]);
    assert_eq!(check.code, Some(5), "{check:?}");
    assert!(check.out.lines().count() > 0 && !check.out.contains("check."), "{check:?}");
    assert!(!stage.run(["check", "--json"]).json()["problems"].as_array().unwrap().is_empty());
}

#[test]
fn an_audit_row_that_was_changed_is_found_with_exit_5() {
    let stage = Stage::with_list(5, 3);
    stage.exec("lan", "02T09:00", register(1));
    stage.run(["audit", "verify", "--as", "an"]).ok();
    let connection = rusqlite::Connection::open(&stage.store).unwrap();
    let triggers: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for trigger in triggers {
        connection.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    connection.execute_batch("UPDATE audit SET staff = 'vy' WHERE action = 'register'").unwrap();
    drop(connection);
    assert_eq!(stage.run(["audit", "verify", "--as", "an"]).code, Some(5));
    assert_eq!(stage.run(["check"]).code, Some(5));
}

#[test]
fn both_languages_say_it_and_a_program_reads_the_same() {
    let stage = Stage::simulated(5);
    let say = |lang: &str, args: &[&str]| stage.run(["--lang", lang].iter().chain(args));
    for args in [&["check"][..], &["report"], &["staff", "list"], &["--help"], &["import", "--help"]] {
        let (vi, en) = (say("vi", args).ok().out, say("en", args).ok().out);
        assert!(vi != en && !vi.is_empty() && !en.is_empty(), "{args:?}");
        assert!(!en.contains("cli.") && !vi.contains("cli."), "{args:?}");
    }
    let (vi, en) = (say("vi", &["frobnicate"]).fails(2).err, say("en", &["frobnicate"]).fails(2).err);
    assert_ne!(vi, en);
    let quota = ["query", "quota"];
    assert_eq!(say("vi", &quota).ok().json(), say("en", &quota).ok().json());
    assert!(stage.run(["--version"]).ok().out.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn staff_come_and_go() {
    let stage = Stage::simulated(5);
    let list = |stage: &Stage| stage.run(["staff", "list", "--json"]).ok().json()["staff"].clone();
    assert!(list(&stage).as_array().unwrap().iter().any(|line| line["id"] == "vy" && line["active"] == true));
    stage.run(["staff", "disable", "vy"]).ok();
    assert!(
        list(&stage).as_array().unwrap().iter().any(|line| line["id"] == "vy" && line["active"] == false)
    );
    stage.run(["query", "--as", "vy", "quota"]).fails(3);
    stage.run(["staff", "add", "Không Hợp Lệ", "--name", "X", "--role", "agent"]).fails(3);
    stage.is_sound();
}

#[test]
fn keys_are_given_from_files_listed_and_taken_away() {
    let stage = Stage::simulated(5);
    let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE8f6RuJVwSiMNMpm3fSR4bV3e4kBvJcABwxg/SRXfij desk";
    let file = stage.file("lan.pub", line);
    let fingerprint = "SHA256:Q0rlJiQV/7vo0NpbHSnwfL9SeX8x1mmfc9NKxVgxmP8";
    let keys =
        |stage: &Stage| stage.run(["staff", "key", "lan", "list", "--json"]).ok().json()["keys"].clone();
    stage.run(["staff", "add", "lan", "--name", "Lan", "--role", "agent", "--key", &file]).ok();
    assert_eq!(keys(&stage)[0]["fingerprint"], fingerprint);
    assert!(stage.run(["staff", "key", "lan", "list"]).ok().out.contains("desk"));
    stage.run(["staff", "key", "vy", "add", &file]).fails(3);
    stage.run(["staff", "key", "lan", "remove", fingerprint]).ok();
    assert_eq!(keys(&stage), json!([]));
    stage.run(["staff", "key", "lan", "add", &file]).ok();
    stage.run(["staff", "key", "lan", "add", &stage.path("none.pub")]).fails(2);
    let secret = stage.file("secret", "-----BEGIN OPENSSH PRIVATE KEY-----");
    stage.run(["staff", "key", "vy", "add", &secret]).fails(3);
    stage.is_sound();
}

#[test]
fn a_list_loaded_twice_changes_nothing_and_rejects_say_why() {
    let stage = Stage::simulated(5);
    let text = "Cước;Họ và tên;SĐT;Loại thuê bao;Ghi chú\n\
        412.000,50;Nguyễn Văn An;901000001.0;trả sau;x\n\
        299.999;Trần Thị Bé;0901000002;trả sau;\n\
        500000;Lê Chi;0901000003;trả trước;\n\
        500000;Lê Chi;0225 382 1234;trả sau;\n\
        500000;Lê Chi;09O1000003;trả sau;\n\
        500000;Lê Chi;0901000004 0901000005;trả sau;\n\
        abc;Lê Chi;0901000006;trả sau;\n\
        500000;;0901000007;trả sau;\n\
        500000;Nguyễn Văn An;+84901000001;trả sau;\n";
    let file = stage.file("list.csv", text);
    let rejects = stage.path("rejects.csv");
    let load = |extra: &[&str]| {
        let args = ["import", "customers", &file, "--opt-in-evidence", "contract", "--json"];
        stage.run(args.iter().chain(extra)).ok().json()
    };
    let dry = load(&["--dry-run"]);
    assert_eq!((&dry["read"], &dry["accepted"]), (&json!(9), &json!(1)), "{dry}");
    stage.run(["query", "customer", r#"{"phone":"0901000001"}"#, "--as", "lan"]);
    let first = load(&["--rejects", &rejects]);
    assert_eq!((&first["read"], &first["accepted"], &first["updated"]), (&json!(9), &json!(1), &json!(0)));
    let rejected = &first["rejected"];
    for reason in [
        "charge_below_minimum",
        "not_postpaid",
        "phone_not_mobile",
        "phone_several",
        "charge_unreadable",
        "name_missing",
        "duplicate_in_file",
    ] {
        assert_eq!(rejected[reason], 1, "{reason}: {first}");
    }
    let kept = fs::read_to_string(&rejects).unwrap();
    assert_eq!(kept.lines().count(), 9, "{kept}");
    assert!(kept.lines().nth(1).unwrap().contains("299.999"), "{kept}");
    let again = load(&[]);
    assert_eq!(
        (&again["accepted"], &again["updated"], &again["unchanged"]),
        (&json!(0), &json!(0), &json!(1))
    );
    stage.is_sound();
}

#[test]
fn a_backup_is_a_whole_store_and_nothing_is_ever_overwritten() {
    let stage = Stage::with_list(5, 3);
    stage.exec("lan", "02T09:00", register(1));
    let (backup, restored) = (stage.path("backup.db"), stage.path("restored.db"));
    stage.run(["backup", &backup, "--as", "ha"]).ok();
    stage.exec("lan", "02T09:01", register(2));
    assert_eq!(stage.run(["backup", &backup, "--json"]).fails(2).json()["error"]["kind"], "exists");
    stage.run(["restore", &backup, "--into", &stage.store]).fails(2);
    stage.run(["backup", &stage.path("other.db"), "--as", "lan"]).fails(3);
    stage.run(["restore", &backup, "--into", &restored]).ok();
    let taken = |store: &str| stage.run(["query", "quota", "--store", store]).ok().json()["taken"].clone();
    assert_eq!((taken(&restored), taken(&stage.store)), (json!(1), json!(2)));
    stage.run(["check", "--store", &restored]).ok();
    let damaged = fs::read(&backup).unwrap();
    let damaged = stage.file("damaged.db", &damaged[..damaged.len() / 2]);
    let into = stage.path("from-damaged.db");
    let refused = stage.run(["restore", &damaged, "--into", &into]);
    assert!(refused.code.is_some_and(|code| code != 0), "{refused:?}");
    assert!(!fs::exists(&into).unwrap());
}

#[test]
fn a_batch_goes_out_as_a_file_and_comes_back_with_returns() {
    let stage = Stage::with_list(5, 3);
    for row in [1, 2] {
        stage.exec("lan", "02T09:00", register(row));
    }
    let out = stage.path("batch.csv");
    stage.run(["handover", "send", "--out", &stage.path("batch.doc"), "--as", "ha"]).fails(2);
    let sent = stage.run(["handover", "send", "--out", &out, "--as", "ha", "--json"]).ok().json();
    assert_eq!(sent["handed_over"]["rows"], 2, "{sent}");
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.contains("Nguyễn Văn An") && text.contains("901000001"), "{text}");
    assert!(!text.contains("412"), "no charge leaves 9090: {text}");
    stage.run(["handover", "send", "--out", &out, "--as", "ha"]).fails(2);
    let returned = stage.file("returned.csv", "registration,reason\n2,thiếu thông tin\n");
    let back =
        stage.run(["handover", "ack", "1", "--returned", &returned, "--as", "thu", "--json"]).ok().json();
    assert_eq!(back, json!({"acknowledged": {"accepted": 1, "returned": 1}}));
    let sheet = stage.path("batch.xlsx");
    stage.run(["handover", "send", "--out", &sheet, "--as", "ha"]).ok();
    assert!(fs::read(&sheet).unwrap().starts_with(b"PK"));
    stage.is_sound();
}

#[test]
fn the_report_and_the_audit_show_what_happened() {
    let stage = Stage::with_list(5, 3);
    stage.exec("lan", "02T09:00", register(1));
    let report = stage.run(["report", "--format", "json"]).ok().json();
    assert_eq!(report["seats"]["taken"], 1, "{report}");
    let file = stage.path("report.txt");
    stage.run(["report", "--out", &file]).ok();
    assert!(!fs::read_to_string(&file).unwrap().is_empty());
    let rows = stage.run(["audit", "show", "--as", "an", "--json"]).ok().json()["rows"].clone();
    let newest = &rows[0];
    assert_eq!(
        (&newest["action"], &newest["staff"], &newest["os_user"]),
        (&json!("register"), &json!("lan"), &json!("tester")),
        "{newest}"
    );
    assert!(!rows.to_string().contains(&phone(1)[1..]), "no number stands in the audit trail");
    stage.run(["audit", "show", "--as", "lan"]).fails(3);
    stage.is_sound();
}

#[test]
fn a_real_store_has_its_own_clock() {
    let stage = Stage::empty();
    stage.run(["init"].into_iter().chain(crate::stage::DATES)).ok();
    stage.run(["staff", "add", "lan", "--name", "Lan", "--role", "agent"]).ok();
    let with_time = stage.exec("lan", "02T09:00", register(1));
    assert_eq!(with_time["refused"]["rule"], "clock_not_allowed", "{with_time}");
    let ended =
        stage.exec_raw(line(None, "lan", "02T09:00", register(1)).replace("\"at\"", "\"zeit\"").as_bytes());
    assert_eq!(ended.ok().lines()[0]["error"]["kind"], "invalid_command");
}

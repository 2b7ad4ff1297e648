//! Each command on a real store: what it prints, what it leaves, its exit code.

use crate::sandbox::{SENT, Sandbox, line, phone, register};
use serde_json::json;
use std::fs;

#[test]
fn exit_codes_and_errors_are_those_of_the_contract() {
    let sandbox = Sandbox::simulated(5);
    let missing = sandbox.path("missing.db");
    let not_there = sandbox.run(["check", "--store", &missing, "--json", "--lang", "en"]).fails(2);
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
        assert_eq!(sandbox.run(&wrong).fails(2).out, "", "{wrong:?}");
    }
    let refused = sandbox.run(["query", "--as", "nobody", "quota", "--json"]).fails(3).json();
    assert_eq!(
        (&refused["error"]["kind"], &refused["error"]["rule"]),
        (&json!("refused"), &json!("no_such_row"))
    );
    sandbox.run(["query", "--as", "lan", "audit"]).fails(3);
    sandbox.run(Vec::<&str>::new()).fails(2);
    sandbox.is_sound();
}

#[test]
fn init_takes_no_campaign_with_a_text_that_cannot_be_filled() {
    let sandbox = Sandbox::empty();
    let file = sandbox.path("campaign.toml");
    for (text, key, word) in [
        ("[[sms]]\ncode = \"handbook\"\npurpose = \"service\"\ntext = \"{link}\"", "sms handbook", "{link}"),
        ("[[sms]]\ncode = \"handbook\"\npurpose = \"service\"\ntext = \"{url\"", "sms handbook", "brace"),
        ("quotta = 3", "quotta", "unknown field"),
    ] {
        fs::write(&file, text).unwrap();
        let init =
            crate::sandbox::DATES.into_iter().chain(["--campaign", &file, "--simulated", "--lang", "en"]);
        let refused = sandbox.run(["init"].into_iter().chain(init)).fails(2);
        for part in [file.as_str(), key, word] {
            assert!(refused.err.contains(part), "{part}: {refused:?}");
        }
        assert!(!std::path::Path::new(&sandbox.store).exists(), "nothing is left behind");
    }
}

#[test]
fn the_last_days_are_judged_again_under_a_campaign_file() {
    let sandbox = Sandbox::simulated(5);
    let file = sandbox.path("next.toml");
    fs::write(&file, "min_charge = 400000\n").unwrap();
    let diff = |more: &[&str]| {
        let args = ["campaign", "diff", &file, "--as", "ha", "--lang", "en"];
        sandbox.run(args.iter().chain(more))
    };
    let text = diff(&["--replay", "7"]).ok().out;
    assert!(text.contains("Offer calls: 0 judged, 0 held"), "{text}");
    assert!(text.contains("Seats full about: — (under the version in force: —)"), "{text}");
    assert!(text.contains("What the store cannot tell:"), "{text}");
    let found = diff(&["--replay", "7", "--json"]).ok().json();
    assert_eq!(found["replay"]["days"], 7);
    assert_eq!(found["replay"]["calls"]["offer"]["newly_held"]["total"], 0);
    assert!(diff(&["--json"]).ok().json()["replay"].is_null());
    for days in ["0", "-3", "93"] {
        diff(&["--replay", days]).fails(3);
    }
    diff(&["--replay", "a week"]).fails(2);
    fs::write(&file, "hotline = \"\"\n").unwrap();
    let problems = diff(&["--replay", "7"]);
    assert!(problems.code == Some(5) && !problems.out.contains("judged"), "{problems:?}");
    fs::write(&file, "min_charge = 400000\n").unwrap();
    let text =
        sandbox.run(["campaign", "diff", &file, "--replay", "7", "--as", "ha", "--lang", "vi"]).ok().out;
    assert!(text.contains("Cuộc gọi mời: xét 0, bị giữ 0"), "{text}");
}

#[test]
fn a_campaign_file_is_examined_compared_and_loaded() {
    let sandbox = Sandbox::simulated(5);
    let file = sandbox.path("next.toml");
    let run = |args: &[&str]| sandbox.run(["campaign", "--as", "ha"].iter().chain(args));
    let shown = run(&["show"]).ok().out;
    assert!(shown.starts_with("# ") && shown.contains("min_charge = 300000"), "{shown}");
    fs::write(&file, shown.replace("min_charge = 300000", "min_charge = 400000")).unwrap();
    run(&["check", &file]).ok();
    let found = run(&["diff", &file, "--json"]).ok().json();
    assert_eq!(
        (&found["base"], &found["problems"], &found["shortened"]),
        (&json!(1), &json!([]), &json!(null))
    );
    assert_eq!(
        found["changes"],
        json!([{"part": "min_charge", "key": "", "old": "300000", "new": "400000"}])
    );
    assert!(run(&["diff", &file]).ok().out.contains("300000 → 400000"));
    let loaded = run(&["load", &file, "--json"]).ok().json();
    assert_eq!(loaded["campaign_loaded"]["version"], 2);
    let versions = run(&["list", "--json"]).ok().json();
    assert_eq!(versions["versions"][0]["changed"], json!(["min_charge"]));
    assert_eq!(run(&["show", "--version", "1", "--json"]).ok().json()["campaign"]["min_charge"], 300_000);
    run(&["load", "--version", "1"]).ok();
    fs::write(&file, "registration = { from = \"2026-12-01\", to = \"2026-12-17\" }").unwrap();
    assert_eq!(run(&["load", &file, "--json"]).fails(3).json()["error"]["rule"], "window_shortened");
    run(&["load", &file, "--yes"]).ok();
    fs::write(&file, "hotline = \"\"").unwrap();
    assert_eq!(run(&["check", &file]).code, Some(5));
    run(&["load", &file]).fails(2);
    fs::write(&file, "quotta = 1").unwrap();
    for act in ["check", "diff", "load"] {
        assert!(run(&[act, &file]).fails(2).err.contains("quotta"), "{act}");
    }
    sandbox.run(["campaign", "load", &file, "--as", "lan"]).fails(3);
    sandbox.is_sound();
}

#[test]
fn a_store_that_breaks_its_promise_is_found_with_exit_5() {
    let sandbox = Sandbox::with_list(5, 3);
    sandbox.exec("lan", "02T09:00", register(1));
    let connection = rusqlite::Connection::open(&sandbox.store).unwrap();
    connection.execute_batch("UPDATE counter SET value = value + 1").unwrap();
    drop(connection);
    let check = sandbox.run(["check"]);
    assert_eq!(check.code, Some(5), "{check:?}");
    assert!(check.out.lines().count() > 0 && !check.out.contains("check."), "{check:?}");
    assert!(!sandbox.run(["check", "--json"]).json()["problems"].as_array().unwrap().is_empty());
}

#[test]
fn an_audit_row_that_was_changed_is_found_with_exit_5() {
    let sandbox = Sandbox::with_list(5, 3);
    sandbox.exec("lan", "02T09:00", register(1));
    sandbox.run(["audit", "verify", "--as", "an"]).ok();
    let connection = rusqlite::Connection::open(&sandbox.store).unwrap();
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
    assert_eq!(sandbox.run(["audit", "verify", "--as", "an"]).code, Some(5));
    assert_eq!(sandbox.run(["check"]).code, Some(5));
}

#[test]
fn both_languages_say_it_and_a_program_reads_the_same() {
    let sandbox = Sandbox::simulated(5);
    let say = |lang: &str, args: &[&str]| sandbox.run(["--lang", lang].iter().chain(args));
    for args in [&["check"][..], &["report"], &["staff", "list"], &["--help"], &["import", "--help"]] {
        let (vi, en) = (say("vi", args).ok().out, say("en", args).ok().out);
        assert!(vi != en && !vi.is_empty() && !en.is_empty(), "{args:?}");
        assert!(!en.contains("cli.") && !vi.contains("cli."), "{args:?}");
    }
    let (vi, en) = (say("vi", &["frobnicate"]).fails(2).err, say("en", &["frobnicate"]).fails(2).err);
    assert_ne!(vi, en);
    let quota = ["query", "quota"];
    assert_eq!(say("vi", &quota).ok().json(), say("en", &quota).ok().json());
    assert!(sandbox.run(["--version"]).ok().out.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn staff_come_and_go() {
    let sandbox = Sandbox::simulated(5);
    let list = |sandbox: &Sandbox| sandbox.run(["staff", "list", "--json"]).ok().json()["staff"].clone();
    assert!(
        list(&sandbox).as_array().unwrap().iter().any(|line| line["id"] == "vy" && line["active"] == true)
    );
    sandbox.run(["staff", "disable", "vy"]).ok();
    assert!(
        list(&sandbox).as_array().unwrap().iter().any(|line| line["id"] == "vy" && line["active"] == false)
    );
    sandbox.run(["query", "--as", "vy", "quota"]).fails(3);
    sandbox.run(["staff", "add", "Không Hợp Lệ", "--name", "X", "--role", "agent"]).fails(3);
    sandbox.is_sound();
}

#[test]
fn keys_are_given_from_files_listed_and_taken_away() {
    let sandbox = Sandbox::simulated(5);
    let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE8f6RuJVwSiMNMpm3fSR4bV3e4kBvJcABwxg/SRXfij desk";
    let file = sandbox.file("lan.pub", line);
    let fingerprint = "SHA256:Q0rlJiQV/7vo0NpbHSnwfL9SeX8x1mmfc9NKxVgxmP8";
    let keys = |sandbox: &Sandbox| {
        sandbox.run(["staff", "key", "lan", "list", "--json"]).ok().json()["keys"].clone()
    };
    sandbox.run(["staff", "add", "lan", "--name", "Lan", "--role", "agent", "--key", &file]).ok();
    assert_eq!(keys(&sandbox)[0]["fingerprint"], fingerprint);
    assert!(sandbox.run(["staff", "key", "lan", "list"]).ok().out.contains("desk"));
    sandbox.run(["staff", "key", "vy", "add", &file]).fails(3);
    sandbox.run(["staff", "key", "lan", "remove", fingerprint]).ok();
    assert_eq!(keys(&sandbox), json!([]));
    sandbox.run(["staff", "key", "lan", "add", &file]).ok();
    sandbox.run(["staff", "key", "lan", "add", &sandbox.path("none.pub")]).fails(2);
    let secret = sandbox.file("secret", "-----BEGIN OPENSSH PRIVATE KEY-----");
    sandbox.run(["staff", "key", "vy", "add", &secret]).fails(3);
    sandbox.is_sound();
}

#[test]
fn a_list_loaded_twice_changes_nothing_and_rejects_say_why() {
    let sandbox = Sandbox::simulated(5);
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
    let file = sandbox.file("list.csv", text);
    let rejects = sandbox.path("rejects.csv");
    let load = |extra: &[&str]| {
        let args =
            ["import", "customers", &file, "--sms-sent-at", SENT, "--opt-in-evidence", "contract", "--json"];
        sandbox.run(args.iter().chain(extra)).ok().json()
    };
    let dry = load(&["--dry-run"]);
    assert_eq!((&dry["read"], &dry["accepted"]), (&json!(9), &json!(1)), "{dry}");
    sandbox.run(["query", "customer", r#"{"phone":"0901000001"}"#, "--as", "lan"]);
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
    sandbox.is_sound();
}

#[test]
fn a_backup_is_a_whole_store_and_nothing_is_ever_overwritten() {
    let sandbox = Sandbox::with_list(5, 3);
    sandbox.exec("lan", "02T09:00", register(1));
    let (backup, restored) = (sandbox.path("backup.db"), sandbox.path("restored.db"));
    sandbox.run(["backup", &backup, "--as", "ha"]).ok();
    sandbox.exec("lan", "02T09:01", register(2));
    assert_eq!(sandbox.run(["backup", &backup, "--json"]).fails(2).json()["error"]["kind"], "exists");
    sandbox.run(["restore", &backup, "--into", &sandbox.store]).fails(2);
    sandbox.run(["backup", &sandbox.path("other.db"), "--as", "lan"]).fails(3);
    sandbox.run(["restore", &backup, "--into", &restored]).ok();
    let taken = |store: &str| sandbox.run(["query", "quota", "--store", store]).ok().json()["taken"].clone();
    assert_eq!((taken(&restored), taken(&sandbox.store)), (json!(1), json!(2)));
    sandbox.run(["check", "--store", &restored]).ok();
    let damaged = fs::read(&backup).unwrap();
    let damaged = sandbox.file("damaged.db", &damaged[..damaged.len() / 2]);
    let into = sandbox.path("from-damaged.db");
    let refused = sandbox.run(["restore", &damaged, "--into", &into]);
    assert!(refused.code.is_some_and(|code| code != 0), "{refused:?}");
    assert!(!fs::exists(&into).unwrap());
}

#[test]
fn a_batch_goes_out_as_a_file_and_comes_back_with_returns() {
    let sandbox = Sandbox::with_list(5, 3);
    for row in [1, 2] {
        sandbox.exec("lan", "02T09:00", register(row));
    }
    let out = sandbox.path("batch.csv");
    sandbox.run(["handover", "send", "--out", &sandbox.path("batch.doc"), "--as", "ha"]).fails(2);
    let sent = sandbox.run(["handover", "send", "--out", &out, "--as", "ha", "--json"]).ok().json();
    assert_eq!(sent["handed_over"]["rows"], 2, "{sent}");
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.contains("Nguyễn Văn An") && text.contains("901000001"), "{text}");
    assert!(!text.contains("412"), "no charge leaves 9090: {text}");
    sandbox.run(["handover", "send", "--out", &out, "--as", "ha"]).fails(2);
    let returned = sandbox.file("returned.csv", "registration,reason\n2,thiếu thông tin\n");
    let back =
        sandbox.run(["handover", "ack", "1", "--returned", &returned, "--as", "thu", "--json"]).ok().json();
    assert_eq!(back, json!({"acknowledged": {"accepted": 1, "returned": 1}}));
    let sheet = sandbox.path("batch.xlsx");
    sandbox.run(["handover", "send", "--out", &sheet, "--as", "ha"]).fails(3);
    let answer = json!({"correct_registration": {"registration": 2, "note": "đã hỏi lại khách"}});
    sandbox.exec("lan", "02T10:00", answer);
    sandbox.run(["handover", "send", "--out", &sheet, "--as", "ha"]).ok();
    assert!(fs::read(&sheet).unwrap().starts_with(b"PK"));
    sandbox.is_sound();
}

#[test]
fn the_report_and_the_audit_show_what_happened() {
    let sandbox = Sandbox::with_list(5, 3);
    sandbox.exec("lan", "02T09:00", register(1));
    let report = sandbox.run(["report", "--format", "json"]).ok().json();
    assert_eq!(report["seats"]["taken"], 1, "{report}");
    let file = sandbox.path("report.txt");
    sandbox.run(["report", "--out", &file]).ok();
    assert!(!fs::read_to_string(&file).unwrap().is_empty());
    let rows = sandbox.run(["audit", "show", "--as", "an", "--json"]).ok().json()["rows"].clone();
    let newest = &rows[0];
    assert_eq!(
        (&newest["action"], &newest["staff"], &newest["os_user"]),
        (&json!("register"), &json!("lan"), &json!("tester")),
        "{newest}"
    );
    assert!(!rows.to_string().contains(&phone(1)[1..]), "no number is in the audit log");
    sandbox.run(["audit", "show", "--as", "lan"]).fails(3);
    sandbox.is_sound();
}

#[test]
fn a_real_store_has_its_own_clock() {
    let sandbox = Sandbox::empty();
    sandbox.run(["init"].into_iter().chain(crate::sandbox::DATES)).ok();
    sandbox.run(["staff", "add", "lan", "--name", "Lan", "--role", "agent"]).ok();
    let with_time = sandbox.exec("lan", "02T09:00", register(1));
    assert_eq!(with_time["refused"]["rule"], "clock_not_allowed", "{with_time}");
    let ended =
        sandbox.exec_raw(line(None, "lan", "02T09:00", register(1)).replace("\"at\"", "\"zeit\"").as_bytes());
    assert_eq!(ended.ok().lines()[0]["error"]["kind"], "invalid_command");
}

#[test]
fn the_audit_log_reads_in_the_language_of_the_screen() {
    let sandbox = Sandbox::empty();
    let file = sandbox.path("demo.db");
    sandbox.run(["demo", "--customers", "200", "--keep", &file]).ok();
    for (lang, action) in [("vi", "ghi kết quả gọi"), ("en", "recorded a call")] {
        let shown =
            sandbox.run(["audit", "show", "--limit", "500", "--lang", lang, "--store", &file]).ok().out;
        assert!(shown.contains(action), "{shown}");
        for line in shown.lines() {
            // Behind the numbers, the time and the two people.
            let words: Vec<&str> = line.split_whitespace().skip(5).collect();
            let is_code = |word: &&str| word.contains('=') || word.contains('_') || word.contains("+07:00");
            let codes: Vec<_> = words.into_iter().filter(is_code).collect();
            assert_eq!(codes, Vec::<&str>::new(), "{line}");
        }
    }
}

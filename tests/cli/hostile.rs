//! Tests hostile input and files that are not what they claim to be.

use crate::sandbox::{SENT, Sandbox, line, own, phone, register};
use serde_json::json;
use std::fs;

#[test]
fn a_bad_line_is_an_error_line_and_the_rest_goes_on() {
    let sandbox = Sandbox::with_list(5, 3);
    let lines: Vec<Vec<u8>> = vec![
        line(None, "lan", "02T09:00", register(1)).into_bytes(),
        b"{\"as\":\"lan\"\n".to_vec(),
        b"null\n".to_vec(),
        b"\xff\xfe{}\n".to_vec(),
        b"{\"command\":{\"fly\":{}}}\n".to_vec(),
        b"{\"command\":{\"hand_over\":{}},\"more\":1}\n".to_vec(),
        b"{\"op\":\"\",\"command\":{\"hand_over\":{}}}\n".to_vec(),
        b"{\"at\":\"yesterday\",\"command\":{\"hand_over\":{}}}\n".to_vec(),
        [vec![b'['; 100_000], b"\n".to_vec()].concat(),
        [vec![b'x'; 2 << 20], b"\n".to_vec()].concat(),
        b"\r\n   \n".to_vec(),
        line(None, "nobody", "02T09:00", register(2)).into_bytes(),
        line(None, "lan", "02T09:00", register(2)).trim_end().as_bytes().to_vec(),
    ];
    let ended = sandbox.exec_raw(&lines.concat()).ok();
    let results = ended.lines();
    let kinds: Vec<&str> = results
        .iter()
        .map(|result| {
            result["error"]["kind"].as_str().unwrap_or(if result["ok"].is_object() {
                "ok"
            } else {
                "refused"
            })
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "ok",
            "invalid_json",
            "invalid_command",
            "invalid_json",
            "invalid_command",
            "invalid_command",
            "invalid_command",
            "invalid_command",
            "invalid_json",
            "line_too_long",
            "refused",
            "ok"
        ]
    );
    sandbox.is_sound();
}

#[test]
fn names_lose_their_control_characters_and_huge_cells_are_rejected() {
    let sandbox = Sandbox::simulated(5);
    let huge = "x".repeat(100_000);
    let text = format!(
        "phone,name,type,charge\n{},\"\u{1b}[2J\u{1b}]0;t\u{7}An\u{202e}Bình\",postpaid,412000\n{},{huge},postpaid,412000\n\
         {},An,postpaid,{huge}\n{huge},An,postpaid,412000\n{},Chi,postpaid,412000\n",
        phone(1),
        phone(2),
        phone(3),
        phone(4)
    );
    let file = sandbox.file("list.csv", text);
    let report = sandbox
        .run(["import", "customers", &file, "--sms-sent-at", SENT, "--opt-in-evidence", "x", "--json"])
        .ok()
        .json();
    assert_eq!((&report["read"], &report["accepted"]), (&json!(5), &json!(2)), "{report}");
    let name =
        sandbox.query("lan", "customer", json!({"phone": phone(1)}))["name"].as_str().unwrap().to_owned();
    assert!(
        name.contains("An") && !name.chars().any(char::is_control) && !name.contains('\u{202e}'),
        "{name:?}"
    );
    let mut typed = register(4);
    typed["register"]["name"] = json!("An\u{1b}[31m\u{0}Bình");
    sandbox.exec("lan", "02T09:00", typed);
    let name =
        sandbox.query("lan", "customer", json!({"phone": phone(4)}))["name"].as_str().unwrap().to_owned();
    assert!(!name.chars().any(char::is_control), "{name:?}");
    sandbox.is_sound();
}

#[test]
fn a_file_that_cannot_be_read_changes_nothing_and_says_what_is_wrong() {
    let sandbox = Sandbox::simulated(5);
    let workbook = fs::read(own("assets/sample/customers.xlsx")).unwrap();
    let files = [
        sandbox.file("cut.xlsx", &workbook[..workbook.len() / 2]),
        sandbox.file("text.xlsx", "phone,name\n"),
        sandbox.file("columns.csv", "a,b\n1,2\n"),
        sandbox.file("empty.csv", ""),
        sandbox.file("zeros.csv", vec![0_u8; 4096]),
        sandbox.file("quote.csv", format!("phone,name,type,charge\n{},\"An,postpaid,412000\n", phone(1))),
        sandbox.path(""),
    ];
    for file in files {
        for lang in ["vi", "en"] {
            let args = [
                "import",
                "customers",
                &file,
                "--sms-sent-at",
                SENT,
                "--opt-in-evidence",
                "x",
                "--lang",
                lang,
            ];
            sandbox.run(args).fails(2);
        }
    }
    let named =
        sandbox.run(["import", "customers", &sandbox.path("columns.csv"), "--lang", "en"]).fails(2).err;
    for column in ["phone", "name", "type", "charge"] {
        assert!(named.contains(column), "{named}");
    }
    assert_eq!(sandbox.query("ha", "funnel", json!({}))["steps"][0]["count"], 0);
    sandbox.is_sound();
}

#[test]
fn what_is_no_store_of_ours_is_refused_and_left_as_it_was() {
    let sandbox = Sandbox::simulated(5);
    let text = sandbox.file("text.db", "hello");
    let foreign = sandbox.path("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    let newer = sandbox.path("newer.db");
    sandbox.run(["backup", &newer]).ok();
    rusqlite::Connection::open(&newer).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    for (file, kind) in [(text, "not_a_store"), (foreign, "not_a_store"), (newer, "newer_schema")] {
        let before = fs::read(&file).unwrap();
        for command in ["check", "report"] {
            let ended = sandbox.run([command, "--store", &file, "--json"]).fails(2);
            assert_eq!(ended.json()["error"]["kind"], kind);
        }
        assert!(fs::read(&file).unwrap() == before, "{file} was changed");
        let beside: Vec<_> = fs::read_dir(sandbox.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
            .filter(|path| path.starts_with(&format!("{file}-")) || path.starts_with(&format!("{file}.")))
            .collect();
        assert!(beside.is_empty(), "{beside:?}");
    }
    let folder = sandbox.path("");
    let ended = sandbox.run(["check", "--store", &folder]);
    assert!(matches!(ended.code, Some(2 | 4)), "{ended:?}");
}

#[test]
fn dates_that_do_not_exist_are_usage_errors_and_leave_nothing() {
    let sandbox = Sandbox::empty();
    let dates = |from: &'static str, to: &'static str| {
        [
            "init",
            "--from",
            from,
            "--to",
            to,
            "--consult-until",
            "2027-01-08",
            "--handbook-until",
            "2027-02-28",
        ]
    };
    for (from, to) in
        [("2026-02-30", "2026-12-18"), ("01/12/2026", "2026-12-18"), ("2026-12-18", "2026-12-01")]
    {
        sandbox.run(dates(from, to)).fails(2);
        assert!(!fs::exists(&sandbox.store).unwrap());
    }
    sandbox.run(dates("2026-12-01", "2026-12-18").into_iter().chain(["--quota", "0"])).fails(2);
    sandbox.run(dates("2026-12-01", "2026-12-18").into_iter().chain(["--campaign", "nowhere.toml"])).fails(2);
    let wrong = sandbox.file("wrong.toml", "quota = \"many\"\n");
    sandbox.run(dates("2026-12-01", "2026-12-18").into_iter().chain(["--campaign", &wrong])).fails(2);
    assert!(!fs::exists(&sandbox.store).unwrap());
}

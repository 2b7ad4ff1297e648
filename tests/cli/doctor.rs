//! Runs `tongdai doctor` on stores in different states.

use crate::sandbox::{DATES, Ended, Sandbox};
use std::fs;
use std::os::unix::fs::PermissionsExt;

fn mode(path: &str, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// `check state` of each finding.
fn states(ended: &Ended) -> Vec<String> {
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    ended.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{} {}", word(&finding["check"]), word(&finding["state"])))
        .collect()
}

#[test]
fn a_new_store_is_sound_and_closed_to_others_and_is_left_as_it_was() {
    let sandbox = Sandbox::simulated(5);
    let before = fs::read(&sandbox.store).unwrap();
    let ended = sandbox.run(["doctor", "--json"]).ok();
    for good in ["store ok", "schema ok", "integrity ok", "clock ok", "mode ok"] {
        assert!(states(&ended).contains(&good.to_owned()), "{good}: {ended:?}");
    }
    assert!(ended.json()["state"] != "wrong");
    assert_eq!(fs::read(&sandbox.store).unwrap(), before);
}

#[test]
fn each_line_has_a_mark_and_each_language_its_words() {
    let sandbox = Sandbox::simulated(5);
    for (lang, words) in [("vi", "Kho đúng mọi ràng buộc"), ("en", "Every invariant of the store holds")]
    {
        let ended = sandbox.run(["doctor", "--lang", lang]).ok();
        assert!(ended.out.contains(&format!("✓ {words}\n")), "{ended:?}");
        for line in ended.out.lines() {
            assert!(["✓ ", "! ", "✗ ", "  → "].iter().any(|mark| line.starts_with(mark)), "{line}");
            assert!(!line.contains("%{") && !line.contains("doctor."), "{line}");
        }
    }
}

#[test]
fn limits_are_examined_before_the_door_starts_with_them() {
    let sandbox = Sandbox::simulated(5);
    let file = sandbox.file("limits.toml", "sessions = 250\n");
    let ended = sandbox.run(["doctor", "--json", "--limits", &file]).ok();
    assert!(states(&ended).contains(&"limits ok".to_owned()), "{ended:?}");
    sandbox.file("limits.toml", "sessions = many\n");
    let ended = sandbox.run(["doctor", "--lang", "vi", "--limits", &file]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(ended.out.contains(&format!("✗ Giới hạn của cổng SSH sai: {file}, dòng 1: ")), "{ended:?}");
}

#[test]
fn a_store_that_everybody_can_read_is_wrong_until_the_hint_was_followed() {
    let sandbox = Sandbox::simulated(5);
    mode(&sandbox.store, 0o644);
    let ended = sandbox.run(["doctor", "--lang", "en"]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    let hint = format!("chmod 0640 \"{}\"", sandbox.store);
    assert!(ended.out.contains(&format!("\n  → {hint}\n")), "{ended:?}");
    assert!(std::process::Command::new("sh").args(["-c", &hint]).status().unwrap().success());
    sandbox.run(["doctor"]).ok();
}

#[test]
fn an_exposed_host_key_is_wrong() {
    let sandbox = Sandbox::simulated(5);
    let key = sandbox.file("key", "not looked into");
    mode(&key, 0o640);
    let args = ["doctor", "--json", "--host-key", &key];
    let ended = sandbox.run(args);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(states(&ended).contains(&"mode wrong".to_owned()));
    mode(&key, 0o600);
    sandbox.run(args).ok();
}

#[test]
fn a_row_from_the_future_says_that_a_clock_is_wrong() {
    let sandbox = Sandbox::empty();
    sandbox.run(["init"].into_iter().chain(DATES)).ok();
    sandbox.run(["doctor"]).ok();
    let store = rusqlite::Connection::open(&sandbox.store).unwrap();
    store
        .execute(
            "INSERT INTO audit SELECT writer, seq + 1, at + 86400000, staff, os_user, action, subject, detail, hash
             FROM audit ORDER BY seq DESC LIMIT 1",
            [],
        )
        .unwrap();
    drop(store);
    let ended = sandbox.run(["doctor", "--json"]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(states(&ended).contains(&"clock wrong".to_owned()), "{ended:?}");
    assert!(states(&ended).contains(&"integrity wrong".to_owned()), "a row without a chain: {ended:?}");
}

#[test]
fn an_older_schema_is_reported_and_not_changed() {
    let sandbox = Sandbox::simulated(5);
    let version = || {
        let store = rusqlite::Connection::open(&sandbox.store).unwrap();
        store.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    rusqlite::Connection::open(&sandbox.store).unwrap().pragma_update(None, "user_version", 1).unwrap();
    let ended = sandbox.run(["doctor", "--json"]).ok();
    assert!(states(&ended).contains(&"schema warning".to_owned()), "{ended:?}");
    assert_eq!(version(), 1);
}

#[test]
fn a_store_that_is_not_there_or_no_store_is_wrong_and_the_rest_is_looked_at() {
    let sandbox = Sandbox::empty();
    let ended = sandbox.run(["doctor", "--json"]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(states(&ended).contains(&"store wrong".to_owned()));
    assert!(states(&ended).iter().any(|state| state.starts_with("fsync ")));
    assert!(!fs::exists(&sandbox.store).unwrap(), "looking made a store");

    fs::write(&sandbox.store, "no store at all, whatever its name says").unwrap();
    let ended = sandbox.run(["doctor", "--lang", "vi"]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(ended.out.contains('✗'), "{ended:?}");
}

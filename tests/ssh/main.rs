//! Tests the SSH server with OpenSSH's own client: logins, screens, refusals, ends.

mod attackers;
mod host;
#[path = "../day/terminal.rs"]
#[expect(dead_code, reason = "these stories need fewer keys than a whole day")]
mod terminal;
mod tools;

use host::{Host, new_key};
use std::process::Stdio;
use std::time::{Duration, Instant};
use terminal::CTRL_Q;

const SIZE: (u16, u16) = (100, 30);

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_screens_open_by_key_follow_the_window_and_close_by_key() {
    let host = Host::open();
    let mut at = host.sit(&[&host.key("lan")], SIZE);
    at.sees("lan").sees("Calling queue").sees("fetch the next customer");
    assert!(at.screen().alternate_screen());
    at.press("\x1b2").sees("Find a customer");
    at.press("0904 12").sees("0904 12");
    at.resize(140, 45);
    at.until("the status line at the bottom", |screen| {
        screen.lines().nth(44).is_some_and(|line| line.contains("/500"))
    });
    at.press(CTRL_Q);
    assert!(at.ends(), "leaving by key is a good end");
    assert!(!at.screen().alternate_screen());
}

#[test]
fn a_supervisors_public_key_and_an_agents_signature_give_the_agent() {
    let host = Host::open();
    // The client has the public half only: its offer is accepted, and it cannot sign.
    let public = host.folder.path().join("stolen.pub");
    std::fs::copy(host.key("ha").with_extension("pub"), &public).expect("a copy");
    let mut at = host.sit(&[&public, &host.key("lan")], SIZE);
    at.sees("Calling queue")
        .until("Lan at work", |screen| screen.lines().next().is_some_and(|line| line.contains("lan")));
    at.press(CTRL_Q);
    assert!(at.ends());
    let logins: Vec<_> = host.log().into_iter().filter(|line| line["event"] == "login").collect();
    assert_eq!(logins.len(), 1);
    assert_eq!(logins[0]["staff"], "lan");
}

#[test]
fn without_a_terminal_or_with_a_command_there_is_one_line_and_status_2() {
    let host = Host::open();
    let shell = host.ssh("lan", &[], &[]);
    assert_eq!((shell.status.code(), text(&shell.stdout)), (Some(2), String::new()));
    assert!(text(&shell.stderr).contains("the screens need a terminal"), "{}", text(&shell.stderr));
    for words in [&["id"][..], &["scp", "-t", "/tmp"]] {
        let run = host.ssh("lan", &[], words);
        assert_eq!((run.status.code(), text(&run.stdout)), (Some(2), String::new()));
        assert!(text(&run.stderr).contains("runs no commands"), "{}", text(&run.stderr));
    }
    let sftp = host.ssh("lan", &["-s"], &["sftp"]);
    assert!(!sftp.status.success() && text(&sftp.stderr).contains("moves no files"));
}

#[test]
fn unknown_keys_passwords_and_forwarding_are_refused_without_waiting() {
    let host = Host::open();
    let start = Instant::now();
    let unknown = new_key(host.folder.path(), "nobody");
    assert!(unknown.exists());
    let unknown = host.ssh("nobody", &[], &[]);
    assert_eq!(unknown.status.code(), Some(255));
    assert!(text(&unknown.stderr).contains("Permission denied (publickey)"), "{}", text(&unknown.stderr));
    let password = host.ssh("lan", &["-o", "PreferredAuthentications=password,keyboard-interactive"], &[]);
    assert_eq!(password.status.code(), Some(255));
    let forward = host.ssh(
        "lan",
        &["-o", "ExitOnForwardFailure=yes", "-R", "127.0.0.1:0:127.0.0.1:22", "-A", "-X"],
        &[],
    );
    assert!(!forward.status.success(), "{}", text(&forward.stderr));
    assert!(start.elapsed() < Duration::from_secs(30));
    let refused: Vec<_> = host.log().into_iter().filter(|line| line["event"] == "login_refused").collect();
    assert!(refused.iter().any(|line| line["reason"] == "unknown"), "{refused:?}");
}

#[test]
fn a_person_who_is_disabled_leaves_within_five_seconds() {
    let host = Host::open();
    let mut at = host.sit(&[&host.key("lan")], SIZE);
    at.sees("Calling queue");
    assert!(host.tongdai().args(["staff", "disable", "lan"]).status().expect("the program").success());
    let start = Instant::now();
    assert!(!at.ends());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(at.text().contains("What this key may do has changed"), "{}", at.text());
    let again = host.ssh("lan", &[], &[]);
    assert_eq!(again.status.code(), Some(255));
}

#[test]
fn the_console_of_the_host_sees_tells_and_ends_who_is_on() {
    let host = Host::open();
    let mut at = host.sit(&[&host.key("lan")], SIZE);
    at.sees("Calling queue");
    let list = || {
        let output = host.tongdai().args(["session", "list", "--json"]).stdout(Stdio::piped()).output();
        let list: serde_json::Value =
            serde_json::from_slice(&output.expect("the program").stdout).expect("JSON");
        list["sessions"].as_array().cloned().unwrap_or_default()
    };
    let lines = list();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!([&lines[0]["staff"], &lines[0]["entrance"]], ["lan", "ssh"]);
    assert_eq!([&lines[0]["origin"], &lines[0]["state"]], ["127.0.0.1", "ready"]);
    let run = |words: &[&str]| assert!(host.tongdai().args(words).status().expect("the program").success());
    run(&["session", "broadcast", "Họp ca lúc 16:30"]);
    at.sees("Họp ca lúc 16:30")
        .press("\x1b[19~")
        .until("the line put away", |screen| !screen.contains("Họp ca"));
    run(&["session", "end", lines[0]["id"].as_str().expect("an id")]);
    assert!(at.ends(), "an end that was meant is a good end");
    assert!(at.text().contains("A supervisor ended this session"), "{}", at.text());
    assert!(list().is_empty());
    let audit = host.tongdai().args(["audit", "show", "--json"]).stdout(Stdio::piped()).output();
    let audit = text(&audit.expect("the program").stdout);
    for words in ["session_start", "entrance=ssh from=127.0.0.1", "session_end", "why=dismissed"] {
        assert!(audit.contains(words), "{words}: {audit}");
    }
}

#[test]
fn a_door_that_starts_again_after_a_crash_knows_that_its_sessions_are_gone() {
    let mut host = Host::open();
    // From now on the door stands at an address that it comes back to.
    host.crash();
    let mut before = host.sit(&[&host.key("lan")], SIZE);
    before.sees("Calling queue");
    let list = |host: &Host| {
        let output = host.tongdai().args(["session", "list", "--json"]).stdout(Stdio::piped()).output();
        let list: serde_json::Value =
            serde_json::from_slice(&output.expect("the program").stdout).expect("JSON");
        list["sessions"].as_array().cloned().unwrap_or_default()
    };
    let dead = list(&host);
    assert_eq!(dead.len(), 1, "{dead:?}");
    host.crash();
    assert!(!before.ends());
    let mut after = host.sit(&[&host.key("lan")], SIZE);
    after.sees("Calling queue").sees("fetch the next customer");
    let alive = list(&host);
    assert!(alive.len() == 1 && alive[0]["id"] != dead[0]["id"], "{alive:?}");
    assert!(!after.text().contains("open elsewhere"), "{}", after.text());
    after.press(CTRL_Q);
    assert!(after.ends());
}

#[test]
fn a_stop_tells_the_screens_and_the_program_ends_well() {
    let mut host = Host::open();
    let mut at = host.sit(&[&host.key("ha")], SIZE);
    at.sees("ha");
    let start = Instant::now();
    assert!(host.stop());
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert!(at.ends());
    assert!(at.text().contains("The host is stopping"), "{}", at.text());
    let why: Vec<_> = host.log().into_iter().filter(|line| line["event"] == "session_end").collect();
    assert_eq!(why.len(), 1);
    assert_eq!(why[0]["why"], "stopping");
}

#[test]
fn a_reload_takes_new_limits_and_a_mistake_in_them_leaves_the_old_ones() {
    let set = |folder: &std::path::Path, text: &str| {
        std::fs::write(folder.join("limits.toml"), text).expect("written");
    };
    let mut host =
        Host::open_with(&["--limits", "limits.toml"], |folder| set(folder, "sessions_per_key = 1\n"));
    let mut first = host.sit(&[&host.key("lan")], SIZE);
    first.sees("Calling queue");
    let full = "all the sessions it may have";
    let mut second = host.sit(&[&host.key("lan")], SIZE);
    assert!(!second.sees(full).ends());

    set(host.folder.path(), "sessions_per_key = 0\n");
    let event = host.reload();
    assert_eq!([&event["event"], &event["kind"]], ["reload_failed", "limits_range"], "{event}");
    assert_eq!(event["bound"], "sessions_per_key");
    let mut second = host.sit(&[&host.key("lan")], SIZE);
    assert!(!second.sees(full).ends());

    set(host.folder.path(), "sessions_per_key = 2\n");
    assert_eq!(host.reload()["event"], "reloaded");
    let mut second = host.sit(&[&host.key("lan")], SIZE);
    second.sees("Calling queue");
    first.press("\x1b2").sees("Find a customer");
    assert!(host.stop());
}

#[test]
fn a_host_key_that_others_can_read_opens_no_door() {
    use std::os::unix::fs::PermissionsExt;
    let mut host = Host::open();
    assert!(host.stop());
    let key = host.folder.path().join("tongdai/ssh_host_ed25519_key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).expect("another mode");
    let refused = host.tongdai().args(["serve", "--listen", "127.0.0.1:0"]).output().expect("the program");
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("Others can read the host key"), "{}", text(&refused.stderr));
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("another mode");
    let print = |json: &[u8]| {
        let key: serde_json::Value = serde_json::from_slice(json).expect("JSON");
        key["host_key"]["fingerprint"].as_str().map(ToOwned::to_owned)
    };
    let mut show = host.tongdai();
    let before = show.args(["host-key", "show", "--json"]).stdout(Stdio::piped()).output();
    let mut rotate = host.tongdai();
    let after = rotate.args(["host-key", "rotate", "--json"]).stdout(Stdio::piped()).output();
    let (before, after) = (print(&before.expect("shown").stdout), print(&after.expect("rotated").stdout));
    assert!(before.is_some() && after.is_some() && before != after);
}

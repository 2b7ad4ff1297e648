//! Attacks the SSH server with ssh-audit, asyncssh and bare sockets, while a session of OpenSSH's client goes on
//! working.

use super::host::{Host, new_key};
use super::terminal::CTRL_Q;
use super::tools::Tools;
use serde_json::Value;

/// Everything that an audit holds against a door: algorithms with a note of level `fail`, recommendations of level
/// `critical`, known holes.
fn failures(audit: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for kind in ["kex", "key", "enc", "mac"] {
        let algorithms = audit[kind].as_array().expect("a list of algorithms");
        assert!(!algorithms.is_empty(), "the audit read no {kind}: {audit}");
        let failed = algorithms.iter().filter(|algorithm| !algorithm["notes"]["fail"].is_null());
        found.extend(
            failed.map(|algorithm| format!("{kind} {}: {}", algorithm["algorithm"], algorithm["notes"])),
        );
    }
    found.extend(audit["cves"].as_array().into_iter().flatten().map(ToString::to_string));
    found.extend(audit["recommendations"].get("critical").map(ToString::to_string));
    found
}

#[test]
fn ssh_audit_finds_no_failure() {
    let Some(tools) = Tools::find() else { return };
    let host = Host::open();
    let audit = tools.audit(host.port());
    assert_eq!(failures(&audit), Vec::<String>::new());
    assert_eq!(audit["banner"]["software"], "tongdai");
    assert_eq!(audit["compression"], serde_json::json!(["none"]));
}

#[test]
fn the_same_audit_finds_the_failures_of_a_weak_door() {
    let Some(tools) = Tools::find() else { return };
    let found = failures(&tools.audit_of_a_weak_door()).join("\n");
    for weak in
        ["kex \"diffie-hellman-group1-sha1\"", "key \"ssh-rsa\"", "enc \"3des-cbc\"", "mac \"hmac-md5\""]
    {
        assert!(found.contains(weak), "{weak}: {found}");
    }
}

/// Plays a story while a supervisor works; the door stays well, and so does their session.
fn withstands(story: &str) {
    let Some(tools) = Tools::find() else { return };
    let mut host = Host::open();
    new_key(host.folder.path(), "nobody");
    let mut witness = host.sit(&[&host.key("ha")], (100, 30));
    witness.sees("ha").press("\x1b2").sees("Find a customer");
    tools.attack(story, &host);
    witness.press("0904 12").sees("0904 12");
    witness.press(CTRL_Q);
    assert!(witness.ends(), "the other session has not ended well");
    assert!(host.stop(), "the door has not ended well");
    let wrong: Vec<_> = host.log().into_iter().filter(|line| line["level"] == "ERROR").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn wrong_keys_and_passwords_do_not_log_in_and_the_right_key_does() {
    withstands("logins");
}

#[test]
fn a_second_channel_commands_files_and_forwarding_are_refused_at_once() {
    withstands("asks");
}

#[test]
fn a_reader_that_stalls_sees_the_newest_frame_later() {
    withstands("stall");
}

#[test]
fn a_half_closed_connection_has_ended() {
    withstands("halves");
}

#[test]
fn a_paste_of_a_megabyte_is_cut_and_the_session_goes_on() {
    withstands("pastes");
}

#[test]
fn bytes_that_are_no_text_end_no_session() {
    withstands("bytes_of_no_text");
}

#[test]
fn a_storm_of_sizes_is_followed_to_the_last() {
    withstands("sizes");
}

#[test]
fn a_broken_protocol_ends_at_most_its_own_connection() {
    withstands("packets");
}

#[test]
fn many_connections_without_ssh_keep_nobody_out() {
    withstands("crowd");
}

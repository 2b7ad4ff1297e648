//! Tests that a client of OpenSSH's server gets the screens of the key's staff member, and nothing else.

use crate::host::{FREE, Host, PEOPLE, Profile};
use crate::terminal::CTRL_Q;
use std::path::Path;

#[test]
fn a_terminal_shows_the_screens_of_the_person_whose_key_it_is() {
    let host = Host::start(Profile::Packaged);
    for name in PEOPLE {
        let mut terminal = host.at_terminal(name, &[], &[]);
        terminal.sees(&format!("{name} · "));
        terminal.press(CTRL_Q);
        assert!(terminal.ends(), "{}", terminal.text());
    }
}

#[test]
fn a_person_cannot_become_another_by_asking_for_it() {
    let host = Host::start(Profile::Packaged);
    let mut terminal = host.at_terminal("lan", &["-tt"], &["tongdai", "--as", "thu"]);
    terminal.sees("lan · ");
    assert!(!terminal.text().contains("thu · "), "{}", terminal.text());
    terminal.press(CTRL_Q);
    assert!(terminal.ends());
}

#[test]
fn without_a_terminal_the_program_says_so_and_ends_with_two() {
    let host = Host::start(Profile::Packaged);
    let ended = host.ssh("lan", &["-T"], &[]).fails(2);
    assert_eq!(ended.out, "");
}

#[test]
fn another_command_is_not_run() {
    for profile in [Profile::Packaged, Profile::Open] {
        let host = Host::start(profile);
        let mark = host.sandbox.path("mark");
        let command = format!("id; touch {mark}");
        let control = host.ssh(FREE, &[], &[&command]).ok();
        assert!(control.out.contains("uid="), "{control:?}");
        std::fs::remove_file(&mark).unwrap();

        let ended = host.ssh("lan", &[], &[&command]).fails(2);
        assert!(!ended.out.contains("uid="), "{ended:?}");
        let mut terminal = host.at_terminal("lan", &["-tt"], &[&command]);
        terminal.sees("lan · ").press(CTRL_Q);
        assert!(terminal.ends());
        assert!(!Path::new(&mark).exists());
    }
}

#[test]
fn files_cannot_be_fetched() {
    let host = Host::start(Profile::Open);
    // OpenSSH does not pass on what a subsystem writes to standard error.
    let ended = host.ssh("lan", &["-s"], &["sftp"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{ended:?}");
}

#[test]
fn forwarding_is_refused_also_where_the_server_would_allow_it() {
    let host = Host::start(Profile::Open);
    let itself = format!("127.0.0.1:{}", host.port());
    // The target of the forwarding greets every connection.
    let control = host.ssh(FREE, &["-W", &itself], &[]);
    assert!(control.out.starts_with("SSH-2.0-"), "{control:?}");
    let ended = host.ssh("lan", &["-W", &itself], &[]);
    assert!(ended.code != Some(0) && ended.out.is_empty(), "{ended:?}");
    assert!(ended.err.contains("open failed"), "{ended:?}");

    let back = format!("0:{itself}");
    let ended = host.ssh("lan", &["-N", "-o", "ExitOnForwardFailure=yes", "-R", &back], &[]);
    assert_eq!(ended.code, Some(255), "{ended:?}");
    assert!(ended.err.contains("remote port forwarding failed"), "{ended:?}");
}

#[test]
fn the_packaged_server_forwards_for_nobody() {
    let host = Host::start(Profile::Packaged);
    let ended = host.ssh(FREE, &["-W", &format!("127.0.0.1:{}", host.port())], &[]);
    assert!(ended.code != Some(0) && ended.out.is_empty(), "{ended:?}");
}

//! Checks the files under `packaging/` with the tools that read them: the units are accepted and give the service few
//! rights.

use crate::sandbox::{Sandbox, TONGDAI, own};
use std::fs;
use std::process::Command;

const UNITS: [&str; 3] = ["tongdai.service", "tongdai-backup.service", "tongdai-backup.timer"];

/// The units in the sandbox's folder, with the program of this build in place of the installed one.
fn unpacked(sandbox: &Sandbox) {
    for name in UNITS {
        let text = fs::read_to_string(own("packaging").join(name)).unwrap();
        sandbox.file(name, text.replace("/usr/bin/tongdai", TONGDAI));
    }
}

/// The output of `systemd-analyze`, and whether it accepts the unit.
fn analyze(sandbox: &Sandbox, args: &[&str]) -> (bool, String) {
    let output = Command::new("systemd-analyze")
        .args(args)
        .current_dir(sandbox.folder.path())
        .env("SYSTEMD_UNIT_PATH", format!("{}:", sandbox.folder.path().display()))
        .output()
        .expect("systemd-analyze is installed (Debian: apt-get install systemd)");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// The value of a setting; several lines of it are put together.
fn setting(unit: &str, name: &str) -> String {
    let text = fs::read_to_string(own("packaging").join(unit)).unwrap();
    let values: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('=')).collect();
    assert!(!values.is_empty(), "{unit} says nothing of {name}");
    values.join(" ")
}

#[test]
fn the_units_are_accepted_without_a_word() {
    let sandbox = Sandbox::empty();
    unpacked(&sandbox);
    for name in UNITS {
        let (content, text) = analyze(&sandbox, &["verify", "--man=no", &format!("./{name}")]);
        let own: Vec<&str> = text.lines().filter(|line| line.contains("tongdai")).collect();
        assert!(content && own.is_empty(), "{name}: {text}");
    }
}

#[test]
fn a_mistake_in_a_unit_does_not_go_unnoticed() {
    let sandbox = Sandbox::empty();
    unpacked(&sandbox);
    let text = fs::read_to_string(sandbox.path("tongdai.service")).unwrap();
    sandbox.file("tongdai.service", text.replace("ProtectSystem=strict", "ProtectSystem=sometimes"));
    let (_, text) = analyze(&sandbox, &["verify", "--man=no", "./tongdai.service"]);
    assert!(text.contains("sometimes"), "{text}");
}

#[test]
fn what_the_services_may_do_leaves_little_to_do_harm_with() {
    let sandbox = Sandbox::empty();
    unpacked(&sandbox);
    // Tenths of the exposure that systemd-analyze counts from 0 (none) to 10.
    for (unit, most) in [("tongdai.service", "15"), ("tongdai-backup.service", "10")] {
        let args =
            ["security", "--offline=yes", "--no-pager", &format!("--threshold={most}"), &format!("./{unit}")];
        let (content, text) = analyze(&sandbox, &args);
        assert!(content, "{unit}: {text}");
        let (content, text) = analyze(
            &sandbox,
            &["security", "--offline=yes", "--no-pager", "--threshold=1", &format!("./{unit}")],
        );
        assert!(!content, "nothing is that tight: {text}");
    }
}

#[test]
fn the_service_says_when_it_is_ready_and_that_it_lives() {
    assert_eq!(setting("tongdai.service", "Type"), "notify");
    assert_eq!(setting("tongdai.service", "WatchdogSec"), "60");
    assert_eq!(setting("tongdai.service", "CapabilityBoundingSet"), "");
    assert_eq!(setting("tongdai.service", "User"), "tongdai");
    // `tongdai serve` stops within ten seconds; the manager waits longer.
    assert!(setting("tongdai.service", "TimeoutStopSec").parse::<u32>().unwrap() > 10);
    let files: u64 = setting("tongdai.service", "LimitNOFILE").parse().unwrap();
    assert!(files >= 8192, "{files} files are too few for 5000 sessions");
}

#[test]
fn every_command_of_the_units_is_one_of_the_program() {
    let sandbox = Sandbox::empty();
    for (unit, words) in [("tongdai.service", "serve"), ("tongdai-backup.service", "backup")] {
        let command = setting(unit, "ExecStart");
        let help = sandbox.run([words, "--help", "--lang", "en"]).ok().out;
        let options = command.split_whitespace().filter(|word| word.starts_with("--"));
        for option in options {
            assert!(help.contains(option), "{unit}: {option} is not in\n{help}");
        }
        assert!(command.contains(&format!("{words} ")), "{command}");
    }
}

#[test]
fn the_user_and_the_folders_of_the_packages_are_those_of_the_service() {
    let users = fs::read_to_string(own("packaging/tongdai.sysusers")).unwrap();
    let user = setting("tongdai.service", "User");
    assert!(
        users.lines().any(|line| line.starts_with(&format!("u {user} ")) && line.contains("nologin")),
        "{users}"
    );
    let folders = fs::read_to_string(own("packaging/tongdai.tmpfiles")).unwrap();
    for (folder, mode) in [
        ("/var/lib/tongdai", setting("tongdai.service", "StateDirectoryMode")),
        ("/var/log/tongdai", setting("tongdai.service", "LogsDirectoryMode")),
    ] {
        let text = folders.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            (words.next() == Some("d") && words.next() == Some(folder))
                .then(|| words.next().unwrap().to_owned())
        });
        assert_eq!(text.as_deref(), Some(mode.as_str()), "{folder}");
    }
}

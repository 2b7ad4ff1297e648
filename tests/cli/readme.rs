//! Runs the commands of the README and compares their results.

use crate::sandbox::{Sandbox, TONGDAI, own};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The commands in each `sh` block of the README.
fn blocks() -> Vec<Vec<String>> {
    let text = fs::read_to_string(own("README.md")).unwrap();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.map(|block| block.lines().map(str::to_owned).collect()).collect()
}

#[test]
fn every_command_of_the_readme_runs() {
    let mut ran = 0;
    for block in blocks() {
        let sandbox = Sandbox::empty();
        std::os::unix::fs::symlink(own("assets"), sandbox.path("assets")).unwrap();
        let programs = Path::new(TONGDAI).parent().unwrap().display();
        for line in block {
            if line == "cargo run --release -- demo" {
                continue; // In a terminal, below.
            }
            if !line.starts_with("tongdai ") {
                let program = line.split(' ').next().unwrap();
                assert!(own(program).is_file(), "{line}");
                continue;
            }
            let output = Command::new("sh")
                .args(["-c", &line])
                .env_clear()
                .env("PATH", format!("{programs}:{}", std::env::var("PATH").unwrap()))
                .env("HOME", sandbox.folder.path())
                .current_dir(sandbox.folder.path())
                .stdin(Stdio::null())
                .output()
                .unwrap();
            assert!(output.status.success(), "{line}: {output:?}");
            assert!(!output.stdout.is_empty(), "{line}: says nothing");
            ran += 1;
        }
    }
    assert!(ran > 10, "{ran}");
}

#[test]
fn the_demo_opens_its_screens_and_control_q_gives_the_terminal_back() {
    opens_and_leaves(&["demo", "--customers", "200"], &[]);
}

#[test]
fn the_lessons_open_on_a_store_of_their_own_and_leave_nothing() {
    opens_and_leaves(&["tutor"], &["Bài 1/6", "Lan", "MÔ PHỎNG"]);
    opens_and_leaves(&["tutor", "--role", "intake", "--lang", "vi"], &["Bài 1/6", "Thu"]);
}

/// Opens the screens on a terminal, waits for them with these texts and leaves.
fn opens_and_leaves(args: &[&str], texts: &[&str]) {
    let sandbox = Sandbox::empty();
    let temporary = sandbox.path("tmp");
    fs::create_dir(&temporary).unwrap();
    let size = PtySize { rows: 36, cols: 120, pixel_width: 0, pixel_height: 0 };
    let pty = native_pty_system().openpty(size).unwrap();
    let before = format!("{:?}", pty.master.get_termios());
    let mut command = CommandBuilder::new(TONGDAI);
    command.args(args);
    command.env_clear();
    for (name, value) in [("TERM", "xterm-256color"), ("TMPDIR", &temporary), ("HOME", &temporary)] {
        command.env(name, value);
    }
    let mut child = pty.slave.spawn_command(command).unwrap();
    let mut output = pty.master.try_clone_reader().unwrap();
    let mut input = pty.master.take_writer().unwrap();
    let mut terminal = vt100::Parser::new(36.try_into().unwrap(), 120.try_into().unwrap(), 0);
    let mut bytes = [0; 4096];
    let mut left = false;
    let mut inside = String::new();
    while !left {
        let read = output.read(&mut bytes).unwrap();
        assert!(read > 0, "ended before its first screen: {}", terminal.screen().contents());
        terminal.process(&bytes[..read]);
        let shown = terminal.screen().contents();
        if terminal.screen().alternate_screen()
            && ["Gọi ra", "Đăng ký", "Lịch hẹn"].iter().chain(texts).all(|text| shown.contains(text))
        {
            inside = shown;
            input.write_all(b"\x11").unwrap();
            left = true;
        }
    }
    while terminal.screen().alternate_screen() {
        let read = output.read(&mut bytes).unwrap();
        assert!(read > 0, "the alternate screen was never left");
        terminal.process(&bytes[..read]);
    }
    assert!(child.wait().unwrap().success(), "{inside}");
    assert_eq!(format!("{:?}", pty.master.get_termios()), before, "the line discipline is as it was");
    drop(pty.slave);
    // What was still in the pipe; its end is an error on some systems.
    while let Ok(read @ 1..) = output.read(&mut bytes) {
        terminal.process(&bytes[..read]);
    }
    assert!(!terminal.screen().hide_cursor(), "the cursor shows again");
    let stores: Vec<_> = fs::read_dir(&temporary)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("tongdai"))
        .collect();
    assert!(stores.is_empty(), "the throwaway store is gone: {stores:?}");
}

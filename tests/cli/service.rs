//! Runs `tongdai serve` under a service manager: what it sends to the manager's socket, and when.

use crate::sandbox::Sandbox;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longer than any machine needs to open a store.
const PATIENCE: Duration = Duration::from_mins(2);

/// A socket that a service manager would listen on.
fn manager(sandbox: &Sandbox) -> UnixDatagram {
    let socket = UnixDatagram::bind(sandbox.path("notify")).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// The program as a service manager starts it.
fn serve(sandbox: &Sandbox, listen: &str) -> Command {
    let mut command = sandbox.command(["serve", "--json", "--lang", "en", "--listen", listen]);
    command.env("NOTIFY_SOCKET", sandbox.path("notify")).env("WATCHDOG_USEC", "100000");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn receives(socket: &UnixDatagram) -> String {
    let mut bytes = [0; 512];
    let length = socket.recv(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes[..length]).trim().to_owned()
}

/// Ends the process if the story did not.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        // Already gone when the story ended well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_service_manager_gets_ready_when_clients_can_connect_then_pings_then_stopping() {
    let sandbox = Sandbox::simulated(5);
    let socket = manager(&sandbox);
    let mut running = Ending(serve(&sandbox, "127.0.0.1:0").spawn().unwrap());
    assert_eq!(receives(&socket), "READY=1");

    let mut out = BufReader::new(running.0.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let serving: Value = serde_json::from_str(&line).unwrap();
    let mut banner = [0; 8];
    let address = serving["serving"]["listen"].as_str().unwrap();
    TcpStream::connect(address).unwrap().read_exact(&mut banner).unwrap();
    assert_eq!(&banner, b"SSH-2.0-");

    assert_eq!([receives(&socket), receives(&socket)], ["WATCHDOG=1", "WATCHDOG=1"]);

    let id = running.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    while receives(&socket) != "STOPPING=1" {}
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
}

#[test]
fn a_door_that_could_not_be_opened_was_never_ready() {
    let sandbox = Sandbox::simulated(5);
    let socket = manager(&sandbox);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let ended = serve(&sandbox, &taken.local_addr().unwrap().to_string()).output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    socket.set_nonblocking(true).unwrap();
    assert_eq!(socket.recv(&mut [0; 64]).unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn limits_that_cannot_be_are_refused_by_name_and_range_and_no_door_opens() {
    let sandbox = Sandbox::simulated(5);
    let file = sandbox.path("limits.toml");
    let run = |text: &str, lang: &str| {
        sandbox.file("limits.toml", text);
        sandbox.run(["serve", "--listen", "127.0.0.1:0", "--lang", lang, "--limits", &file]).fails(2)
    };
    for (text, lang, sentence) in [
        ("sessions = 0", "vi", format!("{file}: sessions phải là số nguyên từ 1 đến 5000.")),
        ("login_seconds = 1", "en", format!("{file}: login_seconds must be a whole number from 5 to 120.")),
        ("seats = 5", "vi", format!("{file}: không có giới hạn nào tên là seats.")),
        ("sessions = 5\nsessions 5", "en", format!("{file}, line 2: every line must be name = number.")),
    ] {
        let ended = run(text, lang);
        assert!(ended.err.starts_with(&format!("tongdai: {sentence}\n")), "{ended:?}");
    }
    fs::remove_file(&file).unwrap();
    let ended = sandbox.run(["serve", "--listen", "127.0.0.1:0", "--lang", "vi", "--limits", &file]).fails(2);
    assert!(ended.err.contains(&file), "{ended:?}");
}

#[test]
fn only_screens_lock() {
    let sandbox = Sandbox::simulated(5);
    let ended = sandbox.run(["--lang", "en", "--idle-lock", "5", "check"]).fails(2);
    assert!(ended.err.contains("--idle-lock"), "{ended:?}");
    let ended = sandbox.run(["--lang", "en", "--as", "lan", "--idle-lock", "5"]).fails(2);
    assert!(!ended.err.contains("--idle-lock"), "it is known, and only the terminal is missing: {ended:?}");
    sandbox.run(["--idle-lock", "601", "--as", "lan"]).fails(2);
}

#[test]
fn an_address_in_use_is_reported_in_the_users_language() {
    let sandbox = Sandbox::simulated(5);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = taken.local_addr().unwrap().to_string();
    let refusal = |args: &[&str]| sandbox.run(["serve"].iter().chain(args)).fails(2).err;
    let listen = refusal(&["--listen", &busy]);
    assert!(
        listen.starts_with(&format!("tongdai: Không mở được cổng: {busy}: địa chỉ đang được dùng\n")),
        "{listen}"
    );
    let free = ["--listen", "127.0.0.1:0", "--metrics"];
    let public = refusal(&[&free[..], &["0.0.0.0:0"]].concat());
    let sentence = "tongdai: Số liệu chỉ được mở trên máy này: 0.0.0.0:0\nhint: Dùng địa chỉ loopback";
    assert!(public.starts_with(sentence), "{public}");
    let figures = refusal(&[&free[..], &[&busy]].concat());
    assert!(figures.contains(": địa chỉ đang được dùng\n"), "{figures}");
    let nowhere = refusal(&["--listen", "192.0.2.1:9090"]);
    assert!(nowhere.contains(": máy này không có địa chỉ đó\n"), "{nowhere}");
}

#[test]
fn outside_of_a_service_manager_the_door_serves_all_the_same() {
    let sandbox = Sandbox::simulated(5);
    let mut command = serve(&sandbox, "127.0.0.1:0");
    command.env_remove("NOTIFY_SOCKET").env_remove("WATCHDOG_USEC");
    let mut running = Ending(command.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("\"serving\""), "{line}");
    assert!(fs::metadata(sandbox.path("notify")).is_err());
}

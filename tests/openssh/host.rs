//! Starts an `sshd` of the test's own and runs OpenSSH's client against it. It ends with its handle.
//!
//! Deliberately absent: the machine's own sshd and its port 22.

use crate::sandbox::{Ended, Sandbox, TONGDAI, own};
use crate::terminal::Terminal;
use portable_pty::CommandBuilder;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// People with a key.
pub const PEOPLE: [&str; 2] = ["lan", "thu"];
/// A key that no line restricts: what the refusals are held against.
pub const FREE: &str = "free";
/// Ports that are tried; between choosing one and listening on it another process may take it.
const TRIES: usize = 5;

/// What the server allows before it has read the keys' file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The file under `packaging/`.
    Packaged,
    /// All that OpenSSH allows: then only the line of the key restricts.
    Open,
}

/// A running server.
pub struct Host {
    pub sandbox: Sandbox,
    sshd: Child,
    port: u16,
    user: String,
}

/// A user who may run a shell and is not root; the test's own user if that is the case.
fn shell_user() -> (String, Vec<String>) {
    let id = |flag| {
        let output = Command::new("id").arg(flag).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    if id("-u") != "0" {
        return (id("-un"), Vec::new());
    }
    let people = fs::read_to_string("/etc/passwd").unwrap();
    let mut able: Vec<Vec<&str>> = people
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .filter(|fields| fields[2] != "0" && ["/bin/bash", "/bin/sh"].contains(&fields[6]))
        .collect();
    // scripts/test brings this one along.
    able.sort_by_key(|fields| fields[0] != "postgres");
    let one = able.first().expect("an unprivileged user with a shell, such as postgres");
    // A terminal belongs to the group tty; a process that allocates one is a member.
    let become_them =
        ["setpriv", "--reuid", one[2], "--regid", one[3], "--groups", "tty", "--pdeathsig", "KILL", "--"];
    (one[0].to_owned(), become_them.map(str::to_owned).to_vec())
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

impl Host {
    /// A simulated programme behind a server of its own.
    pub fn start(profile: Profile) -> Self {
        let sandbox = Sandbox::with_list(5, 3);
        for name in PEOPLE.into_iter().chain([FREE, "host"]) {
            run(Command::new("ssh-keygen").args([
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                &sandbox.path(name),
            ]));
        }
        let public = |name: &str| fs::read_to_string(sandbox.path(&format!("{name}.pub"))).unwrap();
        let mut keys = public(FREE);
        for name in PEOPLE {
            let program = format!(
                "{} --store {} --log {} --lang vi --as {name} --idle-lock 10",
                sandbox.path("tongdai"),
                sandbox.store,
                sandbox.path("log")
            );
            keys.push_str(&format!("restrict,pty,command=\"{program}\" {}", public(name)));
        }
        sandbox.file("authorized_keys", keys);
        let (user, become_them) = shell_user();
        if !become_them.is_empty() {
            run(Command::new("chown").args(["-R", &user, sandbox.folder.path().to_str().unwrap()]));
        }
        // The user may not be able to reach the folder of the build.
        let program = sandbox.path("tongdai");
        if fs::hard_link(TONGDAI, &program).is_err() {
            fs::copy(TONGDAI, &program).unwrap();
        }
        for _ in 0..TRIES {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            sandbox.file("sshd_config", configuration(&sandbox, profile, port));
            let known = format!("[127.0.0.1]:{port} {}", public("host"));
            sandbox.file("known_hosts", known);
            if let Some(sshd) = listening(&sandbox, &become_them) {
                return Self { sandbox, sshd, port, user };
            }
        }
        panic!("sshd did not listen on any of {TRIES} ports");
    }

    /// OpenSSH's client as a staff member, with its options and the command to run.
    fn words(&self, name: &str, options: &[&str], remote: &[&str]) -> Vec<String> {
        let known = format!("UserKnownHostsFile={}", self.sandbox.path("known_hosts"));
        let (key, port, address) =
            (self.sandbox.path(name), self.port.to_string(), format!("{}@127.0.0.1", self.user));
        let fixed = [
            "-F",
            "/dev/null",
            "-i",
            &key,
            "-p",
            &port,
            "-o",
            &known,
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "BatchMode=yes",
            "-o",
            "ConnectTimeout=60",
        ];
        fixed
            .iter()
            .chain(options)
            .chain([&address.as_str()])
            .chain(remote)
            .map(|word| (*word).to_owned())
            .collect()
    }

    /// Runs the client without a terminal to its end.
    pub fn ssh(&self, name: &str, options: &[&str], remote: &[&str]) -> Ended {
        let mut command = Command::new("ssh");
        command.args(self.words(name, options, remote)).env_remove("SSH_AUTH_SOCK").stdin(Stdio::null());
        Ended::of(command.output().unwrap())
    }

    /// The client at a terminal.
    pub fn at_terminal(&self, name: &str, options: &[&str], remote: &[&str]) -> Terminal {
        let mut command = CommandBuilder::new("ssh");
        command.args(self.words(name, options, remote));
        command.env_remove("SSH_AUTH_SOCK");
        Terminal::run(command, (120, 36))
    }

    /// The server's own port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

/// The configuration with the paths and the port of this test.
fn configuration(sandbox: &Sandbox, profile: Profile, port: u16) -> String {
    let packaged = fs::read_to_string(own("packaging/sshd_tongdai_config")).unwrap();
    let mut text = match profile {
        Profile::Packaged => packaged
            .replace("Port 9022", &format!("Port {port}"))
            .replace("/etc/tongdai/sshd_host_ed25519_key", &sandbox.path("host"))
            .replace("/etc/tongdai/authorized_keys", &sandbox.path("authorized_keys")),
        Profile::Open => format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nUsePAM no\n\
             AllowTcpForwarding yes\nSubsystem sftp internal-sftp\n",
            sandbox.path("host"),
            sandbox.path("authorized_keys")
        ),
    };
    let left = text.lines().find(|line| !line.starts_with('#') && line.contains("/etc/tongdai/"));
    assert_eq!(left, None, "a path of the packaged file was not replaced");
    // A temporary folder is below one that everybody may write into.
    text.push_str("StrictModes no\n");
    text
}

/// The server, as soon as it reports that it listens; none if it ended instead.
fn listening(sandbox: &Sandbox, become_them: &[String]) -> Option<Child> {
    let config = sandbox.path("sshd_config");
    let words: Vec<&str> =
        become_them.iter().map(String::as_str).chain(["/usr/sbin/sshd", "-D", "-e", "-f", &config]).collect();
    let mut sshd = Command::new(words[0])
        .args(&words[1..])
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("sshd is installed (Debian: apt-get install openssh-server)");
    let mut log = BufReader::new(sshd.stderr.take().unwrap());
    let mut line = String::new();
    loop {
        line.clear();
        if log.read_line(&mut line).unwrap() == 0 {
            assert!(!sshd.wait().unwrap().success());
            return None;
        }
        if line.contains("Server listening on 127.0.0.1") {
            break;
        }
        assert!(line.contains("Address already in use") || !line.contains("rror"), "{line}");
    }
    // The server goes on writing; its output has to be read.
    std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    Some(sshd)
}

impl Drop for Host {
    fn drop(&mut self) {
        // Its sessions have ended with their clients.
        let _ = self.sshd.kill();
        let _ = self.sshd.wait();
    }
}

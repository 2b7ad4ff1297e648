//! Tests the other way to serve: OpenSSH's own server in front of the program, as `docs/DEPLOY.md` describes it, on a
//! loopback port, with keys of its own, by an unprivileged user.

#[cfg(test)]
mod host;
#[cfg(test)]
#[expect(dead_code, reason = "the command line's own tests need more of it")]
#[path = "../cli/sandbox.rs"]
mod sandbox;
#[cfg(test)]
mod stories;
#[expect(dead_code, reason = "the stories of a whole day need more of it")]
#[path = "../day/terminal.rs"]
mod terminal;

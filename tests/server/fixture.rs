//! Tests the database servers that the other tests use, before the program runs on them.

use crate::peers::server::{Certificate, Server};
use std::process::Command;

/// The output of PostgreSQL's own client at an address.
fn ask(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new("psql").args(["-X", "-A", "-t", "-c", sql, url]).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

#[test]
fn only_the_good_certificate_is_trusted_by_postgresqls_own_client() {
    for (certificate, trusted) in
        [(Certificate::Good, true), (Certificate::Expired, false), (Certificate::WrongHost, false)]
    {
        let server = Server::start(certificate);
        let database = server.database();
        let url = format!(
            "{}?sslmode=verify-full&sslrootcert={}",
            server.url(&database),
            server.authority().display()
        );
        let asked = ask(&url, "SELECT 1");
        assert_eq!(asked.is_ok(), trusted, "{certificate:?}: {asked:?}");
    }
}

#[test]
fn a_frozen_server_answers_nobody_until_it_thaws() {
    let server = Server::start(Certificate::None);
    server.freeze();
    assert!(server.ask("postgres", "SELECT 1").unwrap_err().contains("timeout expired"));
    server.thaw();
    assert_eq!(server.ask("postgres", "SELECT 1").unwrap(), "1");
}

//! Tests authentication both ways: passwords of the program, certificates of the server.

use crate::peers::server::{Certificate, Server};
use crate::sandbox::{DATES, Ended, Sandbox};
use crate::start::stage_at;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The shared server without a password in its address.
fn without_password(server: &Server, database: &str) -> String {
    let url = server.url(database);
    let (login, hosts) = url.split_once('@').unwrap();
    format!("{}@{hosts}", login.rsplit_once(':').unwrap().0)
}

/// Lays a store into an empty database.
fn init(sandbox: &Sandbox) -> Ended {
    sandbox.run(["init", "--json"].into_iter().chain(DATES))
}

#[track_caller]
fn is_refused(ended: Ended, kind: &str) -> String {
    let refused = ended.fails(4);
    assert_eq!(refused.json()["error"]["kind"], kind, "{refused:?}");
    refused.err
}

/// A password file with one line for everything.
fn password_file(sandbox: &Sandbox, password: &str, mode: u32) -> String {
    let file = sandbox.file("passwords", format!("# servers\n*:*:*:*:{password}\n"));
    fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    file
}

#[test]
fn a_wrong_password_is_refused_and_shown_to_nobody() {
    let server = Server::shared();
    let url = server.url(&server.database()).replace(server.password(), "Mat-khau-sai");
    let text = is_refused(init(&stage_at(url)), "denied");
    assert!(!text.contains("Mat-khau-sai"), "{text}");
}

#[test]
fn the_password_comes_from_the_file_that_the_environment_names() {
    let server = Server::shared();
    let sandbox = stage_at(without_password(server, &server.database()));
    is_refused(init(&sandbox), "denied");
    let file = password_file(&sandbox, server.password(), 0o600);
    let output =
        sandbox.command(["init"].into_iter().chain(DATES)).env("PGPASSFILE", &file).output().unwrap();
    Ended::of(output).ok();
}

#[test]
fn the_password_comes_from_the_file_at_home_unless_others_can_read_it() {
    let server = Server::shared();
    let sandbox = stage_at(without_password(server, &server.database()));
    let file = password_file(&sandbox, server.password(), 0o640);
    let home = sandbox.path(".pgpass");
    fs::rename(file, &home).unwrap();
    let text = is_refused(init(&sandbox), "denied");
    assert!(text.contains(&home) && text.contains("600"), "{text}");
    fs::set_permissions(&home, fs::Permissions::from_mode(0o600)).unwrap();
    init(&sandbox).ok();
}

#[test]
fn a_server_is_believed_only_with_a_good_certificate_of_the_named_authority() {
    let checked = |server: &Server, authority: &Path| {
        let url = server.url(&server.database());
        init(&stage_at(format!("{url}?sslmode=verify-full&patience=2&sslrootcert={}", authority.display())))
    };
    let good = Server::start(Certificate::Good);
    checked(&good, &good.authority()).ok();
    let believed = stage_at(format!("{}?sslmode=verify-full&patience=2", good.url(&good.database())));
    is_refused(init(&believed), "untrusted");

    for certificate in [Certificate::Expired, Certificate::WrongHost] {
        let server = Server::start(certificate);
        is_refused(checked(&server, &server.authority()), "untrusted");
        is_refused(checked(&server, &good.authority()), "untrusted");
    }
    is_refused(checked(Server::shared(), &good.authority()), "untrusted");
}

//! The servers themselves, before anything of ours runs on them: what the other stories stand on.

use crate::peers::cluster::{Cluster, Replication};
use crate::peers::server::{Certificate, Server};
use crate::peers::until;
use std::process::Command;
use std::time::{Duration, Instant};

/// What PostgreSQL's own client hears at an address.
fn ask(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new("psql").args(["-X", "-A", "-t", "-c", sql, url]).output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(said(&output.stdout)) } else { Err(said(&output.stderr)) }
}

/// What a lost leader is made of: rows that were acknowledged one by one.
fn write_rows(cluster: &Cluster, leader: usize, rows: std::ops::Range<usize>) {
    for row in rows {
        cluster.ask(leader, &format!("INSERT INTO entry VALUES ({row})")).unwrap();
    }
}

/// Rows on the member that leads after the first one died, and how long that took.
fn rows_after_the_death(cluster: &Cluster, leader: usize, begun: Instant) -> usize {
    let next = until(Duration::from_mins(1), "another leader", || {
        cluster.leader().filter(|&member| member != leader)
    });
    println!("another member leads after {:.1} s", begun.elapsed().as_secs_f64());
    let found =
        ask(&format!("{}?target_session_attrs=read-write", cluster.url()), "SELECT inet_server_port()");
    assert!(
        cluster.url_of(&[next]).contains(&format!(":{}/", found.unwrap())),
        "the address of all finds the leader"
    );
    cluster.ask(next, "SELECT count(*) FROM entry").unwrap().parse().unwrap()
}

#[test]
fn a_synchronous_cluster_keeps_what_its_dead_leader_had_acknowledged() {
    let cluster = Cluster::start(Replication::Synchronous);
    let leader = cluster.leader().unwrap();
    assert_eq!(cluster.followers().len(), 2);
    cluster.ask(leader, "CREATE TABLE entry (id INTEGER)").unwrap();
    write_rows(&cluster, leader, 0..50);
    let begun = Instant::now();
    cluster.kill(leader);
    assert_eq!(rows_after_the_death(&cluster, leader, begun), 50);
}

#[test]
fn an_asynchronous_cluster_whose_followers_stopped_receiving_loses_rows() {
    let cluster = Cluster::start(Replication::Asynchronous);
    let leader = cluster.leader().unwrap();
    cluster.ask(leader, "CREATE TABLE entry (id INTEGER)").unwrap();
    write_rows(&cluster, leader, 0..10);
    let followers = cluster.followers();
    until(Duration::from_secs(10), "ten rows on each follower", || {
        followers
            .iter()
            .all(|&f| cluster.ask(f, "SELECT count(*) FROM entry").as_deref() == Ok("10"))
            .then_some(())
    });
    for &follower in &followers {
        cluster.stop_receiving(follower);
    }
    write_rows(&cluster, leader, 10..50);
    let begun = Instant::now();
    cluster.kill(leader);
    for &follower in &followers {
        cluster.end_receiving(follower);
    }
    assert_eq!(rows_after_the_death(&cluster, leader, begun), 10);
}

#[test]
fn only_the_good_certificate_is_trusted_by_postgresqls_own_client() {
    for (certificate, trusted) in
        [(Certificate::Good, true), (Certificate::Expired, false), (Certificate::Stranger, false)]
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

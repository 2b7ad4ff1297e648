//! Reads the metrics strictly, as Prometheus does, after a short story.

use super::TONGDAI;
use russh::keys::{Algorithm, PrivateKey};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tongdai::load::{ClientSession, LoadError, Target};

/// Whatever is waited for comes within this time or never.
const PATIENCE: Duration = Duration::from_secs(20);

/// Series with their values, as the text has them.
type Series = BTreeMap<String, f64>;

fn get(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.contains("Content-Type: text/plain; version=0.0.4"), "{head}");
    assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
    body.to_owned()
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Reads the text format: families in one piece, help and type before the samples, no series twice.
fn parse(page: &str) -> Series {
    assert!(page.ends_with('\n'));
    let mut series = Series::new();
    let mut seen = BTreeSet::new();
    let (mut family, mut kind) = (String::new(), String::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, text) = help.split_once(' ').unwrap();
            assert!(is_name(name) && name.starts_with("tongdai_") && !text.is_empty(), "{line}");
            assert!(seen.insert(name.to_owned()), "{name} comes twice");
            let (named, kind_text) =
                lines.next().unwrap().strip_prefix("# TYPE ").unwrap().split_once(' ').unwrap();
            assert_eq!(named, name);
            assert!(["counter", "gauge", "histogram"].contains(&kind_text), "{kind_text}");
            assert_eq!(kind_text == "counter", name.ends_with("_total"), "{name} is a {kind_text}");
            (family, kind) = (name.to_owned(), kind_text.to_owned());
            continue;
        }
        let (what, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = what
            .split_once('{')
            .map_or((what, ""), |(name, labels)| (name, labels.strip_suffix('}').unwrap()));
        let part = name.strip_prefix(&family).unwrap_or_else(|| panic!("{line} stands in {family}"));
        let parts: &[&str] = if kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
        assert!(parts.contains(&part), "{line}");
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let (key, text) = label.split_once('=').unwrap();
            let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap();
            assert!(is_name(key) && !text.contains(['"', '\\']), "{label}");
        }
        let value: f64 = value.parse().unwrap();
        assert!(value.is_finite() && value >= 0.0, "{line}");
        assert!(series.insert(what.to_owned(), value).is_none(), "{what} comes twice");
    }
    series
}

/// A histogram's buckets rise to its count.
fn check_histogram(page: &str, name: &str) -> f64 {
    let series = parse(page);
    let buckets: Vec<f64> = page
        .lines()
        .filter(|line| line.starts_with(&format!("{name}_bucket{{")))
        .map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap())
        .collect();
    assert!(buckets.is_sorted() && buckets.len() > 5, "{buckets:?}");
    let count = series[&format!("{name}_count")];
    assert!((buckets.last().unwrap() - count).abs() < f64::EPSILON);
    assert!(series.contains_key(&format!("{name}_bucket{{le=\"+Inf\"}}")));
    assert!(series.contains_key(&format!("{name}_sum")));
    count
}

#[track_caller]
fn is(series: &Series, name: &str, value: f64) {
    let found = series.get(name).unwrap_or_else(|| panic!("no {name} in {series:#?}"));
    assert!((found - value).abs() < f64::EPSILON, "{name} is {found}, not {value}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_tell_a_short_story() {
    let target = Target::start(Path::new(TONGDAI), 2, 0, 1000).unwrap();
    let metrics = target.metrics().unwrap();
    let series = parse(&get(metrics));
    is(&series, "tongdai_sessions", 0.0);
    is(&series, "tongdai_store_away", 0.0);

    let unknown = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).unwrap();
    let refused = ClientSession::open(&target.host, Arc::new(unknown), (80, 24)).await;
    assert!(matches!(refused, Err(LoadError::Refused)), "{refused:?}");
    let mut agent = ClientSession::open(&target.host, target.key(0), (80, 24)).await.unwrap();
    let other = ClientSession::open(&target.host, target.key(1), (80, 24)).await.unwrap();
    agent.press(b"\x1b1", "the calls", |screen| screen.contents().contains("Gọi")).await.unwrap();
    agent.press(b"\r", "a call", |screen| screen.contents().contains("Lần gọi ")).await.unwrap();
    let page = get(metrics);
    let series = parse(&page);
    is(&series, "tongdai_sessions", 2.0);
    is(&series, "tongdai_sessions_total", 2.0);
    is(&series, "tongdai_logins_refused_total{method=\"publickey\",reason=\"unknown\"}", 1.0);
    is(&series, "tongdai_commands_total{command=\"claim\",outcome=\"ok\",reason=\"\"}", 1.0);
    assert!(check_histogram(&page, "tongdai_commit_seconds") >= 1.0);
    assert!(check_histogram(&page, "tongdai_commit_commands") >= 1.0);
    assert!(series["tongdai_outbox_messages"] >= 0.0 && series.contains_key("tongdai_queue_depth"));
    assert!(!page.contains("load-0") && !page.contains("SHA256"), "people are no labels");

    other.leave().await.unwrap();
    drop(agent);
    let until = Instant::now() + PATIENCE;
    let series = loop {
        let series = parse(&get(metrics));
        if series["tongdai_sessions"] == 0.0 {
            break series;
        }
        assert!(Instant::now() < until, "{series:#?}");
    };
    is(&series, "tongdai_sessions_ended_total{reason=\"left\"}", 1.0);
    is(&series, "tongdai_sessions_ended_total{reason=\"lost\"}", 1.0);
}

#[test]
fn figures_are_given_out_on_this_machine_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let run = |arguments: &[&str]| {
        let ended = Command::new(TONGDAI)
            .args(["--json", "--store"])
            .arg(&store)
            .args(arguments)
            .arg("--host-key")
            .arg(folder.path().join("key"))
            .output()
            .unwrap();
        (ended.status.code(), String::from_utf8(ended.stdout).unwrap())
    };
    let made = Command::new(TONGDAI)
        .arg("--store")
        .arg(&store)
        .args(["init", "--from", "2026-12-01", "--to", "2026-12-18"])
        .args(["--consult-until", "2027-01-08", "--handbook-until", "2027-02-28"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let (code, text) = run(&["serve", "--listen", "127.0.0.1:0", "--metrics", "0.0.0.0:0"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("metrics_public"), "{text}");
}

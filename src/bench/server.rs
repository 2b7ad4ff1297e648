//! Measures claims on a PostgreSQL server by many clients at once, beside `pgbench` with a bare script of the same
//! claim on the same server, in the same run.
//!
//! The bare script takes the next waiting customer by one locked read, updates it and leaves the rows of the
//! operation, of the audit log and of two counters, in one transaction with prepared statements: what a claim
//! has to write. It has no rules, no permissions and no leases. Both run in a schema of their own,
//! which is removed, on a programme that is not simulated: only a simulated one asks the store for the time.

use super::claims::{claim_all, day};
use super::folder::Folder;
use super::gauge::{Bound, Figure};
use crate::demo;
use crate::store::{Address, Store, StoreError, meta};
use crate::usecase::{Door, Error};
use std::process::Command as Program;

/// Customers on the list.
const LIST: u32 = 60_000;
/// Claims per run.
const CLAIMS: usize = 8_000;
/// A claim's rows and nothing else.
const BARE: &str = r"\set n random(1, 9000000000000000000)
BEGIN;
INSERT INTO operation (op, staff, command, at, receipt) VALUES ('bare' || :client_id || '-' || :n, 'bare', 'claim', 0, '{}');
SELECT id AS m FROM matter WHERE purpose = 1 AND list = 1 AND state = 'waiting' AND due_at <= 9000000000000000 ORDER BY due_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED \gset
UPDATE matter SET state = 'held', reason = 'bare' WHERE id = :m AND state = 'waiting';
INSERT INTO audit (writer, seq, at, staff, os_user, action, subject, detail, hash) VALUES (100000 + :client_id, :n, 0, 'bare', 'bare', 'claim', 'matter:' || :m, '', '\x00');
INSERT INTO counter (name, writer, value) VALUES ('bare.waiting', 100000 + :client_id, -1), ('bare.leased', 100000 + :client_id, 1) ON CONFLICT (name, writer) DO UPDATE SET value = counter.value + excluded.value;
COMMIT;
";

/// Claims per second at 1, 8, 32 and 128 clients, and the share of the bare script's.
pub fn server(folder: &Folder, server: &Address) -> Result<Vec<Figure>, Error> {
    let store = Store::scratch(server)?;
    demo::fresh(store.clone(), LIST, day())?;
    store.write(|tx| -> Result<(), Error> { Ok(meta::set_simulated(tx, false)?) })?;
    let door = Door::open(store, "bench")?;
    let script = folder.file("claim.sql");
    std::fs::write(&script, BARE)
        .map_err(|_| StoreError::Unreachable { what: script.display().to_string() })?;
    let mut figures = Vec::new();
    for clients in [1_usize, 8, 32, 128] {
        let count = if clients == 1 { CLAIMS / 8 } else { CLAIMS };
        let (rate, mut samples) = claim_all(&door, clients, count)?;
        let what = |name: &str| format!("{clients} clients: {name}");
        figures.push(Figure::new("server", what("claims, each exactly once"), rate, "/s", Bound::None));
        figures.push(Figure::new("server", what("p99"), samples.at(0.99), "ms", Bound::None));
        match bare(&door, &script, clients, count)? {
            Some(bare) => {
                figures.push(Figure::new("server", what("bare pgbench script"), bare, "/s", Bound::None));
                let share = rate / bare;
                figures.push(Figure::new("server", what("share of it"), share, "×", Bound::AtLeast(0.5)));
            }
            None => figures.push(Figure::new("server", what("no pgbench here"), 0.0, "", Bound::None)),
        }
    }
    Ok(figures)
}

/// The bare script's transactions per second; none where `pgbench` is not installed.
fn bare(door: &Door, script: &std::path::Path, clients: usize, count: usize) -> Result<Option<f64>, Error> {
    let Some(server) = door.store().server() else { return Ok(None) };
    let ran = Program::new("pgbench")
        .args(["-n", "-M", "prepared", "-j", "2"])
        .args(["-c", &clients.to_string(), "-t", &(count / clients).max(1).to_string()])
        .arg("-f")
        .arg(script)
        .envs(server.environment())
        .output();
    let Ok(ran) = ran else { return Ok(None) };
    let output = String::from_utf8_lossy(&ran.stdout);
    let rate = output.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    match rate {
        Some(rate) if ran.status.success() => Ok(Some(rate)),
        _ => Err(StoreError::internal(&String::from_utf8_lossy(&ran.stderr)).into()),
    }
}

//! Moves a programme between engines: from a file to a server, on to another file by a backup, and back.

use crate::peers::server::Server;
use crate::sandbox::{Sandbox, line, phone};
use crate::start::stage_at;
use serde_json::{Value, json};

/// A programme with a list, registrations and a call.
fn worked() -> Sandbox {
    let sandbox = Sandbox::with_list(3, 40);
    for row in 1..=4 {
        register(&sandbox, row, "02T09:00");
    }
    sandbox.exec("lan", "02T09:30", json!({"claim": {"purpose": "offer"}}));
    sandbox
}

fn register(sandbox: &Sandbox, row: usize, at: &str) -> Value {
    let consents = json!({"register": true, "handbook": true, "survey": true, "marketing": true});
    let command = json!({"register": {"phone": phone(row), "channel": "inbound_9090", "waitlist": true, "consents": consents}});
    let result = sandbox.exec("lan", at, command);
    assert!(result.get("error").is_none(), "{result}");
    result
}

/// What a programme reports of itself on any engine.
fn facts(sandbox: &Sandbox) -> Vec<Value> {
    let overview = sandbox.query("ha", "overview", json!({}));
    let calls = sandbox.query("lan", "open_call", json!({}));
    let search = sandbox.query("ha", "search", json!({"text": phone(2), "limit": 5}));
    vec![sandbox.query("ha", "quota", json!({})), overview, calls, search]
}

fn moved(from: &Sandbox, to: &str) -> Value {
    let ended = from.run(["migrate", "--json", "--from", &from.store, "--to", to]).ok();
    assert_eq!(ended.err, "", "no bar in a pipe");
    ended.json()["migrated"].clone()
}

#[test]
fn a_programme_moves_to_a_server_and_back_and_stays_the_same() {
    let (file, server) = (worked(), Server::shared());
    let there = stage_at(server.url(&server.database()));
    let first = moved(&file, &there.store);
    assert_eq!(first["later"], 0, "{first}");
    assert_eq!(facts(&file), facts(&there));
    there.is_sound();
    there.run(["audit", "verify"]).ok();
    // The fifth person: no seat left, and the place on the waitlist is the next.
    let result = register(&there, 5, "03T09:00");
    assert_eq!(result["ok"]["waitlisted"]["position"], 2, "{result}");
    let back = stage_at(file.path("back.db"));
    moved(&there, &back.store);
    assert_eq!(facts(&there), facts(&back));
    back.is_sound();
    let audit = back.run(["audit", "show", "--json", "--limit", "500"]).ok().out;
    assert_eq!(audit.matches("migrate").count(), 4, "both ways, at both ends: {audit}");
    assert!(!audit.contains(server.password()), "{audit}");
}

#[test]
fn a_servers_store_is_backed_up_into_a_file_and_restored_to_any_place() {
    let (file, server) = (worked(), Server::shared());
    let there = stage_at(server.url(&server.database()));
    moved(&file, &there.store);
    let backup = there.path("backup.db");
    there.run(["backup", &backup]).ok();
    assert!(!there.folder.path().join("backup.db.part").exists());
    there.run(["backup", &backup]).fails(2);
    for place in [there.path("again.db"), server.url(&server.database())] {
        there.run(["restore", &backup, "--into", &place]).ok();
        let again = stage_at(place);
        assert_eq!(facts(&there), facts(&again));
        again.is_sound();
        again.run(["restore", &backup, "--into", &again.store]).fails(2);
    }
}

#[test]
fn what_stands_at_the_new_place_is_never_touched() {
    let (file, server) = (worked(), Server::shared());
    let other = stage_at(server.url(&server.database())).founded(7);
    let database = server.database();
    server.ask(&database, "CREATE TABLE ledger (amount INTEGER)").unwrap();
    let strange = server.url(&database);
    for (to, kind) in [(&other.store, "exists"), (&strange, "not_a_store"), (&file.store, "exists")] {
        let refused = file.run(["migrate", "--json", "--from", &file.store, "--to", to]).fails(2).json();
        assert_eq!(refused["error"]["kind"], kind, "{refused}");
    }
    assert_eq!(other.query("ha", "quota", json!({}))["quota"], 7);
    let nobody = file.run(["--as", "lan", "migrate", "--from", &file.store, "--to", &file.path("x.db")]);
    nobody.fails(3);
}

#[test]
fn a_copy_made_while_others_work_is_sound() {
    let (file, server) = (worked(), Server::shared());
    let there = stage_at(server.url(&server.database()));
    let lines: String = (5..=30)
        .map(|row| {
            let consents = json!({"register": true, "handbook": true, "survey": true, "marketing": true});
            let register = json!({"register": {"phone": phone(row), "channel": "inbound_9090", "waitlist": true,
                                               "consents": consents}});
            line(None, "lan", "04T09:00", register)
        })
        .collect();
    let moved = std::thread::scope(|scope| {
        let writer = scope.spawn(|| file.exec_raw(lines.as_bytes()).ok());
        let moved = moved(&file, &there.store);
        writer.join().unwrap();
        moved
    });
    there.is_sound();
    let rows = |sandbox: &Sandbox| {
        let audit = sandbox.run(["audit", "show", "--json", "--limit", "500"]).ok().json();
        audit["rows"].as_array().unwrap().len() as u64
    };
    // The copy has one row of its own: where it came from.
    let missing = rows(&file) + 1 - rows(&there);
    assert!(rows(&there) > 40 && moved["later"].as_u64().unwrap() <= missing, "{moved}: {missing}");
}

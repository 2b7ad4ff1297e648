//! Tests least privilege: the application role does its daily work and can harm neither the audit log nor the tables,
//! whatever it sends to the server.

use crate::older::BACK_TO_THE_FIRST;
use crate::peers::server::Server;
use crate::sandbox::{Ended, Sandbox, phone};
use crate::start::stage_at;
use serde_json::json;
use std::process::Command;

/// Names that need their quotes.
const OWNER: &str = "chủ \"kho\"; x";
const APP: &str = "app'$grants0$%I";

/// Roles belong to the whole server: each test has its own pair.
struct Roles {
    owner: String,
    app: String,
    database: String,
}

impl Roles {
    fn of(test: &str) -> Self {
        let server = Server::shared();
        let roles = Self {
            owner: format!("{test} {OWNER}"),
            app: format!("{test} {APP}"),
            database: server.database(),
        };
        roles.grant();
        for role in [&roles.owner, &roles.app] {
            let name = role.replace('"', "\"\"");
            server.ask("postgres", &format!("ALTER ROLE \"{name}\" PASSWORD 'geheim'")).unwrap();
        }
        roles
    }

    /// Prints the script and runs it as the administrator does.
    fn grant(&self) {
        let script = Sandbox::empty().run(["grants", "--owner", &self.owner, "--app", &self.app]).ok().out;
        Server::shared().ask(&self.database, &script).unwrap();
    }

    fn sandbox(&self, role: &str) -> Sandbox {
        let server = Server::shared();
        let user: String = role.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let url = server.url(&self.database);
        let place = url.split_once('@').unwrap().1;
        stage_at(format!("postgres://{user}:geheim@{place}"))
    }

    /// The output of PostgreSQL's client under the application role.
    fn try_as_app(&self, sql: &str) -> Ended {
        let url = self.sandbox(&self.app).store;
        let output = Command::new("psql")
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, &url])
            .output()
            .unwrap();
        Ended::of(output)
    }
}

#[test]
fn the_application_works_and_can_harm_neither_audit_log_nor_tables() {
    let roles = Roles::of("a");
    roles.sandbox(&roles.owner).founded(5);
    roles.grant();
    roles.grant();
    let app = roles.sandbox(&roles.app).listed(20);
    let register = app.file("dnc.csv", "số thuê bao,cờ\n0901000020,vs\n");
    app.run(["import", "do-not-call", &register, "--as-of", "2026-12-01"]).ok();
    app.run(["staff", "add", "tam", "--name", "Tâm", "--role", "agent"]).ok();
    let consents = json!({"register": true, "handbook": true, "survey": true, "marketing": true});
    for command in [
        json!({"register": {"phone": phone(1), "channel": "inbound_9090", "consents": consents}}),
        json!({"claim": {"purpose": "offer"}}),
    ] {
        let result = app.exec("lan", "02T09:00", command);
        assert!(result.get("error").is_none(), "{result}");
    }
    app.run(["backup", &app.path("backup.db")]).ok();
    app.run(["audit", "verify"]).ok();
    app.is_sound();
    for sql in [
        "UPDATE audit SET detail = ''",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "TRUNCATE counter",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "ALTER TABLE audit DISABLE TRIGGER audit_no_update",
        "DROP TRIGGER audit_no_update ON audit",
        "ALTER TABLE audit ADD COLUMN x INTEGER",
        "ALTER TABLE customer DROP COLUMN name",
        "DROP TABLE audit",
        "CREATE TABLE x (a INTEGER)",
        "CREATE FUNCTION x() RETURNS INTEGER LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "UPDATE schema_version SET version = 0",
        "DELETE FROM opt_out",
        "DELETE FROM registration",
        "SELECT setval('customer_id_seq', 1)",
        "SET session_replication_role = replica",
        "ALTER TABLE audit OWNER TO CURRENT_USER",
    ] {
        let refused = roles.try_as_app(sql);
        assert_ne!(refused.code, Some(0), "{sql}");
        let denied = ["permission denied", "must be owner"].iter().any(|word| refused.err.contains(word));
        assert!(denied, "{sql}: {refused:?}");
    }
    let forged = "SET ROLE NONE; INSERT INTO audit VALUES (1, 1, 0, '', '', '', '', '', '')";
    assert!(roles.try_as_app(forged).err.contains("duplicate key"), "an old row is not written over");
    app.is_sound();
}

#[test]
fn a_store_that_has_to_be_upgraded_waits_for_its_owner() {
    let roles = Roles::of("b");
    roles.sandbox(&roles.owner).founded(5);
    roles.grant();
    let app = roles.sandbox(&roles.app);
    app.is_sound();
    Server::shared().ask(&roles.database, BACK_TO_THE_FIRST).unwrap();
    let refused = app.run(["check", "--json"]).fails(4);
    assert_eq!(refused.json()["error"]["kind"], "denied", "{refused:?}");
    assert!(refused.err.contains("tongdai grants"), "{refused:?}");
    roles.sandbox(&roles.owner).is_sound();
    roles.grant();
    app.is_sound();
}

#[test]
fn an_application_role_that_rules_the_server_is_refused() {
    let roles = Roles::of("c");
    let script = Sandbox::empty().run(["grants", "--owner", &roles.owner, "--app", "postgres"]).ok().out;
    let refused = Server::shared().ask(&roles.database, &script).unwrap_err();
    assert!(refused.contains("rights of an administrator"), "{refused}");
    Sandbox::empty().run(["grants", "--owner", "x", "--app", "x"]).fails(2);
    Sandbox::empty().run(["grants", "--app", "pg_monitor"]).fails(2);
}

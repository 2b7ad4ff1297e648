//! `query`, `report`, `check`, `audit`: commands that only read.

use super::args::{Format, Query as QueryArgs, Report};
use super::fail::{BROKEN, Failure};
use super::session::Session;
use crate::domain::actor::Permission;
use crate::domain::audit::{Break, hex};
use crate::domain::plain_words::plain_words;
use crate::usecase::check;
use crate::usecase::{Query, Snapshot};
use std::fmt::Write as _;

/// One read model as JSON, with or without `--json`.
pub fn query(session: &Session, args: &QueryArgs) -> Result<(), Failure> {
    let fields: serde_json::Value = match args.fields.as_deref() {
        None => serde_json::json!({}),
        Some(text) => serde_json::from_str(text).map_err(|error| {
            Failure::usage("json", &plain_words(&error.to_string(), session.lang), session.lang)
        })?,
    };
    let query: Query =
        serde_json::from_value(serde_json::json!({ args.name.as_str(): fields })).map_err(|error| {
            let why = format!("{}: {}", args.name, plain_words(&error.to_string(), session.lang));
            Failure::usage("query", &why, session.lang)
        })?;
    let door = session.open()?;
    let snapshot = session.query(&door, query)?;
    session.out.json(&snapshot)
}

/// Every invariant of the store and the audit chain.
pub fn check(session: &Session) -> Result<(), Failure> {
    let door = session.open()?;
    let problems = check::check(&door)?;
    let held = check::held_offers(&door)?;
    if session.global.json {
        let mut found = serde_json::json!({ "problems": problems });
        if !held.is_empty() {
            found["held"] = serde_json::json!(held);
        }
        session.out.json(&found)?;
    } else if problems.is_empty() {
        session.out.line(&session.say("cli.result.check_clean", &[]))?;
    } else {
        for problem in &problems {
            session.out.line(&problem.sentence(session.lang))?;
        }
    }
    if !session.global.json {
        for (reason, count) in held {
            let reason = session.say(&format!("call.held.{reason}"), &[]);
            session.out.line(
                &session.say("cli.result.held", &[("reason", &reason), ("count", &count.to_string())]),
            )?;
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::Printed(BROKEN)) }
}

/// The latest audit rows.
pub fn audit_show(session: &Session, limit: u32) -> Result<(), Failure> {
    let door = session.open()?;
    let snapshot = session.query(&door, Query::Audit { limit })?;
    if session.global.json {
        return session.out.json(&snapshot);
    }
    if let Snapshot::Audit { rows } = snapshot {
        for row in rows {
            session.out.line(&format!(
                "{:>2}/{:<7} {} {:<12} {:<12} {:<26} {:<26} {}",
                row.writer,
                row.seq,
                row.at.dmy_hm(),
                row.staff,
                row.os_user,
                row.action_words(session.lang),
                row.subject_words(session.lang),
                row.detail_words(session.lang)
            ))?;
        }
    }
    Ok(())
}

/// Verifies the chains and prints their heads, to be kept elsewhere.
pub fn audit_verify(session: &Session) -> Result<(), Failure> {
    let door = session.open()?;
    door.authorise(&session.staff(), Permission::SeeAudit)?;
    let chains = check::verify_audit(&door)?;
    if session.global.json {
        let heads: Vec<_> = chains
            .iter()
            .map(|chain| {
                serde_json::json!({
                    "writer": chain.writer,
                    "rows": chain.rows,
                    "head": hex(&chain.head),
                    "broken_at": chain.broken.map(Break::seq),
                })
            })
            .collect();
        session.out.json(&serde_json::json!({ "chains": heads }))?;
    } else {
        for chain in &chains {
            let facts = [
                ("writer", chain.writer.to_string()),
                ("rows", chain.rows.to_string()),
                ("head", hex(&chain.head)),
            ];
            let facts: Vec<(&str, &str)> =
                facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
            session.out.line(&session.say("cli.result.audit_head", &facts))?;
            if let Some(broken) = chain.broken {
                let facts = [("writer", chain.writer.to_string()), ("seq", broken.seq().to_string())];
                let facts: Vec<(&str, &str)> =
                    facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
                session.out.line(&session.say("cli.result.audit_broken", &facts))?;
            }
        }
    }
    if chains.iter().all(|chain| chain.broken.is_none()) { Ok(()) } else { Err(Failure::Printed(BROKEN)) }
}

/// The programme in figures.
pub fn report(session: &Session, args: &Report) -> Result<(), Failure> {
    let door = session.open()?;
    let Snapshot::Overview(overview) = session.query(&door, Query::Overview {})? else { return Ok(()) };
    let json = session.global.json || args.format == Some(Format::Json);
    let text = if json {
        serde_json::to_string_pretty(&overview)
            .map_err(|error| Failure::from(crate::store::StoreError::internal(&error.to_string())))?
    } else {
        super::report::text(session, &door, &overview)
    };
    match &args.out {
        None => session.out.line(&text),
        Some(file) => {
            let mut whole = text;
            let _ = writeln!(whole);
            std::fs::write(file, whole)
                .map_err(|error| Failure::io(&error, &file.display().to_string(), session.lang))
        }
    }
}

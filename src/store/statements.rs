//! Tests every statement of this layer: reads it from the sources and prepares it on both engines, so that a
//! statement that only one of them accepts fails here.

use super::postgres::Connection;
use super::{migrate, sqlite, trial};
use std::path::{Path, PathBuf};

/// What belongs to one engine alone.
const ENGINES: &[&str] =
    &["sqlite.rs", "copy.rs", "migrate.rs", "writer.rs", "file.rs", "statements.rs", "tests.rs", "trial.rs"];
/// The first words of a statement.
const VERBS: &[&str] = &["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().unwrap() != "postgres" {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !ENGINES.contains(&path.file_name().unwrap().to_str().unwrap())
        {
            found.push(path);
        }
    }
}

/// The string literals of a source, before its tests.
fn literals(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let mut found = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'/') => while letters.next_if(|next| *next != '\n').is_some() {},
            '\'' => {
                // A character literal, such as a quote; a lifetime has no closing mark close by.
                let mut ahead = letters.clone();
                if let (Some('"'), Some('\'')) = (ahead.next(), ahead.next()) {
                    letters = ahead;
                }
            }
            '"' => {
                let mut literal = String::new();
                while let Some(inner) = letters.next() {
                    match inner {
                        '"' => break,
                        '\\' => match letters.next() {
                            Some('\n') => while letters.next_if(|next| next.is_whitespace()).is_some() {},
                            Some('n') => literal.push('\n'),
                            Some(other) => literal.push(other),
                            None => break,
                        },
                        other => literal.push(other),
                    }
                }
                found.push(literal);
            }
            _ => {}
        }
    }
    found
}

/// Statements with their file. Those that are put together at run time are left out: tests run them.
fn statements() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store"), &mut paths);
    let mut found = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for literal in literals(&std::fs::read_to_string(&path).unwrap()) {
            if VERBS.iter().any(|verb| literal.starts_with(verb)) && !literal.contains('{') {
                found.push((name.clone(), literal));
            }
        }
    }
    assert!(found.len() > 250, "only {} statements were found", found.len());
    found
}

/// Whether a statement asks PostgreSQL about itself.
fn is_for_the_server(sql: &str) -> bool {
    sql.contains("pg_") || sql.contains("_id_seq")
}

#[test]
fn every_statement_is_understood_by_sqlite() {
    let connection = sqlite::open_memory().unwrap();
    migrate::create(&connection).unwrap();
    for (file, sql) in statements().iter().filter(|(_, sql)| !is_for_the_server(sql)) {
        let outcome = connection.prepare(sqlite::without_row_lock(sql));
        assert!(outcome.is_ok(), "{file}: {sql}\n{:?}", outcome.err());
    }
}

#[test]
fn every_statement_is_understood_by_postgresql() {
    let Some(trial) = trial::Trial::start().unwrap() else { return };
    super::Store::create(super::Place::Server(Box::new(trial.address().clone()))).unwrap();
    let mut connection = Connection::open(trial.address()).unwrap();
    for (file, sql) in statements() {
        let outcome = connection.prepared(&sql);
        assert!(outcome.is_ok(), "{file}: {sql}\n{:?}", outcome.err());
    }
    let wrong = connection.prepared("SELECT IFNULL(value, 0) FROM counter");
    assert!(wrong.is_err(), "a statement of SQLite alone was let through");
}

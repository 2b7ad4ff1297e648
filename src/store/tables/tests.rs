//! Compares the list of tables with the schemas of both engines, these with each other, and the rights with the
//! statements of this layer.

use super::super::trial::Trial;
use super::super::{Row, Store, StoreError};
use super::TABLES;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A table as an engine describes it.
#[derive(Debug, PartialEq, Eq, Default)]
struct Shape {
    /// Name, kind, whether it must have a value; in the schema's order.
    columns: Vec<(String, String, bool)>,
    key: Vec<String>,
    /// Name, columns, whether only of some rows; the key aside.
    unique: BTreeSet<(String, Vec<String>, bool)>,
    /// Column and the table that it points at.
    points_at: BTreeSet<(String, String)>,
}

fn ask(store: &Store, sql: String) -> Vec<Row> {
    store.read(move |tx| -> Result<Vec<Row>, StoreError> { tx.many(&sql, &[]) }).unwrap()
}

fn texts(rows: &[Row], column: usize) -> Vec<String> {
    rows.iter().map(|row| row.text(column).unwrap()).collect()
}

fn file_shapes(store: &Store) -> BTreeMap<String, Shape> {
    let tables = ask(
        store,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'".to_owned(),
    );
    texts(&tables, 0)
        .into_iter()
        .map(|table| {
            let mut shape = Shape::default();
            let mut keys = BTreeMap::new();
            let columns =
                format!("SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}') ORDER BY cid");
            for row in ask(store, columns) {
                let name = row.text(0).unwrap();
                if row.int(3).unwrap() > 0 {
                    keys.insert(row.int(3).unwrap(), name.clone());
                }
                shape.columns.push((name, row.text(1).unwrap(), row.flag(2).unwrap()));
            }
            shape.key = keys.into_values().collect();
            let indexes = format!(
                "SELECT name, partial FROM pragma_index_list('{table}') WHERE \"unique\" AND origin <> 'pk'"
            );
            for row in ask(store, indexes) {
                let name = row.text(0).unwrap();
                let columns =
                    ask(store, format!("SELECT name FROM pragma_index_info('{name}') ORDER BY seqno"));
                shape.unique.insert((name, texts(&columns, 0), row.flag(1).unwrap()));
            }
            let points = format!("SELECT \"from\", \"table\" FROM pragma_foreign_key_list('{table}')");
            shape.points_at =
                ask(store, points).iter().map(|row| (row.text(0).unwrap(), row.text(1).unwrap())).collect();
            (table, shape)
        })
        .collect()
}

fn server_shapes(store: &Store) -> BTreeMap<String, Shape> {
    const HERE: &str = "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()";
    let mut shapes: BTreeMap<String, Shape> = BTreeMap::new();
    let columns = format!(
        "SELECT c.relname, a.attname,
                CASE format_type(a.atttypid, NULL) WHEN 'bigint' THEN 'INTEGER' WHEN 'text' THEN 'TEXT'
                     WHEN 'bytea' THEN 'BLOB' ELSE format_type(a.atttypid, NULL) END,
                a.attnotnull
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' {HERE}
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'schema_version' ORDER BY c.relname, a.attnum"
    );
    for row in ask(store, columns) {
        let column = (row.text(1).unwrap(), row.text(2).unwrap(), row.flag(3).unwrap());
        shapes.entry(row.text(0).unwrap()).or_default().columns.push(column);
    }
    let indexes = format!(
        "SELECT c.relname, x.relname, i.indisprimary, i.indpred IS NOT NULL,
                (SELECT string_agg(a.attname, ',' ORDER BY k.at)
                 FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, at)
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number)
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid {HERE}
         WHERE i.indisunique"
    );
    for row in ask(store, indexes) {
        let Some(shape) = shapes.get_mut(&row.text(0).unwrap()) else { continue };
        let columns: Vec<String> = row.text(4).unwrap().split(',').map(str::to_owned).collect();
        if row.flag(2).unwrap() {
            shape.key = columns;
        } else {
            shape.unique.insert((row.text(1).unwrap(), columns, row.flag(3).unwrap()));
        }
    }
    let points = format!(
        "SELECT c.relname, a.attname, f.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
         JOIN pg_class f ON f.oid = k.confrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
         {HERE} WHERE k.contype = 'f'"
    );
    for row in ask(store, points) {
        let point = (row.text(1).unwrap(), row.text(2).unwrap());
        shapes.entry(row.text(0).unwrap()).or_default().points_at.insert(point);
    }
    shapes
}

#[test]
fn the_list_names_every_table_and_column_of_the_schema() {
    let mut shapes = file_shapes(&Store::memory().unwrap());
    for table in TABLES {
        let shape = shapes.remove(table.name).unwrap_or_else(|| panic!("no table {}", table.name));
        let columns: Vec<&str> = shape.columns.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(columns, table.columns, "{}", table.name);
        assert_eq!(shape.key, table.key, "{}", table.name);
    }
    assert!(shapes.is_empty(), "not in the list: {:?}", shapes.keys());
}

#[test]
fn no_table_points_at_one_behind_it() {
    let shapes = file_shapes(&Store::memory().unwrap());
    for (at, table) in TABLES.iter().enumerate() {
        for (column, other) in &shapes[table.name].points_at {
            let behind = TABLES[at + 1..].iter().any(|later| later.name == other);
            assert!(!behind, "{}.{column} points at {other}", table.name);
        }
    }
}

#[test]
fn both_engines_have_the_same_schema() {
    if Trial::start().unwrap().is_none() {
        return;
    }
    let store = Store::trial().unwrap();
    let (file, server) = (file_shapes(&Store::memory().unwrap()), server_shapes(&store));
    assert_eq!(file.keys().collect::<Vec<_>>(), server.keys().collect::<Vec<_>>());
    for (table, shape) in &file {
        assert_eq!(shape, &server[table], "{table}");
    }
    let identity = "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = current_schema() AND a.attidentity <> '' ORDER BY c.relname";
    let mut numbered: Vec<&str> =
        TABLES.iter().filter(|table| table.numbered).map(|table| table.name).collect();
    numbered.sort_unstable();
    assert_eq!(texts(&ask(&store, identity.to_owned()), 0), numbered);
    let other =
        "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                 JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_collation l ON l.oid = a.attcollation
                 WHERE n.nspname = current_schema() AND c.relkind = 'r' AND a.attnum > 0 AND l.collname <> 'C'
                   AND c.relname <> 'schema_version'";
    assert_eq!(texts(&ask(&store, other.to_owned()), 0), [""; 0], "text is ordered byte by byte");
}

/// The sources of this layer without their tests, each on one line.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !["tests.rs", "statements.rs"].contains(&name.as_str())
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            found.push(shipped.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

/// What the statements of a text do with a table.
fn done(text: &str, table: &str) -> BTreeSet<&'static str> {
    let mut done = BTreeSet::from(["SELECT"]);
    for (verb, right) in [("INSERT INTO", "INSERT"), ("UPDATE", "UPDATE"), ("DELETE FROM", "DELETE")] {
        for (at, found) in text.match_indices(&format!("{verb} {table}")) {
            let rest = &text[at + found.len()..];
            if rest.starts_with(|next: char| next.is_alphanumeric() || next == '_') {
                continue;
            }
            done.insert(right);
            let statement = rest.split(['"', ';']).next().unwrap();
            if right == "INSERT" && statement.contains("DO UPDATE") {
                done.insert("UPDATE");
            }
        }
    }
    for (at, found) in text.match_indices(&format!("FROM {table} ")) {
        let statement = text[at + found.len()..].split(['"', ';']).next().unwrap();
        // A lock behind a closing bracket is that of the query around this one.
        if let Some((before, _)) = statement.split_once("FOR NO KEY UPDATE")
            && before.matches('(').count() == before.matches(')').count()
        {
            done.insert("UPDATE");
        }
    }
    done
}

#[test]
fn the_rights_are_what_the_statements_need() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store"), &mut found);
    let text = found.join(" ; ");
    let mut wrong = Vec::new();
    for table in TABLES {
        let given: BTreeSet<&str> = table.rights.split(", ").collect();
        // Every table is filled by copies, and the programme's own row by its first command.
        let mut needed = done(&text, table.name);
        needed.insert("INSERT");
        if given != needed {
            wrong.push(format!("{}: {given:?}, needed {needed:?}", table.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

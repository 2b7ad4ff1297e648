//! Writes SQL for least privilege on a server, which an administrator reads and runs: an owner role that creates and
//! upgrades the tables, and the program's role, which has on each table only the rights that the program uses. Rights
//! per table are in [`super::tables`].
//!
//! Invariants:
//! - the script may be run again at any time, before the tables exist and after they changed;
//! - at no moment has the program's role more than its rights;
//! - every name is quoted.
//!
//! Deliberately absent: passwords, and running it.

use super::tables::TABLES;
use crate::domain::lang::Lang;
use rust_i18n::t;

/// The longest name of a role, in bytes.
const MAX_NAME: usize = 63;

/// The script; none for names that no role can have, or one name for both.
pub fn script(owner: &str, app: &str, lang: Lang) -> Option<String> {
    if owner == app || ![owner, app].iter().all(|name| is_name(name)) {
        return None;
    }
    let (owner, app) = (literal(owner), literal(app));
    // The body ends at its mark, wherever that stands: it must not stand in a name. Names are too short for all.
    let mark = (0..=MAX_NAME)
        .map(|n| format!("$grants{n}$"))
        .find(|mark| !owner.contains(mark) && !app.contains(mark))?;
    let names: Vec<String> = TABLES.iter().map(|table| format!("'{}'", table.name)).collect();
    let tables: Vec<String> =
        TABLES.iter().map(|table| format!("      ('{}', '{}')", table.name, table.rights)).collect();
    Some(format!(
        include_str!("grants.sql"),
        mark = mark,
        owner = owner,
        app = app,
        about = comment("about", "-- ", lang),
        roles = comment("roles", "  -- ", lang),
        refused = comment("refused", "  -- ", lang),
        owned = comment("owned", "  -- ", lang),
        rights = comment("rights", "  -- ", lang),
        future = comment("future", "  -- ", lang),
        names = names.join(", "),
        tables = tables.join(",\n"),
    ))
}

/// A comment of several lines, the first of which stands behind its dashes already.
fn comment(what: &str, before: &str, lang: Lang) -> String {
    let text = t!(format!("grants.{what}"), locale = lang.code());
    let lines: Vec<&str> = text.trim().lines().collect();
    lines.join(&format!("\n{before}"))
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len())
        && !name.chars().any(char::is_control)
        && !name.to_lowercase().starts_with("pg_")
        && !["public", "none"].contains(&name)
}

/// A text constant, whatever `standard_conforming_strings` is.
fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_their_quotes_and_outside_the_mark() {
        let text = script("o'; DROP TABLE audit; --", r"a\$grants0$'", Lang::En).unwrap();
        assert!(text.contains("owner name := E'o''; DROP TABLE audit; --';"), "{text}");
        assert!(text.contains(r"app name := E'a\\$grants0$''';"), "{text}");
        assert_eq!((text.matches("$grants0$").count(), text.matches("$grants1$").count()), (1, 2));
    }

    #[test]
    fn names_that_no_role_can_have_are_refused() {
        for (owner, app) in [("", "a"), ("a", "a"), ("a", "b\n-- c"), ("pg_x", "a"), ("a", "public")] {
            assert_eq!(script(owner, app, Lang::Vi), None, "{owner:?} {app:?}");
        }
        assert_eq!(script("a", &"x".repeat(64), Lang::Vi), None);
    }

    #[test]
    fn audit_rows_are_only_added_and_read() {
        let text = script("o", "a", Lang::Vi).unwrap();
        assert!(text.contains("('audit', 'SELECT, INSERT')"), "{text}");
        assert!(!text.contains("TRUNCATE"));
    }
}

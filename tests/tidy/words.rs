//! Checks that names use the plain words of the field.

use super::{below_root, sources};
use std::fs;
use std::path::Path;

/// Words that no name uses: they once stood for the plain ones beside them. `told` is absent, because it is the public
/// state of an appointment whose customer was told.
const NOT_IN_NAMES: &[(&str, &str)] = &[
    ("house", "server"),
    ("bury", "expire"),
    ("buried", "expired"),
    ("buries", "expires"),
    ("laid", "inserted"),
    ("stranger", "unauthenticated connection"),
    ("strangers", "unauthenticated connections"),
    ("knock", "login slot"),
    ("guest", "authenticated user"),
    ("visitor", "connection"),
    ("ear", "change feed"),
    ("hearsay", "report"),
    ("heard", "received"),
    ("hears", "receives"),
    ("unheard", "unconfirmed"),
    ("said", "reported"),
    ("parting", "close reason"),
    ("parted", "closed"),
    ("roll", "registry"),
    ("chatter", "log limit"),
    ("manners", "terminal options"),
    ("fence", "private-key guard"),
    ("passage", "executor"),
    ("asker", "agent"),
    ("whoever", "the role"),
    ("somebody", "the role"),
    ("trail", "audit log"),
    ("ground", "fixture, target"),
    ("town", "setup"),
];

/// Names that have one of these words for a reason: public forms, old names that are still read, other meanings.
const KEPT_NAMES: &[&str] = &[
    // A field of the public command `line_lost`.
    "heard_at",
    // Transactions, as SQL and the fields of a database library call it.
    "roll_back",
    // The neutral state of a parser.
    "Ground",
    // A rule of terminals: colours of the background.
    "ground",
];

/// The code of a source without its comments and the contents of its texts.
fn code(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, piece) in line.split('"').enumerate() {
            if at % 2 == 0 {
                code.push_str(piece.split(" //").next().unwrap_or_default());
                code.push(' ');
            }
        }
        code.push('\n');
    }
    code
}

/// The words of a name: `SessionRegistry`, `session_registry` and `session-registry` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if c.is_uppercase() || matches!(c, '_' | '-' | '.') {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().unwrap().extend(c.to_lowercase());
        }
    }
    words
}

/// The names in `code` that have a word of [`NOT_IN_NAMES`], with the plain word.
fn old_names(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in code.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))) {
        if KEPT_NAMES.contains(&name) {
            continue;
        }
        let words = words(name);
        found.extend(
            NOT_IN_NAMES
                .iter()
                .filter(|(old, _)| words.iter().any(|word| word == old))
                .map(|(old, plain)| format!("{name}: not {old}, but {plain}")),
        );
    }
    found
}

#[test]
fn names_use_the_words_of_the_field() {
    let mut wrong = Vec::new();
    for (path, text) in ["src", "tests", "benches"].into_iter().flat_map(sources) {
        let path = below_root(&path);
        // This file names the old words.
        if path != Path::new("tests/tidy/words.rs") {
            let names = format!("{}\n{}", path.display(), code(&text));
            wrong.extend(old_names(&names).into_iter().map(|name| format!("{}: {name}", path.display())));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in fs::read_dir(root.join("locales")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let keys = text.lines().filter_map(|line| line.split_once(':')).map(|(key, _)| key.trim());
        wrong.extend(
            keys.filter(|key| !key.contains('"') && !key.contains(' '))
                .flat_map(old_names)
                .map(|name| format!("{}: {name}", path.display())),
        );
    }
    let limits = fs::read_to_string(root.join("packaging/limits.toml")).unwrap();
    wrong.extend(old_names(&limits));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_old_word_is_found_in_every_kind_of_name_and_not_in_prose() {
    let control =
        "struct Visitor;\nfn knock_twice() {} // a guest\n/// Whoever comes.\nlet x = \"a stranger\";";
    assert_eq!(
        old_names(&code(control)),
        ["Visitor: not visitor, but connection", "knock_twice: not knock, but login slot"]
    );
    assert_eq!(old_names("src/ssh/ear.rs"), ["ear: not ear, but change feed"]);
    assert_eq!(old_names("year clear rollback roll_back heard_at"), [""; 0]);
}

//! Checks the project's own rules on its sources: which layer may use which, how long a file may be, where keys may be
//! named, how folders and things are named, and what no source holds.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A layer and those it may use (ARCHITECTURE.md). `main.rs` and `lib.rs` wire and may use all.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain", "args"]),
    ("usecase", &["domain", "store", "args"]),
    ("exchange", &["domain", "usecase"]),
    ("tui", &["domain", "usecase"]),
    ("session", &["domain", "tui", "usecase", "store"]),
    ("ssh", &["domain", "tui", "usecase", "store", "session"]),
    ("metrics", &["store", "usecase", "ssh"]),
    ("demo", &["domain", "usecase", "store", "exchange"]),
    ("bench", &["domain", "usecase", "store", "exchange", "tui", "session", "demo", "cli"]),
    ("load", &["domain", "store", "usecase", "demo", "bench"]),
    (
        "cli",
        &[
            "domain", "store", "usecase", "exchange", "tui", "session", "ssh", "metrics", "demo", "bench",
            "load",
        ],
    ),
];

/// Past this a file is split.
const MAX_LINES: usize = 600;

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found.sort();
    found
}

/// The folder below `src` that a file belongs to.
fn layer(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    below.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The part of a source that ships: everything before its test module, and nothing of a test file or of a folder
/// of tests.
fn shipped<'t>(path: &Path, text: &'t str) -> &'t str {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap_or(path);
    if below.components().any(|part| part.as_os_str() == "tests") {
        return "";
    }
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    if path.components().any(|part| part.as_os_str() == "tests")
        || name == "tests.rs"
        || name == "sandbox.rs"
        || name.ends_with("_tests.rs")
        || name == "fixture.rs"
    {
        return "";
    }
    text.find("#[cfg(test)]\nmod tests {").map_or(text, |end| &text[..end])
}

/// The layers that a text names after `crate::`, grouped imports included.
fn named(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if word.is_empty() {
            let group = rest.split(['}', ';']).next().unwrap_or_default();
            found.extend(group.trim_start_matches('{').split(',').map(|part| {
                part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
            }));
        } else {
            found.push(word);
        }
    }
    found
}

#[test]
fn arrows_run_from_the_edge_to_the_rules_and_never_back() {
    let allowed: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let layer = layer(&path);
        let Some(may) = allowed.get(layer.as_str()) else { continue };
        for used in named(shipped(&path, &text)) {
            if allowed.contains_key(used.as_str()) && used != layer && !may.contains(&used.as_str()) {
                wrong.push(format!("{}: {layer} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_layer_is_known() {
    let known: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).chain(["lib", "main"]).collect();
    let unknown: Vec<String> = sources("src")
        .iter()
        .map(|(path, _)| layer(path))
        .filter(|name| !known.contains(&name.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn no_engine_is_named_outside_the_store() {
    let wrong: Vec<String> = sources("src")
        .into_iter()
        .filter(|(path, _)| layer(path) != "store")
        .filter(|(path, text)| shipped(path, text).contains("rusqlite::"))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_are_split_before_they_grow_long() {
    let long: Vec<String> = ["src", "tests", "benches"]
        .into_iter()
        .flat_map(sources)
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(path, lines)| format!("{} {lines}", path.display()))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn screens_name_keys_only_in_their_binding_tables() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src/tui/screens") {
        let shipped = shipped(&path, &text);
        // A table is `const BINDINGS…: … = &[` up to its closing `];`; a file named keys.rs holds tables alone.
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "keys.rs" || name == "bindings.rs" {
            continue;
        }
        let mut outside = String::new();
        let mut rest = shipped;
        while let Some(start) = rest.find("BINDINGS: ") {
            outside.push_str(&rest[..start]);
            let end = rest[start..].find("];").map_or(rest.len(), |end| start + end);
            rest = &rest[end..];
        }
        outside.push_str(rest);
        for literal in ["KeyCode::", "Key::char(", "Key::plain(", "Key::alt(", "Key::ctrl("] {
            if outside.contains(literal) {
                wrong.push(format!("{}: {literal}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_source_holds_a_placeholder_a_sleep_or_an_ignored_test() {
    let words = ["todo!(", "unimplemented!(", "thread::sleep(", "#[ignore", "being laid", "set_locale("];
    let own = Path::new(file!()).file_name().unwrap().to_owned();
    let mut wrong = Vec::new();
    for (path, text) in ["src", "tests", "benches"].into_iter().flat_map(sources) {
        if path.file_name() == Some(&own) {
            continue;
        }
        wrong.extend(
            words
                .iter()
                .filter(|word| text.contains(**word))
                .map(|word| format!("{}: {word}", path.display())),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Layers whose files are still named the old way; empty once they are moved.
const OLD_FOLDERS: &[&str] = &["src/tui", "src/usecase"];

/// The files that stand beside a folder of their own name although it holds more than their tests.
fn beside_their_folder(paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wrong = paths.iter().filter(|path| {
        let folder = path.with_extension("");
        paths.iter().any(|other| {
            other.starts_with(&folder) && !(other.parent() == Some(&folder) && name(other) == "tests.rs")
        })
    });
    wrong.map(|path| path.display().to_string()).collect()
}

/// A path below the root of the project, as `src/store/mod.rs`.
fn below_root(path: &Path) -> PathBuf {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_owned()
}

#[test]
fn a_folder_with_more_than_its_tests_begins_with_its_mod_rs() {
    let paths: Vec<PathBuf> = ["src", "tests", "benches"]
        .into_iter()
        .flat_map(sources)
        .map(|(path, _)| below_root(&path))
        .filter(|path| !OLD_FOLDERS.iter().any(|old| path.starts_with(old)))
        .collect();
    let wrong = beside_their_folder(&paths);
    assert!(wrong.is_empty(), "move to mod.rs: {wrong:#?}");
    let control = ["src/a.rs", "src/a/b.rs", "src/c.rs", "src/c/tests.rs", "src/d/mod.rs"].map(PathBuf::from);
    assert_eq!(beside_their_folder(&control), ["src/a.rs"]);
}

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

/// Layers whose names are still to be changed; empty once they are.
const OLD_NAMES: &[&str] = &["src/tui", "src/usecase"];

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
        if path != Path::new("tests/tidy.rs") && !OLD_NAMES.iter().any(|old| path.starts_with(old)) {
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

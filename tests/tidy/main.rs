//! Checks the project's own rules on its sources: which layer may use which, how long a file may be, where keys may be
//! named, how folders and things are named, and what no source holds.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")]

mod circles;
mod folders;
mod sentences;
mod tokens;
mod words;

use circles::{Files, Graph, circles};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A layer and those it may use (ARCHITECTURE.md). `main.rs` and `lib.rs` wire and may use all.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain", "args"]),
    ("usecase", &["domain", "store", "args"]),
    ("exchange", &["domain", "usecase"]),
    ("tui", &["domain", "usecase"]),
    ("session", &["domain", "tui", "usecase", "store", "exchange"]),
    ("ssh", &["domain", "tui", "usecase", "store", "session"]),
    ("metrics", &["store", "usecase", "ssh"]),
    ("demo", &["domain", "usecase", "store", "exchange"]),
    ("bench", &["domain", "usecase", "store", "exchange", "tui", "session", "demo"]),
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

/// The module that a file below `src` is.
fn module(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let mut parts: Vec<String> =
        below.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts.join("::")
}

/// The circles of each layer that has any.
fn circles_by_layer() -> BTreeMap<&'static str, Vec<BTreeSet<String>>> {
    let sources = sources("src");
    let files = Files::read(sources.iter().map(|(path, text)| (module(path), shipped(path, text))));
    LAYERS
        .iter()
        .map(|(layer, _)| (*layer, circles(&files.graph(layer))))
        .filter(|(_, circles)| !circles.is_empty())
        .collect()
}

#[test]
fn files_of_a_layer_do_not_use_each_other_in_a_circle() {
    let found = circles_by_layer();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_circle_is_found_and_a_chain_is_none() {
    let graph = |arrows: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in arrows {
            graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        graph
    };
    assert_eq!(circles(&graph(&[("a", "b"), ("b", "c"), ("a", "c")])), []);
    let ring = circles(&graph(&[("start", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("c", "end")]));
    assert_eq!(ring, [["a", "b", "c"].map(str::to_owned).into()]);
}

#[test]
fn arrows_lead_past_aliases_to_the_file_that_declares_the_name() {
    let front = "mod part; mod other; pub use part::Part; #[cfg(test)] pub(crate) use other::Other;";
    let arrows = |other: &'static str| {
        let files = [
            ("layer", front),
            (
                "layer::part",
                "use super::other::{self, deep::Deep as D}; pub struct Part; fn f() { other::g() }",
            ),
            ("layer::other", other),
            ("layer::other::deep", "//! Uses [`crate::layer::part::Part`] in no way.\npub struct Deep;"),
        ];
        Files::read(files.map(|(module, text)| (module.to_owned(), text))).graph("layer")
    };
    let chain = arrows("pub mod deep; pub(in crate::layer) fn g() { let quoted = \"super::part::Part\"; }");
    assert!(chain["layer"].is_empty() && chain["layer::other"].is_empty(), "{chain:?}");
    assert_eq!(chain["layer::part"], ["layer::other", "layer::other::deep"].map(str::to_owned).into());
    for other in [
        "pub mod deep; use crate::layer::Part; pub fn g() {}",
        "pub mod deep; use crate::{store::Tx, layer::{Part}}; pub fn g() {}",
        "pub mod deep; pub fn g(_: super::Part) {}",
        "pub mod deep; use super::part; pub fn g(_: part::Part) {}",
        "pub mod deep; pub use super::Part; pub fn g(_: Part) {}",
    ] {
        assert_eq!(
            circles(&arrows(other)),
            [["layer::other", "layer::part"].map(str::to_owned).into()],
            "{other}"
        );
    }
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
fn permissions_are_asked_in_one_place() {
    // Screens ask what to offer, and a session whether its person works at all; both decide nothing.
    let decides = ["store", "usecase", "exchange", "metrics", "demo", "cli"];
    let asking: Vec<String> = sources("src")
        .into_iter()
        .filter(|(path, _)| decides.contains(&layer(path).as_str()))
        .filter(|(path, text)| shipped(path, text).contains("role.may("))
        .map(|(path, _)| module(&path))
        .collect();
    assert_eq!(asking, ["usecase::ctx"]);
}

#[test]
fn screens_match_refusals_and_not_their_codes() {
    let wrong: Vec<String> = sources("src/tui")
        .into_iter()
        .filter(|(path, text)| shipped(path, text).contains(".rule()"))
        .map(|(path, _)| path.display().to_string())
        .collect();
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

/// A path below the root of the project, as `src/store/mod.rs`.
fn below_root(path: &Path) -> PathBuf {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_owned()
}

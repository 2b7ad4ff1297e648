//! Finds which file of a layer names something of which other file, and where such arrows form a circle.
//!
//! What counts:
//! - a name that a file takes from another one, by `use` or by a path in its text, is an arrow to the file in which
//!   that name is declared;
//! - `mod x;` is no arrow: a `mod.rs` lists its parts and does not use them;
//! - `pub use` is no arrow either, but an alias: a file that takes a name by it has an arrow to the file that declares
//!   the name, and so has the file with the `pub use` when its own text uses that name;
//! - an imported module is an arrow only by the names that are taken from it; a glob is one to the module's file.
//!
//! Deliberately absent: code that is compiled for tests only, and methods: an `impl` may use more than the file of its
//! type does.

use crate::tokens::{Token, tokens};
use std::collections::{BTreeMap, BTreeSet};

/// A path such as `crate::domain::lang::Lang`, from the crate on, without `crate`; or as it was written.
type Path = Vec<String>;

/// How many `pub use` may be followed one after the other.
const MOST_ALIASES: usize = 8;

/// The names that one file takes from others.
#[derive(Debug, Default)]
struct File {
    /// Names that a `use` imports, and their paths.
    names: BTreeMap<String, Vec<Path>>,
    /// Names among them that are re-exported, as far as the `use` itself goes.
    passed_on: BTreeSet<String>,
    /// Paths in the text, as written.
    written: Vec<Path>,
    /// Modules of which every name is imported.
    globs: Vec<Path>,
}

/// Files by their module, such as `store::postgres::error`.
pub struct Files(BTreeMap<Path, File>);

/// Arrows from file to file.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

impl Files {
    /// Reads files: module and text of each.
    pub fn read<'t>(files: impl IntoIterator<Item = (String, &'t str)>) -> Self {
        let read = files.into_iter().map(|(module, text)| {
            let module: Path = module.split("::").map(str::to_owned).collect();
            (module, File::read(&tokens(text)))
        });
        Self(read.collect())
    }

    /// The arrows between files of one layer.
    pub fn graph(&self, layer: &str) -> Graph {
        let of_layer = |module: &Path| module.first().is_some_and(|first| first == layer);
        let mut graph = Graph::new();
        for (module, file) in self.0.iter().filter(|(module, _)| of_layer(module)) {
            let taken = file.names.iter().filter(|(name, _)| !file.passed_on.contains(*name));
            let whole = |path: &Path| self.0.contains_key(path);
            let by_use = taken
                .flat_map(|(_, paths)| paths)
                .filter_map(|path| self.absolute(module, path, 0))
                .filter(|path| !whole(path));
            let by_path = file.written.iter().filter_map(|path| self.absolute(module, path, 0));
            let by_glob = file.globs.iter().filter_map(|path| self.absolute(module, path, 0));
            let arrows = by_use
                .chain(by_path)
                .chain(by_glob)
                .filter_map(|path| self.declared_in(&path, 0))
                .filter(|target| of_layer(target) && target != module)
                .map(|target| target.join("::"));
            graph.insert(module.join("::"), arrows.collect());
        }
        graph
    }

    /// A path as it stands in `module`, from the crate on; none for what is not of this crate.
    fn absolute(&self, module: &Path, written: &[String], depth: usize) -> Option<Path> {
        let (first, rest) = written.split_first()?;
        let below = |base: &[String], rest: &[String]| Some([base, rest].concat());
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => below(module, rest),
            "super" => {
                let ups = written.iter().take_while(|word| *word == "super").count();
                below(&module[..module.len().checked_sub(ups)?], &written[ups..])
            }
            name => {
                let child = below(module, std::slice::from_ref(first))?;
                if self.0.contains_key(&child) {
                    return below(&child, rest);
                }
                let brought = self.0.get(module)?.names.get(name)?.first()?;
                if depth > MOST_ALIASES || brought.first() == Some(first) {
                    return None;
                }
                below(&self.absolute(module, brought, depth + 1)?, rest)
            }
        }
    }

    /// The file in which the name at the end of a path is declared, past all aliases.
    fn declared_in(&self, path: &Path, depth: usize) -> Option<Path> {
        let longest = (1..=path.len()).rev().find(|n| self.0.contains_key(&path[..*n]))?;
        let (module, rest) = path.split_at(longest);
        let module = module.to_vec();
        let Some((name, rest)) = rest.split_first() else { return Some(module) };
        let aliases = self.0.get(&module)?.names.get(name).into_iter().flatten();
        for alias in aliases.filter(|_| depth < MOST_ALIASES) {
            if let Some(leads_to) = self.absolute(&module, alias, 0)
                && let Some(found) = self.declared_in(&[&leads_to[..], rest].concat(), depth + 1)
            {
                return Some(found);
            }
        }
        Some(module)
    }
}

impl File {
    fn read(tokens: &[Token<'_>]) -> Self {
        let mut file = Self::default();
        let mut body: Vec<Token<'_>> = Vec::new();
        let mut rest = tokens;
        while let Some((token, after)) = rest.split_first() {
            rest = match token {
                Token::Word("use") => {
                    let end = position(after, ";");
                    if !is_for_tests(&body) {
                        let is_public = matches!(body.last(), Some(Token::Word("pub") | Token::Sign(")")));
                        file.bring(&[], &after[..end], is_public);
                    }
                    &after[end..]
                }
                // `pub(in crate::store)` names a module and takes nothing from it.
                Token::Word("in") if body.last() == Some(&Token::Sign("(")) => &after[position(after, ")")..],
                _ => {
                    body.push(*token);
                    after
                }
            };
        }
        file.paths_of(&body);
        file
    }

    /// Reads the tree of a `use`: `a::b`, `a::{b, c::d as e}`, `a::*`.
    fn bring(&mut self, base: &[String], tree: &[Token<'_>], is_public: bool) {
        let mut path = base.to_vec();
        let mut rest = tree;
        while let Some((token, after)) = rest.split_first() {
            match token {
                Token::Word("as") => {
                    let name = after.first().map_or_else(String::new, |name| name.text().to_owned());
                    return self.name(name, path, is_public);
                }
                // `a::{self}` is `a`.
                Token::Word("self") if !path.is_empty() => {}
                Token::Word(word) => path.push((*word).to_owned()),
                Token::Sign("*") => return self.globs.push(path),
                Token::Sign("{") => {
                    for branch in branches(after) {
                        self.bring(&path, branch, is_public);
                    }
                    return;
                }
                Token::Sign(_) => {}
            }
            rest = after;
        }
        if let Some(name) = path.last().cloned() {
            self.name(name, path, is_public);
        }
    }

    fn name(&mut self, name: String, path: Path, is_public: bool) {
        if is_public {
            self.passed_on.insert(name.clone());
        }
        self.names.entry(name).or_default().push(path);
    }

    /// Paths in the text: `a::b::c`, and single names that could be of a alias.
    fn paths_of(&mut self, body: &[Token<'_>]) {
        let mut at = 0;
        while at < body.len() {
            let Token::Word(first) = body[at] else {
                at += 1;
                continue;
            };
            let before = at.checked_sub(1).map(|before| body[before]);
            let mut path = vec![first.to_owned()];
            at += 1;
            while let [Token::Sign("::"), Token::Word(next), ..] = body[at..] {
                path.push(next.to_owned());
                at += 2;
            }
            let is_own = matches!(before, Some(Token::Sign("." | "::") | Token::Word("fn" | "mod")));
            let is_taken = path.len() > 1
                || first.starts_with(char::is_uppercase)
                || matches!(body.get(at), Some(Token::Sign("(")));
            if is_taken && !is_own {
                self.written.push(path);
            }
        }
    }
}

/// How many tokens stand before the next `sign`.
fn position(tokens: &[Token<'_>], sign: &str) -> usize {
    tokens.iter().position(|token| token.text() == sign).unwrap_or(tokens.len())
}

/// Whether what comes after these tokens is compiled for tests alone.
fn is_for_tests(before: &[Token<'_>]) -> bool {
    let words: Vec<&str> = before.iter().rev().take(12).map(Token::text).collect();
    let from = words.iter().position(|word| !["pub", "(", ")", "crate", "super"].contains(word));
    from.is_some_and(|from| words[from..].starts_with(&["]", ")", "test", "(", "cfg", "[", "#"]))
}

/// The branches of a group, up to its closing bracket.
fn branches<'a, 't>(group: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let (mut found, mut open, mut start) = (Vec::new(), 0, 0);
    for (at, token) in group.iter().enumerate() {
        match token.text() {
            "{" => open += 1,
            "}" if open == 0 => {
                found.push(&group[start..at]);
                return found;
            }
            "}" => open -= 1,
            "," if open == 0 => {
                found.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The circles of a graph: groups of files each of which leads to every other.
pub fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        graph.keys().map(|file| (file, reached_from(graph, file))).collect();
    for (file, reach) in &reached {
        let circle: BTreeSet<String> = reach
            .iter()
            .filter(|other| reached.get(**other).is_some_and(|back| back.contains(file)))
            .map(|other| (*other).clone())
            .collect();
        if !circle.is_empty() {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

fn reached_from<'g>(graph: &'g Graph, file: &str) -> BTreeSet<&'g String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = graph.get(file).into_iter().flatten().collect();
    while let Some(file) = next.pop() {
        if reached.insert(file) {
            next.extend(graph.get(file).into_iter().flatten());
        }
    }
    reached
}

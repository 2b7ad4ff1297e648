//! Finding people by what is typed: any words of the name, in any order, each perhaps unfinished, with or without
//! accents and apostrophes.

use super::{fold, is_apostrophe, text};
use std::collections::HashSet;

/// Longest typed search, in graphemes.
const MAX_QUERY_GRAPHEMES: usize = 60;
/// Typed words from which given name and surname are guessed; more words find fewer people anyway.
const WORDS_IN_PAIRS: usize = 5;

/// A typed name, ready to be searched for: scan `search_key` by the [`NameQuery::readings`], keep what
/// [`NameQuery::matches`], and put the best [`NameQuery::rank`] first.
#[derive(Clone, PartialEq, Eq)]
pub struct NameQuery {
    words: Vec<Word>,
}

/// A word in its folded form and with its accents.
#[derive(Clone, PartialEq, Eq)]
struct Word {
    folded: String,
    letters: String,
    tones: String,
}

/// How a name answers a query; the best comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Each typed word is a word of the name, spelt as typed; old and new tone placement are one spelling.
    Spelling,
    /// Each typed word is a word of the name but for its accents.
    Letters,
    /// Each typed word begins a word of the name, spelt as typed.
    BegunSpelling,
    /// Each typed word begins a word of the name but for its accents.
    Begun,
}

impl NameQuery {
    /// Reads typed text; `None` when there is no letter to search by.
    pub fn parse(typed: &str) -> Option<Self> {
        let cleaned = text::clean(typed, MAX_QUERY_GRAPHEMES);
        let words = words(&cleaned);
        words.iter().any(|word| word.folded.chars().any(char::is_alphabetic)).then_some(Self { words })
    }

    /// The folded words in the typed order; at least one.
    pub fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.words.iter().map(|word| word.folded.as_str())
    }

    /// Whether a word carries an accent, so that spelling tells more than the letters.
    pub fn has_accents(&self) -> bool {
        self.words.iter().any(|word| !word.tones.is_empty() || word.letters != word.folded)
    }

    /// The beginnings of `search_key` that the typed words may be, as given name, surname, and the other words in their
    /// order: first as names are written, then as they are turned around, then every other way.
    pub fn readings(&self) -> Vec<String> {
        let words: Vec<&str> = self.words().collect();
        let pairs = self.in_pairs();
        if pairs.is_empty() {
            return words.first().map(|word| (*word).to_owned()).into_iter().collect();
        }
        let reading = |(given, surname): (usize, usize)| {
            let others = (0..words.len()).filter(|at| *at != given && *at != surname);
            [given, surname].into_iter().chain(others).map(|at| words[at]).collect::<Vec<_>>().join(" ")
        };
        pairs.into_iter().map(reading).collect()
    }

    /// The same with given name and surname alone.
    pub fn pairs(&self) -> Vec<String> {
        let words: Vec<&str> = self.words().collect();
        self.in_pairs()
            .into_iter()
            .map(|(given, surname)| format!("{} {}", words[given], words[surname]))
            .collect()
    }

    /// Which words may be given name and surname.
    fn in_pairs(&self) -> Vec<(usize, usize)> {
        let (count, last) = (self.words.len().min(WORDS_IN_PAIRS), self.words.len() - 1);
        let mut pairs: Vec<(usize, usize)> = [(last, 0), (0, 1)]
            .into_iter()
            .chain((0..count).flat_map(|given| (0..count).map(move |surname| (given, surname))))
            .filter(|(given, surname)| given != surname && *given <= last && *surname <= last)
            .collect();
        let mut seen = HashSet::new();
        pairs.retain(|pair| seen.insert(*pair));
        pairs
    }

    /// True when each typed word begins a word of its own in the key, a `search_key`.
    pub fn matches(&self, search_key: &str) -> bool {
        each_finds_its_own(
            self.words().map(|word| (word.len(), word)).collect(),
            search_key.split(' ').collect(),
            |word, name| name.starts_with(word),
            |word, name| *name == word,
        )
    }

    /// How the name answers; none when it does not.
    pub fn rank(&self, name: &str) -> Option<Rank> {
        let name = words(name);
        let equals = |typed: &Word, word: &&Word| typed.letters == word.letters && typed.tones == word.tones;
        let same_letters = |typed: &Word, word: &&Word| typed.folded == word.folded;
        let begins = |typed: &Word, word: &&Word| {
            word.letters.starts_with(&typed.letters) && (typed.tones.is_empty() || typed.tones == word.tones)
        };
        let begins_letters = |typed: &Word, word: &&Word| word.folded.starts_with(&typed.folded);
        let all = |begins: &dyn Fn(&Word, &&Word) -> bool, equals: &dyn Fn(&Word, &&Word) -> bool| {
            let typed = self.words.iter().map(|word| (word.letters.len(), word)).collect();
            each_finds_its_own(typed, name.iter().collect(), begins, equals)
        };
        if !all(&begins_letters, &same_letters) {
            return None;
        }
        Some(if all(&equals, &equals) {
            Rank::Spelling
        } else if all(&same_letters, &same_letters) {
            Rank::Letters
        } else if all(&begins, &equals) {
            Rank::BegunSpelling
        } else {
            Rank::Begun
        })
    }

    /// Whether one of the typed words is the given name, or begins it.
    pub fn names_given(&self, name: &str) -> bool {
        let name = fold(name);
        let given = name.rsplit(' ').next().unwrap_or(&name);
        self.words().any(|word| given.starts_with(word))
    }
}

/// The words of a clean text; apostrophes separate and change nothing.
fn words(clean: &str) -> Vec<Word> {
    let plain: String = clean.chars().filter(|c| !is_apostrophe(*c)).collect();
    plain
        .split_whitespace()
        .map(|word| {
            let (letters, tones) = text::letters(word);
            Word { folded: text::fold(word), letters, tones }
        })
        // A stray accent alone is no word.
        .filter(|word| !word.folded.is_empty())
        .collect()
}

/// Pairs every typed word with a name word of its own. Long words choose first, and whole words before begun
/// ones, which never takes away the last chance of a shorter one.
fn each_finds_its_own<T: Copy, N>(
    mut typed: Vec<(usize, T)>,
    mut names: Vec<N>,
    begins: impl Fn(T, &N) -> bool,
    equals: impl Fn(T, &N) -> bool,
) -> bool {
    typed.sort_by_key(|(len, _)| std::cmp::Reverse(*len));
    typed.into_iter().all(|(_, word)| {
        let whole = names.iter().position(|name| equals(word, name));
        let found = whole.or_else(|| names.iter().position(|name| begins(word, name)));
        found.map(|at| names.swap_remove(at)).is_some()
    })
}

impl std::fmt::Debug for NameQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NameQuery(…)")
    }
}

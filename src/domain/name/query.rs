//! Finding people by what an agent types: any words of the name, in any order, with or without accents, the
//! last word perhaps unfinished.

use super::{given_first, text};

/// Longest typed search, in graphemes.
const MAX_QUERY_GRAPHEMES: usize = 60;

/// The folded form of typed search text: single spaces, no accents, lower case, words in the typed order.
pub fn query_key(typed: &str) -> String {
    text::fold(&text::clean(typed, MAX_QUERY_GRAPHEMES))
}

/// A typed name, ready to be searched for: scan `search_key` by each prefix of [`NameQuery::scans`], keep what
/// [`NameQuery::matches`], and rank first what [`NameQuery::accents_agree`] with.
#[derive(Clone, PartialEq, Eq)]
pub struct NameQuery {
    key: String,
    typed: Vec<(String, String)>,
}

impl NameQuery {
    /// Reads typed text; `None` when there is no letter to search by.
    pub fn parse(typed: &str) -> Option<Self> {
        let cleaned = text::clean(typed, MAX_QUERY_GRAPHEMES);
        let key = text::fold(&cleaned);
        key.chars()
            .any(char::is_alphabetic)
            .then(|| Self { key, typed: cleaned.split_whitespace().map(text::letters).collect() })
    }

    /// The folded words in the typed order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.key.split(' ')
    }

    /// Prefixes of `search_key` to scan, the most telling first: given name moved to the front, as
    /// typed (given name first), and the last word alone, which may be an unfinished given name.
    pub fn scans(&self) -> Vec<String> {
        let mut scans = vec![given_first(&self.key), self.key.clone()];
        scans.extend(self.words().last().map(str::to_owned));
        scans.dedup();
        scans
    }

    /// True when each typed word begins a word of its own in the key (`search_key` or [`query_key`] form).
    pub fn matches(&self, search_key: &str) -> bool {
        let words = self.words().map(|word| (word.len(), word)).collect();
        each_finds_its_own(
            words,
            search_key.split(' ').collect(),
            |word, name| name.starts_with(word),
            |word, name| *name == word,
        )
    }

    /// True when the name also carries the accents as typed, wherever the tone was placed: exact hits rank first.
    pub fn accents_agree(&self, name: &str) -> bool {
        let typed = self.typed.iter().map(|word| (word.0.len(), word)).collect();
        each_finds_its_own(
            typed,
            name.split_whitespace().map(text::letters).collect(),
            |(letters, tones), (word, tone)| {
                word.starts_with(letters) && (tones.is_empty() || tones == tone) && word != letters
            },
            |typed, word| typed == word,
        )
    }
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

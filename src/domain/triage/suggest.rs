//! Suggests a department for a need, by words. Words that describe the patient ("bé", "mang thai") weigh more than
//! symptoms that every department sees ("sốt"). An accented word matches only itself, whatever its tone placement; a
//! word typed without accents matches by letters.

use super::super::department::Department;
use super::super::text::{accent_fold, fold};
use serde::{Deserialize, Serialize};

/// The words of one department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentHint {
    /// The department.
    pub department: Department,
    /// Words that decide: who the patient is, what is wanted.
    pub strong: Vec<String>,
    /// Words that point there among other departments.
    pub words: Vec<String>,
}

/// A department and the words of the need that point to it, in the order of the need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The department.
    pub department: Department,
    /// The words that matched, as the campaign writes them.
    pub words: Vec<String>,
}

const STRONG: usize = 3;
const WEAK: usize = 1;

/// The department with the most weight; on a tie the one listed first. None when no word matches.
pub fn suggest_department(need: &str, hints: &[DepartmentHint]) -> Option<Suggestion> {
    let tokens = tokens(need);
    let mut best: Option<(usize, Suggestion)> = None;
    for hint in hints {
        let strong = hint.strong.iter().map(|word| (word, STRONG));
        let weak = hint.words.iter().map(|word| (word, WEAK));
        let mut hits: Vec<(usize, usize, &String)> = strong
            .chain(weak)
            .filter_map(|(word, weight)| position(&tokens, word).map(|at| (at, weight, word)))
            .collect();
        hits.sort_unstable();
        let weight: usize = hits.iter().map(|(_, weight, _)| weight).sum();
        if weight > best.as_ref().map_or(0, |(most, _)| *most) {
            let words = hits.into_iter().map(|(_, _, word)| word.clone()).collect();
            best = Some((weight, Suggestion { department: hint.department, words }));
        }
    }
    best.map(|(_, suggestion)| suggestion)
}

/// A word in its two forms: with accents, and without.
struct Token {
    accented: String,
    folded: String,
}

fn tokens(text: &str) -> Vec<Token> {
    text.split(|c: char| !c.is_alphanumeric() && !is_mark(c))
        .filter(|word| !word.is_empty())
        .map(|word| Token { accented: accent_fold(word), folded: fold(word) })
        .collect()
}

/// Combining marks belong to their word when the text is decomposed.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Where the words of `phrase` stand next to each other.
fn position(tokens: &[Token], phrase: &str) -> Option<usize> {
    let wanted = self::tokens(phrase);
    let is_same = |token: &Token, wanted: &Token| {
        token.accented == wanted.accented || (token.accented == token.folded && token.folded == wanted.folded)
    };
    if wanted.is_empty() {
        return None;
    }
    tokens.windows(wanted.len()).position(|window| window.iter().zip(&wanted).all(|(t, w)| is_same(t, w)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints() -> Vec<DepartmentHint> {
        let hint = |department, strong: &[&str], words: &[&str]| DepartmentHint {
            department,
            strong: strong.iter().map(ToString::to_string).collect(),
            words: words.iter().map(ToString::to_string).collect(),
        };
        vec![
            hint(Department::NoiTongHop, &["huyết áp"], &["ho", "sốt"]),
            hint(Department::Nhi, &["bé", "con tôi", "thuỷ đậu"], &["ho", "sốt"]),
        ]
    }

    fn suggested(need: &str) -> Option<(Department, Vec<String>)> {
        suggest_department(need, &hints()).map(|s| (s.department, s.words))
    }

    #[test]
    fn the_suggestion_names_its_words_in_the_order_of_the_need() {
        let words = |w: &[&str]| w.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            suggested("Bé 3 tuổi ho kéo dài hai tuần, hay sốt về chiều"),
            Some((Department::Nhi, words(&["bé", "ho", "sốt"])))
        );
        assert_eq!(suggested("ho, sốt nhẹ"), Some((Department::NoiTongHop, words(&["ho", "sốt"]))));
    }

    #[test]
    fn accents_decide_when_they_are_typed_and_are_not_needed_otherwise() {
        assert_eq!(suggested("họ hàng ở bể bơi"), None);
        assert_eq!(suggested("be bi ho"), suggested("bé bi ho"));
        assert_eq!(suggested("HUYET AP cao").map(|s| s.0), Some(Department::NoiTongHop));
    }

    #[test]
    fn old_and_new_tone_placement_are_one_word() {
        assert_eq!(suggested("bị thủy đậu").map(|s| s.0), Some(Department::Nhi));
        assert_eq!(suggested("bị thuỷ đậu").map(|s| s.0), Some(Department::Nhi));
    }

    #[test]
    fn no_matching_word_suggests_nothing() {
        assert_eq!(suggested("cần tư vấn"), None);
        assert_eq!(suggested(""), None);
    }
}

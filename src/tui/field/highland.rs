//! Spells the words of highland names and places that the rules of Vietnamese syllables do not know: `Mlô`, `Krông`,
//! `Kpă`, `Blôk`, `Hmông`, `Đắk`.
//!
//! Invariants:
//! * nothing that Vietnamese syllables spell is spelt here;
//! * beginnings that English words have, too (`bl`, `dr`, `pl`), compose only with rimes that English words lack, so
//!   that `bloom`, `brown` and `books` stay as they were;
//! * a mark key that is typed once more takes its mark back, as everywhere else.

use unicode_normalization::UnicodeNormalization;

/// Beginnings of words that no English word has. A longer one stands before its own beginning.
const RARE: &[&str] = &[
    "bkr", "chr", "hdr", "mdr", "bđ", "bd", "bh", "bj", "bk", "dj", "hđ", "hd", "hj", "hl", "hm", "hn", "hr",
    "hw", "jr", "kb", "kc", "kđ", "kd", "kg", "kj", "kl", "km", "kp", "kr", "ks", "kt", "md", "ml", "mn",
    "mr", "rc", "rl", "rm", "sr", "tl", "xt", "ên",
];

/// Beginnings that other words have as well.
const SHARED: &[&str] = &["adr", "bl", "br", "by", "dr", "gl", "gr", "pl", "pr"];

/// The beginnings of Vietnamese syllables, for words that end in `k`.
const VIETNAMESE: &[&str] = &[
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "đ", "d", "g", "h", "k",
    "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
];

/// How words end.
const ENDS: &[&str] = &["", "c", "ch", "h", "k", "l", "m", "n", "ng", "nh", "p", "r", "t"];

const CIRCUMFLEX: char = '\u{302}';
const BREVE: char = '\u{306}';
const HORN: char = '\u{31b}';

/// How marks are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    /// By letters.
    Telex,
    /// By digits.
    Vni,
}

/// A vowel and its mark.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Vowel {
    letter: char,
    mark: Option<char>,
}

/// What a key does after the beginning of a word.
enum Act {
    Letter,
    /// Sets one of these marks.
    Mark(&'static [char]),
    Tone(char),
}

/// A word while its keys are read.
#[derive(Default)]
struct Word {
    vowels: Vec<Vowel>,
    end: String,
    tone: Option<char>,
    /// A mark was taken back: what follows stays as typed.
    literal: bool,
}

/// The word that `keys` (lower case) spell, when it is one of these; none for all others.
pub(super) fn spell(keys: &str, input: Input) -> Option<String> {
    let beginnings = [RARE, SHARED, VIETNAMESE];
    let (kind, beginning, rest) = beginnings.iter().enumerate().find_map(|(kind, table)| {
        let found = table.iter().find_map(|begin| Some((*begin, keys.strip_prefix(&*typed(begin, input))?)));
        found.map(|(begin, rest)| (kind, begin, rest))
    })?;
    let mut word = Word::default();
    for key in rest.chars() {
        word.push(key, input)?;
    }
    let fits = match kind {
        0 => word.tone.is_none() || word.end == "k",
        1 => word.literal || word.goes_on_apart(beginning),
        _ => word.tone.is_some(),
    };
    (fits && word.is_whole()).then(|| word.text(beginning))
}

/// The keys of a beginning.
fn typed(beginning: &str, input: Input) -> String {
    let vni = input == Input::Vni;
    beginning.replace('đ', if vni { "d9" } else { "dd" }).replace('ê', if vni { "e6" } else { "ee" })
}

fn read(key: char, input: Input) -> Act {
    match (input, key) {
        (Input::Telex, 'w') | (Input::Vni, '7' | '8') => Act::Mark(if key == '8' {
            &[BREVE]
        } else if key == '7' {
            &[HORN]
        } else {
            &[HORN, BREVE]
        }),
        (Input::Vni, '6') => Act::Mark(&[CIRCUMFLEX]),
        (Input::Telex, 's') | (Input::Vni, '1') => Act::Tone('\u{301}'),
        (Input::Telex, 'f') | (Input::Vni, '2') => Act::Tone('\u{300}'),
        (Input::Telex, 'r') | (Input::Vni, '3') => Act::Tone('\u{309}'),
        (Input::Telex, 'x') | (Input::Vni, '4') => Act::Tone('\u{303}'),
        (Input::Telex, 'j') | (Input::Vni, '5') => Act::Tone('\u{323}'),
        (_, _) => Act::Letter,
    }
}

const fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Whether a vowel can carry a mark.
const fn carries(letter: char, mark: char) -> bool {
    match mark {
        BREVE => letter == 'a',
        HORN => matches!(letter, 'o' | 'u'),
        _ => matches!(letter, 'a' | 'e' | 'o'),
    }
}

impl Word {
    /// Takes a key; none when the word is none of these.
    fn push(&mut self, key: char, input: Input) -> Option<()> {
        if self.tone.is_some() {
            return None;
        }
        if self.literal {
            self.end.push(key);
            return Some(());
        }
        match read(key, input) {
            Act::Mark(marks) => self.mark(key, marks),
            // Tones stand on words that end in k alone; elsewhere the key is a letter, as in `Ksơr`.
            Act::Tone(tone) if self.end == "k" => {
                let safe = |v: &Vowel| {
                    v.mark.is_some_and(|m| input == Input::Vni || m != CIRCUMFLEX || v.letter == 'a')
                };
                self.vowels.iter().any(safe).then(|| self.tone = Some(tone))
            }
            Act::Tone(_) | Act::Letter if !key.is_ascii_alphabetic() => None,
            Act::Tone(_) | Act::Letter if is_vowel(key) => self.vowel(key, input),
            Act::Tone(_) | Act::Letter => {
                self.end.push(key);
                (!self.vowels.is_empty()).then_some(())
            }
        }
    }

    fn vowel(&mut self, key: char, input: Input) -> Option<()> {
        if !self.end.is_empty() {
            return None;
        }
        if input == Input::Telex
            && let Some(last) =
                self.vowels.last_mut().filter(|last| last.letter == key && carries(key, CIRCUMFLEX))
        {
            match last.mark {
                None => last.mark = Some(CIRCUMFLEX),
                Some(CIRCUMFLEX) => {
                    last.mark = None;
                    self.vowels.push(Vowel { letter: key, mark: None });
                    self.literal = true;
                }
                Some(_) => return None,
            }
            return Some(());
        }
        self.vowels.push(Vowel { letter: key, mark: None });
        Some(())
    }

    /// Sets a mark on the last vowel that carries it, on both of `uo`; a mark that stands there is taken back.
    fn mark(&mut self, key: char, marks: &[char]) -> Option<()> {
        let fits = |vowel: &Vowel| marks.iter().copied().find(|mark| carries(vowel.letter, *mark));
        let at = self.vowels.iter().rposition(|vowel| fits(vowel).is_some())?;
        let mark = fits(&self.vowels[at])?;
        let pair =
            mark == HORN && at > 0 && self.vowels[at].letter == 'o' && self.vowels[at - 1].letter == 'u';
        let taken_back = self.vowels[at].mark == Some(mark);
        if !taken_back && self.vowels[at].mark.is_some() {
            return None;
        }
        for vowel in &mut self.vowels[at - usize::from(pair)..=at] {
            vowel.mark = (!taken_back).then_some(mark);
        }
        if taken_back {
            self.literal = true;
            self.end.push(key);
        }
        Some(())
    }

    /// Whether a beginning that other words have, too, goes on as none of them does.
    fn goes_on_apart(&self, beginning: &str) -> bool {
        // `by` begins Vietnamese syllables (`byêu`) and English words.
        if beginning == "by" {
            return self.vowels == [Vowel { letter: 'a', mark: Some(BREVE) }];
        }
        let horned = self.vowels.iter().any(|v| matches!(v.mark, Some(HORN | BREVE)));
        let doubled = |letter| self.vowels.iter().any(|v| v.letter == letter && v.mark == Some(CIRCUMFLEX));
        doubled('a')
            || self.end == "ng"
            || (horned && self.end == "k")
            || (beginning == "bl" && doubled('o') && matches!(&*self.end, "" | "k"))
    }

    /// Whether it is a word of these with a mark on it.
    fn is_whole(&self) -> bool {
        self.literal || (self.vowels.iter().any(|v| v.mark.is_some()) && ENDS.contains(&&*self.end))
    }

    fn text(&self, beginning: &str) -> String {
        let toned = self.vowels.iter().rposition(|v| v.mark.is_some());
        let mut out = beginning.to_owned();
        for (at, vowel) in self.vowels.iter().enumerate() {
            out.push(vowel.letter);
            out.extend(vowel.mark);
            out.extend(self.tone.filter(|_| toned == Some(at)));
        }
        out.push_str(&self.end);
        out.nfc().collect()
    }
}

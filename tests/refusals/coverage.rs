//! What every story is asked, and that none is missing.

use crate::{fixture, story};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tongdai::domain::lang::Lang;
use tongdai::usecase::Error;

/// Rules that no use case asks so far: nobody is judged by anything but the list, no gateway sends messages, and
/// nobody but the handbook's own page closes the handbook.
const UNASKED: [(&str, &str); 3] = [
    ("not_eligible", "NotEligible"),
    ("sms_within_24h", "SmsWithin24h"),
    ("outside_handbook_window", "OutsideHandbookWindow"),
];

/// The rule codes as the source lists them.
fn rules_in_source() -> Vec<String> {
    let source = include_str!("../../src/domain/refusal.rs");
    let table = source.split("pub const fn rule(").nth(1).unwrap().split("pub fn message").next().unwrap();
    table.split("=> \"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn all_sources(folder: &Path) -> String {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { all_sources(&path) } else { fs::read_to_string(path).unwrap() })
        .collect()
}

/// Whether a key of a sentence stands where its text should.
fn shows_a_key(sentence: &str) -> bool {
    let follows = |end: usize| sentence[end..].starts_with(|next: char| next.is_ascii_lowercase());
    ["refusal.", "word.", "state.", "field.", "act.", "department.", "disposition."]
        .iter()
        .any(|area| sentence.match_indices(area).any(|(place, _)| follows(place + area.len())))
}

#[test]
fn every_rule_has_its_story() {
    let told: BTreeSet<String> = story::all().iter().map(|story| story.rule.to_owned()).collect();
    let unasked = UNASKED.map(|(rule, _)| rule.to_owned());
    let missing: Vec<String> = rules_in_source()
        .into_iter()
        .filter(|rule| !told.contains(rule) && !unasked.contains(rule))
        .collect();
    assert!(missing.is_empty(), "tell how these come about: {missing:?}");
}

#[test]
fn a_rule_without_a_story_is_asked_by_no_use_case() {
    let use_cases = all_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/usecase"));
    for (rule, name) in UNASKED {
        assert!(!use_cases.contains(&format!("Refusal::{name}")), "{rule} is asked now: tell its story");
    }
}

#[test]
fn every_story_ends_in_its_rule_and_leaves_no_trace() {
    for story in story::all() {
        let rule = story.rule;
        let door = story.lay();
        let before = fixture::state(&door);
        let refusal = match door.execute(story.last()) {
            Err(Error::Refused(refusal)) => refusal,
            other => panic!("{rule}: {other:?}"),
        };
        assert_eq!(refusal.rule(), rule);
        assert_eq!(fixture::state(&door), before, "{rule}: refused and yet something changed");
        let sentences = [Lang::Vi, Lang::En].map(|lang| (refusal.message(lang), refusal.hint(lang)));
        assert_ne!(sentences[0].0, sentences[1].0, "{rule}");
        for sentence in sentences.iter().flat_map(|(message, hint)| [message, hint]) {
            let is_filled = !sentence.contains("%{") && !shows_a_key(sentence);
            assert!(is_filled && sentence.ends_with('.'), "{rule}: {sentence}");
        }
        assert_eq!(tongdai::usecase::check::check(&door).unwrap(), [], "{rule}");
    }
}

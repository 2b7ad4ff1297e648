//! Checks every story of a refusal, and that none is missing.

use crate::{fixture, story};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tongdai::domain::lang::Lang;
use tongdai::usecase::Error;

/// Rules that no use case applies so far: eligibility comes from the list alone, no gateway sends messages, and only
/// the handbook's own page closes the handbook.
const UNUSED: [(&str, &str); 3] = [
    ("not_eligible", "NotEligible"),
    ("sms_within_24h", "SmsWithin24h"),
    ("outside_handbook_window", "OutsideHandbookWindow"),
];

/// Rules of queries, which change nothing; their stories stand beside their use cases.
const OF_QUERIES: [&str; 1] = ["not_opened"];

/// Rules of real stores, for a simulated one has invented details; their stories stand beside their use cases.
const OF_REAL_STORES: [&str; 1] = ["facility_missing"];

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
    let covered: BTreeSet<String> = story::all().iter().map(|story| story.rule.to_owned()).collect();
    let unused = UNUSED.map(|(rule, _)| rule.to_owned());
    let missing: Vec<String> = rules_in_source()
        .into_iter()
        .filter(|rule| !covered.contains(rule) && !unused.contains(rule))
        .filter(|rule| !OF_QUERIES.contains(&rule.as_str()) && !OF_REAL_STORES.contains(&rule.as_str()))
        .collect();
    assert!(missing.is_empty(), "write how these come about: {missing:?}");
}

#[test]
fn a_rule_without_a_story_is_applied_by_no_use_case() {
    let use_cases = all_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/usecase"));
    for (rule, name) in UNUSED {
        assert!(!use_cases.contains(&format!("Refusal::{name}")), "{rule} is applied now: write its story");
    }
}

#[test]
fn every_story_ends_in_its_rule_and_leaves_no_trace() {
    for story in story::all() {
        let rule = story.rule;
        let door = story.play();
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

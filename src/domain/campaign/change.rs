//! Compares two campaigns: every value and text that differs, by part and key, as people read it.
//!
//! Rows keep their identity by their codes, limits by rule and first day, so that a row that moved is not a new one.

use super::super::lang::Lang;
use super::Campaign;
use super::limits::{Limit, LimitRule};
use chrono::NaiveDate;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The top-level key.
    pub part: String,
    /// The row and field within it; empty for the whole part.
    pub key: String,
    /// Before; none for what is new.
    pub old: Option<String>,
    /// After; none for what is gone.
    pub new: Option<String>,
    /// Of a limit: the first day of the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<NaiveDate>,
    /// Of a limit: the text it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Change {
    /// As people read it: one line for a value, three for a text.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let (old, new) = (self.old.as_deref().unwrap_or("–"), self.new.as_deref().unwrap_or("–"));
        if let Some(day) = self.valid_from {
            let from = t!("campaign.valid_from", locale = lang.code(), day = day.format("%d/%m/%Y"));
            let source = self.source.as_deref().unwrap_or_default();
            return vec![format!("{}: {old} → {new} · {from} · {source}", self.key)];
        }
        let name = if self.key.is_empty() { String::new() } else { format!("{}: ", self.key) };
        if old.len() + new.len() <= SHORT {
            return vec![format!("{name}{old} → {new}")];
        }
        let mut lines = vec![name];
        lines.extend(self.old.iter().map(|text| format!("− {text}")));
        lines.extend(self.new.iter().map(|text| format!("+ {text}")));
        lines
    }
}

/// What a top-level key is called; an unknown one by itself.
pub fn part_label(part: &str, lang: Lang) -> String {
    let key = format!("campaign.part.{part}");
    let label = t!(&key, locale = lang.code()).into_owned();
    if label == key { part.to_owned() } else { label }
}

/// Values that stand on one line together, in bytes.
const SHORT: usize = 60;

/// Fields that name a row, in the order in which they are tried.
const NAMES: [&str; 4] = ["code", "department", "rule", "name"];

/// A campaign as flat texts, and the order of its rows.
#[derive(Default)]
struct Flat {
    texts: BTreeMap<(String, String), String>,
    orders: BTreeMap<(String, String), Vec<String>>,
}

/// Everything in which two campaigns differ, in the order of parts and keys.
pub fn changes(old: &Campaign, new: &Campaign) -> Vec<Change> {
    let (before, after) = (flat(old), flat(new));
    let mut found = limit_changes(&old.limits, &new.limits);
    let keys = before.texts.keys().chain(after.texts.keys()).collect::<std::collections::BTreeSet<_>>();
    for place in keys {
        let (was, is) = (before.texts.get(place), after.texts.get(place));
        if was != is {
            found.push(change(place, was.cloned(), is.cloned()));
        }
    }
    for (place, was) in &before.orders {
        let Some(is) = after.orders.get(place) else { continue };
        let kept = |rows: &[String], others: &[String]| -> Vec<String> {
            rows.iter().filter(|row| others.contains(row)).cloned().collect()
        };
        let (was, is) = (kept(was, is), kept(is, was));
        if was != is {
            found.push(change(place, Some(was.join(", ")), Some(is.join(", "))));
        }
    }
    found
}

/// The top-level keys in which two campaigns differ.
pub fn changed_parts(changes: &[Change]) -> Vec<String> {
    let mut parts: Vec<String> = changes.iter().map(|change| change.part.clone()).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn change((part, key): &(String, String), old: Option<String>, new: Option<String>) -> Change {
    Change { part: part.clone(), key: key.clone(), old, new, valid_from: None, source: None }
}

fn limit_changes(old: &[Limit], new: &[Limit]) -> Vec<Change> {
    let mut found = Vec::new();
    for rule in LimitRule::ALL {
        let of = |rows: &[Limit]| -> BTreeMap<NaiveDate, Limit> {
            rows.iter().filter(|row| row.rule == rule).map(|row| (row.valid_from, row.clone())).collect()
        };
        let (before, after) = (of(old), of(new));
        let mut days: Vec<NaiveDate> = before.keys().chain(after.keys()).copied().collect();
        days.sort_unstable();
        days.dedup();
        for day in days {
            let (was, is) = (before.get(&day), after.get(&day));
            if was == is {
                continue;
            }
            // What held on that day, whichever row it came from.
            let held = |rows: &BTreeMap<NaiveDate, Limit>| {
                rows.range(..=day).next_back().map(|(_, row)| row.value.to_string())
            };
            found.push(Change {
                part: "limit".to_owned(),
                key: rule.code().to_owned(),
                old: held(&before),
                new: held(&after),
                valid_from: Some(day),
                source: is.or(was).map(|row| row.source.clone()),
            });
        }
    }
    found
}

fn flat(campaign: &Campaign) -> Flat {
    let mut flat = Flat::default();
    if let Ok(Value::Object(parts)) = serde_json::to_value(campaign) {
        for (part, value) in &parts {
            if part != "limit" {
                flat.add(part, "", value);
            }
        }
    }
    flat
}

impl Flat {
    fn add(&mut self, part: &str, key: &str, value: &Value) {
        let below = |name: &str, between: &str| {
            if key.is_empty() { name.to_owned() } else { format!("{key}{between}{name}") }
        };
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.add(part, &below(name, "."), value);
                }
            }
            Value::Array(rows) if rows.iter().any(Value::is_object) => {
                let names: Vec<String> = rows.iter().enumerate().map(|(at, row)| row_name(row, at)).collect();
                for (name, row) in names.iter().zip(rows) {
                    self.add(part, &below(name, " "), row);
                }
                self.orders.insert((part.to_owned(), below("order", ".")), names);
            }
            Value::Array(rows) => {
                let texts: Vec<String> = rows.iter().map(text).collect();
                self.texts.insert((part.to_owned(), key.to_owned()), texts.join(", "));
            }
            Value::Null => {}
            Value::String(_) | Value::Number(_) | Value::Bool(_) => {
                self.texts.insert((part.to_owned(), key.to_owned()), text(value));
            }
        }
    }
}

/// What a row is called: its code, with the purpose of a step.
fn row_name(row: &Value, at: usize) -> String {
    let word = |field: &str| row.get(field).and_then(Value::as_str);
    let Some(name) = NAMES.into_iter().find_map(word) else { return (at + 1).to_string() };
    match word("purpose") {
        Some(purpose) if row.get("kind").is_some() => format!("{purpose}/{name}"),
        _ => name.to_owned(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::limits::LimitValue;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn campaign() -> Campaign {
        let day = day("2026-12-01");
        Campaign::default_for(day, day, day, day).unwrap()
    }

    fn places(found: &[Change]) -> Vec<(&str, &str)> {
        found.iter().map(|change| (change.part.as_str(), change.key.as_str())).collect()
    }

    #[test]
    fn a_campaign_does_not_differ_from_itself() {
        assert_eq!(changes(&campaign(), &campaign()), []);
    }

    #[test]
    fn a_new_limit_shows_what_held_before_with_day_and_source() {
        let mut new = campaign();
        let older = new.limits.iter().find(|row| row.rule == LimitRule::OfferCallCloses).unwrap().clone();
        new.limits.insert(
            0,
            Limit {
                value: LimitValue::Clock(18 * 60),
                valid_from: day("2026-12-05"),
                source: "Nghị định mới".to_owned(),
                ..older
            },
        );
        let found = changes(&campaign(), &new);
        assert_eq!(places(&found), [("limit", "offer_call_closes")]);
        assert_eq!((found[0].old.as_deref(), found[0].new.as_deref()), (Some("17:00"), Some("18:00")));
        assert_eq!(found[0].valid_from, Some(day("2026-12-05")));
        assert_eq!(found[0].source.as_deref(), Some("Nghị định mới"));
    }

    #[test]
    fn texts_are_named_by_their_codes_and_language() {
        let mut new = campaign();
        new.script.steps[0].text.vi.push('!');
        new.sms.retain(|template| template.code != "promoted");
        new.quota = 600;
        let found = changes(&campaign(), &new);
        assert_eq!(
            places(&found),
            [
                ("quota", ""),
                ("script", "step offer/introduce.text.vi"),
                ("sms", "promoted.code"),
                ("sms", "promoted.purpose"),
                ("sms", "promoted.text"),
            ]
        );
        assert_eq!((found[0].old.as_deref(), found[0].new.as_deref()), (Some("500"), Some("600")));
        assert_eq!(found[4].new, None);
        assert_eq!(changed_parts(&found), ["quota", "script", "sms"]);
    }

    #[test]
    fn rows_that_change_places_are_an_order_and_no_texts() {
        let mut new = campaign();
        new.script.steps.swap(1, 2);
        let found = changes(&campaign(), &new);
        assert_eq!(places(&found), [("script", "step.order")]);
    }
}

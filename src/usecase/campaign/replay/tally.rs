//! Counts contacts by the rules that two campaigns hold against them.

use crate::domain::contact::{Contact, rule_name};
use crate::domain::refusal::Refusal;
use crate::usecase::model::replay::{Counted, Judged, RuleCount};

/// The reasons of two campaigns against one contact.
#[derive(Debug)]
pub(super) struct Verdicts {
    /// Of the campaign in force.
    pub in_force: Vec<Refusal>,
    /// Of the proposed one.
    pub proposed: Vec<Refusal>,
}

impl Verdicts {
    /// Allowed by the one in force, held by the proposed one.
    pub(super) const fn is_newly_held(&self) -> bool {
        self.in_force.is_empty() && !self.proposed.is_empty()
    }
}

/// Counts one contact.
pub(super) fn judge(judged: &mut Judged, verdicts: &Verdicts, contact: Contact) {
    judged.judged += 1;
    judged.held_in_force += i64::from(!verdicts.in_force.is_empty());
    judged.held += i64::from(!verdicts.proposed.is_empty());
    count_rules(&mut judged.held_by_rule, &verdicts.proposed, contact);
    if verdicts.is_newly_held() {
        count(&mut judged.newly_held, &verdicts.proposed, contact);
    } else if verdicts.proposed.is_empty() && !verdicts.in_force.is_empty() {
        count(&mut judged.newly_allowed, &verdicts.in_force, contact);
    }
}

/// Counts one contact under each of the reasons against it.
pub(super) fn count(counted: &mut Counted, reasons: &[Refusal], contact: Contact) {
    counted.total += 1;
    count_rules(&mut counted.by_rule, reasons, contact);
}

fn count_rules(by_rule: &mut Vec<RuleCount>, reasons: &[Refusal], contact: Contact) {
    for (at, reason) in reasons.iter().enumerate() {
        let rule = reason.rule();
        if reasons.iter().take(at).any(|earlier| earlier.rule() == rule) {
            continue;
        }
        match by_rule.iter_mut().find(|found| found.rule == rule) {
            Some(found) => found.count += 1,
            None => by_rule.push(RuleCount { rule, law: rule_name(reason, contact), count: 1 }),
        }
    }
}

/// Most first, equal ones by name.
pub(super) fn sort(counted: &mut Counted) {
    sort_rules(&mut counted.by_rule);
}

fn sort_rules(by_rule: &mut [RuleCount]) {
    by_rule.sort_by(|a, b| b.count.cmp(&a.count).then(a.rule.cmp(b.rule)));
}

/// All that is held, and both directions.
pub(super) fn sort_judged(judged: &mut Judged) {
    sort_rules(&mut judged.held_by_rule);
    sort(&mut judged.newly_held);
    sort(&mut judged.newly_allowed);
}

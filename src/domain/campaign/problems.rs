//! Validates a campaign that parsed: each problem is a sentence for the author of the file and names the key.
//! Sentences are in English, as the keys are.

use super::super::contact::{Purpose, SmsPurpose};
use super::super::department::Department;
use super::super::lang::Bilingual;
use super::super::lang::Lang;
use super::super::sms::check_ad_template;
use super::Campaign;
use super::limits::{LimitRule, LimitValue};
use std::collections::HashSet;

impl Campaign {
    /// Every reason not to take this campaign. Empty: it may be used.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.check_figures(&mut found);
        self.check_limits(&mut found);
        self.check_texts(&mut found);
        self.check_lists(&mut found);
        found
    }

    fn check_figures(&self, found: &mut Vec<String>) {
        let windows = [
            ("registration", self.registration),
            ("consultation", self.consultation),
            ("handbook", self.handbook),
        ];
        for (name, window) in windows {
            if window.to < window.from {
                found.push(format!(
                    "{name}: the last day {} is before the first day {}",
                    window.to, window.from
                ));
            }
        }
        if self.consultation.to < self.registration.to {
            found.push(format!(
                "consultation: ends on {}, before registration ends on {}",
                self.consultation.to, self.registration.to
            ));
        }
        if !(1..=1_000_000).contains(&self.quota) {
            found.push(format!("quota: {} is not between 1 and 1000000", self.quota));
        }
        if self.min_charge < 0 {
            found.push(format!("min_charge: {} is negative", self.min_charge));
        }
        for (key, value) in [("fanpage", &self.fanpage), ("hotline", &self.hotline)] {
            if value.trim().is_empty() {
                found.push(format!("{key}: is empty"));
            }
        }
    }

    fn check_limits(&self, found: &mut Vec<String>) {
        for rule in LimitRule::ALL {
            let rows: Vec<_> = self.limits.iter().filter(|row| row.rule == rule).collect();
            if rows.is_empty() {
                found.push(format!("limit: no row for {}", name_of(rule)));
            }
            let days: HashSet<_> = rows.iter().map(|row| row.valid_from).collect();
            if days.len() < rows.len() {
                found.push(format!("limit {}: two rows start on the same day", name_of(rule)));
            }
            for row in rows {
                if rule.is_clock() != matches!(row.value, LimitValue::Clock(_)) {
                    let wanted = if rule.is_clock() { "a time such as \"08:00\"" } else { "a number" };
                    found.push(format!("limit {}: the value must be {wanted}", name_of(rule)));
                }
                if !rule.is_clock() && !(1..=100_000).contains(&row.value.as_i64()) {
                    found.push(format!("limit {}: {} is not above 0", name_of(rule), row.value.as_i64()));
                }
                if row.source.trim().is_empty() {
                    found.push(format!("limit {}: no source", name_of(rule)));
                }
            }
        }
        let days: HashSet<_> = self.limits.iter().map(|row| row.valid_from).collect();
        for day in days {
            let limits = self.limits_on(day);
            let windows = [
                ("offer_call", limits.contact.offer_call),
                ("offer_sms", limits.contact.offer_sms),
                ("service_call", limits.contact.service_call),
            ];
            for (name, window) in windows {
                if window.opens_minute >= window.closes_minute {
                    found.push(format!("limit {name}: on {day} the window closes before it opens"));
                }
            }
            if limits.granule_minutes > 0 && limits.consultation_minutes % limits.granule_minutes != 0 {
                found.push(format!("limit consultation_minutes: on {day} not a multiple of granule_minutes"));
            }
        }
    }

    fn check_texts(&self, found: &mut Vec<String>) {
        let mut check = |key: String, text: &Bilingual| {
            if text.is_incomplete() {
                found.push(format!("{key}: needs a text in vi and in en"));
            }
        };
        check("name".to_owned(), &self.name);
        check("organisation".to_owned(), &self.organisation);
        check("notice.text".to_owned(), &self.notice.text);
        for step in &self.script.steps {
            check(format!("script.step {}", step.code), &step.text);
        }
        for objection in &self.script.objections {
            check(format!("script.objection {}", objection.code), &objection.question);
            check(format!("script.objection {}", objection.code), &objection.answer);
        }
        for flag in &self.red_flags.flags {
            check(format!("red_flags.flag {}", flag.code), &flag.text);
        }
        for question in &self.survey.questions {
            check(format!("survey.question {}", question.code), &question.text);
        }
        self.check_offer_details(found);
        for template in self.sms.iter().filter(|template| template.purpose == SmsPurpose::Offer) {
            for problem in check_ad_template(&template.text) {
                found.push(format!("sms {}: {}", template.code, problem.sentence(Lang::En)));
            }
        }
    }

    fn check_lists(&self, found: &mut Vec<String>) {
        for purpose in Purpose::ALL {
            let steps: Vec<_> = self.script.steps_for(purpose).collect();
            if !steps.first().is_some_and(|step| step.required && step.text.vi.contains("{agent}")) {
                found.push(format!(
                    "script: the first {} step must be required and name the caller with {{agent}}",
                    purpose.code()
                ));
            }
            twice(&format!("script.step ({})", purpose.code()), steps.iter().map(|s| s.code.as_str()), found);
        }
        twice("script.objection", self.script.objections.iter().map(|o| o.code.as_str()), found);
        twice("red_flags.flag", self.red_flags.flags.iter().map(|f| f.code.as_str()), found);
        twice("survey.question", self.survey.questions.iter().map(|q| q.code.as_str()), found);
        twice("sms", self.sms.iter().map(|s| s.code.as_str()), found);
        for department in Department::ALL {
            if self.red_flags.for_department(department).is_empty() {
                found.push(format!("red_flags: no sign for {}", department.code()));
            }
        }
        for question in &self.survey.questions {
            if question.low >= question.high || question.low < 0 || question.high > 10 {
                found.push(format!("survey.question {}: the scale must lie within 0 to 10", question.code));
            }
        }
    }
}

fn name_of(rule: LimitRule) -> String {
    serde_json::to_value(rule).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn twice<'a>(list: &str, codes: impl Iterator<Item = &'a str>, found: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for code in codes {
        if !seen.insert(code) {
            found.push(format!("{list}: the code {code} stands twice"));
        }
    }
}

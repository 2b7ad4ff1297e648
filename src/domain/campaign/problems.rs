//! Examines a campaign that parsed: each problem names the key and what is wrong there, in a sentence of
//! `locales/campaign.yml`. Nothing is loaded while there is one.

use super::super::consent::Notice;
use super::super::contact::{Purpose, SmsPurpose};
use super::super::department::Department;
use super::super::lang::{Bilingual, Lang};
use super::super::plain_words::plain_words;
use super::super::sms::{self, AdProblem, check_ad_template};
use super::Campaign;
use super::fields::{PLAIN_FIELDS, READ_OUT_FIELDS, SENT_MESSAGES, sent_message};
use super::limits::{LimitRule, LimitValue};
use super::spoken::SPOKEN_FIELDS;
use chrono::NaiveDate;
use rust_i18n::t;
use std::collections::HashSet;

/// One reason not to take a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is: the key in the file, with the code of a row, such as `sms handbook`.
    pub key: String,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a value or text of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A window ends before it begins.
    EndsBeforeItBegins {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
    /// Consultations end before registration does.
    EndsBeforeRegistration {
        /// Last day of consultations.
        to: NaiveDate,
        /// Last day of registration.
        registration: NaiveDate,
    },
    /// A number outside its range.
    OutOfRange {
        /// As written.
        value: i64,
        /// Lowest.
        low: i64,
        /// Highest.
        high: i64,
    },
    /// Nothing is written there.
    Empty,
    /// A text stands in one language alone.
    NotInBothLanguages,
    /// A limit has no row.
    NoRow,
    /// Two rows of a limit begin on one day.
    TwoRowsOnADay,
    /// The value should be a time of the day.
    NotAClock,
    /// The value should be a number.
    NotANumber,
    /// No source.
    NoSource,
    /// A daily window closes before it opens.
    ClosesBeforeItOpens {
        /// From which day.
        on: NaiveDate,
    },
    /// The longest consultation does not fit the grid of appointments.
    OffGrid {
        /// From which day.
        on: NaiveDate,
    },
    /// A merge field that is not filled in this kind of text.
    UnknownField {
        /// Its name.
        field: String,
        /// Those that are filled.
        fields: Vec<&'static str>,
    },
    /// A brace that is not closed, or no name in it.
    Braces,
    /// The message takes more parts than allowed.
    TooManySegments {
        /// With the longest values that are likely.
        segments: i64,
        /// Allowed.
        most: i64,
    },
    /// The message is marked as something else than it is.
    WrongPurpose {
        /// What it is.
        purpose: SmsPurpose,
    },
    /// An advertising message lacks what the law asks for (T9).
    Advertising(AdProblem),
    /// No step of an offer says a detail that the law asks for (T12).
    OfferSilent {
        /// Its merge field.
        field: &'static str,
        /// In which language.
        lang: Lang,
    },
    /// An advertising message does not name a detail that the law asks for (T12).
    MessageSilent {
        /// Its merge field.
        field: &'static str,
    },
    /// The first step is not required.
    FirstStepNotRequired,
    /// The first step does not say who calls (T11).
    CallerNotNamed {
        /// The field that is missing.
        field: &'static str,
    },
    /// The program sends this message and the campaign has no text for it.
    MessageMissing,
    /// The program sends no such message.
    MessageUnknown,
    /// A code stands twice.
    Twice {
        /// Which.
        code: String,
    },
    /// A department has no sign of danger.
    NoSign {
        /// Which.
        department: Department,
    },
    /// A scale outside 0 to 10, or upside down.
    BadScale,
    /// Another text had that number before.
    VersionUsed {
        /// The number.
        version: String,
    },
    /// Fewer seats than are taken.
    BelowTaken {
        /// How many are taken.
        taken: i64,
    },
    /// The file is no TOML, or a key or value in it is unknown.
    Unreadable {
        /// The parser's words, with line and key.
        why: String,
    },
}

impl Problem {
    /// A problem at a key.
    pub fn new(key: impl Into<String>, fault: Fault) -> Self {
        Self { key: key.into(), fault }
    }

    /// Key and sentence in both languages.
    pub fn sentences(&self) -> Bilingual {
        Bilingual { vi: self.sentence(Lang::Vi), en: self.sentence(Lang::En) }
    }

    /// Key and sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        format!("{}: {}", self.key, self.fault.sentence(lang))
    }
}

impl Fault {
    /// The public code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EndsBeforeItBegins { .. } => "ends_before_it_begins",
            Self::EndsBeforeRegistration { .. } => "ends_before_registration",
            Self::OutOfRange { .. } => "out_of_range",
            Self::Empty => "empty",
            Self::NotInBothLanguages => "not_in_both_languages",
            Self::NoRow => "no_row",
            Self::TwoRowsOnADay => "two_rows_on_a_day",
            Self::NotAClock => "not_a_clock",
            Self::NotANumber => "not_a_number",
            Self::NoSource => "no_source",
            Self::ClosesBeforeItOpens { .. } => "closes_before_it_opens",
            Self::OffGrid { .. } => "off_grid",
            Self::UnknownField { .. } => "unknown_field",
            Self::Braces => "braces",
            Self::TooManySegments { .. } => "too_many_segments",
            Self::WrongPurpose { .. } => "wrong_purpose",
            Self::Advertising(_) => "advertising",
            Self::OfferSilent { .. } => "offer_silent",
            Self::MessageSilent { .. } => "message_silent",
            Self::FirstStepNotRequired => "first_step_not_required",
            Self::CallerNotNamed { .. } => "caller_not_named",
            Self::MessageMissing => "message_missing",
            Self::MessageUnknown => "message_unknown",
            Self::Twice { .. } => "twice",
            Self::NoSign { .. } => "no_sign",
            Self::BadScale => "bad_scale",
            Self::VersionUsed { .. } => "version_used",
            Self::BelowTaken { .. } => "below_taken",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// The sentence for the author of the file.
    pub fn sentence(&self, lang: Lang) -> String {
        let mut text = t!(format!("campaign.fault.{}", self.code()), locale = lang.code()).into_owned();
        for (name, value) in self.facts(lang) {
            text = text.replace(&format!("%{{{name}}}"), &value);
        }
        text
    }

    fn facts(&self, lang: Lang) -> Vec<(&'static str, String)> {
        let day = |date: &NaiveDate| date.format("%d/%m/%Y").to_string();
        match self {
            Self::EndsBeforeItBegins { from, to } => vec![("from", day(from)), ("to", day(to))],
            Self::EndsBeforeRegistration { to, registration } => {
                vec![("to", day(to)), ("registration", day(registration))]
            }
            Self::OutOfRange { value, low, high } => {
                vec![("value", value.to_string()), ("low", low.to_string()), ("high", high.to_string())]
            }
            Self::ClosesBeforeItOpens { on } | Self::OffGrid { on } => vec![("on", day(on))],
            Self::UnknownField { field, fields } => {
                let names: Vec<String> = fields.iter().map(|name| format!("{{{name}}}")).collect();
                let fields = if names.is_empty() { "–".to_owned() } else { names.join(" ") };
                vec![("field", format!("{{{field}}}")), ("fields", fields)]
            }
            Self::TooManySegments { segments, most } => {
                vec![("segments", segments.to_string()), ("most", most.to_string())]
            }
            Self::WrongPurpose { purpose } => vec![("purpose", purpose.code().to_owned())],
            Self::Advertising(problem) => vec![("problem", problem.sentence(lang))],
            Self::CallerNotNamed { field } | Self::MessageSilent { field } => {
                vec![("field", format!("{{{field}}}"))]
            }
            Self::OfferSilent { field, lang } => {
                vec![("field", format!("{{{field}}}")), ("lang", lang.code().to_owned())]
            }
            Self::Twice { code } => vec![("code", code.clone())],
            Self::NoSign { department } => vec![("department", department.label(lang))],
            Self::VersionUsed { version } => vec![("version", version.clone())],
            Self::BelowTaken { taken } => vec![("taken", taken.to_string())],
            Self::Unreadable { why } => vec![("why", plain_words(why, lang))],
            Self::Empty
            | Self::NotInBothLanguages
            | Self::NoRow
            | Self::TwoRowsOnADay
            | Self::NotAClock
            | Self::NotANumber
            | Self::NoSource
            | Self::Braces
            | Self::FirstStepNotRequired
            | Self::MessageMissing
            | Self::MessageUnknown
            | Self::BadScale => Vec::new(),
        }
    }
}

impl Campaign {
    /// Every reason not to take this campaign. Empty: it may be used.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        self.check_figures(&mut found);
        self.check_limits(&mut found);
        self.check_texts(&mut found);
        self.check_messages(&mut found);
        self.check_lists(&mut found);
        found
    }

    /// What speaks against this campaign beside one that was in force: a text under the number of another text, so
    /// that what is kept with calls, consents, screenings and surveys would name two texts.
    pub fn problems_beside(&self, older: &Self) -> Vec<Problem> {
        let same_script =
            (&self.script.steps, &self.script.objections) == (&older.script.steps, &older.script.objections);
        let notice = Notice { version: older.notice.version.clone(), ..self.notice.clone() };
        let same_survey = (&self.survey.questions, &self.survey.comment)
            == (&older.survey.questions, &older.survey.comment);
        let texts = [
            (
                "script.version",
                same_script,
                self.script.version.to_string(),
                older.script.version.to_string(),
            ),
            (
                "notice.version",
                notice == older.notice,
                self.notice.version.clone(),
                older.notice.version.clone(),
            ),
            (
                "red_flags.version",
                self.red_flags.flags == older.red_flags.flags,
                self.red_flags.version.to_string(),
                older.red_flags.version.to_string(),
            ),
            (
                "survey.version",
                same_survey,
                self.survey.version.to_string(),
                older.survey.version.to_string(),
            ),
        ];
        texts
            .into_iter()
            .filter(|(_, same, now, then)| !same && now == then)
            .map(|(key, _, version, _)| Problem::new(key, Fault::VersionUsed { version }))
            .collect()
    }

    fn check_figures(&self, found: &mut Vec<Problem>) {
        let windows = [
            ("registration", self.registration),
            ("consultation", self.consultation),
            ("handbook", self.handbook),
        ];
        for (key, window) in windows {
            if window.to < window.from {
                let fault = Fault::EndsBeforeItBegins { from: window.from, to: window.to };
                found.push(Problem::new(key, fault));
            }
        }
        if self.consultation.to < self.registration.to {
            let (to, registration) = (self.consultation.to, self.registration.to);
            found.push(Problem::new("consultation", Fault::EndsBeforeRegistration { to, registration }));
        }
        for (key, value, low, high) in
            [("quota", self.quota, 1, 1_000_000), ("min_charge", self.min_charge, 0, 1_000_000_000)]
        {
            if !(low..=high).contains(&value) {
                found.push(Problem::new(key, Fault::OutOfRange { value, low, high }));
            }
        }
        let texts = [
            ("fanpage", &self.fanpage),
            ("hotline", &self.hotline),
            ("handbook_url", &self.handbook_url),
            ("notice.version", &self.notice.version),
        ];
        for (key, value) in texts {
            if value.trim().is_empty() {
                found.push(Problem::new(key, Fault::Empty));
            }
        }
    }

    fn check_limits(&self, found: &mut Vec<Problem>) {
        for rule in LimitRule::ALL {
            let key = format!("limit {}", rule.code());
            let mut add = |fault| found.push(Problem::new(key.clone(), fault));
            let rows: Vec<_> = self.limits.iter().filter(|row| row.rule == rule).collect();
            if rows.is_empty() {
                add(Fault::NoRow);
            }
            let days: HashSet<_> = rows.iter().map(|row| row.valid_from).collect();
            if days.len() < rows.len() {
                add(Fault::TwoRowsOnADay);
            }
            for row in rows {
                match (rule.is_clock(), row.value) {
                    (true, LimitValue::Number(_)) => add(Fault::NotAClock),
                    (false, LimitValue::Clock(_)) => add(Fault::NotANumber),
                    (false, LimitValue::Number(value)) if !(1..=100_000).contains(&value) => {
                        add(Fault::OutOfRange { value, low: 1, high: 100_000 });
                    }
                    (true, LimitValue::Clock(_)) | (false, LimitValue::Number(_)) => {}
                }
                if row.source.trim().is_empty() {
                    add(Fault::NoSource);
                }
            }
        }
        let days: HashSet<_> = self.limits.iter().map(|row| row.valid_from).collect();
        for on in days {
            let limits = self.limits_on(on);
            let windows = [
                ("limit offer_call", limits.contact.offer_call),
                ("limit offer_sms", limits.contact.offer_sms),
                ("limit service_call", limits.contact.service_call),
            ];
            for (key, window) in windows {
                if window.opens_minute >= window.closes_minute {
                    found.push(Problem::new(key, Fault::ClosesBeforeItOpens { on }));
                }
            }
            if limits.granule_minutes > 0 && limits.consultation_minutes % limits.granule_minutes != 0 {
                found.push(Problem::new("limit consultation_minutes", Fault::OffGrid { on }));
            }
        }
    }

    fn check_texts(&self, found: &mut Vec<Problem>) {
        let mut check = |key: String, text: &Bilingual, fields: &[&'static str]| {
            if text.is_incomplete() {
                found.push(Problem::new(key.clone(), Fault::NotInBothLanguages));
            }
            for lang in [Lang::Vi, Lang::En] {
                let key = format!("{key} {}", lang.code());
                found.extend(
                    field_faults(text.get(lang), fields).map(|fault| Problem::new(key.clone(), fault)),
                );
            }
        };
        check("name".to_owned(), &self.name, PLAIN_FIELDS);
        check("organisation".to_owned(), &self.organisation, PLAIN_FIELDS);
        for (key, text) in [
            ("notice.text", &self.notice.text),
            ("notice.register", &self.notice.register),
            ("notice.handbook", &self.notice.handbook),
            ("notice.survey", &self.notice.survey),
            ("notice.marketing", &self.notice.marketing),
        ] {
            check(key.to_owned(), text, READ_OUT_FIELDS);
        }
        for step in &self.script.steps {
            let key = format!("script.step {}/{}", step.purpose.code(), step.code);
            check(key, &step.text, &SPOKEN_FIELDS);
        }
        for objection in &self.script.objections {
            let key = format!("script.objection {}", objection.code);
            check(format!("{key} question"), &objection.question, PLAIN_FIELDS);
            check(format!("{key} answer"), &objection.answer, &SPOKEN_FIELDS);
        }
        for flag in &self.red_flags.flags {
            check(format!("red_flags.flag {}", flag.code), &flag.text, PLAIN_FIELDS);
        }
        for question in &self.survey.questions {
            check(format!("survey.question {}", question.code), &question.text, READ_OUT_FIELDS);
        }
        check("survey.comment".to_owned(), &self.survey.comment, READ_OUT_FIELDS);
        self.check_offer_details(found);
    }

    fn check_messages(&self, found: &mut Vec<Problem>) {
        for message in SENT_MESSAGES {
            if self.sms_template(message.code).is_none() {
                found.push(Problem::new(format!("sms {}", message.code), Fault::MessageMissing));
            }
        }
        let rows = self.limits.iter().filter(|row| row.rule == LimitRule::SmsMaxSegments);
        let most = rows.max_by_key(|row| row.valid_from).map_or(i64::MAX, |row| row.value.as_i64());
        for template in &self.sms {
            let mut add = |fault| found.push(Problem::new(format!("sms {}", template.code), fault));
            let Some(message) = sent_message(&template.code) else {
                add(Fault::MessageUnknown);
                continue;
            };
            if template.purpose != message.purpose {
                add(Fault::WrongPurpose { purpose: message.purpose });
            }
            let values = self.longest_values(message);
            let fields: Vec<&'static str> = values.iter().map(|(field, _)| *field).collect();
            let faults: Vec<Fault> = field_faults(&template.text, &fields).collect();
            if template.text.trim().is_empty() {
                add(Fault::Empty);
            } else if faults.is_empty()
                && let Ok(body) = sms::render(&template.text, &texts(&values))
            {
                let segments = sms::segments(&body).len() as i64;
                if segments > most {
                    add(Fault::TooManySegments { segments, most });
                }
            }
            faults.into_iter().for_each(&mut add);
            if message.purpose == SmsPurpose::Offer {
                check_ad_template(&template.text).into_iter().map(Fault::Advertising).for_each(add);
            }
        }
    }

    fn check_lists(&self, found: &mut Vec<Problem>) {
        for purpose in Purpose::ALL {
            let steps: Vec<_> = self.script.steps_for(purpose).collect();
            let key = format!("script.step ({})", purpose.code());
            twice(&key, steps.iter().map(|s| s.code.as_str()), found);
            let Some(first) = steps.first() else {
                found.push(Problem::new(key, Fault::FirstStepNotRequired));
                continue;
            };
            let key = format!("script.step {}/{}", purpose.code(), first.code);
            if !first.required {
                found.push(Problem::new(key.clone(), Fault::FirstStepNotRequired));
            }
            let named: &[&'static str] =
                if purpose.is_offer_contact() { &["agent", "organisation"] } else { &["agent"] };
            for &field in named {
                let place = format!("{{{field}}}");
                if [Lang::Vi, Lang::En].iter().any(|lang| !first.text.get(*lang).contains(&place)) {
                    found.push(Problem::new(key.clone(), Fault::CallerNotNamed { field }));
                }
            }
        }
        twice("script.objection", self.script.objections.iter().map(|o| o.code.as_str()), found);
        twice("red_flags.flag", self.red_flags.flags.iter().map(|f| f.code.as_str()), found);
        twice("survey.question", self.survey.questions.iter().map(|q| q.code.as_str()), found);
        twice("sms", self.sms.iter().map(|s| s.code.as_str()), found);
        for department in Department::ALL {
            if self.red_flags.for_department(department).is_empty() {
                found.push(Problem::new("red_flags", Fault::NoSign { department }));
            }
        }
        for question in &self.survey.questions {
            if question.low >= question.high || question.low < 0 || question.high > 10 {
                found.push(Problem::new(format!("survey.question {}", question.code), Fault::BadScale));
            }
        }
    }
}

/// What is wrong with the merge fields of a text in which `fields` are filled.
fn field_faults(text: &str, fields: &[&'static str]) -> impl Iterator<Item = Fault> {
    let faults: Vec<Fault> = match sms::fields(text) {
        Err(_) => vec![Fault::Braces],
        Ok(named) => named
            .into_iter()
            .filter(|field| !fields.contains(field))
            .map(|field| Fault::UnknownField { field: field.to_owned(), fields: fields.to_vec() })
            .collect(),
    };
    faults.into_iter()
}

/// The values as the renderer takes them.
fn texts<'a>(values: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    values.iter().map(|(field, value)| (*field, value.as_str())).collect()
}

fn twice<'a>(list: &str, codes: impl Iterator<Item = &'a str>, found: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for code in codes {
        if !seen.insert(code) {
            found.push(Problem::new(list, Fault::Twice { code: code.to_owned() }));
        }
    }
}

//! The configuration of a programme: windows, seats, limits with their source and date, texts. A campaign is the
//! built-in one (`assets/*.toml`), with single parts replaced by a campaign file; it is stored as JSON.
//!
//! Invariants:
//! - every figure of law or contract is a dated row of [`limits::Limit`], never a constant in code;
//! - unknown keys are refused;
//! - a store takes a campaign only when [`Campaign::problems`] is empty.
//!
//! Deliberately absent: people and lists.

pub mod change;
pub mod facility;
pub mod fields;
pub mod limits;
pub mod problems;
pub mod script;
pub mod spoken;
pub mod window;

mod offer_details;
#[cfg(test)]
mod spoken_tests;
#[cfg(test)]
mod tests;

use super::calendar::Holidays;
use super::case::SeatOfUnfinished;
use super::consent::{ConsentAges, Notice};
use super::contact::{ProgrammeSpans, Span};
use super::degree::DegreePolicy;
use super::lang::Bilingual;
use super::survey::Questionnaire;
use super::triage::{DepartmentHint, RedFlagList};
use chrono::NaiveDate;
use facility::Facility;
use limits::{Limit, LimitRule, Limits};
use script::{Script, SmsTemplate};
use serde::{Deserialize, Serialize};
use std::fmt;
use window::DateWindow;

/// The built-in files. Each spells its own top-level keys, so that any of them can stand in a campaign file.
const BUILT_IN: [&str; 7] = [
    include_str!("../../../assets/campaign.toml"),
    include_str!("../../../assets/script.toml"),
    include_str!("../../../assets/red_flags.toml"),
    include_str!("../../../assets/departments.toml"),
    include_str!("../../../assets/survey.toml"),
    include_str!("../../../assets/sms.toml"),
    include_str!("../../../assets/holidays.toml"),
];

/// One programme's configuration. TOML in files, JSON in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// Name of the programme.
    pub name: Bilingual,
    /// The name of the caller in the script's first sentence (T11).
    pub organisation: Bilingual,
    /// Where the caller is; empty: not given, see [`Campaign::missing_offer_details`].
    #[serde(default)]
    pub organisation_address: Bilingual,
    /// The facility that treats.
    #[serde(default)]
    pub facility: Facility,
    /// The fanpage of customer group 2.
    pub fanpage: String,
    /// The hotline.
    pub hotline: String,
    /// Days on which customers may register.
    pub registration: DateWindow,
    /// Days on which consultations take place.
    pub consultation: DateWindow,
    /// Days on which the handbook link works.
    pub handbook: DateWindow,
    /// Where the handbook is published; no health words and no phone number in it.
    pub handbook_url: String,
    /// Seats.
    pub quota: i64,
    /// Least bill of a listed customer per billing cycle, in đồng.
    pub min_charge: i64,
    /// Whether a child agrees beside the representative, from the age that the limits name.
    #[serde(default = "yes")]
    pub child_agreement: bool,
    /// Whether a listed customer may register through the fanpage.
    pub allow_listed_on_fanpage: bool,
    /// What becomes of the seat of a customer who declined at Vinmec or could not be reached there.
    #[serde(default)]
    pub seat_of_unfinished: SeatOfUnfinished,
    /// Whether the hotline is only for listed customers whom the programme's SMS has reached.
    #[serde(default = "yes")]
    pub sms_required: bool,
    /// The privacy notice that is read out, and its version.
    pub notice: Notice,
    /// Which degrees qualify beside Master's and above.
    pub degree: DegreePolicy,
    /// Every limit with its source and its first day.
    #[serde(rename = "limit")]
    pub limits: Vec<Limit>,
    /// What agents say.
    pub script: Script,
    /// Signs of acute problems.
    pub red_flags: RedFlagList,
    /// Words of a need that point to a department.
    pub departments: Vec<DepartmentHint>,
    /// The satisfaction survey.
    pub survey: Questionnaire,
    /// Texts of messages.
    pub sms: Vec<SmsTemplate>,
    /// Public holidays.
    pub holidays: Holidays,
}

/// What a campaign that was stored before a switch existed says about it.
const fn yes() -> bool {
    true
}

/// The dates of a programme, all days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// First day of everything.
    pub from: NaiveDate,
    /// Last day of registration.
    pub to: NaiveDate,
    /// Last day of consultations.
    pub consult_until: NaiveDate,
    /// Last day of the handbook.
    pub handbook_until: NaiveDate,
}

/// Why a campaign text is unusable; the text is the parser's, with line and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignError(pub String);

impl fmt::Display for CampaignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CampaignError {}

impl Campaign {
    /// The built-in campaign with these dates.
    ///
    /// # Errors
    /// Only when a built-in file is broken, which a test excludes.
    pub fn default_for(
        from: NaiveDate,
        to: NaiveDate,
        consult_until: NaiveDate,
        handbook_until: NaiveDate,
    ) -> Result<Self, CampaignError> {
        Self::with_file("", Dates { from, to, consult_until, handbook_until })
    }

    /// The built-in campaign with these dates and the top-level keys of a campaign file put in the place of its
    /// own. The dates win over windows in the file.
    ///
    /// # Errors
    /// The text is not TOML, holds an unknown key or a value of another type.
    pub fn with_file(file: &str, dates: Dates) -> Result<Self, CampaignError> {
        let mut table = built_in()?;
        table.extend(parse(file)?);
        let Dates { from, to, consult_until, handbook_until } = dates;
        for (key, to) in [("registration", to), ("consultation", consult_until), ("handbook", handbook_until)]
        {
            table.insert(key.to_owned(), DateWindow { from, to }.to_toml());
        }
        of_table(table)
    }

    /// This campaign with the top-level keys of a campaign file put in the place of its own, windows included.
    ///
    /// # Errors
    /// The text is not TOML, holds an unknown key or a value of another type.
    pub fn changed_by(&self, file: &str) -> Result<Self, CampaignError> {
        let mut table = toml::Table::try_from(self).map_err(|error| CampaignError(error.to_string()))?;
        table.extend(parse(file)?);
        of_table(table)
    }

    /// The whole campaign as a campaign file.
    ///
    /// # Errors
    /// Never for a campaign that was read by this type.
    pub fn to_toml(&self) -> Result<String, CampaignError> {
        toml::to_string_pretty(self).map_err(|error| CampaignError(error.to_string()))
    }

    /// Reads the stored form. A limit that an older program did not know holds as it is built in.
    ///
    /// # Errors
    /// The text is not a stored campaign.
    pub fn from_json(text: &str) -> Result<Self, CampaignError> {
        let mut stored: Self =
            serde_json::from_str(text).map_err(|error| CampaignError(error.to_string()))?;
        let lacks = |rule: LimitRule| !stored.limits.iter().any(|row| row.rule == rule);
        if LimitRule::ALL.into_iter().any(lacks) {
            let known: Vec<Limit> = built_in()?
                .remove("limit")
                .unwrap_or_else(|| toml::Value::Array(Vec::new()))
                .try_into()
                .map_err(|error: toml::de::Error| CampaignError(error.to_string()))?;
            let added: Vec<Limit> = known.into_iter().filter(|row| lacks(row.rule)).collect();
            stored.limits.extend(added);
        }
        Ok(stored)
    }

    /// The stored form.
    ///
    /// # Errors
    /// Never for a campaign that was read by this type.
    pub fn to_json(&self) -> Result<String, CampaignError> {
        serde_json::to_string(self).map_err(|error| CampaignError(error.to_string()))
    }

    /// The limits in force on that day: of each rule the row with the latest `valid_from` not after it, or the
    /// rule's first row before any is valid.
    pub fn limits_on(&self, date: NaiveDate) -> Limits {
        Limits::on(&self.limits, self.programme_spans(), date)
    }

    /// The windows that the contact rules know. The last survey is asked about the last consultation: its window
    /// ends with the programme, and at the earliest as many days after that consultation as the limit allows.
    fn programme_spans(&self) -> ProgrammeSpans {
        let span = |window: &DateWindow| Span { from: window.opens(), until: window.closes() };
        let within_days = self.limits.iter().filter(|row| row.rule == LimitRule::SurveyWithinDays);
        let last_survey = self
            .consultation
            .closes()
            .plus_days(within_days.map(|row| row.value.as_i64()).max().unwrap_or(0));
        ProgrammeSpans {
            offer: span(&self.registration),
            intake: Span { from: self.registration.opens(), until: self.consultation.closes() },
            survey: Span { from: self.consultation.opens(), until: self.handbook.closes().max(last_survey) },
            sms_required: self.sms_required,
            details_given: self.missing_offer_details().is_empty(),
        }
    }

    /// The ages that decide who must agree to a registration, on that day.
    pub fn consent_ages(&self, date: NaiveDate) -> ConsentAges {
        let limits = self.limits_on(date);
        let age = limits.child_agreement_age;
        let child_agrees = (self.child_agreement && age > 0).then_some(age);
        ConsentAges { adult: limits.adult_age, child_agrees }
    }

    /// The message template with that code.
    pub fn sms_template(&self, code: &str) -> Option<&SmsTemplate> {
        self.sms.iter().find(|template| template.code == code)
    }
}

/// The keys of the built-in files.
fn built_in() -> Result<toml::Table, CampaignError> {
    let mut table = toml::Table::new();
    for text in BUILT_IN {
        table.extend(parse(text)?);
    }
    Ok(table)
}

fn parse(text: &str) -> Result<toml::Table, CampaignError> {
    text.parse().map_err(|error: toml::de::Error| CampaignError(error.to_string()))
}

fn of_table(table: toml::Table) -> Result<Campaign, CampaignError> {
    table.try_into().map_err(|error: toml::de::Error| CampaignError(error.to_string()))
}

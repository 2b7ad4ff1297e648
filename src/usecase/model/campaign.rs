//! Versions of the campaign, and how two of them differ.

use crate::domain::campaign::Campaign;
use crate::domain::campaign::change::{Change, part_label};
use crate::domain::campaign::facility::OfferDetail;
use crate::domain::campaign::problems::Problem;
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::usecase::model::replay::Replay;
use rust_i18n::t;
use serde::{Serialize, Serializer};

/// A version in the list of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionLine {
    /// Its number.
    pub version: i64,
    /// Whether it is in force.
    pub in_force: bool,
    /// Since when it was in force.
    pub loaded_at: Timestamp,
    /// Who loaded it.
    pub loaded_by: StaffId,
    /// Their name.
    pub loaded_by_name: String,
    /// Why, in their words.
    pub reason: Option<String>,
    /// The top-level keys in which it differed from the one before.
    pub changed: Vec<String>,
    /// The number of its script, kept with calls.
    pub script: Option<i64>,
    /// The version of its notice, kept with consents.
    pub notice: Option<String>,
    /// The number of its red flags, kept with screenings.
    pub red_flags: Option<i64>,
    /// The number of its questionnaire, kept with surveys.
    pub survey: Option<i64>,
}

/// One version, whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CampaignModel {
    /// Its number.
    pub version: i64,
    /// Whether it is in force.
    pub in_force: bool,
    /// Since when it was in force.
    pub loaded_at: Timestamp,
    /// Who loaded it.
    pub loaded_by: StaffId,
    /// The configuration.
    pub campaign: Campaign,
}

/// How a proposed campaign differs from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignDiff {
    /// The version that it is compared with.
    pub base: i64,
    /// Every difference.
    pub changes: Vec<Change>,
    /// Why it could not be loaded.
    pub problems: Vec<ProblemLine>,
    /// What an offer has to name and the campaign does not give: a real store holds its offers.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "keys")]
    pub missing: Vec<OfferDetail>,
    /// Whom a shorter window touches; none when no window is shorter.
    pub shortened: Option<Touched>,
    /// The last days judged again under it, when that was asked for and it could be loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<Box<Replay>>,
    /// The text of the file that was compared, so that what is loaded is what was compared.
    #[serde(skip)]
    pub file: Option<String>,
}

impl CampaignDiff {
    /// As people read it: the changes by part, whom a shorter window touches, the last days judged again, the problems.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let compared = t!("campaign.compared", locale = lang.code(), version = self.base);
        let mut lines = vec![compared.into_owned()];
        let mut part = "";
        for change in &self.changes {
            if change.part != part {
                part = &change.part;
                lines.push(part_label(part, lang));
            }
            lines.extend(change.lines(lang).into_iter().map(|line| format!("  {line}")));
        }
        lines.extend(self.shortened.map(|touched| touched.sentence(lang)));
        if let Some(replay) = &self.replay {
            lines.push(String::new());
            lines.extend(replay.lines(lang));
        }
        lines.extend(offers_held(&self.missing, lang));
        lines.extend(self.problems.iter().map(|ProblemLine(problem)| problem.sentence(lang)));
        lines
    }
}

/// The warning that offers are held, while a detail is missing.
pub fn offers_held(missing: &[OfferDetail], lang: Lang) -> Option<String> {
    let details: Vec<String> = missing.iter().map(|detail| detail.label(lang)).collect();
    (!missing.is_empty())
        .then(|| t!("campaign.offers_held", locale = lang.code(), details = details.join(", ")).into_owned())
}

/// The keys of a campaign file.
fn keys<S: Serializer>(missing: &[OfferDetail], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(missing.iter().map(|detail| detail.key()))
}

impl Touched {
    /// Whom they touch, in a sentence.
    pub fn sentence(self, lang: Lang) -> String {
        let Self { registrations, promises, appointments, links } = self;
        Refusal::WindowShortened { registrations, promises, appointments, links }.message(lang)
    }
}

/// A problem of a campaign. JSON form: `key`, `rule`, and `message` in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemLine(pub Problem);

impl Serialize for ProblemLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'a> {
            key: &'a str,
            rule: &'static str,
            message: String,
        }
        let Problem { key, fault } = &self.0;
        Form { key, rule: fault.code(), message: fault.sentence(Lang::En) }.serialize(serializer)
    }
}

/// Whom shorter windows touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// Registrations made outside the new window, or that wait for a consultation after its end.
    pub registrations: i64,
    /// Callbacks promised outside it.
    pub promises: i64,
    /// Appointments outside it.
    pub appointments: i64,
    /// Handbook links that name a later day.
    pub links: i64,
}

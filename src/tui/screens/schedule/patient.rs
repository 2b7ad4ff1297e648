//! What Vinmec asks about the patient of the open case: the birth year, and the own answer of those whom 9090 could not
//! reach.
//!
//! Invariants:
//! * nobody's answer is chosen beforehand, and the notice is on screen while it is asked;
//! * a no ends the registration and is asked about first; a yes can be answered anew.

use super::notices::warn;
use super::state::{Save, Schedule};
use super::window::{Topic, Window};
use crate::domain::consent::ConsentParty;
use crate::domain::lang::Lang;
use crate::domain::name::Salutation;
use crate::tui::applicant;
use crate::tui::call::merge::talk_to;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::field::{Field, Kind};
use crate::tui::form::Form;
use crate::tui::say::Say;
use crate::usecase::command::Command;
use crate::usecase::model::case::CaseFile;
use crate::usecase::{Query, Receipt};

/// The name of the patient, who may be the customer.
pub fn name(file: &CaseFile) -> &str {
    file.patient.as_deref().unwrap_or(&file.name)
}

/// The names of these parties, in a row.
pub fn parties(parties: &[ConsentParty], lang: Lang) -> String {
    parties.iter().map(|party| party.label(lang)).collect::<Vec<_>>().join(", ")
}

impl Schedule {
    /// The open case, once read.
    pub(super) fn file(&self) -> Option<&CaseFile> {
        self.intake.as_ref()?.file.as_ref()
    }

    /// The window that asks for the birth year, with the one on record.
    pub(super) fn birth_year_window(&self) -> Option<Window> {
        let file = self.file()?;
        let mut form = applicant::with_birth_year(Form::new());
        form.set_text("birth_year", &file.birth_year.map_or_else(String::new, |year| year.to_string()));
        let is_spoken_for = file.representative.is_some();
        let topic = Topic::BirthYear { case: file.case, is_spoken_for };
        let help = Say::key("schedule.popup.birth_year_help");
        Some(Window::new(topic, Say::key("schedule.popup.birth_year"), form).whom(name(file)).help(help))
    }

    /// The window that asks the first of those who must agree and have not.
    pub(super) fn consent_window(&self, ctx: &Ctx) -> Option<Window> {
        let file = self.file()?;
        let party = *file.consents_missing.first()?;
        let options = ["schedule.consent.yes", "schedule.consent.no"];
        let by = Field::new(Kind::Text).max(120).placeholder("schedule.consent.spoken_by_hint");
        let form = Form::new().choice("given", "schedule.consent.given", &options).field(
            "spoken_by",
            "schedule.consent.spoken_by",
            by,
        );
        let topic = Topic::Consent { case: file.case, party };
        let title = Say::key("schedule.popup.consent").with("party", party.label(ctx.lang));
        let text = Say::Plain(read_out(file, party, ctx));
        Some(Window::new(topic, title, form).whom(asked(file, party)).help(text))
    }

    /// Sends an answer; asks before a no, because that ends the registration.
    pub(super) fn send_consent(&mut self, command: Command, party: ConsentParty, whom: &str) -> Vec<Effect> {
        let then = [Query::Cases {}];
        if matches!(&command, Command::RecordConsent(consent) if consent.given) {
            return vec![self.requests.save(Save::Patient, command, then)];
        }
        let name = self.file().map_or(whom, name);
        let text = Say::key("schedule.ask.no_consent").with("whom", whom).with("name", name);
        let key = match party {
            ConsentParty::Customer | ConsentParty::Representative => "schedule.ask.no_consent_detail",
            ConsentParty::Patient | ConsentParty::Child => "schedule.ask.no_consent_own_detail",
        };
        vec![self.requests.ask(Save::Patient, command, then, text, Say::key(key))]
    }

    /// Follows what was recorded: the case is read again, or closed when the answer ended it.
    pub(super) fn patient_saved(&mut self, receipt: Option<&Receipt>, ctx: &Ctx) -> Vec<Effect> {
        self.windows.close();
        let missing = match receipt {
            Some(Receipt::ConsentRecorded { seat_freed: Some(freed), .. }) => {
                let key = if *freed { "schedule.done.refused_freed" } else { "schedule.done.refused" };
                let say = Say::key(key).with("name", self.file().map_or("", name));
                self.desk.close(&mut self.requests);
                self.close_case();
                return warn(say);
            }
            Some(Receipt::ConsentRecorded { missing, .. } | Receipt::BirthYearRecorded { missing }) => {
                missing
            }
            _ => return Vec::new(),
        };
        let say = if missing.is_empty() {
            Say::key("schedule.done.patient")
        } else {
            Say::key("schedule.done.patient_missing").with("parties", parties(missing, ctx.lang))
        };
        let read = self.intake.as_ref().map(|intake| intake.case).map(|case| self.read_case(case));
        std::iter::once(Effect::ok(say)).chain(read).collect()
    }
}

/// Who is asked: the party's own name where it is known.
fn asked(file: &CaseFile, party: ConsentParty) -> String {
    match party {
        ConsentParty::Customer => file.name.clone(),
        ConsentParty::Representative => file.representative.clone().unwrap_or_else(|| file.name.clone()),
        ConsentParty::Patient | ConsentParty::Child => name(file).to_owned(),
    }
}

/// The notice and the question as they are said to who answers. Only the customer's kinship word is known.
fn read_out(file: &CaseFile, party: ConsentParty, ctx: &Ctx) -> String {
    let word = match party {
        ConsentParty::Customer => file.salutation.as_deref(),
        ConsentParty::Child => Some(Salutation::Em.code()),
        ConsentParty::Representative | ConsentParty::Patient => None,
    };
    let name = asked(file, party);
    let talk = talk_to(&name, word, ctx);
    let notice = &ctx.campaign.notice;
    let parts = [&notice.text, &notice.register].map(|text| ctx.campaign.spoken(text, &talk, ctx.lang));
    parts.map(|text| text.trim().to_owned()).join(" ")
}

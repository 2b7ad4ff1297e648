//! The registration form: consents first, never ticked beforehand; the name filled in; who is to be advised, when
//! it is somebody else. A draft belongs to one number and is kept until that number is registered.
//!
//! Deliberately absent: whether the customer may register at all; the door says that.

use super::keys::consent_cap;
use super::opened::Opened;
use crate::domain::consent::{ConsentAnswers, ConsentPurpose, Representative, is_minor};
use crate::domain::refusal::Refusal;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::{Control, Form};
use crate::tui::say::Say;
use crate::usecase::Error;
use crate::usecase::command::{Channel, GivenRepresentative, Patient, Register};

const NAME: &str = "name";
const WAITLIST: &str = "waitlist";
const OTHER: &str = "other";
const PATIENT: &str = "patient";
const BIRTH_YEAR: &str = "birth_year";
const REPRESENTATIVE: &str = "representative";
const RELATION: &str = "relation";

/// A registration that is being filled in.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// E.164; the draft is this number's.
    pub phone: String,
    /// The fields.
    pub form: Form,
    /// Why the last try was refused, until something is changed.
    pub refused: Option<Error>,
}

impl Draft {
    /// An empty form for this customer. The focus stands on the name when it is unknown, otherwise on the first
    /// consent.
    pub fn new(opened: &Opened) -> Self {
        let customer = &opened.customer;
        let mut form =
            Form::new().field(NAME, "reg.form.name", Field::new(Kind::Text).holding(&customer.name));
        for (at, purpose) in ConsentPurpose::ALL.into_iter().enumerate() {
            let label = Say::key(consent_key(purpose)).with("cap", consent_cap(at));
            form = form.item(purpose.code(), label, Control::Tick(false));
        }
        form = form.tick(OTHER, "reg.form.other").tick(WAITLIST, "reg.form.waitlist");
        form.set_tick(WAITLIST, true);
        if !customer.name.trim().is_empty() {
            form.focus_on(ConsentPurpose::Register.code());
        }
        Self { phone: customer.phone.clone(), form, refused: None }
    }

    /// Something was changed: brings the patient's fields when somebody else is to be advised, leaves what
    /// was typed there when the tick goes again (it is then not sent), and forgets the last refusal.
    pub fn follow(&mut self) {
        self.refused = None;
        let (wanted, there) = (self.form.ticked(OTHER), self.form.find_field(PATIENT).is_some());
        if wanted && !there {
            self.form = std::mem::take(&mut self.form)
                .field(PATIENT, "reg.form.patient", Field::new(Kind::Text))
                .field(BIRTH_YEAR, "reg.form.birth_year", Field::new(Kind::Digits).max(4))
                .field(
                    REPRESENTATIVE,
                    "reg.form.representative",
                    Field::new(Kind::Text).placeholder("reg.form.representative_hint"),
                )
                .field(
                    RELATION,
                    "reg.form.relation",
                    Field::new(Kind::Text).max(40).placeholder("reg.form.relation_hint"),
                );
        }
    }

    /// Turns the answer to a consent over.
    pub fn turn(&mut self, at: usize) {
        if let Some(purpose) = ConsentPurpose::ALL.get(at) {
            let on = self.form.ticked(purpose.code());
            self.form.set_tick(purpose.code(), !on);
            self.form.focus_on(purpose.code());
            self.form.touched();
            self.refused = None;
        }
    }

    /// The command, when everything is there; otherwise the item is marked.
    pub fn command(&mut self, opened: &Opened, channel: Channel, ctx: &Ctx) -> Option<Register> {
        self.form.clear_errors();
        let name = self.form.value(NAME);
        if name.is_none() {
            self.form.set_error(NAME, Say::from(Refusal::FieldInvalid { field: NAME, reason: "empty" }));
            return None;
        }
        let ticked = |purpose: ConsentPurpose| self.form.ticked(purpose.code());
        let consents = ConsentAnswers {
            register: ticked(ConsentPurpose::Register),
            handbook: ticked(ConsentPurpose::Handbook),
            survey: ticked(ConsentPurpose::Survey),
            marketing: ticked(ConsentPurpose::Marketing),
        };
        if let Err(refusal) = consents.check() {
            self.form.blame(&refusal);
            return None;
        }
        let patient = if self.form.ticked(OTHER) { Some(self.patient(ctx)?) } else { None };
        Some(Register {
            name: name.filter(|name| *name != opened.customer.name),
            consents,
            waitlist: self.form.ticked(WAITLIST),
            patient,
            lead: opened.lead,
            ..Register::new(self.phone.clone(), channel)
        })
    }

    /// The patient; marks the first item that is missing.
    fn patient(&mut self, ctx: &Ctx) -> Option<Patient> {
        let Some(name) = self.form.value(PATIENT) else {
            self.blame(Refusal::FieldInvalid { field: PATIENT, reason: "empty" });
            return None;
        };
        let year = self.form.find_field(BIRTH_YEAR).and_then(Field::number);
        let Some(birth_year) = year.and_then(|year| i32::try_from(year).ok()) else {
            self.blame(Refusal::FieldInvalid { field: BIRTH_YEAR, reason: "empty" });
            return None;
        };
        let relation = self.form.value(RELATION).unwrap_or_default();
        let representative = self.form.value(REPRESENTATIVE);
        let today = ctx.now.date();
        let minor = is_minor(birth_year, today, ctx.campaign.limits_on(today).adult_age);
        if minor && (representative.is_none() || relation.is_empty()) {
            let missing = if representative.is_none() { REPRESENTATIVE } else { RELATION };
            self.form.set_error(missing, Say::from(Refusal::RepresentativeMissing));
            return None;
        }
        let representative =
            representative.map(|name| GivenRepresentative::Full(Representative { name, relation }));
        Some(Patient { name, birth_year, representative })
    }

    fn blame(&mut self, refusal: Refusal) {
        self.form.blame(&refusal);
    }

    /// The door said no: the item that it names is marked and nothing typed is lost.
    pub fn refuse(&mut self, error: &Error) {
        if let Error::Refused(refusal) = error {
            self.form.blame(refusal);
        }
        self.refused = Some(error.clone());
    }

    /// The purpose whose box has the focus.
    pub fn asked_purpose(&self) -> Option<ConsentPurpose> {
        self.form.focused().and_then(|item| ConsentPurpose::parse(item.id))
    }
}

const fn consent_key(purpose: ConsentPurpose) -> &'static str {
    match purpose {
        ConsentPurpose::Register => "reg.form.consent_register",
        ConsentPurpose::Handbook => "reg.form.consent_handbook",
        ConsentPurpose::Survey => "reg.form.consent_survey",
        ConsentPurpose::Marketing => "reg.form.consent_marketing",
    }
}

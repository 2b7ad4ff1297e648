//! The registration form of a customer: the consents, never ticked beforehand; the name, filled in; and the patient
//! when it is not the customer. A draft belongs to one number and is kept until that number is registered.
//!
//! Deliberately absent: whether the customer may register, which the use case decides.

use super::opened::Opened;
use crate::domain::consent::ConsentPurpose;
use crate::domain::refusal::Refusal;
use crate::tui::applicant::{self, OTHER};
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::{Control, Form};
use crate::tui::say::Say;
use crate::usecase::Error;
use crate::usecase::command::{Channel, Register};

const NAME: &str = "name";
const WAITLIST: &str = "waitlist";

/// A registration that is being filled in.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// The number that the draft belongs to, in E.164.
    pub phone: String,
    /// The fields.
    pub form: Form,
    /// The refusal of the last try, until an item is changed.
    pub refused: Option<Error>,
}

impl Draft {
    /// An empty form for this customer; `cap` names the key of a consent by its place. The focus is on the name when it
    /// is unknown, otherwise on the first consent.
    pub fn new(opened: &Opened, cap: fn(usize) -> String) -> Self {
        let customer = &opened.customer;
        let mut form =
            Form::new().field(NAME, "reg.form.name", Field::new(Kind::Text).holding(&customer.name));
        for (at, purpose) in ConsentPurpose::ALL.into_iter().enumerate() {
            let label = Say::key(consent_key(purpose)).with("cap", cap(at));
            form = form.item(purpose.code(), label, Control::Tick(false));
        }
        form = form.tick(OTHER, "reg.form.other").tick(WAITLIST, "reg.form.waitlist");
        form = applicant::with_birth_year(form);
        form.set_tick(WAITLIST, true);
        if !customer.name.trim().is_empty() {
            form.focus_on(ConsentPurpose::Register.code());
        }
        Self { phone: customer.phone.clone(), form, refused: None }
    }

    /// Follows a change of an item: adds the patient's fields after the tick *for another person*, and forgets the last
    /// refusal. When the tick is removed the fields keep their text, which is then not sent.
    pub fn follow(&mut self) {
        self.refused = None;
        applicant::follow(&mut self.form);
    }

    /// Toggles a consent.
    pub fn turn(&mut self, at: usize) {
        if applicant::turn(&mut self.form, at) {
            self.refused = None;
        }
    }

    /// The command. None when an item is missing or wrong; the item is then marked.
    pub fn command(&mut self, opened: &Opened, channel: Channel, ctx: &Ctx) -> Option<Register> {
        self.form.clear_errors();
        let name = self.form.value(NAME);
        if name.is_none() {
            self.form.set_error(NAME, Say::from(Refusal::FieldInvalid { field: NAME, reason: "empty" }));
        }
        // Both are read before either ends the act, so that every item that is wrong is marked.
        let (consents, person) =
            (applicant::consents(&mut self.form), applicant::person(&mut self.form, ctx));
        let (consents, name) = (consents?, name?);
        let applicant::Person { patient, birth_year, representative } = person?;
        Some(Register {
            name: Some(name).filter(|name| *name != opened.customer.name),
            consents,
            waitlist: self.form.ticked(WAITLIST),
            patient,
            birth_year,
            representative,
            lead: opened.lead,
            ..Register::new(self.phone.clone(), channel)
        })
    }

    /// Takes the error of a registration: marks the item that a refusal names, and keeps what was typed.
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

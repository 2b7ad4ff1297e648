//! The registration form: consents first, never ticked beforehand; the name filled in; who is to be advised, when
//! it is somebody else. A draft belongs to one number and is kept until that number is registered.
//!
//! Deliberately absent: whether the customer may register at all; the use case decides that.

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
    /// E.164; the draft is this number's.
    pub phone: String,
    /// The fields.
    pub form: Form,
    /// Why the last try was refused, until something is changed.
    pub refused: Option<Error>,
}

impl Draft {
    /// An empty form for this customer; `cap` names the key of a consent by its place. The focus stands on the name
    /// when it is unknown, otherwise on the first consent.
    pub fn new(opened: &Opened, cap: fn(usize) -> String) -> Self {
        let customer = &opened.customer;
        let mut form =
            Form::new().field(NAME, "reg.form.name", Field::new(Kind::Text).holding(&customer.name));
        for (at, purpose) in ConsentPurpose::ALL.into_iter().enumerate() {
            let label = Say::key(consent_key(purpose)).with("cap", cap(at));
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
        applicant::follow(&mut self.form);
    }

    /// Turns the answer to a consent over.
    pub fn turn(&mut self, at: usize) {
        if applicant::turn(&mut self.form, at) {
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
        let consents = applicant::consents(&mut self.form)?;
        let patient = applicant::patient(&mut self.form, ctx).ok()?;
        Some(Register {
            name: name.filter(|name| *name != opened.customer.name),
            consents,
            waitlist: self.form.ticked(WAITLIST),
            patient,
            lead: opened.lead,
            ..Register::new(self.phone.clone(), channel)
        })
    }

    /// The registration failed: the item that a refusal names is marked and nothing typed is lost.
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

//! The registration form of a call that ended in "agreed": consents first, never ticked beforehand; the name
//! filled in; who is to be advised, when it is somebody else.

use super::keys::{Act, cap};
use crate::domain::consent::{ConsentAnswers, ConsentPurpose, Representative};
use crate::domain::refusal::Refusal;
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::{Control, Form};
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::usecase::command::{Channel, GivenRepresentative, Patient, Register};
use ratatui::Frame;
use ratatui::layout::Rect;

const NAME: &str = "name";
const WAITLIST: &str = "waitlist";
const OTHER: &str = "other";
const PATIENT: &str = "patient";
const BIRTH_YEAR: &str = "birth_year";
const REPRESENTATIVE: &str = "representative";
const RELATION: &str = "relation";
/// Rows for the sentence of the consent that has the focus.
const QUESTION_ROWS: u16 = 2;

/// The form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registering {
    /// The fields.
    pub form: Form,
}

impl Registering {
    /// The form filled in from the card; no consent is ticked.
    pub fn new(panel: &CallPanel) -> Self {
        let mut form = Form::new();
        for (at, purpose) in ConsentPurpose::ALL.into_iter().enumerate() {
            let label = Say::key(consent_key(purpose)).with("cap", cap(Act::Consent(at)));
            form = form.item(purpose.code(), label, Control::Tick(false));
        }
        form = form
            .field(NAME, "calls.form.name", Field::new(Kind::Text).holding(&panel.card.name))
            .tick(WAITLIST, "calls.form.waitlist")
            .tick(OTHER, "calls.form.other");
        form.set_tick(WAITLIST, true);
        Self { form }
    }

    /// The form as a draft left it.
    pub fn of(panel: &CallPanel, typed: &[(String, String)]) -> Self {
        let mut registering = Self::new(panel);
        registering.form.retype(typed);
        registering.follow();
        registering.form.retype(typed);
        registering
    }

    /// Brings the patient's fields when somebody else is to be advised. They stay, unread, when the tick is
    /// taken back, so that nothing typed is lost.
    pub fn follow(&mut self) {
        let (wanted, there) = (self.form.ticked(OTHER), self.form.find_field(PATIENT).is_some());
        if wanted && !there {
            self.form = std::mem::take(&mut self.form)
                .field(PATIENT, "calls.form.patient", Field::new(Kind::Text))
                .field(BIRTH_YEAR, "calls.form.birth_year", Field::new(Kind::Digits).max(4))
                .field(REPRESENTATIVE, "calls.form.representative", Field::new(Kind::Text))
                .field(
                    RELATION,
                    "calls.form.relation",
                    Field::new(Kind::Text).max(40).placeholder("calls.form.relation_placeholder"),
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
        }
    }

    /// The command, when everything is there; otherwise the item is marked.
    pub fn command(&mut self, panel: &CallPanel, ctx: &Ctx) -> Option<Register> {
        self.form.clear_errors();
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
        let patient = if self.form.ticked(OTHER) { Some(self.patient()?) } else { None };
        let name = self.form.value(NAME).filter(|name| *name != panel.card.name);
        Some(Register {
            phone: panel.card.phone.clone(),
            name,
            channel: Channel::Outbound9090,
            consents,
            waitlist: self.form.ticked(WAITLIST),
            patient,
            matter: Some(panel.card.matter),
            lead: None,
            talk_seconds: Some(panel.talk_seconds(ctx.now)),
            recording_announced: panel.announced(),
            note: panel.noted(),
        })
    }

    fn patient(&mut self) -> Option<Patient> {
        let Some(name) = self.form.value(PATIENT) else {
            self.form
                .set_error(PATIENT, Say::from(Refusal::FieldInvalid { field: PATIENT, reason: "empty" }));
            return None;
        };
        let year = self.form.find_field(BIRTH_YEAR).and_then(Field::number);
        let Some(birth_year) = year.and_then(|year| i32::try_from(year).ok()) else {
            let refusal = Refusal::FieldInvalid { field: BIRTH_YEAR, reason: "empty" };
            self.form.set_error(BIRTH_YEAR, Say::from(refusal));
            return None;
        };
        let representative = self.form.value(REPRESENTATIVE).map(|name| {
            let relation = self.form.value(RELATION).unwrap_or_default();
            GivenRepresentative::Full(Representative { name, relation })
        });
        Some(Patient { name, birth_year, representative })
    }

    /// Draws the form in a window over `area`.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let height = self.form.height() + QUESTION_ROWS + 3;
        let title = word("calls.form.title", ctx.lang);
        let inner = pane::popup(frame, area, ctx, &title, (84, height), Tone::Plain);
        let below = (QUESTION_ROWS + 1).min(inner.height);
        let fields = Rect { height: inner.height - below, ..inner };
        self.form.view(frame, fields, ctx, true);
        let focused = self.form.focused().and_then(|item| ConsentPurpose::parse(item.id));
        let (text, style) = match focused {
            Some(purpose) => {
                let question = ctx.campaign.notice.question(purpose).get(ctx.lang);
                (format!("“{question}”"), ctx.theme.strong())
            }
            None => (word("calls.form.help", ctx.lang), ctx.theme.muted()),
        };
        let lines = pane::prose(&text, inner.width, style);
        for (i, line) in lines.into_iter().take(usize::from(QUESTION_ROWS)).enumerate() {
            let y = fields.bottom() + 1 + i as u16;
            if y < inner.bottom() {
                frame.render_widget(line, Rect { y, height: 1, ..inner });
            }
        }
    }
}

const fn consent_key(purpose: ConsentPurpose) -> &'static str {
    match purpose {
        ConsentPurpose::Register => "calls.consent.register",
        ConsentPurpose::Handbook => "calls.consent.handbook",
        ConsentPurpose::Survey => "calls.consent.survey",
        ConsentPurpose::Marketing => "calls.consent.marketing",
    }
}

//! The small windows of the screen: a reason, a kind of opt-out, a consent to withdraw, an agreement, a step of a
//! lead. Each becomes one command; a window stays until its command is done, so a refusal loses nothing.

use crate::domain::consent::ConsentPurpose;
use crate::domain::id::{LeadId, RegistrationId};
use crate::domain::refusal::Refusal;
use crate::tui::call::when;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Question;
use crate::tui::field::{Field, Kind};
use crate::tui::form::{Control, Form};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::usecase::Command;
use crate::usecase::command::{
    AddAgreement, AddLead, CancelRegistration, ContactKind, LeadStep, MoveLead, OptOut, WithdrawConsent,
};
use ratatui::Frame;
use ratatui::layout::Rect;

/// The id of the question before what cannot be taken back.
pub const CONFIRM: &str = "reg.confirm";
/// The id of the question before typed text is thrown away.
pub const DISCARD: &str = "reg.discard";

const REASON: &str = "reason";
const CONTACT: &str = "contact";
const PURPOSE: &str = "purpose";
const WHAT: &str = "what";
const UNTIL: &str = "until";
const EVIDENCE: &str = "evidence";
const NAME: &str = "name";
const PHONE: &str = "phone";
const COMMENT: &str = "comment";
const CONVERSATION: &str = "conversation";

/// What a window is about.
#[derive(Clone, PartialEq, Eq)]
pub enum Matter {
    /// Cancel this registration.
    Cancel(RegistrationId),
    /// Do not contact this number.
    OptOut(String),
    /// Withdraw one of these consents.
    Withdraw(RegistrationId, Vec<ConsentPurpose>),
    /// An agreement with this number.
    Agree(String),
    /// A new lead.
    AddLead,
    /// The inbox message was sent.
    Message(LeadId),
    /// The customer gave the details.
    Details(LeadId),
    /// Nothing comes of it.
    Drop(LeadId),
}

/// A small window.
#[derive(Clone, PartialEq, Eq)]
pub struct Popup {
    /// What it is about.
    pub matter: Matter,
    /// Its fields.
    pub form: Form,
}

impl Popup {
    /// An empty window.
    pub fn new(matter: Matter) -> Self {
        let reason = |hint| Field::new(Kind::Text).max(200).placeholder(hint);
        let reference = || Field::new(Kind::Text).max(200).placeholder("reg.popup.reference_hint");
        let form = match &matter {
            Matter::Cancel(_) => {
                Form::new().field(REASON, "reg.popup.reason", reason("reg.popup.cancel_hint"))
            }
            Matter::OptOut(_) => Form::new().choice(CONTACT, "reg.popup.contact", CONTACTS),
            Matter::Withdraw(_, given) => {
                let options = given.iter().map(|purpose| Say::key(purpose_key(*purpose))).collect();
                Form::new().item(
                    PURPOSE,
                    Say::key("reg.popup.purpose"),
                    Control::Choice { options, at: None },
                )
            }
            Matter::Agree(_) => Form::new()
                .choice(CONTACT, "reg.popup.agree_contact", CONTACTS)
                .field(WHAT, "reg.popup.what", reason("reg.popup.what_hint"))
                .field(
                    UNTIL,
                    "reg.popup.until",
                    Field::new(Kind::Text).max(20).placeholder("reg.popup.until_hint"),
                )
                .field(EVIDENCE, "reg.popup.evidence", reason("reg.popup.evidence_hint")),
            Matter::AddLead => Form::new()
                .field(NAME, "reg.popup.lead_name", Field::new(Kind::Text))
                .field(COMMENT, "reg.popup.comment", reference())
                .field(CONVERSATION, "reg.popup.conversation", reference())
                .field(PHONE, "reg.popup.phone", Field::new(Kind::Phone)),
            Matter::Message(_) => Form::new().field(CONVERSATION, "reg.popup.conversation", reference()),
            Matter::Details(_) => Form::new().field(PHONE, "reg.popup.phone", Field::new(Kind::Phone)),
            Matter::Drop(_) => Form::new().field(REASON, "reg.popup.reason", reason("reg.popup.drop_hint")),
        };
        Self { matter, form }
    }

    /// The command, when everything is there; otherwise the item is marked.
    pub fn command(&mut self, ctx: &Ctx) -> Option<Command> {
        self.form.clear_errors();
        match self.matter.clone() {
            Matter::Cancel(registration) => {
                let reason = self.text(REASON)?;
                Some(Command::CancelRegistration(CancelRegistration { registration, reason }))
            }
            Matter::OptOut(phone) => Some(Command::OptOut(OptOut { phone, contact: self.contact()? })),
            Matter::Withdraw(registration, given) => {
                let at = self.chosen(PURPOSE)?;
                let purpose = given.get(at).copied()?;
                Some(Command::WithdrawConsent(WithdrawConsent { registration, purpose }))
            }
            Matter::Agree(phone) => {
                let contact = self.contact()?;
                let what = self.text(WHAT)?;
                let until = match when::read(self.form.text(UNTIL), ctx.now) {
                    Ok(until) => until,
                    Err(error) => {
                        self.form.set_error(UNTIL, Say::key(error.key()));
                        return None;
                    }
                };
                let evidence = self.text(EVIDENCE)?;
                Some(Command::AddAgreement(AddAgreement { phone, contact, what, until, evidence }))
            }
            Matter::AddLead => {
                let (name, comment) = (self.text(NAME)?, self.text(COMMENT)?);
                let (conversation, phone) = (self.form.value(CONVERSATION), self.form.value(PHONE));
                Some(Command::AddLead(AddLead { name, comment, conversation, phone }))
            }
            Matter::Message(lead) => {
                let conversation = Some(self.text(CONVERSATION)?);
                Some(moved(lead, LeadStep::Messaged, |to| MoveLead { conversation, ..to }))
            }
            Matter::Details(lead) => {
                let phone = Some(self.text(PHONE)?);
                Some(moved(lead, LeadStep::DetailsGiven, |to| MoveLead { phone, ..to }))
            }
            Matter::Drop(lead) => {
                let reason = Some(self.text(REASON)?);
                Some(moved(lead, LeadStep::Dropped, |to| MoveLead { reason, ..to }))
            }
        }
    }

    /// What to ask before the command is sent, when it cannot be taken back.
    pub fn question(&self) -> Option<Question> {
        let (text, detail) = match &self.matter {
            Matter::OptOut(_) => ("reg.ask.opt_out", "reg.ask.opt_out_detail"),
            Matter::Cancel(_) => ("reg.ask.cancel", "reg.ask.cancel_detail"),
            Matter::Withdraw(_, given) => match self.form.chosen(PURPOSE).and_then(|at| given.get(at)) {
                Some(ConsentPurpose::Register) => ("reg.ask.withdraw_register", "reg.ask.cancel_detail"),
                Some(_) | None => return None,
            },
            Matter::Agree(_)
            | Matter::AddLead
            | Matter::Message(_)
            | Matter::Details(_)
            | Matter::Drop(_) => return None,
        };
        Some(Question {
            id: CONFIRM,
            text: Say::key(text),
            detail: Some(Say::key(detail)),
            tone: Tone::Danger,
            on_esc: None,
        })
    }

    /// Whether something was typed or chosen that closing would lose.
    pub fn is_touched(&self) -> bool {
        self.form.items().iter().any(|item| match &item.control {
            Control::Field(field) => field.value().is_some(),
            Control::Tick(on) => *on,
            Control::Choice { at, .. } => at.is_some(),
        })
    }

    fn text(&mut self, id: &'static str) -> Option<String> {
        let value = self.form.value(id);
        if value.is_none() {
            self.form.set_error(id, Say::from(Refusal::FieldInvalid { field: id, reason: "empty" }));
        }
        value
    }

    fn chosen(&mut self, id: &'static str) -> Option<usize> {
        let at = self.form.chosen(id);
        if at.is_none() {
            self.form.set_error(id, Say::key("reg.popup.choose"));
        }
        at
    }

    fn contact(&mut self) -> Option<ContactKind> {
        match self.chosen(CONTACT)? {
            0 => Some(ContactKind::Both),
            1 => Some(ContactKind::Voice),
            _ => Some(ContactKind::Sms),
        }
    }

    /// Draws the window in the middle of `area`.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let (title, help) = match &self.matter {
            Matter::Cancel(_) => ("reg.popup.cancel", "reg.popup.cancel_help"),
            Matter::OptOut(_) => ("reg.popup.opt_out", "reg.popup.opt_out_help"),
            Matter::Withdraw(..) => ("reg.popup.withdraw", "reg.popup.withdraw_help"),
            Matter::Agree(_) => ("reg.popup.agree", "reg.popup.agree_help"),
            Matter::AddLead => ("reg.popup.add_lead", "reg.popup.add_lead_help"),
            Matter::Message(_) => ("reg.popup.message", "reg.popup.message_help"),
            Matter::Details(_) => ("reg.popup.details", "reg.popup.details_help"),
            Matter::Drop(_) => ("reg.popup.drop", "reg.popup.drop_help"),
        };
        let width = 76.min(area.width);
        let text = Say::key(help).text(ctx.lang);
        let said = pane::prose(&text, width.saturating_sub(4), ctx.theme.muted());
        let height = self.form.height() + said.len() as u16 + 3;
        let title = Say::key(title).text(ctx.lang);
        let inner = pane::popup(frame, area, ctx, &title, (width, height), Tone::Plain);
        let fields = Rect { height: self.form.height().min(inner.height), ..inner };
        self.form.view(frame, fields, ctx, true);
        for (y, line) in (fields.bottom() + 1..inner.bottom()).zip(said) {
            frame.render_widget(line, Rect { y, height: 1, ..inner });
        }
    }
}

const CONTACTS: &[&str] = &["reg.popup.contact_both", "reg.popup.contact_voice", "reg.popup.contact_sms"];

fn moved(lead: LeadId, to: LeadStep, fill: impl FnOnce(MoveLead) -> MoveLead) -> Command {
    Command::MoveLead(fill(MoveLead { lead, to, conversation: None, phone: None, reason: None }))
}

const fn purpose_key(purpose: ConsentPurpose) -> &'static str {
    match purpose {
        ConsentPurpose::Register => "reg.popup.purpose_register",
        ConsentPurpose::Handbook => "reg.popup.purpose_handbook",
        ConsentPurpose::Survey => "reg.popup.purpose_survey",
        ConsentPurpose::Marketing => "reg.popup.purpose_marketing",
    }
}

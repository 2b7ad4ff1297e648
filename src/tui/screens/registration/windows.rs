//! The windows of registrations: a cancellation, an opt-out, a withdrawn consent, an agreement, a step of a lead. This
//! module has their fields, the commands that they make, and the questions before commands that cannot be undone.

use super::opened::Opened;
use crate::domain::calendar::MinuteOfDay;
use crate::domain::consent::ConsentPurpose;
use crate::domain::id::{LeadId, RegistrationId};
use crate::tui::call::when;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::window::FormWindow;
use crate::tui::form::{Control, Form};
use crate::tui::say::{Say, word};
use crate::usecase::command::{
    AddAgreement, AddLead, CancelRegistration, ContactKind, LeadStep, MoveLead, OptOut,
    ReactivateRegistration, WithdrawConsent,
};
use crate::usecase::model::customer::RegistrationModel;
use crate::usecase::{Command, Query};

const REASON: &str = "reason";
const CONTACT: &str = "contact";
const PURPOSE: &str = "purpose";
const WHAT: &str = "what";
const UNTIL: &str = "until";
const FROM: &str = "from";
const TO: &str = "to";
const EVIDENCE: &str = "evidence";
const NAME: &str = "name";
const PHONE: &str = "phone";
const COMMENT: &str = "comment";
const CONVERSATION: &str = "conversation";

/// The ways of contact, in the order of [`CONTACT_KINDS`].
const CONTACTS: &[&str] = &["reg.popup.contact_both", "reg.popup.contact_voice", "reg.popup.contact_sms"];
const CONTACT_KINDS: [ContactKind; 3] = [ContactKind::Both, ContactKind::Voice, ContactKind::Sms];

/// The topic of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// Cancel this registration.
    Cancel(RegistrationId),
    /// Restore this cancelled registration.
    Restore(RegistrationId),
    /// Do not contact this number.
    OptOut(String),
    /// Withdraw one of these consents.
    Withdraw(RegistrationId, Vec<ConsentPurpose>),
    /// An agreement of this number.
    Agree(String),
    /// A new lead.
    AddLead,
    /// The inbox message was sent.
    Message(LeadId),
    /// The customer gave the details; this number is known already, maybe empty.
    Details(LeadId, String),
    /// The lead is closed without a registration.
    Drop(LeadId),
}

/// A window of registrations.
pub type Window = FormWindow<Topic>;

/// A window about `whom`.
pub fn window(topic: Topic, whom: String) -> Window {
    let (title, help) = texts(&topic);
    let form = form(&topic);
    FormWindow::new(topic, Say::key(title), form).help(Say::key(help)).whom(whom)
}

const fn texts(topic: &Topic) -> (&'static str, &'static str) {
    match topic {
        Topic::Cancel(_) => ("reg.popup.cancel", "reg.popup.cancel_help"),
        Topic::Restore(_) => ("reg.popup.restore", "reg.popup.restore_help"),
        Topic::OptOut(_) => ("reg.popup.opt_out", "reg.popup.opt_out_help"),
        Topic::Withdraw(..) => ("reg.popup.withdraw", "reg.popup.withdraw_help"),
        Topic::Agree(_) => ("reg.popup.agree", "reg.popup.agree_help"),
        Topic::AddLead => ("reg.popup.add_lead", "reg.popup.add_lead_help"),
        Topic::Message(_) => ("reg.popup.message", "reg.popup.message_help"),
        Topic::Details(..) => ("reg.popup.details", "reg.popup.details_help"),
        Topic::Drop(_) => ("reg.popup.drop", "reg.popup.drop_help"),
    }
}

fn form(topic: &Topic) -> Form {
    let text = |most, hint| Field::new(Kind::Text).max(most).placeholder(hint);
    let reference = || text(200, "reg.popup.reference_hint");
    let form = Form::new();
    match topic {
        Topic::Cancel(_) => form.field(REASON, "reg.popup.reason", text(200, "reg.popup.cancel_hint")),
        Topic::Restore(_) => form.field(REASON, "reg.popup.reason", text(200, "reg.popup.restore_hint")),
        Topic::OptOut(_) => form.choice(CONTACT, "reg.popup.contact", CONTACTS),
        Topic::Withdraw(_, given) => {
            let options = given.iter().map(|purpose| Say::key(purpose_key(*purpose))).collect();
            form.item(PURPOSE, Say::key("reg.popup.purpose"), Control::Choice { options, at: None })
        }
        Topic::Agree(_) => form
            .choice(CONTACT, "reg.popup.agree_contact", CONTACTS)
            .field(WHAT, "reg.popup.what", text(200, "reg.popup.what_hint"))
            .field(FROM, "reg.popup.from_hour", Field::new(Kind::Time).placeholder("reg.popup.hours_hint"))
            .field(TO, "reg.popup.to_hour", Field::new(Kind::Time).placeholder("reg.popup.hours_hint"))
            .field(UNTIL, "reg.popup.until", text(20, "reg.popup.until_hint"))
            .field(EVIDENCE, "reg.popup.evidence", text(200, "reg.popup.evidence_hint")),
        Topic::AddLead => form
            .field(NAME, "reg.popup.lead_name", Field::new(Kind::Text))
            .field(COMMENT, "reg.popup.comment", reference())
            .field(CONVERSATION, "reg.popup.conversation", reference())
            .field(PHONE, "reg.popup.phone", Field::new(Kind::Phone)),
        Topic::Message(_) => form.field(CONVERSATION, "reg.popup.conversation", reference()),
        Topic::Details(_, known) => {
            form.field(PHONE, "reg.popup.phone", Field::new(Kind::Phone).holding(known))
        }
        Topic::Drop(_) => form.field(REASON, "reg.popup.reason", text(200, "reg.popup.drop_hint")),
    }
}

/// A time of the day that may be left out. None when it cannot be read; the item is then marked.
#[expect(clippy::option_option, reason = "left out and unreadable are two answers")]
fn hour(window: &mut Window, id: &'static str) -> Option<Option<MinuteOfDay>> {
    let typed = window.form.text(id).trim().to_owned();
    if typed.is_empty() {
        return Some(None);
    }
    let read = MinuteOfDay::parse(&typed);
    if read.is_none() {
        window.form.set_error(id, Say::key("call.when.unreadable"));
    }
    read.map(Some)
}

/// The command. None when an item is missing or wrong; the item is then marked.
pub fn command(window: &mut Window, ctx: &Ctx) -> Option<Command> {
    window.form.clear_errors();
    match window.topic.clone() {
        Topic::Cancel(registration) => {
            let reason = window.required(REASON)?;
            Some(Command::CancelRegistration(CancelRegistration { registration, reason }))
        }
        Topic::Restore(registration) => {
            let reason = window.required(REASON)?;
            Some(Command::ReactivateRegistration(ReactivateRegistration { registration, reason }))
        }
        Topic::OptOut(phone) => Some(Command::OptOut(OptOut { phone, contact: contact(window)? })),
        Topic::Withdraw(registration, given) => {
            let purpose = *given.get(window.chosen(PURPOSE)?)?;
            Some(Command::WithdrawConsent(WithdrawConsent { registration, purpose }))
        }
        Topic::Agree(phone) => {
            let contact = contact(window);
            let what = window.required(WHAT);
            let until = when::read(window.form.text(UNTIL), ctx.now);
            if let Err(error) = &until {
                window.form.set_error(UNTIL, Say::key(error.key()));
            }
            let (evidence, from, to) = (window.required(EVIDENCE), hour(window, FROM), hour(window, TO));
            let (contact, what, until, evidence) = (contact?, what?, until.ok()?, evidence?);
            let (from, to) = (from?, to?);
            Some(Command::AddAgreement(AddAgreement { phone, contact, what, until, evidence, from, to }))
        }
        Topic::AddLead => {
            let (name, comment) = (window.required(NAME), window.required(COMMENT));
            let (name, comment) = (name?, comment?);
            let (conversation, phone) = (window.form.value(CONVERSATION), window.form.value(PHONE));
            Some(Command::AddLead(AddLead { name, comment, conversation, phone }))
        }
        Topic::Message(lead) => {
            let conversation = Some(window.required(CONVERSATION)?);
            Some(moved(lead, LeadStep::Messaged, |to| MoveLead { conversation, ..to }))
        }
        Topic::Details(lead, _) => {
            let phone = Some(window.required(PHONE)?);
            Some(moved(lead, LeadStep::DetailsGiven, |to| MoveLead { phone, ..to }))
        }
        Topic::Drop(lead) => {
            let reason = Some(window.required(REASON)?);
            Some(moved(lead, LeadStep::Dropped, |to| MoveLead { reason, ..to }))
        }
    }
}

/// The query that shows the effect of the command.
pub fn changes(topic: &Topic, opened: Option<&Opened>) -> Option<Query> {
    match topic {
        Topic::Cancel(_) | Topic::Restore(_) | Topic::OptOut(_) | Topic::Withdraw(..) | Topic::Agree(_) => {
            opened.map(|opened| Query::Customer { phone: opened.customer.phone.clone() })
        }
        Topic::AddLead | Topic::Message(_) | Topic::Details(..) | Topic::Drop(_) => Some(Query::Leads {}),
    }
}

/// The question before a command that cannot be undone, and what a yes does; none when the command needs none. `name`
/// is the person that the window is about.
pub fn question(
    window: &Window,
    name: &str,
    registration: Option<&RegistrationModel>,
    ctx: &Ctx,
) -> Option<(Say, Say)> {
    let (text, consequence) = match &window.topic {
        Topic::Cancel(_) => match registration.map(|live| (live.seat, live.position)) {
            Some((Some(seat), _)) => (Say::key("reg.ask.cancel_seat").with("seat", seat), ends(registration)),
            Some((None, Some(position))) => {
                (Say::key("reg.ask.cancel_waiting").with("position", position), ends(registration))
            }
            Some((None, None)) | None => (Say::key("reg.ask.cancel"), ends(registration)),
        },
        Topic::OptOut(_) => {
            let what = window.form.chosen(CONTACT).and_then(|at| CONTACTS.get(at));
            let what = what.map_or_else(String::new, |key| word(key, ctx.lang));
            (Say::key("reg.ask.opt_out").with("what", what), Say::key("reg.ask.opt_out_detail"))
        }
        Topic::Withdraw(_, given) => match *window.form.chosen(PURPOSE).and_then(|at| given.get(at))? {
            ConsentPurpose::Register => (Say::key("reg.ask.withdraw_register"), ends(registration)),
            other => {
                let what = word(purpose_key(other), ctx.lang);
                (Say::key("reg.ask.withdraw").with("what", what), Say::key("reg.ask.withdraw_detail"))
            }
        },
        Topic::Drop(_) => (Say::key("reg.ask.drop"), Say::key("reg.ask.drop_detail")),
        Topic::Restore(_) | Topic::Agree(_) | Topic::AddLead | Topic::Message(_) | Topic::Details(..) => {
            return None;
        }
    };
    Some((text.with("name", name), consequence))
}

/// The sentence that says what follows when a registration ends.
fn ends(registration: Option<&RegistrationModel>) -> Say {
    match registration.and_then(|live| live.seat) {
        Some(seat) => Say::key("reg.ask.cancel_seat_detail").with("seat", seat),
        None => Say::key("reg.ask.cancel_waiting_detail"),
    }
}

fn contact(window: &mut Window) -> Option<ContactKind> {
    CONTACT_KINDS.get(window.chosen(CONTACT)?).copied()
}

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

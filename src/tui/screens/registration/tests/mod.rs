//! People, leads and batches for the tests, and a bench that presses keys and answers questions.

mod customers;
mod law;
mod panes;
mod pictures;

use super::*;
use crate::domain::actor::{Permission as May, Role};
use crate::domain::consent::ConsentAnswers;
use crate::domain::contact::Purpose;
use crate::domain::id::LeadId;
use crate::domain::id::{BatchId, CustomerId, MatterId, RegistrationId};
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::domain::registration::Held;
use crate::store::StoreError;
use crate::tui::effect::{Origin, Question, Reply, Subject, Ticket};
use crate::tui::fixture::{at, ctx, drawn};
use crate::tui::form::window::DISCARD;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{clashes, missing_texts};
use crate::tui::requests::CONFIRM;
use crate::tui::say::Say;
use crate::tui::screen::{AnyScreen, ScreenHost, Taken};
use crate::tui::theme::Tone;
use crate::usecase::command::Nothing;
use crate::usecase::command::{
    AddLead, CancelRegistration, Channel, ContactKind, LeadStep, MoveLead, OptOut, Patient, Register,
    WithdrawConsent,
};
use crate::usecase::command::{LeadRef, RevealPhone};
use crate::usecase::model::batch::{BatchLine, BatchModel, BatchRow};
use crate::usecase::model::call::{MatterLine, Reason, WhyNot};
use crate::usecase::model::customer::{
    CustomerModel, EligibilityModel, Matched, OptOutModel, RegistrationModel, SearchHit,
};
use crate::usecase::model::lead::LeadLine;
use crate::usecase::{Command, Error, Query, Receipt, Snapshot};

const PHONE: &str = "+84904123456";

fn hung() -> Box<CustomerModel> {
    Box::new(CustomerModel {
        customer: Some(CustomerId(10)),
        name: "Nguyễn Văn Hùng".to_owned(),
        phone: PHONE.to_owned(),
        carrier_hint: Some("mobifone".to_owned()),
        phone_warning: None,
        salutation: Some("anh".to_owned()),
        province: Some("Hải Phòng".to_owned()),
        eligibility: EligibilityModel {
            by_phone: true,
            by_fanpage: true,
            verdict: crate::usecase::model::customer::Verdict::OnList,
            would_wait_at: None,
            reasons: Vec::new(),
            sms_sent_at: Some(at("2026-11-21T09:15:00")),
        },
        registration: None,
        matters: vec![MatterLine {
            matter: MatterId(41),
            purpose: Purpose::Offer,
            state: crate::domain::contact::MatterState::Waiting,
            due_at: Some(at("2026-12-03T14:00:00")),
            attempts: 1,
            reason: None,
            holder: None,
            holder_name: None,
        }],
        opted_out: None,
    })
}

fn registered() -> Box<CustomerModel> {
    let mut customer = hung();
    customer.eligibility = EligibilityModel {
        by_phone: false,
        by_fanpage: false,
        verdict: crate::usecase::model::customer::Verdict::Registered,
        would_wait_at: None,
        reasons: vec![Reason::from(Refusal::AlreadyRegistered { held: Held::Seat(214) })],
        sms_sent_at: Some(at("2026-11-21T09:15:00")),
    };
    customer.registration = Some(RegistrationModel {
        at_vinmec: None,
        registration: RegistrationId(7),
        state: crate::domain::registration::RegistrationState::Registered,
        seat: Some(214),
        position: None,
        cancelled_at: None,
        undo_until: None,
        restorable: false,
        channel: "inbound_9090".to_owned(),
        at: at("2026-12-02T09:30:00"),
        by: "Lan".to_owned(),
        by_name: None,
        handed_over: crate::domain::registration::HandOverState::Waiting,
        consents: vec![
            ("register".to_owned(), true),
            ("handbook".to_owned(), true),
            ("survey".to_owned(), false),
            ("marketing".to_owned(), false),
        ],
    });
    customer.matters[0].state = crate::domain::contact::MatterState::Closed;
    customer.matters[0].reason = Some("registered".to_owned());
    customer
}

fn unlisted() -> Box<CustomerModel> {
    Box::new(CustomerModel {
        customer: None,
        name: String::new(),
        phone: "+84904999888".to_owned(),
        carrier_hint: Some("mobifone".to_owned()),
        phone_warning: None,
        salutation: None,
        province: None,
        eligibility: EligibilityModel {
            by_phone: false,
            by_fanpage: true,
            verdict: crate::usecase::model::customer::Verdict::FanpageOnly,
            would_wait_at: None,
            reasons: vec![Reason::from(Refusal::NotOnSmsList)],
            sms_sent_at: None,
        },
        registration: None,
        matters: Vec::new(),
        opted_out: None,
    })
}

fn hits() -> Vec<SearchHit> {
    let hit = |id, name: &str, phone: &str, on_list, seat, registration: Option<&str>| SearchHit {
        customer: CustomerId(id),
        name: name.to_owned(),
        phone_masked: phone.to_owned(),
        province: Some("Hải Phòng".to_owned()),
        on_list,
        seat,
        registration: registration.and_then(crate::domain::registration::RegistrationState::parse),
        matched: Matched::Name,
        registration_number: registration.map(|_| RegistrationId(id + 80)),
    };
    vec![
        hit(10, "Nguyễn Văn Hùng", "0904 *** 456", true, None, None),
        hit(11, "Phạm Hùng", "0936 *** 120", true, Some(214), Some("registered")),
        hit(12, "Trần Thị Hùng Anh", "0901 *** 777", true, None, Some("waitlisted")),
        hit(13, "Đỗ Hùng", "0702 *** 031", false, None, None),
    ]
}

/// The answer to a search.
fn hit_list(text: &str, hits: Vec<SearchHit>, more: bool) -> Snapshot {
    Snapshot::Search { text: text.to_owned(), hits, more, no_number: None }
}

fn leads() -> Vec<LeadLine> {
    let lead = |id, name: &str, state: &str, since: &str, phone: Option<&str>| LeadLine {
        lead: LeadId(id),
        name: name.to_owned(),
        state: crate::domain::lead::LeadState::parse(state).unwrap(),
        since: at(since),
        commented_at: at("2026-11-29T08:00:00"),
        phone_masked: phone.map(ToOwned::to_owned),
        comment: format!("post-1/comment-{id}"),
        conversation: None,
    };
    vec![
        lead(3, "Mai Hoa", "commented", "2026-11-29T08:00:00", None),
        lead(4, "Tuấn Kiệt", "messaged", "2026-12-01T16:20:00", None),
        lead(5, "Thu Hà", "details_given", "2026-12-02T08:38:00", Some("0904 *** 888")),
    ]
}

fn batches() -> Vec<BatchLine> {
    let batch = |id, sent: &str, rows, accepted, returned| BatchLine {
        batch: BatchId(id),
        sent_at: at(sent),
        by: "Hà".to_owned(),
        rows,
        accepted,
        returned,
    };
    vec![batch(3, "2026-12-02T08:50:00", 12, 0, 0), batch(2, "2026-12-01T16:00:00", 40, 31, 1)]
}

/// A screen host with its context, driven by keys and replies.
struct Bench {
    host: ScreenHost<Registration>,
    ctx: Ctx,
    /// The newest job.
    ticket: Ticket,
    /// The open question.
    question: Option<Question>,
}

impl Bench {
    fn of(role: Role) -> Self {
        let host = ScreenHost::new(Origin::Register, Registration::new());
        let mut bench = Self { host, ctx: ctx(role), ticket: Ticket(0), question: None };
        bench.open(None);
        bench
    }

    /// Remembers the job and the question that wait for an answer.
    fn note(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        for effect in &effects {
            match effect {
                Effect::Run(job) => self.ticket = job.ticket,
                Effect::Ask(question) => self.question = Some((**question).clone()),
                _ => {}
            }
        }
        effects
    }

    fn open(&mut self, subject: Option<Subject>) -> Vec<Effect> {
        let effects = self.host.open(subject, &self.ctx);
        self.note(effects)
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        match self.host.key(key, &self.ctx) {
            Taken::Yes(effects) => self.note(effects),
            Taken::No => Vec::new(),
        }
    }

    fn char(&mut self, c: char) -> Vec<Effect> {
        self.press(Key::char(c))
    }

    fn enter(&mut self) -> Vec<Effect> {
        self.press(Key::plain(KeyCode::Enter))
    }

    fn esc(&mut self) -> Vec<Effect> {
        self.press(Key::plain(KeyCode::Esc))
    }

    fn tab(&mut self) -> Vec<Effect> {
        self.press(Key::plain(KeyCode::Tab))
    }

    fn write(&mut self, text: &str) -> Vec<Effect> {
        let effects = self.host.paste(text, &self.ctx);
        self.note(effects)
    }

    fn changed(&mut self, topics: Topics) -> Vec<Effect> {
        let effects = self.host.changed(topics, &self.ctx);
        self.note(effects)
    }

    fn answered(&mut self, id: &'static str, yes: bool) -> Vec<Effect> {
        let effects = self.host.answered(id, yes, &self.ctx);
        self.note(effects)
    }

    /// Answers the newest question of the screen.
    fn answer(&mut self, receipt: Option<Receipt>, snapshot: Option<Snapshot>) -> Vec<Effect> {
        let outcome = Ok((receipt, snapshot.into_iter().collect()));
        let effects = self.host.reply(Reply { ticket: self.ticket, outcome }, &self.ctx);
        self.note(effects)
    }

    fn refuse(&mut self, refusal: Refusal) -> Vec<Effect> {
        let outcome = Err(Error::Refused(refusal));
        self.host.reply(Reply { ticket: self.ticket, outcome }, &self.ctx)
    }

    /// A bench on which this customer is open.
    fn reading(role: Role, customer: Box<CustomerModel>) -> Self {
        let mut bench = Self::of(role);
        bench.host.screen.pane = Pane::Search;
        bench.write(&customer.phone.clone());
        bench.answer(None, Some(Snapshot::Customer(customer)));
        bench.enter();
        bench
    }

    /// The pane alone: the strip above it has a snapshot of its own.
    fn draw(&self, width: u16, height: u16) -> String {
        drawn(width, height - 1, |frame, area| self.host.screen.view_pane(frame, area, &self.ctx))
    }

    fn leads() -> Self {
        let mut bench = Self::of(Role::FanpageAdmin);
        bench.answer(None, Some(Snapshot::Leads { leads: leads() }));
        bench
    }

    fn batches() -> Self {
        let mut bench = Self::of(Role::Supervisor);
        bench.press(Key::f(5));
        bench.answer(
            None,
            Some(Snapshot::Batches {
                batches: batches(),
                waiting: 22,
                returned: crate::usecase::model::batch::ReturnedRows::default(),
            }),
        );
        bench
    }
}

fn commands(effects: &[Effect]) -> Vec<Command> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Run(job) => job.command.clone(),
            _ => None,
        })
        .collect()
}

fn queries(effects: &[Effect]) -> Vec<Query> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Run(job) => Some(job.then.clone()),
            _ => None,
        })
        .flatten()
        .collect()
}

//! Samples of what 9090 and the fanpage read.

use super::{at, code, text};
use crate::domain::contact::Purpose;
use crate::domain::id::{CaseId, CustomerId, LeadId, MatterId, RegistrationId};
use crate::domain::phone::PhoneError;
use crate::domain::refusal::Refusal;
use crate::usecase::Snapshot;
use crate::usecase::model::call::{
    CallCard, HistoryLine, MatterLine, PromiseLine, QueueModel, Reason, WhyNot,
};
use crate::usecase::model::customer::{
    CustomerModel, EligibilityModel, Matched, OptOutModel, RegistrationModel, SearchHit,
};
use crate::usecase::model::draft::{DraftLine, Drafts};
use crate::usecase::model::lead::LeadLine;
use std::collections::BTreeMap;

/// One of each, with every state.
pub fn snapshots() -> Vec<Snapshot> {
    let registrations = [("registered", "waiting"), ("registered", "sent"), ("registered", "accepted")];
    let ended = [("waitlisted", "waiting"), ("cancelled", "returned")];
    let verdicts = ["on_list", "fanpage_only", "registered", "waitlisted", "cancelled", "closed"];
    let mut found: Vec<Snapshot> = registrations
        .into_iter()
        .chain(ended)
        .map(Some)
        .chain([None])
        .zip(verdicts)
        .map(|(standing, verdict)| Snapshot::Customer(Box::new(customer(standing, verdict))))
        .collect();
    found.push(Snapshot::Search {
        text: text("nga"),
        hits: [Some("registered"), Some("waitlisted"), Some("cancelled"), None].map(hit).into(),
        more: true,
        no_number: None,
    });
    found.push(Snapshot::Search {
        text: text("O901"),
        hits: Vec::new(),
        more: false,
        no_number: Some(Refusal::PhoneInvalid(PhoneError::LetterForZero).into()),
    });
    found.push(Snapshot::WhyNot(WhyNot {
        matter: Some(MatterId(5)),
        purpose: Purpose::Offer,
        callable: false,
        reasons: vec![Refusal::DoNotCall.into(), Refusal::OptedOut { at: at(0) }.into()],
        callable_from: Some(at(60)),
    }));
    found.push(Snapshot::Queue(QueueModel {
        purpose: Purpose::Intake,
        due: 1,
        later: 2,
        leased: 3,
        promised: 4,
        overdue: 5,
        held: BTreeMap::from([(text("opt_in_missing"), 6)]),
        closed: 7,
        next_at: Some(at(9)),
        promises: vec![PromiseLine {
            matter: MatterId(6),
            name: text("Nga"),
            phone_masked: text("0901 *** 567"),
            at: at(10),
            owner: Some(text("lan")),
            owner_name: Some(text("Lan")),
        }],
    }));
    found.push(Snapshot::CallCard(Box::new(card())));
    found.push(Snapshot::OpenCall { call: Some(Box::new(card())) });
    found.push(Snapshot::OpenCall { call: None });
    found.push(Snapshot::Drafts(Drafts {
        drafts: vec![DraftLine { form: text("matter:5"), body: text("{}"), at: at(1) }],
        open: Some(MatterId(5)),
    }));
    found.push(Snapshot::Leads {
        leads: ["commented", "messaged", "details_given", "registered", "dropped"].map(lead).into(),
    });
    found
}

fn customer(standing: Option<(&str, &str)>, verdict: &str) -> CustomerModel {
    CustomerModel {
        customer: Some(CustomerId(1)),
        name: text("Nga"),
        phone: text("+84901234567"),
        carrier_hint: Some(text("mobifone")),
        phone_warning: Some(text("unassigned_prefix")),
        salutation: Some(text("chi")),
        province: Some(text("Hải Phòng")),
        eligibility: EligibilityModel {
            by_phone: true,
            by_fanpage: false,
            verdict: code(verdict),
            would_wait_at: Some(4),
            reasons: vec![Reason::from(Refusal::NotOnSmsList)],
            sms_sent_at: Some(at(-60)),
        },
        registration: standing.map(|(state, handed_over)| RegistrationModel {
            at_vinmec: None,
            registration: RegistrationId(12),
            state: code(state),
            seat: Some(3),
            position: None,
            cancelled_at: None,
            undo_until: Some(at(4)),
            restorable: false,
            channel: text("outbound_9090"),
            at: at(2),
            by: text("lan"),
            by_name: None,
            handed_over: code(handed_over),
            consents: vec![(text("register"), true), (text("marketing"), false)],
        }),
        matters: ["waiting", "leased", "promised", "closed", "held"].map(matter).into(),
        opted_out: Some(OptOutModel { voice: true, sms: false, at: at(3) }),
    }
}

fn matter(state: &str) -> MatterLine {
    MatterLine {
        matter: MatterId(5),
        purpose: Purpose::Offer,
        state: code(state),
        due_at: Some(at(4)),
        attempts: 1,
        reason: Some(text("refused")),
        holder: Some(text("lan")),
        holder_name: None,
    }
}

fn hit(registration: Option<&str>) -> SearchHit {
    SearchHit {
        customer: CustomerId(1),
        matched: if registration.is_some() { Matched::Seat } else { Matched::Name },
        name: text("Nga"),
        phone_masked: text("0901 *** 567"),
        province: None,
        on_list: true,
        seat: Some(3),
        registration: registration.map(code),
        registration_number: registration.map(|_| RegistrationId(9)),
    }
}

fn card() -> CallCard {
    let line = |kind: &str, about: &str, outcome: &str| HistoryLine {
        at: at(-100),
        by: text("lan"),
        by_name: text("Lan"),
        kind: code(kind),
        about: text(about),
        outcome: text(outcome),
        note: Some(text("gọi lại")),
        recorded_late_at: None,
    };
    CallCard {
        matter: MatterId(5),
        purpose: Purpose::Survey,
        customer: CustomerId(1),
        phone: text("+84901234567"),
        name: text("Nga"),
        salutation: Some(text("chi")),
        province: Some(text("Hải Phòng")),
        carrier_hint: Some(text("mobifone")),
        on_list: true,
        sms_sent_at: Some(at(-60)),
        leased_at: at(0),
        lease_until: at(5),
        dial_until: None,
        attempt: 2,
        max_attempts: 3,
        promised_at: Some(at(1)),
        would_wait_at: None,
        history: vec![line("call", "offer", "no_answer"), line("sms", "invite", "sent")],
        case: Some(CaseId(7)),
        consulted_at: Some(at(-30)),
    }
}

fn lead(state: &str) -> LeadLine {
    LeadLine {
        lead: LeadId(8),
        name: text("Nga"),
        state: code(state),
        since: at(5),
        commented_at: at(4),
        phone_masked: Some(text("0901 *** 567")),
        comment: text("fb:1"),
        conversation: Some(text("inbox:1")),
    }
}

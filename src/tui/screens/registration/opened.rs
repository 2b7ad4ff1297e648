//! The state of the open customer: the facts, the channel by which they may register, and the result of a
//! registration.

use crate::domain::actor::{Permission as Act, Role};
use crate::domain::consent::ConsentPurpose;
use crate::domain::id::LeadId;
use crate::domain::registration::RegistrationState;
use crate::tui::call::card::dialled;
use crate::tui::keys::Enabled;
use crate::usecase::command::Channel;
use crate::usecase::model::customer::{CustomerModel, RegistrationModel, Verdict};

/// The result of a registration, shown in large digits until the next customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The number of the seat.
    Seat(i64),
    /// The position on the waitlist.
    Waitlisted(i64),
}

/// The customer who is open.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// The facts.
    pub customer: Box<CustomerModel>,
    /// The fanpage lead they came from.
    pub lead: Option<LeadId>,
    /// The result of the registration just made.
    pub done: Option<Done>,
    /// The channel by which the person of this session may register them.
    pub channel: Option<Channel>,
}

impl Opened {
    /// A customer who is opened by a staff member with `role`.
    pub fn new(customer: Box<CustomerModel>, lead: Option<LeadId>, role: Role) -> Self {
        let channel = channel(&customer, lead, role);
        Self { customer, lead, done: None, channel }
    }

    /// The customer's name, or the number while there is none.
    pub fn name(&self) -> String {
        let name = &self.customer.name;
        if name.trim().is_empty() { dialled(&self.customer.phone) } else { name.clone() }
    }

    /// The registration, unless it is cancelled.
    pub fn live_registration(&self) -> Option<&RegistrationModel> {
        let registration = self.customer.registration.as_ref();
        registration.filter(|registration| registration.state != RegistrationState::Cancelled)
    }

    /// Consents that can be withdrawn.
    pub fn given_consents(&self) -> Vec<ConsentPurpose> {
        let consents = self.customer.registration.iter().flat_map(|registration| &registration.consents);
        consents.filter(|(_, given)| *given).filter_map(|(code, _)| ConsentPurpose::parse(code)).collect()
    }

    /// Whether the form may be opened, or why not.
    pub fn may_register(&self) -> Enabled {
        if self.customer.registration.is_some() {
            return Err("reg.why.registered");
        }
        if self.channel.is_some() {
            return Ok(());
        }
        Err(match self.customer.eligibility.verdict {
            Verdict::NotInvited => "reg.why.not_invited",
            Verdict::FanpageOnly => "reg.why.fanpage_only",
            Verdict::Closed => "reg.why.closed",
            Verdict::OnList | Verdict::Registered | Verdict::Waitlisted | Verdict::Cancelled => {
                "reg.why.not_eligible"
            }
        })
    }
}

/// A lead registers only through the fanpage; without a lead the telephone comes first.
fn channel(customer: &CustomerModel, lead: Option<LeadId>, role: Role) -> Option<Channel> {
    let by_phone = customer.eligibility.by_phone && role.may(Act::RegisterByPhone);
    let by_fanpage = customer.eligibility.by_fanpage && role.may(Act::RegisterByFanpage);
    match lead {
        Some(_) => by_fanpage.then_some(Channel::Fanpage),
        None if by_phone => Some(Channel::Inbound9090),
        None => by_fanpage.then_some(Channel::Fanpage),
    }
}

//! Names the rule behind a refusal, T1 to T13, for reports that count contacts by rule.

use super::super::refusal::Refusal;

/// What would have been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// A call that advertises.
    OfferCall,
    /// A message that advertises.
    OfferMessage,
    /// A call or message that serves a registration.
    Service,
}

/// The name of the rule for advertising that a refusal comes from; none for what is our own rule (attempts, the retry
/// plan, the hours of service calls).
pub const fn rule_name(refusal: &Refusal, contact: Contact) -> Option<&'static str> {
    match refusal {
        Refusal::OutsideCallingHours { .. } => match contact {
            Contact::OfferCall => Some("T1"),
            Contact::OfferMessage => Some("T2"),
            Contact::Service => None,
        },
        Refusal::CalledWithin24h { .. } => Some("T3"),
        Refusal::SmsWithin24h { .. } => Some("T4"),
        Refusal::DoNotCall | Refusal::DoNotCallListStale { .. } => Some("T6"),
        Refusal::OptInMissing => Some("T7"),
        Refusal::OptedOut { .. } => Some("T10"),
        Refusal::FacilityMissing => Some("T12"),
        Refusal::RegistrationClosed { .. } | Refusal::QuotaFull { .. } => Some("T13"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_another_rule_for_calls_and_messages_and_none_for_service() {
        let hours = Refusal::OutsideCallingHours {
            opens_minute: 480,
            closes_minute: 1_020,
            next_at: crate::domain::time::Timestamp::ZERO,
        };
        let names = [Contact::OfferCall, Contact::OfferMessage, Contact::Service];
        assert_eq!(names.map(|contact| rule_name(&hours, contact)), [Some("T1"), Some("T2"), None]);
        assert_eq!(rule_name(&Refusal::OptInMissing, Contact::OfferCall), Some("T7"));
        assert_eq!(rule_name(&Refusal::AttemptsUsedUp { max: 3 }, Contact::OfferCall), None);
    }
}

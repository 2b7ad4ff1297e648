//! Decides who may take part and through which channel, with the reasons that an agent reads out; and screens a list
//! row before it becomes a customer.
//!
//! Invariant: [`check`] refuses exactly what [`verdict`] shows. Deliberately absent: the billed amount, which is
//! compared once at import and then dropped.

use super::lang::Lang;
use super::money::Dong;
use super::refusal::Refusal;
use super::registration::Held;
use super::time::Timestamp;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a listed customer has received the programme's SMS: group 1 are those who did, and nobody else may use
/// the hotline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invitation {
    /// The SMS went out, or the campaign asks for none.
    Received,
    /// It has not gone out.
    NotReceived {
        /// When it will, when that is known.
        sent_at: Option<Timestamp>,
    },
}

impl Default for Invitation {
    fn default() -> Self {
        Self::NotReceived { sent_at: None }
    }
}

impl Invitation {
    /// Reads the sending time of the list. A time to come is no invitation yet.
    pub fn of(sms_sent_at: Option<Timestamp>, sms_required: bool, now: Timestamp) -> Self {
        if !sms_required || sms_sent_at.is_some_and(|sent_at| sent_at <= now) {
            Self::Received
        } else {
            Self::NotReceived { sent_at: sms_sent_at }
        }
    }
}

/// The store's facts about a customer, or about an unknown number (all empty).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EligibilityFacts {
    /// On an imported list, so meets its conditions.
    pub on_sms_list: bool,
    /// Whether the programme's SMS has reached a listed customer.
    pub invitation: Invitation,
    /// What their registration holds, across all channels and for ever: a cancelled one counts, too.
    pub registered: Option<Held>,
    /// On the national Do-Not-Call register for calls.
    pub do_not_call: bool,
    /// When the customer asked not to be contacted.
    pub opted_out_at: Option<Timestamp>,
}

/// One line of the verdict on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// May register through 9090.
    SmsList,
    /// On the list, but the programme's SMS has not reached them: the fanpage only, for now.
    NotInvited,
    /// May register through the fanpage only.
    FanpageOnly,
    /// Holds a seat.
    Registered {
        /// The seat.
        seat: i64,
    },
    /// Waits for a seat.
    Waitlisted {
        /// 1 is next.
        position: i64,
    },
    /// Was registered and cancelled.
    WasRegistered {
        /// Since when.
        at: Timestamp,
    },
    /// Must not be called with an offer; may call us.
    DoNotCall,
    /// Must not be contacted; may call us.
    OptedOut {
        /// Since when.
        at: Timestamp,
    },
}

impl Standing {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SmsList => "sms_list",
            Self::NotInvited => "not_invited",
            Self::FanpageOnly => "fanpage_only",
            Self::Registered { .. } => "registered",
            Self::Waitlisted { .. } => "waitlisted",
            Self::WasRegistered { .. } => "was_registered",
            Self::DoNotCall => "do_not_call",
            Self::OptedOut { .. } => "opted_out",
        }
    }

    /// The line on screen.
    pub fn label(self, lang: Lang) -> String {
        let key = format!("verdict.{}", self.code());
        let text = t!(key, locale = lang.code()).into_owned();
        match self {
            Self::Registered { seat } => text.replace("%{seat}", &seat.to_string()),
            Self::Waitlisted { position } => text.replace("%{position}", &position.to_string()),
            Self::WasRegistered { at } | Self::OptedOut { at } => text.replace("%{at}", &at.dmy()),
            Self::SmsList | Self::NotInvited | Self::FanpageOnly | Self::DoNotCall => text,
        }
    }
}

/// Everything that an agent tells a customer, the deciding reason first.
pub fn verdict(facts: &EligibilityFacts) -> Vec<Standing> {
    let mut lines = Vec::new();
    match facts.registered {
        Some(Held::Seat(seat)) => lines.push(Standing::Registered { seat }),
        Some(Held::Position(position)) => lines.push(Standing::Waitlisted { position }),
        Some(Held::Nothing(at)) => lines.push(Standing::WasRegistered { at }),
        None => {}
    }
    lines.push(match (facts.on_sms_list, facts.invitation) {
        (true, Invitation::Received) => Standing::SmsList,
        (true, Invitation::NotReceived { .. }) => Standing::NotInvited,
        (false, _) => Standing::FanpageOnly,
    });
    if let Some(at) = facts.opted_out_at {
        lines.push(Standing::OptedOut { at });
    }
    if facts.do_not_call {
        lines.push(Standing::DoNotCall);
    }
    lines
}

/// Whether the customer may register by this way. Registers and opt-outs stand against our calls, not against a
/// customer who comes to us.
///
/// # Errors
/// [`Refusal::AlreadyRegistered`], [`Refusal::NotOnSmsList`], [`Refusal::SmsNotReceived`], [`Refusal::OnSmsList`].
pub fn check(
    facts: &EligibilityFacts,
    by_fanpage: bool,
    allow_listed_on_fanpage: bool,
) -> Result<(), Refusal> {
    if let Some(held) = facts.registered {
        return Err(Refusal::AlreadyRegistered { held });
    }
    check_channel(facts.on_sms_list, facts.invitation, by_fanpage, allow_listed_on_fanpage)
}

/// Whether this way is open to the customer. The fanpage is open to everybody whom the hotline refuses.
///
/// # Errors
/// [`Refusal::NotOnSmsList`], [`Refusal::SmsNotReceived`], [`Refusal::OnSmsList`].
pub const fn check_channel(
    on_sms_list: bool,
    invitation: Invitation,
    by_fanpage: bool,
    allow_listed_on_fanpage: bool,
) -> Result<(), Refusal> {
    match (by_fanpage, on_sms_list, invitation) {
        (false, false, _) => Err(Refusal::NotOnSmsList),
        (false, true, Invitation::NotReceived { sent_at }) => Err(Refusal::SmsNotReceived { sent_at }),
        (true, true, Invitation::Received) if !allow_listed_on_fanpage => Err(Refusal::OnSmsList),
        (false, true, Invitation::Received) | (true, _, _) => Ok(()),
    }
}

/// How a subscriber pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscription {
    /// Trả sau.
    Postpaid,
    /// Trả trước.
    Prepaid,
}

impl Subscription {
    /// Reads the words of a list, in any case, with or without accents.
    pub fn parse(text: &str) -> Option<Self> {
        let folded: String = super::text::fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
        match folded.as_str() {
            "trasau" | "postpaid" | "ts" => Some(Self::Postpaid),
            "tratruoc" | "prepaid" | "tt" => Some(Self::Prepaid),
            _ => None,
        }
    }
}

/// Why a list row is left out, beside the phone's own reasons. The codes are public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportReason {
    /// Not a postpaid subscriber, or not known to be one.
    NotPostpaid,
    /// The bill is below the programme's minimum.
    ChargeBelowMinimum,
    /// The bill cannot be read.
    ChargeUnreadable,
    /// No usable name.
    NameMissing,
}

impl ImportReason {
    /// Every reason.
    pub const ALL: [Self; 4] =
        [Self::NotPostpaid, Self::ChargeBelowMinimum, Self::ChargeUnreadable, Self::NameMissing];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotPostpaid => "not_postpaid",
            Self::ChargeBelowMinimum => "charge_below_minimum",
            Self::ChargeUnreadable => "charge_unreadable",
            Self::NameMissing => "name_missing",
        }
    }

    /// The reason as people read it.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("import_reason.{}", self.code()), locale = lang.code()).into_owned()
    }
}

/// What of a list row decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowFacts {
    /// A usable name stands in it.
    pub has_name: bool,
    /// How the subscriber pays; none when unreadable.
    pub subscription: Option<Subscription>,
    /// The bill; none when unreadable.
    pub charge: Option<Dong>,
}

/// Screens a list row: a name, postpaid, a bill of at least the minimum.
///
/// # Errors
/// The first reason to leave the row out.
pub fn screen(row: &RowFacts, min_charge: Dong) -> Result<(), ImportReason> {
    if !row.has_name {
        return Err(ImportReason::NameMissing);
    }
    if row.subscription != Some(Subscription::Postpaid) {
        return Err(ImportReason::NotPostpaid);
    }
    match row.charge {
        None => Err(ImportReason::ChargeUnreadable),
        Some(charge) if charge < min_charge => Err(ImportReason::ChargeBelowMinimum),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn listed() -> EligibilityFacts {
        EligibilityFacts {
            on_sms_list: true,
            invitation: Invitation::Received,
            ..EligibilityFacts::default()
        }
    }

    fn cancelled() -> Held {
        Held::Nothing(Timestamp::parse("2026-12-02T09:01:00+07:00").unwrap())
    }

    #[test]
    fn the_list_opens_the_hotline_and_everybody_else_goes_to_the_fanpage() {
        let unknown = EligibilityFacts::default();
        assert_eq!(check(&listed(), false, true), Ok(()));
        assert_eq!(check(&unknown, false, true), Err(Refusal::NotOnSmsList));
        assert_eq!(check(&unknown, true, true), Ok(()));
        assert_eq!(check(&listed(), true, true), Ok(()));
        assert_eq!(check(&listed(), true, false), Err(Refusal::OnSmsList));
    }

    #[test]
    fn a_listed_customer_whom_the_sms_has_not_reached_has_the_fanpage_alone() {
        let now = Timestamp::parse("2026-12-02T09:00:00+07:00").unwrap();
        for sent_at in [None, Some(now.plus_ms(1))] {
            let invitation = Invitation::of(sent_at, true, now);
            let facts = EligibilityFacts { invitation, ..listed() };
            assert_eq!(check(&facts, false, true), Err(Refusal::SmsNotReceived { sent_at }));
            // Whatever the campaign says about listed customers there: ways 1 and 2 are closed to them.
            for allow_listed in [true, false] {
                assert_eq!(check(&facts, true, allow_listed), Ok(()));
            }
            assert_eq!(verdict(&facts), [Standing::NotInvited]);
            assert_eq!(Invitation::of(sent_at, false, now), Invitation::Received);
        }
        assert_eq!(Invitation::of(Some(now), true, now), Invitation::Received);
    }

    #[test]
    fn a_customer_registers_once_for_ever_by_any_way() {
        for registered in [Held::Seat(214), Held::Position(1), cancelled()] {
            let facts = EligibilityFacts { registered: Some(registered), ..listed() };
            for by_fanpage in [false, true] {
                assert!(matches!(check(&facts, by_fanpage, true), Err(Refusal::AlreadyRegistered { .. })));
            }
        }
    }

    #[test]
    fn registers_and_opt_outs_do_not_stop_a_customer_who_calls_us() {
        let at = Timestamp::parse("2026-12-01T09:00:00+07:00").unwrap();
        let facts = EligibilityFacts { do_not_call: true, opted_out_at: Some(at), ..listed() };
        assert_eq!(check(&facts, false, true), Ok(()));
        assert_eq!(verdict(&facts), [Standing::SmsList, Standing::OptedOut { at }, Standing::DoNotCall]);
    }

    #[test]
    fn the_verdict_names_the_seat_the_position_or_the_day_in_both_languages() {
        for (held, vi, en) in [
            (Held::Seat(214), "Đã đăng ký, suất 214", "Registered, seat 214"),
            (Held::Position(3), "Trong danh sách chờ, thứ 3", "On the waitlist, no. 3"),
            (cancelled(), "Đã hủy đăng ký ngày 02/12/2026", "Cancelled on 02/12/2026"),
        ] {
            let facts = EligibilityFacts { registered: Some(held), ..listed() };
            let first = verdict(&facts)[0];
            assert_eq!((first.label(Lang::Vi).as_str(), first.label(Lang::En).as_str()), (vi, en));
        }
    }

    #[rstest]
    #[case("trả sau", Some(Subscription::Postpaid))]
    #[case("TRA SAU", Some(Subscription::Postpaid))]
    #[case("Trả-sau", Some(Subscription::Postpaid))]
    #[case("Postpaid", Some(Subscription::Postpaid))]
    #[case("trả trước", Some(Subscription::Prepaid))]
    #[case("prepaid", Some(Subscription::Prepaid))]
    #[case("", None)]
    #[case("khác", None)]
    fn the_kind_of_subscription_reads_in_both_languages(
        #[case] text: &str,
        #[case] expected: Option<Subscription>,
    ) {
        assert_eq!(Subscription::parse(text), expected);
    }

    #[rstest]
    #[case(true, "trả sau", "300000", Ok(()))]
    #[case(true, "trả sau", "299999", Err(ImportReason::ChargeBelowMinimum))]
    #[case(true, "trả sau", "nhiều", Err(ImportReason::ChargeUnreadable))]
    #[case(true, "trả trước", "400000", Err(ImportReason::NotPostpaid))]
    #[case(true, "", "400000", Err(ImportReason::NotPostpaid))]
    #[case(false, "trả sau", "400000", Err(ImportReason::NameMissing))]
    fn a_row_is_screened_by_name_kind_and_bill(
        #[case] has_name: bool,
        #[case] kind: &str,
        #[case] charge: &str,
        #[case] expected: Result<(), ImportReason>,
    ) {
        let row =
            RowFacts { has_name, subscription: Subscription::parse(kind), charge: Dong::parse(charge).ok() };
        assert_eq!(screen(&row, Dong::parse("300000").unwrap()), expected);
    }

    #[test]
    fn codes_are_those_of_the_json_form_and_have_sentences() {
        for reason in ImportReason::ALL {
            assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{}\"", reason.code()));
            assert_ne!(reason.label(Lang::Vi), reason.label(Lang::En));
        }
    }
}

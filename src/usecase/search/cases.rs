//! Vinmec's search among its cases: by words of the patient's or the customer's name, by a piece of the number, by seat
//! or registration. A doctor finds the cases they have an appointment with.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::model::call::Reason;
use super::super::model::case::CaseHit;
use super::super::model::customer::Matched;
use crate::domain::actor::Role;
use crate::domain::id::CaseId;
use crate::domain::name::{Rank, sort_key};
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::search::{Typed, why_no_number};
use crate::store::Tx;
use crate::store::case_search::{self, SearchedCase};

/// Most hits that a caller may want.
const MOST: u32 = 50;
/// Most cases that are compared, the newest first: ten times the seats of the programme.
const COMPARED: i64 = 5_000;
/// Digits from which on the tail of a number is looked for.
const TAIL_DIGITS: usize = 3;

/// What a search among cases found.
pub(in crate::usecase) struct CasePage {
    /// Best first.
    pub(in crate::usecase) cases: Vec<CaseHit>,
    /// Whether there may be more than these.
    pub(in crate::usecase) more: bool,
    /// Why a number that was typed is none, when nothing was found.
    pub(in crate::usecase) no_number: Option<Reason>,
}

/// How a case was found, the best way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Seat,
    Registration,
    Phone,
    Name(Rank),
}

impl Way {
    const fn matched(self) -> Matched {
        match self {
            Self::Seat => Matched::Seat,
            Self::Registration => Matched::Registration,
            Self::Phone => Matched::Phone,
            Self::Name(_) => Matched::Name,
        }
    }
}

/// Cases that the typed text points to, best first.
pub(in crate::usecase) fn find_cases(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    typed: &str,
    limit: u32,
) -> Result<CasePage, Error> {
    let limit = limit.clamp(1, MOST) as usize;
    let compared = match (Typed::parse(typed), ctx.actor.role, ctx.actor.doctor) {
        (Typed::Nothing, _, _) | (_, Role::Doctor, None) => Vec::new(),
        (_, Role::Doctor, doctor) => case_search::list(tx, doctor, COMPARED)?,
        _ => case_search::list(tx, None, COMPARED)?,
    };
    let cut = compared.len() as i64 == COMPARED;
    let parsed = Typed::parse(typed);
    let mut found: Vec<((Way, bool, String, CaseId), SearchedCase)> = compared
        .into_iter()
        .filter_map(|case| {
            let way = way(&parsed, &case)?;
            let name = case.patient.as_ref().unwrap_or(&case.customer);
            // The given name before the other words, in the Vietnamese order of people.
            let by_other_word = matches!(&parsed, Typed::Name(query) if !query.names_given(name));
            Some(((way, by_other_word, sort_key(name), case.case), case))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let more = cut || found.len() > limit;
    found.truncate(limit);
    let no_number = if found.is_empty() {
        why_no_number(typed).map(|why| Refusal::PhoneInvalid(why).into())
    } else {
        None
    };
    Ok(CasePage {
        cases: found.into_iter().map(|((way, ..), case)| hit(way, case)).collect(),
        more,
        no_number,
    })
}

fn hit(way: Way, case: SearchedCase) -> CaseHit {
    let SearchedCase { case, state, customer, patient, phone, seat, registration, starts_at } = case;
    let (name, customer) = match patient {
        Some(patient) => (patient, Some(customer)),
        None => (customer, None),
    };
    CaseHit {
        case,
        matched: way.matched(),
        name,
        customer,
        phone_masked: phone.masked(),
        seat,
        registration,
        state,
        starts_at,
    }
}

/// How the typed text points to this case; none when it does not.
fn way(typed: &Typed, case: &SearchedCase) -> Option<Way> {
    match typed {
        Typed::Nothing => None,
        Typed::Seat(seat) => (case.seat == Some(*seat)).then_some(Way::Seat),
        Typed::Registration(number) => (case.registration.0 == *number).then_some(Way::Registration),
        Typed::Digits { short: Some(number), .. } if case.seat == Some(*number) => Some(Way::Seat),
        Typed::Digits { short: Some(number), .. } if case.registration.0 == *number => {
            Some(Way::Registration)
        }
        Typed::Digits { text, .. } => is_piece_of(text, case.phone).then_some(Way::Phone),
        Typed::Name(query) => {
            let names = [Some(&case.customer), case.patient.as_ref()];
            names.into_iter().flatten().filter_map(|name| query.rank(name)).min().map(Way::Name)
        }
    }
}

fn is_piece_of(typed: &str, phone: PhoneNumber) -> bool {
    if typed.chars().filter(char::is_ascii_digit).count() < TAIL_DIGITS {
        return false;
    }
    let within = |range: Option<(i64, i64)>, number: i64| {
        range.is_some_and(|(low, high)| (low..=high).contains(&number))
    };
    within(PhoneNumber::tail_range(typed), phone.reversed_tail())
        || within(PhoneNumber::head_range(typed), phone.digits())
}

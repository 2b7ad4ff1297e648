//! What people may do next. Steps name rows by a number that is read against whatever there is, so that a shorter
//! story is still a story.

use proptest::prelude::*;
use tongdai::domain::contact::Purpose;
use tongdai::domain::disposition::Disposition;

/// One thing that somebody does, some time after the last one.
#[derive(Debug, Clone)]
pub struct Step {
    pub minutes_later: i64,
    pub who: u8,
    pub which: u8,
    pub act: Act,
}

#[derive(Debug, Clone)]
pub enum Act {
    Register { consent: bool, survey: bool, waitlist: bool, from_call: bool },
    Cancel,
    SetQuota(i64),
    OptOut,
    ClaimNext(Purpose),
    ClaimNamed(Purpose),
    Release,
    Renew,
    Record { disposition: Disposition, note: bool, callback_after: Option<i64>, mine: bool, other: bool },
    Undo,
    HandOver,
    Acknowledge { returned: u8 },
    Triage { children: bool, flag: bool },
    Hold { slot: u8, long: bool },
    Book { slot: u8, long: bool, wrong_doctor: bool },
    LetGo,
    Move { slot: u8 },
    CancelAppointment,
    Tell,
    Start { wrong_doctor: bool },
    Result { done: bool },
    Survey { q5: i64 },
    Wait,
}

fn purpose() -> impl Strategy<Value = Purpose> {
    prop_oneof![3 => Just(Purpose::Offer), 2 => Just(Purpose::Intake), 2 => Just(Purpose::Survey)]
}

fn act() -> impl Strategy<Value = Act> {
    let flags = || any::<(bool, bool, bool, bool)>();
    let often = || prop::bool::weighted(0.9);
    let slot = || 0_u8..16;
    let record =
        (prop::sample::select(Disposition::ALL.to_vec()), often(), prop::option::weighted(0.9, 1_i64..2000));
    let record = (record, any::<bool>(), prop::bool::weighted(0.1)).prop_map(
        |((disposition, note, callback_after), mine, other)| Act::Record {
            disposition,
            note,
            callback_after,
            mine,
            other,
        },
    );
    prop_oneof![
        10 => (often(), any::<bool>(), often(), any::<bool>()).prop_map(|(consent, survey, waitlist, from_call)| {
            Act::Register { consent, survey, waitlist, from_call }
        }),
        3 => Just(Act::Cancel),
        2 => (-1_i64..8).prop_map(Act::SetQuota),
        2 => Just(Act::OptOut),
        9 => purpose().prop_map(Act::ClaimNext),
        5 => purpose().prop_map(Act::ClaimNamed),
        3 => Just(Act::Release),
        2 => Just(Act::Renew),
        14 => record,
        5 => Just(Act::Undo),
        4 => Just(Act::HandOver),
        5 => (0_u8..3).prop_map(|returned| Act::Acknowledge { returned }),
        7 => (prop::bool::weighted(0.3), prop::bool::weighted(0.15))
            .prop_map(|(children, flag)| Act::Triage { children, flag }),
        4 => (slot(), any::<bool>()).prop_map(|(slot, long)| Act::Hold { slot, long }),
        9 => (slot(), flags()).prop_map(|(slot, (long, a, b, c))| Act::Book { slot, long, wrong_doctor: a && b && c }),
        2 => Just(Act::LetGo),
        4 => slot().prop_map(|slot| Act::Move { slot }),
        2 => Just(Act::CancelAppointment),
        3 => Just(Act::Tell),
        3 => prop::bool::weighted(0.1).prop_map(|wrong_doctor| Act::Start { wrong_doctor }),
        6 => often().prop_map(|done| Act::Result { done }),
        5 => (1_i64..=6).prop_map(|q5| Act::Survey { q5 }),
        3 => Just(Act::Wait),
    ]
}

fn later() -> impl Strategy<Value = i64> {
    prop_oneof![30 => Just(0_i64), 8 => 1_i64..12, 3 => 20_i64..300, 1 => 600_i64..2000]
}

pub fn step() -> impl Strategy<Value = Step> {
    (later(), any::<u8>(), any::<u8>(), act()).prop_map(|(minutes_later, who, which, act)| Step {
        minutes_later,
        who,
        which,
        act,
    })
}

/// How far the programme has come when the story begins: so many registered, their cases accepted and routed, booked,
/// and the consultations held.
#[derive(Debug, Clone, Copy)]
pub struct Begun {
    pub registered: u8,
    pub stage: u8,
}

pub fn begun() -> impl Strategy<Value = Begun> {
    (0_u8..6, 0_u8..5).prop_map(|(registered, stage)| Begun { registered, stage })
}

impl Begun {
    /// The steps that bring it about.
    pub fn steps(self) -> Vec<Step> {
        let step = |minutes_later, which, act| Step { minutes_later, who: 0, which, act };
        let of_each = |act: fn(u8) -> Act| (0..self.registered).map(move |n| step(0, n, act(n)));
        let mut steps: Vec<Step> =
            of_each(|_| Act::Register { consent: true, survey: true, waitlist: true, from_call: false })
                .collect();
        if self.stage >= 1 {
            steps.extend([step(5, 0, Act::HandOver), step(5, 0, Act::Acknowledge { returned: 0 })]);
        }
        if self.stage >= 2 {
            steps.extend(of_each(|_| Act::Triage { children: false, flag: false }));
        }
        if self.stage >= 3 {
            steps.extend(of_each(|n| Act::Book { slot: n, long: true, wrong_doctor: false }));
        }
        if self.stage >= 4 {
            steps.push(step(24 * 60 + 180, 0, Act::Wait));
            steps.extend(of_each(|_| Act::Result { done: true }));
        }
        steps
    }
}

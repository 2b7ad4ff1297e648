//! The steps of the model. A step names a row by a number that is taken modulo the rows there are, so that a shrunken
//! sequence is still valid.

use proptest::prelude::*;
use tongdai::domain::contact::Purpose;
use tongdai::domain::disposition::Disposition;

/// One action, some time after the last one.
#[derive(Debug, Clone)]
pub struct Step {
    pub minutes_later: i64,
    pub actor: u8,
    pub which: u8,
    pub act: Action,
}

#[derive(Debug, Clone)]
pub enum Action {
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

fn act() -> impl Strategy<Value = Action> {
    let flags = || any::<(bool, bool, bool, bool)>();
    let often = || prop::bool::weighted(0.9);
    let slot = || 0_u8..16;
    let after = prop_oneof![12 => 1_i64..2000, 1 => 15_000_i64..120_000];
    let record =
        (prop::sample::select(Disposition::ALL.to_vec()), often(), prop::option::weighted(0.9, after));
    let record = (record, any::<bool>(), prop::bool::weighted(0.1)).prop_map(
        |((disposition, note, callback_after), mine, other)| Action::Record {
            disposition,
            note,
            callback_after,
            mine,
            other,
        },
    );
    prop_oneof![
        10 => (often(), any::<bool>(), often(), any::<bool>()).prop_map(|(consent, survey, waitlist, from_call)| {
            Action::Register { consent, survey, waitlist, from_call }
        }),
        3 => Just(Action::Cancel),
        2 => (-1_i64..8).prop_map(Action::SetQuota),
        2 => Just(Action::OptOut),
        9 => purpose().prop_map(Action::ClaimNext),
        5 => purpose().prop_map(Action::ClaimNamed),
        3 => Just(Action::Release),
        2 => Just(Action::Renew),
        14 => record,
        5 => Just(Action::Undo),
        4 => Just(Action::HandOver),
        5 => (0_u8..3).prop_map(|returned| Action::Acknowledge { returned }),
        7 => (prop::bool::weighted(0.3), prop::bool::weighted(0.15))
            .prop_map(|(children, flag)| Action::Triage { children, flag }),
        4 => (slot(), any::<bool>()).prop_map(|(slot, long)| Action::Hold { slot, long }),
        9 => (slot(), flags()).prop_map(|(slot, (long, a, b, c))| Action::Book { slot, long, wrong_doctor: a && b && c }),
        2 => Just(Action::LetGo),
        4 => slot().prop_map(|slot| Action::Move { slot }),
        2 => Just(Action::CancelAppointment),
        3 => Just(Action::Tell),
        3 => prop::bool::weighted(0.1).prop_map(|wrong_doctor| Action::Start { wrong_doctor }),
        6 => often().prop_map(|done| Action::Result { done }),
        5 => (1_i64..=6).prop_map(|q5| Action::Survey { q5 }),
        3 => Just(Action::Wait),
    ]
}

fn later() -> impl Strategy<Value = i64> {
    prop_oneof![30 => Just(0_i64), 8 => 1_i64..12, 3 => 20_i64..300, 1 => 600_i64..2000]
}

pub fn step() -> impl Strategy<Value = Step> {
    (later(), any::<u8>(), any::<u8>(), act()).prop_map(|(minutes_later, actor, which, act)| Step {
        minutes_later,
        actor,
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
        let step = |minutes_later, which, act| Step { minutes_later, actor: 0, which, act };
        let of_each = |act: fn(u8) -> Action| (0..self.registered).map(move |n| step(0, n, act(n)));
        let mut steps: Vec<Step> =
            of_each(|_| Action::Register { consent: true, survey: true, waitlist: true, from_call: false })
                .collect();
        if self.stage >= 1 {
            steps.extend([step(5, 0, Action::HandOver), step(5, 0, Action::Acknowledge { returned: 0 })]);
        }
        if self.stage >= 2 {
            steps.extend(of_each(|_| Action::Triage { children: false, flag: false }));
        }
        if self.stage >= 3 {
            steps.extend(of_each(|n| Action::Book { slot: n, long: true, wrong_doctor: false }));
        }
        if self.stage >= 4 {
            steps.push(step(24 * 60 + 180, 0, Action::Wait));
            steps.extend(of_each(|_| Action::Result { done: true }));
        }
        steps
    }
}

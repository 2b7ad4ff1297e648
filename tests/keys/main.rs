//! The law of keys under a hand that knows nothing of it: random keys, pastes and sizes on every screen, as every
//! role, through the real Door. Beside it a control: a screen without its question is found.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod careless;
mod monkey;

use monkey::{Fault, Monkey};
use tongdai::domain::actor::Role;

/// Keys, pastes and sizes of each role.
const EACH: u32 = 14_300;
/// Who plays, and as what.
const CAST: [(&str, Role); 7] = [
    ("lan", Role::Agent),
    ("ha", Role::Supervisor),
    ("nga", Role::FanpageAdmin),
    ("thu", Role::Intake),
    ("bs_mai", Role::Doctor),
    ("quan", Role::VinmecLead),
    ("kiem", Role::Auditor),
];

fn play(at: usize) {
    let (login, role) = CAST[at];
    // Another number types other keys: TONGDAI_KEYS_SEED=7 cargo test --test keys
    let seed = std::env::var("TONGDAI_KEYS_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut monkey = Monkey::sits(login, role, seed.unwrap_or(20_261_201) + at as u64);
    let fault = monkey.plays(EACH);
    assert_eq!(fault, None, "as {login}, after {:?}", monkey.last());
    // It was in the middle of things, not before their door.
    let reaches = match role {
        Role::Agent | Role::Supervisor | Role::Intake | Role::VinmecLead => Some("record_call"),
        Role::FanpageAdmin => Some("move_lead"),
        Role::Doctor => Some("reveal_phone"),
        Role::Auditor | Role::Operator => None,
    };
    assert!(reaches.is_none_or(|name| monkey.done().contains_key(name)), "{:?}", monkey.done());
}

#[test]
fn an_agent_may_type_anything() {
    play(0);
}

#[test]
fn a_supervisor_may_type_anything() {
    play(1);
}

#[test]
fn a_fanpage_admin_may_type_anything() {
    play(2);
}

#[test]
fn intake_staff_may_type_anything() {
    play(3);
}

#[test]
fn a_doctor_may_type_anything() {
    play(4);
}

#[test]
fn a_lead_of_vinmec_may_type_anything() {
    play(5);
}

#[test]
fn an_auditor_may_type_anything() {
    play(6);
}

#[test]
fn together_they_type_a_hundred_thousand() {
    assert!(EACH as usize * CAST.len() >= 100_000);
}

#[test]
fn a_screen_that_does_not_ask_is_found() {
    let mut monkey = Monkey::before(careless::careless, 7);
    assert_eq!(monkey.plays(2_000), Some(Fault::NotAsked("set_quota")));
}

#[test]
fn a_screen_that_drops_what_was_typed_is_found() {
    let mut monkey = Monkey::before(careless::forgetful, 7);
    assert_eq!(monkey.plays(2_000), Some(Fault::Lost));
}

//! Random stories of registrations that are made, cancelled, taken back and restored, against a plain model of seats and
//! waitlist: never more seats than the quota, no seat twice, nobody waits beside a free seat, and whoever comes back to
//! the waitlist stands where they stood.

use crate::fixture::{self, PHONES, at};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tongdai::domain::consent::ConsentAnswers;
use tongdai::domain::id::{RegistrationId, StaffId};
use tongdai::domain::time::Timestamp;
use tongdai::usecase::command::{
    CancelRegistration, Channel, Nothing, ReactivateRegistration, Register, RegistrationRef, SetQuota,
};
use tongdai::usecase::{Command, Door, Error, Receipt, Request, When};

/// How long a step can be taken back, milliseconds.
const UNDO_MS: i64 = 120_000;
/// Seats at the beginning.
const SEATS: i64 = 3;

#[derive(Debug, Clone, Copy)]
enum Act {
    Register,
    Cancel,
    UndoRegistration,
    UndoCancel,
    Reactivate,
    SetQuota(i64),
    HandOver,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    seconds_later: i64,
    /// Whether somebody else than who did it tries to take it back.
    by_another: bool,
    which: u8,
    act: Act,
}

fn step() -> impl Strategy<Value = Step> {
    let act = prop_oneof![
        8 => Just(Act::Register),
        6 => Just(Act::Cancel),
        4 => Just(Act::UndoRegistration),
        6 => Just(Act::UndoCancel),
        4 => Just(Act::Reactivate),
        2 => (0_i64..7).prop_map(Act::SetQuota),
        1 => Just(Act::HandOver),
    ];
    let later = prop_oneof![6 => 0_i64..20, 1 => 100_i64..140];
    (later, prop::bool::weighted(0.15), any::<u8>(), act)
        .prop_map(|(seconds_later, by_another, which, act)| Step { seconds_later, by_another, which, act })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Seat(i64),
    /// By the number that was drawn: the lowest is first.
    Waiting(i64),
    Gone,
}

#[derive(Debug, Clone)]
struct Row {
    customer: usize,
    place: Place,
    made: (&'static str, Timestamp),
    /// Who cancelled it when, and the place that was given up.
    cancelled: Option<(&'static str, Timestamp, Place)>,
    was_taken_back: bool,
    is_sent: bool,
}

struct Plain {
    now: Timestamp,
    quota: i64,
    drawn: i64,
    rows: BTreeMap<i64, Row>,
}

impl Plain {
    fn taken(&self) -> i64 {
        self.rows.values().filter(|row| matches!(row.place, Place::Seat(_))).count() as i64
    }

    fn holds(&self, seat: i64) -> bool {
        self.rows.values().any(|row| row.place == Place::Seat(seat))
    }

    /// Who waits, first come first.
    fn waitlist(&self) -> Vec<i64> {
        let mut waiting: Vec<(i64, i64)> = self
            .rows
            .iter()
            .filter_map(|(id, row)| match row.place {
                Place::Waiting(number) => Some((number, *id)),
                Place::Seat(_) | Place::Gone => None,
            })
            .collect();
        waiting.sort_unstable();
        waiting.into_iter().map(|(_, id)| id).collect()
    }

    /// Takes a place as the store gave it.
    fn put(&mut self, id: i64, seat: Option<i64>) {
        let place = match seat {
            Some(seat) => {
                assert!(!self.holds(seat), "seat {seat} was given twice");
                Place::Seat(seat)
            }
            None => {
                self.drawn += 1;
                Place::Waiting(self.drawn)
            }
        };
        self.rows.get_mut(&id).unwrap().place = place;
    }

    /// Gives up a place: what a seat frees goes to the first who waits.
    fn leave(&mut self, id: i64, door: &Door) {
        let was = std::mem::replace(&mut self.rows.get_mut(&id).unwrap().place, Place::Gone);
        if matches!(was, Place::Seat(_)) {
            self.promote(door);
        }
    }

    fn promote(&mut self, door: &Door) {
        while self.taken() < self.quota
            && let Some(first) = self.waitlist().first().copied()
        {
            let seat = seat_of(door, first).expect("the first who waits has the seat that came free");
            self.put(first, Some(seat));
        }
    }

    fn has_time(&self, since: Timestamp) -> bool {
        self.now.since(since) <= UNDO_MS
    }

    fn check(&self, door: &Door) {
        assert!(self.taken() <= self.quota, "more seats than the quota");
        let waitlist = self.waitlist();
        assert!(waitlist.is_empty() || self.taken() == self.quota, "a customer waits beside a free seat");
        let seats: Vec<String> = self
            .rows
            .iter()
            .filter_map(|(id, row)| match row.place {
                Place::Seat(seat) => Some(format!("Int({id}) Int({seat}) ")),
                Place::Waiting(_) | Place::Gone => None,
            })
            .collect();
        let stored = "SELECT id, seat FROM registration WHERE seat IS NOT NULL ORDER BY id";
        assert_eq!(fixture::lines(door, stored), seats);
        let waiting: Vec<String> = waitlist.iter().map(|id| format!("Int({id}) ")).collect();
        let stored = "SELECT id FROM registration WHERE place IS NOT NULL ORDER BY place";
        assert_eq!(fixture::lines(door, stored), waiting);
        let counted = format!("Int({}) Int({}) Int({}) ", self.quota, self.taken(), self.waitlist().len());
        assert_eq!(fixture::lines(door, "SELECT quota, taken, waitlisted FROM campaign"), [counted]);
    }
}

fn seat_of(door: &Door, id: i64) -> Option<i64> {
    let lines = fixture::lines(door, format!("SELECT seat FROM registration WHERE id = {id}"));
    lines.first()?.trim().strip_prefix("Int(")?.strip_suffix(')')?.parse().ok()
}

/// The command of a step, who sends it, and the rule that refuses it; none when there is nothing it could be about.
fn plan(model: &Plain, step: &Step) -> Option<(&'static str, Command, Option<&'static str>)> {
    let which = usize::from(step.which);
    let ids: Vec<i64> = model.rows.keys().copied().collect();
    let id = (!ids.is_empty()).then(|| ids[which % ids.len()]);
    let named = |id: i64| RegistrationRef { registration: RegistrationId(id) };
    let agent = ["lan", "minh"][which % 2];
    let other =
        |who: &'static str| if step.by_another { ["lan", "minh"][usize::from(who == "lan")] } else { who };
    Some(match step.act {
        Act::Register => {
            let customer = which % PHONES.len();
            let is_registered =
                model.rows.values().any(|row| row.customer == customer && !row.was_taken_back);
            let consents = ConsentAnswers { register: true, ..ConsentAnswers::default() };
            let register = Register { consents, ..Register::new(PHONES[customer], Channel::Inbound9090) };
            (agent, Command::Register(register), is_registered.then_some("already_registered"))
        }
        Act::Cancel => {
            let id = id?;
            let cancel = CancelRegistration { registration: RegistrationId(id), reason: "bận".to_owned() };
            let rule = (model.rows[&id].place == Place::Gone).then_some("conflict");
            (agent, Command::CancelRegistration(cancel), rule)
        }
        Act::UndoRegistration => {
            let id = id?;
            let row = &model.rows[&id];
            let actor = other(row.made.0);
            let rule = if row.place == Place::Gone {
                Some("conflict")
            } else if actor != row.made.0 {
                Some("done_by_another")
            } else if !model.has_time(row.made.1) {
                Some("undo_too_late")
            } else {
                row.is_sent.then_some("conflict")
            };
            (actor, Command::UndoRegistration(named(id)), rule)
        }
        Act::UndoCancel => {
            let id = id?;
            let row = &model.rows[&id];
            let actor = other(row.cancelled.map_or(agent, |(by, ..)| by));
            let rule = match row.cancelled {
                None => Some("conflict"),
                Some((by, ..)) if by != actor => Some("done_by_another"),
                Some((_, at, _)) if !model.has_time(at) => Some("undo_too_late"),
                Some((_, _, Place::Seat(_))) if model.taken() >= model.quota => Some("quota_full"),
                Some(_) => None,
            };
            (actor, Command::UndoCancel(named(id)), rule)
        }
        Act::Reactivate => {
            let id = id?;
            let registration = RegistrationId(id);
            let reason = "hủy nhầm".to_owned();
            let rule = match model.rows[&id].cancelled {
                None => Some("conflict"),
                Some(_) => (model.taken() >= model.quota).then_some("quota_full"),
            };
            ("ha", Command::ReactivateRegistration(ReactivateRegistration { registration, reason }), rule)
        }
        Act::SetQuota(quota) => {
            let rule = if quota < 1 {
                Some("field_invalid")
            } else {
                (quota < model.taken()).then_some("quota_below_taken")
            };
            ("ha", Command::SetQuota(SetQuota { quota }), rule)
        }
        Act::HandOver => {
            let waits = model.rows.values().any(|row| matches!(row.place, Place::Seat(_)) && !row.is_sent);
            ("ha", Command::HandOver(Nothing {}), (!waits).then_some("nothing_to_hand_over"))
        }
    })
}

/// Brings an accepted command about in the model.
fn follow(model: &mut Plain, door: &Door, actor: &'static str, command: &Command, receipt: &Receipt) {
    let now = model.now;
    match (command, receipt) {
        (
            Command::Register(register),
            Receipt::Registered { registration, .. } | Receipt::Waitlisted { registration, .. },
        ) => {
            let customer = PHONES.iter().position(|phone| *phone == register.phone).unwrap();
            let seat = if let Receipt::Registered { seat, .. } = receipt { Some(*seat) } else { None };
            assert_eq!(seat.is_some(), model.taken() < model.quota);
            let (place, made) = (Place::Gone, (actor, now));
            let row = Row { customer, place, made, cancelled: None, was_taken_back: false, is_sent: false };
            model.rows.insert(registration.0, row);
            model.put(registration.0, seat);
        }
        (Command::CancelRegistration(cancel), Receipt::Cancelled { promoted, .. }) => {
            let id = cancel.registration.0;
            let was = model.rows[&id].place;
            let first = model.waitlist().first().copied().filter(|_| matches!(was, Place::Seat(_)));
            assert_eq!(promoted.map(|id| id.0), first, "the first who waits has it");
            model.leave(id, door);
            model.rows.get_mut(&id).unwrap().cancelled = Some((actor, now, was));
        }
        (Command::UndoRegistration(named), Receipt::RegistrationUndone { promoted, .. }) => {
            let id = named.registration.0;
            let was = model.rows[&id].place;
            let first = model.waitlist().first().copied().filter(|_| matches!(was, Place::Seat(_)));
            assert_eq!(promoted.map(|id| id.0), first, "the first who waits has it");
            model.leave(id, door);
            model.rows.get_mut(&id).unwrap().was_taken_back = true;
        }
        (Command::UndoCancel(named), Receipt::CancelUndone { seat, .. }) => {
            let id = named.registration.0;
            let (_, _, was) = model.rows.get_mut(&id).unwrap().cancelled.take().unwrap();
            match (seat, was) {
                (Some(seat), _) => model.put(id, Some(*seat)),
                (None, was) => model.rows.get_mut(&id).unwrap().place = was,
            }
        }
        (Command::ReactivateRegistration(input), Receipt::Reactivated { seat, .. }) => {
            let id = input.registration.0;
            let row = model.rows.get_mut(&id).unwrap();
            row.cancelled = None;
            // What had come back goes out again.
            row.is_sent = false;
            model.put(id, Some(*seat));
        }
        (Command::SetQuota(set), _) => {
            model.quota = set.quota;
            model.promote(door);
        }
        (Command::HandOver(_), _) => {
            for row in model.rows.values_mut().filter(|row| matches!(row.place, Place::Seat(_))) {
                row.is_sent = true;
            }
        }
        (command, receipt) => panic!("{command:?}: {receipt:?}"),
    }
}

fn tell(steps: &[Step]) {
    let door = fixture::hotline_of(SEATS, true);
    let mut model = Plain { now: at("2026-12-01T08:30"), quota: SEATS, drawn: 0, rows: BTreeMap::new() };
    let mut before = fixture::state(&door);
    for step in steps {
        model.now = model.now.plus_ms(step.seconds_later * 1000);
        let Some((actor, command, rule)) = plan(&model, step) else { continue };
        let staff = StaffId(actor.to_owned());
        let request = Request { op: None, staff, when: When::At(model.now), command: command.clone() };
        let result = door.execute(request);
        let after = fixture::state(&door);
        match (&result, rule) {
            (Err(Error::Refused(refusal)), Some(rule)) => {
                assert_eq!(refusal.rule(), rule, "{actor}: {command:?}");
                assert_eq!(after, before, "refused and yet something changed: {command:?}");
            }
            (Ok(receipt), None) => follow(&mut model, &door, actor, &command, receipt),
            _ => panic!("{actor}: {command:?}\nthe door: {result:?}\nthe model: {rule:?}"),
        }
        model.check(&door);
        before = after;
    }
    assert_eq!(tongdai::usecase::check::check(&door).unwrap(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_taken_back_or_restored_never_breaks_seats_or_waitlist(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        tell(&steps);
    }
}

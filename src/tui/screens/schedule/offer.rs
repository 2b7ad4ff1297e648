//! The free slots that are offered, each with a digit.
//!
//! Invariants:
//! * a slot keeps its digit until the person asks for new ones, whatever colleagues do meanwhile;
//! * a slot that is gone is struck through, and no key takes it;
//! * the slot that is held for the case is never struck through.

use crate::domain::department::Department;
use crate::domain::time::Timestamp;
use crate::usecase::Query;
use crate::usecase::model::case::Slot;
use chrono::{NaiveDate, TimeDelta};

/// How many slots are offered at once; each has a digit.
pub const OFFERED: usize = 6;
/// How many free slots are read: more than are offered, so that a missing one is known to be gone.
const READ: u32 = 2 * OFFERED as u32;
/// The minute of the day at which the second half-day begins.
const NOON_MINUTES: i64 = 12 * 60;

/// An offered slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The doctor and the time.
    pub slot: Slot,
    /// Whether it is gone: a colleague took or held it, or its time is past.
    pub gone: bool,
}

/// The offered slots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offer {
    /// The slots in the order of their digits.
    pub slots: Vec<Offered>,
    /// The slot under the cursor.
    pub at: usize,
    /// The time from which they are read; none: now.
    pub from: Option<Timestamp>,
}

impl Offer {
    /// The query for the free slots of this offer.
    pub const fn query(&self, department: Department) -> Query {
        Query::FreeSlots { department, from: self.from, count: READ }
    }

    /// An empty offer that begins now.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Offers the slots that the person asked for. The slot that is held for the case stays among them, with the cursor
    /// on it.
    pub fn renew(&mut self, free: Vec<Slot>, held: Option<&Slot>) {
        let mut slots = free;
        slots.truncate(OFFERED);
        if let Some(held) = held
            && !slots.contains(held)
        {
            slots.truncate(OFFERED - 1);
            slots.push(held.clone());
            slots.sort_by(|a, b| (a.starts_at, &a.doctor_name).cmp(&(b.starts_at, &b.doctor_name)));
        }
        self.at = slots.iter().position(|slot| Some(slot) == held).unwrap_or(0);
        self.slots = slots.into_iter().map(|slot| Offered { slot, gone: false }).collect();
    }

    /// Marks the offered slots that are no longer free. It offers no new slot, unless none was offered.
    pub fn compare(&mut self, free: Vec<Slot>, held: Option<&Slot>) {
        if self.slots.is_empty() {
            return self.renew(free, held);
        }
        // A slot after the last one that was read may still be free.
        let known = if free.len() < READ as usize { None } else { free.last().map(|last| last.starts_at) };
        for offered in &mut self.slots {
            let slot = &offered.slot;
            if held == Some(slot) || free.contains(slot) {
                offered.gone = false;
            } else if known.is_none_or(|last| slot.starts_at < last) {
                offered.gone = true;
            }
        }
    }

    /// Marks a slot as gone after a refusal.
    pub fn lose(&mut self, slot: &Slot) {
        for offered in self.slots.iter_mut().filter(|offered| offered.slot == *slot) {
            offered.gone = true;
        }
    }

    /// The slot under the cursor.
    pub fn chosen(&self) -> Option<&Offered> {
        self.slots.get(self.at)
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.slots.len().saturating_sub(1));
    }

    /// Moves the beginning by that many half-days, but never before now. True when the beginning changed, so that a new
    /// offer has to be read.
    pub fn turn(&mut self, half_days: i64, now: Timestamp) -> bool {
        let first = half_day(now);
        let next = (half_day(self.from.unwrap_or(now)) + half_days).max(first);
        let from = (next > first).then(|| start_of(next)).flatten();
        let turned = from != self.from;
        self.from = from;
        turned
    }

    /// Moves the beginning to the morning that many days later or earlier, but never before now; true when it changed.
    pub fn turn_day(&mut self, days: i64, now: Timestamp) -> bool {
        let at = half_day(self.from.unwrap_or(now));
        self.turn(at.div_euclid(2) * 2 + days * 2 - at, now)
    }

    /// The day on which it begins.
    pub fn date(&self, now: Timestamp) -> NaiveDate {
        self.from.unwrap_or(now).date()
    }
}

/// The number of a half-day since the first one of the calendar.
fn half_day(at: Timestamp) -> i64 {
    let date = at.date();
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    days * 2 + i64::from(at >= Timestamp::start_of(date).plus_minutes(NOON_MINUTES))
}

fn start_of(half_day: i64) -> Option<Timestamp> {
    let date = NaiveDate::default().checked_add_signed(TimeDelta::try_days(half_day.div_euclid(2))?)?;
    Some(Timestamp::start_of(date).plus_minutes(half_day.rem_euclid(2) * NOON_MINUTES))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::DoctorId;
    use crate::tui::fixture::at;

    fn slot(doctor: i64, time: &str) -> Slot {
        let starts_at = at(&format!("2026-12-02T{time}:00"));
        Slot { doctor: DoctorId(doctor), doctor_name: format!("BS {doctor}"), starts_at, minutes: 30 }
    }

    fn offer() -> Offer {
        let mut offer = Offer::default();
        offer.renew(vec![slot(1, "09:30"), slot(2, "10:00"), slot(1, "10:30")], None);
        offer
    }

    fn gone(offer: &Offer) -> Vec<bool> {
        offer.slots.iter().map(|offered| offered.gone).collect()
    }

    #[test]
    fn what_a_colleague_takes_or_frees_moves_no_slot_to_another_digit() {
        let mut offer = offer();
        offer.step(1);
        let before: Vec<Slot> = offer.slots.iter().map(|offered| offered.slot.clone()).collect();
        offer.compare(vec![slot(3, "08:30"), slot(2, "10:00"), slot(1, "10:30")], None);
        assert!(before.iter().eq(offer.slots.iter().map(|offered| &offered.slot)));
        assert_eq!((gone(&offer), offer.at), (vec![true, false, false], 1));
        offer.compare(vec![slot(1, "09:30"), slot(2, "10:00")], Some(&slot(1, "10:30")));
        assert_eq!(gone(&offer), [false, false, false], "free again, free, held for the case");
    }

    #[test]
    fn a_slot_beyond_the_last_one_read_is_not_taken_for_gone() {
        let mut offer = offer();
        let early: Vec<Slot> = (0..i64::from(READ)).map(|doctor| slot(doctor, "10:00")).collect();
        offer.compare(early, None);
        assert_eq!(gone(&offer), [true, false, false]);
    }

    #[test]
    fn asking_anew_keeps_the_held_slot_and_the_cursor_on_it() {
        let mut offer = offer();
        let held = slot(9, "16:00");
        offer.renew((0..9).map(|doctor| slot(doctor, "10:00")).collect(), Some(&held));
        assert_eq!((offer.slots.len(), offer.chosen().map(|o| &o.slot)), (OFFERED, Some(&held)));
    }

    #[test]
    fn half_days_and_days_turn_forward_and_never_before_now() {
        let now = at("2026-12-02T09:30:00");
        let mut offer = Offer::default();
        assert!(!offer.turn(-1, now) && !offer.turn_day(-1, now));
        assert!(offer.turn(1, now));
        assert_eq!(offer.from, Some(at("2026-12-02T12:00:00")));
        assert!(offer.turn_day(1, now));
        assert_eq!(offer.from, Some(at("2026-12-03T00:00:00")));
        assert!(offer.turn(-2, now));
        assert_eq!((offer.from, offer.date(now)), (None, now.date()));
    }
}

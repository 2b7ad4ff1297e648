//! Rules for seats: how many are free, who gets one, what closes registration, how the number may change.
//!
//! Invariant: `0 ≤ taken ≤ quota`; every function that returns new seats keeps it. The store proves the same with
//! a conditional update and a `CHECK`. Deliberately absent: seat numbers and the waitlist's order (store).

use super::campaign::window::DateWindow;
use super::refusal::Refusal;
use super::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The seat counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seats {
    /// Seats of the programme.
    pub quota: i64,
    /// Seats taken.
    pub taken: i64,
}

/// What a registration gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// A seat; the counter as it is afterwards.
    Seat(Seats),
    /// A place on the waitlist.
    Waitlist,
}

/// What closed registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// The last day is over.
    Date,
    /// All seats are taken.
    Quota,
}

impl ClosedBy {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Quota => "quota",
        }
    }
}

impl Seats {
    /// Seats left.
    pub const fn free(&self) -> i64 {
        self.quota - self.taken
    }

    /// Whether none is left.
    pub const fn is_full(&self) -> bool {
        self.taken >= self.quota
    }

    /// Takes one seat.
    ///
    /// # Errors
    /// [`Refusal::QuotaFull`].
    pub const fn take(self) -> Result<Self, Refusal> {
        if self.is_full() {
            Err(Refusal::QuotaFull { quota: self.quota })
        } else {
            Ok(Self { quota: self.quota, taken: self.taken + 1 })
        }
    }

    /// Gives one seat back; none taken stays none.
    #[must_use]
    pub const fn release(self) -> Self {
        Self { quota: self.quota, taken: if self.taken > 0 { self.taken - 1 } else { 0 } }
    }

    /// A seat, or the waitlist for those who accept it.
    ///
    /// # Errors
    /// [`Refusal::QuotaFull`] when no seat is left and the customer does not want to wait.
    pub fn admit(self, accepts_waitlist: bool) -> Result<Admission, Refusal> {
        match self.take() {
            Ok(after) => Ok(Admission::Seat(after)),
            Err(_) if accepts_waitlist => Ok(Admission::Waitlist),
            Err(refusal) => Err(refusal),
        }
    }

    /// Changes the number of seats.
    ///
    /// # Errors
    /// [`Refusal::QuotaBelowTaken`]; [`Refusal::FieldInvalid`] below one.
    pub const fn resize(self, quota: i64) -> Result<Self, Refusal> {
        if quota < 1 {
            return Err(Refusal::FieldInvalid { field: "quota", reason: "out_of_range" });
        }
        if quota < self.taken {
            return Err(Refusal::QuotaBelowTaken { taken: self.taken });
        }
        Ok(Self { quota, taken: self.taken })
    }

    /// How many of `waiting` customers get a seat now.
    pub const fn promotable(&self, waiting: i64) -> i64 {
        let free = self.free();
        if free < waiting { free } else { waiting }
    }

    /// What closed registration at `now`. Seats go only while the window is open, so full seats closed it first.
    pub fn closed_by(&self, window: &DateWindow, now: Timestamp) -> Option<ClosedBy> {
        if self.is_full() {
            Some(ClosedBy::Quota)
        } else if now > window.closes() {
            Some(ClosedBy::Date)
        } else {
            None
        }
    }
}

/// Whether a seat that comes free at `now` is of use to anybody: consultations still take place. A seat that comes free
/// later goes to nobody, because who got it would be handed to Vinmec for a consultation that cannot be.
pub fn is_seat_of_use(consultation: &DateWindow, now: Timestamp) -> bool {
    now <= consultation.closes()
}

/// Registration takes place only inside its window.
///
/// # Errors
/// [`Refusal::RegistrationClosed`].
pub fn check_open(window: &DateWindow, now: Timestamp) -> Result<(), Refusal> {
    if window.contains(now) {
        Ok(())
    } else {
        Err(Refusal::RegistrationClosed { opens: window.opens(), closes: window.closes() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn window() -> DateWindow {
        let day = |d| NaiveDate::from_ymd_opt(2026, 12, d).unwrap();
        DateWindow { from: day(1), to: day(20) }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_last_seat_goes_once_and_then_the_waitlist_opens() {
        let seats = Seats { quota: 500, taken: 499 };
        let full = Seats { quota: 500, taken: 500 };
        assert_eq!(seats.admit(true), Ok(Admission::Seat(full)));
        assert_eq!(full.admit(true), Ok(Admission::Waitlist));
        assert_eq!(full.admit(false), Err(Refusal::QuotaFull { quota: 500 }));
    }

    #[test]
    fn the_quota_never_goes_below_what_is_taken() {
        let seats = Seats { quota: 500, taken: 312 };
        assert_eq!(seats.resize(311), Err(Refusal::QuotaBelowTaken { taken: 312 }));
        assert_eq!(seats.resize(312), Ok(Seats { quota: 312, taken: 312 }));
        assert!(matches!(Seats { quota: 5, taken: 0 }.resize(0), Err(Refusal::FieldInvalid { .. })));
    }

    #[test]
    fn registration_closes_by_quota_or_date_whichever_comes_first() {
        let (open, over) = (at("2026-12-20T23:59:59+07:00"), at("2026-12-21T00:00:00+07:00"));
        let some = Seats { quota: 500, taken: 312 };
        let full = Seats { quota: 500, taken: 500 };
        assert_eq!(some.closed_by(&window(), open), None);
        assert_eq!(some.closed_by(&window(), over), Some(ClosedBy::Date));
        assert_eq!(full.closed_by(&window(), open), Some(ClosedBy::Quota));
        assert_eq!(check_open(&window(), open), Ok(()));
        assert!(check_open(&window(), over).is_err());
        assert!(check_open(&window(), at("2026-11-30T23:59:59+07:00")).is_err());
    }

    #[test]
    fn a_higher_quota_seats_those_who_wait_and_no_more() {
        assert_eq!(Seats { quota: 503, taken: 500 }.promotable(10), 3);
        assert_eq!(Seats { quota: 503, taken: 500 }.promotable(2), 2);
        assert_eq!(Seats { quota: 500, taken: 500 }.promotable(2), 0);
    }

    #[test]
    fn a_seat_is_of_use_until_the_last_consultation_day_is_over() {
        let window = window();
        assert!(is_seat_of_use(&window, at("2026-11-30T09:00:00+07:00")));
        assert!(is_seat_of_use(&window, at("2026-12-20T23:59:59+07:00")));
        assert!(!is_seat_of_use(&window, at("2026-12-21T00:00:00+07:00")));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Take,
        Release,
        Resize(i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![Just(Step::Take), Just(Step::Release), (-2_i64..12).prop_map(Step::Resize)]
    }

    proptest! {
        #[test]
        fn seats_never_exceed_the_quota(steps in prop::collection::vec(step(), 0..200)) {
            let mut seats = Seats { quota: 5, taken: 0 };
            for step in steps {
                let after = match step {
                    Step::Take => seats.take(),
                    Step::Release => Ok(seats.release()),
                    Step::Resize(quota) => seats.resize(quota),
                };
                seats = after.unwrap_or(seats);
                prop_assert!(seats.quota >= 1 && (0..=seats.quota).contains(&seats.taken));
            }
        }
    }
}

//! The roster: doctors' registered hours, whether they cover an appointment, and the next free slots over many
//! doctors. Times lie on the campaign's grid.
//!
//! Invariant: a free slot lies inside registered hours, touches no taken granule, and slots of one doctor never
//! overlap each other. Deliberately absent: who may be booked for what (department and degree are filters of the
//! use case).

use super::id::DoctorId;
use super::refusal::Refusal;
use super::time::{DAY_MS, MINUTE_MS, Timestamp};
use std::collections::BTreeSet;

/// A stretch of registered hours, `[from, to)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
}

/// One doctor's hours and the granules that are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorHours {
    /// The doctor.
    pub doctor: DoctorId,
    /// Registered hours in any order; they may touch or overlap.
    pub hours: Vec<Hours>,
    /// Starts of taken granules.
    pub taken: BTreeSet<Timestamp>,
}

/// A time at which a doctor is free for the length asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// Start.
    pub starts_at: Timestamp,
    /// The doctor.
    pub doctor: DoctorId,
}

/// A shift is on the grid, ends after it begins and lasts at most a day.
///
/// # Errors
/// [`Refusal::FieldInvalid`] for `to`, [`Refusal::OffGrid`].
pub fn check_shift(hours: &Hours, granule_minutes: i64) -> Result<(), Refusal> {
    if hours.to <= hours.from {
        return Err(Refusal::FieldInvalid { field: "to", reason: "before_start" });
    }
    if hours.to.since(hours.from) > DAY_MS {
        return Err(Refusal::FieldInvalid { field: "to", reason: "out_of_range" });
    }
    let on_grid = |at| super::appointment::is_on_grid(at, granule_minutes);
    if on_grid(hours.from) && on_grid(hours.to) { Ok(()) } else { Err(Refusal::OffGrid { granule_minutes }) }
}

/// The doctor's registered hours cover the whole appointment, be it over two shifts that touch.
///
/// # Errors
/// [`Refusal::OutsideShift`].
pub fn check_cover(hours: &[Hours], start: Timestamp, minutes: i64) -> Result<(), Refusal> {
    let end = start.plus_minutes(minutes);
    if joined(hours).iter().any(|h| h.from <= start && end <= h.to) {
        Ok(())
    } else {
        Err(Refusal::OutsideShift)
    }
}

/// The granule at which an appointment clashes with what is taken.
///
/// # Errors
/// [`Refusal::DoctorBusy`] with the first clash.
pub fn check_free(
    taken: &BTreeSet<Timestamp>,
    start: Timestamp,
    minutes: i64,
    granule_minutes: i64,
) -> Result<(), Refusal> {
    match super::appointment::granules(start, minutes, granule_minutes)
        .find(|granule| taken.contains(granule))
    {
        Some(at) => Err(Refusal::DoctorBusy { at }),
        None => Ok(()),
    }
}

/// The next `count` free slots of `minutes` from `from` on over all doctors, by time and then by doctor.
pub fn free_slots(
    doctors: &[DoctorHours],
    from: Timestamp,
    minutes: i64,
    granule_minutes: i64,
    count: usize,
) -> Vec<Slot> {
    if minutes < 1 || granule_minutes < 1 {
        return Vec::new();
    }
    let mut slots: Vec<Slot> = doctors
        .iter()
        .flat_map(|doctor| {
            slots_of(doctor, from, minutes, granule_minutes)
                .take(count)
                .map(|starts_at| Slot { starts_at, doctor: doctor.doctor })
                .collect::<Vec<_>>()
        })
        .collect();
    slots.sort_unstable();
    slots.truncate(count);
    slots
}

/// One doctor's free slots in order.
fn slots_of(
    doctor: &DoctorHours,
    from: Timestamp,
    minutes: i64,
    granule_minutes: i64,
) -> impl Iterator<Item = Timestamp> {
    let length = minutes * MINUTE_MS;
    free_stretches(doctor, from, granule_minutes * MINUTE_MS).into_iter().flat_map(move |stretch| {
        let fit = |start: i64| ((stretch.to.ms() - start) / length).max(0);
        // Round times read better over the phone; they are given up only where they would lose a slot.
        let round = next_multiple(stretch.from.ms(), length);
        let start = if fit(round) == fit(stretch.from.ms()) { round } else { stretch.from.ms() };
        (0..fit(start)).map(move |n| Timestamp(start + n * length))
    })
}

/// Registered time from `from` on without the taken granules, cut to the grid.
fn free_stretches(doctor: &DoctorHours, from: Timestamp, granule: i64) -> Vec<Hours> {
    let mut free = Vec::new();
    for hours in joined(&doctor.hours) {
        let mut start = next_multiple(hours.from.max(from).ms(), granule);
        let end = hours.to.ms();
        if start >= end {
            continue;
        }
        for taken in doctor.taken.range(Timestamp(start - granule + 1)..hours.to) {
            if taken.ms() > start {
                free.push(Hours { from: Timestamp(start), to: *taken });
            }
            start = start.max(taken.ms() + granule);
        }
        if start < end {
            free.push(Hours { from: Timestamp(start), to: hours.to });
        }
    }
    free
}

/// Hours in order, with those that touch or overlap made one.
fn joined(hours: &[Hours]) -> Vec<Hours> {
    let mut sorted: Vec<Hours> = hours.iter().copied().filter(|h| h.from < h.to).collect();
    sorted.sort_unstable();
    let mut out: Vec<Hours> = Vec::new();
    for next in sorted {
        match out.last_mut() {
            Some(last) if next.from <= last.to => last.to = last.to.max(next.to),
            _ => out.push(next),
        }
    }
    out
}

const fn next_multiple(ms: i64, step: i64) -> i64 {
    let over = ms.rem_euclid(step);
    if over == 0 { ms } else { ms - over + step }
}

#[cfg(test)]
mod tests;

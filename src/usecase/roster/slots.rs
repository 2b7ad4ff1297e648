//! The next free slots of a department, from two bounded queries: hours and taken granules.

use crate::domain::department::Department;
use crate::domain::id::DoctorId;
use crate::domain::roster::{self, DoctorHours, Hours};
use crate::domain::time::Timestamp;
use crate::store::{Tx, granule as granule_rows, shift as shift_rows};
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;
use crate::usecase::model::case::{FreeSlots, Slot};
use std::collections::BTreeMap;

/// Hours looked at: the nearest ones.
const MOST_SHIFTS: i64 = 2_000;
/// Taken granules looked at; 2 000 shifts of 16 hours cannot hold more that matter to 100 slots.
const MOST_GRANULES: i64 = 100_000;
/// Most slots in one answer.
const MOST_SLOTS: u32 = 100;

/// The next `count` (1–100) slots of the campaign's length that every rule of booking would take: inside hours of
/// a doctor of the department, not taken, not before `from` or now, inside the consultation window.
pub(in crate::usecase) fn free_slots(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    department: Department,
    from: Option<Timestamp>,
    count: u32,
) -> Result<FreeSlots, Error> {
    let window = &ctx.campaign.consultation;
    let from = from.unwrap_or(ctx.now).max(ctx.now).max(window.opens());
    let end = window.closes().plus_ms(1);
    let limits = ctx.campaign.limits_on(from.date());
    let mut doctors: BTreeMap<DoctorId, (String, DoctorHours)> = BTreeMap::new();
    let mut last = from;
    for (shift, name) in shift_rows::list_of_department(tx, department, from, end, MOST_SHIFTS)? {
        let hours = Hours { from: shift.from, to: shift.to.min(end) };
        last = last.max(hours.to);
        let doctor = shift.doctor;
        let fresh = || (name, DoctorHours { doctor, hours: Vec::new(), taken: Default::default() });
        doctors.entry(doctor).or_insert_with(fresh).1.hours.push(hours);
    }
    for (doctor, at) in granule_rows::list_of_department(tx, department, from, last, ctx.now, MOST_GRANULES)?
    {
        if let Some((_, hours)) = doctors.get_mut(&doctor) {
            hours.taken.insert(at);
        }
    }
    let minutes = limits.consultation_minutes;
    let (names, hours): (BTreeMap<DoctorId, String>, Vec<DoctorHours>) =
        doctors.into_iter().map(|(doctor, (name, hours))| ((doctor, name), hours)).unzip();
    let count = count.clamp(1, MOST_SLOTS) as usize;
    let slots = roster::free_slots(&hours, from, minutes, limits.granule_minutes, count)
        .into_iter()
        .map(|slot| Slot {
            doctor: slot.doctor,
            doctor_name: names.get(&slot.doctor).cloned().unwrap_or_default(),
            starts_at: slot.starts_at,
            minutes,
        })
        .collect();
    Ok(FreeSlots { department, slots })
}

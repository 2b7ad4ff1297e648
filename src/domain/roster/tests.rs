//! Cover, clashes and free slots by tables, and free slots against a plain search.

use super::*;
use crate::domain::appointment::granules;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-12-03T{text}:00+07:00")).unwrap()
}

fn hours(from: &str, to: &str) -> Hours {
    Hours { from: at(from), to: at(to) }
}

fn doctor(id: i64, hours: Vec<Hours>, booked: &[(&str, i64)]) -> DoctorHours {
    let taken = booked.iter().flat_map(|(start, minutes)| granules(at(start), *minutes, 5)).collect();
    DoctorHours { doctor: DoctorId(id), hours, taken }
}

fn times(doctor: DoctorHours, from: &str) -> Vec<String> {
    free_slots(&[doctor], at(from), 30, 5, 10).into_iter().map(|slot| slot.starts_at.hm()).collect()
}

#[test]
fn an_appointment_lies_wholly_inside_registered_hours() {
    let morning = [hours("08:00", "11:30")];
    assert_eq!(check_cover(&morning, at("08:00"), 30), Ok(()));
    assert_eq!(check_cover(&morning, at("11:00"), 30), Ok(()));
    assert_eq!(check_cover(&morning, at("11:05"), 30), Err(Refusal::OutsideShift));
    assert_eq!(check_cover(&morning, at("07:55"), 30), Err(Refusal::OutsideShift));
    assert_eq!(check_cover(&[], at("09:00"), 30), Err(Refusal::OutsideShift));
}

#[test]
fn two_shifts_that_touch_are_one_and_a_gap_is_a_gap() {
    assert_eq!(check_cover(&[hours("10:00", "12:00"), hours("08:00", "10:00")], at("09:45"), 30), Ok(()));
    assert!(check_cover(&[hours("08:00", "10:00"), hours("10:05", "12:00")], at("09:45"), 30).is_err());
}

#[test]
fn a_partial_overlap_is_a_clash_at_its_first_granule() {
    let taken: BTreeSet<_> = granules(at("09:00"), 30, 5).collect();
    assert_eq!(check_free(&taken, at("08:45"), 30, 5), Err(Refusal::DoctorBusy { at: at("09:00") }));
    assert_eq!(check_free(&taken, at("09:25"), 30, 5), Err(Refusal::DoctorBusy { at: at("09:25") }));
    assert_eq!(check_free(&taken, at("09:30"), 30, 5), Ok(()));
    assert_eq!(check_free(&taken, at("08:30"), 30, 5), Ok(()));
}

#[test]
fn a_shift_ends_after_it_begins_on_the_grid_within_a_day() {
    assert_eq!(check_shift(&hours("08:00", "11:30"), 5), Ok(()));
    assert_eq!(check_shift(&hours("08:02", "11:30"), 5), Err(Refusal::OffGrid { granule_minutes: 5 }));
    for bad in [hours("11:00", "08:00"), hours("08:00", "08:00")] {
        assert!(matches!(check_shift(&bad, 5), Err(Refusal::FieldInvalid { field: "to", .. })));
    }
    let long = Hours { from: at("08:00"), to: at("08:00").plus_days(2) };
    assert!(check_shift(&long, 5).is_err());
}

#[test]
fn free_slots_stand_at_round_times_when_that_loses_none() {
    assert_eq!(times(doctor(1, vec![hours("08:00", "10:00")], &[]), "08:10"), ["08:30", "09:00", "09:30"]);
    assert_eq!(times(doctor(1, vec![hours("08:00", "08:45")], &[]), "08:10"), ["08:10"]);
    assert_eq!(
        times(doctor(1, vec![hours("08:00", "10:00")], &[("08:30", 30)]), "08:00"),
        ["08:00", "09:00", "09:30"]
    );
}

#[test]
fn slots_of_many_doctors_come_by_time() {
    let doctors = [
        doctor(2, vec![hours("08:00", "09:00")], &[]),
        doctor(1, vec![hours("08:00", "09:00")], &[("08:00", 30)]),
    ];
    let slots: Vec<_> = free_slots(&doctors, at("07:00"), 30, 5, 3)
        .into_iter()
        .map(|slot| (slot.starts_at.hm(), slot.doctor.0))
        .collect();
    assert_eq!(slots, [("08:00".to_owned(), 2), ("08:30".to_owned(), 1), ("08:30".to_owned(), 2)]);
}

#[test]
fn the_past_offers_nothing() {
    assert!(times(doctor(1, vec![hours("08:00", "10:00")], &[]), "10:00").is_empty());
    assert!(times(doctor(1, Vec::new(), &[]), "08:00").is_empty());
}

prop_compose! {
    fn some_doctor()(
        shifts in prop::collection::vec((0_i64..80, 1_i64..40), 0..4),
        booked in prop::collection::vec((0_i64..120, 1_i64..7), 0..12),
    ) -> DoctorHours {
        let grid = |n: i64| at("06:00").plus_minutes(n * 5);
        DoctorHours {
            doctor: DoctorId(1),
            hours: shifts.into_iter().map(|(s, l)| Hours { from: grid(s), to: grid(s + l) }).collect(),
            taken: booked.into_iter().flat_map(|(s, l)| granules(grid(s), l * 5, 5)).collect(),
        }
    }
}

proptest! {
    #[test]
    fn every_free_slot_can_be_booked_and_none_overlap(doctor in some_doctor(), from in 0_i64..400) {
        let from = at("06:00").plus_minutes(from);
        let slots = free_slots(std::slice::from_ref(&doctor), from, 30, 5, 100);
        for slot in &slots {
            prop_assert!(slot.starts_at >= from);
            prop_assert_eq!(check_cover(&doctor.hours, slot.starts_at, 30), Ok(()));
            prop_assert_eq!(check_free(&doctor.taken, slot.starts_at, 30, 5), Ok(()));
        }
        for pair in slots.windows(2) {
            prop_assert!(pair[0].starts_at.plus_minutes(30) <= pair[1].starts_at);
        }
    }

    #[test]
    fn as_many_slots_as_a_greedy_search_finds(doctor in some_doctor()) {
        let mut greedy = 0;
        let mut now = at("06:00");
        while now < at("23:00") {
            let fits = check_cover(&doctor.hours, now, 30).is_ok() && check_free(&doctor.taken, now, 30, 5).is_ok();
            greedy += usize::from(fits);
            now = now.plus_minutes(if fits { 30 } else { 5 });
        }
        prop_assert_eq!(free_slots(&[doctor], at("06:00"), 30, 5, 1000).len(), greedy);
    }
}

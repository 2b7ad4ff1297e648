//! Any order of desk commands leaves a sound store, and what is refused leaves no trace.

use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, CaseId, DoctorId};
use crate::usecase::check::check;
use crate::usecase::command::{
    AppointmentRef, Book, CancelAppointment, CancelledBy, Command, MoveAppointment, Outcome, TellCustomer,
    ToldBy, Triage,
};
use crate::usecase::error::Error;
use crate::usecase::fixture::{at, run, state};
use crate::usecase::intake::fixture::{cases, result, triage};
use proptest::prelude::*;

/// Cases that the storm goes over; seven of eight attempts name one that exists.
const CASES: i64 = 3;

#[derive(Debug, Clone)]
enum Step {
    Triage { case: i64, nhi: bool, acute: bool },
    Book { hold: bool, case: i64, doctor: i64, granule: i64, minutes: i64 },
    Move { appointment: i64, doctor: Option<i64>, granule: i64 },
    Release(i64),
    Cancel(i64),
    Tell { appointment: i64, sms: bool },
    Start(i64),
    Result(i64, u8),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let case = || 1..=CASES + 1;
    let appointment = || 1..=8_i64;
    // Granules from 07:50 to 11:50 on 2 December; most minutes are allowed ones.
    let granule = || 0..48_i64;
    prop_oneof![
        3 => (case(), any::<bool>(), prop::bool::weighted(0.1))
            .prop_map(|(case, nhi, acute)| Step::Triage { case, nhi, acute }),
        6 => (any::<bool>(), case(), 1..=2_i64, granule(), prop::sample::select(vec![5, 10, 30, 30, 30, 7, 35]))
            .prop_map(|(hold, case, doctor, granule, minutes)| Step::Book { hold, case, doctor, granule, minutes }),
        2 => (appointment(), prop::option::of(1..=2_i64), granule())
            .prop_map(|(appointment, doctor, granule)| Step::Move { appointment, doctor, granule }),
        1 => appointment().prop_map(Step::Release),
        1 => appointment().prop_map(Step::Cancel),
        1 => (appointment(), any::<bool>()).prop_map(|(appointment, sms)| Step::Tell { appointment, sms }),
        2 => appointment().prop_map(Step::Start),
        2 => (appointment(), 0..3_u8).prop_map(|(appointment, outcome)| Step::Result(appointment, outcome)),
        2 => prop::sample::select(vec![1, 4, 6, 25, 24 * 60]).prop_map(Step::Wait),
    ]
}

fn command(step: &Step) -> Option<Command> {
    let time = |granule: i64| at("2026-12-02T07:50").plus_minutes(5 * granule);
    Some(match *step {
        Step::Triage { case, nhi, acute } => Command::Triage(Triage {
            department: if nhi { Department::Nhi } else { Department::NoiTongHop },
            screened: Some(2),
            answers: std::collections::BTreeMap::new(),
            red_flags: if acute { vec!["seizure".to_owned()] } else { Vec::new() },
            ..triage(case)
        }),
        Step::Book { hold, case, doctor, granule, minutes } => {
            let book =
                Book { case: CaseId(case), doctor: DoctorId(doctor), starts_at: time(granule), minutes };
            if hold { Command::HoldSlot(book) } else { Command::Book(book) }
        }
        Step::Move { appointment, doctor, granule } => Command::MoveAppointment(MoveAppointment {
            appointment: AppointmentId(appointment),
            doctor: doctor.map(DoctorId),
            starts_at: time(granule),
            minutes: None,
        }),
        Step::Release(appointment) => {
            Command::ReleaseSlot(AppointmentRef { appointment: AppointmentId(appointment) })
        }
        Step::Cancel(appointment) => Command::CancelAppointment(CancelAppointment {
            appointment: AppointmentId(appointment),
            by: CancelledBy::Vinmec,
            reason: "bác sĩ bận".to_owned(),
        }),
        Step::Tell { appointment, sms } => Command::TellCustomer(TellCustomer {
            appointment: AppointmentId(appointment),
            by: if sms { ToldBy::Sms } else { ToldBy::Phone },
        }),
        Step::Start(appointment) => {
            Command::StartConsultation(AppointmentRef { appointment: AppointmentId(appointment) })
        }
        Step::Result(appointment, outcome) => {
            let outcome = [Outcome::Done, Outcome::NoShowCustomer, Outcome::NoShowDoctor]
                .into_iter()
                .nth(outcome.into())
                .unwrap_or(Outcome::Done);
            Command::RecordResult(result(AppointmentId(appointment), outcome))
        }
        Step::Wait(_) => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_order_of_desk_commands_leaves_a_sound_store(steps in prop::collection::vec(step(), 1..40)) {
        let door = cases(CASES as usize);
        let mut now = at("2026-12-02T07:30");
        for step in &steps {
            if let Step::Wait(minutes) = step {
                now = now.plus_minutes(*minutes);
            }
            let Some(command) = command(step) else { continue };
            let before = state(&door);
            match run(&door, "quan", now, command) {
                Ok(_) => {}
                Err(Error::Refused(_)) => prop_assert_eq!(state(&door), before, "{:?}", step),
                Err(Error::Store(error)) => prop_assert!(false, "{:?}: {:?}", step, error),
            }
        }
        prop_assert_eq!(check(&door).unwrap(), vec![]);
    }
}

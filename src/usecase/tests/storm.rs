//! Runs any commands of all roles concurrently: each gets a receipt or a refusal, and the store stays sound. The
//! commands are drawn from a fixed seed; how they meet is the store's affair.

use super::Outcome as CommandOutcome;
use super::done;
use crate::domain::consent::ConsentPurpose;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::{AppointmentId, BatchId, CaseId, DoctorId, MatterId, RegistrationId};
use crate::usecase::command::{
    Accept, Acknowledge, AllWord, AppointmentRef, Book, CancelAppointment, CancelRegistration, CancelledBy,
    Channel, Claim, Command, ContactKind, MatterRef, MoveAppointment, Nothing, OptOut, Outcome, RecordSurvey,
    SetQuota, SurveyAnswers, TellCustomer, ToldBy, Triage, WithdrawConsent,
};
use crate::usecase::ctx::When;
use crate::usecase::door::{Door, Request};
use crate::usecase::fixture::{CUSTOMERS, at, ended, form, hotline_with, id, run};
use crate::usecase::intake::fixture::{result, triage};

/// Threads that work at once.
const DESKS: u64 = 6;
/// Commands of each.
const COMMANDS: usize = 120;

/// A small generator: the same seed draws the same commands.
struct Dice(u64);

impl Dice {
    /// A number from 0 to `sides - 1`.
    fn throw(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as i64 % sides
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.throw(of.len() as i64) as usize]
    }
}

fn draw(dice: &mut Dice) -> (&'static str, Command) {
    let customer = dice.throw(8) + 1;
    let phone = CUSTOMERS[customer as usize - 1].0;
    let registration = RegistrationId(customer);
    let case = dice.throw(6) + 1;
    let appointment = AppointmentId(dice.throw(20) + 1);
    let starts_at = at("2026-12-03T08:00").plus_minutes(10 * dice.throw(18));
    let purpose = dice.pick(&Purpose::ALL);
    let matter = MatterId(customer * 4 + purpose.index());
    let caller = if purpose == Purpose::Intake { "thu" } else { dice.pick(&["lan", "minh", "ha"]) };
    let slot = Book { case: CaseId(case), doctor: DoctorId(1), starts_at, minutes: 30 };
    match dice.throw(26) {
        0..3 => ("lan", Command::Register(form(phone, Channel::Inbound9090))),
        3 => {
            ("ha", Command::CancelRegistration(CancelRegistration { registration, reason: "bận".to_owned() }))
        }
        4 => {
            let purpose = dice.pick(&ConsentPurpose::ALL);
            ("ha", Command::WithdrawConsent(WithdrawConsent { registration, purpose }))
        }
        5 => ("ha", Command::SetQuota(SetQuota { quota: dice.throw(6) + 2 })),
        6..9 => (caller, Command::Claim(Claim { purpose, matter: None })),
        9 => (caller, Command::Claim(Claim { purpose, matter: Some(matter) })),
        10..13 => {
            let codes =
                [Disposition::NoAnswer, Disposition::Agreed, Disposition::Declined, Disposition::Busy];
            (caller, ended(matter, dice.pick(&codes)))
        }
        13 => (caller, Command::UndoCall(MatterRef { matter })),
        14 => (caller, Command::ReleaseLease(MatterRef { matter })),
        15 if dice.throw(4) == 0 => {
            ("ha", Command::OptOut(OptOut { phone: phone.to_owned(), contact: ContactKind::Both }))
        }
        15 | 16 => ("ha", Command::HandOver(Nothing {})),
        17 => {
            let batch = BatchId(dice.throw(8) + 1);
            let all = Acknowledge { batch, accept: Accept::All(AllWord::All), returned: Vec::new() };
            ("quan", Command::Acknowledge(all))
        }
        18 => {
            let red_flags = if dice.throw(12) == 0 { vec!["seizure".to_owned()] } else { Vec::new() };
            ("thu", Command::Triage(Triage { red_flags, ..triage(case) }))
        }
        19 => ("thu", Command::HoldSlot(slot)),
        20 | 21 => ("quan", Command::Book(slot)),
        22 => {
            let to = MoveAppointment { appointment, doctor: None, starts_at, minutes: None };
            ("thu", Command::MoveAppointment(to))
        }
        23 => {
            let by = CancelledBy::Vinmec;
            let cancel = CancelAppointment { appointment, by, reason: "bác sĩ bận".to_owned() };
            ("quan", Command::CancelAppointment(cancel))
        }
        24 => {
            let by = dice.pick(&[ToldBy::Phone, ToldBy::Sms]);
            ("thu", Command::TellCustomer(TellCustomer { appointment, by }))
        }
        _ => match dice.throw(3) {
            0 => ("bs_mai", Command::StartConsultation(AppointmentRef { appointment })),
            1 => {
                let outcome = dice.pick(&[Outcome::Done, Outcome::NoShowDoctor]);
                ("quan", Command::RecordResult(result(appointment, outcome)))
            }
            _ => {
                let survey = RecordSurvey {
                    case: CaseId(case),
                    answers: SurveyAnswers { q5: Some(4), ..SurveyAnswers::default() },
                    talk_seconds: None,
                    recording_announced: None,
                    note: None,
                };
                ("ha", Command::RecordSurvey(survey))
            }
        },
    }
}

/// The commands of one thread; time advances by minutes.
fn work(door: &Door, seed: u64) -> Vec<CommandOutcome> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    (0..COMMANDS)
        .map(|n| {
            let (who, command) = draw(&mut dice);
            let now = at("2026-12-03T08:00").plus_minutes(n as i64 * 2);
            door.execute(Request { op: None, staff: id(who), when: When::Now(now), command })
        })
        .collect()
}

#[test]
fn any_commands_side_by_side_leave_a_sound_store() {
    let door = hotline_with(4);
    run(&door, "lan", at("2026-12-03T08:00"), Command::Resume(Nothing {})).unwrap();
    let outcomes: Vec<CommandOutcome> = std::thread::scope(|scope| {
        let desks: Vec<_> = (1..=DESKS)
            .map(|seed| {
                let door = door.clone();
                scope.spawn(move || work(&door, seed))
            })
            .collect();
        desks.into_iter().flat_map(|desk| desk.join().unwrap()).collect()
    });
    let receipts = done(&door, &outcomes);
    assert!(receipts > 50, "only {receipts} commands of {} did anything", outcomes.len());
}

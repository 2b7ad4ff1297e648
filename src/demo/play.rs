//! Plays the days before today, event by event: each event runs its commands at its own time and schedules what
//! follows.

use super::cast::{AGENTS, Doctor, FANPAGE, INTAKE, SUPERVISOR};
use super::setup::{DAYS_BEHIND, DemoProgress, at, opens_at, request};
use crate::domain::consent::ConsentAnswers;
use crate::domain::contact::Purpose;
use crate::domain::department::Department;
use crate::domain::disposition::Disposition;
use crate::domain::id::{AppointmentId, BatchId, CaseId, LeadId, MatterId};
use crate::domain::time::Timestamp;
use crate::exchange::sample::{Dice, Person, people};
use crate::usecase::command::{
    Accept, Acknowledge, AddLead, AllWord, Book, CallbackFor, Channel, Claim, LeadStep, Method, MoveLead,
    Nothing, Outcome, RecordCall, RecordResult, RecordSurvey, Register, SurveyAnswers, TellCustomer, ToldBy,
    Triage,
};
use crate::usecase::{Command, Door, Error, Receipt, Request};
use chrono::{NaiveDate, TimeDelta};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Seats taken when the demo opens, of 500.
const SEATS: i64 = 312;
/// The day on which a fresh Do-Not-Call register comes in: the first one is too old after a week.
const REGISTER_AGAIN: i64 = 5;
/// What customers want advice on, by department.
const NEEDS: [(Department, &str); 12] = [
    (Department::NoiTongHop, "hay mệt và hồi hộp khi leo cầu thang, muốn hỏi về huyết áp"),
    (Department::NoiTongHop, "đau dạ dày kéo dài, ợ chua sau ăn tối"),
    (Department::NoiTongHop, "tiểu đường đang uống thuốc, hỏi chế độ ăn sau COVID"),
    (Department::Nhi, "bé 3 tuổi ho kéo dài hai tuần, hay sốt về chiều"),
    (Department::Nhi, "bé 8 tháng biếng ăn, chậm tăng cân"),
    (Department::Nhi, "bé 5 tuổi nổi mẩn ngứa khi đổi thời tiết"),
    (Department::San, "mang thai 20 tuần, hỏi lịch khám và tiêm phòng"),
    (Department::San, "sau sinh 4 tháng, kinh nguyệt chưa đều"),
    (Department::NgoaiTongHop, "thoái hoá khớp gối, đau khi ngồi lâu"),
    (Department::ChanDoanHinhAnh, "có phim chụp phổi cũ, muốn bác sĩ đọc lại"),
    (Department::XetNghiem, "kết quả mỡ máu cao, hỏi cách theo dõi"),
    (Department::XetNghiem, "men gan tăng nhẹ sau đợt dùng thuốc"),
];

/// Runs one command as a staff member, now; a refusal is ignored.
type Go<'g> = &'g mut dyn FnMut(&str, Command) -> Result<Option<Receipt>, Error>;

/// A fanpage lead between two of its steps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct MovingLead {
    lead: LeadId,
    step: u8,
    phone: String,
    name: String,
}

/// What happens at one time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Call { agent: usize },
    CallEnds { agent: usize, matter: MatterId, phone: String },
    Inbound { agent: usize },
    Comment,
    LeadMoves(MovingLead),
    HandOver,
    Acknowledge { batch: BatchId },
    Intake { who: usize },
    IntakeEnds { who: usize, matter: MatterId, case: CaseId },
    Consultation { appointment: AppointmentId, doctor: usize, starts_at: Timestamp },
    Survey { agent: usize },
    SurveyEnds { agent: usize, matter: MatterId, case: CaseId },
}

/// One day's worth of state.
struct Play {
    dice: Dice,
    doctors: Vec<Doctor>,
    /// People of the list, in an order of their own, for inbound calls.
    inbound: Vec<String>,
    /// People who are on no list.
    unlisted: Vec<Person>,
    registered: i64,
    /// The checklist that nurses read out.
    flags_version: i64,
    first: NaiveDate,
    opens_at: Timestamp,
    events: BinaryHeap<Reverse<(Timestamp, u64, Event)>>,
    numbered: u64,
}

/// Plays the days up to the minute at which the demo opens.
pub fn days(
    door: &Door,
    doctors: Vec<Doctor>,
    customers: u32,
    today: NaiveDate,
    report: &mut impl FnMut(DemoProgress),
) -> Result<(), Error> {
    let first = today - TimeDelta::days(DAYS_BEHIND);
    let mut play = Play {
        dice: Dice::new(2026),
        doctors,
        inbound: people(super::list::SEED)
            .take(customers.min(4000) as usize)
            .map(|p| p.phone.e164())
            .collect(),
        unlisted: people(super::list::SEED + 1).skip(7).take(80).collect(),
        registered: 0,
        flags_version: door.campaign().red_flags.version,
        first,
        opens_at: opens_at(today),
        events: BinaryHeap::new(),
        numbered: 0,
    };
    for day in 0..=DAYS_BEHIND {
        if day == REGISTER_AGAIN {
            super::list::load_register(door, first + TimeDelta::days(day))?;
        }
        play.plan(first + TimeDelta::days(day));
        let until = if day == DAYS_BEHIND { play.opens_at } else { at(first + TimeDelta::days(day), 23, 0) };
        let morning = at(first + TimeDelta::days(day), 7, 58);
        play = door.rehearse(move |run| {
            for agent in AGENTS {
                settle(run(request(agent, morning, Command::Resume(Nothing {}))))?;
            }
            play.until(until, run)?;
            Ok(play)
        })?;
        report(DemoProgress::Playing(day, DAYS_BEHIND));
    }
    door.rehearse(move |run| play.close(run))
}

impl Play {
    fn push(&mut self, at: Timestamp, event: Event) {
        self.numbered += 1;
        self.events.push(Reverse((at, self.numbered, event)));
    }

    fn minutes(&mut self, least: u64, spread: u64) -> i64 {
        (least + self.dice.below(spread)) as i64
    }

    /// What a day starts with.
    fn plan(&mut self, date: NaiveDate) {
        for agent in 0..AGENTS.len() {
            self.push(at(date, 8, 2).plus_minutes(3 * agent as i64), Event::Call { agent });
            self.push(at(date, 9, 40).plus_minutes(50 * agent as i64), Event::Inbound { agent });
            self.push(at(date, 14, 10).plus_minutes(35 * agent as i64), Event::Inbound { agent });
        }
        for (hour, minute) in [(8, 35), (10, 5), (13, 20), (15, 50), (19, 45), (21, 10)] {
            self.push(at(date, hour, minute), Event::Comment);
        }
        for (hour, minute) in [(9, 30), (16, 30)] {
            self.push(at(date, hour, minute), Event::HandOver);
        }
        for who in 0..INTAKE.len() {
            self.push(at(date, 8, 20).plus_minutes(5 * who as i64), Event::Intake { who });
        }
        for agent in 2..AGENTS.len() {
            self.push(at(date, 9, 0).plus_minutes(7 * agent as i64), Event::Survey { agent });
        }
    }

    fn until(
        &mut self,
        until: Timestamp,
        run: &mut dyn FnMut(Request) -> Result<Receipt, Error>,
    ) -> Result<(), Error> {
        while let Some(Reverse((now, _, _))) = self.events.peek()
            && *now <= until
            && let Some(Reverse((now, _, event))) = self.events.pop()
        {
            self.one(now, event, run)?;
        }
        Ok(())
    }

    fn one(
        &mut self,
        now: Timestamp,
        event: Event,
        run: &mut dyn FnMut(Request) -> Result<Receipt, Error>,
    ) -> Result<(), Error> {
        let mut go = |staff: &str, command: Command| settle(run(request(staff, now, command)));
        match event {
            Event::Call { agent } => {
                let claim = Claim { purpose: Purpose::Offer, matter: None };
                match go(AGENTS[agent], Command::Claim(claim))? {
                    Some(Receipt::Claimed { matter, phone, .. }) => {
                        let ends = now.plus_minutes(self.minutes(1, 5));
                        self.push(ends, Event::CallEnds { agent, matter, phone });
                    }
                    _ => self.again(now, 25, Event::Call { agent }),
                }
            }
            Event::CallEnds { agent, matter, phone } => {
                self.call_ends(now, agent, matter, phone, &mut go)?;
                let pause = self.minutes(2, 9);
                self.again(now, pause, Event::Call { agent });
            }
            Event::Inbound { agent } => {
                let drawn = self.dice.below(self.inbound.len() as u64) as usize;
                if let Some(phone) = self.inbound.get(drawn).cloned()
                    && self.behind(now)
                    && let Some(Receipt::Registered { .. }) = go(
                        AGENTS[agent],
                        Command::Register(register(phone, None, Channel::Inbound9090, &mut self.dice)),
                    )?
                {
                    self.registered += 1;
                }
            }
            Event::Comment => {
                if let Some(person) = self.unlisted.pop() {
                    let lead = AddLead {
                        name: person.name.clone(),
                        comment: format!("fb:{}", self.numbered),
                        conversation: None,
                        phone: None,
                    };
                    if let Some(Receipt::LeadAdded { lead }) = go(FANPAGE, Command::AddLead(lead))? {
                        let next = now.plus_minutes(self.minutes(30, 400));
                        let (phone, name) = (person.phone.e164(), person.name);
                        self.push(next, Event::LeadMoves(MovingLead { lead, step: 0, phone, name }));
                    }
                }
            }
            Event::LeadMoves(lead) => self.lead_moves(now, lead, &mut go)?,
            Event::HandOver => {
                if let Some(Receipt::HandedOver { batch, .. }) =
                    go(SUPERVISOR, Command::HandOver(Nothing {}))?
                {
                    let next = now.plus_minutes(self.minutes(70, 60));
                    self.push(next, Event::Acknowledge { batch });
                }
            }
            Event::Acknowledge { batch } => {
                let all = Acknowledge { batch, accept: Accept::All(AllWord::All), returned: Vec::new() };
                go(INTAKE[0], Command::Acknowledge(all))?;
            }
            Event::Intake { who } => {
                let claim = Claim { purpose: Purpose::Intake, matter: None };
                match go(INTAKE[who], Command::Claim(claim))? {
                    Some(Receipt::Claimed { matter, case: Some(case), .. }) => {
                        let ends = now.plus_minutes(self.minutes(5, 4));
                        self.push(ends, Event::IntakeEnds { who, matter, case });
                    }
                    _ => self.again(now, 30, Event::Intake { who }),
                }
            }
            Event::IntakeEnds { who, matter, case } => {
                self.intake_ends(now, who, matter, case, &mut go)?;
                let pause = self.minutes(6, 14);
                self.again(now, pause, Event::Intake { who });
            }
            Event::Consultation { appointment, doctor, starts_at } => {
                let missed = self.dice.below(14) == 0;
                let result = RecordResult {
                    appointment,
                    outcome: if missed { Outcome::NoShowCustomer } else { Outcome::Done },
                    started_at: (!missed).then_some(starts_at.plus_minutes(1)),
                    ended_at: (!missed).then_some(starts_at.plus_minutes(26)),
                    summary: (!missed).then(|| "Đã tư vấn, khách nắm được cách theo dõi.".to_owned()),
                    in_person_advised: (!missed).then(|| self.dice.below(4) == 0),
                };
                let login = self.doctors[doctor].login;
                go(login, Command::RecordResult(result))?;
            }
            Event::Survey { agent } => {
                let claim = Claim { purpose: Purpose::Survey, matter: None };
                match go(AGENTS[agent], Command::Claim(claim))? {
                    Some(Receipt::Claimed { matter, case: Some(case), .. }) => {
                        self.push(now.plus_minutes(4), Event::SurveyEnds { agent, matter, case });
                    }
                    _ => self.again(now, 45, Event::Survey { agent }),
                }
            }
            Event::SurveyEnds { agent, matter, case } => {
                self.survey_ends(agent, matter, case, &mut go)?;
                let pause = self.minutes(9, 20);
                self.again(now, pause, Event::Survey { agent });
            }
        }
        Ok(())
    }

    /// The same thing later the same day; tomorrow has its own plan.
    fn again(&mut self, now: Timestamp, minutes: i64, event: Event) {
        let next = now.plus_minutes(minutes);
        if next.date() == now.date() && next < at(now.date(), 16, 50) {
            self.push(next, event);
        }
    }

    /// Whether registrations lag behind the demo's plan.
    fn behind(&self, now: Timestamp) -> bool {
        let (start, end) = (at(self.first, 8, 0), self.opens_at);
        let share = now.since(start) as f64 / end.since(start).max(1) as f64;
        self.registered < ((SEATS as f64 * share.clamp(0.0, 1.0)).ceil() as i64).min(SEATS)
    }

    fn call_ends(
        &mut self,
        now: Timestamp,
        agent: usize,
        matter: MatterId,
        phone: String,
        go: Go<'_>,
    ) -> Result<(), Error> {
        let talk = 40 + self.dice.below(200) as i64;
        let lagging = self.behind(now);
        let disposition = match self.dice.below(100) {
            0..=25 => Disposition::NoAnswer,
            26..=31 => Disposition::Busy,
            32..=37 => Disposition::Unreachable,
            38..=42 => Disposition::Callback,
            43..=50 => Disposition::Considering,
            51..=58 => Disposition::Declined,
            59..=61 => Disposition::HungUp,
            62..=63 => Disposition::WrongPerson,
            64 => Disposition::DoNotCall,
            65 => Disposition::ChildAnswered,
            _ if lagging => Disposition::Agreed,
            66..=80 => Disposition::NoAnswer,
            _ => Disposition::Declined,
        };
        if disposition == Disposition::Agreed {
            let mut form = register(phone, Some(matter), Channel::Outbound9090, &mut self.dice);
            form.talk_seconds = Some(talk + 60);
            if let Some(Receipt::Registered { .. }) = go(AGENTS[agent], Command::Register(form))? {
                self.registered += 1;
                return Ok(());
            }
        }
        let answered = disposition.flags().human_answered;
        let ending = if disposition == Disposition::Agreed { Disposition::Considering } else { disposition };
        let callback = (disposition == Disposition::Callback).then(|| {
            let hour = 9 + self.dice.below(7) as u32;
            at(now.date() + TimeDelta::days(1), hour, 30)
        });
        let record = RecordCall {
            callback_at: callback,
            callback_for: callback.map(|_| if talk % 2 == 0 { CallbackFor::Me } else { CallbackFor::Anyone }),
            talk_seconds: Some(if answered { talk } else { 0 }),
            recording_announced: Some(answered),
            ..RecordCall::new(matter, ending)
        };
        go(AGENTS[agent], Command::RecordCall(record))?;
        Ok(())
    }

    fn lead_moves(&mut self, now: Timestamp, moving: MovingLead, go: Go<'_>) -> Result<(), Error> {
        let MovingLead { lead, step, phone, name } = moving;
        let moved = |to, phone: Option<String>, reason: Option<String>| MoveLead {
            lead,
            to,
            conversation: Some(format!("inbox:{lead}")),
            phone,
            reason,
        };
        match step {
            0 => drop(go(FANPAGE, Command::MoveLead(moved(LeadStep::Messaged, None, None)))?),
            1 if self.dice.below(6) == 0 => {
                let reason = Some("không trả lời".to_owned());
                go(FANPAGE, Command::MoveLead(moved(LeadStep::Dropped, None, reason)))?;
                return Ok(());
            }
            1 => drop(go(
                FANPAGE,
                Command::MoveLead(moved(LeadStep::DetailsGiven, Some(phone.clone()), None)),
            )?),
            _ => {
                let mut form = register(phone, None, Channel::Fanpage, &mut self.dice);
                form.name = Some(name);
                form.lead = Some(lead);
                if self.behind(now)
                    && let Some(Receipt::Registered { .. }) = go(FANPAGE, Command::Register(form))?
                {
                    self.registered += 1;
                }
                return Ok(());
            }
        }
        let next = now.plus_minutes(self.minutes(60, 500));
        self.push(next, Event::LeadMoves(MovingLead { lead, step: step + 1, phone, name }));
        Ok(())
    }

    fn intake_ends(
        &mut self,
        now: Timestamp,
        who: usize,
        matter: MatterId,
        case: CaseId,
        go: Go<'_>,
    ) -> Result<(), Error> {
        let staff = INTAKE[who];
        let record = |disposition| RecordCall {
            talk_seconds: Some(200),
            recording_announced: Some(true),
            ..RecordCall::new(matter, disposition)
        };
        if self.dice.below(9) == 0 {
            go(staff, Command::RecordCall(record(Disposition::NoAnswer)))?;
            return Ok(());
        }
        let (department, need) = NEEDS[self.dice.below(NEEDS.len() as u64) as usize];
        let acute = self.dice.below(70) == 0;
        let triage = Triage {
            case,
            department,
            need: need.to_owned(),
            screened: Some(self.flags_version),
            answers: std::collections::BTreeMap::new(),
            red_flags: if acute { vec!["chest_pain".to_owned()] } else { Vec::new() },
            method: Method::Phone,
            method_reason: None,
        };
        if !matches!(go(staff, Command::Triage(triage))?, Some(Receipt::Triaged {})) {
            return Ok(());
        }
        let earliest = now.plus_minutes(90);
        let free = |doctor: &Doctor| doctor.slots.iter().rev().find(|slot| **slot >= earliest).copied();
        let choice = (0..self.doctors.len())
            .filter(|index| self.doctors[*index].departments.contains(&department))
            .filter_map(|index| free(&self.doctors[index]).map(|slot| (slot, index)))
            .min();
        if let Some((starts_at, doctor)) = choice {
            self.doctors[doctor].slots.retain(|slot| *slot != starts_at);
            let book = Book { case, doctor: self.doctors[doctor].id, starts_at, minutes: 30 };
            if let Some(Receipt::Booked { appointment }) = go(staff, Command::Book(book))? {
                if self.dice.below(8) != 0 {
                    go(staff, Command::TellCustomer(TellCustomer { appointment, by: ToldBy::Phone }))?;
                }
                let ends = starts_at.plus_minutes(28);
                self.push(ends, Event::Consultation { appointment, doctor, starts_at });
            }
        }
        go(staff, Command::RecordCall(record(Disposition::Agreed)))?;
        Ok(())
    }

    fn survey_ends(&mut self, agent: usize, matter: MatterId, case: CaseId, go: Go<'_>) -> Result<(), Error> {
        let dice = &mut self.dice;
        if dice.below(5) == 0 {
            let disposition = if dice.below(3) == 0 { Disposition::Declined } else { Disposition::NoAnswer };
            let record = RecordCall {
                talk_seconds: Some(20),
                recording_announced: Some(true),
                ..RecordCall::new(matter, disposition)
            };
            go(AGENTS[agent], Command::RecordCall(record))?;
            return Ok(());
        }
        let mut scale = |low: i64, high: i64| {
            let drawn = dice.below(10) as i64;
            Some(if drawn == 0 { low + (high - low) / 2 } else { (high - drawn % 2).max(low) })
        };
        let mut answers = SurveyAnswers { q1: scale(1, 7), q2: scale(1, 5), ..SurveyAnswers::default() };
        answers.q3 = scale(1, 5);
        answers.q4 = scale(1, 5);
        answers.q5 = scale(1, 5);
        answers.q6 = scale(0, 10);
        answers.handbook_received = Some(true);
        go(
            AGENTS[agent],
            Command::RecordSurvey(RecordSurvey {
                case,
                answers,
                talk_seconds: Some(190),
                recording_announced: Some(true),
                note: None,
            }),
        )?;
        Ok(())
    }

    /// No call is open when the demo opens.
    fn close(self, run: &mut dyn FnMut(Request) -> Result<Receipt, Error>) -> Result<(), Error> {
        let now = self.opens_at;
        for Reverse((_, _, event)) in self.events {
            let release = |matter| Command::ReleaseLease(crate::usecase::command::MatterRef { matter });
            match event {
                Event::CallEnds { agent, matter, .. } | Event::SurveyEnds { agent, matter, .. } => {
                    settle(run(request(AGENTS[agent], now, release(matter))))?;
                }
                Event::IntakeEnds { who, matter, .. } => {
                    settle(run(request(INTAKE[who], now, release(matter))))?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Ignores a refusal, passes on an error of the store.
fn settle(outcome: Result<Receipt, Error>) -> Result<Option<Receipt>, Error> {
    match outcome {
        Ok(receipt) => Ok(Some(receipt)),
        Err(Error::Refused(_)) => Ok(None),
        Err(error @ Error::Store(_)) => Err(error),
    }
}

/// A registration form with the consents that most people give.
fn register(phone: String, matter: Option<MatterId>, channel: Channel, dice: &mut Dice) -> Register {
    Register {
        consents: ConsentAnswers {
            register: true,
            handbook: dice.below(10) != 0,
            survey: dice.below(12) != 0,
            marketing: dice.below(3) == 0,
        },
        matter,
        recording_announced: matter.map(|_| true),
        ..Register::new(phone, channel)
    }
}

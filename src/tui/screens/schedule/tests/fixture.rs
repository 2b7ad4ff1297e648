//! The fixture of the schedule: a realistic morning at Vinmec, and a bench that gives the screen keys and answers.

use crate::domain::actor::Role;
use crate::domain::consent::ConsentParty;
use crate::domain::contact::Purpose;
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, BatchId, CaseId, CustomerId, DoctorId, MatterId, RegistrationId};
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Job, Origin, Outcome, Reply, Subject};
use crate::tui::fixture::{at, ctx, drawn};
use crate::tui::input::{Key, KeyCode};
use crate::tui::screen::{AnyScreen, ScreenHost, Taken};
use crate::tui::screens::schedule::Schedule;
use crate::usecase::model::batch::{BatchLine, BatchModel, BatchRow, ReturnedRows};
use crate::usecase::model::call::CallCard;
use crate::usecase::model::case::{
    AppointmentLine, CaseFile, CaseLine, ConsentLine, DayModel, DoctorLine, FreeSlots, RosterModel, Slot,
};
use crate::usecase::{Command, Error, Query, Receipt, Snapshot, Topics};
use ratatui::layout::Rect;

/// `HH:mm` on the day of the tests.
pub fn today(time: &str) -> Timestamp {
    at(&format!("2026-12-02T{time}:00"))
}

fn case(id: i64, name: &str, state: &str, since: &str) -> CaseLine {
    CaseLine {
        case: CaseId(id),
        matter: MatterId(id * 4 + 2),
        name: name.to_owned(),
        phone_masked: "0904 *** 458".to_owned(),
        state: crate::domain::case::CaseState::parse(state).unwrap(),
        since: today(since),
        department: None,
        due_at: Some(today(since)),
        promised: false,
        holder: None,
        starts_at: None,
        told: false,
    }
}

pub fn cases() -> Vec<CaseLine> {
    vec![
        case(1, "Lê Hoà", "new", "07:20"),
        CaseLine {
            due_at: Some(today("10:30")), promised: true, ..case(2, "Vũ Minh", "contacted", "08:00")
        },
        case(3, "Đỗ Thị Ánh", "new", "07:45"),
        CaseLine {
            due_at: Some(today("09:00")),
            promised: true,
            ..case(4, "Bùi Gia Hân", "contacted", "08:10")
        },
        CaseLine { holder: Some("thu".to_owned()), ..case(5, "Phạm Thuý", "new", "08:38") },
        CaseLine { due_at: Some(today("14:05")), ..case(6, "Hoàng Văn Dũng", "new", "08:40") },
        CaseLine {
            starts_at: Some(today("09:30")),
            due_at: None,
            ..case(7, "Trần Thị Na", "booked", "08:50")
        },
        CaseLine { due_at: None, ..case(8, "Ngô Bảo", "triaged", "09:05") },
    ]
}

pub fn appointment(
    id: i64,
    case: i64,
    doctor: i64,
    patient: &str,
    time: &str,
    state: &str,
) -> AppointmentLine {
    let names = ["ThS.BS Nguyễn Thị Mai", "TS.BS Trần Bình", "PGS.TS Lê Thu Hạnh", "ThS.BS Vũ Quân"];
    AppointmentLine {
        appointment: AppointmentId(id),
        case: CaseId(case),
        doctor: DoctorId(doctor),
        doctor_name: names[doctor as usize - 1].to_owned(),
        patient: patient.to_owned(),
        starts_at: today(time),
        minutes: 30,
        state: crate::domain::appointment::AppointmentState::parse(state).unwrap(),
        method: "phone".to_owned(),
        held_by: (state == "held").then(|| "thu".to_owned()),
        held_until: (state == "held").then(|| today("09:34")),
        told_at: (state == "told").then(|| today("08:55")),
        started_at: (state == "in_progress").then(|| today("09:24")),
        ended_at: None,
        outcome: None,
        moved_to: None,
        over_limit_minutes: None,
        need: Some("đau dạ dày sau ăn, muốn hỏi về chế độ ăn".to_owned()),
        summary: None,
    }
}

fn doctor_day(id: i64, shifts: &[(&str, &str)], appointments: Vec<AppointmentLine>) -> DayModel {
    DayModel {
        doctor: DoctorId(id),
        name: appointment(0, 0, id, "", "08:00", "booked").doctor_name,
        date: today("08:00").date(),
        shifts: shifts.iter().map(|(from, to)| (today(from), today(to))).collect(),
        appointments,
    }
}

pub fn roster() -> RosterModel {
    RosterModel {
        date: today("08:00").date(),
        department: None,
        doctors: vec![
            doctor_day(
                1,
                &[("08:00", "12:00")],
                vec![
                    appointment(21, 21, 1, "Đỗ Lan Anh", "08:00", "done"),
                    appointment(22, 22, 1, "Nguyễn Minh", "09:00", "in_progress"),
                    appointment(23, 23, 1, "Lưu Thị Thu", "10:00", "held"),
                ],
            ),
            doctor_day(
                2,
                &[("08:00", "11:30"), ("13:30", "16:00")],
                vec![appointment(24, 24, 2, "Phan Văn Hùng", "08:30", "no_show")],
            ),
            doctor_day(
                3,
                &[("08:30", "12:00")],
                vec![appointment(25, 7, 3, "Trần Thị Na", "09:30", "booked")],
            ),
            doctor_day(
                4,
                &[("13:00", "17:00")],
                vec![appointment(26, 26, 4, "Cao Bá Quát", "14:10", "told")],
            ),
        ],
    }
}

pub fn slot(doctor: i64, time: &str) -> Slot {
    Slot {
        doctor: DoctorId(doctor),
        doctor_name: appointment(0, 0, doctor, "", "08:00", "booked").doctor_name,
        starts_at: today(time),
        minutes: 30,
    }
}

pub fn free() -> Vec<Slot> {
    vec![slot(2, "09:30"), slot(3, "10:00"), slot(1, "10:30"), slot(4, "13:00")]
}

pub fn card(case: i64, name: &str) -> CallCard {
    CallCard {
        matter: MatterId(case * 4 + 2),
        purpose: Purpose::Intake,
        customer: CustomerId(case),
        phone: "+84904123458".to_owned(),
        name: name.to_owned(),
        salutation: Some("chi".to_owned()),
        province: Some("Hải Phòng".to_owned()),
        carrier_hint: Some("mobifone".to_owned()),
        on_list: true,
        sms_sent_at: None,
        leased_at: today("09:29"),
        lease_until: today("09:39"),
        dial_until: None,
        attempt: 1,
        max_attempts: 3,
        promised_at: None,
        would_wait_at: None,
        history: Vec::new(),
        case: Some(CaseId(case)),
        consulted_at: None,
    }
}

pub fn file(case: i64, state: &str) -> CaseFile {
    CaseFile {
        case: CaseId(case),
        registration: RegistrationId(case),
        customer: CustomerId(case),
        matter: MatterId(case * 4 + 2),
        state: crate::domain::case::CaseState::parse(state).unwrap(),
        name: "Lê Hoà".to_owned(),
        salutation: Some("chi".to_owned()),
        phone_masked: "0904 *** 458".to_owned(),
        patient: Some("Lê Bảo An".to_owned()),
        birth_year: Some(2023),
        screening_missing: false,
        consents_missing: Vec::new(),
        consents: vec![ConsentLine {
            party: ConsentParty::Representative,
            given: true,
            spoken_by: None,
            notice_version: "2026-12".to_owned(),
            by: "Lan".to_owned(),
            at: at("2026-12-01T16:20:00"),
        }],
        representative: Some("Lê Hoà (mẹ)".to_owned()),
        need: None,
        department: None,
        method: None,
        method_reason: None,
        flags_version: None,
        red_flags: Vec::new(),
        departments: Vec::new(),
        screenings: Vec::new(),
        reviews: Vec::new(),
        undo_until: None,
        appointments: Vec::new(),
    }
}

pub fn batches() -> Vec<BatchLine> {
    let line = |batch: i64, sent: &str, rows, accepted, returned| BatchLine {
        batch: BatchId(batch),
        sent_at: today(sent),
        by: "ha".to_owned(),
        rows,
        accepted,
        returned,
    };
    vec![line(12, "08:05", 4, 1, 0), line(11, "07:10", 22, 21, 1)]
}

pub fn batch() -> BatchModel {
    let row = |id: i64, state: &str, seat: i64, name: &str| BatchRow {
        registration: RegistrationId(id),
        case: None,
        state: crate::domain::registration::BatchRowState::parse(state).unwrap(),
        reason: None,
        seat: Some(seat),
        name: name.to_owned(),
        phone_masked: "0904 *** 458".to_owned(),
        patient: None,
        answer: None,
        earlier_reason: None,
    };
    BatchModel {
        batch: BatchId(12),
        sent_at: today("08:05"),
        checksum: "00".repeat(32),
        rows: vec![
            row(301, "accepted", 301, "Đinh Thị Loan"),
            row(302, "sent", 302, "Mạc Văn Tú"),
            BatchRow {
                patient: Some("Hà Gia Bảo".to_owned()), ..row(303, "sent", 303, "Hà Thị Yến")
            },
            row(304, "sent", 304, "Quách Đình Phong"),
        ],
    }
}

pub fn doctors() -> Vec<DoctorLine> {
    let line = |id: i64, titles: &str, name: &str, departments: &[Department], qualifies: &str| DoctorLine {
        doctor: DoctorId(id),
        name: name.to_owned(),
        titles: titles.to_owned(),
        departments: departments.to_vec(),
        qualifies: qualifies.to_owned(),
    };
    vec![
        line(1, "ThS.BS", "Nguyễn Thị Mai", &[Department::Nhi], "đạt: ThS"),
        line(2, "TS.BS", "Trần Bình", &[Department::NoiTongHop, Department::XetNghiem], "đạt: TS"),
    ]
}

/// The screen in its host, with the jobs that wait for an answer.
pub struct Bench {
    pub host: ScreenHost<Schedule>,
    pub ctx: Ctx,
    pub jobs: Vec<Job>,
    /// Everything but jobs, in order.
    pub others: Vec<Effect>,
    /// The cases in the store.
    pub cases: Vec<CaseLine>,
    /// The free slots in the store.
    pub free: Vec<Slot>,
    /// The case in the store, when it is not a new one.
    pub file: Option<CaseFile>,
}

impl Bench {
    /// The tab opened by `role`, with everything read.
    pub fn open(role: Role) -> Self {
        Self::open_with(role, None)
    }

    pub fn open_with(role: Role, subject: Option<Subject>) -> Self {
        let mut bench = Self::closed(role);
        bench.arrive(subject);
        bench.serve();
        bench
    }

    /// A screen that was not opened yet; no job is answered by itself.
    pub fn closed(role: Role) -> Self {
        Self {
            host: ScreenHost::new(Origin::Schedule, Schedule::new()),
            ctx: ctx(role),
            jobs: Vec::new(),
            others: Vec::new(),
            cases: cases(),
            free: free(),
            file: None,
        }
    }

    /// Opens the tab.
    pub fn arrive(&mut self, subject: Option<Subject>) {
        let effects = self.host.open(subject, &self.ctx);
        self.take(effects);
    }

    /// Lets `door` answer every job, also those that the answers cause.
    pub fn settle(&mut self, door: &mut impl FnMut(&Job) -> Outcome) {
        while !self.jobs.is_empty() {
            let job = self.jobs.remove(0);
            let outcome = door(&job);
            let effects = self.host.reply(Reply { ticket: job.ticket, outcome }, &self.ctx);
            self.take(effects);
        }
    }

    /// Presses keys, each settled by `door` before the next.
    pub fn keys_through(&mut self, keys: &str, door: &mut impl FnMut(&Job) -> Outcome) {
        for c in keys.chars() {
            self.strike(key(c));
            self.settle(door);
        }
    }

    pub fn strike(&mut self, key: Key) {
        if let Taken::Yes(effects) = self.host.key(key, &self.ctx) {
            self.take(effects);
        }
    }

    pub fn screen(&self) -> &Schedule {
        &self.host.screen
    }

    pub fn screen_mut(&mut self) -> &mut Schedule {
        &mut self.host.screen
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Run(job) => self.jobs.push(*job),
                other => self.others.push(other),
            }
        }
    }

    /// Answers every query from the fixture; commands wait for [`Self::answer`].
    pub fn serve(&mut self) {
        while let Some(at) = self.jobs.iter().position(only_reads) {
            let job = self.jobs.remove(at);
            let snapshots = job.then.iter().filter_map(|query| self.read(query)).collect();
            let opened = job.command.as_ref().map(|_| Receipt::CaseOpened { case: CaseId(1) });
            self.reply(&job, Ok((opened, snapshots)));
        }
    }

    fn read(&self, query: &Query) -> Option<Snapshot> {
        Some(match query {
            Query::Cases {} => Snapshot::Cases { cases: self.cases.clone() },
            Query::Roster { department, date } => {
                let date = (*date)?;
                let mut model = RosterModel { date, department: *department, ..roster() };
                if date != roster().date {
                    model.doctors.clear();
                }
                Snapshot::Roster(model)
            }
            Query::FreeSlots { department, from, .. } => {
                let later = |slot: &&Slot| from.is_none_or(|from| slot.starts_at >= from);
                let slots = self.free.iter().filter(later).cloned().collect();
                Snapshot::FreeSlots(FreeSlots { department: *department, slots })
            }
            Query::CaseFile { case } => {
                let kept = self.file.clone().unwrap_or_else(|| file(case.0, "new"));
                Snapshot::CaseFile(Box::new(kept))
            }
            Query::OpenCall {} => Snapshot::OpenCall { call: None },
            Query::Batches {} => Snapshot::Batches {
                batches: batches(),
                waiting: 3,
                returned: ReturnedRows { count: 2, since: Some(today("06:25")) },
            },
            Query::Batch { .. } => Snapshot::Batch(batch()),
            Query::Doctors {} => Snapshot::Doctors { doctors: doctors() },
            Query::Day { date, .. } => {
                let mut day = roster().doctors.remove(0);
                day.date = (*date)?;
                day.appointments.push(appointment(27, 27, 1, "Tống Thị Hoa", "11:00", "told"));
                Snapshot::Day(day)
            }
            _ => return None,
        })
    }

    fn reply(&mut self, job: &Job, outcome: Outcome) {
        let effects = self.host.reply(Reply { ticket: job.ticket, outcome }, &self.ctx);
        self.take(effects);
        while let Some(key) = self.host.next_held() {
            self.press(key);
        }
    }

    /// The command in flight.
    pub fn command(&self) -> Option<&Command> {
        self.jobs.iter().rev().filter(|job| !only_reads(job)).find_map(|job| job.command.as_ref())
    }

    /// Answers the command in flight and everything that is read after it.
    pub fn answer(&mut self, outcome: Result<Receipt, Error>) {
        let at = self.jobs.iter().rposition(|job| !only_reads(job)).expect("a command is in flight");
        let job = self.jobs.remove(at);
        let outcome = outcome.map(|receipt| {
            let called = matches!(receipt, Receipt::Claimed { .. } | Receipt::CallUndone { .. });
            let card = || Snapshot::OpenCall { call: Some(Box::new(card(1, "Lê Hoà"))) };
            let read = |query: &Query| match query {
                Query::OpenCall {} if called => Some(card()),
                other => self.read(other),
            };
            (Some(receipt), job.then.iter().filter_map(read).collect())
        });
        self.reply(&job, outcome);
        self.serve();
    }

    pub fn press(&mut self, key: Key) {
        self.strike(key);
        self.serve();
    }

    /// Types characters; `⏎` Enter, `⇥` Tab, `⎋` Esc, arrows as themselves.
    pub fn keys(&mut self, keys: &str) {
        for c in keys.chars() {
            self.press(key(c));
        }
    }

    pub fn tick_to(&mut self, time: &str) {
        self.ctx.now = today(time);
        let effects = self.host.tick(&self.ctx);
        self.take(effects);
    }

    pub fn confirm(&mut self, yes: bool) {
        let Some(Effect::Ask(question)) = self.others.pop() else { panic!("nothing was asked") };
        let effects = self.host.answered(question.id, yes, &self.ctx);
        self.take(effects);
    }

    /// The call of the first case is claimed and open.
    pub fn called(role: Role) -> Self {
        let mut bench = Self::open(role);
        bench.keys("⏎");
        bench.answer(Ok(claimed()));
        bench.others.clear();
        bench
    }

    /// Reports a change; the screen reads what it shows of it.
    pub fn changed(&mut self) {
        let effects = self.host.changed(Topics::CASES.with(Topics::ROSTER).with(Topics::QUEUE), &self.ctx);
        self.take(effects);
        self.serve();
    }

    /// The question that is open: its text and what a yes means.
    pub fn question(&self) -> Option<(String, String)> {
        match self.others.last() {
            Some(Effect::Ask(question)) => {
                let detail = question.detail.as_ref().map(|say| say.text(self.ctx.lang));
                Some((question.text.text(self.ctx.lang), detail.unwrap_or_default()))
            }
            _ => None,
        }
    }

    /// The last notice.
    pub fn notice(&self) -> String {
        match self.others.last() {
            Some(Effect::Notice(_, say)) => say.text(self.ctx.lang),
            other => panic!("there is no notice: {other:?}"),
        }
    }

    /// A bench with the need of a child typed and every flag answered no.
    pub fn cleared() -> Self {
        let mut bench = Self::called(Role::Intake);
        bench.keys("⏎");
        bench.keys("bes 3 tuooir ho keos dafi hai tuaafn, hay soots⏎a");
        bench.confirm(true);
        bench
    }

    pub fn picture(&self, width: u16, height: u16) -> String {
        drawn(width, height, |frame, area| {
            let inside = Rect { y: 1, height: area.height - 3, ..area };
            self.host.view(frame, inside, &self.ctx);
        })
    }

    pub fn in_english(mut self) -> Self {
        self.ctx.lang = Lang::En;
        self
    }
}

/// Whether a job changes nothing but the audit log.
fn only_reads(job: &Job) -> bool {
    matches!(job.command, None | Some(Command::OpenCase(_) | Command::OpenDay(_)))
}

/// The key that a character stands for.
pub fn key(c: char) -> Key {
    match c {
        '⏎' => Key::plain(KeyCode::Enter),
        '⇥' => Key::plain(KeyCode::Tab),
        '⎋' => Key::plain(KeyCode::Esc),
        '↓' => Key::plain(KeyCode::Down),
        '↑' => Key::plain(KeyCode::Up),
        '→' => Key::plain(KeyCode::Right),
        '←' => Key::plain(KeyCode::Left),
        '⇟' => Key::plain(KeyCode::PageDown),
        '⇞' => Key::plain(KeyCode::PageUp),
        '⇱' => Key::plain(KeyCode::Home),
        c => Key::char(c),
    }
}

pub fn claimed() -> Receipt {
    Receipt::Claimed {
        matter: MatterId(6),
        phone: "+84904123458".to_owned(),
        name: "Lê Hoà".to_owned(),
        lease_until: today("09:39"),
        attempt: 1,
        dial_until: None,
        case: Some(CaseId(1)),
    }
}

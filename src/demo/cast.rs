//! Adds the staff of the demo: every role, and doctors of every department with their hours.

use super::setup::{DAYS_BEHIND, at, run};
use crate::domain::actor::{OPERATOR, Role};
use crate::domain::department::Department;
use crate::domain::id::{DoctorId, StaffId};
use crate::domain::time::Timestamp;
use crate::store::StoreError;
use crate::usecase::command::{AddDoctor, AddShift, AddStaff};
use crate::usecase::{Command, Door, Error, Receipt};
use chrono::{NaiveDate, TimeDelta};

/// Agents of 9090.
pub const AGENTS: [&str; 4] = ["lan", "minh", "hoa", "tuan"];
/// Intake nurses of Vinmec.
pub const INTAKE: [&str; 2] = ["thu", "yen"];
/// The fanpage administrator.
pub const FANPAGE: &str = "nga";
/// The supervisor of 9090.
pub const SUPERVISOR: &str = "ha";
/// The lead of Vinmec.
pub const LEAD: &str = "quan";

const STAFF: [(&str, &str, Role); 10] = [
    ("lan", "Lan", Role::Agent),
    ("minh", "Minh", Role::Agent),
    ("hoa", "Hoa", Role::Agent),
    ("tuan", "Tuấn", Role::Agent),
    (SUPERVISOR, "Hà", Role::Supervisor),
    (FANPAGE, "Nga", Role::FanpageAdmin),
    ("thu", "Thu", Role::Intake),
    ("yen", "Yến", Role::Intake),
    (LEAD, "Quân", Role::VinmecLead),
    ("kiem", "Kiểm", Role::Auditor),
];

const DOCTORS: [(&str, &str, &str, &str, &[Department]); 9] = [
    ("bs_mai", "Trần Ngọc Mai", "ThS.BS", "000412/HP-CCHN", &[Department::NoiTongHop]),
    ("bs_binh", "Phạm Thanh Bình", "TS.BS", "000587/HP-CCHN", &[Department::NoiTongHop]),
    ("bs_hanh", "Vũ Thị Hạnh", "PGS.TS.BS", "000633/HP-CCHN", &[Department::Nhi]),
    ("bs_son", "Đỗ Hồng Sơn", "ThS.BS", "000701/HP-CCHN", &[Department::Nhi]),
    ("bs_yen", "Lê Hải Yến", "ThS.BS", "000718/HP-CCHN", &[Department::San]),
    ("bs_duc", "Ngô Minh Đức", "TS.BS", "000755/HP-CCHN", &[Department::NgoaiTongHop]),
    ("bs_khanh", "Bùi Gia Khánh", "ThS.BS", "000802/HP-CCHN", &[Department::ChanDoanHinhAnh]),
    ("bs_loan", "Hoàng Thuý Loan", "ThS.BS", "000844/HP-CCHN", &[Department::XetNghiem]),
    (
        "bs_phuc",
        "Đặng Hữu Phúc",
        "ThS.BS",
        "000867/HP-CCHN",
        &[Department::NoiTongHop, Department::XetNghiem],
    ),
];

/// The first person with a role.
pub fn person_with(role: Role) -> Option<&'static str> {
    let doctor = DOCTORS.first().filter(|_| role == Role::Doctor).map(|(login, ..)| *login);
    doctor.or_else(|| STAFF.iter().find(|(_, _, own)| *own == role).map(|(login, ..)| *login))
}

/// A doctor of the demo with the slots that are still free.
#[derive(Debug, Clone)]
pub struct Doctor {
    /// The doctor.
    pub id: DoctorId,
    /// Their own login.
    pub login: &'static str,
    /// Their departments.
    pub departments: &'static [Department],
    /// Starts of free half hours, latest first.
    pub slots: Vec<Timestamp>,
}

/// Adds all staff members and doctors.
pub fn assemble(door: &Door, today: NaiveDate) -> Result<Vec<Doctor>, Error> {
    let first = today - TimeDelta::days(DAYS_BEHIND);
    let morning = at(first, 7, 0);
    for (id, name, role) in STAFF {
        let staff =
            AddStaff { id: StaffId(id.to_owned()), name: name.to_owned(), role, doctor: None, key: None };
        run(door, OPERATOR, morning, Command::AddStaff(staff))?;
    }
    let mut doctors = Vec::new();
    for (number, (login, name, titles, licence, departments)) in DOCTORS.into_iter().enumerate() {
        let doctor = AddDoctor {
            name: name.to_owned(),
            titles: titles.to_owned(),
            licence: licence.to_owned(),
            departments: departments.to_vec(),
        };
        let Receipt::DoctorAdded { doctor: id, .. } = run(door, LEAD, morning, Command::AddDoctor(doctor))?
        else {
            return Err(StoreError::internal("a doctor without a number").into());
        };
        let staff = AddStaff {
            id: StaffId(login.to_owned()),
            name: name.to_owned(),
            role: Role::Doctor,
            doctor: Some(id),
            key: None,
        };
        run(door, OPERATOR, morning, Command::AddStaff(staff))?;
        let mut slots = shifts(door, id, number, first, morning)?;
        slots.reverse();
        doctors.push(Doctor { id, login, departments, slots });
    }
    Ok(doctors)
}

/// Hours of one doctor for four weeks: mornings for all, afternoons for every second; half-hour starts.
fn shifts(
    door: &Door,
    doctor: DoctorId,
    number: usize,
    first: NaiveDate,
    now: Timestamp,
) -> Result<Vec<Timestamp>, Error> {
    let mut starts = Vec::new();
    for day in 1..28_i64 {
        let date = first + TimeDelta::days(day);
        let mut spans = vec![(at(date, 8, 0), at(date, 11, 30))];
        if (number as i64 + day) % 2 == 0 {
            spans.push((at(date, 13, 30), at(date, 17, 0)));
        }
        for (from, to) in spans {
            run(door, LEAD, now, Command::AddShift(AddShift { doctor, from, to }))?;
            let halves = to.since(from) / (30 * crate::domain::time::MINUTE_MS);
            starts.extend((0..halves).map(|half| from.plus_minutes(30 * half)));
        }
    }
    Ok(starts)
}

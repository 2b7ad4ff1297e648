//! The programme that these tests play in, seen from outside: a simulated store in memory, people in every role, a
//! list of eight, a fresh Do-Not-Call register, two doctors with hours. All of it comes through the door or as a file.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;
use tongdai::domain::actor::{OPERATOR, Role};
use tongdai::domain::campaign::Campaign;
use tongdai::domain::department::Department;
use tongdai::domain::id::{DoctorId, StaffId};
use tongdai::domain::time::Timestamp;
use tongdai::exchange::table;
use tongdai::store::Store;
use tongdai::store::tables::{TABLES, Table};
use tongdai::usecase::command::{AddDoctor, AddShift, AddStaff};
use tongdai::usecase::import::Report;
use tongdai::usecase::import::customers::{self, Options};
use tongdai::usecase::import::{ImportError, Run, do_not_call, import_customers, import_do_not_call};
use tongdai::usecase::{Command, Door, Request, When};

/// People and what they do here.
const STAFF: [(&str, Role, Option<i64>); 9] = [
    ("lan", Role::Agent, None),
    ("minh", Role::Agent, None),
    ("ha", Role::Supervisor, None),
    ("nga", Role::FanpageAdmin, None),
    ("thu", Role::Intake, None),
    ("quan", Role::VinmecLead, None),
    ("bs_mai", Role::Doctor, Some(1)),
    ("bs_binh", Role::Doctor, Some(2)),
    ("kiem", Role::Auditor, None),
];

/// Customers of the list, by id from 1 on.
pub const PHONES: [&str; 8] = [
    "0904123401",
    "0904123402",
    "0904123403",
    "0904123404",
    "0904123405",
    "0904123406",
    "0904123407",
    "0904123408",
];

/// An instant: `at("2026-12-02T09:00")`, Vietnam time.
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}:00+07:00")).unwrap()
}

/// The built-in campaign: registration 1 to 15 December, consultations to 31 December.
fn campaign(quota: i64, allow_listed_on_fanpage: bool) -> Campaign {
    let [from, to, consult_until, handbook_until] =
        ["2026-12-01", "2026-12-15", "2026-12-31", "2027-01-31"].map(|day| day.parse().unwrap());
    let built_in = Campaign::default_for(from, to, consult_until, handbook_until).unwrap();
    Campaign { quota, allow_listed_on_fanpage, ..built_in }
}

/// A programme with that many seats. Doctor 1 is in internal medicine, doctor 2 in paediatrics; both work 2 to 5
/// December, 08:00 to 11:30 and 13:30 to 16:30.
pub fn hotline_of(quota: i64, allow_listed_on_fanpage: bool) -> Door {
    let opened = at("2026-12-01T07:00");
    let campaign = campaign(quota, allow_listed_on_fanpage);
    let door = Door::create(Store::trial().unwrap(), campaign, true, opened, "test").unwrap();
    for (doctor, department) in [(1, Department::NoiTongHop), (2, Department::Nhi)] {
        set_up(&door, hire(doctor, department));
        for (from, to) in hours() {
            set_up(&door, Command::AddShift(AddShift { doctor: DoctorId(doctor), from, to }));
        }
    }
    for (login, role, doctor) in STAFF {
        let (id, name, doctor) = (StaffId(login.to_owned()), login.to_owned(), doctor.map(DoctorId));
        set_up(&door, Command::AddStaff(AddStaff { id, name, role, doctor, key: None }));
    }
    load(&door);
    door
}

/// A command of the operator's before the first call: it does not start the programme's clock.
fn set_up(door: &Door, command: Command) {
    let (staff, when) = (StaffId(OPERATOR.to_owned()), When::Now(Timestamp::ZERO));
    door.execute(Request { op: None, staff, when, command }).unwrap();
}

fn hire(number: i64, department: Department) -> Command {
    Command::AddDoctor(AddDoctor {
        name: "Trịnh Thị Mai".to_owned(),
        titles: "TS.BS".to_owned(),
        licence: format!("000{number}"),
        departments: vec![department],
    })
}

fn hours() -> impl Iterator<Item = (Timestamp, Timestamp)> {
    let spans = [("08:00", "11:30"), ("13:30", "16:30")];
    (2..=5).flat_map(move |day| {
        spans.map(|(from, to)| (at(&format!("2026-12-0{day}T{from}")), at(&format!("2026-12-0{day}T{to}"))))
    })
}

/// The list and the register, out of files as they come.
fn load(door: &Door) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let run = |f: &dyn Fn(Run<'_>) -> Result<Report, ImportError>| {
        let (staff, now) = (StaffId("ha".to_owned()), Timestamp::ZERO);
        let (progress, cancelled) = (&mut |_| (), &AtomicBool::new(false));
        f(Run { door, staff, now, rejects: None, progress, cancelled }).unwrap()
    };
    let rows: String = PHONES.map(|phone| format!("{phone},Nguyễn Văn Hùng,postpaid,400000\n")).concat();
    let list = file("list.csv", format!("phone,name,type,charge\n{rows}"));
    let options = Options { evidence: "contract clause 7".to_owned(), ..Options::default() };
    let loaded =
        run(&|run| import_customers(run, table::open(&list, None, &customers::FIELDS).unwrap(), &options));
    assert_eq!(loaded.accepted, PHONES.len() as u64);
    let register = file("register.csv", "phone\n0904999999\n".to_owned());
    run(&|run| {
        let source = table::open(&register, None, &do_not_call::FIELDS).unwrap();
        import_do_not_call(run, source, "2026-12-01".parse().unwrap())
    });
}

/// What SQL selects, one line per row.
pub fn lines(door: &Door, sql: impl Into<String>) -> Vec<String> {
    let sql = sql.into();
    let rows = door.store().read(move |tx| tx.many(&sql, &[])).unwrap();
    rows.iter()
        .map(|row| {
            row.0.iter().fold(String::new(), |mut line, value| {
                write!(line, "{value:?} ").unwrap();
                line
            })
        })
        .collect()
}

/// Every row of every table, and the counters: the same before and after what was refused. The audit trail, the
/// operations and the clock of a simulated store are left out.
pub fn state(door: &Door) -> Vec<String> {
    let counters = "SELECT * FROM counter WHERE value <> 0 ORDER BY 1, 2".to_owned();
    let compared =
        TABLES.iter().filter(|table| !["audit", "operation", "meta", "counter"].contains(&table.name));
    compared.map(Table::select).chain([counters]).flat_map(|sql| lines(door, sql)).collect()
}

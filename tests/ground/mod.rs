//! The programme that these tests play in, seen from outside: a simulated store in memory, people in every role, a
//! list of eight, a fresh Do-Not-Call register, two doctors with hours. Rows that only imports make are laid by SQL;
//! everything else goes through the door.

use std::fmt::Write as _;
use tongdai::args;
use tongdai::domain::actor::Role;
use tongdai::domain::campaign::Campaign;
use tongdai::domain::contact::{MatterState, Purpose};
use tongdai::domain::id::{DoctorId, StaffId};
use tongdai::domain::phone::PhoneNumber;
use tongdai::domain::time::Timestamp;
use tongdai::store::tables::{TABLES, Table};
use tongdai::store::{Store, StoreError, Tx, counter, staff};
use tongdai::usecase::Door;

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
    let door =
        Door::create(Store::trial().unwrap(), campaign(quota, allow_listed_on_fanpage), true, opened, "test")
            .unwrap();
    door.store().write(move |tx| populate(tx, opened)).unwrap();
    door
}

fn populate(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE campaign SET dnc_as_of = '2026-12-01', dnc_at = ?1", args![now])?;
    tx.execute(
        "INSERT INTO doctor (id, name, titles, licence, qualifies)
         VALUES (1, 'Trịnh Thị Mai', 'ThS.BS', '0001', 'ThS'), (2, 'Cao Văn Bình', 'TS.BS', '0002', 'TS')",
        &[],
    )?;
    tx.execute(
        "INSERT INTO doctor_department (doctor, department) VALUES (1, 'noi_tong_hop'), (2, 'nhi')",
        &[],
    )?;
    for doctor in [1, 2] {
        for day in 2..=5 {
            for (from, to) in [("08:00", "11:30"), ("13:30", "16:30")] {
                let [from, to] = [from, to].map(|time| at(&format!("2026-12-0{day}T{time}")));
                tx.execute(
                    "INSERT INTO shift (doctor, from_at, to_at) VALUES (?1, ?2, ?3)",
                    args![doctor, from, to],
                )?;
            }
        }
    }
    for (login, role, doctor) in STAFF {
        staff::upsert(tx, &StaffId(login.to_owned()), login, role, doctor.map(DoctorId), now)?;
    }
    tx.execute(
        "INSERT INTO list (id, file_name, evidence, state, imported_at, imported_by, rows)
         VALUES (1, 'list.csv', 'contract clause 7', 'active', ?1, 'ha', 8)",
        args![now],
    )?;
    for (index, phone) in PHONES.into_iter().enumerate() {
        let (id, number) = (index as i64 + 1, PhoneNumber::parse(phone).unwrap().number);
        tx.execute(
            "INSERT INTO customer (id, phone, phone_reversed, phone_raw, name, name_key, list)
             VALUES (?1, ?2, ?3, ?4, 'Nguyễn Văn Hùng', 'nguyen van hung', 1)",
            args![id, number, number.reversed_tail(), phone],
        )?;
        tx.execute(
            "INSERT INTO matter (id, customer, purpose, list, state) VALUES (?1, ?2, 1, 1, 'waiting')",
            args![id * 4 + 1, id],
        )?;
    }
    let listed = PHONES.len() as i64;
    tx.count(counter::LIST_CUSTOMERS, listed);
    tx.count(counter::matter(Purpose::Offer, MatterState::Waiting), listed);
    Ok(())
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

//! The programme that tests of the use cases play in: a simulated store in memory, people in every role, a short
//! list, a fresh Do-Not-Call register, two doctors with hours. Times are fixed.

use super::command::{Channel, Claim, Command, RecordCall, Register};
use super::ctx::When;
use super::door::{Door, Request};
use super::error::Error;
use super::query::{Query, Snapshot};
use super::receipt::Receipt;
use crate::args;
use crate::domain::actor::Role;
use crate::domain::campaign::Campaign;
use crate::domain::consent::ConsentAnswers;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::{CustomerId, DoctorId, MatterId, RegistrationId, StaffId};
use crate::domain::name::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use crate::store::tables::{TABLES, Table};
use crate::store::{Store, StoreError, Tx, Value, counter, staff};
use chrono::NaiveDate;

/// People and what they do here.
pub const STAFF: [(&str, &str, Role); 9] = [
    ("lan", "Lan", Role::Agent),
    ("minh", "Minh", Role::Agent),
    ("ha", "Hà", Role::Supervisor),
    ("nga", "Nga", Role::FanpageAdmin),
    ("thu", "Thu", Role::Intake),
    ("bs_mai", "Bác sĩ Mai", Role::Doctor),
    ("quan", "Quân", Role::VinmecLead),
    ("kiem", "Kiểm", Role::Auditor),
    ("bs_binh", "Bác sĩ Bình", Role::Doctor),
];

/// The customers of the active list, in the order in which the queue hands them out: ids 1 to 8.
pub const CUSTOMERS: [(&str, &str); 8] = [
    ("0904123401", "Nguyễn Văn Hùng"),
    ("0904123402", "Trần Thị Hoa"),
    ("0904123403", "Lê Hoà"),
    ("0904123404", "Phạm Thuý Nga"),
    ("0904123405", "Đỗ Thị Ánh"),
    ("0904123406", "Vũ Minh"),
    ("0904123407", "Hoàng Đức Hưng"),
    ("0904123408", "Bùi Thu Trang"),
];

/// A customer whom only a list that is still loading knows: id 9.
pub const LOADING: (&str, &str) = ("0904123409", "Ngô Thị Lụa");

/// A number that the store does not have.
pub const UNKNOWN: &str = "0904999888";

/// An instant: `at("2026-12-02T09:00")`, Vietnam time.
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}:00+07:00")).unwrap()
}

/// A day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A login name.
pub fn id(name: &str) -> StaffId {
    StaffId(name.to_owned())
}

/// The programme: registration 1–15 December 2026, consultations to 31 December, 500 seats, with people, a list,
/// today's register and two doctors (1 Mai: internal medicine and laboratory; 2 Bình: paediatrics) who work
/// 2–5 December, 08:00–11:30 and 13:30–16:30.
pub fn hotline() -> Door {
    hotline_of(campaign())
}

/// The same in memory also when a server is named for the tests, whose client cannot be started inside a runtime.
pub fn hotline_in_memory() -> Door {
    hotline_in(Store::memory().unwrap(), campaign())
}

/// The same with that many seats.
pub fn hotline_with(quota: i64) -> Door {
    hotline_of(Campaign { quota, ..campaign() })
}

/// The built-in campaign with this programme's dates.
pub fn campaign() -> Campaign {
    let [from, to, consult_until, handbook_until] =
        ["2026-12-01", "2026-12-15", "2026-12-31", "2027-01-31"].map(day);
    Campaign::default_for(from, to, consult_until, handbook_until).unwrap()
}

/// The same people under a campaign of the test's own.
pub fn hotline_of(campaign: Campaign) -> Door {
    hotline_in(Store::trial().unwrap(), campaign)
}

/// The same in a store of the test's own.
pub fn hotline_in(store: Store, campaign: Campaign) -> Door {
    let opened = at("2026-12-01T07:00");
    let door = Door::create(store, campaign, true, opened, "test").unwrap();
    door.store().write(move |tx| populate(tx, opened)).unwrap();
    door
}

/// People and customers in a store that the test made itself.
pub fn populated(door: &Door, now: Timestamp) {
    door.store().write(move |tx| populate(tx, now)).unwrap();
}

fn populate(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE campaign SET dnc_as_of = '2026-12-01', dnc_at = ?1", args![now])?;
    doctors(tx)?;
    for (login, name, role) in STAFF {
        let doctor = match login {
            "bs_mai" => Some(DoctorId(1)),
            "bs_binh" => Some(DoctorId(2)),
            _ => None,
        };
        staff::upsert(tx, &id(login), name, role, doctor, now)?;
    }
    tx.execute(
        "INSERT INTO list (file_name, evidence, state, imported_at, imported_by, rows)
         VALUES ('list.csv', 'contract clause 7', 'active', ?1, 'ha', 8), ('next.csv', 'contract clause 7',
           'loading', ?1, 'ha', 1)",
        args![now],
    )?;
    for (phone, name) in CUSTOMERS {
        customer(tx, phone, name, 1)?;
    }
    customer(tx, LOADING.0, LOADING.1, 2)?;
    let listed = CUSTOMERS.len() as i64;
    tx.count(counter::LIST_CUSTOMERS, listed);
    tx.count(counter::matter(Purpose::Offer, MatterState::Waiting), listed);
    Ok(())
}

/// Puts one more customer on the active list.
pub fn listed(door: &Door, phone: &str, name: &str) {
    let (phone, name) = (phone.to_owned(), name.to_owned());
    door.store().write(move |tx| customer(tx, &phone, &name, 1)).unwrap();
}

/// The engine gives the ids, from 1 on, so that the next row finds its counter where it should be.
fn customer(tx: &mut Tx<'_>, phone: &str, name: &str, list: i64) -> Result<(), StoreError> {
    let number = PhoneNumber::parse(phone).unwrap().number;
    let key = PersonName::parse(name).unwrap().search_key();
    let row = tx.one(
        "INSERT INTO customer (phone, phone_reversed, phone_raw, name, name_key, province, list, sms_sent_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 'Hải Phòng', ?6, ?7) RETURNING id",
        args![number, number.reversed_tail(), phone, name, key, list, at("2026-11-12T09:15")],
    )?;
    let id = row.int(0)?;
    tx.execute(
        "INSERT INTO matter (id, customer, purpose, list, state) VALUES (?1, ?2, 1, ?3, 'waiting')",
        args![id * 4 + 1, id, list],
    )?;
    Ok(())
}

fn doctors(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO doctor (name, titles, licence, qualifies) VALUES
           ('Trịnh Thị Mai', 'ThS.BS', '0001/HP-CCHN', 'thạc sĩ'),
           ('Cao Văn Bình', 'TS.BS', '0002/HP-CCHN', 'tiến sĩ')",
        &[],
    )?;
    tx.execute(
        "INSERT INTO doctor_department (doctor, department) VALUES (1, 'noi_tong_hop'), (1, 'xet_nghiem'), (2, 'nhi')",
        &[],
    )?;
    for doctor in [1, 2] {
        for date in ["2026-12-02", "2026-12-03", "2026-12-04", "2026-12-05"] {
            for (from, to) in [("08:00", "11:30"), ("13:30", "16:30")] {
                tx.execute(
                    "INSERT INTO shift (doctor, from_at, to_at) VALUES (?1, ?2, ?3)",
                    args![doctor, at(&format!("{date}T{from}")), at(&format!("{date}T{to}"))],
                )?;
            }
        }
    }
    Ok(())
}

/// Runs a command at a time.
pub fn run(door: &Door, who: &str, when: Timestamp, command: Command) -> Result<Receipt, Error> {
    door.execute(Request { op: None, staff: id(who), when: When::At(when), command })
}

/// Asks a query at a time.
pub fn ask(door: &Door, who: &str, when: Timestamp, query: Query) -> Result<Snapshot, Error> {
    door.query(&id(who), when, query)
}

/// The public rule code of a refusal; the kind of any other error.
pub fn rule<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    match outcome.unwrap_err() {
        Error::Refused(refusal) => refusal.rule(),
        Error::Store(error) => error.kind(),
    }
}

/// The offer matter of a customer.
pub const fn offer(customer: i64) -> MatterId {
    Purpose::Offer.matter_id(CustomerId(customer))
}

/// Takes the next offer; the matter that was handed out.
pub fn claim(door: &Door, who: &str, when: Timestamp) -> MatterId {
    match run(door, who, when, Command::Claim(Claim { purpose: Purpose::Offer, matter: None })).unwrap() {
        Receipt::Claimed { matter, .. } => matter,
        other => panic!("nobody was due: {other:?}"),
    }
}

/// A call that ended, without note or promise.
pub fn ended(matter: MatterId, disposition: Disposition) -> Command {
    Command::RecordCall(RecordCall::new(matter, disposition))
}

/// A registration with every consent, as typed.
pub fn form(phone: &str, channel: Channel) -> Register {
    let consents = ConsentAnswers { register: true, handbook: true, survey: true, marketing: true };
    Register { consents, ..Register::new(phone, channel) }
}

/// Registers a customer of the list who called in.
pub fn register(door: &Door, when: Timestamp, phone: &str) -> RegistrationId {
    match run(door, "lan", when, Command::Register(form(phone, Channel::Inbound9090))).unwrap() {
        Receipt::Registered { registration, .. } | Receipt::Waitlisted { registration, .. } => registration,
        other => panic!("not registered: {other:?}"),
    }
}

/// Every row of every table, and the counters: equal before and after what was refused. The audit log, the
/// operations and the clock of a simulated store are left out.
pub fn state(door: &Door) -> Vec<Vec<Value>> {
    const COUNTERS: &str = "SELECT name, CAST(SUM(value) AS BIGINT) FROM counter GROUP BY name
        HAVING SUM(value) <> 0 ORDER BY name";
    let compared =
        TABLES.iter().filter(|table| !["audit", "operation", "meta", "counter"].contains(&table.name));
    let statements: Vec<String> = compared.map(Table::select).chain([COUNTERS.to_owned()]).collect();
    door.store()
        .read(move |tx| -> Result<_, StoreError> {
            let mut rows = Vec::new();
            for statement in statements {
                rows.extend(tx.many(&statement, &[])?.into_iter().map(|row| row.0));
            }
            Ok(rows)
        })
        .unwrap()
}

/// Runs SQL on the store behind the door, to lay what no command of this area makes.
pub fn sql(door: &Door, text: &str) {
    let text = text.to_owned();
    door.store().write(move |tx| tx.execute(&text, &[])).unwrap();
}

/// One number read by SQL.
pub fn number(door: &Door, text: &'static str) -> i64 {
    door.store().read(move |tx| tx.one(text, &[])?.int(0)).unwrap()
}

/// A counter's value.
pub fn counted(door: &Door, name: &str) -> i64 {
    let name = name.to_owned();
    door.store().read(move |tx| counter::sum(tx, &name)).unwrap()
}

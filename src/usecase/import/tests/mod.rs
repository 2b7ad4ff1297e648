//! Imports against a programme in memory: what counts, what is left out, and that nothing stays of what was
//! stopped.

mod cells;
mod others;

use super::customers::{self, Options};
use super::source::{Field, FileError, MAX_CELL_CHARS, Row, Rows, Source};
use super::*;
use crate::domain::refusal::Refusal;
use crate::store::{Store, Tx};
use crate::usecase::check::check;
use crate::usecase::fixture::{at, campaign, day, hotline, id};
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// Rows of an array; can break off or stop the import in the middle.
struct Array {
    rows: Vec<Vec<String>>,
    breaks_at: Option<usize>,
    cancels_at: Option<(usize, Arc<AtomicBool>)>,
}

impl Rows for Array {
    fn for_each(&mut self, each: &mut dyn FnMut(&Row, u32) -> ControlFlow<()>) -> Result<(), FileError> {
        for (index, cells) in self.rows.iter().enumerate() {
            if self.breaks_at == Some(index) {
                return Err(FileError::Truncated { line: index as u64 + 2 });
            }
            if let Some((at, flag)) = &self.cancels_at
                && *at == index
            {
                flag.store(true, Ordering::Relaxed);
            }
            let mut row = Row::default();
            row.line = index as u64 + 2;
            for cell in cells {
                row.push(cell);
            }
            if each(&row, 0).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn table(fields: &[Field], rows: &[&[&str]]) -> Source {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|cells| cells.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    source(fields, Array { rows, breaks_at: None, cancels_at: None })
}

fn source(fields: &[Field], rows: Array) -> Source {
    Source {
        file_name: "import.csv".to_owned(),
        header: fields.iter().map(|field| field.code.to_owned()).collect(),
        columns: (0..fields.len()).map(Some).collect(),
        unknown: Vec::new(),
        rows: Box::new(rows),
    }
}

/// Rejected rows as (line, code).
#[derive(Default)]
struct Kept(RefCell<Vec<(u64, &'static str)>>);

impl Rejects for &Kept {
    fn reject(
        &mut self,
        row: &Row,
        code: &'static str,
        sentence: &dyn Fn(Lang) -> String,
    ) -> Result<(), FileError> {
        for lang in [Lang::Vi, Lang::En] {
            let sentence = sentence(lang);
            assert!(
                !sentence.is_empty() && !sentence.contains("import") && !sentence.contains("%{"),
                "{sentence}"
            );
        }
        self.0.borrow_mut().push((row.line, code));
        Ok(())
    }

    fn finish(&mut self) -> Result<(), FileError> {
        Ok(())
    }
}

fn with<T>(door: &Door, staff: &str, flag: &AtomicBool, f: impl FnOnce(Run<'_>) -> T) -> T {
    f(Run {
        door,
        staff: id(staff),
        now: at("2026-12-01T08:00"),
        rejects: None,
        progress: &mut |_| (),
        cancelled: flag,
    })
}

fn evidence() -> Options {
    let sms_sent_at = Some(at("2026-11-12T09:00"));
    Options { evidence: "DK-2026-11".to_owned(), sms_sent_at, ..Options::default() }
}

fn load(door: &Door, rows: &[&[&str]], options: &Options) -> Result<Report, ImportError> {
    with(door, "ha", &AtomicBool::new(false), |run| {
        import_customers(run, table(&customers::FIELDS, rows), options)
    })
}

fn count(store: &Store, sql: &'static str) -> i64 {
    store.read(move |tx| -> Result<_, StoreError> { tx.one(sql, &[])?.int(0) }).unwrap()
}

fn counter(store: &Store, name: &'static str) -> i64 {
    store.read(move |tx| crate::store::counter::sum(tx, name)).unwrap()
}

/// Everything that an import may touch, as text.
fn state(store: &Store) -> String {
    store
        .read(|tx: &mut Tx<'_>| -> Result<_, StoreError> {
            let mut all = Vec::new();
            for sql in [
                "SELECT * FROM list WHERE state = 'active' ORDER BY id",
                "SELECT * FROM customer WHERE list IS NULL OR list IN (SELECT id FROM list WHERE state = 'active') ORDER BY id",
                "SELECT * FROM matter WHERE list IN (SELECT id FROM list WHERE state = 'active') ORDER BY id",
                "SELECT * FROM list_change ORDER BY list, customer",
                "SELECT * FROM do_not_call ORDER BY phone",
                "SELECT * FROM do_not_call_load ORDER BY phone",
                "SELECT * FROM counter ORDER BY name",
                "SELECT * FROM lead ORDER BY id",
                "SELECT * FROM doctor ORDER BY id",
                "SELECT * FROM shift ORDER BY id",
                "SELECT dnc_as_of FROM campaign",
            ] {
                all.push(format!("{:?}", tx.many(sql, &[])?));
            }
            Ok(all.join("\n"))
        })
        .unwrap()
}

const GOOD: [&[&str]; 3] = [
    &["0905000001", "Nguyễn Văn Một", "trả sau", "412.000", "Hải Phòng", "anh", "12/11/2026 09:15"],
    &["84905000002", "Trần Thị Hai", "postpaid", "300000", "", "chị", ""],
    &["01205000003", "Lê Ba", "Trả Sau", "1.412.000,50 đ", "Quảng Ninh", "", "2026-11-12"],
];

#[test]
fn a_list_becomes_customers_with_waiting_offers_and_counters() {
    let door = hotline();
    let (waiting, customers) =
        (counter(door.store(), "matter.offer.waiting"), counter(door.store(), "list.customers"));
    let report = load(&door, &GOOD, &evidence()).unwrap();
    assert_eq!((report.read, report.accepted, report.updated, report.unchanged), (3, 3, 0, 0));
    assert!(report.rejected.is_empty() && report.warnings.is_empty(), "{report:?}");
    assert_eq!(counter(door.store(), "matter.offer.waiting"), waiting + 3);
    assert_eq!(counter(door.store(), "list.customers"), customers + 3);
    let row = door
        .store()
        .read(|tx| -> Result<_, StoreError> {
            tx.one(
                "SELECT c.name, c.name_key, c.phone_raw, c.salutation, c.province, c.sms_sent_at, m.state, l.evidence, l.rows
                 FROM customer c JOIN matter m ON m.id = c.id * 4 + 1 JOIN list l ON l.id = c.list
                 WHERE c.phone = 84905000001",
                &[],
            )
        })
        .unwrap();
    assert_eq!(
        (row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)),
        (
            Ok("Nguyễn Văn Một".to_owned()),
            Ok("mot nguyen van".to_owned()),
            Ok("0905000001".to_owned()),
            Ok("anh".to_owned()),
            Ok("Hải Phòng".to_owned())
        )
    );
    assert_eq!(row.time(5), Ok(at("2026-11-12T09:15")));
    assert_eq!(
        (row.text(6), row.text(7), row.int(8)),
        (Ok("waiting".to_owned()), Ok("DK-2026-11".to_owned()), Ok(3))
    );
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM customer WHERE phone = 84705000003"), 1);
    assert_eq!(
        count(door.store(), "SELECT COUNT(*) FROM audit WHERE action = 'import_customers' AND staff = 'ha'"),
        1
    );
}

#[test]
fn every_reason_to_leave_a_row_out_has_its_code_and_never_stops_the_rest() {
    let door = hotline();
    let long = "x".repeat(MAX_CELL_CHARS + 1);
    let rows: Vec<(&'static str, Vec<&str>)> = vec![
        ("phone_invalid", vec!["09O5000001", "A", "trả sau", "412000"]),
        ("phone_invalid", vec!["", "A", "trả sau", "412000"]),
        ("phone_invalid", vec!["0905 000", "A", "trả sau", "412000"]),
        ("phone_not_mobile", vec!["9090", "A", "trả sau", "412000"]),
        ("phone_not_mobile", vec!["02253821234", "A", "trả sau", "412000"]),
        ("phone_foreign", vec!["+1 415 555 2671", "A", "trả sau", "412000"]),
        ("phone_several", vec!["0905000001 / 0905000002", "A", "trả sau", "412000"]),
        ("not_postpaid", vec!["0905000010", "A", "trả trước", "412000"]),
        ("not_postpaid", vec!["0905000011", "A", "", "412000"]),
        ("charge_below_minimum", vec!["0905000012", "A", "trả sau", "299.999"]),
        ("charge_unreadable", vec!["0905000013", "A", "trả sau", "nhiều"]),
        ("charge_unreadable", vec!["0905000014", "A", "trả sau", ""]),
        ("name_missing", vec!["0905000015", "  ", "trả sau", "412000"]),
        ("name_missing", vec!["0905000016", "12345", "trả sau", "412000"]),
        ("cell_too_long", vec!["0905000017", &long, "trả sau", "412000"]),
        ("cells_shifted", vec!["0905000018", "A", "trả sau", "412000", "", "", "", "000"]),
        ("", vec!["0905000019", "Đúng", "trả sau", "412000"]),
        ("duplicate_in_file", vec!["+84905000019", "Trùng", "trả sau", "412000"]),
    ];
    let cells: Vec<&[&str]> = rows.iter().map(|(_, cells)| cells.as_slice()).collect();
    let kept = Kept::default();
    let report = {
        let mut rejects = &kept;
        let flag = AtomicBool::new(false);
        let run = Run {
            door: &door,
            staff: id("ha"),
            now: at("2026-12-01T08:00"),
            rejects: Some(&mut rejects),
            progress: &mut |_| (),
            cancelled: &flag,
        };
        import_customers(run, table(&customers::FIELDS, &cells), &evidence()).unwrap()
    };
    let wanted: Vec<(u64, &str)> = rows
        .iter()
        .enumerate()
        .filter(|(_, (code, _))| !code.is_empty())
        .map(|(index, (code, _))| (index as u64 + 2, *code))
        .collect();
    assert_eq!(*kept.0.borrow(), wanted);
    assert_eq!(report.accepted, 1);
    assert_eq!(report.read, report.accepted + report.rejected_rows());
    assert_eq!(report.rejected["phone_invalid"], 3);
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let door = hotline();
    load(&door, &GOOD, &evidence()).unwrap();
    let before = state(door.store());
    let report = load(&door, &GOOD, &evidence()).unwrap();
    assert_eq!((report.accepted, report.updated, report.unchanged, report.list), (0, 0, 3, None));
    assert_eq!(state(door.store()), before);
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM list WHERE state = 'loading'"), 0);
}

#[test]
fn a_known_customer_is_updated_by_cells_that_say_something_and_keeps_the_rest() {
    let door = hotline();
    load(&door, &GOOD, &evidence()).unwrap();
    let before = counter(door.store(), "matter.offer.waiting");
    let report = load(
        &door,
        &[
            &["0905000001", "Nguyễn Văn Một", "trả sau", "412.000", "", "", ""],
            &["0905000002", "Trần Thị Hai Mới", "trả sau", "412.000", "Ninh Bình", "", ""],
        ],
        &Options { sms_sent_at: None, ..evidence() },
    )
    .unwrap();
    assert_eq!((report.accepted, report.updated, report.unchanged), (0, 1, 1));
    let row = door
        .store()
        .read(|tx| -> Result<_, StoreError> {
            tx.one("SELECT name, name_key, province, salutation FROM customer WHERE phone = 84905000002", &[])
        })
        .unwrap();
    assert_eq!(row.text(0), Ok("Trần Thị Hai Mới".to_owned()));
    assert_eq!(row.text(1), Ok("moi tran thi hai".to_owned()));
    assert_eq!((row.text(2), row.text(3)), (Ok("Ninh Bình".to_owned()), Ok("chi".to_owned())));
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM list_change"), 0);
    assert_eq!(counter(door.store(), "matter.offer.waiting"), before);
}

#[test]
fn a_list_without_evidence_is_held_until_it_comes_again_with_it() {
    let door = hotline();
    let held = counter(door.store(), "matter.offer.held");
    load(&door, &GOOD, &Options::default()).unwrap();
    assert_eq!(counter(door.store(), "matter.offer.held"), held + 3);
    assert_eq!(
        count(door.store(), "SELECT COUNT(*) FROM matter WHERE state = 'held' AND reason = 'opt_in_missing'"),
        3
    );
    let waiting = counter(door.store(), "matter.offer.waiting");
    let report = load(&door, &GOOD, &evidence()).unwrap();
    assert_eq!((report.accepted, report.updated), (0, 3));
    assert_eq!(counter(door.store(), "matter.offer.held"), held);
    assert_eq!(counter(door.store(), "matter.offer.waiting"), waiting + 3);
    assert_eq!(
        count(door.store(), "SELECT COUNT(*) FROM matter WHERE state = 'held' AND reason = 'opt_in_missing'"),
        0
    );
}

fn held_for_sms(door: &Door) -> i64 {
    count(door.store(), "SELECT COUNT(*) FROM matter WHERE state = 'held' AND reason = 'sms_not_received'")
}

#[test]
fn offers_wait_for_the_sms_until_a_list_brings_its_time() {
    let door = hotline();
    let (held, waiting) =
        (counter(door.store(), "matter.offer.held"), counter(door.store(), "matter.offer.waiting"));
    // The second row of the list says no time, and neither does the command.
    let no_time = Options { sms_sent_at: None, ..evidence() };
    load(&door, &GOOD, &no_time).unwrap();
    assert_eq!(held_for_sms(&door), 1);
    assert_eq!(counter(door.store(), "matter.offer.held"), held + 1);
    assert_eq!(counter(door.store(), "matter.offer.waiting"), waiting + 2);
    assert_eq!(check(&door).unwrap(), []);
    // A time to come is known, and not reached.
    let later = Options { sms_sent_at: Some(at("2026-12-05T09:00")), ..evidence() };
    load(&door, &GOOD[1..2], &later).unwrap();
    assert_eq!(held_for_sms(&door), 1);
    let due =
        "SELECT COUNT(*) FROM matter WHERE state = 'held' AND reason = 'sms_not_received' AND due_at > 0";
    assert_eq!(count(door.store(), due), 1);
    load(&door, &GOOD[1..2], &evidence()).unwrap();
    assert_eq!(held_for_sms(&door), 0);
    assert_eq!(counter(door.store(), "matter.offer.held"), held);
    assert_eq!(counter(door.store(), "matter.offer.waiting"), waiting + 3);
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn the_very_first_list_gives_each_of_its_customers_an_offer() {
    let door =
        Door::create(Store::trial().unwrap(), campaign(), true, at("2026-12-01T07:00"), "test").unwrap();
    let report = with(&door, "operator", &AtomicBool::new(false), |run| {
        import_customers(run, table(&customers::FIELDS, &GOOD), &evidence())
    });
    assert_eq!(
        i64::try_from(report.unwrap().accepted),
        Ok(count(door.store(), "SELECT COUNT(*) FROM matter WHERE state = 'waiting'"))
    );
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn a_customer_from_the_fanpage_joins_the_list_and_gets_an_offer() {
    let door = hotline();
    door.store()
        .write(|tx| -> Result<_, StoreError> {
            tx.execute(
                "INSERT INTO customer (id, phone, phone_reversed, phone_raw, name, name_key)
                 VALUES (500, 84905000001, 100000509, '0905000001', 'Nguyễn Văn Một', 'mot nguyen van')",
                &[],
            )
        })
        .unwrap();
    let customers = counter(door.store(), "list.customers");
    let report = load(&door, &GOOD, &evidence()).unwrap();
    assert_eq!((report.accepted, report.updated), (2, 1));
    assert_eq!(counter(door.store(), "list.customers"), customers + 3);
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM matter WHERE id = 2001 AND state = 'waiting'"), 1);
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM customer WHERE id = 500 AND list IS NOT NULL"), 1);
}

#[test]
fn a_customer_who_opted_out_is_loaded_with_a_closed_offer() {
    let door = hotline();
    door.store()
        .write(|tx| -> Result<_, StoreError> {
            tx.execute(
                "INSERT INTO opt_out (phone, voice_at, asked_by, evidence) VALUES (84905000001, 1, 'lan', 'call')",
                &[],
            )
        })
        .unwrap();
    let waiting = counter(door.store(), "matter.offer.waiting");
    load(&door, &GOOD, &evidence()).unwrap();
    assert_eq!(counter(door.store(), "matter.offer.waiting"), waiting + 2);
    assert_eq!(
        count(
            door.store(),
            "SELECT COUNT(*) FROM matter m JOIN customer c ON c.id = m.customer
             WHERE c.phone = 84905000001 AND m.state = 'closed' AND m.reason = 'opted_out'"
        ),
        1
    );
}

fn many(n: usize) -> Vec<Vec<String>> {
    (0..n)
        .map(|i| {
            vec![
                format!("0906{i:06}"),
                format!("Khách Số {}", i % 97),
                "trả sau".to_owned(),
                "412000".to_owned(),
            ]
        })
        .collect()
}

#[test]
fn cancelling_in_the_middle_leaves_nothing() {
    let door = hotline();
    let before = state(door.store());
    let rows = count(door.store(), "SELECT COUNT(*) FROM audit");
    let flag = Arc::new(AtomicBool::new(false));
    let array = Array { rows: many(9_000), breaks_at: None, cancels_at: Some((7_000, Arc::clone(&flag))) };
    let outcome =
        with(&door, "ha", &flag, |run| import_customers(run, source(&customers::FIELDS, array), &evidence()));
    assert_eq!(outcome, Err(ImportError::Cancelled));
    assert_eq!(state(door.store()), before);
    assert_eq!(
        count(
            door.store(),
            "SELECT COUNT(*) FROM customer WHERE phone >= 84906000000 AND phone < 84907000000"
        ),
        0
    );
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM audit"), rows);
}

#[test]
fn a_file_that_breaks_off_leaves_nothing() {
    let door = hotline();
    let before = state(door.store());
    let array = Array { rows: many(9_000), breaks_at: Some(8_000), cancels_at: None };
    let outcome = with(&door, "ha", &AtomicBool::new(false), |run| {
        import_customers(run, source(&customers::FIELDS, array), &evidence())
    });
    assert_eq!(outcome, Err(ImportError::File(FileError::Truncated { line: 8_002 })));
    assert_eq!(state(door.store()), before);
    assert_eq!(
        count(
            door.store(),
            "SELECT COUNT(*) FROM matter WHERE id > 4 * 8 + 3 AND list NOT IN (SELECT id FROM list)"
        ),
        0
    );
}

#[test]
fn what_a_crash_left_is_swept_but_keeps_registered_customers() {
    let door = hotline();
    settle(door.store(), true).unwrap();
    let before = count(door.store(), "SELECT COUNT(*) FROM customer");
    door.store()
        .bulk(|tx, _| -> Result<(), StoreError> {
            let new_list = crate::store::list::NewList {
                file_name: "dead.csv".to_owned(),
                evidence: "x".to_owned(),
                sms_required: true,
                at: at("2026-12-01T08:00"),
                by: id("ha"),
            };
            let mut loading = crate::store::import::Loading::begin(tx, &new_list, None)?;
            for phone in [84_905_000_001_i64, 84_905_000_002] {
                loading.put(&crate::store::import::NewCustomer {
                    phone: crate::domain::phone::PhoneNumber::from_digits(phone).unwrap(),
                    phone_raw: String::new(),
                    name: "Ai".to_owned(),
                    name_key: "ai".to_owned(),
                    salutation: None,
                    province: None,
                    sms_sent_at: None,
                })?;
            }
            loading.end()?;
            tx.execute(
                "INSERT INTO registration (customer, state, place, channel, at, by_staff)
                 SELECT id, 'waitlisted', 1, 'fanpage', 0, 'nga' FROM customer WHERE phone = 84905000001",
                &[],
            )?;
            Ok(())
        })
        .unwrap();
    sweep(door.store()).unwrap();
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM list WHERE state = 'loading'"), 0);
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM customer"), before + 1);
    assert_eq!(
        count(door.store(), "SELECT COUNT(*) FROM customer WHERE phone = 84905000001 AND list IS NULL"),
        1
    );
    assert_eq!(
        count(door.store(), "SELECT COUNT(*) FROM matter WHERE customer NOT IN (SELECT id FROM customer)"),
        0
    );
}

#[test]
fn two_imports_at_once_go_one_after_the_other_and_lose_nothing() {
    let door = hotline();
    let flag = AtomicBool::new(false);
    let outcomes: Vec<Report> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let array = Array { rows: many(5_000), breaks_at: None, cancels_at: None };
                    with(&door, "ha", &flag, |run| {
                        import_customers(run, source(&customers::FIELDS, array), &evidence())
                    })
                    .unwrap()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().map(|report| report.accepted).sum::<u64>(), 5_000);
    assert_eq!(outcomes.iter().map(|report| report.unchanged).sum::<u64>(), 5_000);
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM list WHERE file_name = 'import.csv'"), 1);
}

#[test]
fn commands_get_in_between_the_chunks_of_a_load() {
    let door = hotline();
    let done = AtomicBool::new(false);
    let seen = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let visible = count(
                    door.store(),
                    "SELECT COUNT(*) FROM list WHERE file_name = 'import.csv' AND state = 'active'",
                );
                let loading = count(
                    door.store(),
                    "SELECT COUNT(*) FROM customer WHERE phone >= 84906000000 AND phone < 84907000000",
                );
                if visible == 0 && loading > 0 {
                    seen.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        let array = Array { rows: many(40_000), breaks_at: None, cancels_at: None };
        let flag = AtomicBool::new(false);
        let report = with(&door, "ha", &flag, |run| {
            import_customers(run, source(&customers::FIELDS, array), &evidence())
        })
        .unwrap();
        done.store(true, Ordering::Relaxed);
        assert_eq!(report.accepted, 40_000);
    });
    assert!(seen.load(Ordering::Relaxed) > 0, "nobody got in while the list was loading");
}

#[test]
fn a_rehearsal_counts_the_same_and_writes_nothing() {
    let door = hotline();
    let before = state(door.store());
    let rows = count(door.store(), "SELECT COUNT(*) FROM audit");
    let report = load(&door, &GOOD, &Options { dry_run: true, ..evidence() }).unwrap();
    assert_eq!((report.accepted, report.unchanged, report.dry_run), (3, 0, true));
    assert_eq!(state(door.store()), before);
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM audit"), rows);
    load(&door, &GOOD, &evidence()).unwrap();
    let report = load(&door, &GOOD, &Options { dry_run: true, ..evidence() }).unwrap();
    assert_eq!((report.accepted, report.unchanged), (0, 3));
}

#[test]
fn only_a_role_that_manages_lists_may_import_them() {
    let door = hotline();
    let before = state(door.store());
    for staff in ["lan", "nga", "thu", "quan", "kiem"] {
        let outcome = with(&door, staff, &AtomicBool::new(false), |run| {
            import_customers(run, table(&customers::FIELDS, &GOOD), &evidence())
        });
        assert_eq!(
            outcome,
            Err(ImportError::Door(Error::Refused(Refusal::Forbidden { act: Permission::ManageLists }))),
            "{staff}"
        );
    }
    assert_eq!(state(door.store()), before);
}

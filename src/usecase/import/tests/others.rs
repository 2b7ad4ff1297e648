//! Registers, leads and doctors, on the same fixtures as the list of customers.

use super::*;
use crate::usecase::fixture::campaign;

fn register(door: &Door, rows: &[&[&str]], as_of: &str) -> Result<Report, ImportError> {
    with(door, "ha", &AtomicBool::new(false), |run| {
        import_do_not_call(run, table(&do_not_call::FIELDS[..3], rows), day(as_of), false)
    })
}

#[test]
fn a_register_replaces_the_one_before() {
    let door = hotline();
    let first = register(
        &door,
        &[&["0905000001", "1", "0"], &["0905000002", "1", "1"], &["0225382123", "1", "1"]],
        "2026-12-01",
    )
    .unwrap();
    assert_eq!(first.rejected_rows(), 1);
    let second = register(
        &door,
        &[&["0905000001", "0", "1"], &["0905000003", "x", ""], &["0905000003", "", "x"]],
        "2026-12-01",
    )
    .unwrap();
    assert_eq!((second.accepted, second.updated, second.removed, second.unchanged), (1, 1, 1, 0));
    assert_eq!(second.rejected["duplicate_in_file"], 1);
    let rows = door
        .store()
        .read(|tx| -> Result<_, StoreError> {
            tx.many("SELECT phone, voice, sms FROM do_not_call ORDER BY phone", &[])
        })
        .unwrap();
    let rows: Vec<_> =
        rows.iter().map(|row| (row.int(0).unwrap(), row.int(1).unwrap(), row.int(2).unwrap())).collect();
    assert_eq!(rows, [(84_905_000_001, 0, 1), (84_905_000_003, 1, 1)]);
    assert_eq!(count(door.store(), "SELECT COUNT(*) FROM do_not_call_load"), 0);
}

#[test]
fn the_same_register_twice_changes_nothing() {
    let door = hotline();
    let rows: [&[&str]; 2] = [&["0905000001", "1", "0"], &["0905000002", "có", "không"]];
    register(&door, &rows, "2026-12-01").unwrap();
    let before = state(door.store());
    let again = register(&door, &rows, "2026-12-01").unwrap();
    assert_eq!((again.accepted, again.updated, again.unchanged, again.removed), (0, 0, 2, 0));
    assert_eq!(state(door.store()), before);
}

#[test]
fn an_older_or_empty_register_is_refused_and_the_one_on_file_stays() {
    let door = hotline();
    register(&door, &[&["0905000001", "1", "0"]], "2026-12-01").unwrap();
    let before = state(door.store());
    let refused =
        |reason| Err(ImportError::Door(Error::Refused(Refusal::FieldInvalid { field: "as_of", reason })));
    assert_eq!(register(&door, &[&["0905000002", "1", "0"]], "2026-11-30"), refused("older"));
    assert_eq!(
        register(&door, &[&["nothing", "1", "0"]], "2026-12-01"),
        Err(ImportError::File(FileError::Empty))
    );
    assert_eq!(state(door.store()), before);
}

#[test]
fn a_real_store_takes_no_register_from_the_future() {
    let door =
        Door::create(Store::trial().unwrap(), campaign(), false, at("2026-12-01T07:00"), "machine").unwrap();
    let load = |as_of| {
        with(&door, "operator", &AtomicBool::new(false), |run| {
            import_do_not_call(run, table(&do_not_call::FIELDS[..1], &[&["0905000001"]]), day(as_of), false)
        })
    };
    let refusal = Refusal::FieldInvalid { field: "as_of", reason: "to_come" };
    assert_eq!(load("2027-12-02"), Err(ImportError::Door(Error::Refused(refusal))));
    assert_eq!(load("2026-12-01").map(|report| report.accepted), Ok(1));
}

#[test]
fn a_wrong_date_is_corrected_outright_and_a_date_to_come_is_refused() {
    let door = hotline();
    let load = |as_of, correcting| {
        with(&door, "ha", &AtomicBool::new(false), |run| {
            let source = table(&do_not_call::FIELDS[..1], &[&["0905000001"]]);
            import_do_not_call(run, source, day(as_of), correcting)
        })
    };
    let refused =
        |reason| Err(ImportError::Door(Error::Refused(Refusal::FieldInvalid { field: "as_of", reason })));
    assert_eq!(load("2027-12-03", false), refused("to_come"));
    load("2026-12-01", false).unwrap();
    assert_eq!(load("2026-11-28", false), refused("older"));
    load("2026-11-28", true).unwrap();
    // A store of an older program may hold a date that has not come: any real one corrects it.
    door.store()
        .write(|tx| tx.execute("UPDATE campaign SET dnc_as_of = '2027-12-03' WHERE id = 1", &[]))
        .unwrap();
    load("2026-12-01", false).unwrap();
}

#[test]
fn a_row_whose_number_reads_counts_although_the_rest_does_not() {
    let door = hotline();
    let rows: [&[&str]; 7] = [
        &["0905000001", "", "", "CALL"],
        &["0905000002", "", "", "Cuộc gọi"],
        &["0905000003", "", "", "V", "ghi chú thêm"],
        &["0905000004 / 0905000005", "", "", "V"],
        &["=\"0905000006\"", "", "", "V"],
        &["0905000007;", "", "", "S"],
        &["không số", "", "", "V"],
    ];
    let report = with(&door, "ha", &AtomicBool::new(false), |run| {
        import_do_not_call(run, table(&do_not_call::FIELDS, &rows), day("2026-12-01"), false)
    })
    .unwrap();
    assert_eq!((report.read, report.accepted, report.rejected_rows()), (8, 7, 1));
    let warned: Vec<_> = report.warnings.iter().map(|(code, rows)| (code.as_str(), *rows)).collect();
    assert_eq!(warned, [("cells_shifted", 1), ("flags_unreadable", 2), ("phone_several", 1)]);
    let rows = door
        .store()
        .read(|tx| -> Result<_, StoreError> {
            tx.many("SELECT phone, voice, sms FROM do_not_call ORDER BY phone", &[])
        })
        .unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (row.int(0).unwrap() - 84_905_000_000, row.int(1).unwrap(), row.int(2).unwrap()))
        .collect();
    assert_eq!(rows, [(1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 1, 1), (5, 1, 1), (6, 1, 0), (7, 0, 1)]);
}

#[test]
fn register_rows_without_flag_columns_mean_do_not_call_and_do_not_text() {
    let door = hotline();
    with(&door, "ha", &AtomicBool::new(false), |run| {
        import_do_not_call(
            run,
            table(&do_not_call::FIELDS[..1], &[&["0905000001"]]),
            day("2026-12-01"),
            false,
        )
    })
    .unwrap();
    assert_eq!(count(door.store(), "SELECT voice + sms FROM do_not_call WHERE phone = 84905000001"), 2);
}

#[test]
fn leads_are_added_once_by_their_comment() {
    let door = hotline();
    let rows: [&[&str]; 5] = [
        &["Nguyễn Thị Lá", "post-1/comment-1", "", ""],
        &["Trần Cành", "post-1/comment-2", "inbox-7", "0905000001"],
        &["Lê Hoa", "", "", ""],
        &["Lê Hoa", "post-1/comment-1", "", ""],
        &["Lê Quả", "post-1/comment-3", "", "9090"],
    ];
    let import = || {
        with(&door, "nga", &AtomicBool::new(false), |run| import_fanpage(run, table(&fanpage::FIELDS, &rows)))
            .unwrap()
    };
    let report = import();
    assert_eq!((report.read, report.accepted), (5, 2));
    assert_eq!(
        report.rejected.keys().map(String::as_str).collect::<Vec<_>>(),
        ["comment_missing", "duplicate_in_file", "phone_not_mobile"]
    );
    let before = state(door.store());
    let again = import();
    assert_eq!((again.accepted, again.unchanged), (0, 2));
    assert_eq!(state(door.store()), before);
}

#[test]
fn doctors_come_with_their_hours_once() {
    let door = hotline();
    let rows: [&[&str]; 4] = [
        &[
            "Phạm Thu Cúc",
            "ThS.BS",
            "000999/HP-CCHN",
            "noi_tong_hop; Nhi",
            "2026-12-02 08:00-11:30; 03/12/2026 13:30-16:30",
        ],
        &["Lý Văn Lúa", "BS", "000998/HP-CCHN", "Nhi", ""],
        &["Lý Văn Ngô", "TS.BS", "000997/HP-CCHN", "Tim mạch", ""],
        &["Lý Văn Khoai", "TS.BS", "000996/HP-CCHN", "Nhi", "thứ hai"],
    ];
    let import = |rows: &[&[&str]]| {
        with(&door, "quan", &AtomicBool::new(false), |run| import_doctors(run, table(&doctors::FIELDS, rows)))
            .unwrap()
    };
    let report = import(&rows);
    assert_eq!((report.read, report.accepted), (4, 1));
    assert_eq!(report.rejected["degree_too_low"], 1);
    assert_eq!(report.rejected["doctor_unreadable"], 2);
    let before = state(door.store());
    assert_eq!(import(&rows).unchanged, 1);
    assert_eq!(state(door.store()), before);
    let more = import(&[&[
        "Phạm Thu Cúc",
        "ThS.BS",
        "000999/HP-CCHN",
        "Nhi",
        "2026-12-02 08:00-11:30; 2026-12-04 08:00-09:00",
    ]]);
    assert_eq!((more.updated, more.accepted), (1, 0));
}

#[test]
fn every_file_error_speaks_both_languages() {
    let errors = [
        FileError::Unreadable { file: "a.csv".to_owned() },
        FileError::NotATable,
        FileError::OldWorkbook,
        FileError::Truncated { line: 3 },
        FileError::Truncated { line: 0 },
        FileError::TooLarge,
        FileError::NoSuchSheet { sheet: "X".to_owned(), sheets: vec!["Y".to_owned()] },
        FileError::Empty,
        FileError::MissingColumn { fields: vec!["phone", "charge"] },
        FileError::ColumnTwice { field: "name" },
        FileError::Unwritable { file: "r.csv".to_owned() },
    ];
    for error in errors.map(ImportError::File).into_iter().chain([ImportError::Cancelled]) {
        for lang in [Lang::Vi, Lang::En] {
            for text in [error.message(lang), error.hint(lang)] {
                assert!(!text.starts_with("import.") && !text.contains("%{"), "{text}");
            }
        }
    }
    for fields in [&customers::FIELDS[..], &do_not_call::FIELDS, &fanpage::FIELDS, &doctors::FIELDS] {
        for field in fields {
            let text = FileError::MissingColumn { fields: vec![field.code] }.message(Lang::Vi);
            assert!(!text.contains("import.column"), "{text}");
        }
    }
}

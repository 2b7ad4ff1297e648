//! The SMS list: who may use the hotline. Rows are screened on the caller's thread and
//! written by another; the billed amount is compared and dropped.
//!
//! Invariants: a list becomes callable all at once or not at all; of two rows with one number the first that
//! passes counts; a list without opt-in evidence is loaded with its offers held (T7); the offer of a customer whom the
//! programme's SMS has not reached is held, too.

use super::load::{self, BATCH, Loader};
use super::report::{Reason, Report, Warning};
use super::source::{Field, FileError, Layout, PHONE_NAMES, Row, Source};
use super::{Error, ImportError, Run};
use crate::domain::actor::Permission;
use crate::domain::eligibility::{RowFacts, Subscription, screen};
use crate::domain::money::Dong;
use crate::domain::name::{PersonName, Salutation};
use crate::domain::phone::PhoneNumber;
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::store::StoreError;
use crate::store::import::{NewCustomer, activate};
use crate::store::list::NewList;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::HashSet;
use std::ops::ControlFlow;

const PHONE: usize = 0;
const NAME: usize = 1;
const SUBSCRIPTION: usize = 2;
const CHARGE: usize = 3;
const PROVINCE: usize = 4;
const SALUTATION: usize = 5;
const SMS_SENT_AT: usize = 6;

/// The columns of the list, in the order of [`Source::columns`].
pub const FIELDS: [Field; 7] = [
    Field { code: "phone", needed: true, names: PHONE_NAMES },
    Field {
        code: "name",
        needed: true,
        names: &[
            "ho ten",
            "ho va ten",
            "ten khach hang",
            "khach hang",
            "ten",
            "name",
            "full name",
            "customer name",
        ],
    },
    Field {
        code: "type",
        needed: true,
        names: &[
            "loai thue bao",
            "loai",
            "loai hinh",
            "hinh thuc thue bao",
            "type",
            "subscription",
            "subscription type",
        ],
    },
    Field {
        code: "charge",
        needed: true,
        names: &["cuoc", "cuoc phi", "tien cuoc", "muc cuoc", "cuoc ky", "charge", "bill", "amount"],
    },
    Field {
        code: "province",
        needed: false,
        names: &["tinh", "tinh thanh", "tinh thanh pho", "dia ban", "province", "city"],
    },
    Field { code: "salutation", needed: false, names: &["xung ho", "danh xung", "salutation", "title"] },
    Field {
        code: "sms_sent_at",
        needed: false,
        names: &[
            "ngay gui tin",
            "ngay gui sms",
            "ngay gui",
            "thoi gian gui tin",
            "sms sent at",
            "sms sent",
            "sent at",
        ],
    },
];

/// Longest province, in characters.
const MAX_PROVINCE: usize = 60;
/// Longest evidence reference, in characters.
const MAX_EVIDENCE: usize = 500;
/// Characters kept of a number as written.
const MAX_PHONE_RAW: usize = 40;

/// The details that the actor gives beside the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Reference of the customers' prior consent (T7); without it all offers are held.
    pub evidence: String,
    /// When the programme's SMS went out, for rows that do not say it.
    pub sms_sent_at: Option<Timestamp>,
    /// Compare only; write nothing.
    pub dry_run: bool,
}

/// Loads a list.
///
/// # Errors
/// The file, a rule, the store, or the caller, who stopped it. Nothing of the list is kept then.
pub fn import_customers(
    mut run: Run<'_>,
    mut source: Source,
    options: &Options,
) -> Result<Report, ImportError> {
    let now = run.authorise(Permission::ManageLists)?;
    let store = run.door.store().clone();
    let cancelled = run.cancelled;
    let place = if options.dry_run {
        None
    } else {
        let place = store.bulk_place(&|| !cancelled.load(std::sync::atomic::Ordering::Relaxed));
        if run.is_cancelled() {
            return Err(ImportError::Cancelled);
        }
        let place = place?;
        load::settle(&store, run.door.campaign().sms_required)?;
        Some(place)
    };
    let new_list = NewList {
        file_name: text::clean(&source.file_name, 200),
        evidence: text::clean(&options.evidence, MAX_EVIDENCE),
        sms_required: run.door.campaign().sms_required,
        at: now,
        by: run.staff.clone(),
    };
    let sms_required = new_list.sms_required;
    let outcome = load_rows(&mut run, &mut source, options, new_list).and_then(|mut report| {
        report.dry_run = options.dry_run;
        report.unknown_columns = std::mem::take(&mut source.unknown);
        if !options.dry_run {
            make_visible(&run, &report)?;
        }
        Ok(report)
    });
    if place.is_some()
        && let Err(error) = &outcome
    {
        tracing::warn!(kind = error.kind(), "an import ended early; its rows are taken back");
        load::settle(&store, sms_required)?;
    } else if let (Some(_), Ok(Report { list: Some(list), .. })) = (&place, &outcome) {
        load::apply(&store, crate::domain::id::ListId(*list), sms_required)?;
    }
    outcome
}

/// Reads, screens and sends everything, and waits until it is written.
fn load_rows(
    run: &mut Run<'_>,
    source: &mut Source,
    options: &Options,
    new_list: NewList,
) -> Result<Report, ImportError> {
    let layout = source.layout();
    let mut screening = Screening {
        min_charge: Dong::new(run.door.campaign().min_charge)
            .ok_or_else(|| StoreError::internal("the campaign's minimum charge is no amount"))?,
        sms_sent_at: options.sms_sent_at,
        seen: HashSet::new(),
        layout,
    };
    let loader = Loader::start(run.door.store().clone(), new_list, options.dry_run)?;
    let mut report = Report::default();
    let mut batch = Vec::with_capacity(BATCH);
    let mut failed: Option<FileError> = None;
    let read = source.rows.for_each(&mut |row, share| {
        if run.is_cancelled() {
            return ControlFlow::Break(());
        }
        if row.is_empty() {
            return ControlFlow::Continue(());
        }
        run.count(&mut report, share);
        match screening.row(row, &mut report) {
            Ok(customer) => batch.push(customer),
            Err(reason) => {
                if let Err(error) = run.reject(&mut report, row, reason) {
                    failed = Some(error);
                    return ControlFlow::Break(());
                }
            }
        }
        if batch.len() == BATCH && !loader.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    if !batch.is_empty() {
        loader.send(batch);
    }
    let loaded = loader.finish();
    read?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    let loaded = loaded?;
    if run.is_cancelled() {
        return Err(ImportError::Cancelled);
    }
    run.finish_rejects()?;
    report.accepted = loaded.new;
    report.updated = loaded.changed;
    report.unchanged = loaded.unchanged;
    report.list = loaded.list.map(|list| list.0);
    Ok(report)
}

/// The one short transaction after which the list is there, signed.
fn make_visible(run: &Run<'_>, report: &Report) -> Result<(), ImportError> {
    let signature = run.sign(Permission::ManageLists, "import_customers");
    let list = report.list.map(crate::domain::id::ListId);
    let new = report.accepted as i64;
    let detail = report.detail();
    run.door.store().write(move |tx| -> Result<(), Error> {
        let subject = list.map_or_else(|| "list:-".to_owned(), |list| format!("list:{list}"));
        signature.write(tx, subject, detail)?;
        match list {
            Some(list) if !activate(tx, list, new)? => {
                Err(StoreError::internal("the list that was loaded is not loading").into())
            }
            _ => Ok(()),
        }
    })?;
    Ok(())
}

/// What a row is held against.
struct Screening {
    min_charge: Dong,
    sms_sent_at: Option<Timestamp>,
    /// Numbers of rows that passed, E.164 digits less the country.
    seen: HashSet<u32>,
    layout: Layout,
}

impl Screening {
    fn row(&mut self, row: &Row, report: &mut Report) -> Result<NewCustomer, Reason> {
        if row.overlong {
            return Err(Reason::CellTooLong);
        }
        if self.layout.is_shifted(row) {
            return Err(Reason::CellsShifted);
        }
        let phone_raw = self.layout.get(row, PHONE);
        let phone = PhoneNumber::parse(phone_raw).map_err(Reason::Phone)?;
        let name = PersonName::parse(self.layout.get(row, NAME)).ok();
        let facts = RowFacts {
            has_name: name.is_some(),
            subscription: Subscription::parse(self.layout.get(row, SUBSCRIPTION)),
            charge: Dong::parse(self.layout.get(row, CHARGE)).ok(),
        };
        screen(&facts, self.min_charge).map_err(Reason::Screen)?;
        let Some(name) = name else {
            return Err(Reason::Screen(crate::domain::eligibility::ImportReason::NameMissing));
        };
        if !self.seen.insert((phone.number.digits() % 1_000_000_000) as u32) {
            return Err(Reason::DuplicateInFile);
        }
        if let Some(warning) = phone.warning {
            report.warn(Warning::Phone(warning));
        }
        Ok(NewCustomer {
            phone: phone.number,
            phone_raw: text::clean(phone_raw, MAX_PHONE_RAW),
            name_key: name.search_key(),
            name: name.into_string(),
            salutation: self.salutation(row, report),
            province: Some(text::clean(self.layout.get(row, PROVINCE), MAX_PROVINCE))
                .filter(|text| !text.is_empty()),
            sms_sent_at: self.sms_sent_at(row, report),
        })
    }

    fn salutation(&self, row: &Row, report: &mut Report) -> Option<&'static str> {
        let cell = self.layout.get(row, SALUTATION);
        let salutation = Salutation::parse(cell);
        if salutation.is_none() && !cell.trim().is_empty() {
            report.warn(Warning::SalutationUnknown);
        }
        salutation.map(Salutation::code)
    }

    fn sms_sent_at(&self, row: &Row, report: &mut Report) -> Option<Timestamp> {
        let cell = self.layout.get(row, SMS_SENT_AT).trim();
        if cell.is_empty() {
            return self.sms_sent_at;
        }
        let at = read_time(cell);
        if at.is_none() {
            report.warn(Warning::SmsSentAtUnreadable);
        }
        at.or(self.sms_sent_at)
    }
}

/// A time as lists write it, Vietnam time: day first with slashes or dashes, year first with dashes, with or
/// without hours; or RFC 3339.
pub fn read_time(text: &str) -> Option<Timestamp> {
    const TIMES: [&str; 8] = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%d-%m-%Y %H:%M",
        "%d.%m.%Y %H:%M",
    ];
    const DAYS: [&str; 4] = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"];
    let text = text.trim().trim_start_matches('\'');
    if text.len() > 40 {
        return None;
    }
    TIMES
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| {
            DAYS.iter()
                .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
                .map(|day| day.and_time(NaiveTime::MIN))
        })
        .map(|at| Timestamp::from_local(at.date(), at.time()))
        .or_else(|| Timestamp::parse(text))
}

//! Lists and counts the people behind a figure: one statement for a page and one for its length, no query per row.
//!
//! Invariants:
//! - at most [`MOST`] rows of a figure are looked at, found by an index where the table is large; results of calls
//!   have none and are found by one walk over the calls;
//! - nothing is read of a list that is still loading;
//! - each figure's rows are as many as the overview counts.

#[cfg(test)]
mod tests;

use super::{Row, StoreError, Tx, Value};
use crate::domain::case::CaseState;
use crate::domain::disposition::Disposition;
use crate::domain::figure::Figure;
use crate::domain::id::{CaseId, CustomerId, RegistrationId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use std::fmt::Write;

/// People of one figure at most.
pub const MOST: i64 = 100_000;

/// A person behind a figure.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Who; none for a number that the store does not know otherwise.
    pub customer: Option<CustomerId>,
    /// Their name.
    pub name: String,
    /// Their number.
    pub phone: PhoneNumber,
    /// The time that the figure is about: sent, called, due, seated, since.
    pub at: Option<Timestamp>,
    /// What more there is to say, in public codes or as a reason that was typed.
    pub detail: Option<String>,
    /// Their registration.
    pub registration: Option<RegistrationId>,
    /// Its seat.
    pub seat: Option<i64>,
    /// Their case, in the lists of cases.
    pub case: Option<CaseId>,
}

impl std::fmt::Debug for PersonRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonRow({:?})", self.customer)
    }
}

/// How the rows of a figure are found; every part is SQL.
struct Base {
    customer: &'static str,
    phone: &'static str,
    at: &'static str,
    detail: &'static str,
    registration: &'static str,
    seat: &'static str,
    case: &'static str,
    /// What tells rows of one time apart.
    id: &'static str,
    /// Tables, conditions, grouping, and an order where it costs nothing.
    from: String,
    args: Vec<Value>,
}

const NO_NUMBER: &str = "CAST(NULL AS BIGINT)";
const NO_TEXT: &str = "CAST(NULL AS TEXT)";

impl Base {
    fn new(customer: &'static str, at: &'static str, id: &'static str, from: impl Into<String>) -> Self {
        Self {
            customer,
            phone: NO_NUMBER,
            at,
            detail: NO_TEXT,
            registration: NO_NUMBER,
            seat: NO_NUMBER,
            case: NO_NUMBER,
            id,
            from: from.into(),
            args: Vec::new(),
        }
    }

    fn with(self, args: impl IntoIterator<Item = Value>) -> Self {
        Self { args: args.into_iter().collect(), ..self }
    }

    /// At most [`MOST`] rows.
    fn sql(&self) -> String {
        format!(
            "SELECT {} AS customer, {} AS phone, {} AS at, {} AS detail, {} AS registration, {} AS seat,
               {} AS care_case, {} AS id {} LIMIT {MOST}",
            self.customer,
            self.phone,
            self.at,
            self.detail,
            self.registration,
            self.seat,
            self.case,
            self.id,
            self.from
        )
    }
}

/// Offers in the queue, by list as the index has them; more conditions may follow.
const QUEUED: &str =
    "FROM (SELECT id FROM list WHERE state = 'active' UNION ALL SELECT 0) s CROSS JOIN matter m
   WHERE m.purpose = 1 AND m.list = s.id AND m.state = 'waiting'";

fn queued(more: &str) -> Base {
    Base::new("m.customer", "m.due_at", "m.id", format!("{QUEUED} {more}"))
}

/// Offers in the queue or with an agent, called before or not.
fn open_offers(waiting: &str, attempts: &str) -> Base {
    let from = format!(
        "FROM (SELECT m.customer, m.due_at, m.id {waiting}
           UNION ALL SELECT m.customer, m.due_at, m.id FROM matter m
           WHERE m.state = 'leased' AND m.purpose = 1 AND {attempts}) q"
    );
    Base::new("q.customer", "q.due_at", "q.id", from)
}

fn held(reasons: &str) -> Base {
    let from = format!(
        "FROM (SELECT id FROM list WHERE state = 'active' UNION ALL SELECT 0) s CROSS JOIN matter m
         WHERE m.purpose = 1 AND m.reason IN ({reasons}) AND m.list = s.id AND m.state = 'held'"
    );
    Base { detail: "m.reason", ..Base::new("m.customer", "m.last_rang_at", "m.id", from) }
}

fn promised(until: Timestamp) -> Base {
    let from = "FROM matter m LEFT JOIN staff s ON s.id = m.callback_for
         WHERE m.purpose = 1 AND m.state = 'promised' AND m.callback_at <= ?1 ORDER BY m.callback_at";
    Base { detail: "s.name", ..Base::new("m.customer", "m.callback_at", "m.id", from) }
        .with([Value::from(until)])
}

/// Customers with an offer call whose result is among `results`, each once.
fn called(results: &str) -> Base {
    let from = format!(
        "FROM call x WHERE x.purpose = 1 AND x.undone_at IS NULL AND x.disposition IN ({results})
         GROUP BY x.customer ORDER BY x.customer"
    );
    Base::new("x.customer", "MAX(x.ended_at)", "x.customer", from)
}

fn calls(condition: &str, args: impl IntoIterator<Item = Value>) -> Base {
    let from = format!("FROM call x WHERE x.undone_at IS NULL AND {condition} ORDER BY x.id");
    Base { detail: "x.disposition", ..Base::new("x.customer", "x.ended_at", "x.id", from) }.with(args)
}

fn registered(at: &'static str, condition: &str) -> Base {
    let from = format!("FROM registration r WHERE r.taken_back_at IS NULL AND {condition} ORDER BY r.id");
    Base { registration: "r.id", seat: "r.seat", ..Base::new("r.customer", at, "r.id", from) }
}

/// Registrations with a seat, with their latest row in a batch.
fn handed_over(condition: &str) -> Base {
    let from = format!(
        "FROM registration r
         LEFT JOIN batch_row w ON w.registration = r.id
           AND w.batch = (SELECT MAX(l.batch) FROM batch_row l WHERE l.registration = r.id)
         LEFT JOIN batch b ON b.id = w.batch
         LEFT JOIN care_case k ON k.registration = r.id
         WHERE r.state = 'registered' AND r.taken_back_at IS NULL AND {condition} ORDER BY r.seat"
    );
    Base {
        detail: "CASE WHEN r.hand_over = 'returned' THEN w.reason END",
        registration: "r.id",
        seat: "r.seat",
        case: "k.id",
        ..Base::new("r.customer", "COALESCE(w.settled_at, b.sent_at, r.seated_at)", "r.id", from)
    }
}

fn cases(states: &[CaseState]) -> Base {
    let codes = list_of(states.iter().map(|state| state.code()));
    let from = format!(
        "FROM care_case k JOIN registration r ON r.id = k.registration WHERE k.state IN ({codes})
         ORDER BY k.since, k.id"
    );
    Base {
        detail: "k.department",
        registration: "k.registration",
        seat: "r.seat",
        case: "k.id",
        ..Base::new("k.customer", "k.since", "k.id", from)
    }
}

/// Codes of the program between quotes and commas; none of them is a user's text.
fn list_of<'c>(codes: impl Iterator<Item = &'c str>) -> String {
    let mut list = String::new();
    for code in codes {
        let _ = write!(list, "{}'{code}'", if list.is_empty() { "" } else { ", " });
    }
    list
}

fn results(wanted: impl Fn(Disposition) -> bool) -> String {
    list_of(Disposition::ALL.into_iter().filter(|found| wanted(*found)).map(Disposition::code))
}

/// How the rows of a figure are found at a time.
fn base(figure: &Figure, now: Timestamp) -> Base {
    let today = Value::from(Timestamp::start_of(now.date()));
    match figure {
        Figure::List => Base::new(
            "c.id",
            "c.sms_sent_at",
            "c.id",
            "FROM customer c JOIN list l ON l.id = c.list AND l.state = 'active' ORDER BY c.id",
        ),
        Figure::NotCalled => open_offers(&format!("{QUEUED} AND m.attempts = 0"), "m.attempts = 0"),
        Figure::Retry => open_offers(
            "FROM matter m WHERE m.purpose = 1 AND m.state = 'waiting' AND m.attempts > 0",
            "m.attempts > 0",
        ),
        Figure::Waiting => queued(""),
        Figure::Due => queued("AND m.due_at <= ?1").with([Value::from(now)]),
        Figure::Later => queued("AND m.due_at > ?1").with([Value::from(now)]),
        Figure::Held => held("'opt_in_missing', 'do_not_call', 'supervisor'"),
        Figure::HeldFor(reason) => held("?1").with([Value::from(*reason)]),
        Figure::Called => called(&results(|result| result.flags().counts_as_attempt)),
        Figure::Reached => called(&results(|result| result.flags().human_answered)),
        Figure::Promised => promised(Timestamp(i64::MAX)),
        Figure::Overdue => promised(now),
        Figure::Ended(result) => calls("x.purpose = 1 AND x.disposition = ?1", [Value::from(result.code())]),
        Figure::CallsToday => calls("x.purpose <> 2 AND x.ended_at >= ?1", [today]),
        Figure::CallsOf(staff) => {
            calls("x.purpose <> 2 AND x.staff = ?1 AND x.ended_at >= ?2", [Value::from(staff), today])
        }
        Figure::AnsweredOf(staff) => calls(
            &format!(
                "x.purpose <> 2 AND x.staff = ?1 AND x.ended_at >= ?2 AND x.disposition IN ({})",
                results(|result| result.flags().human_answered)
            ),
            [Value::from(staff), today],
        ),
        Figure::RegisteredBy(staff) => {
            registered("r.at", "r.by_staff = ?1 AND r.at >= ?2").with([Value::from(staff), today])
        }
        Figure::Seated => registered("r.seated_at", "r.state = 'registered'"),
        Figure::Waitlisted => registered("r.at", "r.state = 'waitlisted'"),
        Figure::Cancelled => Base {
            detail: "r.cancel_reason",
            ..registered("r.cancelled_at", "r.state = 'cancelled' AND r.hand_over <> 'accepted'")
        },
        Figure::NotAccepted => handed_over("r.hand_over <> 'accepted'"),
        Figure::ToHandOver => handed_over("r.hand_over = 'waiting'"),
        Figure::Returned => handed_over("r.hand_over = 'returned'"),
        Figure::Accepted => handed_over("r.hand_over = 'accepted'"),
        Figure::Unacknowledged => Base {
            registration: "r.id",
            seat: "r.seat",
            ..Base::new(
                "r.customer",
                "b.sent_at",
                "r.id",
                "FROM batch_row w JOIN batch b ON b.id = w.batch JOIN registration r ON r.id = w.registration
                 WHERE w.state = 'sent' ORDER BY b.sent_at, r.id",
            )
        },
        // Neither how it ended nor when.
        Figure::EndedAtVinmec => Base {
            registration: "k.registration",
            ..Base::new(
                "k.customer",
                NO_NUMBER,
                "k.registration",
                "FROM care_case k WHERE k.state IN ('diverted_115', 'withdrawn', 'unreachable')
                 ORDER BY k.registration",
            )
        },
        Figure::ToBook => cases(&[CaseState::New, CaseState::Contacted, CaseState::Triaged]),
        Figure::Booked => cases(&[CaseState::Booked, CaseState::NoShow, CaseState::Consulted]),
        Figure::Case(state) => cases(&[*state]),
        Figure::NoSurvey => Base {
            registration: "k.registration",
            case: "k.id",
            detail: "k.department",
            ..Base::new(
                "k.customer",
                "k.since",
                "k.id",
                "FROM care_case k LEFT JOIN survey s ON s.care_case = k.id
                 WHERE k.state = 'consulted' AND s.care_case IS NULL ORDER BY k.since, k.id",
            )
        },
        Figure::OverLimit => Base {
            registration: "k.registration",
            case: "k.id",
            detail: "'+' || CAST(a.over_minutes AS TEXT)",
            ..Base::new(
                "k.customer",
                "a.started_at",
                "a.id",
                "FROM appointment a JOIN care_case k ON k.id = a.care_case WHERE a.over_minutes > 0 ORDER BY a.id",
            )
        },
        Figure::Survey(state) => Base {
            registration: "k.registration",
            ..Base::new(
                "s.customer",
                "COALESCE(s.settled_at, s.due_at)",
                "s.care_case",
                "FROM survey s JOIN care_case k ON k.id = s.care_case WHERE s.state = ?1
                 ORDER BY s.due_at, s.care_case",
            )
        }
        .with([Value::from(state.code())]),
        Figure::Sms(state) => Base {
            phone: "m.phone",
            ..Base::new(
                "m.customer",
                "COALESCE(m.sent_at, m.queued_at)",
                "m.id",
                "FROM sms m WHERE m.state = ?1 ORDER BY m.id",
            )
        }
        .with([Value::from(*state)]),
    }
}

/// The last result of an offer call, for customers who are listed once however often they were called.
const LAST_RESULT: &str = "(SELECT l.disposition FROM call l WHERE l.customer = p.customer AND l.purpose = 1
   AND l.undone_at IS NULL ORDER BY l.ended_at DESC, l.id DESC LIMIT 1)";

fn person(row: &Row) -> Result<PersonRow, StoreError> {
    Ok(PersonRow {
        customer: row.opt_int(0)?.map(CustomerId),
        name: row.opt_text(1)?.unwrap_or_default(),
        phone: row.phone(2)?,
        at: row.opt_time(3)?,
        detail: row.opt_text(4)?,
        registration: row.opt_int(5)?.map(RegistrationId),
        seat: row.opt_int(6)?,
        case: row.opt_int(7)?.map(CaseId),
    })
}

/// The statement of a page and its arguments.
fn page(figure: &Figure, now: Timestamp, offset: i64, limit: i64) -> (String, Vec<Value>) {
    let base = base(figure, now);
    let listed_once = matches!(figure, Figure::Called | Figure::Reached);
    let detail = if listed_once { LAST_RESULT } else { "p.detail" };
    let (take, skip) = (base.args.len() + 1, base.args.len() + 2);
    let sql = format!(
        "SELECT p.customer, c.name, COALESCE(c.phone, p.phone), p.at, {detail}, p.registration, p.seat, p.care_case
         FROM (SELECT f.* FROM ({}) f ORDER BY f.at NULLS LAST, f.id LIMIT ?{take} OFFSET ?{skip}) p
         LEFT JOIN customer c ON c.id = p.customer ORDER BY p.at NULLS LAST, p.id",
        base.sql()
    );
    let mut args = base.args;
    args.extend([Value::Int(limit), Value::Int(offset)]);
    (sql, args)
}

/// The people behind a figure by the time that it is about, from `offset` on, at most `limit`.
pub fn list(
    tx: &mut Tx<'_>,
    figure: &Figure,
    now: Timestamp,
    offset: i64,
    limit: i64,
) -> Result<Vec<PersonRow>, StoreError> {
    let (sql, args) = page(figure, now, offset, limit);
    tx.many(&sql, &args)?.iter().map(person).collect()
}

/// How many people are behind a figure, counted up to [`MOST`].
pub fn count(tx: &mut Tx<'_>, figure: &Figure, now: Timestamp) -> Result<i64, StoreError> {
    let base = base(figure, now);
    tx.one(&format!("SELECT COUNT(*) FROM ({}) q", base.sql()), &base.args)?.int(0)
}

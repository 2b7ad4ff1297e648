//! The stories. Times are of December 2026, `"01T09:00"`; commands are written as scripts write them.

use crate::fixture::{PHONES, at, hotline_of};
use serde_json::{Value, json};
use tongdai::domain::id::StaffId;
use tongdai::usecase::{Door, Request, When};

type Line = (&'static str, &'static str, Value);

/// How a refusal comes about.
pub struct Story {
    pub rule: &'static str,
    seats: i64,
    listed_on_fanpage: bool,
    setup_sql: &'static str,
    lines: Vec<Line>,
    op: Option<&'static str>,
}

impl Story {
    /// The programme just before the last line.
    pub fn play(&self) -> Door {
        let door = hotline_of(self.seats, self.listed_on_fanpage);
        if !self.setup_sql.is_empty() {
            let setup_sql = self.setup_sql;
            door.store().write(move |tx| tx.execute(setup_sql, &[])).unwrap();
        }
        for line in &self.lines[..self.lines.len() - 1] {
            let outcome = door.execute(self.request(line));
            assert!(outcome.is_ok(), "{}: {line:?}: {outcome:?}", self.rule);
        }
        door
    }

    /// The line that is refused.
    pub fn last(&self) -> Request {
        self.request(self.lines.last().unwrap())
    }

    fn request(&self, (staff, time, command): &Line) -> Request {
        Request {
            op: self.op.map(str::to_owned),
            staff: StaffId((*staff).to_owned()),
            when: When::At(on(time)),
            command: serde_json::from_value(command.clone()).unwrap(),
        }
    }

    fn setup_sql(self, setup_sql: &'static str) -> Self {
        Self { setup_sql, ..self }
    }
}

fn on(time: &str) -> tongdai::domain::time::Timestamp {
    at(&format!("2026-12-{time}"))
}

fn story(rule: &'static str, lines: impl IntoIterator<Item = Line>) -> Story {
    let lines = lines.into_iter().collect();
    Story { rule, seats: 1, listed_on_fanpage: true, setup_sql: "", lines, op: None }
}

/// A registration of one of the list's customers, with `more` fields in the place of its own.
fn register(customer: usize, more: Value) -> Value {
    let mut fields = json!({"phone": PHONES[customer - 1], "channel": "inbound_9090",
        "consents": {"register": true, "survey": true}});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    json!({ "register": fields })
}

fn plain(customer: usize) -> Value {
    register(customer, json!({}))
}

fn claim(matter: i64) -> Value {
    let purpose = match matter % 4 {
        2 => "intake",
        3 => "survey",
        _ => "offer",
    };
    json!({"claim": {"purpose": purpose, "matter": matter}})
}

fn ended(matter: i64, disposition: &str) -> Value {
    json!({"record_call": {"matter": matter, "disposition": disposition}})
}

fn triage(flags: &[&str]) -> Value {
    json!({"triage": {"case": 1, "department": "noi_tong_hop", "need": "hay đau đầu", "red_flags": flags, "screened": 2}})
}

fn book(doctor: i64, starts_at: &str, minutes: i64) -> Value {
    json!({"book": {"case": 1, "doctor": doctor, "starts_at": starts_at, "minutes": minutes}})
}

fn nine(minutes: i64) -> Value {
    book(1, "2026-12-03T09:00:00+07:00", minutes)
}

/// The first customer's case, routed, and what comes after.
fn routed<const N: usize>(more: [Line; N]) -> Vec<Line> {
    let mut lines = vec![
        ("lan", "01T09:00", plain(1)),
        ("ha", "01T09:10", json!({"hand_over": {}})),
        ("quan", "01T09:20", json!({"acknowledge": {"batch": 1, "accept": "all"}})),
        ("thu", "01T09:30", triage(&[])),
    ];
    lines.extend(more);
    lines
}

/// The first customer's consultation, held, and what comes after.
fn consulted<const N: usize>(more: [Line; N]) -> Vec<Line> {
    let mut lines = routed([
        ("thu", "01T09:40", nine(30)),
        ("bs_mai", "03T09:00", json!({"start_consultation": {"appointment": 1}})),
        ("bs_mai", "03T09:20", json!({"record_result": {"appointment": 1, "outcome": "done"}})),
    ]);
    lines.extend(more);
    lines
}

fn survey(answer: i64) -> Value {
    json!({"record_survey": {"case": 1, "answers": {"q5": answer}}})
}

fn minor() -> Value {
    register(1, json!({"patient": {"name": "Nguyễn Minh An", "birth_year": 2019}}))
}

fn load(file: &str) -> Value {
    json!({"load_campaign": {"file": file}})
}

/// Every rule that a use case asks.
pub fn all() -> Vec<Story> {
    let mut stories = seats();
    stories.extend(calls());
    stories.extend(hospital());
    stories.extend(own_rules());
    stories
}

fn seats() -> Vec<Story> {
    let first = || ("lan", "01T09:00", plain(1));
    vec![
        story("quota_full", [first(), ("lan", "01T09:01", register(2, json!({"waitlist": false})))]),
        story("registration_closed", [("lan", "16T09:00", plain(1))]),
        story("not_on_sms_list", [("lan", "01T09:00", register(1, json!({"phone": "0904999888"})))]),
        Story {
            listed_on_fanpage: false,
            ..story("on_sms_list", [("nga", "01T09:00", register(1, json!({"channel": "fanpage"})))])
        },
        story("already_registered", [first(), ("lan", "01T09:01", plain(1))]),
        story(
            "done_by_another",
            [first(), ("minh", "01T09:01", json!({"undo_registration": {"registration": 1}}))],
        ),
        story("phone_invalid", [("lan", "01T09:00", register(1, json!({"phone": "115"})))]),
        story("consent_missing", [("lan", "01T09:00", register(1, json!({"consents": {"survey": true}})))]),
        story("representative_missing", [("lan", "01T09:00", minor())]),
        story(
            "quota_below_taken",
            [
                ("ha", "01T08:50", json!({"set_quota": {"quota": 2}})),
                first(),
                ("lan", "01T09:01", plain(2)),
                ("ha", "01T09:02", json!({"set_quota": {"quota": 1}})),
            ],
        ),
    ]
}

fn calls() -> Vec<Story> {
    let claimed = || ("lan", "01T09:00", claim(5));
    vec![
        story(
            "opted_out",
            [
                ("lan", "01T09:00", json!({"opt_out": {"phone": PHONES[0], "contact": "both"}})),
                ("lan", "01T09:01", register(1, json!({"channel": "outbound_9090"}))),
            ],
        ),
        story("do_not_call", [claimed()]).setup_sql(
            "INSERT INTO do_not_call (phone, voice, sms) SELECT phone, 1, 0 FROM customer WHERE id = 1",
        ),
        story("do_not_call_list_stale", [("lan", "09T09:00", claim(5))]),
        story("opt_in_missing", [claimed()]).setup_sql("UPDATE list SET evidence = ''"),
        story("outside_calling_hours", [("lan", "01T17:00", claim(5))]),
        story(
            "called_within_24h",
            [claimed(), ("lan", "01T09:01", ended(5, "no_answer")), ("lan", "01T10:00", claim(5))],
        ),
        story("attempts_used_up", [("lan", "01T09:00", claim(5))])
            .setup_sql("UPDATE matter SET attempts = 3 WHERE id = 5"),
        story(
            "not_yet_due",
            [claimed(), ("lan", "01T09:01", ended(5, "unreachable")), ("lan", "01T10:00", claim(5))],
        ),
        story(
            "matter_closed",
            [claimed(), ("lan", "01T09:01", ended(5, "declined")), ("lan", "01T10:00", claim(5))],
        ),
        story("not_your_lease", [claimed(), ("minh", "01T09:01", ended(5, "declined"))]),
        story("lease_expired", [claimed(), ("lan", "01T09:10", json!({"renew_lease": {"matter": 5}}))]),
        // One call has one result, also one that came late.
        story(
            "not_your_lease",
            [
                claimed(),
                ("lan", "01T09:10", ended(5, "declined")),
                ("lan", "01T09:11", ended(5, "no_answer")),
            ],
        ),
        story("sms_not_received", [("lan", "01T09:00", plain(1))])
            .setup_sql("UPDATE customer SET sms_sent_at = NULL WHERE id = 1"),
        story("sms_not_received", [claimed()])
            .setup_sql("UPDATE customer SET sms_sent_at = NULL WHERE id = 1"),
        story(
            "callback_outside_window",
            [
                claimed(),
                (
                    "lan",
                    "01T09:01",
                    json!({"record_call": {"matter": 5, "disposition": "callback",
                        "callback_at": "2036-06-01T10:00:00+07:00"}}),
                ),
            ],
        ),
        story("call_open", [claimed(), ("lan", "01T09:01", claim(9))]),
        story("registered_by_you", consulted([("lan", "03T10:00", claim(7))])),
        story("note_missing", [claimed(), ("lan", "01T09:01", ended(5, "language"))]),
        story("callback_time_missing", [claimed(), ("lan", "01T09:01", ended(5, "callback"))]),
        story(
            "undo_too_late",
            [
                claimed(),
                ("lan", "01T09:01", ended(5, "declined")),
                ("lan", "01T09:04", json!({"undo_call": {"matter": 5}})),
            ],
        ),
        // What came about since then stands, although the call alone could be taken back.
        story(
            "already_registered",
            [
                claimed(),
                ("lan", "01T09:01", ended(5, "declined")),
                ("minh", "01T09:02", plain(1)),
                ("lan", "01T09:02", json!({"undo_call": {"matter": 5}})),
            ],
        ),
        story(
            "matter_closed",
            routed([
                ("thu", "01T09:40", claim(6)),
                ("thu", "01T09:41", ended(6, "agreed")),
                ("lan", "01T09:42", json!({"cancel_registration": {"registration": 1, "reason": "đổi ý"}})),
                ("thu", "01T09:42", json!({"undo_call": {"matter": 6}})),
            ]),
        ),
        story("answer_out_of_range", consulted([("minh", "03T10:00", survey(6))])),
    ]
}

fn hospital() -> Vec<Story> {
    let booked = || ("thu", "01T09:40", nine(30));
    let at_nine = "2026-12-03T09:00:00+07:00";
    let mut second = routed([booked()]);
    second.splice(1..1, [("lan", "01T09:01", plain(2))]);
    second.extend([
        (
            "thu",
            "01T09:41",
            json!({"triage": {"case": 2, "department": "noi_tong_hop", "need": "mất ngủ",
            "screened": 2}}),
        ),
        ("thu", "01T09:42", json!({"book": {"case": 2, "doctor": 1, "starts_at": at_nine, "minutes": 30}})),
    ]);
    let doctor = json!({"add_doctor": {"name": "Lê Văn Tám", "titles": "BS", "licence": "0003",
        "departments": ["nhi"]}});
    vec![
        story("conflict", routed([booked(), ("thu", "01T09:41", nine(30))])),
        Story { seats: 2, ..story("doctor_busy", second) },
        story("outside_shift", routed([("thu", "01T09:40", book(1, "2026-12-03T12:00:00+07:00", 30))])),
        story("wrong_department", routed([("thu", "01T09:40", book(2, at_nine, 30))])),
        story("degree_too_low", [("quan", "01T09:00", doctor)]),
        story("too_long", routed([("thu", "01T09:40", nine(35))])),
        story("off_grid", routed([("thu", "01T09:40", nine(12))])),
        story("in_the_past", routed([("thu", "03T09:05", nine(30))])),
        story(
            "outside_consultation_window",
            routed([("thu", "01T09:40", book(1, "2027-01-05T09:00:00+07:00", 30))]),
        ),
        story("case_not_ready", {
            let mut lines = routed([("thu", "01T09:40", nine(30))]);
            lines.remove(3);
            lines
        }),
        story("screening_missing", {
            let mut lines = routed([]);
            lines[3].2["triage"]["screened"] = json!(1);
            lines
        }),
        story("screening_missing", {
            let year = json!({"record_birth_year": {"case": 1, "birth_year": 2014,
                "representative": {"name": "Lê Thị Ánh", "relation": "mẹ"}}});
            routed([("thu", "01T09:38", year), ("thu", "01T09:40", nine(30))])
        }),
        story("acute_problem", routed([("thu", "01T09:35", triage(&["chest_pain"])), booked()])),
    ]
}

fn own_rules() -> Vec<Story> {
    vec![
        story("forbidden", [("lan", "01T09:00", json!({"hand_over": {}}))]),
        story("no_such_row", [("thu", "01T09:00", triage(&[]))]),
        story("clock_not_allowed", [("lan", "01T09:00", plain(1)), ("lan", "01T08:00", plain(2))]),
        Story {
            op: Some("once"),
            ..story("operation_reused", [("lan", "01T09:00", plain(1)), ("lan", "01T09:01", claim(9))])
        },
        story("field_invalid", [("ha", "01T09:00", json!({"set_quota": {"quota": 0}}))]),
        story("nothing_to_hand_over", [("ha", "01T09:00", json!({"hand_over": {}}))]),
        story(
            "not_your_task",
            [
                ("minh", "01T09:00", json!({"assign_task": {"task": 1}})),
                ("lan", "01T09:01", json!({"close_task": {"task": 1, "note": "đã gọi"}})),
            ],
        )
        .setup_sql(
            "INSERT INTO task (kind, about, about_id, role, due_at, opened_at, opened_by)
             VALUES ('promoted_to_tell', 'customer', 1, 'agent', 1, 1, 'ha')",
        ),
        story("task_not_done", [("ha", "01T09:01", json!({"close_task": {"task": 1, "note": "xong"}}))])
            .setup_sql(
                "INSERT INTO task (kind, about, about_id, role, due_at, opened_at, opened_by)
                 VALUES ('handover_returned', 'customer', 1, 'supervisor', 1, 1, 'ha')",
            ),
        story("campaign_invalid", [("ha", "01T09:00", load("hotline = \"\""))]),
        story("campaign_unchanged", [("ha", "01T09:00", load("hotline = \"9090\""))]),
        story(
            "window_shortened",
            [
                ("lan", "01T09:00", plain(1)),
                ("ha", "01T09:01", load("registration = { from = \"2026-12-01\", to = \"2026-12-10\" }")),
            ],
        ),
        story(
            "conflict",
            [
                ("ha", "01T09:00", load("min_charge = 400000")),
                ("ha", "01T09:01", json!({"load_campaign": {"version": 1, "based_on": 1}})),
            ],
        ),
    ]
}

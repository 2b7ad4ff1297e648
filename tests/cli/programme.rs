//! The entire programme by script: from the list to the satisfaction rate, with the public fields and no
//! others.

use crate::sandbox::{Sandbox, at_time, line, phone};
use serde_json::{Value, json};

/// Runs a line and compares its whole result.
#[track_caller]
fn does(sandbox: &Sandbox, staff: &str, at: &str, command: Value, expected: Value) {
    assert_eq!(sandbox.exec(staff, at, command), json!({ "ok": expected }));
}

/// Runs a line that a rule refuses.
#[track_caller]
fn refused(sandbox: &Sandbox, staff: &str, at: &str, command: Value, rule: &str) {
    let result = sandbox.exec(staff, at, command);
    assert_eq!(result["refused"]["rule"], rule, "{result}");
    for part in ["message", "hint"] {
        let sentence = result["refused"][part].as_str().unwrap();
        assert!(
            !sentence.is_empty() && !sentence.contains("refusal.") && !sentence.contains('{'),
            "{result}"
        );
    }
}

/// The names of an object's fields.
fn fields(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// A registration with all documented fields.
fn register(row: usize, channel: &str) -> Value {
    json!({"register": {"phone": phone(row), "name": "Nguyễn Thị An", "channel": channel,
        "consents": {"register": true, "handbook": true, "survey": true, "marketing": false},
        "waitlist": true}})
}

fn with_roster() -> Sandbox {
    let sandbox = Sandbox::with_list(3, 6);
    let register = sandbox.file("dnc.csv", format!("phone\n{}\n", phone(6)));
    sandbox.run(["import", "do-not-call", &register, "--as-of", "2026-12-01"]).ok();
    does(
        &sandbox,
        "minh",
        "01T08:00",
        json!({"add_doctor": {"name": "Trần Thị Ngọc Mai", "titles": "PGS.TS.BS", "licence": "000412/HP-CCHN",
            "departments": ["noi_tong_hop", "nhi"]}}),
        json!({"doctor_added": {"doctor": 1, "qualifies": "đạt: PGS.TS.BS"}}),
    );
    does(
        &sandbox,
        "minh",
        "01T08:01",
        json!({"add_shift": {"doctor": 1, "from": at_time("04T08:00"), "to": at_time("04T11:30")}}),
        json!({"shift_added": {"shift": 1}}),
    );
    sandbox.run(["staff", "add", "mai", "--name", "Mai", "--role", "doctor", "--doctor", "1"]).ok();
    sandbox
}

/// A case whose customer is on the phone with the intake.
fn with_case() -> Sandbox {
    let sandbox = with_roster();
    sandbox.exec("lan", "02T09:00", register(1, "inbound_9090"));
    sandbox.exec("ha", "02T09:10", json!({"hand_over": {}}));
    sandbox.exec("thu", "02T09:20", json!({"acknowledge": {"batch": 1, "accept": "all"}}));
    sandbox
}

#[test]
fn a_customer_goes_from_the_list_to_the_survey() {
    let sandbox = with_roster();
    let quota = |sandbox: &Sandbox| sandbox.query("an", "quota", json!({}));
    assert_eq!(quota(&sandbox), json!({"quota": 3, "taken": 0, "waitlisted": 0, "closed_by": null}));

    // The call.
    does(
        &sandbox,
        "lan",
        "02T09:00",
        json!({"claim": {"purpose": "offer"}}),
        json!({"claimed": {"matter": 5, "phone": "+84901000001", "name": "Khách Thứ 1",
            "lease_until": at_time("02T09:10"), "attempt": 1}}),
    );
    does(
        &sandbox,
        "lan",
        "02T09:01",
        json!({"record_call": {"matter": 5, "disposition": "callback", "callback_at": at_time("02T10:00"),
            "callback_for": "me", "note": "đang họp", "talk_seconds": 25}}),
        json!({"recorded": {"state": "promised", "next_at": at_time("02T10:00")}}),
    );
    let again = sandbox.exec("lan", "02T10:00", json!({"claim": {"purpose": "offer", "matter": 5}}));
    assert_eq!(again["ok"]["claimed"]["attempt"], 2);
    sandbox.exec("lan", "02T10:01", json!({"record_call": {"matter": 5, "disposition": "agreed"}}));
    does(
        &sandbox,
        "lan",
        "02T10:02",
        register(1, "outbound_9090"),
        json!({"registered": {"registration": 1, "seat": 1}}),
    );

    // The hand-over.
    let sent = sandbox.exec("ha", "02T10:05", json!({"hand_over": {}}));
    let sent = &sent["ok"]["handed_over"];
    assert_eq!(fields(sent), ["batch", "checksum", "rows"]);
    assert_eq!((&sent["batch"], &sent["rows"]), (&json!(1), &json!(1)));
    let batch = |sandbox: &Sandbox| sandbox.query("thu", "batch", json!({"batch": 1}));
    assert_eq!(
        (&batch(&sandbox)["checksum"], &batch(&sandbox)["rows"][0]["case"]),
        (&sent["checksum"], &json!(null))
    );
    does(
        &sandbox,
        "thu",
        "02T10:10",
        json!({"acknowledge": {"batch": 1, "accept": "all", "return": []}}),
        json!({"acknowledged": {"accepted": 1, "returned": 0}}),
    );
    let row = batch(&sandbox)["rows"][0].clone();
    assert_eq!(
        (&row["registration"], &row["case"], &row["state"]),
        (&json!(1), &json!(1), &json!("accepted"))
    );

    // The intake.
    let intake = sandbox.exec("thu", "02T10:11", json!({"claim": {"purpose": "intake"}}));
    let matter = intake["ok"]["claimed"]["matter"].clone();
    does(
        &sandbox,
        "thu",
        "02T10:12",
        json!({"triage": {"case": 1, "department": "noi_tong_hop", "need": "đau dạ dày đã lâu", "red_flags": [],
            "screened": 2, "method": "video", "method_reason": "cần xem đơn cũ"}}),
        json!({"triaged": {}}),
    );
    let free = sandbox.query(
        "thu",
        "free_slots",
        json!({"department": "noi_tong_hop", "from": at_time("04T08:00"), "count": 2}),
    );
    assert_eq!(free["slots"].as_array().unwrap().len(), 2, "{free}");
    assert_eq!(free["slots"][0]["starts_at"], at_time("04T08:00"), "{free}");
    let book = |at: &str| json!({"book": {"case": 1, "doctor": 1, "starts_at": at_time(at), "minutes": 30}});
    does(&sandbox, "thu", "02T10:13", book("04T08:00"), json!({"booked": {"appointment": 1}}));
    does(
        &sandbox,
        "thu",
        "02T10:14",
        json!({"move_appointment": {"appointment": 1, "doctor": 1, "starts_at": at_time("04T09:00"),
            "minutes": 20}}),
        json!({"moved": {"appointment": 2}}),
    );
    does(
        &sandbox,
        "thu",
        "02T10:15",
        json!({"cancel_appointment": {"appointment": 2, "by": "vinmec", "reason": "bác sĩ bận"}}),
        json!({"appointment_cancelled": {}}),
    );
    does(&sandbox, "thu", "02T10:16", book("04T10:00"), json!({"booked": {"appointment": 3}}));
    does(
        &sandbox,
        "thu",
        "02T10:17",
        json!({"tell_customer": {"appointment": 3, "by": "phone"}}),
        json!({"told": {}}),
    );
    let closed =
        sandbox.exec("thu", "02T10:18", json!({"record_call": {"matter": matter, "disposition": "agreed"}}));
    assert_eq!(closed["ok"]["recorded"], json!({"state": "closed", "next_at": null}));

    // The consultation.
    let day = sandbox.query("mai", "day", json!({"doctor": 1, "date": "2026-12-04"}));
    assert!(day["appointments"].as_array().unwrap().iter().any(|line| line["appointment"] == 3), "{day}");
    does(
        &sandbox,
        "mai",
        "04T10:31",
        json!({"record_result": {"appointment": 3, "outcome": "done", "started_at": at_time("04T10:00"),
            "ended_at": at_time("04T10:25"), "summary": "ăn uống điều độ", "in_person_advised": false}}),
        json!({"result_recorded": {}}),
    );

    // The survey: not by the agent who registered the customer.
    let own = sandbox.exec("lan", "04T11:00", json!({"claim": {"purpose": "survey"}}));
    assert_eq!(fields(&own["ok"]["nothing_due"]), ["held", "next_at"]);
    let other = sandbox.exec("vy", "04T11:00", json!({"claim": {"purpose": "survey"}}));
    assert_eq!(other["ok"]["claimed"]["phone"], "+84901000001");
    does(
        &sandbox,
        "vy",
        "04T11:05",
        json!({"record_survey": {"case": 1, "answers":
            {"q1": 7, "q2": 5, "q3": 5, "q4": 4, "q5": 5, "q6": 10, "comment": "Rất tốt"}}}),
        json!({"survey_recorded": {}}),
    );

    let satisfaction = sandbox.query("an", "satisfaction", json!({}));
    for (measure, value) in [("csat", 1.0), ("nps", 100.0), ("ces", 7.0)] {
        assert_eq!(satisfaction[measure]["value"], value, "{satisfaction}");
        assert_eq!(satisfaction[measure]["n"], 1);
        assert!(
            satisfaction[measure]["low"].as_f64() < satisfaction[measure]["high"].as_f64()
                || measure != "csat"
        );
    }
    assert_eq!(satisfaction["response_rate"], 1.0);
    let low = satisfaction["csat"]["low"].as_f64().unwrap();
    assert!((low - 0.2065).abs() < 0.0001, "Wilson for 1 of 1: {low}");

    let funnel = sandbox.query("ha", "funnel", json!({}));
    let count = |step: &str| {
        let steps = funnel["steps"].as_array().unwrap();
        steps.iter().find(|line| line["step"] == step).unwrap()["count"].clone()
    };
    assert_eq!(
        ["list", "called", "registered", "booked", "consulted", "surveyed"].map(count),
        [json!(6), json!(1), json!(1), json!(1), json!(1), json!(1)]
    );
    let agents = sandbox.query("ha", "agents", json!({"date": "2026-12-02"}));
    let lan = agents["agents"].as_array().unwrap().iter().find(|line| line["staff"] == "lan").unwrap();
    assert_eq!((&lan["calls"], &lan["talk_seconds"]), (&json!(2), &json!(25)));
    assert_eq!(quota(&sandbox)["taken"], 1);
    sandbox.is_sound();
}

#[test]
fn seats_run_out_the_waitlist_moves_up_and_nobody_registers_twice() {
    let sandbox = with_roster();
    for row in 1..=3 {
        does(
            &sandbox,
            "lan",
            "02T09:00",
            register(row, "inbound_9090"),
            json!({"registered": {"registration": row, "seat": row}}),
        );
    }
    refused(&sandbox, "lan", "02T09:01", register(3, "inbound_9090"), "already_registered");
    does(
        &sandbox,
        "lan",
        "02T09:02",
        register(4, "inbound_9090"),
        json!({"waitlisted": {"registration": 4, "position": 1}}),
    );
    let mut no_waiting = register(5, "inbound_9090");
    no_waiting["register"]["waitlist"] = json!(false);
    refused(&sandbox, "lan", "02T09:03", no_waiting, "quota_full");
    assert_eq!(
        sandbox.query("lan", "quota", json!({})),
        json!({"quota": 3, "taken": 3, "waitlisted": 1, "closed_by": "quota"})
    );
    does(
        &sandbox,
        "lan",
        "02T09:04",
        json!({"cancel_registration": {"registration": 2, "reason": "khách đổi ý"}}),
        json!({"cancelled": {"seat_freed": true, "promoted": 4}}),
    );
    let customer = sandbox.query("lan", "customer", json!({"phone": "0901.000.004"}));
    assert_eq!(
        (&customer["phone"], &customer["name"], &customer["registration"]["seat"]),
        (&json!("+84901000004"), &json!("Nguyễn Thị An"), &json!(2))
    );
    sandbox.is_sound();
}

#[test]
fn a_customer_of_the_fanpage_registers_there_and_a_child_needs_a_representative() {
    let sandbox = with_roster();
    refused(&sandbox, "lan", "02T09:00", register(77, "inbound_9090"), "not_on_sms_list");
    let seat = sandbox.exec("tram", "02T09:01", register(77, "fanpage"));
    assert_eq!(seat["ok"]["registered"]["seat"], 1, "{seat}");
    let mut child = register(2, "inbound_9090");
    child["register"]["patient"] = json!({"name": "Lê Bé Na", "birth_year": 2018});
    refused(&sandbox, "lan", "02T09:02", child.clone(), "representative_missing");
    child["register"]["patient"]["representative"] = json!({"name": "Lê Thị Mai", "relation": "mẹ"});
    let seat = sandbox.exec("lan", "02T09:03", child);
    assert_eq!(seat["ok"]["registered"]["seat"], 2, "{seat}");
    let mut silent = register(3, "inbound_9090");
    silent["register"]["consents"]["register"] = json!(false);
    refused(&sandbox, "lan", "02T09:04", silent, "consent_missing");
    let mut wrong = register(3, "inbound_9090");
    wrong["register"]["phone"] = json!("0225 382 1234");
    refused(&sandbox, "lan", "02T09:05", wrong, "phone_invalid");
    sandbox.is_sound();
}

#[test]
fn a_customer_who_opted_out_is_not_called_and_every_reason_is_named() {
    let sandbox = with_roster();
    let why = |sandbox: &Sandbox, row: usize| {
        let why = sandbox.query("lan", "why_not", json!({"phone": phone(row), "purpose": "offer"}));
        let rules: Vec<String> = why["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reason| reason["rule"].as_str().unwrap().to_owned())
            .collect();
        (why["callable"].as_bool().unwrap(), rules)
    };
    sandbox.exec(
        "minh",
        "02T07:00",
        json!({"add_shift":
        {"doctor": 1, "from": at_time("07T08:00"), "to": at_time("07T09:00")}}),
    );
    assert_eq!(why(&sandbox, 6), (false, vec!["do_not_call".to_owned(), "outside_calling_hours".to_owned()]));
    does(
        &sandbox,
        "lan",
        "02T09:00",
        json!({"opt_out": {"phone": phone(1), "contact": "both"}}),
        json!({"opted_out": {}}),
    );
    assert!(why(&sandbox, 1).1.contains(&"opted_out".to_owned()));
    assert_eq!(why(&sandbox, 2), (true, vec![]));
    let queue = sandbox.query("lan", "queue", json!({"purpose": "offer"}));
    assert_eq!(queue["purpose"], "offer", "{queue}");

    // Nobody answers: no second call within 24 hours, and the matter of another agent is not to be recorded.
    let claimed = sandbox.exec("lan", "02T09:05", json!({"claim": {"purpose": "offer"}}));
    let matter = claimed["ok"]["claimed"]["matter"].clone();
    let no_answer = json!({"record_call": {"matter": matter, "disposition": "no_answer"}});
    refused(&sandbox, "vy", "02T09:06", no_answer.clone(), "not_your_lease");
    let recorded = sandbox.exec("lan", "02T09:06", no_answer.clone());
    assert_eq!(recorded["ok"]["recorded"]["state"], "waiting", "{recorded}");
    refused(
        &sandbox,
        "vy",
        "02T16:00",
        json!({"claim": {"purpose": "offer", "matter": matter}}),
        "called_within_24h",
    );
    // After hours and with a register that is too old the queue names what holds it.
    let late = sandbox.exec("vy", "02T17:00", json!({"claim": {"purpose": "offer"}}));
    assert!(late["ok"]["nothing_due"]["held"]["outside_calling_hours"].as_i64().unwrap() > 0, "{late}");
    let stale = sandbox.exec("vy", "10T09:00", json!({"claim": {"purpose": "offer"}}));
    assert!(stale["ok"]["nothing_due"]["held"]["do_not_call_list_stale"].as_i64().unwrap() > 0, "{stale}");
    sandbox.is_sound();
}

#[test]
fn an_acute_customer_goes_to_115_and_frees_the_seat() {
    let sandbox = with_case();
    does(
        &sandbox,
        "thu",
        "02T09:30",
        json!({"triage": {"case": 1, "department": "noi_tong_hop", "need": "đau ngực", "red_flags": ["chest_pain"],
            "method": "phone"}}),
        json!({"diverted_115": {"seat_freed": true}}),
    );
    // The diversion can be corrected for two minutes; the first command after that frees the seat.
    assert_eq!(sandbox.query("thu", "quota", json!({}))["taken"], 1);
    does(&sandbox, "lan", "02T09:33", json!({"resume": {}}), json!({"resumed": {}}));
    assert_eq!(sandbox.query("thu", "quota", json!({}))["taken"], 0);
    refused(
        &sandbox,
        "thu",
        "02T09:34",
        json!({"book": {"case": 1, "doctor": 1, "starts_at": at_time("04T08:00"), "minutes": 30}}),
        "acute_problem",
    );
    sandbox.is_sound();
}

#[test]
fn a_booking_that_cannot_be_is_refused_by_its_rule() {
    let sandbox = with_case();
    sandbox.exec("lan", "02T09:25", register(2, "inbound_9090"));
    sandbox.exec("ha", "02T09:26", json!({"hand_over": {}}));
    sandbox.exec("thu", "02T09:27", json!({"acknowledge": {"batch": 2, "accept": [2]}}));
    let triage = |case: i64, department: &str| {
        json!({"triage": {"case": case, "department": department, "need": "hỏi về thuốc", "red_flags": [],
            "screened": 2, "method": "phone"}})
    };
    let book = |case: i64, at: &str, minutes: i64| json!({"book": {"case": case, "doctor": 1, "starts_at": at_time(at), "minutes": minutes}});
    refused(&sandbox, "thu", "02T09:30", book(1, "04T08:00", 30), "case_not_ready");
    sandbox.exec("thu", "02T09:31", triage(1, "noi_tong_hop"));
    sandbox.exec("thu", "02T09:31", triage(2, "san"));
    refused(&sandbox, "thu", "02T09:32", book(1, "04T08:00", 35), "too_long");
    refused(&sandbox, "thu", "02T09:32", book(1, "04T11:15", 30), "outside_shift");
    refused(&sandbox, "thu", "02T09:32", book(2, "04T08:00", 30), "wrong_department");
    sandbox.exec("thu", "02T09:33", book(1, "04T08:00", 30));
    sandbox.exec("thu", "02T09:34", triage(2, "nhi"));
    refused(&sandbox, "thu", "02T09:35", book(2, "04T08:15", 15), "doctor_busy");
    refused(
        &sandbox,
        "minh",
        "02T09:36",
        json!({"add_doctor": {"name": "Lê Văn Bình", "titles": "BS.CKI", "licence": "000999/HP-CCHN",
            "departments": ["nhi"]}}),
        "degree_too_low",
    );
    refused(&sandbox, "lan", "02T09:37", triage(1, "nhi"), "forbidden");
    refused(
        &sandbox,
        "minh",
        "02T09:38",
        json!({"record_result": {"appointment": 99, "outcome": "done"}}),
        "no_such_row",
    );
    does(
        &sandbox,
        "minh",
        "04T08:31",
        json!({"record_result": {"appointment": 1, "outcome": "no_show_customer"}}),
        json!({"result_recorded": {}}),
    );
    sandbox.is_sound();
}

#[test]
fn returned_rows_come_back_with_their_reason() {
    let sandbox = with_roster();
    for row in [1, 2] {
        sandbox.exec("lan", "02T09:00", register(row, "inbound_9090"));
    }
    sandbox.exec("ha", "02T09:01", json!({"hand_over": {}}));
    does(
        &sandbox,
        "thu",
        "02T09:02",
        json!({"acknowledge": {"batch": 1, "accept": [1], "return": [{"registration": 2, "reason": "thiếu tên"}]}}),
        json!({"acknowledged": {"accepted": 1, "returned": 1}}),
    );
    let batch = sandbox.query("ha", "batch", json!({"batch": 1}));
    assert_eq!(
        (&batch["rows"][1]["state"], &batch["rows"][1]["reason"]),
        (&json!("returned"), &json!("thiếu tên"))
    );
    let unanswered = sandbox.exec("ha", "02T09:03", json!({"hand_over": {}}));
    assert_eq!(unanswered["refused"]["rule"], "nothing_to_hand_over", "{unanswered}");
    let answer =
        json!({"correct_registration": {"registration": 2, "name": "Trần Thị Bình", "note": "đã sửa tên"}});
    does(&sandbox, "lan", "02T09:04", answer, json!({"registration_corrected": {}}));
    let again = sandbox.exec("ha", "02T09:05", json!({"hand_over": {}}));
    assert_eq!(again["ok"]["handed_over"]["rows"], 1, "an answered row goes out again: {again}");
    sandbox.is_sound();
}

#[test]
fn the_same_operation_acts_once_and_the_clock_never_goes_back() {
    let sandbox = with_roster();
    let first = line(Some("op-1"), "lan", "02T09:00", register(1, "inbound_9090"));
    let other =
        line(Some("op-1"), "lan", "02T09:00", json!({"opt_out": {"phone": phone(1), "contact": "sms"}}));
    let back = line(None, "lan", "02T08:59", register(2, "inbound_9090"));
    let answers = sandbox.exec_raw([&*first, &*first, &*other, &*back].concat().as_bytes()).ok().lines();
    assert_eq!(answers[0], json!({"ok": {"registered": {"registration": 1, "seat": 1}}}));
    assert_eq!(answers[1], answers[0]);
    assert_eq!(answers[2]["refused"]["rule"], "operation_reused");
    assert_eq!(answers[3]["refused"]["rule"], "clock_not_allowed");
    assert_eq!(
        sandbox.exec_raw(first.as_bytes()).ok().lines(),
        [answers[0].clone()],
        "another process, same receipt"
    );
    assert_eq!(sandbox.query("lan", "quota", json!({}))["taken"], 1);
    sandbox.is_sound();
}

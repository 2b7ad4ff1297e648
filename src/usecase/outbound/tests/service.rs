//! Intake and survey calls, opt-outs and agreements: what calling does beyond the offer.

use super::{callback, nothing_due};
use crate::domain::calendar::MinuteOfDay;
use crate::domain::campaign::Campaign;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::{CaseId, MatterId};
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::usecase::command::{
    AddAgreement, CallbackFor, Claim, Command, ContactKind, MatterRef, OptOut, RecordCall,
};
use crate::usecase::fixture::{
    CUSTOMERS, UNKNOWN, at, campaign, counted, ended, hotline, id, number, offer, populated, rule, run, sql,
    state,
};
use crate::usecase::{Door, Receipt, Request, Topics, When};
use std::collections::BTreeMap;

const INTAKE: MatterId = MatterId(6);
const SURVEY: MatterId = MatterId(7);

/// Customer 1 is registered by lan, accepted as case 1, to be contacted; the survey is due, too.
fn accepted() -> Door {
    let door = hotline();
    sql(
        &door,
        "INSERT INTO registration (id, customer, state, seat, channel, at, by_staff, hand_over) VALUES
           (1, 1, 'registered', 1, 'inbound_9090', 1796140800000, 'lan', 'accepted')",
    );
    sql(
        &door,
        "INSERT INTO care_case (id, registration, customer, state, since, opened_at) VALUES
           (1, 1, 1, 'new', 1796140800000, 1796140800000)",
    );
    sql(
        &door,
        "INSERT INTO survey (care_case, customer, state, department, due_at) VALUES (1, 1, 'due', 'nhi', 0)",
    );
    sql(
        &door,
        "INSERT INTO matter (id, customer, purpose, state, avoid_staff) VALUES
           (6, 1, 2, 'waiting', NULL), (7, 1, 3, 'waiting', 'lan')",
    );
    door
}

/// Lan is in the offer call with customer 1, who was registered without naming it.
fn in_the_offer_call(door: &Door, now: Timestamp) {
    let until = now.plus_minutes(10).ms();
    let lease =
        format!("state = 'leased', lease_staff = 'lan', leased_at = {}, lease_until = {until}", now.ms());
    sql(door, &format!("UPDATE matter SET {lease} WHERE id = 5"));
}

fn take(purpose: Purpose, matter: Option<MatterId>) -> Command {
    Command::Claim(Claim { purpose, matter })
}

fn case_state(door: &Door, state: &'static str) -> bool {
    let count = match state {
        "new" => number(door, "SELECT COUNT(*) FROM care_case WHERE state = 'new' AND since = 1796140800000"),
        "contacted" => number(door, "SELECT COUNT(*) FROM care_case WHERE state = 'contacted'"),
        "withdrawn" => number(door, "SELECT COUNT(*) FROM care_case WHERE state = 'withdrawn'"),
        _ => number(door, "SELECT COUNT(*) FROM care_case WHERE state = 'unreachable'"),
    };
    count == 1
}

#[test]
fn an_answered_intake_call_makes_the_case_contacted_and_an_undo_makes_it_new_again() {
    let door = accepted();
    let now = at("2026-12-02T18:00");
    let claimed = run(&door, "thu", now, take(Purpose::Intake, None)).unwrap();
    assert!(matches!(claimed, Receipt::Claimed { matter: INTAKE, case: Some(CaseId(1)), .. }));
    run(&door, "thu", now, callback(INTAKE, Some(at("2026-12-03T09:00")), CallbackFor::Anyone)).unwrap();
    assert!(case_state(&door, "contacted"));
    assert_eq!(number(&door, "SELECT COUNT(*) FROM agreement"), 0);
    run(&door, "thu", now, Command::UndoCall(MatterRef { matter: INTAKE })).unwrap();
    assert!(case_state(&door, "new"));
    run(&door, "thu", now, ended(INTAKE, Disposition::Agreed)).unwrap();
    assert!(case_state(&door, "contacted"));
    assert_eq!(counted(&door, "offer.reached"), 0);
}

#[test]
fn an_intake_customer_who_never_answers_is_unreachable_after_three_attempts() {
    let door = accepted();
    let mut now = at("2026-12-02T08:00");
    let mut tried = vec![now];
    loop {
        assert!(case_state(&door, "new"));
        run(&door, "thu", now, take(Purpose::Intake, None)).unwrap();
        let recorded = run(&door, "thu", now, ended(INTAKE, Disposition::NoAnswer)).unwrap();
        let Receipt::Recorded { next_at, .. } = recorded else { panic!("{recorded:?}") };
        let Some(next_at) = next_at else { break };
        now = next_at;
        tried.push(now);
    }
    // Three parts of the day, two days.
    let three = ["2026-12-02T08:00", "2026-12-02T11:00", "2026-12-03T13:30"].map(at);
    assert_eq!(tried, three);
    assert!(case_state(&door, "unreachable"));
    run(&door, "thu", at("2026-12-03T13:31"), Command::UndoCall(MatterRef { matter: INTAKE })).unwrap();
    assert!(case_state(&door, "new"));
}

#[test]
fn nobody_is_asked_for_their_need_after_the_last_consultation_day() {
    for (days_after, taken) in [(0, true), (1, false)] {
        let door = accepted();
        let last = Timestamp::start_of(door.campaign().consultation.to);
        let nine = last.plus_minutes((days_after * 24 + 9) * 60);
        let receipt = run(&door, "thu", nine, take(Purpose::Intake, None)).unwrap();
        if taken {
            assert!(matches!(receipt, Receipt::Claimed { .. }), "{receipt:?}");
        } else {
            let (next_at, held) = nothing_due(receipt);
            assert_eq!(held, BTreeMap::from([("outside_consultation_window".to_owned(), 1)]));
            assert_eq!(next_at, None, "there is nothing to wait for");
        }
    }
}

#[test]
fn the_agent_who_registered_the_customer_does_not_ask_how_it_was() {
    let door = accepted();
    let now = at("2026-12-02T18:00");
    let (_, held) = nothing_due(run(&door, "lan", now, take(Purpose::Survey, None)).unwrap());
    assert_eq!(held, BTreeMap::from([("registered_by_you".to_owned(), 1)]));
    assert_eq!(rule(run(&door, "lan", now, take(Purpose::Survey, Some(SURVEY)))), "registered_by_you");
    let claimed = run(&door, "minh", now, take(Purpose::Survey, None)).unwrap();
    assert!(matches!(claimed, Receipt::Claimed { matter: SURVEY, case: Some(CaseId(1)), .. }));
}

#[test]
fn a_declined_survey_is_refused_and_an_undo_makes_it_due_again() {
    let door = accepted();
    let now = at("2026-12-02T18:00");
    run(&door, "minh", now, take(Purpose::Survey, None)).unwrap();
    run(&door, "minh", now, ended(SURVEY, Disposition::Declined)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM survey WHERE state = 'refused' AND by_staff = 'minh'"), 1);
    run(&door, "minh", now, Command::UndoCall(MatterRef { matter: SURVEY })).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM survey WHERE state = 'due' AND settled_at IS NULL"), 1);
    run(&door, "minh", now, ended(SURVEY, Disposition::InvalidNumber)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM survey WHERE state = 'unreachable'"), 1);
}

#[test]
fn a_service_call_cannot_end_in_an_answer_of_an_offer() {
    let door = accepted();
    let now = at("2026-12-02T18:00");
    run(&door, "minh", now, take(Purpose::Survey, None)).unwrap();
    let before = state(&door);
    assert_eq!(rule(run(&door, "minh", now, ended(SURVEY, Disposition::Considering))), "field_invalid");
    assert_eq!(state(&door), before);
}

#[test]
fn agreed_closes_the_offer_of_a_registered_customer_and_stands() {
    let door = accepted();
    let now = at("2026-12-02T09:00");
    in_the_offer_call(&door, now);
    let recorded = run(&door, "lan", now, ended(offer(1), Disposition::Agreed)).unwrap();
    assert_eq!(
        recorded,
        Receipt::Recorded { state: MatterState::Closed, next_at: None, late: false, note_only: false }
    );
    let undo = run(&door, "lan", now, Command::UndoCall(MatterRef { matter: offer(1) }));
    assert_eq!(rule(undo), "already_registered");
}

#[test]
fn an_opt_out_stops_every_call_at_once_and_confirms_once() {
    let door = accepted();
    let now = at("2026-12-02T09:00");
    in_the_offer_call(&door, now);
    let stop = || Command::OptOut(OptOut { phone: CUSTOMERS[0].0.to_owned(), contact: ContactKind::Voice });
    assert_eq!(run(&door, "minh", now, stop()).unwrap(), Receipt::OptedOut {});
    run(&door, "minh", now, stop()).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE customer = 1 AND reason = 'opted_out'"), 3);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE purpose = 'opt_out_confirmation'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM survey WHERE state = 'refused'"), 1);
    assert!(case_state(&door, "withdrawn"));
    assert_eq!(rule(run(&door, "lan", now, ended(offer(1), Disposition::Busy))), "opted_out");
}

#[test]
fn who_registers_after_an_opt_out_is_called_by_vinmec_and_never_with_an_offer() {
    let door = accepted();
    sql(
        &door,
        "INSERT INTO opt_out (phone, voice_at, asked_by, evidence) VALUES (84904123401, 1796140799999, 'lan', 'x')",
    );
    let now = at("2026-12-02T09:00");
    assert_eq!(rule(run(&door, "lan", now, take(Purpose::Offer, Some(offer(1))))), "opted_out");
    run(&door, "thu", now, take(Purpose::Intake, Some(INTAKE))).unwrap();
}

#[test]
fn an_opt_out_ends_a_colleagues_call_and_says_so() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let claimed = run(&door, "lan", now, take(Purpose::Offer, Some(offer(1)))).unwrap();
    let Receipt::Claimed { matter, .. } = claimed else { panic!("{claimed:?}") };
    let stop = Command::OptOut(OptOut { phone: CUSTOMERS[0].0.to_owned(), contact: ContactKind::Voice });
    let changes = door.store().subscribe(|| {});
    run(&door, "minh", at("2026-12-02T09:03"), stop.clone()).unwrap();
    assert!(changes.take().changed.touches(Topics::OPT_OUTS), "who is in the call is woken");
    run(&door, "minh", at("2026-12-02T09:03"), stop).unwrap();
    assert!(!changes.take().changed.touches(Topics::OPT_OUTS), "no call was ended");
    let by_request = "SELECT COUNT(*) FROM call WHERE staff = 'lan' AND disposition = 'do_not_call'";
    assert_eq!(number(&door, by_request), 1);
    let before = state(&door);
    let later = at("2026-12-02T09:04");
    assert_eq!(rule(run(&door, "lan", later, Command::RenewLease(MatterRef { matter }))), "opted_out");
    assert_eq!(rule(run(&door, "lan", later, ended(matter, Disposition::Considering))), "opted_out");
    assert_eq!(state(&door), before);
    // What was being written when it ended is kept, once, and by nobody else.
    let noted = |staff: &str, note: &str| {
        let record =
            RecordCall { note: Some(note.to_owned()), ..RecordCall::new(matter, Disposition::Considering) };
        run(&door, staff, later, Command::RecordCall(record))
    };
    assert_eq!(rule(noted("minh", "khác")), "opted_out");
    let kept = noted("lan", "khách bực mình").unwrap();
    assert!(matches!(kept, Receipt::Recorded { note_only: true, .. }), "{kept:?}");
    let on_call = "SELECT COUNT(*) FROM call WHERE note = 'khách bực mình' AND disposition = 'do_not_call'";
    assert_eq!(number(&door, on_call), 1);
    assert_eq!(rule(noted("lan", "lần nữa")), "opted_out");
    assert_eq!(crate::usecase::check::check(&door).unwrap(), []);
}

#[test]
fn a_real_store_holds_its_offers_until_the_facilitys_details_are_given() {
    let claim_on = |campaign: Campaign| {
        let opened = at("2026-12-01T07:00");
        let door = Door::create(Store::trial().unwrap(), campaign, false, opened, "test").unwrap();
        populated(&door, opened);
        let (staff, when) = (id("lan"), When::Now(at("2026-12-02T09:00")));
        let command = take(Purpose::Offer, None);
        door.execute(Request { op: None, staff, when, command }).unwrap()
    };
    let (_, held) = nothing_due(claim_on(campaign()));
    assert_eq!(held, BTreeMap::from([("facility_missing".to_owned(), 8)]));
    // A simulated store has invented details: those of its campaign are the control.
    let given = hotline().campaign().as_ref().clone();
    assert!(matches!(claim_on(given), Receipt::Claimed { .. }));
}

#[test]
fn an_unknown_number_is_opted_out_and_a_later_list_does_not_bring_it_back() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let stop = |phone: &str| Command::OptOut(OptOut { phone: phone.to_owned(), contact: ContactKind::Both });
    run(&door, "thu", now, stop(UNKNOWN)).unwrap();
    run(&door, "thu", now, stop(UNKNOWN)).unwrap();
    let confirmed = "SELECT COUNT(*) FROM sms WHERE customer IS NULL AND purpose = 'opt_out_confirmation'";
    assert_eq!(number(&door, confirmed), 1);
    sql(&door, "UPDATE customer SET phone = 84904999888 WHERE id = 1");
    assert_eq!(rule(run(&door, "lan", now, take(Purpose::Offer, Some(offer(1))))), "opted_out");
    let before = state(&door);
    assert_eq!(rule(run(&door, "thu", now, stop("9090"))), "phone_invalid");
    assert_eq!(rule(run(&door, "kiem", now, stop(UNKNOWN))), "forbidden");
    assert_eq!(state(&door), before);
}

#[test]
fn an_agreement_lets_a_named_call_out_of_the_hours_until_it_ends() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let agree = |phone: &str, what: &str, until: &str| {
        Command::AddAgreement(AddAgreement {
            from: MinuteOfDay::parse("18:00"),
            to: MinuteOfDay::parse("20:00"),
            phone: phone.to_owned(),
            contact: ContactKind::Voice,
            what: what.to_owned(),
            until: at(until),
            evidence: "email 2026-12-01".to_owned(),
        })
    };
    let hours = |from: Option<&str>, to: Option<&str>| {
        let Command::AddAgreement(agreement) = agree(CUSTOMERS[0].0, "evenings", "2026-12-03T23:00") else {
            panic!("another command");
        };
        let (from, to) = (from.and_then(MinuteOfDay::parse), to.and_then(MinuteOfDay::parse));
        Command::AddAgreement(AddAgreement { from, to, ..agreement })
    };
    let before = state(&door);
    assert_eq!(rule(run(&door, "ha", now, agree(UNKNOWN, "evenings", "2026-12-05T23:00"))), "no_such_row");
    assert_eq!(rule(run(&door, "ha", now, agree(CUSTOMERS[0].0, " ", "2026-12-05T23:00"))), "field_invalid");
    assert_eq!(
        rule(run(&door, "ha", now, agree(CUSTOMERS[0].0, "evenings", "2026-12-02T09:00"))),
        "field_invalid"
    );
    assert_eq!(
        rule(run(&door, "lan", now, agree(CUSTOMERS[0].0, "evenings", "2026-12-05T23:00"))),
        "forbidden"
    );
    for (from, to) in [(Some("18:00"), None), (None, Some("18:00")), (Some("19:00"), Some("18:00"))] {
        assert_eq!(rule(run(&door, "ha", now, hours(from, to))), "field_invalid");
    }
    assert_eq!(state(&door), before);
    // Without hours it opens no hour.
    run(&door, "ha", now, hours(None, None)).unwrap();
    let evening = take(Purpose::Offer, Some(offer(1)));
    assert_eq!(rule(run(&door, "lan", at("2026-12-02T18:30"), evening.clone())), "outside_calling_hours");
    run(&door, "ha", at("2026-12-02T18:30"), agree(CUSTOMERS[0].0, "evenings", "2026-12-03T23:00")).unwrap();
    assert_eq!(rule(run(&door, "lan", at("2026-12-03T03:00"), evening.clone())), "outside_calling_hours");
    run(&door, "lan", at("2026-12-03T18:30"), evening.clone()).unwrap();
    run(&door, "lan", at("2026-12-03T18:31"), Command::ReleaseLease(MatterRef { matter: offer(1) })).unwrap();
    assert_eq!(rule(run(&door, "lan", at("2026-12-04T18:30"), evening)), "outside_calling_hours");
}

#[test]
fn a_late_result_leaves_a_matter_alone_that_began_afresh() {
    let door = accepted();
    run(&door, "thu", at("2026-12-02T09:00"), take(Purpose::Intake, None)).unwrap();
    run(&door, "quan", at("2026-12-02T09:11"), take(Purpose::Intake, None)).unwrap();
    // Booked and cancelled since: the customer is to be called again, from the first attempt on.
    sql(&door, "UPDATE matter SET attempts = 0, day_parts = 0 WHERE id = 6");
    let late = run(&door, "thu", at("2026-12-02T09:30"), ended(INTAKE, Disposition::NoAnswer)).unwrap();
    assert!(matches!(late, Receipt::Recorded { late: true, note_only: true, .. }), "{late:?}");
    assert_eq!(number(&door, "SELECT attempts FROM matter WHERE id = 6"), 0);
}

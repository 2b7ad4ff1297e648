//! Seats, the waitlist, batches.

use super::{Outcome, done, meet, rules};
use crate::domain::consent::ConsentPurpose;
use crate::domain::id::{BatchId, RegistrationId};
use crate::usecase::command::{
    Accept, Acknowledge, AllWord, CancelRegistration, Channel, Command, ContactKind, Nothing, OptOut,
    Register, Returned, SetQuota, WithdrawConsent,
};
use crate::usecase::door::Door;
use crate::usecase::fixture::{CUSTOMERS, at, form, hotline, hotline_with, number, register, run};
use crate::usecase::receipt::Receipt;

const NINE: &str = "2026-12-02T09:00";

fn comes(customer: usize) -> (&'static str, Command) {
    let who = if customer.is_multiple_of(2) { "lan" } else { "minh" };
    (who, Command::Register(form(CUSTOMERS[customer - 1].0, Channel::Inbound9090)))
}

fn goes(registration: i64) -> (&'static str, Command) {
    let cancel =
        CancelRegistration { registration: RegistrationId(registration), reason: "đổi ý".to_owned() };
    ("ha", Command::CancelRegistration(cancel))
}

fn withdraws(registration: i64) -> (&'static str, Command) {
    let withdraw =
        WithdrawConsent { registration: RegistrationId(registration), purpose: ConsentPurpose::Register };
    ("ha", Command::WithdrawConsent(withdraw))
}

fn accepts(batch: i64) -> (&'static str, Command) {
    let all = Acknowledge { batch: BatchId(batch), accept: Accept::All(AllWord::All), returned: Vec::new() };
    ("quan", Command::Acknowledge(all))
}

fn seats_of(outcomes: &[Outcome]) -> Vec<i64> {
    let seats = outcomes.iter().filter_map(|outcome| match outcome {
        Ok(Receipt::Registered { seat, .. }) => Some(*seat),
        _ => None,
    });
    let mut seats: Vec<i64> = seats.collect();
    seats.sort_unstable();
    seats
}

/// A programme of that many seats whose clock stands at nine, with the first `n` customers registered.
fn registered(quota: i64, n: usize) -> Door {
    let door = hotline_with(quota);
    run(&door, "lan", at(NINE), Command::Resume(Nothing {})).unwrap();
    for (phone, _) in &CUSTOMERS[..n] {
        register(&door, at(NINE), phone);
    }
    door
}

#[test]
fn three_seats_go_to_exactly_three_of_eight_and_the_others_wait_in_one_line() {
    let door = registered(3, 0);
    let outcomes = meet(&door, (1..=8).map(comes));
    assert_eq!(done(&door, &outcomes), 8);
    assert_eq!(seats_of(&outcomes), [1, 2, 3]);
    let mut positions: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Ok(Receipt::Waitlisted { position, .. }) => Some(*position),
            _ => None,
        })
        .collect();
    positions.sort_unstable();
    assert_eq!(positions, [1, 2, 3, 4, 5]);
}

#[test]
fn one_customer_is_registered_once_however_many_desks_try() {
    let door = registered(500, 0);
    for customer in 1..=4 {
        let outcomes = meet(&door, std::iter::repeat_n(comes(customer), 6));
        assert_eq!(done(&door, &outcomes), 1);
        assert_eq!(rules(&outcomes), ["already_registered"; 5]);
    }
}

#[test]
fn seats_pass_on_in_line_while_customers_come_and_go() {
    let door = registered(2, 4);
    let outcomes =
        meet(&door, [goes(1), comes(5), goes(2), comes(6), withdraws(3), comes(7), goes(4), comes(8)]);
    assert_eq!(done(&door, &outcomes), 8);
    assert_eq!(number(&door, "SELECT taken FROM campaign"), 2);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM registration WHERE state = 'waitlisted'"), 2);
}

#[test]
fn a_registration_is_given_up_once() {
    let door = registered(2, 3);
    let outcomes = meet(&door, [goes(1), goes(1), withdraws(1), goes(1)]);
    done(&door, &outcomes);
    let freed = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Ok(Receipt::Cancelled { seat_freed: true, .. })))
        .count();
    assert!(freed <= 1, "{outcomes:?}");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM registration WHERE state = 'cancelled'"), 1);
    assert_eq!(number(&door, "SELECT seat FROM registration WHERE id = 3"), 1);
}

#[test]
fn more_seats_and_fewer_seats_meet_registrations_and_cancellations() {
    let door = registered(2, 4);
    let resize = |quota| ("ha", Command::SetQuota(SetQuota { quota }));
    for (quota, comer, goer) in [(4, 5, 1), (3, 6, 2), (6, 7, 3), (2, 8, 4)] {
        let outcomes = meet(&door, [resize(quota), comes(comer), goes(goer), resize(5)]);
        done(&door, &outcomes);
        assert_eq!(number(&door, "SELECT COUNT(*) FROM campaign WHERE taken > quota"), 0);
    }
}

#[test]
fn a_batch_holds_what_its_checksum_covers_while_customers_come_and_go() {
    let door = registered(4, 4);
    let send = || ("ha", Command::HandOver(Nothing {}));
    let outcomes = meet(&door, [send(), goes(1), comes(5), send(), goes(2), comes(6), send()]);
    done(&door, &outcomes);
    let _ = run(&door, "ha", at(NINE), Command::HandOver(Nothing {}));
    assert_eq!(
        number(&door, "SELECT COUNT(*) FROM registration WHERE state = 'registered' AND hand_over <> 'sent'"),
        0
    );
}

#[test]
fn a_batch_is_settled_once_and_no_cancelled_registration_becomes_a_case() {
    let door = registered(500, 6);
    run(&door, "ha", at(NINE), Command::HandOver(Nothing {})).unwrap();
    let back = Returned { registration: RegistrationId(3), reason: "sai tên".to_owned() };
    let one = Acknowledge { batch: BatchId(1), accept: Accept::Rows(Vec::new()), returned: vec![back] };
    let outcomes = meet(
        &door,
        [
            accepts(1),
            goes(1),
            ("thu", Command::Acknowledge(one)),
            accepts(1),
            goes(2),
            withdraws(4),
            accepts(1),
        ],
    );
    done(&door, &outcomes);
    let accepted: i64 = outcomes
        .iter()
        .map(|outcome| match outcome {
            Ok(Receipt::Acknowledged { accepted, .. }) => *accepted,
            _ => 0,
        })
        .sum();
    assert_eq!(accepted, number(&door, "SELECT COUNT(*) FROM care_case"));
    assert_eq!(number(&door, "SELECT COUNT(*) FROM batch_row WHERE state = 'sent'"), 0);
}

#[test]
fn an_unknown_number_that_opts_out_while_it_registers_is_told_or_asked_but_not_both() {
    let door = hotline();
    run(&door, "lan", at(NINE), Command::Resume(Nothing {})).unwrap();
    let numbers: Vec<String> = (1..=6).map(|n| format!("090499980{n}")).collect();
    let wants = numbers.iter().flat_map(|phone| {
        let fan = Register { name: Some("Sen".to_owned()), ..form(phone, Channel::Fanpage) };
        let out = OptOut { phone: phone.clone(), contact: ContactKind::Both };
        [("nga", Command::Register(fan)), ("ha", Command::OptOut(out))]
    });
    let outcomes = meet(&door, wants);
    assert_eq!(done(&door, &outcomes), 12);
    // Registered first: the marketing consent stands, and the opt-out was confirmed to a known customer. Opted out
    // first: neither.
    let neither_order = "SELECT COUNT(*) FROM registration r
         JOIN consent s ON s.registration = r.id AND s.purpose = 'marketing'
         WHERE s.given <> (SELECT COUNT(*) FROM sms m WHERE m.customer = r.customer
                           AND m.template = 'opt_out_confirmed')";
    assert_eq!(number(&door, neither_order), 0);
    let unwanted = "SELECT COUNT(*) FROM sms a JOIN sms b ON b.customer = a.customer
         WHERE a.template = 'opt_out_confirmed' AND b.template = 'handbook' AND b.state = 'queued'";
    assert_eq!(number(&door, unwanted), 0);
}

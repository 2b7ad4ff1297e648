//! What others change, and answers that come late.

use super::*;

#[test]
fn changes_by_others_reload_the_queue_once_and_never_during_a_call() {
    let mut bench = Bench::opened();
    let effects = bench.host.changed(Topics::ALL, &bench.ctx);
    bench.n += 1;
    assert_eq!(effects, [Effect::load(Ticket::of(Origin::Calls, bench.n), QUEUE)]);
    assert_eq!(bench.host.changed(Topics::ALL, &bench.ctx), []);
    let effects = bench.reply(Ok((None, Some(Snapshot::Queue(queue())))));
    assert_eq!(effects, [Effect::load(Ticket::of(Origin::Calls, bench.n), QUEUE)]);
    let mut bench = Bench::calling();
    let others = Topics::QUEUE.with(Topics::SEATS).with(Topics::STAFF).with(Topics::TASKS);
    assert_eq!(bench.host.changed(others, &bench.ctx), []);
}

#[test]
fn a_request_for_no_more_calls_elsewhere_ends_the_open_call_at_once_and_says_so() {
    let mut bench = Bench::calling();
    let effects = bench.host.changed(Topics::OPT_OUTS, &bench.ctx);
    bench.n += 1;
    let renew = Command::RenewLease(MatterRef { matter: MatterId(41) });
    assert_eq!(effects, [Effect::save(Ticket::of(Origin::Calls, bench.n), renew, None)]);
    let asked = Refusal::OptedOut { at: at("2026-12-02T09:29:50") };
    let shown = bench.reply(Err(Error::Refused(asked.clone())));
    assert!(
        matches!(&shown[..], [Effect::Show { lines, .. }] if lines == &[Say::from(Error::Refused(asked.clone()))])
    );
    assert!(!bench.host.screen.desk.is_open(), "the call is over");
    assert!(bench.drawn(80, 21).contains("Yêu cầu không gọi nữa"), "{}", bench.drawn(80, 21));
    // What was being written is kept with the call.
    let mut bench = Bench::calling();
    bench.type_text("nbực mình");
    bench.host.changed(Topics::OPT_OUTS, &bench.ctx);
    bench.n += 1;
    let effects = bench.reply(Err(Error::Refused(asked)));
    let kept = RecordCall {
        note: Some("bực mình".to_owned()),
        ..RecordCall::new(MatterId(41), Disposition::DoNotCall)
    };
    let saved = |effect: &Effect| matches!(effect, Effect::Run(job) if job.command == Some(Command::RecordCall(kept.clone())));
    assert!(effects.iter().any(saved), "{effects:?}");
    // The customer of another call is asked about and stays.
    let mut bench = Bench::calling();
    bench.host.changed(Topics::OPT_OUTS, &bench.ctx);
    bench.n += 1;
    bench.reply(Ok((Some(Receipt::LeaseRenewed { lease_until: at("2026-12-02T09:45:00") }), None)));
    assert!(bench.host.screen.desk.is_open());
}

#[test]
fn an_answer_to_an_old_ticket_changes_nothing() {
    let mut bench = Bench::calling();
    let before = bench.host.screen.clone();
    assert_eq!(bench.reply_to(1, done(recorded())), []);
    assert_eq!(bench.host.screen, before);
}

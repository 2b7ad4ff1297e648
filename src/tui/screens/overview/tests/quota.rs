//! Stories of the number of seats.

use super::*;

/// A bench whose supervisor has opened the window and typed this.
fn typed(text: &str) -> Bench {
    let mut bench = Bench::of(Role::Supervisor);
    bench.char('s');
    assert_eq!(bench.host.field().map(Field::text), Some("500"));
    bench.write(text);
    bench
}

#[test]
fn what_is_typed_replaces_the_number_that_stood_there() {
    let mut bench = typed("350");
    assert_eq!(bench.host.field().map(Field::text), Some("350"), "not 500350");
    bench.press(ENTER);
    let sent = bench.answered(CONFIRM, true);
    assert_eq!(commands(&sent), [Command::SetQuota(SetQuota { quota: 350 })]);
    assert_eq!(queries(&sent), [Query::Overview {}]);
    let receipt = Receipt::QuotaSet { quota: 350, promoted: Vec::new() };
    let effects = bench.answer(Some(receipt), Snapshot::Overview(figures()));
    assert_eq!(effects, [Effect::ok(Say::key("over.say.quota").with("quota", 350))]);
    assert!(bench.host.field().is_none());
}

#[test]
fn the_seats_are_never_changed_unasked_and_the_question_names_both_numbers() {
    let mut bench = typed("505");
    assert_eq!(commands(&bench.press(ENTER)), []);
    let question = bench.question.take().expect("nothing was asked");
    assert_eq!((question.id, question.tone), (CONFIRM, Tone::Danger), "No is marked");
    let text = question.text.text(Lang::Vi);
    assert!(text.contains("500") && text.contains("505"), "{text}");
    assert_eq!(question.detail, Some(Say::key("over.ask.quota_more").with("more", 5).with("free", 193)));
    assert_eq!(bench.answered(CONFIRM, false), Vec::new());
    assert_eq!(bench.host.field().map(Field::text), Some("505"), "a no leaves the window as it is");
    bench.press(ENTER);
    bench.answered(CONFIRM, true);
    let receipt = Receipt::QuotaSet { quota: 505, promoted: vec![RegistrationId(9)] };
    let effects = bench.answer(Some(receipt), Snapshot::Overview(figures()));
    let wanted = Say::key("over.say.quota_promoted").with("quota", 505).with("count", 1);
    assert_eq!(effects, [Effect::ok(wanted)]);
}

#[test]
fn fewer_seats_say_how_many_stay_free() {
    let mut bench = typed("320");
    bench.press(ENTER);
    let detail = bench.question.and_then(|question| question.detail);
    assert_eq!(detail, Some(Say::key("over.ask.quota_lower").with("free", 8)));
}

#[test]
fn more_seats_say_how_many_come_off_the_waitlist_for_good() {
    let mut bench = Bench::of(Role::Supervisor);
    let mut full = figures();
    (full.seats.taken, full.seats.waitlisted) = (500, 7);
    bench.changed(Topics::ALL);
    bench.answer(None, Snapshot::Overview(full));
    bench.char('s');
    bench.write("503");
    bench.press(ENTER);
    let detail = bench.question.and_then(|question| question.detail);
    assert_eq!(detail, Some(Say::key("over.ask.quota_promotes").with("more", 3).with("waiting", 3)));
}

#[test]
fn a_number_out_of_range_is_refused_beside_the_field_before_anything_is_sent() {
    for text in ["301", "0", "500301"] {
        let mut bench = typed(text);
        assert_eq!(bench.press(ENTER), Vec::new(), "{text}");
        let error = bench.host.screen.form().and_then(Form::focused).and_then(|item| item.error.clone());
        let wanted = Say::key("form.out_of_range").with("low", 312).with("high", 12_480);
        assert_eq!(error, Some(wanted), "{text}");
    }
    let mut bench = typed("500");
    assert_eq!(bench.press(ENTER), Vec::new());
    let error = bench.host.screen.form().and_then(Form::focused).and_then(|item| item.error.clone());
    assert_eq!(error, Some(Say::key("over.popup.quota_same").with("quota", 500)));
}

#[test]
fn a_quota_that_is_below_what_is_taken_by_now_keeps_the_window_and_marks_the_field() {
    let mut bench = typed("312");
    bench.press(ENTER);
    bench.answered(CONFIRM, true);
    let refusal = Refusal::QuotaBelowTaken { taken: 313 };
    assert_eq!(bench.refuse(refusal.clone()), [Effect::failed(&Error::Refused(refusal.clone()))]);
    let item = bench.host.screen.form().and_then(Form::focused).unwrap();
    assert_eq!(item.error, Some(Say::from(refusal)));
}

#[test]
fn the_seats_are_changed_where_they_are_seen() {
    let mut bench = Bench::of(Role::Supervisor);
    bench.char('c');
    assert_eq!(bench.char('s'), [Effect::Notice(Tone::Warn, Say::key("over.why.on_board"))]);
}

//! The middle part of an offer: the questions customers ask, and the form that is left and opened again.

use super::*;

#[test]
fn questions_are_one_key_away_and_their_answers_open_by_letter() {
    let mut bench = Bench::calling();
    bench.press(Key::char('o'));
    bench.press(Key::char('c'));
    assert_eq!(bench.host.screen.desk.call().map(|call| call.middle.open), Some(Open::Questions(2)));
    assert!(bench.drawn(80, 20).contains("31/12/2026"));
    bench.press(Key::plain(KeyCode::Esc));
    assert_eq!(bench.part(), &Part::Script);
}

#[test]
fn while_a_question_is_open_no_digit_records_a_result() {
    let mut bench = Bench::calling();
    bench.press(Key::char('o'));
    for digit in '0'..='9' {
        assert_eq!(bench.host.key(Key::char(digit), &bench.ctx), Taken::No, "{digit}");
    }
    assert_eq!(bench.part(), &Part::Middle);
}

#[test]
fn a_second_digit_after_a_recorded_result_does_nothing() {
    let mut bench = Bench::calling();
    bench.press(Key::char('5'));
    bench.reply(done(recorded()));
    assert_eq!(bench.host.key(Key::char('5'), &bench.ctx), Taken::No);
    assert_eq!(bench.host.screen.desk.state(), &State::Ready);
}

#[test]
fn a_form_that_is_left_is_there_when_it_opens_again() {
    let mut bench = Bench::registering();
    bench.type_text("12");
    bench.press(Key::plain(KeyCode::Esc));
    assert_eq!(bench.part(), &Part::Script);
    bench.type_text("1");
    assert!(bench.form().form.ticked("register") && bench.form().form.ticked("handbook"));
}

#[test]
fn a_promised_time_that_is_left_is_there_when_it_opens_again() {
    let mut bench = Bench::calling();
    bench.press(Key::char('3'));
    bench.type_text("mai 9:00");
    bench.press(Key::plain(KeyCode::Esc));
    bench.press(Key::char('n'));
    bench.type_text("gọi nhà");
    bench.enter();
    bench.press(Key::char('3'));
    let Part::Detail(detail) = bench.part() else { panic!("the form is open") };
    assert_eq!(detail.form.text("callback_at"), "mai 9:00");
    assert_eq!(detail.written(), "gọi nhà");
}

//! When a notice comes and goes, and what it never hides.

use super::*;

const NEXT: Key = Key::plain(KeyCode::Tab);

fn refused() -> Effect {
    Effect::failed(&Error::Refused(Refusal::QuotaFull { quota: 500 }))
}

fn notice(app: &App) -> Option<Say> {
    app.notice.as_ref().map(|notice| notice.say.clone())
}

/// An app that says something which a frame has shown.
fn saying(make: MakeScreens) -> App {
    let mut app = app(Role::Supervisor, (80, 24), make);
    app.say(Tone::Warn, Say::key("frame.why.no_question"));
    app.shown();
    app
}

#[test]
fn a_notice_has_its_own_row_and_a_longer_one_makes_the_screen_shorter() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let before = draw(&app);
    let room = app.body(app.size);
    assert_eq!((room.y, room.height), (1, 20));
    app.say(Tone::Warn, Say::key("frame.why.no_question"));
    assert_eq!(app.body(app.size), room, "one row is always kept for it");
    let short = draw(&app);
    let rows = |screen: &str, from: usize, to: usize| {
        screen.lines().skip(from).take(to - from).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(rows(&short, 0, 21), rows(&before, 0, 21));
    assert_eq!(rows(&short, 22, 24), rows(&before, 22, 24), "keys and seats stay in sight");
    app.settle(vec![(Origin::Calls, refused())]);
    app.say_too(
        Tone::Info,
        Say::Plain("thêm một câu nữa để dòng này dài hơn hẳn một dòng màn hình".repeat(2)),
    );
    let long = draw(&app);
    assert!(app.body(app.size).height < 20);
    assert_eq!(rows(&long, 22, 24), rows(&before, 22, 24));
    insta::assert_snapshot!(long);
}

#[test]
fn a_notice_goes_at_the_next_act_and_at_nothing_less() {
    let mut app = saying(screens);
    press(&mut app, Key::char('9'));
    assert!(notice(&app).is_some(), "a key that does nothing");
    press(&mut app, Key::f(10));
    assert!(notice(&app).is_some(), "the other language shows the same notice");
    press(&mut app, Key::char('m'));
    assert_eq!(notice(&app), None);
    let mut again = saying(screens);
    press(&mut again, Key::char('3'));
    assert_eq!(notice(&again), Some(Say::key("frame.why.no_question")), "the act says the same once more");
    let later = again.ctx.now.plus_ms(31_000);
    again.input(Input::Tick(later));
    assert!(notice(&again).is_some(), "nobody has seen it");
    again.shown();
    again.input(Input::Tick(later.plus_ms(31_000)));
    assert_eq!(notice(&again), None, "it is old");
}

#[test]
fn good_news_that_comes_while_keys_are_held_is_there_for_the_next_act() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let ticket = jobs(&press(&mut app, ENTER))[0].ticket;
    app.say(Tone::Ok, Say::key("frame.lock_set"));
    app.shown();
    type_keys(&mut app, "mm");
    assert!(notice(&app).is_some(), "a held key has done nothing yet");
    app.reply(Reply { ticket, outcome: Ok((Some(Receipt::LeaseReleased {}), Vec::new())) });
    assert!(notice(&app).is_some(), "nor is a key that was held an act of somebody who has read it");
    press(&mut app, Key::char('m'));
    assert_eq!(notice(&app), None);
    app.say(Tone::Ok, Say::key("frame.lock_set"));
    press(&mut app, Key::char('m'));
    assert!(notice(&app).is_some(), "nobody has seen it yet");
}

#[test]
fn a_notice_stays_with_its_tab_unless_it_is_about_the_change() {
    let mut app = saying(screens);
    press(&mut app, Key::alt('5'));
    assert_eq!((app.open, notice(&app)), (Origin::Overview, None));
    let mut unread = super::app(Role::Supervisor, (80, 24), screens);
    unread.say(Tone::Danger, Say::key("frame.why.no_question"));
    press(&mut unread, Key::alt('5'));
    assert_eq!(notice(&unread), None, "read or not, it was about the other tab");
    let told = Effect::Notice(Tone::Ok, Say::key("frame.lock_set"));
    app.settle(vec![(Origin::Overview, told), (Origin::Overview, Effect::Goto(Origin::Register, None))]);
    assert_eq!((app.open, notice(&app)), (Origin::Register, Some(Say::key("frame.lock_set"))));
}

#[test]
fn a_warning_goes_with_its_cause() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let ticket = jobs(&press(&mut app, ENTER))[0].ticket;
    type_keys(&mut app, &"m".repeat(33));
    assert!(notice(&app).is_some());
    app.reply(Reply { ticket, outcome: Ok((Some(Receipt::LeaseReleased {}), Vec::new())) });
    assert_eq!(notice(&app), None, "what had to be waited for is there");
    let ticket = jobs(&press(&mut app, ENTER))[0].ticket;
    app.reply(Reply { ticket, outcome: Err(Error::Store(StoreError::Busy)) });
    assert!(notice(&app).is_some());
    let ticket = jobs(&press(&mut app, ENTER))[0].ticket;
    app.reply(Reply { ticket, outcome: Ok((Some(Receipt::LeaseReleased {}), Vec::new())) });
    assert_eq!(notice(&app), None, "the store answers again");
}

#[test]
fn keys_in_a_form_are_acts_too() {
    let mut app = saying(with_form);
    press(&mut app, NEXT);
    assert_eq!(notice(&app), None);
}

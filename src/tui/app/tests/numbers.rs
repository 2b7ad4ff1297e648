//! Text that arrives in one piece: a pasted number is a number and never a command.

use super::*;
use crate::tui::input::find_numbers;

const NUMBER: &str = "0901234567";

fn burst(app: &mut App, text: &str) -> Vec<Effect> {
    let key = |c| Input::Key(if c == '\r' { ENTER } else { Key::char(c) });
    let read = text.chars().map(key).collect();
    find_numbers(read).into_iter().flat_map(|input| app.input(input)).collect()
}

fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    app.input(Input::Paste(text.to_owned()))
}

fn asked_for(effects: &[Effect]) -> Vec<Query> {
    jobs(effects).into_iter().flat_map(|job| job.then.clone()).collect()
}

fn real(role: Role) -> App {
    app(role, (80, 24), crate::tui::screens::all)
}

#[test]
fn a_number_opens_the_search_with_it_however_it_was_pasted() {
    let wanted = Query::Customer { phone: "+84901234567".to_owned() };
    for text in [NUMBER, "+84 901 234 567", "0901.234.567", "0901234567\r"] {
        let mut bare = real(Role::Agent);
        assert!(asked_for(&burst(&mut bare, text)).contains(&wanted), "{text}");
        assert_eq!(bare.open, Origin::Register);
        let mut bracketed = real(Role::Agent);
        assert!(asked_for(&paste(&mut bracketed, &format!("{text}\n"))).contains(&wanted), "{text}");
    }
}

#[test]
fn a_call_stays_as_it_is_while_its_number_is_looked_up() {
    let mut app = app(Role::Agent, (80, 24), calling);
    let effects = burst(&mut app, NUMBER);
    assert_eq!((app.open, app.call_open()), (Origin::Register, true));
    assert!(jobs(&effects).iter().all(|job| job.command.is_none()), "nothing is recorded");
    assert!(app.modals.is_empty(), "0 would have raised the alarm here");
    let mut typed = super::app(Role::Agent, (80, 24), calling);
    type_keys(&mut typed, NUMBER);
    assert!(!typed.modals.is_empty(), "the control: typed one by one they are commands");
}

#[test]
fn who_may_not_search_is_told_so() {
    let mut app = real(Role::Auditor);
    let before = app.open;
    assert_eq!(burst(&mut app, NUMBER), []);
    assert_eq!(app.open, before);
    assert!(matches!(app.notice.as_ref().map(|n| n.tone), Some(Tone::Warn)));
}

#[test]
fn in_a_field_a_number_is_text() {
    let text = |app: &App| app.open_screen().and_then(AnyScreen::field).map(|field| field.text().to_owned());
    let mut app = app_with_form();
    burst(&mut app, NUMBER);
    assert_eq!((text(&app).as_deref(), app.open), (Some(NUMBER), Origin::Calls));
    assert!(jobs(&burst(&mut app, "0901234567\r")).iter().any(|job| job.command.is_some()), "Enter saves");
    app = app_with_form();
    burst(&mut app, NUMBER);
    paste(&mut app, " gọi lại");
    assert_eq!(text(&app).as_deref(), Some("0901234567 gọi lại"));
    press(&mut app, Key::ctrl('p'));
    burst(&mut app, NUMBER);
    assert_eq!(app.modals.last().and_then(Modal::field).map(Field::text), Some(NUMBER));
}

#[test]
fn any_other_paste_outside_a_field_does_nothing_and_says_so() {
    for text in ["5", "q", "m0", "0901234567 0912345678", "115"] {
        let mut app = app(Role::Agent, (80, 24), calling);
        assert_eq!(paste(&mut app, text), [], "{text}");
        assert_eq!((app.open, app.modals.len()), (Origin::Calls, 0));
        assert_eq!(app.notice.as_ref().map(|n| n.say.clone()), Some(Say::key("frame.paste_nowhere")));
    }
    let mut asked = app(Role::Agent, (80, 24), calling);
    press(&mut asked, Key::ctrl('q'));
    assert_eq!((burst(&mut asked, NUMBER), paste(&mut asked, NUMBER)), (Vec::new(), Vec::new()));
    assert_eq!((asked.open, asked.modals.len()), (Origin::Calls, 1), "the question still waits");
}

#[test]
fn fast_typing_is_typing() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let effects = burst(&mut app, "m3m3");
    assert_eq!(effects, []);
    assert_eq!(app.notice.as_ref().map(|n| n.say.clone()), Some(Say::key("frame.why.no_question")));
}

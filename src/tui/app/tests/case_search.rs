//! The search among Vinmec's cases: which pages open it, what it asks, and where Enter leads.

use super::*;
use crate::domain::case::CaseState;
use crate::domain::id::{CaseId, RegistrationId};
use crate::domain::phone::PhoneError;
use crate::tui::effect::Subject;
use crate::usecase::model::case::CaseHit;
use crate::usecase::model::customer::Matched;

const SLASH: Key = Key::char('/');

fn real(role: Role, size: (u16, u16)) -> App {
    app(role, size, crate::tui::screens::all)
}

fn window(app: &App) -> bool {
    matches!(app.modals.last(), Some(Modal::Cases(_)))
}

/// The ticket of the newest search and its text.
fn asked(effects: &[Effect]) -> Option<(Ticket, String)> {
    jobs(effects).into_iter().rev().find_map(|job| match job.then.first() {
        Some(Query::FindCases { text, .. }) => Some((job.ticket, text.clone())),
        _ => None,
    })
}

fn hit(case: i64, name: &str, seat: Option<i64>, state: CaseState) -> CaseHit {
    CaseHit {
        case: CaseId(case),
        matched: Matched::Name,
        name: name.to_owned(),
        customer: None,
        phone_masked: format!("0904 *** {case:03}"),
        seat,
        registration: RegistrationId(case + 40),
        state,
        starts_at: (state == CaseState::Booked).then(|| fixture::at("2026-12-04T13:30:00")),
    }
}

fn hits() -> Vec<CaseHit> {
    let child = CaseHit {
        customer: Some("Trần Thị Hoa".to_owned()),
        ..hit(3, "Bé Hòa An", Some(12), CaseState::New)
    };
    let number =
        CaseHit { matched: Matched::Registration, ..hit(9, "Lê Hoàng", None, CaseState::Withdrawn) };
    vec![hit(7, "Lê Hoà", Some(214), CaseState::Booked), child, number]
}

fn answer(app: &mut App, ticket: Ticket, cases: Vec<CaseHit>, more: bool) -> Vec<Effect> {
    let found = Snapshot::FoundCases { text: String::new(), cases, more, no_number: None };
    app.reply(Reply { ticket, outcome: Ok((None, vec![found])) })
}

#[test]
fn slash_searches_the_cases_on_every_page_where_it_filters_nothing() {
    for role in [Role::Intake, Role::VinmecLead, Role::Doctor] {
        let mut app = real(role, (120, 36));
        for tab in [Origin::Schedule, Origin::Overview] {
            if tab != app.open {
                app.settle(vec![(tab, Effect::Goto(tab, None))]);
            }
            assert!(draw(&app).contains("/ Tìm hồ sơ"), "{role:?} {tab:?}: {}", draw(&app));
            assert_eq!(app.live_clashes(), Vec::<String>::new());
            press(&mut app, SLASH);
            assert!(window(&app), "{role:?} {tab:?}");
            assert_eq!(app.live_clashes(), Vec::<String>::new());
            press(&mut app, Key::plain(KeyCode::Esc));
            assert!(app.modals.is_empty());
        }
    }
    for role in [Role::Agent, Role::Supervisor, Role::FanpageAdmin, Role::Auditor] {
        let mut app = real(role, (120, 36));
        app.settle(vec![(Origin::Overview, Effect::Goto(Origin::Overview, None))]);
        press(&mut app, SLASH);
        press(&mut app, Key::ctrl('f'));
        assert!(!window(&app), "{role:?}");
        assert!(!draw(&app).contains("Tìm hồ sơ"), "{role:?}");
    }
}

#[test]
fn behind_an_open_form_nothing_is_searched_and_its_page_stays() {
    let mut app = real(Role::VinmecLead, (120, 36));
    press(&mut app, Key::f(5));
    press(&mut app, Key::char('a'));
    let has_form = |app: &App| app.open_screen().is_some_and(AnyScreen::has_form);
    assert!(has_form(&app), "{}", draw(&app));
    for _ in 0..6 {
        press(&mut app, SLASH);
        press(&mut app, Key::ctrl('f'));
        assert!(!window(&app) && has_form(&app), "{}", draw(&app));
        press(&mut app, Key::plain(KeyCode::Tab));
    }
}

#[test]
fn where_slash_filters_a_list_ctrl_f_searches_the_cases() {
    let mut app = real(Role::VinmecLead, (120, 36));
    press(&mut app, Key::f(5));
    assert!(draw(&app).contains("^F Tìm hồ sơ") || draw(&app).contains("Ctrl-F Tìm hồ sơ"), "{}", draw(&app));
    assert_eq!(app.live_clashes(), Vec::<String>::new());
    press(&mut app, SLASH);
    assert!(!window(&app), "the list of doctors filters");
    press(&mut app, Key::plain(KeyCode::Esc));
    press(&mut app, Key::ctrl('f'));
    assert!(window(&app));
}

#[test]
fn each_key_asks_and_only_the_newest_answer_counts() {
    let mut app = real(Role::Intake, (80, 24));
    press(&mut app, SLASH);
    let first = asked(&type_keys(&mut app, "h")).unwrap();
    let second = asked(&type_keys(&mut app, "oaf")).unwrap();
    assert_eq!(second.1, "hòa");
    answer(&mut app, first.0, hits(), false);
    assert!(!draw(&app).contains("Lê Hoà"), "an answer to an earlier text");
    answer(&mut app, second.0, hits(), true);
    insta::assert_snapshot!("cases_80", draw(&app));
    assert_eq!(asked(&press(&mut app, Key::plain(KeyCode::Down))), None);
    let opened = press(&mut app, ENTER);
    let wants = |effects: &[Effect], query: &Query| jobs(effects).iter().any(|job| job.then.contains(query));
    assert!(wants(&opened, &Query::CaseFile { case: CaseId(3) }));
    assert!(app.modals.is_empty());
}

#[test]
fn a_doctor_comes_to_the_day_of_the_appointment() {
    let mut app = real(Role::Doctor, (120, 36));
    press(&mut app, SLASH);
    let (ticket, _) = asked(&type_keys(&mut app, "hoa")).unwrap();
    answer(&mut app, ticket, hits(), false);
    let Some(Modal::Cases(search)) = app.modals.last() else { panic!("no window") };
    let wanted = Subject::Day(fixture::at("2026-12-04T13:30:00").date(), Some(CaseId(7)));
    assert_eq!(search.chosen(), Some(wanted), "by identity: the day alone has others, too");
    let opened = press(&mut app, ENTER);
    let day = Query::Day { doctor: None, date: Some(fixture::at("2026-12-04T13:30:00").date()) };
    assert!(jobs(&opened).iter().any(|job| job.then.contains(&day)));
    assert!(
        jobs(&opened).iter().all(|job| !job.then.iter().any(|query| matches!(query, Query::CaseFile { .. })))
    );
}

#[test]
fn a_case_that_ended_leads_to_its_day() {
    let mut app = real(Role::Intake, (120, 36));
    press(&mut app, SLASH);
    let (ticket, _) = asked(&type_keys(&mut app, "hoa")).unwrap();
    let over = CaseHit { state: CaseState::Consulted, ..hits()[0].clone() };
    answer(&mut app, ticket, vec![over], false);
    let opened = press(&mut app, ENTER);
    let day = Some(fixture::at("2026-12-04T13:30:00").date());
    let roster = Query::Roster { department: None, date: day };
    assert!(jobs(&opened).iter().any(|job| job.then.contains(&roster)));
    assert!(jobs(&opened).iter().all(|job| job.then.iter().all(|query| query.opening().is_none())));
}

#[test]
fn a_pasted_number_is_searched_among_the_cases() {
    let mut app = real(Role::Intake, (80, 24));
    let effects = app.input(Input::Paste("0904 123 456\n".to_owned()));
    assert_eq!(asked(&effects).map(|(_, text)| text).as_deref(), Some("0904 123 456"));
    let ticket = asked(&effects).unwrap().0;
    let why = Refusal::PhoneInvalid(PhoneError::Landline).into();
    let none =
        Snapshot::FoundCases { text: String::new(), cases: Vec::new(), more: false, no_number: Some(why) };
    app.reply(Reply { ticket, outcome: Ok((None, vec![none])) });
    assert!(draw(&app).contains("số cố định"));
    let subject = Some(Subject::Case(CaseId(7)));
    press(&mut app, Key::ctrl('u'));
    let (ticket, _) = asked(&type_keys(&mut app, "7")).unwrap();
    answer(&mut app, ticket, vec![hit(7, "Lê Hoà", Some(7), CaseState::New)], false);
    let Some(Modal::Cases(search)) = app.modals.last() else { panic!("no window") };
    assert_eq!(search.chosen(), subject);
}

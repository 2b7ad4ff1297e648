//! The law of keys on this screen: each key has one meaning, cursors stay, and Esc leads out of everything.

use super::*;
use crate::domain::session::{Entrance, SessionId};
use crate::tui::keys::{LiveKey, shared_keys};
use crate::usecase::model::session::{SessionLine, SessionState};

/// Every key that two acts take now.
fn live_clashes(bench: &Bench) -> Vec<String> {
    shared_keys(&bench.host.live(&bench.ctx))
}

/// A supervisor on each page, with something in every list.
fn pages_of(role: Role) -> Vec<Bench> {
    let staff = StaffLine {
        id: StaffId("lan".to_owned()),
        name: "Lan".to_owned(),
        role: Role::Agent,
        active: true,
        doctor: None,
        keys: 1,
        has_pin: true,
    };
    let session = SessionLine {
        id: SessionId("a".to_owned()),
        staff: staff.id.clone(),
        name: "Lan".to_owned(),
        role: Role::Agent,
        entrance: Entrance::Ssh,
        origin: "198.51.100.7".to_owned(),
        key: None,
        since: at("2026-12-02T08:00:00"),
        active_at: at("2026-12-02T09:00:00"),
        state: SessionState::Ready,
        received: 0,
        sent: 0,
        ended_by: None,
    };
    let mut benches = Vec::new();
    for page in pages::pages(role) {
        let mut bench = Bench::of(role);
        let asked = bench.host.screen.show(page);
        bench.note(asked);
        match page {
            Page::Staff => bench.answer(None, Snapshot::Staff { staff: vec![staff.clone()] }),
            Page::Sessions => bench.answer(None, Snapshot::Sessions { sessions: vec![session.clone()] }),
            Page::Versions => bench.answer(None, versions::versions()),
            Page::Audit => bench.answer(None, Snapshot::Audit { rows: audit() }),
            Page::Board | Page::Calls | Page::Satisfaction | Page::Agents | Page::Lists => {
                bench.answer(None, Snapshot::Overview(figures()))
            }
        };
        benches.push(bench);
    }
    benches
}

/// Presses Esc, also on questions, until nothing changes; returns how often.
fn esc_to_rest(bench: &mut Bench) -> usize {
    for pressed in 0..10 {
        let before = bench.host.screen.clone();
        bench.question = None;
        bench.press(ESC);
        if let Some(question) = bench.question.take() {
            match question.on_esc {
                Some(id) => bench.answered(id, true),
                None => bench.answered(question.id, false),
            };
        } else if bench.host.screen == before {
            return pressed;
        }
    }
    panic!("no rest after ten");
}

#[test]
fn in_no_state_does_a_key_mean_two_things() {
    for role in Role::ALL {
        for mut bench in pages_of(role) {
            let page = bench.host.screen.page;
            assert_eq!(live_clashes(&bench), Vec::<String>::new(), "{role:?} {page:?}");
            for opens in ['/', 'a', 'o', 'm', 'g', 's', 'd', '<'] {
                bench.char(opens);
                assert_eq!(live_clashes(&bench), Vec::<String>::new(), "{role:?} {page:?} {opens}");
                esc_to_rest(&mut bench);
            }
        }
    }
}

#[test]
fn two_acts_that_take_one_key_are_found() {
    let bench = Bench::of(Role::Supervisor);
    let mut live = bench.host.live(&bench.ctx);
    let twice = live.first().cloned().expect("some key works");
    live.push(LiveKey { id: "another", act: "another".to_owned(), ..twice });
    assert_ne!(shared_keys(&live), Vec::<String>::new());
}

#[test]
fn from_everywhere_a_few_esc_arrive_at_rest_and_lose_nothing() {
    for mut bench in pages_of(Role::Supervisor) {
        for opens in ['/', 'a', 'o', 'g', 's'] {
            bench.char(opens);
            bench.write("Lan 7");
            assert!(esc_to_rest(&mut bench) <= 5);
            assert!(bench.host.screen.on_page() && bench.host.field().is_none());
        }
    }
    let mut bench = Bench::of(Role::Supervisor);
    bench.char('s');
    bench.write("505");
    esc_to_rest(&mut bench);
    bench.char('s');
    assert_eq!(bench.host.field().map(Field::text), Some("505"), "it is there when the window opens again");
    bench.press(ESC);
    bench.answered(DISCARD, true);
    bench.char('s');
    assert_eq!(bench.host.field().map(Field::text), Some("500"), "it was discarded");
    assert!(!bench.answered(LEAVE, true).iter().any(|effect| matches!(effect, Effect::Run(_))));
}

#[test]
fn the_cursor_stays_on_its_agent_and_on_its_row_of_the_audit_log() {
    let mut bench = Bench::of(Role::Supervisor);
    bench.char('v');
    bench.answer(None, Snapshot::Overview(figures()));
    bench.press(DOWN);
    let minh = |bench: &Bench| bench.host.screen.agents.chosen().map(|line| line.name.clone());
    assert_eq!(minh(&bench).as_deref(), Some("Minh"));
    let mut later = figures();
    later.agents.insert(0, agent("an", "An", "ready", 70, 40, 8));
    bench.changed(Topics::ALL);
    bench.answer(None, Snapshot::Overview(later));
    assert_eq!(minh(&bench).as_deref(), Some("Minh"), "somebody else leads now");
    bench.char('k');
    bench.answer(None, Snapshot::Audit { rows: audit() });
    bench.press(DOWN);
    let mut later = audit();
    later.insert(0, AuditLine { seq: 3, ..later[0].clone() });
    bench.changed(Topics::ALL);
    bench.answer(None, Snapshot::Audit { rows: later });
    assert_eq!(bench.host.screen.audit.chosen().map(|line| line.seq), Some(1), "a newer row came above it");
}

#[test]
fn a_list_is_filtered_and_ordered_by_keys_and_enter_is_the_filters_first() {
    let mut bench = Bench::of(Role::Supervisor);
    bench.char('v');
    bench.answer(None, Snapshot::Overview(figures()));
    bench.char('/');
    bench.write("dung");
    let names = |bench: &Bench| -> Vec<String> {
        bench.host.screen.agents.shown().map(|line| line.name.clone()).collect()
    };
    assert_eq!(names(&bench), ["Dũng"]);
    bench.press(ENTER);
    assert!(bench.host.field().is_none() && names(&bench).len() == 1, "the filter stays");
    bench.press(ESC);
    assert_eq!(names(&bench).len(), 3);
    assert_eq!(bench.char('>'), [Effect::Notice(Tone::Warn, Say::key("list.why.not_ordered"))]);
    bench.char('<');
    assert_eq!(names(&bench), ["Dũng", "Lan", "Minh"]);
    bench.char('>');
    assert_eq!(names(&bench), ["Minh", "Lan", "Dũng"]);
}

#[test]
fn what_cannot_be_taken_back_is_asked_with_no_marked() {
    for mut bench in pages_of(Role::Supervisor) {
        let acts: &[char] = match bench.host.screen.page {
            Page::Staff => &['d', 'm'],
            Page::Sessions => &['d'],
            // A version is loaded through a window of its own.
            Page::Board
            | Page::Calls
            | Page::Satisfaction
            | Page::Agents
            | Page::Versions
            | Page::Audit
            | Page::Lists => &[],
        };
        for act in acts {
            assert_eq!(commands(&bench.char(*act)), [], "{act}");
            let question = bench.question.take().expect("nothing was asked");
            assert_eq!(question.tone, Tone::Danger, "{act}");
            assert!(question.text.text(Lang::Vi).contains("Lan") && question.detail.is_some(), "{act}");
        }
    }
}

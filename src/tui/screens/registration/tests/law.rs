//! The law of keys on this screen: each key has one meaning, cursors stay, and Esc leads out of everything.

use super::*;
use crate::tui::keys::shared_keys;

/// Every key that two acts take now.
fn live_clashes(bench: &Bench) -> Vec<String> {
    shared_keys(&bench.host.live(&bench.ctx))
}

/// Presses Esc, also on questions, until nothing changes; returns how often.
fn esc_to_rest(bench: &mut Bench) -> usize {
    for pressed in 0..10 {
        let before = bench.host.screen.clone();
        bench.question = None;
        bench.esc();
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

impl Bench {
    /// Another bench in the same state.
    fn again(&self) -> Self {
        let host = ScreenHost::new(Origin::Register, self.host.screen.clone());
        Self { host, ctx: self.ctx.clone(), ticket: self.ticket, question: None }
    }
}

/// The steps of the screen, each with data.
fn steps() -> Vec<(&'static str, Bench)> {
    let mut found = Bench::of(Role::Supervisor);
    found.write("hùng");
    found.answer(None, Some(hit_list("hùng", hits(), false)));
    let mut form = Bench::reading(Role::Supervisor, hung());
    form.enter();
    let mut done = Bench::reading(Role::Supervisor, hung());
    done.enter();
    done.char('1');
    done.enter();
    // The reply brings no newer facts.
    done.answer(Some(Receipt::Registered { registration: RegistrationId(7), seat: 214 }), None);
    let mut batch = Bench::batches();
    batch.enter();
    vec![
        ("search", Bench::of(Role::Supervisor)),
        ("hits", found),
        ("customer", Bench::reading(Role::Supervisor, hung())),
        ("registered", Bench::reading(Role::Supervisor, registered())),
        ("form", form),
        ("seat", done),
        ("leads", Bench::leads()),
        ("batches", Bench::batches()),
        ("batch", batch),
    ]
}

#[test]
fn in_no_state_does_a_key_mean_two_things() {
    for (step, mut bench) in steps() {
        assert_eq!(live_clashes(&bench), Vec::<String>::new(), "{step}");
        for opens in ['/', 'c', 'w', 'x', 'a', 'd', 'h', '<'] {
            bench.char(opens);
            assert_eq!(live_clashes(&bench), Vec::<String>::new(), "{step} {opens}");
        }
    }
}

#[test]
fn a_cancellation_that_was_begun_is_left_by_esc_and_is_there_when_it_opens_again() {
    let mut bench = Bench::reading(Role::Agent, registered());
    bench.char('c');
    bench.write("khách bận");
    bench.esc();
    let question = bench.question.take().expect("what was typed is not dropped unasked");
    assert_eq!(question.tone, Tone::Danger, "No is marked");
    bench.answered(question.on_esc.expect("Esc leads on"), true);
    assert!(!bench.host.screen.windows.is_open(), "the second Esc leaves");
    bench.char('c');
    assert_eq!(bench.host.field().map(Field::text), Some("khách bận"));
    assert!(esc_to_rest(&mut bench) <= 5);
    assert!(bench.host.screen.is_finding());
}

#[test]
fn from_everywhere_a_few_esc_arrive_at_rest() {
    for (step, bench) in steps() {
        for opens in ['/', 'c', 'w', 'x', 'a', 'd', 'h', '<'] {
            let mut bench = bench.again();
            bench.char(opens);
            bench.write("Lan 7");
            assert!(esc_to_rest(&mut bench) <= 6, "{step} {opens}");
            assert!(!bench.host.screen.windows.is_open(), "{step} {opens}");
        }
    }
}

#[test]
fn the_cursor_stays_on_its_batch_when_another_one_leaves() {
    let mut bench = Bench::batches();
    bench.press(Key::plain(KeyCode::Down));
    bench.changed(Topics::BATCHES);
    let mut more = batches();
    more.insert(0, BatchLine { batch: BatchId(4), ..more[0].clone() });
    bench.answer(
        None,
        Some(Snapshot::Batches {
            batches: more,
            waiting: 0,
            returned: crate::usecase::model::batch::ReturnedRows::default(),
        }),
    );
    assert_eq!(bench.host.screen.batches.rows.chosen().map(|line| line.batch), Some(BatchId(2)));
    bench.enter();
    bench.esc();
    assert_eq!(bench.host.screen.batches.rows.chosen().map(|line| line.batch), Some(BatchId(2)));
}

#[test]
fn a_new_text_begins_at_its_best_hit_and_the_same_text_keeps_the_cursor() {
    let mut bench = Bench::of(Role::Agent);
    bench.write("hùng");
    let found = |hits| Some(hit_list("hùng", hits, false));
    bench.answer(None, found(hits()));
    bench.press(Key::plain(KeyCode::Down));
    let chosen = |bench: &Bench| bench.host.screen.finder.hits.chosen().map(|hit| hit.customer.0);
    bench.changed(Topics::ALL);
    let mut other = hits();
    other.swap(0, 1);
    bench.answer(None, found(other.clone()));
    assert_eq!(chosen(&bench), Some(11), "the same customer");
    bench.char('a');
    bench.answer(None, found(hits()));
    assert_eq!(chosen(&bench), Some(10), "the best of the new ones");
}

#[test]
fn leads_are_filtered_by_a_few_letters_and_escape_gives_them_back() {
    let mut bench = Bench::leads();
    bench.char('/');
    for c in "kieet".chars() {
        bench.char(c);
    }
    assert_eq!(bench.host.screen.leads.len(), 1);
    assert_eq!(bench.enter(), Vec::new(), "Enter is the filter's first");
    assert!(matches!(bench.host.screen.leads.chosen(), Some(lead) if lead.lead == LeadId(4)));
    bench.enter();
    assert!(bench.host.screen.windows.is_open(), "then the lead's");
    bench.esc();
    bench.esc();
    assert_eq!(bench.host.screen.leads.len(), 3);
}

#[test]
fn a_click_chooses_and_a_second_one_opens_in_every_pane() {
    let click = |bench: &mut Bench, row| {
        let mouse = Mouse { pointer: Pointer::Click, column: 10, row };
        let area = Rect::new(0, 1, 120, 30);
        let effects = bench.host.mouse(mouse, area, &bench.ctx);
        bench.note(effects)
    };
    let mut bench = Bench::batches();
    assert_eq!(click(&mut bench, 7), Vec::new());
    assert_eq!(bench.host.screen.batches.rows.chosen().map(|line| line.batch), Some(BatchId(2)));
    assert_eq!(queries(&click(&mut bench, 7)), [Query::Batch { batch: BatchId(2) }]);
    let mut bench = Bench::leads();
    click(&mut bench, 5);
    assert_eq!(bench.host.screen.leads.chosen().map(|line| line.lead), Some(LeadId(4)));
    click(&mut bench, 5);
    assert!(bench.host.screen.windows.is_open());
}

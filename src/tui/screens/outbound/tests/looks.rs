//! How every state looks, inside the frame of 80×24 and 120×36 (three rows belong to the frame).

use super::*;
use crate::domain::consent::ConsentPurpose;
use crate::tui::call::merge::filled;

#[test]
fn every_state_at_the_design_size_and_at_the_smallest() {
    let mut states = vec![("ready", Bench::opened()), ("calling", Bench::calling())];
    let mut bench = Bench::calling();
    bench.press(Key::char('5'));
    bench.reply(done(recorded()));
    states.push(("after_a_call", bench));
    let mut bench = Bench::calling();
    bench.type_text("  ob");
    states.push(("questions", bench));
    let mut bench = Bench::calling();
    bench.press(Key::char('0'));
    states.push(("other_endings", bench));
    let mut bench = Bench::calling();
    bench.press(Key::char('3'));
    bench.type_text("mai 9:00");
    states.push(("callback", bench));
    let mut bench = Bench::registering();
    bench.type_text("12");
    states.push(("registering", bench));
    let mut bench = Bench::opened();
    bench.press(Key::char('p'));
    states.push(("choosing_pause", bench));
    let mut bench = Bench::opened();
    bench.type_text("p2");
    bench.reply(done(Receipt::Paused {}));
    states.push(("paused", bench));
    for (name, bench) in &states {
        insta::assert_snapshot!(format!("{name}_120x36"), bench.drawn(120, 33));
        insta::assert_snapshot!(format!("{name}_80x24"), bench.drawn(80, 21));
    }
    let mut english = Bench::calling();
    english.ctx.lang = Lang::En;
    insta::assert_snapshot!("calling_in_english_120x36", english.drawn(120, 33));
}

#[test]
fn no_size_makes_drawing_fail() {
    for (width, height) in [(1, 1), (20, 5), (40, 10), (200, 60)] {
        for bench in [Bench::opened(), Bench::calling(), Bench::registering()] {
            bench.drawn(width, height);
        }
    }
}

#[test]
fn the_question_of_each_consent_stands_whole_over_the_smallest_screen() {
    let mut bench = Bench::opened();
    let full = CallCard { would_wait_at: Some(51), ..card() };
    bench.press(Key::plain(KeyCode::Enter));
    bench.reply(Ok((Some(claimed()), Some(Snapshot::OpenCall { call: Some(Box::new(full.clone())) }))));
    insta::assert_snapshot!("would_wait_80x24", bench.drawn(80, 21));
    bench.type_text("   1");
    let words = |text: &str| {
        let words = text.split(|c: char| c.is_whitespace() || "│▌".contains(c));
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    assert!(words(&bench.drawn(80, 21)).contains("chờ thứ 51"), "{}", bench.drawn(80, 21));
    for purpose in ConsentPurpose::ALL {
        let screen = bench.drawn(80, 21);
        let question = filled(bench.ctx.campaign.notice.question(purpose), &full, &bench.ctx);
        assert!(words(&screen).contains(&words(&question)), "{question}\n{screen}");
        assert!(words(&screen).contains("chờ thứ 51"), "{screen}");
        bench.press(Key::plain(KeyCode::Tab));
    }
}

#[test]
fn every_step_of_the_script_stands_whole_on_the_smallest_screen() {
    for (lang, known) in [(Lang::Vi, Some("bác")), (Lang::Vi, None), (Lang::En, Some("anh"))] {
        let mut bench = Bench::opened();
        bench.ctx.lang = lang;
        let name = "Công Tằng Tôn Nữ Nguyễn Thị Hồng Vân".to_owned();
        let shown =
            CallCard { name, salutation: known.map(ToOwned::to_owned), would_wait_at: Some(51), ..card() };
        bench.press(Key::plain(KeyCode::Enter));
        bench.reply(Ok((Some(claimed()), Some(Snapshot::OpenCall { call: Some(Box::new(shown.clone())) }))));
        let campaign = bench.ctx.campaign.clone();
        for step in campaign.script.steps_for(Purpose::Offer) {
            let (screen, spoken) = (bench.drawn(80, 21), filled(&step.text, &shown, &bench.ctx));
            for word in spoken.split_whitespace() {
                assert!(screen.contains(word), "{word} of {spoken}\n{screen}");
            }
            bench.press(Key::plain(KeyCode::Down));
        }
    }
}

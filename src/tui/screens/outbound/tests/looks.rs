//! How every state looks, inside the frame of 80×24 and 120×36 (three rows belong to the frame).

use super::*;

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

//! Measures what a user waits for: the first screen, and the frame after a key.

use super::gauge::{Bound, Figure, Samples, resident_mb};
use super::large::Large;
use crate::demo;
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::store::{Store, StoreError};
use crate::tui::app::App;
use crate::tui::ctx::{Ctx, Focus};
use crate::tui::effect::{Effect, Job, Reply};
use crate::tui::field::compose::TypingMode;
use crate::tui::input::{Input, Key, KeyCode};
use crate::tui::screens;
use crate::tui::theme::{Depth, Theme};
use crate::usecase::{Door, Error, Request, When};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// Columns and rows of the measured window.
const SIZE: (u16, u16) = (200, 50);

fn app(door: &Door, large: &Large) -> Result<App, Error> {
    let ctx = Ctx {
        actor: door.actor(&StaffId("lan".to_owned()))?,
        campaign: door.campaign(),
        lang: Lang::Vi,
        theme: Theme::new(Depth::True),
        now: demo::opens_at(large.day),
        typing: TypingMode::Telex,
        simulated: true,
        focus: Focus::default(),
    };
    Ok(App::new(ctx, SIZE, screens::all))
}

/// Carries out effects as the session's worker would, until none is left.
fn settle(app: &mut App, door: &Door, mut effects: Vec<Effect>, large: &Large) {
    let staff = StaffId("lan".to_owned());
    let now = demo::opens_at(large.day);
    while let Some(effect) = effects.pop() {
        if let Effect::Run(job) = effect {
            let Job { ticket, command, then } = *job;
            let receipt = command
                .map(|command| {
                    door.execute(Request { op: None, staff: staff.clone(), when: When::Now(now), command })
                })
                .transpose();
            let outcome = receipt.and_then(|receipt| {
                let snapshots = then.into_iter().map(|query| door.query(&staff, now, query));
                Ok((receipt, snapshots.collect::<Result<_, _>>()?))
            });
            effects.extend(app.reply(Reply { ticket, outcome }));
        }
    }
}

/// From the closed file to the first whole screen.
pub fn start(large: &Large) -> Result<Vec<Figure>, Error> {
    let mut samples = Samples::default();
    for _ in 0..5 {
        samples.time(|| -> Result<(), Error> {
            let door = Door::open(Store::open(&large.path)?, "bench")?;
            let mut app = app(&door, large)?;
            let effects = app.start();
            settle(&mut app, &door, effects, large);
            let mut terminal = terminal()?;
            draw(&mut terminal, &app)
        })?;
    }
    let mut figures = vec![Figure::new(
        "start",
        format!("{} customers: first screen, median of 5", large.customers),
        samples.at(0.5),
        "ms",
        Bound::AtMost(80.0),
    )];
    if let Some(mb) = resident_mb("self") {
        figures.push(Figure::new(
            "start",
            "resident, the benchmark's own store and all",
            mb,
            "MB",
            Bound::None,
        ));
    }
    Ok(figures)
}

/// From a key to the finished frame, the search behind it included.
pub fn frame(large: &Large) -> Result<Vec<Figure>, Error> {
    let door = Door::open(Store::open(&large.path)?, "bench")?;
    let mut app = app(&door, large)?;
    let effects = app.start();
    settle(&mut app, &door, effects, large);
    let mut terminal = terminal()?;
    let mut samples = Samples::default();
    let words = ["nguyen thi hoa", "tran van hung", "0901234567", "le", "pham minh duc"];
    let effects = app.input(Input::Key(Key::alt('2')));
    settle(&mut app, &door, effects, large);
    for round in 0..200 {
        let word = words[round % words.len()];
        for letter in word.chars() {
            samples.time(|| -> Result<(), Error> {
                let effects = app.input(Input::Key(Key::char(letter)));
                settle(&mut app, &door, effects, large);
                draw(&mut terminal, &app)
            })?;
        }
        for _ in word.chars() {
            let effects = app.input(Input::Key(Key::plain(KeyCode::Backspace)));
            settle(&mut app, &door, effects, large);
        }
    }
    Ok(vec![
        Figure::new(
            "frame",
            format!("{} keys at 200×50: p50", samples.len()),
            samples.at(0.5),
            "ms",
            Bound::None,
        ),
        Figure::new(
            "frame",
            format!("{} keys at 200×50: p99", samples.len()),
            samples.at(0.99),
            "ms",
            Bound::AtMost(5.0),
        ),
    ])
}

fn terminal() -> Result<Terminal<TestBackend>, Error> {
    Terminal::new(TestBackend::new(SIZE.0, SIZE.1))
        .map_err(|error| StoreError::internal(&error.to_string()).into())
}

fn draw(terminal: &mut Terminal<TestBackend>, app: &App) -> Result<(), Error> {
    terminal
        .draw(|frame| app.view(frame))
        .map(drop)
        .map_err(|error| StoreError::internal(&error.to_string()).into())
}

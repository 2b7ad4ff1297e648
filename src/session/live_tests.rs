//! Tests what a session shows of others' changes and of a store that goes away: the real screens over a real store,
//! and a script of "once this is on screen, do that" as the user. Nothing waits for time to pass.

use super::*;
use crate::domain::lang::Lang;
use crate::domain::session::Entrance;
use crate::domain::time::Timestamp;
use crate::session::presence::new_presence;
use crate::store::{Place, Store};
use crate::tui::app::App;
use crate::tui::fixture;
use crate::tui::input::{Input, Key, KeyCode};
use crate::tui::screens;
use crate::usecase::command::SetQuota;
use crate::usecase::fixture::{at, campaign, hotline_in, id};
use crate::usecase::patience;
use crate::usecase::{Command, Door, Request, When};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// Records the form, and answers its question with yes.
const YES: &[Key] = &[Key::plain(KeyCode::Enter), Key::plain(KeyCode::Tab), Key::plain(KeyCode::Enter)];
/// The question before the seats change.
const QUESTION: &str = "Đổi số suất từ 500 thành 507?";
/// A key was held during a save that failed.
const DROPPED: &str = "Đã bỏ 1 phím";
/// Longer than any machine needs for one step.
const PATIENCE: Duration = Duration::from_secs(90);

fn clock() -> Timestamp {
    fixture::at("2026-12-02T09:00:00")
}

/// One step of a story: what has to be on screen, and what is done then.
struct Step<'s> {
    sees: Box<dyn Fn(&str) -> bool + 's>,
    what: String,
    act: Box<dyn FnOnce(&mut Keyboard<'_>) + 's>,
}

/// The user's keyboard.
struct Keyboard<'h> {
    events: &'h Sender<Event>,
    /// What is on screen at this step.
    screen: &'h str,
    /// When the last step was done.
    since: Instant,
}

impl Keyboard<'_> {
    fn press(&self, keys: &[Key]) {
        for key in keys {
            self.events.send(Event::Input(Input::Key(*key))).unwrap();
        }
    }

    fn types(&self, text: &str) {
        self.press(&text.chars().map(Key::char).collect::<Vec<_>>());
    }
}

/// A story, step by step.
#[derive(Default)]
struct Story<'s>(VecDeque<Step<'s>>);

impl<'s> Story<'s> {
    fn sees(self, text: &'s str, act: impl FnOnce(&mut Keyboard<'_>) + 's) -> Self {
        self.until(text, move |screen| screen.contains(text), act)
    }

    fn until(
        mut self,
        what: &str,
        sees: impl Fn(&str) -> bool + 's,
        act: impl FnOnce(&mut Keyboard<'_>) + 's,
    ) -> Self {
        self.0.push_back(Step { sees: Box::new(sees), what: what.to_owned(), act: Box::new(act) });
        self
    }

    /// Plays it as the supervisor in front of the overview, to its end.
    fn plays(mut self, door: &Door) {
        let mut ctx = fixture::ctx(crate::domain::actor::Role::Supervisor);
        ctx.actor = door.actor(&id("ha")).unwrap();
        ctx.lang = Lang::Vi;
        ctx.campaign = door.campaign();
        let (sender, events) = channel();
        let keyboard = sender.clone();
        let begun = Instant::now();
        let mut since = begun;
        let mut last = String::new();
        let mut hooks = Hooks {
            copy: &mut |_| (),
            shown: &mut |buffer| {
                last = text_of(buffer);
                while self.0.front().is_some_and(|step| (step.sees)(&last)) {
                    let step = self.0.pop_front().unwrap();
                    let mut keyboard = Keyboard { events: &keyboard, screen: &last, since };
                    (step.act)(&mut keyboard);
                    since = Instant::now();
                    if self.0.is_empty() {
                        keyboard.events.send(Event::Input(Input::Hangup)).unwrap();
                    }
                }
                if since.elapsed() > PATIENCE {
                    keyboard.send(Event::Input(Input::Hangup)).unwrap();
                }
                Ok(())
            },
        };
        let store_time = door.clock().unwrap();
        let session = Session {
            door: door.clone(),
            clock: SessionClock::new(clock, store_time),
            events,
            sender,
            idle_lock: None,
            presence: new_presence(&id("ha"), Entrance::Terminal, "tty1", None, clock()),
        };
        let mut terminal = Terminal::new(TestBackend::new(120, 36)).unwrap();
        run(session, App::new(ctx, (120, 36), screens::all), &mut terminal, &mut hooks).unwrap();
        let open: Vec<String> = self.0.into_iter().map(|step| step.what).collect();
        assert!(open.is_empty(), "never seen: {open:?}\n{last}");
    }
}

fn text_of(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in buffer.area.rows() {
        for cell in y.columns() {
            text.push_str(buffer[(cell.x, cell.y)].symbol());
        }
        text.push('\n');
    }
    text
}

/// The status line of a screen.
fn status(screen: &str) -> &str {
    screen.trim_end().lines().last().unwrap_or_default()
}

fn set_quota(door: &Door, quota: i64) {
    let command = Command::SetQuota(SetQuota { quota });
    let request = Request { op: None, staff: id("ha"), when: When::Now(at("2026-12-02T09:00")), command };
    door.execute(request).unwrap();
}

/// Opens the overview, where its figures are.
fn at_the_overview<'s>() -> Story<'s> {
    Story::default().until(
        "the screens",
        |screen| status(screen).contains("0/500"),
        |keyboard| keyboard.press(&[Key::alt('5')]),
    )
}

/// What another handle on the store does is on this screen within a second.
fn another_hand_is_seen(ours: Store, theirs: Store) {
    let door = hotline_in(ours, campaign());
    let other = Door::open(theirs, "test").unwrap();
    let mut story = at_the_overview();
    for quota in [501, 502, 503] {
        let other = &other;
        story =
            story.until("the overview", |screen| screen.contains("Phễu"), move |_| set_quota(other, quota));
        story = story.until(
            "the new seats",
            move |screen| status(screen).contains(&format!("0/{quota}")),
            |keyboard| {
                let took = keyboard.since.elapsed();
                assert!(took < Duration::from_secs(1), "seen after {took:?}");
            },
        );
    }
    story.plays(&door);
}

#[test]
fn what_another_process_does_to_the_file_is_on_screen_within_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shared.db");
    let ours = Store::create(&path).unwrap();
    another_hand_is_seen(ours, Store::open(&path).unwrap());
}

#[test]
fn what_another_host_does_on_the_server_is_on_screen_within_a_second() {
    let Some((trial, _line, door)) = patience::programme(30) else { return };
    drop(door);
    let place = || Place::Server(Box::new(trial.address().clone()));
    let ours = Door::open(Store::open(place()).unwrap(), "test").unwrap();
    let theirs = Door::open(Store::open(place()).unwrap(), "test").unwrap();
    let story = at_the_overview();
    let story = story.until("the overview", |screen| screen.contains("Phễu"), |_| set_quota(&theirs, 501));
    let story = story.until(
        "the new seats",
        |screen| status(screen).contains("0/501"),
        |keyboard| assert!(keyboard.since.elapsed() < Duration::from_secs(1)),
    );
    story.plays(&ours);
}

/// Up to the moment in which the form stands filled in and the line is cut.
fn a_form_and_a_dead_line(line: &patience::Line) -> Story<'_> {
    at_the_overview().sees("Phễu", |keyboard| keyboard.types("s")).until(
        "the form",
        |screen| screen.contains("Số suất"),
        |keyboard| {
            line.down.store(true, Ordering::Relaxed);
            keyboard.types("507");
            keyboard.press(YES);
        },
    )
}

#[test]
fn a_server_that_comes_back_finds_the_form_and_saves_it_once() {
    let Some((_trial, line, door)) = patience::programme(60) else { return };
    let story = a_form_and_a_dead_line(&line)
        .until(
            "away",
            |screen| status(screen).contains("đang nối lại…"),
            |keyboard| keyboard.press(&[Key::f(10)]),
        )
        .until(
            "keys work",
            |screen| status(screen).contains("reconnecting…"),
            |keyboard| {
                keyboard.press(&[Key::f(10)]);
            },
        )
        .until(
            "away",
            |screen| status(screen).contains("đang nối lại…") && screen.contains("507"),
            |_| {
                line.down.store(false, Ordering::Relaxed);
            },
        )
        .until("saved", |screen| screen.contains("0/507") && !screen.contains("đang nối lại…"), |_| ());
    story.plays(&door);
}

#[test]
fn when_patience_ends_the_reason_is_shown_and_the_form_keeps_what_was_typed() {
    let Some((_trial, line, door)) = patience::programme(1) else { return };
    let story = a_form_and_a_dead_line(&line)
        .sees("đang nối lại…", |_| ())
        .until(
            "the reason over the form",
            |screen| {
                screen.contains("Không mở được kho dữ liệu")
                    && screen.contains("507")
                    && !screen.contains("đang nối lại…")
            },
            |keyboard| {
                line.down.store(false, Ordering::Relaxed);
                keyboard.press(&[Key::plain(KeyCode::Enter)]);
            },
        )
        // A read that failed before the save gives the same reason. Enter is held then, and dropped with the save.
        .until(
            "the question, or Enter dropped, or saved after all",
            |screen| [QUESTION, DROPPED, "0/507"].iter().any(|text| screen.contains(text)),
            |keyboard| match keyboard.screen {
                screen if screen.contains(QUESTION) => keyboard.press(&YES[1..]),
                screen if screen.contains(DROPPED) => keyboard.press(YES),
                _ => {}
            },
        )
        .until("saved", |screen| screen.contains("0/507"), |_| ());
    story.plays(&door);
}

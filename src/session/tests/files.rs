//! A campaign file goes from the disk into force by keys alone on a local terminal, and nowhere from afar.

use crate::domain::actor::Role;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;
use crate::session::{Executor, SessionClock, SessionHost, Work, carry_out, take};
use crate::tui::app::App;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::fixture;
use crate::tui::input::{Input, Key, KeyCode};
use crate::tui::screens;
use crate::usecase::Door;
use crate::usecase::fixture::{hotline_in_memory, number};
use std::collections::VecDeque;
use std::time::Instant;

const ENTER: Key = Key::plain(KeyCode::Enter);

fn nine() -> Timestamp {
    fixture::at("2026-12-02T09:30:00")
}

struct Host {
    is_local: bool,
    asked: VecDeque<Work>,
}

impl SessionHost for Host {
    fn give(&mut self, work: Work) {
        self.asked.push_back(work);
    }

    fn copy(&mut self, _text: &str) {}

    fn has_files(&self) -> bool {
        self.is_local
    }
}

/// The supervisor's screens, and what carries out their effects.
struct Desk {
    app: App,
    executor: Executor,
    host: Host,
}

impl Desk {
    fn open(door: &Door, is_local: bool) -> Self {
        let actor = door.actor(&StaffId("ha".to_owned())).unwrap();
        let ctx = Ctx { actor, campaign: door.campaign(), ..fixture::ctx(Role::Supervisor) };
        let executor = Executor::new(door.clone(), SessionClock::new(nine, Some(nine())));
        let app = App::new(ctx, (120, 36), screens::all);
        let mut desk = Self { app, executor, host: Host { is_local, asked: VecDeque::new() } };
        let effects = desk.app.start();
        desk.settle(effects);
        desk
    }

    fn settle(&mut self, effects: Vec<Effect>) {
        carry_out(effects, &mut self.app, &mut self.host);
        while let Some(work) = self.host.asked.pop_front() {
            let event = self.executor.run(work, Instant::now());
            let effects = take(event, &mut self.app);
            carry_out(effects, &mut self.app, &mut self.host);
        }
    }

    fn press(&mut self, key: Key) {
        let effects = self.app.input(Input::Key(key));
        self.settle(effects);
    }

    fn write(&mut self, text: &str) {
        text.chars().for_each(|c| self.press(Key::char(c)));
    }

    fn screen(&self) -> String {
        fixture::drawn(120, 36, |frame, _| self.app.view(frame))
    }

    /// Opens the page of versions and asks for a file to be compared.
    fn compare(&mut self, path: &str) {
        self.press(Key::alt('5'));
        self.press(Key::char('r'));
        self.press(Key::char('f'));
        self.write(path);
        self.press(ENTER);
    }
}

fn versions(door: &Door) -> i64 {
    number(door, "SELECT COUNT(*) FROM campaign_version")
}

#[test]
fn a_supervisor_compares_a_file_and_puts_it_in_force_by_keys() {
    let door = hotline_in_memory();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("next.toml");
    std::fs::write(&path, "min_charge = 400000\n").unwrap();
    let path = path.display().to_string();
    let mut desk = Desk::open(&door, true);
    desk.compare("nowhere.toml");
    assert!(desk.screen().contains("không đọc được"), "{}", desk.screen());
    for _ in 0..12 {
        desk.press(Key::plain(KeyCode::Backspace));
    }
    desk.write(&path);
    desk.press(ENTER);
    assert!(desk.screen().contains("300000 → 400000"), "{}", desk.screen());
    desk.press(ENTER);
    desk.press(Key::char('u'));
    desk.write("thu");
    desk.press(ENTER);
    desk.press(ENTER);
    assert_eq!(versions(&door), 1, "no is marked");
    desk.press(ENTER);
    desk.press(Key::plain(KeyCode::Tab));
    desk.press(ENTER);
    assert_eq!(versions(&door), 2, "{}", desk.screen());
    assert_eq!(number(&door, "SELECT COUNT(*) FROM meta WHERE name = 'campaign_reason:2'"), 1);
}

#[test]
fn a_session_from_afar_reads_no_file_of_this_machine() {
    let door = hotline_in_memory();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("next.toml");
    std::fs::write(&path, "min_charge = 400000\n").unwrap();
    let mut desk = Desk::open(&door, false);
    desk.compare(&path.display().to_string());
    let screen = desk.screen();
    assert!(screen.contains("máy tại chỗ") && !screen.contains("400000"), "{screen}");
}

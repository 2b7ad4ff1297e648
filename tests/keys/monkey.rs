//! A hand that types at random, and what it finds wrong.

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tongdai::demo;
use tongdai::domain::actor::Role;
use tongdai::domain::disposition::Disposition;
use tongdai::domain::id::StaffId;
use tongdai::domain::lang::Lang;
use tongdai::domain::time::Timestamp;
use tongdai::tui::app::{App, MakeScreens, all_rows};
use tongdai::tui::ctx::{Ctx, Focus};
use tongdai::tui::effect::{Effect, Job, Reply};
use tongdai::tui::field::compose::TypingMode;
use tongdai::tui::input::{Input, Key, KeyCode};
use tongdai::tui::screens;
use tongdai::tui::theme::{Depth, Theme};
use tongdai::usecase::command::Outcome;
use tongdai::usecase::{Command, Door, Query, Request, Topics, When};

/// Sizes that are typed into; the two small ones take no keys.
const SIZES: [(u16, u16); 5] = [(80, 24), (120, 36), (200, 50), (60, 20), (40, 12)];
/// Presses of Esc after which everything is at rest.
const MOST_ESC: usize = 10;
/// A frame is drawn after so many steps.
const DRAWN_EVERY: u32 = 16;
/// Customers of the store.
const CUSTOMERS: u32 = 2_000;

/// What must not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A command that cannot be taken back went out without its question answered by yes.
    NotAsked(&'static str),
    /// Text that stood typed is gone after nothing but Esc.
    Lost,
    /// Pressing Esc does not arrive at rest.
    Restless,
    /// One key would be taken by two acts.
    TwoMeanings(Vec<String>),
    /// A window that is too small let something through.
    ActedBlind,
}

/// A plain generator: the same seed types the same keys.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        // xorshift64*; the seed is never 0.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        high as usize % below.max(1)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.throw(of.len())]
    }
}

/// The hand with its screens and store.
pub struct Monkey {
    app: App,
    door: Door,
    staff: StaffId,
    dice: Dice,
    pool: Vec<Key>,
    terminal: Terminal<TestBackend>,
    size: (u16, u16),
    now: Timestamp,
    recent: VecDeque<String>,
    fault: Option<Fault>,
    /// Commands that went through the Door, by the name of their receipt's command.
    done: BTreeMap<String, u32>,
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 2).unwrap()
}

impl Monkey {
    /// Sits down as `login` before the program's own screens.
    pub fn sits(login: &str, role: Role, seed: u64) -> Self {
        let door = demo::build(None, CUSTOMERS, today(), |_| ()).unwrap();
        let monkey = Self::at(door, login, seed, screens::all);
        assert_eq!(monkey.app.ctx.actor.role, role);
        monkey
    }

    /// Sits down before other screens.
    pub fn before(make: MakeScreens, seed: u64) -> Self {
        let door = demo::build(None, CUSTOMERS, today(), |_| ()).unwrap();
        Self::at(door, "ha", seed, make)
    }

    fn at(door: Door, login: &str, seed: u64, make: MakeScreens) -> Self {
        let staff = StaffId(login.to_owned());
        let now = demo::opens_at(today());
        let ctx = Ctx {
            actor: door.actor(&staff).unwrap(),
            campaign: door.campaign(),
            lang: Lang::Vi,
            theme: Theme::new(Depth::Mono),
            now,
            typing: TypingMode::Telex,
            simulated: true,
            focus: Focus::default(),
        };
        let rows = all_rows(&ctx, make).into_iter().flat_map(|(_, rows)| rows);
        let mut pool: Vec<Key> = rows.flat_map(|row| row.keys.iter().copied()).collect();
        pool.extend("abcdefghijklmnopqrstuvwxyz0123456789 /?.,-+:ABCXYZ".chars().map(Key::char));
        pool.extend(std::iter::repeat_n(Key::plain(KeyCode::Enter), 30));
        pool.extend(std::iter::repeat_n(Key::plain(KeyCode::Down), 12));
        pool.extend([KeyCode::Tab, KeyCode::Esc, KeyCode::Up, KeyCode::Backspace].map(Key::plain));
        pool.extend((1..=12).map(Key::f));
        let size = SIZES[1];
        let app = App::new(ctx, size, make);
        let terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        let dice = Dice(seed | 1);
        let recent = VecDeque::new();
        let mut monkey = Self {
            app,
            door,
            staff,
            dice,
            pool,
            terminal,
            size,
            now,
            recent,
            fault: None,
            done: BTreeMap::new(),
        };
        let effects = monkey.app.start();
        monkey.carry_out(effects, false);
        monkey
    }

    /// What it did last, the newest at the end.
    pub fn last(&self) -> Vec<String> {
        self.recent.iter().cloned().collect()
    }

    /// How often each kind of command was done; what cannot be taken back is named by what it does.
    pub const fn done(&self) -> &BTreeMap<String, u32> {
        &self.done
    }

    /// Types so many times; the first fault ends it.
    pub fn plays(&mut self, times: u32) -> Option<Fault> {
        for step in 0..times {
            match self.dice.throw(100) {
                0..=1 => self.resizes(),
                2..=3 => self.pastes(),
                4..=5 => self.waits(),
                6..=7 => self.comes_to_rest(),
                8 if self.app.is_alarmed() => {
                    for digit in ['1', '1', '5'] {
                        self.does(Input::Key(Key::char(digit)));
                    }
                }
                _ => {
                    let key = *self.dice.pick(&self.pool);
                    self.does(Input::Key(key));
                }
            }
            if step % DRAWN_EVERY == 0 {
                self.draws();
            }
            if self.fault.is_some() {
                return self.fault.take();
            }
        }
        None
    }

    fn notes(&mut self, what: String) {
        self.recent.push_back(what);
        if self.recent.len() > 24 {
            self.recent.pop_front();
        }
    }

    fn resizes(&mut self) {
        let size = *self.dice.pick(&SIZES);
        self.size = size;
        self.does(Input::Resize(size.0, size.1));
        self.terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        self.draws();
        // A small window is not left for long: there is nothing to do in it.
        if size.0 < 80 && self.dice.throw(4) > 0 {
            self.does(Input::Key(Key::char('5')));
            let size = SIZES[self.dice.throw(3)];
            self.size = size;
            self.does(Input::Resize(size.0, size.1));
            self.terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        }
    }

    fn pastes(&mut self) {
        let texts =
            ["Nguyễn Văn Hùng", "0901234567", "090 123 45 67", "x\ny\t\u{1b}[A", "31/02/2026", "", "9:00"];
        let text = (*self.dice.pick(&texts)).to_owned();
        self.does(Input::Paste(text));
    }

    fn waits(&mut self) {
        let ms = [1_000, 1_000, 30_000, 130_000][self.dice.throw(4)];
        self.now = self.now.plus_ms(ms);
        self.does(Input::Tick(self.now));
        if self.dice.throw(2) == 0 {
            self.does(Input::Changed(Topics::ALL));
        }
    }

    fn draws(&mut self) {
        let app = &self.app;
        self.terminal.draw(|frame| app.view(frame)).unwrap();
        self.app.shown();
    }

    /// Presses Esc until everything is at rest; whatever stood typed is still somewhere then.
    fn comes_to_rest(&mut self) {
        if self.app.is_alarmed() || self.size.0 < 80 {
            return;
        }
        let typed = self.app.touched_texts();
        for _ in 0..MOST_ESC {
            if self.app.is_at_rest() {
                break;
            }
            self.does(Input::Key(Key::plain(KeyCode::Esc)));
        }
        if !self.app.is_at_rest() {
            self.fault.get_or_insert(Fault::Restless);
        }
        let kept = self.app.texts();
        // Blanks at its ends are no part of a note.
        let is_kept = |text: &str| kept.iter().any(|kept| kept.trim() == text);
        if typed.iter().map(|text| text.trim()).any(|text| text.chars().count() > 1 && !is_kept(text)) {
            self.notes(format!("of {typed:?} there is {kept:?}"));
            self.fault.get_or_insert(Fault::Lost);
        }
    }

    fn does(&mut self, input: Input) {
        self.notes(match &input {
            Input::Key(key) => key.to_string(),
            Input::Tick(_) => "tick".to_owned(),
            other => format!("{other:?}"),
        });
        let yes = matches!(self.app.question(), Some((_, true))) && matches!(input, Input::Key(_));
        let by_hand = matches!(input, Input::Key(_) | Input::Paste(_));
        let small = self.size.0 < 80;
        let leaves = matches!(input, Input::Key(key) if key == Key::ctrl('q') || key == Key::ctrl('c'));
        let effects = self.app.input(input);
        if small && by_hand && !leaves && !effects.is_empty() {
            self.fault.get_or_insert(Fault::ActedBlind);
        }
        self.carry_out(effects, yes);
        let clashes = self.app.live_clashes();
        if !clashes.is_empty() {
            self.fault.get_or_insert(Fault::TwoMeanings(clashes));
        }
    }

    /// Goes through the Door as a session does; `yes`: the person just answered a question with yes.
    fn carry_out(&mut self, effects: Vec<Effect>, yes: bool) {
        let mut waiting: VecDeque<(Effect, bool)> = effects.into_iter().map(|effect| (effect, yes)).collect();
        while let Some((effect, yes)) = waiting.pop_front() {
            match effect {
                Effect::Run(job) => {
                    if let Some(name) = job.command.as_ref().and_then(irrevocable)
                        && !yes
                    {
                        self.fault.get_or_insert(Fault::NotAsked(name));
                    }
                    let name = job.command.as_ref().map(name_of);
                    let reply = self.answer(*job);
                    if let (Some(name), Ok(_)) = (name, &reply.outcome) {
                        *self.done.entry(name).or_default() += 1;
                    }
                    // What follows of a command that was asked for belongs to the same yes.
                    waiting.extend(self.app.reply(reply).into_iter().map(|effect| (effect, yes)));
                }
                Effect::Compare(compare) => {
                    // Whatever path was typed, the file is this one.
                    let file = Some("min_charge = 400000\n".to_owned());
                    let replay = compare.replay;
                    let query = Query::CampaignDiff { file, version: None, base: None, replay };
                    let reply = self.answer(Job { ticket: compare.ticket, command: None, then: vec![query] });
                    waiting.extend(self.app.reply(reply).into_iter().map(|effect| (effect, false)));
                }
                // Where no file is written, as in a session from afar.
                Effect::Export(export) => {
                    let reply = Reply { ticket: export.ticket, outcome: Ok((None, Vec::new())) };
                    let effects = self.app.reply(reply);
                    waiting.extend(effects.into_iter().map(|effect| (effect, false)));
                }
                Effect::Quit => {
                    let effects = self.app.start();
                    waiting.extend(effects.into_iter().map(|effect| (effect, false)));
                }
                _ => {}
            }
        }
    }

    fn answer(&self, job: Job) -> Reply {
        let Job { ticket, command, then } = job;
        let (staff, when) = (&self.staff, self.now);
        let receipt = command.map(|command| {
            self.door.execute(Request { op: None, staff: staff.clone(), when: When::Now(when), command })
        });
        let outcome = receipt.transpose().and_then(|receipt| {
            let snapshots = then.into_iter().map(|query| self.door.query(staff, when, query));
            Ok((receipt, snapshots.collect::<Result<_, _>>()?))
        });
        Reply { ticket, outcome }
    }
}

fn name_of(command: &Command) -> String {
    let kind = || {
        let value = serde_json::to_value(command).unwrap();
        value.as_object().and_then(|form| form.keys().next().cloned()).unwrap_or_default()
    };
    irrevocable(command).map_or_else(kind, ToOwned::to_owned)
}

/// The name of a command that nothing takes back.
fn irrevocable(command: &Command) -> Option<&'static str> {
    Some(match command {
        Command::OptOut(_) => "opt_out",
        Command::CancelRegistration(_) => "cancel_registration",
        Command::WithdrawConsent(_) => "withdraw_consent",
        Command::RecordCall(record) if record.disposition == Disposition::DoNotCall => "do_not_call",
        Command::HandOver(_) => "hand_over",
        Command::Acknowledge(_) => "acknowledge",
        Command::Triage(triage) if !triage.red_flags.is_empty() => "divert_115",
        Command::CancelAppointment(_) => "cancel_appointment",
        Command::StartConsultation(_) => "start_consultation",
        Command::RecordResult(result) if result.outcome != Outcome::Done => "no_show",
        Command::SetQuota(_) => "set_quota",
        Command::LoadCampaign(_) => "load_campaign",
        Command::DisableStaff(_) => "disable_staff",
        Command::RemoveStaffKey(_) => "remove_staff_key",
        Command::ClearPin(_) => "clear_pin",
        Command::EndSession(_) => "end_session",
        _ => return None,
    })
}

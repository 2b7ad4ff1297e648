mod case_search;
mod law;
mod notices;
mod numbers;
mod session;
mod tutor;

use super::*;
use crate::domain::actor::Role;
use crate::domain::id::{MatterId, StaffId};
use crate::domain::lang::Lang;
use crate::store::StoreError;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Job, Ticket, Tickets};
use crate::tui::field::{Field, Kind};
use crate::tui::fixture;
use crate::tui::form::Form;
use crate::tui::input::{Key, KeyCode, Mouse, Pointer};
use crate::tui::keys::{Binding, clashes, missing_texts};
use crate::tui::screen::{AnyScreen, Msg, Screen, ScreenHost};
use crate::tui::theme::{Depth, Theme};
use crate::tui::widgets::pane;
use crate::usecase::Query;
use crate::usecase::command::MatterRef;
use crate::usecase::model::count::{QuotaModel, StatusLine};
use crate::usecase::{Command, Error, Receipt};
use ratatui::Frame;
use ratatui::layout::Rect;

/// A screen with one form, one save and one open call.
#[derive(Debug, Clone, PartialEq)]
struct Desk1 {
    form: Option<Form>,
    tickets: Tickets,
    saving: Option<Ticket>,
    marks: Vec<Do>,
    call: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Do {
    Save,
    Mark,
    Alarm,
    Never,
}

impl Screen for Desk1 {
    type Act = Do;

    const BINDINGS: &'static [Binding<Do, Self>] = &[
        Binding::new("form", "form.next", &[Key::plain(KeyCode::Enter)], Do::Save),
        Binding::new("form", "form.toggle", &[Key::char('m')], Do::Mark),
        Binding::new("form", "form.back", &[Key::char('0')], Do::Alarm),
        Binding::new("form", "form.choose_next", &[Key::char('3')], Do::Never)
            .when(|_| Err("frame.why.no_question")),
        Binding::new("form", "form.choose_back", &[Key::char('s')], Do::Never)
            .needs(crate::domain::actor::Permission::SeeAudit),
    ];

    fn update(&mut self, msg: Msg<Do>, _ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Act(Do::Save) => {
                let ticket = self.tickets.next();
                self.saving = Some(ticket);
                let command = Command::RenewLease(MatterRef { matter: MatterId(5) });
                vec![Effect::save(ticket, command, None)]
            }
            Msg::Act(Do::Alarm) => vec![Effect::Alarm { id: "acute", lines: Vec::new() }],
            Msg::Act(act) => {
                self.marks.push(act);
                Vec::new()
            }
            Msg::Replied(ticket, outcome) if self.saving == Some(ticket) => {
                self.saving = None;
                outcome.err().map(|e| Effect::failed(&e)).into_iter().collect()
            }
            Msg::Answered("acute", true) => {
                self.marks.push(Do::Alarm);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let room = pane::open(frame, area, ctx, "Khách hàng", true);
        if let Some(form) = &self.form {
            form.view(frame, room, ctx, true);
        }
    }

    fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        self.form.as_mut()
    }

    fn saving(&self) -> bool {
        self.saving.is_some()
    }

    fn standing(&self, _ctx: &Ctx) -> Option<(Tone, Say)> {
        self.call.then(|| (Tone::Ok, Say::Plain("Đang gọi 01:23".to_owned())))
    }

    fn call_open(&self) -> bool {
        self.call
    }
}

fn plain(origin: Origin, call: bool) -> Box<dyn AnyScreen> {
    let screen = Desk1 { form: None, tickets: Tickets::new(origin), saving: None, marks: Vec::new(), call };
    Box::new(ScreenHost::new(origin, screen))
}

fn screens(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    TABS.into_iter().map(|tab| plain(tab, false)).collect()
}

fn calling(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    TABS.into_iter().map(|tab| plain(tab, tab == Origin::Calls)).collect()
}

fn with_form(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    let form = Form::new()
        .field("name", "key.form.next.label", Field::new(Kind::Text))
        .tick("register", "key.form.toggle.label")
        .choice("method", "key.form.choose_next.label", &["tab.calls", "tab.survey"]);
    let screen = Desk1 {
        form: Some(form),
        tickets: Tickets::new(Origin::Calls),
        saving: None,
        marks: Vec::new(),
        call: true,
    };
    vec![Box::new(ScreenHost::new(Origin::Calls, screen)), plain(Origin::Overview, false)]
}

fn ctx(role: Role) -> Ctx {
    Ctx { theme: Theme::new(Depth::True), ..fixture::ctx(role) }
}

fn status() -> StatusLine {
    StatusLine {
        seats: QuotaModel { quota: 500, taken: 312, waitlisted: 0, closed_by: None },
        days_left: 9,
        due: 1204,
        promised: 3,
        overdue: 1,
        simulated: true,
        store_time: None,
        paused: None,
        tasks: crate::usecase::model::task::TaskCount { open: 4, overdue: 1 },
    }
}

/// An app that has its status line.
fn app(role: Role, size: (u16, u16), make: MakeScreens) -> App {
    let mut app = App::new(ctx(role), size, make);
    for effect in app.start() {
        if let Effect::Run(job) = effect {
            let outcome = Ok((None, vec![Snapshot::Status(status())]));
            app.reply(Reply { ticket: job.ticket, outcome });
        }
    }
    app
}

fn app_with_form() -> App {
    app(Role::Agent, (80, 24), with_form)
}

fn press(app: &mut App, key: Key) -> Vec<Effect> {
    app.input(Input::Key(key))
}

fn type_keys(app: &mut App, text: &str) -> Vec<Effect> {
    text.chars().flat_map(|c| press(app, Key::char(c))).collect()
}

const ENTER: Key = Key::plain(KeyCode::Enter);

fn draw(app: &App) -> String {
    fixture::drawn(app.size.0, app.size.1, |frame, _| app.view(frame))
}

fn jobs(effects: &[Effect]) -> Vec<&Job> {
    effects.iter().filter_map(|e| if let Effect::Run(job) = e { Some(job.as_ref()) } else { None }).collect()
}

#[test]
fn tables_of_the_frame_do_not_clash_and_have_all_their_texts() {
    for (heading, rows) in all_rows(&ctx(Role::Agent), |_| Vec::new()) {
        assert_eq!(clashes(&rows), Vec::<String>::new(), "{heading}");
        for lang in [Lang::Vi, Lang::En] {
            assert_eq!(missing_texts(&rows, lang), Vec::<String>::new(), "{heading}");
        }
    }
}

#[test]
fn the_frame_at_the_design_size() {
    insta::assert_snapshot!(draw(&app(Role::Agent, (120, 36), with_form)));
}

#[test]
fn the_frame_at_the_smallest_size() {
    let mut app = app(Role::Agent, (80, 24), with_form);
    type_keys(&mut app, "Nguyeenx Vawn Hungf");
    insta::assert_snapshot!(draw(&app));
}

#[test]
fn the_frame_in_english() {
    let mut app = app(Role::Supervisor, (80, 24), screens);
    press(&mut app, Key::f(10));
    insta::assert_snapshot!(draw(&app));
}

#[test]
fn help_shows_the_keys_of_the_screen_and_of_the_frame() {
    let mut app = app(Role::Agent, (80, 24), screens);
    press(&mut app, Key::char('?'));
    insta::assert_snapshot!(draw(&app));
}

#[test]
fn the_alarm_fills_the_screen() {
    let mut app = app(Role::Agent, (80, 24), screens);
    press(&mut app, Key::char('0'));
    press(&mut app, Key::char('1'));
    insta::assert_snapshot!(draw(&app));
}

#[test]
fn every_window_draws_at_every_size() {
    for size in [(80, 24), (81, 25), (120, 36), (200, 60)] {
        for key in [Key::f(1), Key::ctrl('p'), Key::char('0'), Key::ctrl('q')] {
            let mut app = app(Role::Supervisor, size, calling);
            press(&mut app, key);
            assert_eq!(app.modals.len(), 1, "{key}");
            draw(&app);
        }
    }
}

#[test]
fn keys_typed_during_a_save_are_played_on_what_follows() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let saved = press(&mut app, ENTER);
    let ticket = jobs(&saved)[0].ticket;
    assert!(type_keys(&mut app, "mm").is_empty());
    assert_eq!(app.open_screen().map(AnyScreen::held), Some(2));
    press(&mut app, ENTER);
    type_keys(&mut app, "m");
    let outcome = Ok((Some(Receipt::LeaseReleased {}), Vec::new()));
    let effects = app.reply(Reply { ticket, outcome });
    // Two marks were made, the second save is on its way, the last key waits for it.
    let second = jobs(&effects)[0].ticket;
    assert_ne!(second, ticket);
    assert_eq!(app.open_screen().map(AnyScreen::held), Some(1));
    app.reply(Reply { ticket: second, outcome: Ok((Some(Receipt::LeaseReleased {}), Vec::new())) });
    assert_eq!(app.open_screen().map(AnyScreen::held), Some(0));
}

#[test]
fn at_most_thirty_two_keys_are_held_and_the_person_is_told() {
    let mut app = app(Role::Agent, (80, 24), screens);
    press(&mut app, ENTER);
    type_keys(&mut app, &"m".repeat(33));
    assert_eq!(app.open_screen().map(AnyScreen::held), Some(32));
    assert!(app.notice.as_ref().is_some_and(|n| n.tone == Tone::Warn));
}

#[test]
fn held_keys_are_dropped_aloud_when_the_save_fails() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let ticket = jobs(&press(&mut app, ENTER))[0].ticket;
    type_keys(&mut app, "mm");
    app.reply(Reply { ticket, outcome: Err(Error::Store(StoreError::Busy)) });
    assert_eq!(app.open_screen().map(AnyScreen::held), Some(0));
    // The reason stands first, what became of the keys behind it.
    let notice = app.notice.as_ref().unwrap();
    assert_eq!((notice.tone, &notice.say), (Tone::Danger, &Say::from(Error::Store(StoreError::Busy))));
    assert_eq!(notice.also, Some(Say::key("frame.held_dropped").with("count", 2)));
}

#[test]
fn text_takes_letters_before_commands_do() {
    let mut app = app(Role::Agent, (80, 24), with_form);
    type_keys(&mut app, "m0q?3");
    assert!(app.modals.is_empty());
    assert_eq!(app.open_screen().and_then(AnyScreen::field).map(Field::text), Some("m0q?3"));
    press(&mut app, Key::alt('5'));
    assert_eq!(app.open, Origin::Overview);
}

#[test]
fn esc_changes_no_text_and_ctrl_z_gives_the_keys_back() {
    let mut app = app(Role::Agent, (80, 24), with_form);
    type_keys(&mut app, "test");
    press(&mut app, Key::plain(KeyCode::Esc));
    assert_eq!(app.open_screen().and_then(AnyScreen::field).map(Field::text), Some("tét"));
    press(&mut app, Key::ctrl('z'));
    assert_eq!(app.open_screen().and_then(AnyScreen::field).map(Field::text), Some("test"));
}

#[test]
fn a_key_that_does_not_work_says_why_and_never_changes_the_tab() {
    let mut app = app(Role::Agent, (80, 24), screens);
    press(&mut app, Key::char('3'));
    assert_eq!(app.open, Origin::Calls);
    assert_eq!(app.notice.as_ref().map(|n| n.say.clone()), Some(Say::key("frame.why.no_question")));
}

#[test]
fn a_tab_that_the_role_may_not_use_says_so() {
    let mut app = app(Role::Intake, (80, 24), screens);
    assert_eq!(app.open, Origin::Schedule);
    press(&mut app, Key::alt('1'));
    assert_eq!(app.open, Origin::Schedule);
    assert!(app.notice.is_some());
}

#[test]
fn leaving_asks_only_while_a_call_is_open() {
    let mut free = app(Role::Agent, (80, 24), screens);
    assert_eq!(press(&mut free, Key::char('q')), [Effect::Quit]);
    let mut busy = app(Role::Agent, (80, 24), calling);
    assert_eq!(press(&mut busy, Key::ctrl('q')), []);
    assert_eq!(press(&mut busy, ENTER), []);
    press(&mut busy, Key::ctrl('q'));
    press(&mut busy, Key::plain(KeyCode::Tab));
    assert_eq!(press(&mut busy, ENTER), [Effect::Quit]);
    assert_eq!(busy.input(Input::Hangup), [Effect::Quit]);
}

#[test]
fn the_palette_finds_without_accents_and_runs_the_command() {
    let mut app = app(Role::Agent, (80, 24), screens);
    press(&mut app, Key::ctrl('p'));
    type_keys(&mut app, "tong quan");
    insta::assert_snapshot!(draw(&app));
    press(&mut app, ENTER);
    assert_eq!((app.open, app.modals.len()), (Origin::Overview, 0));
}

#[test]
fn old_replies_to_the_frame_are_dropped() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let mut old = status();
    old.seats.taken = 1;
    let ticket = Ticket::of(Origin::Frame, 99);
    app.reply(Reply { ticket, outcome: Ok((None, vec![Snapshot::Status(old)])) });
    assert_eq!(app.status.as_ref().map(|s| s.seats.taken), Some(312));
}

#[test]
fn clicks_open_tabs_and_press_footer_keys() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let (_, x, _) = tabs::spans(80, Lang::Vi)[4];
    app.input(Input::Mouse(Mouse { pointer: Pointer::Click, column: x + 2, row: 0 }));
    assert_eq!(app.open, Origin::Overview);
    let help = app.footer(80).into_iter().find(|key| key.id == "frame.help").unwrap();
    app.input(Input::Mouse(Mouse { pointer: Pointer::Click, column: help.x, row: 22 }));
    assert_eq!(app.modals.len(), 1);
}

#[test]
fn another_person_gets_new_screens() {
    let mut app = app(Role::Agent, (80, 24), screens);
    press(&mut app, Key::f(9));
    assert!(app.modals.is_empty());
    let line = |id: &str, role| StaffLine {
        id: StaffId(id.into()),
        name: id.to_uppercase(),
        role,
        active: true,
        doctor: None,
        keys: 0,
        has_pin: false,
    };
    app.set_people(vec![line("lan", Role::Agent), line("thu", Role::Intake)]);
    press(&mut app, Key::f(9));
    press(&mut app, Key::plain(KeyCode::Down));
    insta::assert_snapshot!(draw(&app));
    assert_eq!(press(&mut app, ENTER), [Effect::Become(StaffId("thu".into()))]);
    let actor = Actor { staff: StaffId("thu".into()), role: Role::Intake, name: "Thu".into(), doctor: None };
    assert!(!app.become_actor(actor).is_empty());
    assert_eq!(app.open, Origin::Schedule);
}

/// A screen that shows seats, unless its form is open.
#[derive(Debug, Default)]
struct SeatsOnly {
    editing: bool,
    read: usize,
}

impl Screen for SeatsOnly {
    type Act = ();

    const BINDINGS: &'static [Binding<(), Self>] =
        &[Binding::new("form", "form.toggle", &[Key::char('m')], ())];

    fn update(&mut self, msg: Msg<()>, _ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Act(()) => self.editing = !self.editing,
            Msg::Changed(_) => {
                self.read += 1;
                return vec![Effect::load(Ticket::of(Origin::Calls, 7), Query::Quota {})];
            }
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, frame: &mut Frame, area: Rect, _ctx: &Ctx) {
        frame.render_widget(format!("read {}", self.read), area);
    }

    fn shows(&self) -> Topics {
        if self.editing { Topics::NONE } else { Topics::SEATS }
    }
}

fn seats_only(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    vec![Box::new(ScreenHost::new(Origin::Calls, SeatsOnly::default()))]
}

/// What an app asks for after a change.
fn asked(app: &mut App, topics: Topics) -> Vec<Query> {
    let effects = app.input(Input::Changed(topics));
    jobs(&effects).into_iter().flat_map(|job| job.then.clone()).collect()
}

#[test]
fn only_what_is_on_show_is_read_again() {
    let mut app = app(Role::Agent, (80, 24), seats_only);
    assert_eq!(asked(&mut app, Topics::SEATS), [Query::Quota {}, Query::Status {}]);
    assert_eq!(asked(&mut app, Topics::QUEUE), [Query::Status {}]);
    assert_eq!(asked(&mut app, Topics::LEADS.with(Topics::BATCHES)), []);
    assert_eq!(asked(&mut app, Topics::ALL), [Query::Quota {}, Query::Status {}]);
}

#[test]
fn a_change_that_came_during_work_is_read_after_it() {
    let mut app = app(Role::Agent, (80, 24), seats_only);
    type_keys(&mut app, "m");
    assert_eq!(asked(&mut app, Topics::SEATS), [Query::Status {}]);
    let second = |app: &mut App| {
        let now = app.ctx.now.plus_ms(1_000);
        jobs(&app.input(Input::Tick(now))).len()
    };
    assert_eq!(second(&mut app), 0);
    type_keys(&mut app, "m");
    assert_eq!((second(&mut app), second(&mut app)), (1, 0));
}

#[test]
fn a_store_that_is_away_is_shown_on_the_status_line_and_nothing_else_changes() {
    for size in [(80, 24), (120, 36)] {
        let mut app = app(Role::Agent, size, with_form);
        type_keys(&mut app, "Hungf");
        let before = draw(&app);
        assert!(!before.contains("đang nối lại…"));
        assert_eq!(app.input(Input::Away(true)), []);
        let away = draw(&app);
        let last = away.lines().last().unwrap();
        assert!(last.contains("↻ đang nối lại…") && last.contains("312/500"), "{last}");
        type_keys(&mut app, "x");
        assert_eq!(app.open_screen().and_then(AnyScreen::field).map(Field::text), Some("Hũng"));
        press(&mut app, Key::f(10));
        assert!(draw(&app).lines().last().unwrap().contains("↻ reconnecting…"));
        press(&mut app, Key::f(10));
        app.input(Input::Away(false));
        type_keys(&mut app, "f");
        assert_eq!(draw(&app), before);
    }
}

#[test]
fn a_click_on_a_notice_takes_it_away_and_presses_nothing_under_it() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let help = app.footer(80).into_iter().find(|key| key.id == "frame.help").unwrap();
    app.say(Tone::Ok, Say::key("frame.help_title"));
    let click = |row| Input::Mouse(Mouse { pointer: Pointer::Click, column: help.x, row });
    app.input(click(21));
    assert_eq!((app.notice.is_some(), app.modals.len()), (false, 0));
    app.input(click(22));
    assert_eq!(app.modals.len(), 1);
}

#[test]
fn a_notice_leaves_the_status_line_free_while_the_store_is_away() {
    let mut app = app(Role::Agent, (80, 24), screens);
    app.input(Input::Away(true));
    app.say(Tone::Danger, Say::from(Refusal::QuotaFull { quota: 500 }));
    let drawn = draw(&app);
    assert!(drawn.contains("500 suất"), "{drawn}");
    assert!(drawn.lines().last().unwrap().contains("đang nối lại…"), "{drawn}");
}

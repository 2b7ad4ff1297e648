//! The law of keys as far as the frame holds it.

use super::*;
use crate::tui::ctx::Focus;
use crate::tui::keys::KeyRow;
use ratatui::Terminal;
use ratatui::backend::{Backend, TestBackend};

#[test]
fn no_digit_opens_a_tab_and_alt_with_a_digit_does() {
    for (tab, digit) in TABS.into_iter().zip('1'..) {
        let mut app = app(Role::Supervisor, (80, 24), calling);
        let before = app.open;
        press(&mut app, Key::char(digit));
        assert_eq!(app.open, before, "{digit}");
        press(&mut app, Key::alt(digit));
        let may = lacks(tab, Role::Supervisor).is_none();
        assert_eq!(app.open, if may { tab } else { before }, "Alt-{digit}");
    }
}

#[test]
fn caps_lock_gives_the_same_commands_and_capitals_in_text() {
    let mut app = app(Role::Agent, (80, 24), screens);
    assert_eq!(press(&mut app, Key::char('Q')), [Effect::Quit]);
    let mut form = app_with_form();
    type_keys(&mut form, "HOA");
    assert_eq!(form.open_screen().and_then(AnyScreen::field).map(Field::text), Some("HOA"));
}

/// Every row of the frame and of the real screens.
fn every_row() -> Vec<KeyRow> {
    let tables = all_rows(&ctx(Role::Supervisor), crate::tui::screens::all);
    tables.into_iter().flat_map(|(_, rows)| rows).collect()
}

#[test]
fn no_table_tells_a_letter_from_its_capital() {
    for row in every_row() {
        for key in row.keys {
            assert_eq!(key.command(), *key, "{} of {}", key, row.id);
        }
    }
}

#[test]
fn no_footer_hides_the_way_back_or_what_enter_does() {
    // The frame's own windows show their keys inside.
    for row in every_row() {
        let main = row.keys.iter().any(|key| matches!(key.code, KeyCode::Esc | KeyCode::Enter));
        assert!(!main || row.in_footer, "{}", row.id);
    }
}

#[test]
fn f4_and_f12_are_the_frames() {
    for row in every_row() {
        let own = row.keys.iter().any(|key| [Key::f(4), Key::f(12)].contains(key));
        assert!(!own || row.id.starts_with("frame."), "{}", row.id);
    }
}

#[test]
fn small_windows_get_a_polite_sentence_and_never_a_panic() {
    for size in [(20, 5), (1, 1), (79, 24), (80, 23), (0, 0)] {
        let mut app = app(Role::Agent, size, screens);
        press(&mut app, Key::f(1));
        let drawn = draw(&app);
        assert!(size.0 < 20 || drawn.contains("Cửa sổ"), "{drawn}");
    }
}

/// A call is open on a screen whose Enter saves and whose `m` marks.
fn too_small() -> App {
    let mut app = app(Role::Agent, (80, 24), calling);
    app.input(Input::Resize(79, 24));
    app
}

#[test]
fn a_window_too_small_takes_nothing_but_leaving() {
    let anything = |app: &mut App| {
        let mut out = type_keys(app, "m0q?3");
        for key in [ENTER, Key::plain(KeyCode::Esc), Key::alt('5'), Key::f(1), Key::ctrl('p')] {
            out.extend(press(app, key));
        }
        out.extend(app.input(Input::Paste("0901234567".to_owned())));
        out.extend(app.input(Input::Number { text: "0901234567".to_owned(), line_end: true }));
        out.extend(app.input(Input::Mouse(Mouse { pointer: Pointer::Click, column: 30, row: 0 })));
        out
    };
    let mut app = too_small();
    assert_eq!(anything(&mut app), []);
    assert_eq!((app.open, app.modals.len(), &app.notice), (Origin::Calls, 0, &None));
    assert_eq!(app.live(), live_of_leaving());
    assert_eq!(press(&mut app, Key::ctrl('q')), [], "a call is open: it asks");
    assert!(draw(&app).contains("câu hỏi"), "and says that it does");
    anything(&mut app);
    assert_eq!(app.modals.len(), 1, "nobody answers what cannot be read");
    app.input(Input::Resize(80, 24));
    press(&mut app, Key::plain(KeyCode::Esc));
    assert!(!press(&mut app, ENTER).is_empty(), "the control: in a window large enough the same key acts");
    let mut free = super::app(Role::Agent, (60, 20), screens);
    assert_eq!(press(&mut free, Key::ctrl('Q')), [Effect::Quit]);
}

fn live_of_leaving() -> Vec<crate::tui::keys::LiveKey> {
    let app = app(Role::Agent, (80, 24), screens);
    app.live().into_iter().filter(|key| key.id == "frame.quit").collect()
}

#[test]
fn keys_held_for_a_window_that_became_too_small_are_dropped_aloud() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let ticket = jobs(&press(&mut app, ENTER))[0].ticket;
    type_keys(&mut app, "mm");
    app.input(Input::Resize(40, 12));
    app.reply(Reply { ticket, outcome: Ok((Some(Receipt::LeaseReleased {}), Vec::new())) });
    assert_eq!(app.open_screen().map(AnyScreen::held), Some(0));
    let dropped = Say::key("frame.held_dropped").with("count", 2);
    assert_eq!(app.notice.as_ref().map(|notice| notice.say.clone()), Some(dropped));
}

/// A screen whose `0` raises the alarm.
#[derive(Debug, Default)]
struct Bell {
    field: Option<Field>,
    saving: bool,
}

impl Screen for Bell {
    type Act = ();

    const BINDINGS: &'static [Binding<(), Self>] =
        &[Binding::new("window", "window.one", &[Key::char('0')], ())];

    fn update(&mut self, msg: Msg<()>, _: &Ctx) -> Vec<Effect> {
        let acts = matches!(msg, Msg::Act(()));
        acts.then(|| Effect::Alarm { id: "acute", lines: Vec::new() }).into_iter().collect()
    }

    fn view(&self, _: &mut Frame, _: Rect, _: &Ctx) {}

    fn field(&self) -> Option<&Field> {
        self.field.as_ref()
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        self.field.as_mut()
    }

    fn saving(&self) -> bool {
        self.saving
    }
}

fn bell(screen: Bell) -> Vec<Box<dyn AnyScreen>> {
    vec![Box::new(ScreenHost::new(Origin::Calls, screen))]
}

/// What the frame says, and whether the alarm is up, after the row of `0` was chosen in the palette.
fn by_palette(make: MakeScreens) -> (Option<Say>, bool) {
    let mut app = app(Role::Agent, (80, 24), make);
    press(&mut app, Key::ctrl('p'));
    type_keys(&mut app, "so 1");
    press(&mut app, ENTER);
    let alarm = matches!(app.modals.last(), Some(Modal::Alarm { .. }));
    (app.notice.map(|notice| notice.say), alarm)
}

#[test]
fn the_palette_does_nothing_that_its_key_would_not_do() {
    let typing = by_palette(|_| bell(Bell { field: Some(Field::new(Kind::Text)), ..Bell::default() }));
    assert_eq!(typing, (Some(Say::key("frame.why.typing")), false));
    let saving = by_palette(|_| bell(Bell { saving: true, ..Bell::default() }));
    assert_eq!(saving, (Some(Say::key("frame.why.saving")), false));
    assert_eq!(by_palette(|_| bell(Bell::default())), (None, true), "the control");
    let mut alone = app(Role::Agent, (80, 24), screens);
    alone.do_frame_row("frame.people");
    assert_eq!(alone.notice.as_ref().map(|n| n.say.clone()), Some(Say::key("frame.why.not_simulated")));
}

#[test]
fn palette_and_help_begin_with_what_works_now() {
    let mut app = app(Role::Agent, (80, 24), screens);
    press(&mut app, Key::ctrl('p'));
    let Some(Modal::Palette(palette)) = app.modals.last() else { panic!("no palette") };
    let works: Vec<bool> = palette.found().iter().map(|entry| entry.row.enabled.is_ok()).collect();
    assert!(works.is_sorted_by(|a, b| a >= b), "{works:?}");
    assert!(works.contains(&true) && works.contains(&false));
    press(&mut app, Key::plain(KeyCode::Esc));
    press(&mut app, Key::f(1));
    let found = |app: &App| match app.modals.last() {
        Some(Modal::Help(help)) => help.found().map(|row| row.enabled.is_ok()).collect::<Vec<_>>(),
        _ => panic!("no help"),
    };
    let all = found(&app);
    assert!(all.is_sorted_by(|a, b| a >= b) && all.contains(&false));
    type_keys(&mut app, "thoats chuong");
    assert!(draw(&app).contains("Thoát chương trình"));
    assert!(found(&app).len() < all.len(), "the first letter filters");
    press(&mut app, Key::plain(KeyCode::Esc));
    assert!(app.modals.is_empty());
}

/// Where the terminal's cursor stands, if it is shown.
fn cursor(app: &App) -> Option<(u16, u16)> {
    let mut terminal = Terminal::new(TestBackend::new(app.size.0, app.size.1)).unwrap();
    terminal.hide_cursor().unwrap();
    terminal.draw(|frame| app.view(frame)).unwrap();
    let backend = terminal.backend_mut();
    let at = backend.get_cursor_position().unwrap();
    backend.cursor_visible().then_some((at.x, at.y))
}

#[test]
fn the_terminals_cursor_stands_where_the_keys_go() {
    let mut app = app(Role::Agent, (80, 24), with_form);
    let field = cursor(&app);
    assert!(field.is_some());
    press(&mut app, Key::plain(KeyCode::Tab));
    let tick = cursor(&app);
    assert!(tick.is_some() && tick != field, "{tick:?}");
    press(&mut app, Key::plain(KeyCode::Tab));
    let choice = cursor(&app);
    press(&mut app, Key::plain(KeyCode::Right));
    press(&mut app, Key::plain(KeyCode::Right));
    assert!(choice.is_some() && cursor(&app) != choice, "it goes with the choice");
    press(&mut app, Key::ctrl('q'));
    let no = cursor(&app).unwrap();
    let shown = draw(&app);
    let row = shown.lines().nth(usize::from(no.1)).unwrap().chars().skip(usize::from(no.0));
    assert!(row.collect::<String>().starts_with("▸ Không"), "{shown}");
    press(&mut app, Key::plain(KeyCode::Tab));
    assert_ne!(cursor(&app), Some(no));
    press(&mut app, Key::plain(KeyCode::Esc));
    press(&mut app, Key::ctrl('p'));
    let before = cursor(&app);
    press(&mut app, Key::plain(KeyCode::Down));
    assert_eq!(cursor(&app), before, "in the palette it stays where the letters go");
}

#[test]
fn a_screen_under_a_window_has_no_lit_keys() {
    let mut app = app(Role::Agent, (80, 24), calling);
    let lit = app.ctx.theme;
    let under = |app: &App| app.under(app.open_screen().unwrap());
    assert_eq!((under(&app).focus, under(&app).theme), (Focus::Screen, lit));
    press(&mut app, Key::ctrl('q'));
    let dimmed = under(&app);
    assert!(dimmed.is_under_window());
    assert_eq!(dimmed.theme.key(), lit.muted());
    assert_ne!(lit.key(), lit.muted());
    assert!(app.footer(80).iter().all(|key| key.id.starts_with("window.")), "the window's keys alone");
    assert_eq!(type_keys(&mut app, "0m3q?"), [], "a question takes no key that means something else");
    assert_eq!(app.modals.len(), 1);
}

#[test]
fn each_key_has_one_meaning_on_every_screen_as_it_opens() {
    for role in Role::ALL {
        for tab in TABS {
            let mut app = app(role, (120, 36), crate::tui::screens::all);
            app.settle(vec![(tab, Effect::Goto(tab, None))]);
            assert_eq!(app.live_clashes(), Vec::<String>::new(), "{role:?} on {tab:?}");
        }
    }
}

/// A screen on which Enter would be taken by two acts.
#[derive(Debug)]
struct Twice;

impl Screen for Twice {
    type Act = bool;

    const BINDINGS: &'static [Binding<bool, Self>] = &[
        Binding::new("form", "form.next", &[ENTER], true),
        Binding::new("window", "form.toggle", &[Key::char('m'), ENTER], false),
    ];

    fn update(&mut self, _: Msg<bool>, _: &Ctx) -> Vec<Effect> {
        Vec::new()
    }

    fn view(&self, _: &mut Frame, _: Rect, _: &Ctx) {}
}

#[test]
fn each_key_has_one_meaning_in_every_state_of_the_frame() {
    for make in [screens as MakeScreens, calling, with_form] {
        let mut app = app(Role::Agent, (80, 24), make);
        assert_eq!(app.live_clashes(), Vec::<String>::new());
        for key in [Key::f(1), Key::ctrl('p'), Key::plain(KeyCode::Tab)] {
            press(&mut app, key);
            assert_eq!(app.live_clashes(), Vec::<String>::new(), "{key}");
            press(&mut app, Key::plain(KeyCode::Esc));
        }
    }
    let twice =
        |_: &Ctx| -> Vec<Box<dyn AnyScreen>> { vec![Box::new(ScreenHost::new(Origin::Calls, Twice))] };
    let mut app = app(Role::Agent, (80, 24), twice);
    assert_eq!(app.live_clashes(), ["Enter is form.next and form.toggle"], "the control");
    press(&mut app, Key::f(1));
    assert_eq!(app.live_clashes(), Vec::<String>::new(), "a window hides the keys under it");
}

#[test]
fn f12_opens_the_tasks_from_anywhere_and_returns() {
    let mut app = app(Role::Agent, (80, 24), crate::tui::screens::all);
    press(&mut app, Key::alt('5'));
    press(&mut app, Key::f(12));
    assert_eq!(app.open, Origin::Tasks);
    press(&mut app, Key::f(12));
    assert_eq!(app.open, Origin::Overview);
    press(&mut app, Key::f(12));
    press(&mut app, Key::plain(KeyCode::Esc));
    assert_eq!(app.open, Origin::Overview, "Esc is one step back, too");
    assert!(draw(&app).contains("F12 việc 4 ⚠"), "the footer counts them, and marks that one is late");
    let phone = Subject::Phone("+84901234567".to_owned());
    app.settle(vec![(Origin::Tasks, Effect::Goto(Origin::Tasks, None))]);
    app.settle(vec![(Origin::Tasks, Effect::Goto(Origin::Register, Some(phone)))]);
    assert_eq!(app.open, Origin::Register);
    app.settle(vec![(Origin::Register, Effect::Back)]);
    assert_eq!(app.open, Origin::Tasks, "a customer opened from a task leads back to it");
    press(&mut app, Key::plain(KeyCode::Esc));
    assert_eq!(app.open, Origin::Overview, "and from there to the screen before");
    app.settle(vec![(Origin::Register, Effect::Back)]);
    assert_eq!(app.open, Origin::Overview, "nothing opened the registrations now");
    let mut auditor = super::app(Role::Auditor, (80, 24), crate::tui::screens::all);
    press(&mut auditor, Key::f(12));
    assert_eq!(auditor.open, Origin::Overview, "an auditor has no tasks");
    assert!(!draw(&auditor).contains("F12"));
}

#[test]
fn enter_space_and_esc_stand_in_the_smallest_footer_before_anything_else() {
    for lang in [Lang::Vi, Lang::En] {
        let mut app = app(Role::VinmecLead, (80, 24), crate::tui::screens::all);
        app.ctx.lang = lang;
        let caps = |app: &App| -> Vec<String> {
            let names = app.footer(80).into_iter().map(|key| key.id.to_owned());
            names.collect()
        };
        press(&mut app, Key::f(5));
        press(&mut app, Key::char('a'));
        assert!(app.open_screen().is_some_and(AnyScreen::has_form));
        for _ in 0..8 {
            let live = app.live();
            let ticks = live.iter().any(|key| key.id == "form.toggle");
            let shown = caps(&app);
            let first: Vec<&str> = shown.iter().map(String::as_str).take(if ticks { 3 } else { 2 }).collect();
            let wanted: &[&str] = if ticks {
                &["schedule.main", "form.toggle", "schedule.back"]
            } else {
                &["schedule.main", "schedule.back"]
            };
            assert_eq!(first, wanted, "{}", draw(&app));
            assert!(!shown.iter().any(|id| id.contains("find_case")), "{}", draw(&app));
            press(&mut app, Key::plain(KeyCode::Tab));
        }
    }
}

#[test]
fn a_text_that_is_only_read_says_that_enter_closes_it() {
    let mut app = app(Role::Agent, (80, 24), screens);
    let show = Effect::Show { title: Say::key("frame.seen"), lines: Vec::new(), tone: Tone::Info };
    app.settle(vec![(Origin::Calls, show)]);
    assert!(draw(&app).contains("Enter đóng"), "{}", draw(&app));
    press(&mut app, ENTER);
    assert!(app.modals.is_empty());
}

//! The keys of the frame: the ones that work everywhere, also inside text ([`FRAME_KEYS`]), the ones that work
//! outside text ([`PLAIN_KEYS`]), and the ones of windows ([`MODAL_KEYS`]).

use super::modal::{Modal, ModalAct};
use super::state::App;
use crate::domain::actor::Permission;
use crate::tui::effect::Origin;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Binding, ELSEWHERE, Enabled};
use crate::tui::screen::AnyScreen;

/// What a key of the frame does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameAct {
    /// Opens a tab.
    Tab(Origin),
    /// Opens the tasks, or returns from them.
    Tasks,
    /// Shows the keys.
    Help,
    /// Lists every command.
    Palette,
    /// Searches among Vinmec's cases.
    FindCase,
    /// The next typing mode.
    Typing,
    /// Another person (simulated stores).
    People,
    /// The other language.
    Language,
    /// Dismisses the broadcast that is shown.
    Seen,
    /// Leaves.
    Quit,
}

const FRAME: &str = "frame";
const PLAIN: &str = "frame_plain";
const PLAIN_LISTS: &str = "frame_plain_lists";

fn can_switch(app: &App) -> Enabled {
    if app.ctx.simulated && !app.people.is_empty() { Ok(()) } else { Err("frame.why.not_simulated") }
}

fn has_banner(app: &App) -> Enabled {
    if app.banners.is_empty() && !app.is_taught() { Err("frame.why.no_banner") } else { Ok(()) }
}

/// The words of the lessons while no message to everybody waits.
fn of_lesson(app: &App) -> Option<&'static str> {
    if app.banners.is_empty() { app.lesson_key() } else { None }
}

/// The row of the tasks; the footer shows how many wait.
pub(super) const TASKS_ROW: &str = "frame.tasks";

/// Keys that work everywhere. F4 (an inbound call) is kept free for a row of this table.
pub const FRAME_KEYS: &[Binding<FrameAct, App>] = &[
    Binding::new(FRAME, "frame.calls", &[Key::alt('1')], FrameAct::Tab(Origin::Calls)).quiet(),
    Binding::new(FRAME, "frame.register", &[Key::alt('2')], FrameAct::Tab(Origin::Register)).quiet(),
    Binding::new(FRAME, "frame.schedule", &[Key::alt('3')], FrameAct::Tab(Origin::Schedule)).quiet(),
    Binding::new(FRAME, "frame.survey", &[Key::alt('4')], FrameAct::Tab(Origin::Survey)).quiet(),
    Binding::new(FRAME, "frame.overview", &[Key::alt('5')], FrameAct::Tab(Origin::Overview)).quiet(),
    Binding::new(FRAME, TASKS_ROW, &[Key::f(12)], FrameAct::Tasks).needs(Permission::WorkTasks),
    Binding::new(FRAME, "frame.help", &[Key::f(1)], FrameAct::Help),
    Binding::new(FRAME, "frame.palette", &[Key::ctrl('p')], FrameAct::Palette),
    Binding::new(FRAME, "frame.seen", &[Key::f(8)], FrameAct::Seen).when(has_banner).named(of_lesson).quiet(),
    Binding::new(FRAME, "frame.people", &[Key::f(9)], FrameAct::People).when(can_switch),
    Binding::new(FRAME, "frame.typing", &[Key::ctrl('t')], FrameAct::Typing).quiet(),
    Binding::new(FRAME, "frame.language", &[Key::f(10)], FrameAct::Language).quiet(),
    Binding::new(FRAME, "frame.quit", &[Key::ctrl('q'), Key::ctrl('c')], FrameAct::Quit).quiet(),
];

/// Where `/` filters a list or is the screen's own, it does not search, too; neither does it behind an open form.
fn slash_is_free(app: &App) -> Enabled {
    no_form(app)?;
    if app.slash_is_taken() { Err(ELSEWHERE) } else { Ok(()) }
}

/// A search would change the page behind a form that is filled in.
fn no_form(app: &App) -> Enabled {
    if app.open_screen().is_some_and(AnyScreen::has_form) { Err(ELSEWHERE) } else { Ok(()) }
}

fn slash_filters(app: &App) -> Enabled {
    no_form(app)?;
    if app.slash_is_taken() { Ok(()) } else { Err(ELSEWHERE) }
}

/// Keys that work outside text. No digit is among them, because a result, a score or an answer that is typed a
/// moment late must never open a tab.
pub const PLAIN_KEYS: &[Binding<FrameAct, App>] = &[
    Binding::new(PLAIN, "plain.find_case", &[Key::char('/'), Key::ctrl('f')], FrameAct::FindCase)
        .when(slash_is_free)
        .needs(Permission::SeeCases),
    Binding::new(PLAIN_LISTS, "plain.find_case_from_list", &[Key::ctrl('f')], FrameAct::FindCase)
        .when(slash_filters)
        .needs(Permission::SeeCases),
    Binding::new(PLAIN, "plain.help", &[Key::char('?')], FrameAct::Help).quiet(),
    Binding::new(PLAIN, "plain.quit", &[Key::char('q')], FrameAct::Quit).quiet(),
];

const WINDOW: &str = "window";

fn closes(modal: &Modal) -> Enabled {
    if matches!(modal, Modal::Alarm { .. }) { Err("frame.why.alarm") } else { Ok(()) }
}

/// A text is read and closed; there is nothing to choose in it.
fn accept_name(modal: &Modal) -> Option<&'static str> {
    matches!(modal, Modal::Show { .. }).then_some("window.close")
}

fn asks(modal: &Modal) -> Enabled {
    if matches!(modal, Modal::Ask { .. }) { Ok(()) } else { Err("frame.why.no_question") }
}

fn alarms(modal: &Modal) -> Enabled {
    if matches!(modal, Modal::Alarm { .. }) { Ok(()) } else { Err("frame.why.no_alarm") }
}

/// Keys of windows; text typed into the palette goes to its field first.
pub const MODAL_KEYS: &[Binding<ModalAct, Modal>] = &[
    Binding::new(WINDOW, "window.accept", &[Key::plain(KeyCode::Enter)], ModalAct::Accept)
        .when(closes)
        .named(accept_name),
    Binding::new(WINDOW, "window.close", &[Key::plain(KeyCode::Esc)], ModalAct::Close).when(closes),
    Binding::new(WINDOW, "window.up", &[Key::plain(KeyCode::Up)], ModalAct::Up).quiet(),
    Binding::new(WINDOW, "window.down", &[Key::plain(KeyCode::Down)], ModalAct::Down).quiet(),
    Binding::new(WINDOW, "window.page_up", &[Key::plain(KeyCode::PageUp)], ModalAct::PageUp).quiet(),
    Binding::new(WINDOW, "window.page_down", &[Key::plain(KeyCode::PageDown)], ModalAct::PageDown).quiet(),
    Binding::new(
        WINDOW,
        "window.other",
        &[Key::plain(KeyCode::Tab), Key::plain(KeyCode::Left), Key::plain(KeyCode::Right)],
        ModalAct::Other,
    )
    .when(asks),
    Binding::new(WINDOW, "window.one", &[Key::char('1')], ModalAct::Digit('1')).when(alarms).quiet(),
    Binding::new(WINDOW, "window.five", &[Key::char('5')], ModalAct::Digit('5')).when(alarms).quiet(),
];

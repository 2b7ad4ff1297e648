//! The keys of every call, for the tables of all screens with calls: rows (`call_rows!`, `open_call_rows!`,
//! `pause_rows!`), and the conditions under which they work.
//!
//! [`Disposition::menu`] defines which result a digit records; the rows of the ten digits ask the [`CallDesk`] for the
//! result that they mean now. On a screen where digits are scores or slots, the results have to be opened first.

use super::desk::{CallDesk, Middle, Part, State};
use super::panel::CallPanel;
use super::results::ResultRow;
use crate::domain::disposition::Disposition;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{ELSEWHERE, Enabled};

/// A screen with calls.
pub trait HasCallDesk {
    /// The middle part that it adds to a call.
    type Middle: Middle;

    /// Whether digits are results while the script has the keys.
    const DIGITS: bool;

    /// Its call desk.
    fn desk(&self) -> &CallDesk<Self::Middle>;

    /// Whether the call has the keys, and no other part of the screen.
    fn call_has_keys(&self) -> bool {
        true
    }
}

/// Enter.
pub const ENTER: &[Key] = &[Key::plain(KeyCode::Enter)];
/// Escape.
pub const ESC: &[Key] = &[Key::plain(KeyCode::Esc)];
/// Up.
pub const UP: &[Key] = &[Key::plain(KeyCode::Up)];
/// Down.
pub const DOWN: &[Key] = &[Key::plain(KeyCode::Down)];
/// Backspace.
pub const BACKSPACE: &[Key] = &[Key::plain(KeyCode::Backspace)];
/// Space.
pub const SPACE: &[Key] = &[Key::char(' ')];

/// The rows of a call and of the queue before it, for the table of `$screen`, whose acts hold a
/// [`super::desk::CallAct`] as `$act`.
#[macro_export]
macro_rules! call_rows {
    ($act:path, $screen:ty, $may:expr) => {{
        type A = <$screen as $crate::tui::screen::Screen>::Act;
        const QUEUE: &[$crate::tui::keys::Binding<A, $screen>] = $crate::queue_rows!($act, $screen, $may);
        const OPEN: &[$crate::tui::keys::Binding<A, $screen>] = $crate::open_call_rows!($act, $screen, $may);
        &$crate::tui::keys::joined::<A, $screen, { QUEUE.len() + OPEN.len() }>(&[QUEUE, OPEN])
    }};
}

/// The rows that take the next customer from a queue.
#[macro_export]
macro_rules! queue_rows {
    ($act:path, $screen:ty, $may:expr) => {{
        use $crate::tui::call::desk::CallAct as C;
        use $crate::tui::call::keys as k;
        use $crate::tui::input::Key;
        use $crate::tui::keys::Binding;
        use $crate::tui::widgets::list::Step;
        type S = $screen;
        const fn row(
            place: &'static str,
            id: &'static str,
            keys: &'static [Key],
            act: C,
        ) -> Binding<<S as $crate::tui::screen::Screen>::Act, S> {
            Binding::new(place, id, keys, $act(act)).needs($may)
        }
        &[
            row("call_ready", "call.fetch", k::ENTER, C::Fetch).when(k::ready::<S>),
            row("call_ready", "call.promise", &[Key::char('h')], C::CallBack).when(k::has_promise::<S>),
            row("call_ready", "call.why_not", &[Key::char('w')], C::WhyNot).when(k::has_promise::<S>),
            row("call_ready", "call.promise_up", k::UP, C::Choose(Step::Up))
                .when(k::has_promise::<S>)
                .quiet(),
            row("call_ready", "call.promise_down", k::DOWN, C::Choose(Step::Down))
                .when(k::has_promise::<S>)
                .quiet(),
            row("call_ready", "call.undo", &[Key::char('u')], C::Undo).when(k::can_undo::<S>),
        ]
    }};
}

/// The rows of an open call alone, for screens that choose whom to call in another way.
#[macro_export]
macro_rules! open_call_rows {
    ($act:path, $screen:ty, $may:expr) => {{
        use $crate::tui::call::desk::CallAct as C;
        use $crate::tui::call::keys as k;
        use $crate::tui::call::results::ResultRow;
        use $crate::tui::input::Key;
        use $crate::tui::keys::Binding;
        type S = $screen;
        const fn row(
            place: &'static str,
            id: &'static str,
            keys: &'static [Key],
            act: C,
        ) -> Binding<<S as $crate::tui::screen::Screen>::Act, S> {
            Binding::new(place, id, keys, $act(act)).needs($may)
        }
        const fn digit<const D: char>(
            id: &'static str,
            keys: &'static [Key],
        ) -> Binding<<S as $crate::tui::screen::Screen>::Act, S> {
            row("call_results", id, keys, C::Digit(D)).when(k::digit::<S, D>).named(k::name::<S, D>).quiet()
        }
        &[
            row("call_open", "call.tick", k::SPACE, C::Tick).when(k::has_boxes::<S>),
            row("call_open", "call.untick", k::BACKSPACE, C::Untick).when(k::reading::<S>).quiet(),
            row("call_open", "call.read_on", k::DOWN, C::Read(true)).when(k::reading::<S>).quiet(),
            row("call_open", "call.read_back", k::UP, C::Read(false)).when(k::reading::<S>).quiet(),
            row("call_open", "call.results", &[Key::char('e')], C::Results(ResultRow::First))
                .when(k::opens_results::<S>),
            row("call_open", "call.note", &[Key::char('n')], C::Note).when(k::reading::<S>),
            row("call_open", "call.history", &[Key::char('w')], C::History).when(k::has_history::<S>),
            row("call_open", "call.copy", &[Key::char('y')], C::Copy).when(k::reading::<S>),
            row("call_open", "call.release", &[Key::char('r')], C::Release).when(k::reading::<S>),
            digit::<'1'>("call.digit_1", &[Key::char('1')]),
            digit::<'2'>("call.digit_2", &[Key::char('2')]),
            digit::<'3'>("call.digit_3", &[Key::char('3')]),
            digit::<'4'>("call.digit_4", &[Key::char('4')]),
            digit::<'5'>("call.digit_5", &[Key::char('5')]),
            digit::<'6'>("call.digit_6", &[Key::char('6')]),
            digit::<'7'>("call.digit_7", &[Key::char('7')]),
            digit::<'8'>("call.digit_8", &[Key::char('8')]),
            digit::<'9'>("call.digit_9", &[Key::char('9')]),
            row("call_results", "call.other", &[Key::char('0')], C::Results(ResultRow::Other))
                .when(k::opens_other::<S>)
                .quiet(),
            row("call_detail", "call.save_detail", k::ENTER, C::SaveDetail).when(k::detailing::<S>),
            row("call_back", "call.back", k::ESC, C::Back).when(k::can_go_back::<S>),
        ]
    }};
}

/// The rows of pauses, for screens on which agents pause.
#[macro_export]
macro_rules! pause_rows {
    ($act:path, $screen:ty, $may:expr) => {{
        use $crate::tui::call::desk::CallAct as C;
        use $crate::tui::call::keys as k;
        use $crate::tui::input::Key;
        use $crate::tui::keys::Binding;
        use $crate::usecase::command::PauseCode;
        type S = $screen;
        const fn row(
            place: &'static str,
            id: &'static str,
            keys: &'static [Key],
            act: C,
        ) -> Binding<<S as $crate::tui::screen::Screen>::Act, S> {
            Binding::new(place, id, keys, $act(act)).needs($may)
        }
        const fn code(
            id: &'static str,
            keys: &'static [Key],
            code: PauseCode,
        ) -> Binding<<S as $crate::tui::screen::Screen>::Act, S> {
            row("calls_pauses", id, keys, C::Pause(code)).when(k::choosing_pause::<S>)
        }
        &[
            row("call_ready", "calls.pause", &[Key::char('p')], C::Pauses).when(k::ready::<S>),
            row("calls_paused", "calls.resume", k::ENTER, C::Resume).when(k::paused::<S>),
            code("calls.pause_break", &[Key::char('1')], PauseCode::Break),
            code("calls.pause_meal", &[Key::char('2')], PauseCode::Meal),
            code("calls.pause_meeting", &[Key::char('3')], PauseCode::Meeting),
            code("calls.pause_training", &[Key::char('4')], PauseCode::Training),
            code("calls.pause_technical", &[Key::char('5')], PauseCode::Technical),
        ]
    }};
}

/// Works in its own step; in other steps the key is free.
pub const fn here(yes: bool) -> Enabled {
    if yes { Ok(()) } else { Err(ELSEWHERE) }
}

/// While no call is open and the agent does not pause.
pub fn ready<S: HasCallDesk>(screen: &S) -> Enabled {
    here(screen.call_has_keys())?;
    match screen.desk().state() {
        State::Ready => Ok(()),
        State::ChoosingPause => Err("calls.why.choose_pause"),
        State::Paused { .. } => Err("calls.why.paused"),
        State::Open(_) if S::DIGITS => Err("calls.why.choose_result"),
        State::Open(_) => Err(ELSEWHERE),
    }
}

/// While there is a promised callback.
pub fn has_promise<S: HasCallDesk>(screen: &S) -> Enabled {
    ready(screen)?;
    if screen.desk().waiting.promises().is_empty() { Err("calls.why.no_promise") } else { Ok(()) }
}

/// While the last result can be undone.
pub fn can_undo<S: HasCallDesk>(screen: &S) -> Enabled {
    ready(screen)?;
    if screen.desk().can_undo() { Ok(()) } else { Err("calls.why.nothing_to_undo") }
}

/// While the kinds of pause are open.
pub fn choosing_pause<S: HasCallDesk>(screen: &S) -> Enabled {
    here(matches!(screen.desk().state(), State::ChoosingPause))
}

/// During a pause.
pub fn paused<S: HasCallDesk>(screen: &S) -> Enabled {
    here(matches!(screen.desk().state(), State::Paused { .. }))
}

/// While the script has the keys.
pub fn reading<S: HasCallDesk>(screen: &S) -> Enabled {
    here(screen.call_has_keys())?;
    match (screen.desk().part(), screen.desk().state()) {
        (Some(Part::Script), _) => Ok(()),
        (Some(Part::Results(_) | Part::Detail(_) | Part::Middle), _) => Err("calls.why.part_open"),
        (None, State::Paused { .. }) => Err("calls.why.paused"),
        (None, State::Ready | State::ChoosingPause | State::Open(_)) => Err("calls.why.no_call"),
    }
}

/// While the customer has a history to be read whole.
pub fn has_history<S: HasCallDesk>(screen: &S) -> Enabled {
    reading(screen)?;
    let empty = screen.desk().panel().is_none_or(|panel| panel.card.history.is_empty());
    if empty { Err("call.no_history") } else { Ok(()) }
}

/// While a box is not ticked yet.
pub fn has_boxes<S: HasCallDesk>(screen: &S) -> Enabled {
    reading(screen)?;
    let left = screen.desk().panel().is_some_and(CallPanel::has_boxes);
    if left { Ok(()) } else { Err("calls.why.all_ticked") }
}

/// Where the digits are not results by themselves.
pub fn opens_results<S: HasCallDesk>(screen: &S) -> Enabled {
    here(!S::DIGITS)?;
    reading(screen)
}

/// While the first results are open, so that 0 opens the others.
pub fn opens_other<S: HasCallDesk>(screen: &S) -> Enabled {
    here(screen.call_has_keys())?;
    match screen.desk().part() {
        Some(Part::Results(ResultRow::First)) => Ok(()),
        Some(Part::Script) => script_digit::<S>(),
        Some(Part::Results(ResultRow::Other) | Part::Detail(_) | Part::Middle) | None => Err(ELSEWHERE),
    }
}

const fn script_digit<S: HasCallDesk>() -> Enabled {
    if S::DIGITS { Ok(()) } else { Err("calls.why.results_first") }
}

/// While this digit means a result.
pub fn digit<S: HasCallDesk, const DIGIT: char>(screen: &S) -> Enabled {
    here(screen.call_has_keys())?;
    match screen.desk().part() {
        Some(Part::Script) => script_digit::<S>()?,
        Some(Part::Results(_)) => {}
        Some(Part::Detail(_) | Part::Middle) | None => return Err(ELSEWHERE),
    }
    match screen.desk().meant(DIGIT, S::DIGITS) {
        None => Err("calls.why.no_such_result"),
        Some(Disposition::Agreed) if !screen.desk().panel().is_some_and(CallPanel::may_agree) => {
            Err("calls.why.steps_left")
        }
        Some(_) => Ok(()),
    }
}

/// The name of the texts of the result that this digit means now.
pub fn name<S: HasCallDesk, const DIGIT: char>(screen: &S) -> Option<&'static str> {
    screen.desk().meant(DIGIT, S::DIGITS).map(result_name)
}

/// While a time or note is being typed.
pub fn detailing<S: HasCallDesk>(screen: &S) -> Enabled {
    here(screen.desk().detail().is_some())
}

/// While there is a step back.
pub fn can_go_back<S: HasCallDesk>(screen: &S) -> Enabled {
    match (screen.desk().part(), screen.desk().state()) {
        (Some(Part::Detail(_)), _) | (None, State::ChoosingPause) => Ok(()),
        (Some(Part::Results(_)), _) => here(screen.call_has_keys()),
        (Some(Part::Script), _) if screen.call_has_keys() => Err("calls.why.choose_result"),
        (Some(Part::Script | Part::Middle) | None, _) => Err(ELSEWHERE),
    }
}

/// The name of a result's texts in the locales.
pub const fn result_name(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Agreed => "result.agreed",
        Disposition::Considering => "result.considering",
        Disposition::Callback => "result.callback",
        Disposition::Declined => "result.declined",
        Disposition::DoNotCall => "result.do_not_call",
        Disposition::NotEligible => "result.not_eligible",
        Disposition::AlreadyRegistered => "result.already_registered",
        Disposition::NoAnswer => "result.no_answer",
        Disposition::Busy => "result.busy",
        Disposition::Unreachable => "result.unreachable",
        Disposition::HungUp => "result.hung_up",
        Disposition::WrongPerson => "result.wrong_person",
        Disposition::InvalidNumber => "result.invalid_number",
        Disposition::ChildAnswered => "result.child_answered",
        Disposition::Language => "result.language",
        Disposition::Complaint => "result.complaint",
        Disposition::NotRecorded => "result.not_recorded",
    }
}

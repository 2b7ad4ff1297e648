//! The lessons of `tongdai tutor` as data: the steps of each lesson, and the goal by which a step is done.
//!
//! The texts are in `locales/tutor.yml` under the names of lesson and step. They name keys by the ids of their binding
//! rows (`%{call.fetch}`); no key is written here.
//!
//! Invariants: whether a step is done is a pure function of a [`Sight`]; each goal can be reached by the role on the
//! store of the lessons.

use crate::domain::actor::Role;
use crate::tui::effect::Origin;
use crate::usecase::Receipt;

/// What the frame sees after an act or an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight<'s> {
    /// The open tab.
    pub tab: Origin,
    /// The uppermost window.
    pub window: Option<Window>,
    /// The ids of the rows whose keys work now.
    pub works: &'s [&'static str],
    /// The ids of the rows whose key was pressed.
    pub did: &'s [&'static str],
    /// The text of the field that has the focus.
    pub typed: &'s str,
    /// The receipt that was just committed.
    pub receipt: Option<&'s Receipt>,
}

/// A kind of window, as far as lessons distinguish them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    /// The help window.
    Help,
    /// The palette.
    Palette,
    /// Any other window.
    Other,
}

/// When a step is done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Goal {
    /// A window of this kind is open.
    Opens(Window),
    /// No window is open.
    Closes,
    /// This tab is open.
    Tab(Origin),
    /// A row works now.
    Works(&'static str),
    /// The key of a row was pressed.
    Does(&'static str),
    /// The field that has the focus holds this text, in small letters or capitals.
    Types(&'static str),
    /// The field that has the focus holds any text.
    Writes,
    /// A command of this kind is committed.
    Commits(fn(&Receipt) -> bool),
}

impl Goal {
    /// Whether it is reached.
    pub(super) fn is_reached(self, sight: &Sight) -> bool {
        match self {
            Self::Opens(window) => sight.window == Some(window),
            Self::Closes => sight.window.is_none(),
            Self::Tab(tab) => sight.tab == tab,
            Self::Works(id) => sight.works.contains(&id),
            Self::Does(id) => sight.did.contains(&id),
            Self::Types(text) => sight.typed.to_lowercase().contains(text),
            Self::Writes => !sight.typed.is_empty(),
            Self::Commits(is) => sight.receipt.is_some_and(is),
        }
    }

    /// Whether it is an event. One act or answer counts as an event for one step only.
    pub(super) const fn is_event(self) -> bool {
        match self {
            Self::Does(_) | Self::Commits(_) => true,
            Self::Opens(_) | Self::Closes | Self::Tab(_) | Self::Works(_) | Self::Types(_) | Self::Writes => {
                false
            }
        }
    }
}

/// One step of a lesson.
#[derive(Debug)]
pub(super) struct Step {
    /// The name of its text.
    pub id: &'static str,
    /// When it is done.
    pub goal: Goal,
}

/// A lesson.
#[derive(Debug)]
pub(super) struct Lesson {
    /// The name of its texts.
    pub id: &'static str,
    /// Its steps in order.
    pub steps: &'static [Step],
}

/// How many lessons a role has.
pub(super) const LESSONS: usize = 6;

/// The lessons of a role, in order.
pub(super) const fn course(role: Role) -> [&'static Lesson; LESSONS] {
    match role {
        Role::Agent => [&HELP, &UNANSWERED, &UNDO, &REGISTER, &SEARCH, &CALLBACK],
        Role::FanpageAdmin => [&HELP, &TABS_REGISTER, &LEAD, &LEAD_NEXT, &SEARCH, &PALETTE],
        Role::Supervisor => [&HELP, &TABS_CALLS, &PEOPLE, &SEARCH, &HAND_OVER, &PALETTE],
        Role::Intake => [&HELP, &BATCH, &CASE, &NEED, &SLOT, &PALETTE],
        Role::Doctor => [&HELP, &TELEX, &START, &RESULT, &TABS_SCHEDULE, &PALETTE],
        Role::VinmecLead => [&HELP, &TABS_SCHEDULE, &BATCH, &TELEX, &PEOPLE, &PALETTE],
        Role::Auditor | Role::Operator => [&HELP, &TELEX, &FIGURES, &AUDIT, &LANGUAGE, &PALETTE],
    }
}

const fn step(id: &'static str, goal: Goal) -> Step {
    Step { id, goal }
}

const fn lesson(id: &'static str, steps: &'static [Step]) -> Lesson {
    Lesson { id, steps }
}

static HELP: Lesson = lesson("help", &[step("open", Goal::Opens(Window::Help)), step("close", Goal::Closes)]);
static PALETTE: Lesson = lesson(
    "palette",
    &[step("open", Goal::Opens(Window::Palette)), step("type", Goal::Writes), step("close", Goal::Closes)],
);
static TELEX: Lesson = lesson(
    "telex",
    &[
        step("open", Goal::Opens(Window::Help)),
        step("type", Goal::Types("phím")),
        step("close", Goal::Closes),
    ],
);
static LANGUAGE: Lesson = lesson(
    "language",
    &[step("away", Goal::Does("frame.language")), step("back", Goal::Does("frame.language"))],
);

const OVERVIEW: Step = step("away", Goal::Tab(Origin::Overview));
static TABS_CALLS: Lesson = lesson("tabs_calls", &[OVERVIEW, step("back", Goal::Tab(Origin::Calls))]);
static TABS_REGISTER: Lesson =
    lesson("tabs_register", &[OVERVIEW, step("back", Goal::Tab(Origin::Register))]);
static TABS_SCHEDULE: Lesson =
    lesson("tabs_schedule", &[OVERVIEW, step("back", Goal::Tab(Origin::Schedule))]);

static UNANSWERED: Lesson = lesson(
    "unanswered",
    &[
        step("fetch", Goal::Works("call.digit_5")),
        step("result", Goal::Commits(|receipt| matches!(receipt, Receipt::Recorded { .. }))),
    ],
);
static UNDO: Lesson =
    lesson("undo", &[step("undo", Goal::Commits(|receipt| matches!(receipt, Receipt::CallUndone { .. })))]);
static REGISTER: Lesson = lesson(
    "register",
    &[
        step("fetch", Goal::Works("call.release")),
        step("tick", Goal::Works("call.digit_1")),
        step("agreed", Goal::Works("calls.register")),
        step(
            "save",
            Goal::Commits(|receipt| {
                matches!(receipt, Receipt::Registered { .. } | Receipt::Waitlisted { .. })
            }),
        ),
    ],
);
static SEARCH: Lesson = lesson(
    "search",
    &[
        step("tab", Goal::Tab(Origin::Register)),
        step("type", Goal::Types("nguyễn")),
        step("open", Goal::Does("reg.open")),
    ],
);
static CALLBACK: Lesson = lesson(
    "callback",
    &[
        step("tab", Goal::Tab(Origin::Calls)),
        step("fetch", Goal::Works("call.digit_3")),
        step("result", Goal::Works("call.save_detail")),
        step("save", Goal::Commits(|receipt| matches!(receipt, Receipt::Recorded { .. }))),
    ],
);

static LEAD: Lesson = lesson(
    "lead",
    &[
        step("pane", Goal::Works("reg.lead_add")),
        step("add", Goal::Works("reg.popup_save")),
        step("save", Goal::Commits(|receipt| matches!(receipt, Receipt::LeadAdded { .. }))),
    ],
);
static LEAD_NEXT: Lesson = lesson(
    "lead_next",
    &[
        step("next", Goal::Does("reg.lead_next")),
        step(
            "save",
            Goal::Commits(|receipt| {
                matches!(
                    receipt,
                    Receipt::LeadMoved { .. } | Receipt::Registered { .. } | Receipt::Waitlisted { .. }
                )
            }),
        ),
    ],
);
static HAND_OVER: Lesson = lesson(
    "hand_over",
    &[
        step("pane", Goal::Works("reg.hand_over")),
        step("send", Goal::Commits(|receipt| matches!(receipt, Receipt::HandedOver { .. }))),
    ],
);

static BATCH: Lesson = lesson(
    "batch",
    &[
        step("pane", Goal::Works("schedule.accept")),
        step("accept", Goal::Commits(|receipt| matches!(receipt, Receipt::Acknowledged { .. }))),
    ],
);
static CASE: Lesson = lesson(
    "case",
    &[
        step("desk", Goal::Works("schedule.open")),
        step("call", Goal::Commits(|receipt| matches!(receipt, Receipt::Claimed { .. }))),
    ],
);
static NEED: Lesson = lesson(
    "need",
    &[
        step("need", Goal::Writes),
        step("flags", Goal::Works("schedule.all_no")),
        step("answer", Goal::Works("schedule.slot_1")),
    ],
);
static SLOT: Lesson =
    lesson("slot", &[step("book", Goal::Commits(|receipt| matches!(receipt, Receipt::Booked { .. })))]);
static START: Lesson = lesson(
    "start",
    &[step("start", Goal::Commits(|receipt| matches!(receipt, Receipt::ConsultationStarted { .. })))],
);
static RESULT: Lesson = lesson(
    "result",
    &[
        step("open", Goal::Does("schedule.result")),
        step("save", Goal::Commits(|receipt| matches!(receipt, Receipt::ResultRecorded { .. }))),
    ],
);

static PEOPLE: Lesson = lesson(
    "people",
    &[
        step("tab", Goal::Tab(Origin::Overview)),
        step("staff", Goal::Does("over.staff")),
        step("board", Goal::Does("over.board")),
    ],
);
static FIGURES: Lesson =
    lesson("figures", &[step("calls", Goal::Does("over.calls")), step("agents", Goal::Does("over.agents"))]);
static AUDIT: Lesson =
    lesson("audit", &[step("audit", Goal::Does("over.audit")), step("board", Goal::Does("over.board"))]);

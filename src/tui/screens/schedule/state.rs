//! The state of the schedule: its panes and parts, the loads and saves it waits for, and what follows from these alone.

use super::batches::Batches;
use super::cases;
use super::day::Day;
use super::doctors::{self, DoctorHours};
use super::grid::Grid;
use super::intake::{Draft, Goal, Intake};
use super::window::Topic;
use crate::domain::actor::{Permission, Role};
use crate::domain::contact::Purpose;
use crate::domain::id::{AppointmentId, CaseId};
use crate::domain::time::Timestamp;
use crate::tui::call::desk::{CallDesk, CallLoad, CallSave, Part};
use crate::tui::effect::Origin;
use crate::tui::form::window::Windows;
use crate::tui::keys::{ELSEWHERE, Enabled};
use crate::tui::requests::Requests;
use crate::tui::say::Say;
use crate::tui::widgets::rows::Rows;
use crate::usecase::model::case::{AppointmentLine, CaseLine};
use chrono::NaiveDate;

/// The day of a grid before the screen was opened.
pub(super) const NO_DAY: NaiveDate = NaiveDate::MIN;

/// The panes of the tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Cases, roster and the open case.
    Cases,
    /// Hand-over batches.
    Batches,
    /// Doctors and their hours.
    Doctors,
    /// A doctor's own day.
    Day,
}

/// Which part of the first pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list of cases.
    Cases,
    /// The open call: script, and results once they are opened.
    Call,
    /// The need.
    Need,
    /// The reason for video.
    Why,
    /// The red-flag checklist.
    Flags,
    /// The free slots, by digit.
    Slots,
    /// The roster grid.
    Grid,
}

/// The loads of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Load {
    Cases,
    Roster,
    File,
    /// New slots to offer.
    Offer,
    /// The slots that are free now, to compare the offered ones with.
    Offered,
    Day,
    Batches,
    Rows,
    Doctors,
    Call(CallLoad),
}

impl From<CallLoad> for Load {
    fn from(load: CallLoad) -> Self {
        Self::Call(load)
    }
}

/// The saves of the screen.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Save {
    /// Whether a call is open.
    OpenCall,
    Call(CallSave),
    Step(Goal),
    /// A command with the notice of its success.
    Plain(&'static str),
    /// The command of the window, which closes when it succeeds.
    Window(&'static str),
    Moved,
    /// The read of a case whose customer's number is to be shown.
    Whose,
    /// The read of a case whose recorded result is to be shown.
    Recorded(AppointmentId),
    /// The birth year, or the own answer of one who must agree.
    Patient,
    /// The read of a case that is to be shown whole.
    Record,
    /// The correction of a diversion.
    Undiverted,
    Reveal(String),
}

impl From<CallSave> for Save {
    fn from(save: CallSave) -> Self {
        Self::Call(save)
    }
}

/// A diversion that can be corrected.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Diverted {
    /// Which case.
    pub case: CaseId,
    /// The name of the patient or the customer.
    pub name: String,
    /// Until when.
    pub until: Timestamp,
    /// What was typed for it.
    pub draft: Draft,
}

/// The screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    pub(super) requests: Requests<Load, Save>,
    pub(super) role: Option<Role>,
    pub(super) pane: Pane,
    pub(super) focus: Focus,
    /// The part that had the keys before the results.
    pub(super) before_results: Focus,
    pub(super) cases: Rows<CaseLine>,
    pub(super) grid: Grid,
    pub(super) intake: Option<Intake>,
    pub(super) desk: CallDesk<()>,
    pub(super) drafts: Vec<(CaseId, Draft)>,
    pub(super) moving: Option<AppointmentLine>,
    /// The case whose appointment the cursor goes to when its day is read.
    pub(super) seek: Option<CaseId>,
    /// The customer who was sent to 115 last, while that can be corrected.
    pub(super) diverted: Option<Diverted>,
    pub(super) batches: Batches,
    pub(super) doctors: Rows<DoctorHours>,
    pub(super) day: Day,
    pub(super) windows: Windows<Topic>,
    /// The refusal of the last save, shown until something is changed.
    pub(super) refused: Option<Say>,
}

impl Default for Schedule {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule {
    /// A screen that was not opened yet.
    pub const fn new() -> Self {
        Self {
            requests: Requests::new(Origin::Schedule),
            role: None,
            pane: Pane::Cases,
            focus: Focus::Cases,
            before_results: Focus::Call,
            cases: cases::unread(),
            grid: Grid::new(NO_DAY, 30, 5),
            intake: None,
            desk: CallDesk::new(Purpose::Intake),
            drafts: Vec::new(),
            moving: None,
            seek: None,
            diverted: None,
            batches: Batches::new(),
            doctors: doctors::unread(),
            day: Day::new(),
            windows: Windows::new(),
            refused: None,
        }
    }

    /// The appointment under the cursor of the part that shows appointments.
    pub(super) fn appointment(&self) -> Option<&AppointmentLine> {
        match self.pane {
            Pane::Day => self.day.rows.chosen(),
            Pane::Cases if self.focus == Focus::Grid => self.grid.appointment(),
            Pane::Cases | Pane::Batches | Pane::Doctors => None,
        }
    }

    pub(super) fn may(&self, act: Permission) -> bool {
        self.role.is_some_and(|role| role.may(act))
    }

    /// Whether Enter has something to do; otherwise the locale key of what comes first.
    pub(super) fn main_works(&self) -> Enabled {
        if self.windows.is_open() {
            return Ok(());
        }
        match self.pane {
            Pane::Batches if self.batches.list.chosen().is_none() => Err("schedule.why.no_batch"),
            Pane::Doctors if self.doctors.chosen().is_none() => Err("schedule.why.no_doctor"),
            Pane::Day if self.appointment().is_none() => Err("schedule.why.no_appointment"),
            Pane::Batches | Pane::Doctors | Pane::Day => Ok(()),
            Pane::Cases => self.main_on_cases(),
        }
    }

    fn main_on_cases(&self) -> Enabled {
        match self.focus {
            Focus::Cases if self.cases.chosen().is_none() => Err("schedule.why.no_case"),
            Focus::Cases if self.desk.is_open() => Err("schedule.why.call_open"),
            // What is booked has letters of its own; Enter books where nothing is.
            Focus::Grid if self.moving.is_none() && self.appointment().is_some() => {
                Err("schedule.why.use_letters")
            }
            // The form of a time or note has its own Enter.
            Focus::Call => match self.desk.part() {
                Some(Part::Script | Part::Middle) => Ok(()),
                Some(Part::Results(_)) => Err("schedule.why.by_digit"),
                Some(Part::Detail(_)) | None => Err(ELSEWHERE),
            },
            Focus::Cases | Focus::Need | Focus::Why | Focus::Flags | Focus::Grid => Ok(()),
            Focus::Slots => match &self.intake {
                None => Err("schedule.why.no_case"),
                Some(intake) if intake.acute() => Ok(()),
                Some(intake) => match intake.missing() {
                    Some(why) => Err(why),
                    None if intake.offer.slots.is_empty() => Err("schedule.why.no_slots"),
                    None => Ok(()),
                },
            },
        }
    }

    /// The parts that Tab goes through, in order.
    pub(super) fn parts(&self) -> Vec<Focus> {
        let mut parts = vec![Focus::Cases];
        if let Some(intake) = &self.intake {
            if self.desk.is_open() {
                parts.push(Focus::Call);
            }
            parts.push(Focus::Need);
            if intake.draft.video {
                parts.push(Focus::Why);
            }
            parts.extend([Focus::Flags, Focus::Slots]);
        }
        parts.push(Focus::Grid);
        parts
    }

    /// Whether a window is open over the screen.
    pub(super) fn is_windowed(&self) -> bool {
        self.windows.is_open() || self.desk.detail().is_some()
    }
}

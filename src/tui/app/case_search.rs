//! The state of the window in which Vinmec's staff search among their cases: one field, an answer to every keystroke.
//! Enter opens the case; for a doctor, and where the case ended, the day of its appointment.
//!
//! Invariant: an answer to an earlier text changes nothing.

use crate::domain::actor::Permission;
use crate::domain::refusal::Refusal;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Subject, Ticket};
use crate::tui::field::{Field, Kind};
use crate::tui::widgets::list::{Cursor, Step};
use crate::usecase::model::case::CaseHit;
use crate::usecase::{Query, Snapshot};

/// Most cases in the window.
const MOST_HITS: u32 = 20;

/// How far the answer to the text in the field has come.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// Nothing was typed.
    Nothing,
    /// It was asked for.
    Asked(Ticket),
    /// It is here.
    Here,
}

/// The window's state.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseSearch {
    /// The text.
    pub field: Field,
    /// What was asked for last.
    asked: String,
    pub(super) answer: Answer,
    pub(super) hits: Vec<CaseHit>,
    pub(super) more: bool,
    pub(super) no_number: Option<Refusal>,
    pub(super) cursor: Cursor,
    /// Whether the person opens cases; a doctor opens the day instead.
    opens_cases: bool,
}

impl CaseSearch {
    pub(super) fn new(ctx: &Ctx) -> Self {
        Self {
            field: Field::new(Kind::Text).max(60).placeholder("find.hint"),
            asked: String::new(),
            answer: Answer::Nothing,
            hits: Vec::new(),
            more: false,
            no_number: None,
            cursor: Cursor(0),
            opens_cases: ctx.actor.role.may(Permission::Triage),
        }
    }

    /// What Enter opens.
    pub fn chosen(&self) -> Option<Subject> {
        let hit = self.hits.get(self.cursor.0)?;
        let day = hit.starts_at.map(|at| Subject::Day(at.date(), Some(hit.case)));
        match day {
            // A case that ended is not screened again: its result stands on the day.
            Some(day) if hit.state.is_final() || !self.opens_cases => Some(day),
            Some(_) | None => self.opens_cases.then_some(Subject::Case(hit.case)),
        }
    }

    /// Moves the cursor.
    pub fn step(&mut self, step: Step) {
        self.cursor.step(step, self.hits.len());
    }

    /// The query for a text that was not asked for yet.
    pub(super) fn ask(&mut self, ticket: impl FnOnce() -> Ticket) -> Option<Effect> {
        let text = self.field.value().unwrap_or_default();
        if text == self.asked {
            return None;
        }
        text.clone_into(&mut self.asked);
        if text.is_empty() {
            self.answer = Answer::Nothing;
            (self.hits, self.more, self.no_number) = (Vec::new(), false, None);
            return None;
        }
        let ticket = ticket();
        self.answer = Answer::Asked(ticket);
        Some(Effect::load(ticket, Query::FindCases { text: self.asked.clone(), limit: MOST_HITS }))
    }

    pub(super) fn take(&mut self, snapshots: Vec<Snapshot>) {
        self.answer = Answer::Here;
        for snapshot in snapshots {
            if let Snapshot::FoundCases { cases, more, no_number, .. } = snapshot {
                (self.hits, self.more) = (cases, more);
                self.no_number = no_number.map(|reason| reason.refusal);
                self.cursor = Cursor(0);
            }
        }
    }
}

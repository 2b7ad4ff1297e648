//! What every customer is judged with, and what is counted of all of them.

use super::seats::SeatHistory;
use crate::domain::contact::ContactLimits;
use crate::domain::time::Timestamp;
use crate::usecase::model::replay::{ByKind, Promised};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The limits of a campaign, and its seats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    pub limits: ContactLimits,
    pub quota: i64,
}

/// What every customer is judged with.
#[derive(Debug)]
pub(super) struct Frame {
    pub in_force: Terms,
    pub proposed: Terms,
    pub since: Timestamp,
    pub now: Timestamp,
    pub seats: SeatHistory,
    pub register: Register,
}

/// The register on file, which is known from when it was loaded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Register {
    pub as_of: Option<NaiveDate>,
    pub loaded_at: Option<Timestamp>,
}

impl Register {
    /// Whether it was on file at an instant.
    pub(super) fn was_there(&self, at: Timestamp) -> bool {
        self.loaded_at.is_some_and(|loaded_at| loaded_at <= at)
    }
}

/// What the replay counts.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub calls: ByKind,
    pub messages: ByKind,
    pub queue: ByKind,
    pub callbacks: Promised,
    pub agreements: Promised,
    /// Registrations whose call would have been held, by day.
    pub lost: BTreeMap<NaiveDate, i64>,
}

//! What calls and messages that advertise have in common: the national register (T6), prior consent (T7), and the search
//! for the first instant that every passing rule allows.

use super::super::calendar::DailyWindow;
use super::super::refusal::Refusal;
use super::super::time::Timestamp;
use super::{Agreement, ContactLimits};
use chrono::NaiveDate;

impl ContactLimits {
    /// The refusal of a register that [`Self::is_register_stale`].
    pub fn stale_register(&self, as_of: Option<NaiveDate>, now: Timestamp) -> Option<Refusal> {
        let stale = Refusal::DoNotCallListStale { as_of, max_age_days: self.dnc_max_age_days };
        self.is_register_stale(as_of, now).then_some(stale)
    }
}

/// Lasting reasons against advertising to a number, by call or message.
pub(super) fn lasting_reasons(
    is_on_register: bool,
    register_of: Option<NaiveDate>,
    opt_in_evidence: bool,
    limits: &ContactLimits,
    now: Timestamp,
) -> impl Iterator<Item = Refusal> {
    [
        is_on_register.then_some(Refusal::DoNotCall),
        limits.stale_register(register_of, now),
        (!opt_in_evidence).then_some(Refusal::OptInMissing),
    ]
    .into_iter()
    .flatten()
}

/// The instants from `now` on at which a passing rule may end, earliest first: every rule is "from X on" or "inside a
/// daily window", so the first allowed instant is one of the X or an opening after one of them.
pub(super) fn candidates(
    starts: impl IntoIterator<Item = Option<Timestamp>>,
    window: DailyWindow,
    agreements: &[Agreement],
    now: Timestamp,
) -> Vec<Timestamp> {
    let mut found: Vec<Timestamp> = std::iter::once(Some(now))
        .chain(starts)
        .flatten()
        .chain(agreements.iter().map(|agreement| agreement.from))
        .filter(|start| *start >= now)
        .collect();
    let windows = std::iter::once(window).chain(agreements.iter().filter_map(|agreement| agreement.window));
    let opened: Vec<Timestamp> = windows
        .flat_map(|window| found.iter().map(|start| window.next_open(*start)).collect::<Vec<_>>())
        .collect();
    found.extend(opened);
    found.sort_unstable();
    found
}

//! The five tabs: which permission opens each, and where their names are drawn on the first line.

use crate::domain::actor::{Permission as Act, Role};
use crate::domain::lang::Lang;
use crate::tui::effect::Origin;
use crate::tui::say::word;
use unicode_width::UnicodeWidthStr;

/// The tabs in order.
pub const TABS: [Origin; 5] =
    [Origin::Calls, Origin::Register, Origin::Schedule, Origin::Survey, Origin::Overview];

/// The locale key of a tab's name.
pub const fn name_key(tab: Origin) -> &'static str {
    match tab {
        Origin::Frame => "tab.frame",
        Origin::Calls => "tab.calls",
        Origin::Register => "tab.register",
        Origin::Schedule => "tab.schedule",
        Origin::Survey => "tab.survey",
        Origin::Overview => "tab.overview",
        Origin::Tasks => "tab.tasks",
    }
}

/// Any of these opens the tab.
const fn opens_with(tab: Origin) -> &'static [Act] {
    match tab {
        Origin::Frame => &[],
        Origin::Calls => &[Act::CallOffers],
        Origin::Register => &[Act::RegisterByPhone, Act::RegisterByFanpage, Act::SeeBatches],
        Origin::Schedule => &[Act::SeeCases],
        Origin::Survey => &[Act::CallSurveys],
        Origin::Overview => &[Act::SeeOverview],
        Origin::Tasks => &[Act::WorkTasks],
    }
}

/// What the role lacks to open the tab; `None` when it may.
pub fn lacks(tab: Origin, role: Role) -> Option<Act> {
    let acts = opens_with(tab);
    if acts.iter().any(|act| role.may(*act)) { None } else { acts.first().copied() }
}

/// The tab that a role works on first.
pub fn first_for(role: Role) -> Origin {
    let own = match role {
        Role::Agent | Role::Supervisor => Origin::Calls,
        Role::FanpageAdmin => Origin::Register,
        Role::Intake | Role::Doctor | Role::VinmecLead => Origin::Schedule,
        Role::Auditor | Role::Operator => Origin::Overview,
    };
    if lacks(own, role).is_none() { own } else { Origin::Overview }
}

/// The brand before the tabs.
pub const BRAND: &str = " tongdai │";
/// Narrower screens show no brand.
const BRAND_FROM: u16 = 100;

/// The columns that the brand takes on a screen of `width`.
pub fn brand_columns(width: u16) -> u16 {
    if width >= BRAND_FROM { BRAND.width() as u16 } else { 0 }
}

/// A tab's text with its digit: ` 1 Gọi ra `.
pub fn label(tab: Origin, lang: Lang) -> String {
    format!(" {} {} ", tab as u8, word(name_key(tab), lang))
}

/// The tabs with their first column and their width.
pub fn spans(width: u16, lang: Lang) -> Vec<(Origin, u16, u16)> {
    let mut x = brand_columns(width);
    TABS.iter()
        .map(|tab| {
            let columns = label(*tab, lang).width() as u16;
            let span = (*tab, x, columns);
            x += columns;
            span
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_starts_on_a_tab_that_it_may_open() {
        for role in Role::ALL {
            assert_eq!(lacks(first_for(role), role), None, "{role:?}");
        }
        assert_eq!(lacks(Origin::Calls, Role::Intake), Some(Act::CallOffers));
    }
}

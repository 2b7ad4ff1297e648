//! The five screens of the tabs and the tasks, one directory each. A screen does not depend on another one; the parts that several share are
//! beside this directory (`call`, `form`, `widgets`).

pub mod outbound;
pub mod overview;
pub mod registration;
pub mod schedule;
pub mod survey;
pub mod tasks;

use super::ctx::Ctx;
use super::effect::Origin;
use super::screen::{AnyScreen, ScreenHost};

/// The screens of a session, one for each tab and the tasks. They load nothing before they are opened.
pub fn all(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    vec![
        Box::new(ScreenHost::new(Origin::Calls, outbound::Outbound::default())),
        Box::new(ScreenHost::new(Origin::Register, registration::Registration::default())),
        Box::new(ScreenHost::new(Origin::Schedule, schedule::Schedule::default())),
        Box::new(ScreenHost::new(Origin::Survey, survey::Survey::default())),
        Box::new(ScreenHost::new(Origin::Overview, overview::OverviewScreen::default())),
        Box::new(ScreenHost::new(Origin::Tasks, tasks::TasksScreen::default())),
    ]
}

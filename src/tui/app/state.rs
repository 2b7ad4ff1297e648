//! The state of the frame: actor, screens, windows over them, and what is known of the store and of other sessions.

use super::banner::Banner;
use super::kept_drafts::KeptDrafts;
use super::lock::Lock;
use super::modal::Modal;
use super::notice::Notice;
use super::other_sessions::Takeover;
use super::tabs::first_for;
use super::tutor::Tutor;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Ticket, Tickets};
use crate::tui::screen::AnyScreen;
use crate::usecase::model::count::StatusLine;
use crate::usecase::model::staff::StaffLine;

/// Makes the screens of a session, one for each tab.
pub type MakeScreens = fn(&Ctx) -> Vec<Box<dyn AnyScreen>>;

/// The screens of one session.
pub struct App {
    /// Actor, language, theme and time.
    pub ctx: Ctx,
    pub(super) size: (u16, u16),
    pub(super) make: MakeScreens,
    pub(super) screens: Vec<Box<dyn AnyScreen>>,
    pub(super) open: Origin,
    /// The tab from which the tasks were opened.
    pub(super) before_tasks: Option<Origin>,
    /// The screen from which the registrations were opened with a number.
    pub(super) before_register: Option<Origin>,
    pub(super) modals: Vec<Modal>,
    pub(super) notice: Option<Notice>,
    /// How many notices were shown so far.
    pub(super) notice_count: u64,
    pub(super) status: Option<StatusLine>,
    pub(super) tickets: Tickets,
    pub(super) status_ticket: Option<Ticket>,
    /// Tickets of screens' jobs whose reply carries the status line.
    pub(super) bring_status: Vec<Ticket>,
    /// Whether the store is out of reach while a command waits for it.
    pub(super) away: bool,
    pub(super) people: Vec<StaffLine>,
    pub(super) drafts: KeptDrafts,
    pub(super) lock: Lock,
    pub(super) takeover: Takeover,
    /// Broadcasts that their reader has not dismissed; the last one is shown.
    pub(super) banners: Vec<Banner>,
    /// The lessons in progress; none unless they were asked for.
    pub(super) tutor: Option<Tutor>,
}

impl App {
    /// Makes the screens of a session at `size` columns and rows; the caller calls [`Self::start`] next.
    pub fn new(ctx: Ctx, size: (u16, u16), make: MakeScreens) -> Self {
        let screens = make(&ctx);
        let open = first_for(ctx.actor.role);
        Self {
            ctx,
            size,
            make,
            screens,
            open,
            before_tasks: None,
            before_register: None,
            modals: Vec::new(),
            notice: None,
            notice_count: 0,
            status: None,
            tickets: Tickets::new(Origin::Frame),
            status_ticket: None,
            bring_status: Vec::new(),
            away: false,
            people: Vec::new(),
            drafts: KeptDrafts::default(),
            lock: Lock::default(),
            takeover: Takeover::default(),
            banners: Vec::new(),
            tutor: None,
        }
    }

    pub(super) fn find(&self, tab: Origin) -> Option<usize> {
        self.screens.iter().position(|screen| screen.origin() == tab)
    }

    pub(super) fn with_open<T>(&mut self, act: impl FnOnce(&mut dyn AnyScreen, &Ctx) -> T) -> Option<T> {
        let open = self.open;
        let screen = self.screens.iter_mut().find(|screen| screen.origin() == open)?;
        Some(act(screen.as_mut(), &self.ctx))
    }

    pub(super) fn on_open(
        &mut self,
        act: impl FnOnce(&mut dyn AnyScreen, &Ctx) -> Vec<Effect>,
    ) -> Vec<Effect> {
        self.with_open(act).unwrap_or_default()
    }

    pub(super) fn open_screen(&self) -> Option<&dyn AnyScreen> {
        self.screens.iter().find(|screen| screen.origin() == self.open).map(AsRef::as_ref)
    }
}

/// Pairs effects with the tab that they come from.
pub(super) fn tagged(from: Origin, effects: Vec<Effect>) -> Vec<(Origin, Effect)> {
    effects.into_iter().map(|effect| (from, effect)).collect()
}

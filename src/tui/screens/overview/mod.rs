//! Screen 5, Tổng quan: the programme in one snapshot, page by page, and what supervisors change from there.
//!
//! Invariants: one load at a time, and a change that comes meanwhile is read once more afterwards; pages that a
//! role may not see have no key and no place in the strip. Deliberately absent: every figure's computation.

mod agents;
mod audit;
mod board;
mod calls;
mod figures;
mod key_field;
mod keys;
mod pages;
mod popup;
mod satisfaction;
mod sessions;
mod ssh_keys;
mod staff;
mod window;

#[cfg(test)]
mod tests;

pub use keys::{Act, BINDINGS};
pub use pages::Page;

use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Outcome, Ticket, Tickets, first};
use crate::tui::form::Form;
use crate::tui::input::Pointer;
use crate::tui::keys::Binding;
use crate::tui::say::Say;
use crate::tui::screen::{Msg, Screen};
use crate::tui::theme::Tone;
use crate::tui::widgets::list::{Cursor, Step};
use crate::usecase::model::count::Overview;
use crate::usecase::model::session::SessionLine;
use crate::usecase::model::staff::{AuditLine, StaffLine};
use crate::usecase::{Command, Error, Query, Receipt, Snapshot, Topics};
use key_field::Fence;
use pages::pages;
use popup::Popup;
use ratatui::Frame;
use ratatui::layout::Rect;
use ssh_keys::KeyWindow;
use window::{CONFIRM, DISCARD, Window};

/// The screen.
#[derive(Clone, PartialEq)]
pub struct OverviewScreen {
    tickets: Tickets,
    page: Page,
    data: Option<Box<Overview>>,
    staff: Option<Vec<StaffLine>>,
    sessions: Option<Vec<SessionLine>>,
    audit: Option<Vec<AuditLine>>,
    cursor: Cursor,
    window: Option<Window>,
    fence: Fence,
    /// What a yes to the open question does.
    asked: Option<Command>,
    loading: Option<Ticket>,
    /// Something changed while a load was out.
    stale: bool,
    saving: Option<Ticket>,
}

impl Default for OverviewScreen {
    fn default() -> Self {
        Self::new()
    }
}

impl OverviewScreen {
    /// The screen before its first figures.
    pub const fn new() -> Self {
        Self {
            tickets: Tickets::new(Origin::Overview),
            page: Page::Board,
            data: None,
            staff: None,
            sessions: None,
            audit: None,
            cursor: Cursor(0),
            window: None,
            fence: Fence::DOWN,
            asked: None,
            loading: None,
            stale: false,
            saving: None,
        }
    }

    /// The length of the list that has the focus; `None` where there is none.
    fn list_len(&self) -> Option<usize> {
        if self.window.is_some() {
            return self.key_list().map(KeyWindow::count);
        }
        match self.page {
            Page::Board | Page::Calls | Page::Satisfaction => None,
            Page::Agents => Some(self.data.as_ref().map_or(0, |data| data.agents.len())),
            Page::Staff => Some(self.staff.as_ref().map_or(0, Vec::len)),
            Page::Sessions => Some(self.sessions.as_ref().map_or(0, Vec::len)),
            Page::Audit => Some(self.audit.as_ref().map_or(0, Vec::len)),
        }
    }

    /// What is on show: the window's, or the page's.
    fn query(&self) -> Query {
        match &self.window {
            Some(Window::Keys(keys)) => keys.query(),
            Some(Window::Form(_)) | None => self.page.query(),
        }
    }

    /// Reads what is on show; while a read is out, once more afterwards.
    fn read(&mut self) -> Vec<Effect> {
        if self.loading.is_some() {
            self.stale = true;
            return Vec::new();
        }
        let ticket = self.tickets.next();
        self.loading = Some(ticket);
        vec![Effect::load(ticket, self.query())]
    }

    fn show(&mut self, page: Page) -> Vec<Effect> {
        if self.page != page {
            self.page = page;
            self.cursor = Cursor::default();
        }
        self.read_anew()
    }

    /// Reads what is on show now; whatever is out belongs to what was on show before.
    fn read_anew(&mut self) -> Vec<Effect> {
        self.loading = None;
        self.stale = false;
        self.read()
    }

    /// The page `step` places on in the pages of the role, round.
    fn turn(&mut self, forward: bool, ctx: &Ctx) -> Vec<Effect> {
        let pages = pages(ctx.actor.role);
        let at = pages.iter().position(|page| *page == self.page).unwrap_or(0);
        let next = if forward { at + 1 } else { at + pages.len() - 1 };
        match pages.get(next % pages.len().max(1)) {
            Some(page) => self.show(*page),
            None => Vec::new(),
        }
    }

    fn step(&mut self, step: Step) {
        let Some(len) = self.list_len() else { return };
        match &mut self.window {
            Some(Window::Keys(keys)) => keys.cursor_mut().step(step, len),
            Some(Window::Form(_)) | None => self.cursor.step(step, len),
        }
    }

    fn save(&mut self, command: Command) -> Vec<Effect> {
        let ticket = self.tickets.next();
        self.saving = Some(ticket);
        vec![Effect::save(ticket, command, Some(self.query()))]
    }

    fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        match act {
            Act::PopupSave => {
                let command = self.window.as_mut().and_then(Window::command);
                return command.map_or_else(Vec::new, |command| self.save(command));
            }
            Act::PopupClose => return self.close_asking(),
            Act::Show(page) => return self.show(page),
            Act::NextPage => return self.turn(true, ctx),
            Act::PageBefore => return self.turn(false, ctx),
            Act::Move(step) => self.step(step),
            Act::Differences => return self.differences(ctx),
            Act::Quota => {
                let Some(quota) = self.data.as_ref().map(|data| data.seats.quota) else { return Vec::new() };
                return self.open(Window::Form(Popup::quota(quota)));
            }
            Act::Staff(act) => return self.staff_act(act, ctx),
            Act::Sessions(act) => return self.session_act(act),
            Act::Keys(act) => return self.key_act(act),
        }
        Vec::new()
    }

    /// The rows on which the two books differ.
    fn differences(&self, ctx: &Ctx) -> Vec<Effect> {
        let Some(data) = &self.data else { return Vec::new() };
        let lines = data.funnel.differences.iter().map(|row| Say::Plain(board::difference(row, ctx.lang)));
        vec![Effect::Show {
            title: Say::key("over.differences.title"),
            lines: lines.collect(),
            tone: Tone::Danger,
        }]
    }

    fn answered(&mut self, id: &str, yes: bool) -> Vec<Effect> {
        match (id, yes) {
            (DISCARD, true) => self.close(),
            (CONFIRM, _) => match self.asked.take().filter(|_| yes) {
                Some(command) => self.save(command),
                None => Vec::new(),
            },
            (_, _) => Vec::new(),
        }
    }

    fn replied(&mut self, ticket: Ticket, outcome: Outcome) -> Vec<Effect> {
        let outcome = outcome.map(first);
        if self.saving == Some(ticket) {
            self.saving = None;
            return match outcome {
                Ok((receipt, snapshot)) => self.saved(receipt.as_ref(), snapshot),
                Err(error) => {
                    if let (Some(window), Error::Refused(refusal)) = (&mut self.window, &error) {
                        window.refuse(refusal);
                    }
                    vec![Effect::failed(&error)]
                }
            };
        }
        if self.loading != Some(ticket) {
            return Vec::new();
        }
        self.loading = None;
        let mut effects = match outcome {
            Ok((_, snapshot)) => {
                self.take(snapshot);
                Vec::new()
            }
            Err(error) => vec![Effect::failed(&error)],
        };
        if std::mem::take(&mut self.stale) {
            effects.extend(self.read());
        }
        effects
    }

    /// A command is done: what it changed is on show, and good news is said.
    fn saved(&mut self, receipt: Option<&Receipt>, snapshot: Option<Snapshot>) -> Vec<Effect> {
        if matches!(self.window, Some(Window::Form(_))) {
            self.window = None;
        }
        let new = match receipt {
            Some(Receipt::StaffAdded { staff, .. }) => {
                self.staff.iter().flatten().all(|line| line.id != *staff)
            }
            Some(_) | None => false,
        };
        self.take(snapshot);
        let say = match (receipt, &mut self.window) {
            (Some(Receipt::StaffAdded { staff, .. }), _) => Some(self.staff_added(staff, new)),
            (Some(Receipt::StaffKeyAdded { fingerprint }), Some(Window::Keys(keys))) => {
                Some(keys.added(fingerprint))
            }
            (Some(receipt), _) => said(receipt),
            (None, _) => None,
        };
        say.map(Effect::ok).into_iter().collect()
    }

    fn take(&mut self, snapshot: Option<Snapshot>) {
        match (snapshot, &mut self.window) {
            (Some(Snapshot::Overview(data)), _) => self.data = Some(data),
            (Some(Snapshot::Staff { staff }), _) => self.take_staff(staff),
            (Some(Snapshot::StaffKeys { keys }), Some(Window::Keys(window))) => window.take(keys),
            (Some(Snapshot::Sessions { sessions }), _) => self.take_sessions(sessions),
            (Some(Snapshot::Audit { rows }), _) => self.audit = Some(rows),
            (Some(_) | None, _) => {}
        }
        if let (None, Some(len)) = (&self.window, self.list_len()) {
            self.cursor.clamp(len);
        }
    }
}

/// Good news in one sentence.
fn said(receipt: &Receipt) -> Option<Say> {
    Some(match receipt {
        Receipt::QuotaSet { quota, promoted } if promoted.is_empty() => {
            Say::key("over.say.quota").with("quota", quota)
        }
        Receipt::QuotaSet { quota, promoted } => {
            Say::key("over.say.quota_promoted").with("quota", quota).with("count", promoted.len())
        }
        Receipt::StaffDisabled {} => Say::key("over.say.disabled"),
        Receipt::StaffKeyRemoved {} => Say::key("over.say.key_removed"),
        Receipt::SessionEnding {} => Say::key("over.say.session_ending"),
        Receipt::Broadcast {} => Say::key("over.say.broadcast"),
        Receipt::PinCleared {} => Say::key("over.say.pin_cleared"),
        _ => return None,
    })
}

impl Screen for OverviewScreen {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(_) => self.show(self.page),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Mouse(mouse, _) => {
                match mouse.pointer {
                    Pointer::WheelUp => self.step(Step::Up),
                    Pointer::WheelDown => self.step(Step::Down),
                    Pointer::Click => {}
                }
                Vec::new()
            }
            Msg::Answered(id, yes) => self.answered(id, yes),
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome),
            Msg::Edited => self.edited(),
            Msg::Changed if !self.shows().is_empty() => self.read(),
            Msg::Tick | Msg::Changed => Vec::new(),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let strip = Rect { height: area.height.min(1), ..area };
        let body = Rect { y: area.y + strip.height, height: area.height - strip.height, ..area };
        pages::view_strip(frame, strip, ctx, self.page);
        match (self.page, &self.data) {
            (Page::Staff, _) => staff::view(frame, body, ctx, self.staff.as_deref(), self.cursor),
            (Page::Sessions, _) => {
                sessions::view(frame, body, ctx, self.sessions.as_deref(), self.cursor);
            }
            (Page::Audit, _) => audit::view(frame, body, ctx, self.audit.as_deref(), self.cursor),
            (_, None) => figures::view_waiting(frame, body, ctx),
            (Page::Board, Some(data)) => board::view(frame, body, ctx, data),
            (Page::Calls, Some(data)) => calls::view(frame, body, ctx, data),
            (Page::Satisfaction, Some(data)) => {
                satisfaction::view(frame, body, ctx, &data.satisfaction, true);
            }
            (Page::Agents, Some(data)) => agents::view(frame, body, ctx, &data.agents, self.cursor),
        }
        if let Some(window) = &self.window {
            window.view(frame, area, ctx);
        }
    }

    fn form(&self) -> Option<&Form> {
        self.window.as_ref().and_then(Window::form)
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        self.window.as_mut().and_then(Window::form_mut)
    }

    fn saving(&self) -> bool {
        self.saving.is_some()
    }

    fn shows(&self) -> Topics {
        match &self.window {
            _ if self.saving.is_some() => Topics::NONE,
            Some(Window::Keys(keys)) if keys.on_list() => Topics::STAFF,
            Some(Window::Keys(_) | Window::Form(_)) => Topics::NONE,
            None => self.page.topics(),
        }
    }
}

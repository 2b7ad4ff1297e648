//! Screen 5, Tổng quan: the programme in one snapshot, page by page, and what supervisors change from there.
//!
//! Invariants: one load at a time, and a change that comes meanwhile is read once more afterwards; pages that a
//! role may not see have no key and no place in the strip. Deliberately absent: every figure's computation.

mod agents;
mod audit;
mod board;
mod calls;
mod figures;
mod keys;
mod pages;
mod popup;
mod satisfaction;
mod staff;

#[cfg(test)]
mod tests;

pub use keys::{Act, BINDINGS};
pub use pages::Page;

use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Outcome, Question, Ticket, Tickets};
use crate::tui::form::Form;
use crate::tui::input::Pointer;
use crate::tui::keys::Binding;
use crate::tui::say::Say;
use crate::tui::screen::{Msg, Screen};
use crate::tui::theme::Tone;
use crate::tui::widgets::list::{Cursor, Step};
use crate::usecase::model::count::Overview;
use crate::usecase::model::staff::{AuditLine, StaffLine};
use crate::usecase::{Command, Error, Receipt, Snapshot, Topics};
use pages::pages;
use popup::Popup;
use ratatui::Frame;
use ratatui::layout::Rect;
use staff::DISABLE;

/// The id of the question before typed text is thrown away.
const DISCARD: &str = "over.discard";

/// The screen.
#[derive(Clone, PartialEq)]
pub struct OverviewScreen {
    tickets: Tickets,
    page: Page,
    data: Option<Box<Overview>>,
    staff: Option<Vec<StaffLine>>,
    audit: Option<Vec<AuditLine>>,
    cursor: Cursor,
    popup: Option<Popup>,
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
            audit: None,
            cursor: Cursor(0),
            popup: None,
            loading: None,
            stale: false,
            saving: None,
        }
    }

    /// The length of the list on the page; `None` where there is none.
    fn list_len(&self) -> Option<usize> {
        match self.page {
            Page::Board | Page::Calls | Page::Satisfaction => None,
            Page::Agents => Some(self.data.as_ref().map_or(0, |data| data.agents.len())),
            Page::Staff => Some(self.staff.as_ref().map_or(0, Vec::len)),
            Page::Audit => Some(self.audit.as_ref().map_or(0, Vec::len)),
        }
    }

    /// Reads the page; while a read is out, once more afterwards.
    fn read(&mut self) -> Vec<Effect> {
        if self.loading.is_some() {
            self.stale = true;
            return Vec::new();
        }
        let ticket = self.tickets.next();
        self.loading = Some(ticket);
        vec![Effect::load(ticket, self.page.query())]
    }

    fn show(&mut self, page: Page) -> Vec<Effect> {
        if self.page != page {
            self.page = page;
            self.cursor = Cursor::default();
        }
        // Whatever is out belongs to the page before.
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
        if let Some(len) = self.list_len() {
            self.cursor.step(step, len);
        }
    }

    fn save(&mut self, command: Command) -> Vec<Effect> {
        let ticket = self.tickets.next();
        self.saving = Some(ticket);
        vec![Effect::save(ticket, command, Some(self.page.query()))]
    }

    fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        match act {
            Act::PopupSave => {
                let command = self.popup.as_mut().and_then(Popup::command);
                return command.map_or_else(Vec::new, |command| self.save(command));
            }
            Act::PopupClose => {
                if self.popup.as_ref().is_some_and(Popup::is_touched) {
                    return vec![ask(DISCARD, Say::key("over.ask.discard"), None, Tone::Warn)];
                }
                self.popup = None;
            }
            Act::Show(page) => return self.show(page),
            Act::NextPage => return self.turn(true, ctx),
            Act::PageBefore => return self.turn(false, ctx),
            Act::Move(step) => self.step(step),
            Act::Differences => return self.differences(ctx),
            Act::Quota => self.popup = self.data.as_ref().map(|data| Popup::quota(data.seats.quota)),
            Act::Staff(act) => return self.staff_act(act, ctx),
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
            (DISCARD, true) => self.popup = None,
            (DISABLE, true) => return self.disable_staff(),
            (_, _) => {}
        }
        Vec::new()
    }

    fn replied(&mut self, ticket: Ticket, outcome: Outcome) -> Vec<Effect> {
        if self.saving == Some(ticket) {
            self.saving = None;
            return match outcome {
                Ok((receipt, snapshot)) => {
                    self.popup = None;
                    self.take(snapshot);
                    receipt.as_ref().and_then(said).map(Effect::ok).into_iter().collect()
                }
                Err(error) => {
                    if let (Some(popup), Error::Refused(refusal)) = (&mut self.popup, &error) {
                        popup.refuse(refusal);
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

    fn take(&mut self, snapshot: Option<Snapshot>) {
        match snapshot {
            Some(Snapshot::Overview(data)) => self.data = Some(data),
            Some(Snapshot::Staff { staff }) => self.staff = Some(staff),
            Some(Snapshot::Audit { rows }) => self.audit = Some(rows),
            Some(_) | None => {}
        }
        if let Some(len) = self.list_len() {
            self.cursor.clamp(len);
        }
    }
}

fn ask(id: &'static str, text: Say, detail: Option<Say>, tone: Tone) -> Effect {
    Effect::Ask(Box::new(Question { id, text, detail, tone }))
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
        Receipt::StaffAdded { staff, .. } => Say::key("over.say.staff").with("staff", staff),
        Receipt::StaffDisabled {} => Say::key("over.say.disabled"),
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
            Msg::Changed if self.popup.is_none() && self.saving.is_none() => self.read(),
            Msg::Edited | Msg::Tick | Msg::Changed => Vec::new(),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let strip = Rect { height: area.height.min(1), ..area };
        let body = Rect { y: area.y + strip.height, height: area.height - strip.height, ..area };
        pages::view_strip(frame, strip, ctx, self.page);
        match (self.page, &self.data) {
            (Page::Staff, _) => staff::view(frame, body, ctx, self.staff.as_deref(), self.cursor),
            (Page::Audit, _) => audit::view(frame, body, ctx, self.audit.as_deref(), self.cursor),
            (_, None) => figures::view_waiting(frame, body, ctx),
            (Page::Board, Some(data)) => board::view(frame, body, ctx, data),
            (Page::Calls, Some(data)) => calls::view(frame, body, ctx, data),
            (Page::Satisfaction, Some(data)) => {
                satisfaction::view(frame, body, ctx, &data.satisfaction, true);
            }
            (Page::Agents, Some(data)) => agents::view(frame, body, ctx, &data.agents, self.cursor),
        }
        if let Some(popup) = &self.popup {
            popup.view(frame, area, ctx);
        }
    }

    fn form(&self) -> Option<&Form> {
        self.popup.as_ref().map(|popup| &popup.form)
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        self.popup.as_mut().map(|popup| &mut popup.form)
    }

    fn saving(&self) -> bool {
        self.saving.is_some()
    }

    fn shows(&self) -> Topics {
        if self.popup.is_some() || self.saving.is_some() {
            return Topics::NONE;
        }
        self.page.topics()
    }
}

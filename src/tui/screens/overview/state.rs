//! The state of the overview: its open page, lists and windows, and how messages change them.
//!
//! Invariants:
//! * at most one load is in flight; data that changes meanwhile is read once more afterwards;
//! * a yes does what its question named, however the list changed meanwhile ([`Requests::ask`]).

use super::act::{Act, StaffAct};
use super::forms::{self, Topic};
use super::key_field::PrivateKeyGuard;
use super::lists::Lists;
use super::pages::{Page, pages};
use super::ssh_keys::KeyWindow;
use super::versions::{self, VersionAct, Versions};
use super::{agents, audit, board, sessions, staff};
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin};
use crate::tui::form::window::Windows;
use crate::tui::requests::Requests;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::list_keys::List;
use crate::tui::widgets::rows::Rows;
use crate::usecase::command::{RemoveStaffKey, SessionRef, StaffRef};
use crate::usecase::model::count::{AgentLine, Overview};
use crate::usecase::model::session::{SessionLine, SessionState};
use crate::usecase::model::staff::{AuditLine, StaffLine};
use crate::usecase::{Command, Query, Topics};

/// The only kind of load: the data that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnShow;

/// What a save is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Save {
    /// The window: it closes when the command is done.
    Window,
    /// A command about a row of a list.
    Chosen,
    /// A campaign file that is compared.
    Compared,
    /// This version of the campaign, to be shown.
    Version(i64),
    /// The number of a person, to open their page.
    Person,
}

/// The screen.
#[derive(Clone, PartialEq)]
pub struct OverviewScreen {
    pub(super) requests: Requests<OnShow, Save>,
    pub(super) page: Page,
    pub(super) data: Option<Box<Overview>>,
    pub(super) agents: Rows<AgentLine>,
    pub(super) staff: Rows<StaffLine>,
    pub(super) sessions: Rows<SessionLine>,
    pub(super) audit: Rows<AuditLine>,
    pub(super) versions: Versions,
    pub(super) lists: Lists,
    /// The list of a staff member's keys, over the page.
    pub(super) ssh_keys: Option<KeyWindow>,
    /// The form, over everything.
    pub(super) windows: Windows<Topic>,
    guard: PrivateKeyGuard,
}

impl Default for OverviewScreen {
    fn default() -> Self {
        Self::new()
    }
}

impl OverviewScreen {
    /// A screen that has not read its figures yet.
    pub const fn new() -> Self {
        Self {
            requests: Requests::new(Origin::Overview),
            page: Page::Board,
            data: None,
            agents: Rows::new(agents::COLUMNS),
            staff: Rows::new(staff::COLUMNS),
            sessions: Rows::new(sessions::COLUMNS),
            audit: Rows::new(audit::COLUMNS),
            versions: Versions::new(),
            lists: Lists::new(),
            ssh_keys: None,
            windows: Windows::new(),
            guard: PrivateKeyGuard::new(),
        }
    }

    /// Whether the page has the focus: no window and no list of people is over it.
    pub fn on_page(&self) -> bool {
        self.ssh_keys.is_none() && !self.windows.is_open() && !self.shows_people()
    }

    /// Whether the people behind a figure are shown and have the keys.
    pub fn shows_people(&self) -> bool {
        self.page == Page::Lists && self.lists.open.is_some() && !self.windows.is_open()
    }

    /// The list of keys that has the focus.
    pub fn key_list(&self) -> Option<&KeyWindow> {
        self.ssh_keys.as_ref().filter(|_| !self.windows.is_open())
    }

    /// Whether a filter is being typed, so that keys go there.
    pub fn is_filtering(&self) -> bool {
        self.focused_list().is_some_and(|list| list.field().is_some())
    }

    /// The list that has the focus.
    pub(super) fn focused_list(&self) -> Option<&dyn List> {
        match (&self.ssh_keys, self.page) {
            _ if self.windows.is_open() => None,
            (Some(keys), _) => Some(&keys.keys),
            (None, Page::Board | Page::Calls | Page::Satisfaction) => None,
            (None, Page::Agents) => Some(&self.agents),
            (None, Page::Staff) => Some(&self.staff),
            (None, Page::Sessions) => Some(&self.sessions),
            (None, Page::Versions) => Some(&self.versions.rows),
            (None, Page::Audit) => Some(&self.audit),
            (None, Page::Lists) => Some(self.lists.list()),
        }
    }

    /// The same list, to be moved in.
    pub(super) fn focused_list_mut(&mut self) -> Option<&mut dyn List> {
        match (&mut self.ssh_keys, self.page) {
            _ if self.windows.is_open() => None,
            (Some(keys), _) => Some(&mut keys.keys),
            (None, Page::Board | Page::Calls | Page::Satisfaction) => None,
            (None, Page::Agents) => Some(&mut self.agents),
            (None, Page::Staff) => Some(&mut self.staff),
            (None, Page::Sessions) => Some(&mut self.sessions),
            (None, Page::Versions) => Some(&mut self.versions.rows),
            (None, Page::Audit) => Some(&mut self.audit),
            (None, Page::Lists) => Some(self.lists.list_mut()),
        }
    }

    /// Whether a command is in flight.
    pub(super) const fn is_saving(&self) -> bool {
        self.requests.is_saving()
    }

    /// The topics after whose change the data that is shown is read again.
    pub(super) fn topics(&self) -> Topics {
        match &self.ssh_keys {
            _ if self.is_saving() || self.windows.is_open() => Topics::NONE,
            Some(_) => Topics::STAFF,
            // A list stays as it was read, so that its pages fit together.
            None if self.shows_people() => Topics::NONE,
            None => self.page.topics(),
        }
    }

    fn query(&self) -> Query {
        let people = self.lists.query().filter(|_| self.page == Page::Lists);
        let page = || people.unwrap_or_else(|| self.page.query());
        self.ssh_keys.as_ref().map_or_else(page, KeyWindow::query)
    }

    /// Reads the data that is shown again, because it changed.
    pub(super) fn refresh(&mut self) -> Vec<Effect> {
        let query = self.query();
        self.requests.refresh(OnShow, query).into_iter().collect()
    }

    /// Reads the data that is shown now; an unanswered load for what was shown before no longer counts.
    fn load(&mut self) -> Vec<Effect> {
        let query = self.query();
        vec![self.requests.load(OnShow, query)]
    }

    /// Opens a page.
    pub(super) fn show(&mut self, page: Page) -> Vec<Effect> {
        self.page = page;
        self.load()
    }

    /// Opens the next page of the role, or the one before; the first follows the last.
    fn turn(&mut self, forward: bool, ctx: &Ctx) -> Vec<Effect> {
        let pages = pages(ctx.actor.role);
        let at = pages.iter().position(|page| *page == self.page).unwrap_or(0);
        let next = if forward { at + 1 } else { at + pages.len() - 1 };
        pages.get(next % pages.len().max(1)).map_or_else(Vec::new, |page| self.show(*page))
    }

    fn save(&mut self, save: Save, command: Command) -> Vec<Effect> {
        let then = [self.query()];
        vec![self.requests.save(save, command, then)]
    }

    /// Asks before `command`, which cannot be undone.
    fn ask(&mut self, save: Save, command: Command, text: Say, consequence: Say) -> Vec<Effect> {
        let then = [self.query()];
        vec![self.requests.ask(save, command, then, text, consequence)]
    }

    /// Does the act of a key.
    pub(super) fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        match act {
            Act::WindowSave => self.save_window(ctx),
            Act::WindowLeave => self.leave(),
            Act::Show(page) => self.show(page),
            Act::NextPage => self.turn(true, ctx),
            Act::PageBefore => self.turn(false, ctx),
            Act::Differences => self.differences(ctx),
            Act::Quota => match &self.data {
                Some(data) => self.open(forms::quota(data)),
                None => Vec::new(),
            },
            Act::StaffAdd => self.open(forms::staff(ctx.actor.role, None)),
            Act::Staff(act) => match self.staff.chosen().cloned() {
                Some(line) => self.staff_act(act, &line, ctx),
                None => Vec::new(),
            },
            Act::SessionEnd => self.end_session(),
            Act::Versions(act) => self.version_act(act),
            Act::Broadcast => self.open(forms::broadcast()),
            Act::KeyAdd => match &self.ssh_keys {
                Some(keys) => self.open(forms::add_key(keys.staff.clone(), &keys.name)),
                None => Vec::new(),
            },
            Act::KeyRemove => self.remove_key(),
            Act::ListOpen => self.read_if(Lists::open_chosen),
            Act::AgentOpen => match self.agents.chosen() {
                Some(agent) => {
                    self.lists.open_agent(agent);
                    self.show(Page::Lists)
                }
                None => Vec::new(),
            },
            Act::ListPerson => self.open_person(ctx),
            Act::ListLeave => self.lists.close().map_or_else(Vec::new, |from| self.show(from)),
            Act::ListNext => self.read_if(|lists| lists.turn(true)),
            Act::ListBefore => self.read_if(|lists| lists.turn(false)),
            Act::ListOrder => self.read_if(|lists| {
                lists.turn_order();
                true
            }),
            Act::ListExport => match &self.lists.open {
                Some(open) => self.open(forms::export(&open.figure, ctx.now.date())),
                None => Vec::new(),
            },
        }
    }

    /// Changes what is listed, and reads it.
    fn read_if(&mut self, change: impl FnOnce(&mut Lists) -> bool) -> Vec<Effect> {
        if change(&mut self.lists) { self.load() } else { Vec::new() }
    }

    fn open(&mut self, window: forms::Window) -> Vec<Effect> {
        self.guard = PrivateKeyGuard::new();
        self.windows.open(window);
        Vec::new()
    }

    fn save_window(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(window) = self.windows.get_mut() else { return Vec::new() };
        if window.topic == Topic::Quota {
            let Some(data) = &self.data else { return Vec::new() };
            let Some(quota) = forms::changed_quota(window, data) else { return Vec::new() };
            let (text, consequence) = forms::quota_question(quota.quota, data);
            return self.ask(Save::Window, Command::SetQuota(quota), text, consequence);
        }
        if window.topic == Topic::CheckFile {
            let Some((path, days)) = versions::asked(window) else { return Vec::new() };
            return vec![self.requests.compare(Save::Compared, path, days)];
        }
        if window.topic == Topic::LoadVersion {
            let Some((command, text, consequence)) = self.versions.load(window, ctx) else {
                return Vec::new();
            };
            return self.ask(Save::Window, command, text, consequence);
        }
        if let Topic::Export(figure) = window.topic.clone() {
            window.form.clear_errors();
            let Some(file) = window.required(forms::FILE) else { return Vec::new() };
            return vec![self.requests.export(Save::Window, figure, file)];
        }
        let command = forms::command(window, ctx.actor.role, self.ssh_keys.as_ref());
        command.map_or_else(Vec::new, |command| self.save(Save::Window, command))
    }

    fn version_act(&mut self, act: VersionAct) -> Vec<Effect> {
        let query = match act {
            VersionAct::Check => return self.open(versions::check_window()),
            VersionAct::Load => {
                return self.versions.load_window().map_or_else(Vec::new, |window| self.open(window));
            }
            VersionAct::Compare => self.versions.comparison(),
            VersionAct::Whole => self.versions.whole(),
        };
        let chosen = self.versions.rows.chosen().map(|line| line.version);
        match (query, chosen) {
            (Some(query), Some(version)) => vec![self.requests.hold_for(Save::Version(version), query)],
            (Some(_) | None, _) => Vec::new(),
        }
    }

    /// One step back: closes the form, or the list of keys; the page under it counts keys, so it is read again.
    fn leave(&mut self) -> Vec<Effect> {
        if self.windows.is_open() {
            return self.windows.leave().into_iter().collect();
        }
        if self.ssh_keys.take().is_some() { self.load() } else { Vec::new() }
    }

    fn staff_act(&mut self, act: StaffAct, line: &StaffLine, ctx: &Ctx) -> Vec<Effect> {
        let who = StaffRef { id: line.id.clone() };
        let question = |key| Say::key(key).with("name", &line.name);
        match act {
            StaffAct::Edit => self.open(forms::staff(ctx.actor.role, Some(line))),
            StaffAct::Keys => {
                self.ssh_keys = Some(KeyWindow::of(line));
                self.load()
            }
            StaffAct::Disable => self.ask(
                Save::Chosen,
                Command::DisableStaff(who),
                question("over.ask.disable"),
                Say::key("over.ask.disable_detail"),
            ),
            StaffAct::ClearPin => self.ask(
                Save::Chosen,
                Command::ClearPin(who),
                question("over.ask.clear_pin"),
                Say::key("over.ask.clear_pin_detail"),
            ),
        }
    }

    fn end_session(&mut self) -> Vec<Effect> {
        let Some(line) = self.sessions.chosen() else { return Vec::new() };
        let command = Command::EndSession(SessionRef { session: line.id.clone() });
        let on_call = line.state == SessionState::OnCall;
        let detail = if on_call { "over.ask.end_session_on_call" } else { "over.ask.end_session_detail" };
        let question = Say::key("over.ask.end_session")
            .with("name", &line.name)
            .with("from", &line.origin)
            .with("since", line.since.dm_hm());
        self.ask(Save::Chosen, command, question, Say::key(detail))
    }

    fn remove_key(&mut self) -> Vec<Effect> {
        let Some(keys) = &self.ssh_keys else { return Vec::new() };
        let Some((key, label)) = keys.chosen() else { return Vec::new() };
        let question = Say::key("over.ask.remove_key").with("label", label).with("name", &keys.name);
        let fingerprint = key.fingerprint.clone();
        let command = Command::RemoveStaffKey(RemoveStaffKey { id: keys.staff.clone(), fingerprint });
        self.ask(Save::Chosen, command, question, Say::key("over.ask.remove_key_detail"))
    }

    /// Shows the rows on which the records of the two organisations differ.
    fn differences(&self, ctx: &Ctx) -> Vec<Effect> {
        let Some(data) = &self.data else { return Vec::new() };
        let lines = data.funnel.differences.iter().map(|row| Say::Plain(board::difference(row, ctx.lang)));
        vec![Effect::Show {
            title: Say::key("over.differences.title"),
            lines: lines.collect(),
            tone: Tone::Danger,
        }]
    }

    /// Takes the answer to a question.
    pub(super) fn answered(&mut self, id: &str, yes: bool) -> Vec<Effect> {
        if self.windows.answered(id, yes) {
            return Vec::new();
        }
        self.requests.answered(id, yes).into_iter().collect()
    }

    /// Takes a change of a field: a private key in it is wiped with a notice.
    pub(super) fn edited(&mut self) -> Vec<Effect> {
        let Some(window) = self.windows.get_mut() else { return Vec::new() };
        if self.guard.wipe(&mut window.form) {
            return vec![Effect::Notice(Tone::Danger, Say::key("over.say.private_key"))];
        }
        Vec::new()
    }
}

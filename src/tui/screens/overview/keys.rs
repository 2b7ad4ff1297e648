//! The keys of the overview: one letter for each page, arrows from page to page, and the acts of supervisors.

use super::act::{Act, StaffAct};
use super::forms::Topic;
use super::pages::Page;
use super::state::OverviewScreen;
use super::versions::VersionAct;
use crate::domain::actor::Permission as May;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Binding, ELSEWHERE, Enabled};

const POPUP: &str = "over_popup";
const PAGES: &str = "over_pages";
const BOARD: &str = "over_board";
const STAFF: &str = "over_staff";
const SESSIONS: &str = "over_sessions";
const SSH_KEYS: &str = "over_keys";
const VERSIONS: &str = "over_versions";
const LISTS: &str = "over_lists";
const PEOPLE: &str = "over_people";
const AGENTS: &str = "over_agents";

const ENTER: &[Key] = &[Key::plain(KeyCode::Enter)];
const ESC: &[Key] = &[Key::plain(KeyCode::Esc)];
const NEXT: &[Key] = &[Key::plain(KeyCode::Right), Key::plain(KeyCode::Tab)];
const BEFORE: &[Key] = &[Key::plain(KeyCode::Left), Key::plain(KeyCode::Tab).with_shift()];

type Row = Binding<Act, OverviewScreen>;

const fn row(place: &'static str, id: &'static str, keys: &'static [Key], act: Act) -> Row {
    Binding::new(place, id, keys, act)
}

const fn here(yes: bool) -> Enabled {
    if yes { Ok(()) } else { Err(ELSEWHERE) }
}

fn in_window(s: &OverviewScreen) -> Enabled {
    here(s.windows.is_open() || s.ssh_keys.is_some())
}

fn in_form(s: &OverviewScreen) -> Enabled {
    here(s.windows.is_open())
}

fn on_pages(s: &OverviewScreen) -> Enabled {
    here(s.on_page())?;
    if s.is_filtering() { Err("list.why.filtered") } else { Ok(()) }
}

fn on_board(s: &OverviewScreen) -> Enabled {
    on_pages(s)?;
    if s.page != Page::Board {
        return Err("over.why.on_board");
    }
    if s.data.is_some() { Ok(()) } else { Err("over.why.no_figures") }
}

fn has_differences(s: &OverviewScreen) -> Enabled {
    on_board(s)?;
    let differ = s.data.as_ref().is_some_and(|data| !data.funnel.differences.is_empty());
    if differ { Ok(()) } else { Err("over.why.no_differences") }
}

fn on_staff(s: &OverviewScreen) -> Enabled {
    here(s.on_page() && s.page == Page::Staff)
}

fn has_staff(s: &OverviewScreen) -> Enabled {
    on_staff(s)?;
    if s.staff.chosen().is_some() { Ok(()) } else { Err("over.why.nobody") }
}

fn is_active(s: &OverviewScreen) -> Enabled {
    has_staff(s)?;
    if s.staff.chosen().is_some_and(|line| line.active) { Ok(()) } else { Err("over.why.disabled") }
}

fn has_pin(s: &OverviewScreen) -> Enabled {
    has_staff(s)?;
    if s.staff.chosen().is_some_and(|line| line.has_pin) { Ok(()) } else { Err("over.why.no_pin") }
}

fn on_sessions(s: &OverviewScreen) -> Enabled {
    here(s.on_page() && s.page == Page::Sessions)
}

fn has_session(s: &OverviewScreen) -> Enabled {
    on_sessions(s)?;
    if s.sessions.chosen().is_some() { Ok(()) } else { Err("over.why.no_session") }
}

fn on_versions(s: &OverviewScreen) -> Enabled {
    here(s.on_page() && s.page == Page::Versions)
}

fn has_version(s: &OverviewScreen) -> Enabled {
    on_versions(s)?;
    if s.versions.rows.chosen().is_some() { Ok(()) } else { Err("over.why.no_version") }
}

fn has_proposal(s: &OverviewScreen) -> Enabled {
    on_versions(s)?;
    s.versions.loadable().map(drop)
}

fn on_keys(s: &OverviewScreen) -> Enabled {
    here(s.key_list().is_some())
}

fn has_key(s: &OverviewScreen) -> Enabled {
    on_keys(s)?;
    if s.key_list().is_some_and(|keys| keys.chosen().is_some()) { Ok(()) } else { Err("over.why.no_key") }
}

fn on_lists(s: &OverviewScreen) -> Enabled {
    here(s.on_page() && s.page == Page::Lists && !s.is_filtering())
}

fn on_figures(s: &OverviewScreen) -> Enabled {
    here(s.on_page() && s.page == Page::Lists)?;
    if s.lists.chosen().is_some() { Ok(()) } else { Err("over.why.no_figures") }
}

fn on_agents(s: &OverviewScreen) -> Enabled {
    here(s.on_page() && s.page == Page::Agents)?;
    if s.agents.chosen().is_some() { Ok(()) } else { Err("over.why.nobody") }
}

fn has_person(s: &OverviewScreen) -> Enabled {
    on_people(s)?;
    if s.lists.person().is_some() { Ok(()) } else { Err("over.why.no_person") }
}

fn on_people(s: &OverviewScreen) -> Enabled {
    here(s.shows_people())?;
    if s.is_filtering() { Err("list.why.filtered") } else { Ok(()) }
}

/// Enter in a window is named by what it does there.
fn save_name(s: &OverviewScreen) -> Option<&'static str> {
    match s.windows.get()?.topic {
        Topic::CheckFile => Some("over.version_check"),
        Topic::LoadVersion => Some("over.version_load"),
        Topic::Quota
        | Topic::Broadcast
        | Topic::NewStaff
        | Topic::EditStaff(_)
        | Topic::AddKey(_)
        | Topic::Export(_) => None,
    }
}

/// The key table. The strip above the page shows the keys of pages, so the footer leaves them out.
pub const BINDINGS: &[Row] = &[
    row(POPUP, "over.popup_save", ENTER, Act::WindowSave).when(in_form).named(save_name),
    row(POPUP, "over.popup_close", ESC, Act::WindowLeave).when(in_window),
    row(PEOPLE, "over.people_open", ENTER, Act::ListPerson).when(has_person),
    row(PEOPLE, "over.people_export", &[Key::char('e')], Act::ListExport).when(on_people).needs(May::Export),
    row(PEOPLE, "over.people_next", &[Key::plain(KeyCode::Right)], Act::ListNext).when(on_people),
    row(PEOPLE, "over.people_order", &[Key::char('t')], Act::ListOrder).when(on_people),
    row(PEOPLE, "over.people_leave", ESC, Act::ListLeave).when(on_people),
    row(PEOPLE, "over.people_before", &[Key::plain(KeyCode::Left)], Act::ListBefore).when(on_people),
    row(LISTS, "over.list_open", ENTER, Act::ListOpen).when(on_figures),
    row(LISTS, "over.lists_leave", ESC, Act::Show(Page::Board)).when(on_lists),
    row(AGENTS, "over.agent_open", ENTER, Act::AgentOpen).when(on_agents).needs(May::SeeCustomers),
    row(BOARD, "over.board_lists", ENTER, Act::Show(Page::Lists)).when(on_board).needs(May::OpenLists),
    row(STAFF, "over.staff_edit", ENTER, Act::Staff(StaffAct::Edit)).when(has_staff).needs(May::ManageStaff),
    row(STAFF, "over.staff_add", &[Key::char('a')], Act::StaffAdd).when(on_staff).needs(May::ManageStaff),
    row(STAFF, "over.staff_disable", &[Key::char('d')], Act::Staff(StaffAct::Disable))
        .when(is_active)
        .needs(May::ManageStaff),
    row(STAFF, "over.staff_keys", &[Key::char('o')], Act::Staff(StaffAct::Keys))
        .when(is_active)
        .needs(May::ManageStaff),
    row(STAFF, "over.staff_pin", &[Key::char('m')], Act::Staff(StaffAct::ClearPin))
        .when(has_pin)
        .needs(May::ManageStaff),
    row(SESSIONS, "over.broadcast", &[Key::char('g')], Act::Broadcast)
        .when(on_sessions)
        .needs(May::ManageSessions),
    row(SESSIONS, "over.session_end", &[Key::char('d')], Act::SessionEnd)
        .when(has_session)
        .needs(May::ManageSessions),
    row(VERSIONS, "over.version_compare", ENTER, Act::Versions(VersionAct::Compare))
        .when(has_version)
        .needs(May::ManageCampaign),
    row(VERSIONS, "over.version_check", &[Key::char('f')], Act::Versions(VersionAct::Check))
        .when(on_versions)
        .needs(May::ManageCampaign),
    row(VERSIONS, "over.version_load", &[Key::char('u')], Act::Versions(VersionAct::Load))
        .when(has_proposal)
        .needs(May::ManageCampaign),
    row(VERSIONS, "over.version_whole", &[Key::char('w')], Act::Versions(VersionAct::Whole))
        .when(has_version)
        .needs(May::ManageCampaign),
    row(SSH_KEYS, "over.key_add", &[Key::char('a')], Act::KeyAdd).when(on_keys).needs(May::ManageStaff),
    row(SSH_KEYS, "over.key_remove", &[Key::char('d')], Act::KeyRemove).when(has_key).needs(May::ManageStaff),
    row(PAGES, "over.board", &[Key::char('b')], Act::Show(Page::Board)).when(on_pages).quiet(),
    row(PAGES, "over.calls", &[Key::char('c')], Act::Show(Page::Calls)).when(on_pages).quiet(),
    row(PAGES, "over.satisfaction", &[Key::char('h')], Act::Show(Page::Satisfaction)).when(on_pages).quiet(),
    row(PAGES, "over.agents", &[Key::char('v')], Act::Show(Page::Agents))
        .when(on_pages)
        .needs(May::SeeAgents)
        .quiet(),
    row(PAGES, "over.staff", &[Key::char('n')], Act::Show(Page::Staff))
        .when(on_pages)
        .needs(May::ManageStaff)
        .quiet(),
    row(PAGES, "over.sessions", &[Key::char('p')], Act::Show(Page::Sessions))
        .when(on_pages)
        .needs(May::ManageSessions)
        .quiet(),
    row(PAGES, "over.versions", &[Key::char('r')], Act::Show(Page::Versions))
        .when(on_pages)
        .needs(May::ManageCampaign)
        .quiet(),
    row(PAGES, "over.audit", &[Key::char('k')], Act::Show(Page::Audit))
        .when(on_pages)
        .needs(May::SeeAudit)
        .quiet(),
    row(PAGES, "over.lists", &[Key::char('l')], Act::Show(Page::Lists))
        .when(on_pages)
        .needs(May::OpenLists)
        .quiet(),
    row(BOARD, "over.quota", &[Key::char('s')], Act::Quota).when(on_board).needs(May::ManageQuota),
    row(BOARD, "over.differences", &[Key::char('x')], Act::Differences).when(has_differences),
    row(PAGES, "over.next", NEXT, Act::NextPage).when(on_pages).quiet(),
    row(PAGES, "over.before", BEFORE, Act::PageBefore).when(on_pages).quiet(),
];

/// The name of a page's key, for the strip.
pub fn page_cap(page: Page) -> String {
    let row = BINDINGS.iter().find(|row| row.place == PAGES && row.act == Act::Show(page));
    row.and_then(|row| row.keys.first()).map_or_else(String::new, ToString::to_string)
}

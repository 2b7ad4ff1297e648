//! The keys of registrations. Each step of the screen has a place of its own; in the other steps its keys are free.

use super::act::{Act, Pane};
use super::opened::Opened;
use super::state::{CustomerStep, Registration};
use crate::domain::actor::Permission as May;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Binding, ELSEWHERE, Enabled};

const PANES: &str = "reg_panes";
const POPUP: &str = "reg_popup";
const FORM: &str = "reg_form";
const FIND: &str = "reg_find";
const READ: &str = "reg_read";
const DONE: &str = "reg_done";
const LEADS: &str = "reg_leads";
const BATCHES: &str = "reg_batches";
const BATCH: &str = "reg_batch";

const ENTER: &[Key] = &[Key::plain(KeyCode::Enter)];
const ESC: &[Key] = &[Key::plain(KeyCode::Esc)];

type Row = Binding<Act, Registration>;

const fn row(place: &'static str, id: &'static str, keys: &'static [Key], act: Act) -> Row {
    Binding::new(place, id, keys, act)
}

const fn here(yes: bool) -> Enabled {
    if yes { Ok(()) } else { Err(ELSEWHERE) }
}

fn no_window(s: &Registration) -> Enabled {
    if s.windows.is_open() { Err("reg.why.window_open") } else { Ok(()) }
}

fn in_window(s: &Registration) -> Enabled {
    here(s.windows.is_open())
}

const fn searching(s: &Registration) -> bool {
    !s.windows.is_open() && matches!(s.pane, Pane::Search)
}

fn in_form(s: &Registration) -> Enabled {
    here(searching(s) && matches!(s.step, CustomerStep::Registering(_)))
}

fn in_find(s: &Registration) -> Enabled {
    here(searching(s) && matches!(s.step, CustomerStep::Finding))
}

fn can_open(s: &Registration) -> Enabled {
    in_find(s)?;
    if s.has_something_to_open() { Ok(()) } else { Err("reg.why.nobody_found") }
}

fn in_read(s: &Registration) -> Enabled {
    here(searching(s) && matches!(s.step, CustomerStep::Reading(_)))
}

fn is_done(s: &Registration) -> Enabled {
    here(searching(s) && s.opened().is_some_and(|opened| opened.done.is_some()))
}

fn can_register(s: &Registration) -> Enabled {
    in_read(s)?;
    let open = s.opened().filter(|opened| opened.done.is_none());
    open.map_or(Err(ELSEWHERE), Opened::may_register)
}

fn has_registration(s: &Registration) -> Enabled {
    in_read(s)?;
    let live = s.opened().and_then(|opened| opened.live_registration());
    if live.is_some() { Ok(()) } else { Err("reg.why.no_registration") }
}

fn has_consent(s: &Registration) -> Enabled {
    has_registration(s)?;
    let given = s.opened().is_some_and(|opened| !opened.given_consents().is_empty());
    if given { Ok(()) } else { Err("reg.why.no_consent") }
}

fn is_known(s: &Registration) -> Enabled {
    in_read(s)?;
    let known = s.opened().is_some_and(|opened| opened.customer.customer.is_some());
    if known { Ok(()) } else { Err("reg.why.unknown_customer") }
}

fn can_undo(s: &Registration) -> Enabled {
    in_read(s)?;
    let registration = s.opened().and_then(|opened| opened.customer.registration.as_ref());
    if registration.is_some_and(|registration| registration.undo_until.is_some()) {
        Ok(())
    } else {
        Err("reg.why.nothing_to_undo")
    }
}

fn can_restore(s: &Registration) -> Enabled {
    in_read(s)?;
    let registration = s.opened().and_then(|opened| opened.customer.registration.as_ref());
    if registration.is_some_and(|registration| registration.restorable) {
        Ok(())
    } else {
        Err("reg.why.nothing_to_restore")
    }
}

fn in_leads(s: &Registration) -> Enabled {
    here(!s.windows.is_open() && matches!(s.pane, Pane::Leads))
}

fn on_lead(s: &Registration) -> Enabled {
    in_leads(s)?;
    if s.leads.chosen().is_some() { Ok(()) } else { Err("reg.why.no_lead") }
}

fn in_batches(s: &Registration) -> Enabled {
    here(!s.windows.is_open() && matches!(s.pane, Pane::Batches) && s.batches.open.is_none())
}

fn on_batch(s: &Registration) -> Enabled {
    in_batches(s)?;
    if s.batches.rows.chosen().is_some() { Ok(()) } else { Err("reg.why.no_batch") }
}

fn can_hand_over(s: &Registration) -> Enabled {
    in_batches(s)?;
    if s.batches.waiting > 0 { Ok(()) } else { Err("reg.why.nothing_waits") }
}

fn in_batch(s: &Registration) -> Enabled {
    here(!s.windows.is_open() && matches!(s.pane, Pane::Batches) && s.batches.open.is_some())
}

/// The key table. The strip above the pane shows the keys of panes, so the footer leaves them out.
pub const BINDINGS: &[Row] = &[
    row(POPUP, "reg.popup_save", ENTER, Act::WindowSave).when(in_window),
    row(POPUP, "reg.popup_close", ESC, Act::WindowLeave).when(in_window),
    row(FORM, "reg.save", ENTER, Act::Save).when(in_form),
    row(FORM, "reg.consent_1", &[Key::char('1')], Act::Consent(0)).when(in_form).quiet(),
    row(FORM, "reg.consent_2", &[Key::char('2')], Act::Consent(1)).when(in_form).quiet(),
    row(FORM, "reg.consent_3", &[Key::char('3')], Act::Consent(2)).when(in_form).quiet(),
    row(FORM, "reg.consent_4", &[Key::char('4')], Act::Consent(3)).when(in_form).quiet(),
    row(FORM, "reg.leave_form", ESC, Act::LeaveForm).when(in_form),
    row(FIND, "reg.open", ENTER, Act::Open).when(can_open),
    row(READ, "reg.register", &[Key::plain(KeyCode::Enter), Key::char('r')], Act::Register)
        .when(can_register),
    row(DONE, "reg.done", ENTER, Act::Next).when(is_done),
    row(READ, "reg.back", ESC, Act::Back).when(in_read),
    row(READ, "reg.cancel", &[Key::char('c')], Act::Cancel)
        .when(has_registration)
        .needs(May::CancelRegistration),
    row(READ, "reg.undo", &[Key::char('u')], Act::Undo).when(can_undo).needs(May::CancelRegistration),
    row(DONE, "reg.next", &[Key::char('n'), Key::char('/')], Act::Next).when(in_read),
    row(READ, "reg.restore", &[Key::char('k')], Act::Restore)
        .when(can_restore)
        .needs(May::ReactivateRegistration),
    row(READ, "reg.withdraw", &[Key::char('w')], Act::Withdraw)
        .when(has_consent)
        .needs(May::CancelRegistration),
    row(READ, "reg.opt_out", &[Key::char('x')], Act::OptOut).when(in_read).needs(May::OptOut),
    row(READ, "reg.agree", &[Key::char('a')], Act::Agree).when(is_known).needs(May::ManageAgreements),
    row(READ, "reg.why_not", &[Key::char('g')], Act::WhyNot).when(is_known),
    row(READ, "reg.copy", &[Key::char('y')], Act::Copy).when(in_read),
    row(LEADS, "reg.lead_next", ENTER, Act::LeadNext).when(on_lead),
    row(LEADS, "reg.lead_add", &[Key::char('a')], Act::LeadAdd).when(in_leads).needs(May::WorkLeads),
    row(LEADS, "reg.lead_drop", &[Key::char('d')], Act::LeadDrop).when(on_lead).needs(May::WorkLeads),
    row(BATCHES, "reg.batch_open", ENTER, Act::BatchOpen).when(on_batch),
    row(BATCHES, "reg.hand_over", &[Key::char('h')], Act::HandOver).when(can_hand_over).needs(May::HandOver),
    row(BATCH, "reg.batch_close", ESC, Act::BatchClose).when(in_batch),
    row(PANES, "reg.show_search", &[Key::f(2)], Act::Show(Pane::Search))
        .when(no_window)
        .needs(May::SeeCustomers)
        .quiet(),
    row(PANES, "reg.show_leads", &[Key::f(3)], Act::Show(Pane::Leads))
        .when(no_window)
        .needs(May::WorkLeads)
        .quiet(),
    row(PANES, "reg.show_batches", &[Key::f(5)], Act::Show(Pane::Batches))
        .when(no_window)
        .needs(May::SeeBatches)
        .quiet(),
];

/// The name of a consent's key, for the form.
pub fn consent_cap(at: usize) -> String {
    let row = BINDINGS.iter().find(|row| row.act == Act::Consent(at));
    row.and_then(|row| row.keys.first()).map_or_else(String::new, ToString::to_string)
}

/// The name of a pane's key, for the strip.
pub fn pane_cap(pane: Pane) -> String {
    let row = BINDINGS.iter().find(|row| row.act == Act::Show(pane));
    row.and_then(|row| row.keys.first()).map_or_else(String::new, ToString::to_string)
}

//! The windows of supervisors: the number of seats, staff members, SSH keys and broadcasts. This module has their
//! fields, the commands that they make, and the question before the number of seats is changed.

use super::key_field::{self, KEY};
use super::ssh_keys::KeyWindow;
use crate::domain::actor::Role;
use crate::domain::figure::Figure;
use crate::domain::id::{DoctorId, StaffId};
use crate::domain::refusal::Refusal;
use crate::tui::field::{Field, Kind};
use crate::tui::form::window::FormWindow;
use crate::tui::form::{Control, Form};
use crate::tui::say::Say;
use crate::usecase::Command;
use crate::usecase::command::{AddStaff, AddStaffKey, Broadcast, SetQuota};
use crate::usecase::model::count::Overview;
use crate::usecase::model::staff::StaffLine;
use crate::usecase::session::MOST_TEXT;
use chrono::NaiveDate;

const QUOTA: &str = "quota";
const ID: &str = "login";
const NAME: &str = "name";
const ROLE: &str = "role";
const DOCTOR: &str = "doctor";
const TEXT: &str = "text";
/// The field of a file's name.
pub const FILE: &str = "file";
/// A quota that grows by more than this factor, and beyond the whole list, is taken for a typing error.
const MOST_GROWTH: i64 = 10;

/// The topic of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// The number of seats.
    Quota,
    /// A broadcast.
    Broadcast,
    /// A new staff member.
    NewStaff,
    /// Changes to this one.
    EditStaff(StaffId),
    /// A campaign file to be compared.
    CheckFile,
    /// The campaign file that was compared, to be loaded.
    LoadVersion,
    /// One more key of this one.
    AddKey(StaffId),
    /// The people behind this figure, into a file.
    Export(Figure),
}

/// A window of the overview.
pub type Window = FormWindow<Topic>;

/// The window of the number of seats, filled in as it is.
pub fn quota(data: &Overview) -> Window {
    let seats = &data.seats;
    let field = Field::new(Kind::Digits).max(7).holding(&seats.quota.to_string());
    let form = Form::new().field(QUOTA, "over.popup.quota", field);
    FormWindow::new(Topic::Quota, Say::key("over.popup.quota_title"), form)
        .help(Say::key("over.popup.quota_help").with("quota", seats.quota).with("taken", seats.taken))
}

/// The window of a list that is written to a file, with a name for it.
pub fn export(figure: &Figure, day: NaiveDate) -> Window {
    let field = Field::new(Kind::Code).max(200).holding(&figure.file_name(day));
    let form = Form::new().field(FILE, "over.popup.file", field);
    FormWindow::new(Topic::Export(figure.clone()), Say::key("over.popup.export_title"), form)
        .help(Say::key("over.popup.export_help"))
}

/// The window of a broadcast.
pub fn broadcast() -> Window {
    let form = Form::new().field(TEXT, "over.popup.broadcast", Field::new(Kind::Text).max(MOST_TEXT));
    FormWindow::new(Topic::Broadcast, Say::key("over.popup.broadcast_title"), form)
        .help(Say::key("over.popup.broadcast_help"))
}

/// The window of a new staff member, or of an existing one, filled in.
pub fn staff(manager: Role, line: Option<&StaffLine>) -> Window {
    let roles = roles_under(manager);
    let options = roles.iter().map(|role| Say::key(role_key(*role))).collect();
    let text = |value: Option<&str>| Field::new(Kind::Text).holding(value.unwrap_or_default());
    let login = text(line.map(|line| line.id.0.as_str())).max(32).placeholder("over.popup.id_hint");
    let mut form = Form::new()
        .field(ID, "over.popup.id", login)
        .field(NAME, "over.popup.name", text(line.map(|line| line.name.as_str())))
        .item(ROLE, Say::key("over.popup.role"), Control::Choice { options, at: None });
    if roles.contains(&Role::Doctor) {
        let doctor = line.and_then(|line| line.doctor).map(|doctor| doctor.to_string());
        let field = Field::new(Kind::Digits).holding(&doctor.unwrap_or_default());
        form = form.field(DOCTOR, "over.popup.doctor", field.placeholder("over.popup.doctor_hint"));
    }
    let topic = match line {
        None => {
            form = form.field(KEY, "over.popup.key", key_field::field("over.popup.key_hint"));
            Topic::NewStaff
        }
        Some(line) => {
            if let Some(at) = roles.iter().position(|role| *role == line.role) {
                form.choose(ROLE, at);
            }
            form.focus_on(NAME);
            Topic::EditStaff(line.id.clone())
        }
    };
    FormWindow::new(topic, Say::key("over.popup.staff_title"), form).help(Say::key("over.popup.staff_help"))
}

/// The window of one more key of a staff member.
pub fn add_key(staff: StaffId, name: &str) -> Window {
    let form = Form::new().field(KEY, "over.key.new", key_field::field("over.key.placeholder"));
    let title = Say::key("over.key.add_title").with("name", name);
    FormWindow::new(Topic::AddKey(staff), title, form).help(Say::key("over.key.add_help"))
}

/// The command of a window that needs no question. None when an item is missing or wrong; the item is then marked.
/// [`changed_quota`] handles the number of seats, the page of versions its own windows. `keys` is the list that a key is added to.
pub fn command(window: &mut Window, manager: Role, keys: Option<&KeyWindow>) -> Option<Command> {
    window.form.clear_errors();
    match window.topic.clone() {
        Topic::Quota | Topic::CheckFile | Topic::LoadVersion | Topic::Export(_) => None,
        Topic::Broadcast => Some(Command::Broadcast(Broadcast { text: window.required(TEXT)? })),
        Topic::NewStaff | Topic::EditStaff(_) => {
            let (id, name, role) = (window.required(ID), window.required(NAME), window.chosen(ROLE));
            let (id, name, role) = (StaffId(id?), name?, *roles_under(manager).get(role?)?);
            let doctor = window.form.find_field(DOCTOR).and_then(Field::number).map(DoctorId);
            let doctor = doctor.filter(|_| role == Role::Doctor);
            let key = match window.form.value(KEY) {
                Some(_) => Some(key_field::read(&mut window.form)?.labelled()),
                None => None,
            };
            Some(Command::AddStaff(AddStaff { id, name, role, doctor, key }))
        }
        Topic::AddKey(id) => {
            let key = key_field::read(&mut window.form)?;
            if keys.is_some_and(|keys| keys.has(key.fingerprint.as_str())) {
                refuse(window, &Refusal::FieldInvalid { field: KEY, reason: "duplicate" });
                return None;
            }
            Some(Command::AddStaffKey(AddStaffKey { id, key: key.labelled() }))
        }
    }
}

/// The new number of seats. None when it is the present one, below the seats that are taken, or a typing error; the
/// field is then marked.
pub fn changed_quota(window: &mut Window, data: &Overview) -> Option<SetQuota> {
    window.form.clear_errors();
    let seats = &data.seats;
    let list = data.funnel.steps.iter().map(|step| step.count).max().unwrap_or_default();
    let most = seats.quota.saturating_mul(MOST_GROWTH).max(list);
    let quota = window.number(QUOTA, seats.taken.max(1)..=most)?;
    if quota == seats.quota {
        window.form.set_error(QUOTA, Say::key("over.popup.quota_same").with("quota", quota));
        return None;
    }
    Some(SetQuota { quota })
}

/// The question before the number of seats is changed, and what a yes does.
pub fn quota_question(quota: i64, data: &Overview) -> (Say, Say) {
    let seats = &data.seats;
    let free = quota - seats.taken;
    let (more, waiting) = (quota - seats.quota, seats.waitlisted.min(free));
    let consequence = match (more < 0, waiting) {
        (true, _) => Say::key("over.ask.quota_lower").with("free", free),
        (false, 0) => Say::key("over.ask.quota_more").with("more", more).with("free", free),
        (false, _) => Say::key("over.ask.quota_promotes").with("more", more).with("waiting", waiting),
    };
    (Say::key("over.ask.quota").with("old", seats.quota).with("new", quota), consequence)
}

/// Marks the item that a refusal names.
pub fn refuse(window: &mut Window, refusal: &Refusal) {
    match refusal {
        Refusal::QuotaBelowTaken { .. } => window.form.set_error(QUOTA, Say::from(refusal.clone())),
        Refusal::FieldInvalid { field: "id", .. } => window.form.set_error(ID, Say::from(refusal.clone())),
        Refusal::FieldInvalid { field: "list_file", .. } => {
            window.form.set_error(FILE, Say::from(refusal.clone()));
        }
        other => {
            if !key_field::refuse(&mut window.form, other) {
                window.refuse(other);
            }
        }
    }
}

/// The roles that a manager may give; the use case checks it again.
fn roles_under(manager: Role) -> Vec<Role> {
    Role::ALL
        .into_iter()
        .filter(|role| match manager {
            Role::Operator => *role != Role::Operator,
            Role::VinmecLead => role.is_vinmec(),
            _ => !role.is_vinmec() && *role != Role::Operator,
        })
        .collect()
}

const fn role_key(role: Role) -> &'static str {
    match role {
        Role::Agent => "role.agent",
        Role::FanpageAdmin => "role.fanpage_admin",
        Role::Supervisor => "role.supervisor",
        Role::Intake => "role.intake",
        Role::Doctor => "role.doctor",
        Role::VinmecLead => "role.vinmec_lead",
        Role::Auditor => "role.auditor",
        Role::Operator => "role.operator",
    }
}

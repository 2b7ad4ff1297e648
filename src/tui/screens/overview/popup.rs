//! The windows in which a supervisor changes the number of seats and the staff, and says something to everybody.

use super::key_field::{self, KEY, SAID_ROWS};
use crate::domain::actor::Role;
use crate::domain::id::{DoctorId, StaffId};
use crate::domain::refusal::Refusal;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::{Control, Form};
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::usecase::Command;
use crate::usecase::command::{AddStaff, Broadcast, SetQuota};
use crate::usecase::model::staff::StaffLine;
use crate::usecase::session::MOST_TEXT;
use ratatui::Frame;
use ratatui::layout::Rect;

const QUOTA: &str = "quota";
const ID: &str = "login";
const NAME: &str = "name";
const ROLE: &str = "role";
const DOCTOR: &str = "doctor";
const TEXT: &str = "text";

/// What a window is about.
#[derive(Clone, PartialEq, Eq)]
pub enum Topic {
    /// The number of seats.
    Quota,
    /// A sentence for everybody.
    Broadcast,
    /// A staff member with one of these roles.
    Staff(Vec<Role>),
}

/// A window.
#[derive(Clone, PartialEq, Eq)]
pub struct Popup {
    topic: Topic,
    /// Its fields.
    pub form: Form,
    /// The fields as they were filled in at first.
    first: Form,
}

impl Popup {
    fn of(topic: Topic, form: Form) -> Self {
        Self { topic, first: form.clone(), form }
    }

    /// The number of seats, filled in as it is.
    pub fn quota(now: i64) -> Self {
        let field = Field::new(Kind::Digits).max(7).holding(&now.to_string());
        Self::of(Topic::Quota, Form::new().field(QUOTA, "over.popup.quota", field))
    }

    /// A sentence for everybody.
    pub fn broadcast() -> Self {
        let field = Field::new(Kind::Text).max(MOST_TEXT);
        Self::of(Topic::Broadcast, Form::new().field(TEXT, "over.popup.broadcast", field))
    }

    /// A staff member: empty, or filled in as they are.
    pub fn staff(manager: Role, line: Option<&StaffLine>) -> Self {
        let roles = roles_under(manager);
        let options = roles.iter().map(|role| Say::key(role_key(*role))).collect();
        let text = |value: Option<String>| Field::new(Kind::Text).holding(&value.unwrap_or_default());
        let mut form = Form::new()
            .field(
                ID,
                "over.popup.id",
                text(line.map(|line| line.id.0.clone())).max(32).placeholder("over.popup.id_hint"),
            )
            .field(NAME, "over.popup.name", text(line.map(|line| line.name.clone())))
            .item(ROLE, Say::key("over.popup.role"), Control::Choice { options, at: None });
        if roles.contains(&Role::Doctor) {
            let doctor = line.and_then(|line| line.doctor).map(|doctor| doctor.to_string());
            let field = Field::new(Kind::Digits).holding(&doctor.unwrap_or_default());
            form = form.field(DOCTOR, "over.popup.doctor", field.placeholder("over.popup.doctor_hint"));
        }
        match line {
            None => form = form.field(KEY, "over.popup.key", key_field::field("over.popup.key_hint")),
            Some(line) => {
                if let Some(at) = roles.iter().position(|role| *role == line.role) {
                    form.choose(ROLE, at);
                }
                form.focus_on(NAME);
            }
        }
        Self::of(Topic::Staff(roles), form)
    }

    /// The command, when everything is there; otherwise the item is marked.
    pub fn command(&mut self) -> Option<Command> {
        self.form.clear_errors();
        match self.topic.clone() {
            Topic::Quota => {
                let Some(quota) = self.form.find_field(QUOTA).and_then(Field::number) else {
                    self.empty(QUOTA);
                    return None;
                };
                Some(Command::SetQuota(SetQuota { quota }))
            }
            Topic::Broadcast => Some(Command::Broadcast(Broadcast { text: self.text(TEXT)? })),
            Topic::Staff(roles) => {
                let id = StaffId(self.text(ID)?);
                let name = self.text(NAME)?;
                let Some(role) = self.form.chosen(ROLE).and_then(|at| roles.get(at)).copied() else {
                    self.form.set_error(ROLE, Say::key("over.popup.choose"));
                    return None;
                };
                let doctor = self.form.find_field(DOCTOR).and_then(Field::number).map(DoctorId);
                let doctor = doctor.filter(|_| role == Role::Doctor);
                let key = match self.form.value(KEY) {
                    Some(_) => Some(key_field::read(&mut self.form)?.labelled()),
                    None => None,
                };
                Some(Command::AddStaff(AddStaff { id, name, role, doctor, key }))
            }
        }
    }

    fn text(&mut self, id: &'static str) -> Option<String> {
        let value = self.form.value(id);
        if value.is_none() {
            self.empty(id);
        }
        value
    }

    fn empty(&mut self, id: &'static str) {
        self.form.set_error(id, Say::from(Refusal::FieldInvalid { field: id, reason: "empty" }));
    }

    /// The door said no: the item that the rule names is marked.
    pub fn refuse(&mut self, refusal: &Refusal) {
        match refusal {
            Refusal::QuotaBelowTaken { .. } => self.form.set_error(QUOTA, Say::from(refusal.clone())),
            Refusal::FieldInvalid { field: "id", .. } => {
                self.form.set_error(ID, Say::from(refusal.clone()));
            }
            other => {
                if !key_field::refuse(&mut self.form, other) {
                    self.form.blame(other);
                }
            }
        }
    }

    /// Whether closing would lose something.
    pub fn is_touched(&self) -> bool {
        let values = |form: &Form| {
            form.items().iter().map(|item| format_value(&item.control)).collect::<Vec<String>>()
        };
        values(&self.form) != values(&self.first)
    }

    /// Draws the window in the middle of `area`.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let (title, help) = match &self.topic {
            Topic::Quota => ("over.popup.quota_title", "over.popup.quota_help"),
            Topic::Broadcast => ("over.popup.broadcast_title", "over.popup.broadcast_help"),
            Topic::Staff(_) => ("over.popup.staff_title", "over.popup.staff_help"),
        };
        let width = 76.min(area.width);
        let said = pane::prose(&word(help, ctx.lang), width.saturating_sub(4), ctx.theme.muted());
        let takes_key = self.form.find_field(KEY).is_some();
        let recognised = if takes_key { SAID_ROWS + 1 } else { 0 };
        let height = self.form.height() + recognised + said.len() as u16 + 3;
        let inner = pane::popup(frame, area, ctx, &word(title, ctx.lang), (width, height), Tone::Plain);
        let fields = Rect { height: self.form.height().min(inner.height), ..inner };
        self.form.view(frame, fields, ctx, true);
        let key = if takes_key { key_field::recognised(&self.form, ctx, inner.width) } else { Vec::new() };
        for (y, line) in (fields.bottom() + 1..inner.bottom()).zip(key) {
            frame.render_widget(line, Rect { y, height: 1, ..inner });
        }
        for (y, line) in (fields.bottom() + recognised + 1..inner.bottom()).zip(said) {
            frame.render_widget(line, Rect { y, height: 1, ..inner });
        }
    }
}

/// A control's value as text, only to be compared.
fn format_value(control: &Control) -> String {
    match control {
        Control::Field(field) => field.text().to_owned(),
        Control::Tick(on) => on.to_string(),
        Control::Choice { at, .. } => at.map_or_else(String::new, |at| at.to_string()),
    }
}

/// The roles that a manager may give; the door has the last word.
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

//! What the overview makes of an answer: new data, a closed window, the notice of what was done, the page that opens.

use super::pages::Page;
use super::state::{OnShow, OverviewScreen, Save};
use super::{forms, versions};
use crate::domain::actor::Permission as May;
use crate::domain::id::StaffId;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Outcome, Subject, Ticket};
use crate::tui::requests::Answer;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::rows::Rows;
use crate::usecase::command::RevealPhone;
use crate::usecase::model::staff::StaffLine;
use crate::usecase::{Command, Error, Receipt, Snapshot};

impl OverviewScreen {
    /// Opens the page of the chosen person: the case for Vinmec, the customer for MobiFone, whose whole number is read
    /// for it and audited.
    pub(super) fn open_person(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let role = ctx.actor.role;
        let Some(person) = self.lists.person() else { return Vec::new() };
        if let Some(case) = person.case.filter(|_| role.may(May::SeeCases)) {
            return vec![Effect::Goto(Origin::Schedule, Some(Subject::Case(case)))];
        }
        match person.customer {
            Some(customer) if role.may(May::SeeCustomers) && role.may(May::RevealPhone) => {
                let command = Command::RevealPhone(RevealPhone { customer });
                vec![self.requests.save(Save::Person, command, [])]
            }
            Some(_) | None => vec![Effect::Notice(Tone::Info, Say::key("over.say.nowhere"))],
        }
    }

    /// Takes a reply.
    pub(super) fn replied(&mut self, ticket: Ticket, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = Vec::new();
        match self.requests.take(ticket, outcome, &mut effects) {
            Some(Answer::Saved(save, Ok((receipt, snapshots)))) => {
                effects.extend(self.saved(save, receipt.as_ref(), snapshots, ctx));
            }
            Some(Answer::Saved(save, Err(error))) => {
                if let (Save::Window | Save::Compared, Some(window), Error::Refused(refusal)) =
                    (save, self.windows.get_mut(), &error)
                {
                    forms::refuse(window, refusal);
                }
                effects.push(Effect::failed(&error));
            }
            Some(Answer::Loaded(OnShow, Ok((_, snapshots)))) => self.take_all(snapshots, ctx),
            Some(Answer::Loaded(OnShow, Err(error))) => {
                effects.push(Effect::failed(&error));
                self.fail(error);
            }
            None => {}
        }
        effects
    }

    /// Takes the result of a command: the new data, and the notice of what was done.
    fn saved(
        &mut self,
        save: Save,
        receipt: Option<&Receipt>,
        snapshots: Vec<Snapshot>,
        ctx: &Ctx,
    ) -> Vec<Effect> {
        match save {
            Save::Window => self.windows.close(),
            Save::Compared | Save::Version(_) => return self.version_read(save, snapshots, ctx),
            Save::Chosen | Save::Person => {}
        }
        if let Some(Receipt::CampaignLoaded { .. }) = receipt {
            self.versions.loaded();
        }
        if let (Save::Person, Some(Receipt::PhoneRevealed { phone })) = (save, receipt) {
            return vec![Effect::Goto(Origin::Register, Some(Subject::Phone(phone.clone())))];
        }
        let known =
            |staff: &StaffId, rows: &Rows<StaffLine>| rows.items().iter().any(|line| line.id == *staff);
        let is_new = match receipt {
            Some(Receipt::StaffAdded { staff, .. }) => !known(staff, &self.staff),
            Some(_) | None => false,
        };
        let written = snapshots.iter().find_map(|snapshot| match snapshot {
            Snapshot::Exported { file, rows } => {
                Some(Say::key("over.say.exported").with("rows", rows).with("file", file))
            }
            _ => None,
        });
        self.take_all(snapshots, ctx);
        let say = match (receipt, &mut self.ssh_keys) {
            (Some(Receipt::StaffAdded { staff, .. }), _) => Some(self.staff_added(staff, is_new)),
            (Some(Receipt::StaffKeyAdded { fingerprint }), Some(keys)) => {
                keys.keys.choose(fingerprint);
                Some(Say::key("over.say.key_added").with("name", &keys.name))
            }
            (Some(receipt), _) => done_say(receipt),
            (None, _) => written,
        };
        say.map(Effect::ok).into_iter().collect()
    }

    /// Shows what was read of a version, or how a file compares.
    fn version_read(&mut self, save: Save, snapshots: Vec<Snapshot>, ctx: &Ctx) -> Vec<Effect> {
        let Some(snapshot) = snapshots.into_iter().next() else { return Vec::new() };
        match (save, snapshot) {
            (Save::Version(version), snapshot) => {
                versions::shown(snapshot, version, ctx).into_iter().collect()
            }
            (Save::Compared, Snapshot::CampaignDiff(diff)) => {
                let window = self.windows.get();
                let path = window.map(|window| window.form.text(versions::PATH).to_owned());
                self.windows.close();
                vec![self.versions.take_proposal(path.unwrap_or_default(), diff, ctx)]
            }
            (Save::Compared | Save::Window | Save::Chosen | Save::Person, _) => Vec::new(),
        }
    }

    /// Moves the cursor to a saved staff member; for a new one without a key, a notice says that a key is needed next.
    fn staff_added(&mut self, id: &StaffId, is_new: bool) -> Say {
        self.staff.choose(id);
        let bare = is_new && self.staff.chosen().is_some_and(|line| line.id == *id && line.keys == 0);
        Say::key(if bare { "over.say.staff_no_key" } else { "over.say.staff" }).with("staff", id)
    }

    fn take_all(&mut self, snapshots: Vec<Snapshot>, ctx: &Ctx) {
        for snapshot in snapshots {
            match (snapshot, &mut self.ssh_keys) {
                (Snapshot::People(page), _) => self.lists.take(page, ctx),
                (Snapshot::Overview(mut data), _) => {
                    self.lists.take_figures(&data, ctx);
                    self.agents.take(std::mem::take(&mut data.agents), ctx);
                    self.data = Some(data);
                }
                (Snapshot::Staff { staff }, _) => self.staff.take(staff, ctx),
                (Snapshot::StaffKeys { keys }, Some(window)) => window.keys.take(keys, ctx),
                (Snapshot::Sessions { sessions }, _) => self.sessions.take(sessions, ctx),
                (Snapshot::CampaignVersions { versions }, _) => self.versions.rows.take(versions, ctx),
                (Snapshot::Audit { rows }, _) => self.audit.take(rows, ctx),
                (_, _) => {}
            }
        }
    }

    /// Takes a failed load.
    fn fail(&mut self, error: Error) {
        match (&mut self.ssh_keys, self.page) {
            (Some(keys), _) => keys.keys.fail(error),
            (None, Page::Agents) => self.agents.fail(error),
            (None, Page::Staff) => self.staff.fail(error),
            (None, Page::Sessions) => self.sessions.fail(error),
            (None, Page::Versions) => self.versions.rows.fail(error),
            (None, Page::Audit) => self.audit.fail(error),
            (None, Page::Lists) => self.lists.fail(error),
            (None, Page::Board | Page::Calls | Page::Satisfaction) => {}
        }
    }
}

/// The notice of a command that succeeded.
fn done_say(receipt: &Receipt) -> Option<Say> {
    Some(match receipt {
        Receipt::QuotaSet { quota, promoted } if promoted.is_empty() => {
            Say::key("over.say.quota").with("quota", quota)
        }
        Receipt::QuotaSet { quota, promoted } => {
            Say::key("over.say.quota_promoted").with("quota", quota).with("count", promoted.len())
        }
        Receipt::CampaignLoaded { version, .. } => {
            Say::key("over.say.campaign_loaded").with("version", version)
        }
        Receipt::StaffDisabled {} => Say::key("over.say.disabled"),
        Receipt::StaffKeyRemoved {} => Say::key("over.say.key_removed"),
        Receipt::SessionEnding {} => Say::key("over.say.session_ending"),
        Receipt::Broadcast {} => Say::key("over.say.broadcast"),
        Receipt::PinCleared {} => Say::key("over.say.pin_cleared"),
        _ => return None,
    })
}

//! `tongdai init` and `tongdai staff`: what stands before the first call.

use super::args::{Init, StaffAdd};
use super::clock;
use super::fail::Failure;
use super::place;
use super::session::Session;
use crate::domain::campaign::{Campaign, Dates};
use crate::domain::id::{DoctorId, StaffId};
use crate::store::{Place, Store};
use crate::usecase::command::{AddStaff, StaffRef};
use crate::usecase::{Command, Door, Query, Snapshot};

/// Creates a store with its programme. Nothing is left behind when it fails.
pub fn init(session: &Session, args: &Init) -> Result<(), Failure> {
    let campaign = campaign(session, args)?;
    let place = place::store_place(session.global.store.as_deref())?;
    if let Place::File(path) = &place
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::io(&error, &folder.display().to_string(), session.lang))?;
    }
    let quota = campaign.quota;
    let shown = place.to_string();
    let store = Store::create(place.clone())?;
    Door::create(store, campaign, args.simulated, clock::now(), &place::os_user())
        .inspect_err(|_| Store::remove(place))?;
    session.done(
        &serde_json::json!({"created": {"store": shown, "quota": quota, "simulated": args.simulated}}),
        &session.say("cli.said.created", &[("store", &shown), ("quota", &quota.to_string())]),
    )
}

fn campaign(session: &Session, args: &Init) -> Result<Campaign, Failure> {
    let text = match &args.campaign {
        None => String::new(),
        Some(file) => std::fs::read_to_string(file)
            .map_err(|error| Failure::io(&error, &file.display().to_string(), session.lang))?,
    };
    let dates = Dates {
        from: args.from,
        to: args.to,
        consult_until: args.consult_until,
        handbook_until: args.handbook_until,
    };
    let mut campaign = Campaign::with_file(&text, dates)
        .map_err(|error| Failure::usage("campaign", &error.to_string(), session.lang))?;
    campaign.quota = args.quota.unwrap_or(campaign.quota);
    campaign.min_charge = args.min_charge.unwrap_or(campaign.min_charge);
    let problems = campaign.problems();
    if problems.is_empty() {
        Ok(campaign)
    } else {
        Err(Failure::usage("campaign", &problems.join(" "), session.lang))
    }
}

/// Adds or changes a staff member.
pub fn add_staff(session: &Session, args: &StaffAdd) -> Result<(), Failure> {
    let door = session.open()?;
    let receipt = session.execute(
        &door,
        Command::AddStaff(AddStaff {
            id: StaffId(args.id.clone()),
            name: args.name.clone(),
            role: args.role,
            doctor: args.doctor.map(DoctorId),
        }),
    )?;
    session.done(
        &receipt,
        &session.say("cli.said.staff_added", &[("id", &args.id), ("role", &args.role.label(session.lang))]),
    )
}

/// Everybody who works here.
pub fn list_staff(session: &Session) -> Result<(), Failure> {
    let door = session.open()?;
    let snapshot = session.query(&door, Query::Staff {})?;
    if session.global.json {
        return session.out.json(&snapshot);
    }
    if let Snapshot::Staff { staff } = snapshot {
        for line in staff {
            let state = if line.active { "active" } else { "disabled" };
            let state = session.say(&format!("state.{state}"), &[]);
            session.out.line(&format!(
                "{:<16} {:<24} {:<20} {state}",
                line.id,
                line.name,
                line.role.label(session.lang)
            ))?;
        }
    }
    Ok(())
}

/// Takes somebody the right to sign in.
pub fn disable_staff(session: &Session, id: &str) -> Result<(), Failure> {
    let door = session.open()?;
    let receipt = session.execute(&door, Command::DisableStaff(StaffRef { id: StaffId(id.to_owned()) }))?;
    session.done(&receipt, &session.say("cli.said.staff_disabled", &[("id", id)]))
}

//! Holds the campaign in force for a process. Every command and query compares the version that it was read under with
//! the store's, in its own transaction: what another process loaded holds from the next command on, without a message
//! that could come late.
//!
//! Invariants:
//! - a rule never sees an older campaign than its transaction does;
//! - what is held was committed.

use super::error::Error;
use crate::domain::actor::Actor;
use crate::domain::campaign::Campaign;
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::campaign_version::VersionRow;
use crate::store::staff::Entering;
use crate::store::{StoreError, Tx, campaign_version, staff as staff_rows};
use std::sync::{Arc, PoisonError, RwLock};

/// A campaign and its version.
#[derive(Debug, Clone)]
pub struct Programme {
    /// The version, from 1 on.
    pub version: i64,
    /// The configuration.
    pub campaign: Arc<Campaign>,
}

/// The programme in force as this process knows it. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Held(Arc<RwLock<Programme>>);

impl Held {
    pub(super) fn new(programme: Programme) -> Self {
        Self(Arc::new(RwLock::new(programme)))
    }

    /// What is held now.
    pub(super) fn now(&self) -> Programme {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Holds a programme that was committed, unless a later one is held.
    pub(super) fn adopt(&self, programme: Programme) {
        if programme.version == self.0.read().unwrap_or_else(PoisonError::into_inner).version {
            return;
        }
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if programme.version > held.version {
            *held = programme;
        }
    }
}

/// The programme that the transaction sees.
pub(super) fn in_force(tx: &mut Tx<'_>) -> Result<Programme, Error> {
    let (version, config) = campaign_version::get_in_force(tx)?;
    Ok(Programme { version, campaign: Arc::new(read(version, &config)?) })
}

/// A stored configuration.
pub(super) fn read(version: i64, config: &str) -> Result<Campaign, Error> {
    Campaign::from_json(config).map_err(|error| {
        StoreError::internal(&format!("campaign version {version} in the store is unreadable: {error}"))
            .into()
    })
}

/// The row of a version.
pub(super) fn row(version: i64, campaign: &Campaign, at: Timestamp, by: &StaffId) -> VersionRow {
    VersionRow {
        version,
        script: Some(campaign.script.version),
        notice: Some(campaign.notice.version.clone()),
        flags: Some(campaign.red_flags.version),
        survey: Some(campaign.survey.version),
        changed: String::new(),
        loaded_at: at,
        loaded_by: by.clone(),
        loaded_by_name: String::new(),
        reason: None,
    }
}

/// What a transaction begins with.
#[derive(Debug)]
pub(super) struct Entered {
    /// The caller.
    pub(super) actor: Actor,
    /// The programme that the transaction sees.
    pub(super) programme: Programme,
    /// When the next kept seat is to be given on ([`super::seat_release`]).
    pub(super) release_at: Option<Timestamp>,
}

/// The caller, and the programme: `held` unless another version is in force. Refuses an unknown or disabled caller.
pub(super) fn enter(tx: &mut Tx<'_>, held: Programme, staff: &StaffId) -> Result<Entered, Error> {
    let Entering { actor, release_at, version } = staff_rows::find_entering(tx, staff)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "staff", id: staff.to_string() })?;
    let programme = if version == held.version { held } else { in_force(tx)? };
    Ok(Entered { actor, programme, release_at })
}

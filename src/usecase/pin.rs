//! Sets and checks the PIN that unlocks a user's own screens. It is no command, so that no script, receipt or repeated
//! operation ever holds the digits; setting one and every try are in the audit log.
//!
//! Invariants:
//! - a try is counted before it is checked, so that concurrent tries gain nothing;
//! - after [`MOST_TRIES`] wrong ones none is checked for [`BLOCK_MS`];
//! - the slow hash is computed outside of any transaction;
//! - a PIN can only be removed, by the actor who manages the staff member, and set again after signing in with a key.

#[cfg(test)]
mod tests;

use super::ctx::{Signer, actor, append};
use super::door::Door;
use super::error::Error;
use crate::domain::id::StaffId;
use crate::domain::pin::Pin;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::{StoreError, Topics, staff_pin};

/// Wrong tries before a rest.
pub const MOST_TRIES: i64 = 5;
/// The rest, in milliseconds.
pub const BLOCK_MS: i64 = 5 * 60 * 1000;

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// These are the digits.
    Right,
    /// They are not.
    Wrong {
        /// Tries that are left before a rest.
        left: i64,
    },
    /// Nothing is judged before then.
    Blocked {
        /// When the next try counts.
        until: Timestamp,
    },
    /// There is no PIN any more.
    Unset,
}

impl Door {
    /// Whether a person has a PIN.
    pub fn has_pin(&self, staff: &StaffId) -> Result<bool, Error> {
        let staff = staff.clone();
        self.store().read(move |tx| Ok(staff_pin::is_set(tx, &staff)?))
    }

    /// Sets a person's own PIN. One that is set already stays.
    pub fn set_pin(&self, staff: &StaffId, now: Timestamp, pin: &Pin) -> Result<(), Error> {
        let hash = pin.seal().ok_or_else(|| StoreError::internal("a PIN could not be hashed"))?;
        let (staff, os_user) = (staff.clone(), self.os_user().to_owned());
        self.store().write(move |tx| {
            actor(tx, &staff)?;
            if !staff_pin::insert(tx, &staff, &hash, now)? {
                return Err(Refusal::Conflict { what: "pin", state: "active".to_owned() }.into());
            }
            tx.touch(Topics::STAFF);
            let signer = Signer { at: now, staff: &staff, os_user: &os_user };
            append(tx, signer, "set_pin", format!("staff:{staff}"), String::new())
        })
    }

    /// Tries digits against a person's own PIN.
    pub fn try_pin(&self, staff: &StaffId, now: Timestamp, pin: &Pin) -> Result<Tried, Error> {
        let who = staff.clone();
        let counted = self.store().write(move |tx| -> Result<Result<(String, i64), Tried>, Error> {
            actor(tx, &who)?;
            let Some(row) = staff_pin::find_locked(tx, &who)? else { return Ok(Err(Tried::Unset)) };
            if now < row.blocked_until {
                return Ok(Err(Tried::Blocked { until: row.blocked_until }));
            }
            let tries = row.tries % MOST_TRIES + 1;
            let until = if tries == MOST_TRIES { now.plus_ms(BLOCK_MS) } else { row.blocked_until };
            staff_pin::count_try(tx, &who, tries, until)?;
            Ok(Ok((row.hash, MOST_TRIES - tries)))
        })?;
        let (hash, left) = match counted {
            Ok(counted) => counted,
            Err(tried) => return Ok(tried),
        };
        let right = pin.opens(&hash);
        let (who, os_user) = (staff.clone(), self.os_user().to_owned());
        self.store().write(move |tx| -> Result<(), Error> {
            if right {
                staff_pin::count_try(tx, &who, 0, Timestamp::ZERO)?;
            }
            let action = if right { "unlock" } else { "unlock_failed" };
            let signer = Signer { at: now, staff: &who, os_user: &os_user };
            append(tx, signer, action, format!("staff:{who}"), String::new())
        })?;
        Ok(if right { Tried::Right } else { Tried::Wrong { left } })
    }
}

//! The row of the programme and the facts of the store: simulated or real, its clock.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::time::Timestamp;

/// Inserts the one campaign row. False when it exists.
pub fn insert_campaign(tx: &mut Tx<'_>, quota: i64) -> Result<bool, StoreError> {
    let inserted = tx.execute(
        "INSERT INTO campaign (id, quota) VALUES (1, ?1) ON CONFLICT (id) DO NOTHING",
        args![quota],
    )?;
    Ok(inserted == 1)
}

/// Marks the store as simulated or real; done once, at creation.
pub fn set_simulated(tx: &mut Tx<'_>, simulated: bool) -> Result<(), StoreError> {
    set(tx, "simulated", if simulated { "1" } else { "0" })
}

/// Whether time comes from the commands.
pub fn is_simulated(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(get(tx, "simulated")?.as_deref() == Some("1"))
}

/// The latest time a simulated store has seen.
pub fn clock(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    Ok(get(tx, "clock")?.and_then(|text| text.parse().ok()).map(Timestamp))
}

/// Moves the simulated clock on; false when it is at `now` or later by now.
pub fn advance_clock(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "INSERT INTO meta (name, value) VALUES ('clock', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value
         WHERE CAST(meta.value AS BIGINT) < CAST(excluded.value AS BIGINT)",
        args![now.ms().to_string()],
    )? == 1)
}

fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    tx.optional("SELECT value FROM meta WHERE name = ?1", args![name])?.map(|row| row.text(0)).transpose()
}

fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        args![name, value],
    )?;
    Ok(())
}

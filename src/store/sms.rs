//! Rows of the outbox: messages that wait for a sender. A row is written in the transaction of the command that
//! causes it and sent later; the key (customer, template, matter) lets each message out once, the number in the place of the
//! customer where none is on file.
//!
//! Deliberately absent: sending and settling, which come with the sender.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::contact::SmsPurpose;
use crate::domain::id::CustomerId;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSms<'a> {
    /// The customer; none for a number that is not on file.
    pub customer: Option<CustomerId>,
    /// To which number.
    pub phone: PhoneNumber,
    /// Template code.
    pub template: &'a str,
    /// What it is about, such as `registration:12`: with customer and template the unique key.
    pub matter: &'a str,
    /// The text as it will be sent.
    pub body: &'a str,
    /// Parts it is sent in.
    pub segments: i64,
    /// Advertising, service or the confirmation of an opt-out.
    pub purpose: SmsPurpose,
    /// Not to be sent before.
    pub not_before: Timestamp,
}

/// Queues a message; false when the same one was queued before, in any state by now.
pub fn queue(tx: &mut Tx<'_>, sms: &NewSms<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let queued = tx.execute(
        "INSERT INTO sms (customer, template, matter, phone, body, segments, purpose, state, queued_at, not_before)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8, ?9)
         ON CONFLICT DO NOTHING",
        args![
            sms.customer.map(|customer| customer.0),
            sms.template,
            sms.matter,
            sms.phone,
            sms.body,
            sms.segments,
            sms.purpose.code(),
            now,
            sms.not_before
        ],
    )?;
    Ok(queued == 1)
}

/// Withdraws messages that no sender has taken yet; returns how many.
pub fn delete_queued(tx: &mut Tx<'_>, customer: CustomerId, template: &str) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM sms WHERE customer = ?1 AND template = ?2 AND state = 'queued'",
        args![customer, template],
    )
}

/// Withdraws every service message of a customer that no sender has taken yet; returns how many. The confirmation of
/// an opt-out stays.
pub fn delete_queued_service(tx: &mut Tx<'_>, customer: CustomerId) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM sms WHERE customer = ?1 AND purpose = 'service' AND state = 'queued'",
        args![customer],
    )
}

/// A message that was withdrawn before a sender took it, to be queued again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedSms {
    customer: i64,
    template: String,
    matter: String,
    phone: i64,
    body: String,
    segments: i64,
    queued_at: Timestamp,
    not_before: Timestamp,
}

/// The service messages of a customer that no sender has taken yet, at most 20.
pub fn list_queued_service(tx: &mut Tx<'_>, customer: CustomerId) -> Result<Vec<QueuedSms>, StoreError> {
    tx.many(
        "SELECT customer, template, matter, phone, body, segments, queued_at, not_before FROM sms
         WHERE customer = ?1 AND purpose = 'service' AND state = 'queued' ORDER BY id LIMIT 20",
        args![customer],
    )?
    .iter()
    .map(|row| {
        Ok(QueuedSms {
            customer: row.int(0)?,
            template: row.text(1)?,
            matter: row.text(2)?,
            phone: row.int(3)?,
            body: row.text(4)?,
            segments: row.int(5)?,
            queued_at: row.time(6)?,
            not_before: row.time(7)?,
        })
    })
    .collect()
}

/// Queues a withdrawn message again, unless the same one was queued since.
pub fn requeue(tx: &mut Tx<'_>, sms: &QueuedSms) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sms (customer, template, matter, phone, body, segments, purpose, state, queued_at, not_before)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'service', 'queued', ?7, ?8)
         ON CONFLICT (customer, template, matter) DO NOTHING",
        args![
            sms.customer,
            sms.template.as_str(),
            sms.matter.as_str(),
            sms.phone,
            sms.body.as_str(),
            sms.segments,
            sms.queued_at,
            sms.not_before
        ],
    )?;
    Ok(())
}

/// How many messages wait for a sender.
pub fn count_queued(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one("SELECT COUNT(*) FROM sms WHERE state = 'queued'", &[])?.int(0)
}

/// The outbox by state.
pub fn count_by_state(tx: &mut Tx<'_>) -> Result<BTreeMap<String, i64>, StoreError> {
    tx.many("SELECT state, COUNT(*) FROM sms GROUP BY state ORDER BY state LIMIT 10", &[])?
        .iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?)))
        .collect()
}

//! Queues messages to customers: a template of the campaign is filled in and inserted into the outbox in the
//! transaction of the command that causes it. Each (customer, template, matter) is sent once.
//!
//! Deliberately absent: sending, and the rules of when an advertising message may be sent, which the sender applies.

use super::ctx::Ctx;
use super::error::Error;
use crate::domain::id::CustomerId;
use crate::domain::phone::PhoneNumber;
use crate::domain::sms;
use crate::domain::time::Timestamp;
use crate::store::{StoreError, Tx, sms as sms_rows};

/// A message to be queued.
#[derive(Debug)]
pub(super) struct Message<'a> {
    /// To whom; none for a number that is not on file.
    pub(super) customer: Option<CustomerId>,
    /// Their number.
    pub(super) phone: PhoneNumber,
    /// Which of the campaign's templates.
    pub(super) template: &'a str,
    /// What it is about, such as `registration:12`.
    pub(super) matter: &'a str,
    /// The template's merge fields; those of `Campaign::standing_fields` are filled in by themselves.
    pub(super) values: &'a [(&'a str, &'a str)],
}

/// Queues a message. False when the same message was queued before.
///
/// # Errors
/// Internal when the campaign has no such template or a field of it has no value.
pub(super) fn queue(tx: &mut Tx<'_>, ctx: &Ctx<'_>, message: &Message<'_>) -> Result<bool, Error> {
    let Message { customer, phone, template, matter, values } = *message;
    let found = ctx
        .campaign
        .sms_template(template)
        .ok_or_else(|| StoreError::internal(&format!("the campaign has no message {template}")))?;
    let standing = ctx.campaign.standing_fields();
    let mut values = values.to_vec();
    values.extend(standing.iter().map(|(field, value)| (*field, value.as_str())));
    let body = sms::render(&found.text, &values)
        .map_err(|error| StoreError::internal(&format!("message {template}: {error}")))?;
    let queued = sms_rows::queue(
        tx,
        &sms_rows::NewSms {
            customer,
            phone,
            template,
            matter,
            body: &body,
            segments: sms::segments(&body).len() as i64,
            purpose: found.purpose,
            not_before: Timestamp::ZERO,
        },
        ctx.now,
    )?;
    Ok(queued)
}

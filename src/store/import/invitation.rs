//! Holds and releases offers by the programme's SMS, when a list changes what is known of its sending time.

use super::super::{StoreError, Tx};
use crate::args;
use crate::domain::id::ListId;

/// Brings the offers of the customers whom a list changes (those up to `last`) in line with their sending times, as of
/// the time of the import: held until the SMS has reached them, released where it has. To be called after the
/// customers were changed, while the changes are still noted.
///
/// An offer that was called, promised or leased before stays as it is; a claim checks the rule again.
pub(super) fn settle(tx: &mut Tx<'_>, list: ListId, last: i64) -> Result<(), StoreError> {
    let imported_at = tx.one("SELECT imported_at FROM list WHERE id = ?1", args![list])?.time(0)?;
    let released = tx.execute(
        "UPDATE matter SET state = 'waiting', reason = NULL, due_at = 0
         WHERE state = 'held' AND reason = 'sms_not_received' AND id IN
         (SELECT customer.id * 4 + 1 FROM customer
          WHERE customer.id IN (SELECT customer FROM list_change WHERE list = ?1 AND customer <= ?2)
            AND customer.sms_sent_at <= ?3)",
        args![list, last, imported_at],
    )? as i64;
    // Held already: the hour may have become known, or another.
    tx.execute(
        "UPDATE matter SET due_at = (SELECT COALESCE(c.sms_sent_at, 0) FROM customer c WHERE c.id = matter.customer)
         WHERE state = 'held' AND reason = 'sms_not_received' AND id IN
         (SELECT change.customer * 4 + 1 FROM list_change change WHERE change.list = ?1 AND change.customer <= ?2)",
        args![list, last],
    )?;
    let held = tx.execute(
        "UPDATE matter SET state = 'held', reason = 'sms_not_received',
           due_at = (SELECT COALESCE(c.sms_sent_at, 0) FROM customer c WHERE c.id = matter.customer)
         WHERE state = 'waiting' AND attempts = 0 AND id IN
         (SELECT customer.id * 4 + 1 FROM customer
          WHERE customer.id IN (SELECT customer FROM list_change WHERE list = ?1 AND customer <= ?2)
            AND (customer.sms_sent_at IS NULL OR customer.sms_sent_at > ?3))",
        args![list, last, imported_at],
    )? as i64;
    tx.count("matter.offer.held", held - released);
    tx.count("matter.offer.waiting", released - held);
    Ok(())
}

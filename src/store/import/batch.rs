//! Writes rows of a running import on a server, where every statement is a round trip: a batch of any size costs a
//! few of them. The outcome is that of [`Loading::put`], row by row.

use super::super::postgres::bulk_rows::{FIND_CUSTOMERS, INSERT_CHANGES, INSERT_CUSTOMERS};
use super::{Known, Loading, NewCustomer, OFFERS, Put};
use crate::args;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use crate::store::{StoreError, Tx};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// A new customer as the server reads it.
#[derive(Serialize)]
struct Customer<'r> {
    phone: i64,
    reversed: i64,
    raw: &'r str,
    name: &'r str,
    key: &'r str,
    salutation: Option<&'r str>,
    province: Option<&'r str>,
    sent: Option<i64>,
}

/// What a row changes on a known customer, as the server reads it.
#[derive(Serialize)]
struct Change<'r> {
    customer: i64,
    raw: &'r str,
    name: &'r str,
    key: &'r str,
    salutation: Option<&'r str>,
    province: Option<&'r str>,
    sent: Option<i64>,
}

impl Loading<'_, '_> {
    /// Whether rows should come by [`Loading::put_all`]: on a server.
    pub const fn by_batch(&self) -> bool {
        self.customer.is_none()
    }

    /// Writes rows, or notes their changes on known customers; returns the outcome of each, in order.
    pub fn put_all(&mut self, rows: &[NewCustomer]) -> Result<Vec<Put>, StoreError> {
        let mut known = find_known(self.tx, rows)?;
        let has_evidence = !self.new_list.evidence.is_empty();
        let differs = |known: &HashMap<PhoneNumber, Known>, row: &NewCustomer| {
            known.get(&row.phone).is_none_or(|known| known.differs(row, has_evidence))
        };
        if self.list.is_none() && !rows.iter().any(|row| differs(&known, row)) {
            return Ok(vec![Put::Unchanged; rows.len()]);
        }
        let mut inserted = self.insert_all(rows.iter().filter(|row| !known.contains_key(&row.phone)))?;
        let fresh: Vec<bool> = rows.iter().map(|row| inserted.remove(&row.phone)).collect();
        // Another transaction added them meanwhile, or an earlier row of this batch did.
        let late: Vec<NewCustomer> = rows
            .iter()
            .zip(&fresh)
            .filter(|(row, fresh)| !**fresh && !known.contains_key(&row.phone))
            .map(|(row, _)| row.clone())
            .collect();
        known.extend(find_known(self.tx, &late)?);
        let mut changes = Vec::new();
        let puts = rows
            .iter()
            .zip(fresh)
            .map(|(row, fresh)| match known.get(&row.phone) {
                _ if fresh => Ok(Put::New),
                Some(known) if known.differs(row, has_evidence) => {
                    changes.push(change(known, row));
                    Ok(Put::Changed)
                }
                Some(_) => Ok(Put::Unchanged),
                None => Err(StoreError::internal("a number that is and is not")),
            })
            .collect::<Result<Vec<_>, _>>()?;
        if !changes.is_empty() {
            let list = self.list_or_lay()?;
            self.tx.execute(INSERT_CHANGES, args![json(&changes)?, list])?;
        }
        if self.next - self.open >= OFFERS {
            self.write_offers()?;
        }
        Ok(puts)
    }

    /// The numbers that were new.
    pub(super) fn insert_all<'r>(
        &mut self,
        rows: impl Iterator<Item = &'r NewCustomer>,
    ) -> Result<HashSet<PhoneNumber>, StoreError> {
        let rows: Vec<Customer<'_>> = rows
            .map(|row| Customer {
                phone: row.phone.digits(),
                reversed: row.phone.reversed_tail(),
                raw: &row.phone_raw,
                name: &row.name,
                key: &row.name_key,
                salutation: row.salutation,
                province: row.province.as_deref(),
                sent: row.sms_sent_at.map(Timestamp::ms),
            })
            .collect();
        if rows.is_empty() {
            return Ok(HashSet::new());
        }
        let list = self.list_or_lay()?;
        let mut inserted = HashSet::with_capacity(rows.len());
        for row in self.tx.many(INSERT_CUSTOMERS, args![json(&rows)?, list])? {
            inserted.insert(row.phone(0)?);
            self.next = self.next.max(row.int(1)? + 1);
        }
        Ok(inserted)
    }
}

/// The customers that the store has of these numbers.
pub(super) fn find_known(
    tx: &mut Tx<'_>,
    rows: &[NewCustomer],
) -> Result<HashMap<PhoneNumber, Known>, StoreError> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let phones: Vec<String> = rows.iter().map(|row| row.phone.digits().to_string()).collect();
    tx.many(FIND_CUSTOMERS, args![phones.join(",")])?
        .iter()
        .map(|row| Ok((row.phone(7)?, Known::read(row)?)))
        .collect()
}

fn change<'r>(known: &'r Known, row: &'r NewCustomer) -> Change<'r> {
    Change {
        customer: known.id.0,
        raw: &row.phone_raw,
        name: &row.name,
        key: &row.name_key,
        salutation: row.salutation.or(known.salutation.as_deref()),
        province: row.province.as_deref().or(known.province.as_deref()),
        sent: row.sms_sent_at.or(known.sms_sent_at).map(Timestamp::ms),
    }
}

fn json(rows: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(rows).map_err(|error| StoreError::internal(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::super::list::NewList;
    use super::*;
    use crate::domain::id::StaffId;
    use crate::store::Store;

    fn row(phone: &str, name: &str) -> NewCustomer {
        NewCustomer {
            phone: PhoneNumber::parse(phone).unwrap().number,
            phone_raw: phone.to_owned(),
            name: name.to_owned(),
            name_key: name.to_lowercase(),
            salutation: None,
            province: Some("Hải \"Phòng\"\\".to_owned()),
            sms_sent_at: None,
        }
    }

    /// Runs a load; returns the outcome of each row, and whether a list was created for them.
    fn load(store: &Store, rows: &[NewCustomer]) -> (Vec<Put>, bool) {
        let rows = rows.to_vec();
        store
            .bulk(move |tx, _| -> Result<_, StoreError> {
                let list = NewList {
                    file_name: "list.csv".to_owned(),
                    evidence: "contract".to_owned(),
                    sms_required: true,
                    at: Timestamp(1),
                    by: StaffId("ha".to_owned()),
                };
                let mut loading = Loading::begin(tx, &list, None)?;
                let puts = if loading.by_batch() {
                    loading.put_all(&rows)?
                } else {
                    rows.iter().map(|row| loading.put(row)).collect::<Result<_, _>>()?
                };
                Ok((puts, loading.end()?.is_some()))
            })
            .unwrap()
    }

    #[test]
    fn rows_mean_the_same_one_by_one_and_by_the_batch() {
        let store = Store::trial().unwrap();
        let (lan, hoa, nga) = (row("0904123401", "Lan"), row("0904123402", "Hoa"), row("0904123403", "Nga"));
        let first = load(&store, &[lan.clone(), hoa.clone()]);
        assert_eq!(first, (vec![Put::New, Put::New], true));
        assert_eq!(load(&store, &[hoa.clone(), lan.clone()]), (vec![Put::Unchanged, Put::Unchanged], false));
        // The second row of a number that is new in this very batch is a known one.
        let mixed = load(&store, &[hoa, row("0904123401", "Lân"), nga.clone(), nga]);
        assert_eq!(mixed, (vec![Put::Unchanged, Put::Changed, Put::New, Put::Unchanged], true));
        let kept = store
            .read(|tx| -> Result<_, StoreError> {
                let one = |row: crate::store::Row| row.int(0);
                Ok((
                    tx.one(
                        "SELECT COUNT(*) FROM customer JOIN matter ON matter.id = customer.id * 4 + 1",
                        &[],
                    )
                    .and_then(one)?,
                    tx.one("SELECT COUNT(*) FROM list_change WHERE name = 'Lân'", &[]).and_then(one)?,
                    tx.one("SELECT province FROM customer ORDER BY id LIMIT 1", &[])?.text(0)?,
                ))
            })
            .unwrap();
        assert_eq!(kept, (3, 1, "Hải \"Phòng\"\\".to_owned()));
    }
}

//! Statements that take many rows in one argument, for the bulk paths: a list of numbers as text, rows as JSON. Only
//! PostgreSQL understands them; on a file each row is a statement without a round trip.

/// `store::import`'s query for known customers, for the numbers of one text; the number is the last column.
pub const FIND_CUSTOMERS: &str = "SELECT customer.id, customer.name, customer.salutation, customer.province,
    customer.sms_sent_at, customer.list, list.evidence, customer.phone
    FROM customer LEFT JOIN list ON list.id = customer.list
    WHERE customer.phone = ANY (CAST(string_to_array(?1, ',') AS BIGINT[]))";

/// New customers of a list; the numbers that were new, with their ids.
pub const INSERT_CUSTOMERS: &str = "INSERT INTO customer
    (phone, phone_reversed, phone_raw, name, name_key, salutation, province, list, sms_sent_at)
    SELECT r.phone, r.reversed, r.raw, r.name, r.key, r.salutation, r.province, CAST(?2 AS BIGINT), r.sent
    FROM json_to_recordset(CAST(CAST(?1 AS TEXT) AS json)) AS r
      (phone BIGINT, reversed BIGINT, raw TEXT, name TEXT, key TEXT, salutation TEXT, province TEXT, sent BIGINT)
    ON CONFLICT (phone) DO NOTHING RETURNING phone, id";

/// What a list will change on customers of others.
pub const INSERT_CHANGES: &str = "INSERT INTO list_change
    (list, customer, phone_raw, name, name_key, salutation, province, sms_sent_at)
    SELECT CAST(?2 AS BIGINT), r.customer, r.raw, r.name, r.key, r.salutation, r.province, r.sent
    FROM json_to_recordset(CAST(CAST(?1 AS TEXT) AS json)) AS r
      (customer BIGINT, raw TEXT, name TEXT, key TEXT, salutation TEXT, province TEXT, sent BIGINT)";

/// Entries of a register, each number once; of two for one number the stricter flags count.
pub const INSERT_ENTRIES: &str = "INSERT INTO do_not_call_load (phone, voice, sms)
    SELECT r.phone, r.voice, r.sms
    FROM unnest(CAST(string_to_array(?1, ',') AS BIGINT[]), CAST(string_to_array(?2, ',') AS BIGINT[]),
                CAST(string_to_array(?3, ',') AS BIGINT[])) AS r (phone, voice, sms)
    ON CONFLICT (phone) DO UPDATE SET
    voice = CASE WHEN excluded.voice = 1 THEN 1 ELSE do_not_call_load.voice END,
    sms = CASE WHEN excluded.sms = 1 THEN 1 ELSE do_not_call_load.sms END";

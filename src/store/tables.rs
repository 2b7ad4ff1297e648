//! Lists the tables of a store: what is copied between engines, in an order in which no row refers to a missing one,
//! and the program's rights on each. A test compares the list with the schemas of both engines and with the
//! statements of this layer, so that a forgotten table, column or right fails.
//!
//! Deliberately absent: `schema_version` of PostgreSQL, which every store writes for itself.

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The columns of its primary key, in the key's order.
    pub key: &'static [&'static str],
    /// All columns, in the schema's order.
    pub columns: &'static [&'static str],
    /// Whether the engine numbers its rows.
    pub numbered: bool,
    /// What the program does with its rows: the rights of the role that it works under on a server.
    pub rights: &'static str,
}

/// Rows that stay as they were written.
const KEEP: &str = "SELECT, INSERT";
/// Rows that change.
const CHANGE: &str = "SELECT, INSERT, UPDATE";
/// Rows that come and go.
const DROP: &str = "SELECT, INSERT, DELETE";
/// Rows that come, change and go.
const ALL: &str = "SELECT, INSERT, UPDATE, DELETE";

const fn table(
    name: &'static str,
    rights: &'static str,
    key: &'static [&'static str],
    columns: &'static [&'static str],
) -> Table {
    Table { name, key, columns, numbered: false, rights }
}

/// A table whose rows the engine numbers in `id`.
const fn numbered(name: &'static str, rights: &'static str, columns: &'static [&'static str]) -> Table {
    Table { name, key: &["id"], columns, numbered: true, rights }
}

/// Every table.
#[rustfmt::skip]
pub const TABLES: &[Table] = &[
    table("meta", CHANGE, &["name"], &["name", "value"]),
    table("campaign", CHANGE, &["id"], &[
        "id", "quota", "taken", "next_seat", "next_place", "waitlisted", "closed_by", "closed_at",
        "dnc_as_of", "dnc_at", "waitlist_closed_at",
    ]),
    table("free_seat", DROP, &["number"], &["number"]),
    numbered("doctor", CHANGE, &["id", "name", "titles", "licence", "qualifies", "active"]),
    table("staff", CHANGE, &["id"], &[
        "id", "name", "role", "doctor", "active", "created_at", "state", "pause", "state_since",
    ]),
    table("campaign_version", KEEP, &["version"], &[
        "version", "config", "script_version", "notice_version", "flags_version", "survey_version", "changed",
        "loaded_at", "loaded_by",
    ]),
    table("staff_key", CHANGE, &["fingerprint"], &[
        "fingerprint", "staff", "kind", "public_key", "label", "added_at", "added_by", "removed_at", "removed_by",
    ]),
    table("staff_pin", ALL, &["staff"], &["staff", "hash", "set_at", "tries", "blocked_until"]),
    table("draft", ALL, &["staff", "form"], &["staff", "form", "body", "at"]),
    table("session", ALL, &["id"], &[
        "id", "process", "staff", "entrance", "origin", "fingerprint", "began_at", "seen_at", "active_at", "locked",
        "received", "sent", "ended_by",
    ]),
    numbered("broadcast", DROP, &["id", "at", "staff", "body"]),
    numbered("list", ALL, &[
        "id", "file_name", "evidence", "state", "imported_at", "imported_by", "rows", "first_customer",
    ]),
    numbered("customer", ALL, &[
        "id", "phone", "phone_reversed", "phone_raw", "name", "name_key", "salutation", "province", "list",
        "sms_sent_at",
    ]),
    table("list_change", DROP, &["list", "customer"], &[
        "list", "customer", "phone_raw", "name", "name_key", "salutation", "province", "sms_sent_at",
    ]),
    table("do_not_call", ALL, &["phone"], &["phone", "voice", "sms"]),
    table("do_not_call_load", ALL, &["phone"], &["phone", "voice", "sms"]),
    table("opt_out", CHANGE, &["phone"], &["phone", "voice_at", "sms_at", "asked_by", "evidence"]),
    numbered("agreement", DROP, &[
        "id", "customer", "voice", "sms", "what", "from_at", "until_at", "evidence", "by_staff", "at",
        "from_minute", "to_minute",
    ]),
    table("matter", ALL, &["id"], &[
        "id", "customer", "purpose", "list", "state", "reason", "due_at", "attempts", "day_parts", "last_rang_at",
        "callback_at", "callback_for", "lease_staff", "leased_at", "lease_until", "avoid_staff",
    ]),
    numbered("call", CHANGE, &[
        "id", "matter", "customer", "staff", "purpose", "started_at", "ended_at", "talk_seconds", "disposition",
        "note", "callback_at", "recording", "undone_at", "before", "recorded_late_at", "script_version",
    ]),
    numbered("registration", CHANGE, &[
        "id", "customer", "state", "seat", "place", "channel", "at", "by_staff", "patient", "birth_year",
        "representative", "relation", "seated_at", "cancelled_at", "cancel_reason", "hand_over",
        "cancelled_by", "before", "taken_back_at",
    ]),
    numbered("consent", CHANGE, &[
        "id", "registration", "purpose", "given", "subject", "notice_version", "channel", "evidence", "by_staff",
        "at", "withdrawn_at", "party", "spoken_by",
    ]),
    numbered("batch", KEEP, &["id", "sent_at", "by_staff", "rows", "checksum"]),
    table("batch_row", CHANGE, &["batch", "registration"], &[
        "batch", "registration", "state", "reason", "settled_at", "settled_by", "answer", "answered_at", "answered_by",
    ]),
    table("doctor_department", KEEP, &["department", "doctor"], &["doctor", "department"]),
    numbered("shift", KEEP, &["id", "doctor", "from_at", "to_at"]),
    numbered("care_case", CHANGE, &[
        "id", "registration", "customer", "state", "since", "opened_at", "need", "department", "method",
        "method_reason", "flags_version", "red_flags", "consulted_at",
    ]),
    numbered("screening", CHANGE, &[
        "id", "care_case", "department", "list", "version", "answers", "acute", "by_staff", "at", "undone_at",
    ]),
    numbered("screening_review", KEEP, &["id", "care_case", "verdict", "note", "by_staff", "at"]),
    table("seat_release", DROP, &["registration"], &[
        "registration", "care_case", "due_at", "reason", "by_staff", "before",
    ]),
    table("opening", ALL, &["staff", "what"], &["staff", "what", "at"]),
    numbered("appointment", CHANGE, &[
        "id", "care_case", "doctor", "department", "starts_at", "minutes", "state", "method", "by_staff", "at",
        "held_until", "told_at", "told_by", "told_channel", "started_at", "ended_at", "outcome", "summary",
        "in_person", "cancelled_by", "reason", "moved_to", "over_minutes",
    ]),
    table("granule", DROP, &["doctor", "at"], &["doctor", "at", "appointment"]),
    numbered("sms", ALL, &[
        "id", "customer", "template", "matter", "phone", "body", "segments", "purpose", "state", "queued_at",
        "not_before", "lease_until", "sent_at", "gateway_id", "reason",
    ]),
    table("survey", CHANGE, &["care_case"], &[
        "care_case", "customer", "state", "department", "due_at", "settled_at", "by_staff", "q1", "q2", "q3", "q4",
        "q5", "q6", "handbook_received", "comment", "questionnaire_version",
    ]),
    numbered("lead", CHANGE, &[
        "id", "name", "comment", "conversation", "phone", "state", "commented_at", "since", "by_staff",
        "registration", "reason",
    ]),
    numbered("task", ALL, &[
        "id", "kind", "about", "about_id", "role", "customer", "state", "owner", "due_at", "note", "opened_at",
        "opened_by", "closed_at", "closed_by", "closing_note",
    ]),
    table("operation", CHANGE, &["op"], &["op", "staff", "command", "at", "receipt"]),
    table("audit", KEEP, &["writer", "seq"], &[
        "writer", "seq", "at", "staff", "os_user", "action", "subject", "detail", "hash",
    ]),
    table("counter", CHANGE, &["name", "writer"], &["name", "writer", "value"]),
];

impl Table {
    /// Selects all rows, in the key's order.
    pub fn select(&self) -> String {
        format!("SELECT {} FROM {} ORDER BY {}", self.columns.join(", "), self.name, self.key.join(", "))
    }

    /// Where the key's columns stand among all.
    pub fn key_at(&self) -> impl Iterator<Item = usize> {
        self.key.iter().filter_map(|key| self.columns.iter().position(|column| column == key))
    }
}

#[cfg(test)]
mod tests;

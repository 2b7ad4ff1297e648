//! A store as the first program left it: the newest schema with its later steps taken back, one by one.

/// Takes back every step of the schema but the first. A step that is added belongs here, too: the upgrade that follows
/// fails on what it left.
pub const BACK_TO_THE_FIRST: &str = "
  DROP TABLE task, screening_review, screening, seat_release, opening;
  ALTER TABLE campaign ADD COLUMN config TEXT COLLATE \"C\";
  UPDATE campaign SET config = (SELECT config FROM campaign_version WHERE version = 1);
  ALTER TABLE campaign ALTER COLUMN config SET NOT NULL, DROP COLUMN waitlist_closed_at;
  DROP TABLE campaign_version;
  ALTER TABLE agreement DROP COLUMN from_minute, DROP COLUMN to_minute;
  ALTER TABLE call DROP COLUMN recorded_late_at, DROP COLUMN script_version;
  DROP INDEX matter_retry, matter_invited_later, sms_once_unknown;
  ALTER TABLE sms ALTER COLUMN customer SET NOT NULL;
  ALTER TABLE appointment DROP COLUMN over_minutes;
  DROP INDEX consent_once, consent_registration;
  ALTER TABLE consent DROP COLUMN party, DROP COLUMN spoken_by;
  CREATE UNIQUE INDEX consent_once ON consent (registration, purpose);
  ALTER TABLE registration DROP COLUMN cancelled_by, DROP COLUMN before, DROP COLUMN taken_back_at;
  ALTER TABLE survey DROP COLUMN questionnaire_version;
  ALTER TABLE batch_row DROP COLUMN answer, DROP COLUMN answered_at, DROP COLUMN answered_by;
  DROP TABLE broadcast, session, draft, staff_pin, staff_key;
  UPDATE schema_version SET version = 1";

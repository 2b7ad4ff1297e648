-- What waits for a person: one open task of a kind about one thing. `role` says whose it is, and with it of which
-- organisation; `customer` is the person it concerns, for lists.
CREATE TABLE task (
  id INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('complaint', 'handover_returned', 'promoted_to_tell', 'seat_returned', 'red_flag_review', 'register_expiring', 'late_result')),
  about TEXT NOT NULL CHECK (about IN ('customer', 'matter', 'registration', 'case', 'appointment', 'register')),
  about_id INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('agent', 'fanpage_admin', 'supervisor', 'intake', 'doctor', 'vinmec_lead')),
  customer INTEGER REFERENCES customer (id),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  owner TEXT REFERENCES staff (id),
  due_at INTEGER NOT NULL,
  note TEXT,
  opened_at INTEGER NOT NULL,
  opened_by TEXT NOT NULL REFERENCES staff (id),
  closed_at INTEGER,
  closed_by TEXT REFERENCES staff (id),
  closing_note TEXT,
  CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CHECK ((state = 'closed') = (closed_by IS NOT NULL)),
  CHECK (kind <> 'seat_returned' OR note IS NULL)
) STRICT;
CREATE UNIQUE INDEX task_once ON task (kind, about, about_id) WHERE state = 'open';
CREATE INDEX task_open ON task (role, due_at) WHERE state = 'open';
CREATE INDEX task_owner ON task (owner) WHERE state = 'open';
CREATE INDEX task_closed ON task (role, closed_at) WHERE state = 'closed';
CREATE INDEX task_customer ON task (customer);

-- Every reading of the red-flag checklist: which list and version, what was answered to which sign, where the case
-- went, by whom. Health text. Rows stay; the departments of a case, one after another, are read from here.
CREATE TABLE screening (
  id         INTEGER NOT NULL PRIMARY KEY,
  care_case  INTEGER NOT NULL REFERENCES care_case (id),
  department TEXT    NOT NULL,
  list       TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  answers    TEXT    NOT NULL,
  acute      INTEGER NOT NULL CHECK (acute IN (0, 1)),
  by_staff   TEXT    NOT NULL REFERENCES staff (id),
  at         INTEGER NOT NULL,
  undone_at  INTEGER
) STRICT;
CREATE INDEX screening_case ON screening (care_case, id);

-- What a doctor says of a screening afterwards, for who signs the list.
CREATE TABLE screening_review (
  id        INTEGER NOT NULL PRIMARY KEY,
  care_case INTEGER NOT NULL REFERENCES care_case (id),
  verdict   TEXT    NOT NULL CHECK (verdict IN ('should_have_been_115', 'flag_was_wrong')),
  note      TEXT,
  by_staff  TEXT    NOT NULL REFERENCES staff (id),
  at        INTEGER NOT NULL
) STRICT;
CREATE INDEX screening_review_case ON screening_review (care_case, id);

-- Seats whose case ended without a consultation. Until due_at the end can be taken back; the first command or
-- heartbeat after that gives the seat on and deletes the row. `before` is how the case was, health text included.
CREATE TABLE seat_release (
  registration INTEGER NOT NULL PRIMARY KEY REFERENCES registration (id),
  care_case    INTEGER NOT NULL REFERENCES care_case (id),
  due_at       INTEGER NOT NULL,
  reason       TEXT    NOT NULL CHECK (reason IN ('diverted_115', 'withdrawn', 'unreachable')),
  by_staff     TEXT    NOT NULL REFERENCES staff (id),
  before       TEXT    NOT NULL
) STRICT;
CREATE INDEX seat_release_due ON seat_release (due_at);

-- Who opened which case or doctor's day last, so that reading it again soon adds no audit row.
CREATE TABLE opening (
  staff TEXT    NOT NULL REFERENCES staff (id),
  what  TEXT    NOT NULL,
  at    INTEGER NOT NULL,
  PRIMARY KEY (staff, what)
) STRICT;

-- Why a registration or a call ended at Vinmec is Vinmec's alone.
UPDATE registration SET cancel_reason = 'ended_at_vinmec' WHERE cancel_reason = 'diverted_115';
UPDATE matter SET reason = 'ended_at_vinmec' WHERE reason = 'diverted_115';

-- Every version of the programme's configuration that was ever in force; the highest number is in force now. A row
-- never changes. The columns beside `config` are the numbers that its texts carry, as calls, consents, screenings and
-- surveys keep them.
CREATE TABLE campaign_version (
  version        INTEGER NOT NULL PRIMARY KEY CHECK (version >= 1),
  config         TEXT    NOT NULL,
  script_version INTEGER,
  notice_version TEXT,
  flags_version  INTEGER,
  survey_version INTEGER,
  changed        TEXT    NOT NULL DEFAULT '',
  loaded_at      INTEGER NOT NULL,
  loaded_by      TEXT    NOT NULL REFERENCES staff (id)
) STRICT;
INSERT INTO campaign_version
  (version, config, script_version, notice_version, flags_version, survey_version, loaded_at, loaded_by)
SELECT 1, config, config ->> '$.script.version', config ->> '$.notice.version', config ->> '$.red_flags.version',
  config ->> '$.survey.version', (SELECT MIN(created_at) FROM staff), (SELECT id FROM staff ORDER BY created_at, id LIMIT 1)
FROM campaign;
ALTER TABLE campaign DROP COLUMN config;

-- Search keys have no apostrophes, so that h'bia, h’bia and hbia find H'Bia.
UPDATE customer SET name_key = REPLACE(name_key, '''', '') WHERE name_key LIKE '%''%';
UPDATE list_change SET name_key = REPLACE(name_key, '''', '') WHERE name_key LIKE '%''%';

-- Agreements name the hours that they open (minutes of the day, the last one not included); without them the daily
-- hours of the law hold. An agreement that a promised callback made opens the hour of the promise.
ALTER TABLE agreement ADD COLUMN from_minute INTEGER CHECK (from_minute BETWEEN 0 AND 1439);
ALTER TABLE agreement ADD COLUMN to_minute INTEGER CHECK (to_minute BETWEEN 1 AND 1440);
UPDATE agreement SET from_minute = (from_at / 60000 + 420) % 1440 WHERE what = 'callback';
UPDATE agreement SET to_minute = CASE WHEN from_minute + (until_at - from_at) / 60000 + 1 < 1440
  THEN from_minute + (until_at - from_at) / 60000 + 1 ELSE 1440 END WHERE what = 'callback';

-- When the result of a call came after its lease had run out.
ALTER TABLE call ADD COLUMN recorded_late_at INTEGER;

-- Retries come before customers who were never called, however many of those there are.
CREATE INDEX matter_retry ON matter (purpose, due_at) WHERE state = 'waiting' AND attempts > 0;
-- Offers that are held until the hour at which the programme's SMS goes out.
CREATE INDEX matter_invited_later ON matter (due_at)
  WHERE state = 'held' AND reason = 'sms_not_received' AND due_at > 0;

-- What registrations, seats, consents and consultations keep besides.

-- Since when a seat that comes free goes to nobody: consultations are over, and those on the waitlist stay there.
ALTER TABLE campaign ADD COLUMN waitlist_closed_at INTEGER;

-- By how many minutes, rounded up, a consultation was longer than the programme allows; 0 as a rule.
ALTER TABLE appointment ADD COLUMN over_minutes INTEGER NOT NULL DEFAULT 0 CHECK (over_minutes >= 0);
CREATE INDEX appointment_over ON appointment (over_minutes) WHERE over_minutes > 0;

-- Who agreed, and who passed the answer on when it was not they themselves. An answer that is asked again, or taken back
-- with its registration, is withdrawn and a new row follows: nothing is overwritten.
ALTER TABLE consent ADD COLUMN party TEXT NOT NULL DEFAULT 'customer' CHECK (party IN ('customer', 'representative', 'patient', 'child'));
ALTER TABLE consent ADD COLUMN spoken_by TEXT;
UPDATE consent SET party = 'representative' WHERE subject <> 'customer';
DROP INDEX consent_once;
CREATE UNIQUE INDEX consent_once ON consent (registration, purpose, party) WHERE withdrawn_at IS NULL;
CREATE INDEX consent_registration ON consent (registration);

-- A registration's last step can be taken back for a while: who cancelled it, how things were before (JSON), and since when it
-- counts as never made. The customer of one that was taken back may register again, on the same row.
ALTER TABLE registration ADD COLUMN cancelled_by TEXT REFERENCES staff (id);
ALTER TABLE registration ADD COLUMN before TEXT;
ALTER TABLE registration ADD COLUMN taken_back_at INTEGER CHECK (taken_back_at IS NULL OR state = 'cancelled');

-- Which texts a call and a survey were made under. Those of an older store were all made under its one version.
ALTER TABLE call ADD COLUMN script_version INTEGER;
UPDATE call SET script_version = (SELECT script_version FROM campaign_version WHERE version = 1);
ALTER TABLE survey ADD COLUMN questionnaire_version INTEGER;
UPDATE survey SET questionnaire_version = (SELECT survey_version FROM campaign_version WHERE version = 1)
WHERE state = 'answered';

-- An agent's offers that a person answered, and those that ended in a registration.
INSERT INTO counter (name, writer, value)
SELECT 'agent.' || date((ended_at + 25200000) / 1000, 'unixepoch') || '.' || staff || '.offered', 0, COUNT(*)
FROM call WHERE undone_at IS NULL AND purpose = 1 AND disposition IN
  ('agreed', 'considering', 'callback', 'declined', 'do_not_call', 'not_eligible', 'already_registered', 'hung_up',
    'wrong_person', 'child_answered', 'language', 'complaint')
GROUP BY 1;
INSERT INTO counter (name, writer, value)
SELECT 'agent.' || date((ended_at + 25200000) / 1000, 'unixepoch') || '.' || staff || '.agreed', 0, COUNT(*)
FROM call WHERE undone_at IS NULL AND purpose = 1 AND disposition = 'agreed' GROUP BY 1;

-- What 9090 answers to a row that Vinmec returned; only then does the registration go out again.
ALTER TABLE batch_row ADD COLUMN answer TEXT;
ALTER TABLE batch_row ADD COLUMN answered_at INTEGER;
ALTER TABLE batch_row ADD COLUMN answered_by TEXT;

-- What waited for somebody before there were tasks: rows that came back, and customers whose complaint nobody heard.
INSERT INTO task (kind, about, about_id, role, customer, due_at, note, opened_at, opened_by)
SELECT 'handover_returned', 'registration', r.id, 'supervisor', r.customer, w.settled_at + 86400000, w.reason,
       w.settled_at, w.settled_by
FROM registration r JOIN batch_row w ON w.registration = r.id AND w.state = 'returned'
WHERE r.state = 'registered' AND r.hand_over = 'returned'
  AND w.batch = (SELECT MAX(l.batch) FROM batch_row l WHERE l.registration = r.id);
INSERT INTO task (kind, about, about_id, role, customer, due_at, note, opened_at, opened_by)
SELECT 'complaint', 'matter', m.id, CASE m.purpose WHEN 2 THEN 'vinmec_lead' ELSE 'supervisor' END, m.customer,
       c.ended_at + 86400000, c.note, c.ended_at, c.staff
FROM matter m JOIN call c ON c.matter = m.id
WHERE m.state = 'held' AND m.reason = 'supervisor'
  AND c.id = (SELECT MAX(l.id) FROM call l
              WHERE l.matter = m.id AND l.disposition = 'complaint' AND l.undone_at IS NULL);

-- The confirmation of an opt-out goes to numbers that are not on file, too: those messages have no customer.
CREATE TABLE sms_4 (
  id          INTEGER NOT NULL PRIMARY KEY,
  customer    INTEGER REFERENCES customer (id),
  template    TEXT    NOT NULL,
  matter      TEXT    NOT NULL,
  phone       INTEGER NOT NULL,
  body        TEXT    NOT NULL,
  segments    INTEGER NOT NULL,
  purpose     TEXT    NOT NULL CHECK (purpose IN ('offer', 'service', 'opt_out_confirmation')),
  state       TEXT    NOT NULL CHECK (state IN ('queued', 'leased', 'sent', 'delivered', 'failed')),
  queued_at   INTEGER NOT NULL,
  not_before  INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER,
  sent_at     INTEGER,
  gateway_id  TEXT,
  reason      TEXT
) STRICT;
INSERT INTO sms_4 (id, customer, template, matter, phone, body, segments, purpose, state, queued_at, not_before,
    lease_until, sent_at, gateway_id, reason)
  SELECT id, customer, template, matter, phone, body, segments, purpose, state, queued_at, not_before, lease_until,
    sent_at, gateway_id, reason FROM sms;
DROP TABLE sms;
ALTER TABLE sms_4 RENAME TO sms;
CREATE UNIQUE INDEX sms_once ON sms (customer, template, matter);
CREATE INDEX sms_state ON sms (state, not_before);
CREATE UNIQUE INDEX sms_once_unknown ON sms (phone, template, matter) WHERE customer IS NULL;

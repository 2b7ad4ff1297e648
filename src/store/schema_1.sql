-- Schema 1. One store is one programme. Times are epoch milliseconds, booleans 0/1, phones the digits of E.164.
-- Only BIGINT-, TEXT- and BLOB-like values and features that PostgreSQL has, too (STRICT aside).

CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE campaign (
  id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  config      TEXT    NOT NULL,
  quota       INTEGER NOT NULL CHECK (quota >= 0),
  taken       INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0),
  next_seat   INTEGER NOT NULL DEFAULT 1,
  next_place  INTEGER NOT NULL DEFAULT 1,
  waitlisted  INTEGER NOT NULL DEFAULT 0 CHECK (waitlisted >= 0),
  closed_by   TEXT    CHECK (closed_by IN ('date', 'quota')),
  closed_at   INTEGER,
  dnc_as_of   TEXT,
  dnc_at      INTEGER,
  CHECK (taken <= quota)
) STRICT;

CREATE TABLE free_seat (
  number INTEGER NOT NULL PRIMARY KEY
) STRICT;

CREATE TABLE staff (
  id         TEXT    NOT NULL PRIMARY KEY,
  name       TEXT    NOT NULL,
  role       TEXT    NOT NULL CHECK (role IN ('agent','fanpage_admin','supervisor','intake','doctor','vinmec_lead','auditor','operator')),
  doctor     INTEGER REFERENCES doctor (id),
  active     INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  created_at INTEGER NOT NULL,
  state      TEXT    NOT NULL DEFAULT 'off' CHECK (state IN ('off', 'ready', 'paused')),
  pause      TEXT,
  state_since INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A loading list is invisible: its customers come to life when it becomes active, all at once. No customer of
-- it has a lower id than first_customer.
CREATE TABLE list (
  id             INTEGER NOT NULL PRIMARY KEY,
  file_name      TEXT    NOT NULL,
  evidence       TEXT    NOT NULL,
  state          TEXT    NOT NULL CHECK (state IN ('loading', 'active')),
  imported_at    INTEGER NOT NULL,
  imported_by    TEXT    NOT NULL,
  rows           INTEGER NOT NULL DEFAULT 0,
  first_customer INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE customer (
  id             INTEGER NOT NULL PRIMARY KEY,
  phone          INTEGER NOT NULL,
  phone_reversed INTEGER NOT NULL,
  phone_raw      TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  name_key       TEXT    NOT NULL,
  salutation     TEXT,
  province       TEXT,
  list           INTEGER REFERENCES list (id),
  sms_sent_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX customer_phone ON customer (phone);
CREATE INDEX customer_phone_reversed ON customer (phone_reversed);
CREATE INDEX customer_name ON customer (name_key);

-- What a running import will change on customers that other lists brought; applied when it becomes active.
CREATE TABLE list_change (
  list        INTEGER NOT NULL REFERENCES list (id),
  customer    INTEGER NOT NULL REFERENCES customer (id),
  phone_raw   TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  name_key    TEXT    NOT NULL,
  salutation  TEXT,
  province    TEXT,
  sms_sent_at INTEGER,
  PRIMARY KEY (list, customer)
) STRICT;

CREATE TABLE do_not_call (
  phone INTEGER NOT NULL PRIMARY KEY,
  voice INTEGER NOT NULL CHECK (voice IN (0, 1)),
  sms   INTEGER NOT NULL CHECK (sms IN (0, 1))
) STRICT;

-- The register that is being loaded; it replaces do_not_call in one transaction and is empty otherwise.
CREATE TABLE do_not_call_load (
  phone INTEGER NOT NULL PRIMARY KEY,
  voice INTEGER NOT NULL CHECK (voice IN (0, 1)),
  sms   INTEGER NOT NULL CHECK (sms IN (0, 1))
) STRICT;

-- Our own opt-outs: never deleted, never weakened.
CREATE TABLE opt_out (
  phone    INTEGER NOT NULL PRIMARY KEY,
  voice_at INTEGER,
  sms_at   INTEGER,
  asked_by TEXT    NOT NULL,
  evidence TEXT    NOT NULL
) STRICT;

CREATE TABLE agreement (
  id       INTEGER NOT NULL PRIMARY KEY,
  customer INTEGER NOT NULL REFERENCES customer (id),
  voice    INTEGER NOT NULL CHECK (voice IN (0, 1)),
  sms      INTEGER NOT NULL CHECK (sms IN (0, 1)),
  what     TEXT    NOT NULL,
  from_at  INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  evidence TEXT    NOT NULL,
  by_staff TEXT    NOT NULL REFERENCES staff (id),
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX agreement_customer ON agreement (customer, until_at);

-- One contact matter per customer and purpose: id = customer * 4 + purpose (1 offer, 2 intake, 3 survey).
CREATE TABLE matter (
  id            INTEGER NOT NULL PRIMARY KEY,
  customer      INTEGER NOT NULL REFERENCES customer (id),
  purpose       INTEGER NOT NULL CHECK (purpose IN (1, 2, 3)),
  list          INTEGER NOT NULL DEFAULT 0,
  state         TEXT    NOT NULL CHECK (state IN ('waiting', 'leased', 'promised', 'closed', 'held')),
  reason        TEXT,
  due_at        INTEGER NOT NULL DEFAULT 0,
  attempts      INTEGER NOT NULL DEFAULT 0,
  day_parts     INTEGER NOT NULL DEFAULT 0,
  last_rang_at  INTEGER,
  callback_at   INTEGER,
  callback_for  TEXT    REFERENCES staff (id),
  lease_staff   TEXT    REFERENCES staff (id),
  leased_at     INTEGER,
  lease_until   INTEGER,
  avoid_staff   TEXT,
  CHECK (id = customer * 4 + purpose),
  CHECK ((state = 'leased') = (lease_staff IS NOT NULL)),
  CHECK ((state = 'leased') = (lease_until IS NOT NULL)),
  CHECK (state <> 'promised' OR callback_at IS NOT NULL)
) STRICT;
CREATE INDEX matter_waiting ON matter (purpose, list, due_at) WHERE state = 'waiting';
CREATE INDEX matter_promised ON matter (purpose, callback_at) WHERE state = 'promised';
CREATE INDEX matter_leased ON matter (lease_until) WHERE state = 'leased';
CREATE UNIQUE INDEX matter_one_call ON matter (lease_staff) WHERE state = 'leased';
CREATE INDEX matter_held ON matter (purpose, reason, list) WHERE state = 'held';

CREATE TABLE call (
  id            INTEGER NOT NULL PRIMARY KEY,
  matter        INTEGER NOT NULL REFERENCES matter (id),
  customer      INTEGER NOT NULL REFERENCES customer (id),
  staff         TEXT    NOT NULL REFERENCES staff (id),
  purpose       INTEGER NOT NULL,
  started_at    INTEGER NOT NULL,
  ended_at      INTEGER NOT NULL,
  talk_seconds  INTEGER NOT NULL DEFAULT 0,
  disposition   TEXT    NOT NULL,
  note          TEXT,
  callback_at   INTEGER,
  recording     INTEGER NOT NULL DEFAULT 0 CHECK (recording IN (0, 1)),
  undone_at     INTEGER,
  before        TEXT    NOT NULL
) STRICT;
CREATE INDEX call_customer ON call (customer, started_at);
CREATE INDEX call_matter ON call (matter, ended_at);

CREATE TABLE registration (
  id             INTEGER NOT NULL PRIMARY KEY,
  customer       INTEGER NOT NULL REFERENCES customer (id),
  state          TEXT    NOT NULL CHECK (state IN ('registered', 'waitlisted', 'cancelled')),
  seat           INTEGER,
  place          INTEGER,
  channel        TEXT    NOT NULL CHECK (channel IN ('inbound_9090', 'outbound_9090', 'fanpage')),
  at             INTEGER NOT NULL,
  by_staff       TEXT    NOT NULL REFERENCES staff (id),
  patient        TEXT,
  birth_year     INTEGER,
  representative TEXT,
  relation       TEXT,
  seated_at      INTEGER,
  cancelled_at   INTEGER,
  cancel_reason  TEXT,
  hand_over      TEXT    NOT NULL DEFAULT 'waiting' CHECK (hand_over IN ('waiting', 'sent', 'accepted', 'returned')),
  CHECK ((state = 'registered') = (seat IS NOT NULL)),
  CHECK ((state = 'waitlisted') = (place IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX registration_customer ON registration (customer);
CREATE UNIQUE INDEX registration_seat ON registration (seat);
CREATE UNIQUE INDEX registration_place ON registration (place);
CREATE INDEX registration_hand_over ON registration (hand_over, seat) WHERE state = 'registered';
CREATE INDEX registration_at ON registration (at);

CREATE TABLE consent (
  id             INTEGER NOT NULL PRIMARY KEY,
  registration   INTEGER NOT NULL REFERENCES registration (id),
  purpose        TEXT    NOT NULL CHECK (purpose IN ('register', 'handbook', 'survey', 'marketing')),
  given          INTEGER NOT NULL CHECK (given IN (0, 1)),
  subject        TEXT    NOT NULL,
  notice_version TEXT    NOT NULL,
  channel        TEXT    NOT NULL,
  evidence       TEXT    NOT NULL,
  by_staff       TEXT    NOT NULL REFERENCES staff (id),
  at             INTEGER NOT NULL,
  withdrawn_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX consent_once ON consent (registration, purpose);

CREATE TABLE batch (
  id       INTEGER NOT NULL PRIMARY KEY,
  sent_at  INTEGER NOT NULL,
  by_staff TEXT    NOT NULL REFERENCES staff (id),
  rows     INTEGER NOT NULL,
  checksum TEXT    NOT NULL
) STRICT;

CREATE TABLE batch_row (
  batch        INTEGER NOT NULL REFERENCES batch (id),
  registration INTEGER NOT NULL REFERENCES registration (id),
  state        TEXT    NOT NULL CHECK (state IN ('sent', 'accepted', 'returned')),
  reason       TEXT,
  settled_at   INTEGER,
  settled_by   TEXT,
  PRIMARY KEY (batch, registration)
) STRICT;
CREATE UNIQUE INDEX batch_row_once ON batch_row (registration) WHERE state <> 'returned';

CREATE TABLE doctor (
  id        INTEGER NOT NULL PRIMARY KEY,
  name      TEXT    NOT NULL,
  titles    TEXT    NOT NULL,
  licence   TEXT    NOT NULL,
  qualifies TEXT    NOT NULL,
  active    INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX doctor_licence ON doctor (licence);

CREATE TABLE doctor_department (
  doctor     INTEGER NOT NULL REFERENCES doctor (id),
  department TEXT    NOT NULL,
  PRIMARY KEY (department, doctor)
) STRICT;

CREATE TABLE shift (
  id      INTEGER NOT NULL PRIMARY KEY,
  doctor  INTEGER NOT NULL REFERENCES doctor (id),
  from_at INTEGER NOT NULL,
  to_at   INTEGER NOT NULL,
  CHECK (from_at < to_at AND from_at % 300000 = 0 AND to_at % 300000 = 0)
) STRICT;
CREATE UNIQUE INDEX shift_doctor ON shift (doctor, from_at);
CREATE INDEX shift_to ON shift (to_at);

-- "case" is a word of SQL, so Vinmec's case stands in care_case.
CREATE TABLE care_case (
  id            INTEGER NOT NULL PRIMARY KEY,
  registration  INTEGER NOT NULL REFERENCES registration (id),
  customer      INTEGER NOT NULL REFERENCES customer (id),
  state         TEXT    NOT NULL CHECK (state IN ('new', 'contacted', 'triaged', 'booked', 'consulted', 'no_show', 'withdrawn', 'diverted_115', 'unreachable')),
  since         INTEGER NOT NULL,
  opened_at     INTEGER NOT NULL,
  need          TEXT,
  department    TEXT,
  method        TEXT    CHECK (method IN ('phone', 'video')),
  method_reason TEXT,
  flags_version INTEGER,
  red_flags     TEXT    NOT NULL DEFAULT '',
  consulted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX care_case_registration ON care_case (registration);
CREATE INDEX care_case_state ON care_case (state, since);

CREATE TABLE appointment (
  id           INTEGER NOT NULL PRIMARY KEY,
  care_case    INTEGER NOT NULL REFERENCES care_case (id),
  doctor       INTEGER NOT NULL REFERENCES doctor (id),
  department   TEXT    NOT NULL,
  starts_at    INTEGER NOT NULL CHECK (starts_at % 300000 = 0),
  minutes      INTEGER NOT NULL CHECK (minutes > 0 AND minutes % 5 = 0),
  state        TEXT    NOT NULL CHECK (state IN ('held', 'booked', 'told', 'in_progress', 'done', 'no_show', 'cancelled', 'moved')),
  method       TEXT    NOT NULL CHECK (method IN ('phone', 'video')),
  by_staff     TEXT    NOT NULL REFERENCES staff (id),
  at           INTEGER NOT NULL,
  held_until   INTEGER,
  told_at      INTEGER,
  told_by      TEXT,
  told_channel TEXT,
  started_at   INTEGER,
  ended_at     INTEGER,
  outcome      TEXT,
  summary      TEXT,
  in_person    INTEGER,
  cancelled_by TEXT,
  reason       TEXT,
  moved_to     INTEGER REFERENCES appointment (id),
  CHECK ((state = 'held') = (held_until IS NOT NULL)),
  CHECK ((state = 'moved') = (moved_to IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX appointment_live ON appointment (care_case) WHERE state IN ('held', 'booked', 'told', 'in_progress');
CREATE INDEX appointment_doctor ON appointment (doctor, starts_at);
CREATE INDEX appointment_case ON appointment (care_case, starts_at);
CREATE INDEX appointment_held ON appointment (held_until) WHERE state = 'held';

-- One row per doctor and 5-minute granule: two overlapping appointments cannot be written.
CREATE TABLE granule (
  doctor      INTEGER NOT NULL REFERENCES doctor (id),
  at          INTEGER NOT NULL CHECK (at % 300000 = 0),
  appointment INTEGER NOT NULL REFERENCES appointment (id),
  PRIMARY KEY (doctor, at)
) STRICT;
CREATE INDEX granule_appointment ON granule (appointment);

CREATE TABLE sms (
  id          INTEGER NOT NULL PRIMARY KEY,
  customer    INTEGER NOT NULL REFERENCES customer (id),
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
CREATE UNIQUE INDEX sms_once ON sms (customer, template, matter);
CREATE INDEX sms_state ON sms (state, not_before);

CREATE TABLE survey (
  care_case         INTEGER NOT NULL PRIMARY KEY REFERENCES care_case (id),
  customer          INTEGER NOT NULL REFERENCES customer (id),
  state             TEXT    NOT NULL CHECK (state IN ('due', 'answered', 'refused', 'unreachable')),
  department        TEXT    NOT NULL,
  due_at            INTEGER NOT NULL,
  settled_at        INTEGER,
  by_staff          TEXT,
  q1 INTEGER CHECK (q1 BETWEEN 1 AND 7),
  q2 INTEGER CHECK (q2 BETWEEN 1 AND 5),
  q3 INTEGER CHECK (q3 BETWEEN 1 AND 5),
  q4 INTEGER CHECK (q4 BETWEEN 1 AND 5),
  q5 INTEGER CHECK (q5 BETWEEN 1 AND 5),
  q6 INTEGER CHECK (q6 BETWEEN 0 AND 10),
  handbook_received INTEGER CHECK (handbook_received IN (0, 1)),
  comment           TEXT
) STRICT;
CREATE INDEX survey_state ON survey (state, due_at);

CREATE TABLE lead (
  id           INTEGER NOT NULL PRIMARY KEY,
  name         TEXT    NOT NULL,
  comment      TEXT    NOT NULL,
  conversation TEXT,
  phone        INTEGER,
  state        TEXT    NOT NULL CHECK (state IN ('commented', 'messaged', 'details_given', 'registered', 'dropped')),
  commented_at INTEGER NOT NULL,
  since        INTEGER NOT NULL,
  by_staff     TEXT    NOT NULL,
  registration INTEGER REFERENCES registration (id),
  reason       TEXT
) STRICT;
CREATE UNIQUE INDEX lead_comment ON lead (comment);
CREATE INDEX lead_state ON lead (state, since);

CREATE TABLE operation (
  op      TEXT    NOT NULL PRIMARY KEY,
  staff   TEXT    NOT NULL,
  command TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  receipt TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  writer  INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  staff   TEXT    NOT NULL,
  os_user TEXT    NOT NULL,
  action  TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  detail  TEXT    NOT NULL,
  hash    BLOB    NOT NULL,
  PRIMARY KEY (writer, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END;

-- Overview counters, kept per writer in the transactions that change what they count; `check` recounts them.
CREATE TABLE counter (
  name   TEXT    NOT NULL,
  writer INTEGER NOT NULL,
  value  INTEGER NOT NULL,
  PRIMARY KEY (name, writer)
) STRICT, WITHOUT ROWID;

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

-- Schema 2 on PostgreSQL: the same tables, columns and promises as schema_2.sql.

-- Who may come in by SSH, what unlocks their screens, and what they were typing when the line was lost.

-- A key once given to a person is never another's. A removed key keeps its row, so that the trail can name it.
CREATE TABLE staff_key (
  fingerprint TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521')),
  public_key TEXT COLLATE "C" NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  added_at BIGINT NOT NULL,
  added_by TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
  removed_at BIGINT,
  removed_by TEXT COLLATE "C" REFERENCES staff (id),
  CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX staff_key_staff ON staff_key (staff);

-- Argon2id, never the digits. `tries` counts the wrong ones since the last right one.
CREATE TABLE staff_pin (
  staff TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES staff (id),
  hash TEXT COLLATE "C" NOT NULL CHECK (hash LIKE '$argon2id$%'),
  set_at BIGINT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0 CHECK (tries >= 0),
  blocked_until BIGINT NOT NULL DEFAULT 0
);

-- A form that was not sent yet: gone when it is sent, discarded, too old, or its person leaves.
CREATE TABLE draft (
  staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
  form TEXT COLLATE "C" NOT NULL CHECK (length(form) BETWEEN 1 AND 80),
  body TEXT COLLATE "C" NOT NULL CHECK (length(body) <= 32768),
  at BIGINT NOT NULL,
  PRIMARY KEY (staff, form)
);
CREATE INDEX draft_at ON draft (at);

-- Who may come in by SSH, what unlocks their screens, and what they were typing when the line was lost.

-- A key once given to a person is never another's. A removed key keeps its row, so that the trail can name it.
CREATE TABLE staff_key (
  fingerprint TEXT    NOT NULL PRIMARY KEY,
  staff       TEXT    NOT NULL REFERENCES staff (id),
  kind        TEXT    NOT NULL CHECK (kind IN ('ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521')),
  public_key  TEXT    NOT NULL,
  label       TEXT    NOT NULL,
  added_at    INTEGER NOT NULL,
  added_by    TEXT    NOT NULL REFERENCES staff (id),
  removed_at  INTEGER,
  removed_by  TEXT    REFERENCES staff (id),
  CHECK ((removed_at IS NULL) = (removed_by IS NULL))
) STRICT;
CREATE INDEX staff_key_staff ON staff_key (staff);

-- Argon2id, never the digits. `tries` counts the wrong ones since the last right one.
CREATE TABLE staff_pin (
  staff         TEXT    NOT NULL PRIMARY KEY REFERENCES staff (id),
  hash          TEXT    NOT NULL CHECK (hash LIKE '$argon2id$%'),
  set_at        INTEGER NOT NULL,
  tries         INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
  blocked_until INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A form that was not sent yet: gone when it is sent, discarded, too old, or its person leaves.
CREATE TABLE draft (
  staff TEXT    NOT NULL REFERENCES staff (id),
  form  TEXT    NOT NULL CHECK (length(form) BETWEEN 1 AND 80),
  body  TEXT    NOT NULL CHECK (length(body) <= 32768),
  at    INTEGER NOT NULL,
  PRIMARY KEY (staff, form)
) STRICT;
CREATE INDEX draft_at ON draft (at);

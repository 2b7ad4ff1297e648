-- Who has the screens open, on every host of a store, and what was said to all of them.

-- Gone when the session ends: the trail keeps its beginning and its end. `seen_at` is the last time that its process
-- said that it is there; a row that is not seen any more is of a process that died.
CREATE TABLE session (
  id          TEXT    NOT NULL PRIMARY KEY CHECK (length(id) = 26),
  process     TEXT    NOT NULL CHECK (length(process) = 26),
  staff       TEXT    NOT NULL REFERENCES staff (id),
  entrance    TEXT    NOT NULL CHECK (entrance IN ('ssh', 'terminal')),
  origin      TEXT    NOT NULL CHECK (length(origin) <= 64),
  fingerprint TEXT,
  began_at    INTEGER NOT NULL,
  seen_at     INTEGER NOT NULL,
  active_at   INTEGER NOT NULL,
  locked      INTEGER NOT NULL CHECK (locked IN (0, 1)),
  received    INTEGER NOT NULL,
  sent        INTEGER NOT NULL,
  ended_by    TEXT    CHECK (ended_by IN ('supervisor', 'take_over', 'revoked'))
) STRICT;
CREATE INDEX session_process ON session (process);
CREATE INDEX session_staff ON session (staff);

-- One line for everybody who is there; gone a day later.
CREATE TABLE broadcast (
  id    INTEGER NOT NULL PRIMARY KEY,
  at    INTEGER NOT NULL,
  staff TEXT    NOT NULL REFERENCES staff (id),
  body  TEXT    NOT NULL CHECK (length(body) BETWEEN 1 AND 1000)
) STRICT;
CREATE INDEX broadcast_at ON broadcast (at);

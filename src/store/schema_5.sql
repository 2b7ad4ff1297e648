-- Calls by hour and by day are those of 9090: Vinmec's intake calls (purpose 2) are taken out of what was counted.
INSERT INTO counter (name, writer, value)
  SELECT strftime('hour.%Y-%m-%d.%H', (ended_at + 25200000) / 1000, 'unixepoch'), 0, -COUNT(*)
  FROM call WHERE purpose = 2 AND undone_at IS NULL GROUP BY 1
  ON CONFLICT (name, writer) DO UPDATE SET value = counter.value + excluded.value;
INSERT INTO counter (name, writer, value)
  SELECT strftime('day.%Y-%m-%d.calls', (ended_at + 25200000) / 1000, 'unixepoch'), 0, -COUNT(*)
  FROM call WHERE purpose = 2 AND undone_at IS NULL GROUP BY 1
  ON CONFLICT (name, writer) DO UPDATE SET value = counter.value + excluded.value;

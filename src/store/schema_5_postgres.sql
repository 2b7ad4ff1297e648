-- Calls by hour and by day are those of 9090: Vinmec's intake calls (purpose 2) are taken out of what was counted.
INSERT INTO counter (name, writer, value)
  SELECT to_char(to_timestamp((ended_at + 25200000) / 1000) AT TIME ZONE 'UTC', '"hour."YYYY-MM-DD"."HH24'), 0, -COUNT(*)
  FROM call WHERE purpose = 2 AND undone_at IS NULL GROUP BY 1
  ON CONFLICT (name, writer) DO UPDATE SET value = counter.value + excluded.value;
INSERT INTO counter (name, writer, value)
  SELECT to_char(to_timestamp((ended_at + 25200000) / 1000) AT TIME ZONE 'UTC', '"day."YYYY-MM-DD".calls"'), 0, -COUNT(*)
  FROM call WHERE purpose = 2 AND undone_at IS NULL GROUP BY 1
  ON CONFLICT (name, writer) DO UPDATE SET value = counter.value + excluded.value;

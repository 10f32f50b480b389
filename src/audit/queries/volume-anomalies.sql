-- Who downloaded far more than usual in one day?
WITH days AS (
  SELECT principal, event_day, sum(bytes_out) AS bytes_out, count(*) AS reads
  FROM habitual_reads
  WHERE event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '28' DAY AS date) AS varchar) AND ?
  GROUP BY principal, event_day
), before AS (
  SELECT
    d.principal, d.event_day, d.bytes_out, d.reads, b.bytes_out AS earlier_bytes,
    row_number() OVER (PARTITION BY d.principal, d.event_day ORDER BY b.bytes_out) AS place,
    count(*) OVER (PARTITION BY d.principal, d.event_day) AS earlier_days
  FROM days d
  JOIN days b ON b.principal = d.principal
    AND b.event_day < d.event_day
    AND b.event_day >= CAST(CAST(CAST(d.event_day AS date) - INTERVAL '28' DAY AS date) AS varchar)
  WHERE d.event_day BETWEEN ? AND ?
), medians AS (
  SELECT principal, event_day, bytes_out, reads, earlier_days, avg(CAST(earlier_bytes AS double)) AS median_bytes
  FROM before
  WHERE place * 2 BETWEEN earlier_days AND earlier_days + 2
  GROUP BY principal, event_day, bytes_out, reads, earlier_days
)
SELECT
  m.principal,
  m.event_day,
  CAST(m.bytes_out AS bigint) AS bytes_out,
  CAST(m.median_bytes AS bigint) AS median_bytes,
  m.earlier_days,
  m.reads
FROM medians m
CROSS JOIN audit_settings s
-- A median of one or two days is not meaningful. New principals are in first-time-readers.
WHERE m.earlier_days >= 3
  AND m.bytes_out >= s.median_floor_bytes
  AND m.bytes_out > s.median_factor * m.median_bytes
ORDER BY bytes_out DESC, principal, event_day

-- Who downloaded far more distinct files than usual in one day?
WITH days AS (
  SELECT
    principal, event_day, count(DISTINCT object_key) AS files, count(DISTINCT model) AS models,
    sum(bytes_out) AS bytes_out
  FROM habitual_reads
  WHERE event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '28' DAY AS date) AS varchar) AND ?
  GROUP BY principal, event_day
), before AS (
  SELECT
    d.principal, d.event_day, d.files, d.models, d.bytes_out, b.files AS earlier_files,
    row_number() OVER (PARTITION BY d.principal, d.event_day ORDER BY b.files) AS place,
    count(b.files) OVER (PARTITION BY d.principal, d.event_day) AS earlier_days
  FROM days d
  LEFT JOIN days b ON b.principal = d.principal
    AND b.event_day < d.event_day
    AND b.event_day >= CAST(CAST(CAST(d.event_day AS date) - INTERVAL '28' DAY AS date) AS varchar)
  WHERE d.event_day BETWEEN ? AND ?
), medians AS (
  SELECT
    principal, event_day, files, models, bytes_out, earlier_days,
    coalesce(avg(CAST(earlier_files AS double)), 0) AS median_files
  FROM before
  WHERE place * 2 BETWEEN earlier_days AND earlier_days + 2
  GROUP BY principal, event_day, files, models, bytes_out, earlier_days
)
SELECT
  m.principal,
  m.event_day,
  m.files,
  CAST(m.median_files AS bigint) AS median_files,
  m.earlier_days,
  m.models,
  CAST(m.bytes_out AS bigint) AS bytes_out
FROM medians m
CROSS JOIN audit_settings s
WHERE m.files >= s.median_floor_objects
  AND m.files > s.median_factor * m.median_files
ORDER BY files DESC, principal, event_day

-- Whose week was far above each of their three weeks before?
WITH asked AS (
  SELECT *, CAST(? AS varchar) AS first_day
  FROM egress_events
), days AS (
  SELECT principal, CAST(event_day AS date) AS day_of, CAST(first_day AS date) AS first_day, sum(bytes_out) AS bytes_out, count(*) AS reads
  FROM asked
  WHERE event_day BETWEEN CAST(CAST(CAST(first_day AS date) - INTERVAL '27' DAY AS date) AS varchar) AND ?
    AND egress
    AND object_kind <> 'log'
  GROUP BY principal, event_day, first_day
), weeks AS (
  -- The week that ends with a day, and the three before it.
  SELECT
    d.principal, d.day_of,
    sum(CASE WHEN b.day_of > d.day_of - INTERVAL '7' DAY THEN b.bytes_out ELSE 0 END) AS bytes_out,
    sum(CASE WHEN b.day_of > d.day_of - INTERVAL '7' DAY THEN b.reads ELSE 0 END) AS reads,
    sum(CASE WHEN b.day_of <= d.day_of - INTERVAL '7' DAY AND b.day_of > d.day_of - INTERVAL '14' DAY THEN b.bytes_out ELSE 0 END) AS before_1,
    sum(CASE WHEN b.day_of <= d.day_of - INTERVAL '14' DAY AND b.day_of > d.day_of - INTERVAL '21' DAY THEN b.bytes_out ELSE 0 END) AS before_2,
    sum(CASE WHEN b.day_of <= d.day_of - INTERVAL '21' DAY THEN b.bytes_out ELSE 0 END) AS before_3
  FROM days d
  JOIN days b ON b.principal = d.principal
    AND b.day_of <= d.day_of
    AND b.day_of > d.day_of - INTERVAL '28' DAY
  WHERE d.day_of >= d.first_day
  GROUP BY d.principal, d.day_of
), compared AS (
  SELECT
    principal, day_of, bytes_out, reads,
    greatest(before_1, before_2, before_3) AS fullest_before,
    row_number() OVER (PARTITION BY principal ORDER BY bytes_out / greatest(before_1, before_2, before_3, 1) DESC, day_of) AS place
  FROM weeks
  -- One week before says nothing; who is that new is among those seen for the first time.
  WHERE (CASE WHEN before_1 > 0 THEN 1 ELSE 0 END) + (CASE WHEN before_2 > 0 THEN 1 ELSE 0 END) + (CASE WHEN before_3 > 0 THEN 1 ELSE 0 END) >= 2
)
SELECT
  c.principal,
  CAST(CAST(c.day_of AS date) AS varchar) AS week_until,
  CAST(c.bytes_out AS bigint) AS bytes_out,
  CAST(c.fullest_before AS bigint) AS fullest_week_before,
  CAST(c.reads AS bigint) AS reads
FROM compared c
CROSS JOIN audit_settings s
WHERE c.place = 1
  AND c.bytes_out >= s.median_floor_bytes
  AND c.bytes_out > s.week_factor * c.fullest_before
ORDER BY bytes_out DESC, principal

-- Who downloaded far more in one week than in each of the three weeks before?
WITH days AS (
  SELECT principal, CAST(event_day AS date) AS day_of, sum(bytes_out) AS bytes_out, count(*) AS reads
  FROM habitual_reads
  WHERE event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '27' DAY AS date) AS varchar) AND ?
  GROUP BY principal, event_day
), weeks AS (
  -- The week that ends with each day, and the three weeks before it. Window functions, so that the logs are read only
  -- once.
  SELECT
    principal, day_of,
    sum(bytes_out) OVER (
      PARTITION BY principal ORDER BY day_of RANGE BETWEEN INTERVAL '6' DAY PRECEDING AND CURRENT ROW
    ) AS bytes_out,
    sum(reads) OVER (
      PARTITION BY principal ORDER BY day_of RANGE BETWEEN INTERVAL '6' DAY PRECEDING AND CURRENT ROW
    ) AS reads,
    coalesce(sum(bytes_out) OVER (
      PARTITION BY principal ORDER BY day_of RANGE BETWEEN INTERVAL '13' DAY PRECEDING AND INTERVAL '7' DAY PRECEDING
    ), 0) AS before_1,
    coalesce(sum(bytes_out) OVER (
      PARTITION BY principal ORDER BY day_of RANGE BETWEEN INTERVAL '20' DAY PRECEDING AND INTERVAL '14' DAY PRECEDING
    ), 0) AS before_2,
    coalesce(sum(bytes_out) OVER (
      PARTITION BY principal ORDER BY day_of RANGE BETWEEN INTERVAL '27' DAY PRECEDING AND INTERVAL '21' DAY PRECEDING
    ), 0) AS before_3
  FROM days
), compared AS (
  SELECT
    principal, day_of, bytes_out, reads,
    greatest(before_1, before_2, before_3) AS fullest_before,
    row_number() OVER (
      PARTITION BY principal ORDER BY CAST(bytes_out AS double) / greatest(before_1, before_2, before_3, 1) DESC, day_of
    ) AS place
  FROM weeks
  WHERE day_of BETWEEN CAST(? AS date) AND CAST(? AS date)
    -- A single earlier week is not meaningful. New principals are in first-time-readers.
    AND (CASE WHEN before_1 > 0 THEN 1 ELSE 0 END) + (CASE WHEN before_2 > 0 THEN 1 ELSE 0 END)
      + (CASE WHEN before_3 > 0 THEN 1 ELSE 0 END) >= 2
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

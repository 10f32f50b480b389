-- Who read many models within 28 days that they had never read before, as far back as the logs go?
WITH asked AS (
  SELECT *, CAST(? AS varchar) AS first_day
  FROM egress_events
), reads AS (
  SELECT *
  FROM asked
  WHERE event_day <= ?
    AND egress
    AND object_kind <> 'log'
    AND model IS NOT NULL
), firsts AS (
  SELECT principal, model, first_day, min(event_day) AS since, CAST(sum(bytes_out) AS bigint) AS bytes_out
  FROM reads
  GROUP BY principal, model, first_day
), runs AS (
  SELECT
    f.principal, f.since,
    count(*) AS models, max(g.since) AS until, CAST(sum(g.bytes_out) AS bigint) AS bytes_out, min(g.model) AS one_model,
    row_number() OVER (PARTITION BY f.principal ORDER BY count(*) DESC, f.since) AS place
  FROM (SELECT DISTINCT principal, since, first_day FROM firsts) f
  JOIN firsts g ON g.principal = f.principal
    AND g.since >= f.since
    AND g.since <= CAST(CAST(CAST(f.since AS date) + INTERVAL '27' DAY AS date) AS varchar)
  WHERE f.since >= f.first_day
  GROUP BY f.principal, f.since
)
SELECT r.principal, r.models, r.one_model, r.since, r.until, r.bytes_out
FROM runs r
CROSS JOIN audit_settings s
WHERE r.place = 1
  AND r.models >= s.new_models
  -- Where the logs begin, every model is new to everybody.
  AND (SELECT count(*) FROM reads WHERE event_day < first_day) > 0
ORDER BY models DESC, principal

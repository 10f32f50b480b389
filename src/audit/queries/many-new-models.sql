-- Who downloaded many models for the first time within 28 days, as far back as the logs go?
WITH firsts AS (
  SELECT principal, model, min(event_day) AS since, sum(bytes_out) AS bytes_out
  FROM habitual_reads
  WHERE event_day BETWEEN least('', ?) AND ?
    AND model IS NOT NULL
  GROUP BY principal, model
), runs AS (
  -- Window functions, so that the logs are read only once.
  SELECT
    principal, since,
    min(since) OVER () AS logs_since,
    count(*) OVER four_weeks AS models,
    max(since) OVER four_weeks AS until,
    sum(bytes_out) OVER four_weeks AS bytes_out,
    min(model) OVER four_weeks AS one_model
  FROM firsts
  WINDOW four_weeks AS (
    PARTITION BY principal ORDER BY CAST(since AS date)
    RANGE BETWEEN CURRENT ROW AND INTERVAL '27' DAY FOLLOWING
  )
), placed AS (
  SELECT *, row_number() OVER (PARTITION BY principal ORDER BY models DESC, since) AS place
  FROM runs
  WHERE since BETWEEN ? AND ?
    -- At the beginning of the logs, every model would be new to every principal.
    AND logs_since < least(?, ?)
)
SELECT p.principal, p.models, p.one_model, p.since, p.until, CAST(p.bytes_out AS bigint) AS bytes_out
FROM placed p
CROSS JOIN audit_settings s
WHERE p.place = 1
  AND p.models >= s.many_new_models
ORDER BY models DESC, principal

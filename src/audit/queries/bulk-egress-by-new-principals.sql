-- Which new principals downloaded large volumes in their first three days?
WITH days AS (
  SELECT
    principal, event_day,
    sum(bytes_out) AS bytes_out, count(*) AS reads, count(DISTINCT model) AS models, min(source_ip) AS one_address,
    min(event_time) AS first_read
  FROM habitual_reads
  WHERE event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '28' DAY AS date) AS varchar) AND ?
  GROUP BY principal, event_day
), placed AS (
  -- Window functions, so that the logs are read only once.
  SELECT *, row_number() OVER (PARTITION BY principal ORDER BY event_day) AS place, min(event_day) OVER () AS logs_since
  FROM days
), newcomers AS (
  SELECT
    principal,
    min(event_day) AS since,
    max(event_day) AS until,
    CAST(sum(bytes_out) AS bigint) AS bytes_out,
    CAST(sum(reads) AS bigint) AS reads,
    max(models) AS models_a_day,
    min(one_address) AS one_address,
    min(first_read) AS first_read
  FROM placed
  -- From the fourth day on, volume-anomalies compares them with their median.
  WHERE place <= 3
    -- At the beginning of the logs, every principal would be new.
    AND logs_since < least(?, ?)
  GROUP BY principal
)
SELECT n.principal, n.since, n.until, n.bytes_out, n.reads, n.models_a_day, n.one_address, n.first_read
FROM newcomers n
CROSS JOIN audit_settings s
WHERE n.until BETWEEN ? AND ?
  AND n.bytes_out >= s.bulk_egress_bytes
ORDER BY bytes_out DESC, principal

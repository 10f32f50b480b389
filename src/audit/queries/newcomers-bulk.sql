-- Who took a bulk of models in their first three days of reading?
WITH asked AS (
  SELECT *, CAST(? AS varchar) AS first_day
  FROM egress_events
), days AS (
  SELECT
    principal, event_day, first_day,
    sum(bytes_out) AS bytes_out, count(*) AS reads, count(DISTINCT model) AS models, min(source_ip) AS one_address, min(event_time) AS first_read
  FROM asked
  WHERE event_day BETWEEN CAST(CAST(CAST(first_day AS date) - INTERVAL '28' DAY AS date) AS varchar) AND ?
    AND egress
    AND object_kind <> 'log'
  GROUP BY principal, event_day, first_day
), placed AS (
  -- In windows, so that the logs are read once.
  SELECT *, row_number() OVER (PARTITION BY principal ORDER BY event_day) AS place, min(event_day) OVER () AS logs_since
  FROM days
)
SELECT
  p.principal,
  min(p.event_day) AS since,
  max(p.event_day) AS until,
  CAST(sum(p.bytes_out) AS bigint) AS bytes_out,
  CAST(sum(p.reads) AS bigint) AS reads,
  max(p.models) AS models_a_day,
  min(p.one_address) AS one_address,
  min(p.first_read) AS first_read
FROM placed p
CROSS JOIN audit_settings s
-- From the fourth day on they have a median to be held to.
WHERE p.place <= 3
  -- Where the logs begin, everybody is new.
  AND p.logs_since < p.first_day
GROUP BY p.principal, s.bulk_bytes
HAVING sum(p.bytes_out) >= s.bulk_bytes
  AND max(p.event_day) >= max(p.first_day)
ORDER BY bytes_out DESC, principal

-- Which versions were published without a signature, though the store signs?
WITH writes AS (
  SELECT e.*, CAST(? AS varchar) AS first_day, CAST(? AS varchar) AS last_day
  FROM egress_events e
), around AS (
  SELECT *
  FROM writes
  WHERE action = 'PutObject'
    AND result = 'ok'
    AND object_kind IN ('manifest', 'signature')
    AND event_day BETWEEN CAST(CAST(CAST(first_day AS date) - INTERVAL '1' DAY AS date) AS varchar)
      AND CAST(CAST(CAST(last_day AS date) + INTERVAL '1' DAY AS date) AS varchar)
), signed AS (
  SELECT DISTINCT model, version
  FROM around
  WHERE object_kind = 'signature'
)
SELECT m.principal, m.model, m.version, m.role_arn, m.source_ip, m.event_time, m.request_id, m.event_id
FROM around m
LEFT JOIN signed g ON g.model = m.model AND g.version = m.version
WHERE m.object_kind = 'manifest'
  AND m.event_day BETWEEN m.first_day AND m.last_day
  AND g.model IS NULL
  -- A store that never signs is none that was got round.
  AND (SELECT count(*) FROM signed) > 0
ORDER BY event_time, model, version

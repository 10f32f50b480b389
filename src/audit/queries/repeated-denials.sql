-- Who was denied many times in a row, or on many models in one day?
WITH requests AS (
  SELECT
    principal, event_day, event_time, event_id, source_ip, action, model, object_key, result,
    row_number() OVER (PARTITION BY principal ORDER BY event_time, event_id) AS place,
    row_number() OVER (PARTITION BY principal, result = 'denied' ORDER BY event_time, event_id) AS place_among_like
  FROM egress_events
  WHERE event_day BETWEEN ? AND ?
), denied AS (
  SELECT *, CAST(place - place_among_like AS varchar) AS series
  FROM requests
  WHERE result = 'denied'
), tries AS (
  SELECT *, 'in a row' AS how, series AS together
  FROM denied
  UNION ALL
  -- A caller could avoid series by sending requests that succeed in between.
  SELECT *, 'in a day' AS how, event_day AS together
  FROM denied
), counted AS (
  SELECT
    principal, how,
    count(*) AS denied,
    count(DISTINCT object_key) AS objects,
    count(DISTINCT model) AS models,
    count(DISTINCT source_ip) AS addresses,
    min(action) AS one_action,
    min(event_time) AS first_denied,
    max(event_time) AS last_denied
  FROM tries
  GROUP BY principal, how, together
), found AS (
  SELECT c.*
  FROM counted c
  CROSS JOIN audit_settings s
  WHERE (c.how = 'in a row' AND c.denied >= s.repeated_denials)
    OR (c.how = 'in a day' AND c.models >= s.repeated_denials)
)
SELECT f.principal, f.denied, f.objects, f.models, f.addresses, f.one_action, f.first_denied, f.last_denied
FROM found f
-- A day is not reported if it overlaps with a series that is reported.
LEFT JOIN (SELECT DISTINCT principal, first_denied, last_denied FROM found WHERE how = 'in a row') r
  ON f.how = 'in a day' AND r.principal = f.principal AND r.first_denied <= f.last_denied
    AND r.last_denied >= f.first_denied
WHERE r.principal IS NULL
ORDER BY denied DESC, principal, first_denied, last_denied

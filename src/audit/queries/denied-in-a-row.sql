-- Who was denied again and again, without a request in between that succeeded?
WITH requests AS (
  SELECT
    principal, event_time, event_id, source_ip, action, model, object_key, result,
    row_number() OVER (PARTITION BY principal ORDER BY event_time, event_id) AS place,
    row_number() OVER (PARTITION BY principal, result = 'denied' ORDER BY event_time, event_id) AS place_among_like
  FROM egress_events
  WHERE event_day BETWEEN ? AND ?
), series AS (
  SELECT
    principal,
    count(*) AS denied,
    count(DISTINCT object_key) AS objects,
    count(DISTINCT model) AS models,
    count(DISTINCT source_ip) AS addresses,
    min(action) AS one_action,
    min(event_time) AS first_denied,
    max(event_time) AS last_denied
  FROM requests
  WHERE result = 'denied'
  GROUP BY principal, place - place_among_like
)
SELECT r.principal, r.denied, r.objects, r.models, r.addresses, r.one_action, r.first_denied, r.last_denied
FROM series r
CROSS JOIN audit_settings s
WHERE r.denied >= s.denied_in_a_row
ORDER BY denied DESC, principal, first_denied

-- Which reads of models were in a session that somebody had opened instead of the store or a service?
-- It takes a trail that records management events that read something too: opening a session is one.
WITH asked AS (
  SELECT CAST(? AS varchar) AS first_day, CAST(? AS varchar) AS last_day
), openings AS (
  SELECT
    t.issued_access_key_id,
    min_by(t.principal, t.event_time) AS opened_by,
    min_by(t.role_arn, t.event_time) AS opened_by_role,
    min_by(t.source_ip, t.event_time) AS opened_from,
    min(t.event_time) AS opened_at
  FROM trail_events t
  CROSS JOIN asked a
  -- Sessions outlast midnight.
  WHERE t.event_day BETWEEN CAST(CAST(CAST(a.first_day AS date) - INTERVAL '1' DAY AS date) AS varchar) AND a.last_day
    AND t.event_source = 'sts.amazonaws.com'
    AND t.action = 'AssumeRole'
    AND t.result = 'ok'
    AND t.issued_access_key_id IS NOT NULL
    -- SageMaker and its like open the sessions of their jobs themselves.
    AND coalesce(t.principal_type, '') <> 'AWSService'
  GROUP BY t.issued_access_key_id
)
SELECT
  e.principal,
  o.opened_by,
  o.opened_from,
  o.opened_at,
  e.role_arn,
  e.session_name,
  CAST(sum(e.bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(e.bytes_out IS NULL) AS reads_of_unknown_size,
  count(DISTINCT e.model) AS models,
  min(e.model) AS one_model,
  min(e.source_ip) AS one_address,
  min(e.event_time) AS first_read,
  max(e.event_time) AS last_read
FROM egress_events e
CROSS JOIN asked a
CROSS JOIN audit_settings s
JOIN openings o ON o.issued_access_key_id = e.access_key_id
WHERE e.event_day BETWEEN a.first_day AND a.last_day
  AND e.egress
  AND e.object_kind <> 'log'
  AND NOT coalesce(
    strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0
    -- Where the functions' roles are not known, nobody can be said not to be one.
    AND (s.function_role_arns IS NULL OR strpos(',' || s.function_role_arns || ',', ',' || o.opened_by_role || ',') > 0),
    false
  )
GROUP BY e.principal, o.opened_by, o.opened_from, o.opened_at, e.role_arn, e.session_name
ORDER BY bytes_out DESC, principal, opened_at

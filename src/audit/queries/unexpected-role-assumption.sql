-- Which reads of models used a session that neither the store nor an AWS service opened?
-- Requires a trail that records read-only management events, because AssumeRole is one.
WITH witnesses AS (
  SELECT
    'opened' AS what, event_day, event_time, issued_access_key_id AS access_key_id, principal, role_arn, source_ip,
    CAST(NULL AS varchar) AS session_name, CAST(NULL AS varchar) AS model, CAST(NULL AS bigint) AS bytes_out
  FROM trail_events
  WHERE event_source = 'sts.amazonaws.com'
    AND action = 'AssumeRole'
    AND result = 'ok'
    AND issued_access_key_id IS NOT NULL
    -- Services such as SageMaker open the sessions of their jobs themselves.
    AND coalesce(principal_type, '') <> 'AWSService'
  UNION ALL
  SELECT
    'read' AS what, event_day, event_time, access_key_id, principal, role_arn, source_ip, session_name, model, bytes_out
  FROM egress_events
  WHERE egress
    AND object_kind <> 'log'
), around AS (
  -- Sessions may have been opened on the day before.
  SELECT *
  FROM witnesses
  WHERE event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar) AND ?
), openings AS (
  SELECT
    access_key_id,
    min_by(principal, event_time) AS opened_by,
    min_by(role_arn, event_time) AS opened_by_role,
    min_by(source_ip, event_time) AS opened_from,
    min(event_time) AS opened_at
  FROM around
  WHERE what = 'opened'
  GROUP BY access_key_id
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
FROM around e
CROSS JOIN audit_settings s
JOIN openings o ON o.access_key_id = e.access_key_id
WHERE e.what = 'read'
  AND e.event_day BETWEEN ? AND ?
  AND NOT coalesce(
    strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0
    -- If the roles of the functions are unknown, every session of the store is accepted.
    AND (s.function_role_arns IS NULL
      OR strpos(',' || s.function_role_arns || ',', ',' || o.opened_by_role || ',') > 0),
    false
  )
GROUP BY e.principal, o.opened_by, o.opened_from, o.opened_at, e.role_arn, e.session_name
ORDER BY bytes_out DESC, principal, opened_at, opened_by, opened_from, role_arn, session_name

-- Which reads of models used a session that neither the store nor an AWS service opened?
-- Requires a trail that records read-only management events, because AssumeRole is one.
SELECT
  e.principal,
  o.opened_by,
  o.first_opened_by,
  o.action AS opened_with,
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
CROSS JOIN audit_settings s
JOIN session_chains o ON o.access_key_id = e.access_key_id AND o.for_day = e.event_day
WHERE e.event_day BETWEEN ? AND ?
  AND e.egress
  AND e.object_kind <> 'log'
  -- Services such as SageMaker open the sessions of their jobs themselves.
  AND coalesce(o.opener_type, '') <> 'AWSService'
  -- Jobs outside of AWS open theirs with a token of their platform, which names the job.
  AND NOT coalesce(
    o.opener_type = 'WebIdentityUser' AND strpos(',' || s.direct_role_arns || ',', ',' || e.role_arn || ',') > 0,
    false
  )
  AND NOT coalesce(
    strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0
    -- If the roles of the functions are unknown, every session of the store is accepted.
    AND (s.function_role_arns IS NULL
      OR strpos(',' || s.function_role_arns || ',', ',' || o.opener_role_arn || ',') > 0),
    false
  )
GROUP BY
  e.principal, o.opened_by, o.first_opened_by, o.action, o.opened_from, o.opened_at, e.role_arn, e.session_name
ORDER BY
  bytes_out DESC, principal, opened_at, opened_by, opened_from, role_arn, session_name, first_opened_by, opened_with

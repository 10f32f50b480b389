-- What did auditors read?
SELECT
  e.principal,
  e.object_kind,
  e.bucket,
  e.action,
  e.result,
  CAST(sum(e.bytes_out) AS bigint) AS bytes_out,
  count(*) AS requests,
  count(DISTINCT e.object_key) AS objects,
  count(DISTINCT e.model) AS models,
  min(e.event_time) AS first_request,
  max(e.event_time) AS last_request
FROM egress_events e
CROSS JOIN audit_settings s
WHERE e.event_day BETWEEN ? AND ?
  AND (
    strpos(',' || s.auditor_role_arns || ',', ',' || e.role_arn || ',') > 0
    -- Through the API, the session belongs to the store and is named after the auditor: <role>=<session>.
    OR (strpos(e.principal, '=') > 0
      AND strpos(s.auditor_role_arns || ',', '/' || split_part(e.principal, '=', 1) || ',') > 0)
  )
GROUP BY e.principal, e.object_kind, e.bucket, e.action, e.result
ORDER BY principal, object_kind, bucket, action, result

-- Which auditors took files of models?
SELECT
  e.principal,
  e.role_arn,
  e.model,
  e.action,
  CAST(sum(e.bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(e.bytes_out IS NULL) AS reads_of_unknown_size,
  min(e.source_ip) AS one_address,
  min(e.event_time) AS first_read,
  max(e.event_time) AS last_read
FROM egress_events e
CROSS JOIN audit_settings s
WHERE e.event_day BETWEEN ? AND ?
  AND e.egress
  -- Manifests and signatures are theirs to read.
  AND e.object_kind IN ('blob', 'other')
  AND (
    strpos(',' || s.auditor_role_arns || ',', ',' || e.role_arn || ',') > 0
    -- Through the API, the session is the store's, in the auditor's name: <role>=<session>.
    OR (strpos(e.principal, '=') > 0 AND strpos(s.auditor_role_arns || ',', '/' || split_part(e.principal, '=', 1) || ',') > 0)
  )
GROUP BY e.principal, e.role_arn, e.model, e.action
ORDER BY bytes_out DESC, principal, model, action, role_arn

-- Which auditors downloaded model files?
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
  -- Auditors may read manifests and signatures.
  AND e.object_kind IN ('blob', 'other')
  AND (
    strpos(',' || s.auditor_role_arns || ',', ',' || e.role_arn || ',') > 0
    -- Through the API, the session belongs to the store and is named after the auditor: <role>=<session>.
    OR (strpos(e.principal, '=') > 0
      AND strpos(s.auditor_role_arns || ',', '/' || split_part(e.principal, '=', 1) || ',') > 0)
  )
GROUP BY e.principal, e.role_arn, e.model, e.action
ORDER BY bytes_out DESC, principal, model, action, role_arn

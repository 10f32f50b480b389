-- Who bypassed the store to read models?
SELECT
  e.principal,
  e.principal_type,
  e.principal_account,
  e.role_arn,
  e.source_ip,
  e.vpc_endpoint,
  CAST(sum(e.bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(e.bytes_out IS NULL) AS reads_of_unknown_size,
  count(DISTINCT e.model) AS models,
  min(e.event_time) AS first_read,
  max(e.event_time) AS last_read
FROM egress_events e
CROSS JOIN audit_settings s
WHERE e.event_day BETWEEN ? AND ?
  AND e.egress
  AND e.object_kind <> 'log'
  AND NOT coalesce(
    CASE
      -- The store uses the same session name and source identity, which identifies its sessions if its roles are
      -- unknown.
      WHEN s.session_role_arns IS NULL THEN e.source_identity = e.session_name
      ELSE strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0
    END
    -- The functions presign URLs for files, but never read the files.
    AND (e.presigned OR e.object_kind <> 'blob'),
    false
  )
  AND NOT coalesce(
    -- A job has no source identity. If there is one, a person assumed the role of the job.
    strpos(',' || s.direct_role_arns || ',', ',' || e.role_arn || ',') > 0 AND e.source_identity IS NULL,
    false
  )
  AND NOT coalesce(
    -- Auditors may read manifests and signatures.
    strpos(',' || s.auditor_role_arns || ',', ',' || e.role_arn || ',') > 0 AND e.object_kind NOT IN ('blob', 'other'),
    false
  )
GROUP BY e.principal, e.principal_type, e.principal_account, e.role_arn, e.source_ip, e.vpc_endpoint
ORDER BY bytes_out DESC, principal, source_ip, role_arn, principal_type, vpc_endpoint, principal_account

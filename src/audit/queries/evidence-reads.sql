-- Who, other than auditors, read evidence?
-- No function of the store and no AWS service reads the log archive as itself: Athena uses the identity of its caller.
SELECT
  e.principal,
  e.principal_type,
  e.principal_account,
  e.role_arn,
  e.bucket,
  e.action,
  e.source_ip,
  e.vpc_endpoint,
  CAST(sum(e.bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(e.bytes_out IS NULL) AS reads_of_unknown_size,
  count(DISTINCT e.object_key) AS objects,
  min(e.object_key) AS one_object,
  min(e.event_time) AS first_read,
  max(e.event_time) AS last_read
FROM egress_events e
CROSS JOIN audit_settings s
WHERE e.event_day BETWEEN ? AND ?
  AND e.egress
  AND e.object_kind = 'log'
  AND NOT coalesce(strpos(',' || s.auditor_role_arns || ',', ',' || e.role_arn || ',') > 0, false)
GROUP BY
  e.principal, e.principal_type, e.principal_account, e.role_arn, e.bucket, e.action, e.source_ip, e.vpc_endpoint
ORDER BY
  bytes_out DESC, principal, bucket, first_read, action, source_ip, role_arn, vpc_endpoint, principal_type,
  principal_account

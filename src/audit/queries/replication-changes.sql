-- Who changed the replication of the store's buckets outside of a deployment?
SELECT
  t.event_time,
  t.principal,
  t.source_ip,
  t.action,
  t.request_bucket AS bucket,
  t.result,
  t.error_code,
  t.request_parameters,
  t.request_id,
  t.event_id
FROM trail_events t
CROSS JOIN audit_settings s
WHERE t.event_day BETWEEN ? AND ?
  AND t.event_source = 's3.amazonaws.com'
  AND t.action IN ('PutBucketReplication', 'DeleteBucketReplication')
  AND (
    -- CloudTrail omits the parameters of large requests. A change that does not name its bucket is always shown.
    s.artifact_bucket IS NULL OR t.request_bucket IS NULL
    OR strpos(',' || s.artifact_bucket || ',' || coalesce(s.log_buckets, '') || ',', ',' || t.request_bucket || ',') > 0
  )
  AND NOT coalesce(
    t.invoked_by = 'cloudformation.amazonaws.com'
    AND strpos(',' || s.deployment_role_arns || ',', ',' || t.role_arn || ',') > 0,
    false
  )
ORDER BY t.event_time, t.event_id

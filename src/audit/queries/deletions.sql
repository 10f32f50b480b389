-- Who deleted or tried to delete models or evidence, or changed their retention settings?
SELECT
  t.event_time,
  t.principal,
  t.source_ip,
  t.action,
  CASE
    WHEN t.bypasses_retention THEN 'retention bypassed'
    WHEN t.action IN (
      'PutObjectRetention', 'PutObjectLegalHold', 'PutObjectLockConfiguration', 'PutBucketObjectLockConfiguration'
    )
      THEN 'lock changed'
    WHEN t.action IN (
      'PutBucketLifecycle', 'PutBucketLifecycleConfiguration', 'DeleteBucketLifecycle', 'PutBucketVersioning'
    ) THEN 'deletion arranged'
    ELSE 'deletion'
  END AS what,
  t.request_bucket AS bucket,
  t.request_key AS object_key,
  t.request_version AS version_id,
  t.result,
  t.error_code,
  t.request_id,
  t.event_id
FROM trail_events t
CROSS JOIN audit_settings s
WHERE t.event_day BETWEEN ? AND ?
  AND t.event_source = 's3.amazonaws.com'
  AND (
    t.action IN (
      'DeleteObject', 'DeleteObjects', 'DeleteObjectVersion', 'DeleteBucket', 'PutObjectRetention',
      'PutObjectLegalHold', 'PutObjectLockConfiguration', 'PutBucketObjectLockConfiguration', 'PutBucketLifecycle',
      'PutBucketLifecycleConfiguration', 'PutBucketVersioning'
    )
    OR t.bypasses_retention
  )
  AND (
    -- CloudTrail omits the parameters of large requests. A request that does not name its bucket is always shown.
    s.artifact_bucket IS NULL OR t.request_bucket IS NULL
    OR strpos(',' || s.artifact_bucket || ',' || coalesce(s.log_buckets, '') || ',', ',' || t.request_bucket || ',') > 0
  )
  -- Deployments may change lifecycle rules, versioning and Object Lock settings, but they never delete evidence.
  AND NOT coalesce(
    t.invoked_by = 'cloudformation.amazonaws.com'
    AND strpos(',' || s.deployment_role_arns || ',', ',' || t.role_arn || ',') > 0
    AND t.action IN (
      'PutBucketLifecycle', 'PutBucketLifecycleConfiguration', 'PutBucketVersioning',
      'PutBucketObjectLockConfiguration', 'PutObjectLockConfiguration'
    ),
    false
  )
ORDER BY t.event_time, t.event_id

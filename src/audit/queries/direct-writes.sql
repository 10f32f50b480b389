-- Who bypassed the store to write to models?
SELECT
  t.principal,
  t.principal_account,
  t.role_arn,
  t.action,
  t.request_bucket AS bucket,
  t.request_key AS object_key,
  t.source_ip,
  count(*) AS writes,
  min(t.event_time) AS first_write,
  max(t.event_time) AS last_write
FROM trail_events t
CROSS JOIN audit_settings s
WHERE t.event_day BETWEEN ? AND ?
  AND t.event_source = 's3.amazonaws.com'
  AND t.event_category = 'Data'
  AND t.action IN (
    'PutObject', 'CompleteMultipartUpload', 'CopyObject', 'RestoreObject', 'RenameObject', 'UpdateObjectEncryption'
  )
  AND t.result = 'ok'
  AND t.request_key LIKE 'models/%'
  AND (s.artifact_bucket IS NULL OR t.request_bucket = s.artifact_bucket OR t.request_bucket LIKE 'arn:%'
    OR t.request_bucket LIKE '%-s3alias')
  AND NOT coalesce(
    CASE
      -- The store uses the same session name and source identity, which identifies its sessions if its roles are
      -- unknown.
      WHEN s.session_role_arns IS NULL THEN t.source_identity = t.session_name
      ELSE strpos(',' || s.session_role_arns || ',', ',' || t.role_arn || ',') > 0
    END,
    false
  )
GROUP BY t.principal, t.principal_account, t.role_arn, t.action, t.request_bucket, t.request_key, t.source_ip
ORDER BY first_write, principal, object_key, action, source_ip, role_arn, principal_account, bucket

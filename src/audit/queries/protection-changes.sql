-- Who changed, or tried to change, what protects models and evidence, other than in a deployment?
SELECT
  t.event_time,
  t.principal,
  t.principal_account,
  t.source_ip,
  t.event_source,
  t.action,
  CASE
    WHEN t.event_source = 'cloudtrail.amazonaws.com' THEN 'trail'
    WHEN t.event_source = 's3.amazonaws.com' THEN 'bucket'
    WHEN t.event_source = 'kms.amazonaws.com' THEN 'key'
    WHEN t.event_source = 'iam.amazonaws.com' THEN 'role'
    WHEN t.event_source = 'lambda.amazonaws.com' THEN 'function'
    ELSE 'alarm or log group'
  END AS what,
  coalesce(t.request_bucket, t.resource) AS resource,
  t.result,
  t.error_code,
  t.request_parameters,
  t.request_id,
  t.event_id
FROM trail_events t
CROSS JOIN audit_settings s
WHERE t.event_day BETWEEN ? AND ?
  AND (
    (
      t.event_source = 's3.amazonaws.com'
      AND t.action IN (
        'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock',
        'PutBucketEncryption', 'DeleteBucketEncryption', 'PutBucketLogging', 'PutBucketNotification', 'PutBucketOwnershipControls',
        'DeleteBucketOwnershipControls', 'PutBucketInventoryConfiguration', 'PutBucketWebsite', 'PutBucketCors',
        'CreateAccessPoint', 'PutAccessPointPolicy', 'CreateAccessPointForObjectLambda'
      )
      -- The buckets of access points are named in them.
      AND (
        s.artifact_bucket IS NULL OR t.request_bucket IS NULL
        OR strpos(',' || s.artifact_bucket || ',' || coalesce(s.log_buckets, '') || ',', ',' || t.request_bucket || ',') > 0
      )
    )
    OR (t.event_source = 's3.amazonaws.com' AND t.action IN ('PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock'))
    OR (
      (
        (t.event_source = 'cloudtrail.amazonaws.com' AND t.action IN (
          'StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors', 'PutResourcePolicy'
        ))
        OR (t.event_source = 'kms.amazonaws.com' AND t.action IN (
          'PutKeyPolicy', 'DisableKey', 'ScheduleKeyDeletion', 'DisableKeyRotation', 'DeleteImportedKeyMaterial'
        ))
        -- AWS's services grant themselves the use of keys all the time.
        OR (t.event_source = 'kms.amazonaws.com' AND t.action = 'CreateGrant' AND t.invoked_by IS NULL
          AND coalesce(t.principal_type, '') <> 'AWSService')
        OR (t.event_source = 'iam.amazonaws.com' AND t.action IN (
          'UpdateAssumeRolePolicy', 'PutRolePolicy', 'AttachRolePolicy', 'DetachRolePolicy', 'DeleteRolePolicy', 'DeleteRolePermissionsBoundary',
          'PutRolePermissionsBoundary', 'UpdateRole', 'DeleteRole'
        ))
        OR (t.event_source = 'lambda.amazonaws.com' AND (
          t.action LIKE 'UpdateFunctionCode%' OR t.action LIKE 'UpdateFunctionConfiguration%' OR t.action LIKE 'AddPermission%'
        ))
        OR (t.event_source = 'logs.amazonaws.com' AND t.action IN (
          'DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy', 'DeleteSubscriptionFilter', 'PutSubscriptionFilter', 'DeleteMetricFilter',
          'DisassociateKmsKey'
        ))
        OR (t.event_source = 'monitoring.amazonaws.com' AND t.action IN ('DeleteAlarms', 'DisableAlarmActions', 'DeleteInsightRules', 'DisableInsightRules'))
        OR (t.event_source = 'events.amazonaws.com' AND t.action IN ('DisableRule', 'DeleteRule', 'RemoveTargets'))
      )
      AND (
        s.watched_resources IS NULL
        -- What does not say what it is about, or names several, is shown.
        OR t.resource IS NULL
        OR strpos(',' || s.watched_resources || ',', ',' || t.resource || ',') > 0
      )
    )
  )
  AND NOT coalesce(
    t.invoked_by = 'cloudformation.amazonaws.com' AND strpos(',' || s.deployment_role_arns || ',', ',' || t.role_arn || ',') > 0,
    false
  )
ORDER BY t.event_time, t.event_id

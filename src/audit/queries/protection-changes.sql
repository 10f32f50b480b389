-- Who changed or tried to change the protection of models or evidence outside of a deployment?
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
    WHEN t.event_source IN ('apigateway.amazonaws.com', 'cognito-idp.amazonaws.com') THEN 'api or sign-in'
    WHEN t.event_source IN ('glue.amazonaws.com', 'athena.amazonaws.com', 'ssm.amazonaws.com')
      THEN 'tables, queries or parameters'
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
        'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketPublicAccessBlock',
        'DeleteBucketPublicAccessBlock', 'PutBucketEncryption', 'DeleteBucketEncryption', 'PutBucketLogging',
        'PutBucketNotification', 'PutBucketOwnershipControls', 'DeleteBucketOwnershipControls',
        'PutBucketInventoryConfiguration', 'PutBucketWebsite', 'PutBucketCors', 'CreateAccessPoint',
        'PutAccessPointPolicy', 'CreateAccessPointForObjectLambda'
      )
      -- Requests for access points name the bucket in other parameters.
      AND (
        s.artifact_bucket IS NULL OR t.request_bucket IS NULL
        OR strpos(
          ',' || s.artifact_bucket || ',' || coalesce(s.log_buckets, '') || ',', ',' || t.request_bucket || ','
        ) > 0
      )
    )
    OR (
      t.event_source = 's3.amazonaws.com'
      AND t.action IN ('PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock')
    )
    OR (
      (
        (t.event_source = 'cloudtrail.amazonaws.com' AND t.action IN (
          'StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors', 'PutResourcePolicy'
        ))
        OR (t.event_source = 'kms.amazonaws.com' AND t.action IN (
          'PutKeyPolicy', 'DisableKey', 'ScheduleKeyDeletion', 'DisableKeyRotation', 'DeleteImportedKeyMaterial'
        ))
        -- AWS services create grants on keys all the time.
        OR (t.event_source = 'kms.amazonaws.com' AND t.action = 'CreateGrant' AND t.invoked_by IS NULL
          AND coalesce(t.principal_type, '') <> 'AWSService')
        OR (t.event_source = 'iam.amazonaws.com' AND t.action IN (
          'UpdateAssumeRolePolicy', 'PutRolePolicy', 'AttachRolePolicy', 'DetachRolePolicy', 'DeleteRolePolicy',
          'DeleteRolePermissionsBoundary', 'PutRolePermissionsBoundary', 'UpdateRole', 'DeleteRole'
        ))
        OR (t.event_source = 'lambda.amazonaws.com' AND (
          -- The names of these events end with a version of the API. Concurrency can disable a function.
          t.action LIKE 'UpdateFunctionCode%' OR t.action LIKE 'UpdateFunctionConfiguration%'
          OR t.action LIKE 'DeleteFunction%' OR t.action LIKE 'AddPermission%' OR t.action LIKE 'RemovePermission%'
          OR t.action LIKE 'PutResourcePolicy%' OR t.action LIKE 'DeleteResourcePolicy%'
          OR t.action LIKE 'PutFunctionConcurrency%' OR t.action LIKE 'PutFunctionCodeSigningConfig%'
          OR t.action LIKE 'PutRuntimeManagementConfig%' OR t.action LIKE 'PutFunctionEventInvokeConfig%'
          OR t.action LIKE 'UpdateAlias%' OR t.action LIKE 'CreateEventSourceMapping%'
          OR t.action LIKE 'CreateFunctionUrlConfig%' OR t.action LIKE 'UpdateFunctionUrlConfig%'
        ))
        OR (t.event_source = 'logs.amazonaws.com' AND t.action IN (
          'DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy', 'DeleteSubscriptionFilter',
          'PutSubscriptionFilter', 'DeleteMetricFilter', 'DisassociateKmsKey'
        ))
      )
      AND (
        s.watched_resources IS NULL
        -- Requests that name no resource, or several, are always shown.
        OR t.resource IS NULL
        OR strpos(',' || s.watched_resources || ',', ',' || t.resource || ',') > 0
      )
    )
    OR (
      (
        (t.event_source = 'monitoring.amazonaws.com'
          AND t.action IN ('DeleteAlarms', 'DisableAlarmActions', 'DeleteInsightRules', 'DisableInsightRules'))
        OR (t.event_source = 'events.amazonaws.com' AND t.action IN ('DisableRule', 'DeleteRule', 'RemoveTargets'))
      )
      AND (s.watched_prefix IS NULL OR t.resource IS NULL OR strpos(t.resource, s.watched_prefix) = 1)
    )
    -- These resources have their own names, whatever alarms they affect, so they are always shown.
    OR (t.event_source = 'monitoring.amazonaws.com' AND t.action IN ('PutAlarmMuteRule', 'DeleteAnomalyDetector'))
    OR (t.event_source = 'logs.amazonaws.com' AND t.action = 'PutAccountPolicy')
    -- These changes are frequent in any account, so they are shown only for resources of the store and not for
    -- deployments.
    OR (
      coalesce(t.invoked_by, '') <> 'cloudformation.amazonaws.com'
      AND (
        (
          (
            (t.event_source = 'monitoring.amazonaws.com'
              AND t.action IN ('PutMetricAlarm', 'PutCompositeAlarm', 'SetAlarmState', 'PutInsightRule'))
            OR (t.event_source = 'events.amazonaws.com' AND t.action IN ('PutRule', 'PutTargets'))
          )
          AND strpos(t.resource, s.watched_prefix) = 1
        )
        OR (
          (
            (t.event_source = 'glue.amazonaws.com' AND t.action IN (
              'CreateTable', 'UpdateTable', 'DeleteTable', 'BatchDeleteTable', 'UpdateDatabase', 'DeleteDatabase'
            ))
            OR (t.event_source = 'athena.amazonaws.com' AND t.action IN ('UpdateWorkGroup', 'DeleteWorkGroup'))
            OR (t.event_source = 'apigateway.amazonaws.com' AND NOT coalesce(t.read_only, false))
            -- Settings for signing in, not changes to users.
            OR (t.event_source = 'cognito-idp.amazonaws.com' AND t.action IN (
              'UpdateUserPool', 'DeleteUserPool', 'SetUserPoolMfaConfig', 'SetRiskConfiguration',
              'CreateUserPoolClient', 'UpdateUserPoolClient', 'CreateIdentityProvider', 'UpdateIdentityProvider'
            ))
          )
          -- Glue converts names to lower case.
          AND strpos(lower(',' || s.watched_resources || ','), lower(',' || t.resource || ',')) > 0
        )
        OR (t.event_source = 'athena.amazonaws.com' AND t.action IN ('UpdateNamedQuery', 'DeleteNamedQuery'))
        OR (t.event_source = 'ssm.amazonaws.com' AND t.action IN ('PutParameter', 'DeleteParameter', 'DeleteParameters')
          AND strpos(t.request_parameters, '/secure-model-artifact-store/') > 0)
      )
    )
  )
  AND NOT coalesce(
    t.invoked_by = 'cloudformation.amazonaws.com'
    AND strpos(',' || s.deployment_role_arns || ',', ',' || t.role_arn || ',') > 0,
    false
  )
ORDER BY t.event_time, t.event_id

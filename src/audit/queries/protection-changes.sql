-- Who changed or tried to change the protection of models or evidence outside of a deployment?
WITH changes AS (
  SELECT
    t.*,
    t.principal_type = 'Root' AND t.invoked_by IS NULL AND coalesce(t.event_type, 'AwsApiCall') <> 'AwsServiceEvent'
      AS by_root,
    -- CloudTrail omits the parameters of large requests, and of some that were denied. The message of such a denial
    -- can name the resource.
    (coalesce(t.request_parameters, 'null') = 'null' AND strpos(coalesce(t.error_message, ''), ' on resource: ') = 0)
      OR nullif(regexp_extract(t.request_parameters, '"omitted"\s*:\s*"?true'), '') IS NOT NULL AS names_nothing,
    coalesce(t.invoked_by = 'cloudformation.amazonaws.com', false) AS by_cloudformation,
    coalesce(
      CASE
        WHEN t.event_source = 'sns.amazonaws.com' THEN coalesce(
          nullif(
            regexp_extract(t.request_parameters, '"(?:topicArn|resourceArn)"\s*:\s*"(?:[^":]*:)*([^":]+)"', 1), ''
          ),
          -- The ARN of a subscription is that of its topic and an ID.
          nullif(
            regexp_extract(t.request_parameters, '"subscriptionArn"\s*:\s*"(?:[^":]*:)*([^":]+):[^":]+"', 1), ''
          )
        )
        WHEN t.event_source = 'sts.amazonaws.com'
          THEN nullif(regexp_extract(t.request_parameters, '"targetPrincipal"\s*:\s*"([^"]+)"', 1), '')
        ELSE t.resource
      END,
      CASE
        -- A policy of a role, in a request that does not name the role.
        WHEN t.event_source = 'iam.amazonaws.com'
          THEN nullif(regexp_extract(t.request_parameters, '"policyArn"\s*:\s*"(?:[^"/]*/)*([^"/]+)"', 1), '')
        WHEN t.event_source = 'logs.amazonaws.com' THEN nullif(
          regexp_extract(t.request_parameters, '"resourceIdentifier"\s*:\s*"[^"]*:log-group:([^":]+)', 1), ''
        )
      END,
      CASE WHEN coalesce(t.request_parameters, 'null') = 'null'
        THEN nullif(regexp_extract(t.error_message, ' on resource: (?:[a-z]+ )?(?:[^ /:]*[/:])*([^ /:]+)', 1), '')
      END
    ) AS named,
    -- Any function with a role of the store can open sessions.
    CASE WHEN t.event_source = 'lambda.amazonaws.com'
      THEN nullif(regexp_extract(t.request_parameters, '"role"\s*:\s*"(?:[^"/]*/)*([^"/]+)"', 1), '')
    END AS role_used
  FROM trail_events t
  WHERE t.event_day BETWEEN ? AND ?
    AND (
      (
        t.event_category = 'Management'
        -- Records that other tools export can lack readOnly.
        AND NOT coalesce(
          t.read_only,
          t.action LIKE 'Get%' OR t.action LIKE 'List%' OR t.action LIKE 'Describe%' OR t.action LIKE 'Head%'
            OR t.action LIKE 'Lookup%' OR t.action LIKE 'BatchGet%'
        )
      )
      OR t.action = 'AssumeRoot' OR t.principal_type = 'Root'
    )
), judged AS (
  SELECT
    c.*,
    s.watched_prefix,
    s.deployment_role_arns,
    s.watched_resources IS NULL AS watches_all,
    -- Glue converts names to lower case.
    coalesce(strpos(lower(',' || s.watched_resources || ','), lower(',' || c.named || ',')) > 0, false)
      OR coalesce(strpos(',' || s.watched_resources || ',', ',' || c.role_used || ',') > 0, false) AS is_watched,
    coalesce(strpos(',' || s.direct_role_arns || ',', '/' || c.named || ',') > 0, false) AS is_direct_role,
    coalesce(strpos(c.named, s.watched_prefix) = 1, false) AS has_prefix,
    -- The names of alarms and rules, also in lists.
    coalesce(strpos(c.request_parameters, '"' || s.watched_prefix) > 0, false) AS names_prefix,
    CASE
      WHEN s.artifact_bucket IS NULL THEN true
      ELSE strpos(
        ',' || s.artifact_bucket || ',' || coalesce(s.log_buckets, '') || ',', ',' || c.request_bucket || ','
      ) > 0
    END AS is_store_bucket
  FROM changes c
  CROSS JOIN audit_settings s
)
SELECT
  event_time,
  principal,
  principal_account,
  source_ip,
  event_source,
  action,
  CASE
    WHEN action = 'AssumeRoot' THEN 'root user'
    WHEN event_source = 'cloudtrail.amazonaws.com' THEN 'trail'
    WHEN event_source = 's3.amazonaws.com' THEN 'bucket'
    WHEN event_source = 'kms.amazonaws.com' THEN 'key'
    WHEN event_source = 'iam.amazonaws.com' THEN 'role'
    WHEN event_source = 'lambda.amazonaws.com' THEN 'function'
    WHEN event_source IN ('apigateway.amazonaws.com', 'cognito-idp.amazonaws.com') THEN 'api or sign-in'
    WHEN event_source IN ('glue.amazonaws.com', 'athena.amazonaws.com', 'ssm.amazonaws.com')
      THEN 'tables, queries or parameters'
    WHEN event_source IN ('monitoring.amazonaws.com', 'logs.amazonaws.com', 'events.amazonaws.com')
      THEN 'alarm or log group'
    WHEN event_source = 'sns.amazonaws.com' THEN 'alarm topic'
    WHEN event_source = 'organizations.amazonaws.com' THEN 'organization'
    ELSE 'root user'
  END AS what,
  coalesce(request_bucket, named) AS resource,
  result,
  error_code,
  request_parameters,
  request_id,
  event_id
FROM judged
WHERE (
    (
      event_source = 's3.amazonaws.com'
      AND action NOT IN ('CreateBucket', 'PutBucketTagging', 'DeleteBucketTagging')
      AND (
        coalesce(is_store_bucket, names_nothing)
        -- Requests for access points name the bucket in other parameters, if at all.
        OR (request_bucket IS NULL AND (
          action IN ('PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock')
          OR action LIKE 'CreateAccessPoint%' OR action LIKE 'PutAccessPoint%'
          OR action LIKE 'CreateMultiRegionAccessPoint%' OR action LIKE 'PutMultiRegionAccessPoint%'
          OR action LIKE 'SubmitMultiRegionAccessPoint%'
        ))
      )
    )
    OR (event_source = 'cloudtrail.amazonaws.com' AND (
      (action NOT IN ('StartLogging') AND (is_watched OR names_nothing OR (watches_all AND named IS NOT NULL)))
      -- Rare, and not about a trail.
      OR action IN ('PutResourcePolicy', 'DeleteResourcePolicy', 'DeregisterOrganizationDelegatedAdmin')
    ))
    OR (
      event_source = 'kms.amazonaws.com'
      AND action IN (
        'DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'DisableKeyRotation', 'CreateGrant',
        'DeleteImportedKeyMaterial', 'ImportKeyMaterial', 'ReplicateKey', 'UpdatePrimaryRegion'
      )
      AND (
        is_watched OR names_nothing OR named IS NULL
        -- An alias does not say which key it stands for.
        OR strpos(request_parameters, '"alias/') > 0
        -- AWS services create grants on the keys of the account all the time.
        OR (watches_all AND NOT (action = 'CreateGrant' AND (invoked_by IS NOT NULL OR principal_type = 'AWSService')))
      )
    )
    OR (
      event_source = 'iam.amazonaws.com'
      AND action NOT IN ('CreateRole', 'TagRole', 'UntagRole', 'TagPolicy', 'UntagPolicy')
      AND (
        is_watched OR is_direct_role OR names_nothing OR (watches_all AND named IS NOT NULL)
        -- The names of the policies of the store's roles begin like those of its alarms.
        OR (strpos(request_parameters, '"roleName"') = 0 AND has_prefix)
      )
    )
    OR (
      event_source = 'lambda.amazonaws.com'
      AND action NOT IN (
        'PutProvisionedConcurrencyConfig', 'DeleteProvisionedConcurrencyConfig', 'TagResource', 'UntagResource'
      )
      AND (is_watched OR names_nothing OR (watches_all AND named IS NOT NULL))
    )
    OR (
      event_source = 'logs.amazonaws.com'
      AND action NOT IN (
        'CreateLogGroup', 'CreateLogStream', 'CreateExportTask', 'StartQuery', 'TagLogGroup', 'UntagLogGroup',
        'DeleteAccountPolicy'
      )
      -- A policy of the account names no log group.
      AND (is_watched OR names_nothing OR (watches_all AND named IS NOT NULL) OR action = 'PutAccountPolicy')
    )
    OR (
      event_source = 'monitoring.amazonaws.com'
      AND action IN (
        'DeleteAlarms', 'DisableAlarmActions', 'PutMetricAlarm', 'PutCompositeAlarm', 'SetAlarmState',
        'PutAlarmMuteRule', 'PutAnomalyDetector', 'DeleteAnomalyDetector', 'DeleteInsightRules',
        'DisableInsightRules', 'PutInsightRule'
      )
      AND (
        names_prefix OR names_nothing OR watched_prefix IS NULL
        OR (
          action IN ('PutAnomalyDetector', 'DeleteAnomalyDetector')
          AND strpos(request_parameters, '"SecureModelArtifactStore"') > 0
        )
      )
    )
    OR (
      event_source = 'events.amazonaws.com'
      AND action IN ('DeleteRule', 'DisableRule', 'PutRule', 'PutTargets', 'RemoveTargets')
      AND (names_prefix OR names_nothing OR watched_prefix IS NULL)
    )
    OR (
      event_source = 'sns.amazonaws.com'
      AND action NOT IN ('ConfirmSubscription', 'TagResource', 'UntagResource')
      AND (is_watched OR has_prefix OR names_nothing OR (watched_prefix IS NULL AND named IS NOT NULL))
    )
    OR (event_source = 'glue.amazonaws.com' AND (is_watched OR names_nothing))
    OR (event_source = 'athena.amazonaws.com' AND (
      (action IN ('UpdateWorkGroup', 'DeleteWorkGroup') AND (is_watched OR names_nothing))
      -- The settings do not have the IDs of the store's named queries.
      OR action IN ('UpdateNamedQuery', 'DeleteNamedQuery')
    ))
    OR (
      event_source = 'ssm.amazonaws.com'
      AND action IN ('PutParameter', 'DeleteParameter', 'DeleteParameters')
      AND (names_nothing OR strpos(request_parameters, '/secure-model-artifact-store/') > 0)
    )
    OR (event_source = 'apigateway.amazonaws.com' AND (is_watched OR names_nothing))
    OR (
      event_source = 'cognito-idp.amazonaws.com'
      -- Settings for signing in, not changes to users.
      AND action IN (
        'UpdateUserPool', 'DeleteUserPool', 'SetUserPoolMfaConfig', 'SetRiskConfiguration', 'CreateUserPoolClient',
        'UpdateUserPoolClient', 'CreateIdentityProvider', 'UpdateIdentityProvider'
      )
      AND (is_watched OR names_nothing)
    )
    OR (
      event_source = 'organizations.amazonaws.com'
      AND action IN (
        'LeaveOrganization', 'RemoveAccountFromOrganization', 'AcceptHandshake', 'MoveAccount', 'CloseAccount',
        'DeleteOrganization', 'DeregisterDelegatedAdministrator', 'DisableAWSServiceAccess', 'DisablePolicyType',
        'DetachPolicy', 'UpdatePolicy', 'DeletePolicy'
      )
    )
    OR (
      event_source = 'sts.amazonaws.com' AND action = 'AssumeRoot'
      -- These task policies allow nothing that weakens the store.
      AND nullif(regexp_extract(
        request_parameters, 'IAMAuditRootUserCredentials|IAMDeleteRootUserCredentials|SQSUnlockQueuePolicy'
      ), '') IS NULL
    )
    -- The root user can undo every protection, and daily work does not need it.
    OR by_root
  )
  AND NOT (
    by_cloudformation
    AND (
      coalesce(strpos(',' || deployment_role_arns || ',', ',' || role_arn || ',') > 0, false)
      -- Stacks of the whole account change these all the time.
      OR (
        event_source IN (
          'monitoring.amazonaws.com', 'events.amazonaws.com', 'sns.amazonaws.com', 'glue.amazonaws.com',
          'athena.amazonaws.com', 'ssm.amazonaws.com', 'apigateway.amazonaws.com', 'cognito-idp.amazonaws.com'
        )
        AND action NOT IN (
          'DeleteAlarms', 'DeleteInsightRules', 'DeleteRule', 'RemoveTargets', 'PutAlarmMuteRule',
          'DeleteAnomalyDetector'
        )
      )
    )
    -- No ordinary deployment does these.
    AND action NOT IN (
      'StopLogging', 'DeleteTrail', 'DeleteLogGroup', 'DeleteLogStream', 'DisassociateKmsKey', 'DeleteBucket',
      'DeleteBucketPolicy', 'DeleteBucketEncryption', 'DeleteBucketPublicAccessBlock', 'DisableKey',
      'ScheduleKeyDeletion', 'DisableKeyRotation', 'DeleteImportedKeyMaterial', 'DisableAlarmActions', 'SetAlarmState',
      'DisableRule', 'DisableInsightRules', 'DeleteTopic'
    )
  )
ORDER BY event_time, event_id

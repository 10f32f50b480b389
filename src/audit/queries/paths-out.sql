-- Which requests to AWS services could copy models out of the artifact bucket, or let others read it?
-- Every management event whose request names the artifact bucket, whatever the service, except those of a deployment:
-- a list of services would miss the next one. `copies-to-other-buckets` and `egress` list what S3 itself copied.
WITH requests AS (
  SELECT
    t.*, s.artifact_bucket, s.deployment_role_arns,
    -- Services that copy objects of S3, whatever they name the bucket.
    coalesce(t.action IN (
      'CreateJob', 'CreateMultiRegionAccessPoint', 'PutBucketInventoryConfiguration', 'PutBucketReplication',
      'PutBucketRequestPayment', 'CreateAccessGrant', 'CreateAccessGrantsLocation', 'GetDataAccess',
      'CreateAccessPoint', 'CreateAccessPointForObjectLambda', 'StartBackupJob', 'CreateBackupSelection',
      'StartCopyJob', 'CreateLocationS3', 'CreateUser', 'CreateServer', 'CreateNFSFileShare', 'CreateSMBFileShare',
      'CreateDataRepositoryAssociation', 'CreateDataRepositoryTask', 'CreateModelImportJob', 'CreateModelCopyJob',
      'CreateModelPackage', 'CreateModelPackageGroup', 'PutModelPackageGroupPolicy', 'CreateHubContentPresignedUrls',
      'CreateCrawler', 'CreateDistribution', 'UpdateDistribution', 'CreateOriginAccessControl', 'CreateFileSystem'
    ), false) AS can_copy
  FROM trail_events t
  CROSS JOIN audit_settings s
  WHERE t.event_day BETWEEN ? AND ?
    AND t.event_category = 'Management'
), named AS (
  SELECT
    *,
    -- The name, an ARN, a URI or an endpoint of the bucket, but not another bucket whose name contains this one.
    CASE
      WHEN strpos(request_parameters, artifact_bucket) > 0 THEN coalesce(nullif(regexp_extract(
        request_parameters,
        '(?:^|[^a-z0-9.-])' || replace(artifact_bucket, '.', '[.]') || '(?:[.]s3[.-][^"]*|[^a-z0-9.-]|\z)'
      ), ''), '') <> ''
      ELSE false
    END AS names_bucket
  FROM requests
)
SELECT
  event_time,
  principal,
  principal_account,
  role_arn,
  source_ip,
  event_source,
  action,
  result,
  error_code,
  request_parameters,
  request_id,
  event_id
FROM named
WHERE (
    names_bucket
    -- CloudTrail omits the parameters of large requests.
    OR (can_copy AND (
      artifact_bucket IS NULL OR request_parameters IS NULL OR strpos(request_parameters, '"omitted"') > 0
    ))
  )
  -- Reading the settings of the bucket copies nothing. GetDataAccess returns credentials for its objects.
  AND (
    NOT coalesce(
      read_only,
      action LIKE 'Get%' OR action LIKE 'List%' OR action LIKE 'Describe%' OR action LIKE 'Head%'
        OR action LIKE 'Assume%'
    )
    OR action = 'GetDataAccess'
  )
  -- Settings of the bucket that do not let anyone copy or read. `protection-changes` and `deletions` list them.
  AND NOT (
    event_source = 's3.amazonaws.com'
    AND action IN (
      'PutBucketEncryption', 'DeleteBucketEncryption', 'PutBucketVersioning', 'PutBucketLifecycle',
      'PutBucketLifecycleConfiguration', 'DeleteBucketLifecycle', 'PutBucketTagging', 'DeleteBucketTagging',
      'PutBucketObjectLockConfiguration', 'PutObjectLockConfiguration', 'PutBucketOwnershipControls', 'DeleteBucket',
      'PutBucketMetricsConfiguration', 'PutBucketIntelligentTieringConfiguration', 'PutBucketAccelerateConfiguration'
    )
  )
  -- Findings about the bucket, and deployments: what a stack creates has records of its own.
  AND NOT (event_source IN (
    'config.amazonaws.com', 'securityhub.amazonaws.com', 'cloudformation.amazonaws.com', 'tagging.amazonaws.com'
  ))
  AND NOT coalesce(
    invoked_by = 'cloudformation.amazonaws.com'
    AND strpos(',' || deployment_role_arns || ',', ',' || role_arn || ',') > 0,
    false
  )
ORDER BY event_time, event_id

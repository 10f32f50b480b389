-- Which requests to the store are not listed by any other query?
-- Every request for an object that is not a download, a copy or a deletion, and was not denied; requests to other kinds
-- of storage of S3; and reads of the configuration of the store's buckets.
WITH requests AS (
  SELECT
    t.event_source, t.action, t.principal, t.request_bucket, t.request_key, t.result, t.event_time,
    t.event_category,
    coalesce(t.read_only, t.action LIKE 'Get%' OR t.action LIKE 'Head%' OR t.action LIKE 'List%', false) AS is_read,
    TRY_CAST(TRY_CAST(
      regexp_extract(t.additional_event_data, '"bytesTransferredOut": ?"?([0-9][0-9.eE+]*)', 1) AS double
    ) AS bigint) AS bytes_out,
    s.artifact_bucket IS NULL OR t.request_bucket IS NULL OR t.request_bucket = s.artifact_bucket
      OR strpos(t.request_parameters, s.artifact_bucket) > 0
      -- Access points have other names than the bucket.
      OR coalesce(
        regexp_extract(t.request_bucket, '^arn:|-s3alias$|-{2}(ol|op|xa)-s3$|[.]mrap$|[.]amazonaws[.]com') <> '', false
      ) AS is_of_store,
    coalesce(strpos(',' || s.log_buckets || ',', ',' || t.request_bucket || ',') > 0, false) AS is_of_evidence
  FROM trail_events t
  CROSS JOIN audit_settings s
  WHERE t.event_day BETWEEN ? AND ?
    AND t.event_source LIKE 's3%'
)
SELECT
  event_source,
  action,
  principal,
  CASE WHEN is_of_evidence THEN 'evidence' WHEN event_category = 'Data' THEN 'objects' ELSE 'configuration' END AS what,
  count(*) AS requests,
  count_if(result <> 'ok') AS failed,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  count(DISTINCT request_key) AS objects,
  min(request_bucket) AS one_bucket,
  min(request_key) AS one_key,
  min(event_time) AS first_request,
  max(event_time) AS last_request
FROM requests
WHERE (
    event_source <> 's3.amazonaws.com'
    OR (event_category = 'Data' AND (is_of_store OR is_of_evidence) AND result <> 'denied' AND NOT coalesce(
      action IN ('DeleteObject', 'DeleteObjects', 'DeleteObjectVersion')
      OR (result = 'ok' AND action IN (
        'GetObject', 'GetObjectTorrent', 'GetObjectAnnotation', 'SelectObjectContent', 'CopyObject', 'UploadPartCopy'
      )),
      false
    ))
    -- Changes of the configuration are in protection-changes, replication-changes and deletions.
    OR (event_category = 'Management' AND is_read AND request_bucket IS NOT NULL AND (is_of_store OR is_of_evidence))
  )
GROUP BY
  event_source, action, principal,
  CASE WHEN is_of_evidence THEN 'evidence' WHEN event_category = 'Data' THEN 'objects' ELSE 'configuration' END
ORDER BY requests DESC, event_source, action, principal, what

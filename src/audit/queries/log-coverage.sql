-- Which days do the logs cover, and how many records of each kind do they contain?
WITH witnesses AS (
  SELECT
    t.event_day,
    t.event_time,
    t.event_category AS kind,
    -- Old records do not say either whether they are read-only.
    coalesce(
      t.read_only,
      t.action LIKE 'Get%' OR t.action LIKE 'Head%' OR t.action LIKE 'List%' OR t.action LIKE 'Describe%'
        OR t.action LIKE 'AssumeRole%',
      false
    ) AS is_read,
    -- Null if the request is not for an object.
    CASE
      WHEN t.event_source = 's3.amazonaws.com' AND t.event_category = 'Data' THEN
        s.artifact_bucket IS NULL OR t.request_bucket IS NULL OR t.request_bucket = s.artifact_bucket
        -- Access points have other names than the bucket.
        OR coalesce(
          regexp_extract(t.request_bucket, '^arn:|-s3alias$|-{2}(ol|op|xa)-s3$|[.]mrap$|[.]amazonaws[.]com') <> '', false
        )
        -- The bucket of a copy is the one that it is written to.
        OR (t.action IN ('CopyObject', 'UploadPartCopy') AND strpos(t.request_parameters, s.artifact_bucket) > 0)
    END AS is_of_store,
    coalesce(
      t.event_source = 's3.amazonaws.com' AND t.event_category = 'Data' AND (
        strpos(',' || s.log_buckets || ',', ',' || t.request_bucket || ',') > 0
        -- In the artifact bucket, they are downloads of models, as in egress_events.
        OR (
          s.log_buckets IS NULL AND t.request_key LIKE '%AWSLogs/%'
          AND coalesce(t.request_bucket <> s.artifact_bucket, true)
        )
        OR strpos(
          ',' || s.log_buckets || ',',
          ',' || nullif(regexp_extract(t.request_parameters, '"x-amz-copy-source": ?"/?([^/"]+)', 1), '') || ','
        ) > 0
      ),
      false
    ) AS is_of_evidence,
    CASE
      WHEN coalesce(strpos(',' || s.log_buckets || ',', ',' || t.request_bucket || ',') > 0, false) THEN NULL
      ELSE t.request_bucket
    END AS bucket,
    t.issued_access_key_id IS NOT NULL AS opens_session,
    coalesce(t.event_source = 'lambda.amazonaws.com' AND t.action LIKE 'Invoke%', false) AS is_invocation,
    true AS is_readable
  FROM trail_events t
  CROSS JOIN audit_settings s
  UNION ALL
  SELECT
    event_day, event_time, 'access log' AS kind, false AS is_read, CAST(NULL AS boolean) AS is_of_store,
    false AS is_of_evidence, CAST(NULL AS varchar) AS bucket, false AS opens_session, false AS is_invocation,
    operation IS NOT NULL AS is_readable
  FROM access_log_requests
)
SELECT
  event_day,
  count_if(kind <> 'access log') AS trail_records,
  count_if(kind = 'Data') AS data_events,
  count_if(coalesce(is_of_store AND is_read AND NOT is_of_evidence, false)) AS object_reads,
  count_if(coalesce(is_of_store AND NOT is_read AND NOT is_of_evidence, false)) AS object_writes,
  count_if(is_of_evidence AND is_read) AS evidence_reads,
  count_if(is_of_evidence AND NOT is_read) AS evidence_writes,
  count_if(coalesce(NOT is_of_store AND NOT is_of_evidence, false)) AS requests_to_other_buckets,
  min(CASE WHEN NOT is_of_store AND NOT is_of_evidence THEN bucket END) AS one_other_bucket,
  count_if(kind = 'Management') AS management_events,
  count_if(kind = 'Management' AND NOT is_read) AS management_changes,
  count_if(opens_session) AS sessions_opened,
  count_if(is_invocation) AS invocations,
  count_if(kind = 'Data' AND is_of_store IS NULL AND NOT is_invocation) AS other_data_events,
  count_if(kind NOT IN ('Data', 'Management', 'access log')) AS other_events,
  count_if(kind = 'access log' AND is_readable) AS access_log_lines,
  count_if(NOT is_readable) AS unreadable_lines,
  min(event_time) AS first_event,
  max(event_time) AS last_event
FROM witnesses
WHERE event_day BETWEEN ? AND ?
GROUP BY event_day
ORDER BY event_day

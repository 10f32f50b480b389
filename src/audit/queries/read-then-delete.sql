-- Who deleted or tried to delete from the store within a day of downloading a lot from it?
WITH reads AS (
  SELECT
    principal, access_key_id, event_time, bytes_out, model, digest, object_key,
    date_trunc('hour', event_time) AS read_hour
  FROM egress_events
  WHERE event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar) AND ?
    AND egress
    AND object_kind <> 'log'
), hours AS (
  -- By principal and by access key: a principal may use several keys, and a key may have been used under other names.
  SELECT
    'principal ' || principal AS who, read_hour,
    sum(bytes_out) AS bytes_out, count(*) AS reads, count_if(bytes_out IS NULL) AS reads_of_unknown_size,
    count(DISTINCT object_key) AS files, min(model) AS one_model, min(event_time) AS first_read,
    max(event_time) AS last_read
  FROM reads
  GROUP BY principal, read_hour
  UNION ALL
  SELECT
    'key ' || access_key_id AS who, read_hour,
    sum(bytes_out) AS bytes_out, count(*) AS reads, count_if(bytes_out IS NULL) AS reads_of_unknown_size,
    count(DISTINCT object_key) AS files, min(model) AS one_model, min(event_time) AS first_read,
    max(event_time) AS last_read
  FROM reads
  WHERE access_key_id IS NOT NULL
  GROUP BY access_key_id, read_hour
), deletions AS (
  SELECT
    t.principal, t.access_key_id, t.event_day, t.event_time, t.action, t.result,
    coalesce(t.request_bucket, t.resource) AS resource
  FROM trail_events t
  CROSS JOIN audit_settings s
  WHERE t.event_day BETWEEN ? AND ?
    AND (
      (
        t.event_source = 's3.amazonaws.com'
        AND t.action IN (
          'DeleteObject', 'DeleteObjects', 'DeleteObjectVersion', 'DeleteBucket', 'PutBucketLifecycle',
          'PutBucketLifecycleConfiguration', 'PutBucketVersioning'
        )
        AND (
          s.artifact_bucket IS NULL OR t.request_bucket IS NULL
          OR strpos(
            ',' || s.artifact_bucket || ',' || coalesce(s.log_buckets, '') || ',', ',' || t.request_bucket || ','
          ) > 0
        )
      )
      OR (
        t.event_source = 'kms.amazonaws.com'
        AND t.action IN ('ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial')
        AND (s.watched_resources IS NULL OR t.resource IS NULL
          OR strpos(',' || s.watched_resources || ',', ',' || t.resource || ',') > 0)
      )
    )
    AND NOT coalesce(
      t.invoked_by = 'cloudformation.amazonaws.com'
      AND strpos(',' || s.deployment_role_arns || ',', ',' || t.role_arn || ',') > 0
      AND t.action IN ('PutBucketLifecycle', 'PutBucketLifecycleConfiguration', 'PutBucketVersioning'),
      false
    )
), days AS (
  SELECT
    'principal ' || principal AS who, principal, event_day,
    count(*) AS deletions, count_if(result <> 'ok') AS failed_deletions, min(action) AS one_action,
    min(resource) AS one_resource, min(event_time) AS first_deletion, max(event_time) AS last_deletion
  FROM deletions
  GROUP BY principal, event_day
  UNION ALL
  SELECT
    'key ' || access_key_id AS who, min(principal) AS principal, event_day,
    count(*) AS deletions, count_if(result <> 'ok') AS failed_deletions, min(action) AS one_action,
    min(resource) AS one_resource, min(event_time) AS first_deletion, max(event_time) AS last_deletion
  FROM deletions
  WHERE access_key_id IS NOT NULL
  GROUP BY access_key_id, event_day
), followed AS (
  SELECT
    d.principal, d.event_day, d.deletions, d.failed_deletions, d.one_action, d.one_resource, d.first_deletion,
    d.last_deletion,
    CAST(sum(h.bytes_out) AS bigint) AS bytes_out,
    CAST(sum(h.reads) AS bigint) AS reads,
    CAST(sum(h.reads_of_unknown_size) AS bigint) AS reads_of_unknown_size,
    CAST(sum(h.files) AS bigint) AS files,
    min(h.one_model) AS one_model,
    min(h.first_read) AS first_read,
    max(h.last_read) AS last_read,
    -- The row with the most bytes, if the principal and a key both match.
    row_number() OVER (
      PARTITION BY d.principal, d.event_day ORDER BY sum(h.bytes_out) DESC, sum(h.reads) DESC, d.who
    ) AS place
  FROM days d
  JOIN hours h ON h.who = d.who
    AND h.first_read <= d.last_deletion AND h.last_read >= d.first_deletion - INTERVAL '24' HOUR
  GROUP BY
    d.who, d.principal, d.event_day, d.deletions, d.failed_deletions, d.one_action, d.one_resource, d.first_deletion,
    d.last_deletion
)
SELECT
  f.principal, f.bytes_out, f.reads, f.reads_of_unknown_size, f.files, f.one_model, f.first_read, f.last_read,
  f.deletions, f.failed_deletions, f.one_action, f.one_resource, f.first_deletion, f.last_deletion
FROM followed f
CROSS JOIN audit_settings s
WHERE f.place = 1
  AND (f.bytes_out >= s.bulk_egress_bytes OR f.files >= s.median_floor_objects OR f.reads_of_unknown_size > 0)
ORDER BY first_deletion, principal, last_deletion

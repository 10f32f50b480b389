-- Who deleted or tried to delete from the store within a day of downloading a lot from it?
WITH downloads AS (
  SELECT principal, access_key_id, event_time, bytes_out, model, object_key
  FROM egress_events
  WHERE event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar) AND ?
    AND egress
    AND object_kind <> 'log'
), reads AS (
  -- By principal and by access key: a principal may use several keys, and a key may have been used under other names.
  SELECT 'principal ' || principal AS who, event_time, bytes_out, model, object_key FROM downloads
  UNION ALL
  SELECT 'key ' || access_key_id AS who, event_time, bytes_out, model, object_key FROM downloads
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
    CAST(sum(r.bytes_out) AS bigint) AS bytes_out,
    count(*) AS reads,
    count_if(r.bytes_out IS NULL) AS reads_of_unknown_size,
    count(DISTINCT r.object_key) AS files,
    min(r.model) AS one_model,
    min(r.event_time) AS first_read,
    max(r.event_time) AS last_read,
    -- The row with the most bytes, if the principal and a key both match.
    row_number() OVER (
      PARTITION BY d.principal, d.event_day ORDER BY sum(r.bytes_out) DESC, count(*) DESC, d.who
    ) AS place
  FROM days d
  JOIN reads r ON r.who = d.who
    AND r.event_time BETWEEN d.first_deletion - INTERVAL '24' HOUR AND d.last_deletion
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

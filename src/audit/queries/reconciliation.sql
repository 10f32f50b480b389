-- Which requests are in the access logs and not in the trail, or the reverse?
-- S3 delivers access logs at its best effort, hours later: a line that is missing may just be lost, or late. The trail loses
-- nothing by itself: a record that is missing there is a finding.
-- https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html
WITH witnesses AS (
  SELECT
    'access logs' AS found_in,
    l.event_day, l.event_time, l.request_id, l.bucket, l.operation AS action, l.object_key, l.requester AS principal, l.source_ip,
    l.bytes_sent AS bytes_out, l.error_code,
    -- Data events are about objects. What S3 does by itself, such as expiry by a lifecycle rule, is no request.
    l.object_key IS NOT NULL AND l.operation NOT LIKE 'S3.%'
      -- A browser's question whether it may ask, and what S3 refuses before it knows who asks: nothing leaves with these.
      AND l.operation <> 'REST.OPTIONS.PREFLIGHT'
      AND coalesce(l.http_status, 0) NOT IN (400, 503)
      -- CloudTrail does not record who could not prove who they are. Who could, or did not try to, and was denied is recorded.
      AND coalesce(l.error_code, '') NOT IN (
        'SignatureDoesNotMatch', 'InvalidAccessKeyId', 'InvalidToken', 'ExpiredToken', 'RequestTimeTooSkewed',
        'AuthorizationHeaderMalformed', 'AuthorizationQueryParametersError'
      ) AS must_be_in_both
  FROM access_log_requests l
  CROSS JOIN audit_settings s
  WHERE s.artifact_bucket IS NULL OR l.bucket IS NULL OR l.bucket = s.artifact_bucket
  UNION ALL
  SELECT
    'trail' AS found_in,
    e.event_day, e.event_time, e.request_id, e.bucket, e.action, e.object_key, e.principal, e.source_ip,
    e.bytes_out, e.error_code,
    e.object_kind <> 'log' AND (s.artifact_bucket IS NULL OR e.bucket IS NULL OR e.bucket = s.artifact_bucket) AS must_be_in_both
  FROM egress_events e
  CROSS JOIN audit_settings s
), around AS (
  -- A request at midnight may be under one day here and under another one there: the trail is filed by its delivery.
  SELECT *
  FROM witnesses
  WHERE event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar)
    AND CAST(CAST(CAST(? AS date) + INTERVAL '1' DAY AS date) AS varchar)
), counted AS (
  -- A copy has a line for what was read and one for what was written, a deletion of many objects one for each: all have one id.
  SELECT request_id, count_if(found_in = 'trail') AS in_trail, count_if(found_in = 'access logs') AS in_access_logs
  FROM around
  WHERE request_id IS NOT NULL
  GROUP BY request_id
), logged_days AS (
  SELECT event_day, max(event_time) AS last_line
  FROM around
  WHERE found_in = 'access logs'
  GROUP BY event_day
), unmatched AS (
  SELECT
    CASE a.found_in WHEN 'trail' THEN 'access logs' ELSE 'trail' END AS missing_in,
    -- Without access logs of a day, or of the hours that they are still to come of, nothing can be compared: that is said once, and
    -- not of every request.
    CASE
      WHEN a.found_in = 'access logs' THEN NULL
      WHEN d.event_day IS NULL THEN 'no access logs of ' || a.event_day || ': its requests cannot be compared'
      WHEN a.event_time > t.last_line THEN 'no access logs of the end of ' || a.event_day || ', yet: its requests cannot be compared'
    END AS note,
    a.event_day, a.request_id, a.event_time, a.principal, a.source_ip, a.action, a.bucket, a.object_key, a.bytes_out, a.error_code
  FROM around a
  -- A witness without a request id has no counterpart, and is shown.
  LEFT JOIN counted c ON c.request_id = a.request_id
  LEFT JOIN logged_days d ON d.event_day = a.event_day
  CROSS JOIN (SELECT max(last_line) AS last_line FROM logged_days) t
  WHERE a.event_day BETWEEN ? AND ?
    AND a.must_be_in_both
    AND coalesce(CASE a.found_in WHEN 'trail' THEN c.in_access_logs ELSE c.in_trail END, 0) = 0
)
SELECT
  missing_in, request_id, event_time, principal, source_ip, action, bucket, object_key, bytes_out, error_code,
  1 AS requests,
  note
-- A line may be delivered twice.
FROM (SELECT DISTINCT * FROM unmatched WHERE note IS NULL) AS named
UNION ALL
SELECT
  missing_in, CAST(NULL AS varchar), min(event_time), CAST(NULL AS varchar), CAST(NULL AS varchar), CAST(NULL AS varchar), CAST(NULL AS varchar),
  CAST(NULL AS varchar), CAST(sum(bytes_out) AS bigint), CAST(NULL AS varchar), count(*),
  note
FROM unmatched
WHERE note IS NOT NULL
GROUP BY missing_in, note
ORDER BY event_time, missing_in, request_id, action

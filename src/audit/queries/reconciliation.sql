-- Which requests are missing from the trail or from the access logs?
-- S3 delivers access logs on a best-effort basis, hours later, so a missing line may be lost or late. The trail does
-- not lose records by itself, so a missing record is a finding.
-- https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html
WITH logged AS (
  SELECT
    l.event_day, l.event_time, l.request_id, l.bucket, l.operation, l.object_key, l.requester, l.source_ip,
    l.bytes_sent, l.error_code,
    -- Only requests for objects are data events. Actions of S3 itself, such as lifecycle expirations, are not requests.
    l.object_key IS NOT NULL AND l.operation NOT LIKE 'S3.%'
      -- CORS preflight requests, and requests that S3 rejects before it authenticates them, return no data.
      AND l.operation <> 'REST.OPTIONS.PREFLIGHT'
      AND coalesce(l.http_status, 0) NOT IN (400, 503)
      -- CloudTrail does not record requests that failed authentication. It records denied requests that were
      -- authenticated or anonymous.
      AND coalesce(l.error_code, '') NOT IN (
        'SignatureDoesNotMatch', 'InvalidAccessKeyId', 'InvalidToken', 'ExpiredToken', 'RequestTimeTooSkewed',
        'AuthorizationHeaderMalformed', 'AuthorizationQueryParametersError'
      ) AS must_be_in_both
  FROM access_log_requests l
  CROSS JOIN audit_settings s
  WHERE (s.artifact_bucket IS NULL OR l.bucket IS NULL OR l.bucket = s.artifact_bucket)
    -- The day of a request around midnight may differ: the trail is partitioned by delivery time.
    AND l.event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar)
      AND CAST(CAST(CAST(? AS date) + INTERVAL '1' DAY AS date) AS varchar)
), logged_days AS (
  SELECT event_day, max(event_time) AS last_line
  FROM logged
  GROUP BY event_day
), matched AS (
  -- A copy has one line for the read and one for the write, and a deletion of several objects has one line for each.
  -- All lines of a request have the same ID.
  SELECT DISTINCT e.request_id
  FROM egress_events e
  JOIN logged l ON l.request_id = e.request_id
  WHERE e.event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar)
    AND CAST(CAST(CAST(? AS date) + INTERVAL '1' DAY AS date) AS varchar)
), witnesses AS (
  SELECT
    'trail' AS missing_in,
    event_day, event_time, request_id, requester AS principal, source_ip, operation AS action, bucket, object_key,
    bytes_sent AS bytes_out, error_code
  FROM logged
  WHERE must_be_in_both
  UNION ALL
  SELECT
    'access logs' AS missing_in,
    e.event_day, e.event_time, e.request_id, e.principal, e.source_ip, e.action, e.bucket, e.object_key, e.bytes_out,
    e.error_code
  FROM egress_events e
  CROSS JOIN audit_settings s
  WHERE e.object_kind <> 'log' AND (s.artifact_bucket IS NULL OR e.bucket IS NULL OR e.bucket = s.artifact_bucket)
), unmatched AS (
  SELECT
    w.*,
    -- Requests of a day, or of the last hours, for which there are no access logs yet cannot be compared. They are
    -- reported as one row with a note.
    CASE
      WHEN w.missing_in = 'trail' THEN NULL
      WHEN d.event_day IS NULL THEN 'no access logs for ' || w.event_day || ': requests on this day cannot be compared'
      WHEN w.event_time > t.last_line
        THEN 'no access logs yet for the end of ' || w.event_day || ': its requests cannot be compared'
    END AS note
  FROM witnesses w
  -- A record or line without a request ID cannot be matched, so it is shown.
  LEFT JOIN matched m ON m.request_id = w.request_id
  LEFT JOIN logged_days d ON d.event_day = w.event_day
  CROSS JOIN (SELECT max(last_line) AS last_line FROM logged_days) t
  WHERE w.event_day BETWEEN ? AND ?
    AND m.request_id IS NULL
), shown AS (
  SELECT
    missing_in, note, event_time AS moment, bytes_out AS size,
    -- A row with a note stands for several requests.
    CASE WHEN note IS NULL THEN request_id END AS request_id,
    CASE WHEN note IS NULL THEN event_time END AS event_time,
    CASE WHEN note IS NULL THEN principal END AS principal,
    CASE WHEN note IS NULL THEN source_ip END AS source_ip,
    CASE WHEN note IS NULL THEN action END AS action,
    CASE WHEN note IS NULL THEN bucket END AS bucket,
    CASE WHEN note IS NULL THEN object_key END AS object_key,
    CASE WHEN note IS NULL THEN bytes_out END AS bytes_out,
    CASE WHEN note IS NULL THEN error_code END AS error_code
  FROM unmatched
)
SELECT
  missing_in,
  request_id,
  min(moment) AS event_time,
  principal, source_ip, action, bucket, object_key,
  CASE WHEN note IS NULL THEN bytes_out ELSE CAST(sum(size) AS bigint) END AS bytes_out,
  error_code,
  -- A line may be delivered more than once.
  CASE WHEN note IS NULL THEN 1 ELSE count(*) END AS requests,
  note
FROM shown
GROUP BY
  missing_in, note, request_id, shown.event_time, principal, source_ip, action, bucket, object_key, bytes_out,
  error_code
ORDER BY
  event_time, missing_in, request_id, action, principal, source_ip, bucket, object_key, error_code, note, bytes_out

-- Who pushed, promoted and pulled a version?
WITH events AS (
  SELECT e.*, s.custody_model, s.custody_version
  FROM egress_events e
  CROSS JOIN audit_settings s
  WHERE e.event_day BETWEEN ? AND ?
    AND e.object_kind IN ('blob', 'manifest', 'signature', 'alias', 'verdict')
    AND e.result <> 'error'
    AND (s.custody_model IS NULL OR e.model = s.custody_model)
), manifests AS (
  SELECT DISTINCT principal, model, version, event_time
  FROM events
  WHERE object_kind = 'manifest' AND action = 'GetObject' AND result = 'ok'
), nearby AS (
  -- Joined by minute, so that not every presigned URL is compared with every manifest: the minutes of the first and the
  -- last URL that the manifest read can belong to.
  SELECT DISTINCT
    principal, model, version, event_time,
    date_trunc('minute', event_time + seconds * INTERVAL '1' SECOND) AS link_minute
  FROM manifests
  CROSS JOIN (VALUES (-1), (5)) AS around (seconds)
), links AS (
  SELECT DISTINCT principal, model, coalesce(link_signed_at, event_time) AS link_time
  FROM events
  -- Pushes are excluded, because they read the manifests of other versions.
  WHERE object_kind = 'alias' OR (object_kind = 'blob' AND action = 'GetObject')
), linked AS (
  -- The function reads the manifest on behalf of the caller right before it presigns URLs, which shows the version that
  -- was requested. Likewise, it reads the manifest of the new version right before it moves an alias.
  SELECT l.principal, l.model, l.link_time, CASE WHEN min(m.version) = max(m.version) THEN min(m.version) END AS version
  FROM links l
  JOIN nearby m ON m.principal = l.principal AND m.model = l.model AND m.link_minute = date_trunc('minute', l.link_time)
    AND m.event_time BETWEEN l.link_time - INTERVAL '5' SECOND AND l.link_time + INTERVAL '1' SECOND
  GROUP BY l.principal, l.model, l.link_time
), steps AS (
  SELECT
    e.*,
    coalesce(e.version, l.version) AS meant_version,
    CASE
      WHEN e.object_kind = 'manifest' AND e.action = 'PutObject' THEN 'published'
      WHEN e.object_kind = 'signature' AND e.action = 'PutObject' THEN 'signed'
      WHEN e.object_kind = 'alias' AND e.action = 'PutObject' THEN 'promoted'
      WHEN e.object_kind = 'blob' AND e.action IN ('PutObject', 'CompleteMultipartUpload') THEN 'pushed'
      WHEN e.object_kind = 'verdict' AND e.action = 'PutObject' THEN 'scanned'
      WHEN e.object_kind = 'blob' AND e.action IN ('CopyObject', 'UploadPartCopy') THEN 'copied'
      WHEN e.object_kind = 'blob' AND e.action = 'GetObject' THEN 'pulled'
      WHEN e.action IN ('DeleteObject', 'DeleteObjectVersion') THEN 'deleted'
    END AS step
  FROM events e
  LEFT JOIN linked l ON l.principal = e.principal AND l.model = e.model
    AND l.link_time = CASE
      WHEN e.object_kind = 'alias' OR (e.object_kind = 'blob' AND e.action = 'GetObject')
        THEN coalesce(e.link_signed_at, e.event_time)
    END
)
SELECT
  model,
  meant_version AS version,
  step,
  result,
  principal,
  principal_source,
  alias,
  -- A pull reads a file in many requests.
  count(DISTINCT digest) AS files,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  count_if(bytes_out IS NULL) AS reads_of_unknown_size,
  min(source_ip) AS one_address,
  count(DISTINCT source_ip) AS addresses,
  min(event_time) AS first_event,
  max(event_time) AS last_event
FROM steps
WHERE step IS NOT NULL
  -- Pushed blobs do not belong to a version yet, and reads without a presigned URL cannot be attributed to one: both
  -- are shown with every version.
  AND (custody_version IS NULL OR meant_version IS NULL OR meant_version = custody_version)
GROUP BY model, meant_version, step, result, principal, principal_source, alias
ORDER BY first_event, model, version, step, principal, alias, result, principal_source

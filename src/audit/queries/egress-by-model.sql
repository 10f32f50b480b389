-- How many bytes of each model and version were downloaded, and by how many principals?
WITH reads AS (
  SELECT *
  FROM egress_events
  WHERE event_day BETWEEN ? AND ?
    AND egress
    AND object_kind <> 'log'
), manifests AS (
  SELECT DISTINCT principal, model, version, event_time
  FROM reads
  WHERE object_kind = 'manifest'
), nearby AS (
  -- Joined by minute, so that not every presigned URL is compared with every manifest: the minutes of the first and the
  -- last URL that the manifest read can belong to.
  SELECT DISTINCT
    principal, model, version, event_time,
    date_trunc('minute', event_time + seconds * INTERVAL '1' SECOND) AS link_minute
  FROM manifests
  CROSS JOIN (VALUES (-1), (5)) AS around (seconds)
), links AS (
  SELECT DISTINCT principal, model, link_signed_at
  FROM reads
  WHERE object_kind = 'blob'
), named AS (
  -- A blob can belong to several versions. The function reads the manifest on behalf of the caller right before it
  -- presigns URLs, which shows the requested version. If that is ambiguous, only the digest is shown.
  SELECT
    l.principal, l.model, l.link_signed_at, CASE WHEN min(m.version) = max(m.version) THEN min(m.version) END AS version
  FROM links l
  JOIN nearby m ON m.principal = l.principal AND m.model = l.model
    AND m.link_minute = date_trunc('minute', l.link_signed_at)
    AND m.event_time BETWEEN l.link_signed_at - INTERVAL '5' SECOND AND l.link_signed_at + INTERVAL '1' SECOND
  GROUP BY l.principal, l.model, l.link_signed_at
)
SELECT
  r.model,
  coalesce(r.version, n.version) AS version,
  CASE WHEN coalesce(r.version, n.version) IS NULL THEN r.digest END AS digest,
  CAST(sum(CASE WHEN NOT r.is_bookkeeping THEN r.bytes_out ELSE 0 END) AS bigint) AS bytes_out,
  count_if(NOT r.is_bookkeeping) AS reads,
  count_if(r.bytes_out IS NULL) AS reads_of_unknown_size,
  CAST(sum(CASE WHEN r.is_bookkeeping THEN r.bytes_out ELSE 0 END) AS bigint) AS bookkeeping_bytes,
  count(DISTINCT r.principal) AS principals,
  min(r.event_time) AS first_read,
  max(r.event_time) AS last_read
FROM reads r
LEFT JOIN named n ON n.principal = r.principal AND n.model = r.model
  AND n.link_signed_at = CASE WHEN r.object_kind = 'blob' THEN r.link_signed_at END
GROUP BY r.model, coalesce(r.version, n.version), CASE WHEN coalesce(r.version, n.version) IS NULL THEN r.digest END
ORDER BY bytes_out DESC, model, version, digest

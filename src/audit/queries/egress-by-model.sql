-- Which model, and which version of it, left, to how many people and in how many bytes?
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
), named AS (
  -- A blob belongs to every version that names it. A link is signed right after its caller's manifest was read, which tells
  -- the version that was meant; where it does not, the digest is all there is.
  SELECT r.event_id, CASE WHEN count(DISTINCT m.version) = 1 THEN min(m.version) END AS version
  FROM reads r
  JOIN manifests m ON m.principal = r.principal AND m.model = r.model
    AND m.event_time BETWEEN r.link_signed_at - INTERVAL '5' SECOND AND r.link_signed_at + INTERVAL '1' SECOND
  WHERE r.object_kind = 'blob'
  GROUP BY r.event_id
)
SELECT
  r.model,
  coalesce(r.version, n.version) AS version,
  CASE WHEN coalesce(r.version, n.version) IS NULL THEN r.digest END AS digest,
  CAST(sum(r.bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(r.bytes_out IS NULL) AS reads_of_unknown_size,
  count(DISTINCT r.principal) AS principals,
  min(r.event_time) AS first_read,
  max(r.event_time) AS last_read
FROM reads r
LEFT JOIN named n ON n.event_id = r.event_id
GROUP BY r.model, coalesce(r.version, n.version), CASE WHEN coalesce(r.version, n.version) IS NULL THEN r.digest END
ORDER BY bytes_out DESC, model, version, digest

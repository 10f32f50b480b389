-- How many bytes of model files did each requester download, according to the S3 access logs alone?
-- Access logs name the session or user that signed a request, but not the person for whom the store opened a session
-- without a name. S3 delivers access logs on a best-effort basis. Use this query if no trail is available.
WITH delivered AS (
  SELECT
    l.request_id, l.event_time, l.bucket, l.requester, l.source_ip, l.operation, l.object_key, l.version_id,
    l.http_status, l.bytes_sent,
    -- A line may be delivered more than once. Without a request ID, equal lines may be several requests.
    CASE WHEN l.request_id IS NULL THEN count(*) ELSE 1 END AS lines
  FROM access_log_requests l
  CROSS JOIN audit_settings s
  WHERE l.event_day BETWEEN ? AND ?
    AND l.operation IS NOT NULL
    AND (s.artifact_bucket IS NULL OR l.bucket IS NULL OR l.bucket = s.artifact_bucket)
  GROUP BY
    l.request_id, l.event_time, l.bucket, l.requester, l.source_ip, l.operation, l.object_key, l.version_id,
    l.http_status, l.bytes_sent
), requests AS (
  SELECT
    l.requester, l.source_ip, l.operation, l.object_key, l.event_time, l.bytes_sent, l.lines,
    nullif(regexp_extract(l.requester, ':assumed-role/([^/]+)/', 1), '') AS role_name,
    nullif(regexp_extract(l.requester, ':assumed-role/[^/]+/(.+)$', 1), '') AS session_name,
    l.operation IN ('REST.COPY.OBJECT_GET', 'REST.COPY.PART_GET') AS is_copy,
    -- A bucket that is a website has other names for the same requests.
    l.http_status IN (200, 206) AND l.operation IN (
      'REST.GET.OBJECT', 'WEBSITE.GET.OBJECT', 'REST.COPY.OBJECT_GET', 'REST.COPY.PART_GET'
    ) AS is_read
  FROM delivered l
)
SELECT
  coalesce(requester, 'unsigned requests') AS requester,
  role_name,
  session_name,
  CAST(sum(CASE WHEN is_read AND NOT is_copy THEN lines * bytes_sent END) AS bigint) AS bytes_out,
  CAST(sum(CASE WHEN is_read THEN lines ELSE 0 END) AS bigint) AS reads,
  CAST(sum(CASE WHEN is_read AND is_copy THEN lines ELSE 0 END) AS bigint) AS copies,
  CAST(sum(CASE WHEN is_read THEN 0 ELSE lines END) AS bigint) AS other_requests,
  count(DISTINCT CASE WHEN is_read THEN object_key END) AS objects,
  count(DISTINCT source_ip) AS addresses,
  min(source_ip) AS one_address,
  min(event_time) AS first_request,
  max(event_time) AS last_request
FROM requests
GROUP BY requester, role_name, session_name
ORDER BY bytes_out DESC NULLS LAST, requester

-- Which presigned URLs were used by several clients, or to download a file more than once?
-- The sizes of files are only in the access logs. Without them, only different clients are reported.
WITH uses AS (
  SELECT
    principal, access_key_id, action, bucket, object_key, model, link_signed_at, source_ip, user_agent, bytes_out,
    event_time,
    -- Without versions.
    lower(regexp_extract(user_agent, '^[^A-Za-z]*([A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z][A-Za-z_-]*)*)', 1)) AS client
  FROM egress_events
  WHERE event_day BETWEEN ? AND ?
    AND presigned
    AND egress
    AND object_kind <> 'log'
), urls AS (
  SELECT
    principal, access_key_id, action, bucket, object_key, model, link_signed_at,
    CAST(sum(bytes_out) AS bigint) AS bytes_out,
    count(*) AS uses,
    count_if(bytes_out IS NULL) AS reads_of_unknown_size,
    count(DISTINCT client) AS clients,
    min(user_agent) AS one_user_agent,
    max(user_agent) AS other_user_agent,
    count(DISTINCT source_ip) AS addresses,
    min(source_ip) AS one_address,
    min(event_time) AS first_use,
    max(event_time) AS last_use
  FROM uses
  GROUP BY principal, access_key_id, action, bucket, object_key, model, link_signed_at
), sizes AS (
  SELECT bucket, object_key, max(object_size) AS object_size
  FROM access_log_requests
  WHERE event_day BETWEEN ? AND ?
    AND operation = 'REST.GET.OBJECT'
    AND object_size > 0
  GROUP BY bucket, object_key
)
SELECT
  u.principal, u.model, u.object_key, u.link_signed_at, u.bytes_out, s.object_size, u.uses, u.reads_of_unknown_size,
  u.clients, u.one_user_agent, u.other_user_agent, u.addresses, u.one_address, u.first_use, u.last_use
FROM urls u
LEFT JOIN sizes s ON s.bucket = u.bucket AND s.object_key = u.object_key
WHERE u.clients > 1
  OR u.bytes_out >= 2 * s.object_size
ORDER BY
  bytes_out DESC, principal, first_use, object_key, link_signed_at, one_address, one_user_agent, last_use

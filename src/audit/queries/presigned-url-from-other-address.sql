-- Which links were used from another address than they were asked from?
WITH uses AS (
  SELECT
    *,
    -- A link that does not say who asked for it is held to the address of its first use.
    coalesce(link_asked_from_key, first_value(source_ip_key) OVER same_link) AS expected_key,
    coalesce(link_asked_from, first_value(source_ip) OVER same_link) AS expected_address
  FROM egress_events
  WHERE event_day BETWEEN ? AND ?
    AND presigned
    AND result = 'ok'
    -- Most links are used from where they say that they were asked from: these need not be sorted.
    AND (link_asked_from_key IS NULL OR source_ip_key IS NULL OR link_asked_from_key <> source_ip_key)
  WINDOW same_link AS (
    PARTITION BY principal, access_key_id, action, bucket, object_key, link_signed_at
    ORDER BY event_time, event_id
  )
), pairs AS (
  SELECT DISTINCT source_ip_key, expected_key
  FROM uses
  WHERE source_ip_key <> expected_key
), same_network AS (
  -- An office has many addresses towards the internet, and people change them at the same desk.
  SELECT DISTINCT p.source_ip_key, p.expected_key
  FROM pairs p
  JOIN perimeter_networks n ON p.source_ip_key BETWEEN n.first_key AND n.last_key AND p.expected_key BETWEEN n.first_key AND n.last_key
)
SELECT
  u.principal,
  u.expected_address AS asked_from,
  u.link_asked_from IS NOT NULL AS link_says_so,
  u.source_ip AS used_from,
  u.vpc_endpoint,
  u.action,
  u.model,
  u.object_key,
  u.link_signed_at,
  CAST(sum(u.bytes_out) AS bigint) AS bytes_out,
  count(*) AS uses,
  min(u.event_time) AS first_use,
  max(u.event_time) AS last_use
FROM uses u
CROSS JOIN audit_settings s
LEFT JOIN same_network n ON n.source_ip_key = u.source_ip_key AND n.expected_key = u.expected_key
-- Where one of the two is no address, but the name of a service, they differ as names.
WHERE coalesce(u.source_ip_key, u.source_ip) <> coalesce(u.expected_key, u.expected_address)
  AND n.source_ip_key IS NULL
  -- A VPC asks the API from one address and reads through its endpoint with another; what stays within the perimeter has not left.
  AND NOT coalesce(strpos(',' || s.perimeter_vpc_endpoints || ',', ',' || u.vpc_endpoint || ',') > 0, false)
GROUP BY u.principal, u.expected_address, u.link_asked_from IS NOT NULL, u.source_ip, u.vpc_endpoint, u.action, u.model, u.object_key, u.link_signed_at
ORDER BY bytes_out DESC, principal, first_use, object_key, action, link_signed_at, used_from, vpc_endpoint, asked_from, link_says_so

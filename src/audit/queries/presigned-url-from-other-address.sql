-- Which presigned URLs were used from an address other than the one that requested them?
WITH uses AS (
  SELECT
    *,
    -- If the URL does not contain the address that requested it, its first use is taken instead.
    coalesce(link_asked_from_key, first_value(source_ip_key) OVER same_link) AS expected_key,
    coalesce(link_asked_from, first_value(source_ip) OVER same_link) AS expected_address
  FROM egress_events
  WHERE event_day BETWEEN ? AND ?
    AND presigned
    AND result = 'ok'
    -- Most URLs are used from the address that requested them. They are excluded early, because sorting them is slow.
    AND (
      link_asked_from_key IS NULL OR source_ip_key IS NULL OR link_asked_from_key <> source_ip_key
      OR vpc_endpoint IS NOT NULL
    )
  WINDOW same_link AS (
    PARTITION BY principal, access_key_id, action, bucket, object_key, link_signed_at
    ORDER BY event_time, event_id
  )
), pairs AS (
  SELECT DISTINCT source_ip_key, expected_key
  FROM uses
  WHERE source_ip_key <> expected_key
), same_network AS (
  -- An office can have many public addresses, which change between the requests of a person.
  SELECT DISTINCT p.source_ip_key, p.expected_key
  FROM pairs p
  JOIN perimeter_networks n ON p.source_ip_key BETWEEN n.first_key AND n.last_key
    AND p.expected_key BETWEEN n.first_key AND n.last_key
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
-- If one of the two is the name of an AWS service, the names are compared.
WHERE (
    coalesce(u.source_ip_key, u.source_ip) <> coalesce(u.expected_key, u.expected_address)
    -- The owner of a VPC chooses its addresses, so behind a VPC endpoint only the endpoint counts, if those of the
    -- perimeter are known.
    OR (u.vpc_endpoint IS NOT NULL AND s.perimeter_vpc_endpoints IS NOT NULL)
  )
  AND (n.source_ip_key IS NULL OR u.vpc_endpoint IS NOT NULL)
  -- From a VPC, requests to the API and reads through the S3 endpoint have different addresses. Reads through the VPC
  -- endpoints of the perimeter are not reported.
  AND NOT coalesce(strpos(',' || s.perimeter_vpc_endpoints || ',', ',' || u.vpc_endpoint || ',') > 0, false)
GROUP BY
  u.principal, u.expected_address, u.link_asked_from IS NOT NULL, u.source_ip, u.vpc_endpoint, u.action, u.model,
  u.object_key, u.link_signed_at
ORDER BY
  bytes_out DESC, principal, first_use, object_key, action, link_signed_at, used_from, vpc_endpoint, asked_from,
  link_says_so

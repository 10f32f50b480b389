-- Which principals made requests from two places within ten minutes?
-- A place is a VPC endpoint, the first 16 bits of an IPv4 address or the first 32 bits of an IPv6 address. Two places
-- in the perimeter, or an IPv4 and an IPv6 address, are reported only if the user agents differ, too.
WITH requests AS (
  SELECT
    e.principal, e.event_time, e.vpc_endpoint, e.source_ip, e.source_ip_key, e.user_agent, e.bytes_out,
    CASE
      WHEN e.vpc_endpoint IS NOT NULL THEN 'endpoint'
      WHEN strpos(e.source_ip_key, '00000000000000000000ffff') = 1 THEN 'IPv4'
      ELSE 'IPv6'
    END AS kind,
    coalesce(
      e.vpc_endpoint,
      CASE
        WHEN strpos(e.source_ip_key, '00000000000000000000ffff') = 1 THEN substr(e.source_ip_key, 1, 28)
        ELSE substr(e.source_ip_key, 1, 8)
      END
    ) AS network,
    -- Requests are compared with those of the same ten minutes and of the next.
    date_trunc('minute', e.event_time) - INTERVAL '1' MINUTE * (extract(MINUTE FROM e.event_time) % 10) AS ten_minutes,
    coalesce(strpos(',' || s.perimeter_vpc_endpoints || ',', ',' || e.vpc_endpoint || ',') > 0, false)
      AS by_known_endpoint
  FROM egress_events e
  CROSS JOIN audit_settings s
  WHERE e.event_day BETWEEN ? AND ?
    -- AWS services act for a principal from their own places.
    AND (e.source_ip_key IS NOT NULL OR e.vpc_endpoint IS NOT NULL)
    -- So do the functions of the store, which do not use presigned URLs.
    AND NOT (
      NOT e.presigned
      AND coalesce(
        strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0, e.source_identity = e.session_name,
        false
      )
    )
    -- Jobs with the same role run in many places at once; `direct-role-elsewhere` compares them.
    AND NOT coalesce(strpos(',' || s.direct_role_arns || ',', ',' || e.role_arn || ',') > 0, false)
), perimeter_addresses AS (
  SELECT DISTINCT r.source_ip_key
  FROM (SELECT DISTINCT source_ip_key FROM requests WHERE vpc_endpoint IS NULL) r
  JOIN perimeter_networks n ON r.source_ip_key BETWEEN n.first_key AND n.last_key
), grouped AS (
  SELECT
    r.principal, r.kind, r.network, r.user_agent, r.ten_minutes,
    r.by_known_endpoint OR a.source_ip_key IS NOT NULL AS known,
    min(r.vpc_endpoint) AS vpc_endpoint,
    min(r.source_ip) AS source_ip,
    sum(r.bytes_out) AS bytes_out,
    min(r.event_time) AS first_request,
    max(r.event_time) AS last_request
  FROM requests r
  -- The owner of a VPC chooses its addresses, so behind a VPC endpoint only the endpoint counts.
  LEFT JOIN perimeter_addresses a ON a.source_ip_key = r.source_ip_key AND r.vpc_endpoint IS NULL
  GROUP BY
    r.principal, r.kind, r.network, r.user_agent, r.ten_minutes, r.by_known_endpoint OR a.source_ip_key IS NOT NULL
), places AS (
  SELECT
    *,
    -- Without versions, and without the brackets in which CloudTrail writes agents of S3.
    lower(regexp_extract(user_agent, '^[^A-Za-z]*([A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z][A-Za-z_-]*)*)', 1)) AS agent
  FROM grouped
), later AS (
  SELECT places.*, ten_minutes - INTERVAL '1' MINUTE * earlier AS compared_with, earlier
  FROM places
  CROSS JOIN (VALUES (0), (10)) AS compared (earlier)
), pairs AS (
  SELECT
    p.principal,
    CASE WHEN p.first_request <= l.first_request THEN p.network ELSE l.network END AS network,
    CASE WHEN p.first_request <= l.first_request THEN p.source_ip ELSE l.source_ip END AS source_ip,
    CASE WHEN p.first_request <= l.first_request THEN p.vpc_endpoint ELSE l.vpc_endpoint END AS vpc_endpoint,
    CASE WHEN p.first_request <= l.first_request THEN p.user_agent ELSE l.user_agent END AS user_agent,
    CASE WHEN p.first_request <= l.first_request THEN l.network ELSE p.network END AS other_network,
    CASE WHEN p.first_request <= l.first_request THEN l.source_ip ELSE p.source_ip END AS other_source_ip,
    CASE WHEN p.first_request <= l.first_request THEN l.vpc_endpoint ELSE p.vpc_endpoint END AS other_vpc_endpoint,
    CASE WHEN p.first_request <= l.first_request THEN l.user_agent ELSE p.user_agent END AS other_user_agent,
    CASE WHEN p.first_request <= l.first_request THEN l.bytes_out ELSE p.bytes_out END AS bytes_out,
    least(p.first_request, l.first_request) AS first_request,
    greatest(p.last_request, l.last_request) AS last_request
  FROM places p
  JOIN later l ON l.principal = p.principal AND l.compared_with = p.ten_minutes
  WHERE l.network <> p.network
    -- Each pair in the same ten minutes once.
    AND (l.earlier = 10 OR p.network < l.network)
    AND l.first_request <= p.last_request + INTERVAL '10' MINUTE
    AND (
      NOT (p.known AND l.known) AND (p.kind = l.kind OR 'endpoint' IN (p.kind, l.kind))
      OR coalesce(p.agent, '') <> coalesce(l.agent, '')
    )
)
SELECT
  principal,
  min(source_ip) AS one_address,
  min(vpc_endpoint) AS vpc_endpoint,
  min(user_agent) AS user_agent,
  min(other_source_ip) AS other_address,
  min(other_vpc_endpoint) AS other_vpc_endpoint,
  min(other_user_agent) AS other_user_agent,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  count(*) AS times,
  min(first_request) AS first_request,
  max(last_request) AS last_request
FROM pairs
GROUP BY principal, network, other_network
ORDER BY first_request, principal, one_address, other_address, vpc_endpoint, other_vpc_endpoint, last_request

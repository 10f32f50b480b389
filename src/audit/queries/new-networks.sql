-- Who downloaded models from a new network outside the perimeter, as far back as the logs go?
WITH days AS (
  SELECT
    e.principal, e.vpc_endpoint, e.event_day,
    -- A network is a VPC endpoint, the first 16 bits of an IPv4 address, the first 32 bits of an IPv6 address, or the
    -- name of an AWS service.
    coalesce(
      e.vpc_endpoint,
      CASE
        WHEN strpos(e.source_ip_key, '00000000000000000000ffff') = 1 THEN substr(e.source_ip_key, 1, 28)
        ELSE substr(e.source_ip_key, 1, 8)
      END,
      e.source_ip
    ) AS network,
    n.first_key IS NOT NULL
      OR coalesce(strpos(',' || s.perimeter_vpc_endpoints || ',', ',' || e.vpc_endpoint || ',') > 0, false)
      -- The functions read manifests from the network of Lambda, without presigned URLs.
      OR (
        NOT e.presigned AND e.object_kind <> 'blob'
        AND coalesce(
          strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0,
          e.source_identity = e.session_name, false
        )
      ) AS known,
    sum(e.bytes_out) AS bytes_out,
    count(*) AS reads,
    count_if(e.bytes_out IS NULL) AS reads_of_unknown_size,
    min(e.source_ip) AS one_address,
    min(e.model) AS one_model,
    min(e.event_time) AS first_read,
    max(e.event_time) AS last_read
  FROM egress_events e
  CROSS JOIN audit_settings s
  LEFT JOIN (SELECT DISTINCT first_key, last_key FROM perimeter_networks) n
    ON e.source_ip_key BETWEEN n.first_key AND n.last_key
    -- The owner of a VPC chooses its addresses, so behind a VPC endpoint only the endpoint counts.
    AND e.vpc_endpoint IS NULL
  WHERE e.event_day BETWEEN least('', ?) AND ?
    AND e.egress
    AND e.object_kind <> 'log'
  GROUP BY 1, 2, 3, 4, 5
), compared AS (
  -- Window functions, so that the logs are read only once.
  SELECT *, min(event_day) OVER (PARTITION BY known, network) AS network_since, min(event_day) OVER () AS logs_since
  FROM days
)
SELECT
  principal,
  vpc_endpoint,
  min(one_address) AS one_address,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  CAST(sum(reads) AS bigint) AS reads,
  CAST(sum(reads_of_unknown_size) AS bigint) AS reads_of_unknown_size,
  min(one_model) AS one_model,
  min(first_read) AS first_read,
  max(last_read) AS last_read
FROM compared
WHERE event_day BETWEEN ? AND ?
  AND NOT known
  AND network_since BETWEEN ? AND ?
  -- At the beginning of the logs, every network would be new.
  AND logs_since < least(?, ?)
GROUP BY principal, network, vpc_endpoint
ORDER BY bytes_out DESC, principal, one_address, vpc_endpoint

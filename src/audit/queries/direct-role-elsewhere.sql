-- Which roles that read directly from S3 were used from a new network, or from two networks in one session?
-- A network is a VPC endpoint, the first 16 bits of an IPv4 address, the first 32 bits of an IPv6 address, or the name
-- of an AWS service. It is new if the role did not use it in the 30 days before.
WITH requests AS (
  SELECT
    e.principal, e.role_arn, e.access_key_id, e.vpc_endpoint, e.source_ip, e.event_day, e.event_time, e.bytes_out,
    e.model, e.egress,
    coalesce(
      e.vpc_endpoint,
      CASE
        WHEN strpos(e.source_ip_key, '00000000000000000000ffff') = 1 THEN substr(e.source_ip_key, 1, 28)
        ELSE substr(e.source_ip_key, 1, 8)
      END,
      e.source_ip
    ) AS network,
    -- A service that acts for the role calls from its own network.
    e.source_ip_key IS NULL AND e.vpc_endpoint IS NULL AS by_service
  FROM egress_events e
  CROSS JOIN audit_settings s
  WHERE e.event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '30' DAY AS date) AS varchar) AND ?
    AND e.object_kind <> 'log'
    AND strpos(',' || s.direct_role_arns || ',', ',' || e.role_arn || ',') > 0
), compared AS (
  SELECT
    *,
    min(event_day) OVER (PARTITION BY role_arn, network) AS network_since,
    min(event_day) OVER (PARTITION BY role_arn) AS role_since,
    min(CASE WHEN NOT by_service THEN network END) OVER (PARTITION BY access_key_id) AS one_network,
    max(CASE WHEN NOT by_service THEN network END) OVER (PARTITION BY access_key_id) AS other_network
  FROM requests
), new_networks AS (
  SELECT DISTINCT role_arn, network
  FROM compared
  WHERE network_since BETWEEN ? AND ?
    -- At the beginning of the logs, every network would be new.
    AND role_since < least(?, ?)
), reasons AS (
  SELECT
    c.*,
    CASE WHEN n.network IS NOT NULL THEN '; new network for the role' ELSE '' END
      || CASE
        WHEN NOT c.by_service AND c.access_key_id IS NOT NULL AND c.one_network <> c.other_network
          THEN '; one session in two networks'
        ELSE ''
      END AS why
  FROM compared c
  LEFT JOIN new_networks n ON n.role_arn = c.role_arn AND n.network = c.network
  WHERE c.event_day BETWEEN ? AND ?
)
SELECT
  principal,
  role_arn,
  substr(why, 3) AS reason,
  vpc_endpoint,
  min(source_ip) AS one_address,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  count_if(egress) AS reads,
  count_if(bytes_out IS NULL) AS reads_of_unknown_size,
  count(DISTINCT access_key_id) AS sessions,
  min(model) AS one_model,
  min(event_time) AS first_request,
  max(event_time) AS last_request
FROM reasons
WHERE why <> ''
GROUP BY principal, role_arn, network, vpc_endpoint, why
ORDER BY bytes_out DESC, principal, first_request, one_address, role_arn, reason

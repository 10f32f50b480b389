-- Who read models from a network outside of the perimeter that nobody had read from before, as far back as the logs go?
WITH asked AS (
  SELECT *, CAST(? AS varchar) AS first_day
  FROM egress_events
), reads AS (
  SELECT
    e.*,
    -- An endpoint is a network; of an address, the first 16 bits are, and the first 32 of an IPv6 one. AWS's services have names.
    coalesce(
      e.vpc_endpoint,
      CASE WHEN strpos(e.source_ip_key, '00000000000000000000ffff') = 1 THEN substr(e.source_ip_key, 1, 28) ELSE substr(e.source_ip_key, 1, 8) END,
      e.source_ip
    ) AS network
  FROM asked e
  CROSS JOIN audit_settings s
  LEFT JOIN perimeter_networks n ON e.source_ip_key BETWEEN n.first_key AND n.last_key
  WHERE e.event_day <= ?
    AND n.first_key IS NULL
    AND NOT coalesce(strpos(',' || s.perimeter_vpc_endpoints || ',', ',' || e.vpc_endpoint || ',') > 0, false)
    AND e.egress
    AND e.object_kind <> 'log'
    -- The sessions of the functions read manifests from Lambda's own network, header-signed.
    AND NOT (
      NOT e.presigned AND e.object_kind <> 'blob'
      AND coalesce(strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0, e.source_identity = e.session_name, false)
    )
), known AS (
  SELECT DISTINCT network
  FROM reads
  WHERE event_day < first_day
)
SELECT
  r.principal,
  r.vpc_endpoint,
  min(r.source_ip) AS one_address,
  count(DISTINCT r.source_ip) AS addresses,
  CAST(sum(r.bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(r.bytes_out IS NULL) AS reads_of_unknown_size,
  count(DISTINCT r.model) AS models,
  min(r.event_time) AS first_read,
  max(r.event_time) AS last_read
FROM reads r
LEFT JOIN known k ON k.network = r.network
WHERE r.event_day >= r.first_day
  AND k.network IS NULL
  -- Where the logs begin, every network is new.
  AND (SELECT count(*) FROM asked WHERE event_day < first_day AND egress AND object_kind <> 'log') > 0
GROUP BY r.principal, r.network, r.vpc_endpoint
ORDER BY bytes_out DESC, principal, one_address

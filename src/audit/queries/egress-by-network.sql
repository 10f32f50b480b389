-- From which addresses and VPC endpoints were models downloaded, and which are outside the perimeter?
WITH reads AS (
  SELECT
    e.*,
    coalesce(
      strpos(',' || s.perimeter_vpc_endpoints || ',', ',' || e.vpc_endpoint || ',') > 0, false
    ) AS through_endpoint,
    s.perimeter_vpc_endpoints IS NOT NULL OR (SELECT count(*) FROM perimeter_networks) > 0 AS has_perimeter
  FROM egress_events e
  CROSS JOIN audit_settings s
  WHERE e.event_day BETWEEN ? AND ?
    AND e.egress
    AND e.object_kind <> 'log'
), known_addresses AS (
  SELECT DISTINCT r.source_ip_key
  FROM reads r
  JOIN perimeter_networks n ON r.source_ip_key BETWEEN n.first_key AND n.last_key
), placed AS (
  SELECT
    r.*,
    -- Null if there is no perimeter.
    -- The owner of a VPC chooses its addresses, so behind a VPC endpoint only the endpoint counts.
    CASE
      WHEN r.has_perimeter THEN NOT r.through_endpoint AND (k.source_ip_key IS NULL OR r.vpc_endpoint IS NOT NULL)
    END AS outside_perimeter
  FROM reads r
  LEFT JOIN known_addresses k ON k.source_ip_key = r.source_ip_key
)
SELECT
  source_ip,
  vpc_endpoint,
  outside_perimeter,
  CAST(sum(CASE WHEN NOT is_bookkeeping THEN bytes_out ELSE 0 END) AS bigint) AS bytes_out,
  count_if(NOT is_bookkeeping) AS reads,
  count_if(bytes_out IS NULL) AS reads_of_unknown_size,
  CAST(sum(CASE WHEN is_bookkeeping THEN bytes_out ELSE 0 END) AS bigint) AS bookkeeping_bytes,
  count(DISTINCT principal) AS principals,
  min(principal) AS one_principal,
  min(event_time) AS first_read,
  max(event_time) AS last_read
FROM placed
GROUP BY source_ip, vpc_endpoint, outside_perimeter
ORDER BY outside_perimeter DESC, bytes_out DESC, source_ip, vpc_endpoint

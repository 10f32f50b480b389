-- Who downloaded models from outside the perimeter?
SELECT
  e.principal,
  e.source_ip,
  e.vpc_endpoint,
  CAST(sum(e.bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(e.bytes_out IS NULL) AS reads_of_unknown_size,
  count_if(e.presigned) AS reads_by_link,
  min(e.event_time) AS first_read,
  max(e.event_time) AS last_read
FROM egress_events e
CROSS JOIN audit_settings s
LEFT JOIN perimeter_networks n ON e.source_ip_key BETWEEN n.first_key AND n.last_key
  -- The owner of a VPC chooses its addresses, so behind a VPC endpoint only the endpoint counts.
  AND e.vpc_endpoint IS NULL
WHERE e.event_day BETWEEN ? AND ?
  AND e.egress
  AND e.object_kind <> 'log'
  AND n.first_key IS NULL
  AND NOT coalesce(strpos(',' || s.perimeter_vpc_endpoints || ',', ',' || e.vpc_endpoint || ',') > 0, false)
  -- No rows if there is no perimeter.
  AND (s.perimeter_vpc_endpoints IS NOT NULL OR (SELECT count(*) FROM perimeter_networks) > 0)
  -- The functions read manifests from the network of Lambda, without presigned URLs. Presigned URLs are used by
  -- callers.
  AND NOT (
    NOT e.presigned AND e.object_kind <> 'blob'
    AND coalesce(strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0, false)
  )
GROUP BY e.principal, e.source_ip, e.vpc_endpoint
ORDER BY bytes_out DESC, principal, source_ip, vpc_endpoint

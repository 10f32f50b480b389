-- Which presigned URLs were valid for longer than the store allows?
SELECT
  e.principal,
  e.principal_account,
  e.role_arn,
  e.link_signed_at,
  e.link_lifetime_seconds,
  e.action,
  e.model,
  e.object_key,
  CAST(sum(e.bytes_out) AS bigint) AS bytes_out,
  count(*) AS uses,
  count(DISTINCT e.source_ip) AS addresses,
  min(e.event_time) AS first_use,
  max(e.event_time) AS last_use
FROM egress_events e
CROSS JOIN audit_settings s
WHERE e.event_day BETWEEN ? AND ?
  AND e.presigned
  AND e.result = 'ok'
  AND e.object_kind <> 'log'
  AND e.link_lifetime_seconds > s.link_seconds
GROUP BY
  e.principal, e.principal_account, e.role_arn, e.link_signed_at, e.link_lifetime_seconds, e.action, e.model,
  e.object_key
ORDER BY
  bytes_out DESC, principal, first_use, object_key, action, link_signed_at, link_lifetime_seconds, principal_account,
  role_arn

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
  WINDOW same_link AS (
    PARTITION BY principal, access_key_id, action, bucket, object_key, link_signed_at
    ORDER BY event_time, event_id
  )
)
SELECT
  principal,
  expected_address AS asked_from,
  link_asked_from IS NOT NULL AS link_says_so,
  source_ip AS used_from,
  vpc_endpoint,
  action,
  model,
  object_key,
  link_signed_at,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  count(*) AS uses,
  min(event_time) AS first_use,
  max(event_time) AS last_use
FROM uses
WHERE source_ip_key <> expected_key
GROUP BY principal, expected_address, link_asked_from IS NOT NULL, source_ip, vpc_endpoint, action, model, object_key, link_signed_at
ORDER BY bytes_out DESC, principal, first_use, object_key

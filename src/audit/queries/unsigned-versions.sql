-- Which versions were published without a signature in a store that signs manifests?
WITH around AS (
  -- Window functions, so that the logs are read only once.
  SELECT
    *,
    count_if(object_kind = 'signature') OVER (PARTITION BY model, version) AS signatures,
    count_if(object_kind = 'signature') OVER () AS all_signatures
  FROM egress_events
  WHERE action = 'PutObject'
    AND result = 'ok'
    AND object_kind IN ('manifest', 'signature')
    AND event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar)
      AND CAST(CAST(CAST(? AS date) + INTERVAL '1' DAY AS date) AS varchar)
)
SELECT principal, model, version, role_arn, source_ip, event_time, request_id, event_id
FROM around
WHERE object_kind = 'manifest'
  AND event_day BETWEEN ? AND ?
  AND signatures = 0
  -- No rows if the store does not sign at all.
  AND all_signatures > 0
ORDER BY event_time, model, version, event_id

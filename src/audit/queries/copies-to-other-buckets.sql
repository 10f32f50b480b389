-- Who copied models, and where to?
SELECT
  event_time,
  principal,
  source_ip,
  action,
  model,
  object_key,
  destination,
  split_part(destination, '/', 1) <> bucket AS to_another_bucket,
  bytes_out,
  bytes_source,
  request_id,
  event_id
FROM egress_events
WHERE event_day BETWEEN ? AND ?
  AND action IN ('CopyObject', 'UploadPartCopy')
  AND result = 'ok'
  AND object_kind <> 'log'
ORDER BY event_time, event_id

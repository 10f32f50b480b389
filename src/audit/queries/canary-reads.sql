-- Who read or tried to read a canary model, which no one has a reason to read?
SELECT
  e.event_time,
  e.principal,
  e.principal_source,
  e.role_arn,
  e.source_ip,
  e.vpc_endpoint,
  e.action,
  e.model,
  e.object_key,
  e.destination,
  e.bytes_out,
  e.link_asked_from,
  e.result,
  e.error_code,
  e.request_id,
  e.event_id
FROM egress_events e
CROSS JOIN audit_settings s
WHERE e.event_day BETWEEN ? AND ?
  AND strpos(',' || s.canary_models || ',', ',' || e.model || ',') > 0
  -- Not the requests that publish the model.
  AND (
    e.action LIKE 'Get%' OR e.action LIKE 'Head%' OR e.action LIKE 'Select%'
    OR e.action IN ('CopyObject', 'UploadPartCopy')
  )
ORDER BY e.event_time, e.event_id

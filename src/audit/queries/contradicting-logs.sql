-- Which requests do the trail and the access logs describe differently?
-- Both describe the same request, so a difference means that one of them was changed.
WITH logged AS (
  SELECT
    l.request_id, l.operation, l.object_key, l.source_ip, l.source_ip_key, l.http_status,
    l.requester, nullif(regexp_extract(l.requester, ':assumed-role/(.+)$', 1), '') AS session,
    -- S3 writes "-" for 0 bytes.
    coalesce(l.bytes_sent, 0) AS bytes_sent,
    CASE
      WHEN l.operation = 'REST.GET.OBJECT' THEN 'GetObject'
      WHEN l.operation = 'REST.HEAD.OBJECT' THEN 'HeadObject'
      WHEN l.operation = 'REST.PUT.OBJECT' THEN 'PutObject'
      WHEN l.operation = 'REST.PUT.PART' THEN 'UploadPart'
      WHEN l.operation = 'REST.DELETE.OBJECT' THEN 'DeleteObject'
    END AS action
  FROM access_log_requests l
  -- The day of a request around midnight may differ: the trail is partitioned by delivery time.
  WHERE l.event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar)
    AND CAST(CAST(CAST(? AS date) + INTERVAL '1' DAY AS date) AS varchar)
), compared AS (
  SELECT
    e.event_time, e.request_id, e.action, e.principal, l.requester,
    e.bytes_out, l.bytes_sent, e.object_key, l.object_key AS logged_key, e.source_ip, l.source_ip AS logged_ip,
    e.result, l.http_status, e.event_id,
    coalesce(e.egress AND e.bytes_out <> l.bytes_sent, false) AS other_bytes,
    -- Access logs have encoded keys.
    coalesce(
      e.object_key <> l.object_key
      AND e.object_key <> coalesce(TRY(url_decode(replace(l.object_key, '+', '%2B'))), '')
      AND e.object_key <> coalesce(TRY(url_decode(TRY(url_decode(replace(l.object_key, '+', '%2B'))))), ''),
      false
    ) AS other_key,
    coalesce(e.source_ip_key <> l.source_ip_key, false) AS other_address,
    coalesce(
      nullif(regexp_extract(e.role_arn, '([^/]+)$', 1), '') || '/' || e.session_name <> l.session, false
    ) AS other_caller,
    coalesce((e.result = 'ok') <> (l.http_status < 400), false) AS other_result
  FROM egress_events e
  JOIN logged l ON l.request_id = e.request_id AND l.action = e.action
  WHERE e.event_day BETWEEN ? AND ?
)
SELECT
  event_time,
  request_id,
  action,
  substr(
    CASE WHEN other_caller THEN ', caller' ELSE '' END || CASE WHEN other_address THEN ', address' ELSE '' END
    || CASE WHEN other_key THEN ', key' ELSE '' END || CASE WHEN other_bytes THEN ', bytes' ELSE '' END
    || CASE WHEN other_result THEN ', result' ELSE '' END,
    3
  ) AS differs_in,
  principal,
  requester,
  bytes_out,
  bytes_sent,
  object_key,
  logged_key,
  source_ip,
  logged_ip,
  result,
  http_status,
  event_id
FROM compared
WHERE other_bytes OR other_key OR other_address OR other_caller OR other_result
ORDER BY event_time, request_id, event_id, requester, bytes_sent, logged_key

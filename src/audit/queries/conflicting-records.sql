-- Which records of the trail have the same ID, but different content?
-- CloudTrail delivers duplicates, but never two different records with one ID. So one of them was changed, or a tool
-- corrupted the IDs. All of them are counted.
WITH several AS (
  SELECT event_id
  FROM trail_events
  WHERE event_day BETWEEN ? AND ?
    AND event_id IS NOT NULL
  GROUP BY event_id
  HAVING count(*) > 1
), records AS (
  SELECT
    t.event_id, t.event_time, t.principal, t.source_ip, t.event_source, t.action, t.request_bucket, t.request_key,
    t.result, t.request_id, t.additional_event_data,
    coalesce(t.principal, '') || ' ' || coalesce(t.access_key_id, '') || ' ' || coalesce(t.source_ip, '') || ' '
      || coalesce(t.user_agent, '') || ' ' || t.event_source || ' ' || coalesce(t.action, '') || ' '
      || coalesce(CAST(t.event_time AS varchar), '') || ' ' || coalesce(t.error_code, '') || ' '
      || coalesce(t.request_parameters, '') || ' ' || coalesce(t.response_elements, '') || ' '
      || coalesce(t.additional_event_data, '') AS content
  FROM trail_events t
  JOIN several s ON s.event_id = t.event_id
  WHERE t.event_day BETWEEN ? AND ?
), compared AS (
  -- A duplicate may have been delivered on another day.
  SELECT
    *,
    min(content) OVER (PARTITION BY event_id) <> max(content) OVER (PARTITION BY event_id) AS differs
  FROM records
)
SELECT
  event_id,
  event_time,
  principal,
  source_ip,
  event_source,
  action,
  request_bucket AS bucket,
  request_key AS object_key,
  TRY_CAST(TRY_CAST(
    regexp_extract(additional_event_data, '"bytesTransferredOut": ?"?([0-9][0-9.eE+]*)', 1) AS double
  ) AS bigint) AS bytes_out,
  result,
  request_id
FROM compared
WHERE differs
ORDER BY event_id, event_time, principal, object_key, bytes_out

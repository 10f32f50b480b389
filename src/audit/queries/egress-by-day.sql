-- How many bytes of model files did each principal download each day?
SELECT
  event_day,
  principal,
  CAST(sum(CASE WHEN NOT is_bookkeeping THEN bytes_out ELSE 0 END) AS bigint) AS bytes_out,
  count_if(NOT is_bookkeeping) AS reads,
  count_if(bytes_out IS NULL) AS reads_of_unknown_size,
  CAST(sum(CASE WHEN is_bookkeeping THEN bytes_out ELSE 0 END) AS bigint) AS bookkeeping_bytes
FROM egress_events
WHERE event_day BETWEEN ? AND ?
  AND egress
  AND object_kind <> 'log'
GROUP BY event_day, principal
ORDER BY event_day, bytes_out DESC, principal

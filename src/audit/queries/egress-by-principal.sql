-- How many bytes of model files did each principal download?
SELECT
  principal,
  CAST(sum(CASE WHEN NOT is_bookkeeping THEN bytes_out ELSE 0 END) AS bigint) AS bytes_out,
  count_if(NOT is_bookkeeping) AS reads,
  count_if(bytes_out IS NULL) AS reads_of_unknown_size,
  count_if(principal_source = 'unchecked') AS unchecked_reads,
  count(DISTINCT model) AS models,
  count(DISTINCT source_ip) AS addresses,
  count_if(presigned) AS reads_by_link,
  count_if(is_bookkeeping) AS bookkeeping_reads,
  CAST(sum(CASE WHEN is_bookkeeping THEN bytes_out ELSE 0 END) AS bigint) AS bookkeeping_bytes,
  min(event_time) AS first_read,
  max(event_time) AS last_read
FROM egress_events
WHERE event_day BETWEEN ? AND ?
  AND egress
  AND object_kind <> 'log'
GROUP BY principal
ORDER BY bytes_out DESC, principal

-- How many bytes of models did each principal download per day?
SELECT
  event_day,
  principal,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(bytes_out IS NULL) AS reads_of_unknown_size
FROM egress_events
WHERE event_day BETWEEN ? AND ?
  AND egress
  AND object_kind <> 'log'
GROUP BY event_day, principal
ORDER BY event_day, bytes_out DESC, principal

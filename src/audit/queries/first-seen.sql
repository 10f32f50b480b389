-- Who read models for the first time, as far back as the logs go?
SELECT
  principal,
  min(event_time) AS first_read,
  min_by(source_ip, event_time) AS first_address,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(bytes_out IS NULL) AS reads_of_unknown_size,
  count(DISTINCT model) AS models
FROM (
  SELECT *, CAST(? AS varchar) AS first_day
  FROM egress_events
) AS asked
WHERE event_day <= ?
  AND egress
  AND object_kind <> 'log'
GROUP BY principal, first_day
HAVING min(event_day) >= first_day
ORDER BY first_read, principal

-- Who downloaded models for the first time, as far back as the logs go?
WITH readers AS (
  SELECT
    principal,
    min(event_day) AS since,
    min(event_time) AS first_read,
    min_by(source_ip, event_time) AS first_address,
    CAST(sum(bytes_out) AS bigint) AS bytes_out,
    count(*) AS reads,
    count_if(bytes_out IS NULL) AS reads_of_unknown_size,
    count(DISTINCT model) AS models
  FROM egress_events
  WHERE event_day BETWEEN least('', ?) AND ?
    AND egress
    AND object_kind <> 'log'
  GROUP BY principal
)
SELECT principal, first_read, first_address, bytes_out, reads, reads_of_unknown_size, models
FROM readers
WHERE since BETWEEN ? AND ?
ORDER BY first_read, principal

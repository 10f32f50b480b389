-- Which days do the logs cover, and with how many records?
WITH witnesses AS (
  SELECT
    event_day, event_time, coalesce(event_category, 'Data') AS kind,
    coalesce(event_source = 'lambda.amazonaws.com' AND action LIKE 'Invoke%', false) AS is_invocation
  FROM trail_events
  UNION ALL
  SELECT event_day, event_time, 'access log' AS kind, false AS is_invocation
  FROM access_log_requests
)
SELECT
  event_day,
  count_if(kind <> 'access log') AS trail_records,
  count_if(kind = 'Data') AS data_events,
  count_if(kind = 'Management') AS management_events,
  count_if(is_invocation) AS invocations,
  count_if(kind = 'access log') AS access_log_lines,
  min(event_time) AS first_event,
  max(event_time) AS last_event
FROM witnesses
WHERE event_day BETWEEN ? AND ?
GROUP BY event_day
ORDER BY event_day

-- Who downloaded large volumes at night or on a day off?
WITH local_reads AS (
  SELECT
    e.*,
    e.event_time + INTERVAL '1' MINUTE * s.utc_offset_minutes AS local_time,
    s.business_days, s.business_start_hour, s.business_end_hour, s.bulk_egress_bytes
  FROM habitual_reads e
  CROSS JOIN audit_settings s
  WHERE e.event_day BETWEEN ? AND ?
), off_hours AS (
  SELECT
    *,
    -- The hours before business hours belong to the night that began on the day before.
    CAST(CASE
      WHEN extract(HOUR FROM local_time) < business_start_hour THEN local_time - INTERVAL '1' DAY
      ELSE local_time
    END AS date) AS night_of
  FROM local_reads
  WHERE extract(HOUR FROM local_time) < business_start_hour
    OR extract(HOUR FROM local_time) >= business_end_hour
    OR strpos(business_days, CAST(extract(DOW FROM local_time) % 7 AS varchar)) = 0
)
SELECT
  principal,
  CAST(night_of AS varchar) AS night_of,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  count(*) AS reads,
  count_if(bytes_out IS NULL) AS reads_of_unknown_size,
  count(DISTINCT model) AS models,
  count(DISTINCT source_ip) AS addresses,
  min(event_time) AS first_read,
  max(event_time) AS last_read
FROM off_hours
GROUP BY principal, night_of, bulk_egress_bytes
HAVING sum(bytes_out) >= bulk_egress_bytes
ORDER BY bytes_out DESC, principal, night_of

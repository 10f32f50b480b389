-- Which alias moves are worth a look, as far back as the logs go?
-- By a principal that had not moved an alias before, outside business hours, to a version published minutes before or
-- by the same principal, or back to an older version. All other moves are in `custody`.
WITH requests AS (
  SELECT
    event_time, event_day, principal, principal_source, source_ip, access_key_id, object_kind, action, model, version,
    alias, request_id, event_id
  FROM egress_events
  WHERE event_day BETWEEN least('', ?) AND ?
    AND object_kind IN ('alias', 'manifest')
    AND action IN ('GetObject', 'PutObject')
    AND result = 'ok'
), earlier AS (
  -- At the beginning of the logs, every principal would be new.
  SELECT count(*) AS requests
  FROM requests
  WHERE event_day < least(?, ?)
), published AS (
  SELECT model, version, min(event_time) AS published_at, min_by(principal, event_time) AS published_by
  FROM requests
  WHERE object_kind = 'manifest' AND action = 'PutObject'
  GROUP BY model, version
), meant AS (
  -- The function reads the manifest of the new version in the session in which it moves the alias.
  SELECT
    r.event_time, r.event_day, r.principal, r.principal_source, r.source_ip, r.model, r.alias,
    r.request_id, r.event_id,
    CASE WHEN min(m.version) = max(m.version) THEN min(m.version) END AS version
  FROM requests r
  LEFT JOIN requests m ON m.access_key_id = r.access_key_id AND m.model = r.model
    AND m.object_kind = 'manifest' AND m.action = 'GetObject'
    AND m.event_time BETWEEN r.event_time - INTERVAL '5' SECOND AND r.event_time + INTERVAL '1' SECOND
  WHERE r.object_kind = 'alias' AND r.action = 'PutObject'
  GROUP BY
    r.event_time, r.event_day, r.principal, r.principal_source, r.source_ip, r.model, r.alias,
    r.request_id, r.event_id
), ordered AS (
  SELECT
    m.*, p.published_at, p.published_by,
    lag(m.version) OVER (PARTITION BY m.model, m.alias ORDER BY m.event_time, m.event_id) AS previous_version,
    lag(p.published_at) OVER (PARTITION BY m.model, m.alias ORDER BY m.event_time, m.event_id) AS previous_published_at,
    row_number() OVER (PARTITION BY m.principal ORDER BY m.event_time, m.event_id) AS place,
    row_number() OVER (PARTITION BY m.model, m.alias, m.version ORDER BY m.event_time, m.event_id) AS place_of_version
  FROM meant m
  LEFT JOIN published p ON p.model = m.model AND p.version = m.version
), judged AS (
  SELECT
    o.*,
    o.event_time + INTERVAL '1' MINUTE * s.utc_offset_minutes AS local_time,
    o.place = 1 AND e.requests > 0 AS is_first,
    s.business_days, s.business_start_hour, s.business_end_hour
  FROM ordered o
  CROSS JOIN earlier e
  CROSS JOIN audit_settings s
  WHERE o.event_day BETWEEN ? AND ?
), reasons AS (
  SELECT
    *,
    CASE WHEN is_first THEN '; first move by this principal' ELSE '' END
      || CASE
        WHEN extract(HOUR FROM local_time) < business_start_hour OR extract(HOUR FROM local_time) >= business_end_hour
          OR strpos(business_days, CAST(extract(DOW FROM local_time) % 7 AS varchar)) = 0
          THEN '; outside business hours'
        ELSE ''
      END
      || CASE
        WHEN event_time BETWEEN published_at AND published_at + INTERVAL '15' MINUTE
          THEN '; published less than 15 minutes before'
        ELSE ''
      END
      || CASE WHEN published_by = principal THEN '; published by the same principal' ELSE '' END
      || CASE
        WHEN version <> previous_version AND (
          place_of_version > 1 OR published_at < previous_published_at
          -- Published before the logs begin, unlike the previous one.
          OR (published_at IS NULL AND previous_published_at IS NOT NULL)
        ) THEN '; back to an older version'
        ELSE ''
      END AS why
  FROM judged
)
SELECT
  event_time, model, alias, version, previous_version, principal, principal_source, source_ip,
  substr(why, 3) AS reason,
  published_at, published_by, request_id, event_id
FROM reasons
WHERE why <> ''
ORDER BY event_time, event_id

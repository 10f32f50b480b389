-- Which alias moves are unusual, as far back as the logs go?
-- By a principal that had not moved an alias before, outside business hours, to a version published minutes before or
-- by the same principal, or back to an older version. All other moves are in `custody`.
WITH requests AS (
  -- Window functions, so that the logs are read only once.
  SELECT
    event_time, event_day, principal, principal_source, source_ip, model, alias, request_id, event_id,
    object_kind = 'alias' AND action = 'PutObject' AS is_move,
    object_kind = 'manifest' AND action = 'PutObject' AS is_publication,
    min(event_day) OVER () AS logs_since,
    -- The function reads the manifest of the new version in the session in which it moves the alias.
    CASE
      WHEN object_kind = 'manifest' THEN version
      WHEN access_key_id IS NOT NULL AND min(read_version) OVER in_session = max(read_version) OVER in_session
        THEN min(read_version) OVER in_session
    END AS version
  FROM (
    SELECT *, CASE WHEN object_kind = 'manifest' AND action = 'GetObject' THEN version END AS read_version
    FROM egress_events
    WHERE event_day BETWEEN least('', ?) AND ?
      AND object_kind IN ('alias', 'manifest')
      AND action IN ('GetObject', 'PutObject')
      AND result = 'ok'
  ) AS of_aliases
  WINDOW in_session AS (PARTITION BY access_key_id, model)
), published AS (
  SELECT
    *,
    min(CASE WHEN is_publication THEN event_time END) OVER (PARTITION BY model, version) AS published_at,
    min_by(
      CASE WHEN is_publication THEN principal END, CASE WHEN is_publication THEN event_time END
    ) OVER (PARTITION BY model, version) AS published_by
  FROM requests
), ordered AS (
  SELECT
    *,
    -- Removals have no version. A move is compared with the last one that has, so that removing the alias in between does
    -- not hide a move back.
    CASE
      WHEN version IS NULL THEN lag(version) OVER (PARTITION BY model, alias ORDER BY event_time, event_id)
      ELSE lag(version) OVER (PARTITION BY model, alias, version IS NULL ORDER BY event_time, event_id)
    END AS previous_version,
    lag(published_at) OVER (
      PARTITION BY model, alias, version IS NULL ORDER BY event_time, event_id
    ) AS previous_published_at,
    row_number() OVER (PARTITION BY principal ORDER BY event_time, event_id) AS place,
    row_number() OVER (PARTITION BY model, alias, version ORDER BY event_time, event_id) AS place_of_version
  FROM published
  WHERE is_move
), judged AS (
  SELECT
    o.*,
    o.event_time + INTERVAL '1' MINUTE * s.utc_offset_minutes AS local_time,
    -- In the first week of the logs, every principal would be new.
    o.place = 1 AND CAST(o.event_day AS date) >= CAST(o.logs_since AS date) + INTERVAL '7' DAY AS is_first,
    s.business_days, s.business_start_hour, s.business_end_hour
  FROM ordered o
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

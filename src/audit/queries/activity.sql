-- Who did what, in chronological order?
-- `model-store audit person`, `address` and `file` limit it to a principal, an address or a file. Requests on the
-- same day that differ only in time and bytes are one row. Requests for objects in other buckets are not included.
WITH events AS (
  SELECT
    event_day, event_time, principal, session_name, source_identity, source_ip, source_ip_key, link_asked_from_key,
    vpc_endpoint, user_agent, event_source, action, coalesce(object_key, bucket) AS resource, model, version, digest,
    object_kind, result, error_code, bytes_out, egress AND bytes_out IS NULL AS is_of_unknown_size
  FROM egress_events
  WHERE event_day BETWEEN ? AND ?
  UNION ALL
  SELECT
    event_day, event_time, principal, session_name, source_identity, source_ip, source_ip_key,
    CAST(NULL AS varchar) AS link_asked_from_key, vpc_endpoint, user_agent, event_source, action,
    coalesce(
      resource, request_bucket || coalesce('/' || request_key, ''),
      nullif(regexp_extract(request_parameters, '"roleArn": ?"([^"]+)"', 1), '')
    ) AS resource,
    CAST(NULL AS varchar) AS model, CAST(NULL AS varchar) AS version, CAST(NULL AS varchar) AS digest,
    CAST(NULL AS varchar) AS object_kind, result, error_code, CAST(0 AS bigint) AS bytes_out,
    false AS is_of_unknown_size
  FROM trail_events
  WHERE event_day BETWEEN ? AND ?
    -- Egress events have the requests for objects, and NetworkActivity events would duplicate them.
    AND NOT coalesce(event_source = 's3.amazonaws.com' AND event_category = 'Data', false)
    AND event_category <> 'NetworkActivity'
), asked AS (
  SELECT e.*
  FROM events e
  CROSS JOIN audit_settings s
  WHERE (
      s.activity_principal IS NULL
      -- The whole name, the name of the session, or what comes before "@" in it.
      OR coalesce(lower(s.activity_principal) IN (
        lower(e.principal), lower(substr(e.principal, strpos(e.principal, '=') + 1)),
        lower(split_part(substr(e.principal, strpos(e.principal, '=') + 1), '@', 1)),
        lower(regexp_extract(e.principal, '[^/:]+\z'))
      ), false)
      -- What another principal did in this name is shown as well, with that principal.
      OR coalesce(lower(s.activity_principal) IN (
        lower(e.source_identity), lower(substr(e.source_identity, strpos(e.source_identity, '=') + 1))
      ), false)
      OR coalesce(lower(s.activity_principal) IN (
        lower(e.session_name), lower(substr(e.session_name, strpos(e.session_name, '=') + 1)),
        lower(split_part(substr(e.session_name, strpos(e.session_name, '=') + 1), '@', 1))
      ), false)
    )
    AND (
      s.activity_first_address IS NULL
      OR coalesce(e.source_ip_key BETWEEN s.activity_first_address AND s.activity_last_address, false)
      -- A presigned URL that was requested from the address, and used from any.
      OR coalesce(e.link_asked_from_key BETWEEN s.activity_first_address AND s.activity_last_address, false)
    )
    AND (s.custody_model IS NULL OR coalesce(e.model = s.custody_model, false))
    AND (
      s.activity_digest IS NULL
      OR coalesce(e.digest = s.activity_digest, false)
      OR coalesce(e.object_kind IN ('manifest', 'signature') AND e.version = s.custody_version, false)
    )
)
SELECT
  min(event_time) AS first_event,
  max(event_time) AS last_event,
  principal,
  source_ip,
  vpc_endpoint,
  event_source,
  action,
  resource,
  model,
  result,
  error_code,
  count(*) AS requests,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  count_if(is_of_unknown_size) AS reads_of_unknown_size,
  min(session_name) AS session_name,
  min(user_agent) AS one_user_agent
FROM asked
GROUP BY
  event_day, principal, source_ip, vpc_endpoint, event_source, action, resource, model, result, error_code
ORDER BY
  first_event, last_event, principal, event_source, action, resource, result, error_code, source_ip, vpc_endpoint

-- Whose requests to the store, its keys, functions and roles were denied, and why?
-- Requests that S3 rejected before it identified the caller are only in the access logs.
WITH names AS (
  -- Names that occur in the request or in the error message: buckets, roles, keys, functions and other resources.
  SELECT DISTINCT nullif(regexp_extract(name, '([^/:]+)\z', 1), '') AS name
  FROM audit_settings s
  CROSS JOIN UNNEST(split(
    concat_ws(
      ',', s.artifact_bucket, s.log_buckets, s.session_role_arns, s.function_role_arns, s.caller_role_arns,
      s.auditor_role_arns, s.direct_role_arns, s.watched_resources
    ),
    ','
  )) AS listed (name)
), trail_denials AS (
  SELECT
    t.event_day, t.event_time, t.principal, t.principal_account, t.source_ip, t.event_source, t.action, t.error_code,
    -- IAM says which policy denied the request.
    nullif(regexp_extract(t.error_message, '(because .*|with an explicit deny.*)', 1), '') AS denied_by,
    coalesce(t.request_bucket, t.resource) AS resource,
    t.request_key, t.request_id,
    coalesce(t.request_parameters, '') || ' ' || coalesce(t.error_message, '') AS mentioned,
    s.artifact_bucket IS NULL OR (
      t.event_source IN ('s3.amazonaws.com', 'kms.amazonaws.com', 'lambda.amazonaws.com', 'sts.amazonaws.com')
      -- CloudTrail omits the parameters of large requests. One that does not say what it is about is shown.
      AND (t.request_parameters IS NULL OR strpos(t.request_parameters, '"omitted"') > 0)
    ) AS shown
  FROM trail_events t
  CROSS JOIN audit_settings s
  WHERE t.event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar)
    AND CAST(CAST(CAST(? AS date) + INTERVAL '1' DAY AS date) AS varchar)
    AND t.result = 'denied'
), about_store AS (
  SELECT DISTINCT d.mentioned
  FROM trail_denials d
  JOIN names n ON strpos(d.mentioned, n.name) > 0
), denials AS (
  SELECT
    'trail' AS recorded_in, d.event_day, d.event_time, d.principal, d.principal_account, d.source_ip, d.event_source,
    d.action, d.error_code, d.denied_by, d.resource, d.request_key AS object_key, 1 AS requests
  FROM trail_denials d
  LEFT JOIN about_store a ON a.mentioned = d.mentioned
  WHERE d.shown OR a.mentioned IS NOT NULL
  UNION ALL
  SELECT
    'access logs' AS recorded_in, l.event_day, l.event_time,
    coalesce(l.requester, 'unknown (not a person)') AS principal, CAST(NULL AS varchar) AS principal_account,
    l.source_ip, 's3.amazonaws.com' AS event_source, l.operation AS action, l.error_code,
    CAST(NULL AS varchar) AS denied_by, l.bucket AS resource, l.object_key,
    -- A line may be delivered more than once. Without a request ID, equal lines may be several requests.
    CASE WHEN l.request_id IS NULL THEN count(*) ELSE 1 END AS requests
  FROM access_log_requests l
  LEFT JOIN (SELECT DISTINCT request_id FROM trail_denials) d ON d.request_id = l.request_id
  CROSS JOIN audit_settings s
  WHERE l.http_status IN (401, 403)
    AND (s.artifact_bucket IS NULL OR l.bucket IS NULL OR l.bucket = s.artifact_bucket)
    -- An archived object, which nobody was denied.
    AND coalesce(l.error_code, '') <> 'InvalidObjectState'
    AND d.request_id IS NULL
  GROUP BY
    l.request_id, l.event_day, l.event_time, l.requester, l.source_ip, l.operation, l.error_code, l.bucket, l.object_key,
    l.version_id
)
SELECT
  recorded_in,
  principal,
  principal_account,
  event_source,
  action,
  resource,
  error_code,
  denied_by,
  CAST(sum(requests) AS bigint) AS denied,
  count(DISTINCT object_key) AS objects,
  min(object_key) AS one_object,
  count(DISTINCT source_ip) AS addresses,
  min(source_ip) AS one_address,
  min(event_time) AS first_denied,
  max(event_time) AS last_denied
FROM denials
WHERE event_day BETWEEN ? AND ?
GROUP BY recorded_in, principal, principal_account, event_source, action, resource, error_code, denied_by
ORDER BY
  denied DESC, principal, first_denied, action, resource, error_code, denied_by, recorded_in, event_source,
  principal_account

-- Who requested presigned URLs for files of a model, and used none of them?
-- The trail does not record each URL. It records the session that the download function opens to sign a page of URLs,
-- with a policy that names their keys. A day is listed if the caller read no file of the model with a presigned URL.
WITH signing AS (
  SELECT
    t.event_day, t.event_time,
    nullif(regexp_extract(t.request_parameters, '"roleSessionName": ?"([^"]+)"', 1), '') AS caller,
    nullif(regexp_extract(t.request_parameters, '/models/([^/*"\\]+)/blobs/sha256/', 1), '') AS model
  FROM trail_events t
  CROSS JOIN audit_settings s
  WHERE t.event_day BETWEEN ? AND ?
    AND t.event_source = 'sts.amazonaws.com'
    AND t.action = 'AssumeRole'
    AND t.result = 'ok'
    AND (s.function_role_arns IS NULL
      OR strpos(',' || s.function_role_arns || ',', ',' || t.role_arn || ',') > 0)
    -- Sessions of the upload function may write files.
    AND strpos(t.request_parameters, 's3:GetObject') > 0
    AND strpos(t.request_parameters, 's3:PutObject') = 0
), uses AS (
  -- A URL may be used until after midnight, also if S3 denies the request.
  SELECT DISTINCT
    session_name AS caller, model,
    CAST(CAST(TRY_CAST(event_day AS date) - days_earlier * INTERVAL '1' DAY AS date) AS varchar) AS for_day
  FROM egress_events
  CROSS JOIN (VALUES (0), (1)) AS earlier (days_earlier)
  WHERE event_day BETWEEN ? AND CAST(CAST(CAST(? AS date) + INTERVAL '1' DAY AS date) AS varchar)
    AND presigned
    AND object_kind = 'blob'
)
SELECT
  g.caller AS principal,
  g.model,
  g.event_day,
  count(*) AS sessions,
  min(g.event_time) AS first_opened,
  max(g.event_time) AS last_opened
FROM signing g
LEFT JOIN uses u ON u.caller = g.caller AND u.model = g.model AND u.for_day = g.event_day
WHERE g.model IS NOT NULL
  AND u.caller IS NULL
GROUP BY g.caller, g.model, g.event_day
ORDER BY first_opened, principal, model

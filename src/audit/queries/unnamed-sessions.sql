-- Which sessions that used models have a name that says nothing of who opened them?
-- Names that an AWS SDK makes up, and those of instances and tasks. Who opened them takes a trail that records management events that
-- read something too.
WITH callers AS (
  SELECT
    e.event_day, e.event_time, e.principal, e.source_ip, e.model, e.egress, e.bytes_out,
    -- The store names its own sessions <role>=<session of the caller>, shortened where that is too long.
    CASE
      WHEN e.source_identity IS NULL THEN nullif(regexp_extract(e.role_arn, '([^/]+)$', 1), '')
      ELSE nullif(regexp_extract(e.source_identity, '^([^=]+)=(.+)$', 1), '')
    END AS role_name,
    CASE
      WHEN e.source_identity IS NULL THEN e.session_name
      ELSE nullif(regexp_replace(regexp_extract(e.source_identity, '^([^=]+)=(.+)$', 2), '\+[0-9a-f]{16}$', ''), '')
    END AS unnamed_session
  FROM egress_events e
  CROSS JOIN audit_settings s
  WHERE e.event_day BETWEEN ? AND ?
    AND e.object_kind <> 'log'
    -- The role of a job that is meant to read by itself says enough.
    AND NOT coalesce(strpos(',' || s.direct_role_arns || ',', ',' || e.role_arn || ',') > 0, false)
), unnamed AS (
  SELECT *
  FROM callers
  WHERE unnamed_session = regexp_extract(
    unnamed_session,
    '^(botocore-session-.*|AWS-CLI-session-.*|AWSCLI-Session.*|aws-sdk-js-.*|aws-go-sdk-.*|aws-sdk-java-.*|aws-sdk-kotlin-.*|aws-sdk-php-.*'
    || '|aws-dotnet-sdk-session-.*|assume-role-from-profile-.*|assume-role-provider-.*|web-identity-token-.*|aws-common-runtime-profile-config.*'
    || '|default_session|1[0-9]{18}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|i-[0-9a-f]{8,17}|[0-9a-f]{32})$', 1
  )
), openings AS (
  -- Sessions outlast midnight.
  SELECT
    nullif(regexp_extract(request_parameters, '"roleSessionName": ?"([^"]+)"', 1), '') AS session_name,
    nullif(regexp_extract(request_parameters, '"roleArn": ?"[^"]*/([^"/]+)"', 1), '') AS role_name,
    principal,
    source_ip,
    event_time
  FROM trail_events
  WHERE event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '1' DAY AS date) AS varchar) AND ?
    AND event_source = 'sts.amazonaws.com'
    AND action IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
    AND result = 'ok'
), sessions AS (
  SELECT
    role_name,
    unnamed_session AS session_name,
    min(principal) AS principal,
    count(*) AS requests,
    count_if(egress) AS reads,
    CAST(sum(bytes_out) AS bigint) AS bytes_out,
    count_if(bytes_out IS NULL) AS reads_of_unknown_size,
    count(DISTINCT model) AS models,
    min(model) AS one_model,
    min(source_ip) AS one_address,
    min(event_time) AS first_request,
    max(event_time) AS last_request
  FROM unnamed
  GROUP BY role_name, unnamed_session
)
SELECT
  u.role_name,
  u.session_name,
  u.principal,
  min_by(o.principal, o.event_time) AS opened_by,
  min_by(o.source_ip, o.event_time) AS opened_from,
  min(o.event_time) AS opened_at,
  u.requests,
  u.reads,
  u.bytes_out,
  u.reads_of_unknown_size,
  u.models,
  u.one_model,
  u.one_address,
  u.first_request,
  u.last_request
FROM sessions u
LEFT JOIN openings o
  ON strpos(o.session_name, u.session_name) = 1
  AND strpos(o.role_name, u.role_name) = 1
  AND o.event_time <= u.last_request
GROUP BY
  u.role_name, u.session_name, u.principal, u.requests, u.reads, u.bytes_out, u.reads_of_unknown_size, u.models, u.one_model, u.one_address,
  u.first_request, u.last_request
ORDER BY u.bytes_out DESC, u.role_name, u.session_name

-- Who used a client that is new to them, or a tool that is often used to copy or steal data?
-- A client is the product and operating system in the user agent, so that a new version is not a new client. Callers
-- choose their user agents: an attacker can imitate any client.
WITH requests AS (
  -- Grouped before the user agents are parsed, because there are few of them.
  SELECT
    e.principal, e.user_agent, e.event_day,
    coalesce(strpos(',' || s.direct_role_arns || ',', ',' || e.role_arn || ',') > 0, false) AS by_direct_role,
    sum(e.bytes_out) AS bytes_out,
    count(*) AS requests,
    count_if(e.bytes_out IS NULL) AS reads_of_unknown_size,
    min(e.model) AS one_model,
    min(e.source_ip) AS one_address,
    min(e.event_time) AS first_request,
    max(e.event_time) AS last_request
  FROM egress_events e
  CROSS JOIN audit_settings s
  WHERE e.event_day BETWEEN CAST(CAST(CAST(? AS date) - INTERVAL '28' DAY AS date) AS varchar) AND ?
    AND e.user_agent IS NOT NULL
    -- AWS services, which act for a principal, and the functions of the store have user agents of their own.
    AND (e.source_ip_key IS NOT NULL OR e.vpc_endpoint IS NOT NULL)
    AND NOT (
      NOT e.presigned
      AND coalesce(
        strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0, e.source_identity = e.session_name,
        false
      )
    )
  GROUP BY
    e.principal, e.user_agent, e.event_day,
    coalesce(strpos(',' || s.direct_role_arns || ',', ',' || e.role_arn || ',') > 0, false)
), agents AS (
  SELECT *, lower(user_agent) AS agent
  FROM requests
), clients AS (
  SELECT
    *,
    coalesce(
      nullif(regexp_extract(agent, '^[^a-z]*([a-z][a-z0-9_-]*(?: [a-z][a-z_-]*)*)', 1), ''), agent
    ) || CASE
      WHEN strpos(agent, 'windows') > 0 OR strpos(agent, 'win32') > 0 THEN ' on windows'
      WHEN strpos(agent, 'darwin') > 0 OR strpos(agent, 'macos') > 0 OR strpos(agent, 'mac os') > 0 THEN ' on macos'
      WHEN strpos(agent, 'linux') > 0 THEN ' on linux'
      ELSE ''
    END AS client,
    coalesce(
      nullif(regexp_extract(
        agent,
        '(?:^|[^a-z])(trufflehog|pacu|kali|parrot|blackarch|scoutsuite|cloudfox|enumerate-iam|s3scanner'
        || '|stratus-red-team)(?:[^a-z]|\z)',
        1
      ), ''),
      -- Batch jobs may copy models with these.
      CASE
        WHEN by_direct_role THEN NULL
        ELSE nullif(regexp_extract(
          agent,
          '(?:^|[^a-z])(s3 browser|s5cmd|rclone|cyberduck|mountain duck|winscp|filezilla|cloudberry|msp360|expandrive'
          || '|minio|s3fs|goofys)(?:[^a-z]|\z)',
          1
        ), '')
      END
    ) AS tool
  FROM agents
), compared AS (
  SELECT
    *,
    min(event_day) OVER (PARTITION BY principal, client) AS client_since,
    min(event_day) OVER (PARTITION BY principal) AS principal_since
  FROM clients
)
SELECT
  principal,
  client,
  tool,
  CASE
    WHEN tool IS NULL THEN 'new client'
    WHEN client_since > principal_since THEN 'known tool; new client'
    ELSE 'known tool'
  END AS reason,
  min(user_agent) AS user_agent,
  CAST(sum(bytes_out) AS bigint) AS bytes_out,
  CAST(sum(requests) AS bigint) AS requests,
  CAST(sum(reads_of_unknown_size) AS bigint) AS reads_of_unknown_size,
  min(one_model) AS one_model,
  min(one_address) AS one_address,
  min(first_request) AS first_request,
  max(last_request) AS last_request
FROM compared
WHERE event_day BETWEEN ? AND ?
  AND (tool IS NOT NULL OR (client_since BETWEEN ? AND ? AND client_since > principal_since))
GROUP BY principal, client, tool, client_since > principal_since
ORDER BY bytes_out DESC, principal, first_request, client, tool

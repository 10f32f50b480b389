-- Which sessions of the roles that call the API have a name that does not match the principal that opened them?
-- Requires a trail that records read-only management events, because AssumeRole is one.
SELECT
  o.first_opened_by AS principal,
  o.opened_by,
  o.opened_role_arn,
  o.opened_session_name,
  o.opened_from,
  count(*) AS sessions,
  min(o.opened_at) AS first_opened,
  max(o.opened_at) AS last_opened
FROM session_chains o
CROSS JOIN audit_settings s
WHERE o.for_day BETWEEN ? AND ?
  -- Each session is included for several days.
  AND o.for_day = CAST(CAST(o.opened_at AS date) AS varchar)
  AND strpos(',' || s.caller_role_arns || ',', ',' || o.opened_role_arn || ',') > 0
  -- An AWS service or an identity provider such as IAM Identity Center names these. Jobs with a token of their platform
  -- choose a name, but the subject of the token says which job it is.
  AND coalesce(o.opener_type, '') NOT IN ('AWSService', 'SAMLUser', 'WebIdentityUser')
  AND NOT coalesce(
    lower(o.opened_session_name) IN (
      lower(o.first_opener_name),
      -- A source identity, which an identity provider or an administrator set.
      lower(o.first_opened_by),
      -- IAM Identity Center names sessions after users, often by their email addresses.
      lower(split_part(o.first_opener_name, '@', 1))
    ),
    false
  )
GROUP BY o.first_opened_by, o.opened_by, o.opened_role_arn, o.opened_session_name, o.opened_from
ORDER BY first_opened, principal, opened_session_name, opened_role_arn, opened_by, opened_from

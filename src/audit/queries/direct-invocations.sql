-- Who invoked the functions of the store directly, without its API?
-- A function trusts the event that invokes it, which can name anyone as the caller.
SELECT
  t.principal,
  t.principal_type,
  t.principal_account,
  t.role_arn,
  t.resource AS function_name,
  t.source_ip,
  t.vpc_endpoint,
  t.result,
  t.error_code,
  count(*) AS invocations,
  min(t.event_time) AS first_invocation,
  max(t.event_time) AS last_invocation
FROM trail_events t
CROSS JOIN audit_settings s
WHERE t.event_day BETWEEN ? AND ?
  AND t.event_source = 'lambda.amazonaws.com'
  AND t.action LIKE 'Invoke%'
  -- Without the API, functions are always invoked directly.
  AND s.invoking_service <> 'none'
  -- Another API that invokes a function with a role is not the service itself.
  AND NOT coalesce(t.principal_type = 'AWSService' AND t.invoked_by = s.invoking_service, false)
  AND (s.watched_resources IS NULL OR t.resource IS NULL
    OR strpos(',' || s.watched_resources || ',', ',' || t.resource || ',') > 0)
  -- The functions of a deployment itself, such as one that sets the logging role of API Gateway.
  AND NOT coalesce(
    t.invoked_by = 'cloudformation.amazonaws.com'
    AND strpos(',' || s.deployment_role_arns || ',', ',' || t.role_arn || ',') > 0,
    false
  )
GROUP BY
  t.principal, t.principal_type, t.principal_account, t.role_arn, t.resource, t.source_ip, t.vpc_endpoint, t.result,
  t.error_code
ORDER BY
  first_invocation, principal, function_name, source_ip, result, error_code, role_arn, principal_type,
  principal_account, vpc_endpoint

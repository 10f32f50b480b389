-- Who listed or examined many objects or models in one day without downloading them?
WITH requests AS (
  SELECT
    e.principal, e.event_day, e.event_time, e.source_ip, e.object_key, e.model, e.result, e.error_code,
    e.egress AND e.object_kind = 'blob' AS downloads,
    coalesce(e.action LIKE 'List%', false) AS lists,
    coalesce(
      e.action LIKE 'Head%' OR e.action LIKE 'GetObjectA%' OR e.action LIKE 'GetObjectT%'
        OR e.action IN ('GetObjectLegalHold', 'GetObjectRetention')
        OR (e.action = 'GetObject' AND (e.result <> 'ok' OR e.object_kind <> 'blob')),
      false
    ) AS examines,
    NOT e.presigned AND coalesce(
      strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0, e.source_identity = e.session_name, false
    ) AS by_function
  FROM egress_events e
  CROSS JOIN audit_settings s
  WHERE e.event_day BETWEEN ? AND ?
    AND e.object_kind <> 'log'
    -- Auditors may read manifests and signatures.
    AND NOT coalesce(
      e.object_kind IN ('manifest', 'signature')
      AND (
        strpos(',' || s.auditor_role_arns || ',', ',' || e.role_arn || ',') > 0
        OR (strpos(e.principal, '=') > 0
          AND strpos(s.auditor_role_arns || ',', '/' || split_part(e.principal, '=', 1) || ',') > 0)
      ),
      false
    )
    -- A push asks the upload function which files are stored already.
    AND NOT (
      e.object_kind = 'blob' AND NOT e.egress AND NOT e.presigned AND coalesce(
        strpos(',' || s.session_role_arns || ',', ',' || e.role_arn || ',') > 0, e.source_identity = e.session_name,
        false
      )
    )
), objects AS (
  SELECT
    principal, event_day, model, object_key,
    -- The functions list models and versions for every user who browses them.
    count_if(lists AND NOT by_function) AS listings,
    count_if(examines) AS examined,
    count_if(downloads) AS downloads,
    count_if(result = 'denied') AS denied,
    count_if(coalesce(error_code IN ('NoSuchKey', 'NoSuchVersion', 'NotFound', '404'), false)) AS not_found,
    min(source_ip) AS one_address,
    min(event_time) AS first_request,
    max(event_time) AS last_request
  FROM requests
  WHERE lists OR examines OR downloads
  GROUP BY principal, event_day, model, object_key
), compared AS (
  SELECT *, sum(downloads) OVER (PARTITION BY principal, event_day, model) AS downloads_of_model
  FROM objects
), days AS (
  SELECT
    principal, event_day,
    CAST(sum(listings) AS bigint) AS listings,
    count(DISTINCT CASE WHEN examined > 0 AND downloads = 0 THEN object_key END) AS objects,
    count(DISTINCT CASE WHEN examined > 0 AND downloads_of_model = 0 THEN model END) AS models,
    min(CASE WHEN examined > 0 AND downloads_of_model = 0 THEN model END) AS one_model,
    count(DISTINCT CASE WHEN downloads > 0 THEN model END) AS models_downloaded,
    CAST(sum(not_found) AS bigint) AS not_found,
    CAST(sum(denied) AS bigint) AS denied,
    min(one_address) AS one_address,
    min(first_request) AS first_request,
    max(last_request) AS last_request
  FROM compared
  GROUP BY principal, event_day
)
SELECT
  d.principal, d.event_day, d.listings, d.objects, d.models, d.one_model, d.models_downloaded, d.not_found, d.denied,
  d.one_address, d.first_request, d.last_request
FROM days d
CROSS JOIN audit_settings s
WHERE d.listings >= s.median_floor_objects
  OR d.objects >= s.median_floor_objects
  OR d.models >= s.many_new_models
ORDER BY objects DESC, models DESC, listings DESC, principal, event_day

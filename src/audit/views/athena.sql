-- Views for Athena (engine version 3, Trino SQL). They read the tables trail_records and access_log_records and the
-- views audit_settings and perimeter_networks.

-- Every record, as often as it was delivered. A query that does not read `is_counted` does not sort the records for it.
CREATE OR REPLACE VIEW delivered_events AS
WITH delivered AS (
  SELECT
    *,
    -- The same for all records of one request.
    coalesce(
      nullif(sharedeventid, ''), nullif(addendum.originalrequestid, ''), nullif(requestid, ''), nullif(eventid, '')
    ) AS request_name,
    CASE WHEN addendum.reason = 'UPDATED_DATA' THEN nullif(addendum.originaleventid, '') END AS replaced_event,
    CASE WHEN nullif(useridentity.arn, '') IS NULL OR useridentity.type = 'AWSAccount' THEN 1 ELSE 0 END AS namelessness,
    concat_ws(
      chr(31), eventtime, eventsource, awsregion, sourceipaddress, useragent, errorcode, useridentity.type,
      useridentity.arn, useridentity.principalid, useridentity.accesskeyid, requestparameters, responseelements,
      additionaleventdata
    ) AS content,
    -- Exports by other tools can have an empty string for a missing value.
    nullif(useridentity.type, '') AS identity_type,
    nullif(useridentity.arn, '') AS identity_arn,
    nullif(useridentity.accountid, '') AS identity_account,
    nullif(useridentity.username, '') AS user_name,
    nullif(useridentity.invokedby, '') AS invoked_by,
    nullif(useridentity.sessioncontext.sourceidentity, '') AS source_identity,
    nullif(recipientaccountid, '') AS recipient_account,
    -- The account of the store. Only its roles and users have short names.
    coalesce(
      regexp_extract(session_role_arns, ':iam::([0-9]{12}):', 1),
      nullif(element_at(filter(resources, r -> r.type = 'AWS::S3::Bucket'), 1).accountid, ''),
      nullif(recipientaccountid, '')
    ) AS home_account,
    nullif(errorcode, '') AS error_code
  FROM trail_records
  CROSS JOIN (SELECT session_role_arns FROM audit_settings) s
), named AS (
  SELECT
    *,
    -- CloudTrail delivers records at least once, and for both accounts if a request concerns two. It may deliver an
    -- addendum that replaces a record. All of these must be counted once. Records with the same ID that differ are all
    -- counted. This is only done within a day, so that a filter on event_day limits the amount of data that is scanned.
    CASE
      WHEN request_name IS NULL THEN true
      WHEN coalesce(
        eventid = max(replaced_event) OVER (
          PARTITION BY day, request_name, eventname ORDER BY namelessness, eventid, content
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ), false
      ) THEN false
      WHEN recipientaccountid <> first_value(recipientaccountid) OVER same_request THEN false
      ELSE NOT coalesce(
        eventid = lag(eventid) OVER same_request AND content = lag(content) OVER same_request, false
      )
    END AS is_counted,
    CASE WHEN identity_type = 'AssumedRole' THEN nullif(split_part(identity_arn, '/', 2), '') END AS role_name,
    CASE WHEN identity_type = 'AssumedRole'
      THEN nullif(split_part(identity_arn, '/', 3), '') END AS session_name,
    -- IAM Identity Center generates a new role suffix when a permission set is assigned again to the account, so the
    -- suffix is not part of the identity.
    CASE
      WHEN identity_type = 'AssumedRole' THEN coalesce(
        nullif(regexp_extract(split_part(identity_arn, '/', 2), '^(AWSReservedSSO_.+)_[0-9a-f]{16}$', 1), ''),
        split_part(identity_arn, '/', 2)
      )
    END AS lasting_role_name,
    -- A user of IAM Identity Center, whatever role or service they used.
    coalesce(nullif(split_part(useridentity.onbehalfof.identitystorearn, '/', 2), '') || '/', '')
      || nullif(useridentity.onbehalfof.userid, '')
      AS directory_user,
    -- A user of an identity pool or another identity provider, whose sessions may all have the same name. The result is
    -- <provider>:<subject>.
    nullif(
      regexp_extract(
        json_format(CAST(useridentity.sessioncontext.webidfederationdata.attributes AS json)),
        '"([^"]+:)(?:sub|id|user_id)":"([^"]+)"', 1
      ) || regexp_extract(
        json_format(CAST(useridentity.sessioncontext.webidfederationdata.attributes AS json)),
        '"([^"]+:)(?:sub|id|user_id)":"([^"]+)"', 2
      ), ''
    ) AS federated_user,
    -- Identities without an ARN.
    coalesce(
      nullif(useridentity.principalid, ''),
      user_name || ' (' || identity_type || ' of '
        || coalesce(nullif(useridentity.identityprovider, ''), identity_account, 'an unknown account') || ')',
      invoked_by,
      identity_type || ' of ' || identity_account || ' by the credential ' || nullif(useridentity.credentialid, '')
    ) AS other_name,
    -- A request can name an access point instead of the bucket, but the record lists the bucket among its resources. A
    -- copy has two buckets there.
    CASE
      WHEN eventname NOT IN ('CopyObject', 'UploadPartCopy')
        AND cardinality(filter(resources, r -> r.type = 'AWS::S3::Bucket')) = 1
        THEN regexp_extract(
          element_at(filter(resources, r -> r.type = 'AWS::S3::Bucket'), 1).arn, '^arn:[^:]*:s3:::(.+)\z', 1
        )
    END AS named_bucket,
    -- Only the formats that AWS uses: Trino also accepts IPv6 zones and non-ASCII digits. In its patterns, "$" also
    -- matches before a final line break, but "\z" does not.
    TRY_CAST(regexp_extract(sourceipaddress, '^(?:(?:::[Ff]{4}:)?[0-9.]+|[0-9A-Fa-f:]+)\z') AS ipaddress) AS address
  FROM delivered
  WINDOW same_request AS (PARTITION BY day, request_name, eventname ORDER BY namelessness, eventid, content)
)
SELECT
  CAST(TRY(from_iso8601_timestamp(eventtime)) AT TIME ZONE 'UTC' AS timestamp(3)) AS event_time,
  -- The partition column, so that a filter on event_day limits the amount of data that is scanned.
  replace(day, '/', '-') AS event_day,
  -- Names that an SDK, an instance, a task or a pod generates for each session. They do not identify a caller, so all
  -- such sessions of a role are one principal. No session name contains "*".
  regexp_replace(coalesce(
    directory_user,
    source_identity,
    role_name || '=' || federated_user
      || CASE WHEN identity_account = home_account THEN '' ELSE ' of ' || identity_account END,
    -- The same format as the session names of the store, so that a person is the same principal with and without the
    -- API.
    CASE WHEN identity_account = home_account
      AND strpos(role_name || session_name, '=') = 0
      -- A role named like a permission set, but without the suffix, must not be mistaken for it.
      AND NOT (role_name LIKE 'AWSReservedSSO_%' AND role_name = lasting_role_name)
      THEN lasting_role_name || '=' || session_name END,
    CASE
      WHEN identity_type = 'IAMUser' AND identity_account = home_account
        AND strpos(user_name, '=') = 0
      THEN user_name END,
    CASE
      WHEN lasting_role_name <> role_name
        THEN replace(identity_arn, '/' || role_name || '/', '/' || lasting_role_name || '_*/')
      ELSE identity_arn
    END,
    CASE WHEN identity_account = 'ANONYMOUS_PRINCIPAL' THEN identity_account END,
    other_name,
    -- Shared by several callers, so it must not look like a person.
    coalesce(identity_type, 'unknown') || coalesce(' of ' || identity_account, ' at ' || sourceipaddress, '')
      || ' (not a person)'
  ),
    '^([^=/]+=|arn:[^/]*:assumed-role/[^/]+/)(?:'
    || 'botocore-session-.*|AWS-CLI-session-.*|AWSCLI-Session.*|aws-sdk-js-.*|aws-go-sdk-.*|aws-sdk-java-.*'
    || '|aws-sdk-kotlin-.*|aws-sdk-php-.*|aws-dotnet-sdk-session-.*|assume-role-from-profile-.*|assume-role-provider-.*'
    || '|web-identity-token-.*|aws-common-runtime-profile-config.*|default_session|1[0-9]{18}|i-[0-9a-f]{8,17}|[0-9a-f]{32}'
    || '|(?:eks-.+-|AWSCodeBuild-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
    || '|.+-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}'
    || ')(?:\+[0-9a-f]{16})?\z',
    '$1*'
  ) AS principal,
  identity_type AS principal_type,
  identity_account AS principal_account,
  session_name,
  source_identity,
  nullif(useridentity.sessioncontext.sessionissuer.arn, '') AS role_arn,
  nullif(useridentity.accesskeyid, '') AS access_key_id,
  sourceipaddress AS source_ip,
  -- IPv4 addresses are mapped into IPv6.
  CASE
    WHEN length(to_hex(CAST(address AS varbinary))) = 8
      THEN '00000000000000000000ffff' || lower(to_hex(CAST(address AS varbinary)))
    ELSE lower(to_hex(CAST(address AS varbinary)))
  END AS source_ip_key,
  nullif(vpcendpointid, '') AS vpc_endpoint,
  useragent AS user_agent,
  eventsource AS event_source,
  eventname AS action,
  eventtype AS event_type,
  CASE WHEN readonly = 'true' THEN true WHEN readonly = 'false' THEN false END AS read_only,
  invoked_by,
  nullif(errormessage, '') AS error_message,
  coalesce(
    named_bucket, json_extract_scalar(requestparameters, '$.bucketName'),
    json_extract_scalar(requestparameters, '$.bucketName[0]')
  ) AS request_bucket,
  -- Old records have lists of one value.
  coalesce(
    json_extract_scalar(requestparameters, '$.key'), json_extract_scalar(requestparameters, '$.key[0]')
  ) AS request_key,
  coalesce(
    json_extract_scalar(requestparameters, '$.versionId'), json_extract_scalar(requestparameters, '$.versionId[0]')
  ) AS request_version,
  -- The name of the resource, also if the request has its ARN; null if there are several. Names of log groups contain
  -- "/", and their ARNs may end with ":*". Names and ARNs of functions may end with the name of a version or alias.
  coalesce(
    nullif(regexp_extract(coalesce(
      json_extract_scalar(requestparameters, '$.functionName'),
      CASE WHEN strpos(json_extract_scalar(requestparameters, '$.resourceArn'), ':function:') > 0
        THEN json_extract_scalar(requestparameters, '$.resourceArn') END
    ), '^(?:.*function:)?([^:/]+)', 1), ''),
    nullif(regexp_extract(coalesce(
      -- For a table or view, its database.
      json_extract_scalar(requestparameters, '$.databaseName'), json_extract_scalar(requestparameters, '$.workGroup'),
      json_extract_scalar(requestparameters, '$.restApiId'), json_extract_scalar(requestparameters, '$.userPoolId'),
      json_extract_scalar(requestparameters, '$.alarmName'), json_extract_scalar(requestparameters, '$.ruleName'),
      json_extract_scalar(requestparameters, '$.name'), json_extract_scalar(requestparameters, '$.trailName'),
      json_extract_scalar(requestparameters, '$.keyId'), json_extract_scalar(requestparameters, '$.roleName'),
      json_extract_scalar(requestparameters, '$.rule'),
      CASE WHEN json_extract_scalar(requestparameters, '$.alarmNames[1]') IS NULL
        THEN json_extract_scalar(requestparameters, '$.alarmNames[0]') END,
      CASE WHEN json_extract_scalar(requestparameters, '$.ruleNames[1]') IS NULL
        THEN json_extract_scalar(requestparameters, '$.ruleNames[0]') END
    ), '([^/:]+)$', 1), ''),
    json_extract_scalar(requestparameters, '$.logGroupName'),
    nullif(regexp_extract(
      json_extract_scalar(requestparameters, '$.logGroupIdentifier'), '(?:.*:log-group:)?([^:]+)', 1
    ), '')
  ) AS resource,
  coalesce(
    json_extract_scalar(responseelements, '$.credentials.accessKeyId'),
    -- IAM Roles Anywhere.
    json_extract_scalar(responseelements, '$.credentialSet[0].credentials.accessKeyId')
  ) AS issued_access_key_id,
  -- Values of tags cannot contain quotation marks.
  coalesce(
    nullif(regexp_extract(
      json_format(json_extract(requestparameters, '$.tags')), '[{]"key":"invocation-id","value":"([^"]+)"[}]', 1
    ), ''),
    nullif(regexp_extract(
      json_format(json_extract(requestparameters, '$.tags')), '[{]"value":"([^"]+)","key":"invocation-id"[}]', 1
    ), '')
  ) AS invocation_id,
  coalesce(
    json_extract_scalar(requestparameters, '$["x-amz-bypass-governance-retention"]') = 'true', false
  ) AS bypasses_retention,
  requestparameters AS request_parameters,
  responseelements AS response_elements,
  additionaleventdata AS additional_event_data,
  CASE
    WHEN error_code IS NULL THEN 'ok'
    WHEN regexp_like(
      error_code,
      'AccessDenied|Unauthorized|Forbidden|AllAccessDisabled|InvalidAccessKeyId|InvalidToken|ExpiredToken|Signature'
    ) THEN 'denied'
    ELSE 'error'
  END AS result,
  error_code,
  requestid AS request_id,
  eventid AS event_id,
  -- Until version 1.06, records did not say what kind of event they are about, and exports by other tools can lack it.
  -- Only requests for objects and invocations were data events.
  coalesce(nullif(eventcategory, ''), CASE
    WHEN managementevent = 'false' THEN 'Data'
    WHEN managementevent = 'true' THEN 'Management'
    WHEN eventsource = 'lambda.amazonaws.com' AND eventname LIKE 'Invoke%' THEN 'Data'
    WHEN eventsource LIKE 's3%' AND (
      eventname IS NULL OR eventname = 'HeadBucket'
      OR regexp_like(eventname, '^(?:Write)?[A-Z][a-z]+Object|MultipartUpload|^UploadPart|^ListParts')
    ) AND coalesce(eventname NOT LIKE '%ObjectLockConfiguration', true) THEN 'Data'
    ELSE 'Management'
  END) AS event_category,
  recipient_account AS account,
  awsregion AS region,
  is_counted
FROM named;

CREATE OR REPLACE VIEW trail_events AS
SELECT
  event_time, event_day, principal, principal_type, principal_account, session_name, source_identity, role_arn,
  access_key_id, source_ip, source_ip_key, vpc_endpoint, user_agent, event_source, action, event_type, read_only,
  invoked_by, error_message, request_bucket, request_key, request_version, resource, issued_access_key_id,
  invocation_id, bypasses_retention, request_parameters, response_elements, additional_event_data, result, error_code,
  request_id, event_id, event_category, account, region
FROM delivered_events
WHERE is_counted;

-- Lines that could not be parsed have a row as well, with the day of their file and nothing else.
CREATE OR REPLACE VIEW access_log_requests AS
WITH addressed AS (
  SELECT
    *,
    TRY_CAST(regexp_extract(source_ip, '^(?:(?:::[Ff]{4}:)?[0-9.]+|[0-9A-Fa-f:]+)\z') AS ipaddress) AS address
  FROM access_log_records
)
SELECT
  -- S3 writes UTC. Copies of the logs may have other offsets.
  CAST(
    TRY(date_parse(regexp_extract(request_time, '^(.{20}) [+-][0-9]{4}\z', 1), '%d/%b/%Y:%H:%i:%s'))
      - CASE WHEN substr(request_time, 22, 1) = '-' THEN -1 ELSE 1 END * (
        60 * TRY_CAST(substr(request_time, 23, 2) AS bigint) + TRY_CAST(substr(request_time, 25, 2) AS bigint)
      ) * INTERVAL '1' MINUTE
    AS timestamp(3)
  ) AS event_time,
  replace(day, '/', '-') AS event_day,
  bucket_owner,
  bucket,
  nullif(source_ip, '-') AS source_ip,
  CASE
    WHEN length(to_hex(CAST(address AS varbinary))) = 8
      THEN '00000000000000000000ffff' || lower(to_hex(CAST(address AS varbinary)))
    ELSE lower(to_hex(CAST(address AS varbinary)))
  END AS source_ip_key,
  nullif(requester, '-') AS requester,
  nullif(request_id, '-') AS request_id,
  operation,
  nullif(object_key, '-') AS object_key,
  nullif(nullif(trim(BOTH '"' FROM request_uri), '-'), '') AS request_uri,
  TRY_CAST(regexp_extract(http_status, '^[0-9]+\z') AS bigint) AS http_status,
  nullif(error_code, '-') AS error_code,
  TRY_CAST(regexp_extract(bytes_sent, '^[0-9]+\z') AS bigint) AS bytes_sent,
  TRY_CAST(regexp_extract(object_size, '^[0-9]+\z') AS bigint) AS object_size,
  TRY_CAST(regexp_extract(total_time_ms, '^[0-9]+\z') AS bigint) AS total_time_ms,
  TRY_CAST(regexp_extract(turn_around_time_ms, '^[0-9]+\z') AS bigint) AS turn_around_time_ms,
  nullif(nullif(trim(BOTH '"' FROM referer), '-'), '') AS referer,
  nullif(nullif(trim(BOTH '"' FROM user_agent), '-'), '') AS user_agent,
  nullif(version_id, '-') AS version_id,
  nullif(host_id, '-') AS host_id,
  nullif(signature_version, '-') AS signature_version,
  nullif(cipher_suite, '-') AS cipher_suite,
  nullif(authentication_type, '-') AS authentication_type,
  nullif(host_header, '-') AS host_header,
  nullif(tls_version, '-') AS tls_version,
  nullif(access_point_arn, '-') AS access_point_arn,
  nullif(acl_required, '-') AS acl_required,
  nullif(source_region, '-') AS source_region,
  nullif(further_fields, '') AS further_fields
FROM addressed;

-- Sessions, with who opened them. Every way to open a session leaves a record with the ID of the new access key, which
-- the records of the session contain as well. Records are delivered in any order, and sessions last past midnight, so
-- each session is included for the day of its record, the day before and the day after.
CREATE OR REPLACE VIEW opened_sessions AS
WITH witnesses AS (
  SELECT
    event_day, event_time, action, principal, principal_type, role_arn, source_ip,
    access_key_id AS opener_key,
    CASE
      WHEN principal_type = 'AssumedRole' THEN session_name
      ELSE nullif(regexp_extract(principal, '[^/:]+\z'), '')
    END AS own_name,
    issued_access_key_id,
    json_extract_scalar(request_parameters, '$.roleArn') AS opened_role_arn,
    coalesce(
      json_extract_scalar(request_parameters, '$.roleSessionName'),
      CASE WHEN action = 'GetFederationToken' THEN json_extract_scalar(request_parameters, '$.name') END
    ) AS opened_session_name,
    CASE WHEN issued_access_key_id IS NULL THEN request_id ELSE invocation_id END AS invocation_id,
    issued_access_key_id IS NULL AS is_invocation,
    coalesce(principal_type = 'AWSService' AND invoked_by = s.invoking_service, false) AS by_service,
    event_id
  FROM delivered_events
  CROSS JOIN audit_settings s
  WHERE (issued_access_key_id IS NOT NULL AND result = 'ok')
    OR (event_source = 'lambda.amazonaws.com' AND action LIKE 'Invoke%' AND issued_access_key_id IS NULL)
), days AS (
  SELECT event_day AS for_day, witnesses.* FROM witnesses
  UNION ALL
  SELECT CAST(CAST(CAST(event_day AS date) + INTERVAL '1' DAY AS date) AS varchar) AS for_day, witnesses.*
  FROM witnesses
  UNION ALL
  SELECT CAST(CAST(CAST(event_day AS date) - INTERVAL '1' DAY AS date) AS varchar) AS for_day, witnesses.*
  FROM witnesses
), invoked AS (
  SELECT
    days.*,
    -- Sessions without an invocation are separate groups, so that no group is large.
    min(CASE WHEN is_invocation AND NOT by_service THEN principal END)
      OVER (PARTITION BY for_day, coalesce(invocation_id, issued_access_key_id)) AS invoker,
    max(CASE WHEN is_invocation AND by_service THEN 1 ELSE 0 END)
      OVER (PARTITION BY for_day, coalesce(invocation_id, issued_access_key_id)) = 1 AS by_api,
    -- A record may be delivered again on the next day, or for both accounts that it concerns. Only the record of the
    -- account that opened the session has the name of its caller.
    row_number() OVER (
      PARTITION BY for_day, coalesce(invocation_id, issued_access_key_id), issued_access_key_id
      ORDER BY CASE WHEN principal_type = 'AWSAccount' THEN 1 ELSE 0 END, event_time, principal, event_id
    ) AS delivery
  FROM days
)
SELECT
  issued_access_key_id AS access_key_id, for_day, event_time AS opened_at, action, principal AS opened_by,
  principal_type AS opener_type, role_arn AS opener_role_arn, own_name AS opener_name,
  opener_key AS opener_access_key_id, source_ip AS opened_from, opened_role_arn, opened_session_name, invocation_id,
  invoker, by_api
FROM invoked
WHERE delivery = 1 AND NOT is_invocation;

-- Without the API, sessions of the store are named by the ID of the invocation, and the trail has the principal of the
-- invocation. A session may last past midnight, so each invocation is included for its day and for the next one.
CREATE OR REPLACE VIEW invocations AS
WITH days AS (
  SELECT request_id, event_day AS for_day, principal
  FROM delivered_events
  WHERE event_source = 'lambda.amazonaws.com' AND action LIKE 'Invoke%'
  UNION ALL
  SELECT request_id, CAST(CAST(CAST(event_day AS date) + INTERVAL '1' DAY AS date) AS varchar) AS for_day, principal
  FROM delivered_events
  WHERE event_source = 'lambda.amazonaws.com' AND action LIKE 'Invoke%'
)
SELECT request_id, for_day, min(principal) AS principal
FROM days
WHERE request_id IS NOT NULL
GROUP BY request_id, for_day;

CREATE OR REPLACE VIEW egress_events AS
WITH requests AS (
  SELECT
    *,
    -- Callers choose these values, so an invalid one must only become null. Trino decodes "+" as a space, which is only
    -- correct in forms. The version ID is removed before decoding, because keys may contain "?", encoded as "%3F".
    TRY(url_decode(replace(
      regexp_replace(coalesce(
        json_extract_scalar(request_parameters, '$["x-amz-copy-source"]'),
        json_extract_scalar(request_parameters, '$["x-amz-copy-source"][0]')
      ), '(?s)\?versionId=.*$', ''),
      '+', '%2B'
    ))) AS decoded_source,
    coalesce(
      json_extract_scalar(request_parameters, '$["x-amz-copy-source-range"]'),
      json_extract_scalar(request_parameters, '$["x-amz-copy-source-range"][0]')
    ) AS copy_range,
    coalesce(
      json_extract_scalar(request_parameters, '$["X-Amz-Date"]'),
      json_extract_scalar(request_parameters, '$["X-Amz-Date"][0]')
    ) AS signed_at,
    coalesce(
      json_extract_scalar(request_parameters, '$["X-Amz-Expires"]'),
      json_extract_scalar(request_parameters, '$["X-Amz-Expires"][0]')
    ) AS signed_for,
    coalesce(
      json_extract_scalar(request_parameters, '$["x-asked-from"]'),
      json_extract_scalar(request_parameters, '$["x-asked-from"][0]')
    ) AS asked_from,
    json_extract_scalar(additional_event_data, '$.AuthenticationMethod') AS authentication,
    TRY_CAST(TRY_CAST(
      json_extract_scalar(additional_event_data, '$.bytesTransferredOut') AS double
    ) AS bigint) AS counted,
    coalesce(action IN ('CopyObject', 'UploadPartCopy'), false) AS is_copy
  FROM trail_events
  WHERE event_source = 's3.amazonaws.com'
    -- NetworkActivity events would duplicate these requests, and management events can also have byte counts.
    AND event_category = 'Data'
), sources AS (
  SELECT
    *,
    -- Trino decodes bytes that are not UTF-8 as U+FFFD. Such a source is invalid as well.
    CASE WHEN strpos(decoded_source, chr(65533)) = 0 THEN regexp_replace(decoded_source, '^/', '') END AS copy_source
  FROM requests
), objects AS (
  SELECT
    *,
    -- The source of a copy is <bucket>/<key>, or <ARN of an access point>/object/<key>.
    CASE
      WHEN NOT is_copy THEN request_bucket
      WHEN copy_source LIKE 'arn:%' THEN nullif(regexp_extract(copy_source, '^(arn:[^/]+/[^/]+)/object/', 1), '')
      ELSE nullif(split_part(copy_source, '/', 1), '')
    END AS bucket,
    CASE
      WHEN NOT is_copy THEN request_key
      WHEN copy_source LIKE 'arn:%' THEN nullif(regexp_extract(copy_source, '^arn:[^/]+/[^/]+/object/(.+)$', 1), '')
      ELSE nullif(substr(copy_source, length(split_part(copy_source, '/', 1)) + 2), '')
    END AS object_key,
    CASE WHEN is_copy THEN request_bucket || '/' || request_key END AS destination
  FROM sources
), kinds AS (
  SELECT
    o.*,
    coalesce(authentication = 'QueryString', false) OR signed_for IS NOT NULL AS presigned,
    TRY_CAST(regexp_extract(asked_from, '^(?:(?:::[Ff]{4}:)?[0-9.]+|[0-9A-Fa-f:]+)\z') AS ipaddress) AS asking_address,
    CASE
      WHEN coalesce(strpos(',' || s.log_buckets || ',', ',' || o.bucket || ',') > 0, false) THEN 'log'
      WHEN object_key LIKE 'models/%/blobs/sha256/%' THEN 'blob'
      WHEN object_key LIKE 'models/%/versions/%/manifest.json' THEN 'manifest'
      WHEN object_key LIKE 'models/%/versions/%/model.sig' THEN 'signature'
      WHEN object_key LIKE 'models/%/aliases/%.json' THEN 'alias'
      WHEN object_key LIKE 'verdicts/%/%.json' THEN 'verdict'
      -- A principal that may write to the artifact bucket must not be able to hide models as logs.
      WHEN object_key LIKE '%AWSLogs/%' AND coalesce(o.bucket <> s.artifact_bucket, true) THEN 'log'
      ELSE 'other'
    END AS object_kind,
    coalesce(
      action IN (
        'GetObject', 'GetObjectTorrent', 'GetObjectAnnotation', 'SelectObjectContent', 'CopyObject', 'UploadPartCopy'
      ), false
    ) AND result = 'ok'
      -- What is copied within a bucket stays there.
      AND NOT coalesce(is_copy AND o.bucket = request_bucket, false) AS egress
  FROM objects o
  CROSS JOIN audit_settings s
  WHERE s.artifact_bucket IS NULL OR o.bucket IS NULL OR o.bucket = s.artifact_bucket
    OR coalesce(strpos(',' || s.log_buckets || ',', ',' || o.bucket || ',') > 0, false)
    -- Access points have other names than the bucket, and may belong to the artifact bucket.
    OR regexp_like(o.bucket, '^arn:|-s3alias\z|--(?:ol|op|xa)-s3\z|\.mrap\z|\.amazonaws\.com')
), copies AS (
  -- The trail may have the request under the next day. Both sides are joined by day, so that only the logs of the
  -- requested days are scanned.
  SELECT request_id, event_day AS for_day, object_size
  FROM access_log_requests
  WHERE operation LIKE 'REST.COPY.%'
  UNION ALL
  SELECT request_id, CAST(CAST(CAST(event_day AS date) + INTERVAL '1' DAY AS date) AS varchar) AS for_day, object_size
  FROM access_log_requests
  WHERE operation LIKE 'REST.COPY.%'
), copied AS (
  SELECT request_id, for_day, max(object_size) AS object_size
  FROM copies
  GROUP BY request_id, for_day
), ranges AS (
  SELECT
    k.*,
    TRY_CAST(regexp_extract(copy_range, '^bytes=([0-9]{1,15})-([0-9]{1,15})\z', 2) AS bigint)
      - TRY_CAST(regexp_extract(copy_range, '^bytes=([0-9]{1,15})-([0-9]{1,15})\z', 1) AS bigint) + 1 AS range_bytes,
    -- If the range is invalid, the number of bytes is unknown.
    CASE WHEN is_copy AND copy_range IS NULL THEN copied.object_size END AS copied_bytes,
    CASE WHEN is_copy THEN NULL ELSE counted END AS counted_bytes
  FROM kinds k
  LEFT JOIN copied ON k.is_copy AND copied.request_id = k.request_id AND copied.for_day = k.event_day
), callers AS (
  SELECT
    r.*, invoked.principal AS invoked_by_name, o.invoker, o.opened_by,
    CASE
      -- The store uses the same session name and source identity, which identifies its sessions if its roles are
      -- unknown.
      WHEN NOT coalesce(
        CASE
          WHEN s.session_role_arns IS NULL THEN r.source_identity = r.session_name
          ELSE strpos(',' || s.session_role_arns || ',', ',' || r.role_arn || ',') > 0
        END,
        false
      ) THEN 'record'
      WHEN o.access_key_id IS NOT NULL AND s.function_role_arns IS NOT NULL
        AND NOT coalesce(strpos(',' || s.function_role_arns || ',', ',' || o.opener_role_arn || ',') > 0, false)
        THEN 'opener'
      WHEN o.invoker IS NOT NULL THEN 'invoker'
      WHEN o.by_api THEN 'api'
      WHEN invoked.principal IS NOT NULL THEN 'invoker'
      ELSE 'unchecked'
    END AS principal_source
  FROM ranges r
  CROSS JOIN audit_settings s
  LEFT JOIN opened_sessions o ON o.access_key_id = r.access_key_id AND o.for_day = r.event_day
  LEFT JOIN invocations invoked ON invoked.request_id = r.source_identity AND invoked.for_day = r.event_day
    AND r.session_name = r.source_identity
)
SELECT
  event_time, event_day,
  CASE
    WHEN principal_source = 'invoker' THEN coalesce(invoker, invoked_by_name)
    WHEN principal_source = 'opener' THEN opened_by
    ELSE principal
  END AS principal,
  principal_type, principal_account,
  session_name, source_identity, role_arn, access_key_id, source_ip, source_ip_key, vpc_endpoint, user_agent,
  event_source, action, bucket, object_key, destination, object_kind,
  object_kind IN ('manifest', 'signature', 'alias', 'verdict') AS is_bookkeeping,
  CASE WHEN object_kind <> 'log' AND (object_key LIKE 'models/%/%' OR object_key LIKE 'verdicts/%/%')
    THEN split_part(object_key, '/', 2) END
    AS model,
  CASE WHEN object_kind IN ('manifest', 'signature') THEN split_part(object_key, '/', 4) END AS version,
  CASE
    WHEN object_kind = 'blob' THEN split_part(object_key, '/', 5)
    WHEN object_kind = 'verdict' THEN regexp_replace(split_part(object_key, '/', 3), '\.json$', '')
  END AS digest,
  CASE WHEN object_kind = 'alias' THEN regexp_replace(split_part(object_key, '/', 4), '\.json$', '') END AS alias,
  egress,
  CASE WHEN NOT egress THEN 0 WHEN is_copy THEN coalesce(range_bytes, copied_bytes) ELSE counted_bytes END AS bytes_out,
  CASE
    WHEN NOT egress THEN 'trail'
    WHEN is_copy AND range_bytes IS NOT NULL THEN 'trail'
    WHEN is_copy AND copied_bytes IS NOT NULL THEN 'object size'
    WHEN counted_bytes IS NOT NULL THEN 'trail'
    ELSE 'unknown'
  END AS bytes_source,
  authentication AS authentication_method,
  presigned,
  CASE
    WHEN presigned THEN CAST(
      TRY(date_parse(regexp_extract(signed_at, '^[1-9][0-9]{7}T[0-9]{6}Z\z'), '%Y%m%dT%H%i%sZ')) AS timestamp(3)
    )
  END AS link_signed_at,
  CASE WHEN presigned THEN TRY_CAST(regexp_extract(signed_for, '^[0-9]+\z') AS bigint) END AS link_lifetime_seconds,
  asked_from AS link_asked_from,
  CASE
    WHEN length(to_hex(CAST(asking_address AS varbinary))) = 8
      THEN '00000000000000000000ffff' || lower(to_hex(CAST(asking_address AS varbinary)))
    ELSE lower(to_hex(CAST(asking_address AS varbinary)))
  END AS link_asked_from_key,
  principal_source, result, error_code, request_id, event_id, event_category, account, region
FROM callers;

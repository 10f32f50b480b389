-- Views for DuckDB. They read four tables that the reader fills:
--   trail_records      one row per CloudTrail record: its fields under their original names, objects as JSON, and
--                      delivery_day, the YYYY-MM-DD in the key of the file (null if the key has none)
--   access_log_records one row per line of the access logs: its fields, and delivery_day, the day in the key of the file
--   audit_settings     one row
--   perimeter_networks
-- The views do not need extensions, which DuckDB would have to download.

-- The four bytes of an IPv4 address in hexadecimal; null if it is invalid.
CREATE OR REPLACE MACRO ipv4_digits(address) AS (
  CASE
    WHEN regexp_full_match(
      address,
      '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}'
    )
    THEN format(
      '{:02x}{:02x}{:02x}{:02x}',
      CAST(split_part(address, '.', 1) AS integer), CAST(split_part(address, '.', 2) AS integer),
      CAST(split_part(address, '.', 3) AS integer), CAST(split_part(address, '.', 4) AS integer)
    )
  END
);

-- The groups of one part of an IPv6 address, each padded to four digits.
CREATE OR REPLACE MACRO ipv6_groups(part) AS (
  CASE WHEN part = '' THEN ''
    ELSE array_to_string(list_transform(string_split(part, ':'), lambda g: lpad(g, 4, '0')), '') END
);

CREATE OR REPLACE MACRO ipv6_digits(address) AS (
  CASE
    WHEN regexp_full_match(address, '([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}') THEN ipv6_groups(address)
    WHEN regexp_full_match(address, '(([0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::(([0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?')
      AND length(ipv6_groups(split_part(address, '::', 1))) + length(ipv6_groups(split_part(address, '::', 2))) < 32
      THEN ipv6_groups(split_part(address, '::', 1))
        || repeat(
          '0',
          32 - length(ipv6_groups(split_part(address, '::', 1))) - length(ipv6_groups(split_part(address, '::', 2)))
        )
        || ipv6_groups(split_part(address, '::', 2))
  END
);

CREATE OR REPLACE MACRO address_key(address) AS (
  CASE
    WHEN address IS NULL THEN NULL
    WHEN NOT contains(address, ':') THEN '00000000000000000000ffff' || ipv4_digits(address)
    WHEN contains(address, '.')
      THEN '00000000000000000000ffff' || ipv4_digits(regexp_extract(lower(address), '^::ffff:([0-9.]+)$', 1))
    ELSE ipv6_digits(lower(address))
  END
);

-- A whole number in decimal digits. DuckDB would also accept "1e3", "0x10" and "1_000".
CREATE OR REPLACE MACRO whole_number(digits) AS (
  TRY_CAST(CASE WHEN regexp_full_match(digits, '[0-9]+') THEN digits END AS bigint)
);

CREATE OR REPLACE MACRO among(item, list) AS (
  strpos(',' || list || ',', ',' || item || ',') > 0
);

-- Large parts of a record are the same in many records. So records are split into four parts, and expressions on the
-- last three are evaluated once per distinct part. The reader of `model-store audit` deduplicates the parts. Here, each
-- record has its own.
CREATE OR REPLACE VIEW trail_facts AS
SELECT
  TRY_CAST(replace(eventTime, 'Z', '') AS timestamp) AS event_time,
  CAST(coalesce(delivery_day, substr(eventTime, 1, 10)) AS varchar) AS event_day,
  -- The reader stores IDs in the usual format as UUIDs, and all others as text.
  CAST(NULL AS uuid) AS request_letters,
  CAST(requestID AS varchar) AS request_text,
  CAST(NULL AS uuid) AS event_uuid,
  CAST(eventID AS varchar) AS event_text,
  CAST(rowid AS integer) AS identity,
  CAST(rowid AS integer) AS context,
  CAST(rowid AS integer) AS request,
  -- The reader moves these here from requests that are otherwise identical; null if the request has them.
  CAST(NULL AS bigint) AS bytes,
  CAST(NULL AS timestamp) AS link_signed_at,
  CAST(NULL AS bigint) AS link_lifetime_seconds
FROM (
  SELECT
    *, rowid,
    coalesce(delivery_day, substr(eventTime, 1, 10)) AS day,
    coalesce(
      nullif(sharedEventID, ''), nullif(addendum ->> '$.originalRequestID', ''), nullif(requestID, ''),
      nullif(eventID, '')
    ) AS request_name,
    CASE WHEN addendum ->> '$.reason' = 'UPDATED_DATA' THEN nullif(addendum ->> '$.originalEventID', '') END
      AS replaced_event,
    CASE WHEN nullif(userIdentity ->> '$.arn', '') IS NULL OR userIdentity ->> '$.type' = 'AWSAccount' THEN 1 ELSE 0 END
      AS namelessness,
    concat_ws(
      chr(31), eventTime, eventSource, awsRegion, sourceIPAddress, userAgent, errorCode, userIdentity,
      requestParameters, responseElements, additionalEventData
    ) AS content
  FROM trail_records
)
-- Each request is counted once, as in delivered_events of athena.sql. The reader of `model-store audit` does the same.
WINDOW same_request AS (PARTITION BY day, request_name, eventName ORDER BY namelessness, eventID, content)
QUALIFY request_name IS NULL OR (
  NOT coalesce(eventID = max(replaced_event) OVER (PARTITION BY day, request_name, eventName), false)
  AND NOT coalesce(recipientAccountId <> first_value(recipientAccountId) OVER same_request, false)
  AND NOT coalesce(eventID = lag(eventID) OVER same_request AND content = lag(content) OVER same_request, false)
);

CREATE OR REPLACE VIEW trail_identities AS
SELECT CAST(rowid AS integer) AS id, CAST(userIdentity AS json) AS userIdentity FROM trail_records;

CREATE OR REPLACE VIEW trail_contexts AS
SELECT
  CAST(rowid AS integer) AS id, eventSource, eventName, awsRegion, sourceIPAddress, userAgent, errorCode, errorMessage,
  readOnly, eventType, managementEvent, recipientAccountId, vpcEndpointId, eventCategory,
  -- For presigned URLs; null if the request has it.
  CAST(NULL AS varchar) AS askedFrom,
  -- The account that owns the bucket of the request.
  list_filter(
    CAST(resources AS json[]), lambda resource: resource ->> '$.type' = 'AWS::S3::Bucket'
  )[1] ->> '$.accountId' AS bucketAccount
FROM trail_records;

CREATE OR REPLACE VIEW trail_requests AS
SELECT
  CAST(rowid AS integer) AS id, CAST(requestParameters AS json) AS requestParameters,
  CAST(responseElements AS json) AS responseElements,
  CAST(additionalEventData AS json) AS additionalEventData,
  -- A request can name an access point instead of the bucket, but the record lists the bucket among its resources. A
  -- copy has two buckets there.
  CASE
    WHEN eventName NOT IN ('CopyObject', 'UploadPartCopy') AND len(list_filter(
      CAST(resources AS json[]), lambda resource: resource ->> '$.type' = 'AWS::S3::Bucket'
    )) = 1 THEN nullif(regexp_extract(
      list_filter(
        CAST(resources AS json[]), lambda resource: resource ->> '$.type' = 'AWS::S3::Bucket'
      )[1] ->> '$.ARN', '^arn:[^:]*:s3:::(.+)$', 1
    ), '')
  END AS resourceBucket
FROM trail_records;

CREATE OR REPLACE VIEW record_identities AS
WITH identified AS (
  SELECT
    id,
    -- Exports by other tools can have an empty string for a missing value.
    list_transform(json_extract_string(userIdentity, [
      '$.type', '$.arn', '$.accountId', '$.userName', '$.principalId', '$.invokedBy', '$.accessKeyId',
      '$.sessionContext.sourceIdentity', '$.sessionContext.sessionIssuer.arn', '$.onBehalfOf.userId',
      '$.onBehalfOf.identityStoreArn', '$.identityProvider', '$.credentialId'
    ]), lambda value: nullif(value, '')) AS identity,
    CAST(json_extract(userIdentity, '$.sessionContext.webIdFederationData.attributes') AS varchar) AS federated
  FROM trail_identities
)
SELECT
  id,
  identity[1] AS principal_type,
  identity[2] AS arn,
  identity[3] AS principal_account,
  identity[4] AS user_name,
  identity[5] AS principal_id,
  identity[6] AS invoked_by,
  identity[7] AS access_key_id,
  identity[8] AS source_identity,
  identity[9] AS role_arn,
  CASE WHEN identity[1] = 'AssumedRole' THEN nullif(split_part(identity[2], '/', 2), '') END AS role_name,
  CASE WHEN identity[1] = 'AssumedRole' THEN nullif(split_part(identity[2], '/', 3), '') END AS session_name,
  -- IAM Identity Center generates a new role suffix when a permission set is assigned again to the account, so the
  -- suffix is not part of the identity.
  CASE
    WHEN identity[1] = 'AssumedRole' THEN coalesce(
      nullif(regexp_extract(split_part(identity[2], '/', 2), '^(AWSReservedSSO_.+)_[0-9a-f]{16}$', 1), ''),
      nullif(split_part(identity[2], '/', 2), '')
    )
  END AS lasting_role_name,
  -- A user of IAM Identity Center, whatever role or service they used.
  coalesce(nullif(split_part(identity[11], '/', 2), '') || '/', '') || identity[10] AS directory_user,
  -- A user of an identity pool or another identity provider, whose sessions may all have the same name. The result is
  -- <provider>:<subject>.
  nullif(regexp_extract(federated, '"([^"]+:)(?:sub|id|user_id)":"([^"]+)"', 1)
    || regexp_extract(federated, '"([^"]+:)(?:sub|id|user_id)":"([^"]+)"', 2), '') AS federated_user,
  -- Identities without an ARN.
  coalesce(
    identity[5],
    identity[4] || ' (' || identity[1] || ' of '
      || coalesce(identity[12], identity[3], 'an unknown account') || ')',
    identity[6],
    identity[1] || ' of ' || identity[3] || ' by the credential ' || identity[13]
  ) AS other_name
FROM identified;

CREATE OR REPLACE VIEW record_contexts AS
WITH contexts AS (
  -- Exports by other tools can have an empty string for a missing value.
  SELECT * REPLACE (
    nullif(errorCode, '') AS errorCode, nullif(errorMessage, '') AS errorMessage,
    nullif(vpcEndpointId, '') AS vpcEndpointId, nullif(eventCategory, '') AS eventCategory,
    nullif(recipientAccountId, '') AS recipientAccountId, nullif(bucketAccount, '') AS bucketAccount
  )
  FROM trail_contexts
)
SELECT
  *,
  address_key(sourceIPAddress) AS source_ip_key,
  address_key(askedFrom) AS asked_from_key,
  CASE readOnly WHEN 'true' THEN true WHEN 'false' THEN false END AS read_only,
  CASE
    WHEN errorCode IS NULL THEN 'ok'
    WHEN regexp_matches(
      errorCode,
      'AccessDenied|Unauthorized|Forbidden|AllAccessDisabled|InvalidAccessKeyId|InvalidToken|ExpiredToken|Signature'
    ) THEN 'denied'
    ELSE 'error'
  END AS result,
  -- Until version 1.06, records did not say what kind of event they are about, and exports by other tools can lack it.
  -- Only requests for objects and invocations were data events.
  coalesce(eventCategory, CASE
    WHEN managementEvent = 'false' THEN 'Data'
    WHEN managementEvent = 'true' THEN 'Management'
    WHEN eventSource = 'lambda.amazonaws.com' AND eventName LIKE 'Invoke%' THEN 'Data'
    WHEN eventSource LIKE 's3%' AND (
      eventName IS NULL OR eventName = 'HeadBucket'
      OR regexp_matches(eventName, '^(?:Write)?[A-Z][a-z]+Object|MultipartUpload|^UploadPart|^ListParts')
    ) AND coalesce(eventName NOT LIKE '%ObjectLockConfiguration', true) THEN 'Data'
    ELSE 'Management'
  END) AS event_category
FROM contexts;

CREATE OR REPLACE VIEW record_requests AS
WITH extracted AS (
  SELECT
    *,
    -- Old records have lists of one value.
    json_extract_string(requestParameters, [
      '$.bucketName', '$.key', '$."x-amz-copy-source"', '$."x-amz-copy-source-range"', '$."X-Amz-Date"',
      '$."X-Amz-Expires"', '$."x-asked-from"', '$.versionId'
    ]) AS texts,
    json_extract_string(requestParameters, [
      '$.bucketName[0]', '$.key[0]', '$."x-amz-copy-source"[0]', '$."x-amz-copy-source-range"[0]',
      '$."X-Amz-Date"[0]', '$."X-Amz-Expires"[0]', '$."x-asked-from"[0]', '$.versionId[0]'
    ]) AS listed_texts,
    list_transform(texts, lambda value, place: coalesce(listed_texts[place], value)) AS request,
    json_extract_string(additionalEventData, ['$.AuthenticationMethod', '$.bytesTransferredOut']) AS extra
  FROM trail_requests
), sources AS (
  SELECT
    *,
    -- The version ID is removed before decoding, because keys may contain "?", encoded as "%3F".
    regexp_replace(request[3], '(?s)\?versionId=.*$', '') AS source
  FROM extracted
)
SELECT
  id,
  coalesce(resourceBucket, request[1]) AS request_bucket,
  request[2] AS request_key,
  request[8] AS request_version,
  -- The name of the resource, also if the request has its ARN; null if there are several. Names of log groups contain
  -- "/", and their ARNs may end with ":*". Names and ARNs of functions may end with the name of a version or alias.
  coalesce(
    nullif(regexp_extract(coalesce(
      requestParameters ->> '$.functionName',
      CASE WHEN contains(requestParameters ->> '$.resourceArn', ':function:')
        THEN requestParameters ->> '$.resourceArn' END
    ), '^(?:.*function:)?([^:/]+)', 1), ''),
    nullif(regexp_extract(coalesce(
      -- For a table or view, its database.
      requestParameters ->> '$.databaseName', requestParameters ->> '$.workGroup', requestParameters ->> '$.restApiId',
      requestParameters ->> '$.userPoolId', requestParameters ->> '$.alarmName', requestParameters ->> '$.ruleName',
      requestParameters ->> '$.name', requestParameters ->> '$.trailName', requestParameters ->> '$.keyId',
      requestParameters ->> '$.roleName', requestParameters ->> '$.rule',
      CASE WHEN (requestParameters ->> '$.alarmNames[1]') IS NULL THEN requestParameters ->> '$.alarmNames[0]' END,
      CASE WHEN (requestParameters ->> '$.ruleNames[1]') IS NULL THEN requestParameters ->> '$.ruleNames[0]' END
    ), '([^/:]+)$', 1), ''),
    requestParameters ->> '$.logGroupName',
    nullif(regexp_extract(requestParameters ->> '$.logGroupIdentifier', '(?:.*:log-group:)?([^:]+)', 1), '')
  ) AS resource,
  coalesce(
    responseElements ->> '$.credentials.accessKeyId',
    -- IAM Roles Anywhere.
    responseElements ->> '$.credentialSet[0].credentials.accessKeyId'
  ) AS issued_access_key_id,
  -- Values of tags cannot contain quotation marks.
  coalesce(
    nullif(regexp_extract(
      CAST(requestParameters -> '$.tags' AS varchar), '[{]"key":"invocation-id","value":"([^"]+)"[}]', 1
    ), ''),
    nullif(regexp_extract(
      CAST(requestParameters -> '$.tags' AS varchar), '[{]"value":"([^"]+)","key":"invocation-id"[}]', 1
    ), '')
  ) AS invocation_id,
  coalesce((requestParameters ->> '$."x-amz-bypass-governance-retention"') = 'true', false) AS bypasses_retention,
  requestParameters,
  CAST(responseElements AS varchar) AS response_elements,
  additionalEventData,
  -- Callers choose these values, so an invalid one must only become null. DuckDB would keep incomplete escapes, and
  -- Trino would decode bytes that are not UTF-8 as U+FFFD. Neither is a valid key.
  CASE
    WHEN NOT regexp_matches(source, '%([^0-9A-Fa-f]|[0-9A-Fa-f]([^0-9A-Fa-f]|$)|$)')
      AND NOT contains(TRY(url_decode(source)), chr(65533))
      THEN regexp_replace(TRY(url_decode(source)), '^/', '')
  END AS copy_source,
  request[4] AS copy_range,
  TRY_CAST(regexp_extract(request[4], '^bytes=([0-9]{1,15})-([0-9]{1,15})$', 2) AS bigint)
    - TRY_CAST(regexp_extract(request[4], '^bytes=([0-9]{1,15})-([0-9]{1,15})$', 1) AS bigint) + 1 AS range_bytes,
  CAST(
    try_strptime(nullif(regexp_extract(request[5], '^[1-9][0-9]{7}T[0-9]{6}Z$'), ''), '%Y%m%dT%H%M%SZ') AS timestamp
  ) AS link_signed_at,
  request[6] AS link_lifetime,
  request[7] AS asked_from,
  address_key(request[7]) AS asked_from_key,
  extra[1] AS authentication_method,
  TRY_CAST(TRY_CAST(extra[2] AS double) AS bigint) AS bytes
FROM sources;

-- IDs of a record, from the columns of its facts. Converting them to text is slow, so it is done only when a query
-- reads them.
CREATE OR REPLACE MACRO event_id_of(event_uuid, event_text) AS (
  CASE WHEN event_uuid IS NULL THEN event_text ELSE CAST(event_uuid AS varchar) END
);

CREATE OR REPLACE MACRO request_id_of(request_letters, request_text) AS (
  CASE
    WHEN request_letters IS NULL THEN request_text
    ELSE CAST(decode(unhex(replace(CAST(request_letters AS varchar), '-', ''))) AS varchar)
  END
);

-- Callers with their addresses and actions: the parts that are the same in many records.
CREATE OR REPLACE VIEW record_callers AS
WITH callers AS (
  SELECT DISTINCT identity, context FROM trail_facts
), contexts AS (
  SELECT
    c.*,
    -- The account of the store. Only its roles and users have short names.
    coalesce(
      nullif(regexp_extract(s.session_role_arns, ':iam::([0-9]{12}):', 1), ''),
      CAST(c.bucketAccount AS varchar), CAST(c.recipientAccountId AS varchar)
    ) AS home_account
  FROM record_contexts c
  CROSS JOIN audit_settings s
)
SELECT
  f.identity,
  f.context,
  -- Names that an SDK, an instance, a task or a pod generates for each session. They do not identify a caller, so all
  -- such sessions of a role are one principal. No session name contains "*".
  regexp_replace(coalesce(
    i.directory_user,
    i.source_identity,
    i.role_name || '=' || i.federated_user
      || CASE WHEN i.principal_account = c.home_account THEN '' ELSE ' of ' || i.principal_account END,
    -- The same format as the session names of the store, so that a person is the same principal with and without the
    -- API.
    CASE WHEN i.principal_account = c.home_account
      AND NOT contains(i.role_name || i.session_name, '=')
      -- A role named like a permission set, but without the suffix, must not be mistaken for it.
      AND NOT (i.role_name LIKE 'AWSReservedSSO_%' AND i.role_name = i.lasting_role_name)
      THEN i.lasting_role_name || '=' || i.session_name END,
    CASE
      WHEN i.principal_type = 'IAMUser' AND i.principal_account = c.home_account
        AND NOT contains(i.user_name, '=') THEN i.user_name END,
    CASE
      WHEN i.lasting_role_name <> i.role_name
        THEN replace(i.arn, '/' || i.role_name || '/', '/' || i.lasting_role_name || '_*/')
      ELSE i.arn
    END,
    CASE WHEN i.principal_account = 'ANONYMOUS_PRINCIPAL' THEN i.principal_account END,
    i.other_name,
    -- Shared by several callers, so it must not look like a person.
    coalesce(i.principal_type, 'unknown') || coalesce(' of ' || i.principal_account, ' at ' || c.sourceIPAddress, '')
      || ' (not a person)'
  ),
    '^([^=/]+=|arn:[^/]*:assumed-role/[^/]+/)(?:'
    || 'botocore-session-.*|AWS-CLI-session-.*|AWSCLI-Session.*|aws-sdk-js-.*|aws-go-sdk-.*|aws-sdk-java-.*'
    || '|aws-sdk-kotlin-.*|aws-sdk-php-.*|aws-dotnet-sdk-session-.*|assume-role-from-profile-.*|assume-role-provider-.*'
    || '|web-identity-token-.*|aws-common-runtime-profile-config.*|default_session|1[0-9]{18}|i-[0-9a-f]{8,17}|[0-9a-f]{32}'
    || '|(?:eks-.+-|AWSCodeBuild-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
    || '|.+-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}'
    || ')(?:\+[0-9a-f]{16})?$',
    '\1*'
  ) AS principal,
  i.principal_type,
  i.principal_account,
  i.session_name,
  i.source_identity,
  i.role_arn,
  i.access_key_id,
  i.invoked_by,
  c.sourceIPAddress AS source_ip,
  c.source_ip_key,
  c.vpcEndpointId AS vpc_endpoint,
  c.userAgent AS user_agent,
  c.eventSource AS event_source,
  c.eventName AS action,
  c.eventType AS event_type,
  c.read_only,
  c.errorMessage AS error_message,
  c.result,
  c.errorCode AS error_code,
  c.event_category,
  c.recipientAccountId AS account,
  c.awsRegion AS region,
  c.askedFrom AS asked_from,
  c.asked_from_key,
  -- Data events of S3. NetworkActivity events would duplicate these requests, and management events can also have byte
  -- counts.
  coalesce(c.eventSource = 's3.amazonaws.com' AND c.event_category = 'Data', false) AS is_of_object,
  coalesce(c.eventName IN ('CopyObject', 'UploadPartCopy'), false) AS is_copy,
  coalesce(
    c.eventName IN (
      'GetObject', 'GetObjectTorrent', 'GetObjectAnnotation', 'SelectObjectContent', 'CopyObject', 'UploadPartCopy'
    ), false
  ) AND c.result = 'ok' AS is_read_of_bytes
FROM callers f
LEFT JOIN record_identities i ON f.identity = i.id
LEFT JOIN contexts c ON f.context = c.id;

-- The JSON of an object with more members. json_merge_patch is slow for millions of records.
CREATE OR REPLACE MACRO with_members(json_object, members) AS (
  '{' || members || CASE WHEN coalesce(json_object, '{}') = '{}' THEN '}' ELSE ',' || substr(json_object, 2) END
);

CREATE OR REPLACE VIEW trail_events AS
SELECT
  f.event_time, f.event_day, c.principal, c.principal_type, c.principal_account, c.session_name, c.source_identity,
  c.role_arn, c.access_key_id, c.source_ip, c.source_ip_key, c.vpc_endpoint, c.user_agent, c.event_source, c.action,
  c.event_type, c.read_only, c.invoked_by, c.error_message, r.request_bucket, r.request_key, r.request_version,
  r.resource, r.issued_access_key_id, r.invocation_id, r.bypasses_retention,
  CASE
    WHEN f.link_signed_at IS NULL AND f.link_lifetime_seconds IS NULL AND c.asked_from IS NULL
      THEN CAST(r.requestParameters AS varchar)
    ELSE with_members(CAST(r.requestParameters AS varchar), concat_ws(
      ',', '"X-Amz-Date":"' || strftime(f.link_signed_at, '%Y%m%dT%H%M%SZ') || '"',
      '"X-Amz-Expires":"' || f.link_lifetime_seconds || '"',
      '"x-asked-from":' || CAST(to_json(CAST(c.asked_from AS varchar)) AS varchar)
    ))
  END AS request_parameters,
  r.response_elements,
  CASE
    WHEN f.bytes IS NULL THEN CAST(r.additionalEventData AS varchar)
    ELSE with_members(CAST(r.additionalEventData AS varchar), '"bytesTransferredOut":' || f.bytes)
  END AS additional_event_data,
  c.result, c.error_code,
  request_id_of(f.request_letters, f.request_text) AS request_id,
  event_id_of(f.event_uuid, f.event_text) AS event_id,
  c.event_category, c.account, c.region
FROM trail_facts f
JOIN record_callers c ON f.identity = c.identity AND f.context = c.context
LEFT JOIN record_requests r ON f.request = r.id;

-- Lines that could not be parsed have a row as well, with the day of their file and nothing else.
CREATE OR REPLACE VIEW access_log_requests AS
WITH timed AS (
  SELECT
    *,
    -- S3 writes UTC. Copies of the logs may have other offsets.
    TRY_CAST(
      try_strptime(regexp_extract(request_time, '^(.{20}) [+-][0-9]{4}$', 1), '%d/%b/%Y:%H:%M:%S') AS timestamp
    )
      - CASE WHEN substr(request_time, 22, 1) = '-' THEN -1 ELSE 1 END * (
        60 * TRY_CAST(substr(request_time, 23, 2) AS bigint) + TRY_CAST(substr(request_time, 25, 2) AS bigint)
      ) * INTERVAL '1' MINUTE AS event_time
  FROM access_log_records
)
SELECT
  event_time,
  coalesce(strftime(event_time, '%Y-%m-%d'), delivery_day) AS event_day,
  bucket_owner,
  bucket,
  nullif(source_ip, '-') AS source_ip,
  address_key(source_ip) AS source_ip_key,
  nullif(requester, '-') AS requester,
  nullif(request_id, '-') AS request_id,
  operation,
  nullif(object_key, '-') AS object_key,
  nullif(nullif(trim(request_uri, '"'), '-'), '') AS request_uri,
  whole_number(http_status) AS http_status,
  nullif(error_code, '-') AS error_code,
  whole_number(bytes_sent) AS bytes_sent,
  whole_number(object_size) AS object_size,
  whole_number(total_time_ms) AS total_time_ms,
  whole_number(turn_around_time_ms) AS turn_around_time_ms,
  nullif(nullif(trim(referer, '"'), '-'), '') AS referer,
  nullif(nullif(trim(user_agent, '"'), '-'), '') AS user_agent,
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
FROM timed;

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
    request_parameters ->> '$.roleArn' AS opened_role_arn,
    coalesce(
      request_parameters ->> '$.roleSessionName',
      CASE WHEN action = 'GetFederationToken' THEN request_parameters ->> '$.name' END
    ) AS opened_session_name,
    CASE WHEN issued_access_key_id IS NULL THEN request_id ELSE invocation_id END AS invocation_id,
    issued_access_key_id IS NULL AS is_invocation,
    coalesce(principal_type = 'AWSService' AND invoked_by = s.invoking_service, false) AS by_service,
    event_id
  FROM trail_events
  CROSS JOIN audit_settings s
  WHERE (issued_access_key_id IS NOT NULL AND result = 'ok')
    OR (event_source = 'lambda.amazonaws.com' AND action LIKE 'Invoke%' AND issued_access_key_id IS NULL)
), days AS (
  SELECT
    CAST(CAST(TRY_CAST(event_day AS date) + days_later * INTERVAL '1' DAY AS date) AS varchar) AS for_day, witnesses.*
  FROM witnesses
  CROSS JOIN (VALUES (-1), (0), (1)) AS later (days_later)
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
  SELECT
    request_id, CAST(CAST(TRY_CAST(event_day AS date) + days_later * INTERVAL '1' DAY AS date) AS varchar) AS for_day,
    principal
  FROM trail_events
  CROSS JOIN (VALUES (0), (1)) AS later (days_later)
  WHERE event_source = 'lambda.amazonaws.com' AND action LIKE 'Invoke%'
)
SELECT request_id, for_day, min(principal) AS principal
FROM days
WHERE request_id IS NOT NULL
GROUP BY request_id, for_day;

-- One number for a request and whether it is a copy, which determines the meaning of its parameters. With a single
-- number, DuckDB joins callers and objects only through the facts.
CREATE OR REPLACE MACRO object_number(request, is_copy) AS (
  2 * CAST(request AS bigint) + CASE WHEN is_copy THEN 1 ELSE 0 END
);

-- Objects of the requests to S3.
CREATE OR REPLACE VIEW record_objects AS
WITH requests AS (
  SELECT DISTINCT f.request, c.is_copy
  FROM trail_facts f
  JOIN record_callers c ON f.identity = c.identity AND f.context = c.context
  WHERE c.is_of_object
), objects AS (
  SELECT
    f.request,
    f.is_copy,
    -- The source of a copy is <bucket>/<key>, or <ARN of an access point>/object/<key>.
    CASE
      WHEN NOT f.is_copy THEN r.request_bucket
      WHEN r.copy_source LIKE 'arn:%' THEN nullif(regexp_extract(r.copy_source, '^(arn:[^/]+/[^/]+)/object/', 1), '')
      ELSE nullif(split_part(r.copy_source, '/', 1), '')
    END AS bucket,
    CASE
      WHEN NOT f.is_copy THEN r.request_key
      WHEN r.copy_source LIKE 'arn:%' THEN nullif(regexp_extract(r.copy_source, '^arn:[^/]+/[^/]+/object/(.+)$', 1), '')
      ELSE nullif(substr(r.copy_source, length(split_part(r.copy_source, '/', 1)) + 2), '')
    END AS object_key,
    CASE WHEN f.is_copy THEN r.request_bucket || '/' || r.request_key END AS destination,
    CASE WHEN f.is_copy THEN r.request_bucket END AS copied_to,
    r.copy_range, r.range_bytes, r.authentication_method, r.bytes, r.link_signed_at, r.link_lifetime, r.asked_from,
    r.asked_from_key
  FROM requests f
  LEFT JOIN record_requests r ON f.request = r.id
), kinds AS (
  SELECT
    o.*,
    CASE
      WHEN coalesce(among(o.bucket, s.log_buckets), false) THEN 'log'
      WHEN object_key LIKE 'models/%/blobs/sha256/%' THEN 'blob'
      WHEN object_key LIKE 'models/%/versions/%/manifest.json' THEN 'manifest'
      WHEN object_key LIKE 'models/%/versions/%/model.sig' THEN 'signature'
      WHEN object_key LIKE 'models/%/aliases/%.json' THEN 'alias'
      WHEN object_key LIKE 'verdicts/%/%.json' THEN 'verdict'
      -- A principal that may write to the artifact bucket must not be able to hide models as logs.
      WHEN object_key LIKE '%AWSLogs/%' AND coalesce(o.bucket <> s.artifact_bucket, true) THEN 'log'
      ELSE 'other'
    END AS object_kind
  FROM objects o
  CROSS JOIN audit_settings s
  WHERE s.artifact_bucket IS NULL OR o.bucket IS NULL OR o.bucket = s.artifact_bucket
    OR coalesce(among(o.bucket, s.log_buckets), false)
    -- Access points have other names than the bucket, and may belong to the artifact bucket.
    OR regexp_matches(o.bucket, '^arn:|-s3alias$|--(?:ol|op|xa)-s3$|\.mrap$|\.amazonaws\.com')
)
SELECT
  object_number(request, is_copy) AS id,
  * EXCLUDE (request, is_copy),
  CASE WHEN object_kind <> 'log' AND (object_key LIKE 'models/%/%' OR object_key LIKE 'verdicts/%/%')
    THEN split_part(object_key, '/', 2) END
    AS model,
  CASE WHEN object_kind IN ('manifest', 'signature') THEN split_part(object_key, '/', 4) END AS version,
  CASE
    WHEN object_kind = 'blob' THEN split_part(object_key, '/', 5)
    WHEN object_kind = 'verdict' THEN regexp_replace(split_part(object_key, '/', 3), '\.json$', '')
  END AS digest,
  CASE WHEN object_kind = 'alias' THEN regexp_replace(split_part(object_key, '/', 4), '\.json$', '') END AS alias
FROM kinds;

-- Requests for objects, with their IDs in the format of the facts.
CREATE OR REPLACE VIEW egress_records AS
WITH copies AS (
  -- The trail may have the request under the next day.
  SELECT
    request_id, CAST(CAST(TRY_CAST(event_day AS date) + days_later * INTERVAL '1' DAY AS date) AS varchar) AS for_day,
    object_size
  FROM access_log_requests
  CROSS JOIN (VALUES (0), (1)) AS later (days_later)
  WHERE operation LIKE 'REST.COPY.%'
), copied AS (
  SELECT request_id, for_day, max(object_size) AS object_size
  FROM copies
  GROUP BY request_id, for_day
), requests AS (
  SELECT
    f.event_time, f.event_day, f.request_letters, f.request_text, f.event_uuid, f.event_text,
    c.* EXCLUDE (identity, context, is_of_object, asked_from, asked_from_key, is_read_of_bytes),
    -- What is copied within a bucket stays there.
    c.is_read_of_bytes AND NOT coalesce(c.is_copy AND o.bucket = o.copied_to, false) AS egress,
    o.object_kind IN ('manifest', 'signature', 'alias', 'verdict') AS is_bookkeeping,
    o.bucket, o.object_key, o.destination, o.object_kind, o.model, o.version, o.digest, o.alias,
    o.authentication_method, o.range_bytes, o.copy_range,
    coalesce(f.bytes, o.bytes) AS bytes,
    coalesce(o.authentication_method = 'QueryString', false) OR o.link_lifetime IS NOT NULL
      OR f.link_lifetime_seconds IS NOT NULL AS presigned,
    coalesce(f.link_signed_at, o.link_signed_at) AS signed_at,
    coalesce(f.link_lifetime_seconds, whole_number(o.link_lifetime)) AS lifetime_seconds,
    coalesce(c.asked_from, o.asked_from) AS link_asked_from,
    coalesce(c.asked_from_key, o.asked_from_key) AS link_asked_from_key,
    -- Only for copies, because converting IDs to text is slow.
    CASE WHEN c.is_copy THEN request_id_of(f.request_letters, f.request_text) END AS copy_id,
    CASE WHEN c.session_name = c.source_identity THEN c.source_identity END AS invocation_id,
    -- The store uses the same session name and source identity, which identifies its sessions if its roles are unknown.
    coalesce(
      CASE
        WHEN s.session_role_arns IS NULL THEN c.source_identity = c.session_name
        ELSE among(c.role_arn, s.session_role_arns)
      END,
      false
    ) AS by_store,
    s.function_role_arns
  FROM trail_facts f
  JOIN record_callers c ON f.identity = c.identity AND f.context = c.context
  JOIN record_objects o ON o.id = object_number(f.request, c.is_copy)
  CROSS JOIN audit_settings s
  WHERE c.is_of_object
), callers AS (
  SELECT
    r.*, invoked.principal AS invoked_by_name, o.invoker, o.opened_by,
    CASE
      WHEN NOT r.by_store THEN 'record'
      WHEN o.access_key_id IS NOT NULL AND r.function_role_arns IS NOT NULL
        AND NOT coalesce(among(o.opener_role_arn, r.function_role_arns), false) THEN 'opener'
      WHEN o.invoker IS NOT NULL THEN 'invoker'
      WHEN o.by_api THEN 'api'
      WHEN invoked.principal IS NOT NULL THEN 'invoker'
      ELSE 'unchecked'
    END AS principal_source
  FROM requests r
  LEFT JOIN opened_sessions o ON o.access_key_id = r.access_key_id AND o.for_day = r.event_day
  LEFT JOIN invocations invoked ON invoked.request_id = r.invocation_id AND invoked.for_day = r.event_day
)
SELECT
  r.* EXCLUDE (
    principal, range_bytes, copy_range, bytes, signed_at, lifetime_seconds, copy_id, invocation_id, by_store,
    function_role_arns, invoked_by_name, invoker, opened_by
  ),
  CASE
    WHEN r.principal_source = 'invoker' THEN coalesce(r.invoker, r.invoked_by_name)
    WHEN r.principal_source = 'opener' THEN r.opened_by
    ELSE r.principal
  END AS principal,
  -- If the range is invalid, the number of bytes is unknown.
  CASE
    WHEN NOT r.egress THEN 0
    WHEN r.is_copy THEN coalesce(r.range_bytes, CASE WHEN r.copy_range IS NULL THEN copied.object_size END)
    ELSE r.bytes
  END AS bytes_out,
  CASE
    WHEN NOT r.egress THEN 'trail'
    WHEN r.is_copy AND r.range_bytes IS NOT NULL THEN 'trail'
    WHEN r.is_copy AND r.copy_range IS NULL AND copied.object_size IS NOT NULL THEN 'object size'
    WHEN NOT r.is_copy AND r.bytes IS NOT NULL THEN 'trail'
    ELSE 'unknown'
  END AS bytes_source,
  CASE WHEN r.presigned THEN r.signed_at END AS link_signed_at,
  CASE WHEN r.presigned THEN r.lifetime_seconds END AS link_lifetime_seconds
FROM callers r
LEFT JOIN copied ON copied.request_id = r.copy_id AND copied.for_day = r.event_day;

CREATE OR REPLACE VIEW egress_events AS
SELECT
  event_time, event_day, principal, principal_type, principal_account, session_name, source_identity, role_arn,
  access_key_id, source_ip, source_ip_key, vpc_endpoint, user_agent, event_source, action, bucket, object_key,
  destination, object_kind, is_bookkeeping, model, version, digest, alias, egress, bytes_out, bytes_source,
  authentication_method, presigned, link_signed_at, link_lifetime_seconds, link_asked_from, link_asked_from_key, principal_source, result,
  error_code,
  request_id_of(request_letters, request_text) AS request_id,
  event_id_of(event_uuid, event_text) AS event_id,
  event_category, account, region
FROM egress_records;

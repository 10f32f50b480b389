import type { AuditColumn, AuditColumnType } from './audit-columns';
import { AUDIT_SETTINGS } from './audit-settings';

export type { AuditColumn, AuditColumnType } from './audit-columns';

/**
 * Columns of the views that the audit queries read. The queries are the same on every engine; each engine has its own
 * definitions of these views.
 */

function column(name: string, type: AuditColumnType, description: string): AuditColumn {
  return { name, type, description };
}

const WHO_AND_WHERE: readonly AuditColumn[] = [
  column('event_time', 'timestamp', 'Time at which the service received the request, in UTC'),
  column('event_day', 'varchar',
    'Day (UTC, YYYY-MM-DD) under which the archive stores the record: the day of its delivery, minutes after the '
    + 'event, or of the event if that is unknown. Every query filters by it, so that only these days are read'),
  column('principal', 'varchar',
    'The caller: the IAM Identity Center user that a role or service acted for; otherwise the source identity of the '
    + 'session, which the store sets to the caller; otherwise <role>=<session> for a role of the account, the name of '
    + 'an IAM user, or the ARN. A caller known only by account or address ends with "(not a person)". Sessions with a '
    + 'generated name are one principal: <role>=*'),
  column('principal_type', 'varchar',
    'Type of the identity that signed, as in CloudTrail: AssumedRole, IAMUser, AWSService, …'),
  column('principal_account', 'varchar', 'Account of that identity; ANONYMOUS_PRINCIPAL for unsigned requests'),
  column('session_name', 'varchar', 'The name of the role session'),
  column('source_identity', 'varchar', 'Source identity of the session; it persists through role chaining'),
  column('role_arn', 'varchar', 'ARN of the role of the session'),
  column('access_key_id', 'varchar', 'ID of the access key that signed; each session has its own'),
  column('source_ip', 'varchar', 'Address of the caller, or the name of the AWS service that called'),
  column('source_ip_key', 'varchar',
    'The address as 32 lower-case hexadecimal digits of its 16 bytes (IPv4 mapped into IPv6), so that a network is a '
    + 'range of strings; null if there is no address'),
  column('vpc_endpoint', 'varchar', 'ID of the VPC endpoint of the request'),
  column('user_agent', 'varchar', 'User agent that the caller sent'),
  column('event_source', 'varchar', 'The service that was called, such as s3.amazonaws.com'),
  column('action', 'varchar', 'The operation, such as GetObject'),
];

const OUTCOME: readonly AuditColumn[] = [
  column('result', 'varchar', 'ok, denied, or error'),
  column('error_code', 'varchar', 'Error code of the service; null if there was no error'),
  column('request_id', 'varchar', 'Request ID, the same as in the S3 access logs'),
  column('event_id', 'varchar', 'ID of the record'),
  column('event_category', 'varchar', 'Data, Management, …; derived from the action if the record does not say it'),
  column('account', 'varchar', 'The account that the record was delivered for'),
  column('region', 'varchar', 'The Region that was called'),
];

/** `egress_events`: every request to an object in the store or in the log archive. */
export const EGRESS_EVENT_COLUMNS: readonly AuditColumn[] = [
  ...WHO_AND_WHERE,
  column('bucket', 'varchar', 'The bucket; for a copy, the source bucket'),
  column('object_key', 'varchar', 'Key of the object; for a copy, of the source object'),
  column('destination', 'varchar', 'For a copy: the destination, as <bucket>/<key>'),
  column('object_kind', 'varchar', 'blob, manifest, signature, alias, verdict, log or other'),
  column('is_bookkeeping', 'boolean',
    'Whether the object is a manifest, signature, alias or verdict, which describes a model but is not part of it'),
  column('model', 'varchar', 'The model that the object belongs to'),
  column('version', 'varchar', 'Version of a manifest or signature; a blob belongs to every version that contains it'),
  column('digest', 'varchar', 'Digest of a blob, or of the file of a verdict'),
  column('alias', 'varchar', 'Alias that the object stores'),
  column('egress', 'boolean',
    'Whether bytes of the object were read: true for successful reads, and copies to another bucket'),
  column('bytes_out', 'bigint', 'Bytes read; 0 if none, null if unknown'),
  column('bytes_source', 'varchar',
    'Source of bytes_out: trail; object size, for a copy (the trail has the size of the XML response to a copy, not of '
    + 'the copied object); unknown'),
  column('authentication_method', 'varchar', 'AuthHeader or QueryString'),
  column('presigned', 'boolean', 'Whether the request used a presigned URL'),
  column('link_signed_at', 'timestamp', 'Time at which the URL was presigned, in UTC'),
  column('link_lifetime_seconds', 'bigint', 'Lifetime of the presigned URL'),
  column('link_asked_from', 'varchar',
    'Address that requested the presigned URL, if the URL contains it (x-asked-from)'),
  column('link_asked_from_key', 'varchar', 'That address, in the form of source_ip_key'),
  column('principal_source', 'varchar',
    'How the principal is known: record (the request itself names who signed it); api (a session of the store, opened '
    + 'for a request that the API authenticated); invoker (a session of the store, opened by a direct invocation of a '
    + 'function, so the principal is who invoked it); opener (a session of the store that the functions did not open, '
    + 'so the principal is who did); unchecked (a session of the store whose AssumeRole or Invoke record is missing, '
    + 'so the principal is only what the session claims)'),
  ...OUTCOME,
];

/** `trail_events`: every record of the trail. */
export const TRAIL_EVENT_COLUMNS: readonly AuditColumn[] = [
  ...WHO_AND_WHERE,
  column('event_type', 'varchar', 'Type of the event, such as AwsApiCall or AwsServiceEvent'),
  column('read_only', 'boolean', 'Whether the operation is read-only'),
  column('invoked_by', 'varchar', 'AWS service that called on behalf of the principal'),
  column('error_message', 'varchar', 'Error message of the service'),
  column('request_bucket', 'varchar',
    'The bucket that the record lists as its resource, or that the request names; for a copy, its destination'),
  column('request_key', 'varchar', 'The object\'s key in the request'),
  column('request_version', 'varchar', 'The object\'s version in the request'),
  column('resource', 'varchar',
    'Name or ID of another resource in the request: a trail, key, log group, role or function'),
  column('issued_access_key_id', 'varchar', 'For a new session: the ID of its access key'),
  column('invocation_id', 'varchar',
    'For a new session of the store: the ID of the function\'s invocation that opened it (session tag invocation-id)'),
  column('bypasses_retention', 'boolean', 'Whether the request asked to bypass governance retention'),
  column('request_parameters', 'varchar', 'JSON'),
  column('response_elements', 'varchar', 'JSON'),
  column('additional_event_data', 'varchar', 'JSON'),
  ...OUTCOME,
];

/**
 * `access_log_requests`: every line of the S3 server access logs. A line that could not be parsed has only `event_day`.
 */
export const ACCESS_LOG_COLUMNS: readonly AuditColumn[] = [
  column('event_time', 'timestamp', 'When S3 received the request, in UTC'),
  column('event_day', 'varchar', 'Day of the event in UTC, YYYY-MM-DD'),
  column('bucket_owner', 'varchar', 'Canonical user ID of the bucket owner'),
  column('bucket', 'varchar', 'The bucket'),
  column('source_ip', 'varchar', 'Address of the caller'),
  column('source_ip_key', 'varchar', 'The address as 32 lower-case hexadecimal digits'),
  column('requester', 'varchar', 'ARN or canonical user ID of the caller; null for unsigned requests'),
  column('request_id', 'varchar', 'Request ID, the same as in the trail'),
  column('operation', 'varchar', 'Such as REST.GET.OBJECT'),
  column('object_key', 'varchar', 'The object\'s key, as S3 writes it (URL-encoded)'),
  column('request_uri', 'varchar', 'The first line of the request; it contains the signature of a presigned URL'),
  column('http_status', 'bigint', 'HTTP status of the response'),
  column('error_code', 'varchar', 'Error code of S3'),
  column('bytes_sent', 'bigint', 'Bytes of the response, without protocol overhead'),
  column('object_size', 'bigint', 'Size of the whole object in bytes'),
  column('total_time_ms', 'bigint', 'Milliseconds from the arrival of the request to the last byte of the response'),
  column('turn_around_time_ms', 'bigint', 'Milliseconds until the first byte of the response'),
  column('referer', 'varchar', 'The header of that name'),
  column('user_agent', 'varchar', 'The header of that name'),
  column('version_id', 'varchar', 'The version in the request'),
  column('host_id', 'varchar', 'Extended request ID'),
  column('signature_version', 'varchar', 'SigV2 or SigV4'),
  column('cipher_suite', 'varchar', 'The cipher of TLS'),
  column('authentication_type', 'varchar', 'AuthHeader or QueryString'),
  column('host_header', 'varchar', 'The endpoint that was called'),
  column('tls_version', 'varchar', 'The version of TLS'),
  column('access_point_arn', 'varchar', 'The access point that was called'),
  column('acl_required', 'varchar', 'Yes if an access control list was needed to allow the request'),
  column('source_region', 'varchar', 'The Region that the request came from'),
  column('further_fields', 'varchar', 'Fields that S3 has added to the format since'),
];

/** `audit_settings` has one row. Lists are comma-separated; null means unknown and disables the limits based on it. */
export const AUDIT_SETTING_COLUMNS: readonly AuditColumn[] = AUDIT_SETTINGS.map(
  ({ name, type, description }) => column(name, type, description),
);

/** `perimeter_networks`: the networks of the perimeter; empty if there are none. */
export const PERIMETER_NETWORK_COLUMNS: readonly AuditColumn[] = [
  column('first_key', 'varchar', 'First address, in the form of source_ip_key'),
  column('last_key', 'varchar', 'Last address, in the form of source_ip_key'),
];

/** `delivered_events`: the same, with each record as often as it was delivered. Only on Athena. */
export const DELIVERED_EVENT_COLUMNS: readonly AuditColumn[] = [
  ...TRAIL_EVENT_COLUMNS,
  column('is_counted', 'boolean',
    'Whether the record counts: false for a duplicate, for the record of a second account about the same request, and '
    + 'for a record that an addendum replaced'),
];

/** `invocations`: direct invocations of the functions, used to attribute sessions that are named by a request ID. */
export const INVOCATION_COLUMNS: readonly AuditColumn[] = [
  column('request_id', 'varchar', 'ID of the invocation, which is the session name'),
  column('for_day', 'varchar', 'Day (YYYY-MM-DD) on which the session may have been used'),
  column('principal', 'varchar', 'Principal that invoked the function'),
];

/** `opened_sessions`: every session that was opened, with who opened it, for each day on which it may be used. */
export const OPENED_SESSION_COLUMNS: readonly AuditColumn[] = [
  column('access_key_id', 'varchar', 'ID of the access key of the session'),
  column('for_day', 'varchar', 'Day (YYYY-MM-DD) on which the session may have been used'),
  column('opened_at', 'timestamp', 'Time at which the session was opened, in UTC'),
  column('action', 'varchar', 'The operation that opened it, such as AssumeRole'),
  column('opened_by', 'varchar', 'Principal that opened it'),
  column('opener_type', 'varchar', 'Type of that identity, as in CloudTrail'),
  column('opener_role_arn', 'varchar', 'ARN of the role of that principal'),
  column('opener_name', 'varchar', 'User name or session name of that principal'),
  column('opener_access_key_id', 'varchar', 'ID of the access key of that principal'),
  column('opened_from', 'varchar', 'Address from which it was opened'),
  column('opened_role_arn', 'varchar', 'ARN of the role of the session, as requested'),
  column('opened_session_name', 'varchar', 'Name of the session, as requested'),
  column('invocation_id', 'varchar', 'For a session of the store: ID of the invocation that opened it'),
  column('invoker', 'varchar', 'Principal of that invocation, unless it was the API'),
  column('by_api', 'boolean', 'Whether the API invoked the function'),
];

const IN_CHAINS = [
  'access_key_id', 'for_day', 'opened_at', 'action', 'opened_by', 'opener_type', 'opener_role_arn', 'opened_from',
  'opened_role_arn', 'opened_session_name',
];

/** `session_chains`: the same sessions, with the first principal of a chain of sessions that opened each other. */
export const SESSION_CHAIN_COLUMNS: readonly AuditColumn[] = [
  ...OPENED_SESSION_COLUMNS.filter(({ name }) => IN_CHAINS.includes(name)),
  column('first_opened_by', 'varchar', 'First principal of the chain, up to eight sessions back'),
  column('first_opener_name', 'varchar', 'User name or session name of that principal'),
];

/** `habitual_reads`: downloads of models, for queries that compare principals with their own past. */
export const HABITUAL_READ_COLUMNS: readonly AuditColumn[] = [
  ...EGRESS_EVENT_COLUMNS.filter(({ name }) => ['event_time', 'event_day'].includes(name)),
  column('principal', 'varchar',
    'The principal. Each read of a direct role is included again for the role as a whole, as <role>=*'),
  ...EGRESS_EVENT_COLUMNS.filter(({ name }) => ['source_ip', 'object_key', 'model', 'bytes_out'].includes(name)),
];

/** The views, by name. */
export const AUDIT_VIEWS: { readonly [view: string]: readonly AuditColumn[] } = {
  egress_events: EGRESS_EVENT_COLUMNS,
  delivered_events: DELIVERED_EVENT_COLUMNS,
  trail_events: TRAIL_EVENT_COLUMNS,
  access_log_requests: ACCESS_LOG_COLUMNS,
  invocations: INVOCATION_COLUMNS,
  opened_sessions: OPENED_SESSION_COLUMNS,
  session_chains: SESSION_CHAIN_COLUMNS,
  habitual_reads: HABITUAL_READ_COLUMNS,
  audit_settings: AUDIT_SETTING_COLUMNS,
  perimeter_networks: PERIMETER_NETWORK_COLUMNS,
};

/**
 * Fields of a CloudTrail record that the views read. Objects are kept as JSON, because their content differs by
 * service.
 */
export const TRAIL_RECORD_FIELDS: readonly { readonly name: string; readonly type: 'varchar' | 'json' }[] = [
  ...[
    'eventTime', 'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent', 'errorCode', 'errorMessage',
    'requestID', 'eventID',
    'readOnly', 'eventType', 'managementEvent', 'recipientAccountId', 'eventCategory', 'vpcEndpointId', 'sharedEventID',
  ].map((name) => ({ name, type: 'varchar' as const })),
  ...['userIdentity', 'requestParameters', 'responseElements', 'additionalEventData', 'resources', 'addendum']
    .map((name) => ({ name, type: 'json' as const })),
];

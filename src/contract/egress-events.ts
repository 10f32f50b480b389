import type { AuditColumn, AuditColumnType } from './audit-columns';
import { AUDIT_SETTINGS } from './audit-settings';

export type { AuditColumn, AuditColumnType } from './audit-columns';

/**
 * The columns of the views that the audit queries read. Each engine has views of its own below the one SQL of the queries;
 * this is what they agree on.
 */

function column(name: string, type: AuditColumnType, description: string): AuditColumn {
  return { name, type, description };
}

const WHO_AND_WHERE: readonly AuditColumn[] = [
  column('event_time', 'timestamp', 'When S3, or whichever service it was, received the request, in UTC'),
  column('event_day', 'varchar',
    'Day in UTC, YYYY-MM-DD, below which the archive keeps the record: of its delivery, minutes after the event; of the event where '
    + 'that is unknown. Every query is limited by it, so that only these days are read'),
  column('principal', 'varchar',
    'Who it was: the user of IAM Identity Center that a role or a service acted for; else the source identity of the session, which the '
    + 'store sets to the caller; else <role>=<session> for a role of the account, the name of a user of the account, or the ARN. What is '
    + 'known by its account or address alone ends with "(not a person)"'),
  column('principal_type', 'varchar', 'What kind of identity signed, in CloudTrail\'s words: AssumedRole, IAMUser, AWSService, …'),
  column('principal_account', 'varchar', 'The account of that identity; ANONYMOUS_PRINCIPAL if nobody signed'),
  column('session_name', 'varchar', 'The name of the role session'),
  column('source_identity', 'varchar', 'The source identity that was set when the session began; it outlives role chaining'),
  column('role_arn', 'varchar', 'ARN of the role whose session it was'),
  column('access_key_id', 'varchar', 'Id of the access key that signed; one session has one'),
  column('source_ip', 'varchar', 'Address of the caller, or the name of the AWS service that called'),
  column('source_ip_key', 'varchar',
    'The address as 32 lower-case hexadecimal digits of its 16 bytes (IPv4 mapped into IPv6), so that a network is a range of strings; '
    + 'null if there is no address'),
  column('vpc_endpoint', 'varchar', 'Id of the VPC endpoint that the request came through'),
  column('user_agent', 'varchar', 'What the caller said it was'),
  column('event_source', 'varchar', 'The service that was called, such as s3.amazonaws.com'),
  column('action', 'varchar', 'The operation, such as GetObject'),
];

const OUTCOME: readonly AuditColumn[] = [
  column('result', 'varchar', 'ok, denied, or error'),
  column('error_code', 'varchar', 'The error, in the words of the service; null if there was none'),
  column('request_id', 'varchar', 'Id of the request, the same in the access logs of S3'),
  column('event_id', 'varchar', 'Id of the record'),
  column('event_category', 'varchar', 'Data, Management, …'),
  column('account', 'varchar', 'The account that the record was delivered for'),
  column('region', 'varchar', 'The Region that was called'),
];

/** `egress_events`: every request to an object of the store, and to the logs about them. */
export const EGRESS_EVENT_COLUMNS: readonly AuditColumn[] = [
  ...WHO_AND_WHERE,
  column('bucket', 'varchar', 'The bucket; of a copy, the bucket that was copied from'),
  column('object_key', 'varchar', 'The object\'s key; of a copy, of the object that was copied from'),
  column('destination', 'varchar', 'Of a copy: where to, as <bucket>/<key>'),
  column('object_kind', 'varchar', 'blob, manifest, signature, alias, verdict, log or other'),
  column('model', 'varchar', 'The model that the object belongs to'),
  column('version', 'varchar', 'The version that a manifest or signature belongs to; blobs belong to every version that names them'),
  column('digest', 'varchar', 'The digest of a blob, or of the file that a verdict is about'),
  column('alias', 'varchar', 'The alias that an object is about'),
  column('egress', 'boolean', 'Whether bytes of the object left: true for reads and copies that succeeded'),
  column('bytes_out', 'bigint', 'How many bytes left; 0 if none did, null if it is unknown'),
  column('bytes_source', 'varchar',
    'Where bytes_out is from: trail; object size, for a copy (the trail counts the XML answer to a copy, never what was copied); unknown'),
  column('authentication_method', 'varchar', 'AuthHeader or QueryString'),
  column('presigned', 'boolean', 'Whether the request was a presigned link'),
  column('link_signed_at', 'timestamp', 'When the link was signed, in UTC'),
  column('link_lifetime_seconds', 'bigint', 'For how long the link was signed'),
  column('link_asked_from', 'varchar', 'The address that asked for the link, if the link says it (x-asked-from)'),
  column('link_asked_from_key', 'varchar', 'That address, in the form of source_ip_key'),
  ...OUTCOME,
];

/** `trail_events`: every record of the trail. */
export const TRAIL_EVENT_COLUMNS: readonly AuditColumn[] = [
  ...WHO_AND_WHERE,
  column('event_type', 'varchar', 'Who made the event, such as AwsApiCall or AwsServiceEvent'),
  column('read_only', 'boolean', 'Whether the operation changes nothing'),
  column('invoked_by', 'varchar', 'The AWS service that called in the principal\'s name'),
  column('error_message', 'varchar', 'What the service said of the error'),
  column('request_bucket', 'varchar', 'The bucket in the request'),
  column('request_key', 'varchar', 'The object\'s key in the request'),
  column('request_version', 'varchar', 'The object\'s version in the request'),
  column('resource', 'varchar', 'Name or id of what else the request was about: a trail, a key, a log group, a role, a function'),
  column('issued_access_key_id', 'varchar', 'Of a session that was opened: the id of the access key that signs in it'),
  column('bypasses_retention', 'boolean', 'Whether the request asked to bypass governance retention'),
  column('request_parameters', 'varchar', 'JSON'),
  column('response_elements', 'varchar', 'JSON'),
  column('additional_event_data', 'varchar', 'JSON'),
  ...OUTCOME,
];

/** `access_log_requests`: every line of the S3 server access logs. */
export const ACCESS_LOG_COLUMNS: readonly AuditColumn[] = [
  column('event_time', 'timestamp', 'When S3 received the request, in UTC'),
  column('event_day', 'varchar', 'Day of the event in UTC, YYYY-MM-DD'),
  column('bucket_owner', 'varchar', 'Canonical user id of the owner of the bucket'),
  column('bucket', 'varchar', 'The bucket'),
  column('source_ip', 'varchar', 'Address of the caller'),
  column('source_ip_key', 'varchar', 'The address as 32 lower-case hexadecimal digits'),
  column('requester', 'varchar', 'ARN or canonical user id of the caller; null if nobody signed'),
  column('request_id', 'varchar', 'Id of the request, the same in the trail'),
  column('operation', 'varchar', 'Such as REST.GET.OBJECT'),
  column('object_key', 'varchar', 'The object\'s key, as S3 writes it (URL-encoded)'),
  column('request_uri', 'varchar', 'The first line of the request; it holds the signature of a presigned link'),
  column('http_status', 'bigint', 'The status of the answer'),
  column('error_code', 'varchar', 'The error, in the words of S3'),
  column('bytes_sent', 'bigint', 'Bytes of the answer, without the protocol'),
  column('object_size', 'bigint', 'Size of the whole object in bytes'),
  column('total_time_ms', 'bigint', 'Milliseconds from the request\'s arrival to the last byte of the answer'),
  column('turn_around_time_ms', 'bigint', 'Milliseconds that S3 took before the first byte of the answer'),
  column('referer', 'varchar', 'The header of that name'),
  column('user_agent', 'varchar', 'The header of that name'),
  column('version_id', 'varchar', 'The version in the request'),
  column('host_id', 'varchar', 'The extended request id'),
  column('signature_version', 'varchar', 'SigV2 or SigV4'),
  column('cipher_suite', 'varchar', 'The cipher of TLS'),
  column('authentication_type', 'varchar', 'AuthHeader or QueryString'),
  column('host_header', 'varchar', 'The endpoint that was called'),
  column('tls_version', 'varchar', 'The version of TLS'),
  column('access_point_arn', 'varchar', 'The access point that was called'),
  column('acl_required', 'varchar', 'Yes if an access control list was needed to allow the request'),
  column('source_region', 'varchar', 'The Region that the request came from'),
  column('further_fields', 'varchar', 'What S3 may have added to the format since'),
];

/** `audit_settings`: one row. Lists are separated by commas; null means unknown, and limits nothing. */
export const AUDIT_SETTING_COLUMNS: readonly AuditColumn[] = AUDIT_SETTINGS.map(({ name, type, description }) => column(name, type, description));

/** `perimeter_networks`: the networks of the perimeter; no row if it has none. */
export const PERIMETER_NETWORK_COLUMNS: readonly AuditColumn[] = [
  column('first_key', 'varchar', 'First address, in the form of source_ip_key'),
  column('last_key', 'varchar', 'Last address, in the form of source_ip_key'),
];

/** `invocations`: who invoked a function of the store directly, to name the sessions that it opened for them. */
export const INVOCATION_COLUMNS: readonly AuditColumn[] = [
  column('request_id', 'varchar', 'Id of the invocation, which the session has as its name'),
  column('for_day', 'varchar', 'A day, YYYY-MM-DD, on which the session may have been used'),
  column('principal', 'varchar', 'Who invoked'),
];

/** The views, by name. */
export const AUDIT_VIEWS: { readonly [view: string]: readonly AuditColumn[] } = {
  egress_events: EGRESS_EVENT_COLUMNS,
  trail_events: TRAIL_EVENT_COLUMNS,
  access_log_requests: ACCESS_LOG_COLUMNS,
  invocations: INVOCATION_COLUMNS,
  audit_settings: AUDIT_SETTING_COLUMNS,
  perimeter_networks: PERIMETER_NETWORK_COLUMNS,
};

/** The fields of a CloudTrail record that the views read. Those that are objects stay JSON: their content differs by service. */
export const TRAIL_RECORD_FIELDS: readonly { readonly name: string; readonly type: 'varchar' | 'json' }[] = [
  ...[
    'eventTime', 'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent', 'errorCode', 'errorMessage', 'requestID', 'eventID',
    'readOnly', 'eventType', 'managementEvent', 'recipientAccountId', 'eventCategory', 'vpcEndpointId',
  ].map((name) => ({ name, type: 'varchar' as const })),
  ...['userIdentity', 'requestParameters', 'responseElements', 'additionalEventData'].map((name) => ({ name, type: 'json' as const })),
];

import type { Behaviour } from '../behaviours';

const READ = '2026-11-28';
const DIGESTS = { url: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html', read: READ };
const SOURCE_IDENTITY = { url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html', read: READ };
const LOG_FORMAT = { url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html', read: READ };

const VENDED_FORMAT = { url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/sal-cw-log-format.html', read: '2026-11-29' };
const OCSF = { url: 'https://github.com/ocsf/examples', read: '2026-11-29' };

export const EVIDENCE: readonly Behaviour[] = [
  {
    id: 'cloudtrail.event-selectors',
    statement: 'CloudTrail accepts the trail\'s advanced event selectors: fields, operators and values.',
    reliedOn: 'src/audit/event-selectors.ts', integ: ['trail-record'],
  },
  {
    id: 'cloudtrail.data-events.recorded',
    statement: 'CloudTrail records reads and writes of the objects that the selectors select.',
    reliedOn: 'src/audit/event-selectors.ts', integ: ['trail-record'],
  },
  {
    id: 'cloudtrail.data-events.identity',
    statement: 'A data event contains session, role and source identity of the signer of the request or presigned URL.',
    reliedOn: 'src/contract/egress-events.ts', page: SOURCE_IDENTITY, integ: ['trail-record'],
  },
  {
    id: 'cloudtrail.data-events.bytes',
    statement: 'A data event counts the bytes that left in `additionalEventData.bytesTransferredOut`.',
    reliedOn: 'src/contract/egress-events.ts', integ: ['trail-record', 'audit-answer'],
  },
  {
    id: 'cloudtrail.assume-role.record',
    statement: 'An AssumeRole record has the session tags of the request, and the ID of the access key that the data events of the session have.',
    reliedOn: 'src/audit/views/athena.sql',
  },
  {
    id: 'cloudtrail.invocations.request-id',
    statement: 'The record of an invocation has the request ID that the function reads from its own context.',
    reliedOn: 'src/audit/views/athena.sql',
  },
  {
    id: 'cloudtrail.invocations.api-gateway',
    statement: 'API Gateway\'s own invocations are recorded with the type `AWSService`, invoked by `apigateway.amazonaws.com`.',
    reliedOn: 'src/audit/views/athena.sql',
  },
  {
    id: 'cloudtrail.invocations.events',
    statement: 'EventBridge receives the invocations that a trail records, with the name or ARN of the function.',
    reliedOn: 'src/monitoring/tamper/function-watches.ts',
  },
  {
    id: 'cloudtrail.omitted-parameters',
    statement: 'The record of a request whose parameters are too large has `requestParameters.omitted`, as a boolean or as text, in place of them.',
    reliedOn: 'src/monitoring/tamper/omitted-parameters.ts',
  },
  {
    id: 'cloudtrail.object-reads.events',
    statement: 'EventBridge receives reads of objects that a trail records, with the ARN of the object, also if they were denied or the object does not exist.',
    reliedOn: 'src/monitoring/tamper/canary-watches.ts',
  },
  {
    id: 'cloudtrail.assume-root',
    statement: 'Calls in a session of AssumeRoot are recorded with the type `Root`, in the account that the session is for.',
    reliedOn: 'src/monitoring/tamper/root-use.ts',
    page: { url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-track-privileged-tasks.html', read: '2026-11-29' },
  },
  {
    id: 'cloudtrail.delivery',
    statement: 'CloudTrail delivers into the log archive despite its deny statements, encrypted with its key.',
    reliedOn: 'src/storage/log-archive.ts', integ: ['audit-answer'],
  },
  {
    id: 'cloudtrail.log-group',
    statement: 'CloudTrail writes the same records into the trail\'s log group within minutes.',
    reliedOn: 'src/audit/trail-logs.ts', integ: ['trail-record'],
  },
  {
    id: 'cloudtrail.digest-files',
    statement: 'CloudTrail delivers a signed digest file each hour, which names the log files and the digest file before it.',
    reliedOn: 'cli/src/audit/trail-digests', page: DIGESTS,
  },
  {
    id: 's3.access-logs.delivery',
    statement: 'S3 delivers access logs into the log archive despite its deny statements, with date-partitioned keys.',
    reliedOn: 'src/storage/log-archive.ts',
  },
  {
    id: 's3.access-logs.format',
    statement: 'An access log has a line for each request, with quoted fields, `-` for empty ones, and new fields at the end.',
    reliedOn: 'src/audit/access-log-table.ts', page: LOG_FORMAT,
  },
  {
    id: 's3.access-logs.vended',
    statement: 'Access logs that S3 delivers to CloudWatch Logs are JSON objects with the same fields, under the documented names.',
    reliedOn: 'cli/src/audit/reader/vended-access-log.ts', page: VENDED_FORMAT,
  },
  {
    id: 'securitylake.ocsf',
    statement: 'Security Lake keeps fields of a record that OCSF does not have in `unmapped`, under their path.',
    reliedOn: 'cli/src/audit/reader/ocsf.ts', page: OCSF,
  },
  {
    id: 's3.access-logs.request-id',
    statement: 'A request has the same id in the access log and in the trail.',
    reliedOn: 'src/audit/queries/reconciliation.sql',
  },
  {
    id: 's3.policy.log-delivery-services',
    statement: 'A bucket policy recognises CloudTrail and the delivery of access logs by service principal and `aws:SourceArn`.',
    reliedOn: 'src/storage/log-archive.ts',
  },
];

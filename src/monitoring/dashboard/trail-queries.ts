import type * as s3 from 'aws-cdk-lib/aws-s3';
import { READS } from '../egress/egress-patterns';

/*
 * CloudWatch Logs Insights queries over the trail's log group, for a quick overview of a day. For reliable results, use
 * the audit queries, which also consider copies, invocations and duplicate records.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */

const GIB = 1024 ** 3;
const WHO = 'fields coalesce(userIdentity.sessionContext.sourceIdentity, userIdentity.arn, userIdentity.accountId, '
  + 'userIdentity.invokedBy) as who';
const SUM = `stats sum(additionalEventData.bytesTransferredOut) / ${GIB} as GiB, count(*) as reads`;

function of(bucket: s3.IBucket, condition: string): string {
  return `filter eventSource = "s3.amazonaws.com" and requestParameters.bucketName = "${bucket.bucketName}" `
    + `and ${condition}`;
}

function reads(bucket: s3.IBucket): string {
  return of(bucket, `eventName in [${READS.map((name) => `"${name}"`).join(', ')}] and not ispresent(errorCode)`);
}

export function egressByPerson(bucket: s3.IBucket): string[] {
  return [reads(bucket), WHO, `${SUM} by who`, 'sort GiB desc', 'limit 20'];
}

export function egressByModel(bucket: s3.IBucket): string[] {
  return [
    reads(bucket),
    'parse requestParameters.key "models/*/blobs/" as model',
    'filter ispresent(model)',
    `${SUM} by model`,
    'sort GiB desc',
    'limit 20',
  ];
}

export function lastPromotions(bucket: s3.IBucket): string[] {
  return [
    of(bucket, 'eventName = "PutObject" and requestParameters.key like "/aliases/" and not ispresent(errorCode)'),
    'parse requestParameters.key "models/*/aliases/*.json" as model, alias',
    `${WHO}, @timestamp, model, alias`,
    'sort @timestamp desc',
    'limit 20',
  ];
}

export function deniedRequests(bucket: s3.IBucket): string[] {
  return [
    of(bucket, 'errorCode = "AccessDenied"'),
    WHO,
    'stats count(*) as denied by who, eventName, sourceIPAddress',
    'sort denied desc',
    'limit 20',
  ];
}

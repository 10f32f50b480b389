/**
 * Selectors of the events that the trail records. Every selector names exact resources: a trail that records the
 * objects of every bucket would record its own deliveries, each of which causes another delivery.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */

import { ReadWriteType } from 'aws-cdk-lib/aws-cloudtrail';

/** A field selector, with the property names of the CloudTrail API. */
export interface FieldSelector {
  readonly Field: string;
  readonly Equals?: readonly string[];
  readonly StartsWith?: readonly string[];
  readonly NotEquals?: readonly string[];
}

/** An advanced event selector, with the property names of the CloudTrail API. */
export interface EventSelector {
  readonly Name: string;
  readonly FieldSelectors: readonly FieldSelector[];
}

export interface SelectedResources {
  readonly artifactBucketArn: string;
  readonly logBucketArns: readonly string[];
  readonly functionArns: readonly string[];
  readonly managementEvents: ReadWriteType;
}

/** Actions that change a delivered log. PutObject is not included, because it delivers logs. */
export const EVIDENCE_CHANGES = [
  'DeleteObject', 'DeleteObjects', 'PutObjectRetention', 'PutObjectLegalHold', 'PutObjectAcl',
] as const;

export function eventSelectors(selected: SelectedResources): EventSelector[] {
  return [
    {
      Name: 'Reads and writes of model artifacts',
      FieldSelectors: [
        ...dataEventsOf('AWS::S3::Object'),
        { Field: 'resources.ARN', StartsWith: [objectsOf(selected.artifactBucketArn)] },
      ],
    },
    {
      // Only reads, because the trail and the access logs are delivered by writes to these buckets.
      Name: 'Reads of the log archive',
      FieldSelectors: [
        ...dataEventsOf('AWS::S3::Object'),
        { Field: 'readOnly', Equals: ['true'] },
        { Field: 'resources.ARN', StartsWith: selected.logBucketArns.map(objectsOf) },
      ],
    },
    {
      // Selected by name, for the same reason. CloudTrail does not record deletions by S3 Lifecycle:
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html
      Name: 'Deletions and lock changes in the log archive',
      FieldSelectors: [
        ...dataEventsOf('AWS::S3::Object'),
        { Field: 'eventName', Equals: EVIDENCE_CHANGES },
        { Field: 'resources.ARN', StartsWith: selected.logBucketArns.map(objectsOf) },
      ],
    },
    ...(selected.functionArns.length === 0 ? [] : [{
      Name: 'Invocations of the functions of the store',
      FieldSelectors: [
        ...dataEventsOf('AWS::Lambda::Function'), { Field: 'resources.ARN', Equals: selected.functionArns },
      ],
    }]),
    ...MANAGEMENT_EVENTS[selected.managementEvents],
  ];
}

const WRITES: EventSelector = {
  Name: 'Write management events',
  FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, { Field: 'readOnly', Equals: ['false'] }],
};

/**
 * AssumeRole is a read-only event, which shows who opened a session. Selectors cannot select management events by
 * service; they can only exclude AWS KMS and the RDS Data API, and the latter only in Regions that have it.
 *
 * Uses of KMS keys are excluded, because CloudTrail encrypts each delivery, which would cause another event. Changes to
 * keys, such as their deletion, are write events.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
const READS: EventSelector = {
  Name: 'Read-only management events, except uses of KMS keys',
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Management'] },
    { Field: 'readOnly', Equals: ['true'] },
    { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
  ],
};

const MANAGEMENT_EVENTS: { readonly [events in ReadWriteType]: readonly EventSelector[] } = {
  [ReadWriteType.NONE]: [],
  [ReadWriteType.WRITE_ONLY]: [WRITES],
  [ReadWriteType.READ_ONLY]: [READS],
  [ReadWriteType.ALL]: [WRITES, READS],
};

function dataEventsOf(resourceType: string): FieldSelector[] {
  return [{ Field: 'eventCategory', Equals: ['Data'] }, { Field: 'resources.type', Equals: [resourceType] }];
}

/** With a trailing slash, so that buckets whose names begin with this one do not match. */
function objectsOf(bucketArn: string): string {
  return `${bucketArn}/`;
}

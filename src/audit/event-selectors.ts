/**
 * Which events the trail records. Every selector names exact resources: a trail that selects the objects of every bucket
 * records its own deliveries, each of which makes the next one.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */

import { ManagementEvents } from './management-events';

/** A field selector in the words of CloudTrail's API. */
export interface FieldSelector {
  readonly Field: string;
  readonly Equals?: readonly string[];
  readonly StartsWith?: readonly string[];
  readonly NotEquals?: readonly string[];
}

/** An advanced event selector in the words of CloudTrail's API. */
export interface EventSelector {
  readonly Name: string;
  readonly FieldSelectors: readonly FieldSelector[];
}

export interface SelectedResources {
  readonly artifactBucketArn: string;
  readonly logBucketArns: readonly string[];
  readonly functionArns: readonly string[];
  readonly managementEvents: ManagementEvents;
}

/** What can be done to a log after it was delivered. PutObject is not among them: it is how logs are delivered. */
export const EVIDENCE_CHANGES = ['DeleteObject', 'DeleteObjects', 'PutObjectRetention', 'PutObjectLegalHold', 'PutObjectAcl'] as const;

export function eventSelectors(selected: SelectedResources): EventSelector[] {
  return [
    {
      Name: 'Reads and writes of model artifacts',
      FieldSelectors: [...dataEventsOf('AWS::S3::Object'), { Field: 'resources.ARN', StartsWith: [objectsOf(selected.artifactBucketArn)] }],
    },
    {
      // Reads only: the deliveries of the trail and of the access logs are writes to these buckets.
      Name: 'Reads of the log archive',
      FieldSelectors: [
        ...dataEventsOf('AWS::S3::Object'),
        { Field: 'readOnly', Equals: ['true'] },
        { Field: 'resources.ARN', StartsWith: selected.logBucketArns.map(objectsOf) },
      ],
    },
    {
      // By name, for the same reason. A deletion by S3 Lifecycle is not an event of CloudTrail:
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html
      Name: 'Deletions in the log archive, and changes of its locks',
      FieldSelectors: [
        ...dataEventsOf('AWS::S3::Object'),
        { Field: 'eventName', Equals: EVIDENCE_CHANGES },
        { Field: 'resources.ARN', StartsWith: selected.logBucketArns.map(objectsOf) },
      ],
    },
    ...(selected.functionArns.length === 0 ? [] : [{
      Name: 'Invocations of the functions of the store',
      FieldSelectors: [...dataEventsOf('AWS::Lambda::Function'), { Field: 'resources.ARN', Equals: selected.functionArns }],
    }]),
    ...MANAGEMENT_EVENTS[selected.managementEvents],
  ];
}

const WRITES: EventSelector = {
  Name: 'Management events that change something',
  FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, { Field: 'readOnly', Equals: ['false'] }],
};

/**
 * Among them who opened which session: AssumeRole reads. A trail's selectors cannot name the service of management events but to
 * leave out KMS or the RDS Data API, and the latter only in Regions that have it.
 *
 * Without those of KMS: CloudTrail encrypts each delivery, which would be one more event to deliver. Changes of keys, such
 * as their deletion, are writes.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
const READS: EventSelector = {
  Name: 'Management events that read something, without the uses of keys',
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Management'] },
    { Field: 'readOnly', Equals: ['true'] },
    { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
  ],
};

const MANAGEMENT_EVENTS: { readonly [events in ManagementEvents]: readonly EventSelector[] } = {
  [ManagementEvents.NONE]: [],
  [ManagementEvents.WRITES]: [WRITES],
  [ManagementEvents.ALL]: [WRITES, READS],
};

function dataEventsOf(resourceType: string): FieldSelector[] {
  return [{ Field: 'eventCategory', Equals: ['Data'] }, { Field: 'resources.type', Equals: [resourceType] }];
}

/** With the slash, so that a bucket whose name merely begins the same is not meant. */
function objectsOf(bucketArn: string): string {
  return `${bucketArn}/`;
}

/**
 * Which events the trail records. Every selector names exact resources: a trail that selects the objects of every bucket
 * records its own deliveries, each of which makes the next one.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */

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
  readonly managementEvents: boolean;
}

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
    ...(selected.functionArns.length === 0 ? [] : [{
      Name: 'Invocations of the functions of the store',
      FieldSelectors: [...dataEventsOf('AWS::Lambda::Function'), { Field: 'resources.ARN', Equals: selected.functionArns }],
    }]),
    ...(selected.managementEvents ? MANAGEMENT_EVENTS : []),
  ];
}

/**
 * Every change, and every read but those of KMS: CloudTrail encrypts each delivery, which would be one more event to
 * deliver. Changes of keys, such as their deletion, are writes.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
const MANAGEMENT_EVENTS: readonly EventSelector[] = [
  {
    Name: 'Management events that change something',
    FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, { Field: 'readOnly', Equals: ['false'] }],
  },
  {
    Name: 'Management events that read something, without the uses of keys',
    FieldSelectors: [
      { Field: 'eventCategory', Equals: ['Management'] },
      { Field: 'readOnly', Equals: ['true'] },
      { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
    ],
  },
];

function dataEventsOf(resourceType: string): FieldSelector[] {
  return [{ Field: 'eventCategory', Equals: ['Data'] }, { Field: 'resources.type', Equals: [resourceType] }];
}

/** With the slash, so that a bucket whose name merely begins the same is not meant. */
function objectsOf(bucketArn: string): string {
  return `${bucketArn}/`;
}

import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ArtifactBucket, type ArtifactBucketAttributes, AuditTrail, LogArchive, RequiredAction, SecureModelArtifactStore,
  type SecureModelArtifactStoreProps, TrailSource,
} from '../../src';

const ENV = { account: '111122223333', region: 'eu-central-1' };
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

function store(props: (stack: Stack) => SecureModelArtifactStoreProps): SecureModelArtifactStore {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  return new SecureModelArtifactStore(stack, 'Models', props(stack));
}
const adopted = (stack: Stack, attributes: Partial<ArtifactBucketAttributes> = { encryptionKeyArn: KEY }) =>
  ArtifactBucket.fromArtifactBucketAttributes(stack, 'Existing', { bucketName: 'acme-models', ...attributes });

/** The problems of an error, one a line. */
function problemsOf(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    return (error as Error).message.split('\n  - ').slice(1);
  }
  return [];
}

describe('an existing bucket, and settings for a bucket that the store creates', () => {
  test('contradict each other, and all contradictions are reported at once', () => {
    const problems = problemsOf(() => store((stack) => ({
      artifactBucket: adopted(stack),
      bucketName: 'other',
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY),
      retention: { noncurrentVersionExpiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(2) },
      storage: { inventoryFrequency: s3.InventoryFrequency.WEEKLY, requestMetrics: false },
    })));
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'bucketName', 'encryptionKey', 'retention.noncurrentVersionExpiration', 'retention.abortIncompleteMultipartUploadAfter',
      'storage.inventoryFrequency', 'storage.requestMetrics',
    ]);
    expect(problems[0]).toBe('bucketName is for an artifact bucket that the store creates, but artifactBucket is set; set it where '
      + 'that bucket is defined');
  });

  test('do not contradict each other if the store uses the settings', () => {
    expect(() => store((stack) => ({ artifactBucket: adopted(stack), network: { perimeter: { cidrs: ['203.0.113.0/24'] } }, access: {} }))).not.toThrow();
  });
});

describe('an existing bucket', () => {
  test('without its key is enough for an audit and not for a store', () => {
    expect(problemsOf(() => store((stack) => ({ artifactBucket: adopted(stack, {}) })))).toEqual([
      'artifactBucket has no encryptionKeyArn (or encryptionKey), which is required to read and write '
        + 'models; set it to the key that the bucket encrypts with',
    ]);
  });

  test('of another Region is rejected, naming both', () => {
    expect(problemsOf(() => store((stack) => ({
      artifactBucket: ArtifactBucket.fromBucket(stack, 'Existing', s3.Bucket.fromBucketAttributes(stack, 'Far', {
        bucketName: 'acme-models', region: 'us-east-1', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY),
      })),
    })))).toEqual([expect.stringMatching(/^artifactBucket is in account 111122223333, Region us-east-1, but the store is in account 111122223333, Region eu-central-1;/)]);
  });

  test('of another stack of the app is rejected, because the stacks would depend on each other', () => {
    const app = new App();
    const bucket = new ArtifactBucket(new Stack(app, 'Storage', { env: ENV }), 'Bucket');
    expect(problemsOf(() => new SecureModelArtifactStore(new Stack(app, 'Test', { env: ENV }), 'Models', { artifactBucket: bucket }))).toEqual([
      expect.stringMatching(/^artifactBucket is defined in the stack Storage, but the store is in Test; .*fromArtifactBucketAttributes$/),
    ]);
  });

  test('that rejects presigned URLs before they expire is rejected, naming both durations', () => {
    expect(problemsOf(() => store((stack) => ({
      artifactBucket: new ArtifactBucket(stack, 'Before', { maximumPresignedUrlAge: Duration.minutes(20) }), access: { presignedUrlLifetime: Duration.minutes(45) },
    })))).toEqual([expect.stringMatching(/^access\.presignedUrlLifetime is 45 minutes, but maximumPresignedUrlAge of artifactBucket is 20 minutes,/)]);
  });

  test('is known by a name and by the ARN of a key, not of an alias', () => {
    expect(problemsOf(() => adopted(new Stack(), { bucketName: 'Acme Models', encryptionKeyArn: 'alias/models' }))).toEqual([
      'bucketName is "Acme Models"; use 3 to 63 lower-case letters, digits, "." and "-", with a letter or '
        + 'digit at both ends',
      expect.stringMatching(/^encryptionKeyArn is "alias\/models"; use the ARN of the key/),
    ]);
    expect(problemsOf(() => store((stack) => ({ encryptionKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/models') })))).toEqual([
      expect.stringMatching(/^encryptionKey is an alias; policies refer to a key by its ARN/),
    ]);
  });

  test('is not checked if it is known only at deployment', () => {
    const token = () => Lazy.string({ produce: () => 'later' });
    expect(() => adopted(new Stack(), { bucketName: token(), encryptionKeyArn: token() })).not.toThrow();
  });
});

describe('an existing trail, and settings for a trail that the store creates', () => {
  test('contradict each other, and all contradictions are reported at once', () => {
    expect(problemsOf(() => store(() => ({
      audit: { trail: TrailSource.existing('central'), isMultiRegion: true, organizationId: 'o-a1b2c3d4e5', trailName: 'models' },
    })))).toEqual([
      'audit.isMultiRegion is for a trail that the store creates, but audit.trail is an existing trail; '
        + 'remove one of the two',
      'audit.organizationId is for a trail that the store creates, but audit.trail is an existing trail; '
        + 'remove one of the two',
      'audit.trailName is for a trail that the store creates, but audit.trail is an existing trail; '
        + 'remove one of the two',
    ]);
    expect(problemsOf(() => store(() => ({ audit: { trail: TrailSource.none(), managementEvents: cloudtrail.ReadWriteType.ALL } })))).toEqual([
      'audit.managementEvents is for a trail that the store creates, but audit.trail is TrailSource.none(); remove one of the two',
    ]);
  });

  test('contradict each other in a separate trail, too', () => {
    expect(problemsOf(() => trail({ source: TrailSource.existing('central'), trailName: 'models' }))).toEqual([
      'trailName applies only to a dedicated trail, but source is an existing trail; remove one of the two',
    ]);
  });

  test('must be of the same organization', () => {
    expect(problemsOf(() => store(() => ({
      audit: {
        trail: TrailSource.organization('arn:aws:cloudtrail:eu-central-1:444455556666:trail/all', 'o-a1b2c3d4e5'),
        analytics: { trailOrganizationId: 'o-zzzzzzzzzz' },
      },
    })))).toEqual(['trailOrganizationId is "o-zzzzzzzzzz", but auditTrail records o-a1b2c3d4e5; remove it']);
  });
});

describe('an existing key', () => {
  const far = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
  const problem = (property: string) =>
    `${property} is ${far} in Region us-east-1, but the resource that it encrypts is in eu-central-1; use a key in the same Region`;

  test('of another Region is rejected, for a new bucket and for an existing one', () => {
    expect(problemsOf(() => store((stack) => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', far) })))).toEqual([problem('encryptionKey')]);
    expect(problemsOf(() => store((stack) => ({ artifactBucket: adopted(stack, { encryptionKeyArn: far }) })))).toEqual([problem('artifactBucket.encryptionKey')]);
  });

  test('for a bucket without a store is also a required action of its owner', () => {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    new ArtifactBucket(stack, 'Bucket', { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY) });
    expect(RequiredAction.of(stack).map(({ id, outputId }) => [id, outputId])).toEqual([['SecureModelArtifactStore::ImportedKey', 'RequiredKeyPolicy']]);
  });
});

describe('an existing log archive', () => {
  test('is known by names of buckets and the ARN of a key', () => {
    expect(problemsOf(() => LogArchive.fromLogArchiveAttributes(new Stack(), 'Archive', {
      trailBucketName: 'Trail', accessLogBucketName: 's3://access', encryptionKeyArn: 'alias/logs',
    })).map((problem) => problem.split(';')[0])).toEqual([
      'trailBucketName is "Trail"', 'accessLogBucketName is "s3://access"', 'encryptionKeyArn is "alias/logs"',
    ]);
  });
});

describe('an existing access-log bucket', () => {
  test('has a name, which cannot be configured', () => {
    const stack = new Stack();
    expect(problemsOf(() => new LogArchive(stack, 'Logs', {
      accessLogBucket: s3.Bucket.fromBucketName(stack, 'Given', 'central'), accessLogBucketName: 'other',
    }))).toEqual(['accessLogBucket is set together with accessLogBucketName, but an existing bucket keeps its name; '
      + 'remove one of the two']);
  });
});

describe('an existing trail', () => {
  test('needs a valid ARN and organization id', () => {
    expect(problemsOf(() => trail({ source: TrailSource.existing('a trail') }))).toEqual([expect.stringMatching(/^source has the trail "a trail"; use an ARN such as arn:aws:cloudtrail:/)]);
    expect(problemsOf(() => trail({ source: TrailSource.organization('central', 'my-organization') }))).toEqual([
      expect.stringMatching(/^source has the trail "central"; use an ARN such as .*:trail\/audit$/),
      'source.organizationId is "my-organization"; use an organization ID such as o-a1b2c3d4e5',
    ]);
  });

  test('of another account has no log group that can be counted here', () => {
    expect(problemsOf(() => trail({
      source: TrailSource.existing('central', logs.LogGroup.fromLogGroupArn(new Stack(), 'Logs', 'arn:aws:logs:eu-central-1:444455556666:log-group:trail:*')),
    }))).toEqual([expect.stringMatching(/^source.logGroup is in account 444455556666, but this stack is in 111122223333,/)]);
  });
});

function trail(props: Partial<ConstructorParameters<typeof AuditTrail>[2]>): AuditTrail {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  return new AuditTrail(stack, 'Trail', { artifactBucket: adopted(stack, {}), logArchive: new LogArchive(stack, 'LogArchive'), ...props });
}

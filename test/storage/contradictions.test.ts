import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ArtifactBucket, type ArtifactBucketProps } from '../../src/storage/artifact-bucket';
import { LogArchive, type LogArchiveProps } from '../../src/storage/log-archive';

function errorsOf(make: (stack: Stack) => void): string[] {
  try {
    make(new Stack(new App(), 'Stack'));
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}
const artifacts = (props: ArtifactBucketProps) => errorsOf((stack) => new ArtifactBucket(stack, 'Artifacts', props));
const archive = (props: LogArchiveProps) => errorsOf((stack) => new LogArchive(stack, 'Archive', props));
const lock = (days: number) => (s3.ObjectLockRetention.compliance(Duration.days(days)));

describe('an artifact bucket reports what is wrong, where, and what is valid', () => {
  test('with all errors at once', () => {
    const said = artifacts({
      abortIncompleteMultipartUploadAfter: Duration.hours(36),
      noncurrentVersionTransitionAfter: Duration.days(90),
      noncurrentVersionExpiration: Duration.days(60),
      objectLock: lock(365),
      maximumPresignedUrlAge: Duration.days(8),
      administrators: [new iam.ArnPrincipal('*')],
      perimeter: { cidrs: ['10.0.0.0/8'] },
    });
    expect(said[0]).toBe('ArtifactBucket at Stack/Artifacts:');
    expect(said.slice(1)).toHaveLength(6);
  });

  test.each<[string, ArtifactBucketProps, string]>([
    ['an empty name', { bucketName: '' },
      'bucketName is ""; use 3 to 63 lower-case letters, digits, "." and "-", with a letter or digit at both ends'],
    ['half a day', { abortIncompleteMultipartUploadAfter: Duration.hours(36) },
      'abortIncompleteMultipartUploadAfter is 1 day 12 hours; use whole days, at least 1'],
    ['zero days', { noncurrentVersionTransitionAfter: Duration.days(0) },
      'noncurrentVersionTransitionAfter is 0 days; use whole days, at least 1'],
    ['hours in an expiration',
      { noncurrentVersionTransitionAfter: Duration.days(1), noncurrentVersionExpiration: Duration.hours(49) },
      'noncurrentVersionExpiration is 2 days 1 hour; use whole days, at least 1'],
    ['expiration before transition', { noncurrentVersionTransitionAfter: Duration.days(90), noncurrentVersionExpiration: Duration.days(60) },
      'noncurrentVersionTransitionAfter (90 days) must be shorter than noncurrentVersionExpiration (60 '
        + 'days): an expired version cannot move to cheaper storage'],
    ['expiration with transition', { noncurrentVersionTransitionAfter: Duration.days(30), noncurrentVersionExpiration: Duration.days(30) },
      'noncurrentVersionTransitionAfter (30 days) must be shorter than noncurrentVersionExpiration (30 '
        + 'days): an expired version cannot move to cheaper storage'],
    ['expiration before the lock ends', { noncurrentVersionExpiration: Duration.days(364), objectLock: lock(365) },
      'noncurrentVersionExpiration (364 days) is shorter than objectLock (365 days): S3 keeps a '
        + 'locked version until its lock expires, so the shorter duration has no effect'],
    ['presigned URLs of more than 7 days', { maximumPresignedUrlAge: Duration.seconds(7 * 86_400 + 1) },
      'maximumPresignedUrlAge is 7 days 1 second; use a duration greater than 0 and at most 7 days, the longest '
        + 'that S3 accepts a presigned URL'],
    ['presigned URLs that never work', { maximumPresignedUrlAge: Duration.seconds(0) },
      'maximumPresignedUrlAge is 0 seconds; use a duration greater than 0 and at most 7 days, the longest that S3 '
        + 'accepts a presigned URL'],
    ['everyone as administrator', { administrators: [new iam.ArnPrincipal('*')] },
      'administrators[0] is "*"; use the ARN of a role or user, including the account: '
        + 'arn:aws:iam::<account>:role/<name>'],
    ['every role as administrator', { administrators: [
      new iam.ArnPrincipal('arn:aws:iam::111122223333:role/a'), new iam.ArnPrincipal('arn:aws:iam::111122223333:role/*'),
    ] },
    'administrators[1] is "arn:aws:iam::111122223333:role/*"; use the ARN of a role or user, '
        + 'including the account: arn:aws:iam::<account>:role/<name>'],
    ['administrators of every account', { administrators: [new iam.ArnPrincipal('arn:aws:iam::*:role/administrator')] },
      'administrators[0] is "arn:aws:iam::*:role/administrator"; use the ARN of a role or user, '
        + 'including the account: arn:aws:iam::<account>:role/<name>'],
    ['a session as administrator', { administrators: [new iam.ArnPrincipal('arn:aws:sts::111122223333:assumed-role/administrator/anna')] },
      'administrators[0] is the ARN of a session '
        + '(arn:aws:sts::111122223333:assumed-role/administrator/anna); use the ARN of its role, '
        + 'arn:aws:iam::<account>:role/<name>'],
    ['an empty perimeter', { perimeter: {} },
      'perimeter names no network and no organization; set cidrs, vpcEndpointIds or organizationId, or '
        + 'omit perimeter'],
    ['no addresses', { perimeter: { cidrs: [] } }, 'perimeter.cidrs is empty; name at least one, or omit it'],
    ['no endpoints', { perimeter: { vpcEndpointIds: [] } }, 'perimeter.vpcEndpointIds is empty; name at least one, or omit it'],
    ['an address without a range', { perimeter: { cidrs: ['203.0.113.5'] } },
      'perimeter.cidrs[0] is "203.0.113.5"; an address range has the form 203.0.113.0/24 or '
        + '2001:db8::/32, a single address 203.0.113.5/32'],
    ['a range too long', { perimeter: { cidrs: ['203.0.113.0/24', '203.0.113.0/33'] } },
      'perimeter.cidrs[1] is "203.0.113.0/33"; an address range has the form 203.0.113.0/24 or '
        + '2001:db8::/32, a single address 203.0.113.5/32'],
    ['every address', { perimeter: { cidrs: ['0.0.0.0/0'] } },
      'perimeter.cidrs[0] is "0.0.0.0/0", which matches every address; omit cidrs if any network can '
        + 'reach the objects'],
    ['every IPv6 address', { perimeter: { cidrs: ['::/0'] } },
      'perimeter.cidrs[0] is "::/0", which matches every address; omit cidrs if any network can reach the '
        + 'objects'],
    ['a private range', { perimeter: { cidrs: ['172.31.0.0/16'] } },
      'perimeter.cidrs[0] is "172.31.0.0/16", a private range, which never occurs in aws:SourceIp; name '
        + 'the VPC endpoint in vpcEndpointIds'],
    ['a VPC instead of an endpoint', { perimeter: { vpcEndpointIds: ['vpc-1a2b3c4d'] } },
      'perimeter.vpcEndpointIds[0] is "vpc-1a2b3c4d"; a VPC endpoint ID has the form vpce-1a2b3c4d5e6f7a8b9'],
    ['an account instead of an organization', { perimeter: { organizationId: '111122223333' } },
      'perimeter.organizationId is "111122223333"; an organization ID has the form o-a1b2c3d4e5'],
  ])('%s', (_, props, expected) => {
    expect(artifacts(props)).toEqual(['ArtifactBucket at Stack/Artifacts:', `  - ${expected}`]);
  });

  test.each(['logs', '/logs/', '*/', 'a${aws:username}/'])('access logs with the prefix %s', (prefix) => {
    expect(errorsOf((stack) => new ArtifactBucket(stack, 'Artifacts', {
      serverAccessLogsBucket: new s3.Bucket(stack, 'Logs'), serverAccessLogsPrefix: prefix,
    }))[1])
      .toBe(`  - serverAccessLogsPrefix is "${prefix}"; a prefix must end with "/", not start with "/", and not contain "*", "?" or "$", `
        + 'as in "artifact-bucket/"');
  });

  test('access logs into another account', () => {
    const app = new App();
    const logs = new s3.Bucket(new Stack(app, 'Logs', { env: { account: '999999999999', region: 'eu-central-1' } }), 'Logs', { bucketName: 'logs' });
    const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-central-1' } });
    expect(() => new ArtifactBucket(stack, 'Artifacts', { serverAccessLogsBucket: logs })).toThrow(
      '  - serverAccessLogsBucket is in account 999999999999, Region eu-central-1, but the source bucket is in '
        + 'account 111122223333, Region eu-central-1; S3 delivers access logs only within one account and '
        + 'Region');
  });

  test.each<[string, ArtifactBucketProps]>([
    ['a presigned URL age of 7 days', { maximumPresignedUrlAge: Duration.days(7) }],
    ['a transition the day before the expiration', { noncurrentVersionTransitionAfter: Duration.days(29), noncurrentVersionExpiration: Duration.days(30) }],
    ['a lock as long as the expiration', { noncurrentVersionExpiration: Duration.days(365), objectLock: lock(365) }],
    ['a lock of a hundred years', { objectLock: lock(36_500) }],
    ['a single address', { perimeter: { cidrs: ['203.0.113.5/32', '2001:db8::1/128'] } }],
    ['addresses next to the private ranges', { perimeter: {
      cidrs: ['172.15.0.0/16', '172.32.0.0/16', '11.0.0.0/8', '192.169.0.0/16'],
    } }],
    ['a wildcard in a role name', { administrators: [new iam.ArnPrincipal(
      'arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*',
    )] }],
  ])('%s is accepted', (_, props) => {
    expect(artifacts(props)).toEqual([]);
  });
});

describe('a log archive reports what is wrong, where, and what is valid', () => {
  test.each<[string, LogArchiveProps, string[]]>([
    ['invalid bucket names', { trailBucketName: '', accessLogBucketName: 'Logs' }, [
      'trailBucketName is ""; use 3 to 63 lower-case letters, digits, "." and "-", with a letter or digit '
        + 'at both ends',
      'accessLogBucketName is "Logs"; use 3 to 63 lower-case letters, digits, "." and "-", with a letter '
        + 'or digit at both ends',
    ]],
    ['retention before transition', { retention: Duration.days(60), transitionAfter: Duration.days(90) },
      ['transitionAfter (90 days) must be shorter than retention (60 days): an expired log cannot move to '
        + 'cheaper storage']],
    ['hours', { retention: Duration.hours(10_001), transitionAfter: Duration.hours(1) }, [
      'retention is 416 days 17 hours; use whole days, at least 1',
      'transitionAfter is 1 hour; use whole days, at least 1',
    ]],
    ['retention before the lock ends', { retention: Duration.days(400), objectLock: lock(401) },
      ['retention (400 days) is shorter than objectLock (401 days): S3 keeps a locked log until '
        + 'its lock expires, so the shorter duration has no effect']],
    ['everyone as administrator', { administrators: [new iam.ArnPrincipal('*')] },
      ['administrators[0] is "*"; use the ARN of a role or user, including the account: '
        + 'arn:aws:iam::<account>:role/<name>']],
    ['trails', { trails: [
      { trailName: '*' }, { trailName: 'models', accountId: '1', region: '*', keyPrefix: 'logs/', organizationId: 'mine' },
    ] }, [
      'trails[0].trailName is "*"; use 3 to 128 letters, digits, ".", "_" and "-", with a letter or digit '
        + 'at both ends',
      'trails[1].region is "*"; the installed aws-cdk-lib does not know this Region (an example is '
        + 'eu-central-1); upgrade aws-cdk-lib if the Region is new',
      'trails[1].accountId is "1"; an account ID has 12 digits',
      'trails[1].keyPrefix is "logs/"; a key prefix must not start or end with "/" or contain "*", "?" or "$"',
      'trails[1].organizationId is "mine"; an organization ID has the form o-a1b2c3d4e5',
    ]],
  ])('%s', (_, props, expected) => {
    expect(archive(props)).toEqual(['LogArchive at Stack/Archive:', ...expected.map((problem) => `  - ${problem}`)]);
  });

  test('a trail that is accepted later', () => {
    expect(() => new LogArchive(new Stack(new App(), 'Stack'), 'Archive').acceptTrail({ trailName: 'm*' })).toThrow(
      'LogArchive at Stack/Archive:\n  - trail.trailName is "m*"; use 3 to 128 letters, digits, ".", "_" '
        + 'and "-", with a letter or digit at both ends');
  });

  test('access logs of any account', () => {
    expect(() => new LogArchive(new Stack(new App(), 'Stack'), 'Archive').acceptAccessLogs('*', '')).toThrow(
      'LogArchive at Stack/Archive:\n  - prefix is ""; a prefix must end with "/", not start with "/", and '
        + 'not contain "*", "?" or "$", as in "artifact-bucket/"\n  - sourceBucketName is "*"; use 3 to 63 '
        + 'lower-case letters, digits, "." and "-", with a letter or digit at both ends');
  });

  test('a lock as long as the retention is accepted', () => {
    expect(archive({ retention: Duration.days(365), objectLock: lock(365) })).toEqual([]);
  });
});

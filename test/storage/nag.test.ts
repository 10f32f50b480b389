import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ArtifactBucket, type ArtifactBucketProps } from '../../src/storage/artifact-bucket';
import { LogArchive, type LogArchiveProps } from '../../src/storage/log-archive';
import { ObjectLockMode } from '../../src/storage/object-lock';
import { unacknowledgedFindings } from '../support/findings';

const LOCK = { mode: ObjectLockMode.COMPLIANCE, retention: Duration.days(30) };

describe('all six rule packs report nothing for', () => {
  test.each<[string, LogArchiveProps, ArtifactBucketProps]>([
    ['the defaults', {}, {}],
    ['Object Lock', { objectLock: LOCK }, { objectLock: LOCK }],
    ['a perimeter', {}, { perimeter: { cidrs: ['203.0.113.0/24'], vpcEndpointIds: ['vpce-1a2b3c4d5e6f7a8b9'], organizationId: 'o-a1b2c3d4e5' } }],
    ['administrators and trails', {
      administratorArns: ['arn:aws:iam::111122223333:role/administrator'], trails: [{ trailName: 'models', organizationId: 'o-a1b2c3d4e5' }],
    }, { administratorArns: ['arn:aws:iam::111122223333:role/administrator'] }],
    ['names', { trailBucketName: 'the-trail', accessLogBucketName: 'the-access-logs' }, { bucketName: 'the-models' }],
  ])('%s', (_, archiveProps, artifactProps) => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const archive = new LogArchive(stack, 'Archive', archiveProps);
    const artifacts = new ArtifactBucket(stack, 'Artifacts', { ...artifactProps, accessLogs: { bucket: archive.accessLogBucket } });
    const role = iam.Role.fromRoleArn(stack, 'Session', 'arn:aws:iam::111122223333:role/session');
    artifacts.exemptFunctionSessions(role);
    artifacts.restrictWriters({ versions: [role], aliases: [role] });
    expect(unacknowledgedFindings(app)).toEqual([]);
  });

  test('an archive in another account', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const archive = LogArchive.fromBucketNames(stack, 'Archive', { trailBucketName: 'central-trail' });
    new ArtifactBucket(stack, 'Artifacts', { accessLogs: { bucket: archive.accessLogBucket } });
    expect(unacknowledgedFindings(app)).toEqual([]);
  });

  test('but they report an artifact bucket without access logs', () => {
    const app = new App();
    new ArtifactBucket(new Stack(app, 'Stack'), 'Artifacts');
    expect(unacknowledgedFindings(app)).toContain('AwsSolutions-S1 at Stack/Artifacts/Bucket/Resource');
  });
});

import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ArtifactBucket, type ArtifactBucketProps } from '../../src/storage/artifact-bucket';
import { LogArchive, type LogArchiveProps } from '../../src/storage/log-archive';
import { unacknowledgedFindings } from '../support/findings';

const LOCK = s3.ObjectLockRetention.compliance(Duration.days(30));

describe('the six rule packs', () => {
  test.each<[string, LogArchiveProps, ArtifactBucketProps]>([
    ['the defaults', {}, {}],
    ['Object Lock', { objectLock: LOCK }, { objectLock: LOCK }],
    ['a perimeter', {}, { perimeter: { cidrs: ['203.0.113.0/24'], vpcEndpointIds: ['vpce-1a2b3c4d5e6f7a8b9'], organizationId: 'o-a1b2c3d4e5' } }],
    ['administrators and trails', {
      administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/administrator')], trails: [{ trailName: 'models', organizationId: 'o-a1b2c3d4e5' }],
    }, { administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/administrator')] }],
    ['names', { trailBucketName: 'the-trail', accessLogBucketName: 'the-access-logs' }, { bucketName: 'the-models' }],
  ])('report nothing for %s', (_, archiveProps, artifactProps) => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const archive = new LogArchive(stack, 'Archive', archiveProps);
    const artifacts = new ArtifactBucket(stack, 'Artifacts', { ...artifactProps, serverAccessLogsBucket: archive.accessLogBucket });
    const role = iam.Role.fromRoleArn(stack, 'Session', 'arn:aws:iam::111122223333:role/session');
    artifacts._policy.exemptFunctionSessions(role);
    artifacts._policy.restrictWriters({ versions: [role], aliases: [role] });
    expect(unacknowledgedFindings(app)).toEqual([]);
  });

  test('report nothing for an archive in another account', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const archive = new LogArchive(stack, 'Archive', { trailBucket: s3.Bucket.fromBucketName(stack, 'ArchiveTrailBucket', 'central-trail') });
    new ArtifactBucket(stack, 'Artifacts', { serverAccessLogsBucket: archive.accessLogBucket });
    expect(unacknowledgedFindings(app)).toEqual([]);
  });

  test('report an artifact bucket without access logs', () => {
    const app = new App();
    new ArtifactBucket(new Stack(app, 'Stack'), 'Artifacts');
    expect(unacknowledgedFindings(app)).toContain('AwsSolutions-S1 at Stack/Artifacts/Bucket/Resource');
  });
});

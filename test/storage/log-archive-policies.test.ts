import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, policyOf, REGION } from './support/policies';
import { allowed, denials } from './support/policy-evaluator';
import { ArtifactBucket } from '../../src/storage/artifact-bucket';
import { LogArchive, type LogArchiveProps } from '../../src/storage/log-archive';

const TRAIL = { trailName: 'models' };
const TRAIL_ARN = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/models`;

function archive(props: LogArchiveProps = { trails: [TRAIL] }) {
  const stack = new Stack(new App(), 'Stack');
  const logs = new LogArchive(stack, 'Archive', props);
  return { trail: () => policyOf(stack, logs.trailBucket), key: () => policyOf(stack, logs.encryptionKey!).statements };
}

const GOOD = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
const PERSON = { ...GOOD, 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/administrator` };
const ROOT = { ...GOOD, 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:root` };

/** The requests of CloudTrail for one trail. */
function cloudTrail(trailArn = TRAIL_ARN) {
  return {
    service: 'cloudtrail.amazonaws.com',
    context: {
      ...GOOD, 'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com', 'aws:PrincipalIsAWSService': 'true',
      'aws:SourceArn': trailArn, 's3:x-amz-acl': 'bucket-owner-full-control',
    },
  };
}

test('a log archive accepts no trail until one is configured', () => {
  const { trail, key } = archive({});
  expect(allowed(trail().statements, { action: 's3:PutObject', resource: `${trail().arn}/AWSLogs/${ACCOUNT}/x`, ...cloudTrail() })).toBe(false);
  expect(key().filter(({ Principal }) => Principal !== '*' && Principal.Service !== undefined)).toEqual([]);
});

describe('the policy of the trail bucket', () => {
  const { trail: policy } = archive();
  const { arn, statements } = policy();
  const LOG = `${arn}/AWSLogs/${ACCOUNT}/CloudTrail/eu-central-1/2026/11/21/log.json.gz`;
  const refused = (action: string, context: { [key: string]: string }, resource = LOG) => denials(statements, { action, resource, context });

  test('lets CloudTrail check the bucket and deliver for the accepted trail', () => {
    expect(allowed(statements, { action: 's3:GetBucketAcl', resource: arn, ...cloudTrail() })).toBe(true);
    expect(allowed(statements, { action: 's3:PutObject', resource: LOG, ...cloudTrail() })).toBe(true);
    expect(allowed(statements, { action: 's3:PutObject', resource: `${arn}/AWSLogs/${ACCOUNT}/CloudTrail-Digest/x`, ...cloudTrail() })).toBe(true);
  });

  test.each([
    ['another trail of this account, whose records would be counted twice', `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/models-2`],
    ['a trail of the same name in another Region', `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/models`],
    ['a trail of the same name in another account', `arn:aws:cloudtrail:${REGION}:999999999999:trail/models`],
  ])('rejects %s', (_, trailArn) => {
    expect(allowed(statements, { action: 's3:PutObject', resource: LOG, ...cloudTrail(trailArn) })).toBe(false);
    expect(allowed(statements, { action: 's3:GetBucketAcl', resource: arn, ...cloudTrail(trailArn) })).toBe(false);
  });

  test('lets CloudTrail write only to the folder of the account of the trail', () => {
    for (const resource of [`${arn}/AWSLogs/999999999999/x`, `${arn}/other/x`, `${arn}/AWSLogs/${ACCOUNT}`]) {
      expect(allowed(statements, { action: 's3:PutObject', resource, ...cloudTrail() })).toBe(false);
    }
  });

  test('lets no other AWS service write', () => {
    const config = { ...GOOD, 'aws:PrincipalServiceName': 'config.amazonaws.com', 'aws:PrincipalIsAWSService': 'true' };
    expect(denials(statements, { action: 's3:PutObject', resource: LOG, service: 'config.amazonaws.com', context: config })).toEqual(['DenyOtherWriters']);
  });

  test.each([
    's3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging',
    's3:PutObjectAnnotation', 's3:DeleteObjectAnnotation', 's3:PutObjectAcl', 's3:PutObjectVersionAcl', 's3:AbortMultipartUpload',
    's3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags', 's3:UpdateObjectEncryption', 's3:AnActionThatS3AddsLater',
  ])(
    'denies %s to every user, including the root user, so evidence is neither forged nor overwritten', (action) => {
      expect(refused(action, PERSON)).toEqual(['DenyOtherWriters']);
      expect(refused(action, ROOT)).toEqual(['DenyOtherWriters']);
    });

  test.each(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold', 's3:RestoreObject'])(
    'denies %s to everyone except the root user by default', (action) => {
      expect(refused(action, PERSON)).toEqual(['DenyDeletionButByAdministrators']);
      expect(refused(action, ROOT)).toEqual([]);
    });

  // [C-10] in docs/compliance.md
  test('lets only named administrators delete, and no one forge evidence', () => {
    const named = archive({ administrators: [new iam.ArnPrincipal(PERSON['aws:PrincipalArn'])] }).trail();
    const by = (action: string) => denials(named.statements, { action, resource: `${named.arn}/x`, context: PERSON });
    expect(by('s3:DeleteObjectVersion')).toEqual([]);
    expect(by('s3:PutObject')).toEqual(['DenyOtherWriters']);
  });

  // [C-02] in docs/compliance.md
  test('denies plain HTTP, old TLS versions and customer-provided keys', () => {
    expect(refused('s3:GetObject', { ...PERSON, 'aws:SecureTransport': 'false' })).toEqual(['DenyPlainHttp']);
    expect(refused('s3:GetObject', { ...PERSON, 's3:TlsVersion': '1.1' })).toEqual(['DenyTlsBelow12']);
    const customerKey = { ...cloudTrail().context, 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' };
    expect(refused('s3:PutObject', customerKey)).toEqual(['DenyCustomerProvidedKeys']);
  });

  test('leaves reads and settings to IAM', () => {
    expect(refused('s3:GetObject', PERSON)).toEqual([]);
    expect(refused('s3:PutBucketPolicy', PERSON, arn)).toEqual([]);
  });
});

describe('the key of the trail bucket', () => {
  const { key } = archive();
  const statements = key();
  const may = (action: string, context: { [name: string]: string }) =>
    allowed(statements, { action, resource: '*', service: 'cloudtrail.amazonaws.com', context });
  const delivery = { 'aws:SourceArn': TRAIL_ARN, 'kms:EncryptionContext:aws:cloudtrail:arn': TRAIL_ARN, 'aws:PrincipalIsAWSService': 'true' };

  test('can encrypt for the accepted trail', () => {
    expect(may('kms:GenerateDataKey', delivery)).toBe(true);
    expect(may('kms:DescribeKey', delivery)).toBe(true);
  });

  test('cannot encrypt for other trails', () => {
    const other = `${TRAIL_ARN}-2`;
    expect(may('kms:GenerateDataKey', { ...delivery, 'aws:SourceArn': other })).toBe(false);
    expect(may('kms:GenerateDataKey', { ...delivery, 'kms:EncryptionContext:aws:cloudtrail:arn': other })).toBe(false);
    expect(may('kms:DescribeKey', { ...delivery, 'aws:SourceArn': other })).toBe(false);
  });

  test('cannot decrypt for CloudTrail, and can for users only through S3', () => {
    expect(may('kms:Decrypt', delivery)).toBe(false);
    expect(denials(statements, { action: 'kms:Decrypt', resource: '*', context: PERSON })).toEqual(['DenyUseOutsideS3']);
    expect(denials(statements, { action: 'kms:Decrypt', resource: '*', context: { ...PERSON, 'kms:ViaService': `s3.${REGION}.amazonaws.com` } }))
      .toEqual([]);
  });
});

describe('trails of other accounts', () => {
  test('are accepted by name, account, Region and prefix', () => {
    const { trail, key } = archive({ trails: [{ trailName: 'models', accountId: '444455556666', region: 'us-west-2', keyPrefix: 'store' }] });
    const { arn, statements } = trail();
    const trailArn = 'arn:aws:cloudtrail:us-west-2:444455556666:trail/models';
    expect(allowed(statements, { action: 's3:PutObject', resource: `${arn}/store/AWSLogs/444455556666/x`, ...cloudTrail(trailArn) })).toBe(true);
    expect(allowed(statements, { action: 's3:PutObject', resource: `${arn}/AWSLogs/444455556666/x`, ...cloudTrail(trailArn) })).toBe(false);
    expect(allowed(statements, { action: 's3:PutObject', resource: `${arn}/store/AWSLogs/${ACCOUNT}/x`, ...cloudTrail(trailArn) })).toBe(false);
    expect(allowed(key(), {
      action: 'kms:GenerateDataKey', resource: '*', service: 'cloudtrail.amazonaws.com',
      context: { 'aws:SourceArn': trailArn, 'kms:EncryptionContext:aws:cloudtrail:arn': trailArn, 'aws:PrincipalIsAWSService': 'true' },
    })).toBe(true);
  });

  test('of an organization also write for its members', () => {
    const { trail } = archive({ trails: [{ ...TRAIL, organizationId: 'o-a1b2c3d4e5' }] });
    const { arn, statements } = trail();
    for (const resource of [`${arn}/AWSLogs/${ACCOUNT}/x`, `${arn}/AWSLogs/o-a1b2c3d4e5/444455556666/x`]) {
      expect(allowed(statements, { action: 's3:PutObject', resource, ...cloudTrail() })).toBe(true);
    }
    expect(allowed(statements, { action: 's3:PutObject', resource: `${arn}/AWSLogs/o-zzzzzzzzzz/x`, ...cloudTrail() })).toBe(false);
  });

  test('can depend on the bucket policy', () => {
    const result = new LogArchive(new Stack(new App(), 'Stack'), 'Archive').acceptTrail(TRAIL);
    expect(result.statementAdded).toBe(true);
    expect(result.policyDependable).toBeDefined();
  });
});

describe('the policy of the access-log bucket', () => {
  const stack = new Stack(new App(), 'Stack');
  const logs = new LogArchive(stack, 'Archive');
  const artifacts = new ArtifactBucket(stack, 'Artifacts', { serverAccessLogsBucket: logs.accessLogBucket });
  logs.acceptAccessLogs('another-bucket', 'another/');
  const { arn, statements } = policyOf(stack, logs.accessLogBucket);
  const artifactArn = policyOf(stack, artifacts.bucket).arn;
  const delivers = (sourceArn: string, key: string, sourceAccount = ACCOUNT) => allowed(statements, {
    action: 's3:PutObject',
    resource: `${arn}/${key}`,
    service: 'logging.s3.amazonaws.com',
    context: { ...GOOD, 'aws:PrincipalServiceName': 'logging.s3.amazonaws.com', 'aws:SourceArn': sourceArn, 'aws:SourceAccount': sourceAccount },
  });

  test('lets S3 deliver the logs of each bucket below its prefix', () => {
    expect(delivers(artifactArn, 'artifact-bucket/x')).toBe(true);
    expect(delivers(policyOf(stack, logs.trailBucket).arn, 'trail-bucket/x')).toBe(true);
    expect(delivers('arn:aws:s3:::another-bucket', 'another/x')).toBe(true);
  });

  test('also lets S3 deliver with its regional service principal', () => {
    const put = (names: string[]) => denials(statements, {
      action: 's3:PutObject',
      resource: `${arn}/artifact-bucket/x`,
      service: 'logging.s3.amazonaws.com',
      context: { ...GOOD, 'aws:PrincipalServiceName': names[0], 'aws:PrincipalServiceNamesList': names },
    });
    expect(put([`logging.s3.${REGION}.amazonaws.com`, 'logging.s3.amazonaws.com'])).toEqual([]);
    expect(put(['config.amazonaws.com', `config.${REGION}.amazonaws.com`])).toEqual(['DenyOtherWriters']);
  });

  test('lets no bucket write to the logs of another one', () => {
    expect(delivers('arn:aws:s3:::another-bucket', 'artifact-bucket/x')).toBe(false);
    expect(delivers('arn:aws:s3:::a-bucket-of-mine', 'artifact-bucket/x')).toBe(false);
    expect(delivers(artifactArn, 'artifact-bucket/x', '999999999999')).toBe(false);
  });

  test('denies writes and deletions to users', () => {
    const refused = (action: string, context: { [key: string]: string }) => denials(statements, { action, resource: `${arn}/artifact-bucket/x`, context });
    expect(refused('s3:PutObject', ROOT)).toEqual(['DenyOtherWriters']);
    expect(refused('s3:DeleteObjectVersion', PERSON)).toEqual(['DenyDeletionButByAdministrators']);
    expect(refused('s3:DeleteObjectVersion', ROOT)).toEqual([]);
    expect(refused('s3:GetObject', { ...PERSON, 'aws:SecureTransport': 'false' })).toEqual(['DenyPlainHttp']);
    expect(refused('s3:GetObject', { ...PERSON, 's3:TlsVersion': '1.1' })).toEqual(['DenyTlsBelow12']);
  });
});

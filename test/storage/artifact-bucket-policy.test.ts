import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { policyOf, ACCOUNT } from './support/policies';
import { allowed, denials, type Request } from './support/policy-evaluator';
import { aliasKey, blobKey, manifestKey, signatureKey } from '../../src/contract/keys';
import { ArtifactBucket, type ArtifactBucketProps } from '../../src/storage/artifact-bucket';

const BLOB = blobKey('fraud', 'a'.repeat(64));
const MANIFEST = manifestKey('fraud', '1.0.0');
const SIGNATURE = signatureKey('fraud', '1.0.0');
const ALIAS = aliasKey('fraud', 'production');
const ROLE = `arn:aws:iam::${ACCOUNT}:role/somebody`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

/** The request of a correct client, which each test changes in one way. */
const GOOD = {
  'aws:SecureTransport': 'true',
  's3:TlsVersion': '1.3',
  's3:signatureversion': 'AWS4-HMAC-SHA256',
  's3:authType': 'REST-HEADER',
  'aws:PrincipalArn': ROLE,
};
const CREATE = { ...GOOD, 's3:ObjectCreationOperation': 'true', 's3:if-none-match': '*' };

function tryIt(props: ArtifactBucketProps = {}, prepare: (bucket: ArtifactBucket, stack: Stack) => void = () => {}) {
  const stack = new Stack(new App(), 'Stack');
  const artifacts = new ArtifactBucket(stack, 'Artifacts', props);
  prepare(artifacts, stack);
  const { arn, statements } = policyOf(stack, artifacts.bucket);
  const key = policyOf(stack, artifacts.encryptionKey);
  return {
    statements,
    keyArn: key.arn,
    keyStatements: key.statements,
    refusals: (action: string, objectKey: string | undefined, context: Request['context']) =>
      denials(statements, { action, resource: objectKey === undefined ? arn : `${arn}/${objectKey}`, context }),
  };
}

describe('the policy of an artifact bucket', () => {
  const standard = tryIt();

  test('consists of deny statements only, for every principal', () => {
    expect(standard.statements.map(({ Effect, Principal }) => [Effect, Principal])).toEqual(standard.statements.map(() => ['Deny', '*']));
  });

  test('names each statement, and S3 shows the name when it denies a request', () => {
    expect(standard.statements.map(({ Sid }) => Sid)).toEqual([
      'DenyPlainHttp', 'DenyTlsBelow12',
      'DenyOtherEncryption', 'DenyOtherKeys', 'DenyAwsManagedKey', 'DenyCustomerProvidedKeys',
      'DenyOldLinks', 'DenySignatureVersion2',
      'DenyOverwriting', 'DenyBlindAliasMoves', 'DenyReplacingFromOutside', 'DenyVerdictsAndAttestations',
      'DenyDeletionButByAdministrators', 'DenyOtherChangesButByAdministrators',
    ]);
  });

  test('stays within the 20 KB limit of S3 with every option set', () => {
    const { statements } = tryIt({
      administrators: Array.from({ length: 10 }, (_, index) =>
        new iam.ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/administrators/model-store-${index}`)),
      perimeter: {
        cidrs: Array.from({ length: 30 }, (_, index) => `203.0.113.${index}/32`),
        vpcEndpointIds: Array.from({ length: 10 }, (_, index) => `vpce-0123456789abcde${index}f`),
        organizationId: 'o-a1b2c3d4e5',
      },
    }, (bucket, stack) => {
      const roles = [1, 2, 3].map((index) => new iam.Role(stack, `R${index}`, { assumedBy: new iam.AccountRootPrincipal() }));
      roles.forEach((role) => bucket._policy.exemptFunctionSessions(role));
      bucket._policy.restrictWriters({ versions: [roles[0]], aliases: [roles[1]] });
    });
    expect(JSON.stringify(statements).length).toBeLessThan(20_480 * 0.75);
  });

  describe('transport', () => {
    test.each(['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion'])('%s over plain HTTP is denied', (action) => {
      expect(standard.refusals(action, BLOB, { ...CREATE, 'aws:SecureTransport': 'false' })).toContain('DenyPlainHttp');
    });

    // [C-02] in docs/compliance.md
    test('changes to bucket settings over plain HTTP are denied', () => {
      expect(standard.refusals('s3:PutBucketPolicy', undefined, { ...GOOD, 'aws:SecureTransport': 'false' })).toEqual(['DenyPlainHttp']);
    });

    test.each([
      ['1.0', true], ['1.1', true], ['1.2', false], ['1.3', false],
    ])('TLS %s is denied: %s', (version, refused) => {
      expect(standard.refusals('s3:GetObject', BLOB, { ...GOOD, 's3:TlsVersion': version })).toEqual(refused ? ['DenyTlsBelow12'] : []);
    });
  });

  describe('encryption', () => {
    const SSE = 's3:x-amz-server-side-encryption';
    const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
    test.each<[string, { [key: string]: string }, string[]]>([
      ['without encryption headers, which uses the key of the bucket', {}, []],
      ['with the key of the bucket by its ARN', { [SSE]: 'aws:kms', [KEY_ID]: standard.keyArn }, []],
      ['with only aws:kms, which uses the AWS managed key', { [SSE]: 'aws:kms' }, ['DenyAwsManagedKey']],
      ['with another key', { [SSE]: 'aws:kms', [KEY_ID]: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/other` }, ['DenyOtherKeys']],
      ['with the key of another account', { [SSE]: 'aws:kms', [KEY_ID]: 'arn:aws:kms:eu-central-1:999999999999:key/mine' }, ['DenyOtherKeys']],
      ['with another key and no algorithm', { [KEY_ID]: 'alias/mine' }, ['DenyOtherKeys']],
      ['with SSE-S3', { [SSE]: 'AES256' }, ['DenyOtherEncryption']],
      ['with SSE-S3 and the ARN of the key', { [SSE]: 'AES256', [KEY_ID]: standard.keyArn }, ['DenyOtherEncryption']],
      [
        'with dual-layer encryption with the key',
        { [SSE]: 'aws:kms:dsse', [KEY_ID]: standard.keyArn }, ['DenyOtherEncryption'],
      ],
      [
        'with a customer-provided key',
        { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' }, ['DenyCustomerProvidedKeys'],
      ],
    ])('a write %s', (_, headers, expected) => {
      expect(standard.refusals('s3:PutObject', BLOB, { ...CREATE, ...headers })).toEqual(expected);
    });

    test('an existing object cannot be re-encrypted with another key', () => {
      expect(standard.refusals('s3:UpdateObjectEncryption', BLOB, GOOD)).toEqual(['DenyReplacingFromOutside']);
    });
  });

  describe('presigned URLs', () => {
    const link = { ...GOOD, 's3:authType': 'REST-QUERY-STRING' };

    test('work for exactly 15 minutes', () => {
      expect(standard.refusals('s3:GetObject', BLOB, { ...link, 's3:signatureAge': `${15 * 60_000}` })).toEqual([]);
      expect(standard.refusals('s3:GetObject', BLOB, { ...link, 's3:signatureAge': `${15 * 60_000 + 1}` })).toEqual(['DenyOldLinks']);
    });

    test('work for the duration of maximumPresignedUrlAge', () => {
      const { refusals } = tryIt({ maximumPresignedUrlAge: Duration.hours(1) });
      expect(refusals('s3:PutObject', BLOB, { ...CREATE, 's3:signatureAge': '3600000' })).toEqual([]);
      expect(refusals('s3:PutObject', BLOB, { ...CREATE, 's3:signatureAge': '3600001' })).toEqual(['DenyOldLinks']);
    });

    test('are denied with Signature Version 2, which has no age', () => {
      expect(standard.refusals('s3:GetObject', BLOB, { ...link, 's3:signatureversion': 'AWS' })).toEqual(['DenySignatureVersion2']);
    });
  });

  describe('write-once', () => {
    test.each([
      ['a blob', BLOB], ['a manifest', MANIFEST], ['a signature', SIGNATURE],
    ])('%s can be created only with If-None-Match', (_, key) => {
      const { 's3:if-none-match': ifNoneMatch, ...blind } = CREATE;
      expect(standard.refusals('s3:PutObject', key, { ...blind, 's3:if-none-match': ifNoneMatch })).toEqual([]);
      expect(standard.refusals('s3:PutObject', key, blind)).toEqual(['DenyOverwriting']);
    });

    test('a blob or version cannot be replaced with If-Match either', () => {
      const { 's3:if-none-match': _, ...context } = { ...CREATE, 's3:if-match': '"etag"' };
      expect(standard.refusals('s3:PutObject', MANIFEST, context)).toEqual(['DenyOverwriting']);
    });

    test('the steps of a multipart upload that create nothing need no precondition', () => {
      expect(standard.refusals('s3:PutObject', BLOB, { ...GOOD, 's3:ObjectCreationOperation': 'false' })).toEqual([]);
    });

    test.each(['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'])('%s cannot bypass it', (action) => {
      for (const key of [BLOB, MANIFEST, SIGNATURE, ALIAS]) {
        expect(standard.refusals(action, key, GOOD)).toEqual(['DenyReplacingFromOutside']);
      }
    });

    test('an alias can be created or replaced only with a precondition', () => {
      const { 's3:if-none-match': _, ...blind } = CREATE;
      expect(standard.refusals('s3:PutObject', ALIAS, CREATE)).toEqual([]);
      expect(standard.refusals('s3:PutObject', ALIAS, { ...blind, 's3:if-match': '"etag"' })).toEqual([]);
      expect(standard.refusals('s3:PutObject', ALIAS, blind)).toEqual(['DenyBlindAliasMoves']);
    });
  });

  describe('deletion', () => {
    const DELETIONS = [
      's3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold',
      's3:RestoreObject',
    ];
    const by = (principalArn?: string) => {
      const { 'aws:PrincipalArn': _, ...context } = GOOD;
      return principalArn === undefined ? context : { ...context, 'aws:PrincipalArn': principalArn };
    };

    // [C-18] in docs/compliance.md
    test.each(DELETIONS)('%s is denied to everyone except the root user of the account by default', (action) => {
      expect(standard.refusals(action, BLOB, by(ROLE))).toEqual(['DenyDeletionButByAdministrators']);
      expect(standard.refusals(action, BLOB, by(undefined))).toEqual(['DenyDeletionButByAdministrators']);
      expect(standard.refusals(action, BLOB, by('arn:aws:iam::999999999999:root'))).toEqual(['DenyDeletionButByAdministrators']);
      expect(standard.refusals(action, BLOB, by(ROOT))).toEqual([]);
    });

    test.each(DELETIONS)('%s is allowed for named administrators, and still for the root user', (action) => {
      const { refusals } = tryIt({ administrators: [
        new iam.ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/model-administrator`),
        new iam.ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Administrator_*`),
      ] });
      expect(refusals(action, BLOB, by(`arn:aws:iam::${ACCOUNT}:role/model-administrator`))).toEqual([]);
      expect(refusals(action, BLOB, by(`arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Administrator_1a`)))
        .toEqual([]);
      expect(refusals(action, BLOB, by(ROOT))).toEqual([]);
      expect(refusals(action, BLOB, by(`arn:aws:iam::${ACCOUNT}:role/model-administrator-2`))).toEqual(['DenyDeletionButByAdministrators']);
    });

    test('bucket settings can be changed by every principal that IAM allows', () => {
      for (const action of ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutLifecycleConfiguration', 's3:PutBucketLogging', 's3:DeleteBucket']) {
        expect(standard.refusals(action, undefined, GOOD)).toEqual([]);
      }
    });
  });

  describe('labels', () => {
    const LABELS = [
      's3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging',
      's3:PutObjectAnnotation', 's3:DeleteObjectAnnotation', 's3:PutObjectAcl', 's3:PutObjectVersionAcl',
      's3:ObjectOwnerOverrideToBucketOwner', 's3:AnActionThatS3AddsLater',
    ];
    const administrator = `arn:aws:iam::${ACCOUNT}:role/model-administrator`;
    const named = tryIt({ administrators: [new iam.ArnPrincipal(administrator)] });

    test.each(LABELS)('%s is left to administrators, on every kind of object', (action) => {
      for (const key of [BLOB, MANIFEST, SIGNATURE, ALIAS, 'another/key']) {
        expect(named.refusals(action, key, GOOD)).toEqual(['DenyOtherChangesButByAdministrators']);
        expect(named.refusals(action, key, { ...GOOD, 'aws:PrincipalArn': administrator })).toEqual([]);
        expect(named.refusals(action, key, { ...GOOD, 'aws:PrincipalArn': ROOT })).toEqual([]);
      }
    });

    test.each([
      's3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:GetObjectAnnotation', 's3:GetObjectAttributes',
      's3:GetObjectVersionForReplication', 's3:ListMultipartUploadParts',
    ])('%s reads, and is left to IAM', (action) => {
      expect(named.refusals(action, BLOB, GOOD)).toEqual([]);
    });
  });

  describe('verdicts and attestations', () => {
    test.each(['verdicts/fraud/aa.json', 'models/fraud/versions/1.0.0/attestations/scan.json'])('%s cannot be written by any principal', (key) => {
      for (const principal of [ROLE, ROOT]) {
        for (const action of ['s3:PutObject', 's3:ReplicateObject']) {
          expect(standard.refusals(action, key, { ...CREATE, 'aws:PrincipalArn': principal })).toContain('DenyVerdictsAndAttestations');
        }
      }
    });
  });

  describe('restricted writers', () => {
    const restricted = tryIt({}, (bucket, stack) => bucket._policy.restrictWriters({
      versions: [new iam.Role(stack, 'Upload', { assumedBy: new iam.AccountRootPrincipal() })],
      aliases: [new iam.Role(stack, 'Registry', { assumedBy: new iam.AccountRootPrincipal() })],
    }));
    const roleArn = (start: string) => restricted.statements
      .flatMap(({ Condition }) => [Condition?.ArnNotEquals?.['aws:PrincipalArn']].flat() as string[])
      .find((arn) => arn?.includes(`role/${start}`))!;

    test('no other principal can write, not even the root user', () => {
      for (const principal of [ROLE, ROOT]) {
        expect(restricted.refusals('s3:PutObject', BLOB, { ...CREATE, 'aws:PrincipalArn': principal })).toEqual(['DenyOtherWritersOfVersions']);
        expect(restricted.refusals('s3:PutObject', MANIFEST, { ...CREATE, 'aws:PrincipalArn': principal })).toEqual(['DenyOtherWritersOfVersions']);
        expect(restricted.refusals('s3:PutObject', ALIAS, { ...CREATE, 'aws:PrincipalArn': principal })).toEqual(['DenyOtherWritersOfAliases']);
      }
    });

    test('the upload session cannot move aliases, and the registry session cannot upload', () => {
      const upload = { ...CREATE, 'aws:PrincipalArn': roleArn('upload') };
      const registry = { ...CREATE, 'aws:PrincipalArn': roleArn('registry') };
      expect(restricted.refusals('s3:PutObject', MANIFEST, upload)).toEqual([]);
      expect(restricted.refusals('s3:PutObject', ALIAS, upload)).toEqual(['DenyOtherWritersOfAliases']);
      expect(restricted.refusals('s3:PutObject', ALIAS, registry)).toEqual([]);
      expect(restricted.refusals('s3:PutObject', BLOB, registry)).toEqual(['DenyOtherWritersOfVersions']);
    });

    test('unfinished uploads are aborted by who uploads and by administrators, and by no one else', () => {
      const abortedBy = (principal: string) => restricted.refusals('s3:AbortMultipartUpload', BLOB, { ...GOOD, 'aws:PrincipalArn': principal });
      expect(abortedBy(roleArn('upload'))).toEqual([]);
      expect(abortedBy(ROOT)).toEqual([]);
      expect(abortedBy(roleArn('registry'))).toEqual(['DenyAbortingUploads']);
      expect(abortedBy(ROLE)).toEqual(['DenyAbortingUploads']);
    });

    test('not even the upload session can write an attestation', () => {
      const upload = { ...CREATE, 'aws:PrincipalArn': roleArn('upload') };
      expect(restricted.refusals('s3:PutObject', 'models/fraud/versions/1.0.0/attestations/scan.json', upload)).toEqual(['DenyVerdictsAndAttestations']);
    });

    test('reads are not restricted', () => {
      expect(restricted.refusals('s3:GetObject', BLOB, GOOD)).toEqual([]);
    });
  });
});

describe('the policy of the key', () => {
  const { keyStatements } = tryIt();
  const use = (action: string, context: { [key: string]: string }, service?: string) =>
    denials(keyStatements, { action, resource: '*', context, service });

  test.each(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'])(
    '%s works only through S3 in this Region', (action) => {
      expect(use(action, { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' })).toEqual([]);
      expect(use(action, {})).toEqual(['DenyUseOutsideS3']);
      expect(use(action, { 'kms:ViaService': 'ec2.eu-central-1.amazonaws.com' })).toEqual(['DenyUseOutsideS3']);
      expect(use(action, { 'kms:ViaService': 's3.us-east-1.amazonaws.com' })).toEqual(['DenyUseOutsideS3']);
      expect(use(action, { 'aws:PrincipalIsAWSService': 'false' })).toEqual(['DenyUseOutsideS3']);
    });

  test('the account keeps administering the key', () => {
    for (const action of ['kms:PutKeyPolicy', 'kms:DescribeKey', 'kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion', 'kms:EnableKeyRotation', 'kms:TagResource']) {
      expect(allowed(keyStatements, { action, resource: '*', context: { 'aws:PrincipalArn': ROOT } })).toBe(true);
    }
  });

  test('only the account is allowed, which delegates to IAM', () => {
    expect(keyStatements.filter(({ Effect }) => Effect === 'Allow').map(({ Principal }) => Principal))
      .toEqual([{ AWS: `arn:aws:iam::${ACCOUNT}:root` }]);
  });

  test('an existing key keeps its policy, and the bucket requires it', () => {
    const stack = new Stack(new App(), 'Stack');
    const key = new kms.Key(stack, 'Mine');
    const artifacts = new ArtifactBucket(stack, 'Artifacts', { encryptionKey: key });
    expect(artifacts.encryptionKey).toBe(key);
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
    expect(policyOf(stack, key).statements.map(({ Sid }) => Sid)).toEqual([undefined]);
    const insisting = policyOf(stack, artifacts.bucket).statements.find(({ Sid }) => Sid === 'DenyOtherKeys');
    expect(insisting?.Condition?.StringNotEquals).toEqual({ 's3:x-amz-server-side-encryption-aws-kms-key-id': policyOf(stack, key).arn });
  });
});

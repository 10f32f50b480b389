import { Duration, Lazy } from 'aws-cdk-lib';
import { Principals, type SessionRequest } from './support/principals';
import { StoreParts } from './support/store';
import { SessionRoles, type FunctionRoles } from '../../src/access/session-roles';
import { aliasKey, blobKey, manifestKey, signatureKey, verdictKey } from '../../src/contract/keys';
import { FUNCTIONS, type FunctionName } from '../../src/contract/routes';
import { SigningKey } from '../../src/storage/signing-key';

const BLOB = blobKey('fraud-detector', 'a'.repeat(64));
const MANIFEST = manifestKey('fraud-detector', '1.0.0');
const ALIAS = aliasKey('fraud-detector', 'production');
const ALICE: SessionRequest = {
  sourceIdentity: 'alice', tags: { caller: 'alice', model: 'fraud-detector', 'request-id': 'r-1', 'invocation-id': 'i-1' }, durationSeconds: 900,
};

const store = new StoreParts();
const roles = new SessionRoles(store, 'Sessions', { artifactBucket: store.artifactBucket, signingKey: store.signingKey.key });
const principals = new Principals(store);
const bucketArn = principals.resolve(store.artifactBucket.bucket.bucketArn);
const keyArn = principals.resolve(store.artifactBucket.encryptionKey.keyArn);
const signingKeyArn = principals.resolve(store.signingKey.key.keyArn);
const throughS3 = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com', 'kms:EncryptionContext:aws:s3:arn': bucketArn };

const reach = (role: FunctionRoles['sessionRole'], action: string, key: string) => principals.may(role, action, `${bucketArn}/${key}`);

describe.each(FUNCTIONS)('the execution role of the %s function', (name: FunctionName) => {
  const { executionRole, sessionRole } = roles[name];

  test('can only be assumed by Lambda', () => {
    expect(principals.lets(executionRole, 'lambda.amazonaws.com')).toBe(true);
    expect(principals.lets(executionRole, 'arn:aws:iam::111122223333:role/administrator')).toBe(false);
    expect(principals.lets(executionRole, 'ec2.amazonaws.com')).toBe(false);
  });

  test('may open sessions of its own session role, with a name and tags', () => {
    for (const action of ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession']) {
      expect(principals.may(executionRole, action, principals.arnOf(sessionRole))).toBe(true);
    }
  });

  test('may open no other session', () => {
    const others = FUNCTIONS.filter((other) => other !== name).map((other) => principals.arnOf(roles[other].sessionRole));
    for (const arn of [...others, 'arn:aws:iam::111122223333:role/administrator', principals.arnOf(executionRole)]) {
      expect(principals.may(executionRole, 'sts:AssumeRole', arn)).toBe(false);
    }
  });

  test('allows nothing but opening sessions', () => {
    const allows = principals.statementsOf(executionRole).filter(({ Effect }) => Effect === 'Allow');
    expect(allows).toHaveLength(1);
    expect(allows[0].Action).toEqual(['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession']);
  });

  test('is denied the bucket and the keys, even if it is granted access later', () => {
    const denies = principals.statementsOf(executionRole).filter(({ Effect }) => Effect === 'Deny');
    expect(denies.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      ['s3:*', [bucketArn, `${bucketArn}/*`]],
      ['kms:*', [keyArn, signingKeyArn]],
    ]);
  });
});

describe.each(FUNCTIONS)('a session of the %s function', (name: FunctionName) => {
  const { executionRole, sessionRole } = roles[name];
  const opens = (caller: string, request: SessionRequest) => principals.lets(sessionRole, caller, request);
  const itsFunction = principals.arnOf(executionRole);

  test('can be opened by its function on behalf of a named caller', () => {
    expect(opens(itsFunction, ALICE)).toBe(true);
  });

  test('cannot be opened by another function', () => {
    for (const other of FUNCTIONS.filter((each) => each !== name)) {
      expect(opens(principals.arnOf(roles[other].executionRole), ALICE)).toBe(false);
    }
  });

  test('cannot be opened by a person, not even an administrator', () => {
    for (const caller of ['role/data-scientist', 'role/administrator', 'user/alice', 'root']) {
      expect(opens(`arn:aws:iam::111122223333:${caller}`, ALICE)).toBe(false);
    }
  });

  test('cannot be opened by another session, including its own', () => {
    for (const other of FUNCTIONS) {
      expect(opens(principals.arnOf(roles[other].sessionRole), ALICE)).toBe(false);
    }
  });

  // [C-07] in docs/compliance.md
  test('cannot be opened without a source identity, or with an empty one', () => {
    expect(opens(itsFunction, { ...ALICE, sourceIdentity: undefined })).toBe(false);
    expect(opens(itsFunction, { ...ALICE, sourceIdentity: '' })).toBe(false);
  });

  test.each(['caller', 'request-id', 'invocation-id'])('cannot be opened without the tag "%s", or with an empty one', (tag) => {
    const { [tag]: _left, ...others } = ALICE.tags!;
    expect(opens(itsFunction, { ...ALICE, tags: others })).toBe(false);
    expect(opens(itsFunction, { ...ALICE, tags: { ...others, [tag]: '' } })).toBe(false);
  });

  test(name === 'registry' ? 'can be opened for no model in particular, to list them' : 'cannot be opened without a model', () => {
    const { model: _left, ...others } = ALICE.tags!;
    expect(opens(itsFunction, { ...ALICE, tags: others })).toBe(name === 'registry');
  });

  test('cannot be opened with a tag that the store does not know', () => {
    expect(opens(itsFunction, { ...ALICE, tags: { ...ALICE.tags, department: 'research' } })).toBe(false);
  });

  test('lasts at most 15 minutes', () => {
    expect(opens(itsFunction, { ...ALICE, durationSeconds: 900 })).toBe(true);
    expect(opens(itsFunction, { ...ALICE, durationSeconds: 901 })).toBe(false);
  });

  test('cannot open another session', () => {
    expect(principals.may(sessionRole, 'sts:AssumeRole', principals.arnOf(sessionRole))).toBe(false);
  });

  // [C-05] in docs/compliance.md
  test('cannot delete, change settings, or access verdicts of the scanner', () => {
    for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObjectAcl', 's3:PutObjectTagging', 's3:BypassGovernanceRetention']) {
      expect(reach(sessionRole, action, BLOB)).toBe(false);
    }
    expect(principals.may(sessionRole, 's3:PutBucketPolicy', bucketArn)).toBe(false);
    expect(reach(sessionRole, 's3:PutObject', verdictKey('fraud-detector', 'a'.repeat(64)))).toBe(false);
    expect(reach(sessionRole, 's3:GetObject', 'other/object')).toBe(false);
  });

  test('decrypts only through S3, for objects of this bucket', () => {
    const decrypts = (context: { [key: string]: string }) => principals.may(sessionRole, 'kms:Decrypt', keyArn, context);
    expect(decrypts(throughS3)).toBe(true);
    expect(decrypts({})).toBe(false);
    expect(decrypts({ ...throughS3, 'kms:ViaService': 's3.us-east-1.amazonaws.com' })).toBe(false);
    expect(decrypts({ ...throughS3, 'kms:ViaService': 'lambda.eu-central-1.amazonaws.com' })).toBe(false);
    expect(decrypts({ ...throughS3, 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::another' })).toBe(false);
    expect(principals.may(sessionRole, 'kms:Decrypt', 'arn:aws:kms:eu-central-1:111122223333:key/another', throughS3)).toBe(false);
  });
});

describe('permissions of sessions on objects', () => {
  const { upload: { sessionRole: upload }, download: { sessionRole: download }, registry: { sessionRole: registry } } = roles;

  test('upload sessions write blobs and versions, and only read aliases', () => {
    for (const key of [BLOB, MANIFEST, signatureKey('fraud-detector', '1.0.0')]) {
      expect(reach(upload, 's3:PutObject', key)).toBe(true);
    }
    expect(reach(upload, 's3:PutObject', ALIAS)).toBe(false);
    expect(reach(upload, 's3:GetObject', ALIAS)).toBe(true);
  });

  test('download sessions read blobs and versions, and write nothing', () => {
    expect(reach(download, 's3:GetObject', BLOB)).toBe(true);
    expect(reach(download, 's3:GetObject', MANIFEST)).toBe(true);
    expect(reach(download, 's3:GetObject', ALIAS)).toBe(false);
    for (const key of [BLOB, MANIFEST, ALIAS]) {
      expect(reach(download, 's3:PutObject', key)).toBe(false);
    }
    expect(principals.may(download, 'kms:GenerateDataKey', keyArn, throughS3)).toBe(false);
  });

  test('registry sessions write aliases, only read versions, and reach no blob', () => {
    expect(reach(registry, 's3:PutObject', ALIAS)).toBe(true);
    expect(reach(registry, 's3:GetObject', MANIFEST)).toBe(true);
    expect(reach(registry, 's3:PutObject', MANIFEST)).toBe(false);
    expect(reach(registry, 's3:GetObject', BLOB)).toBe(false);
    expect(reach(registry, 's3:PutObject', BLOB)).toBe(false);
  });

  test('upload sessions sign manifests; no other session does', () => {
    expect(principals.may(upload, 'kms:Sign', signingKeyArn)).toBe(true);
    expect(principals.may(download, 'kms:Sign', signingKeyArn)).toBe(false);
    expect(principals.may(registry, 'kms:Sign', signingKeyArn)).toBe(false);
  });

  test('registry sessions read the public key', () => {
    expect(principals.may(registry, 'kms:GetPublicKey', signingKeyArn)).toBe(true);
    expect(principals.may(download, 'kms:GetPublicKey', signingKeyArn)).toBe(false);
  });
});

describe('session roles with keys that signed before', () => {
  const replaced = new StoreParts();
  const former = new SigningKey(replaced, 'Former').key;
  const { upload, registry } = new SessionRoles(replaced, 'Sessions', {
    artifactBucket: replaced.artifactBucket, signingKey: replaced.signingKey.key, formerSigningKeys: [former],
  });
  const replacing = new Principals(replaced);
  const formerArn = replacing.resolve(former.keyArn);

  test('read their public keys, and never sign with them', () => {
    expect(replacing.may(registry.sessionRole, 'kms:GetPublicKey', formerArn)).toBe(true);
    for (const { sessionRole } of [upload, registry]) {
      expect(replacing.may(sessionRole, 'kms:Sign', formerArn)).toBe(false);
    }
  });

  test('deny them to the functions themselves', () => {
    const [, keys] = replacing.statementsOf(registry.executionRole).filter(({ Effect }) => Effect === 'Deny');
    expect(keys.Resource).toContain(formerArn);
  });
});

describe('session roles', () => {
  test('sign nothing if the store has no signing key', () => {
    const unsigned = new StoreParts();
    const { upload } = new SessionRoles(unsigned, 'Sessions', { artifactBucket: unsigned.artifactBucket });
    const statements = new Principals(unsigned).statementsOf(upload.sessionRole);
    expect(JSON.stringify(statements)).not.toContain('kms:Sign');
  });

  test('issue presigned URLs for up to an hour, if configured', () => {
    const patient = new StoreParts();
    const sessions = new SessionRoles(patient, 'Sessions', { artifactBucket: patient.artifactBucket, sessionDuration: Duration.hours(1) });
    const itself = new Principals(patient);
    const caller = itself.arnOf(sessions.download.executionRole);
    expect(itself.lets(sessions.download.sessionRole, caller, { ...ALICE, durationSeconds: 3_600 })).toBe(true);
    expect(itself.lets(sessions.download.sessionRole, caller, { ...ALICE, durationSeconds: 3_601 })).toBe(false);
    expect(itself.propertiesOf(sessions.download.sessionRole).MaxSessionDuration).toBe(3_600);
  });

  test('last 15 minutes by default', () => {
    expect(roles.sessionDuration.toMinutes()).toBe(15);
  });

  test.each([Duration.seconds(899), Duration.millis(900_500), Duration.seconds(3_601), Duration.days(1)])('refuse a session duration of %s, and say where', (sessionDuration) => {
    const parts = new StoreParts();
    expect(() => new SessionRoles(parts, 'Sessions', { artifactBucket: parts.artifactBucket, sessionDuration }))
      .toThrow(/^SessionRoles at \S+Sessions:\n {2}- sessionDuration is [\d.]+ seconds; AWS allows 900 \(15 minutes\) to 3600 \(1 hour\)/);
  });

  test.each([Duration.seconds(900), Duration.seconds(3_600)])('accept a session duration of %s', (sessionDuration) => {
    const parts = new StoreParts();
    expect(() => new SessionRoles(parts, 'Sessions', { artifactBucket: parts.artifactBucket, sessionDuration })).not.toThrow();
  });

  test('accept a duration that is known only at deployment', () => {
    const parts = new StoreParts();
    const sessionDuration = Duration.seconds(Lazy.number({ produce: () => 1_200 }));
    expect(() => new SessionRoles(parts, 'Sessions', { artifactBucket: parts.artifactBucket, sessionDuration })).not.toThrow();
  });
});

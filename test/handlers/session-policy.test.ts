import { AssumeRoleCommand, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import * as fc from 'fast-check';
import { LAMBDA_REQUEST_ID, request, REQUEST_ID, type Request } from './support/events';
import { entryOf, MIB, partedFile, sha256, storeFile, storePart, textFile } from './support/files';
import { allows } from './support/policy-evaluator';
import { awsError } from './support/s3-double';
import { BUCKET_ARN, KEY_ARN, SESSION_ROLE_ARN, StoreDouble } from './support/store-double';
import { aliasKey, blobKey, manifestKey, signatureKey, verdictKey } from '../../src/contract/keys';
import { ROUTES, type FunctionName, type RouteName } from '../../src/contract/routes';
import { SESSION_ACTIONS } from '../../src/contract/session-actions';
import {
  MAX_SESSION_POLICY_CHARACTERS, sessionPolicies, type SessionScope,
} from '../../src/handlers/aws/session-policy';

const MODEL = { model: 'fraud' };
const SMALL = textFile('small.txt');
const LARGE = partedFile('large.bin', 40 * MIB);

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

/** A valid request for every route, for a store with a version and an alias. */
function requests(): Record<RouteName, Request> {
  const { uploadId } = store.s3.createUpload(blobKey('fraud', LARGE.digest));
  LARGE.partChecksums.forEach((_checksum, index) => storePart(store, uploadId, LARGE, index + 1));
  const version = { ...MODEL, version: '1.0.0' };
  const alias = { ...MODEL, alias: 'production' };
  const blob = ({ digest, size }: { digest: string; size: number }) => ({ digest, size });
  return {
    beginUpload: { parameters: MODEL, body: { files: [blob(SMALL), blob(LARGE), blob(textFile('new'))] } },
    uploadLinks: { parameters: MODEL, body: { links: [blob(SMALL)] } },
    completeUpload: { parameters: MODEL, body: { ...blob(LARGE), uploadId } },
    publish: { parameters: { ...MODEL, version: '2.0.0' }, body: { files: [entryOf(SMALL)] } },
    downloadLinks: { parameters: version, body: { paths: [SMALL.path] } },
    listSigningKeys: {},
    listModels: {},
    listVersions: { parameters: MODEL },
    showVersion: { parameters: version },
    resolveReference: { parameters: { ...MODEL, reference: 'production' } },
    listAliases: { parameters: MODEL },
    showAlias: { parameters: alias },
    moveAlias: { parameters: alias, body: { version: '1.0.0' } },
    removeAlias: { parameters: alias, body: {} },
    aliasHistory: { parameters: alias },
  };
}

async function fill(): Promise<void> {
  storeFile(store, 'fraud', SMALL);
  await request('publish', { parameters: { ...MODEL, version: '1.0.0' }, body: { files: [entryOf(SMALL)] } });
  await request('publish', { parameters: { ...MODEL, version: '1.1.0' }, body: { files: [entryOf(SMALL)] } });
  await request('moveAlias', { parameters: { ...MODEL, alias: 'production' }, body: { version: '1.1.0' } });
}

const OBJECT_ACTIONS = [
  's3:GetObject', 's3:PutObject', 's3:GetObjectVersion', 's3:DeleteObject', 's3:DeleteObjectVersion',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts', 's3:PutObjectTagging', 's3:PutObjectRetention', 's3:BypassGovernanceRetention',
];

describe.each(Object.keys(ROUTES) as RouteName[])('the sessions of %s', (route) => {
  let policies: string[];
  beforeEach(async () => {
    await fill();
    const all = requests();
    store.sessions.length = 0;
    const { status, body } = await request(route, all[route]);
    expect([Math.floor(status / 100), body.code]).toEqual([2, undefined]);
    policies = store.sessions.map(({ Policy }) => Policy!);
    expect(policies.length).toBeGreaterThan(0);
  });

  const allowed = (action: string, resource: string, context?: { [key: string]: string }) => (
    policies.some((policy) => allows(policy, { action, resource, context }))
  );

  test('cannot access objects of other models', () => {
    const digest = SMALL.digest;
    for (const model of ['churn', 'fraud2', 'fraud-2', 'frau', 'fraud.', 'xfraud']) {
      for (const key of [
        blobKey(model, digest),
        manifestKey(model, '1.0.0'),
        signatureKey(model, '1.0.0'),
        aliasKey(model, 'production'),
      ]) {
        for (const action of OBJECT_ACTIONS) {
          expect([action, key, allowed(action, `${BUCKET_ARN}/${key}`)]).toEqual([action, key, false]);
        }
      }
    }
  });

  test('cannot access anything else: verdicts, other buckets, other keys, other services', () => {
    expect(allowed('s3:GetObject', `${BUCKET_ARN}/${verdictKey('fraud', SMALL.digest)}`)).toBe(false);
    expect(allowed('s3:PutObject', `${BUCKET_ARN}/${verdictKey('fraud', SMALL.digest)}`)).toBe(false);
    expect(allowed('s3:GetObject', `arn:aws:s3:::another-bucket/${blobKey('fraud', SMALL.digest)}`)).toBe(false);
    expect(allowed('s3:ListBucket', 'arn:aws:s3:::another-bucket')).toBe(false);
    expect(allowed('kms:Decrypt', `${KEY_ARN}0`)).toBe(false);
    for (const action of [
      'sts:AssumeRole', 'iam:PassRole', 'kms:ScheduleKeyDeletion', 'kms:CreateGrant', 's3:PutBucketPolicy',
      's3:DeleteBucket',
    ]) {
      for (const resource of [SESSION_ROLE_ARN, KEY_ARN, BUCKET_ARN]) {
        expect([action, resource, allowed(action, resource)]).toEqual([action, resource, false]);
      }
    }
  });

  test('cannot delete anything or change evidence', () => {
    for (
      const key of [blobKey('fraud', SMALL.digest), manifestKey('fraud', '1.0.0'), aliasKey('fraud', 'production')]
    ) {
      for (const action of OBJECT_ACTIONS.filter((name) => /Delete|Tagging|Retention/.test(name))) {
        expect([action, allowed(action, `${BUCKET_ARN}/${key}`)]).toEqual([action, false]);
      }
    }
  });

  test('cannot list keys of other models', () => {
    const othersListed = allowed('s3:ListBucket', BUCKET_ARN, { 's3:prefix': 'models/churn/' });
    expect(othersListed).toBe(route === 'listModels');
    expect(allowed('s3:ListBucket', BUCKET_ARN, { 's3:prefix': 'verdicts/' })).toBe(false);
  });

  test('get 404 for missing keys, whether a request without a prefix counts as having none or an empty one', () => {
    const looksForKeys = policies.some((policy) => policy.includes('"s3:ListBucket"'));
    expect(looksForKeys).toBe(!['uploadLinks', 'listSigningKeys'].includes(route));
    expect(allowed('s3:ListBucket', BUCKET_ARN, {})).toBe(looksForKeys);
    expect(allowed('s3:ListBucket', BUCKET_ARN, { 's3:prefix': '' })).toBe(looksForKeys);
  });

  test('request only actions that the session role allows', () => {
    const functionName: FunctionName = ROUTES[route].function;
    const known = Object.values(SESSION_ACTIONS[functionName]).flat();
    for (const policy of policies) {
      const { Statement } = JSON.parse(policy) as { Statement: { Action: string | string[] }[] };
      expect(known).toEqual(expect.arrayContaining(Statement.flatMap(({ Action }) => Action)));
      expect(policy.length).toBeLessThanOrEqual(MAX_SESSION_POLICY_CHARACTERS);
    }
  });

  test('are named after the caller, with source identity and tags, and have the configured duration', () => {
    for (const session of store.sessions) {
      expect(session).toMatchObject({
        RoleArn: SESSION_ROLE_ARN,
        RoleSessionName: 'DataScientist=alice@example.com',
        SourceIdentity: 'DataScientist=alice@example.com',
        DurationSeconds: 900,
      });
      expect(session.Tags!.map(({ Key }) => Key)).toEqual(['caller', 'model', 'request-id', 'invocation-id']);
      expect(session.Tags![0].Value).toMatch(/alice@example\.com$/);
    }
  });
});

describe('the session that presigns URLs', () => {
  test('to upload files can only write these files', async () => {
    await request('uploadLinks', { parameters: MODEL, body: { links: [{ digest: SMALL.digest, size: SMALL.size }] } });
    const { Policy } = store.lastSession;
    const may = (action: string, resource: string) => allows(Policy!, { action, resource });
    expect(may('s3:PutObject', `${BUCKET_ARN}/${blobKey('fraud', SMALL.digest)}`)).toBe(true);
    expect(may('s3:PutObject', `${BUCKET_ARN}/${blobKey('fraud', sha256('other'))}`)).toBe(false);
    expect(may('s3:GetObject', `${BUCKET_ARN}/${blobKey('fraud', SMALL.digest)}`)).toBe(false);
    expect(may('s3:PutObject', `${BUCKET_ARN}/${manifestKey('fraud', '1.0.0')}`)).toBe(false);
    expect(may('s3:ListBucket', BUCKET_ARN)).toBe(false);
  });

  test('is limited to the files of the model if there are more files than fit into a policy', async () => {
    const links = Array.from({ length: 40 }, (_value, index) => textFile(`file-${index}`)).map(
      ({ digest, size }) => ({ digest, size }),
    );
    await request('uploadLinks', { parameters: MODEL, body: { links } });
    const { Policy } = store.lastSession;
    expect(allows(
      Policy!, { action: 's3:PutObject', resource: `${BUCKET_ARN}/${blobKey('fraud', links[39].digest)}` },
    )).toBe(true);
    expect(allows(
      Policy!, { action: 's3:PutObject', resource: `${BUCKET_ARN}/${manifestKey('fraud', '1.0.0')}` },
    )).toBe(false);
    expect(allows(
      Policy!, { action: 's3:PutObject', resource: `${BUCKET_ARN}/${blobKey('churn', links[39].digest)}` },
    )).toBe(false);
  });

  test('is limited to one file for a thousand parts of it', async () => {
    const huge = partedFile('huge', 400 * 16 * MIB);
    const links = huge.partChecksums.map((checksumSha256, index) => (
      { digest: huge.digest, size: huge.size, uploadId: 'u', partNumber: index + 1, checksumSha256 }
    ));
    expect((await request('uploadLinks', { parameters: MODEL, body: { links } })).status).toBe(200);
    expect(allows(
      store.lastSession.Policy!, { action: 's3:PutObject', resource: `${BUCKET_ARN}/${blobKey('fraud', sha256('x'))}` },
    )).toBe(false);
  });

  test('falls back to the files of the model if STS cannot pack the policy with the tags', async () => {
    const seen: string[] = [];
    store.sts.on(AssumeRoleCommand).callsFake(async ({ Policy }) => {
      seen.push(Policy);
      if (seen.length === 1) {
        throw awsError('PackedPolicyTooLargeException', 400);
      }
      return { Credentials: {
        AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(Date.now() + 900_000),
      } };
    });
    expect((
      await request('uploadLinks', { parameters: MODEL, body: { links: [{ digest: SMALL.digest, size: SMALL.size }] } })
    ).status).toBe(200);
    expect(seen[1]).toContain('models/fraud/blobs/sha256/*');
  });

  test('use the shortest policy if STS cannot pack more, still for the caller and one model', async () => {
    const seen: AssumeRoleCommandInput[] = [];
    store.sts.on(AssumeRoleCommand).callsFake(async (input: AssumeRoleCommandInput) => {
      seen.push(input);
      if (seen.length < 3) {
        throw awsError('PackedPolicyTooLarge', 400);
      }
      return { Credentials: {
        AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(Date.now() + 900_000),
      } };
    });
    const answer = await request(
      'uploadLinks', { parameters: MODEL, body: { links: [{ digest: SMALL.digest, size: SMALL.size }] } },
    );
    expect([answer.status, seen.length]).toEqual([200, 3]);
    const [first, , last] = seen;
    expect(last.Policy!.length).toBeLessThan(seen[1].Policy!.length);
    expect(last.SourceIdentity).toBe(first.SourceIdentity);
    expect(last.Tags!.map(({ Value }) => Value)).toEqual([first.SourceIdentity, 'fraud', REQUEST_ID, LAMBDA_REQUEST_ID]);
    expect(allows(
      last.Policy!, { action: 's3:PutObject', resource: `${BUCKET_ARN}/${blobKey('fraud', SMALL.digest)}` },
    )).toBe(true);
    expect(allows(
      last.Policy!, { action: 's3:PutObject', resource: `${BUCKET_ARN}/${blobKey('churn', SMALL.digest)}` },
    )).toBe(false);
    expect(allows(
      last.Policy!, { action: 's3:GetObject', resource: `${BUCKET_ARN}/${blobKey('fraud', SMALL.digest)}` },
    )).toBe(false);
  });
});

describe('a policy size that STS has rejected', () => {
  test('is not tried again, but shorter policies are', async () => {
    const seen: string[] = [];
    store.sts.on(AssumeRoleCommand).callsFake(async ({ Policy }: AssumeRoleCommandInput) => {
      seen.push(Policy!);
      if (Policy!.length > 700) {
        throw awsError('PackedPolicyTooLarge', 400);
      }
      return { Credentials: {
        AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(Date.now() + 900_000),
      } };
    });
    const many = Array.from({ length: 6 }, (_value, index) => textFile(`file-${index}`));
    const links = many.map(({ digest, size }) => ({ digest, size }));
    await request('uploadLinks', { parameters: MODEL, body: { links } });
    const first = seen.length;
    await request('uploadLinks', { parameters: MODEL, body: { links } });
    expect([first, seen.length]).toEqual([2, 3]);
    await request('uploadLinks', { parameters: MODEL, body: { links: links.slice(0, 1) } });
    expect(seen.at(-1)).toContain(blobKey('fraud', many[0].digest));
  });
});

describe('a session policy', () => {
  test('in its shortest form can be packed by STS and is still limited to one model', async () => {
    const shortest: string[] = [];
    store.sts.on(AssumeRoleCommand).callsFake(async ({ Policy }: AssumeRoleCommandInput) => {
      shortest.push(Policy!);
      throw awsError('PackedPolicyTooLarge', 400);
    });
    for (const [route, details] of Object.entries(requests()) as [RouteName, Request][]) {
      await request(route, details);
      const policy = shortest.at(-1)!;
      expect(policy.length).toBeLessThan(300);
      for (const key of [
        blobKey('churn', SMALL.digest),
        manifestKey('churn', '1.0.0'),
        aliasKey('churn', 'production'),
        verdictKey('fraud', SMALL.digest),
      ]) {
        for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']) {
          expect([
            route, action, allows(policy, { action, resource: `${BUCKET_ARN}/${key}` }),
          ]).toEqual([route, action, false]);
        }
      }
      expect(allows(policy, { action: 's3:ListBucket', resource: 'arn:aws:s3:::another-bucket' })).toBe(false);
      expect(allows(policy, { action: 'sts:AssumeRole', resource: SESSION_ROLE_ARN })).toBe(false);
    }
  });

  const settings = {
    bucketName: 'b'.repeat(63),
    encryptionKeyArn: KEY_ARN,
    sessionRoleArn: SESSION_ROLE_ARN,
    sessionSeconds: 900,
    linkSeconds: 600,
    authentication: 'iam' as const,
    groupPermissions: [],
    rolesWithDefaultSessionNames: [],
    formerSigningKeyArns: [],
  };

  test('never exceeds the limit of STS, for any number of keys', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.stringMatching(/^[a-z0-9]{1,128}$/), (count, model) => {
      const scope: SessionScope = {
        model,
        blobs: {
          actions: ['s3:PutObject'],
          keys: Array.from({ length: count }, (_value, index) => blobKey(model, sha256(String(index)))),
        },
        bucket: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
        encryptionKey: ['kms:GenerateDataKey', 'kms:Decrypt'],
      };
      const { narrow, wide } = sessionPolicies('upload', scope, settings);
      return narrow.length <= MAX_SESSION_POLICY_CHARACTERS && wide.length <= MAX_SESSION_POLICY_CHARACTERS;
    }));
  });

  test.each([
    'models/fraud/blobs/sha256/*', 'models/fraud/blobs/sha256/?', 'models/${aws:username}/x',
  ])('is never created for a key with wildcards or variables: %s', (key) => {
    expect(
      () => sessionPolicies('upload', { model: 'fraud', blobs: { actions: ['s3:PutObject'], keys: [key] } }, settings),
    ).toThrow('wildcard');
  });

  test('is never created with actions that the sessions of the function do not have', () => {
    expect(
      () => sessionPolicies('download', { model: 'fraud', blobs: { actions: ['s3:PutObject'], keys: [] } }, settings),
    ).toThrow('s3:PutObject');
  });

  test('uses the partition of the store', () => {
    const china = { ...settings, sessionRoleArn: 'arn:aws-cn:iam::111122223333:role/R' };
    expect(sessionPolicies('registry', { bucket: ['s3:ListBucket'] }, china).narrow).toContain('arn:aws-cn:s3:::');
  });
});

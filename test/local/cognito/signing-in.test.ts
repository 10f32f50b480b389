import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { deployCognitoStore, type CognitoStore } from './cognito-store';
import { claimsOf, signedAgain, signingKeyOf, tampered } from './tokens';
import { UserPool, type User } from './user-pool';
import type { RouteName } from '../../../src/contract/routes';
import type { DownloadLinksResponse, ModelsResponse } from '../../../src/contract/wire';
import { MINISTACK } from '../../fidelity/engines';
import { proves } from '../../fidelity/proves';
import { clientConfiguration } from '../rig/clients';
import { LocalHttp } from '../rig/local-http';
import { modelStore, modelStoreJson } from '../rig/model-store';
import { StoreApi, type ApiAnswer, type ApiCall } from '../rig/store-api';
import { entryOf, sample } from '../support/sample';

const GROUPS = {
  ada: ['data-scientists'],
  grace: ['fraud-team'],
  linus: ['fraud-team', 'churn-promoters'],
  vera: ['auditors'],
  mallory: [],
} as const;
type Name = keyof typeof GROUPS;
const NAMES = Object.keys(GROUPS) as Name[];

const home = fs.mkdtempSync(path.join(tmpdir(), 'model-store-cognito-'));
const folder = path.join(home, 'model');
const NO_CREDENTIALS = { accessKeyId: 'none', secretAccessKey: 'none' };

let store: CognitoStore;
let pool: UserPool;
let http: LocalHttp;
let api: StoreApi;
const users = {} as Record<Name, User>;
const tokens = {} as Record<Name, string>;

const tokenFile = (name: Name) => path.join(home, `${name}.token`);
/** The command line, for a user with a token and without valid AWS credentials. */
const as = async (name: Name, ...args: string[]) => modelStore(store, NO_CREDENTIALS, [...args, '--token-file', tokenFile(name)]);
const asJson = async <T>(name: Name, ...args: string[]) => modelStoreJson<T>(store, NO_CREDENTIALS, [...args, '--token-file', tokenFile(name)]);
const call = async (token: string | undefined, route: RouteName, request: ApiCall = {}): Promise<ApiAnswer> =>
  api.call(route, undefined, { ...request, headers: token === undefined ? {} : { authorization: token } });

beforeAll(async () => {
  store = await deployCognitoStore('SigningIn');
  pool = new UserPool(store);
  http = new LocalHttp(store.localAws.authorityFile);
  api = new StoreApi(store, http);
  for (const name of NAMES) {
    users[name] = await pool.addUser(name, GROUPS[name]);
    tokens[name] = await pool.signIn(users[name]);
    fs.writeFileSync(tokenFile(name), `${tokens[name]}\n`, { mode: 0o600 });
  }
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'weights.onnx'), crypto.randomBytes(100_000));
  for (const model of ['churn', 'fraud-cards', 'weather']) {
    await asJson('ada', 'push', folder, `${model}@1.0.0`);
  }
});
afterAll(() => {
  pool?.close();
  http?.close();
  fs.rmSync(home, { recursive: true, force: true });
});

describe('Signing in', () => {
  test('requires both a password, which is never sent, and a one-time password', async () => {
    await expect(pool.signIn({ ...users.ada, password: 'Aa1!not-the-password' })).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(pool.signIn({ ...users.ada, authenticatorSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }))
      .rejects.toMatchObject({ name: 'CodeMismatchException' });
    proves(MINISTACK, 'cognito.sign-in');
  });

  test('returns a token that is valid for 15 minutes and names the user and their groups', async () => {
    const claims = claimsOf(await pool.signIn(users.linus));

    expect(claims).toMatchObject({ token_use: 'id', 'cognito:username': 'linus' });
    expect([...claims['cognito:groups'] as string[]].sort()).toEqual(['churn-promoters', 'fraud-team']);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(15 * 60);
    proves(MINISTACK, 'cognito.token.claims');
  });
});

describe('With a token of the user pool', () => {
  test('a data scientist pushes and pulls with the command line, and the version names them', async () => {
    expect(await asJson('ada', 'push', folder, 'speech@1.0.0')).toMatchObject({ outcome: 'published', sentFiles: 1, sentBytes: 100_000 });
    const pulled = path.join(home, 'pulled');
    expect(await asJson('ada', 'pull', 'speech@1.0.0', pulled)).toMatchObject({ receivedFiles: 1 });

    expect(fs.readFileSync(path.join(pulled, 'weights.onnx')).equals(fs.readFileSync(path.join(folder, 'weights.onnx')))).toBe(true);
    const shown = await call(tokens.ada, 'showVersion', { parameters: { model: 'speech', version: '1.0.0' } });
    expect(shown.json.manifest.createdBy).toBe(`cognito:${store.userPoolId}/ada`);
  });

  test('a group for fraud-* pushes and pulls fraud models, and the functions deny it all other models', async () => {
    expect(await asJson('grace', 'push', folder, 'fraud-wires@1.0.0')).toMatchObject({ outcome: 'published' });
    expect(await asJson('grace', 'pull', 'fraud-cards@1.0.0', path.join(home, 'cards'))).toMatchObject({ receivedFiles: 1 });

    const file = sample('model.onnx', 10);
    const churn = { model: 'churn', version: '2.0.0' };
    const answers = await Promise.all([
      call(tokens.grace, 'beginUpload', { parameters: churn, body: { files: [{ digest: file.digest, size: file.size }] } }),
      call(tokens.grace, 'publish', { parameters: churn, body: { files: [entryOf(file)] } }),
      call(tokens.grace, 'downloadLinks', { parameters: { model: 'churn', version: '1.0.0' }, body: { paths: ['weights.onnx'] } }),
      call(tokens.grace, 'showVersion', { parameters: { model: 'churn', version: '1.0.0' } }),
      call(tokens.grace, 'listVersions', { parameters: { model: 'churn' } }),
    ]);
    for (const { status, json } of answers) {
      expect({ status, json }).toMatchObject({ status: 403, json: { code: 'forbidden', message: expect.stringContaining('churn') } });
    }
    const command = await as('grace', 'pull', 'churn@1.0.0', path.join(home, 'churn'));
    expect(command).toMatchObject({ exitCode: 6 });
    expect(fs.existsSync(path.join(home, 'churn', 'weights.onnx'))).toBe(false);
  });

  test('a name with only a similar prefix, or with the prefix elsewhere, belongs to another team', async () => {
    const answers = await Promise.all(['fraud', 'frau', 'not-fraud-cards', 'fraudulent'].map(async (model) =>
      call(tokens.grace, 'listVersions', { parameters: { model } })));

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  test('a group of auditors reads manifests, and downloads, uploads and promotes nothing', async () => {
    const weather = { model: 'weather', version: '1.0.0', alias: 'live' };
    const reading = await Promise.all((['showVersion', 'listVersions', 'listAliases'] as const).map(async (route) =>
      call(tokens.vera, route, { parameters: weather })));
    const others = await Promise.all([
      call(tokens.vera, 'downloadLinks', { parameters: weather, body: { paths: ['weights.onnx'] } }),
      call(tokens.vera, 'beginUpload', { parameters: weather, body: { files: [{ digest: 'a'.repeat(64), size: 1 }] } }),
      call(tokens.vera, 'moveAlias', { parameters: weather, body: { version: '1.0.0' } }),
    ]);

    expect(reading.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(others.map(({ status, json }) => [status, json.code])).toEqual([[403, 'forbidden'], [403, 'forbidden'], [403, 'forbidden']]);
  });

  test('a member of two groups has the permissions of each, but not combinations of them', async () => {
    const move = async (model: string) => call(tokens.linus, 'moveAlias', { parameters: { model, alias: 'production' }, body: { version: '1.0.0' } });

    expect((await move('churn')).status).toBe(200);
    expect((await move('fraud-cards')).status).toBe(403);
    expect((await call(tokens.linus, 'showVersion', { parameters: { model: 'fraud-cards', version: '1.0.0' } })).status).toBe(200);
    expect((await call(tokens.linus, 'showVersion', { parameters: { model: 'churn', version: '1.0.0' } })).status).toBe(403);
  });

  test('a user without a group has no permissions', async () => {
    expect(await call(tokens.mallory, 'listModels')).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    expect((await as('mallory', 'list')).exitCode).toBe(6);
  });

  test('users see only the models of their groups in lists', async () => {
    const listed = async (name: Name) => ((await call(tokens[name], 'listModels')).json as ModelsResponse).models;

    expect(await listed('ada')).toEqual(expect.arrayContaining(['churn', 'fraud-cards', 'weather']));
    expect(await listed('vera')).toEqual(expect.arrayContaining(['churn', 'fraud-cards', 'weather']));
    const fraud = await listed('grace');
    expect(fraud).toContain('fraud-cards');
    expect(fraud.filter((model) => !model.startsWith('fraud-'))).toEqual([]);
  });
});

describe('Without a valid token', () => {
  const list = async (token: string | undefined) => {
    const { status, json } = await call(token, 'listModels');
    return [status, json?.code];
  };

  test('requests without a token, with a fake token or with forged claims are rejected', async () => {
    expect(await list(undefined)).toEqual([401, 'unauthenticated']);
    expect(await list('not.a.token')).toEqual([401, 'unauthenticated']);
    expect(await list(tampered(tokens.mallory, { 'cognito:groups': ['data-scientists'] }))).toEqual([401, 'unauthenticated']);
    const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(await list(signedAgain(tokens.ada, {}, privateKey))).toEqual([401, 'unauthenticated']);
  });

  test('an expired token is rejected, and was accepted a minute earlier', async () => {
    const now = Math.floor(Date.now() / 1000);
    const ending = (exp: number) => signedAgain(tokens.ada, { iat: now - 900, auth_time: now - 900, exp }, signingKeyOf(store));

    expect(await list(ending(now - 1))).toEqual([401, 'unauthenticated']);
    expect(await list(ending(now + 60))).toEqual([200, undefined]);
  });

  test('a token from another user pool is rejected, regardless of its groups', async () => {
    const other = await pool.another();
    const stranger = await other.addUser('ada', ['data-scientists']);

    const token = await other.signIn(stranger);

    expect(claimsOf(token)).toMatchObject({ 'cognito:username': 'ada', 'cognito:groups': ['data-scientists'] });
    expect(await list(token)).toEqual([401, 'unauthenticated']);
    other.close();
  });

  test('AWS credentials do not replace it, not even those of an administrator', async () => {
    const { status } = await api.call('listModels', store.localAws.root);

    expect(status).toBe(401);
  });

  test('the command line reports that, with its own exit code', async () => {
    fs.writeFileSync(path.join(home, 'bad.token'), tampered(tokens.ada, { 'cognito:username': 'root' }));

    const { exitCode, stderr } = await modelStore(store, NO_CREDENTIALS, ['list', '--token-file', path.join(home, 'bad.token')]);

    expect(exitCode).toBe(6);
    expect(stderr).toContain('The token is missing, invalid or expired.');
    expect(stderr).not.toContain(tokens.ada.split('.')[0]);
  });
});

describe('In S3', () => {
  /** Adds a bucket policy that denies reads to one user by a session attribute, as an administrator would. */
  async function whileReadsAreDenied<T>(condition: object, work: () => Promise<T>): Promise<T> {
    const s3 = new S3Client({ ...clientConfiguration(store.localAws, store.localAws.root), forcePathStyle: true });
    const Bucket = store.bucketName;
    const { Policy: before } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    const policy = JSON.parse(before!) as { Statement: object[] };
    const refusal = { Sid: 'Refuse', Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*/blobs/*`, Condition: condition };
    try {
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ ...policy, Statement: [...policy.Statement, refusal] }) }));
      return await work();
    } finally {
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: before }));
      s3.destroy();
    }
  }

  async function readWithPresignedUrl(name: Name): Promise<number> {
    const { json } = await call(tokens[name], 'downloadLinks', {
      parameters: { model: 'fraud-cards', version: '1.0.0' }, body: { paths: ['weights.onnx'] },
    });
    const [{ url, headers }] = (json as DownloadLinksResponse).links;
    return (await http.send({ method: 'GET', url, headers })).status;
  }

  test.each([
    ['source identity', () => ({ StringEquals: { 'aws:SourceIdentity': 'ada' } })],
    ['session name', () => ({ StringLike: { 'aws:userid': '*:ada' } })],
    ['tag, with the pool', () => ({ StringEquals: { 'aws:PrincipalTag/caller': `cognito:${store.userPoolId}/ada` } })],
  ])('the session of a presigned URL has the user name as its %s', async (_what, condition) => {
    expect([await readWithPresignedUrl('ada'), await readWithPresignedUrl('grace')]).toEqual([200, 200]);

    const refused = await whileReadsAreDenied(
      condition(), async () => [await readWithPresignedUrl('ada'), await readWithPresignedUrl('grace')],
    );

    expect(refused).toEqual([403, 200]);
  });
});

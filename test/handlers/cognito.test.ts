import * as crypto from 'node:crypto';
import { request } from './support/events';
import { storeFile, textFile } from './support/files';
import { StoreDouble } from './support/store-double';
import { CLIENT, ISSUER, publishKey, TOKEN_RULES, tokenWith } from './support/tokens';
import { ENV, type GroupPermissions } from '../../src/contract/environment';
import { disjointPrefixes } from '../../src/handlers/registry/models';

const GROUPS: GroupPermissions = [
  { group: 'scientists', permissions: ['read', 'upload'], models: ['fraud-*', 'churn'] },
  { group: 'vision', permissions: ['read', 'download'], models: ['vision'] },
  { group: 'everything', permissions: ['read', 'upload', 'download', 'promote'], models: ['*'] },
  { group: 'blind', permissions: [], models: ['*'] },
];
const FILE = textFile('file');

const variables = (rules = TOKEN_RULES) => ({
  [ENV.AUTHENTICATION]: 'cognito',
  [ENV.GROUP_PERMISSIONS]: JSON.stringify(GROUPS),
  [ENV.TOKEN_RULES]: JSON.stringify(rules),
});

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble(variables());
  publishKey();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

const inGroups = (...groups: string[]) => tokenWith({ 'cognito:username': 'alice', 'cognito:groups': groups });

async function publish(model: string): Promise<void> {
  storeFile(store, model, FILE);
  const { status } = await request('publish', {
    parameters: { model, version: '1.0.0' }, body: { files: [FILE] }, token: inGroups('everything'),
  });
  expect(status).toBe(201);
}

const begin = async (model: string, token: string) => request('beginUpload', {
  parameters: { model }, body: { files: [{ digest: FILE.digest, size: FILE.size }] }, token,
});

test('a user has the permissions of their groups on the models of these groups', async () => {
  expect((await begin('fraud-eu', inGroups('scientists'))).status).toBe(200);
  expect((await begin('churn', inGroups('vision', 'scientists'))).status).toBe(200);
});

test.each([
  ['another model', 'vision', ['scientists']],
  ['a model whose name begins with that of an allowed one', 'churn-2', ['scientists']],
  ['a model that another group of the user may only read', 'vision', ['scientists', 'vision']],
  ['a group that is not configured', 'fraud-eu', ['admins']],
  ['a group without permissions', 'fraud-eu', ['blind']],
  ['no group', 'fraud-eu', []],
])('a user cannot access %s', async (_what, model, groups) => {
  const { status, body } = await begin(model, inGroups(...groups));
  expect([status, body.code]).toEqual([403, 'forbidden']);
  expect(store.sessions).toEqual([]);
});

test('a user with permission to upload cannot promote', async () => {
  const { body } = await request('moveAlias', {
    parameters: { model: 'fraud-eu', alias: 'production' }, body: { version: '1.0.0' }, token: inGroups('scientists'),
  });
  expect(body.code).toBe('forbidden');
});

describe('a token', () => {
  const ALICE = { 'cognito:username': 'alice', 'cognito:groups': ['scientists'] };
  const now = Math.floor(Date.now() / 1_000);
  const { privateKey: otherKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });

  test.each([
    ['of another issuer', tokenWith({ ...ALICE, iss: ISSUER.replace('_Pool', '_Other') })],
    ['of another app client', tokenWith({ ...ALICE, aud: 'another' })],
    ['that has expired', tokenWith({ ...ALICE, exp: now - 1 })],
    ['for another use', tokenWith({ ...ALICE, token_use: 'access', client_id: CLIENT })],
    ['signed with another key', tokenWith(ALICE, { key: otherKey })],
    ['with a key that the pool does not have', tokenWith(ALICE, { header: { kid: 'unknown' } })],
    ['without a signature', `${tokenWith(ALICE, { header: { alg: 'none' } }).split('.').slice(0, 2).join('.')}.`],
    ['with an HMAC instead of a signature', tokenWith(ALICE, { header: { alg: 'HS256' } })],
    ['with changed claims', tokenWith(ALICE).replace(/\.[^.]+\./, `.${Buffer.from(JSON.stringify({
      iss: ISSUER, aud: CLIENT, token_use: 'id', exp: now + 900, ...ALICE, 'cognito:groups': ['everything'],
    })).toString('base64url')}.`)],
    ['that is not one', 'alice'],
  ])('%s is refused, whatever API Gateway is said to have read in it', async (_which, token) => {
    const claims = { iss: ISSUER, ...ALICE, 'cognito:groups': 'everything' };
    const { status, body } = await request('listModels', { token, claims });
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
    expect(JSON.stringify(body)).not.toContain(token.slice(0, 40));
    expect(store.sessions).toEqual([]);
  });

  test('is required: claims that only the event contains are ignored', async () => {
    const { status } = await request('listModels', {
      claims: { iss: ISSUER, 'cognito:username': 'alice', 'cognito:groups': 'everything' },
    });
    expect(status).toBe(401);
    expect(store.sessions).toEqual([]);
  });

  test('outweighs the claims that the event contains', async () => {
    await request('beginUpload', {
      parameters: { model: 'churn' },
      body: { files: [{ digest: FILE.digest, size: FILE.size }] },
      token: inGroups('scientists'),
      claims: { iss: ISSUER, 'cognito:username': 'bob', 'cognito:groups': 'everything' },
    });
    expect(store.lastSession).toMatchObject({ RoleSessionName: 'alice' });
  });

  test('may follow the word "Bearer"', async () => {
    expect((await begin('churn', `Bearer ${inGroups('scientists')}`)).status).toBe(200);
  });

  test('of any client of an existing pool is accepted', async () => {
    store.restore();
    store = new StoreDouble(variables({ issuer: ISSUER, use: 'id' }));
    expect((await begin('churn', tokenWith({ ...ALICE, aud: 'another' }))).status).toBe(200);
  });

  test('must have one of the scopes, if the store requires them', async () => {
    store.restore();
    store = new StoreDouble(variables({ issuer: ISSUER, use: 'access', scopes: ['models/read', 'models/write'] }));
    const access = { username: 'alice', 'cognito:groups': ['scientists'], token_use: 'access', client_id: 'any' };
    expect((await begin('churn', tokenWith({ ...access, scope: 'openid models/write' }))).status).toBe(200);
    expect((await begin('churn', tokenWith({ ...access, scope: 'openid' }))).status).toBe(401);
    expect((await begin('churn', inGroups('scientists'))).status).toBe(401);
  });
});

test('an IAM identity in the event is ignored', async () => {
  const { status } = await request('listModels', { userArn: 'arn:aws:iam::111122223333:user/admin' });
  expect(status).toBe(401);
});

test('the session is named after the user', async () => {
  await begin('churn', inGroups('scientists'));
  expect(store.lastSession).toMatchObject({ RoleSessionName: 'alice', SourceIdentity: 'alice' });
  expect(store.lastSession.Tags).toContainEqual({ Key: 'caller', Value: 'cognito:eu-central-1_Pool/alice' });
});

describe('listing models', () => {
  beforeEach(async () => {
    for (const model of ['churn', 'churn-2', 'fraud', 'fraud-eu', 'fraud-us', 'vision']) {
      await publish(model);
    }
  });

  async function listed(groups: string[], pageSize = '100'): Promise<string[]> {
    const models: string[] = [];
    let pageToken: string | undefined;
    do {
      const { body } = await request(
        'listModels', { query: { pageSize, ...(pageToken ? { pageToken } : {}) }, token: inGroups(...groups) },
      );
      models.push(...body.models);
      pageToken = body.nextPageToken;
    } while (pageToken);
    return models;
  }

  test.each([
    [['scientists'], ['churn', 'fraud-eu', 'fraud-us']],
    [['vision'], ['vision']],
    [['scientists', 'vision'], ['churn', 'fraud-eu', 'fraud-us', 'vision']],
    [['scientists', 'everything'], ['churn-2', 'churn', 'fraud-eu', 'fraud-us', 'fraud', 'vision']],
  ])('returns only the models that the groups %j may read', async (groups, models) => {
    expect(await listed(groups)).toEqual(models);
    expect(await listed(groups, '1')).toEqual(models);
    expect(await listed(groups, '2')).toEqual(models);
  });

  test('is refused if the caller may not read any model', async () => {
    expect((await request('listModels', { token: inGroups('blind') })).body.code).toBe('forbidden');
  });

  test('returns only permitted models for a page token of another user', async () => {
    const { body } = await request('listModels', { query: { pageSize: '1' }, token: inGroups('everything') });
    const answer = await request(
      'listModels', { query: { pageToken: body.nextPageToken }, token: inGroups('vision') },
    );
    expect(answer.body.models).toEqual(['vision']);
  });
});

test.each([
  [['*', 'fraud-*', 'x'], ['models/']],
  [['fraud-*', 'fraud-eu*', 'fraud-eu', 'fraud'], ['models/fraud-', 'models/fraud/']],
  [['b', 'a', 'b'], ['models/a/', 'models/b/']],
  [[], []],
])('the patterns %j have the prefixes %j', (patterns, prefixes) => {
  expect(disjointPrefixes(patterns)).toEqual(prefixes);
});

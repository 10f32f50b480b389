import { request } from './support/events';
import { storeFile, textFile } from './support/files';
import { StoreDouble } from './support/store-double';
import { ENV, type GroupPermissions } from '../../src/contract/environment';
import { disjointPrefixes } from '../../src/handlers/registry/models';

const GROUPS: GroupPermissions = [
  { group: 'scientists', permissions: ['read', 'upload'], models: ['fraud-*', 'churn'] },
  { group: 'vision', permissions: ['read', 'download'], models: ['vision'] },
  { group: 'everything', permissions: ['read', 'upload', 'download', 'promote'], models: ['*'] },
  { group: 'blind', permissions: [], models: ['*'] },
];
const ISSUER = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool';
const FILE = textFile('file');

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble({ [ENV.AUTHENTICATION]: 'cognito', [ENV.GROUP_PERMISSIONS]: JSON.stringify(GROUPS) });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

const inGroups = (...groups: string[]) => ({
  iss: ISSUER, 'cognito:username': 'alice', 'cognito:groups': groups.join(','),
});

async function publish(model: string): Promise<void> {
  storeFile(store, model, FILE);
  const { status } = await request('publish', {
    parameters: { model, version: '1.0.0' }, body: { files: [FILE] }, claims: inGroups('everything'),
  });
  expect(status).toBe(201);
}

const begin = async (model: string, claims: object) => request('beginUpload', {
  parameters: { model }, body: { files: [{ digest: FILE.digest, size: FILE.size }] }, claims: { ...claims },
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
    parameters: { model: 'fraud-eu', alias: 'production' }, body: { version: '1.0.0' }, claims: inGroups('scientists'),
  });
  expect(body.code).toBe('forbidden');
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
        'listModels', { query: { pageSize, ...(pageToken ? { pageToken } : {}) }, claims: inGroups(...groups) },
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
    expect((await request('listModels', { claims: inGroups('blind') })).body.code).toBe('forbidden');
  });

  test('returns only permitted models for a page token of another user', async () => {
    const { body } = await request('listModels', { query: { pageSize: '1' }, claims: inGroups('everything') });
    const answer = await request(
      'listModels', { query: { pageToken: body.nextPageToken }, claims: inGroups('vision') },
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

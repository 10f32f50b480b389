import { PutObjectCommand } from '@aws-sdk/client-s3';
import { answerSchemaProblems } from './support/answers';
import { ALICE, request } from './support/events';
import { textFile } from './support/files';
import { pages, publish as publishTo } from './support/registry';
import { awsError } from './support/s3-double';
import { StoreDouble } from './support/store-double';
import { aliasKey } from '../../src/contract/keys';

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

const publish = async (model: string, ...versions: string[]) => publishTo(store, model, ...versions);

describe('an alias', () => {
  const ALIAS = { model: 'fraud', alias: 'production' };
  const move = async (body: object, parameters = ALIAS) => request('moveAlias', { parameters, body });
  beforeEach(async () => publish('fraud', '1.0.0', '1.1.0', '2.0.0'));

  test('can be created and moved, and is shown with who moved it, the reason and the previous version', async () => {
    const made = await move({ version: '1.0.0' });
    expect(made).toMatchObject({ status: 200, body: { ...ALIAS, version: '1.0.0', updatedBy: ALICE } });
    const moved = await move({ version: '1.1.0', reason: 'better recall', ifRevision: made.body.revision });
    expect(moved.body).toMatchObject({ version: '1.1.0', previousVersion: '1.0.0', reason: 'better recall' });
    expect(moved.body.revision).not.toBe(made.body.revision);
    expect((await request('showAlias', { parameters: ALIAS })).body).toEqual(moved.body);
    expect(answerSchemaProblems('showAlias', moved.body)).toEqual([]);
  });

  test.each([
    ['is absent and the alias exists', undefined, 200],
    ['is null and the alias exists', null, 412],
    ['is outdated', 'older', 412],
  ])('is moved depending on ifRevision, which %s', async (_what, revision, status) => {
    await move({ version: '1.0.0' });
    const { status: answered, body } = await move({
      version: '1.1.0', ...(revision === undefined ? {} : { ifRevision: revision }),
    });
    expect(answered).toBe(status);
    expect(body.code).toBe(status === 412 ? 'stale_alias' : undefined);
  });

  test('is created if it is expected not to exist, but not if it is expected to exist', async () => {
    expect((await move({ version: '1.0.0', ifRevision: 'seen' })).body.code).toBe('stale_alias');
    expect((await move({ version: '1.0.0', ifRevision: null })).status).toBe(200);
  });

  test.each([
    ['no revision', {}], ['a revision', 'revision'],
  ])('is moved by only one of two concurrent callers, with %s', async (_what, how) => {
    const { body: { revision } } = await move({ version: '1.0.0' });
    const expectation = how === 'revision' ? { ifRevision: revision } : {};
    let waiting: (() => void)[] = [];
    store.s3.beforeWrite = async () => new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 2) {
        waiting.forEach((go) => go());
        waiting = [];
      }
    });
    const answers = await Promise.all([
      move({ version: '1.1.0', ...expectation }), move({ version: '2.0.0', ...expectation }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(store.s3.objects.get(aliasKey('fraud', 'production'))).toHaveLength(2);
  });

  test('is moved once by two moves that are the same in all details', async () => {
    const { body: { revision } } = await move({ version: '1.0.0' });
    let waiting = 0;
    let release = () => {};
    const both = new Promise<void>((resolve) => { release = resolve; });
    store.s3.beforeWrite = async () => {
      waiting += 1;
      if (waiting === 2) release();
      await both;
    };
    const clock = jest.spyOn(Date.prototype, 'toISOString').mockReturnValue('2026-01-02T03:04:05.678Z');
    const same = { version: '1.1.0', reason: 'better recall', ifRevision: revision };
    const answers = await Promise.all([move(same), move(same)]);
    clock.mockRestore();
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(store.s3.objects.get(aliasKey('fraud', 'production'))).toHaveLength(2);
  });

  test('is moved even if the response to the first write was lost', async () => {
    await move({ version: '1.0.0' });
    store.s3.mock.on(PutObjectCommand).callsFake(async ({ Key, Body, Metadata }) => {
      store.s3.put(Key, Buffer.from(Body), Metadata);
      throw awsError('PreconditionFailed', 412);
    });
    const { status, body } = await move({ version: '1.1.0', reason: 'better recall' });
    expect([status, body.version, body.reason]).toEqual([200, '1.1.0', 'better recall']);
    expect((await request('showAlias', { parameters: ALIAS })).body).toEqual(body);
  });

  test('does not move if it already points to the version, and gets no history entry', async () => {
    const first = await move({ version: '1.0.0' });
    expect((await move({ version: '1.0.0' })).body).toEqual(first.body);
    expect(store.s3.objects.get(aliasKey('fraud', 'production'))).toHaveLength(1);
  });

  test('cannot point to a version that does not exist or have the name of a version', async () => {
    expect((await move({ version: '9.9.9' })).body.code).toBe('unknown_version');
    expect((await move({ version: '1.0.0' }, { model: 'churn', alias: 'production' })).body.code).toBe('unknown_model');
    const { status, body } = await move({ version: '1.0.0' }, { ...ALIAS, alias: '2.0.0' });
    expect([status, body.code]).toEqual([409, 'name_taken']);
    expect((await move({ version: 'a..b' })).body.code).toBe('invalid_name');
  });

  test.each([
    '', '[minio_cache:v2,return:]',
  ])('has a paged history, newest first, without aliases whose keys have the same prefix%s', async (suffix) => {
    store.s3.keyMarkerSuffix = suffix;
    for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
      await move({ version });
      await move({ version }, { ...ALIAS, alias: 'production.json' });
    }
    const { entries, count } = await pages('aliasHistory', 'history', ALIAS, 2);
    const pointers = entries as { version: string; previousVersion?: string }[];
    const moves = pointers.map(({ version, previousVersion }) => [version, previousVersion]);
    expect(moves).toEqual([
      ['2.0.0', '1.1.0'], ['1.1.0', '1.0.0'], ['1.0.0', undefined],
    ]);
    expect(count).toBe(2);
  });

  test('is listed page by page', async () => {
    for (const alias of ['canary', 'production', 'staging']) {
      await move({ version: '1.0.0' }, { ...ALIAS, alias });
    }
    const { entries, count } = await pages('listAliases', 'aliases', { model: 'fraud' }, 2);
    expect((entries as { alias: string }[]).map(({ alias }) => alias)).toEqual(['canary', 'production', 'staging']);
    expect(count).toBe(2);
  });

  test('reports whether the version or the model does not exist', async () => {
    for (const route of ['showAlias', 'aliasHistory'] as const) {
      expect((await request(route, { parameters: ALIAS })).body.code).toBe('unknown_alias');
      expect((await request(route, { parameters: { ...ALIAS, model: 'churn' } })).body.code).toBe('unknown_model');
    }
    expect((await request('listAliases', { parameters: { model: 'fraud' } })).body).toEqual({ aliases: [] });
    expect((await request('listAliases', { parameters: { model: 'churn' } })).body.code).toBe('unknown_model');
  });

  test('and a version can both be resolved by reference', async () => {
    const { body: alias } = await move({ version: '1.1.0' });
    const resolve = async (reference: string) => (
      await request('resolveReference', { parameters: { model: 'fraud', reference } })
    ).body;
    expect(await resolve('production')).toEqual({ kind: 'alias', version: '1.1.0', alias });
    expect(await resolve('1.0.0')).toEqual({ kind: 'version', version: '1.0.0' });
    expect((await resolve('nothing')).code).toBe('unknown_version');
    expect(answerSchemaProblems('resolveReference', await resolve('production'))).toEqual([]);
  });
});

describe('removing an alias', () => {
  const ALIAS = { model: 'fraud', alias: 'production' };
  const move = async (body: object) => request('moveAlias', { parameters: ALIAS, body });
  const remove = async (body: object = {}, parameters = ALIAS) => request('removeAlias', { parameters, body });
  const history = async () => (await request('aliasHistory', { parameters: ALIAS })).body.history as {
    version?: string; removed?: boolean; revision: string;
  }[];
  beforeEach(async () => {
    await publish('fraud', '1.0.0', '1.1.0');
    await move({ version: '1.0.0' });
  });

  test('keeps who removed it, when and why as the newest entry of its history, and deletes nothing', async () => {
    const { status, body } = await remove({ reason: 'experiment ended' });
    expect([status, answerSchemaProblems('removeAlias', body)]).toEqual([200, []]);
    expect(body).toMatchObject({ ...ALIAS, removed: true, previousVersion: '1.0.0', updatedBy: ALICE, reason: 'experiment ended' });
    const { body: answer } = await request('aliasHistory', { parameters: ALIAS });
    expect(answerSchemaProblems('aliasHistory', answer)).toEqual([]);
    expect(answer.history).toMatchObject([body, { version: '1.0.0' }]);
    expect(store.s3.objects.get(aliasKey('fraud', 'production'))).toHaveLength(2);
  });

  test('makes it unknown to every reader, with when and by whom it was removed', async () => {
    const { body: { updatedAt } } = await remove();
    const removed = `: it was removed at ${updatedAt} by ${ALICE}`;
    const shown = await request('showAlias', { parameters: ALIAS });
    expect([shown.body.code, shown.body.message]).toEqual(['unknown_alias', `the model "fraud" has no alias "production"${removed}`]);
    const resolved = await request('resolveReference', { parameters: { model: 'fraud', reference: 'production' } });
    expect([resolved.body.code, resolved.body.message]).toEqual([
      'unknown_version', `the model "fraud" has neither a version nor an alias "production"${removed}`,
    ]);
    expect((await request('listAliases', { parameters: { model: 'fraud' } })).body).toEqual({ aliases: [] });
    expect((await remove()).body).toMatchObject({ code: 'unknown_alias', message: expect.stringContaining(removed) });
    expect((await remove({}, { ...ALIAS, alias: 'canary' })).body.code).toBe('unknown_alias');
    expect((await remove({}, { ...ALIAS, model: 'churn' })).body.code).toBe('unknown_model');
  });

  test.each([
    ['is absent', async () => ({}), 200],
    ['is null', async () => ({ ifRevision: null }), 200],
    ['is that of the removal', async () => ({ ifRevision: (await history())[0].revision }), 200],
    ['is that of an earlier entry', async () => ({ ifRevision: (await history())[1].revision }), 412],
  ])('allows creating it again, with its history, if ifRevision %s', async (_what, expectation, status) => {
    await remove();
    const created = await move({ version: '1.1.0', ...await expectation() });
    expect(created.status).toBe(status);
    expect(created.body.code).toBe(status === 412 ? 'stale_alias' : undefined);
    const expected = [...status === 200 ? [{ version: '1.1.0' }] : [], { removed: true }, { version: '1.0.0' }];
    expect(await history()).toMatchObject(expected);
    expect(created.body.previousVersion).toBeUndefined();
  });

  test('creates it again at the version that it had', async () => {
    await remove();
    expect(await move({ version: '1.0.0' })).toMatchObject({ status: 200, body: { version: '1.0.0' } });
    expect(await history()).toHaveLength(3);
  });

  test('happens only at the expected revision, and only once', async () => {
    const [{ revision }] = await history();
    expect((await remove({ ifRevision: 'older' })).body.code).toBe('stale_alias');
    let waiting: (() => void)[] = [];
    store.s3.beforeWrite = async () => new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 2) {
        waiting.forEach((go) => go());
        waiting = [];
      }
    });
    const answers = await Promise.all([remove({ ifRevision: revision }), move({ version: '1.1.0' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(await history()).toHaveLength(2);
  });

  test('succeeds even if the response to the first write was lost', async () => {
    store.s3.mock.on(PutObjectCommand).callsFake(async ({ Key, Body, Metadata }) => {
      store.s3.put(Key, Buffer.from(Body), Metadata);
      throw awsError('PreconditionFailed', 412);
    });
    expect(await remove()).toMatchObject({ status: 200, body: { removed: true } });
  });

  test('reserves its name: no version can be published under it', async () => {
    const { status, body } = await publishAs('production');
    expect([status, body.code, body.message]).toEqual([
      409, 'name_taken', '"production" is an alias of "fraud"; a version and an alias cannot have the same name',
    ]);
    await remove();
    const again = await publishAs('production');
    expect([again.status, again.body.code]).toEqual([409, 'name_taken']);
    expect(again.body.message).toMatch(/^"production" was an alias of "fraud": it was removed at .*; its name stays reserved/);
  });
  const publishAs = async (version: string) => request('publish', {
    parameters: { model: 'fraud', version }, body: { files: [textFile('file')] },
  });

  test.each([
    [{ removed: false }, 'removed'], [{ previousVersion: undefined }, 'previousVersion'], [{ version: '1.0.0' }, 'version'],
    [{ updatedBy: 7 }, 'updatedBy'], [{ model: 'churn' }, 'model'],
  ])('is damaged if it has %j', async (change, field) => {
    await remove();
    const key = aliasKey('fraud', 'production');
    store.s3.put(key, Buffer.from(JSON.stringify({ ...JSON.parse(store.s3.text(key)!), ...change })));
    const { body } = await request('showAlias', { parameters: ALIAS });
    expect([body.code, body.details.map((detail: { field: string }) => detail.field)]).toEqual(['damaged_object', [field]]);
  });

  test('resolves the ambiguity of a name of both a version and an alias', async () => {
    store.s3.put(aliasKey('fraud', '1.1.0'),
      Buffer.from(store.s3.text(aliasKey('fraud', 'production'))!.replace('"production"', '"1.1.0"')));
    const resolve = async () => request('resolveReference', { parameters: { model: 'fraud', reference: '1.1.0' } });
    expect((await resolve()).body.code).toBe('name_taken');
    await remove({}, { ...ALIAS, alias: '1.1.0' });
    expect((await resolve()).body).toEqual({ kind: 'version', version: '1.1.0' });
  });

  test('opens a session that can read and write this alias, and nothing else', async () => {
    await remove();
    const { Statement } = JSON.parse(store.lastSession.Policy!) as { Statement: { Action: unknown; Resource: unknown }[] };
    expect(Statement.filter(({ Action }) => JSON.stringify(Action).includes('Object'))).toEqual([
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: expect.stringMatching(/\/aliases\/production\.json$/) },
    ]);
  });
});

describe('a name of both a version and an alias, after concurrent calls', () => {
  test('is rejected as ambiguous, so that a caller who may push cannot replace an alias', async () => {
    await publish('fraud', '1.0.0', 'production');
    await request('moveAlias', { parameters: { model: 'fraud', alias: 'stable' }, body: { version: '1.0.0' } });
    store.s3.put(aliasKey('fraud', 'production'),
      Buffer.from(store.s3.text(aliasKey('fraud', 'stable'))!.replace('"stable"', '"production"')));
    const { status, body } = await request(
      'resolveReference', { parameters: { model: 'fraud', reference: 'production' } },
    );
    expect([status, body.code]).toEqual([409, 'name_taken']);
    expect(body.message).toContain('the alias points to "1.0.0"');
  });
});

import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { answerSchemaProblems } from './support/answers';
import { ALICE, request } from './support/events';
import { storeFile, textFile } from './support/files';
import { awsError } from './support/s3-double';
import { StoreDouble } from './support/store-double';
import { aliasKey, manifestKey } from '../../src/contract/keys';
import type { RouteName } from '../../src/contract/routes';

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

async function publish(model: string, ...versions: string[]): Promise<void> {
  const file = textFile('file');
  storeFile(store, model, file);
  for (const version of versions) {
    expect((await request('publish', { parameters: { model, version }, body: { files: [file] } })).status).toBe(201);
  }
}

/** Returns the items of all pages and the number of pages. */
async function pages(route: RouteName, field: string, parameters: { [name: string]: string }, pageSize: number) {
  const entries: unknown[] = [];
  let token: string | undefined;
  let count = 0;
  do {
    const query = { pageSize: String(pageSize), ...(token ? { pageToken: token } : {}) };
    const { status, body } = await request(route, { parameters, query });
    expect(status).toBe(200);
    expect(answerSchemaProblems(route, body)).toEqual([]);
    expect(body[field].length).toBeLessThanOrEqual(pageSize);
    entries.push(...body[field]);
    token = body.nextPageToken;
    count++;
  } while (token);
  return { entries, count };
}

describe('listing models', () => {
  test('returns models with a published version, page by page', async () => {
    for (const model of ['churn', 'fraud', 'fraud-2', 'fraud.eu', 'vision']) {
      await publish(model, '1.0.0');
    }
    storeFile(store, 'only-files', textFile('x'));
    const { entries, count } = await pages('listModels', 'models', {}, 2);
    // The order of S3, in which the "/" after a name counts.
    expect(entries).toEqual(['churn', 'fraud-2', 'fraud.eu', 'fraud', 'vision']);
    expect(count).toBe(3);
    expect((await pages('listModels', 'models', {}, 5)).count).toBe(1);
  });

  describe('with many unpublished models', () => {
    const COUNT = 2_500;
    beforeEach(async () => {
      await publish('a-first', '1.0.0');
      for (let index = 0; index < COUNT; index++) {
        storeFile(store, `model-${String(index).padStart(4, '0')}`, textFile('x'));
      }
      await publish('z-last', '1.0.0');
      store.s3.mock.resetHistory();
    });
    const listings = () => store.s3.mock.commandCalls(ListObjectsV2Command).filter(
      ({ args: [{ input }] }) => input.Prefix === 'models/',
    ).length;

    test('returns all published models, even with small pages', async () => {
      const { entries } = await pages('listModels', 'models', {}, 1);
      expect(entries).toEqual(['a-first', 'z-last']);
      expect(listings()).toBeLessThan(COUNT / 50);
    });

    test('examines a limited number per request and continues on the next page', async () => {
      const { body } = await request('listModels');
      expect(body).toEqual({ models: ['a-first'], nextPageToken: expect.any(String) });
      expect(store.s3.mock.calls().length).toBeLessThan(COUNT);
      expect((await request('listModels', { query: { pageToken: body.nextPageToken } })).body).toEqual({
        models: ['z-last'],
      });
    });
  });

  test('returns no models for an empty store', async () => {
    expect((await request('listModels')).body).toEqual({ models: [] });
  });

  test('ignores unknown objects among the models', async () => {
    await publish('fraud', '1.0.0');
    ['models/stray', 'models/UPPER/x', 'models/zzz'].forEach((key) => store.s3.put(key, Buffer.from('x')));
    expect((await pages('listModels', 'models', {}, 1)).entries).toEqual(['fraud']);
  });

  test('uses a session that is tagged with no model', async () => {
    await request('listModels');
    expect(store.lastSession.Tags).toContainEqual({ Key: 'model', Value: '_' });
  });
});

describe('listing versions', () => {
  test('returns all versions page by page, with the time of publication', async () => {
    await publish('fraud', '1.0.0', '1.1.0', '1.1.0-rc.1', '2.0.0', 'weekly');
    const { entries, count } = await pages('listVersions', 'versions', { model: 'fraud' }, 2);
    expect((entries as { version: string }[]).map(({ version }) => version).sort()).toEqual([
      '1.0.0', '1.1.0', '1.1.0-rc.1', '2.0.0', 'weekly',
    ]);
    expect(count).toBe(3);
    expect((entries[0] as { publishedAt: string }).publishedAt).toBe(
      store.s3.objects.get(manifestKey('fraud', '1.0.0'))![0].lastModified.toISOString(),
    );
    expect((await pages('listVersions', 'versions', { model: 'fraud' }, 5)).count).toBe(1);
  });

  test('fails if the model was never published', async () => {
    storeFile(store, 'fraud', textFile('x'));
    const { status, body } = await request('listVersions', { parameters: { model: 'fraud' } });
    expect([status, body.code]).toEqual([404, 'unknown_model']);
  });
});

describe('showing a version', () => {
  test('returns the manifest, its hash and its signature as published', async () => {
    const file = textFile('file');
    storeFile(store, 'fraud', file);
    const published = await request(
      'publish', { parameters: { model: 'fraud', version: '1.0.0' }, body: { files: [file] } },
    );
    const { status, body } = await request('showVersion', { parameters: { model: 'fraud', version: '1.0.0' } });
    expect(status).toBe(200);
    expect({ ...body, created: true }).toEqual(published.body);
    expect(answerSchemaProblems('showVersion', body)).toEqual([]);
  });

  test('reports whether the version or the model does not exist', async () => {
    await publish('fraud', '1.0.0');
    expect(
      (await request('showVersion', { parameters: { model: 'fraud', version: '2.0.0' } })).body.code,
    ).toBe('unknown_version');
    expect(
      (await request('showVersion', { parameters: { model: 'churn', version: '2.0.0' } })).body.code,
    ).toBe('unknown_model');
  });

  test('fails if the bucket was deleted, instead of reporting an unknown version', async () => {
    await publish('fraud', '1.0.0');
    store.s3.mock.on(GetObjectCommand).rejects(awsError('NoSuchBucket', 404));

    const { status, body } = await request('showVersion', { parameters: { model: 'fraud', version: '1.0.0' } });

    expect([status, body.code]).toEqual([500, 'internal_error']);
  });
});

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

describe('paging', () => {
  beforeEach(async () => publish('fraud', '1.0.0', '1.1.0'));
  const list = async (query: { [name: string]: string }, model = 'fraud') => request(
    'listVersions', { parameters: { model }, query },
  );

  test.each(['0', '1001', '-1', '2.5', 'many', ''])('rejects the page size "%s"', async (pageSize) => {
    const { status, body } = await list({ pageSize });
    expect([status, body.code, body.details[0].field]).toEqual([400, 'invalid_request', 'pageSize']);
  });

  test('rejects forged page tokens, and tokens of another model or endpoint', async () => {
    await publish('churn', '1.0.0', '1.1.0');
    const { body: { nextPageToken } } = await list({ pageSize: '1' });
    const forged = Buffer.from(
      JSON.stringify({ scope: 'listVersions&model=fraud', position: { after: '../x' } }),
    ).toString('base64url');
    for (const answer of [
      await list({ pageToken: 'made-up' }),
      await list({ pageToken: forged }),
      await list({ pageToken: nextPageToken }, 'churn'),
      await request('listAliases', { parameters: { model: 'fraud' }, query: { pageToken: nextPageToken } }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_page_token']);
    }
  });

  test('reports a position that S3 rejects as an error of the caller', async () => {
    await request('moveAlias', { parameters: { model: 'fraud', alias: 'production' }, body: { version: '1.0.0' } });
    const token = (scope: string, position: object) => Buffer.from(
      JSON.stringify({ scope, position }),
    ).toString('base64url');
    const history = { parameters: { model: 'fraud', alias: 'production' } };
    for (const answer of [
      await request(
        'aliasHistory',
        {
          ...history,
          query: { pageToken: token('aliasHistory&alias=production&model=fraud', { versionId: 'made-up' }) },
        },
      ),
      await request('listModels', { query: { pageToken: token('listModels', { behind: 'models/\ud800' }) } }),
      await request(
        'listModels', { query: { pageToken: token('listModels', { behind: `models/${'a'.repeat(1_100)}` }) } },
      ),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_page_token']);
    }
  });
});

describe.each([
  ['{}'], ['null'], ['[]'], ['"text"'], ['{"schemaVersion":1,"model":"fraud"'], [''],
  [JSON.stringify({
    schemaVersion: 1, model: 'fraud', version: '9.9.9', createdAt: '', createdBy: '', files: [], metadata: {},
  })],
])('a stored manifest that is %j', (text) => {
  beforeEach(async () => {
    await publish('fraud', '1.0.0', '2.0.0');
    await request('moveAlias', { parameters: { model: 'fraud', alias: 'production' }, body: { version: '1.0.0' } });
    store.s3.put(manifestKey('fraud', '2.0.0'), Buffer.from(text));
  });

  test('is reported as damaged, with all problems', async () => {
    const parameters = { model: 'fraud', version: '2.0.0' };
    for (const [route, body] of [['showVersion', undefined], ['downloadLinks', { paths: ['a'] }]] as const) {
      const answer = await request(route, { parameters, body });
      expect([answer.status, answer.body.code]).toEqual([409, 'damaged_object']);
      expect(answer.body.message).toContain('the manifest of "fraud@2.0.0" is damaged');
      expect(answer.body.details.length).toBeGreaterThan(0);
    }
  });

  test('cannot be the target of an alias', async () => {
    for (const alias of ['production', 'canary']) {
      const { status, body } = await request(
        'moveAlias', { parameters: { model: 'fraud', alias }, body: { version: '2.0.0' } },
      );
      expect([status, body.code]).toEqual([409, 'damaged_object']);
    }
    expect(
      (await request('showAlias', { parameters: { model: 'fraud', alias: 'production' } })).body.version,
    ).toBe('1.0.0');
    expect(store.s3.objects.has(aliasKey('fraud', 'canary'))).toBe(false);
  });
});

test.each(['{}', 'null', '[]', '{', JSON.stringify({
  schemaVersion: 1, model: 'fraud', alias: 'production', version: '../x', updatedAt: '', updatedBy: '',
})])('a stored alias with the content %j is reported as damaged', async (text) => {
  await publish('fraud', '1.0.0');
  store.s3.put(aliasKey('fraud', 'production'), Buffer.from(text));
  const parameters = { model: 'fraud', alias: 'production', reference: 'production' };
  for (const route of ['showAlias', 'aliasHistory', 'listAliases', 'resolveReference'] as const) {
    const { status, body } = await request(route, { parameters });
    expect([route, status, body.code]).toEqual([route, 409, 'damaged_object']);
    expect(body.message).toContain('the alias "fraud@production"');
  }
  expect((await request('moveAlias', { parameters, body: { version: '1.0.0' } })).body.code).toBe('damaged_object');
});

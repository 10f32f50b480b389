import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { answerSchemaProblems } from './support/answers';
import { request } from './support/events';
import { storeFile, textFile } from './support/files';
import { pages, publish as publishTo } from './support/registry';
import { awsError } from './support/s3-double';
import { StoreDouble } from './support/store-double';
import { aliasKey, manifestKey } from '../../src/contract/keys';

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

import { errorCode } from './rig/store-api';
import { sample, sha256Hex } from './support/sample';
import { TestBench, type Tester } from './support/tester';
import type { ModelsResponse, ReferenceResponse, VersionResponse, VersionsResponse } from '../../src/contract/wire';
import { MINISTACK } from '../fidelity/engines';
import { proves } from '../fidelity/proves';

const MIB = 2 ** 20;

describe('Pulling a model, over raw HTTP against the deployed functions', () => {
  let bench: TestBench;
  let ada: Tester;
  let grace: Tester;
  const files = [sample('weights.bin', 17 * MIB), sample('config.json', '{"layers":3}'), sample('empty', '')];

  beforeAll(async () => {
    bench = new TestBench();
    [ada, grace] = await Promise.all([bench.as('dataScientist'), bench.as('pipeline')]);
    await ada.push('pull', '1.0.0', files);
  });
  afterAll(() => bench.close());

  test('downloaded files have the bytes that were uploaded', async () => {
    const links = await grace.downloadLinks('pull', '1.0.0', files.map(({ path }) => path));

    const answers = await Promise.all(links.map(async (link) => grace.follow(link)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ bytes }) => sha256Hex(bytes))).toEqual(files.map(({ sha256 }) => sha256));
    proves(MINISTACK, 's3.presign.get');
  });

  test('a range of a file can be read, so that an interrupted pull can be resumed', async () => {
    const [link] = await grace.downloadLinks('pull', '1.0.0', ['weights.bin']);

    const answer = await bench.http.send({ method: 'GET', url: link.url, headers: { ...link.headers, range: `bytes=${16 * MIB}-` } });

    expect(answer.status).toBe(206);
    expect(answer.bytes.equals(files[0].parts[1].bytes)).toBe(true);
    proves(MINISTACK, 's3.get.range');
  });

  test('a presigned URL for one file cannot read another file, a manifest or a listing, and cannot write', async () => {
    const [{ url, headers }] = await grace.downloadLinks('pull', '1.0.0', ['config.json']);
    const at = (path: string) => ({ method: 'GET', url: url.replace(/\/models\/[^?]*/, path), headers });

    const answers = await Promise.all([
      bench.http.send(at(`/models/pull/blobs/sha256/${files[0].digest}`)),
      bench.http.send(at('/models/pull/versions/1.0.0/manifest.json')),
      bench.http.send(at('/')),
      bench.http.send({ method: 'PUT', url, headers, body: 'overwritten' }),
      bench.http.send({ method: 'DELETE', url, headers }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    const [fresh] = await grace.downloadLinks('pull', '1.0.0', ['config.json']);
    expect((await grace.follow(fresh)).text).toBe('{"layers":3}');
    proves(MINISTACK, 's3.presign.bound-to-key-and-method');
  });

  test('a presigned URL with an extended lifetime is rejected', async () => {
    const [{ url, headers }] = await grace.downloadLinks('pull', '1.0.0', ['config.json']);

    const answer = await bench.http.send({ method: 'GET', url: url.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604800'), headers });

    expect([answer.status, errorCode(answer)]).toEqual([403, 'SignatureDoesNotMatch']);
    proves(MINISTACK, 's3.presign.expiry');
  });

  test('a request for files that the version does not contain is rejected, and names all of them', async () => {
    const answer = await grace.call('downloadLinks', {
      parameters: { model: 'pull', version: '1.0.0' }, body: { paths: ['config.json', 'no-such-file', '../aliases/production.json'] },
    });

    expect([answer.status, errorCode(answer)]).toEqual([404, 'unknown_file']);
    expect(answer.json.details.map(({ field }: { field: string }) => field)).toEqual(['paths[1]', 'paths[2]']);
  });

  test('a manifest names every file with its size and digests', async () => {
    const { manifest } = await grace.get<VersionResponse>('showVersion', { parameters: { model: 'pull', version: '1.0.0' } });

    expect(manifest.files).toEqual([...files]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, size, sha256, digest }) => ({ path, size, sha256, digest, partSize: 16 * MIB })));
  });

  test('a version name and an alias name are resolved to a version', async () => {
    await grace.move('pull', 'stable', { version: '1.0.0' });
    const resolve = async (reference: string) => grace.get<ReferenceResponse>('resolveReference', { parameters: { model: 'pull', reference } });

    expect(await resolve('1.0.0')).toEqual({ kind: 'version', version: '1.0.0' });
    expect(await resolve('stable')).toMatchObject({ kind: 'alias', version: '1.0.0', alias: { alias: 'stable' } });
  });

  test('versions and models are listed page by page, each once', async () => {
    const one = [sample('model.onnx', 10)];
    const versions = ['1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0'];
    for (const version of versions) {
      await ada.push('pull-listed', version, one);
    }
    const seen: string[] = [];
    for (let pageToken: string | undefined, first = true; first || pageToken !== undefined; first = false) {
      const query = { pageSize: '2', ...(pageToken === undefined ? {} : { pageToken }) };
      const page = await grace.get<VersionsResponse>('listVersions', { parameters: { model: 'pull-listed' }, query });
      expect(page.versions.length).toBeLessThanOrEqual(2);
      seen.push(...page.versions.map(({ version }) => version));
      pageToken = page.nextPageToken;
    }
    expect(seen).toEqual(versions);

    const models: string[] = [];
    for (let pageToken: string | undefined, first = true; first || pageToken !== undefined; first = false) {
      const page: ModelsResponse = await grace.get('listModels', { query: { pageSize: '1', ...(pageToken === undefined ? {} : { pageToken }) } });
      models.push(...page.models);
      pageToken = page.nextPageToken;
    }
    expect(models).toEqual(expect.arrayContaining(['pull', 'pull-listed']));
    expect(new Set(models).size).toBe(models.length);
  });

  test('a model without a published version is not listed', async () => {
    await ada.send('pull-only-begun', [sample('model.onnx', 10)]);

    const { models } = await grace.get<ModelsResponse>('listModels', { query: { pageSize: '1000' } });

    expect(models).not.toContain('pull-only-begun');
  });
});

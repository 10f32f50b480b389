import * as fc from 'fast-check';
import { Person } from './person';
import type { Manifest } from '../../src/contract/manifest';
import { compareVersions } from '../src/store/version-order';

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
  await person.run('push', person.write('model', { 'a.bin': 'a', 'sub/b.bin': 'b' }), 'fraud@1', '-m', 'license=apache-2.0', '-m', 'accuracy=0.9');
  await person.run('push', person.write('model', { 'a.bin': 'aa' }), 'fraud@2', '--base', '1', '-m', 'license=mit', '-m', 'accuracy=0.94');
  await person.run('push', person.path('model'), 'ads@7');
  await person.run('promote', 'fraud@1', 'production');
  await person.run('promote', 'fraud@2', 'staging');
  person.store.forget();
});
afterEach(async () => person.leave());

const ADA = 'arn:aws:iam::111122223333:user/ada';
const put = (model: string, version: string, changes: Partial<Manifest> = {}) => {
  const manifest = { ...person.store.manifests.get('fraud@1')!, base: undefined, ...changes, model, version };
  person.store.manifests.set(`${model}@${version}`, JSON.parse(JSON.stringify(manifest)) as Manifest);
};
const first = (stdout: string) => stdout.split('\n').filter((line) => line !== '').map((line) => line.split(/ {2,}/)[0]);
const listed = async (...argv: string[]) => first((await person.run('list', ...argv)).stdout);
const routes = () => person.store.seen.map(({ route }) => route);

describe('list', () => {
  test('shows the newest version of each model, its size, who published it and when, and all aliases', async () => {
    const { exitCode, stdout, stderr } = await person.run('list');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.replace(/\S+Z/g, 'TIME')).toBe(
      `ads    7  TIME  3 B  ${ADA}  -\nfraud  2  TIME  3 B  ${ADA}  production=1 staging\n`);
  });

  test('takes the newest version by time of publication, not by name', async () => {
    put('fraud', '1.0.1', { createdAt: '2090-01-01T00:00:00Z' });
    expect((await person.run('list', '--columns', 'version', '--where', 'model=fraud')).stdout).toBe('1.0.1\n');
  });

  test('--columns model makes only the one call, for scripts', async () => {
    expect(await person.run('list', '--columns', 'model')).toEqual({ exitCode: 0, stdout: 'ads\nfraud\n', stderr: '' });
    expect(routes()).toEqual(['listModels']);
  });

  test('reads only what the columns, conditions and sort keys need', async () => {
    await person.run('list', '--columns', 'model,published');
    expect(routes().sort()).toEqual(['listModels', 'listVersions', 'listVersions']);
    person.store.forget();
    await person.run('list', '--where', 'model=fraud');
    expect(routes().sort()).toEqual(['listAliases', 'listModels', 'listVersions', 'showVersion']);
    person.store.forget();
    await person.run('list', 'fraud', '--where', 'aliases=production');
    expect(person.store.calls('showVersion')).toHaveLength(1);
  });

  test('prints a header on a terminal only', async () => {
    expect((await person.run('list')).stdout).not.toContain('MODEL');
    person.isTerminal = true;
    expect((await person.run('list')).stdout).toMatch(/^MODEL +VERSION +PUBLISHED +SIZE +BY +ALIASES\n/);
    expect((await person.run('list', 'fraud')).stdout).toMatch(/^VERSION +PUBLISHED +SIZE +FILES +BY +ALIASES\n/);
  });

  test('says in the row what cannot be read, and lists the others', async () => {
    put('broken', '1', { metadata: 7 as never });
    person.store.intercept = ({ url, route }) => (route === 'listVersions' && url.pathname.includes('/ads/')
      ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r' } } : undefined);
    const { exitCode, stdout, stderr } = await person.run('list');
    expect(first(stdout)).toEqual(['ads', 'broken', 'fraud']);
    expect(stdout).toMatch(/^ads .*\? .* cannot be read: forbidden$/m);
    expect(stdout).toMatch(/^broken +1 +\S+Z +\? +\? +- +cannot be read: damaged_object$/m);
    expect(stderr).toContain('ads cannot be read: no\n');
    expect(stderr).toContain('broken@1 cannot be read: the manifest of broken@1 is damaged');
    expect(exitCode).toBe(1);
    const { models } = JSON.parse((await person.run('list', '--json')).stdout) as { models: { model: string; error?: { code: string } }[] };
    expect(models.map(({ model, error }) => [model, error?.code])).toEqual([['ads', 'forbidden'], ['broken', 'damaged_object'], ['fraud', undefined]]);
  });

  test('has the exit code of the rows that cannot be read if it is the same for all', async () => {
    person.store.intercept = ({ route }) => (route === 'showVersion'
      ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r' } } : undefined);
    expect(await person.run('list')).toMatchObject({ exitCode: 6, stdout: expect.stringContaining('forbidden') });
    expect(await person.run('list', '--columns', 'model,version')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('keeps a row that cannot be read in spite of a condition, since it may be one of those looked for', async () => {
    put('broken', '1', { metadata: 7 as never });
    expect(await listed('--where', 'license=mit')).toEqual(['broken', 'fraud']);
  });

  test('ends at once if the store does not respond, instead of noting it in each row', async () => {
    person.store.intercept = ({ route }) => (route === 'showVersion' ? { status: 503, body: {} } : undefined);
    expect(await person.run('list')).toMatchObject({ exitCode: 7, stdout: '' });
  });
});

describe('list of a model', () => {
  test('shows version, time, size, files, who and aliases, newest first', async () => {
    const { stdout } = await person.run('list', 'fraud');
    expect(stdout.replace(/\S+Z/g, 'TIME')).toBe(`2  TIME  3 B  2  ${ADA}  staging\n1  TIME  2 B  2  ${ADA}  production\n`);
  });

  test('--sort version sorts as versions do', async () => {
    for (const version of ['1.10.0', '1.9.0', '2.0.0', '2.0.0-rc1']) {
      put('sorted', version);
    }
    expect(await listed('sorted', '--sort', 'version')).toEqual(['1.9.0', '1.10.0', '2.0.0-rc1', '2.0.0']);
    expect(await listed('sorted', '--sort', '-version')).toEqual(['2.0.0', '2.0.0-rc1', '1.10.0', '1.9.0']);
  });

  test('--sort takes several keys; rows without a value are last, in either direction', async () => {
    put('sorted', 'a', { metadata: { license: 'mit', accuracy: '0.10' } });
    put('sorted', 'b', { metadata: { license: 'mit', accuracy: '0.9' } });
    put('sorted', 'c', { metadata: { license: 'apache-2.0', accuracy: '9' } });
    put('sorted', 'd', { metadata: {} });
    expect(await listed('sorted', '--sort', 'metadata.license,-metadata.accuracy')).toEqual(['c', 'b', 'a', 'd']);
    expect(await listed('sorted', '--sort', '-metadata.license', '--sort', 'metadata.accuracy')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('--where selects by metadata and by columns, and all conditions must hold', async () => {
    expect(await listed('fraud', '--where', 'license=apache-2.0')).toEqual(['1']);
    expect(await listed('fraud', '--where', 'license!=apache-2.0')).toEqual(['2']);
    expect(await listed('fraud', '--where', 'license~apache')).toEqual(['1']);
    expect(await listed('fraud', '--where', 'license~a', '--where', 'accuracy=0.94')).toEqual([]);
    expect(await listed('fraud', '--where', 'aliases=staging')).toEqual(['2']);
    expect(await listed('fraud', '--where', 'base=1')).toEqual(['2']);
    expect(await listed('fraud', '--where', 'by~ada', '--where', 'metadata.license=mit')).toEqual(['2']);
    expect(await listed('--where', 'license=mit')).toEqual(['fraud']);
  });

  test('--where with a key that no version has says so, and which keys are in use', async () => {
    expect(await person.run('list', 'fraud', '--where', 'licence=mit')).toEqual({
      exitCode: 0, stdout: '', stderr: 'no version has metadata "licence"; keys in use: accuracy, license. Did you mean "license"?\n',
    });
    expect((await person.run('list', '--where', 'licence=mit')).stderr).toContain('no newest version has metadata "licence"');
    expect((await person.run('list', 'fraud', '--where', 'licence=mit', '--where', 'aliases=staging')).stderr).toContain('no version that was read has');
  });

  test('--columns prints these, metadata too, and "-" for what a version does not have', async () => {
    put('fraud', '0', { metadata: {}, createdAt: '2020-01-01T00:00:00Z' });
    expect((await person.run('list', 'fraud', '--columns', 'version,metadata.accuracy', '--columns', 'base')).stdout)
      .toBe('2  0.94  1\n1  0.9   -\n0  -     -\n');
  });

  test('--limit reads no more manifests than it prints, unless a condition needs them', async () => {
    expect(await listed('fraud', '--limit', '1')).toEqual(['2']);
    expect(person.store.calls('showVersion')).toHaveLength(1);
    expect(await listed('fraud', '--limit', '1', '--sort', 'size', '--sort', 'version')).toEqual(['1']);
  });

  test('--json has everything that was read, with sizes in bytes', async () => {
    const { stdout } = await person.run('list', 'fraud', '--json');
    expect(JSON.parse(stdout)).toEqual({
      model: 'fraud',
      versions: [
        expect.objectContaining({ version: '2', bytes: 3, files: 2, createdBy: ADA, base: '1', aliases: ['staging'], metadata: { license: 'mit', accuracy: '0.94' } }),
        expect.objectContaining({ version: '1', bytes: 2, files: 2, aliases: ['production'], publishedAt: expect.any(String), manifestSha256: expect.any(String) }),
      ],
    });
    const { models } = JSON.parse((await person.run('list', '--json')).stdout) as { models: object[] };
    expect(models[1]).toMatchObject({ model: 'fraud', version: '2', aliases: [{ alias: 'production', version: '1' }, { alias: 'staging', version: '2' }] });
  });

  test('of 1,000 versions reads each manifest once, a few at a time, and reports progress', async () => {
    for (let count = 1; count <= 1_000; count++) {
      put('large', `1.${count}`);
    }
    let open = 0;
    let most = 0;
    person.store.intercept = ({ route, response }) => {
      if (route === 'showVersion') {
        most = Math.max(most, ++open);
        response.on('close', () => { open--; });
      }
    };
    const { exitCode, stdout, stderr } = await person.run('list', 'large', '--sort', '-version');
    expect({ exitCode, rows: first(stdout).length, top: first(stdout)[0] }).toEqual({ exitCode: 0, rows: 1_000, top: '1.1000' });
    expect(person.store.calls('showVersion')).toHaveLength(1_000);
    expect(person.store.seen.length).toBeLessThanOrEqual(1_011);
    expect(most).toBeLessThanOrEqual(8);
    expect(stderr).toMatch(/^(versions: [0-9,]+ of 1,000 \([0-9]+%\)\n)*versions: 1,000 in [0-9.]+ s\n$/);
  });
});

describe('invalid list options', () => {
  test('are all reported at once, with suggestions, and no request is sent', async () => {
    const { exitCode, stdout, stderr } = await person.run('list', '--columns', 'modle', '--sort', '-publishd,accuracy', '--where', 'license', '--where', '=x');
    expect({ exitCode, stdout, seen: person.store.seen }).toEqual({ exitCode: 2, stdout: '', seen: [] });
    expect(stderr).toBe([
      'model-store: invalid list options',
      '  --columns: "modle" is not a column. Did you mean "model"?',
      '  --where: "license" is not KEY=VALUE, KEY!=VALUE or KEY~VALUE',
      '  --where: "=x" is not KEY=VALUE, KEY!=VALUE or KEY~VALUE',
      '  --sort: "publishd" is not a column. Did you mean "published"?',
      '  --sort: "accuracy" is not a column. For metadata, write metadata.accuracy.',
      'The columns are model, version, published, size, files, by, aliases, base and metadata.KEY.',
      '(usage)', '',
    ].join('\n'));
  });

  test.each([[['--columns', '']], [['--limit', '0']], [['--tree']], [['fraud', '--tree', '--limit', '1']]])('%j is a usage error', async (argv) => {
    expect(await person.run('list', ...argv)).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('list --tree', () => {
  test('prints each version below the one that it is based on, with aliases', async () => {
    for (const [version, base] of [['1.0', undefined], ['1.0.1', '1.0'], ['1.0.2', '1.0.1'], ['1.1', '1.0'], ['1.2', '1.1'], ['1.3', '1.2'], ['9', undefined]] as const) {
      put('line', version, { base, createdAt: '2026-01-01T00:00:00Z' });
    }
    await person.run('promote', 'line@1.0.2', 'hotfix');
    const { stdout } = await person.run('list', 'line', '--tree');
    expect(stdout.replace(/ {2}\S+Z/g, '')).toBe(
      '* 1.0\n|-* 1.0.1\n| * 1.0.2  (hotfix)\n* 1.1\n* 1.2\n* 1.3\n\n* 9\n');
  });

  test('shows a base that was erased, and cycles', async () => {
    put('odd', '2', { base: '1' });
    put('odd', 'a', { base: 'b' });
    put('odd', 'b', { base: 'a' });
    put('odd', 'c', { base: 'b' });
    put('odd', 'self', { base: 'self' });
    const { exitCode, stdout } = await person.run('list', 'odd', '--tree');
    expect({ exitCode, stdout: stdout.replace(/ {2}\S+Z/g, '') }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('* 1 (not in the store)\n* 2\n'),
    });
    expect(stdout).toContain('based on b, which is based on it: a cycle');
    expect(stdout).toContain('based on self, which is based on it: a cycle');
    for (const version of ['a', 'b', 'c', 'self']) {
      expect(stdout.match(new RegExp(`\\* ${version} `, 'g'))).toHaveLength(1);
    }
  });

  test('of a long line does not indent, and shows a version that cannot be read', async () => {
    put('long', 'v0', { metadata: 7 as never });
    for (let count = 1; count <= 300; count++) {
      put('long', `v${count}`, { base: `v${count - 1}` });
    }
    const { exitCode, stdout } = await person.run('list', 'long', '--tree');
    expect(stdout.split('\n').filter((line) => line.startsWith('* '))).toHaveLength(301);
    expect(stdout).toMatch(/^\* v0 .*cannot be read: damaged_object$/m);
    expect(exitCode).toBe(5);
  });
});

describe('the order of versions', () => {
  test.each([
    [['1.9.0', '1.10.0', '2.0.0-rc1', '2.0.0']],
    [['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0']],
    [['v1.9', 'v1.10', 'v2-rc2', 'v2-rc10', 'v2']],
    [['1.0a1', '1.0b2', '1.0rc1', '1.0', '1.0.post1', '1.0.1']],
    [['9', '10', '100']],
    [['2025-12-31', '2026-02-01', '2026-11-01', '2026-11-01.2']],
    [['20251231', '20260201', '20260201b']],
    [['release-1.9', 'release-1.10-rc1', 'release-1.10']],
    [['0f3a9c1', 'baseline', '1']],
    [['1.0.0-20260101', '1.0.0']],
    [['1', 'v1.0.1', '1.1']],
  ])('is %j', (versions) => {
    expect([...versions].reverse().sort(compareVersions)).toEqual(versions);
    expect([...versions].sort(compareVersions)).toEqual(versions);
  });

  const piece = fc.constantFrom('0', '1', '2', '10', '01', '.', '-', '_', 'v', 'rc', 'a', 'alpha', 'dev', 'f', 'release', '\n', '☃');
  const name = fc.oneof(fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')), fc.string({ unit: 'binary', maxLength: 12 }));

  test('is total and antisymmetric, and only equal names are equal', () => {
    fc.assert(fc.property(name, name, (a, b) => {
      const order = Math.sign(compareVersions(a, b));
      expect(order + Math.sign(compareVersions(b, a))).toBe(0);
      expect(order === 0).toBe(a === b);
    }), { numRuns: 3_000 });
  });

  test('is transitive', () => {
    fc.assert(fc.property(name, name, name, (...names) => {
      const [a, b, c] = names.sort(compareVersions);
      expect([compareVersions(a, b), compareVersions(b, c), compareVersions(a, c)].every((order) => order <= 0)).toBe(true);
    }), { numRuns: 5_000 });
  });

  test('of numbers is that of their values', () => {
    fc.assert(fc.property(fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)), fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)), (a, b) => {
      const at = a.findIndex((number, index) => number !== b[index]);
      expect(Math.sign(compareVersions(a.join('.'), b.join('.')))).toBe(at === -1 ? 0 : Math.sign(a[at] - b[at]));
    }));
  });
});

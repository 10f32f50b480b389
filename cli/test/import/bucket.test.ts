import { readdirSync } from 'node:fs';
import type { ImportResult } from '../../src/import/import';
import { BucketDouble } from '../bucket-double';
import { Person } from '../person';

let person: Person;
let bucket: BucketDouble;
beforeEach(async () => {
  person = await new Person().arrive();
  bucket = await new BucketDouble('old-models').start();
  person.awsEndpoint = bucket.origin;
  person.write('staging', {});
});
afterEach(async () => {
  await bucket.stop();
  await person.leave();
});

const outcomes = ({ versions }: ImportResult) => versions.map(({ model, version, outcome }) => `${model}@${version} ${outcome}`);

async function importJson(...args: string[]): Promise<ImportResult & { exitCode: number }> {
  const { exitCode, stdout, stderr } = await person.run('import', 's3://old-models/models', '--staging', person.path('staging'), '--json', ...args);
  if (stdout === '') {
    throw new Error(stderr);
  }
  return { ...JSON.parse(stdout) as ImportResult, exitCode };
}

function putTwoVersions(): void {
  bucket.put('models/fraud/2/weights.bin', 'two', '2024-02-02T00:00:00.000Z');
  bucket.put('models/fraud/1/weights.bin', 'one', '2024-01-02T00:00:00.000Z');
  bucket.put('models/fraud/1/config/model.json', '{}', '2024-01-01T00:00:00.000Z');
}

test('a prefix per version is imported oldest first, with original dates and source', async () => {
  putTwoVersions();
  bucket.pageSize = 1;
  expect(outcomes(await importJson())).toEqual(['fraud@1 imported', 'fraud@2 imported']);
  expect(person.store.manifests.get('fraud@1')).toMatchObject({
    files: [{ path: 'config/model.json', size: 2 }, { path: 'weights.bin', size: 3 }],
    metadata: {
      'imported.from': 's3://old-models/models/fraud/1/',
      'imported.first-modified': '2024-01-01T00:00:00.000Z',
      'imported.last-modified': '2024-01-02T00:00:00.000Z',
      'imported.fingerprint': expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
  expect(person.read('staging')).toEqual({});
});

test('only one version at a time is stored locally', async () => {
  putTwoVersions();
  const staged: string[][] = [];
  person.store.intercept = ({ route }) => {
    if (route === 'publish') {
      staged.push(Object.values(person.read('staging')).sort());
    }
  };
  await importJson();
  expect(staged).toEqual([['one', '{}'], ['two']]);
});

test('importing again reads no objects, and detects changed objects without reading them', async () => {
  putTwoVersions();
  await importJson();
  bucket.reads.length = 0;
  expect(outcomes(await importJson())).toEqual(['fraud@1 unchanged', 'fraud@2 unchanged']);
  expect(bucket.reads).toEqual([]);

  bucket.put('models/fraud/2/weights.bin', 'two!', '2024-05-01T00:00:00.000Z');
  const again = await importJson('--dry-run');
  expect({ exitCode: again.exitCode, outcomes: outcomes(again) }).toEqual({ exitCode: 4, outcomes: ['fraud@1 unchanged', 'fraud@2 failed'] });
  expect(bucket.reads).toEqual([]);
});

test('a version with a forged import record is detected with --compare-bytes', async () => {
  putTwoVersions();
  await importJson('--model', 'fraud');
  const { 'imported.fingerprint': fingerprint } = person.store.manifests.get('fraud@2')!.metadata;
  person.store.manifests.delete('fraud@2');
  await person.run('push', person.write('forged', { 'weights.bin': 'TWO' }), 'fraud@2', '-m', `imported.fingerprint=${fingerprint}`);
  expect(outcomes(await importJson())).toEqual(['fraud@1 unchanged', 'fraud@2 unchanged']);
  const result = await importJson('--compare-bytes');
  expect({ exitCode: result.exitCode, outcomes: outcomes(result) }).toEqual({ exitCode: 4, outcomes: ['fraud@1 unchanged', 'fraud@2 failed'] });
});

test('metadata that the import writes itself cannot be passed', async () => {
  expect(await person.run('import', 's3://old-models/models', '-m', 'imported.fingerprint=x')).toMatchObject({
    exitCode: 2, stderr: expect.stringContaining('--metadata imported.fingerprint: is reserved; use another key'),
  });
});

test('a version that was not imported is compared byte by byte', async () => {
  putTwoVersions();
  await person.run('push', person.write('same', { 'weights.bin': 'two' }), 'fraud@2');
  await person.run('push', person.write('other', { 'weights.bin': 'ONE', 'config/model.json': '{}' }), 'fraud@1');
  const result = await importJson();
  expect({ exitCode: result.exitCode, outcomes: outcomes(result) }).toEqual({ exitCode: 4, outcomes: ['fraud@1 failed', 'fraud@2 unchanged'] });
  expect(result.versions[0].error!.details).toEqual([{ field: 'weights.bin', message: 'has different content in the published version' }]);
});

test('an interrupted download is resumed', async () => {
  bucket.put('models/fraud/1/weights.bin', 'x'.repeat(100_000));
  let broken = 0;
  bucket.intercept = (key, request, response) => {
    const from = Number(/=([0-9]+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (broken >= 2) {
      return false;
    }
    broken++;
    const { bytes } = bucket.objects.get(key)!;
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': `${bytes.length - from}` });
    response.write(bytes.subarray(from, from + 30_000), () => setTimeout(() => response.destroy(), 50));
    return true;
  };
  expect(outcomes(await importJson())).toEqual(['fraud@1 imported']);
  expect(bucket.reads).toEqual(['models/fraud/1/weights.bin', 'models/fraud/1/weights.bin bytes=30000-', 'models/fraud/1/weights.bin bytes=60000-']);
  expect([...person.store.blobs.values()].map((bytes) => bytes.toString())).toEqual(['x'.repeat(100_000)]);
});

test('an object that is replaced during the import fails only its own version, and no local files remain', async () => {
  putTwoVersions();
  bucket.intercept = (key) => {
    if (key === 'models/fraud/1/weights.bin') {
      bucket.put(key, 'other');
    }
    return false;
  };
  const result = await importJson();
  expect({ exitCode: result.exitCode, outcomes: outcomes(result) }).toEqual({ exitCode: 1, outcomes: ['fraud@1 failed', 'fraud@2 imported'] });
  expect(result.versions[0].error).toMatchObject({ code: 'source_changed', message: expect.stringContaining('models/fraud/1/weights.bin changed') });
  expect(person.store.manifests.has('fraud@1')).toBe(false);
  expect(readdirSync(person.path('staging'))).toEqual([]);
});

test('an archived object is reported as such', async () => {
  putTwoVersions();
  bucket.intercept = (_key, _request, response) => {
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end('<Error><Code>InvalidObjectState</Code><Message>archived</Message></Error>');
    return true;
  };
  expect((await importJson()).versions[0].error).toMatchObject({ code: 'archived', hint: expect.stringContaining('Restore it with') });
});

test('objects outside of any version are counted and named; empty folders and records of a pull are ignored', async () => {
  putTwoVersions();
  bucket.put('models/README.md', 'r');
  bucket.put('models/.hidden/1/file', 'h');
  bucket.put('models/fraud/1/', '');
  bucket.put('models/fraud/1/.model-store/pulled.json', '{}');
  const result = await importJson();
  expect(result.leftOut).toEqual([
    { address: 's3://old-models/models/.hidden/1/file', why: 'does not match the layout {model}/{version}' },
    { address: 's3://old-models/models/README.md', why: 'is outside of any version' },
  ]);
  expect(result.versions[0]).toMatchObject({ outcome: 'imported', files: 2 });
});

test('what a push leaves out is left out and listed, and neither counted nor downloaded', async () => {
  putTwoVersions();
  for (const key of ['.git/config', '.git/HEAD', '__pycache__/a.pyc', 'logs/a.log', 'notes.txt']) {
    bucket.put(`models/fraud/1/${key}`, 'x');
  }
  const options = ['--exclude', '*.txt', '--exclude', 'logs/'];
  const [first] = (await importJson(...options)).versions;
  expect(first).toMatchObject({
    outcome: 'imported',
    files: 2,
    leftOut: [
      { path: '.git/', reason: 'Git repository' }, { path: '__pycache__/', reason: 'Python bytecode' },
      { path: 'logs/', reason: '--exclude logs/' }, { path: 'notes.txt', reason: '--exclude *.txt' },
    ],
  });
  expect(bucket.reads.filter((read) => /git|pyc|log|notes/.test(read))).toEqual([]);
  expect((await importJson(...options)).versions[0]).toMatchObject({ outcome: 'unchanged' });
});

test('a file whose name says that it holds secrets excludes its version, before anything is read', async () => {
  putTwoVersions();
  bucket.put('models/fraud/1/.env', 'x');
  const [failed] = (await importJson()).versions.filter(({ outcome }) => outcome === 'failed');
  expect(failed.error).toMatchObject({ code: 'secret_found', details: [{ field: '.env', message: expect.stringContaining('going by its name') }] });
  expect(bucket.reads.filter((read) => read.startsWith('models/fraud/1/'))).toEqual([]);
});

test('a .modelstoreignore excludes its version, because it has no effect in a bucket', async () => {
  putTwoVersions();
  bucket.put('models/fraud/1/.modelstoreignore', '*.log');
  const [failed] = (await importJson()).versions.filter(({ outcome }) => outcome === 'failed');
  expect(failed.error!.details).toEqual([{ field: '.modelstoreignore', message: expect.stringContaining('has no effect in a bucket') }]);
  expect(outcomes(await importJson('--exclude', '.modelstoreignore'))).toContain('fraud@1 imported');
});

test.each<[string, string]>([
  ['models/fraud/1/a//b', 'empty segment'],
  ['models/fraud/1/../b', 'could lead out of the model folder'],
  ['models/fraud/1/WEIGHTS.bin', 'only by case'],
  ['models/fraud/1/a\\b', 'contains a backslash'],
])('a key that is not a valid path (%s) excludes its version, before anything is read', async (key, message) => {
  putTwoVersions();
  bucket.put(key, 'x');
  const result = await importJson();
  expect({ exitCode: result.exitCode, outcomes: outcomes(result).sort() }).toEqual({ exitCode: 2, outcomes: ['fraud@1 failed', 'fraud@2 imported'] });
  expect(JSON.stringify(result.versions.find(({ outcome }) => outcome === 'failed')!.error!.details))
    .toContain(message);
  expect(bucket.reads.filter((read) => read.startsWith('models/fraud/1/'))).toEqual([]);
});

test('keys that Windows cannot store exclude their version on Windows', async () => {
  person.platform = 'win32';
  bucket.put('models/fraud/1/con.txt', 'x');
  expect((await importJson()).versions[0].error!.details).toEqual([
    { field: 'con.txt', message: 'contains "con.txt", which is a device name on Windows' },
  ]);
});

test('a missing or unreadable bucket is reported with the required permissions', async () => {
  expect(await person.run('import', 's3://other-models/models')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('s3:ListBucket on s3://other-models/models/') });
  expect(await person.run('import', 's3://No_Bucket/')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the source is not a valid S3 address') });
  putTwoVersions();
  bucket.intercept = (_key, _request, response) => {
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end('<Error><Code>AccessDenied</Code><Message>no</Message></Error>');
    return true;
  };
  const result = await importJson();
  expect(result.exitCode).toBe(6);
  expect(result.versions.map(({ error }) => error)).toEqual([1, 2].map(() => expect.objectContaining({
    code: 'forbidden', hint: expect.stringContaining('s3:GetObject'),
  })));
});

test('a missing staging folder is reported before anything is read', async () => {
  putTwoVersions();
  expect((await importJson('--staging', person.path('nowhere'))).versions[0].error).toMatchObject({ message: expect.stringContaining('nowhere'), code: 'unwritable_folder' });
  expect(bucket.reads).toEqual([]);
});

describe('of one model of many', () => {
  beforeEach(() => {
    putTwoVersions();
    bucket.put('models/Spam Filter/1/weights.bin', 'spam');
    bucket.put('models/churn/1/weights.bin', 'churn');
  });

  test('only its prefix is listed, under every name it can have there', async () => {
    expect(outcomes(await importJson('--model', 'fraud', '--dry-run'))).toEqual(['fraud@1 would-import', 'fraud@2 would-import']);
    expect(bucket.listed).toEqual(['models/fraud/']);
    bucket.listed.length = 0;
    expect(outcomes(await importJson('--model', 'spam', '--rename', 'Spam Filter=spam', '--rename', 'churn=left', '--dry-run'))).toEqual(['spam@1 would-import']);
    expect(bucket.listed).toEqual(['models/Spam Filter/', 'models/spam/']);
  });

  test('everything is listed if its name cannot be known in advance', async () => {
    expect(outcomes(await importJson('--model', 'spam-filter', '--tidy-names', '--dry-run'))).toEqual(['spam-filter@1 would-import']);
    expect(outcomes(await importJson('--model', 'churn', '--layout', '{model}*/{version}', '--dry-run'))).toEqual(['churn@1 would-import']);
    expect(bucket.listed).toEqual(['models/', 'models/']);
  });

  test('models with a common prefix are different models', async () => {
    bucket.put('models/fraud-old/1/weights.bin', 'old');
    expect(outcomes(await importJson('--model', 'fraud', '--dry-run'))).toEqual(['fraud@1 would-import', 'fraud@2 would-import']);
  });
});

test('an import interrupted during a download leaves no local files, and the same command resumes it', async () => {
  putTwoVersions();
  bucket.intercept = (key) => {
    if (key.startsWith('models/fraud/2/')) {
      person.interruption.abort(Object.assign(new Error('interrupted'), { exitCode: 130 }));
    }
    return false;
  };
  expect(await person.run('import', 's3://old-models/models', '--staging', person.path('staging'))).toMatchObject({
    exitCode: 130, stdout: '', stderr: expect.stringContaining('interrupted. Run the same command again'),
  });
  expect(readdirSync(person.path('staging'))).toEqual([]);
  bucket.intercept = undefined;
  person.interruption = new AbortController();
  expect(outcomes(await importJson())).toEqual(['fraud@1 unchanged', 'fraud@2 imported']);
});

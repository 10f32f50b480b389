import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportResult } from '../../src/import/import';
import { Person } from '../person';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

/** A version whose files were last modified on that day. */
function version(path: string, day: string, files: { readonly [path: string]: string } = { 'weights.bin': path }): string {
  const folder = person.write(path, files);
  for (const file of Object.keys(files)) {
    utimesSync(join(folder, file), new Date(day), new Date(day));
  }
  return folder;
}

const outcomes = ({ versions }: ImportResult) => versions.map(({ model, version: name, outcome }) => `${model}@${name} ${outcome}`);

async function importJson(...args: string[]): Promise<ImportResult & { exitCode: number }> {
  const { exitCode, stdout, stderr } = await person.run('import', person.path('models'), '--json', ...args);
  if (stdout === '') {
    throw new Error(stderr);
  }
  return { ...JSON.parse(stdout) as ImportResult, exitCode };
}

describe('a folder of versions', () => {
  beforeEach(() => {
    version('models/fraud/10', '2024-03-01T00:00:00Z');
    version('models/fraud/9', '2024-02-01T00:00:00Z');
    version('models/churn/2024-01-15', '2024-01-15T12:00:00Z', { 'a.bin': 'a', 'tokenizer/b.txt': 'b' });
  });

  test('is imported oldest first, with original dates and source in the metadata', async () => {
    const result = await importJson('--metadata', 'team=risk');
    expect(result.exitCode).toBe(0);
    expect(outcomes(result)).toEqual(['churn@2024-01-15 imported', 'fraud@9 imported', 'fraud@10 imported']);
    expect([...person.store.manifests.keys()]).toEqual(['churn@2024-01-15', 'fraud@9', 'fraud@10']);
    expect(person.store.manifests.get('churn@2024-01-15')).toMatchObject({
      files: [{ path: 'a.bin' }, { path: 'tokenizer/b.txt' }],
      metadata: {
        team: 'risk',
        'imported.from': person.path('models/churn/2024-01-15/'),
        'imported.first-modified': '2024-01-15T12:00:00.000Z',
        'imported.last-modified': '2024-01-15T12:00:00.000Z',
      },
    });
  });

  test('is reported with progress bars on a terminal, and otherwise with one line per version', async () => {
    const { exitCode, stdout, stderr } = await person.run('import', person.path('models'));
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 5))).toEqual([
      ['imported', 'churn@2024-01-15', '2024-01-15T12:00:00.000Z', '2 files', '2 B'],
      ['imported', 'fraud@9', '2024-02-01T00:00:00.000Z', '1 file', '14 B'],
      ['imported', 'fraud@10', '2024-03-01T00:00:00.000Z', '1 file', '15 B'],
      ['3 versions: 3 imported; 31 B sent'],
      [''],
    ]);
    expect(stderr).toBe([
      `looking for versions in ${person.path('models')}`,
      'importing churn@2024-01-15 (1 of 3)', 'imported churn@2024-01-15 (1 of 3)',
      'importing fraud@9 (2 of 3)', 'imported fraud@9 (2 of 3)',
      'importing fraud@10 (3 of 3)', 'imported fraud@10 (3 of 3)', '',
    ].join('\n'));
    expect(await person.run('import', person.path('models'), '--quiet')).toMatchObject({ stderr: '' });
  });

  test('a dry run reports the same and sends nothing', async () => {
    const result = await importJson('--dry-run');
    expect(outcomes(result)).toEqual(['churn@2024-01-15 would-import', 'fraud@9 would-import', 'fraud@10 would-import']);
    expect(result.exitCode).toBe(0);
    expect(person.store.calls('beginUpload')).toEqual([]);
    expect(person.store.manifests.size).toBe(0);
  });

  test('repeating the import sends nothing, and imports only new versions', async () => {
    await importJson();
    version('models/fraud/11', '2024-04-01T00:00:00Z');
    person.store.forget();
    const result = await importJson();
    expect(outcomes(result)).toEqual(['churn@2024-01-15 unchanged', 'fraud@9 unchanged', 'fraud@10 unchanged', 'fraud@11 imported']);
    expect(person.store.calls('publish')).toHaveLength(1);
    expect(person.store.transfers('PUT')).toHaveLength(1);
  });

  test('a version that was pushed with the same bytes counts as imported', async () => {
    await person.run('push', person.path('models/fraud/9'), 'fraud@9', '-m', 'by=hand');
    expect(outcomes(await importJson('--model', 'fraud'))).toEqual(['fraud@9 unchanged', 'fraud@10 imported']);
    expect(await importJson('--model', 'fraud', '-m', 'by=import')).toMatchObject({
      exitCode: 4, versions: [{ error: { details: [{ field: 'metadata by', message: 'is "hand" in the published version, "import" here' }] } }, {}],
    });
  });

  test('a version that was published with other bytes fails with the differences; the others are imported, and the exit code reflects it', async () => {
    const other = person.write('other', { 'weights.bin': 'x'.repeat('models/fraud/9'.length) });
    await person.run('push', other, 'fraud@9');
    expect(outcomes(await importJson('--dry-run'))).toEqual(['churn@2024-01-15 would-import', 'fraud@9 to-compare', 'fraud@10 would-import']);
    const result = await importJson();
    expect(result.exitCode).toBe(4);
    expect(outcomes(result)).toEqual(['churn@2024-01-15 imported', 'fraud@9 failed', 'fraud@10 imported']);
    expect(result.versions[1].error).toMatchObject({
      code: 'version_exists', details: [{ field: 'weights.bin', message: 'has different content in the published version' }],
    });
  });

  test('--model imports only one model', async () => {
    expect(outcomes(await importJson('--model', 'churn'))).toEqual(['churn@2024-01-15 imported']);
    expect(await person.run('import', person.path('models'), '--model', 'spam')).toMatchObject({
      exitCode: 3, stderr: expect.stringContaining('no versions of spam found in'),
    });
  });

  test('invalid versions are reported before any of their files is sent, and the others continue', async () => {
    version('models/fraud/8', '2024-01-01T00:00:00Z', { 'Weights.bin': 'a', 'weights.bin': 'b' });
    mkdirSync(person.path('models/fraud/7'));
    const result = await importJson();
    expect(result.exitCode).toBe(2);
    expect(outcomes(result)).toEqual([
      'fraud@7 failed', 'fraud@8 failed', 'churn@2024-01-15 imported', 'fraud@9 imported', 'fraud@10 imported',
    ]);
    expect(result.versions[1].error!.details).toEqual([{ field: 'weights.bin', message: '"weights.bin" differs from "Weights.bin" only by case' }]);
  });

  test('an unreachable store ends the import, which lists the remaining versions and can be resumed', async () => {
    person.store.intercept = ({ route, url }) => (route === 'publish' && url.pathname.includes('/9')
      ? { status: 503, body: { code: 'unavailable', message: 'busy', details: [], requestId: 'r' } } : undefined);
    const result = await importJson();
    expect(result.exitCode).toBe(7);
    expect(outcomes(result)).toEqual(['churn@2024-01-15 imported', 'fraud@9 failed', 'fraud@10 not-tried']);
    expect(person.store.manifests.has('fraud@9')).toBe(false);

    person.store.intercept = undefined;
    person.store.forget();
    expect(outcomes(await importJson())).toEqual(['churn@2024-01-15 unchanged', 'fraud@9 imported', 'fraud@10 imported']);
    // The files of the failed version were already stored.
    expect(person.store.transfers('PUT')).toHaveLength(1);
  });

  test('an interruption is reported, and leaves only complete versions', async () => {
    person.store.intercept = ({ route, url }) => {
      if (route === 'publish' && url.pathname.includes('/9')) {
        person.interruption.abort(Object.assign(new Error('interrupted'), { exitCode: 130 }));
      }
    };
    expect(await person.run('import', person.path('models'))).toMatchObject({
      exitCode: 130, stderr: expect.stringContaining('interrupted. Run the same command again'),
    });
    expect(person.store.manifests.has('fraud@10')).toBe(false);
  });

  test('files outside of any version are named and left alone', async () => {
    person.write('models', { 'README.md': 'r', 'fraud/notes.txt': 'n' });
    person.write('models/.git', { config: 'c' });
    symlinkSync('10', person.path('models/fraud/latest'));
    const { leftOut } = await importJson();
    expect(leftOut.map(({ address, why }) => `${address.replace(person.path('models/'), '')} ${why}`)).toEqual([
      '.git is hidden',
      'README.md is a file outside of any version',
      'fraud/latest is a symbolic link; for a movable name such as "latest", create an alias with "model-store promote"',
      'fraud/notes.txt is a file outside of any version',
    ]);
    expect(readdirSync(person.path('models/fraud')).sort()).toEqual(['10', '9', 'latest', 'notes.txt']);
  });
});

describe('names that the store does not allow', () => {
  beforeEach(() => {
    version('models/Fraud_Detector/2024-01-01', '2024-01-01T00:00:00Z');
    version('models/Fraud_Detector/V2 (final)', '2024-02-01T00:00:00Z');
    version('models/churn/blobs', '2024-03-01T00:00:00Z');
  });

  test('are all reported at once, each with a valid suggestion, and nothing is imported', async () => {
    const { exitCode, stdout, stderr } = await person.run('import', person.path('models'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.split('\n').slice(1, 5).map((line) => line.replace(person.path('models'), ''))).toEqual([
      'model-store: some names are not valid in the store; nothing was imported',
      '  /Fraud_Detector/2024-01-01/: "Fraud_Detector" is not a valid model name (also in 1 other version); '
        + 'use --rename Fraud_Detector=fraud_detector',
      '  /Fraud_Detector/V2 (final)/: "V2 (final)" is not a valid version name; '
        + 'use --rename \'Fraud_Detector@V2 (final)=fraud_detector@v2-final\'',
      '  /churn/blobs/: "blobs" is not a valid version name; use --rename churn@blobs=churn@blobs-version',
    ]);
    expect(person.store.seen).toEqual([]);
  });

  test('are mapped with --rename: a model, or one version of it', async () => {
    const result = await importJson('--rename', 'Fraud_Detector=fraud', '--rename', 'Fraud_Detector@V2 (final)=fraud@2.0.0', '--rename', 'churn@blobs=churn@1');
    expect(outcomes(result)).toEqual(['fraud@2024-01-01 imported', 'fraud@2.0.0 imported', 'churn@1 imported']);
    expect(person.store.manifests.get('fraud@2.0.0')!.metadata['imported.from']).toBe(person.path('models/Fraud_Detector/V2 (final)/'));
  });

  test('are replaced by the suggestions with --tidy-names', async () => {
    expect(outcomes(await importJson('--tidy-names')))
      .toEqual(['fraud_detector@2024-01-01 imported', 'fraud_detector@v2-final imported', 'churn@blobs-version imported']);
  });

  test('are ignored for versions excluded by --skip or --model', async () => {
    expect(outcomes(await importJson('--skip', 'Fraud_Detector', '--rename', 'churn@blobs=churn@1'))).toEqual(['churn@1 imported']);
    expect(outcomes(await importJson('--model', 'fraud', '--rename', 'Fraud_Detector=fraud', '--skip', 'Fraud_Detector@V2 (final)')))
      .toEqual(['fraud@2024-01-01 imported']);
  });

  test('that would collide in one version are rejected, as are mappings of unknown or to invalid names', async () => {
    rmSync(person.path('models/churn'), { recursive: true });
    const { exitCode, stderr } = await person.run('import', person.path('models'), '--rename', 'Fraud_Detector=fraud',
      '--rename', 'Fraud_Detector@V2 (final)=fraud@2024-01-01', '--rename', 'Spam=spam', '--rename', 'Fraud_Detector@1=Fraud@1', '--skip', 'nothing');
    expect(exitCode).toBe(2);
    for (const message of [
      `V2 (final)/: would become fraud@2024-01-01, like ${person.path('models/Fraud_Detector/2024-01-01/')}`,
      '--rename: "Spam" does not exist in the source',
      '--rename Fraud_Detector@1=Fraud@1: "Fraud@1" is not a valid name or model@version',
      '--skip: "nothing" does not exist in the source',
    ]) {
      expect(stderr).toContain(message);
    }
    expect(person.store.seen).toEqual([]);
  });
});

describe('another layout', () => {
  test('sets the position of model and version', async () => {
    version('models/2024/fraud/releases/v1', '2024-01-01T00:00:00Z');
    version('models/2025/fraud/releases/v2', '2025-01-01T00:00:00Z');
    version('models/2025/fraud/drafts/v3', '2025-02-01T00:00:00Z');
    const result = await importJson('--layout', '*/{model}/releases/v{version}');
    expect(outcomes(result)).toEqual(['fraud@1 imported', 'fraud@2 imported']);
    expect(result.leftOut).toEqual([{ address: person.path('models/2025/fraud/drafts/v3'), why: 'does not match the layout */{model}/releases/v{version}' }]);
  });

  test('can have model and version in the name of one folder', async () => {
    version('models/fraud-detector-v1.2', '2024-01-01T00:00:00Z');
    expect(outcomes(await importJson('--layout', '{model}-v{version}'))).toEqual(['fraud-detector@1.2 imported']);
  });

  test('without a model uses --model', async () => {
    version('models/1.0', '2024-01-01T00:00:00Z');
    expect(outcomes(await importJson('--layout', '{version}', '--model', 'fraud'))).toEqual(['fraud@1.0 imported']);
    expect(await person.run('import', person.path('models'), '--layout', '{version}'))
      .toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no model given') });
  });

  test.each([
    ['{model}', 'does not contain {version}'],
    ['{model}/{versoin}', 'contains {versoin}'],
    ['{model/{version}', 'an unmatched brace'],
    ['/{model}/{version}', 'contains an empty folder'],
    ['{model}/{version}/', 'contains an empty folder'],
    ['../{model}/{version}', 'contains an empty folder, "." or ".."'],
  ])('%s is invalid', async (layout, message) => {
    expect(await person.run('import', person.home, '--layout', layout)).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining(message),
    });
  });
});

test('a source that does not exist, or is a file, is a usage error', async () => {
  expect(await person.run('import', person.path('nowhere'))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it does not exist') });
  person.write('', { file: 'f' });
  expect(await person.run('import', person.path('file'))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is a file') });
});

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ConsumerRepository, type TestRun } from './support/consumer-repository';
import { rebuildLibrary } from './support/rebuilt-library';
import { FUNCTIONS } from '../../src/contract/routes';

const QUIET = 'the stack matches the reviewed snapshot';
const TO_THE_BYTE = 'the stack and the code of its functions match the reviewed snapshot';
const ANOTHER_DAY = path.join(__dirname, 'support', 'another-day.cjs');

let folder: string;
let built: string;
let repository: ConsumerRepository;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'consumer-'));
  built = rebuildLibrary({ folder: path.join(folder, 'library') });
  repository = new ConsumerRepository(path.join(folder, 'model-platform')).install(built);
  expect(failedIn(repository.record())).toEqual([]);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The failed tests of a run. */
function failedIn({ tests }: TestRun): string[] {
  expect(tests).toHaveProperty([QUIET]);
  expect(tests).toHaveProperty([TO_THE_BYTE]);
  return Object.keys(tests).filter((name) => tests[name] !== 'passed');
}

const bundle = (library: string, name: string) => fs.readFileSync(path.join(library, 'assets', name, 'index.js'));

/** Adds comments to every source file of a function, at the top and after each statement. */
function changeComments(library: string): void {
  const handlers = path.join(library, 'src', 'handlers');
  for (const file of fs.readdirSync(handlers, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const text = fs.readFileSync(path.join(handlers, file), 'utf8');
    fs.writeFileSync(path.join(handlers, file), `/* Said in other words. */\n${text.replace(/;$/gm, '; // and this too')}`);
  }
}

function replace(file: string, old: string, by: string): void {
  const text = fs.readFileSync(file, 'utf8');
  expect(text).toContain(old);
  fs.writeFileSync(file, text.replace(old, by));
}

/** Changes file times, as a checkout or an unpacked archive does. */
function changeTimes(library: string): void {
  const longAgo = new Date('2001-09-09T01:46:40Z');
  for (const file of fs.readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('node_modules'))) {
    fs.utimesSync(path.join(library, file), longAgo, longAgo);
  }
}

describe('a consumer snapshot, including asset hashes, still matches after a rebuild of the library', () => {
  test.each([
    ['in another folder', { folder: 'a/much/longer path/to the/library' }, undefined],
    [
      'on another day, from files with different times',
      { folder: 'next-year', change: changeTimes, preload: ANOTHER_DAY }, ANOTHER_DAY,
    ],
    ['with different comments in the handlers', { folder: 'comments', change: changeComments }, undefined],
  ])('%s', (_, rebuild, setup) => {
    const rebuilt = rebuildLibrary({ ...rebuild, folder: path.join(folder, rebuild.folder) });
    for (const name of FUNCTIONS) {
      expect([name, bundle(rebuilt, name).equals(bundle(built, name))]).toEqual([name, true]);
    }
    expect(failedIn(repository.install(rebuilt).verifySnapshots(setup))).toEqual([]);
  });
});

test('if the code of a function changes, SnapshotTemplate still matches, and the plain template differs', () => {
  const changed = rebuildLibrary({
    folder: path.join(folder, 'new-release'),
    change: (library) => fs.appendFileSync(path.join(library, 'src/handlers/upload.lambda.ts'), '\nprocess.title = \'upload\';\n'),
  });
  expect(bundle(changed, 'upload').equals(bundle(built, 'upload'))).toBe(false);
  const run = repository.install(changed).verifySnapshots();
  expect(failedIn(run)).toEqual([TO_THE_BYTE]);
  const changedLines = run.messages.split('\n').filter((line) => /^\s+[-+] /.test(line) && !/[-+] (Snapshot|Received)/.test(line));
  expect(changedLines).toEqual([expect.stringMatching(/- +"S3Key": "[0-9a-f]{64}\.zip",/), expect.stringMatching(/\+ +"S3Key": "[0-9a-f]{64}\.zip",/)]);
});

test('a change to the stack itself fails both kinds of snapshot', () => {
  const changed = rebuildLibrary({
    folder: path.join(folder, 'careless-release'),
    change: (library) => {
      replace(path.join(library, 'src/storage/artifact-bucket.ts'), 'versioned: true', 'versioned: false');
    },
  });
  expect(failedIn(repository.install(changed).verifySnapshots())).toEqual([QUIET, TO_THE_BYTE]);
});

test('a date in the stack would be detected', () => {
  const dated = rebuildLibrary({
    folder: path.join(folder, 'dated-release'),
    change: (library) => {
      replace(path.join(library, 'src/storage/signing-key.ts'), 'Signs the manifests', 'Signs since ${new Date().getFullYear()} the manifests');
    },
  });
  const another = new ConsumerRepository(path.join(folder, 'another-platform')).install(dated);
  expect(failedIn(another.record())).toEqual([]);
  expect(failedIn(another.verifySnapshots(ANOTHER_DAY))).toEqual([QUIET, TO_THE_BYTE]);
});

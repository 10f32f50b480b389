import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleAll } from '../../scripts/bundle';
import { LOGGING_ROLE } from '../../src/contract/logging-role';
import { FUNCTIONS } from '../../src/contract/routes';

const FOLDERS = ['one', 'a/much/longer/way/to/another'];
let root: string;
beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'bundle-'));
  await bundleAll(path.join(root, FOLDERS[0]));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await bundleAll(path.join(root, FOLDERS[1]));
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const read = (folder: string, name: string) => fs.readFileSync(path.join(root, folder, 'assets', name, 'index.js'));

describe.each([...FUNCTIONS, LOGGING_ROLE.BUNDLE])('the bundle of %s', (name) => {
  test('is reproducible', () => {
    expect(read(FOLDERS[0], name).equals(read(FOLDERS[1], name))).toBe(true);
  });

  test('contains no path of the build machine', () => {
    const text = read(FOLDERS[0], name).toString('utf8');
    for (const trace of [path.resolve(__dirname, '../..'), os.homedir(), root, 'file://']) {
      expect([trace, text.includes(trace)]).toEqual([trace, false]);
    }
  });

  test('is a single file with a handler that can be loaded', () => {
    const folder = path.join(root, FOLDERS[0], 'assets', name);
    expect(fs.readdirSync(folder)).toEqual(['index.js']);
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    expect(typeof (require(path.join(folder, 'index.js')) as { handler?: unknown }).handler).toBe('function');
  });

  test('is minified and small', () => {
    expect(read(FOLDERS[0], name).length).toBeLessThan(800 * 1024);
  });

  test('never searches for credentials', () => {
    const text = read(FOLDERS[0], name).toString('utf8');
    for (const source of [
      'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'meta-data/iam', 'credential_process',
      'sso_start_url',
    ]) {
      expect([source, text.includes(source)]).toEqual([source, false]);
    }
  });

  test('contains no code of the CDK', () => {
    expect(read(FOLDERS[0], name).includes('aws-cdk-lib')).toBe(false);
  });
});

test('all files have the same mode, which some tools include in a hash', () => {
  for (const name of FUNCTIONS) {
    expect(
      (fs.statSync(path.join(root, FOLDERS[0], 'assets', name, 'index.js')).mode % 0o1000).toString(8),
    ).toBe('644');
  }
});

test('the licenses of all bundled packages are included with their texts', () => {
  const notice = fs.readFileSync(path.join(root, FOLDERS[0], 'assets', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  expect(notice).toMatch(/^@aws-sdk\/client-s3 \d+\.\d+\.\d+ \(Apache-2\.0\)$/m);
  expect(notice).toMatch(/^ajv \d+\.\d+\.\d+ \(MIT\)$/m);
  expect(notice).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
  expect(notice).not.toContain('unknown)');
});

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
  test('is the same bytes wherever and whenever it is built', () => {
    expect(read(FOLDERS[0], name).equals(read(FOLDERS[1], name))).toBe(true);
  });

  test('holds no path of the machine that built it', () => {
    const text = read(FOLDERS[0], name).toString('utf8');
    for (const trace of [path.resolve(__dirname, '../..'), os.homedir(), root, 'file://']) {
      expect([trace, text.includes(trace)]).toEqual([trace, false]);
    }
  });

  test('is a single file that a function can load, with a handler', () => {
    const folder = path.join(root, FOLDERS[0], 'assets', name);
    expect(fs.readdirSync(folder)).toEqual(['index.js']);
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    expect(typeof (require(path.join(folder, 'index.js')) as { handler?: unknown }).handler).toBe('function');
  });

  test('is minified and small enough to start fast', () => {
    expect(read(FOLDERS[0], name).length).toBeLessThan(800 * 1024);
  });

  test('looks for credentials nowhere but where it is given them', () => {
    const text = read(FOLDERS[0], name).toString('utf8');
    for (const source of ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'meta-data/iam', 'credential_process', 'sso_start_url']) {
      expect([source, text.includes(source)]).toEqual([source, false]);
    }
  });

  test('holds nothing of the CDK', () => {
    expect(read(FOLDERS[0], name).includes('aws-cdk-lib')).toBe(false);
  });
});

test('all files have one mode, which is part of what some tools hash', () => {
  for (const name of FUNCTIONS) {
    expect((fs.statSync(path.join(root, FOLDERS[0], 'assets', name, 'index.js')).mode % 0o1000).toString(8)).toBe('644');
  }
});

test('the licences of what is bundled are passed on, each with its text', () => {
  const notice = fs.readFileSync(path.join(root, FOLDERS[0], 'assets', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  expect(notice).toMatch(/^@aws-sdk\/client-s3 \d+\.\d+\.\d+ \(Apache-2\.0\)$/m);
  expect(notice).toMatch(/^ajv \d+\.\d+\.\d+ \(MIT\)$/m);
  expect(notice).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
  expect(notice).not.toContain('unknown)');
});

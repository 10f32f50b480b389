import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { COMMIT_TYPES, CONTRIBUTORS_SCOPES } from '../../projenrc/commits';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const contributing = read('CONTRIBUTING.md');
const releasing = read('docs/releasing.md');

test('CONTRIBUTING.md lists every commit type, and which ones are in the changelog', () => {
  const rows = contributing.split('\n').filter((line) => line.startsWith('| `'));
  const said = (released: boolean) => rows.filter((row) => / \| (a feature|a patch|none) \|$/.test(row) && / \| none \|$/.test(row) !== released)
    .flatMap((row) => [...row.split('|')[1].matchAll(/`(\w+)`/g)].map(([, type]) => type));
  expect(said(true)).toEqual(COMMIT_TYPES.filter(({ section }) => section !== undefined).map(({ type }) => type));
  expect(said(false)).toEqual(COMMIT_TYPES.filter(({ section }) => section === undefined).map(({ type }) => type));
  for (const scope of CONTRIBUTORS_SCOPES) {
    expect(contributing).toContain(`\`${scope}\``);
  }
});

test('CONTRIBUTING.md lists every task that is not only a step of another', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const own = ['build', 'bundle', 'demo', 'eslint', 'integ', 'jest', 'large-runs', 'local', 'lock', 'openapi', 'package', 'package:cli', 'test', 'typecheck'];
  expect(own.filter((task) => !(task in scripts))).toEqual([]);
  expect(own.filter((task) => task !== 'test' && !contributing.includes(`npm run ${task}`))).toEqual([]);
});

test('docs/releasing.md lists every secret that a workflow uses', () => {
  const workflows = fs.readdirSync(path.join(ROOT, '.github/workflows')).map((file) => read(`.github/workflows/${file}`)).join();
  const secrets = new Set([...workflows.matchAll(/secrets\.(\w+)/g)].map(([, secret]) => secret).filter((secret) => secret !== 'GITHUB_TOKEN'));
  expect(secrets.size).toBeGreaterThan(5);
  expect([...secrets].filter((secret) => !releasing.includes(`\`${secret}\``))).toEqual([]);
});

test('new issues have forms, or links to the right place', () => {
  const folder = '.github/ISSUE_TEMPLATE';
  const { blank_issues_enabled: blank, contact_links: links } = parse(read(`${folder}/config.yml`));
  expect(blank).toBe(false);
  expect(links.map(({ url }: { url: string }) => url)).toEqual([expect.stringContaining('/security/advisories/new'), expect.stringContaining('/discussions')]);
  for (const form of fs.readdirSync(path.join(ROOT, folder)).filter((file) => file !== 'config.yml')) {
    const { name, description, body } = parse(read(`${folder}/${form}`));
    expect([name, description]).toEqual([expect.any(String), expect.any(String)]);
    expect(body.some(({ validations }: { validations?: { required: boolean } }) => validations?.required)).toBe(true);
    const ids = body.map(({ id }: { id?: string }) => id).filter(Boolean);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

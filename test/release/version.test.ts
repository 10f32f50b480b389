import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
/** The files that the versioning task reads. */
const FILES = ['package.json', 'cli/package.json', '.projen/tasks.json', 'scripts/release-files.ts', '.gitignore'];

interface Release {
  readonly folder: string;
  readonly version: string;
  readonly tag: string;
  readonly changelog: string;
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

const git = (folder: string, ...words: string[]) => execFileSync('git', words, { cwd: folder, encoding: 'utf8' });
const task = (folder: string, name: string) =>
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/projen/bin/projen'), name], {
    cwd: folder, stdio: 'pipe', env: { ...process.env, PATH: `${path.join(ROOT, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}` },
  });
const read = (folder: string, file: string) => fs.readFileSync(path.join(folder, file), 'utf8');
const versionIn = (folder: string, file: string) => (JSON.parse(read(folder, file)) as { version: string }).version;

/** A repository with this project's own way to release, whose history is the commits, from the last release on. */
function repository(commits: readonly string[], lastRelease?: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'release-'));
  folders.push(folder);
  for (const file of FILES) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.copyFileSync(path.join(ROOT, file), path.join(folder, file));
  }
  fs.writeFileSync(path.join(folder, '.projen/tasks.json'), quickTasks());
  for (const readme of ['README.md', 'cli/README.md']) {
    fs.writeFileSync(path.join(folder, readme), `See [the manifest](${path.relative(path.dirname(readme), 'package.json')}).\n`);
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  fs.appendFileSync(path.join(folder, '.gitignore'), '\nnode_modules\n');
  git(folder, 'init', '--quiet', '--initial-branch', 'main');
  git(folder, 'config', 'user.name', 'A maintainer');
  git(folder, 'config', 'user.email', 'maintainer@example.com');
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '--message', 'chore: what is there');
  if (lastRelease !== undefined) {
    git(folder, 'tag', `v${lastRelease}`);
  }
  commits.forEach((message) => git(folder, 'commit', '--quiet', '--allow-empty', '--message', message));
  return folder;
}

/** The same tasks without repeated npx look-ups of programs in node_modules. */
function quickTasks(): string {
  const { env: _, tasks } = JSON.parse(read(ROOT, '.projen/tasks.json')) as { env: unknown; tasks: Record<string, { env?: Record<string, string> }> };
  Object.values(tasks).forEach(({ env = {} }) => delete env.BUMP_PACKAGE);
  return JSON.stringify({ tasks });
}

function release(commits: readonly string[], lastRelease?: string): Release {
  const folder = repository(commits, lastRelease);
  task(folder, 'bump');
  return {
    folder,
    version: read(folder, 'dist/version.txt'),
    tag: read(folder, 'dist/releasetag.txt'),
    changelog: read(folder, 'dist/changelog.md'),
  };
}

describe('the first release', () => {
  let first: Release;
  beforeAll(() => {
    first = release([
      'feat(api): links of a page at a time',
      'fix: a name that is free again',
      'perf(audit): logs are read on several threads',
      'feat(demo): another step',
      'fix(local): a port that is taken',
      'docs: a guide',
      'test(cli): a slow disk',
    ]);
  });

  test('is 0.1.0', () => {
    expect(first).toMatchObject({ version: '0.1.0', tag: 'v0.1.0' });
  });

  test('has the same version for library and command line', () => {
    expect(['package.json', 'cli/package.json'].map((file) => versionIn(first.folder, file))).toEqual(['0.1.0', '0.1.0']);
  });

  test('links from both packages to its own documents', () => {
    for (const readme of ['README.md', 'cli/README.md']) {
      expect(read(first.folder, readme)).toMatch(/\(https:\/\/github\.com\/[\w/-]+\/blob\/v0\.1\.0\/package\.json\)/);
    }
  });

  test('lists in its changelog only changes that users notice', () => {
    const { changelog } = first;
    const sections = changelog.split('\n').filter((line) => /^(#|\*)/.test(line)).map((line) => line.replace(/ \(\[.*/, '').replace(/ \(\d{4}-.*/, ''));
    expect(sections).toEqual([
      '## 0.1.0',
      '### Features', '* **api:** links of a page at a time',
      '### Bug fixes', '* a name that is free again',
      '### Faster or smaller', '* **audit:** logs are read on several threads',
    ]);
  });

  test('leaves the repository unchanged', () => {
    task(first.folder, 'unbump');
    expect(git(first.folder, 'status', '--porcelain')).toBe('');
    expect(versionIn(first.folder, 'cli/package.json')).toBe('0.0.0');
  });
});

describe('the next version', () => {
  test('of 0.x is a patch release for a feature, so that ^0.1.0 includes it', () => {
    expect(release(['feat: more'], '0.1.0').version).toBe('0.1.1');
  });

  test('of 0.x is a minor release for a breaking change, so that ^0.1.0 does not include it', () => {
    expect(release(['feat!: other'], '0.1.1').version).toBe('0.2.0');
  });

  test('is the last one, which is not released again, if there is no change for users', () => {
    expect(release(['docs: a guide', 'test: a case'], '1.2.3')).toMatchObject({ version: '1.2.3', tag: 'v1.2.3' });
  });
});

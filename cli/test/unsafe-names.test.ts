import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { Person } from './person';
import type { ManifestFile } from '../../src/contract/manifest';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

const pathsOf = (reference: string) => person.store.manifests.get(reference)!.files.map(({ path }) => path);

/** A version that another client published, or an older store accepted. */
async function storeHas(files: { readonly [path: string]: string }): Promise<void> {
  const names = Object.keys(files);
  await person.publish(Object.fromEntries(names.map((path, index) => [`${index}`, files[path]])));
  person.store.tamper('fraud@1', (stored) => stored.map((file): ManifestFile => ({ ...file, path: names[Number(file.path)] })));
}

/** Runs Git as a shell prompt or an editor does, and returns what the repository made it run. */
function gitRuns(folder: string, canary: string): boolean {
  for (const command of [['status'], ['diff'], ['log', '-1'], ['ls-files']]) {
    try {
      execFileSync('git', command, {
        cwd: folder, stdio: 'ignore', env: { PATH: process.env.PATH, HOME: person.home, GIT_CEILING_DIRECTORIES: person.home },
      });
    } catch {
      // Git fails if the folder is not a repository.
    }
  }
  return existsSync(canary);
}

describe('a model that is a Git repository', () => {
  const repository = (prefix: string, canary: string) => ({
    [`${prefix}HEAD`]: 'ref: refs/heads/main\n',
    [`${prefix}config`]: `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = "touch ${canary}; false"\n\tworktree = ${person.path('there')}\n`,
    [`${prefix}objects/x`]: '',
    [`${prefix}refs/x`]: '',
    'weights.bin': 'w',
  });

  test.each([['.git/'], ['sub/.git/'], ['']])('at %j would make Git run its commands, and is never written', async (prefix) => {
    const canary = person.path('ran');
    const files = repository(prefix, canary);
    const where = prefix.replace(/\.git\/$/, '');
    // What the repository does when its files are there.
    mkdirSync(person.path('there'));
    person.write('proof', files);
    expect(gitRuns(person.path('proof', where), canary)).toBe(true);
    rmSync(canary);
    rmSync(person.path('there'), { recursive: true });

    await storeHas(files);
    for (const more of [[], ['--allow-unsafe-names'], ['--force', '--allow-unsafe-names']]) {
      expect(await person.run('pull', 'fraud@1', person.path('there'), ...more)).toMatchObject({
        exitCode: 5, stdout: '', stderr: expect.stringMatching(/Git/),
      });
    }
    expect(existsSync(person.path('there'))).toBe(false);
    mkdirSync(person.path('there'));
    expect(gitRuns(person.path('there'), canary)).toBe(false);
  });

  test('is not pushed: its folder is left out, and everything else that is wrong is reported', async () => {
    const folder = person.write('model', {
      ...repository('.git/', 'x'), 'a\u202eb': 'x', '.envrc': 'x', '.vscode/tasks.json': 'x', '.vscode/settings.json': 'x', CON: 'x', 'a/x': 'x', 'A/y': 'y',
    });
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1');
    expect(exitCode).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'left out: .git/ (Git repository)',
      expect.stringMatching(/^model-store: cannot push /),
      '  .vscode/: ".vscode/" contains ".vscode", which editors and coding assistants look for, and which can run commands; refused unless unsafe names are allowed',
      '  .envrc: ".envrc" contains ".envrc", which shells look for, and which can run commands; refused unless unsafe names are allowed',
      '  CON: "CON" contains "CON", which is a device name on Windows; refused unless unsafe names are allowed',
      '  a/x: "a/x" is in "a", which differs from the folder "A" only by case',
      '  a\\u202eb: "a\\u202eb" contains an invisible character',
      'If the version must have such names and you trust its files, use --allow-unsafe-names. It never allows Git repositories or invisible characters.',
      '(invalid_manifest)',
      '',
    ]);
    expect(person.store.seen).toEqual([]);
  });
});

describe('names that some tools run or some systems cannot store', () => {
  const FILES = { '.envrc': 'x', '.vscode/tasks.json': 'x', 'epoch:3.pt': 'x', 'weights.bin': 'w' };

  test('are pushed and pulled only if both sides allow it', async () => {
    const folder = person.write('model', FILES);
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--allow-unsafe-names') });
    expect(await person.run('push', folder, 'fraud@1', '--allow-unsafe-names')).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(person.store.calls('publish')[0].body)).toMatchObject({ allowUnsafeNames: true });
    expect(pathsOf('fraud@1')).toEqual(Object.keys(FILES).sort());

    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('--allow-unsafe-names') });
    expect(existsSync(person.path('there'))).toBe(false);
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--allow-unsafe-names')).toMatchObject({ exitCode: 0 });
    expect(existsSync(person.path('there/.vscode/tasks.json'))).toBe(true);
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 0 });
  });

  test('are imported only if it is allowed', async () => {
    mkdirSync(person.path('models/churn/1'), { recursive: true });
    writeFileSync(person.path('models/churn/1/.envrc'), 'x');
    expect(await person.run('import', person.path('models'))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--allow-unsafe-names') });
    expect(await person.run('import', person.path('models'), '--allow-unsafe-names')).toMatchObject({ exitCode: 0 });
    expect(pathsOf('churn@1')).toEqual(['.envrc']);
  });

  test('are not announced to the store if a version has none', async () => {
    await person.run('push', person.write('model', { 'weights.bin': 'w' }), 'fraud@1', '--allow-unsafe-names');
    expect(JSON.parse(person.store.calls('publish')[0].body)).not.toHaveProperty('allowUnsafeNames');
  });

  test('that Windows cannot store are refused there in any case', async () => {
    await person.run('push', person.write('model', { 'epoch:3.pt': 'x' }), 'fraud@1', '--allow-unsafe-names');
    person.platform = 'win32';
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--allow-unsafe-names')).toMatchObject({
      exitCode: 5, stderr: expect.stringContaining('a character that Windows does not allow'),
    });
  });
});

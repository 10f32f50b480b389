import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { Person } from './person';
import { listFolder } from '../src/folder/read-folder';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

const paths = (reference = 'fraud@1') => person.store.manifests.get(reference)!.files.map(({ path }) => path);
const leftOut = async (folder: string, ...more: string[]) => {
  const { stdout, stderr } = await person.run('push', folder, 'fraud@1', '--dry-run', '--json', ...more);
  return stderr !== '' ? stderr : (JSON.parse(stdout) as { leftOut: object[] }).leftOut;
};

describe('caches and what Git keeps', () => {
  const CACHES = {
    '__pycache__/model.cpython-312.pyc': 'x', 'model.pyc': 'x', 'src/__pycache__/a.pyc': 'x', '.ipynb_checkpoints/a.json': 'x', '.DS_Store': 'x',
    '.cache/huggingface/download/a.lock': 'x', '.pytest_cache/x': 'x', '.mypy_cache/x': 'x', '.ruff_cache/x': 'x',
    '.git/HEAD': 'ref: refs/heads/main\n', '.git/objects/x': 'x', '.git/refs/x': 'x', 'vendored/.git/HEAD': 'x',
  };

  test('are never part of a version, and are listed before a byte is sent', async () => {
    const folder = person.write('model', { 'weights.bin': 'w', 'src/model.py': 'pass', '.gitattributes': '*.bin filter=lfs', 'vendored/a': 'a', ...CACHES });
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1');
    expect(exitCode).toBe(0);
    expect(paths()).toEqual(['.gitattributes', 'src/model.py', 'vendored/a', 'weights.bin']);
    expect(stderr.slice(0, stderr.indexOf('sending')).split('\n').filter((line) => line.startsWith('left out'))).toEqual([
      'left out: .DS_Store (created by the operating system)',
      'left out: .cache/, .mypy_cache/, .pytest_cache/, .ruff_cache/ (cache)',
      'left out: .git/, vendored/.git/ (Git repository)',
      'left out: .ipynb_checkpoints/ (created by Jupyter)',
      'left out: __pycache__/, model.pyc, src/__pycache__/ (Python bytecode)',
    ]);
  });

  test('do not fail the push when they change during it', async () => {
    const folder = person.write('model', { 'weights.bin': 'w', ...CACHES });
    person.store.intercept = ({ route }) => {
      if (route === 'beginUpload') {
        person.write('model', { '__pycache__/new.pyc': 'x', '.git/index': 'x' });
      }
    };
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
  });

  test('are published if .modelstoreignore says so, but a Git repository never is', async () => {
    const folder = person.write('model', { 'weights.bin': 'w', ...CACHES, '.modelstoreignore': '!.cache/\n!*.pyc\n!.git\n!.git/\n!.modelstoreignore\n' });
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(paths()).toEqual(['.cache/huggingface/download/a.lock', 'model.pyc', 'weights.bin']);
  });

  test('only a folder named exactly .git is left out: every other spelling is refused', async () => {
    const folder = person.write('model', { 'weights.bin': 'w', 'sub/.git': 'gitdir: /elsewhere', '.GIT/config': 'x', 'git~1/config': 'x' });
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('  sub/.git: "sub/.git" contains ".git", which Git takes for a repository');
    expect(stderr).toContain('  .GIT/: ".GIT/" contains ".GIT", which Git takes for a repository');
    expect(stderr).toContain('  git~1/: "git~1/" contains "git~1", which Git takes for a repository');
    expect(await person.run('push', folder, 'fraud@1', '--exclude', '.git', '--exclude', '.GIT', '--exclude', 'git~1')).toMatchObject({ exitCode: 0 });
    expect(paths()).toEqual(['weights.bin']);
  });
});

describe('.modelstoreignore and --exclude', () => {
  test('leave files out, each listed with the line or option that decided', async () => {
    const folder = person.write('model', {
      'weights.bin': 'w', 'notes.txt': 'n', 'README.md': 'r', 'run.log': 'l', 'keep.log': 'k', 'runs/1/a': 'x', 'runs/2/b': 'x', 'src/a.tmp': 'x',
      '.modelstoreignore': '# What is ours\n\n*.log\n!keep.log\nruns/\n', 'src/.modelstoreignore': '*.tmp\r\n', 'a.tmp': 'x',
    });
    expect(await leftOut(folder, '--exclude', 'notes.*')).toEqual([
      { path: '.modelstoreignore', reason: 'says what to leave out' },
      { path: 'notes.txt', reason: '--exclude notes.*' },
      { path: 'run.log', reason: '.modelstoreignore:3' },
      { path: 'runs/', reason: '.modelstoreignore:5' },
      { path: 'src/.modelstoreignore', reason: 'says what to leave out' },
      { path: 'src/a.tmp', reason: 'src/.modelstoreignore:1' },
    ]);
    await person.run('push', folder, 'fraud@1', '--exclude', 'notes.*', '--exclude', '*.md');
    expect(paths()).toEqual(['a.tmp', 'keep.log', 'weights.bin']);
  });

  test('more than 100 names for one reason are cut short, and --dry-run lists them all', async () => {
    const logs = Array.from({ length: 120 }, (_, index) => `${index}.log`);
    const folder = person.write('model', { 'weights.bin': 'w', ...Object.fromEntries(logs.map((name) => [name, 'x'])) });
    expect((await person.run('push', folder, 'fraud@1', '--exclude', '*.log')).stderr).toMatch(/^left out: .* and 20 more; --dry-run lists all \(--exclude \*\.log\)$/m);
    const { stderr } = await person.run('push', folder, 'fraud@2', '--exclude', '*.log', '--dry-run');
    expect(logs.filter((name) => !stderr.includes(name))).toEqual([]);
  });

  test('also leave out what could not be pushed otherwise', async () => {
    const folder = person.write('model', { 'weights.bin': 'w', '.vscode/tasks.json': 'x', 'a\u202eb': 'x' });
    symlinkSync('/etc/hostname', `${folder}/outside`);
    symlinkSync('nowhere', `${folder}/broken`);
    writeFileSync(`${folder}/.modelstoreignore`, '.vscode/\noutside\nbroken\na*b\n');
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(paths()).toEqual(['weights.bin']);
  });

  test('that leave out every file are an error', async () => {
    const folder = person.write('model', { 'a.log': 'x', '__pycache__/a.pyc': 'x' });
    expect(await person.run('push', folder, 'fraud@1', '--exclude', '*.log')).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining('  the folder: has nothing to publish: all of its files are left out\n'),
    });
    expect(person.store.seen).toHaveLength(0);
  });

  test('are invalid if they match nothing, and all such patterns are reported at once', async () => {
    const { exitCode, stderr } = await person.run('push', person.write('model', { a: 'a' }), 'fraud@1', '--exclude', '', '--exclude', '#x', '--exclude', 'a\\', '--allow-secret', '*');
    expect(exitCode).toBe(2);
    expect(stderr.split('\n').slice(1, 5)).toEqual([
      '  --exclude "": is empty or a comment', '  --exclude "#x": is empty or a comment', '  --exclude "a\\\\": ends with a single backslash',
      '  --allow-secret "*": matches every file; name the files that may be published',
    ]);
  });

  test('fail the push if a .modelstoreignore changes during it', async () => {
    const folder = person.write('model', { 'weights.bin': 'w', 'sub/.modelstoreignore': '*.log\n' });
    person.store.intercept = ({ route }) => {
      if (route === 'beginUpload') {
        appendFileSync(`${folder}/sub/.modelstoreignore`, '# changes nothing\n');
      }
    };
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({
      exitCode: 1, stderr: expect.stringContaining('sub/.modelstoreignore: was changed since the push began'),
    });
    expect(person.store.manifests.size).toBe(0);
  });

  test('need a file: a link or a folder of that name is refused', async () => {
    const folder = person.write('model', { 'weights.bin': 'w', rules: '*.log', 'sub/.modelstoreignore/x': 'x' });
    symlinkSync('rules', `${folder}/.modelstoreignore`);
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('  .modelstoreignore: is not a regular file, so it cannot say what to leave out');
    expect(stderr).toContain('  sub/.modelstoreignore: is not a regular file, so it cannot say what to leave out');
  });

  test('mean in every folder exactly what they mean to Git', async () => {
    const names = ['a', 'b', 'a.log', 'keep.log', 'foo', 'x y', '#c', '!d', 'A', 'é'];
    const folders = ['', 'foo/', 'foo/bar/', 'build/', 'build/foo/', 'deep/er/foo/', 'we[i]rd/', 'we[i]rd/foo/', 'sp ace/', '!bang/'];
    const rules = {
      '': '*.log\n!keep.log\n/a\nbuild/*\n!build/foo/\nfoo/bar/\n**/er/*\n\\#c\n x y\n',
      'foo/': '!/a\nfoo\n/b\n!*.log\n',
      'build/foo/': '*\n!b\n!keep.log   \n',
      'deep/': 'er/foo/a\n**/b\n/er/**/keep.log\nA\n',
      'we[i]rd/': '/foo/a\nb/\n\\!d\nfoo/*.log\n!foo/a.log\né\n',
      'sp ace/': 'x\\ y\n[ab]\n!b\n',
      '!bang/': '/*\n!/foo\n!keep.log\n',
    };
    const folder = person.write('model', {
      ...Object.fromEntries(folders.flatMap((at) => names.filter((name) => !folders.includes(`${at}${name}/`)).map((name) => [`${at}${name}`, 'x']))),
      ...Object.fromEntries(Object.entries(rules).map(([at, text]) => [`${at}.modelstoreignore`, text])),
    });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: person.home } });
    git('init', '--quiet');
    const kept = git('ls-files', '--others', '--exclude-per-directory=.modelstoreignore', '-z').split('\0')
      .filter((path) => path !== '' && !path.endsWith('.modelstoreignore'));
    expect(kept.length).toBeGreaterThan(20);
    // Not pushed, because its names differ only by case.
    expect((await listFolder(folder)).files.map(({ path }) => path)).toEqual(kept.sort());
  });
});

describe('a single file', () => {
  test('that the user names is published, whatever its name', async () => {
    const folder = person.write('model', { 'model.pyc': 'x', '.DS_Store': 'x', '.modelstoreignore': '*' });
    for (const [index, name] of ['model.pyc', '.DS_Store', '.modelstoreignore'].entries()) {
      expect(await person.run('push', `${folder}/${name}`, `fraud@${index}`)).toMatchObject({ exitCode: 0 });
      expect(paths(`fraud@${index}`)).toEqual([name]);
    }
  });

  test('leaves nothing to exclude', async () => {
    const folder = person.write('model', { 'model.gguf': 'x' });
    expect(await person.run('push', `${folder}/model.gguf`, 'fraud@1', '--exclude', '*.log')).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining('--exclude applies to a folder'),
    });
  });
});

describe('a folder that was pulled', () => {
  test('may contain what a push leaves out, if an older client published it', async () => {
    await person.publish({ 'weights.bin': 'w', a: 'KEY=1', b: 'x' });
    const names: { [path: string]: string } = { a: '.env', b: '__pycache__/b.pyc' };
    person.store.tamper('fraud@1', (files) => files.map((file) => ({ ...file, path: names[file.path] ?? file.path })));
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(Object.keys(person.read('there'))).toEqual(expect.arrayContaining(['.env', '__pycache__/b.pyc', 'weights.bin']));
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 0 });
  });

  test('is not the version any more with a .modelstoreignore in it', async () => {
    await person.publish({ 'weights.bin': 'w' });
    await person.run('pull', 'fraud@1', person.path('there'));
    person.write('there', { '.modelstoreignore': '*.log' });
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stdout: expect.stringContaining('extra    .modelstoreignore') });
  });
});

describe('an import', () => {
  test('of a folder leaves out the same, and lists it before it sends anything', async () => {
    mkdirSync(person.path('models'));
    person.write('models/fraud/1', { 'weights.bin': 'w', 'notes.txt': 'n', 'a.log': 'l', '__pycache__/a.pyc': 'x', '.modelstoreignore': '*.log\n' });
    const { exitCode, stderr } = await person.run('import', person.path('models'), '--exclude', '*.txt');
    expect({ exitCode, listed: stderr.split('\n').filter((line) => line.includes('left out')) }).toEqual({
      exitCode: 0,
      listed: [
        'fraud@1: left out: .modelstoreignore (says what to leave out)',
        'fraud@1: left out: __pycache__/ (Python bytecode)',
        'fraud@1: left out: a.log (.modelstoreignore:1)',
        'fraud@1: left out: notes.txt (--exclude *.txt)',
      ],
    });
    expect(stderr.indexOf('left out')).toBeLessThan(stderr.indexOf('importing'));
    expect(paths()).toEqual(['weights.bin']);
    expect(await person.run('import', person.path('models'), '--exclude', '*.txt')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('unchanged') });
  });
});

import * as fc from 'fast-check';
import { fileProblems } from '../../src/contract/manifest';
import { bareRepositories, pathProblem, unsafeNameProblem } from '../../src/contract/path-rules';
import { TOOL_FILES } from '../../src/contract/tool-files';
import { quotedText, visibleLines, visibleText } from '../../src/contract/visible-text';

const SHA256 = 'a'.repeat(64);
const problemsOf = (...paths: readonly string[]) =>
  fileProblems(paths.map((path) => ({ path, size: 1, sha256: SHA256, digest: SHA256 })));
const allowing = (...paths: readonly string[]) =>
  fileProblems(paths.map((path) => ({ path, size: 1, sha256: SHA256, digest: SHA256 })), { allowUnsafeNames: true });

describe('names that Git takes for a repository', () => {
  test.each([
    '.git', '.git/config', 'a/b/.git/config', '.GIT/config', '.Git', '.git./config', '.git /config', '.git. .', 'git~1/config', 'GIT~1',
    'git~12', '.git::$INDEX_ALLOCATION/config', '.git:$DATA', '.git...:x', 'git~1 ./config', '.\uff47it/config',
  ])('%j is refused, also if unsafe names are allowed', (path) => {
    expect(pathProblem(path)).toContain('which Git takes for a repository');
    expect(allowing(path)).toHaveLength(1);
  });

  test.each(['\u200c', '\u200d', '\u200e', '\u200f', '\u202a', '\u202e', '\u206a', '\u206f', '\ufeff'])(
    'a .git with the character %j, which HFS+ ignores, is refused', (ignored) => {
      expect(pathProblem(`.g${ignored}it/config`)).toBe('contains an invisible character');
    });

  test.each(['.gitattributes', '.gitignore', '.gitmodules', 'git', 'a.git', '.github-notes.md', 'git~x', '.gitx/config', 'digit~1x'])(
    '%j is a name like any other', (path) => {
      expect(pathProblem(path)).toBeUndefined();
      expect(unsafeNameProblem(path)).toBeUndefined();
    });

  test.each([
    [['HEAD', 'config', 'objects/x', 'refs/x']],
    [['a/HEAD', 'a/config', 'a/objects/x', 'a/refs/heads/x']],
    [['head', 'OBJECTS/x', 'Refs/x']],
    [['HEAD', 'objects', 'refs']],
    [['HEAD', 'config', 'commondir', 'x/objects/y', 'x/refs/y']],
  ])('%j make their folder a bare repository, and are refused', (paths) => {
    expect(bareRepositories(paths)).toHaveLength(1);
    expect(allowing(...paths)).toEqual([
      { field: 'files[0].path', message: expect.stringMatching(/makes the folder .* a Git repository, whose settings can run commands$/) },
    ]);
  });

  test.each([[['HEAD', 'config', 'objects/x']], [['a/HEAD', 'b/objects/x', 'a/refs/x']], [['refs/main', 'objects/x', 'blobs/HEAD']]])(
    '%j do not', (paths) => {
      expect(problemsOf(...paths)).toEqual([]);
    });
});

describe('characters that are not visible', () => {
  test.each([
    ['a control of C1', 'a\u009bb', 'contains a control character'], ['delete', 'a\u007fb', 'contains a control character'],
    ['an override of the writing direction', 'a\u202egnp.exe'], ['an isolate', 'a\u2066b\u2069'], ['a direction mark', 'a\u061cb'],
    ['a zero-width space', 'a\u200bb'], ['a joiner', 'a\u200db'], ['a byte order mark', '\ufeffa'], ['a soft hyphen', 'a\u00adb'],
    ['a line separator', 'a\u2028b'], ['a paragraph separator', 'a\u2029b'], ['a tag', 'a\u{e0041}b'], ['a filler letter', 'a\u3164b'],
    ['a variation selector', 'a\ufe0f'], ['a blank of Braille', 'a\u2800b'], ['a noncharacter', 'a\uffffb'], ['a noncharacter of an astral plane', 'a\u{1fffe}b'],
  ])('%s is refused, also if unsafe names are allowed', (_, path, reason = 'contains an invisible character') => {
    expect(pathProblem(path)).toBe(reason);
    const [{ message }] = allowing(path);
    // The message shows where it is.
    expect(message).toMatch(/^"[ -~]*\\u[0-9a-f]{4}[ -~]*" contains/);
  });
});

describe('names that are refused unless unsafe names are allowed', () => {
  test.each(TOOL_FILES.flatMap(({ names }) => names))('%j, at any depth and in any letter case', (name) => {
    for (const path of [name, `a/${name}`, `${name}/b`, name.toUpperCase(), `${name}.`, `${name}::$DATA`]) {
      expect(problemsOf(path)).toEqual([{ field: 'files[0].path', message: expect.stringMatching(/; refused unless unsafe names are allowed$/) }]);
      expect(allowing(path)).toEqual([]);
    }
  });

  test.each([
    ['CON'], ['nul.txt'], ['folder/aux.tar.gz'], ['com1'], ['LPT9.bin'], ['ab:c'], ['a?'], ['<a>'], ['pipe|'], ['star*'], ['"quoted"'], ['dot.'],
    ['folder./file'], ['space '], [' space'], ['a\u00a0b'], ['a\u202fb'], ['a\u3000'], ['VSCODE~1/tasks.json'], ['ENVRC~1'], ['weight~1.bin'],
  ])('%j', (path) => {
    expect(problemsOf(path)).toEqual([{ field: 'files[0].path', message: expect.stringContaining('refused unless') }]);
    expect(allowing(path)).toEqual([]);
  });

  test('names that models have are accepted', () => {
    expect(problemsOf(
      'model-00001-of-00004.safetensors', 'README.md', '.gitattributes', '.env', '.ipynb', 'tokenizer.json', 'a b.txt', 'epoch=3-step=100.ckpt',
      '模型/权重.bin', 'größe.txt', 'vscode/settings.json', 'github.md', 'console.py', 'weights~backup', '~notes', '__init__.py', 'variables/variables.data-00000-of-00001',
    )).toEqual([]);
  });
});

describe('folders that differ only by case', () => {
  test('are refused, once for each spelling', () => {
    expect(problemsOf('a/x', 'A/y', 'A/z', 'b/x')).toEqual([
      { field: 'files[1].path', message: '"A/y" is in "A", which differs from the folder "a" only by case' },
    ]);
    expect(problemsOf('data/Deep/x', 'data/deep/y')).toEqual([
      { field: 'files[1].path', message: '"data/deep/y" is in "data/deep", which differs from the folder "data/Deep" only by case' },
    ]);
  });

  test('are refused also if unsafe names are allowed', () => {
    expect(allowing('stra\u00dfe/x', 'STRASSE/y')).toHaveLength(1);
  });
});

test('all problems of a version are listed, each with its path', () => {
  expect(problemsOf('.git/config', 'ok', 'a\u202eb', '.envrc', 'CON').map(({ message }) => message.split(' ')[0]))
    .toEqual(['".git/config"', '"a\\u202eb"', '".envrc"', '"CON"']);
});

test('no text of any length takes more than linear work', () => {
  for (const text of ['.'.repeat(1_000_000), ' '.repeat(1_000_000), 'a/'.repeat(500_000), '.git'.repeat(250_000), '~1'.repeat(500_000)]) {
    expect(problemsOf(text).length).toBeGreaterThan(0);
    unsafeNameProblem(text);
  }
});

describe('text that is shown', () => {
  // eslint-disable-next-line no-control-regex
  const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

  test('never contains a character that controls a terminal or hides others', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => (
      !RAW.test(visibleLines(text)) && !RAW.test(visibleText(text)) && !/[\n\t]/.test(visibleText(text)) && !RAW.test(quotedText(text)))));
  });

  test('is the same JSON document after escaping', () => {
    fc.assert(fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(JSON.parse(visibleLines(JSON.stringify(value, undefined, 2)))).toEqual(JSON.parse(JSON.stringify(value)));
    }));
  });

  test('keeps letters of every script, and emoji', () => {
    const text = 'größe 模型 модель 😀 نموذج "quoted" — …';
    expect(visibleText(text)).toBe(text);
  });
});

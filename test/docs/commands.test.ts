import { execFileSync } from 'node:child_process';
import { type CodeBlock, codeBlocks, documents, placeOf, textOf } from './support/documents';
import { problemWithCommand } from './support/known-commands';
import { commandsOf, typedIn } from './support/shell';

const blocks = codeBlocks('shell', 'sh', 'bash', 'console');

function made(text: string): CodeBlock {
  return { document: 'made-up.md', line: 1, language: 'console', parameters: '', text };
}

function problemsIn(block: CodeBlock): string[] {
  return commandsOf(block).flatMap(({ words, ...place }) => {
    const problem = problemWithCommand(words);
    return problem === undefined ? [] : [`${placeOf(place)}: ${words.join(' ')}: ${problem}`];
  });
}

describe('commands in the documents', () => {
  test('exist', () => {
    const programs = new Set(blocks.flatMap(commandsOf).map(({ words }) => words[0]));

    expect([...programs]).toEqual(expect.arrayContaining(['model-store', 'npm', 'npx']));
  });

  test('can be parsed by a shell', () => {
    const unreadable = blocks.filter((block) => {
      try {
        execFileSync('bash', ['-n'], { input: typedIn(block), stdio: 'pipe' });
        return false;
      } catch {
        return true;
      }
    });

    expect(unreadable.map(placeOf)).toEqual([]);
  });

  test('exist, with these options', () => {
    expect(blocks.flatMap(problemsIn)).toEqual([]);
  });

  test.each([
    ['an unknown command', 'model-store fetch m@1 .', 'unknown command \'fetch\''],
    ['an unknown option', '$ model-store pull m@1 . --fast', 'unknown option \'--fast\''],
    ['a missing argument', 'model-store promote m@1', 'missing required argument \'alias\''],
    ['a bad value', 'model-store push . m@1 --concurrency 0', 'made-up.md:2: model-store push . m@1 --concurrency 0: error: option \'--concurrency <number>\' '
      + 'argument \'0\' is invalid. Must be a whole number from 1 to 64.'],
    ['an unknown question', 'model-store audit query who-took-what', 'there is no query "who-took-what"'],
    ['a query without its command', 'model-store audit custody', 'unknown command \'custody\''],
    ['one behind a pipe', 'true | model-store fetch', 'unknown command'],
    ['one in a substitution', 'echo "$(model-store fetch)"', 'unknown command'],
    ['one on two lines', 'model-store pull m@1 \\\n  . --fast', 'unknown option'],
    ['a task', 'npm run demonstrate', 'package.json has no script "demonstrate"'],
    ['a verb of the local store', 'eval "$(npm run -s local -- enf)"', 'npm run local knows no "enf"'],
    ['a program', 'npx cdkk deploy', 'npx finds no "cdkk"'],
    ['a script', 'npx tsx scripts/none.ts', 'there is no scripts/none.ts'],
    ['an operation of AWS', 'aws s3api get-objekt --bucket b', 'aws s3api has no operation "get-objekt"'],
  ])('that are wrong would be reported: %s', (_, text, problem) => {
    expect(problemsIn(made(text)).join()).toContain(problem);
  });

  test('are parsed like a shell, without prompts, comments, redirections and output', () => {
    const commands = commandsOf(made([
      '$ NAME=x model-store push "./a b" m@1 --metadata \'k=v w\' > out.txt   # as ada',
      'published m@1',
      '$ export A=1 && model-store \\',
      '  list | cat',
    ].join('\n')));
    const withInput = commandsOf(made('aws s3 cp - s3://b/k <<END | cat\nnot a command\nEND\nmodel-store list'));

    expect(commands.map(({ words }) => words)).toEqual([
      ['model-store', 'push', './a b', 'm@1', '--metadata', 'k=v w'],
      ['export', 'A=1'],
      ['model-store', 'list'],
      ['cat'],
    ]);
    expect(withInput.map(({ words }) => words[0])).toEqual(['aws', 'cat', 'model-store']);
  });
});

/** Commands within a sentence; capitals and angle brackets are placeholders. */
const INLINE = /`((?:model-store|npm run|npx) [^`]+)`/g;

test('commands within sentences also exist, with these options', () => {
  const problems = documents().flatMap((document) => textOf(document).split('\n').flatMap((line, index) =>
    [...line.matchAll(INLINE)].flatMap(([, command]) => {
      const words = command.replace(/\\\|.*$/, '').replace(/<[^>]*>/g, 'PLACEHOLDER').split(/\s+/).filter((word) => word !== '…');
      const problem = problemWithCommand(words);
      return problem === undefined || problem.includes('missing required argument') ? [] : [`${document}:${index + 1}: ${command}: ${problem}`];
    })));

  expect(problems).toEqual([]);
});

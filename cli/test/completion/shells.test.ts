import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleAll } from '../../../scripts/bundle';
import { Person } from '../person';

/** Real shells, with the real command on their PATH. */
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'completion-'));
  await bundleAll(home);
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/model-store'), `#!/bin/sh\nexec '${process.execPath}' '${join(home, 'cli/dist/model-store.js')}' "$@"\n`, { mode: 0o755 });
  mkdirSync(join(home, 'work/my-model'), { recursive: true });
  writeFileSync(join(home, 'work/my-settings.json'), '{}');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const environment = () => ({
  PATH: `${join(home, 'bin')}:${process.env.PATH}`, HOME: home, TERM: 'dumb', LANG: 'C.UTF-8', AWS_EC2_METADATA_DISABLED: 'true',
});

function run(shell: string, args: string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8', env: environment(), cwd: join(home, 'work'), input, timeout: 600_000 });
  return { status, stdout, stderr };
}

/** The tests for a shell that is not installed are reported as skipped. */
const withShell = (shell: string) => (spawnSync(shell, ['-c', 'exit 0']).status === 0 ? describe : describe.skip);

withShell('bash')('bash', () => {
  /** The completions that the Tab key offers at the end of this line. */
  function tab(line: string) {
    const { status, stdout, stderr } = run('bash', ['--noprofile', '--norc', '-c', `
      source <(model-store completion bash); source <(model-store completion bash)
      COMP_LINE=$1 COMP_POINT=\${#1}
      COMP_WORDS=($1); [[ $1 == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
      _model_store model-store "\${COMP_WORDS[COMP_CWORD]}" ''
      printf '%s\\n' "\${COMPREPLY[@]}"`, 'bash', line]);
    // Completion options can only be set during a completion.
    return { status, offered: stdout.split('\n').filter((word) => word !== ''), said: stderr };
  }

  test('is offered commands, options, queries and folders, and sees no errors', () => {
    expect(tab('model-store pu')).toEqual({ status: 0, offered: ['push', 'pull'], said: '' });
    expect(tab('model-store push --dr')).toEqual({ status: 0, offered: ['--dry-run'], said: '' });
    expect(tab('model-store audit query off')).toEqual({ status: 0, offered: ['off-hours-bulk-egress'], said: '' });
    expect(tab('model-store pull fraud@1 my')).toEqual({ status: 0, offered: ['my-model'], said: '' });
    expect(tab('model-store audit report --settings my')).toEqual({ status: 0, offered: [], said: '' });
    expect(tab('model-store list ')).toEqual({ status: 0, offered: [], said: '' });
  });

  test('never executes typed text', () => {
    expect(tab('model-store push "$(touch ran)" `touch ran` $(touch ran) -')).toMatchObject({ status: 0, offered: expect.arrayContaining(['--dry-run']) });
    expect(existsSync(join(home, 'work/ran'))).toBe(false);
  });

});

withShell('zsh')('zsh', () => {
  test('is offered commands, options, queries and names, with descriptions', () => {
    // Records the completions instead of drawing them.
    const offered = (line: string) => run('zsh', ['-f', '-c', `
      autoload -Uz compinit; compinit -u -d ${join(home, 'zcompdump')}
      _describe() { local -a all; all=("\${(@P)2}"); [[ $1 == -V ]] && all=("\${(@P)3}"); print -rl -- "$all[@]"; return 0 }
      compadd() { :; }
      source <(model-store completion zsh)
      words=(\${(z)1}); [[ $1 == *' ' ]] && words+=(''); CURRENT=$#words
      _model-store`, 'zsh', line]);
    expect(offered('model-store pu')).toMatchObject({ stdout: expect.stringContaining('push:publish a folder or a single file as a version\npull:download a version into a folder\n') });
    expect(offered('model-store push --dr').stdout).toContain('--dry-run:read and check the files, but send nothing');
    expect(offered('model-store audit query off').stdout).toContain('off-hours-bulk-egress:');
  });
});

withShell('fish')('fish', () => {
  const offered = (line: string) => run('fish', ['--no-config', '-c', 'model-store completion fish | source; complete --do-complete $argv[1]', line]);

  test('is offered commands, options, queries and folders, with descriptions', () => {
    expect(offered('model-store pu')).toEqual({ status: 0, stdout: 'pull\tdownload a version into a folder\npush\tpublish a folder or a single file as a version\n', stderr: '' });
    expect(offered('model-store push --dr').stdout).toBe('--dry-run\tread and check the files, but send nothing\n');
    expect(offered('model-store audit query off').stdout).toMatch(/^off-hours-bulk-egress\t/);
    expect(offered('model-store push my').stdout).toContain('my-model/');
  });
});

describe('at a terminal, with the Tab key', () => {
  let person: Person;
  beforeAll(async () => {
    person = await new Person().arrive();
    for (const reference of ['fraud@1.0.0', 'fraud@1.1.0', 'magika@7']) {
      await person.run('push', person.write('model', { 'a.bin': reference }), reference);
    }
    await person.run('promote', 'fraud@1.0.0', 'production');
    mkdirSync(join(home, 'work/my@model/sub'), { recursive: true });
    writeFileSync(join(home, 'work/my@model/weights.bin'), '');
    mkdirSync(join(home, 'recorded'));
    // Completes like the real command, and records its arguments.
    writeFileSync(join(home, 'recorded/model-store'), `#!/bin/sh
case $1 in complete|completion) exec '${join(home, 'bin/model-store')}' "$@" ;; esac
IFS=' '; echo "$*" >> '${join(home, 'typed.txt')}'
`, { mode: 0o755 });
  });
  afterAll(async () => person.leave());

  /** The arguments of the command when these keys are pressed, line by line. `script` gives the shell a terminal. */
  async function press(shell: string, setUp: string, lines: readonly string[]): Promise<string[]> {
    rmSync(join(home, 'typed.txt'), { force: true });
    const child = spawn('script', ['-qec', shell, '/dev/null'], {
      cwd: join(home, 'work'),
      env: {
        ...environment(),
        PATH: `${join(home, 'recorded')}:${process.env.PATH}`,
        MODEL_STORE_URL: person.store.url,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_REGION: 'eu-central-1',
        MODEL_STORE_COMPLETION_SECONDS: '30',
      },
      timeout: 600_000,
    });
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => { shown += chunk.toString('utf8'); });
    child.stdin.end(`${[setUp, ...lines.map((line) => `model-store ${line}`), 'exit'].join('\n')}\n`);
    await new Promise((resolve) => { child.once('close', resolve); });
    if (!existsSync(join(home, 'typed.txt'))) {
      throw new Error(`the command was never run; the terminal showed:\n${shown}`);
    }
    return readFileSync(join(home, 'typed.txt'), 'utf8').trimEnd().split('\n');
  }

  const REFERENCES: readonly (readonly [typed: string, run: string])[] = [
    ['pull fraud@p\t', 'pull fraud@production'],
    ['pull fraud@1.1\t', 'pull fraud@1.1.0'],
    ['pull magi\t\t', 'pull magika@7'],
    ['promote fraud@p\tprod\t', 'promote fraud@production production'],
    ['verify x --model fraud@p\t', 'verify x --model fraud@production'],
  ];
  const IN_BASH: typeof REFERENCES = [
    ...REFERENCES,
    ['verify x --model=fraud@p\t', 'verify x --model=fraud@production'],
    ['show "fraud@p\t', 'show fraud@production'],
    ['push ./my@m\tw\tfraud@1.\t', 'push ./my@model/weights.bin fraud@1.'],
    ['pull fraud@p\t ./my@m\ts\t', 'pull fraud@production ./my@model/sub/'],
    ['import x --staging=./my@\tsu\t', 'import x --staging=./my@model/sub/'],
  ];

  withShell('bash')('bash', () => {
    test.each(['-s', '-u'])('keeps the whole reference, and folders with an "@" (shopt %s hostcomplete)', async (hostcomplete) => {
      const ran = await press('bash --noprofile --norc -i', `PS1=; bind "set bell-style none"; shopt ${hostcomplete} hostcomplete
source <(model-store completion bash)`, IN_BASH.map(([typed]) => typed));
      expect(ran).toEqual(IN_BASH.map(([, ran_]) => ran_));
    });
  });

  withShell('zsh')('zsh', () => {
    test('keeps the whole reference', async () => {
      const ran = await press('zsh -f -i', `PS1=; autoload -Uz compinit; compinit -u -d ${join(home, 'typed-dump')}
source <(model-store completion zsh)`, REFERENCES.map(([typed]) => typed));
      expect(ran).toEqual(REFERENCES.map(([, ran_]) => ran_));
    });
  });

  withShell('fish')('fish', () => {
    test('keeps the whole reference', async () => {
      const typed = [...REFERENCES, ['verify x --model=fraud@p\t', 'verify x --model=fraud@production'] as const];
      expect(await press('fish --no-config -i', 'model-store completion fish | source', typed.map(([keys]) => keys)))
        .toEqual(typed.map(([, ran_]) => ran_));
    });
  });
});

test('PowerShell gets a script that registers itself and calls the command', () => {
  const { status, stdout } = run('model-store', ['completion', 'powershell']);
  expect(status).toBe(0);
  expect(stdout).toContain("Register-ArgumentCompleter -CommandName 'model-store'");
  expect(stdout).toContain('& model-store complete');
});

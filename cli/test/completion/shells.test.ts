import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleAll } from '../../../scripts/bundle';

/** Real shells, with the real command in their PATH. */
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'completion-'));
  await bundleAll(home);
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/model-store'), `#!/bin/sh\nexec '${process.execPath}' '${join(home, 'cli/dist/model-store.js')}' "$@"\n`, { mode: 0o755 });
  mkdirSync(join(home, 'work/my-model'), { recursive: true });
  writeFileSync(join(home, 'work/my-settings.json'), '{}');
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const environment = () => ({
  PATH: `${join(home, 'bin')}:${process.env.PATH}`, HOME: home, TERM: 'dumb', LANG: 'C.UTF-8', AWS_EC2_METADATA_DISABLED: 'true',
});

function run(shell: string, args: string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8', env: environment(), cwd: join(home, 'work'), input, timeout: 60_000 });
  return { status, stdout, stderr };
}

/** Of a shell that is not installed here the report says that its tests were skipped. */
const withShell = (shell: string) => (spawnSync(shell, ['-c', 'exit 0']).status === 0 ? describe : describe.skip);

withShell('bash')('bash', () => {
  /** What pressing the tabulator at the end of this line would offer. */
  function tab(line: string) {
    const { status, stdout, stderr } = run('bash', ['--noprofile', '--norc', '-c', `
      source <(model-store completion bash); source <(model-store completion bash)
      COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
      COMP_WORDS=($1); [[ $1 == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
      _model_store model-store "\${COMP_WORDS[COMP_CWORD]}" ''
      printf '%s\\n' "\${COMPREPLY[@]}"`, 'bash', line]);
    // Outside of a completion there are no options of one to set.
    return { status, offered: stdout.split('\n').filter((word) => word !== ''), said: stderr };
  }

  test('is offered commands, options, questions and folders, and hears of nothing that goes wrong', () => {
    expect(tab('model-store pu')).toEqual({ status: 0, offered: ['push', 'pull'], said: '' });
    expect(tab('model-store push --dr')).toEqual({ status: 0, offered: ['--dry-run'], said: '' });
    expect(tab('model-store audit off')).toEqual({ status: 0, offered: ['off-hours-bulk'], said: '' });
    expect(tab('model-store push my')).toEqual({ status: 0, offered: ['my-model'], said: '' });
    expect(tab('model-store audit egress --settings my')).toEqual({ status: 0, offered: [], said: '' });
    expect(tab('model-store list ')).toEqual({ status: 0, offered: [], said: '' });
  });

  test('never runs what is only typed', () => {
    expect(tab('model-store push "$(touch ran)" `touch ran` $(touch ran) -')).toMatchObject({ status: 0, offered: expect.arrayContaining(['--dry-run']) });
    expect(existsSync(join(home, 'work/ran'))).toBe(false);
  });

  test('completes a line that is typed at a terminal', () => {
    // "script" gives the shell a terminal, and with it readline.
    const keys = 'PS1=; bind "set bell-style none"; source <(model-store completion bash)\nmodel-store comple\tfi\t > typed.txt\nexit\n';
    run('script', ['-qec', 'bash --noprofile --norc -i', '/dev/null'], keys);
    const { stdout } = run('cat', ['typed.txt']);
    expect(stdout.split('\n')[0]).toMatch(/fish/);
  });
});

withShell('zsh')('zsh', () => {
  test('is offered commands, options, questions and names, with what each is', () => {
    // What it would draw is written down instead.
    const offered = (line: string) => run('zsh', ['-f', '-c', `
      autoload -Uz compinit; compinit -u -d ${join(home, 'zcompdump')}
      _describe() { local -a all; all=("\${(@P)2}"); [[ $1 == -V ]] && all=("\${(@P)3}"); print -rl -- "$all[@]"; return 0 }
      compadd() { :; }
      source <(model-store completion zsh)
      words=(\${(z)1}); [[ $1 == *' ' ]] && words+=(''); CURRENT=$#words
      _model-store`, 'zsh', line]);
    expect(offered('model-store pu')).toMatchObject({ stdout: expect.stringContaining('push:publish a folder as a version\npull:bring a version to a folder\n') });
    expect(offered('model-store push --dr').stdout).toContain('--dry-run:read and check everything, send nothing');
    expect(offered('model-store audit off').stdout).toContain('off-hours-bulk:');
  });
});

withShell('fish')('fish', () => {
  const offered = (line: string) => run('fish', ['--no-config', '-c', 'model-store completion fish | source; complete --do-complete $argv[1]', line]);

  test('is offered commands, options, questions and folders, with what each is', () => {
    expect(offered('model-store pu')).toEqual({ status: 0, stdout: 'pull\tbring a version to a folder\npush\tpublish a folder as a version\n', stderr: '' });
    expect(offered('model-store push --dr').stdout).toBe('--dry-run\tread and check everything, send nothing\n');
    expect(offered('model-store audit off').stdout).toMatch(/^off-hours-bulk\t/);
    expect(offered('model-store push my').stdout).toContain('my-model/');
  });
});

test('PowerShell gets a script that registers itself for the command and asks it', () => {
  const { status, stdout } = run('model-store', ['completion', 'powershell']);
  expect(status).toBe(0);
  expect(stdout).toContain("Register-ArgumentCompleter -CommandName 'model-store'");
  expect(stdout).toContain('& model-store complete');
});

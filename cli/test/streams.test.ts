import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from './person';

const COMMAND = ['--import', 'tsx', join(__dirname, '../src/model-store.ts')];
const onLinux = existsSync('/dev/full') ? test : test.skip;

/** Runs the command with one of its streams on a full disk. */
function runFull(stream: 'stdout' | 'stderr', ...argv: string[]) {
  const full = openSync('/dev/full', 'w');
  try {
    return spawnSync(process.execPath, [...COMMAND, ...argv], { encoding: 'utf8', stdio: ['ignore', ...stream === 'stdout' ? [full, 'pipe'] as const : ['pipe', full] as const] });
  } finally {
    closeSync(full);
  }
}

onLinux('a result that cannot be written is reported as a failure', () => {
  const { status, stderr } = runFull('stdout', '--version');
  expect(status).toBe(1);
  expect(stderr).toContain('model-store: the command succeeded, but its result cannot be written: ENOSPC');
});

onLinux('messages that cannot be written do not change the exit code', () => {
  expect(runFull('stderr', 'list')).toMatchObject({ status: 2, stdout: '' });
});

test('a pull continues after the reader of its messages closes the pipe', async () => {
  const person = await new Person().arrive();
  try {
    expect(await person.run('push', person.write('model', { 'a.bin': 'a' }), 'fraud@1')).toMatchObject({ exitCode: 0 });
    const child = spawn(process.execPath, [...COMMAND, 'pull', 'fraud@1', person.path('there')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, MODEL_STORE_URL: person.store.url, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
    });
    child.stderr.destroy();
    child.stdout.resume();
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(person.read('there')).toMatchObject({ 'a.bin': 'a' });
  } finally {
    await person.leave();
  }
});

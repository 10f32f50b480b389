import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundleAll } from '../../scripts/bundle';

let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'interruption-'));
  await bundleAll(home);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The command, blocked on a read that never returns, as on a mount that does not respond. */
async function startBlocked(name: string) {
  const pipe = join(home, name);
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  const child = spawn(process.execPath, [
    join(home, 'cli/dist/model-store.js'), 'list', '--url', 'http://127.0.0.1:9/', '--token-file', pipe,
  ], { stdio: 'ignore' });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  for (;;) {
    try {
      // Succeeds once the command has opened the pipe for reading; kept open so that the read blocks.
      // eslint-disable-next-line no-bitwise
      const writer = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
      void ended.then(() => closeSync(writer));
      break;
    } catch {
      await delay(20);
    }
  }
  return { child, ended };
}

const onUnix = process.platform === 'win32' ? test.skip : test;

onUnix('a second Ctrl-C ends the command at once, even while the file system does not respond', async () => {
  const { child, ended } = await startBlocked('pressed-twice');
  child.kill('SIGINT');
  // Two signals that are pending at the same time are delivered as one.
  const again = setInterval(() => child.kill('SIGINT'), 200);
  expect(await ended).toEqual({ code: null, signal: 'SIGINT' });
  clearInterval(again);
});

onUnix('one signal ends the command within seconds, even while the file system does not respond', async () => {
  const { child, ended } = await startBlocked('once');
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
});

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

/** The command, waiting for a file that never gives a byte, as on a mount that does not answer. */
async function stuck(name: string) {
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
      // Possible once the command has opened it to read; held open, so that the reading goes on.
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

onUnix('a second Ctrl-C ends the command at once, also while the file system does not answer', async () => {
  const { child, ended } = await stuck('pressed-twice');
  child.kill('SIGINT');
  // Two signals that come together are one.
  const again = setInterval(() => child.kill('SIGINT'), 200);
  expect(await ended).toEqual({ code: null, signal: 'SIGINT' });
  clearInterval(again);
});

onUnix('one signal is enough to end the command within seconds, also while the file system does not answer', async () => {
  const { child, ended } = await stuck('once');
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
});

import { spawn, type ChildProcess } from 'node:child_process';
import { identify, isRunning, stopProcessGroup } from './process-identity';

describe('Stopping a started process', () => {
  let child: ChildProcess;

  beforeEach(() => {
    child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  });
  afterEach(() => {
    child.kill('SIGKILL');
  });

  test('a process is recognized as long as it runs', async () => {
    const identity = identify(child.pid!)!;
    expect(isRunning(identity)).toBe(true);

    await stopProcessGroup(identity);

    expect(isRunning(identity)).toBe(false);
  });

  test('another process with a reused ID is not stopped', async () => {
    const identity = identify(child.pid!)!;

    await stopProcessGroup({ ...identity, startedAt: `${identity.startedAt}0` });

    expect(isRunning(identity)).toBe(true);
  });

  test('a process that ignores the signal is killed', async () => {
    const stubborn = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); process.stdout.write("up"); setInterval(() => {}, 1000)'], {
      detached: true, stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => stubborn.stdout!.once('data', resolve));
    const identity = identify(stubborn.pid!)!;

    await stopProcessGroup(identity, 300);

    expect(isRunning(identity)).toBe(false);
  });

  test('its child processes are killed with it', async () => {
    const parent = spawn(process.execPath, ['-e', `
      const { spawn } = require("node:child_process");
      process.stdout.write(String(spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" }).pid));
      setInterval(() => {}, 1000);
    `], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const grandchild = identify(Number(await new Promise((resolve) => parent.stdout!.once('data', resolve))))!;

    await stopProcessGroup(identify(parent.pid!)!);

    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isRunning(grandchild)).toBe(false);
  });

  test('an unknown process does not count as running', () => {
    expect(identify(2 ** 22 + 1)).toBeUndefined();
  });
});

import { setMaxListeners } from 'node:events';

/** Allows any number of listeners, one per transfer: Node prints a leak warning for more than ten. */
export function createInterruption(): AbortController {
  const interruption = new AbortController();
  setMaxListeners(0, interruption.signal);
  return interruption;
}

const NOTICE_MILLISECONDS = 1_000;
const PATIENCE_MILLISECONDS = 10_000;

/**
 * Stops the command gracefully on the first signal, and immediately on the second or after ten seconds. Immediately
 * means that the signal kills the process: `process.exit` waits for pending system calls, and one on a stale mount
 * never returns.
 */
export function interruptOn(signal: 'SIGINT' | 'SIGTERM', exitCode: number, interruption: AbortController): void {
  const stopAtOnce = () => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
  process.on(signal, () => {
    if (interruption.signal.aborted) {
      stopAtOnce();
      return;
    }
    interruption.abort(Object.assign(new Error('interrupted'), { exitCode }));
    if (process.stderr.isTTY) {
      const notice = () => process.stderr.write('stopping; press Ctrl-C again to stop immediately\n');
      setTimeout(notice, NOTICE_MILLISECONDS).unref();
    }
    setTimeout(stopAtOnce, PATIENCE_MILLISECONDS).unref();
  });
}

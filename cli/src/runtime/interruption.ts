import { setMaxListeners } from 'node:events';

/** As many may wait for its signal as transfers go on at once: Node takes more than ten for a leak, and says so to the person. */
export function createInterruption(): AbortController {
  const interruption = new AbortController();
  setMaxListeners(0, interruption.signal);
  return interruption;
}

const NOTICE_MILLISECONDS = 1_000;
const PATIENCE_MILLISECONDS = 10_000;

/**
 * Stops the command in good order when the signal arrives, and at once when it arrives again or when the command has
 * not ended after ten seconds. At once means by the signal itself: `process.exit` waits for system calls that are under
 * way, and one on a mount that is gone never ends.
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
      const notice = () => process.stderr.write('stopping; press Ctrl-C again to stop at once\n');
      setTimeout(notice, NOTICE_MILLISECONDS).unref();
    }
    setTimeout(stopAtOnce, PATIENCE_MILLISECONDS).unref();
  });
}

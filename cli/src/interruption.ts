import { setMaxListeners } from 'node:events';

/** As many may wait for its signal as transfers go on at once: Node takes more than ten for a leak, and says so to the person. */
export function createInterruption(): AbortController {
  const interruption = new AbortController();
  setMaxListeners(0, interruption.signal);
  return interruption;
}

import type { Environment } from './environment';
import { TransientFailure } from './failure';

export interface RetryOptions {
  readonly environment: Pick<Environment, 'sleep' | 'random' | 'tryingAgain'> & Partial<Pick<Environment, 'now'>>;
  readonly signal?: AbortSignal;
  readonly attempts?: number;
}

const FIRST_WAIT_MILLISECONDS = 250;
const LONGEST_WAIT_MILLISECONDS = 20_000;
export const DEFAULT_ATTEMPTS = 6;

/** The delay before retry `attempt` (the first is 1): exponential backoff with full jitter. */
export function backoffMilliseconds(attempt: number, random: number, retryAfterMilliseconds = 0): number {
  const ceiling = Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** attempt);
  return Math.max(Math.min(retryAfterMilliseconds, 60_000), Math.round(random * ceiling));
}

/** Retries after a `TransientFailure`. If all attempts fail, the last failure is thrown. */
export async function withRetries<Result>(
  options: RetryOptions, attempt: (number: number) => Promise<Result>,
): Promise<Result> {
  const { environment, attempts = DEFAULT_ATTEMPTS } = options;
  const began = environment.now?.() ?? 0;
  for (let number = 1; ; number++) {
    options.signal?.throwIfAborted();
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof TransientFailure) || number >= attempts) {
        throw error;
      }
      environment.tryingAgain?.(error, (environment.now?.() ?? 0) - began);
      const wait = backoffMilliseconds(number, environment.random(), error.retryAfterMilliseconds);
      await environment.sleep(wait, options.signal);
    }
  }
}

import type { Duration } from 'aws-cdk-lib';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../contract/limits';

/** Whether AWS opens a session that one role opens for another for so long. */
export function isSessionDuration(duration: Duration): boolean {
  const seconds = duration.toSeconds({ integral: false });
  return Number.isInteger(seconds) && seconds >= MIN_SESSION_SECONDS && seconds <= MAX_SESSION_SECONDS;
}

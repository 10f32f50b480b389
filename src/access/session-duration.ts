import type { Duration } from 'aws-cdk-lib';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../contract/limits';

/** Whether AWS allows the duration for role chaining (a role's session that assumes another role). */
export function isSessionDuration(duration: Duration): boolean {
  const seconds = duration.toSeconds({ integral: false });
  return Number.isInteger(seconds) && seconds >= MIN_SESSION_SECONDS && seconds <= MAX_SESSION_SECONDS;
}

import type { Duration } from 'aws-cdk-lib';

/** The default for when objects move to cheaper storage: at the given time, and never if they expire before that. */
export function usualTransition(after: Duration, expiration: Duration): Duration | undefined {
  return expiration.isUnresolved() || after.toMilliseconds() < expiration.toMilliseconds() ? after : undefined;
}

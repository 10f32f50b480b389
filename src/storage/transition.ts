import type { Duration } from 'aws-cdk-lib';

/** When objects move to cheaper storage, if nobody says when: at the usual time, and never if they are gone by then. */
export function usualTransition(after: Duration, expiration: Duration): Duration | undefined {
  return expiration.isUnresolved() || after.toMilliseconds() < expiration.toMilliseconds() ? after : undefined;
}

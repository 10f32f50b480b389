import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionOptions } from './options';
import type { AccessOptions, SecureModelArtifactStoreProps } from './props';
import { isSessionDuration } from '../access/session-duration';
import { type Problems, readable } from '../common/problems';
import { MAX_SESSION_SECONDS, MIN_LINK_SECONDS } from '../contract/limits';

/** The parts of a store check durations as well, but one part at a time and under their own property names. */
export function checkTimes(problems: Problems, { access = {}, retention = {} }: SecureModelArtifactStoreProps): void {
  checkSessions(problems, access);
  checkRetention(problems, retention);
}

function checkSessions(problems: Problems, { presignedUrlLifetime: lifetime, sessionDuration }: AccessOptions): void {
  const seconds = secondsOf(lifetime);
  if (seconds !== undefined
    && !(Number.isInteger(seconds) && seconds >= MIN_LINK_SECONDS && seconds <= MAX_SESSION_SECONDS)) {
    problems.add(`access.presignedUrlLifetime is ${readable(lifetime!)}; use whole seconds between 1 minute and 1 `
      + 'hour, after which AWS ends the session that signed the presigned URL');
  }
  if (sessionDuration && !sessionDuration.isUnresolved() && !isSessionDuration(sessionDuration)) {
    problems.add(`access.sessionDuration is ${readable(sessionDuration)}; use whole seconds between 15 minutes and 1 `
      + 'hour, the limit that AWS sets for role chaining');
  }
  const session = secondsOf(sessionDuration);
  if (seconds !== undefined && session !== undefined && seconds > session) {
    problems.add(`access.presignedUrlLifetime (${readable(lifetime!)}) is longer than access.sessionDuration `
      + `(${readable(sessionDuration!)}): a presigned URL expires with the session that signed it; shorten `
      + 'access.presignedUrlLifetime or lengthen access.sessionDuration');
  }
}

function secondsOf(duration: Duration | undefined): number | undefined {
  return duration === undefined || duration.isUnresolved() ? undefined : duration.toSeconds({ integral: false });
}

function checkRetention(problems: Problems, retention: RetentionOptions): void {
  if (retention.removalPolicy === RemovalPolicy.SNAPSHOT) {
    problems.add('retention.removalPolicy is SNAPSHOT, which none of the store\'s resources supports; use RETAIN or '
      + 'DESTROY');
  }
}

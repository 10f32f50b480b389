import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { LinkOptions, RetentionOptions } from './options';
import type { SecureModelArtifactStoreProps } from './props';
import { isSessionDuration } from '../access/session-duration';
import { type Problems, readable } from '../common/problems';
import { MAX_SESSION_SECONDS, MIN_LINK_SECONDS } from '../contract/limits';

/** The parts of a store check durations as well, but one part at a time and under their own property names. */
export function checkTimes(problems: Problems, { links = {}, retention = {} }: SecureModelArtifactStoreProps): void {
  checkLinks(problems, links);
  checkRetention(problems, retention);
}

function checkLinks(problems: Problems, { lifetime, sessionDuration }: LinkOptions): void {
  const link = secondsOf(lifetime);
  if (link !== undefined && !(Number.isInteger(link) && link >= MIN_LINK_SECONDS && link <= MAX_SESSION_SECONDS)) {
    problems.add(`links.lifetime is ${readable(lifetime!)}; use whole seconds between 1 minute and 1 hour, after `
      + 'which AWS ends the session that signed the presigned URL');
  }
  if (sessionDuration && !sessionDuration.isUnresolved() && !isSessionDuration(sessionDuration)) {
    problems.add(`links.sessionDuration is ${readable(sessionDuration)}; use whole seconds between 15 minutes and 1 `
      + 'hour, the limit that AWS sets for role chaining');
  }
  const session = secondsOf(sessionDuration);
  if (link !== undefined && session !== undefined && link > session) {
    problems.add(`links.lifetime (${readable(lifetime!)}) is longer than links.sessionDuration `
      + `(${readable(sessionDuration!)}): a presigned URL expires with the session that signed it; shorten `
      + 'links.lifetime or lengthen links.sessionDuration');
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

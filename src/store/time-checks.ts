import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { LinkOptions, RetentionOptions } from './options';
import type { SecureModelArtifactStoreProps } from './props';
import { isSessionDuration } from '../access/session-duration';
import { type Problems, readable } from '../common/problems';
import { MAX_SESSION_SECONDS, MIN_LINK_SECONDS } from '../contract/limits';

/** What the parts of a store would say too, but one after the other and in names of their own. */
export function checkTimes(problems: Problems, { links = {}, retention = {} }: SecureModelArtifactStoreProps): void {
  checkLinks(problems, links);
  checkRetention(problems, retention);
}

function checkLinks(problems: Problems, { lifetime, sessionDuration }: LinkOptions): void {
  const link = secondsOf(lifetime);
  if (link !== undefined && !(Number.isInteger(link) && link >= MIN_LINK_SECONDS && link <= MAX_SESSION_SECONDS)) {
    problems.add(`links.lifetime is ${readable(lifetime!)}; it is in whole seconds from 1 minute, below which nobody could use a link, to 1 hour, `
      + 'after which AWS ends the session that signed it');
  }
  if (sessionDuration && !sessionDuration.isUnresolved() && !isSessionDuration(sessionDuration)) {
    problems.add(`links.sessionDuration is ${readable(sessionDuration)}; it is in whole seconds from 15 minutes to 1 hour, which is what AWS allows for `
      + 'a session that one role opens for another');
  }
  const session = secondsOf(sessionDuration);
  if (link !== undefined && session !== undefined && link > session) {
    problems.add(`links.lifetime (${readable(lifetime!)}) is longer than links.sessionDuration (${readable(sessionDuration!)}): a link dies with the `
      + 'session that signed it; shorten the one or lengthen the other');
  }
}

function secondsOf(duration: Duration | undefined): number | undefined {
  return duration === undefined || duration.isUnresolved() ? undefined : duration.toSeconds({ integral: false });
}

function checkRetention(problems: Problems, retention: RetentionOptions): void {
  if (retention.removalPolicy === RemovalPolicy.SNAPSHOT) {
    problems.add('retention.removalPolicy is SNAPSHOT, which CloudFormation does for none of the store\'s resources; keep them with RETAIN, or let them go with DESTROY');
  }
}

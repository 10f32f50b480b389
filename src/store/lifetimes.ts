import { Duration } from 'aws-cdk-lib';
import type { SecureModelArtifactStoreProps } from './props';

const SHORTEST_SESSION = Duration.minutes(15);

export function presignedUrlLifetimeOf(props: SecureModelArtifactStoreProps): Duration {
  return props.access?.presignedUrlLifetime ?? Duration.minutes(15);
}

/** A presigned URL stops working when the session that signed it expires, so a session lasts at least as long. */
export function sessionDurationOf(props: SecureModelArtifactStoreProps): Duration {
  const { sessionDuration } = props.access ?? {};
  const lifetime = presignedUrlLifetimeOf(props);
  if (sessionDuration || lifetime.isUnresolved()) {
    return sessionDuration ?? SHORTEST_SESSION;
  }
  return lifetime.toSeconds() > SHORTEST_SESSION.toSeconds() ? lifetime : SHORTEST_SESSION;
}

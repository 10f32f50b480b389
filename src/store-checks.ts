import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Problems } from './storage/problems';
import type { SecureModelArtifactStoreProps } from './store-props';

/** What two groups of properties say against each other; each part checks its own by itself. */
export function checkStore(scope: Construct, storeName: string, props: SecureModelArtifactStoreProps): void {
  const problems = new Problems();
  if (!Token.isUnresolved(storeName) && !/^[A-Za-z0-9._-]{1,128}$/.test(storeName)) {
    problems.add(`storeName is ${JSON.stringify(storeName)}; it names an SSM parameter: 1 to 128 letters, digits, ".", "_" and "-"`);
  }
  if (props.api === false) {
    const about: Array<[string, unknown]> = [
      ['authentication', props.authentication],
      ['network.api', props.network?.api],
      ['network.webApplicationFirewall', props.network?.webApplicationFirewall],
      ['network.domainName', props.network?.domainName],
      ['capacity.throttlingRateLimit', props.capacity?.throttlingRateLimit],
      ['capacity.throttlingBurstLimit', props.capacity?.throttlingBurstLimit],
    ];
    for (const [property, value] of about) {
      if (value !== undefined) {
        problems.add(`${property} is about the API, but api is false; leave one of the two out`);
      }
    }
  }
  if (props.monitoring?.alarms === false) {
    const { alarms: _, ...about } = props.monitoring;
    for (const [property, value] of Object.entries(about)) {
      if (value !== undefined) {
        problems.add(`monitoring.${property} is about the alarms, but monitoring.alarms is false; leave one of the two out`);
      }
    }
  }
  if (props.audit?.analytics) {
    const { enabled, ...about } = props.audit.analytics;
    const otherwise = enabled === false ? 'audit.analytics.enabled is false'
      : props.audit.trail?._kind === 'none' ? 'there is no trail to ask about' : undefined;
    for (const [property, value] of Object.entries(about)) {
      if (otherwise && value !== undefined) {
        problems.add(`audit.analytics.${property} is about the questions, but ${otherwise}; leave one of the two out`);
      }
    }
  }
  const trailKind = props.audit?.trail?._kind ?? 'own';
  if (props.audit && trailKind !== 'own') {
    const otherwise = trailKind === 'none' ? 'audit.trail is none' : 'audit.trail is one that exists';
    const { isMultiRegion, organizationId, trailName, managementEvents } = props.audit;
    const about = { isMultiRegion, organizationId, trailName, ...(trailKind === 'none' && { managementEvents }) };
    for (const [property, value] of Object.entries(about)) {
      if (value !== undefined) {
        problems.add(`audit.${property} is for a trail of the store's own, but ${otherwise}; leave one of the two out`);
      }
    }
  }
  if (props.audit?.logArchive) {
    const about: Array<[string, unknown]> = [
      ['retention.logs', props.retention?.logs],
      ['retention.logObjectLock', props.retention?.logObjectLock],
      ['audit.administratorArns', props.audit.administratorArns],
    ];
    for (const [property, value] of about) {
      if (value !== undefined) {
        problems.add(`${property} is for a log archive of the store's own, but audit.logArchive is given; say it where that archive is made`);
      }
    }
  }
  problems.throwIfAny(scope, 'SecureModelArtifactStore');
}

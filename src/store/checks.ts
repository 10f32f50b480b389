import { Duration, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkStoreName, claimStoreName } from './names';
import { checkNetworks, validateNetworks } from './network-checks';
import { checkParts } from './part-checks';
import type { SecureModelArtifactStoreProps } from './props';
import { checkSandbox } from './sandbox';
import { checkTimes } from './time-checks';
import { checkTypes } from './types';
import { checkRoleNames } from '../access/default-session-names';
import { Problems, readable } from '../common/problems';
import { isImported } from '../common/required-actions';
import { ArtifactBucket, type IArtifactBucket } from '../storage/artifact-bucket';
import { checkEncryptionKey } from '../storage/encryption-key-checks';

/** What two groups of properties say against each other, and times; each part checks its own by itself. */
export function checkStore(scope: Construct, storeName: string, props: SecureModelArtifactStoreProps): void {
  const problems = Problems.of(scope);
  checkTypes(problems, props);
  // The other checks count on the types.
  problems.throwIfAny('SecureModelArtifactStore');
  checkStoreName(problems, storeName);
  claimStoreName(problems, scope, storeName);
  if (props.api === false) {
    const about: Array<[string, unknown]> = [
      ['authentication', props.authentication],
      ['network.api', props.network?.api],
      ['network.webApplicationFirewall', props.network?.webApplicationFirewall],
      ['network.domainName', props.network?.domainName],
      ['capacity.throttlingRateLimit', props.capacity?.throttlingRateLimit],
      ['capacity.throttlingBurstLimit', props.capacity?.throttlingBurstLimit],
      ['audit.apiLogging', props.audit?.apiLogging],
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
  checkGivenBucket(problems, scope, props);
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
  checkParts(problems, scope, props);
  checkNetworks(problems, props);
  checkSessionNames(problems, props);
  checkTimes(problems, props);
  checkSandbox(problems, props);
  problems.throwIfAny('SecureModelArtifactStore');
  validateNetworks(scope, props);
}

function checkSessionNames(problems: Problems, { access, api }: SecureModelArtifactStoreProps): void {
  const names = access?.rolesWithDefaultSessionNames;
  checkRoleNames(problems, 'access.rolesWithDefaultSessionNames', names);
  if (names && api === false) {
    problems.add('access.rolesWithDefaultSessionNames is about callers of the API, but api is false; leave one of the two out');
  }
  const seen = new Map<string, string>();
  for (const role of ['dataScientist', 'pipeline', 'auditor'] as const) {
    const policyName = access?.[role]?.policyName;
    if (policyName === undefined || Token.isUnresolved(policyName)) {
      continue;
    }
    if (!/^[\w+=,.@-]{1,125}$/.test(policyName)) {
      problems.add(`access.${role}.policyName is ${JSON.stringify(policyName)}; a policy's name has 1 to 125 letters, digits and characters of "+=,.@_-"`);
    }
    const other = seen.get(policyName.toLowerCase());
    if (other !== undefined) {
      problems.add(`access.${role}.policyName is "${policyName}", which access.${other}.policyName is too; each role has a policy of its own`);
    }
    seen.set(policyName.toLowerCase(), role);
  }
}

/** What is said about a bucket of the store's own has no effect on one that is there. */
function checkGivenBucket(problems: Problems, scope: Construct, props: SecureModelArtifactStoreProps): void {
  const { artifactBucket: given, retention, storage } = props;
  if (given === undefined) {
    return;
  }
  const about: Array<[string, unknown]> = [
    ['bucketName', props.bucketName],
    ['encryptionKey', props.encryptionKey],
    ['retention.modelObjectLock', retention?.modelObjectLock],
    ['retention.noncurrentVersions', retention?.noncurrentVersions],
    ['retention.noncurrentVersionTransitionAfter', retention?.noncurrentVersionTransitionAfter],
    ['retention.incompleteUploads', retention?.incompleteUploads],
    ['storage.requestMetrics', storage?.requestMetrics],
    ['storage.storageClassAnalysis', storage?.storageClassAnalysis],
    ['storage.inventory', storage?.inventory],
    ...given instanceof ArtifactBucket ? [['access.administratorArns', props.access?.administratorArns] as [string, unknown]] : [],
  ];
  for (const [property, value] of about) {
    if (value !== undefined) {
      problems.add(`${property} is for an artifact bucket of the store's own, but artifactBucket is given; say it where that bucket is made`);
    }
  }
  const { bucket } = given;
  const { account, region } = Stack.of(scope);
  if (differ(bucket.env.account, account) || differ(bucket.env.region, region)) {
    problems.add(`artifactBucket is in account ${bucket.env.account}, Region ${bucket.env.region}, and the store in account ${account}, Region `
      + `${region}; make the store where the bucket is`);
  }
  if (!isImported(bucket) && Stack.of(bucket) !== Stack.of(scope)) {
    problems.add(`artifactBucket is made in the stack ${Stack.of(bucket).node.path}, and the store in ${Stack.of(scope).node.path}; its policy names `
      + 'roles of the store, which name the bucket, so that each stack would wait for the other: make both in one stack, or hand the bucket '
      + 'over by name with ArtifactBucket.fromArtifactBucketAttributes');
  }
  if (!knowsKey(given)) {
    problems.add('artifactBucket has no encryptionKeyArn (or encryptionKey), without which nobody can read or write a model; give the key that the '
      + 'bucket encrypts with');
  } else {
    checkEncryptionKey(problems, scope, 'artifactBucket.encryptionKey', given.encryptionKey);
  }
  const lifetime = props.links?.lifetime ?? Duration.minutes(15);
  if (given instanceof ArtifactBucket && !lifetime.isUnresolved() && !given._maximumLinkAge.isUnresolved()
    && lifetime.toMilliseconds() > given._maximumLinkAge.toMilliseconds()) {
    problems.add(`links live ${readable(lifetime)} (links.lifetime), but maximumLinkAge of artifactBucket is ${readable(given._maximumLinkAge)}, so that the `
      + 'bucket would refuse links before their time; make one of them fit the other');
  }
}

function knowsKey(given: IArtifactBucket): boolean {
  try {
    return given.encryptionKey !== undefined;
  } catch {
    // A bucket that was adopted without its key says so by throwing.
    return false;
  }
}

function differ(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}

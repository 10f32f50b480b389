import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { presignedUrlLifetimeOf } from './lifetimes';
import { checkStoreName, claimStoreName } from './names';
import { checkNetworks, validateNetworks } from './network-checks';
import { checkParts } from './part-checks';
import type { SecureModelArtifactStoreProps } from './props';
import { checkSandbox } from './sandbox';
import { checkSigning } from './signing-checks';
import { checkTimes } from './time-checks';
import { checkTypes } from './types';
import { checkRoleNames } from '../access/default-session-names';
import { Problems, readable } from '../common/problems';
import { isImported } from '../common/required-actions';
import { ArtifactBucket, type IArtifactBucket } from '../storage/artifact-bucket';
import { checkEncryptionKey } from '../storage/encryption-key-checks';

/** Checks contradictions between groups of properties, and durations. Each part checks its own properties. */
export function checkStore(scope: Construct, storeName: string, props: SecureModelArtifactStoreProps): void {
  const problems = Problems.of(scope);
  checkTypes(problems, props);
  // The checks below rely on the types.
  problems.throwIfAny('SecureModelArtifactStore');
  checkStoreName(problems, storeName);
  claimStoreName(problems, scope, storeName);
  if (props.api === false) {
    const about: Array<[string, unknown]> = [
      ['authentication', props.authentication],
      ['network.apiVpcEndpoints', props.network?.apiVpcEndpoints],
      ['network.apiCidrs', props.network?.apiCidrs],
      ['network.apiOrganizationId', props.network?.apiOrganizationId],
      ['network.webApplicationFirewall', props.network?.webApplicationFirewall],
      ['network.domainName', props.network?.domainName],
      ['capacity.throttlingRateLimit', props.capacity?.throttlingRateLimit],
      ['capacity.throttlingBurstLimit', props.capacity?.throttlingBurstLimit],
      ['audit.apiLogging', props.audit?.apiLogging],
    ];
    for (const [property, value] of about) {
      if (value !== undefined) {
        problems.add(`${property} configures the API, but api is false; remove one of the two`);
      }
    }
  }
  if (props.monitoring?.enabled === false) {
    const { enabled: _, ...about } = props.monitoring;
    for (const [property, value] of Object.entries(about)) {
      if (value !== undefined) {
        problems.add(`monitoring.${property} configures the alarms, but monitoring.enabled is false; `
          + 'remove one of the two');
      }
    }
  }
  if (props.audit?.analytics) {
    const { enabled, ...about } = props.audit.analytics;
    const otherwise = enabled === false ? 'audit.analytics.enabled is false'
      : props.audit.trail?._kind === 'none' ? 'there is no trail to query' : undefined;
    for (const [property, value] of Object.entries(about)) {
      if (otherwise && value !== undefined) {
        problems.add(`audit.analytics.${property} configures the named queries, but ${otherwise}; `
          + 'remove one of the two');
      }
    }
  }
  checkGivenBucket(problems, scope, props);
  const trailKind = props.audit?.trail?._kind ?? 'own';
  if (props.audit && trailKind !== 'own') {
    const otherwise = trailKind === 'none' ? 'audit.trail is TrailSource.none()' : 'audit.trail is an existing trail';
    const { isMultiRegion, organizationId, trailName, managementEvents } = props.audit;
    const about = { isMultiRegion, organizationId, trailName, ...(trailKind === 'none' && { managementEvents }) };
    for (const [property, value] of Object.entries(about)) {
      if (value !== undefined) {
        problems.add(`audit.${property} is for a trail that the store creates, but ${otherwise}; remove one of the `
          + 'two');
      }
    }
  }
  if (props.audit?.logArchive) {
    const about: Array<[string, unknown]> = [
      ['retention.logs', props.retention?.logs],
      ['retention.logObjectLock', props.retention?.logObjectLock],
      ['audit.administrators', props.audit.administrators],
    ];
    for (const [property, value] of about) {
      if (value !== undefined) {
        problems.add(`${property} is for a log archive that the store creates, but audit.logArchive is set; `
          + 'set it where that log archive is defined');
      }
    }
  }
  checkParts(problems, scope, props);
  checkNetworks(problems, props);
  checkSessionNames(problems, props);
  checkTimes(problems, props);
  checkSandbox(problems, props);
  checkSigning(problems, scope, props.signing);
  problems.throwIfAny('SecureModelArtifactStore');
  validateNetworks(scope, props);
}

function checkSessionNames(problems: Problems, { access, api }: SecureModelArtifactStoreProps): void {
  const names = access?.rolesWithDefaultSessionNames;
  checkRoleNames(problems, 'access.rolesWithDefaultSessionNames', names);
  if (names && api === false) {
    problems.add('access.rolesWithDefaultSessionNames is for callers of the API, but api is false; '
      + 'remove one of the two');
  }
  const seen = new Map<string, string>();
  for (const role of ['dataScientist', 'pipeline', 'auditor'] as const) {
    const policyName = access?.[role]?.policyName;
    if (policyName === undefined || Token.isUnresolved(policyName)) {
      continue;
    }
    if (!/^[\w+=,.@-]{1,125}$/.test(policyName)) {
      problems.add(`access.${role}.policyName is ${JSON.stringify(policyName)}; use 1 to 125 letters, digits and `
        + 'characters from "+=,.@_-"');
    }
    const other = seen.get(policyName.toLowerCase());
    if (other !== undefined) {
      problems.add(`access.${role}.policyName is "${policyName}", the same as access.${other}.policyName; `
        + 'give each role its own policy name');
    }
    seen.set(policyName.toLowerCase(), role);
  }
}

/** Properties of a bucket that the store creates have no effect on an existing one. */
function checkGivenBucket(problems: Problems, scope: Construct, props: SecureModelArtifactStoreProps): void {
  const { artifactBucket: given, retention, storage } = props;
  if (given === undefined) {
    return;
  }
  const about: Array<[string, unknown]> = [
    ['bucketName', props.bucketName],
    ['encryptionKey', props.encryptionKey],
    ['retention.modelObjectLock', retention?.modelObjectLock],
    ['retention.noncurrentVersionExpiration', retention?.noncurrentVersionExpiration],
    ['retention.noncurrentVersionTransitionAfter', retention?.noncurrentVersionTransitionAfter],
    ['retention.abortIncompleteMultipartUploadAfter', retention?.abortIncompleteMultipartUploadAfter],
    ...Object.entries(storage ?? {}).map(([property, value]): [string, unknown] => [`storage.${property}`, value]),
    ...given instanceof ArtifactBucket
      ? [['access.administrators', props.access?.administrators] as [string, unknown]] : [],
  ];
  for (const [property, value] of about) {
    if (value !== undefined) {
      problems.add(`${property} is for an artifact bucket that the store creates, but artifactBucket is set; `
        + 'set it where that bucket is defined');
    }
  }
  const { bucket } = given;
  const { account, region } = Stack.of(scope);
  if (differ(bucket.env.account, account) || differ(bucket.env.region, region)) {
    problems.add(`artifactBucket is in account ${bucket.env.account}, Region ${bucket.env.region}, but the store is in `
      + `account ${account}, Region ${region}; deploy the store to the account and Region of the bucket`);
  }
  if (!isImported(bucket) && Stack.of(bucket) !== Stack.of(scope)) {
    problems.add(`artifactBucket is defined in the stack ${Stack.of(bucket).node.path}, but the store is in `
      + `${Stack.of(scope).node.path}; the bucket's policy refers to roles of the store, and these refer to the `
      + 'bucket, so the stacks would depend on each other: define both in one stack, or import the bucket by name with '
      + 'ArtifactBucket.fromArtifactBucketAttributes');
  }
  if (!knowsKey(given)) {
    problems.add('artifactBucket has no encryptionKeyArn (or encryptionKey), which is required to read and write '
      + 'models; set it to the key that the bucket encrypts with');
  } else {
    checkEncryptionKey(problems, scope, 'artifactBucket.encryptionKey', given.encryptionKey);
  }
  const lifetime = presignedUrlLifetimeOf(props);
  if (given instanceof ArtifactBucket && !lifetime.isUnresolved() && !given._maximumPresignedUrlAge.isUnresolved()
    && lifetime.toMilliseconds() > given._maximumPresignedUrlAge.toMilliseconds()) {
    problems.add(`access.presignedUrlLifetime is ${readable(lifetime)}, but maximumPresignedUrlAge of artifactBucket `
      + `is ${readable(given._maximumPresignedUrlAge)}, so the bucket would reject presigned URLs before they expire; `
      + 'shorten access.presignedUrlLifetime or raise maximumPresignedUrlAge');
  }
}

function knowsKey(given: IArtifactBucket): boolean {
  try {
    return given.encryptionKey !== undefined;
  } catch {
    // The getter throws for a bucket that was imported without its key.
    return false;
  }
}

function differ(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}

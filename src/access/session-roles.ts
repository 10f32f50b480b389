import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { artifactKeyStatement } from './artifact-statements';
import { ManagedPolicyRole } from './managed-policy-role';
import { isSessionDuration } from './session-duration';
import { NamedSessionPrincipal, OPEN_SESSION_ACTIONS } from './session-trust';
import { Problems } from '../common/problems';
import { refuseWeakening } from '../common/weakened-resources';
import { KEY_PATTERNS } from '../contract/keys';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../contract/limits';
import type { FunctionName } from '../contract/routes';
import { SESSION_ACTIONS } from '../contract/session-actions';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import { checkSigningKey } from '../storage/encryption-key-checks';

/**
 * Properties of `SessionRoles`.
 */
export interface SessionRolesProps {
  /**
   * The bucket whose objects the sessions read and write.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The asymmetric KMS key that signs manifests. Only sessions of the upload function can sign with it.
   *
   * @default - manifests are not signed
   */
  readonly signingKey?: kms.IKey;

  /**
   * The keys that signed manifests before `signingKey`. Sessions of the registry function can read their public keys.
   *
   * @default - none
   */
  readonly formerSigningKeys?: kms.IKey[];

  /**
   * How long a session, and every presigned URL that it signed, is valid: between 15 minutes and 1 hour, the limit that
   * AWS sets for role chaining.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
   *
   * @default Duration.minutes(15)
   */
  readonly sessionDuration?: Duration;
}

/**
 * The two roles of one function.
 */
export interface FunctionRoles {
  /**
   * The role that the function runs as. It can open sessions of `sessionRole`, but has no access to objects itself.
   */
  readonly executionRole: iam.Role;

  /**
   * The role that reads and writes objects, in a session named after the caller.
   */
  readonly sessionRole: iam.Role;
}

/**
 * The roles of the three functions, two for each.
 *
 * A function's execution role cannot read or write objects. It can only open sessions of the function's session role,
 * and only sessions that name the caller, so that CloudTrail records a caller for every read and write.
 */
export class SessionRoles extends Construct {
  /** The roles of the upload function, which accepts uploads and publishes versions. */
  public readonly upload: FunctionRoles;
  /** The roles of the download function, which signs download URLs. */
  public readonly download: FunctionRoles;
  /** The roles of the registry function, which lists, shows and moves aliases. */
  public readonly registry: FunctionRoles;
  /** How long a session is valid. */
  public readonly sessionDuration: Duration;

  /**
   * @param scope the scope to create the construct in
   * @param id the ID of the construct, unique within the scope
   * @param props the properties of the roles
   */
  constructor(scope: Construct, id: string, props: SessionRolesProps) {
    super(scope, id);
    this.sessionDuration = props.sessionDuration ?? Duration.minutes(15);
    const problems = Problems.of(this);
    checkSessionRoles(problems, props);
    problems.throwIfAny('SessionRoles');
    this.upload = this.createRoles('upload', 'Upload', props);
    this.download = this.createRoles('download', 'Download', props);
    this.registry = this.createRoles('registry', 'Registry', props);
    refuseWeakening(this, {
      trust: [this.upload, this.download, this.registry].flatMap(({ executionRole, sessionRole }) => [
        [executionRole, new iam.ServicePrincipal('lambda.amazonaws.com')] as const,
        [sessionRole, executionRole] as const,
      ]),
    });
  }

  private createRoles(name: FunctionName, id: string, props: SessionRolesProps): FunctionRoles {
    const executionRole = new ManagedPolicyRole(this, `${id}ExecutionRole`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Runs the ${name} function: opens sessions, but has no access to objects`,
    });
    const sessionRole = new ManagedPolicyRole(this, `${id}SessionRole`, {
      assumedBy: new NamedSessionPrincipal(executionRole, name, this.sessionDuration),
      description: `Sessions of the ${name} function, one for each request, named after the caller`,
      maxSessionDuration: Duration.seconds(MAX_SESSION_SECONDS),
    });
    allowSessions(executionRole, sessionRole);
    denyObjects(executionRole, props);
    allowObjects(name, sessionRole, props);
    return { executionRole, sessionRole };
  }
}

/** Reports all problems of the properties. */
export function checkSessionRoles(
  problems: Problems, props: Pick<SessionRolesProps, 'sessionDuration' | 'signingKey'>,
): void {
  const { sessionDuration: duration, signingKey } = props;
  if (duration && !duration.isUnresolved() && !isSessionDuration(duration)) {
    problems.add(`sessionDuration is ${duration.toSeconds({ integral: false })} seconds; AWS allows `
      + `${MIN_SESSION_SECONDS} (15 minutes) to ${MAX_SESSION_SECONDS} (1 hour) for role chaining, in whole seconds`);
  }
  checkSigningKey(problems, 'signingKey', signingKey);
}

function allowSessions(executionRole: iam.Role, sessionRole: iam.Role): void {
  executionRole.addToPolicy(new iam.PolicyStatement({
    actions: OPEN_SESSION_ACTIONS,
    resources: [sessionRole.roleArn],
  }));
}

/** Denies the execution role access to objects, so that a later grant to the function cannot bypass named sessions. */
function denyObjects(executionRole: iam.Role, props: SessionRolesProps): void {
  const { bucket, encryptionKey } = props.artifactBucket;
  executionRole.addToPolicy(new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: ['s3:*'],
    resources: [bucket.bucketArn, bucket.arnForObjects('*')],
  }));
  executionRole.addToPolicy(new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: ['kms:*'],
    resources: [encryptionKey.keyArn, ...signingKeys(props).map((key) => key.keyArn)],
  }));
}

function allowObjects(name: FunctionName, sessionRole: ManagedPolicyRole, props: SessionRolesProps): void {
  const actions = SESSION_ACTIONS[name];
  const { bucket } = props.artifactBucket;
  for (const kind of ['blobs', 'versions', 'aliases'] as const) {
    if (actions[kind].length > 0) {
      const objects = bucket.arnForObjects(KEY_PATTERNS[kind]('*'));
      sessionRole.addToPolicy(new iam.PolicyStatement({ actions: [...actions[kind]], resources: [objects] }));
      sessionRole.explainWildcards([objects],
        `The ${name} function serves every model; the session policy of each request limits it to one model's `
        + `${kind}.`);
    }
  }
  sessionRole.addToPolicy(new iam.PolicyStatement({ actions: [...actions.bucket], resources: [bucket.bucketArn] }));
  sessionRole.addToPolicy(artifactKeyStatement(props.artifactBucket, actions.encryptionKey));
  // The upload function signs, with the current key only; the registry function shows the public keys of all.
  const keys = name === 'registry' ? signingKeys(props) : props.signingKey ? [props.signingKey] : [];
  if (keys.length > 0 && actions.signingKey.length > 0) {
    sessionRole.addToPolicy(new iam.PolicyStatement({
      actions: [...actions.signingKey], resources: keys.map((key) => key.keyArn),
    }));
  }
}

function signingKeys({ signingKey, formerSigningKeys = [] }: SessionRolesProps): kms.IKey[] {
  return [...signingKey ? [signingKey] : [], ...formerSigningKeys];
}

import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { artifactKeyStatement } from './artifact-statements';
import { ManagedPolicyRole } from './managed-policy-role';
import { isSessionDuration } from './session-duration';
import { NamedSessionPrincipal, OPEN_SESSION_ACTIONS } from './session-trust';
import { Problems } from '../common/problems';
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
   * The bucket whose objects the sessions reach.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The asymmetric key that signs manifests. Only sessions of the upload function may sign with it.
   *
   * @default - manifests are not signed
   */
  readonly signingKey?: kms.IKey;

  /**
   * How long a session lives, and with it every link that it signed: 15 minutes to 1 hour, which is what AWS caps a session
   * at that one role opens for another.
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
   * What the function runs as. It may open sessions of `sessionRole` and touch no object itself.
   */
  readonly executionRole: iam.Role;

  /**
   * What reads and writes objects, in a session that carries the caller's name.
   */
  readonly sessionRole: iam.Role;
}

/**
 * The roles of the three functions, two for each.
 *
 * A function's own role cannot read or write a single object. It may only open sessions of the one role made for its job,
 * and only such that name the caller, so that every byte that moves has a name on it in CloudTrail.
 */
export class SessionRoles extends Construct {
  /** Roles of the function that takes uploads and publishes versions. */
  public readonly upload: FunctionRoles;
  /** Roles of the function that gives out links to read. */
  public readonly download: FunctionRoles;
  /** Roles of the function that lists, shows and moves aliases. */
  public readonly registry: FunctionRoles;
  /** How long a session lives. */
  public readonly sessionDuration: Duration;

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties
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
  }

  private createRoles(name: FunctionName, id: string, props: SessionRolesProps): FunctionRoles {
    const executionRole = new ManagedPolicyRole(this, `${id}ExecutionRole`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Runs the ${name} function: opens sessions, touches no object`,
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

/** Everything that is wrong with the properties, at once. */
export function checkSessionRoles(problems: Problems, props: Pick<SessionRolesProps, 'sessionDuration' | 'signingKey'>): void {
  const { sessionDuration: duration, signingKey } = props;
  if (duration && !duration.isUnresolved() && !isSessionDuration(duration)) {
    problems.add(`sessionDuration is ${duration.toSeconds({ integral: false })} seconds; AWS allows ${MIN_SESSION_SECONDS} (15 minutes) to ${MAX_SESSION_SECONDS} (1 hour) `
      + 'for a session that one role opens for another, in whole seconds');
  }
  checkSigningKey(problems, 'signingKey', signingKey);
}

function allowSessions(executionRole: iam.Role, sessionRole: iam.Role): void {
  executionRole.addToPolicy(new iam.PolicyStatement({
    actions: OPEN_SESSION_ACTIONS,
    resources: [sessionRole.roleArn],
  }));
}

/** A deny, so that no grant made later to the function can give its own, nameless role an object. */
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
    resources: [encryptionKey.keyArn, ...(props.signingKey ? [props.signingKey.keyArn] : [])],
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
        `The ${name} function serves every model; the session policy of each request narrows the role to one model's ${kind}.`);
    }
  }
  sessionRole.addToPolicy(new iam.PolicyStatement({ actions: [...actions.bucket], resources: [bucket.bucketArn] }));
  sessionRole.addToPolicy(artifactKeyStatement(props.artifactBucket, actions.encryptionKey));
  if (props.signingKey && actions.signingKey.length > 0) {
    sessionRole.addToPolicy(new iam.PolicyStatement({ actions: [...actions.signingKey], resources: [props.signingKey.keyArn] }));
  }
}

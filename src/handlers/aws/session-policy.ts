import { KEY_PATTERNS, modelPrefix } from '../../contract/keys';
import type { FunctionName } from '../../contract/routes';
import { SESSION_ACTIONS, type SessionActions } from '../../contract/session-actions';
import type { Settings } from '../common/environment';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, `Policy` */
export const MAX_SESSION_POLICY_CHARACTERS = 2_048;

/**
 * Actions on objects, limited to these keys or, if the policy would be too long, to all objects of the kind in the
 * model.
 */
export interface ObjectScope {
  readonly actions: readonly string[];
  readonly keys: readonly string[] | 'all';
}

/** Permissions of one session. Every action must be in the `SESSION_ACTIONS` of the function. */
export interface SessionScope {
  /** Absent when models are listed. */
  readonly model?: string;
  readonly blobs?: ObjectScope;
  readonly versions?: ObjectScope;
  readonly aliases?: ObjectScope;
  readonly bucket?: readonly string[];
  readonly encryptionKey?: readonly string[];
  readonly signingKey?: readonly string[];
  /** Actions on the signing key and on its predecessors. */
  readonly signingKeys?: readonly string[];
}

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: object;
}

const OBJECT_KINDS = ['blobs', 'versions', 'aliases'] as const;

function requireListed(functionName: FunctionName, kind: keyof SessionActions, actions: readonly string[]): void {
  const unlisted = actions.filter((action) => !SESSION_ACTIONS[functionName][kind].includes(action));
  if (unlisted.length > 0) {
    throw new Error(`sessions of the function ${functionName} do not have ${unlisted.join(', ')} on ${kind}`);
  }
}

/**
 * A `*`, a `?` or a policy variable in a key would make the resource match other keys. No valid name or digest contains
 * one.
 */
function requireLiteral(key: string): string {
  if (/[*?$]/.test(key)) {
    throw new Error(`the key ${JSON.stringify(key)} contains a wildcard or policy variable`);
  }
  return key;
}

export function partitionOf(arn: string): string {
  return arn.split(':')[1];
}

function statements(
  functionName: FunctionName, scope: SessionScope, settings: Settings, exactKeys: boolean,
): Statement[] {
  const bucketArn = `arn:${partitionOf(settings.sessionRoleArn)}:s3:::${settings.bucketName}`;
  const made: Statement[] = [];

  for (const kind of OBJECT_KINDS) {
    const objects = scope[kind];
    if (!objects) {
      continue;
    }
    if (!scope.model) {
      throw new Error(`a session with actions on ${kind} needs a model`);
    }
    requireListed(functionName, kind, objects.actions);
    const keys = exactKeys && objects.keys !== 'all'
      ? [...new Set(objects.keys)].map(requireLiteral)
      : [KEY_PATTERNS[kind](requireLiteral(scope.model))];
    made.push({ Effect: 'Allow', Action: objects.actions, Resource: keys.map((key) => `${bucketArn}/${key}`) });
  }

  if (scope.bucket) {
    requireListed(functionName, 'bucket', scope.bucket);
    // For S3 to return 404 for a missing key, ListBucket must be allowed without a prefix. IfExists and '' cover both
    // an absent and an empty prefix.
    const prefix = scope.model ? `${modelPrefix(requireLiteral(scope.model))}*` : 'models/*';
    made.push({
      Effect: 'Allow', Action: scope.bucket, Resource: [bucketArn],
      Condition: { StringLikeIfExists: { 's3:prefix': [prefix, ''] } },
    });
  }
  if (scope.encryptionKey) {
    requireListed(functionName, 'encryptionKey', scope.encryptionKey);
    made.push({ Effect: 'Allow', Action: scope.encryptionKey, Resource: [settings.encryptionKeyArn] });
  }
  if (scope.signingKey && settings.signingKeyArn) {
    requireListed(functionName, 'signingKey', scope.signingKey);
    made.push({ Effect: 'Allow', Action: scope.signingKey, Resource: [settings.signingKeyArn] });
  }
  const signingKeyArns = [...settings.signingKeyArn ? [settings.signingKeyArn] : [], ...settings.formerSigningKeyArns];
  if (scope.signingKeys && signingKeyArns.length > 0) {
    requireListed(functionName, 'signingKey', scope.signingKeys);
    made.push({ Effect: 'Allow', Action: scope.signingKeys, Resource: signingKeyArns });
  }
  return made;
}

/**
 * The shortest policy: limited to one model, and otherwise as wide as the session role, which names every action, kind
 * of object and key (a session policy can only narrow it). It is no longer limited to the current request or to the
 * keys that can be listed.
 *
 * Sessions that presign URLs remain limited to one action on one kind of object.
 */
function shortStatements(functionName: FunctionName, scope: SessionScope, settings: Settings): Statement[] {
  const full = statements(functionName, scope, settings, false);
  const presignsUrls = !scope.bucket && OBJECT_KINDS.filter((kind) => scope[kind]).length === 1;
  const bucketArn = `arn:${partitionOf(settings.sessionRoleArn)}:s3:::${settings.bucketName}`;
  const objectStatement: Statement = presignsUrls || !scope.model ? full[0] : {
    Effect: 'Allow',
    Action: ['s3:*'],
    Resource: [`${bucketArn}/${modelPrefix(requireLiteral(scope.model))}*`, ...(scope.bucket ? [bucketArn] : [])],
  };
  return scope.encryptionKey || scope.signingKey || scope.signingKeys
    ? [objectStatement, { Effect: 'Allow', Action: ['kms:*'], Resource: ['*'] }]
    : [objectStatement];
}

function render(made: Statement[]): string {
  const unwrap = (values: readonly string[]) => (values.length === 1 ? values[0] : values);
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: made.map(
      ({ Action, Resource, ...rest }) => ({ ...rest, Action: unwrap(Action), Resource: unwrap(Resource) }),
    ),
  });
}

export interface SessionPolicies {
  /** Tried first: the exact keys, if they fit. */
  readonly narrow: string;
  /** Tried if STS cannot pack the narrow policy together with the tags: the prefixes of the model. */
  readonly wide: string;
  /** Tried if STS cannot pack the wide policy either: the model, in as few characters as possible. */
  readonly short: string;
}

export function sessionPolicies(functionName: FunctionName, scope: SessionScope, settings: Settings): SessionPolicies {
  const narrow = render(statements(functionName, scope, settings, true));
  const wide = render(statements(functionName, scope, settings, false));
  const short = render(shortStatements(functionName, scope, settings));
  return { wide, short, narrow: narrow.length <= MAX_SESSION_POLICY_CHARACTERS ? narrow : wide };
}

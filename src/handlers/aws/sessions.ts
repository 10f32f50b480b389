import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { kmsClient, s3Client, stsClient, type Credentials } from './clients';
import { sessionPolicies, type SessionScope } from './session-policy';
import { SESSION_TAGS } from '../../contract/environment';
import type { FunctionName } from '../../contract/routes';
import { toTagValue, type Caller } from '../common/caller';
import type { Settings } from '../common/environment';

/** AWS clients that act on behalf of the caller, limited to one `SessionScope`. */
export interface Session {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly expiration: Date;
}

/** What a session is joined by with the other records of its request. */
export interface RequestIds {
  /** From the event: the ID that API Gateway gave the request. */
  readonly requestId: string;
  /** From Lambda, whatever the event says. */
  readonly invocationId: string;
}

export type OpenSession = (scope: SessionScope) => Promise<Session>;

/**
 * Value of the `model` tag for sessions without a model. The trust policy requires the tag; `_` is not a model name.
 */
export const NO_MODEL = '_';

function isPackedTooLarge(error: unknown): boolean {
  return ['PackedPolicyTooLarge', 'PackedPolicyTooLargeException'].includes((error as Error).name);
}

/**
 * The smallest combined length of policy and tags that STS has rejected so far. Longer requests are not attempted,
 * because each rejection costs a round trip and leaves an error in the account's trail.
 */
let fewestRefused = Infinity;

/**
 * STS packs policy and tags into a binary format with a separate limit, which cannot be computed in advance and can be
 * far below the 2,048 characters of a policy: about 450 characters of tags alone have exceeded it
 * (https://github.com/aws-actions/configure-aws-credentials/issues/1898). So the policy is shortened until STS accepts
 * it. The last attempt also uses the session name, which still identifies the caller, as the caller tag; the full ARN
 * is in the log of the function.
 */
async function assumeRole(
  functionName: FunctionName, scope: SessionScope, settings: Settings, caller: Caller, ids: RequestIds,
): Promise<AssumeRoleCommandOutput> {
  const { narrow, wide, short } = sessionPolicies(functionName, scope, settings);
  const tagsFor = (callerTag: string) => [
    { Key: SESSION_TAGS.CALLER, Value: toTagValue(callerTag) },
    { Key: SESSION_TAGS.MODEL, Value: scope.model ?? NO_MODEL },
    { Key: SESSION_TAGS.REQUEST_ID, Value: toTagValue(ids.requestId) },
    { Key: SESSION_TAGS.INVOCATION_ID, Value: ids.invocationId },
  ];
  const assume = async (policy: string, callerTag: string) => stsClient().send(new AssumeRoleCommand({
    RoleArn: settings.sessionRoleArn,
    RoleSessionName: caller.sessionName,
    SourceIdentity: caller.sessionName,
    DurationSeconds: settings.sessionSeconds,
    Policy: policy,
    Tags: tagsFor(callerTag),
  }));
  const tagCharacters = tagsFor(caller.principal).reduce((sum, { Key, Value }) => sum + Key.length + Value.length, 0);
  for (const policy of new Set([narrow, wide])) {
    const characters = policy.length + tagCharacters;
    if (characters >= fewestRefused) {
      continue;
    }
    try {
      return await assume(policy, caller.principal);
    } catch (error) {
      if (!isPackedTooLarge(error)) {
        throw error;
      }
      fewestRefused = characters;
    }
  }
  return assume(short, caller.sessionName);
}

/** For tests: resets the rejections that were seen. */
export function forgetRefusals(): void {
  fewestRefused = Infinity;
}

function toCredentials({ Credentials: given }: AssumeRoleCommandOutput): Credentials {
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) {
    throw new Error('the AssumeRole response of STS has no credentials');
  }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: given.Expiration,
  };
}

export function sessionOpener(
  functionName: FunctionName, settings: Settings, caller: Caller, ids: RequestIds,
): OpenSession {
  return async (scope) => {
    const credentials = toCredentials(await assumeRole(functionName, scope, settings, caller, ids));
    return { s3: s3Client(credentials), kms: kmsClient(credentials), expiration: credentials.expiration };
  };
}

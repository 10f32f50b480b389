import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { kmsClient, s3Client, stsClient, type Credentials } from './clients';
import { sessionPolicies, type SessionScope } from './session-policy';
import { SESSION_TAGS } from '../../contract/environment';
import type { FunctionName } from '../../contract/routes';
import { toTagValue, type Caller } from '../common/caller';
import type { Settings } from '../common/environment';

/** Acts in AWS in the caller's name, within one `SessionScope`. */
export interface Session {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly expiration: Date;
}

export type OpenSession = (scope: SessionScope) => Promise<Session>;

/** The `model` tag of a session that is about no one model: the trust policy wants the tag, and no model is called so. */
export const NO_MODEL = '_';

function isPackedTooLarge(error: unknown): boolean {
  return ['PackedPolicyTooLarge', 'PackedPolicyTooLargeException'].includes((error as Error).name);
}

/**
 * The fewest characters of policy and tags together that STS refused so far. What it refused once it would refuse again,
 * and each refusal costs the caller a round trip and the account a failed event in its trail.
 */
let fewestRefused = Infinity;

/**
 * STS packs policy and tags into a binary form whose limit cannot be computed beforehand, and which is far below the 2,048
 * characters of a policy: tags of some 450 characters alone have been seen to fill it
 * (https://github.com/aws-actions/configure-aws-credentials/issues/1898). So the session is asked for in fewer and fewer
 * words. The last ones name the caller as the session is named, which is who it is all the same; the full ARN is in the
 * function's log.
 */
async function assumeRole(functionName: FunctionName, scope: SessionScope, settings: Settings, caller: Caller, requestId: string) {
  const { narrow, wide, short } = sessionPolicies(functionName, scope, settings);
  const tagsFor = (callerTag: string) => [
    { Key: SESSION_TAGS.CALLER, Value: toTagValue(callerTag) },
    { Key: SESSION_TAGS.MODEL, Value: scope.model ?? NO_MODEL },
    { Key: SESSION_TAGS.REQUEST_ID, Value: toTagValue(requestId) },
  ];
  const assume = async (policy: string, callerTag: string): Promise<AssumeRoleCommandOutput> => stsClient().send(new AssumeRoleCommand({
    RoleArn: settings.sessionRoleArn,
    RoleSessionName: caller.sessionName,
    SourceIdentity: caller.sessionName,
    DurationSeconds: settings.sessionSeconds,
    Policy: policy,
    Tags: tagsFor(callerTag),
  }));
  const charactersOfTags = tagsFor(caller.principal).reduce((sum, { Key, Value }) => sum + Key.length + Value.length, 0);
  for (const policy of new Set([narrow, wide])) {
    const characters = policy.length + charactersOfTags;
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

/** For tests: forget what STS refused. */
export function forgetRefusals(): void {
  fewestRefused = Infinity;
}

function toCredentials({ Credentials: given }: AssumeRoleCommandOutput): Credentials {
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) {
    throw new Error('STS answered AssumeRole without credentials');
  }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: given.Expiration,
  };
}

export function sessionOpener(functionName: FunctionName, settings: Settings, caller: Caller, requestId: string): OpenSession {
  return async (scope) => {
    const credentials = toCredentials(await assumeRole(functionName, scope, settings, caller, requestId));
    return { s3: s3Client(credentials), kms: kmsClient(credentials), expiration: credentials.expiration };
  };
}

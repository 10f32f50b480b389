import type { AwsConfiguration } from '../runtime/environment';

/** Short, because STS may be unreachable: a private network may have no endpoint for it. */
const PATIENCE_MILLISECONDS = 2_000;

/** A session of the AWS SDK; see `AwsSession`. */
interface Configured {
  configuration(region: string | undefined): AwsConfiguration;
}

const asked = new WeakMap<Configured, Promise<string | undefined>>();

/** The ARN of the caller. Cached per session. */
export async function callerArn(session: Configured, region: string): Promise<string | undefined> {
  const answer = asked.get(session) ?? arnOf(session.configuration(region));
  asked.set(session, answer);
  return answer;
}

/**
 * The ARN of the principal of these credentials, from sts:GetCallerIdentity, which needs no permission. Undefined if
 * STS does not respond quickly, because the commands work without it.
 */
export async function arnOf(configuration: AwsConfiguration): Promise<string | undefined> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ ...configuration, maxAttempts: 1 });
  try {
    return (
      await client.send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(PATIENCE_MILLISECONDS) })
    ).Arn;
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

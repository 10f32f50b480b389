import type { AwsSession } from './session';

/** Short, because STS may be unreachable: a private network may have no endpoint for it. */
const PATIENCE_MILLISECONDS = 2_000;

const asked = new WeakMap<AwsSession, Promise<string | undefined>>();

/** The ARN of the caller, from sts:GetCallerIdentity, which needs no permission. Cached per session. */
export async function callerArn(session: AwsSession, region: string): Promise<string | undefined> {
  const answer = asked.get(session) ?? ask(session, region);
  asked.set(session, answer);
  return answer;
}

async function ask(session: AwsSession, region: string): Promise<string | undefined> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ ...session.configuration(region), maxAttempts: 1 });
  try {
    return (
      await client.send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(PATIENCE_MILLISECONDS) })
    ).Arn;
  } catch {
    // The ARN is optional: it only improves messages.
    return undefined;
  } finally {
    client.destroy();
  }
}

import type { AwsSession } from './session';

/** Where STS cannot be reached (a private network without an endpoint for it), nobody waits for it. */
const PATIENCE_MILLISECONDS = 2_000;

const asked = new WeakMap<AwsSession, Promise<string | undefined>>();

/** Who the caller is, by sts:GetCallerIdentity, which needs no permission. Asked once for each session. */
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
    // It would only have made a message better.
    return undefined;
  } finally {
    client.destroy();
  }
}

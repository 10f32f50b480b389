import type { SdkFault } from './aws-failure';
import type { AwsSession } from './session';
import { isUnknownCredentials, unknownCredentials } from './unknown-credentials';
import { EXIT, Failure } from '../runtime/failure';
import { isNetworkFault, networkFailure } from '../runtime/network/network-failure';

/** The value of an SSM parameter; undefined if it does not exist. The AWS SDK is loaded on demand. */
export async function readParameter(
  session: AwsSession,
  name: string,
  region: string | undefined,
): Promise<string | undefined> {
  const where = region ?? (await session.requireRegion());
  const { SSMClient, GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient(session.configuration(where));
  try {
    return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
  } catch (error) {
    if ((error as Error).name === 'ParameterNotFound') {
      return undefined;
    }
    throw parameterFailure(error, name, `SSM in ${where}`);
  } finally {
    client.destroy();
  }
}

function parameterFailure(error: unknown, name: string, host: string): Failure {
  if (error instanceof Failure) {
    return error;
  }
  const { name: code, message, $metadata } = error as SdkFault;
  const status = $metadata?.httpStatusCode;
  const requestId = $metadata?.requestId;
  if (status === undefined && isNetworkFault(error)) {
    return networkFailure(error, { host }) as Failure;
  }
  if (isUnknownCredentials(code)) {
    return unknownCredentials({ errorType: code, message, requestId, cause: error });
  }
  const isRefused = status === 400 || status === 403;
  return new Failure(`cannot read the SSM parameter ${name}: ${message}`, {
    code: isRefused ? 'forbidden' : 'unavailable',
    exitCode: isRefused ? EXIT.FORBIDDEN : EXIT.UNAVAILABLE,
    requestId,
    hint:
      'This needs ssm:GetParameter in the account and Region of the store. Check AWS_PROFILE and --region, or use '
      + '--url with the URL of the store.',
    cause: error,
  });
}

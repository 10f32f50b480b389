import type { AwsSession } from './session';
import { isUnknownCredentials, unknownCredentials } from './unknown-credentials';
import { EXIT, Failure } from '../runtime/failure';
import { isNetworkFault, networkFailure } from '../runtime/network/network-failure';

/** The AWS SDK is loaded when it is needed: help, usage errors and `verify` start without it. */

interface SdkFault extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** The value of an SSM parameter; undefined if there is none. */
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
      'The caller needs ssm:GetParameter on it, in the account and Region of the store: check AWS_PROFILE and '
      + '--region; '
      + 'or give the address of the store with --url.',
    cause: error,
  });
}

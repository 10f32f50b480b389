import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { EXIT, Failure } from './failure';

/** The AWS SDK is loaded when it is needed: help, usage errors and `verify` start without it. */

// It would tell people on every start which Node it would rather have; which one this command needs is ours to say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export async function standardCredentials(): Promise<AwsCredentialIdentityProvider> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  return fromNodeProviderChain();
}

export async function standardRegion(): Promise<string | undefined> {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({});
  try {
    return await client.config.region();
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

interface SdkFault extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

export async function readParameter(name: string, region: string | undefined): Promise<string | undefined> {
  const { SSMClient, GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient(region === undefined ? {} : { region });
  try {
    return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
  } catch (error) {
    const { name: code, message, $metadata } = error as SdkFault;
    if (code === 'ParameterNotFound') {
      return undefined;
    }
    const status = $metadata?.httpStatusCode;
    throw new Failure(`cannot read the SSM parameter ${name}: ${message}`, {
      code,
      exitCode: code === 'CredentialsProviderError' || status === 400 || status === 403 ? EXIT.FORBIDDEN : EXIT.UNAVAILABLE,
      requestId: $metadata?.requestId,
      hint: 'Check AWS_PROFILE and --region; or give the address of the store with --url.',
      cause: error,
    });
  } finally {
    client.destroy();
  }
}

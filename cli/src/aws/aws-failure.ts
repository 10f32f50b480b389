import { isUnknownCredentials, unknownCredentials } from './unknown-credentials';
import { EXIT, Failure } from '../runtime/failure';
import { isNetworkFault, networkFailure } from '../runtime/network/network-failure';

/** An error of the AWS SDK. */
export interface SdkFault extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

export interface Attempt {
  /** The IAM action: `s3:GetObject`. */
  readonly action: string;
  /** What the action was attempted on, for example "the bucket b, below the prefix p/". */
  readonly what: string;
  /** The hint if AWS denies the action. */
  readonly whoMay: string;
}

/** Turns an AWS error into a failure that names the action, the resource and the permission that is missing. */
export function awsFailure(error: unknown, { action, what, whoMay }: Attempt): Failure {
  if (error instanceof Failure) {
    return error;
  }
  const { name, message, $metadata } = error as SdkFault;
  const status = $metadata?.httpStatusCode;
  const options = { requestId: $metadata?.requestId, cause: error };
  if (isUnknownCredentials(name)) {
    return unknownCredentials({ errorType: name, message, ...options });
  }
  if (status === undefined && isNetworkFault(error)) {
    // The SDK has already retried.
    const { message: fault, code, exitCode, hint } = networkFailure(error, { host: what }) as Failure;
    return new Failure(fault, { code, exitCode, hint, cause: error });
  }
  if (status === 403 || name === 'AccessDeniedException') {
    // If KMS denied the request, S3's message names the KMS action.
    const denied = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1] ?? action;
    return new Failure(`AWS does not permit ${denied} on ${what}`, {
      ...options,
      code: 'forbidden',
      exitCode: EXIT.FORBIDDEN,
      details: [{ field: action, message: message || name }],
      hint: whoMay,
    });
  }
  if (name === 'CredentialsProviderError') {
    return new Failure(`no AWS credentials for ${action} on ${what}`, {
      ...options,
      code: 'unauthenticated',
      exitCode: EXIT.FORBIDDEN,
      details: [{ field: 'credentials', message }],
      hint: 'Set AWS_PROFILE, or sign in.',
    });
  }
  const isMissing = status === 404 || name === 'NoSuchBucket' || name === 'NoSuchKey';
  return new Failure(`${action} on ${what} failed: ${message || name}`, {
    ...options,
    code: name,
    exitCode: isMissing ? EXIT.NOT_FOUND
      : status !== undefined && status < 500 ? EXIT.FAILURE : EXIT.UNAVAILABLE,
  });
}

import { EXIT, Failure } from '../runtime/failure';

/**
 * Error codes for credentials that AWS does not accept, regardless of their permissions.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const UNKNOWN = new Set([
  'UnrecognizedClientException',
  'UnrecognizedClient',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'InvalidToken',
  'InvalidTokenException',
  'InvalidIdentityToken',
  'AuthFailure',
  'NotAuthorizedException',
  'IncompleteSignature',
  'IncompleteSignatureException',
]);
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const SIGNATURE = new Set([
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'InvalidSignature',
  'RequestTimeTooSkewed',
]);

export function isUnknownCredentials(errorType: string | undefined): boolean {
  return errorType !== undefined && (UNKNOWN.has(errorType) || EXPIRED.has(errorType) || SIGNATURE.has(errorType));
}

/** Whether the error may be caused by the time of the signature rather than by the credentials. */
export function isSignatureFault(errorType: string | undefined): boolean {
  return errorType !== undefined && SIGNATURE.has(errorType);
}

export interface RefusedCredentials {
  readonly errorType: string;
  readonly message: string;
  readonly requestId?: string;
  readonly cause?: unknown;
}

const AGAIN = 'Run the same push, pull or import again to resume where it stopped.';

export function unknownCredentials({ errorType, message, requestId, cause }: RefusedCredentials): Failure {
  const options = {
    code: 'unauthenticated',
    exitCode: EXIT.FORBIDDEN,
    requestId,
    details: [{ field: errorType, message }],
    cause,
  };
  if (EXPIRED.has(errorType)) {
    return new Failure('the AWS credentials have expired', { ...options, hint: `Sign in again. ${AGAIN}` });
  }
  if (SIGNATURE.has(errorType)) {
    return new Failure('AWS does not accept the signature made with these credentials', {
      ...options,
      hint:
        'The secret access key does not match the access key ID, or the signature is for another Region (--region). '
        + `Sign in again. ${AGAIN}`,
    });
  }
  return new Failure('AWS does not recognize these credentials', {
    ...options,
    hint:
      'Sign in again: the access key ID or the session token is not valid, was deleted, or belongs to another '
      + `partition (such as aws-cn or aws-us-gov). ${AGAIN}`,
  });
}

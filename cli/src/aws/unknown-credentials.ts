import { EXIT, Failure } from '../runtime/failure';

/**
 * What AWS answers where it does not take credentials at all, whatever they would be permitted.
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

/** Whether the answer may be about the time of a signature rather than about who signed. */
export function isSignatureFault(errorType: string | undefined): boolean {
  return errorType !== undefined && SIGNATURE.has(errorType);
}

export interface RefusedCredentials {
  readonly errorType: string;
  readonly message: string;
  readonly requestId?: string;
  readonly cause?: unknown;
}

const AGAIN = 'A push, pull or import that is run again goes on where it stopped.';

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
        'The secret access key does not belong to the access key id, or the signature is for another Region '
        + '(--region). '
        + `Sign in again. ${AGAIN}`,
    });
  }
  return new Failure('AWS does not know these credentials', {
    ...options,
    hint:
      'Sign in again: the access key id or the session token is not valid, was deleted, or belongs to another '
      + 'partition '
      + `(such as aws-cn or aws-us-gov). ${AGAIN}`,
  });
}

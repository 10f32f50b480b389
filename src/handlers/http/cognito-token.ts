import { JwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwtExpiredError, WaitPeriodNotYetEndedJwkError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { TokenRules } from '../../contract/environment';
import { StoreError } from '../common/errors';

export interface Claims {
  readonly [name: string]: unknown;
}

/** Public keys of user pools; they stay valid for the lifetime of the function. */
export const tokenKeys = new SimpleJwksCache();

/** The address of a pool's public keys. It follows the variables that every AWS SDK reads. */
export function keysAddress(issuer: string): string {
  const endpoint = process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER || process.env.AWS_ENDPOINT_URL;
  const base = endpoint ? `${endpoint.replace(/\/$/, '')}${new URL(issuer).pathname}` : issuer;
  return `${base}/.well-known/jwks.json`;
}

function tokenOf(event: APIGatewayProxyEvent): string | undefined {
  const name = Object.keys(event.headers ?? {}).find((header) => header.toLowerCase() === 'authorization');
  return name && event.headers[name]?.replace(/^Bearer +/i, '');
}

/**
 * Verifies the token of the request, although API Gateway has done so: a principal who can invoke the function writes
 * the event, and with it the claims that API Gateway adds. Returns the claims of the token itself.
 */
export async function verifiedClaims(event: APIGatewayProxyEvent, rules: TokenRules): Promise<Claims> {
  const token = tokenOf(event);
  if (!token) {
    throw new StoreError('unauthenticated', 'the request has no token; send one in the Authorization header');
  }
  const { issuer, use, clientId, scopes } = rules;
  const verifier = JwtVerifier.create(
    { issuer, audience: null, jwksUri: keysAddress(issuer), scope: scopes && [...scopes] },
    { jwksCache: tokenKeys },
  );
  let claims: Claims;
  try {
    claims = { ...await verifier.verify(token) };
  } catch (error) {
    if (error instanceof FetchError || error instanceof WaitPeriodNotYetEndedJwkError) {
      throw new StoreError('unavailable', 'the public keys of the user pool are not available; try again');
    }
    throw new StoreError('unauthenticated', error instanceof JwtExpiredError
      ? 'the token has expired; sign in again' : 'the token is not valid; sign in again');
  }
  // An access token names its client in `client_id`, an ID token in `aud`:
  // https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
  if (claims.token_use !== use || (clientId && (use === 'id' ? claims.aud : claims.client_id) !== clientId)) {
    throw new StoreError('unauthenticated', `the token is not valid; send an ${use === 'id' ? 'ID' : 'access'} token `
      + 'of the store\'s user pool and app client');
  }
  return claims;
}

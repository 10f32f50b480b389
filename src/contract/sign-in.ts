/**
 * Where `model-store login` waits for the browser to come back: one of these, whichever port is free. A user pool's client has to
 * list them as they are. Cognito takes http only for `localhost`:
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
 */
export const SIGN_IN_PORTS = [18_732, 28_732, 38_732] as const;

export const SIGN_IN_SCOPE = 'openid';

export function signInCallback(port: number): string {
  return `http://localhost:${port}/`;
}

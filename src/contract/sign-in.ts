/**
 * Ports on which `model-store login` waits for the redirect of the browser; it uses the first one that is free. The app
 * client of the user pool must list all callback URLs. Cognito allows http only for `localhost`:
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
 */
export const SIGN_IN_PORTS = [18_732, 28_732, 38_732] as const;

export const SIGN_IN_SCOPE = 'openid';

export function signInCallback(port: number): string {
  return `http://localhost:${port}/`;
}

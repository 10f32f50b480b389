import { answer, type CommandContext } from './commands';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure, usageFailure } from '../runtime/failure';
import { printableLine } from '../runtime/format';
import { type StoreAddress, locateAddress } from '../store/locate';
import { openBrowser } from '../store/sign-in/browser';
import { openCallback } from '../store/sign-in/callback';
import { OpenIdProvider } from '../store/sign-in/openid';
import { type Provider, readSignIn, type Tokens, writeSignIn } from '../store/sign-in/saved-sign-in';

export interface LoginArguments {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly browser: boolean;
  /** How long to wait for the sign-in, in seconds. */
  readonly timeout: number;
}

export async function loginCommand(context: CommandContext, options: LoginArguments): Promise<number> {
  const { environment } = context;
  const store = await locateAddress(environment, context.options);
  const provider = await providerOf(environment, store, options);
  const tokens = await signIn(environment, provider, options);
  await writeSignIn(environment, store.url, provider, tokens);
  const user = userOf(tokens.idToken);
  answer(context, { url: store.url.href, user, renewable: tokens.refreshToken !== undefined }, () =>
    `signed in to ${store.url.href} as ${printableLine(user)}\n`);
  return EXIT.OK;
}

export async function logoutCommand(context: CommandContext): Promise<number> {
  const { environment } = context;
  const { url } = await locateAddress(environment, context.options);
  const saved = await readSignIn(environment, url);
  if (!saved?.tokens) {
    answer(context, { url: url.href, signedOut: false }, () => `not signed in to ${url.href}\n`);
    return EXIT.OK;
  }
  // Delete the tokens first, so that this machine is signed out even if the network fails.
  await writeSignIn(environment, url, saved);
  const { refreshToken } = saved.tokens;
  const revoked = refreshToken !== undefined
    && await (await OpenIdProvider.discover(environment, saved)).revoke(refreshToken);
  const warning = refreshToken === undefined || revoked ? ''
    : '; the identity provider does not support revocation, so a copy of the sign-in works until it expires';
  answer(context, { url: url.href, signedOut: true, revoked }, () => `signed out of ${url.href}${warning}\n`);
  return EXIT.OK;
}

/** The identity provider from the options, the store's description or the previous sign-in, in this order. */
async function providerOf(
  environment: Environment, { url, description }: StoreAddress, given: LoginArguments,
): Promise<Provider> {
  if (description !== undefined && description.authentication !== 'cognito') {
    throw usageFailure(`the store "${description.storeName}" uses AWS credentials, not Cognito`, [],
      'Sign in to AWS, for example with "aws sso login", and set AWS_PROFILE.');
  }
  const before = await readSignIn(environment, url);
  const issuer = given.issuer ?? description?.issuer ?? before?.issuer;
  const clientId = given.clientId ?? description?.userPoolClientId ?? before?.clientId;
  if (issuer === undefined || clientId === undefined) {
    throw usageFailure('no identity provider given', [],
      'Use --issuer and --client-id. The output LoginCommand of the store\'s stack is the complete command.');
  }
  if (!URL.canParse(issuer) || !isSafe(new URL(issuer))) {
    throw usageFailure(`${JSON.stringify(issuer)} is not a valid issuer`, [],
      'Expected https://cognito-idp.<region>.amazonaws.com/<user pool id>');
  }
  return { issuer, clientId };
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
}

async function signIn(
  environment: Environment, where: Provider, { browser, timeout }: LoginArguments,
): Promise<Tokens> {
  const provider = await OpenIdProvider.discover(environment, where);
  const callback = await openCallback();
  try {
    const request = await provider.begin(callback.redirectUri);
    const opened = browser && await openBrowser(environment, request.address);
    const { port } = new URL(callback.redirectUri);
    environment.stderr.write(opened
      ? `Opening a browser to sign in. If none opens, open this URL on this machine:\n\n  ${request.address.href}\n\n`
      : `Open this URL in a browser on this machine and sign in:\n\n  ${request.address.href}\n\n`
        + `The sign-in redirects to ${callback.redirectUri}. If the browser runs on another machine, forward that port `
        + `first, for example: ssh -L ${port}:localhost:${port} THIS-MACHINE\n`);
    const late = AbortSignal.timeout(timeout * 1_000);
    const waiting = callback.wait((address) => request.accepts(address), AbortSignal.any([environment.signal, late]));
    const returned = await waiting.catch((error: unknown) => {
      throw late.aborted && !environment.signal.aborted ? new Failure(`no sign-in within ${timeout} seconds`, {
        code: 'unauthenticated',
        exitCode: EXIT.FORBIDDEN,
        hint: 'Run "model-store login" again, with --timeout SECONDS to wait longer.',
      }) : error;
    });
    return await request.redeem(returned);
  } finally {
    callback.close();
  }
}

/** The user name for display. The store validates the token. */
function userOf(idToken: string): string {
  const payload = Buffer.from(idToken.split('.')[1], 'base64url').toString('utf8');
  const claims = JSON.parse(payload) as { readonly [claim: string]: unknown };
  return String(claims['cognito:username'] ?? claims.preferred_username ?? claims.email ?? claims.sub);
}

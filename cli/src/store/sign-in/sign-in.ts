import { openBrowser } from './browser';
import { openCallback } from './callback';
import { OpenIdProvider } from './openid';
import { type Provider, readSignIn, type Tokens, writeSignIn } from './saved-sign-in';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure, usageFailure } from '../../runtime/failure';
import { locateAddress, type StoreOptions } from '../locate';
import { rememberStore, type StoreAddress } from '../store-identity';

export interface SignInOptions {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly browser: boolean;
  /** How long to wait for the sign-in, in seconds. */
  readonly timeout: number;
}

export interface SignedIn {
  readonly url: string;
  /** The user name for display. */
  readonly user: string;
  readonly renewable: boolean;
}

/** Signs in to a store with a browser, and saves the tokens. */
export async function signIn(
  environment: Environment, store: StoreOptions, options: SignInOptions,
): Promise<SignedIn> {
  const address = await rememberStore(await locateAddress(environment, store), (line) => environment.warn?.(line));
  const provider = await providerOf(environment, address, options);
  const tokens = await tokensOf(environment, provider, options);
  await writeSignIn(environment, address.url, provider, tokens);
  return { url: address.url.href, user: userOf(tokens.idToken), renewable: tokens.refreshToken !== undefined };
}

export type SignedOut = { readonly url: string } & (
  { readonly signedOut: false } | {
    readonly signedOut: true;
    readonly revoked: boolean;
    /** Whether a copy of the sign-in works until it expires. */
    readonly copiesWork: boolean;
  });

/** Deletes the saved sign-in to a store and revokes it, if the identity provider can. */
export async function signOut(environment: Environment, store: StoreOptions): Promise<SignedOut> {
  const { url } = await locateAddress(environment, store);
  const saved = await readSignIn(environment, url);
  if (!saved?.tokens) {
    return { url: url.href, signedOut: false };
  }
  // Delete the tokens first, so that this machine is signed out even if the network fails.
  await writeSignIn(environment, url, saved);
  const { refreshToken } = saved.tokens;
  const revoked = refreshToken !== undefined
    && await (await OpenIdProvider.discover(environment, saved)).revoke(refreshToken);
  return { url: url.href, signedOut: true, revoked, copiesWork: refreshToken !== undefined && !revoked };
}

/** The identity provider from the options, the store's description or the previous sign-in, in this order. */
async function providerOf(
  environment: Environment, { url, description }: StoreAddress, given: SignInOptions,
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

async function tokensOf(
  environment: Environment, where: Provider, { browser, timeout }: SignInOptions,
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

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
  /** Seconds. */
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
    answer(context, { url: url.href, signedOut: false }, () => `nobody is signed in to ${url.href} here\n`);
    return EXIT.OK;
  }
  // First here: whatever the network does, this machine can call the store no more.
  await writeSignIn(environment, url, saved);
  const { refreshToken } = saved.tokens;
  const revoked = refreshToken !== undefined && await (await OpenIdProvider.discover(environment, saved)).revoke(refreshToken);
  answer(context, { url: url.href, signedOut: true, revoked }, () => `signed out of ${url.href}${refreshToken === undefined || revoked ? ''
    : '; the identity provider has no way to revoke the sign-in, so that a copy of it would work until it expires'}\n`);
  return EXIT.OK;
}

/** Where to sign in: as the store says, as the person says, or as it was the last time. */
async function providerOf(environment: Environment, { url, description }: StoreAddress, given: LoginArguments): Promise<Provider> {
  if (description !== undefined && description.authentication !== 'cognito') {
    throw usageFailure(`the store "${description.storeName}" knows its callers by AWS credentials; there is nothing to sign in to`, [],
      'Sign in to AWS, for example with "aws sso login", and set AWS_PROFILE.');
  }
  const before = await readSignIn(environment, url);
  const issuer = given.issuer ?? description?.issuer ?? before?.issuer;
  const clientId = given.clientId ?? description?.userPoolClientId ?? before?.clientId;
  if (issuer === undefined || clientId === undefined) {
    throw usageFailure('where do people of this store sign in?', [],
      'Give --issuer and --client-id: the output LoginCommand of the store\'s stack is the whole command.');
  }
  if (!URL.canParse(issuer) || !isSafe(new URL(issuer))) {
    throw usageFailure(`${JSON.stringify(issuer)} is not an issuer: it looks like https://cognito-idp.<region>.amazonaws.com/<user pool id>`);
  }
  return { issuer, clientId };
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
}

async function signIn(environment: Environment, where: Provider, { browser, timeout }: LoginArguments): Promise<Tokens> {
  const provider = await OpenIdProvider.discover(environment, where);
  const callback = await openCallback();
  try {
    const request = await provider.begin(callback.redirectUri);
    const opened = browser && await openBrowser(environment, request.address);
    environment.stderr.write(opened
      ? `Sign in in the browser that opens. If none does, open this address on this machine:\n\n  ${request.address.href}\n\n`
      : `Open this address in a browser on this machine, and sign in:\n\n  ${request.address.href}\n\n`
        + `The browser comes back to ${callback.redirectUri}. If it runs on another machine, forward that port to this one first, `
        + `for example: ssh -L ${new URL(callback.redirectUri).port}:localhost:${new URL(callback.redirectUri).port} THIS-MACHINE\n`);
    const late = AbortSignal.timeout(timeout * 1_000);
    const waiting = callback.wait((address) => request.accepts(address), AbortSignal.any([environment.signal, late]));
    const returned = await waiting.catch((error: unknown) => {
      throw late.aborted && !environment.signal.aborted ? new Failure(`nobody signed in within ${timeout} seconds`, {
        code: 'unauthenticated', exitCode: EXIT.FORBIDDEN, hint: 'Run "model-store login" again; --timeout SECONDS waits longer.',
      }) : error;
    });
    return await request.redeem(returned);
  } finally {
    callback.close();
  }
}

/** For people to read: what it says is for the store to believe. */
function userOf(idToken: string): string {
  const claims = JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url').toString('utf8')) as { readonly [claim: string]: unknown };
  return String(claims['cognito:username'] ?? claims.preferred_username ?? claims.email ?? claims.sub);
}

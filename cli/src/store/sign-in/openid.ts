import type * as OpenIdClient from 'openid-client' with { 'resolution-mode': 'import' };
import type { Provider, Tokens } from './saved-sign-in';
import { SIGN_IN_SCOPE } from '../../../../src/contract/sign-in';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure } from '../../runtime/failure';
import { readBody } from '../../runtime/http-client';

type Client = typeof OpenIdClient;
type SignInEnvironment = Pick<Environment, 'http' | 'variables' | 'now' | 'signal'>;

/** Configurations, keys and tokens have a few kilobytes. A longer answer is cut off, so it is not valid. */
const LARGEST_ANSWER_BYTES = 1024 * 1024;

/** A sign-in request for the browser. */
export interface Request {
  readonly address: URL;
  /** Whether a redirect URL is the response to this request. */
  accepts(address: URL): boolean;
  /** Exchanges the code in the redirect URL for tokens. */
  redeem(address: URL): Promise<Tokens>;
}

export class OpenIdProvider {
  static async discover(network: SignInEnvironment, { issuer, clientId }: Provider): Promise<OpenIdProvider> {
    // Loaded on demand, because only a sign-in needs it.
    const client = await import('openid-client');
    const server = new URL(issuer);
    const options: OpenIdClient.DiscoveryRequestOptions = {
      [client.customFetch]: fetchThrough(network),
      ...(isLoopback(server) ? { execute: [client.allowInsecureRequests] } : {}),
    };
    const configuration = await explained('cannot read the configuration of the identity provider', network, async () =>
      client.discovery(server, clientId, undefined, client.None(), options));
    return new OpenIdProvider(client, configuration, network);
  }

  private constructor(
    private readonly client: Client,
    private readonly configuration: OpenIdClient.Configuration,
    private readonly network: SignInEnvironment,
  ) {}

  /** Authorization code with PKCE: https://www.rfc-editor.org/rfc/rfc8252, https://www.rfc-editor.org/rfc/rfc7636 */
  async begin(redirectUri: string): Promise<Request> {
    const { client } = this;
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    const address = client.buildAuthorizationUrl(this.configuration, {
      redirect_uri: redirectUri,
      scope: SIGN_IN_SCOPE,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return {
      address,
      accepts: ({ searchParams }) => (
        searchParams.get('state') === state && (searchParams.has('code') || searchParams.has('error'))),
      redeem: async (answer) => explained('the sign-in failed', this.network, async () => (
        this.tokensOf(await client.authorizationCodeGrant(this.configuration, answer, {
          pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
        })))),
    };
  }

  async refresh(refreshToken: string): Promise<Tokens> {
    return explained('cannot renew the sign-in', this.network, async () =>
      this.tokensOf(await this.client.refreshTokenGrant(this.configuration, refreshToken), refreshToken));
  }

  /** Revokes the refresh token. False if the provider does not support revocation. */
  async revoke(refreshToken: string): Promise<boolean> {
    if (this.configuration.serverMetadata().revocation_endpoint === undefined) {
      return false;
    }
    await explained('cannot revoke the sign-in at the identity provider', this.network, async () =>
      this.client.tokenRevocation(this.configuration, refreshToken, { token_type_hint: 'refresh_token' }));
    return true;
  }

  private tokensOf(
    answer: OpenIdClient.TokenEndpointResponse & OpenIdClient.TokenEndpointResponseHelpers, before?: string,
  ): Tokens {
    const { id_token: idToken } = answer;
    const expires = answer.claims()?.exp;
    if (idToken === undefined || expires === undefined) {
      throw new Failure('the identity provider returned no ID token', {
        code: 'unauthenticated', exitCode: EXIT.FORBIDDEN, hint: 'The app client needs the scope "openid".',
      });
    }
    // Without rotation, the original refresh token stays valid.
    return { idToken, expiresAt: expires * 1_000, refreshToken: answer.refresh_token ?? before };
  }
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

/** A `fetch` that uses the command's HTTP client, with its proxy and certificate authorities. */
function fetchThrough({ http, variables, signal }: SignInEnvironment): OpenIdClient.CustomFetch {
  return async (address, { method, headers, body }) => {
    const sent = typeof body === 'string' ? body : body instanceof URLSearchParams ? body.toString() : undefined;
    const response = await http.send({
      method, url: localAddress(new URL(address), variables.AWS_ENDPOINT_URL), headers, signal,
      ...(sent === undefined ? {} : { body: Buffer.from(sent) }),
    });
    const bytes = await readBody(response, new URL(address), LARGEST_ANSWER_BYTES, signal);
    const received = new Headers();
    Object.entries(response.headers).forEach(([name, value]) => received.set(name, String(value)));
    const { status } = response;
    return new Response([204, 304].includes(status) ? null : new Uint8Array(bytes), { status, headers: received });
  };
}

/** A local AWS emulator serves Cognito on its own host. Requests must not go to the real AWS. */
function localAddress(address: URL, endpoint: string | undefined): URL {
  return endpoint !== undefined && URL.canParse(endpoint)
    && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(endpoint).hostname)
    && /^cognito-idp\.[a-z0-9-]+\.amazonaws\./.test(address.hostname)
    ? new URL(address.pathname + address.search, endpoint) : address;
}

interface ProtocolError extends Error {
  readonly code?: string;
  /** OAuth error code: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
  readonly error?: string;
  readonly error_description?: string;
}

async function explained<T>(
  what: string, { signal }: Pick<SignInEnvironment, 'signal'>, work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    const known = [error, (error as Error).cause].find((each) => each instanceof Failure);
    if (known !== undefined) {
      throw known;
    }
    const { message, error: code, error_description: description } = error as ProtocolError;
    // Only the standard error fields are shown: the rest of the response may contain tokens.
    throw new Failure(`${what}: ${code === undefined ? message : `${description ?? code} (${code})`}`, {
      code: 'unauthenticated', exitCode: EXIT.FORBIDDEN, hint: 'Sign in again with "model-store login".', cause: error,
    });
  }
}

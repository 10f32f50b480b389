import { readFile } from 'node:fs/promises';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { EXIT, Failure } from '../runtime/failure';

export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body?: Uint8Array;
  /** The time of the store's clock, which may differ from the local clock. */
  readonly date: Date;
}

/** Authenticates requests to the store. */
export interface Authentication {
  /** The Region that requests are signed for; undefined if they are not signed. */
  readonly region?: string;
  authorize(request: UnsignedRequest): Promise<{ readonly [name: string]: string }>;
  /** Describes the caller; undefined if that cannot be determined quickly. */
  caller(): Promise<string | undefined>;
}

/** Signs each request for API Gateway with AWS credentials: Signature Version 4. */
export class AwsSignature implements Authentication {
  private readonly signer: SignatureV4;

  constructor(
    credentials: AwsCredentialIdentityProvider,
    readonly region: string,
    private readonly callerArn?: (region: string) => Promise<string | undefined>,
  ) {
    this.signer = new SignatureV4({
      service: 'execute-api', region, sha256: Sha256, credentials: explained(credentials),
    });
  }

  async authorize(request: UnsignedRequest): Promise<{ readonly [name: string]: string }> {
    const signed = await this.signer.sign(new HttpRequest({
      method: request.method,
      protocol: request.url.protocol,
      hostname: request.url.hostname,
      path: request.url.pathname,
      query: Object.fromEntries(request.url.searchParams),
      headers: { ...request.headers, host: request.url.host },
      body: request.body,
    }), { signingDate: request.date });
    return signed.headers;
  }

  async caller(): Promise<string | undefined> {
    return this.callerArn?.(this.region);
  }
}

function explained(provider: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  return async (properties) => {
    try {
      return await provider(properties);
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(`no AWS credentials: ${(error as Error).message}`, {
        code: 'unauthenticated',
        exitCode: EXIT.FORBIDDEN,
        hint: 'Sign in (for example with "aws sso login"), set AWS_PROFILE or the AWS_… variables, or pass a Cognito '
          + 'ID token with --token-file.',
        cause: error,
      });
    }
  };
}

/**
 * Sends a user's ID token. API Gateway expects it without a scheme such as "Bearer":
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-invoke-api-integrated-with-cognito-user-pool.html
 */
export class CognitoToken implements Authentication {
  static ofText(token: string): CognitoToken {
    const trimmed = requireToken(token, '--token');
    return new CognitoToken(async () => trimmed);
  }

  /** Reads the file for each request, so that a long push continues after the token is renewed. */
  static ofFile(path: string): CognitoToken {
    return new CognitoToken(async () => {
      try {
        return requireToken(await readFile(path, 'utf8'), path);
      } catch (error) {
        if (error instanceof Failure) {
          throw error;
        }
        throw new Failure(`cannot read the token file: ${(error as Error).message}`, {
          code: 'unauthenticated', exitCode: EXIT.FORBIDDEN, cause: error,
        });
      }
    });
  }

  private constructor(private readonly read: () => Promise<string>) {}

  async authorize(request: UnsignedRequest): Promise<{ readonly [name: string]: string }> {
    return { ...request.headers, authorization: await this.read() };
  }

  async caller(): Promise<string | undefined> {
    return describeTokenUser(await this.read());
  }
}

/** Describes the user in the claims of an ID token. The signature is not checked here; the store checks it. */
export function describeTokenUser(token: string): string | undefined {
  const [, claims = ''] = token.split('.');
  try {
    const { 'cognito:username': name, email, sub, 'cognito:groups': groups } =
      JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { readonly [claim: string]: unknown };
    const user = [name, email, sub].find((claim) => typeof claim === 'string');
    const membership = Array.isArray(groups) ? `groups: ${groups.join(', ')}` : 'not in any group';
    return user === undefined ? undefined : `${user as string} (${membership})`;
  } catch {
    return undefined;
  }
}

function requireToken(text: string, where: string): string {
  const token = text.trim().replace(/^Bearer\s+/i, '');
  if (!/^[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+$/.test(token)) {
    throw new Failure(`${where} does not contain a JWT (expected header.payload.signature)`, {
      code: 'unauthenticated', exitCode: EXIT.FORBIDDEN,
    });
  }
  return token;
}

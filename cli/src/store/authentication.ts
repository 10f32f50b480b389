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
  /** By the store's clock, which may differ from this machine's. */
  readonly date: Date;
}

/** Adds to a request what says who sends it. */
export interface Authentication {
  /** The Region that requests are signed for; undefined where they are not signed. */
  readonly region?: string;
  authorize(request: UnsignedRequest): Promise<{ readonly [name: string]: string }>;
  /** Who the store sees, in words; undefined where that is not to be had at once. */
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
    this.signer = new SignatureV4({ service: 'execute-api', region, sha256: Sha256, credentials: explained(credentials) });
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
        hint: 'Sign in (for example "aws sso login"), set AWS_PROFILE or the AWS_… variables, or give a Cognito token with --token-file.',
        cause: error,
      });
    }
  };
}

/**
 * A user's identity token. API Gateway takes it bare, without a scheme before it:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-invoke-api-integrated-with-cognito-user-pool.html
 */
export class CognitoToken implements Authentication {
  static ofText(token: string): CognitoToken {
    const trimmed = requireToken(token, 'the token');
    return new CognitoToken(async () => trimmed);
  }

  /** Reads the file for each request, so that a push that outlives one token goes on with the next. */
  static ofFile(path: string): CognitoToken {
    return new CognitoToken(async () => {
      try {
        return requireToken(await readFile(path, 'utf8'), path);
      } catch (error) {
        throw error instanceof Failure ? error : new Failure(`cannot read the token file: ${(error as Error).message}`, {
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

/** The user in an identity token's claims. The signature is not checked: the store does that. */
export function describeTokenUser(token: string): string | undefined {
  const [, claims = ''] = token.split('.');
  try {
    const { 'cognito:username': name, email, sub, 'cognito:groups': groups } =
      JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { readonly [claim: string]: unknown };
    const user = [name, email, sub].find((claim) => typeof claim === 'string');
    return user === undefined ? undefined : `${user as string}, ${Array.isArray(groups) ? `in the groups ${groups.join(', ')}` : 'in no group'}`;
  } catch {
    return undefined;
  }
}

function requireToken(text: string, where: string): string {
  const token = text.trim().replace(/^Bearer\s+/i, '');
  if (!/^[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+$/.test(token)) {
    throw new Failure(`${where} holds no identity token: three base64url pieces with dots between them`, {
      code: 'unauthenticated', exitCode: EXIT.FORBIDDEN,
    });
  }
  return token;
}

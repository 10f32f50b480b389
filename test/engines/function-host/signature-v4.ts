import * as crypto from 'node:crypto';
import type { Credentials } from '../../local/rig/environment';

/** A request as received, before it is parsed. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, exactly as sent. */
  readonly target: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Buffer;
}

export type Verdict<Signer> =
  { readonly signer: Signer } | { readonly refused: 'missing' | 'unknown-key' | 'expired' | 'mismatch' };

/** The clock skew that AWS allows. */
const MOST_SKEW_MS = 5 * 60_000;

interface Authorization {
  readonly accessKeyId: string;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Verifies a signature in the Authorization header; implemented from the AWS documentation, so that it shares no code
 * with the signer. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verifySignature<Signer extends { readonly credentials: Credentials }>(
  request: SignedRequest,
  service: string,
  region: string,
  signers: readonly Signer[],
  now: number = Date.now(),
): Verdict<Signer> {
  const authorization = parse(headerOf(request, 'authorization'));
  const date = headerOf(request, 'x-amz-date');
  if (authorization === undefined || !/^\d{8}T\d{6}Z$/.test(date) || !authorization.signedHeaders.includes('host')) {
    return { refused: 'missing' };
  }
  const signer = signers.find(({ credentials }) => credentials.accessKeyId === authorization.accessKeyId);
  if (signer === undefined || headerOf(request, 'x-amz-security-token') !== (signer.credentials.sessionToken ?? '')) {
    return { refused: 'unknown-key' };
  }
  const signedAt = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Math.abs(now - signedAt) > MOST_SKEW_MS) {
    return { refused: 'expired' };
  }
  const scope = [date.slice(0, 8), region, service, 'aws4_request'];
  const toSign = [
    'AWS4-HMAC-SHA256',
    date,
    scope.join('/'),
    sha256(canonicalRequest(request, authorization.signedHeaders)),
  ].join('\n');
  const key = scope.reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${signer.credentials.secretAccessKey}`,
  );
  const matches =
    authorization.scope === scope.join('/') && authorization.signature === hmac(key, toSign).toString('hex');
  return matches ? { signer } : { refused: 'mismatch' };
}

function parse(header: string): Authorization | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(header);
  return match === null
    ? undefined
    : { accessKeyId: match[1], scope: match[2], signedHeaders: match[3].split(';'), signature: match[4] };
}

function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const [path, query = ''] = request.target.split('?');
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name, value = ''] = pair.split('=');
      return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value))] as const;
    });
  pairs.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)));
  return [
    request.method,
    // For every service except S3, the path is encoded a second time.
    path.split('/').map(encode).join('/'),
    pairs.map((pair) => pair.join('=')).join('&'),
    ...signedHeaders.map((name) => `${name}:${headerOf(request, name).trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function headerOf({ headers }: SignedRequest, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

function sha256(data: string | Buffer): string {
  return crypto.createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return crypto.createHmac('sha256', key).update(data).digest();
}

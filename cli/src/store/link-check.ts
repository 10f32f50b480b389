import { partition } from '@aws-sdk/core/client';
import { badAnswer } from './bad-answer';
import { quotedText } from '../../../src/contract/visible-text';
import { EXIT, Failure } from '../runtime/failure';

/** A presigned URL as the store returned it. */
export interface GivenLink {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
}

/** Where presigned URLs of a store may lead. */
export interface LinkPlace {
  readonly storeUrl: URL;
  /** Absent if the store was given by URL. */
  readonly bucketName?: string;
  readonly region?: string;
  /** Hosts of local endpoints and of the endpoint that the user configured for S3. */
  isOwnEndpoint(host: URL): boolean;
}

/** Headers that the store signs into its presigned URLs. Any other could change what the request means. */
const HEADERS: Readonly<Record<'GET' | 'PUT', readonly string[]>> = {
  GET: [],
  PUT: ['content-length', 'if-none-match', 'x-amz-checksum-sha256'],
};

const REGION = '[a-z0-9-]+';
const escaped = (text: string) => text.replace(/[.]/g, '\\.');

/**
 * The bucket of a URL of Amazon S3, virtual-hosted or path style, including dual-stack and FIPS endpoints. Undefined
 * for any other host.
 * https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
export function bucketOfUrl(url: URL, region: string | undefined): string | undefined {
  const [, bucket, found] = new RegExp(`^(?:(.+)\\.)?s3(?:-fips)?(?:\\.dualstack)?\\.(${REGION})\\.amazonaws\\.`)
    .exec(url.hostname) ?? [];
  const wanted = region ?? found;
  if (wanted === undefined) {
    return undefined;
  }
  const host = new RegExp(
    `^(?:(.+)\\.)?s3(?:-fips)?(?:\\.dualstack)?\\.${escaped(wanted)}\\.${escaped(partition(wanted).dnsSuffix)}$`);
  return host.test(url.hostname) ? bucket ?? url.pathname.split('/')[1] : undefined;
}

/**
 * Checks a presigned URL before anything is sent to it or read from it: the store's own bucket, over TLS, with the
 * expected method and no headers but the known ones.
 */
export function checkedLink(link: GivenLink, method: 'GET' | 'PUT', place: LinkPlace): URL {
  const url = URL.canParse(link.url) ? new URL(link.url) : undefined;
  if (url === undefined) {
    throw badAnswer('a presigned URL is not a valid URL');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw badAnswer(`a presigned URL starts with ${quotedText(url.protocol)} instead of "https:"`);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && place.storeUrl.protocol === 'http:')) {
    throw new Failure(`the store returned a presigned URL for ${url.host} without TLS; it is not used`, {
      code: 'insecure_link', exitCode: EXIT.FAILURE,
    });
  }
  if (link.method !== method) {
    throw refused(`one for ${JSON.stringify(link.method)} instead of ${method}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(`one with a user name for ${url.host}`);
  }
  const foreign = Object.keys(link.headers ?? {}).filter((name) => !HEADERS[method].includes(name.toLowerCase()));
  if (foreign.length > 0) {
    throw refused(`one with the unexpected ${foreign.length === 1 ? 'header' : 'headers'} ${JSON.stringify(foreign)}`);
  }
  requireBucket(url, place);
  return url;
}

function requireBucket(url: URL, { bucketName, region, isOwnEndpoint }: LinkPlace): void {
  if (isOwnEndpoint(url)) {
    const inPath = url.pathname.split('/')[1] === bucketName;
    if (bucketName !== undefined && !inPath && !url.hostname.startsWith(`${bucketName}.`)) {
      throw refused(`one for ${url.host}${url.pathname}, which is not in its bucket ${bucketName}`);
    }
    return;
  }
  const bucket = bucketOfUrl(url, region);
  if (bucket === undefined) {
    throw refused(`one for ${url.host}, which is not Amazon S3${region === undefined ? '' : ` in ${region}`}`);
  }
  if (bucketName !== undefined && bucket !== bucketName) {
    throw refused(`one for the bucket ${JSON.stringify(bucket)}, but its bucket is ${bucketName}`);
  }
}

function refused(what: string): Failure {
  return new Failure(`the store returned a presigned URL that is not used: ${what}`, {
    code: 'foreign_link',
    exitCode: EXIT.UNTRUSTED,
    hint: 'The store is not what it should be, or someone changed where its name leads. Nothing was sent to that URL. '
      + 'Report this to the operators of the store.',
  });
}

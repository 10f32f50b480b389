import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from './loopback-server';

interface StoredObject {
  bytes: Buffer;
  lastModified: Date;
}

/** Replaces the answer to a GetObject, if it gives `true`. */
export type GetInterception = (key: string, request: IncomingMessage, response: ServerResponse) => boolean;

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/**
 * As much of S3 as reading a bucket takes: pages of keys in S3's order, and objects with ETag, range and `If-Match`. It exists to
 * make faults at will; cli/test/local reads a real bucket of the local AWS.
 */
export class BucketDouble extends LoopbackServer {
  readonly objects = new Map<string, StoredObject>();
  /** Keys of the objects that were asked for, with the range. */
  readonly reads: string[] = [];
  /** Prefixes that were listed, once for each page. */
  readonly listed: string[] = [];
  pageSize = 1000;
  intercept?: GetInterception;

  constructor(readonly name: string) {
    super();
  }

  put(key: string, content: string | Buffer, lastModified = '2024-01-01T00:00:00.000Z'): void {
    this.objects.set(key, { bytes: Buffer.from(content as string), lastModified: new Date(lastModified) });
  }

  protected serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, this.origin);
    const [bucket, ...rest] = decodeURIComponent(url.pathname.slice(1)).split('/');
    if (bucket !== this.name) {
      this.refuse(response, 404, 'NoSuchBucket');
    } else if (url.searchParams.has('list-type')) {
      this.list(url, response);
    } else {
      this.get(rest.join('/'), request, response);
    }
  }

  private refuse(response: ServerResponse, status: number, code: string): void {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  }

  private list(url: URL, response: ServerResponse): void {
    const prefix = url.searchParams.get('prefix') ?? '';
    this.listed.push(prefix);
    const after = url.searchParams.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .filter((key) => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);
    const page = keys.slice(0, this.pageSize);
    const more = keys.length > page.length;
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(`<ListBucketResult><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${escaped(page.at(-1)!)}</NextContinuationToken>` : ''}${
      page.map((key) => {
        const { bytes, lastModified } = this.objects.get(key)!;
        return `<Contents><Key>${escaped(key)}</Key><Size>${bytes.length}</Size><LastModified>${lastModified.toISOString()}</LastModified>`
          + `<ETag>${etagOf(bytes)}</ETag></Contents>`;
      }).join('')}</ListBucketResult>`);
  }

  private get(key: string, request: IncomingMessage, response: ServerResponse): void {
    this.reads.push(`${key}${request.headers.range ? ` ${request.headers.range}` : ''}`);
    if (this.intercept?.(key, request, response)) {
      return;
    }
    const found = this.objects.get(key);
    if (found === undefined) {
      return this.refuse(response, 404, 'NoSuchKey');
    }
    const etag = etagOf(found.bytes);
    if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag) {
      return this.refuse(response, 412, 'PreconditionFailed');
    }
    const from = Number(/^bytes=([0-9]+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const bytes = found.bytes.subarray(from);
    response.writeHead(request.headers.range ? 206 : 200, { etag, 'content-length': `${bytes.length}` });
    response.end(bytes);
  }
}

export function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

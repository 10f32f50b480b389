import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Upload {
  readonly model: string;
  readonly digest: string;
  readonly parts: Map<number, Buffer>;
}

/** The request that a presigned URL is signed for. */
export interface Signing {
  readonly method: 'PUT' | 'GET';
  readonly key: string;
  /** The headers that the request must contain unchanged. */
  readonly headers: { readonly [name: string]: string };
  readonly uploadId?: string;
  readonly partNumber?: number;
}

interface SignedLink extends Signing {
  readonly expiresAt: number;
}

type Refuse = (status: number, code: string, message: string) => void;

const LINK_MILLISECONDS = 15 * 60_000;

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

/** An S3 behind presigned URLs with the checks of S3: signed headers, expiry, checksums, lengths, write-once. */
export class LinkedBucket {
  readonly blobs = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();
  private readonly links = new Map<string, SignedLink>();

  /** `origin` is where the bucket answers. */
  sign(origin: string, signing: Signing): { method: string; url: string; expiresAt: string } {
    const id = randomBytes(8).toString('hex');
    const expiresAt = Date.now() + LINK_MILLISECONDS;
    this.links.set(id, { ...signing, expiresAt });
    return { method: signing.method, url: `${origin}/bucket/${signing.key}?X-Amz-Signature=${id}`, expiresAt: new Date(expiresAt).toISOString() };
  }

  /** Makes every presigned URL issued so far invalid. */
  expireLinks(): void {
    for (const [id, link] of this.links) {
      this.links.set(id, { ...link, expiresAt: 0 });
    }
  }

  transfer(request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer): void {
    const refuse = (status: number, code: string, message: string) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>S3REQUEST</RequestId></Error>`);
    };
    const link = this.links.get(url.searchParams.get('X-Amz-Signature') ?? '');
    const key = url.pathname.replace('/bucket/', '');
    if (!link || link.method !== request.method || link.key !== key) {
      return refuse(403, 'SignatureDoesNotMatch', 'The request signature does not match');
    }
    for (const [name, value] of Object.entries(link.headers)) {
      if (request.headers[name] !== value) {
        return refuse(403, 'SignatureDoesNotMatch', `The header ${name} is ${request.headers[name]}, signed was ${value}`);
      }
    }
    if (link.expiresAt < Date.now()) {
      return refuse(403, 'AccessDenied', 'Request has expired');
    }
    return request.method === 'PUT' ? this.put(link, body, request, response, refuse) : this.get(link, request, response, refuse);
  }

  private put(link: SignedLink, body: Buffer, request: IncomingMessage, response: ServerResponse, refuse: Refuse): void {
    if (sha256(body).toString('base64') !== request.headers['x-amz-checksum-sha256']) {
      return refuse(400, 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
    }
    if (link.uploadId === undefined) {
      if (this.blobs.has(link.key)) {
        return refuse(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
      }
      this.blobs.set(link.key, body);
    } else {
      const upload = this.uploads.get(link.uploadId);
      if (!upload) {
        return refuse(404, 'NoSuchUpload', 'The specified multipart upload does not exist.');
      }
      upload.parts.set(link.partNumber!, body);
    }
    response.writeHead(200, { etag: '"etag"' });
    response.end();
    return undefined;
  }

  private get(link: SignedLink, request: IncomingMessage, response: ServerResponse, refuse: Refuse): void {
    const bytes = this.blobs.get(link.key);
    if (!bytes) {
      return refuse(404, 'NoSuchKey', 'The specified key does not exist.');
    }
    const etag = `"${sha256(bytes).toString('hex').slice(0, 32)}"`;
    if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag) {
      return refuse(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
    }
    const start = Number(/^bytes=([0-9]+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start > 0 && start >= bytes.length) {
      return refuse(416, 'InvalidRange', 'The requested range is not satisfiable');
    }
    const headers = { etag, 'content-length': `${bytes.length - start}` };
    if (request.headers.range) {
      response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` });
    } else {
      response.writeHead(200, headers);
    }
    response.end(bytes.subarray(start));
    return undefined;
  }
}

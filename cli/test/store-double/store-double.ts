import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiRoutes, match } from './api-routes';
import { LinkedBucket } from './linked-bucket';
import type { ManifestFile } from '../../../src/contract/manifest';
import type { RouteName } from '../../../src/contract/routes';
import { LoopbackServer } from '../loopback-server';

export interface Seen {
  readonly route?: RouteName;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A route's answer is replaced by what this gives, if it gives something. */
export type Interception = (call: InterceptedCall) =>
{ status: number; body: string | object; headers?: { [name: string]: string } } | 'handled' | undefined | void;

export interface InterceptedCall {
  readonly route?: RouteName;
  readonly method: string;
  readonly url: URL;
  readonly body: Buffer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * A server that implements the contract, with an S3 behind its presigned URLs, and with faults on demand; the same command runs
 * against the real functions on a local AWS in test/local.
 */
export class StoreDouble extends LoopbackServer {
  readonly bucket = new LinkedBucket();
  readonly routes = new ApiRoutes(this.bucket);
  readonly seen: Seen[] = [];
  /** Largest number of transfers that S3 saw at once. */
  mostAtOnce = 0;
  intercept?: Interception;
  private atOnce = 0;
  private losing?: RouteName;

  get url(): string {
    return `${this.origin}/live`;
  }

  get blobs() {
    return this.bucket.blobs;
  }

  get manifests() {
    return this.routes.manifests;
  }

  calls(route: RouteName): Seen[] {
    return this.seen.filter((seen) => seen.route === route);
  }

  transfers(method: 'PUT' | 'GET'): Seen[] {
    return this.seen.filter((seen) => seen.route === undefined && seen.method === method);
  }

  forget(): void {
    this.seen.length = 0;
    this.mostAtOnce = 0;
  }

  /** What no store does: a version that was published has other files now. */
  tamper(reference: string, change: (files: readonly ManifestFile[]) => readonly ManifestFile[]): void {
    const manifest = this.manifests.get(reference)!;
    this.manifests.set(reference, { ...manifest, files: change(manifest.files) });
  }

  /** The next call of this route is done as asked, and its answer is lost on the way. */
  loseNextAnswerOf(route: RouteName): void {
    this.losing = route;
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    const transfer = url.pathname.startsWith('/bucket/');
    if (transfer) {
      this.atOnce++;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    }
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk as Buffer);
      }
      const body = Buffer.concat(chunks);
      const matched = transfer ? undefined : match(request.method!, url.pathname);
      this.seen.push({
        route: matched?.route, method: request.method!, url: url.href, headers: request.headers, body: transfer ? '' : body.toString('utf8'),
      });
      const replaced = this.intercept?.({ route: matched?.route, method: request.method!, url, body, request, response });
      if (replaced === 'handled') {
        return;
      }
      if (replaced) {
        response.writeHead(replaced.status, { 'x-amzn-requestid': 'request-7', ...replaced.headers });
        response.end(typeof replaced.body === 'string' ? replaced.body : JSON.stringify(replaced.body));
      } else if (transfer) {
        this.bucket.transfer(request, response, url, body);
      } else {
        const { status, value } = this.routes.handle(request, url, matched, body);
        if (matched !== undefined && matched.route === this.losing) {
          this.losing = undefined;
          response.destroy();
          return;
        }
        response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': 'request-7' });
        response.end(JSON.stringify(value));
      }
    } catch {
      // The client disconnected, so there is no one to answer.
      response.destroy();
    } finally {
      if (transfer) {
        this.atOnce--;
      }
    }
  }
}

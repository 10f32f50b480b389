import * as fs from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Exchange } from './exchange';
import { RecordingProxy } from './proxy';
import { startRecorder, type RunningRecorder } from './start-recorder';
import { ensureCertificates, type Certificates } from '../certificates';
import { ACCOUNT, REGION } from '../local-aws';
import { peakMemory } from '../memory';
import { stopProcessGroup } from '../process-identity';
import { ensurePython } from '../python';

const MIB = 2 ** 20;
const TO_CLIENT = 2 * 1024 * MIB;
const TO_SERVER = 512 * MIB;

/** A stream of this number of zero bytes, which are not kept in memory. */
function zeros(bytes: number): Readable {
  const chunk = Buffer.alloc(MIB);
  return Readable.from((function* () {
    for (let left = bytes; left > 0; left -= MIB) {
      yield left >= MIB ? chunk : chunk.subarray(0, left);
    }
  })(), { objectMode: false, highWaterMark: MIB });
}

async function drained(stream: Readable): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
  }
  return bytes;
}

describe('The recorder between a client and a server', () => {
  let certificates: Certificates;
  let identity: { readonly cert: Buffer; readonly key: Buffer };
  let server: https.Server;
  let target: string;
  let agent: https.Agent;
  let seenByServer: { url?: string; rawHeaders: string[]; bytes: number }[];

  beforeAll(async () => {
    certificates = await ensureCertificates((await ensurePython(() => undefined)).python);
    agent = new https.Agent({ ca: fs.readFileSync(certificates.authorityFile) });
    identity = { cert: fs.readFileSync(certificates.certificateFile), key: fs.readFileSync(certificates.keyFile) };
    server = https.createServer(identity, (request, response) => {
      void (async () => {
        const bytes = await drained(request).catch(() => undefined);
        if (bytes === undefined) {
          return;
        }
        seenByServer.push({ url: request.url, rawHeaders: request.rawHeaders, bytes });
        if (request.method === 'HEAD') {
          response.writeHead(200, { 'content-length': '12345', 'x-amz-request-id': 'R' }).end();
        } else if (request.method === 'GET') {
          const length = Number(new URL(request.url!, target).searchParams.get('bytes'));
          response.writeHead(200, { 'content-length': String(length) });
          await pipeline(zeros(length), response).catch(() => undefined);
        } else if (request.method === 'POST') {
          setTimeout(() => response.writeHead(200, { 'x-amz-request-id': 'late' }).end('done'), 300);
        } else {
          response.writeHead(204, { 'set-cookie': ['a=1', 'b=2'] }).end();
        }
      })();
    });
    server.requestTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    target = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    seenByServer = [];
  });
  afterAll(async () => {
    agent.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function send(endpoint: string, url: string, options: https.RequestOptions = {}, body?: Readable) {
    return new Promise<{ status: number; headers: Record<string, unknown>; bytes: number }>((resolve, reject) => {
      const request = https.request(`${endpoint}${url}`, { ...options, agent }, (answer) => {
        drained(answer).then((bytes) => resolve({ status: answer.statusCode!, headers: answer.headers, bytes }), reject);
      });
      request.once('error', reject);
      if (body === undefined) {
        request.end();
      } else {
        body.pipe(request);
      }
    });
  }

  describe('in this process', () => {
    let front: https.Server;
    let proxy: RecordingProxy;
    let endpoint: string;
    let exchanges: Exchange[];

    beforeEach(async () => {
      exchanges = [];
      proxy = new RecordingProxy({
        target, authority: fs.readFileSync(certificates.authorityFile), keepsBody: () => false, onExchange: (exchange) => exchanges.push(exchange),
      });
      front = https.createServer(identity, (request, response) => proxy.handle(request, response));
      await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
      endpoint = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      proxy.close();
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
    });

    test('forwards everything that can be signed unchanged: path, query and headers, including the host', async () => {
      const url = '/bucket/a%20key/%C3%A9+%2B?X-Amz-Expires=900&empty&twice=1&twice=2';

      const signed = { Host: 'signed.example:1234', 'X-Amz-Meta-One': ' two  words ' };
      const { status, headers } = await send(endpoint, url, { method: 'DELETE', servername: 'localhost', headers: signed });

      expect([status, headers['set-cookie']]).toEqual([204, ['a=1', 'b=2']]);
      expect(seenByServer[0].url).toBe(url);
      const pairs = Object.fromEntries(seenByServer[0].rawHeaders
        .flatMap((name, index, all) => (index % 2 === 0 ? [[name.toLowerCase(), all[index + 1]]] : [])));
      expect(pairs).toMatchObject({ host: 'signed.example:1234', 'x-amz-meta-one': 'two  words' });
      expect(Object.keys(pairs)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(x-forwarded|via)/)]));
    });

    test('counts the bytes of bodies in both directions, and none for HEAD', async () => {
      const head = await send(endpoint, '/bucket/key', { method: 'HEAD' });
      await send(endpoint, '/bucket/key', { method: 'PUT', headers: { 'content-length': 5 * MIB, expect: '100-continue' } }, zeros(5 * MIB));
      const get = await send(endpoint, `/bucket/key?bytes=${7 * MIB}`);
      await proxy.settled(1_000);

      expect([head.headers['content-length'], get.bytes, seenByServer[1].bytes]).toEqual(['12345', 7 * MIB, 5 * MIB]);
      expect(exchanges.map(({ method, bytesIn, bytesOut }) => [method, bytesIn, bytesOut])).toEqual([['HEAD', 0, 0], ['PUT', 5 * MIB, 0], ['GET', 0, 7 * MIB]]);
      expect(exchanges[2]).toMatchObject({ remoteAddress: '127.0.0.1', tlsVersion: expect.stringMatching(/^TLSv1\.[23]$/), cipherSuite: expect.stringMatching(/^[A-Z0-9_-]+$/) });
    });

    test('counts at least the bytes received by a client that disconnects', async () => {
      let received = 0;
      await new Promise<void>((resolve) => {
        const request = https.get(`${endpoint}/bucket/key?bytes=${512 * MIB}`, { agent }, (answer) => {
          answer.on('data', (chunk: Buffer) => {
            received += chunk.length;
            if (received > 3 * MIB) {
              request.destroy();
            }
          });
        });
        request.once('close', resolve).on('error', () => undefined);
      });
      await proxy.settled(5_000);

      expect(exchanges).toHaveLength(1);
      expect(exchanges[0].bytesOut).toBeGreaterThanOrEqual(received);
      expect(exchanges[0].bytesOut).toBeLessThan(64 * MIB);
    });

    test('reports requests whose client did not wait for the response, but not incomplete requests', async () => {
      const goAway = async (options: https.RequestOptions, body: string) => new Promise<void>((resolve) => {
        const request = https.request(`${endpoint}/bucket/key`, { ...options, agent }).once('close', resolve).on('error', () => undefined);
        request.write(body, () => setTimeout(() => request.destroy(), 100));
      });

      await goAway({ method: 'POST', headers: { 'content-length': '4' } }, 'body');
      await goAway({ method: 'POST', headers: { 'content-length': '400' } }, 'body');
      await proxy.settled(5_000);

      expect(exchanges.map(({ method, status, bytesIn, bytesOut, responseHeaders }) => [method, status, bytesIn, bytesOut, responseHeaders['x-amz-request-id']]))
        .toEqual([['POST', 200, 4, 0, 'late']]);
    });

    test('keeps simultaneous requests apart', async () => {
      const sizes = Array.from({ length: 60 }, (_, index) => index * 20_011);

      await Promise.all(sizes.flatMap((size, index) => [
        send(endpoint, `/bucket/get-${index}?bytes=${size}`),
        send(endpoint, `/bucket/put-${index}`, { method: 'PUT', headers: { 'content-length': size } }, zeros(size)),
      ]));
      await proxy.settled(5_000);

      expect(exchanges).toHaveLength(120);
      const transferred = Object.fromEntries(
        exchanges.map(({ url, bytesIn, bytesOut }) => [/[a-z]+-\d+/.exec(url)![0], bytesIn + bytesOut]),
      );
      expect(transferred)
        .toEqual(Object.fromEntries(sizes.flatMap((size, index) => [[`get-${index}`, size], [`put-${index}`, size]])));
    });
  });

  describe('in a separate process', () => {
    let recorder: RunningRecorder;
    let folder: string;

    beforeAll(async () => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recorder-'));
      const free = https.createServer().listen(0, '127.0.0.1');
      const { port } = await new Promise<AddressInfo>((resolve) => free.once('listening', () => resolve(free.address() as AddressInfo)));
      await new Promise((resolve) => free.close(resolve));
      recorder = await startRecorder({
        ...certificates, port, target, account: ACCOUNT, region: REGION, root: { accessKeyId: 'AKIAROOT', secretAccessKey: 'secret' },
      }, folder);
    });
    afterAll(async () => {
      await stopProcessGroup(recorder.process);
      fs.rmSync(folder, { recursive: true });
    });

    // Only Linux records the peak memory of a process.
    (process.platform === 'linux' ? test : test.skip)('streams gigabytes in constant memory', async () => {
      await send(recorder.endpoint, `/bucket/key?bytes=${64 * MIB}`);
      const before = peakMemory(recorder.process.pid)!;

      const { bytes } = await send(recorder.endpoint, `/bucket/key?bytes=${TO_CLIENT}`);
      await send(recorder.endpoint, '/bucket/key', { method: 'PUT', headers: { 'content-length': TO_SERVER } }, zeros(TO_SERVER));

      expect([bytes, seenByServer[2].bytes]).toEqual([TO_CLIENT, TO_SERVER]);
      expect(peakMemory(recorder.process.pid)! - before).toBeLessThan(64 * MIB);
    });
  });
});

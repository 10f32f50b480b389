import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Readable } from 'node:stream';
import { HttpClient, readBody } from '../src/runtime/http-client';

const BODY = Buffer.alloc(16 * 1024 * 1024, 'x');

let client: HttpClient;
let server: Server;

beforeEach(() => {
  client = new HttpClient();
});
afterEach(async () => {
  client.close();
  await new Promise((resolve) => { server.close(resolve); });
});

async function putTo(listening: Server, body: Buffer = BODY) {
  server = listening;
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/object`);
  const response = await client.send({
    method: 'PUT', url, headers: { 'content-length': `${body.length}` }, body: Readable.from([body]),
  });
  return { status: response.status, text: (await readBody(response, url, 1024)).toString() };
}

describe('a large body', () => {
  test('is not sent to a server that rejects the headers, so that its response is not lost', async () => {
    let received = '';
    const rejecting = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data: Buffer) => {
        received += data.toString('latin1');
        if (received.endsWith('\r\n\r\n')) {
          socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 7\r\nconnection: close\r\n\r\nExpired');
        }
      });
    });
    expect(await putTo(rejecting)).toEqual({ status: 403, text: 'Expired' });
    expect(received).toMatch(/^PUT \/object HTTP\/1\.1\r\n/);
    expect(received).not.toContain('xxx');
  });

  test.each([['accepts the headers', true], ['ignores "Expect: 100-continue"', false]])('reaches a server that %s', async (_, continues) => {
    const reading = createHttpServer();
    reading.on('checkContinue', (request, response) => {
      if (continues) {
        response.writeContinue();
      }
      let bytes = 0;
      request.on('data', (chunk: Buffer) => { bytes += chunk.length; });
      request.on('end', () => { response.end(`${bytes}`); });
    });
    expect(await putTo(reading)).toEqual({ status: 200, text: `${BODY.length}` });
  });
});

test('a small body is sent at once', async () => {
  const reading = createHttpServer((request, response) => {
    request.resume().on('end', () => { response.end(request.headers.expect ?? 'nothing expected'); });
  });
  expect(await putTo(reading, Buffer.from('small'))).toEqual({ status: 200, text: 'nothing expected' });
});

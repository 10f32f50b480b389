import { readFileSync } from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { PrivateAuthority } from './private-authority';
import { Connections } from '../../src/runtime/network/connections';

const authority = new PrivateAuthority();
let server: https.Server;
beforeAll(async () => {
  server = https.createServer(authority.certify(['localhost']), (_request, response) => {
    response.writeHead(200, { connection: 'close' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  authority.remove();
});

/** The TLS settings of one request's connection. */
async function securedWith(agent: https.Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const request = https.get(`https://localhost:${port}/`, { agent }, (response) => {
      const { secureContext } = (request.socket as TLSSocket & { _tlsOptions: { secureContext: unknown } })._tlsOptions;
      response.resume().once('end', () => resolve(secureContext));
    });
    request.once('error', reject);
  });
}

test('certificate authorities are parsed once for any number of connections and clients', async () => {
  expect(readFileSync(authority.certificateFile, 'utf8')).toContain('BEGIN CERTIFICATE');
  const connections = new Connections({ AWS_CA_BUNDLE: authority.certificateFile });
  const [one, other] = [connections.agents().httpsAgent, connections.agents().httpsAgent];

  const contexts = [await securedWith(one), await securedWith(one), await securedWith(other)];

  expect(contexts[0]).toBeDefined();
  expect(new Set(contexts).size).toBe(1);
  [one, other].forEach((agent) => agent.destroy());
});

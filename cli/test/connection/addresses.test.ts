import { RegionInfo } from 'aws-cdk-lib/region-info';
import { isSignedRight } from './signature';
import { apiGatewayHost, partitionOf } from '../../src/aws/regions';
import { localAddress } from '../../src/store/locate';
import { AnsweringServer } from '../loopback-server';
import { Person } from '../person';

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
});
afterEach(async () => person.leave());

/**
 * Accepts one base path, without doubled or missing slashes, and checks the signature of the request as received.
 */
function strictStore(basePath: string): { readonly server: AnsweringServer; readonly seen: string[] } {
  const seen: string[] = [];
  const server = new AnsweringServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        seen.push(`${request.headers.host} ${request.url}`);
        const known = [`${basePath}/models`, `${basePath}/models/fraud/references/production`].some(
          (path) => request.url!.split('?')[0] === path,
        );
        const signed = isSignedRight(request, Buffer.concat(chunks), 'secret');
        response.writeHead(known ? (signed ? 200 : 403) : 404, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify(
            known && signed ? { models: ['fraud'] } : { message: known ? 'SignatureDoesNotMatch' : 'Not Found' },
          ),
        );
      });
  });
  return { server, seen };
}

describe('requests go to exactly the path of the store, and are signed for it', () => {
  test.each<[string, string, string, string?]>([
    ['a custom domain', '', 'http://127.0.0.1:PORT'],
    ['a custom domain, with a slash', '', 'http://127.0.0.1:PORT/'],
    ['a custom domain, with slashes', '', 'http://127.0.0.1:PORT///'],
    ['a stage', '/live', 'http://127.0.0.1:PORT/live'],
    ['a stage, with a slash', '/live', 'http://127.0.0.1:PORT/live/'],
    ['a stage, with slashes', '/live', 'http://127.0.0.1:PORT//live//'],
    ['a domain with a base path of two parts', '/ml/store', 'http://127.0.0.1:PORT/ml/store'],
    ['a base path that has to be encoded', '/caf%C3%A9%20(1)', 'http://127.0.0.1:PORT/café (1)/'],
    ['a host name in capital letters', '/live', 'HTTP://LOCALHOST:PORT/live'],
    ['a name below localhost', '/live', 'http://a1b2.execute-api.localhost:PORT/live'],
    ['an IPv6 address', '', 'http://[::1]:PORT', '::1'],
    ['an IPv6 address and a stage', '/live', 'http://[::1]:PORT/live/', '::1'],
  ])('%s', async (_, basePath, address, listensAt = '127.0.0.1') => {
    const { server, seen } = strictStore(basePath);
    await server.start(listensAt);
    try {
      const url = address.replace('PORT', `${server.port}`);
      expect(await person.runAt(url, 'list', '--columns', 'model')).toEqual({ exitCode: 0, stdout: 'fraud\n', stderr: '' });
      expect(seen).toEqual([`${new URL(url).host} ${basePath}/models`]);
    } finally {
      await server.stop();
    }
  });

  test('the check above rejects a signature for another path', async () => {
    const { server } = strictStore('');
    await server.start();
    try {
      person.variables.MODEL_STORE_URL = server.origin;
      const answer = await fetch(`${server.origin}/models`, {
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=a/20261128/eu-west-1/execute-api/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
          'x-amz-date': '20261128T000000Z',
        },
      });
      expect(answer.status).toBe(403);
    } finally {
      await server.stop();
    }
  });
});

describe('host names of API Gateway', () => {
  // The command uses the table in the SDK; the CDK has its own.
  const regions = RegionInfo.regions.filter(({ domainSuffix }) => domainSuffix !== undefined);

  test('are known in every Region and partition that the CDK knows', () => {
    expect(regions.length).toBeGreaterThan(35);
    expect(new Set(regions.map(({ partition }) => partition)).size).toBeGreaterThan(5);
    const wrong = regions.filter(({ name, domainSuffix }) =>
      ['', 'vpce.'].some((endpoint) => {
        const host = `${endpoint ? 'vpce-0a1b-xyz' : 'a1b2c3'}.execute-api.${name}.${endpoint}${domainSuffix}`;
        return apiGatewayHost(host)?.region !== name;
      }),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('belong to the partition that the CDK lists for their Region', () => {
    expect(regions.filter(({ name, partition }) => partitionOf(name) !== partition).map(({ name }) => name)).toEqual(
      [],
    );
  });

  test.each([
    ['a Region that no table lists yet', 'a1b2.execute-api.eu-atlantis-7.amazonaws.com', 'eu-atlantis-7'],
    ['a partition that no table lists yet', 'a1b2.execute-api.moon-sea-1.amazonaws.moon', 'moon-sea-1'],
    ['the European Sovereign Cloud', 'a1b2.execute-api.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
    ['China', 'a1b2.execute-api.cn-northwest-1.amazonaws.com.cn', 'cn-northwest-1'],
    ['an isolated partition', 'a1b2.execute-api.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
    ['a dual-stack name', 'a1b2.execute-api.eu-central-1.api.aws', 'eu-central-1'],
    ['an API of a VPC endpoint', 'a1b2-vpce-0f00.execute-api.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ])('contain the Region: %s', (_, host, region) => {
    expect(apiGatewayHost(host)?.region).toBe(region);
    expect(localAddress(`https://${host}/live`, 'http://localhost:4566')).toMatch(
      /^http:\/\/a1b2\.execute-api\.localhost:4566\/live$/,
    );
  });

  test.each([
    'models.example.com',
    'execute-api.example.com',
    'a1b2.execute-api.localhost',
    'x.execute-api.internal.example.com',
  ])('are not confused with other hosts: %s', (host) => {
    expect(apiGatewayHost(host)).toBeUndefined();
  });
});

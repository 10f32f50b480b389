import { mkdirSync, writeFileSync } from 'node:fs';
import { BuiltCommand } from './built-command';
import { PrivateAuthority } from './private-authority';
import { storeParameter } from './store-parameter';
import { hasTinyproxy, Tinyproxy, tinyproxyVersion } from './tinyproxy';
import { proves } from '../../../test/fidelity/proves';
import { proxyFor, shownProxy } from '../../src/runtime/network/proxies';
import { AnsweringServer } from '../loopback-server';
import { Person } from '../person';
import { StoreDouble } from '../store-double/store-double';

describe('the proxy for a request', () => {
  const chosen = (url: string, variables: { readonly [name: string]: string }) => {
    const proxy = proxyFor(new URL(url), variables);
    return proxy && shownProxy(proxy);
  };
  const HTTPS = 'https://a1b2.execute-api.eu-central-1.amazonaws.com/live';

  test.each<[string, string, { readonly [name: string]: string }, string | undefined]>([
    ['none without a variable', HTTPS, {}, undefined],
    ['HTTPS_PROXY for https', HTTPS, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' }, 'http://p:1'],
    [
      'HTTP_PROXY for http',
      'http://localhost/live',
      { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' },
      'http://q:2',
    ],
    ['none for https where only HTTP_PROXY is set', HTTPS, { HTTP_PROXY: 'http://q:2' }, undefined],
    ['ALL_PROXY for both', HTTPS, { ALL_PROXY: 'http://r:3' }, 'http://r:3'],
    [
      'the specific variable before ALL_PROXY',
      HTTPS,
      { ALL_PROXY: 'socks5://r:3', https_proxy: 'http://p:1' },
      'http://p:1',
    ],
    ['the lower-case one first', HTTPS, { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:2' }, 'http://q:2'],
    ['one without a scheme, as an HTTP proxy', HTTPS, { HTTPS_PROXY: 'proxy.corp:8080' }, 'http://proxy.corp:8080'],
    ['one that is reached over TLS', HTTPS, { HTTPS_PROXY: 'https://proxy.corp:8443' }, 'https://proxy.corp:8443'],
    ['never shown with its password', HTTPS, { HTTPS_PROXY: 'http://user:hunter2@proxy:8080' }, 'http://proxy:8080'],
  ])('%s', (_, url, variables, proxy) => {
    expect(chosen(url, variables)).toBe(proxy);
  });

  test.each<[string, boolean]>([
    ['*', false],
    ['amazonaws.com', false],
    ['.amazonaws.com', false],
    ['*.amazonaws.com', false],
    ['AMAZONAWS.COM', false],
    ['a1b2.execute-api.eu-central-1.amazonaws.com', false],
    ['other.com, amazonaws.com', false],
    ['other.com amazonaws.com', false],
    ['amazonaws.com:443', false],
    ['amazonaws.com:8443', true],
    ['aws.com', true],
    ['execute-api', true],
    ['', true],
    [',', true],
  ])('none for the hosts of NO_PROXY=%j', (list, proxied) => {
    expect(chosen(HTTPS, { HTTPS_PROXY: 'http://p:1', NO_PROXY: list }) !== undefined).toBe(proxied);
    expect(chosen(HTTPS, { HTTPS_PROXY: 'http://p:1', no_proxy: list }) !== undefined).toBe(proxied);
  });

  test.each<[string, string, boolean]>([
    ['https://10.1.2.3', '10.0.0.0/8', false],
    ['https://11.1.2.3', '10.0.0.0/8', true],
    ['https://10.1.2.3', '10.1.2.3', false],
    ['https://10.1.2.3', '10.0.0.0/99', true],
    ['https://[2001:db8::7]', '2001:db8::/32', false],
    ['https://[2001:db8::7]', '2001:db8::7', false],
    ['https://[2001:db8::7]:8443', '[2001:db8::7]:8443', false],
    ['https://[2001:db8::7]', '10.0.0.0/8', true],
    ['https://1.10.1.2', '10.1.2', true],
  ])('whether %s matches NO_PROXY=%s', (url, list, proxied) => {
    expect(chosen(url, { HTTPS_PROXY: 'http://p:1', NO_PROXY: list }) !== undefined).toBe(proxied);
  });

  test.each(['socks5://user:hunter2@p:1', 'pac+https://p/x.pac', 'http://', 'http://user:hunter2@p:notaport'])(
    'an invalid proxy is a usage error, and its password is not printed: %s',
    (value) => {
      expect(() => proxyFor(new URL(HTTPS), { HTTPS_PROXY: value })).toThrow('HTTPS_PROXY is not the URL of an HTTP proxy');
      try {
        proxyFor(new URL(HTTPS), { HTTPS_PROXY: value });
      } catch (error) {
        expect(JSON.stringify(error)).not.toContain('hunter2');
      }
    },
  );
});

(hasTinyproxy() ? describe : describe.skip)('through a real proxy', () => {
  let command: BuiltCommand;
  let authority: PrivateAuthority;
  let proxy: Tinyproxy;
  let store: StoreDouble;
  let person: Person;
  const FILES = Object.fromEntries(Array.from({ length: 24 }, (_, index) => [`part-${index}.bin`, `content ${index}`]));
  const variables = (more: { readonly [name: string]: string } = {}) => ({
    HOME: person.home,
    MODEL_STORE_URL: store.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CA_BUNDLE: authority.certificateFile,
    HTTPS_PROXY: proxy.address,
    ...more,
  });
  const connects = () => proxy.requests().filter((request) => request === `CONNECT localhost:${store.port}`);

  beforeAll(async () => {
    command = await new BuiltCommand().build();
    authority = new PrivateAuthority();
  });
  afterAll(() => {
    command.remove();
    authority.remove();
  });
  beforeEach(async () => {
    person = new Person();
    store = await new StoreDouble(authority.certify(['localhost'])).start();
    proxy = await new Tinyproxy().start();
  });
  afterEach(async () => {
    await proxy.stop();
    await store.stop();
    await person.leave().catch(() => {});
  });

  test('a push and a pull reach the API and S3, over persistent connections, with progress', async () => {
    const pushed = await command.run(
      variables(),
      'push',
      person.write('model', FILES),
      'fraud@1',
      '--concurrency',
      '4',
    );
    expect(pushed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('24 files') as unknown });
    expect(pushed.stderr).toMatch(/sending: .* in /);
    expect(store.transfers('PUT').length).toBeGreaterThanOrEqual(24);
    expect(connects().length).toBeGreaterThan(0);
    // One for each concurrent transfer, and one or two for the API: not one per file.
    expect(connects().length).toBeLessThanOrEqual(8);

    proxy.forget();
    const pulled = await command.run(variables(), 'pull', 'fraud@1', person.path('there'), '--concurrency', '4');
    expect(pulled).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('verified') as unknown });
    expect(pulled.stderr).toMatch(/receiving: .* in /);
    expect(person.read('there')).toMatchObject(FILES);
    expect(connects().length).toBeGreaterThan(0);
    expect(connects().length).toBeLessThanOrEqual(8);
    proves(
      { name: 'tinyproxy', version: tinyproxyVersion() },
      'client.proxy.api',
      'client.proxy.presigned-transfers',
      'client.proxy.keep-alive',
    );
  });

  test.each<[string, (proxy: Tinyproxy) => { readonly [name: string]: string }, boolean]>([
    ['https_proxy, in lower case', ({ address }) => ({ HTTPS_PROXY: '', https_proxy: address }), true],
    ['ALL_PROXY', ({ address }) => ({ HTTPS_PROXY: '', ALL_PROXY: address }), true],
    ['a proxy without a scheme', ({ port }) => ({ HTTPS_PROXY: `127.0.0.1:${port}` }), true],
    ['NO_PROXY', () => ({ NO_PROXY: 'localhost' }), false],
    ['no_proxy, in lower case', () => ({ no_proxy: 'example.com,localhost' }), false],
    ['NO_PROXY for another host', () => ({ NO_PROXY: 'example.com' }), true],
    ['HTTP_PROXY alone, for https', ({ address }) => ({ HTTPS_PROXY: '', HTTP_PROXY: address }), false],
  ])(
    '%s takes effect, as the proxy log shows',
    async (_, more, through) => {
      expect(await command.run(variables(more(proxy)), 'list')).toMatchObject({ exitCode: 0, stderr: '' });
      expect(store.calls('listModels')).toHaveLength(1);
      expect(proxy.requests().length > 0).toBe(through);
      proves({ name: 'tinyproxy', version: tinyproxyVersion() }, 'client.proxy.no-proxy');
    },
    30_000,
  );

  test('AWS SDK clients use it to find the store, assume roles and read buckets', async () => {
    const asked: string[] = [];
    const aws = await new AnsweringServer(
      (request, response) => {
        const chunks: Buffer[] = [];
        request
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => {
            const body = Buffer.concat(chunks).toString();
            const action =
              /Action=(\w+)/.exec(body)?.[1]
              ?? request.headers['x-amz-target']
              ?? `${request.method} ${request.url!.split('?')[0]}`;
            asked.push(String(action));
            if (action === 'AssumeRole') {
              response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>
            <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
            <AssumedRoleUser><AssumedRoleId>AROA:jane</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/Scientist/jane</Arn></AssumedRoleUser>
            </AssumeRoleResult></AssumeRoleResponse>`);
            } else if (action === 'GetCallerIdentity') {
              response.end(
                '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
                  + '<Arn>arn:aws:sts::111122223333:assumed-role/Scientist/jane</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
              );
            } else if (action === 'AmazonSSM.GetParameter') {
              response.setHeader('content-type', 'application/x-amz-json-1.1');
              response.end(storeParameter(store.url));
            } else {
              response.setHeader('content-type', 'application/xml');
              response.end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>');
            }
          });
      },
      authority.certify(['localhost']),
    ).start();
    try {
      mkdirSync(person.path('.aws'), { recursive: true });
      writeFileSync(
        person.path('.aws/config'),
        [
          '[profile base]',
          'aws_access_key_id = AKIDBASE',
          'aws_secret_access_key = secret',
          '[profile scientist]',
          'role_arn = arn:aws:iam::111122223333:role/Scientist',
          'role_session_name = jane',
          'source_profile = base',
          'region = eu-central-1',
        ].join('\n'),
      );
      const ofProfile = {
        ...variables(),
        AWS_ACCESS_KEY_ID: '',
        AWS_PROFILE: 'scientist',
        AWS_ENDPOINT_URL: aws.origin,
        MODEL_STORE_URL: '',
      };
      expect(await command.run(ofProfile, 'list', '--store', 'models')).toMatchObject({
        exitCode: 0, stderr: expect.stringMatching(/^first use of the store "models": .*\n$/),
      });
      expect(store.seen.at(-1)!.headers.authorization).toContain('Credential=ASIAROLE/');
      expect(asked).toEqual(['AssumeRole', 'AmazonSSM.GetParameter', 'GetCallerIdentity']);
      await command.run(ofProfile, 'import', 's3://old-models/models', '--store', 'models', '--dry-run');
      expect(asked.at(-1)).toBe('GET /old-models/');
      const connections = proxy.requests().filter((request) => request === `CONNECT localhost:${aws.port}`);
      expect(connections.length).toBeGreaterThanOrEqual(5);
      proves({ name: 'tinyproxy', version: tinyproxyVersion() }, 'client.proxy.aws-sdk');
    } finally {
      await aws.stop();
    }
  });

  test('plain HTTP uses HTTP_PROXY, with consecutive connections', async () => {
    const plain = await new StoreDouble().start();
    try {
      const environment = variables({ MODEL_STORE_URL: plain.url, HTTP_PROXY: proxy.address });
      expect(await command.run(environment, 'push', person.write('model', FILES), 'fraud@1')).toMatchObject({
        exitCode: 0,
      });
      expect(await command.run(environment, 'pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
      expect(person.read('there')).toMatchObject(FILES);
      expect(proxy.requests()).toContainEqual(`PUT ${plain.url}/models/fraud/versions/1`);
    } finally {
      await plain.stop();
    }
  });

  test('one that requires a password receives it, and without one, the error says where to set it', async () => {
    const guarded = await new Tinyproxy().start({ user: 'jane', password: 'pass-word' });
    try {
      const address = `http://jane:pass%2Dword@127.0.0.1:${guarded.port}`;
      expect(await command.run(variables({ HTTPS_PROXY: address }), 'list')).toMatchObject({ exitCode: 0 });
      const refused = await command.run(variables({ HTTPS_PROXY: guarded.address }), 'list');
      expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
      expect(refused.stderr).toContain(`the proxy ${guarded.address} responded with 407`);
      expect(refused.stderr).toContain('Set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT');
      const wrong = await command.run(
        { ...variables({ HTTPS_PROXY: address.replace('word', 'hunter2') }), DEBUG: '*', MODEL_STORE_DEBUG: '1' },
        'list',
      );
      expect(wrong.exitCode).toBe(2);
      expect(wrong.stderr).not.toMatch(/hunter2|pass(%2D|-)/);
      proves({ name: 'tinyproxy', version: tinyproxyVersion() }, 'client.proxy.basic-authentication');
    } finally {
      await guarded.stop();
    }
  });

  test('one that blocks a host is not mistaken for the store', async () => {
    const closed = await new Tinyproxy().start({ blocked: 'localhost' });
    try {
      const { exitCode, stderr } = await command.run(variables({ HTTPS_PROXY: closed.address }), 'list');
      expect(exitCode).toBe(6);
      expect(stderr).toContain(`the proxy ${closed.address} responded with 403`);
      expect(stderr).toContain(`Ask the operators of the proxy to allow localhost:${store.port}`);
      expect(stderr).toContain('(proxy)');
      expect(store.seen).toEqual([]);
    } finally {
      await closed.stop();
    }
  });
});

test('a proxy that does not respond is named', async () => {
  const person = await new Person().arrive();
  try {
    const { exitCode, stderr } = await person.runThrough({ HTTP_PROXY: 'http://127.0.0.1:9' }, 'list');
    expect(exitCode).toBe(7);
    expect(stderr).toContain('through the proxy http://127.0.0.1:9 failed');
  } finally {
    await person.leave();
  }
});

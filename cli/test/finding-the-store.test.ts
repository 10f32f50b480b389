import { writeFileSync } from 'node:fs';
import { Person } from './person';
import { apiGatewayHost } from '../src/aws/regions';
import { localAddress } from '../src/store/locate';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';
let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

const description = (more: object = {}) => JSON.stringify({
  schemaVersion: 1, storeName: 'models', region: 'ap-south-1', url: person.store.url, authentication: 'iam', bucketName: 'b', ...more,
});
const authorization = () => person.store.seen.at(-1)!.headers.authorization!;

describe('which store', () => {
  test('--store reads the SSM parameter of the store, and requests are signed for the region it names', async () => {
    person.parameters['/secure-model-artifact-store/models'] = description();
    expect(await person.runAt(undefined, 'list', '--store', 'models')).toMatchObject({ exitCode: 0 });
    expect(authorization()).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/[0-9]{8}\/ap-south-1\/execute-api\/aws4_request/);
    expect(person.store.seen.at(-1)!.headers['x-amz-security-token']).toBe('session');
  });

  test('MODEL_STORE_NAME does the same, unless a URL is given', async () => {
    person.variables.MODEL_STORE_NAME = 'models';
    expect(await person.runAt(undefined, 'list')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('no store named "models"') });
    expect(await person.run('list')).toMatchObject({ exitCode: 0 });
  });

  test('--url takes precedence over MODEL_STORE_URL, and may end with a slash', async () => {
    expect(await person.runAt('https://wrong.invalid/x', 'list', '--url', `${person.store.url}/`)).toMatchObject({ exitCode: 0 });
  });

  test('without a store, the usage error lists the options', async () => {
    expect(await person.runAt(undefined, 'list')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--store NAME') });
  });

  test.each([
    ['http://example.com/live', 'must start with https://'],
    ['https://user:pass@example.com/live', 'must not contain a user name, a query string or a fragment'],
    ['example.com', 'is not a valid URL'],
  ])('the URL %s is rejected before a request is sent', async (url, message) => {
    expect(await person.runAt(undefined, 'list', '--url', url)).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining(message),
    });
  });

  test('a store without an API is reported as such', async () => {
    person.parameters['/secure-model-artifact-store/models'] = description({ url: undefined, authentication: 'none' });
    expect(await person.runAt(undefined, 'list', '--store', 'models')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('has no API') });
  });

  test.each([
    '{', '{"schemaVersion":2}', 'null', '[]',
  ])('a parameter that contains %s is reported as invalid', async (value) => {
    person.parameters['/secure-model-artifact-store/models'] = value;
    expect(await person.runAt(undefined, 'list', '--store', 'models')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('(unknown_store)') });
  });
});

describe('which region', () => {
  test('is --region, which takes precedence over everything else', async () => {
    await person.run('list', '--region', 'us-west-2');
    expect(authorization()).toContain('/us-west-2/execute-api/');
  });

  test('defaults to the region in the AWS configuration', async () => {
    await person.run('list');
    expect(authorization()).toContain('/eu-central-1/execute-api/');
  });

  test.each([
    ['https://a1b2.execute-api.eu-west-3.amazonaws.com/live', 'eu-west-3'],
    ['https://a1b2.execute-api.cn-north-1.amazonaws.com.cn/live', 'cn-north-1'],
    ['https://a1b2-vpce-1.execute-api.us-gov-west-1.amazonaws.com/live', 'us-gov-west-1'],
    ['https://vpce-1-x.execute-api.us-east-1.vpce.amazonaws.com/live', 'us-east-1'],
    ['https://a1b2.execute-api.localhost:4566/live', undefined],
    ['https://models.example.com', undefined],
  ])('of %s is %s', (url, region) => {
    expect(apiGatewayHost(new URL(url).hostname)?.region).toBe(region);
  });
});

test('with a local AWS, host names of API Gateway resolve to it and never to AWS', () => {
  const real = 'https://a1b2.execute-api.us-east-1.amazonaws.com/live';
  expect(localAddress(real, 'https://localhost:4566')).toBe('https://a1b2.execute-api.localhost:4566/live');
  expect(localAddress(real, 'https://vpce.example.com')).toBe(real);
  expect(localAddress(real, undefined)).toBe(real);
  expect(localAddress('https://models.example.com/live', 'https://localhost:4566')).toBe('https://models.example.com/live');
});

describe('a Cognito token', () => {
  test.each<[string, () => string[]]>([
    ['in MODEL_STORE_TOKEN', () => { person.variables.MODEL_STORE_TOKEN = TOKEN; return []; }],
    ['in a file', () => { writeFileSync(person.path('token'), `${TOKEN}\n`); return ['--token-file', person.path('token')]; }],
    ['in the file that MODEL_STORE_TOKEN_FILE names', () => {
      writeFileSync(person.path('token'), TOKEN);
      person.variables.MODEL_STORE_TOKEN_FILE = person.path('token');
      return [];
    }],
    ['on the standard input', () => { person.standardInput = `${TOKEN}\n`; return ['--token-file', '-']; }],
    ['on the command line', () => ['--token', `Bearer ${TOKEN}`]],
  ])('%s is sent without a prefix, as API Gateway expects', async (_, give) => {
    expect(await person.run('list', ...give())).toMatchObject({ exitCode: 0 });
    expect(authorization()).toBe(TOKEN);
  });

  test('is read again for each request, so it can be renewed during a long push', async () => {
    writeFileSync(person.path('token'), TOKEN);
    person.store.intercept = ({ route }) => {
      if (route === 'beginUpload') {
        writeFileSync(person.path('token'), `${TOKEN}2`);
      }
    };
    expect(await person.run('push', person.write('model', { a: 'a' }), 'fraud@1', '--token-file', person.path('token'))).toMatchObject({ exitCode: 0 });
    expect(person.store.calls('beginUpload')[0].headers.authorization).toBe(TOKEN);
    expect(person.store.calls('publish')[0].headers.authorization).toBe(`${TOKEN}2`);
  });

  test('is required by a store with Cognito authentication', async () => {
    person.parameters['/secure-model-artifact-store/models'] = description({ authentication: 'cognito' });
    expect(await person.runAt(undefined, 'list', '--store', 'models')).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('--token-file') });
  });

  test('that is malformed is rejected without being printed', async () => {
    const { exitCode, stderr } = await person.run('list', '--token', 'hunter2');
    expect(exitCode).toBe(6);
    expect(stderr).not.toContain('hunter2');
  });

  test('is never printed, whatever goes wrong', async () => {
    person.store.intercept = () => ({ status: 401, body: { message: 'Unauthorized' } });
    for (const json of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await person.run('list', '--token', TOKEN, ...json);
      expect(exitCode).toBe(6);
      expect(stdout + stderr).not.toContain(TOKEN);
    }
  });

  test('is not sent to S3', async () => {
    const folder = person.write('model', { a: 'a' });
    await person.run('push', folder, 'fraud@1', '--token', TOKEN);
    await person.run('pull', 'fraud@1', person.path('there'), '--token', TOKEN);
    for (const { headers } of [...person.store.transfers('PUT'), ...person.store.transfers('GET')]) {
      expect(headers.authorization).toBeUndefined();
    }
  });
});

import { errorSchemaProblems, fieldsOf } from './support/answers';
import { ALICE, apiEvent, LAMBDA_REQUEST_ID, request, REQUEST_ID, send } from './support/events';
import { storeFile, textFile } from './support/files';
import { awsError } from './support/s3-double';
import { StoreDouble } from './support/store-double';
import { ENV } from '../../src/contract/environment';
import { manifestKey } from '../../src/contract/keys';
import { ROUTES, type Route, type RouteName } from '../../src/contract/routes';

let store: StoreDouble;
let logged: string;
beforeEach(() => {
  store = new StoreDouble();
  logged = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    logged += String(text);
    return true;
  });
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

const MODEL = { model: 'fraud' };
const SMALL = textFile('small.txt');
const lines = () => logged.trim().split('\n').map((line) => JSON.parse(line) as { [field: string]: unknown });

describe('every route', () => {
  const NAMES = Object.keys(ROUTES) as RouteName[];

  test.each(NAMES)('%s rejects an unauthenticated caller', async (route) => {
    const { status, body } = await request(
      route, { parameters: { model: 'm', version: 'v', alias: 'a', reference: 'r' }, userArn: null },
    );
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
    expect(store.sessions).toEqual([]);
  });

  test.each(NAMES)('%s rejects a generated session name and explains how to set one', async (route) => {
    const { status, body } = await request(route, {
      parameters: { model: 'm', version: 'v', alias: 'a', reference: 'r' },
      userArn: 'arn:aws:sts::111122223333:assumed-role/DataScientist/aws-sdk-js-1795855669439',
    });
    expect([status, body.code]).toEqual([403, 'unnamed_session']);
    expect(body.message).toContain('your session of the role DataScientist is named "aws-sdk-js-1795855669439"');
    expect(body.message).toContain('Set "role_session_name" to your own name in the profile that has this "role_arn"');
    expect(store.sessions).toEqual([]);
  });

  test.each(NAMES.filter(
    (route) => ROUTES[route].path.includes('{'),
  ))('%s rejects invalid names and reports all of them', async (route) => {
    const names = [...ROUTES[route].path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const bad of ['Upper', '../other', 'a..b', 'a/b', '', '*', 'ä', 'a'.repeat(129), 'a\n']) {
      const { status, body } = await request(
        route, { parameters: Object.fromEntries(names.map((name) => [name, bad])) },
      );
      expect([bad, status, body.code]).toEqual([bad, 400, 'invalid_name']);
      expect(fieldsOf(body)).toEqual(names);
    }
    expect(store.sessions).toEqual([]);
  });

  test.each(NAMES.filter(
    (route) => (ROUTES[route] as Route).body,
  ))('%s rejects a body that is missing, not JSON or invalid', async (route) => {
    const parameters = { model: 'm', version: 'v', alias: 'a' };
    const hasRequired = 'required' in (ROUTES[route] as Route).body!;
    for (const body of [undefined, '{', '[]', 'null', ...hasRequired ? ['{}'] : [], { extra: 1 }]) {
      const answer = await request(route, { parameters, body });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
      expect(answer.body.details.length).toBeGreaterThan(0);
      expect(errorSchemaProblems(answer.body)).toEqual([]);
    }
    expect(store.sessions).toEqual([]);
  });

  test.each(NAMES)('%s is served by only one function', async (route) => {
    const event = apiEvent(route, { parameters: { model: 'm', version: 'v', alias: 'a', reference: 'r' } });
    for (const functionName of (['upload', 'download', 'registry'] as const).filter(
      (name) => name !== ROUTES[route].function,
    )) {
      expect((await send(functionName, event)).body.code).toBe('unknown_route');
    }
  });
});

test('every error in a body is reported with its path', async () => {
  const { body } = await request('uploadLinks', {
    parameters: MODEL,
    body: { links: [{ digest: 'x', size: -1 }, { size: 'a', digest: SMALL.digest, more: 1 }, {}], other: 1 },
  });
  expect(fieldsOf(body).sort()).toEqual([
    'links[0].digest', 'links[0].size', 'links[1].more', 'links[1].size', 'links[2].digest', 'links[2].size', 'other',
  ]);
});

test('a response lists at most 1,000 errors and the total', async () => {
  const links = Array.from({ length: 500 }, () => ({ a: 1, b: 2, c: 3 }));
  const { body } = await request('uploadLinks', { parameters: MODEL, body: { links } });
  expect(body.details).toHaveLength(1_000);
  expect(body.message).toContain('the first 1000 of 2500');
});

test('an encoded name in the path is rejected, so that it cannot differ from the path that IAM evaluated', async () => {
  const event = {
    ...apiEvent('showVersion', { parameters: { model: 'fraud', version: '1.0.0' } }),
    path: '/models/%66raud/versions/1.0.0',
  };
  expect((await send('registry', event)).body.code).toBe('invalid_name');
});

test('a custom domain may add a base path', async () => {
  const event = { ...apiEvent('listVersions', { parameters: MODEL }), path: '/store/models/fraud/versions' };
  expect((await send('registry', event)).body.code).toBe('unknown_model');
});

test('responses are never cached and contain the request ID', async () => {
  const { headers } = await request('listModels');
  expect(headers).toMatchObject({
    'cache-control': 'no-store', 'content-type': 'application/json', 'x-request-id': REQUEST_ID,
  });
});

test('a base64 body is decoded', async () => {
  const event = apiEvent(
    'beginUpload', { parameters: MODEL, body: { files: [{ digest: SMALL.digest, size: SMALL.size }] } },
  );
  const encoded = { ...event, body: Buffer.from(event.body!).toString('base64'), isBase64Encoded: true };
  expect((await send('upload', encoded)).status).toBe(200);
});

describe('a failure of AWS', () => {
  const failWith = (error: Error) => store.s3.mock.onAnyCommand().rejects(error);

  test.each([
    'SlowDown', 'ServiceUnavailable', 'InternalError', 'TimeoutError',
  ])('such as %s is reported as unavailable', async (name) => {
    failWith(awsError(name, 503));
    const { status, body } = await request('listModels');
    expect([status, body.code]).toEqual([503, 'unavailable']);
  });

  test('of the connection is reported as unavailable', async () => {
    failWith(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    expect((await request('listModels')).status).toBe(503);
  });

  test('such as a denied request is an internal error, which is logged but not shown to the caller', async () => {
    failWith(
      Object.assign(awsError('AccessDenied', 403), { message: 'arn:aws:sts::1:assumed-role/x is not authorized' }),
    );
    const { status, body } = await request('listModels');
    expect([status, body.code]).toEqual([500, 'internal_error']);
    expect(JSON.stringify(body)).not.toContain('arn:aws');
    expect(lines()[0]).toMatchObject({
      level: 'ERROR', errorName: 'AccessDenied', requestId: REQUEST_ID, route: 'listModels', caller: ALICE,
    });
  });

  test('that takes too long gets a response before the Lambda timeout', async () => {
    store.s3.mock.onAnyCommand().callsFake(async () => new Promise(() => {}));
    const { status, body } = await request('listModels', { remainingMs: 1_050 });
    expect([status, body.code]).toEqual([503, 'unavailable']);
  });
});

test('an incomplete environment is an internal error that the log explains', async () => {
  delete process.env[ENV.SESSION_ROLE_ARN];
  expect((await request('listModels')).body.code).toBe('internal_error');
  expect(lines()[0].errorMessage).toContain(ENV.SESSION_ROLE_ARN);
});

test('a response that is too large for Lambda is reported as an error', async () => {
  storeFile(store, 'fraud', SMALL);
  await request('publish', { parameters: { ...MODEL, version: '1.0.0' }, body: { files: [SMALL] } });
  const manifest = JSON.parse(store.s3.text(manifestKey('fraud', '1.0.0'))!);
  store.s3.put(manifestKey('fraud', '1.0.0'),
    Buffer.from(JSON.stringify({ ...manifest, metadata: { big: 'x'.repeat(7 * 1024 * 1024) } })));
  const { status, body } = await request('showVersion', { parameters: { ...MODEL, version: '1.0.0' } });
  expect([status, body.code]).toEqual([413, 'payload_too_large']);
});

describe('the log', () => {
  test('has the caller, route, model and result', async () => {
    await request('listVersions', { parameters: MODEL });
    expect(lines()).toEqual([expect.objectContaining({
      level: 'WARN', function: 'registry', route: 'listVersions', model: 'fraud', caller: ALICE, status: 404,
      code: 'unknown_model', requestId: REQUEST_ID,
    })]);
  });

  test('never contains presigned URLs, tokens, credentials or bodies', async () => {
    storeFile(store, 'fraud', SMALL);
    await request(
      'publish',
      { parameters: { ...MODEL, version: '1.0.0' }, body: { files: [SMALL], metadata: { secret: 'do-not-log-me' } } },
    );
    const { body: { links: [sent] } } = await request(
      'uploadLinks', { parameters: MODEL, body: { links: [{ digest: SMALL.digest, size: SMALL.size }] } },
    );
    const { body: { links: [read] } } = await request(
      'downloadLinks', { parameters: { ...MODEL, version: '1.0.0' }, body: { paths: [SMALL.path] } },
    );
    store.s3.mock.onAnyCommand().rejects(new Error(`failed on ${sent.url} and ${read.url}`));
    await request('showVersion', { parameters: { ...MODEL, version: '1.0.0' } });
    expect(lines()).toHaveLength(4);
    for (const secret of [
      'X-Amz-Signature', 'X-Amz-Security-Token', 'session-token', 'session-secret', 'execution-role', 'ASIA', 'AKIA',
      'do-not-log-me',
    ]) {
      expect([secret, logged.includes(secret)]).toEqual([secret, false]);
    }
  });
});

describe('invoked directly, without an API', () => {
  beforeEach(() => {
    process.env[ENV.AUTHENTICATION] = 'none';
  });

  test('a function serves the route in the event', async () => {
    const { status, body } = await send('upload', {
      route: 'beginUpload', pathParameters: MODEL, body: { files: [{ digest: SMALL.digest, size: SMALL.size }] },
    });
    expect([status, body.files[0].state]).toEqual([200, 'need']);
    expect(body.requestId).toBeUndefined();
  });

  test('the session is named by the request ID, even if the event contains a caller', async () => {
    await send(
      'registry', { ...apiEvent('listModels'), route: 'listModels', userArn: 'arn:aws:iam::1:user/ceo' } as never,
    );
    expect(store.lastSession).toMatchObject({ RoleSessionName: LAMBDA_REQUEST_ID, SourceIdentity: LAMBDA_REQUEST_ID });
    expect(JSON.stringify(store.lastSession)).not.toContain('alice');
  });

  test.each([
    {},
    { route: 'publish' },
    { route: '__proto__' },
    { route: 'constructor' },
    null,
    'text',
    { httpMethod: 'GET', resource: '/models' },
  ])(
    'an event without a route of the function is rejected: %j', async (event) => {
      const { status, body } = await send('registry', event as never);
      expect([status, body.code]).toEqual([404, 'unknown_route']);
      expect(body.message).toContain('listModels');
    },
  );

  test('page sizes and tokens work as with the API', async () => {
    const { body } = await send('registry', { route: 'listModels', queryStringParameters: { pageSize: '0' } });
    expect(body.code).toBe('invalid_request');
  });
});

test('with an API, an event with a route property is rejected', async () => {
  const { status, body } = await send('registry', { route: 'listModels' });
  expect([status, body.code]).toEqual([404, 'unknown_route']);
});

describe('sessions with generated names', () => {
  const asRole = (roleName: string) => `arn:aws:sts::111122223333:assumed-role/${roleName}/botocore-session-1795855669`;
  afterEach(() => {
    delete process.env[ENV.ROLES_WITH_DEFAULT_SESSION_NAMES];
  });

  test.each([
    'Batch', 'train-weekly', 'train-',
  ])('are accepted for the role %s, which is excepted', async (roleName) => {
    process.env[ENV.ROLES_WITH_DEFAULT_SESSION_NAMES] = JSON.stringify(['Batch', 'train-*']);
    expect((await request('listModels', { userArn: asRole(roleName) })).status).toBe(200);
  });

  test.each([
    'Batch2', 'retrain-weekly', 'batch',
  ])('are rejected for the role %s, whose name is only similar', async (roleName) => {
    process.env[ENV.ROLES_WITH_DEFAULT_SESSION_NAMES] = JSON.stringify(['Batch', 'train-*']);
    expect((await request('listModels', { userArn: asRole(roleName) })).body.code).toBe('unnamed_session');
  });

  test('are accepted for every role if all roles are excepted', async () => {
    process.env[ENV.ROLES_WITH_DEFAULT_SESSION_NAMES] = '["*"]';
    expect((await request('listModels', { userArn: asRole('Any') })).status).toBe(200);
  });
});

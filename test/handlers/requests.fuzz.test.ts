import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as fc from 'fast-check';
import { apiEvent } from './support/events';
import { ROUTES, type Route, type RouteName } from '../../src/contract/routes';
import { callerFromArn, callerFromCognito, SESSION_NAME_PATTERN } from '../../src/handlers/common/caller';
import type { Settings } from '../../src/handlers/common/environment';
import { parseStored, StoreError } from '../../src/handlers/common/errors';
import { pageSizeOf, pageTokenOf, positionOf } from '../../src/handlers/http/paging';
import { requestFromApi, requestFromInvocation } from '../../src/handlers/http/request';
import { readBody } from '../../src/handlers/http/validation';
import { requirePublishable } from '../../src/handlers/upload/publishable';

fc.configureGlobal({ seed: 20261129, numRuns: 120 });

const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];
const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });
const text = fc.string({ unit: 'binary' });
const settings = { authentication: 'iam', sessionRoleArn: 'arn:aws:iam::111122223333:role/x' } as Settings;

/** Only an error of the contract is thrown, with a message that is not empty. */
function refused(error: unknown): undefined {
  expect(error).toBeInstanceOf(StoreError);
  expect((error as StoreError).status).toBeLessThan(500);
  expect((error as StoreError).message).not.toBe('');
  return undefined;
}

function orStoreError<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    return refused(error);
  }
}

/** Values of the shape of a body, with some of them replaced. */
function like(schema: unknown): fc.Arbitrary<unknown> {
  const { type, properties = {}, items, required = [] } = schema as {
    readonly type?: string;
    readonly properties?: { readonly [name: string]: unknown };
    readonly items?: unknown;
    readonly required?: readonly string[];
  };
  const right = type === 'object'
    ? fc.tuple(
      fc.record(Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, like(inner)])), { requiredKeys: [...required] }),
      fc.option(fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor')), json, { maxKeys: 2 }), { freq: 8, nil: {} }),
    ).map(([known, others]) => ({ ...known, ...others }))
    : type === 'array' ? fc.array(like(items), { maxLength: 4 })
      : type === 'integer' ? fc.oneof(fc.nat(), fc.integer()) : type === 'boolean' ? fc.boolean() : fc.oneof(text, fc.stringMatching(/^[0-9a-f]{64}$/), fc.stringMatching(/^[a-z]{1,5}$/));
  return fc.oneof({ arbitrary: right, weight: 12 }, { arbitrary: json, weight: 1 });
}

test.each(ROUTE_NAMES)('a body of %s is read or refused with every invalid field', (route) => {
  const { body: schema } = ROUTES[route] as Route;
  fc.assert(fc.property(fc.oneof(like(schema ?? {}), json), fc.boolean(), (body, asText) => {
    const read = orStoreError(() => readBody<unknown>(route, asText ? JSON.stringify(body) : body));
    if (read !== undefined && route === 'publish') {
      orStoreError(() => requirePublishable(read as Parameters<typeof requirePublishable>[0]));
    }
  }));
  fc.assert(fc.property(text, (body) => { orStoreError(() => readBody(route, body)); }));
});

test('a body that is nested very deeply is refused', () => {
  for (const route of ROUTE_NAMES) {
    for (const body of ['['.repeat(1_000_000), `${'['.repeat(200_000)}${']'.repeat(200_000)}`, `${'{"files":'.repeat(100_000)}1${'}'.repeat(100_000)}`]) {
      orStoreError(() => readBody(route, body));
    }
  }
});

test('an event of any names, queries and callers is a request or refused', async () => {
  await fc.assert(fc.asyncProperty(
    fc.constantFrom(...ROUTE_NAMES), fc.dictionary(fc.constantFrom('model', 'version', 'alias', 'reference', '__proto__'), text), fc.oneof(text, fc.constant(null)), text,
    fc.dictionary(text, text), async (route, parameters, userArn, body, query) => {
      const event = { ...apiEvent(route, { parameters: {}, userArn, body, query }), pathParameters: parameters } as APIGatewayProxyEvent;
      const request = await requestFromApi(event, ROUTES[route].function, settings).catch(refused);
      expect(request === undefined || SESSION_NAME_PATTERN.test(request.caller.sessionName)).toBe(true);
    },
  ));
});

test('a direct invocation with any event is a request or refused', () => {
  const invocation = fc.record({
    route: fc.oneof(fc.constantFrom<string>(...ROUTE_NAMES), json), pathParameters: json, queryStringParameters: json, body: json,
  }, { requiredKeys: [] });
  fc.assert(fc.property(fc.oneof(json, invocation), (event) => {
    for (const name of ['upload', 'download', 'registry'] as const) {
      orStoreError(() => requestFromInvocation(event, name, 'id'));
    }
  }));
});

test('a page token is read as it was written, and any other is refused', () => {
  const request = (token: string) => ({
    route: 'listVersions' as const, requestId: '', caller: callerFromArn('x', '1'), parameters: { model: 'fraud' }, query: { pageToken: token, pageSize: token }, rawBody: undefined,
  });
  fc.assert(fc.property(text, (after) => {
    const token = pageTokenOf(request(''), { after });
    expect(positionOf<{ after: string }>(request(token), (value) => typeof value.after === 'string')).toEqual({ after });
  }));
  fc.assert(fc.property(fc.oneof(text, json.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'))), (token) => {
    orStoreError(() => positionOf(request(token), () => true));
    orStoreError(() => pageSizeOf(request(token)));
  }));
});

test('every caller has a session name that STS accepts, and no two callers have the same', () => {
  const arn = fc.oneof(text, fc.tuple(fc.constantFrom('assumed-role/Role/', 'user/', 'role/'), text).map(([kind, name]) => `arn:aws:sts::111122223333:${kind}${name}`));
  fc.assert(fc.property(arn, arn, (one, other) => {
    const [a, b] = [callerFromArn(one, '111122223333'), callerFromArn(other, '111122223333')];
    expect(a.sessionName).toMatch(SESSION_NAME_PATTERN);
    expect(a.sessionName === b.sessionName).toBe(one === other);
  }));
});

test('any claims of a token name a caller or none', () => {
  fc.assert(fc.property(fc.dictionary(fc.constantFrom('sub', 'iss', 'cognito:username', 'username', 'cognito:groups', 'email'), json), (claims) => {
    const caller = orStoreError(() => callerFromCognito(claims));
    expect(caller === undefined || SESSION_NAME_PATTERN.test(caller.sessionName)).toBe(true);
  }));
});

test('stored bytes of any content are parsed or are not JSON', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => { parseStored(bytes); }));
});

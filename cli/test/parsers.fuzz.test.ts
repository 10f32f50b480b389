import * as fc from 'fast-check';
import { MAX_PATH_BYTES } from '../../src/contract/limits';
import { RESPONSES } from '../../src/contract/response-schemas';
import type { RouteName } from '../../src/contract/routes';
import { localPathProblem, toLocalPath } from '../src/folder/local-path';
import { requireTrustworthy } from '../src/folder/trustworthy-manifest';
import type { Environment } from '../src/runtime/environment';
import { Failure } from '../src/runtime/failure';
import { SafeOutput } from '../src/runtime/safe-output';
import { answerProblems } from '../src/store/answer-shape';
import { readAuditDescription } from '../src/store/audit-description';
import { checkedLink } from '../src/store/link-check';
import { locateAddress } from '../src/store/locate';
import { parseMetadata } from '../src/store/metadata';
import { parseReference } from '../src/store/reference';
import { failureOfAnswer } from '../src/store/refused-answer';

fc.configureGlobal({ seed: 20261129, numRuns: 120 });

const ROUTE_NAMES = Object.keys(RESPONSES) as RouteName[];
const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });
const text = fc.string({ unit: 'binary' });

/** Only a failure that the command explains is thrown. */
async function orFailure<Result>(work: () => Result | Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).code).not.toBe('bug');
    return undefined;
  }
}

const environment = (value: string) => ({
  variables: {}, platform: 'linux', readParameter: async () => value,
}) as unknown as Environment;

test('an SSM parameter with any value is a store description, or explained', async () => {
  const description = fc.record({
    schemaVersion: fc.oneof({ arbitrary: fc.constant(1), weight: 9 }, json), storeName: fc.oneof(text, json), region: fc.oneof(text, json),
    url: fc.oneof(fc.webUrl(), text, json), authentication: fc.oneof(fc.constantFrom('iam', 'cognito', 'none'), json), issuer: json, userPoolClientId: json,
  }, { requiredKeys: [] });
  await fc.assert(fc.asyncProperty(fc.oneof(text, fc.oneof(json, description).map((value) => JSON.stringify(value))), async (value) => {
    const found = await orFailure(async () => locateAddress(environment(value), { store: 'models' }));
    expect(found === undefined || found.url.protocol === 'https:' || found.url.hostname === 'localhost' || found.url.hostname.startsWith('127.')).toBe(true);
  }));
});

test('an SSM parameter with any value is an audit description, or explained', async () => {
  const mostly = (right: fc.Arbitrary<unknown>) => fc.oneof({ arbitrary: right, weight: 9 }, { arbitrary: json, weight: 1 });
  const description = fc.record({
    schemaVersion: mostly(fc.constant(1)), region: mostly(text),
    trail: mostly(fc.record({ bucketName: mostly(text), accounts: mostly(fc.array(mostly(text))), regions: mostly(fc.array(text)), keyPrefix: mostly(text) }, { requiredKeys: ['bucketName'] })),
    accessLogs: mostly(fc.record({ bucketName: mostly(text), prefix: mostly(text) })),
    athena: mostly(fc.record({ workGroup: mostly(text), database: mostly(text) })),
    settings: mostly(fc.dictionary(text, json)),
  });
  await fc.assert(fc.asyncProperty(fc.oneof(text, fc.oneof(json, description).map((value) => JSON.stringify(value))), async (value) => {
    const found = await orFailure(async () => readAuditDescription(environment(value), 'models', undefined));
    expect(found === undefined || (found.trail.accounts.every((each) => typeof each === 'string') && typeof found.athena.database === 'string')).toBe(true);
  }));
});

test('a presigned URL of any text is a URL with TLS, or explained', async () => {
  const place = { storeUrl: new URL('https://a.example/live'), isOwnEndpoint: () => false };
  const odd = fc.tuple(fc.constantFrom('http', 'https', 'file', 'data', 'javascript', 'ftp', 'HTTPS', ''), fc.constantFrom(':', '://', ':///', ''), text).map((parts) => parts.join(''));
  await fc.assert(fc.asyncProperty(fc.oneof(text, fc.webUrl(), odd), async (link) => {
    const url = await orFailure(() => checkedLink({ method: 'GET', url: link, headers: {} }, 'GET', place));
    expect(url === undefined || url.protocol === 'https:').toBe(true);
  }));
});

test('a response of any value has the shape of its route, or its problems are listed', () => {
  fc.assert(fc.property(fc.constantFrom(...ROUTE_NAMES), json, (route, answer) => {
    expect(answerProblems(route, answer).every(({ field, message }) => field !== '' && message !== '')).toBe(true);
  }));
  for (const route of ROUTE_NAMES) {
    expect(answerProblems(route, JSON.parse(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`))).toHaveLength(1);
  }
});

test('an error response of any value is a failure with text', () => {
  const body = fc.oneof(json, fc.record({ code: fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', 'forbidden')), message: text, details: json, requestId: json }, { requiredKeys: ['code', 'message'] }));
  const optional = fc.option(text, { nil: undefined });
  fc.assert(fc.property(fc.integer({ min: 100, max: 599 }), fc.option(body, { nil: undefined }), text, optional, (status, value, page, errorType) => {
    const failure = failureOfAnswer({ status, body: value, text: page, errorType });
    expect(failure).toBeInstanceOf(Failure);
    expect(typeof failure.message).toBe('string');
    expect(typeof failure.exitCode).toBe('number');
    expect([undefined, 'string']).toContain(failure.hint === undefined ? undefined : typeof failure.hint);
    expect(failure.details.every((detail) => typeof detail.field === 'string' && typeof detail.message === 'string')).toBe(true);
  }));
});

test('a reference and metadata of any text are parsed, or explained', async () => {
  await fc.assert(fc.asyncProperty(text, fc.array(text, { maxLength: 5 }), async (one, several) => {
    await orFailure(() => parseReference(one, 'version or alias'));
    await orFailure(() => parseMetadata(several));
  }));
});

test('a manifest of any files is refused, or all of its paths are below the destination on every system', async () => {
  const path = fc.oneof(text, fc.string({ unit: 'binary', maxLength: MAX_PATH_BYTES + 1 }), fc.array(fc.constantFrom('a', '..', '.', '', 'CON', '.git', 'C:', '\\', '.model-store', 'x.'), { maxLength: 4 }).map((parts) => parts.join('/')));
  const manifest = fc.array(path, { minLength: 1, maxLength: 4 }).map((paths) => ({
    schemaVersion: 1, model: 'm', version: 'v', createdAt: '', createdBy: '', metadata: {},
    files: paths.map((each) => ({ path: each, size: 1, sha256: 'a'.repeat(64), digest: 'a'.repeat(64), partSize: 16 })),
  }));
  await fc.assert(fc.asyncProperty(manifest, fc.constantFrom('linux', 'win32', 'darwin'), fc.boolean(), async (value, platform, allowUnsafeNames) => {
    const accepted = await orFailure(() => {
      requireTrustworthy(value as never, 'm', 'v', platform as NodeJS.Platform, { allowUnsafeNames });
      return true;
    });
    for (const { path: each } of accepted ? value.files : []) {
      expect(localPathProblem(each, platform as NodeJS.Platform)).toBeUndefined();
      expect(toLocalPath('/there', each).startsWith('/there/')).toBe(true);
    }
  }), { numRuns: 500 });
});

test('output never contains a character that controls a terminal', () => {
  fc.assert(fc.property(text, (given) => {
    let written = '';
    new SafeOutput({ write: (each) => { written += each; } }).write(given);
    // eslint-disable-next-line no-control-regex
    expect(written).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/);
  }));
});

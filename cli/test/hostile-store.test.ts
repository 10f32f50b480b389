import { rmSync, writeFileSync } from 'node:fs';
import { Person } from './person';
import { match } from './store-double/api-routes';
import { ROUTES } from '../../src/contract/routes';

/** Colors, a title, a hyperlink, a control of C1, directions, a forged line, and blanks. */
const HOSTILE = 'x\u001b[31m\u001b]0;title\u0007\u001b]8;;https://evil.example\u0007\u009b2J\u0085\u202e\u2066\u200b\ufeff\u2028'
  + '\r\nFORGED line\tend\u{e0041}';

/** What must not reach a terminal, other than line breaks and tabs. */
// eslint-disable-next-line no-control-regex
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

let person: Person;
beforeAll(async () => {
  person = await new Person().arrive();
  await person.run('push', person.write('model', { 'a.bin': 'a' }), 'fraud@1', '--metadata', 'framework=torch', '--base', '0');
  await person.run('push', person.path('model'), 'fraud@0', '--metadata', 'framework=torch');
  await person.run('push', person.path('model'), 'fraud@1', '--metadata', 'framework=torch');
  await person.run('promote', 'fraud@0', 'production', '--reason', 'first');
  await person.run('promote', 'fraud@1', 'production', '--reason', 'second');
  person.write('models', { 'churn/1/a.bin': 'a' });
});
afterAll(async () => person.leave());
beforeEach(() => {
  person.store.intercept = undefined;
  person.store.forget();
  person.parameters = {};
  person.variables = {};
  person.callerArn = undefined;
});

const COMMANDS: readonly (readonly string[])[] = [
  ['list'], ['list', 'fraud'], ['list', 'fraud', '--tree'], ['list', 'fraud', '--columns', 'version,metadata.framework,base', '--where', 'frame~x', '--sort', '-by,version'],
  ['diff', 'fraud@0', 'fraud@1'], ['diff', 'fraud@production', 'fraud@0'], ['show', 'fraud@1'], ['show', 'fraud@production'], ['history', 'fraud', 'production'], ['show', 'fraud@unknown'],
  ['promote', 'fraud@1', 'production'], ['promote', 'fraud@0', 'production', '--reason', 'back'], ['promote', 'fraud@production', 'staging'],
  ['promote', 'fraud@1', 'production', '--if-current', '0'], ['promote', 'fraud@1', 'production', '--if-absent'],
  ['promote', 'fraud@1', 'production', '--dry-run'], ['rollback', 'fraud@production', '--dry-run'], ['rollback', 'fraud', 'production', '--reason', 'back'],
  ['promote', 'fraud@1', 'canary'], ['unalias', 'fraud@canary', '--dry-run'], ['unalias', 'fraud@canary', '--reason', 'over'], ['history', 'fraud', 'canary'],
  ['push', 'MODEL', 'fraud@2'], ['push', 'MODEL', 'fraud@1'], ['push', 'MODEL', 'fraud@1', '--metadata', 'framework=onnx'], ['push', 'MODEL', 'fraud@3', '--base', '1'],
  ['push', 'MODEL', 'fraud@4', '--dry-run'], ['pull', 'fraud@1', 'THERE'], ['pull', 'fraud@production', 'THERE'], ['pull', 'fraud@production', 'THERE', '--exact'],
  ['verify', 'MODEL', '--model', 'fraud@1'], ['import', 'MODELS'], ['import', 'MODELS', '--dry-run'], ['complete', '', 'show', 'fraud@'], ['complete', '', 'pull', ''],
  ['logout'],
];

const wordsOf = (command: readonly string[]) => command.map((word) => ({
  MODEL: person.path('model'), THERE: person.path('there'), MODELS: person.path('models'),
}[word] ?? word));

type Change = (text: string, key: string) => string;

function changed(value: unknown, change: Change, key = ''): unknown {
  if (typeof value === 'string') {
    return change(value, key);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value) ? value.map((item) => changed(item, change, key))
    : Object.fromEntries(Object.entries(value).map(([name, item]) => [change(name, '#'), changed(item, change, name)]));
}

/** The store answers as before, but with other text. */
function answerWith(change: Change): void {
  person.store.intercept = ({ request, url, route, body }) => {
    if (route === undefined) {
      return undefined;
    }
    const { status, value } = person.store.routes.handle(request, url, match(request.method!, url.pathname), body);
    return { status, body: changed(value, change) as object };
  };
}

async function expectHarmless(command: readonly string[], ...more: string[]): Promise<string> {
  rmSync(person.path('there'), { recursive: true, force: true });
  const { exitCode, stdout, stderr } = await person.run(...wordsOf(command), ...more);
  for (const text of [stdout, stderr]) {
    expect(text).not.toMatch(RAW);
    expect(text.split('\n').filter((line) => line.startsWith('FORGED'))).toEqual([]);
    expect(text).not.toMatch(/\(bug\)|"code":"bug"/);
  }
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).toContain(exitCode);
  return stdout + stderr;
}

const NOT_TEXT = ['url', 'method', 'headers', 'sha256', 'digest', 'path', 'expiresAt', 'kind', 'state', 'outcome', '#'];
const NAMES = ['models', 'model', 'version', 'alias', 'base', 'previousVersion'];

describe.each<[string, Change]>([
  ['whose every string is hostile', () => HOSTILE],
  ['whose free text is hostile', (text, key) => ([...NOT_TEXT, ...NAMES].includes(key) ? text : HOSTILE)],
  ['whose names are hostile', (text, key) => (NAMES.includes(key) ? HOSTILE : text)],
  ['whose file paths are hostile', (text, key) => (key === 'path' ? HOSTILE : text)],
  ['whose keys are hostile', (text, key) => (key === '#' && text === 'framework' ? HOSTILE : text)],
])('a store %s', (_, change) => {
  test.each(COMMANDS.map((command) => [command.join(' '), command]))('controls no terminal: %s', async (_command, command) => {
    answerWith(change);
    await expectHarmless(command);
  });

  test.each(COMMANDS.map((command) => [command.join(' '), command]))('controls no terminal with --json: %s', async (_command, command) => {
    answerWith(change);
    await expectHarmless(command, ...(command[0] === 'complete' ? [] : ['--json']));
  });
});

describe('a store that refuses in hostile words', () => {
  test.each([
    [{ code: HOSTILE, message: HOSTILE, details: [{ field: HOSTILE, message: HOSTILE }], requestId: HOSTILE }],
    [{ code: 'forbidden', message: HOSTILE, details: [null, 'x', { field: 1, message: {} }, { field: HOSTILE, message: HOSTILE }], requestId: 7 }],
    [{ code: 'constructor', message: HOSTILE, details: {} }], [{ code: '__proto__', message: '', requestId: {} }],
    [{ message: HOSTILE }], [{ Message: HOSTILE }], [{ errorMessage: HOSTILE }], ['null'], ['[]'], [`<html><title>${HOSTILE}</title>`], [HOSTILE], [''],
  ])('%j is shown, and controls no terminal', async (body) => {
    for (const status of [400, 403, 404, 500]) {
      person.store.intercept = ({ route }) => (
        route === undefined ? undefined : { status, body, headers: { 'x-amzn-errortype': 'a\u009b31m', 'x-amzn-requestid': 'r\u009b2J' } });
      for (const command of [['list'], ['pull', 'fraud@1', 'THERE'], ['push', 'MODEL', 'fraud@9'], ['import', 'MODELS']]) {
        await expectHarmless(command);
        await expectHarmless(command, '--json');
      }
    }
  });

  test('an S3 that does so controls no terminal either', async () => {
    person.store.intercept = ({ route, response }) => {
      if (route !== undefined) {
        return undefined;
      }
      response.writeHead(400, { 'x-amz-request-id': 'r\u009b2J' });
      response.end(`<Error><Code>${HOSTILE}</Code><Message>${HOSTILE}</Message><RequestId>${HOSTILE}</RequestId></Error>`);
      return 'handled';
    };
    for (const command of [['pull', 'fraud@1', 'THERE'], ['push', person.write('other', { b: 'b' }), 'fraud@9']]) {
      expect(await expectHarmless(command)).toContain('\\u001b[31m');
      await expectHarmless(command, '--json');
    }
  });
});

describe('text of AWS', () => {
  test.each([
    ['a hostile store description', JSON.stringify({ schemaVersion: 1, storeName: HOSTILE, url: HOSTILE, region: HOSTILE, authentication: HOSTILE })],
    ['a description without an API', JSON.stringify({ schemaVersion: 1, storeName: HOSTILE, authentication: 'iam' })],
    ['a description with Cognito', JSON.stringify({ schemaVersion: 1, storeName: HOSTILE, authentication: 'cognito', url: 'https://a.example', issuer: HOSTILE })],
    ['values of other types', JSON.stringify({ schemaVersion: 1, storeName: [], url: {}, region: 7, authentication: 'iam', issuer: 1 })],
    ['null', 'null'], ['a list', '[]'], ['no JSON', HOSTILE],
  ])('in the SSM parameter controls no terminal: %s', async (_, value) => {
    person.parameters = { '/secure-model-artifact-store/models': value, '/secure-model-artifact-store/models/audit': value };
    for (const command of [
      ['list'], ['login', '--timeout', '1', '--no-browser'], ['logout'], ['audit', 'query', 'egress-by-day', '--on', 'athena'], ['audit', 'report'], ['audit', 'verify-trail'],
    ]) {
      await expectHarmless([...command, '--store', 'models']);
      await expectHarmless([...command, '--store', 'models', '--json']);
    }
  });

  test('in a session name controls no terminal', async () => {
    person.callerArn = `arn:aws:sts::111122223333:assumed-role/${HOSTILE}/botocore-session-1700000000`;
    await expectHarmless(['list']);
  });
});

test('a local path controls no terminal', async () => {
  const name = 'a\u001b[31m\u009b2J\u202e';
  person.write(name, { [name]: 'x' });
  for (const command of [
    ['push', person.path(name), 'fraud@7'], ['pull', 'fraud@1', person.path(`${name}2`)], ['verify', person.path(name)], ['import', person.path(name)],
    ['push', person.path(`${name}/none`), 'fraud@7'], [name], ['list', `--${name}`], ['list', name], ['show', `${name}@${name}`], ['list', '--token-file', person.path(name)],
  ]) {
    await expectHarmless(command);
    await expectHarmless(command, '--json');
  }
});

test('a stack trace controls no terminal', async () => {
  person.variables = { MODEL_STORE_DEBUG: '1' };
  Object.defineProperty(person.parameters, '/secure-model-artifact-store/models', { get: () => { throw new TypeError(HOSTILE); } });
  const { stdout, stderr } = await person.run('list', '--store', 'models');
  expect(stdout + stderr).not.toMatch(RAW);
  expect(stderr).toContain('at ');
});

test('--json is the same document, with these characters escaped', async () => {
  answerWith((text, key) => (key === 'reason' ? HOSTILE : text));
  const { stdout } = await person.run('history', 'fraud', 'production', '--json');
  expect(stdout).not.toMatch(RAW);
  expect((JSON.parse(stdout) as { history: { reason: string }[] }).history.map(({ reason }) => reason)).toContain(HOSTILE);
});

test('every route of the contract is called by some command of this test', async () => {
  for (const command of COMMANDS) {
    await person.run(...wordsOf(command));
  }
  await person.run('pull', 'fraud@1', person.path('elsewhere'));
  person.write('large', {});
  writeFileSync(person.path('large/b.bin'), Buffer.alloc(17 * 1024 * 1024));
  await person.run('push', person.path('large'), 'fraud@large');
  await person.run('trust');
  expect([...new Set(person.store.seen.map(({ route }) => route))].filter((route) => route !== undefined).sort()).toEqual(Object.keys(ROUTES).sort());
});

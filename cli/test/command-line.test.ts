import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from './person';
import { ERRORS } from '../../src/contract/errors';
import { EXIT } from '../src/runtime/failure';
import { versionText } from '../src/runtime/version';
import { failureOfAnswer } from '../src/store/refused-answer';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

describe('a usage error exits with code 2, is reported on stderr, and sends nothing', () => {
  test.each<[string[], string]>([
    [['push', '.'], "missing required argument 'model@version'"],
    [['push', '.', 'fraud'], 'no version given in "fraud"'],
    [['push', '.', 'Fraud@1.0@2'], '"Fraud" is not a valid model name; did you mean "fraud"?'],
    [['push', '.', 'Fraud@V1'], '"V1" is not a valid version name; did you mean "v1"?'],
    [['push', '.', 'fraud@..'], '".." is not a valid version name\nA name starts with'],
    [['push', '.', 'fraud@1', '-m', 'noequals'], 'KEY=VALUE'],
    [['push', '.', 'fraud@1', '-m', 'a=1', '-m', 'a=2'], '--metadata a: is given twice'],
    [['push', '.', 'fraud@1', '--concurrency', '0'], 'from 1 to 64'],
    [['push', '.', 'fraud@1', '-m', `a=${'x'.repeat(2_049)}`], 'at most 2048'],
    [['list', '--store', 'a', '--url', 'https://b'], 'not both'],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['list', '--frobnicate'], "unknown option '--frobnicate'"],
  ])('%j', async (argv, message) => {
    const { exitCode, stdout, stderr } = await person.run(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(person.store.seen).toHaveLength(0);
  });
});

test('without a command, help is printed on stderr', async () => {
  expect(await person.run()).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('Usage: model-store') });
});

test('help that was requested is printed on stdout', async () => {
  const { exitCode, stdout, stderr } = await person.run('--help');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  for (const command of ['push', 'import', 'pull', 'list', 'show', 'diff', 'promote', 'rollback', 'unalias', 'history', 'verify', 'audit']) {
    expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  }
});

describe('metadata and renames', () => {
  test('are all checked at once, and long values are truncated in the error', async () => {
    const { exitCode, stderr } = await person.run(
      'push', '.', 'fraud@1', '-m', 'acc=0.8', '-m', 'acc=0.9', '-m', 'x'.repeat(3_000), '-m', ' key=1', '-m', `long=${'y'.repeat(3_000)}`, '-m', 'acc=1');
    expect(exitCode).toBe(2);
    expect(stderr).toBe(`model-store: invalid metadata
  --metadata: "${'x'.repeat(60)}"… (3,000 characters) is not KEY=VALUE
  --metadata: " key" is not a valid key: start with a letter or a digit, and use only letters, digits and ._:/-
  --metadata acc: is given twice
  --metadata long: has 3000 characters; a value can have at most 2048
(usage)
`);
    const renames = await person.run('import', '.', '--rename', 'a=b', '--rename', 'a=c', '--rename', 'z'.repeat(3_000));
    expect(renames).toMatchObject({ exitCode: 2 });
    expect(renames.stderr).toContain('--rename "a": is given twice\n');
    expect(renames.stderr.length).toBeLessThan(500);
  });

  test.each([
    ['push', '.', 'fraud@1', '--concurrency', '9'.repeat(3_000)], ['push', '.', 'fraud@1', `--concurrency=${'9'.repeat(3_000)}`],
    ['x'.repeat(3_000)], ['list', `--${'x'.repeat(3_000)}`], ['push', '.', 'X'.repeat(3_000)], ['show', `${'X'.repeat(3_000)}@1`],
  ])('long arguments are truncated in errors: %s', async (...argv) => {
    const { exitCode, stderr } = await person.run(...argv);
    expect(exitCode).toBe(2);
    expect(stderr.length).toBeLessThan(800);
  });
});

test.each([
  ['Llama-3.1-8B@1.0', 'model: "Llama-3.1-8B" is not a valid model name; did you mean "llama-3.1-8b"?'],
  ['meta-llama/Llama-3.1-8B@1.0', 'did you mean "meta-llama-llama-3.1-8b"?'],
  ['llama@1.0+cu121', 'version: "1.0+cu121" is not a valid version name; did you mean "1.0-cu121"?'],
  ['llama@V2', 'did you mean "v2"?'],
  ['llama@uploads', 'did you mean "uploads-version"?'],
])('an invalid name (%s) is rejected with a suggestion for a valid one', async (reference, message) => {
  const { exitCode, stderr } = await person.run('push', '.', reference);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain('\nA name starts with a lower-case letter or a digit');
});

test('a build that is not a release says so', async () => {
  expect(await person.run('--version')).toMatchObject({ exitCode: 0, stdout: 'model-store 0.0.0 (built from source, not a release)\n' });
  expect(versionText('1.2.3')).toBe('model-store 1.2.3');
});

describe('an error response from the store', () => {
  test('is reported with its message, every detail, its code and its request ID', async () => {
    person.store.intercept = () => ({
      status: 400,
      body: {
        code: 'invalid_request',
        message: 'two fields are wrong',
        requestId: 'r-1',
        details: [{ field: 'files[0].path', message: 'is empty' }, { field: 'files[3].size', message: 'is negative' }],
      },
    });
    expect(await person.run('list')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'model-store: two fields are wrong\n  files[0].path: is empty\n  files[3].size: is negative\n(invalid_request, request id r-1)\n',
    });
  });

  test('is one line of JSON on stderr with --json', async () => {
    person.store.intercept = () => ({ status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r-1' } });
    const { exitCode, stdout, stderr } = await person.run('list', '--json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'forbidden', message: 'no', details: expect.any(Array), requestId: 'r-1', hint: expect.any(String), exitCode: 6 },
    });
  });

  test('in the format of API Gateway is also reported, with its request ID', async () => {
    person.store.intercept = () => ({ status: 403, body: { Message: 'User: arn:x is not authorized' } });
    expect(await person.run('list')).toMatchObject({
      exitCode: 6, stderr: expect.stringMatching(/^model-store: User: arn:x is not authorized\n[^]*\(forbidden, request id request-7\)\n$/),
    });
  });

  test('that is not JSON is reported with its status code', async () => {
    person.store.intercept = () => ({ status: 404, body: '<html>proxy</html>' });
    expect(await person.run('list')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('the store responded with status 404: proxy\n') });
  });

  test('is assumed when a successful response is not JSON', async () => {
    person.store.intercept = () => ({ status: 200, body: '<html>captive portal</html>' });
    expect(await person.run('list')).toMatchObject({ exitCode: 1 });
  });
});

describe('a mistyped command', () => {
  test.each<[string[], string]>([
    [['push'], 'missing required argument \'path\''],
    [['lst'], 'unknown command \'lst\'\nDid you mean "list"?'],
    [['push', '.', 'fraud@1', '--concurrency', '0'], 'is invalid. Must be a whole number from 1 to 64.'],
    [['list', '--jsn'], 'unknown option \'--jsn\'\nDid you mean "--json"?\n'],
    [['push', '-lead', 'fraud@1'], 'unknown option \'-lead\'\nTo use a name that begins with "-", put "--" before it'],
    [['pull', 'fraud@1', ''], 'an argument or option is empty\n  <dir>: is empty\nIs an environment variable unset?'],
    [['push', '', 'fraud@1', '--region', ''], '  <path>: is empty\n  --region: is empty'],
    [['list', '--store', ''], '  --store: is empty'],
  ])('%j is reported like any other failure, as text and with --json, and sends no request', async (argv, message) => {
    const { exitCode, stdout, stderr } = await person.run(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^model-store: [^]*\(usage\)\n$/);
    expect(stderr).toContain(message);
    const machine = await person.run(...argv, '--json');
    expect(machine).toMatchObject({ exitCode: 2, stdout: '' });
    expect(JSON.parse(machine.stderr)).toEqual({ error: expect.objectContaining({ code: 'usage', details: expect.any(Array), exitCode: 2 }) });
    expect(machine.stderr.trimEnd()).not.toContain('\n');
    expect(person.store.seen).toEqual([]);
  });

  test('requested help and an empty word to complete are not failures', async () => {
    expect(await person.run('push', '--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Usage: model-store push'), stderr: '' });
    expect(await person.run('--version')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await person.run('complete', '--', 'pull', '')).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

test('--json reports an interruption with its exit code', async () => {
  person.interruption.abort(Object.assign(new Error('interrupted'), { exitCode: 143 }));
  const { exitCode, stderr } = await person.run('list', '--json');
  expect({ exitCode, stderr: JSON.parse(stderr) as unknown }).toEqual({
    exitCode: 143, stderr: { error: { code: 'interrupted', message: 'interrupted', details: [], exitCode: 143 } },
  });
});

describe('a store that takes long to respond', () => {
  const unavailable = (times: number, milliseconds: number) => {
    let left = times;
    person.store.intercept = () => {
      if (left-- <= 0) {
        return undefined;
      }
      person.clockShift += milliseconds;
      return { status: 503, body: { code: 'unavailable', message: 'the store has no time', details: [], requestId: 'r-1' } };
    };
  };

  test('is reported while the command waits, but not on every attempt', async () => {
    unavailable(4, 6_000);
    expect(await person.run('list')).toEqual({
      exitCode: 0, stdout: '', stderr: 'retrying: the store has no time\nretrying: the store has no time\n',
    });
  });

  test('is not reported for short waits, with --json or with --quiet', async () => {
    for (const [milliseconds, ...options] of [[1_000], [6_000, '--json'], [6_000, '--quiet']] as [number, ...string[]][]) {
      unavailable(4, milliseconds);
      expect(await person.run('list', ...options)).toMatchObject({ exitCode: 0, stderr: '' });
    }
  });
});

test('every error in the contract maps to a nonzero exit code', () => {
  const exitCodes = Object.entries(ERRORS).map(([code, { status }]) =>
    [code, failureOfAnswer({ status, body: { code, message: 'm', details: [], requestId: 'r' }, text: '' }).exitCode]);
  expect(Object.fromEntries(exitCodes)).toEqual({
    invalid_request: 2,
    invalid_name: 2,
    invalid_manifest: 2,
    invalid_page_token: 2,
    payload_too_large: 2,
    unauthenticated: 6,
    forbidden: 6,
    unnamed_session: 6,
    unknown_route: 3,
    unknown_model: 3,
    unknown_version: 3,
    unknown_alias: 3,
    unknown_file: 3,
    version_exists: 4,
    unsigned_version: 4,
    name_taken: 4,
    stale_alias: 4,
    blobs_missing: 5,
    damaged_object: 5,
    wrong_size: 5,
    wrong_digest: 5,
    expired_upload: 1,
    internal_error: 1,
    too_many_requests: 7,
    unavailable: 7,
  });
});

test('the README names every command, every exit code and every environment variable', () => {
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
  for (const code of Object.values(EXIT)) {
    expect(readme).toMatch(new RegExp(`^\\| \`${code}\` \\|`, 'm'));
  }
  for (const name of [
    'push', 'import', 'pull', 'list', 'show', 'diff', 'promote', 'rollback', 'unalias', 'history', 'verify', 'audit', 'completion',
    'MODEL_STORE_URL', 'MODEL_STORE_NAME', 'MODEL_STORE_TOKEN', 'MODEL_STORE_TOKEN_FILE', 'NODE_EXTRA_CA_CERTS', 'AWS_ENDPOINT_URL',
    'AWS_DEFAULT_REGION', 'AWS_CA_BUNDLE', 'SSL_CERT_FILE', 'HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY',
  ]) {
    expect(readme).toContain(name);
  }
});

test('--quiet prints only the result; without a terminal, each stage is otherwise one plain line', async () => {
  const folder = person.write('model', { 'a.bin': 'a' });
  const talk = (await person.run('push', folder, 'fraud@1')).stderr.replace(/[0-9.]+ s/g, '0 s');
  expect(talk).toBe('reading: 1 B in 0 s\nsending: 1 B in 0 s\npublishing fraud@1\n');
  expect(await person.run('pull', 'fraud@1', person.path('there'), '--quiet')).toMatchObject({ stderr: '', stdout: expect.stringContaining('pulled fraud@1') });
});

test('push and pull report what they did with --json', async () => {
  const pushed = await person.run('push', person.write('model', { 'a.bin': 'a' }), 'fraud@1', '--json');
  expect(pushed.stderr).toBe('');
  expect(JSON.parse(pushed.stdout)).toMatchObject({ outcome: 'published', files: 1, bytes: 1, sentFiles: 1, sentBytes: 1, manifestSha256: expect.any(String) });
  const pulled = await person.run('pull', 'fraud@1', person.path('there'), '--json');
  expect(JSON.parse(pulled.stdout)).toMatchObject({ version: '1', files: 1, keptFiles: 0, receivedFiles: 1 });
});

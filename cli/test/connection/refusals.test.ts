import { Person } from '../person';

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
});
afterEach(async () => person.leave());

/** In the format of the store's gateway responses; API Gateway sets the error type in the header. */
function refuse(status: number, body: object | string, errorType?: string): void {
  person.store.intercept = () => ({
    status,
    body,
    ...(errorType !== undefined && { headers: { 'x-amzn-errortype': errorType } }),
  });
}

const storeError = (code: string, message: string) => ({ code, message, details: [], requestId: 'r-1' });

describe('credentials that AWS rejects', () => {
  test.each([
    ['UnrecognizedClientException', 'AWS does not recognize these credentials', 'Sign in again'],
    ['InvalidClientTokenId', 'AWS does not recognize these credentials', 'Sign in again'],
    ['IncompleteSignatureException', 'AWS does not recognize these credentials', 'Sign in again'],
    ['ExpiredTokenException', 'the AWS credentials have expired', 'Sign in again'],
    [
      'InvalidSignatureException',
      'AWS does not accept the signature made with these credentials',
      'another Region (--region)',
    ],
  ])('%s is an authentication error, not a usage error', async (errorType, message, hint) => {
    // The store's DEFAULT_4XX response says "invalid_request" where no specific response exists.
    for (const body of [
      storeError('invalid_request', 'API Gateway rejected the request.'),
      { message: 'The security token included in the request is invalid.' },
    ]) {
      refuse(403, body, errorType);
      const { exitCode, stderr } = await person.run('list');
      expect(exitCode).toBe(6);
      expect(stderr).toContain(`model-store: ${message}`);
      expect(stderr).toContain(hint);
      expect(stderr).toContain(`${errorType}: ${body.message}`);
      expect(stderr).toContain('(unauthenticated, request id');
    }
  });
});

describe('a permission error names the caller, the action, the missing permission, and whom to ask', () => {
  beforeEach(() =>
    refuse(
      403,
      storeError(
        'forbidden',
        'Not permitted: your permissions do not allow this action, this model, or access from this network.',
      ),
      'AccessDeniedException',
    ),
  );

  test('for a role', async () => {
    person.callerArn = 'arn:aws:sts::111122223333:assumed-role/Scientist/jane';
    const { exitCode, stderr } = await person.run('promote', 'fraud@1', 'production', '--if-absent');
    expect(exitCode).toBe(6);
    expect(stderr).toContain(
      [
        'model-store: Not permitted: your permissions do not allow this action, this model, '
          + 'or access from this network.',
        '  you are: arn:aws:sts::111122223333:assumed-role/Scientist/jane',
        '  refused: PUT /live/models/fraud/aliases/production',
        '  needs: execute-api:Invoke on arn:aws:execute-api:eu-central-1:*:*/*/PUT/models/fraud/aliases/production',
        'Ask an administrator of the store for access (grantPromote of the construct).',
      ].join('\n'),
    );
  });

  test.each([
    ['push', ['push', 'model', 'fraud@1'], 'grantPush'],
    ['list', ['list'], 'grantDirectRead, grantPush or grantPromote'],
  ])('with the grant that %s needs', async (_, argv, grant) => {
    person.write('model', { a: 'a' });
    const { exitCode, stderr } = await person.run(
      ...argv.map((word) => (['model', 'there'].includes(word) ? person.path(word) : word)),
    );
    expect(exitCode).toBe(6);
    expect(stderr).toContain(`(${grant} of the construct)`);
  });

  test('without an identity if STS does not return one', async () => {
    const { stderr } = await person.run('list');
    expect(stderr).not.toContain('you are:');
    expect(stderr).toContain('refused: GET /live/models');
  });

  test('for a Cognito user, by name and groups', async () => {
    const claims = Buffer.from(JSON.stringify({ 'cognito:username': 'jane', 'cognito:groups': ['readers'] })).toString(
      'base64url',
    );
    const { stderr } = await person.run(
      'push',
      person.write('model', { a: 'a' }),
      'fraud@1',
      '--token',
      `eyJhbGciOiJSUzI1NiJ9.${claims}.c2ln`,
    );
    expect(stderr).toContain('  you are: jane (groups: readers)\n');
    expect(stderr).toContain('  needs: membership in a user pool group that is allowed to');
    expect(stderr).toContain('then sign in again');
    expect(stderr).not.toContain(claims);
  });

  test('in the details with --json', async () => {
    person.callerArn = 'arn:aws:iam::111122223333:user/jane';
    const { stderr } = await person.run('list', '--json');
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: 'forbidden',
        exitCode: 6,
        requestId: 'r-1',
        details: [
          { field: 'you are', message: 'arn:aws:iam::111122223333:user/jane' },
          { field: 'refused', message: 'GET /live/models' },
          { field: 'needs', message: 'execute-api:Invoke on arn:aws:execute-api:eu-central-1:*:*/*/GET/models' },
        ],
      },
    });
  });
});

describe('a response that is not from the store is explained', () => {
  test.each<[string, number, object | string, string, string]>([
    [
      'a function that timed out',
      502,
      { errorMessage: '2026-11-28T10:00:00Z 4f2c Task timed out after 29.00 seconds', errorType: 'Sandbox.Timedout' },
      'a Lambda function of the store timed out (Task timed out after 29.00 seconds)',
      'unavailable',
    ],
    [
      'a function that crashed',
      500,
      { errorMessage: 'RequestId: 1 Error: Runtime exited', errorType: 'Runtime.ExitError' },
      'a Lambda function of the store failed: RequestId: 1 Error: Runtime exited',
      'unavailable',
    ],
    [
      'a timeout in API Gateway',
      504,
      { message: 'Endpoint request timed out' },
      'Endpoint request timed out',
      'unavailable',
    ],
    ['JSON without an error', 502, { some: { thing: 'else' } }, 'the store responded with status 502', 'unavailable'],
    [
      'a page of a load balancer',
      503,
      '<html><head><title>503 Service Unavailable</title></head><body>nginx</body></html>',
      'the store responded with status 503: 503 Service Unavailable',
      'unavailable',
    ],
    [
      'a page without a title',
      502,
      '<html><style>p{color:red}</style><p>Bad <b>gateway</b></p></html>',
      'the store responded with status 502: Bad gateway',
      'unavailable',
    ],
  ])('%s', async (_, status, body, message, code) => {
    refuse(status, body);
    person.clockShift = 0;
    const { exitCode, stderr } = await person.run('list');
    expect(exitCode).toBe(7);
    expect(stderr).toContain(`model-store: ${message}\n`);
    expect(stderr).toContain(`(${code}`);
    expect(stderr).not.toMatch(/[{<]/);
  });
});

describe('an unknown command', () => {
  test.each([
    ['delete', 'docs/guides/delete-and-retention.md'],
    ['rm', 'docs/guides/delete-and-retention.md'],
    ['upload', 'Did you mean "push"?'],
    ['download', 'Did you mean "pull"?'],
    ['ls', 'Did you mean "list"?'],
    ['tag', 'Did you mean "promote"?'],
    ['revert', 'Did you mean "rollback"?'],
    ['untag', 'Did you mean "unalias"?'],
    ['puhs', 'Did you mean "push"?'],
  ])('%s suggests an existing one', async (name, message) => {
    const { exitCode, stderr } = await person.run(name, 'fraud@1');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`unknown command '${name}'`);
    expect(stderr).toContain(message);
    expect(stderr.match(/Did you mean/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });
});

test('without a store, every way to specify one is listed', async () => {
  const { stderr } = await person.runAt(undefined, 'list');
  for (const way of ['--store', 'MODEL_STORE_NAME', '--url', 'MODEL_STORE_URL']) {
    expect(stderr).toContain(way);
  }
});

import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
import { AnsweringServer } from '../loopback-server';
import { Person } from '../person';

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
});
afterEach(async () => person.leave());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const timeOf = (header: string | undefined) =>
  Date.parse((header ?? '').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/**
 * Like AWS, rejects requests whose signing time is more than five minutes off, with one of the errors that AWS
 * returns.
 */
function punctual(clock: () => number, refusal: { status: number; type?: string; body: object }) {
  return ({
    request,
  }: {
    readonly request: { readonly headers: { readonly [name: string]: string | string[] | undefined } };
  }) => {
    const date = new Date(clock()).toUTCString();
    return Math.abs(clock() - timeOf(request.headers['x-amz-date'] as string)) > 5 * MINUTE
      ? {
        status: refusal.status,
        body: refusal.body,
        headers: { date, ...(refusal.type && { 'x-amzn-errortype': refusal.type }) },
      }
      : undefined;
  };
}

const STORES_OWN = {
  status: 401,
  type: 'InvalidSignatureException',
  body: {
    code: 'unauthenticated',
    message: 'The signature does not match; check your credentials and the system clock.',
    details: [],
    requestId: 'r',
  },
};
const GATEWAYS_OWN = {
  status: 403,
  type: 'InvalidSignatureException',
  body: {
    message: 'Signature expired: 20261128T000000Z is now earlier than 20261128T010000Z (20261128T011500Z - 15 min.)',
  },
};
const WITHOUT_A_NAME = { status: 403, body: { message: 'Signature not yet current' } };

describe('a wrong clock', () => {
  test.each([
    ['an hour behind', -HOUR, '60 minutes behind'],
    ['an hour ahead', HOUR, '60 minutes ahead of'],
    ['a day behind', -DAY, '24 hours behind'],
    ['a day ahead', DAY, '24 hours ahead of'],
    ['a month behind', -30 * DAY, '30 days behind'],
  ])('is corrected using the response from the store: %s', async (_, shift, deviation) => {
    for (const refusal of [STORES_OWN, GATEWAYS_OWN, WITHOUT_A_NAME]) {
      person.clockShift = shift;
      person.store.forget();
      person.store.intercept = punctual(() => Date.now(), refusal);
      expect(await person.run('list')).toEqual({
        exitCode: 0,
        stdout: '',
        stderr: `this machine's clock is ${deviation} the clock of the store; `
          + 'requests are signed with the time of the store\n',
      });
      expect(person.store.calls('listModels')).toHaveLength(2);
    }
  });

  test('causes one retry, not one per request', async () => {
    person.clockShift = -HOUR;
    const folder = person.write('model', { a: 'a', b: 'b' });
    const check = punctual(() => Date.now(), STORES_OWN);
    let refused = 0;
    person.store.intercept = (call) => {
      const refusal = call.route && check(call);
      refused += refusal ? 1 : 0;
      return refusal;
    };
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(person.store.seen.length).toBeGreaterThan(4);
    expect(refused).toBe(1);
  });

  test('that cannot be corrected is reported as a possible cause, with its deviation', async () => {
    person.clockShift = -15 * MINUTE;
    person.store.intercept = () => ({ ...STORES_OWN, headers: { 'x-amzn-errortype': STORES_OWN.type } });
    const { exitCode, stderr } = await person.run('list');
    expect(exitCode).toBe(6);
    expect(stderr).toContain('  clock: this machine\'s clock is 15 minutes behind the clock of the store');
    expect(stderr).toContain('Correct the clock of this machine.');
    expect(person.store.calls('listModels')).toHaveLength(2);
  });
});

describe('other failures are not retried', () => {
  const refusing = (headers: { [name: string]: string }, status = 403) => {
    person.store.intercept = () => ({ status, headers, body: { message: 'no' } });
  };

  test.each<[string, number, { [name: string]: string }]>([
    ['a rejection by a store with the same time', 0, {}],
    [
      'a missing permission, even with a wrong clock',
      -HOUR,
      { 'x-amzn-errortype': 'AccessDeniedException' },
    ],
    [
      'unknown credentials, even with a wrong clock',
      HOUR,
      { 'x-amzn-errortype': 'UnrecognizedClientException' },
    ],
    ['an invalid date', 0, { date: 'yesterday' }],
  ])('%s', async (_, shift, headers) => {
    person.clockShift = shift;
    refusing(headers);
    expect(await person.run('list')).toMatchObject({ exitCode: 6 });
    expect(person.store.calls('listModels')).toHaveLength(1);
  });

  test('a token, which does not depend on the local clock', async () => {
    person.clockShift = HOUR;
    refusing({}, 401);
    expect(await person.run('list', '--token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln')).toMatchObject({
      exitCode: 6,
    });
    expect(person.store.calls('listModels')).toHaveLength(1);
  });
});

test.each([
  ['an hour', HOUR],
  ['a day', DAY],
])('AWS SDK clients correct a clock that is %s fast or slow, with one additional request', async (_, shift) => {
  for (const sign of [-1, 1]) {
    let requests = 0;
    const server = await new AnsweringServer((request, response) => {
      requests++;
      const there = Date.now() + sign * shift;
      const tooFar = Math.abs(there - timeOf(request.headers['x-amz-date'] as string)) > 5 * MINUTE;
      response.writeHead(tooFar ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.1',
        date: new Date(there).toUTCString(),
      });
      response.end(
        JSON.stringify(
          tooFar
            ? { __type: 'InvalidSignatureException', message: 'Signature expired' }
            : { Parameter: { Name: 'p', Value: 'v' } },
        ),
      );
    }).start();
    const client = new SSMClient({
      endpoint: server.origin,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    try {
      expect((await client.send(new GetParameterCommand({ Name: 'p' }))).Parameter?.Value).toBe('v');
      expect(requests).toBe(2);
    } finally {
      client.destroy();
      await server.stop();
    }
  }
});

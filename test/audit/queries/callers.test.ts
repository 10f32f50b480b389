import { athenaViews } from '../../../src/audit/audit-queries';
import { SESSION_TAGS } from '../../../src/contract/environment';
import { answerOf, select, type Row } from '../support/evidence';
import { managementEvent, objectEvent, session } from '../support/records';

const DAY = '2026-03-02';
const ROLE = 'arn:aws:iam::111122223333:role';
const INVOCATION = '6f1c2b1e-0000-4000-8000-00000000000a';
const API: Row = { type: 'AWSService', invokedBy: 'apigateway.amazonaws.com' };
const MALLORY: Row = {
  type: 'IAMUser', userName: 'mallory', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:user/mallory',
};
const tagsOf = (invocationId: string): readonly Row[] => [
  { key: 'caller', value: 'arn:aws:iam::111122223333:user/ada' }, { key: 'request-id', value: 'forged' },
  { key: 'invocation-id', value: invocationId },
];

const invocation = (who: Row, more: Row = {}) => objectEvent({
  action: 'Invoke', requestId: INVOCATION, time: '2026-03-02T09:59:00Z',
  record: {
    eventSource: 'lambda.amazonaws.com', userIdentity: who, readOnly: false,
    requestParameters: { functionName: 'arn:aws:lambda:eu-central-1:111122223333:function:models-download' }, ...more,
  },
});

const opening = (key: string, { who, role, name, tags, more }: {
  readonly who?: Row; readonly role?: string; readonly name?: string; readonly tags?: readonly Row[]; readonly more?: Row;
} = {}) => managementEvent('AssumeRole', {
  roleArn: `${ROLE}/${role ?? 'DownloadSession'}`, roleSessionName: name ?? 'ada', ...(tags && { tags }),
}, {
  eventSource: 'sts.amazonaws.com', userIdentity: who ?? session('DownloadFunction', 'models-download'),
  eventTime: '2026-03-02T09:59:01Z', responseElements: { credentials: { accessKeyId: key } }, ...more,
});

const withKey = (who: Row, accessKeyId: string): Row => ({ ...who, accessKeyId });
const read = (key: string, more: object = {}) => objectEvent({
  who: withKey(session('DownloadSession', 'ada', 'ada'), key), link: { signedAt: '20260302T095902Z' }, ...more,
});

async function callersOf(records: readonly Row[], settings: Row = {}) {
  const sql = 'SELECT principal, principal_source FROM egress_events ORDER BY event_time, event_id';
  const { rows } = await select({ records, settings }, sql);
  return rows.map(({ principal, principal_source }) => [principal, principal_source]);
}

test('the view reads the tag that the functions set', () => {
  expect(athenaViews().delivered_events).toContain(`"key":"${SESSION_TAGS.INVOCATION_ID}"`);
});

describe('the principal of a session of the store', () => {
  const opened = opening('ASIA1', { tags: tagsOf(INVOCATION) });

  test('is the caller of the API if API Gateway invoked the function', async () => {
    expect(await callersOf([invocation(API), opened, read('ASIA1')])).toEqual([['ada', 'api']]);
  });

  // [C-07] in docs/compliance.md
  test('is the invoker if the function was invoked directly, not the caller that the event names', async () => {
    expect(await callersOf([invocation(MALLORY), opened, read('ASIA1')])).toEqual([['mallory', 'invoker']]);
  });

  test.each([
    ['another service', { type: 'AWSService', invokedBy: 'events.amazonaws.com' }, 'events.amazonaws.com'],
    ['another API, with a role', { ...session('Integration', 'BackplaneAssumeRoleSession'), invokedBy: 'apigateway.amazonaws.com' },
      'Integration=BackplaneAssumeRoleSession'],
  ])('is the invoker if it was %s', async (_, who, principal) => {
    expect(await callersOf([invocation(who), opened, read('ASIA1')])).toEqual([[principal, 'invoker']]);
  });

  test.each([
    ['InvokeAsync'], ['InvokeWithResponseStream'],
  ])('is the invoker with %s', async (eventName) => {
    expect(await callersOf([invocation(MALLORY, { eventName }), opened, read('ASIA1')])).toEqual([['mallory', 'invoker']]);
  });

  test('is found whatever the order of the members of a tag', async () => {
    const turned = opening('ASIA1', { tags: tagsOf(INVOCATION).map(({ key, value }) => ({ value, key })) });
    expect(await callersOf([invocation(MALLORY), turned, read('ASIA1')])).toEqual([['mallory', 'invoker']]);
  });

  test.each([
    ['the invocation', [opened]],
    ['the AssumeRole', [invocation(MALLORY)]],
    ['the tag of the session', [invocation(MALLORY), opening('ASIA1', { tags: [] })]],
    ['everything', []],
  ])('is what the session claims, and marked as unchecked, without %s', async (_, records) => {
    expect(await callersOf([...records, read('ASIA1')])).toEqual([['ada', 'unchecked']]);
  });

  test('is who opened the session, if no function of the store did, whatever its tags', async () => {
    const borrowed = opening('ASIA1', { who: session('Admin', 'oscar'), tags: tagsOf(INVOCATION) });
    expect(await callersOf([invocation(API), borrowed, read('ASIA1')])).toEqual([['Admin=oscar', 'opener']]);
  });

  test('is not checked against the roles of functions if these are unknown', async () => {
    const borrowed = opening('ASIA1', { who: session('Admin', 'oscar'), tags: tagsOf(INVOCATION) });
    expect(await callersOf([invocation(API), borrowed, read('ASIA1')], { function_role_arns: null })).toEqual([['ada', 'api']]);
  });

  test('is checked for sessions with the same name and source identity if the roles of sessions are unknown', async () => {
    const settings = { session_role_arns: null };
    expect(await callersOf([invocation(MALLORY), opened, read('ASIA1')], settings)).toEqual([['mallory', 'invoker']]);
    const own = objectEvent({ who: withKey(session('Scientist', 'joan'), 'ASIA2') });
    expect(await callersOf([own], settings)).toEqual([['Scientist=joan', 'record']]);
  });

  test('is the same on the day before and after the records of the session', async () => {
    const on = (day: string, record: Row) => ({ ...record, delivery_day: day });
    const records = [
      on('2026-03-02', invocation(MALLORY)), on('2026-03-03', opened), on('2026-03-02', read('ASIA1', { time: '2026-03-02T23:59:59Z' })),
      on('2026-03-03', read('ASIA1', { time: '2026-03-03T00:05:00Z' })),
    ];
    expect(await callersOf(records)).toEqual([['mallory', 'invoker'], ['mallory', 'invoker']]);
  });

  test('does not multiply reads if the records of the session were delivered several times, or for two accounts', async () => {
    const again = (record: Row, delivery_day: string, more: Row = {}) => ({ ...record, delivery_day, ...more });
    const records = [
      again(invocation(MALLORY), DAY), again(invocation(MALLORY), '2026-03-03'),
      again(opened, DAY), again(opened, '2026-03-03'),
      again(opened, DAY, { eventID: 'of-the-other', userIdentity: { type: 'AWSAccount', principalId: 'AROAEXAMPLE:fn', accountId: '1' } }),
      read('ASIA1'),
    ];
    expect(await callersOf(records)).toEqual([['mallory', 'invoker']]);
  });
});

describe('queries name who acted', () => {
  const session1 = opening('ASIA1', { role: 'UploadSession', who: session('UploadFunction', 'models-upload'), tags: tagsOf(INVOCATION) });
  const write = (key: string, name: string) => objectEvent({
    who: withKey(session('UploadSession', 'ada', 'ada'), name), action: 'PutObject', bytes: 0, key,
  });
  const published = [
    write('models/fraud/versions/6.6.6/manifest.json', 'ASIA1'), write('models/fraud/versions/6.6.6/model.sig', 'ASIA1'),
    write('models/fraud/aliases/production.json', 'ASIA1'),
  ];
  const steps = async (records: readonly Row[]) => (await answerOf('custody', { records }, DAY, DAY)).map(
    ({ step, principal, principal_source }) => `${step} ${principal} ${principal_source}`,
  ).sort();

  test('in the chain of custody', async () => {
    expect(await steps([invocation(MALLORY), session1, ...published])).toEqual([
      'promoted mallory invoker', 'published mallory invoker', 'signed mallory invoker',
    ]);
    expect(await steps([session1, ...published])).toEqual([
      'promoted ada unchecked', 'published ada unchecked', 'signed ada unchecked',
    ]);
  });

  test('in the totals, which count what was not checked', async () => {
    const records = [
      invocation(MALLORY), opening('ASIA1', { tags: tagsOf(INVOCATION) }), read('ASIA1', { bytes: 70 }),
      read('ASIA2', { bytes: 5 }),
    ];
    expect(await answerOf('egress-by-principal', { records }, DAY, DAY)).toMatchObject([
      { principal: 'mallory', bytes_out: 70, unchecked_reads: 0 }, { principal: 'ada', bytes_out: 5, unchecked_reads: 1 },
    ]);
  });
});

describe('direct invocations', () => {
  const found = async (records: readonly Row[], settings: Row = {}) =>
    (await answerOf('direct-invocations', { records, settings }, DAY, DAY)).map(
      ({ principal, function_name, result, invocations }) => [principal, function_name, result, invocations],
    );
  const elsewhere = { requestParameters: { functionName: 'web' } };

  test('are all invocations of the functions that the API did not make, also denied ones', async () => {
    expect(await found([
      invocation(API), invocation(MALLORY), invocation(MALLORY), invocation(MALLORY, { errorCode: 'AccessDenied' }),
      invocation({ type: 'AWSService', invokedBy: 'events.amazonaws.com' }, {
        eventTime: '2026-03-02T10:30:00Z', requestParameters: { functionName: 'models-download:live' },
      }),
      invocation(MALLORY, elsewhere),
    ])).toEqual([
      ['mallory', 'models-download', 'denied', 1], ['mallory', 'models-download', 'ok', 2],
      ['events.amazonaws.com', 'models-download', 'ok', 1],
    ]);
  });

  test('are reported for every function if those of the store are unknown', async () => {
    expect(await found([invocation(MALLORY, elsewhere)], { watched_resources: null })).toEqual([['mallory', 'web', 'ok', 1]]);
  });

  test('are the normal way without an API', async () => {
    expect(await found([invocation(MALLORY)], { invoking_service: 'none' })).toEqual([]);
  });

  test('exclude what a deployment does', async () => {
    const deployment = { ...session('Deployment', 'AWSCloudFormation'), invokedBy: 'cloudformation.amazonaws.com' };
    expect(await found([invocation(deployment)])).toEqual([]);
    expect(await found([invocation({ ...session('Admin', 'x'), invokedBy: 'cloudformation.amazonaws.com' })])).toEqual([
      ['Admin=x', 'models-download', 'ok', 1],
    ]);
  });
});

describe('a chain of sessions', () => {
  const links = (count: number) => Array.from({ length: count }, (_, index) => opening(`ASIACHAIN${index}`, {
    who: index === 0 ? withKey(session('Scientist', 'trudy'), 'ASIAOWN') : withKey(session(`Hop${index}`, 'ci'), `ASIACHAIN${index - 1}`),
    role: index === count - 1 ? 'Training' : `Hop${index + 1}`, name: 'ci',
  }));
  const firstOf = async (records: readonly Row[], last: string) => (await answerOf('unexpected-role-assumption', {
    records: [...records, objectEvent({ who: withKey(session('Training', 'ci'), last) })],
  }, DAY, DAY)).map(({ opened_by, first_opened_by }) => [opened_by, first_opened_by]);

  test.each([1, 2, 3, 5, 8])('of %i is followed to its first principal', async (count) => {
    expect(await firstOf(links(count), `ASIACHAIN${count - 1}`)).toEqual([
      [count === 1 ? 'Scientist=trudy' : `Hop${count - 1}=ci`, 'Scientist=trudy'],
    ]);
  });

  test('begins with the session that an identity provider opened', async () => {
    const signIn = opening('ASIAOWN', {
      who: { type: 'SAMLUser', principalId: 'EXAMPLE=:trudy', userName: 'trudy', identityProvider: 'EXAMPLE=' },
      role: 'Scientist', name: 'trudy', more: { eventName: 'AssumeRoleWithSAML' },
    });
    expect(await firstOf([signIn, ...links(2)], 'ASIACHAIN1')).toEqual([['Hop1=ci', 'Scientist=trudy']]);
  });

  test('that is a circle ends', async () => {
    const circle = [
      opening('ASIAA', { who: withKey(session('B', 'x'), 'ASIAB'), role: 'Training' }),
      opening('ASIAB', { who: withKey(session('A', 'x'), 'ASIAA'), role: 'B' }),
    ];
    expect(await firstOf(circle, 'ASIAA')).toHaveLength(1);
  });

  test.each<[string, Row, Row]>([
    ['AssumeRoleWithSAML', { type: 'SAMLUser', principalId: 'EXAMPLE=:eve' }, {}],
    ['AssumeRoot', session('Admin', 'eve'), {}],
    ['GetSessionToken', MALLORY, {}],
    ['GetScopedCredentials', session('Admin', 'eve'), { requestParameters: null }],
    ['GetFederationToken', MALLORY, { requestParameters: { name: 'ada' } }],
    ['GetDelegatedAccessToken', session('Admin', 'eve'), {}],
    ['CreateSession', { type: 'Unknown', principalId: 'certificate' }, {
      eventSource: 'rolesanywhere.amazonaws.com',
      responseElements: { credentialSet: [{ credentials: { accessKeyId: 'ASIA1' } }] },
    }],
  ])('is followed through %s', async (eventName, who, more) => {
    const answer = await answerOf('unexpected-role-assumption', {
      records: [opening('ASIA1', { who, more: { eventName, ...more } }), objectEvent({ who: withKey(session('Other', 'x'), 'ASIA1') })],
    }, DAY, DAY);
    expect(answer).toMatchObject([{ opened_with: eventName }]);
  });

  test('is not followed for jobs that AWS or their own platform started', async () => {
    const job = (who: Row) => [opening('ASIA1', { who, role: 'Training' }), objectEvent({ who: withKey(session('Training', 'x'), 'ASIA1') })];
    expect(await answerOf('unexpected-role-assumption', { records: job({ type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }) }, DAY, DAY)).toEqual([]);
    const pod = { type: 'WebIdentityUser', userName: 'system:serviceaccount:ml:train', identityProvider: 'oidc.eks' };
    expect(await answerOf('unexpected-role-assumption', { records: job(pod) }, DAY, DAY)).toEqual([]);
    expect(await answerOf('unexpected-role-assumption', { records: job(pod), settings: { direct_role_arns: null } }, DAY, DAY)).toHaveLength(1);
  });
});

describe('sessions of the roles that call the API', () => {
  const opens = (who: Row, name: string, more: Row = {}) => opening(`ASIA${name}`, { who, role: 'DataScientist', name, more });
  const found = async (...records: Row[]) => (await answerOf('misnamed-sessions', { records }, DAY, DAY)).map(
    ({ principal, opened_session_name, sessions }) => [principal, opened_session_name, sessions],
  );

  test('are reported under a name that is not that of who opened them', async () => {
    expect(await found(opens(MALLORY, 'ada'))).toEqual([['mallory', 'ada', 1]]);
    expect(await found(opens(session('PowerUser', 'mallory'), 'ada'))).toEqual([['PowerUser=mallory', 'ada', 1]]);
    expect(await found(opens({ type: 'AWSAccount', accountId: '9', principalId: 'AROAX:mallory' }, 'ada'))).toEqual([
      ['AROAX:mallory', 'ada', 1],
    ]);
  });

  test('are not reported under the name of who opened them', async () => {
    expect(await found(
      opens(MALLORY, 'mallory'), opens(session('PowerUser', 'eve'), 'eve'),
      opens(session('AWSReservedSSO_Science_0123456789abcdef', 'ann@example.com'), 'ann'),
      opens(session('AWSReservedSSO_Science_0123456789abcdef', 'bob@example.com'), 'bob@example.com'),
      opens(session('PowerUser', 'session-1', 'carol'), 'carol'),
      opens({ type: 'AWSAccount', accountId: '9', principalId: 'AROAX:dan' }, 'dan'),
    )).toEqual([]);
  });

  test('are not reported if an AWS service or an identity provider named them', async () => {
    expect(await found(
      opens({ type: 'AWSService', invokedBy: 'codebuild.amazonaws.com' }, 'nightly'),
      opens({ type: 'SAMLUser', principalId: 'EXAMPLE=:u-1', userName: 'u-1' }, 'ada', { eventName: 'AssumeRoleWithSAML' }),
      opens({ type: 'WebIdentityUser', userName: 'repo:acme/fraud' }, 'release', { eventName: 'AssumeRoleWithWebIdentity' }),
    )).toEqual([]);
  });

  test('are compared with the first principal of a chain, whose sessions may have any name', async () => {
    const helper = opening('ASIAHELPER', { who: MALLORY, role: 'Helper', name: 'ada' });
    expect(await found(helper, opens(withKey(session('Helper', 'ada'), 'ASIAHELPER'), 'ada'))).toEqual([['mallory', 'ada', 1]]);
  });

  test('of other roles, denied ones, and those of unknown roles are not reported', async () => {
    expect(await found(
      opening('ASIA1', { who: MALLORY, role: 'Web', name: 'ada' }), opens(MALLORY, 'ada', { errorCode: 'AccessDenied', responseElements: null }),
    )).toEqual([]);
    expect(await answerOf('misnamed-sessions', { records: [opens(MALLORY, 'ada')], settings: { caller_role_arns: null } }, DAY, DAY)).toEqual([]);
  });
});

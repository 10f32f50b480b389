import { dayParameters } from '../../../src/contract/audit-questions';
import {
  ACCESS_LOG_COLUMNS, AUDIT_VIEWS, EGRESS_EVENT_COLUMNS, INVOCATION_COLUMNS, OPENED_SESSION_COLUMNS, SESSION_CHAIN_COLUMNS, TRAIL_EVENT_COLUMNS,
  type AuditColumn,
} from '../../../src/contract/egress-events';
import { ask, QUERY_NAMES, queryText, select, type Row } from '../support/evidence';
import { logLine, objectEvent, session } from '../support/records';

const shown = (columns: readonly AuditColumn[]) => columns.map(({ name, type }) => [name, type.toUpperCase()]);

describe('every named query', () => {
  test.each(QUERY_NAMES)('%s begins with its title', (name) => {
    expect(queryText(name).split('\n')[0]).toMatch(/^-- [A-Z].*\?$/);
  });

  test.each(QUERY_NAMES)('%s takes the first and the last day alternately, in WHERE clauses only, as Athena requires', (name) => {
    const code = queryText(name).replace(/--.*$/gm, '').replace(/'[^']*'/g, '');
    const clauses = [...code.matchAll(/\b(SELECT|FROM|WHERE|ON|GROUP|HAVING|ORDER|WINDOW)\b|\?/g)].map(
      ([token]) => token,
    );
    const asking = clauses.flatMap(
      (token, index) => (token === '?' ? [clauses.slice(0, index).reverse().find((before) => before !== '?')] : []),
    );

    expect(asking.length).toBeGreaterThan(0);
    expect(asking.length % 2).toBe(0);
    expect(new Set(asking)).toEqual(new Set(['WHERE']));
  });

  test('returns no rows without any records', async () => {
    const queries = QUERY_NAMES.map(
      (name) => ({ sql: queryText(name), parameters: dayParameters(queryText(name), '2026-03-01', '2026-03-31') }),
    );
    const answers = await ask({}, queries);
    expect(answers.map(({ rows }) => rows)).toEqual(QUERY_NAMES.map(() => []));
  });
});

describe('the views', () => {
  test.each([
    ['egress_events', EGRESS_EVENT_COLUMNS], ['trail_events', TRAIL_EVENT_COLUMNS],
    ['access_log_requests', ACCESS_LOG_COLUMNS],
    ['invocations', INVOCATION_COLUMNS],
    ['opened_sessions', OPENED_SESSION_COLUMNS],
    ['session_chains', SESSION_CHAIN_COLUMNS],
  ] as const)('%s has exactly the columns of the contract', async (view, columns) => {
    const { columns: found } = await select({}, `SELECT * FROM ${view}`);
    expect(found).toEqual(shown(columns));
  });

  test('the contract describes every view, without duplicate columns', () => {
    for (const columns of Object.values(AUDIT_VIEWS)) {
      expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
    }
  });
});

describe('addresses', () => {
  test.each([
    ['198.51.100.7', '00000000000000000000ffffc6336407'],
    ['255.255.255.255', '00000000000000000000ffffffffffff'],
    ['2001:db8::1', '20010db8000000000000000000000001'],
    ['2001:DB8:0:0:0:0:0:1', '20010db8000000000000000000000001'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['fe80::', 'fe800000000000000000000000000000'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['::ffff:198.51.100.7', '00000000000000000000ffffc6336407'],
    ['256.1.1.1', null],
    ['1.2.3', null],
    ['1:2:3:4:5:6:7:8:9', null],
    ['1:2:3:4::5:6:7:8', null],
    ['12345::', null],
    ['athena.amazonaws.com', null],
    ['AWS Internal', null],
  ])('%s has the key %s', async (address, key) => {
    const { rows } = await select(
      { records: [objectEvent({ from: address })] }, 'SELECT source_ip, source_ip_key FROM egress_events',
    );
    expect(rows).toEqual([{ source_ip: address, source_ip_key: key }]);
  });
});

describe('principals', () => {
  const user = (name: string, accountId = '111122223333') => ({
    type: 'IAMUser', arn: `arn:aws:iam::${accountId}:user/${name}`, accountId, userName: name,
  });
  test.each([
    ['a session of the store', session('DownloadSession', 'x', 'DataScientist=alice'), 'DataScientist=alice'],
    ['a role of the account', session('DataScientist', 'alice'), 'DataScientist=alice'],
    [
      'a role whose name is ambiguous',
      session('Data=Scientist', 'alice'),
      'arn:aws:sts::111122223333:assumed-role/Data=Scientist/alice',
    ],
    [
      'a role of another account',
      session('DataScientist', 'alice', undefined, '999999999999'),
      'arn:aws:sts::999999999999:assumed-role/DataScientist/alice',
    ],
    ['a user', user('alice'), 'alice'],
    [
      'a user named like a role session',
      user('DataScientist=alice'),
      'arn:aws:iam::111122223333:user/DataScientist=alice',
    ],
    ['a user of another account', user('alice', '999999999999'), 'arn:aws:iam::999999999999:user/alice'],
    [
      'root',
      { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' },
      'arn:aws:iam::111122223333:root',
    ],
    ['an AWS service', { type: 'AWSService', invokedBy: 's3.amazonaws.com' }, 's3.amazonaws.com'],
    [
      'an account with only a principal ID',
      { type: 'AWSAccount', principalId: 'AIDAEXAMPLE', accountId: '999999999999' },
      'AIDAEXAMPLE',
    ],
    ['nobody', null, 'unknown at 198.51.100.7 (not a person)'],
    [
      'an unsigned request',
      { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' },
      'ANONYMOUS_PRINCIPAL',
    ],
    [
      'an account without other fields',
      { type: 'AWSAccount', accountId: '999999999999' },
      'AWSAccount of 999999999999 (not a person)',
    ],
    [
      'an IAM Identity Center user',
      session('AWSReservedSSO_Science_0123456789abcdef', 'jane@example.com'),
      'AWSReservedSSO_Science=jane@example.com',
    ],
    [
      'the same user after the permission set was assigned again',
      session('AWSReservedSSO_Science_fedcba9876543210', 'jane@example.com'),
      'AWSReservedSSO_Science=jane@example.com',
    ],
    ['a role with the name of the permission set', session('AWSReservedSSO_Science', 'jane@example.com'),
      'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Science/jane@example.com'],
    ['an IAM Identity Center user with a long name', session(
      'AWSReservedSSO_Science_0123456789abcdef', `${'jane'.repeat(12)}@example.com`,
    ),
    `AWSReservedSSO_Science=${'jane'.repeat(12)}@example.com`],
    ['an IAM Identity Center user for whom a service acts', {
      ...session('AccessGrants', 'access-grants-1'), onBehalfOf: {
        userId: '1111-2222', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1234567890',
      },
    }, 'd-1234567890/1111-2222'],
    ['the same user without a role', {
      type: 'IdentityCenterUser', accountId: '111122223333', credentialId: 'C1',
      onBehalfOf: {
        userId: '1111-2222', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1234567890',
      },
    }, 'd-1234567890/1111-2222'],
    ['a user of an identity pool', {
      ...session('PoolRole', 'CognitoIdentityCredentials'),
      sessionContext: {
        ...session('PoolRole', 'CognitoIdentityCredentials').sessionContext as Row,
        webIdFederationData: {
          federatedProvider: 'cognito-identity.amazonaws.com',
          attributes: {
            'cognito-identity.amazonaws.com:aud': 'eu-central-1:pool',
            'cognito-identity.amazonaws.com:sub': 'eu-central-1:1111',
          },
        },
      },
    }, 'PoolRole=cognito-identity.amazonaws.com:eu-central-1:1111'],
    [
      'a user of a directory',
      { type: 'Directory', accountId: '111122223333', userName: 'jane' },
      'jane (Directory of 111122223333)',
    ],
    [
      'a user who assumes a role with SAML',
      { type: 'SAMLUser', principalId: 'EXAMPLE=:jane', userName: 'jane', identityProvider: 'EXAMPLE=' },
      'EXAMPLE=:jane',
    ],
    [
      'the same without an ID',
      { type: 'SAMLUser', userName: 'jane', identityProvider: 'https://idp.example.com' },
      'jane (SAMLUser of https://idp.example.com)',
    ],
    ['a user who assumes a role with a web identity', {
      type: 'WebIdentityUser', principalId: 'accounts.google.com:app:123', userName: '123',
      identityProvider: 'accounts.google.com',
    }, 'accounts.google.com:app:123'],
  ])('%s', async (_, who, principal) => {
    const { rows } = await select(
      { records: [objectEvent({ record: { userIdentity: who } })] }, 'SELECT principal FROM egress_events',
    );
    expect(rows).toEqual([{ principal }]);
  });
});

describe('a session that was opened for a direct invocation', () => {
  const REQUEST = '6f1c2b1e-0000-4000-8000-000000000001';
  const invocation = (who: object, more: object = {}) => objectEvent({
    requestId: REQUEST, action: 'Invoke',
    record: {
      eventSource: 'lambda.amazonaws.com', userIdentity: who, requestParameters: { functionName: 'download' }, ...more,
    },
  });
  const read = (time: string) => objectEvent({ who: session('DownloadSession', REQUEST, REQUEST), time });
  const principals = async (records: object[]) =>
    (
      await select({ records: records as Row[] }, 'SELECT principal FROM egress_events ORDER BY event_time')
    ).rows.map(({ principal }) => principal);

  test('is attributed to the invoker, also after midnight', async () => {
    expect(await principals([
      invocation(session('Trainer', 'alice')), read('2026-03-02T23:59:00Z'), read('2026-03-03T00:10:00Z'),
    ])).toEqual(['Trainer=alice', 'Trainer=alice']);
  });

  test('is named by the request ID if the trail does not have the invocation', async () => {
    expect(await principals([
      invocation(session('Trainer', 'alice'), { requestID: 'another' }), read('2026-03-02T11:00:00Z'),
    ])).toEqual([REQUEST]);
  });

  test('is counted once, even if the invocation was recorded several times', async () => {
    const one = invocation(session('Trainer', 'alice'));
    expect(await principals([one, one, read('2026-03-02T11:00:00Z')])).toEqual(['Trainer=alice']);
  });
});

describe('incomplete records', () => {
  test.each(Object.keys(objectEvent()).filter(
    (field) => !['eventSource'].includes(field),
  ))('without %s are kept', async (field) => {
    const { rows } = await select(
      { records: [objectEvent({ record: { [field]: null } })] }, 'SELECT count(*) AS n FROM egress_events',
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  test('byte counts may be floats or strings', async () => {
    const records = [1e10, '12.0', '7', 'many'].map(
      (bytesTransferredOut) => objectEvent({ record: { additionalEventData: { bytesTransferredOut } } }),
    );
    const { rows } = await select({ records }, 'SELECT bytes_out, bytes_source FROM egress_events ORDER BY event_id');
    expect(rows).toEqual([
      { bytes_out: 10_000_000_000, bytes_source: 'trail' }, { bytes_out: 12, bytes_source: 'trail' },
      { bytes_out: 7, bytes_source: 'trail' },
      { bytes_out: null, bytes_source: 'unknown' },
    ]);
  });

  test('invalid times of events and presigned URLs are null', async () => {
    const records = [objectEvent({ time: 'yesterday', link: { signedAt: 'earlier' } })];
    const { rows } = await select({ records }, 'SELECT event_time, link_signed_at, presigned FROM egress_events');
    expect(rows).toEqual([{ event_time: null, link_signed_at: null, presigned: true }]);
  });
});

describe('access logs', () => {
  const REQUEST = [
    'request_id', 'operation', 'http_status', 'bytes_sent', 'object_size', 'event_time', 'event_day', 'user_agent',
  ];
  const TRAILING = ['version_id', 'host_id', 'signature_version', 'cipher_suite', 'authentication_type', 'host_header', 'tls_version',
    'access_point_arn', 'acl_required', 'source_region', 'further_fields'];
  const first = async (line: string, columns: readonly string[]) =>
    (await select({ lines: [line] }, `SELECT ${columns.join(', ')} FROM access_log_requests`)).rows[0];
  const full = logLine({
    requestId: 'R1',
    trailing: 'host= SigV4 TLS_AES Auth bucket.s3 TLSv1.3 arn:aws:s3:::ap Yes eu-central-1 new "field of" 2031',
  });

  test('every field is parsed, and additional fields are kept', async () => {
    expect(await first(full, TRAILING)).toEqual({
      version_id: null, host_id: 'host=', signature_version: 'SigV4', cipher_suite: 'TLS_AES',
      authentication_type: 'Auth', host_header: 'bucket.s3',
      tls_version: 'TLSv1.3', access_point_arn: 'arn:aws:s3:::ap', acl_required: 'Yes', source_region: 'eu-central-1',
      further_fields: 'new "field of" 2031',
    });
  });

  test('a line may have any number of the fields that were added later', async () => {
    const fields = full.split(' new ')[0].split(' ');
    const known = { request_id: 'R1', operation: 'REST.GET.OBJECT', http_status: 200, bytes_sent: 100, object_size: 100,
      event_time: '2026-03-02T10:00:00', event_day: '2026-03-02', user_agent: 'model-store/1.0' };
    for (let dropped = 0; dropped <= 10; dropped += 1) {
      expect(await first(fields.slice(0, fields.length - dropped).join(' '), REQUEST)).toEqual(known);
    }
  });

  test('quotation marks and spaces in a user agent, and brackets in keys, are parsed', async () => {
    const line = logLine({ requestId: 'R1', key: 'models/a%5B1%5D' }).replace(
      '"model-store/1.0"', '"Mozilla/5.0 (X11; Linux) [a b]"',
    );
    expect(await first(line, ['request_id', 'user_agent', 'object_key'])).toEqual({
      request_id: 'R1', user_agent: 'Mozilla/5.0 (X11; Linux) [a b]', object_key: 'models/a%5B1%5D',
    });
  });

  test('a caller cannot hide a request with a quotation mark in the user agent', async () => {
    const line = logLine({ requestId: 'R1', bytes: 5 }).replace('"model-store/1.0"', '"x" - "y"');
    expect(await first(line, ['request_id', 'bytes_sent', 'operation'])).toEqual({
      request_id: 'R1', bytes_sent: 5, operation: 'REST.GET.OBJECT',
    });
  });

  test('a dash is null', async () => {
    const line = logLine({ requestId: 'R1', key: '-', bytes: '-', size: '-', trailing: '' });
    expect(
      await first(line, ['object_key', 'bytes_sent', 'object_size', 'error_code', 'version_id', 'referer']),
    ).toEqual({
      object_key: null, bytes_sent: null, object_size: null, error_code: null, version_id: null, referer: null,
    });
  });
});

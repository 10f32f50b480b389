import * as fc from 'fast-check';
import { ACCOUNT } from './support/events';
import {
  callerFromArn, callerFromCognito, callerFromInvocation, SESSION_NAME_PATTERN, toTagValue,
} from '../../src/handlers/common/caller';

const role = (name: string, session: string, account = ACCOUNT) => (
  `arn:aws:sts::${account}:assumed-role/${name}/${session}`);
const user = (path: string, account = ACCOUNT) => `arn:aws:iam::${account}:user/${path}`;
const nameOf = (arn: string, identityId?: string) => callerFromArn(arn, ACCOUNT, identityId).sessionName;

test.each([
  [role('DataScientist', 'alice@example.com'), 'DataScientist=alice@example.com'],
  [user('bob'), 'bob'],
  [user('division/team/bob'), 'bob'],
])('the session of %s is named %s', (arn, name) => {
  expect(callerFromArn(arn, ACCOUNT)).toMatchObject({ principal: arn, sessionName: name });
});

test('a name that is too long keeps the person, truncates the role and ends with a hash', () => {
  const name = nameOf(role('ModelStore-ModelsRolesDataScientist-1', 'alice.with.a.long.name@example.com'));
  expect(name).toMatch(/^ModelStore-ModelsRol=alice\.with\.a\.long\.name@.*\+[0-9a-f]{16}$/);
});

describe('an IAM Identity Center user with a permission set', () => {
  const jane = 'jane.doe@example.com';
  const set = (name: string, suffix: string) => `AWSReservedSSO_${name}_${suffix}`;
  const [first, second] = ['0123456789abcdef', 'fedcba9876543210'];

  test('is named by permission set and user name, and the principal is the full ARN', () => {
    const arn = role(set('DataScience', first), jane);
    expect(callerFromArn(arn, ACCOUNT)).toMatchObject({
      principal: arn, sessionName: `AWSReservedSSO_DataScience=${jane}`,
    });
  });

  test.each([
    'DataScience', 'DataScienceOfTheFraudTeam-EU1',
  ])('keeps the session name when the permission set %s is assigned again', (name) => {
    expect(nameOf(role(set(name, second), jane))).toBe(nameOf(role(set(name, first), jane)));
  });

  test('keeps the permission set instead of its prefix if the name is too long', () => {
    expect(nameOf(role(set('DataScienceOfTheFraudTeam-EU1', first), jane))).toMatch(
      /^DataScienceOfTheFrau=jane\.doe@example\.com.*\+[0-9a-f]{16}$/,
    );
  });

  test.each([
    ['a role with the name of the permission set', role('AWSReservedSSO_DataScience', jane)],
    ['a role with another suffix', role('AWSReservedSSO_DataScience_0123', jane)],
    ['a permission set of another account', role(set('DataScience', first), jane, '999988887777')],
    ['another permission set', role(set('DataScience2', first), jane)],
    ['another user', role(set('DataScience', first), 'jane.roe@example.com')],
  ])('%s has a different session name', (_what, arn) => {
    expect(nameOf(arn)).not.toBe(nameOf(role(set('DataScience', first), jane)));
  });

  test('long names of different permission sets never collide', () => {
    const long = 'DataScienceOfTheFraudTeam-EU1';
    expect(nameOf(role(set(long, first), jane))).not.toBe(nameOf(role(set(`${long}x`, first), jane)));
    expect(nameOf(role(`AWSReservedSSO_${long}`, jane))).not.toBe(nameOf(role(set(long, first), jane)));
  });
});

test.each([
  ['another account', role('DataScientist', 'alice', '999988887777')],
  ['a user of another account', user('bob', '999988887777')],
  ['an equals sign in the role', role('a=b', 'c')],
  ['an equals sign in the user', user('a=b')],
  ['a name of one character', user('b')],
  ['root', `arn:aws:iam::${ACCOUNT}:root`],
  ['a federated user', `arn:aws:sts::${ACCOUNT}:federated-user/carol`],
  ['a user whose name looks like a hashed name', user(`root+${'0'.repeat(16)}`)],
])('%s gets a hash, so that the session name is unique', (_what, arn) => {
  expect(nameOf(arn)).toMatch(/\+[0-9a-f]{16}$/);
  expect(nameOf(arn)).toMatch(SESSION_NAME_PATTERN);
});

test('users of an identity pool, whose sessions all have the same name, get different session names', () => {
  const arn = role('PoolRole', 'CognitoIdentityCredentials');
  const [first, second] = ['eu-central-1:1111', 'eu-central-1:2222'].map(
    (identity) => callerFromArn(arn, ACCOUNT, identity),
  );
  expect(first.sessionName).not.toBe(second.sessionName);
  expect(first.principal).toBe(`${arn}/eu-central-1:1111`);
});

const word = fc.stringMatching(/^[\w+=,.@-]{1,64}$/);
const arns = fc.oneof(
  fc.tuple(word, word, fc.constantFrom(ACCOUNT, '999988887777')).map(
    ([name, session, account]) => role(name, session, account),
  ),
  fc.tuple(word, fc.constantFrom(ACCOUNT, '999988887777')).map(([name, account]) => user(name, account)),
  fc.constantFrom(ACCOUNT, '999988887777').map((account) => `arn:aws:iam::${account}:root`),
);

test('every caller has a session name that STS accepts', () => {
  fc.assert(
    fc.property(fc.oneof(arns, fc.string()), (arn) => SESSION_NAME_PATTERN.test(nameOf(arn))), { numRuns: 2_000 },
  );
});

// [C-07] in docs/compliance.md
test('no two callers have the same session name, even if they choose their names', () => {
  // Short alphabets make it likely that different roles and sessions have the same concatenation.
  const tricky = fc.stringMatching(/^[a=+]{1,4}$/);
  const close = fc.oneof(
    fc.tuple(tricky, tricky).map(([name, session]) => role(name, session)), tricky.map((name) => user(name)), arns,
  );
  fc.assert(fc.property(close, close, (a, b) => a === b || nameOf(a) !== nameOf(b)), { numRuns: 20_000 });
});

test('a caller who uses the hashed name of another caller gets a different hash', () => {
  const stolen = nameOf(role('x'.repeat(64), 'victim'));
  expect(nameOf(user(stolen))).not.toBe(stolen);
  const [stolenRole, stolenSession] = stolen.split('=');
  expect(nameOf(role(stolenRole, stolenSession))).not.toBe(stolen);
});

describe('a Cognito user', () => {
  const claims = {
    iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool',
    'cognito:username': 'alice',
    'cognito:groups': ['a', 'b'],
  };

  test('is identified by pool, name and groups', () => {
    expect(callerFromCognito(claims)).toEqual({
      principal: 'cognito:eu-central-1_Pool/alice', sessionName: 'alice', groups: ['a', 'b'],
    });
  });

  test('is identified by an access token too', () => {
    expect(callerFromCognito({ iss: claims.iss, username: 'alice', sub: '1' })).toMatchObject({
      sessionName: 'alice', groups: [],
    });
  });

  test('gets a hash if STS does not accept the name', () => {
    expect(callerFromCognito({ ...claims, 'cognito:username': 'älice o\'x' })!.sessionName).toMatch(
      /^-lice-o-x\+[0-9a-f]{16}$/,
    );
  });

  test('can be in a group with brackets or a comma in its name, which Cognito allows', () => {
    expect(callerFromCognito({ ...claims, 'cognito:groups': ['[a b]', 'c,d'] })!.groups).toEqual(['[a b]', 'c,d']);
  });

  test('without a name or a pool is not authenticated', () => {
    expect(callerFromCognito({ iss: claims.iss })).toBeUndefined();
    expect(callerFromCognito({ sub: 'x' })).toBeUndefined();
  });
});

test('a direct invocation is named by its request ID', () => {
  expect(callerFromInvocation('8f5c0a52-1f7e-4c3e-9d0e-0123456789ab').sessionName).toBe(
    '8f5c0a52-1f7e-4c3e-9d0e-0123456789ab',
  );
});

test('tags only contain characters that STS accepts, up to its maximum length', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
    const value = toTagValue(text);
    return value.length <= 256 && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(value);
  }), { numRuns: 2_000 });
  expect(toTagValue(role('R', 'a,b'))).toBe(role('R', 'a_b'));
});

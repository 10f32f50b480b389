import * as fc from 'fast-check';
import { ACCOUNT } from './support/events';
import { callerFromArn, callerFromCognito, callerFromInvocation, SESSION_NAME_PATTERN, toTagValue } from '../../src/handlers/common/caller';

const role = (name: string, session: string, account = ACCOUNT) => `arn:aws:sts::${account}:assumed-role/${name}/${session}`;
const user = (path: string, account = ACCOUNT) => `arn:aws:iam::${account}:user/${path}`;
const nameOf = (arn: string, identityId?: string) => callerFromArn(arn, ACCOUNT, identityId).sessionName;

test.each([
  [role('DataScientist', 'alice@example.com'), 'DataScientist=alice@example.com'],
  [user('bob'), 'bob'],
  [user('division/team/bob'), 'bob'],
])('the session of %s is named %s', (arn, name) => {
  expect(callerFromArn(arn, ACCOUNT)).toMatchObject({ principal: arn, sessionName: name });
});

test('a name that does not fit keeps the person, shortens the role and carries a hash', () => {
  const name = nameOf(role('ModelStore-ModelsRolesDataScientist-1', 'alice.with.a.long.name@example.com'));
  expect(name).toMatch(/^ModelStore-ModelsRol=alice\.with\.a\.long\.name@.*\+[0-9a-f]{16}$/);
});

describe('a person of IAM Identity Center, who comes by a permission set', () => {
  const jane = 'jane.doe@example.com';
  const set = (name: string, suffix: string) => `AWSReservedSSO_${name}_${suffix}`;
  const [first, second] = ['0123456789abcdef', 'fedcba9876543210'];

  test('is named by permission set and person, and the evidence keeps the full ARN', () => {
    const arn = role(set('DataScience', first), jane);
    expect(callerFromArn(arn, ACCOUNT)).toMatchObject({ principal: arn, sessionName: `AWSReservedSSO_DataScience=${jane}` });
  });

  test.each(['DataScience', 'DataScienceOfTheFraudTeam-EU1'])('stays the same when the permission set %s is assigned again', (name) => {
    expect(nameOf(role(set(name, second), jane))).toBe(nameOf(role(set(name, first), jane)));
  });

  test('shows the permission set and not its prefix where not everything fits', () => {
    expect(nameOf(role(set('DataScienceOfTheFraudTeam-EU1', first), jane))).toMatch(/^DataScienceOfTheFrau=jane\.doe@example\.com.*\+[0-9a-f]{16}$/);
  });

  test.each([
    ['a role with the bare name', role('AWSReservedSSO_DataScience', jane)],
    ['a role with another suffix', role('AWSReservedSSO_DataScience_0123', jane)],
    ['a permission set of another account', role(set('DataScience', first), jane, '999988887777')],
    ['another permission set', role(set('DataScience2', first), jane)],
    ['a colleague', role(set('DataScience', first), 'jane.roe@example.com')],
  ])('%s has another name', (_what, arn) => {
    expect(nameOf(arn)).not.toBe(nameOf(role(set('DataScience', first), jane)));
  });

  test('a long name of one permission set is not that of another, whatever the suffix', () => {
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
  ['a user who is called like a hashed name', user(`root+${'0'.repeat(16)}`)],
])('%s gets a hash, so that nobody else has the same name', (_what, arn) => {
  expect(nameOf(arn)).toMatch(/\+[0-9a-f]{16}$/);
  expect(nameOf(arn)).toMatch(SESSION_NAME_PATTERN);
});

test('users of an identity pool, whose sessions are all named alike, are told apart', () => {
  const arn = role('PoolRole', 'CognitoIdentityCredentials');
  const [first, second] = ['eu-central-1:1111', 'eu-central-1:2222'].map((identity) => callerFromArn(arn, ACCOUNT, identity));
  expect(first.sessionName).not.toBe(second.sessionName);
  expect(first.principal).toBe(`${arn}/eu-central-1:1111`);
});

const word = fc.stringMatching(/^[\w+=,.@-]{1,64}$/);
const arns = fc.oneof(
  fc.tuple(word, word, fc.constantFrom(ACCOUNT, '999988887777')).map(([name, session, account]) => role(name, session, account)),
  fc.tuple(word, fc.constantFrom(ACCOUNT, '999988887777')).map(([name, account]) => user(name, account)),
  fc.constantFrom(ACCOUNT, '999988887777').map((account) => `arn:aws:iam::${account}:root`),
);

test('every caller has a name that STS takes', () => {
  fc.assert(fc.property(fc.oneof(arns, fc.string()), (arn) => SESSION_NAME_PATTERN.test(nameOf(arn))), { numRuns: 2_000 });
});

// [C-07] in docs/compliance.md
test('no two callers have the same name, not even ones who choose theirs', () => {
  // Short alphabets, so that different ways to split one text into role and session do come up.
  const tricky = fc.stringMatching(/^[a=+]{1,4}$/);
  const close = fc.oneof(
    fc.tuple(tricky, tricky).map(([name, session]) => role(name, session)), tricky.map((name) => user(name)), arns,
  );
  fc.assert(fc.property(close, close, (a, b) => a === b || nameOf(a) !== nameOf(b)), { numRuns: 20_000 });
});

test('who takes another one\'s hashed name as their own gets yet another hash', () => {
  const stolen = nameOf(role('x'.repeat(64), 'victim'));
  expect(nameOf(user(stolen))).not.toBe(stolen);
  const [stolenRole, stolenSession] = stolen.split('=');
  expect(nameOf(role(stolenRole, stolenSession))).not.toBe(stolen);
});

describe('a Cognito user', () => {
  const claims = { iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool', 'cognito:username': 'alice', 'cognito:groups': 'a,b' };

  test('is known by pool and name, and by groups', () => {
    expect(callerFromCognito(claims)).toEqual({ principal: 'cognito:eu-central-1_Pool/alice', sessionName: 'alice', groups: ['a', 'b'] });
  });

  test('is known from an access token too', () => {
    expect(callerFromCognito({ iss: claims.iss, username: 'alice', sub: '1' })).toMatchObject({ sessionName: 'alice', groups: [] });
  });

  test('whose name STS does not take gets a hash', () => {
    expect(callerFromCognito({ ...claims, 'cognito:username': 'älice o\'x' })!.sessionName).toMatch(/^-lice-o-x\+[0-9a-f]{16}$/);
  });

  test('is in one group where brackets are part of its name, as Cognito allows', () => {
    expect(callerFromCognito({ ...claims, 'cognito:groups': '[a b]' })!.groups).toEqual(['[a b]']);
  });

  test('without a name or a pool is nobody', () => {
    expect(callerFromCognito({ iss: claims.iss })).toBeUndefined();
    expect(callerFromCognito({ sub: 'x' })).toBeUndefined();
  });
});

test('a direct invocation is named by its request id', () => {
  expect(callerFromInvocation('8f5c0a52-1f7e-4c3e-9d0e-0123456789ab').sessionName).toBe('8f5c0a52-1f7e-4c3e-9d0e-0123456789ab');
});

test('tags hold no character that STS refuses and are no longer than it takes', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
    const value = toTagValue(text);
    return value.length <= 256 && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(value);
  }), { numRuns: 2_000 });
  expect(toTagValue(role('R', 'a,b'))).toBe(role('R', 'a_b'));
});

import { allowed, denials, type Statement } from './policy-evaluator';

const deny = (Condition: Statement['Condition']): Statement[] => [
  { Sid: 'Deny', Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::bucket/*', Condition },
];
const put = (context: { [key: string]: string } = {}) => ({ action: 's3:PutObject', resource: 'arn:aws:s3:::bucket/key', context });

describe('the policy evaluator of the tests', () => {
  test.each([
    ['a positive operator does not hold for a missing key', { StringEquals: { k: 'v' } }, {}, false],
    ['a negated operator holds for a missing key', { StringNotEquals: { k: 'v' } }, {}, true],
    ['IfExists holds for a missing key', { BoolIfExists: { k: 'false' } }, {}, true],
    ['IfExists checks an existing key', { BoolIfExists: { k: 'false' } }, { k: 'true' }, false],
    ['Null true requires a missing key', { Null: { k: 'true' } }, { k: 'v' }, false],
    ['Null false requires an existing key', { Null: { k: 'false' } }, { k: 'v' }, true],
    ['a negated operator with several values holds if none matches', { StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' }, false],
    ['all keys of an operator must hold', { Bool: { k: 'true', l: 'true' } }, { k: 'true', l: 'false' }, false],
    ['all operators must hold', { Bool: { k: 'true' }, Null: { l: 'false' } }, { k: 'true' }, false],
    [
      'an address inside a range',
      { NotIpAddress: { ip: ['10.0.0.0/8', '2001:db8::/32'] } }, { ip: '2001:db8::1' }, false,
    ],
    ['an address outside of every range', { NotIpAddress: { ip: ['10.0.0.0/8'] } }, { ip: '11.0.0.1' }, true],
    ['a wildcard stays within its part of an ARN', { ArnLike: { a: 'arn:aws:iam::1*:role/x' } }, { a: 'arn:aws:iam::1:role/y:role/x' }, false],
    ['of several values, each must hold', { 'ForAllValues:StringNotEquals': { k: 'a' } }, { k: ['b', 'a'] }, false],
    ['of several values, each does hold', { 'ForAllValues:StringNotEquals': { k: 'a' } }, { k: ['b', 'c'] }, true],
    ['of no values, each holds', { 'ForAllValues:StringEquals': { k: 'a' } }, {}, true],
    ['keys are compared without case', { Bool: { 'AWS:Key': 'true' } }, { 'aws:key': 'true' }, true],
  ])('%s', (_, condition, context, expected) => {
    expect(denials(deny(condition as never), put(context as never))).toEqual(expected ? ['Deny'] : []);
  });

  test('NotAction matches every action that it does not list', () => {
    const statements: Statement[] = [{ Sid: 'Deny', Effect: 'Deny', Principal: '*', NotAction: ['s3:Get*'], Resource: '*' }];
    expect(denials(statements, { ...put(), action: 's3:GetObjectTagging' })).toEqual([]);
    expect(denials(statements, { ...put(), action: 's3:PutObjectTagging' })).toEqual(['Deny']);
  });

  test('an unknown operator is an error', () => {
    expect(() => denials(deny({ DateGreaterThan: { k: 'v' } }), put())).toThrow('DateGreaterThan');
  });

  test('nothing is allowed without an allow, and a deny overrides it', () => {
    const allow: Statement = { Effect: 'Allow', Principal: { Service: 'a.amazonaws.com' }, Action: 's3:*', Resource: '*' };
    expect(allowed([], { ...put(), service: 'a.amazonaws.com' })).toBe(false);
    expect(allowed([allow], put())).toBe(false);
    expect(allowed([allow], { ...put(), service: 'a.amazonaws.com' })).toBe(true);
    expect(allowed([allow, ...deny({})], { ...put(), service: 'a.amazonaws.com' })).toBe(false);
  });
});

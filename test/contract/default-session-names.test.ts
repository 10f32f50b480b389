import { DEFAULT_SESSION_NAME_PATTERNS, isDefaultSessionName } from '../../src/contract/default-session-names';

describe('a session name that a program made up', () => {
  test.each([
    'aws-sdk-js-1795000000000',
    'aws-sdk-js-session-1795000000000',
    'botocore-session-1795000000',
    'AWSCLI-Session',
    'AWSCLI-Session1',
    'aws-go-sdk-1795000000000000000',
    'aws-sdk-java-1795000000000',
    'aws-dotnet-sdk-session-636238288466144357',
    'aws-sdk-php-1795000000',
    'assume-role-from-profile-1632246085998',
    'assume-role-provider-1632246085998',
    'web-identity-token-1632246085998',
    'default_session',
  ])('%s is known', (name) => {
    expect(isDefaultSessionName(name)).toBe(true);
  });

  test.each([
    'jane',
    'jane@example.com',
    'i-0123456789abcdef0',
    'my-aws-sdk-js-1',
    'botocore',
    'default_session_of_jane',
    'github-deploy',
    '',
  ])('%j is none', (name) => {
    expect(isDefaultSessionName(name)).toBe(false);
  });

  test('is found by patterns that IAM understands too', () => {
    expect(DEFAULT_SESSION_NAME_PATTERNS.filter((pattern) => !/^[\w+=,.@*-]{2,64}$/.test(pattern))).toEqual([]);
  });
});

import { DEFAULT_SESSION_NAME_PATTERNS, isDefaultSessionName } from '../../src/contract/default-session-names';

test.each([
  'botocore-session-1795855669', 'AWS-CLI-session-1494727512', 'AWSCLI-Session', 'AWSCLI-Session1', 'aws-sdk-js-1795855669439', 'aws-sdk-js-session-1795855669439',
  'aws-go-sdk-1722511821294449000', 'aws-sdk-java-1795855669439', 'aws-sdk-kotlin-1795855669439', 'aws-sdk-php-1795855669439',
  'aws-dotnet-sdk-session-636238288466144357', 'assume-role-from-profile-1632246085998', 'assume-role-provider-1632246085998',
  'web-identity-token-1632246085998', 'web-identity-token-profile-1632246085998', 'aws-common-runtime-profile-config', 'default_session',
  '1722511821294449000', '8ee8f1a2-1b2c-4d3e-9f40-5a6b7c8d9e0f',
])('%s is a name that an SDK or a tool makes up', (name) => {
  expect(isDefaultSessionName(name)).toBe(true);
});

test.each([
  'jane.doe@example.com', 'ada', 'i-0123456789abcdef0', 'GitHubActions', 'SageMaker', 'aws-sdk-fan@example.com', 'my-botocore-session-1', '1234567890',
  'session', 'botocore', 'CodeBuild', 'eks-cluster-pod-1', 'models-upload-function', 'default_session_of_jane',
])('%s is not: a person, a service or a pipeline chose it', (name) => {
  expect(isDefaultSessionName(name)).toBe(false);
});

test('every pattern is one that StringLike of IAM and the functions read alike', () => {
  for (const pattern of DEFAULT_SESSION_NAME_PATTERNS) {
    expect(pattern).toMatch(/^[\w+=,.@-]+\*?$/);
    expect(isDefaultSessionName(pattern.replace('*', 'x'))).toBe(true);
  }
});

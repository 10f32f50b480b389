import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, policyOf } from './support/policies';
import { denials } from './support/policy-evaluator';
import { blobKey } from '../../src/contract/keys';
import { ArtifactBucket } from '../../src/storage/artifact-bucket';
import type { Perimeter } from '../../src/storage/perimeter';

const IN_ADDRESS = { 'aws:SourceIp': '203.0.113.7' };
const OTHER_ADDRESS = { 'aws:SourceIp': '198.51.100.1' };
const IN_ENDPOINT = { 'aws:SourceVpce': 'vpce-1a2b3c4d5e6f7a8b9' };
const OTHER_ENDPOINT = { 'aws:SourceVpce': 'vpce-00000000000000000' };
const NETWORK: Perimeter = { cidrs: ['203.0.113.0/24', '2001:db8::/32'], vpcEndpointIds: ['vpce-1a2b3c4d5e6f7a8b9'] };
const ORGANIZATION: Perimeter = { organizationId: 'o-a1b2c3d4e5' };
const MEMBER = { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' };

const PERSON = {
  'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 's3:signatureversion': 'AWS4-HMAC-SHA256', 's3:authType': 'REST-HEADER',
  'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/person`, 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false',
};
const LINK = { 's3:authType': 'REST-QUERY-STRING' };

function behind(perimeter: Perimeter | undefined) {
  const stack = new Stack(new App(), 'Stack');
  const artifacts = new ArtifactBucket(stack, 'Artifacts', { perimeter });
  const role = new iam.Role(stack, 'Session', { assumedBy: new iam.AccountRootPrincipal() });
  artifacts._policy.exemptFunctionSessions(role);
  const { arn, statements } = policyOf(stack, artifacts.bucket);
  const sessionArn = `arn:aws:iam::${ACCOUNT}:role/${stack.getLogicalId(role.node.defaultChild as iam.CfnRole).toLowerCase()}`;
  return {
    statements,
    session: { ...PERSON, 'aws:PrincipalArn': sessionArn },
    read: (...contexts: Array<{ [key: string]: string }>) => denials(statements, {
      action: 's3:GetObject', resource: `${arn}/${blobKey('fraud', 'a'.repeat(64))}`, context: Object.assign({}, ...contexts),
    }),
    on: (action: string, object: boolean, ...contexts: Array<{ [key: string]: string }>) => denials(statements, {
      action, resource: object ? `${arn}/models/fraud/x` : arn, context: Object.assign({}, ...contexts),
    }),
  };
}

describe('without a perimeter', () => {
  test('any network and any caller is allowed, and exempting sessions has no effect', () => {
    const { statements, read } = behind(undefined);
    expect(read(PERSON, OTHER_ADDRESS)).toEqual([]);
    expect(statements.map(({ Sid }) => Sid).filter((sid) => /Perimeter|Organization/.test(sid!))).toEqual([]);
  });
});

describe('a perimeter of networks', () => {
  const { read, on, session, statements } = behind(NETWORK);

  test('consists only of deny statements', () => {
    expect(statements.every(({ Effect }) => Effect === 'Deny')).toBe(true);
  });

  test.each([
    ['from an address inside', [IN_ADDRESS], true],
    ['from an IPv6 address inside', [{ 'aws:SourceIp': '2001:db8:1::5' }], true],
    ['through a VPC endpoint inside', [IN_ENDPOINT], true],
    ['from an address outside', [OTHER_ADDRESS], false],
    ['through a VPC endpoint outside', [OTHER_ENDPOINT], false],
    ['from an unknown source', [], false],
  ])('a user or a presigned URL %s', (_, where, reachable) => {
    expect(read(PERSON, ...where)).toEqual(reachable ? [] : ['DenyNetworksOutsidePerimeter']);
    expect(read(PERSON, LINK, ...where)).toEqual(reachable ? [] : ['DenyNetworksOutsidePerimeter']);
  });

  test('an AWS service that acts for a caller is allowed', () => {
    expect(read(PERSON, OTHER_ADDRESS, { 'aws:ViaAWSService': 'true' })).toEqual([]);
  });

  test('an AWS service itself is allowed', () => {
    expect(read({ 'aws:SecureTransport': 'true', 'aws:PrincipalIsAWSService': 'true' })).toEqual([]);
  });

  test('a service-linked role of this account is allowed, and a role with a similar name is not', () => {
    const as = (principalArn: string) => read(PERSON, OTHER_ADDRESS, { 'aws:PrincipalArn': principalArn });
    expect(as(`arn:aws:iam::${ACCOUNT}:role/aws-service-role/malware-protection.guardduty.amazonaws.com/X`)).toEqual([]);
    expect(as('arn:aws:iam::999999999999:role/aws-service-role/malware-protection.guardduty.amazonaws.com/X')).toHaveLength(1);
    expect(as(`arn:aws:iam::${ACCOUNT}:role/my/aws-service-role/X`)).toHaveLength(1);
  });

  test('a session of a function can do its own work from anywhere', () => {
    expect(read(session, OTHER_ADDRESS)).toEqual([]);
  });

  // [C-15] in docs/compliance.md
  test('a presigned URL from the session of a function works only inside', () => {
    expect(read(session, LINK, OTHER_ADDRESS)).toEqual(['DenyLinksOutsidePerimeter']);
    expect(read(session, LINK, OTHER_ENDPOINT)).toEqual(['DenyLinksOutsidePerimeter']);
    expect(read(session, { 's3:authType': 'POST' }, OTHER_ADDRESS)).toEqual(['DenyLinksOutsidePerimeter']);
    expect(read(session, LINK, IN_ADDRESS)).toEqual([]);
    expect(read(session, LINK, IN_ENDPOINT)).toEqual([]);
  });

  test('a call of a session with an unknown signing method counts as a presigned URL', () => {
    const { 's3:authType': _, ...unknown } = session;
    expect(read(unknown, OTHER_ADDRESS)).toEqual(['DenyLinksOutsidePerimeter']);
  });

  test.each([
    's3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAttributes', 's3:GetObjectTorrent', 's3:PutObject', 's3:PutObjectTagging',
    's3:DeleteObjectVersion', 's3:RestoreObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:ReplicateObject',
  ])('%s is restricted', (action) => {
    expect(on(action, true, PERSON, OTHER_ADDRESS)).toContain('DenyNetworksOutsidePerimeter');
  });

  test.each([
    's3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads',
  ])('%s is restricted', (action) => {
    expect(on(action, false, PERSON, OTHER_ADDRESS)).toEqual(['DenyNetworksOutsidePerimeter']);
  });

  test.each(['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:GetBucketPolicy', 's3:PutLifecycleConfiguration'])(
    '%s is not restricted, so that a wrong perimeter can be corrected from outside', (action) => {
      expect(on(action, false, PERSON, OTHER_ADDRESS)).toEqual([]);
    });
});

describe('a perimeter of one kind of network', () => {
  // [C-15] in docs/compliance.md
  test('addresses without endpoints exclude every VPC endpoint', () => {
    const { read, session } = behind({ cidrs: NETWORK.cidrs });
    expect(read(PERSON, IN_ADDRESS)).toEqual([]);
    expect(read(PERSON, IN_ENDPOINT)).toEqual(['DenyNetworksOutsidePerimeter']);
    expect(read(session, LINK, IN_ADDRESS)).toEqual([]);
    expect(read(session, LINK, OTHER_ADDRESS)).toEqual(['DenyLinksOutsidePerimeter']);
  });

  test('VPC endpoints without addresses exclude every address', () => {
    const { read, session } = behind({ vpcEndpointIds: NETWORK.vpcEndpointIds });
    expect(read(PERSON, IN_ENDPOINT)).toEqual([]);
    expect(read(PERSON, IN_ADDRESS)).toEqual(['DenyNetworksOutsidePerimeter']);
    expect(read(session, LINK, IN_ENDPOINT)).toEqual([]);
    expect(read(session, LINK, IN_ADDRESS)).toEqual(['DenyLinksOutsidePerimeter']);
  });
});

describe('a perimeter of an organization', () => {
  const { read, session, on } = behind(ORGANIZATION);

  test.each([
    ['a member', [PERSON, MEMBER], true],
    ['a member behind an AWS service', [PERSON, MEMBER, { 'aws:ViaAWSService': 'true' }], true],
    ['a user of another organization', [PERSON, { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' }], false],
    [
      'a user of another organization behind an AWS service',
      [PERSON, { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz', 'aws:ViaAWSService': 'true' }], false,
    ],
    ['a user without an organization', [PERSON], false],
    ['a session of a function in the organization', [session, MEMBER], true],
    ['a session of a function without an organization', [session], false],
    ['an AWS service itself', [{ 'aws:PrincipalIsAWSService': 'true' }], true],
  ])('%s', (_, contexts, reachable) => {
    expect(read(...contexts)).toEqual(reachable ? [] : ['DenyOtherOrganizations']);
  });

  test('does not restrict changes to the bucket settings', () => {
    expect(on('s3:PutBucketPolicy', false, PERSON)).toEqual([]);
  });

  test('with networks applies both', () => {
    const both = behind({ ...NETWORK, ...ORGANIZATION });
    expect(both.read(PERSON, MEMBER, IN_ADDRESS)).toEqual([]);
    expect(both.read(PERSON, MEMBER, OTHER_ADDRESS)).toEqual(['DenyNetworksOutsidePerimeter']);
    expect(both.read(PERSON, IN_ADDRESS)).toEqual(['DenyOtherOrganizations']);
    expect(both.read(PERSON)).toEqual(['DenyNetworksOutsidePerimeter', 'DenyOtherOrganizations']);
  });
});

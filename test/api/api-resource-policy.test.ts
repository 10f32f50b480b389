import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ApiAuthentication } from '../../src/api/api-authentication';
import { apiResourcePolicy, checkNetwork } from '../../src/api/api-resource-policy';
import type { ApiNetwork } from '../../src/api/artifact-api-props';
import { Problems } from '../../src/common/problems';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

const stack = new Stack();
const apiVpcEndpoints = [ec2.InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', { vpcEndpointId: 'vpce-1a2b3c4d', port: 443 })];

function statements(authentication: ApiAuthentication, network?: ApiNetwork): Statement[] {
  return stack.resolve(apiResourcePolicy(authentication, network)).Statement;
}

const PERIMETERS: Array<[string, ApiNetwork | undefined]> = [
  ['no network', undefined],
  ['VPC endpoints', { apiVpcEndpoints }],
  ['address ranges', { apiCidrs: ['203.0.113.0/24'] }],
  ['an organization', { apiOrganizationId: 'o-a1b2c3d4e5' }],
];

describe.each(PERIMETERS)('with %s', (_name, network) => {
  test('IAM callers need their own permission, because nothing in the policy allows a call', () => {
    expect(statements(ApiAuthentication.iam(), network).map(({ Effect }) => Effect)).not.toContain('Allow');
  });

  test('every statement denies everyone under one condition', () => {
    expect(statements(ApiAuthentication.iam(), network)).not.toEqual([]);
    for (const statement of statements(ApiAuthentication.iam(), network)) {
      expect(statement).toMatchObject({ Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' });
      expect(Object.keys(statement.Condition!)).toHaveLength(1);
    }
  });
});

test('with Cognito the allow is for everyone and the token decides, because users are not AWS principals', () => {
  const [allow] = statements(ApiAuthentication.cognito()).filter(({ Effect }) => Effect === 'Allow');
  expect(allow.Principal).toBe('*');
});

test.each([
  ['plain http', undefined, { Bool: { 'aws:SecureTransport': 'false' } }],
  ['other VPC endpoints', { apiVpcEndpoints }, { StringNotEquals: { 'aws:SourceVpce': ['vpce-1a2b3c4d'] } }],
  ['other addresses', { apiCidrs: ['203.0.113.0/24'] }, { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } }],
  [
    'other addresses of the VPC, behind VPC endpoints', { apiVpcEndpoints, apiCidrs: ['10.0.0.0/16'] },
    { NotIpAddress: { 'aws:VpcSourceIp': ['10.0.0.0/16'] } },
  ],
  ['other organizations', { apiOrganizationId: 'o-a1b2c3d4e5' }, { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
])('%s is denied', (_name, network, condition) => {
  expect(statements(ApiAuthentication.iam(), network).map(({ Condition }) => Condition)).toContainEqual(condition);
});

test.each([
  ['no endpoints', { apiVpcEndpoints: [] }, 'apiVpcEndpoints is empty, so no one could call the API'],
  ['no ranges', { apiCidrs: [] }, 'apiCidrs is empty, so no one could call the API'],
  ['a name for a range', { apiCidrs: ['office'] }, 'apiCidrs[0] is "office"; an address range has the form'],
  ['a bare address', { apiCidrs: ['203.0.113.5'] }, 'apiCidrs[0] is "203.0.113.5"'],
  ['a range of 129 bits', { apiCidrs: ['2001:db8::/129'] }, 'apiCidrs[0] is "2001:db8::/129"'],
])('a network that names %s is rejected', (_name, network: ApiNetwork, message) => {
  const problems = Problems.of(stack);
  checkNetwork(problems, ApiAuthentication.iam(), network);
  expect(() => problems.throwIfAny('network')).toThrow(message);
});

test.each(['203.0.113.5/32', '0.0.0.0/1', '2001:db8::/128'])('the range %s is accepted', (cidr) => {
  const problems = Problems.of(stack);
  checkNetwork(problems, ApiAuthentication.iam(), { apiCidrs: [cidr] });
  expect(() => problems.throwIfAny('network')).not.toThrow();
});

import { isIP } from 'node:net';
import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ApiAuthentication } from './api-authentication';
import type { ApiNetwork } from './artifact-api-props';
import type { Problems } from '../common/problems';

/*
 * The effect of an allow in the policy of an API depends on how callers authenticate. AWS documents the results for a
 * principal of the account in Table A, where an allow in either policy is enough
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html):
 *
 *   authentication | only denies         | allow for the account             | allow for everyone (*)
 *   ---------------+---------------------+-----------------------------------+------------------------------
 *   IAM            | caller's own policy | not documented: it may delegate   | every principal of the
 *                  | decides             | to the caller's policy, or let    | account can call, whatever
 *                  |                     | every principal of the account in | its policy says
 *   Cognito        | no one: a token     | no one: a token is not a          | token decides
 *                  | needs an allow      | principal of the account          |
 *
 * With IAM, the policy therefore has no allow: no principal can call a route that its own policy does not allow,
 * however API Gateway evaluates the account as a principal. Principals of other accounts need an allow in both
 * policies, so they can call only in a role of this account. With Cognito, the policy allows everyone, and the
 * authorizer of each method checks the token. The denies are those of transport and network.
 */
export function apiResourcePolicy(authentication: ApiAuthentication, network: ApiNetwork = {}): iam.PolicyDocument {
  const everybody = new iam.StarPrincipal();
  return new iam.PolicyDocument({
    statements: [
      ...authentication.mode === 'cognito' ? [statement('AllowAuthenticatedCallers', iam.Effect.ALLOW, everybody)] : [],
      statement('DenyInsecureTransport', iam.Effect.DENY, everybody, { Bool: { 'aws:SecureTransport': 'false' } }),
      ...network.apiVpcEndpoints ? [statement('DenyOutsideVpcEndpoints', iam.Effect.DENY, everybody,
        { StringNotEquals: { 'aws:SourceVpce': network.apiVpcEndpoints.map((each) => each.vpcEndpointId) } })] : [],
      ...network.apiCidrs ? [statement('DenyOutsideNetworks', iam.Effect.DENY, everybody,
        // A call through a VPC endpoint carries no aws:SourceIp.
        { NotIpAddress: { [network.apiVpcEndpoints ? 'aws:VpcSourceIp' : 'aws:SourceIp']: network.apiCidrs } })] : [],
      ...network.apiOrganizationId ? [statement('DenyOtherOrganizations', iam.Effect.DENY, everybody,
        { StringNotEquals: { 'aws:PrincipalOrgID': network.apiOrganizationId } })] : [],
    ],
  });
}

function statement(
  sid: string, effect: iam.Effect, principal: iam.IPrincipal, conditions?: iam.Conditions,
): iam.PolicyStatement {
  // API Gateway prepends the ARN of the API:
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
  return new iam.PolicyStatement({
    sid, effect, principals: [principal], actions: ['execute-api:Invoke'], resources: ['execute-api:/*'], conditions,
  });
}

export function checkNetwork(
  problems: Problems, authentication: ApiAuthentication, network: ApiNetwork,
): void {
  const { apiVpcEndpoints: vpcEndpoints, apiCidrs: cidrs, apiOrganizationId: organizationId } = network;
  if (vpcEndpoints?.length === 0) {
    problems.add('apiVpcEndpoints is empty, so no one could call the API; name at least one, or omit it for a '
      + 'public endpoint');
  }
  if (cidrs?.length === 0) {
    problems.add('apiCidrs is empty, so no one could call the API; name at least one range, or omit it to allow '
      + 'any address');
  }
  // A list that is known only at deployment is added to the policy unchanged.
  for (const [cidr, index] of problems.items('apiCidrs', Token.isUnresolved(cidrs) ? undefined : cidrs)) {
    if (!isCidr(cidr)) {
      problems.add(`apiCidrs[${index}] is ${JSON.stringify(cidr)}; an address range has the form 203.0.113.0/24 `
        + 'or 2001:db8::/32');
    }
  }
  if (organizationId !== undefined && authentication.mode === 'cognito') {
    problems.add('apiOrganizationId is set, but authentication uses Cognito, whose users do not belong to an '
      + 'organization, so no one could call the API; omit apiOrganizationId, or use ApiAuthentication.iam()');
  }
  if (organizationId !== undefined && !Token.isUnresolved(organizationId)
    && !/^o-[a-z0-9]{10,32}$/.test(organizationId)) {
    problems.add(`apiOrganizationId is ${JSON.stringify(organizationId)}; an organization ID has the form `
      + 'o-a1b2c3d4e5');
  }
}

function isCidr(value: string): boolean {
  const [address, length, ...rest] = value.split('/');
  const version = isIP(address);
  return version !== 0 && rest.length === 0
    && /^\d{1,3}$/.test(length ?? '') && Number(length) <= (version === 4 ? 32 : 128);
}

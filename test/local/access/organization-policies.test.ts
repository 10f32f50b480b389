import * as fs from 'node:fs';
import * as path from 'node:path';
import { simulate, type SimulatedRequest } from '../../tools/iam-simulate';

const ACCOUNT = '111122223333';
const GUIDE = fs.readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'guides', 'organization-policies.md'), 'utf8');
const [SERVICE_CONTROL, RESOURCE_CONTROL] = [...GUIDE.matchAll(/```json\n(.*?)```/gs)].map(([, policy]) => JSON.parse(policy) as object);

const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const sessionOf = (name: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`;
const lambda = (name: string) => `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:${name}`;
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
/** As an attacker would leave it. */
const OPEN_TRUST = {
  Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }],
};

async function answerTo(request: Partial<SimulatedRequest> & Pick<SimulatedRequest, 'principal' | 'action' | 'resource'>): Promise<string> {
  const [{ result, error }] = await simulate([{ account: ACCOUNT, context: {}, identityPolicies: [EVERYTHING], ...request }]);
  return result ?? error!;
}

describe('the service control policy in the guide', () => {
  const evaluate = async (action: string, functionName: string, roleName: string) => answerTo({
    principal: sessionOf(roleName), action, resource: lambda(functionName), context: { 'aws:PrincipalArn': role(roleName) },
    serviceControlPolicy: SERVICE_CONTROL,
  });

  test.each(['Administrator', 'cdk-hnb659fds-cfn-exec-role-111122223333-eu-central-1'])('lets %s invoke no function of the store', async (name) => {
    expect(await evaluate('lambda:InvokeFunction', 'ModelStore-ModelsUploadFunction0A1B2C3D-x', name)).toBe('ExplicitlyDenied');
    expect(await evaluate('lambda:InvokeFunction', 'web', name)).toBe('Allowed');
  });

  test.each(['lambda:AddPermission', 'lambda:PutResourcePolicy', 'lambda:DeleteResourcePolicy', 'lambda:UpdateFunctionCode'])(
    'leaves %s on them to deployments', async (action) => {
      const name = 'ModelStore-ModelsUploadFunction0A1B2C3D-x';
      expect(await evaluate(action, name, 'Administrator')).toBe('ExplicitlyDenied');
      expect(await evaluate(action, name, 'cdk-hnb659fds-cfn-exec-role-111122223333-eu-central-1')).toBe('Allowed');
      expect(await evaluate(action, 'web', 'Administrator')).toBe('Allowed');
    },
  );
});

describe('the resource control policy in the guide', () => {
  const assume = async (roleName: string, by: string) => answerTo({
    principal: sessionOf(by), action: 'sts:AssumeRole', resource: role(roleName), context: { 'aws:PrincipalArn': role(by) },
    resourcePolicy: OPEN_TRUST, resourceControlPolicy: RESOURCE_CONTROL,
  });

  test('lets only the functions open sessions, even if the trust policy was changed', async () => {
    const sessionRole = 'ModelStore-ModelsUploadSessionRole0A1B2C3D-x';
    expect(await assume(sessionRole, 'Administrator')).toBe('ExplicitlyDenied');
    expect(await assume(sessionRole, 'ModelStore-ModelsUploadExecutionRole0A1B2C3D-x')).toBe('Allowed');
    expect(await assume('Web', 'Administrator')).toBe('Allowed');
  });
});

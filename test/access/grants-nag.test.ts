import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SecureModelArtifactStore } from '../../src';
import { ManagedPolicyRole } from '../../src/access/managed-policy-role';
import { unacknowledgedFindings } from '../support/findings';

const env = { account: '111122223333', region: 'eu-central-1' };
const lambdaService = new iam.ServicePrincipal('lambda.amazonaws.com');

const GRANTEES: ReadonlyArray<[string, (stack: Stack) => iam.IGrantable]> = [
  ['a role', (stack) => new iam.Role(stack, 'Job', { assumedBy: lambdaService })],
  ['a role with managed policies', (stack) => new ManagedPolicyRole(stack, 'Job', { assumedBy: lambdaService })],
  ['a function', (stack) => new lambda.Function(stack, 'Job', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'i.h', code: lambda.Code.fromInline('1'),
  })],
  ['an imported role', (stack) => iam.Role.fromRoleArn(stack, 'Job', 'arn:aws:iam::111122223333:role/train')],
  ['an imported role, by name', (stack) => iam.Role.fromRoleName(stack, 'Job', 'train')],
  ['an instance', (stack) => new ec2.Instance(stack, 'Job', {
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['eu-central-1a'], privateSubnetIds: ['subnet-1'] }),
    instanceType: new ec2.InstanceType('t3.micro'), machineImage: ec2.MachineImage.latestAmazonLinux2023(),
  })],
];

function findings(grantee: (stack: Stack) => iam.IGrantable, given: boolean, otherStack: boolean): string[] {
  const app = new App();
  const stack = new Stack(app, 'Store', { env });
  const store = new SecureModelArtifactStore(stack, 'Models', { monitoring: { enabled: false } });
  const jobs = otherStack ? new Stack(app, 'Jobs', { env }) : stack;
  const principal = grantee(jobs);
  if (given) {
    store.grantPush(principal, ['fraud-*']);
    store.grantDirectRead(principal, ['fraud-*', 'churn']);
    store.grantDirectRead(principal);
    store.grantPromote(principal, ['fraud-*']);
    store.grantAudit(principal);
  }
  return unacknowledgedFindings(app);
}

describe('grants cause no finding in any of the six rule packs', () => {
  test.each(GRANTEES.flatMap(([name, grantee]) => [[name, 'of the same stack', grantee, false], [name, 'of another stack', grantee, true]] as const))(
    'on %s %s', (_name, _where, grantee, otherStack) => {
      expect(findings(grantee, true, otherStack)).toEqual(findings(grantee, false, otherStack));
    });
});

import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { StoreStack } from './fixtures';
import { ApiAuthentication } from '../../src/api/api-authentication';
import { ApiLogging } from '../../src/api/api-logging';
import { WebApplicationFirewall } from '../../src/api/web-application-firewall';
import { unacknowledgedFindings } from '../support/findings';

const VARIANTS: { [name: string]: (stack: StoreStack) => unknown } = {
  'functions alone': (stack) => stack.addFunctions(),
  IAM: (stack) => stack.addApi(),
  Cognito: (stack) => stack.addApi({ authentication: ApiAuthentication.cognito() }),
  'a firewall': (stack) => stack.addApi({ webApplicationFirewall: WebApplicationFirewall.managed() }),
  'the logging role of the account': (stack) => stack.addApi({ logging: ApiLogging.EXISTING_ROLE }),
  'no logs': (stack) => stack.addApi({ logging: ApiLogging.OFF }),
  'a network': (stack) => stack.addApi({ apiCidrs: ['203.0.113.0/24'], apiOrganizationId: 'o-a1b2c3d4e5' }),
  'warm and reserved functions': (stack) => stack.addApi({
    functions: stack.addFunctions({ reservedConcurrentExecutions: 5, minCapacity: 1, maxCapacity: 5 }),
  }),
  'a VPC and a private API': (stack) => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1a2b3c4d', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
    });
    const endpoint = ec2.InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', { vpcEndpointId: 'vpce-1a2b3c4d', port: 443 });
    return stack.addApi({ functions: stack.addFunctions({ vpc }), apiVpcEndpoints: [endpoint] });
  },
};

test.each(Object.entries(VARIANTS))('%s: all six rule packs have no unacknowledged findings', (_name, build) => {
  const stack = new StoreStack();
  build(stack);
  expect(unacknowledgedFindings(stack)).toEqual([]);
});

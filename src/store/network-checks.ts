import { Resource, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { SecureModelArtifactStoreProps } from './props';
import type { FunctionNetwork } from '../api/store-functions-props';
import type { Problems } from '../common/problems';
import type { Perimeter } from '../storage/perimeter';

/** What the functions of a store call; KMS only if the store signs. */
const SERVICES: ReadonlyArray<readonly [name: string, pattern: RegExp]> = [
  ['S3', /\.s3"/], ['STS', /\.sts(-fips)?"/], ['KMS', /\.kms(-fips)?"/],
];

/** Whether the perimeter would shut the store's own functions out, as far as it is known when the store is made. */
export function checkNetworks(problems: Problems, props: SecureModelArtifactStoreProps): void {
  const { functions, perimeter } = props.network ?? {};
  if (functions && perimeter?.cidrs && !perimeter.vpcEndpointIds && inIsolatedSubnets(functions)) {
    problems.add(`network.perimeter.cidrs is all that network.perimeter allows, but network.functions is in isolated subnets of ${named(functions)}, whose `
      + 'requests reach S3 through a VPC endpoint and carry no aws:SourceIp, so that the functions could never reach a model; name the S3 endpoint of the VPC in '
      + 'network.perimeter.vpcEndpointIds');
  }
}

/** What is known only once the whole app is there: endpoints may be added to a VPC after the store. */
export function validateNetworks(store: Construct, props: SecureModelArtifactStoreProps): void {
  const { functions, perimeter } = props.network ?? {};
  // Nothing is known of the endpoints of a VPC that was made elsewhere.
  if (functions && Resource.isOwnedResource(functions.vpc) && inIsolatedSubnets(functions)) {
    store.node.addValidation({ validate: () => networkProblems(functions, perimeter, props.signing !== false) });
  }
}

function networkProblems(functions: FunctionNetwork, perimeter: Perimeter | undefined, signs: boolean): string[] {
  const endpoints = endpointsOf(functions.vpc);
  const missing = hasRoutes(functions) ? [] : SERVICES.filter(([name, pattern]) => (signs || name !== 'KMS') && !endpoints.some(({ service }) => pattern.test(service)));
  const problems: string[] = [];
  if (missing.length > 0) {
    problems.push(`network.functions is in isolated subnets of ${named(functions)}, which has no endpoint of ${missing.map(([name]) => name).join(', ')}; the `
      + 'functions could reach nothing and every request would time out: add the endpoints to the VPC (vpc.addGatewayEndpoint, '
      + 'vpc.addInterfaceEndpoint), use subnets with a NAT gateway, or, if the endpoints are made elsewhere, hand the VPC over with ec2.Vpc.fromVpcAttributes');
  }
  const given = perimeter?.vpcEndpointIds;
  const ofS3 = endpoints.filter(({ service }) => /\.s3"/.test(service));
  const stack = Stack.of(functions.vpc);
  const allowed = new Set(given?.map((id) => JSON.stringify(stack.resolve(id))));
  // A literal may be the id that the endpoint got in an earlier deployment; a reference is to the endpoint that it names.
  const refers = (id: string) => /^\{"Ref":/.test(JSON.stringify(stack.resolve(id)));
  if (given && ofS3.length > 0 && given.every(refers) && !ofS3.some(({ id }) => allowed.has(id))) {
    problems.push(`network.perimeter.vpcEndpointIds does not name the S3 endpoint of ${named(functions)}, which network.functions is in, so that the functions `
      + 'could never reach a model; add the id of that endpoint');
  }
  return problems;
}

function endpointsOf(vpc: ec2.IVpc): ReadonlyArray<{ readonly id: string; readonly service: string }> {
  const stack = Stack.of(vpc);
  const shown = (value: unknown) => JSON.stringify(stack.resolve(value)) ?? '';
  return stack.node.root.node.findAll()
    .filter((node): node is ec2.CfnVPCEndpoint => node instanceof ec2.CfnVPCEndpoint)
    .filter((endpoint) => shown(endpoint.vpcId) === shown(vpc.vpcId))
    .map((endpoint) => ({ id: shown(endpoint.ref), service: shown(endpoint.serviceName) }));
}

/** Whether a route of this app leads out of the subnets, such as one to a transit gateway. */
function hasRoutes({ vpc, subnets }: FunctionNetwork): boolean {
  const stack = Stack.of(vpc);
  const shown = (value: unknown) => JSON.stringify(stack.resolve(value));
  const tables = new Set(vpc.selectSubnets(subnets).subnets.map(({ routeTable }) => shown(routeTable.routeTableId)));
  return stack.node.root.node.findAll().some((node) => node instanceof ec2.CfnRoute && tables.has(shown(node.routeTableId)));
}

function inIsolatedSubnets({ vpc, subnets }: FunctionNetwork): boolean {
  const isolated = new Set(vpc.isolatedSubnets.map(({ subnetId }) => subnetId));
  if (isolated.size === 0) {
    return false;
  }
  const { subnetIds } = vpc.selectSubnets(subnets);
  return subnetIds.length > 0 && subnetIds.every((id) => isolated.has(id));
}

function named({ vpc }: FunctionNetwork): string {
  return vpc.node.path;
}

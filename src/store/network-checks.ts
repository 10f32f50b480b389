import { Resource, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { NetworkOptions, SecureModelArtifactStoreProps } from './props';
import type { Problems } from '../common/problems';
import type { Perimeter } from '../storage/perimeter';

/** The VPC of the functions. */
interface FunctionVpc {
  readonly vpc: ec2.IVpc;
  readonly subnets?: ec2.SubnetSelection;
}

function functionVpc({ vpc, vpcSubnets: subnets }: NetworkOptions = {}): FunctionVpc | undefined {
  return vpc && { vpc, subnets };
}

/** The services that the functions call: KMS only if the store signs manifests, Cognito only for its tokens' keys. */
const SERVICES: ReadonlyArray<readonly [name: string, pattern: RegExp]> = [
  ['S3', /\.s3"/], ['STS', /\.sts(-fips)?"/], ['KMS', /\.kms(-fips)?"/],
  ['Cognito', /\.cognito-idp(-fips)?"/],
];

/** Reports a perimeter that excludes the store's own functions, as far as this is known when the store is created. */
export function checkNetworks(problems: Problems, props: SecureModelArtifactStoreProps): void {
  const functions = functionVpc(props.network);
  const perimeter = props.network?.perimeter;
  if (functions && perimeter?.cidrs && !perimeter.vpcEndpointIds && inIsolatedSubnets(functions)) {
    problems.add('network.perimeter.cidrs is the only network in network.perimeter, but network.vpcSubnets is in '
      + `isolated subnets of ${named(functions)}; their requests reach S3 through a VPC endpoint and carry no `
      + 'aws:SourceIp, so the functions could not access models: add the S3 endpoint of the VPC to '
      + 'network.perimeter.vpcEndpointIds');
  }
}

/** What is known only once the whole app is there: endpoints may be added to a VPC after the store. */
export function validateNetworks(store: Construct, props: SecureModelArtifactStoreProps): void {
  const functions = functionVpc(props.network);
  const perimeter = props.network?.perimeter;
  // The endpoints of an imported VPC are unknown.
  if (functions && Resource.isOwnedResource(functions.vpc) && inIsolatedSubnets(functions)) {
    store.node.addValidation({ validate: () => networkProblems(functions, perimeter, unusedServices(props)) });
  }
}

function unusedServices({ signing, authentication }: SecureModelArtifactStoreProps): string[] {
  return [...signing?.enabled === false ? ['KMS'] : [], ...authentication?.mode === 'cognito' ? [] : ['Cognito']];
}

function networkProblems(functions: FunctionVpc, perimeter: Perimeter | undefined, unused: string[]): string[] {
  const endpoints = endpointsOf(functions.vpc);
  const missing = hasRoutes(functions) ? [] : SERVICES.filter(([name, pattern]) =>
    !unused.includes(name) && !endpoints.some(({ service }) => pattern.test(service)));
  const problems: string[] = [];
  if (missing.length > 0) {
    problems.push(`network.vpc: the functions are in isolated subnets of ${named(functions)}, which has no endpoint `
      + `for ${missing.map(([name]) => name).join(', ')}; every request of the functions would time out: add the `
      + 'endpoints to the VPC (vpc.addGatewayEndpoint, vpc.addInterfaceEndpoint), use subnets with a NAT gateway, or, '
      + 'if the endpoints are defined elsewhere, import the VPC with ec2.Vpc.fromVpcAttributes');
  }
  const given = perimeter?.vpcEndpointIds;
  const ofS3 = endpoints.filter(({ service }) => /\.s3"/.test(service));
  const stack = Stack.of(functions.vpc);
  const allowed = new Set(given?.map((id) => JSON.stringify(stack.resolve(id))));
  // A literal may be the ID of the same endpoint from an earlier deployment, so only references can be compared.
  const refers = (id: string) => /^\{"Ref":/.test(JSON.stringify(stack.resolve(id)));
  if (given && ofS3.length > 0 && given.every(refers) && !ofS3.some(({ id }) => allowed.has(id))) {
    problems.push('network.perimeter.vpcEndpointIds does not include the S3 endpoint of '
      + `${named(functions)}, the VPC of the functions, so the functions could not access models; add the ID of `
      + 'that endpoint');
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

/** Whether this app defines a route out of the subnets, such as one to a transit gateway. */
function hasRoutes({ vpc, subnets }: FunctionVpc): boolean {
  const stack = Stack.of(vpc);
  const shown = (value: unknown) => JSON.stringify(stack.resolve(value));
  const tables = new Set(vpc.selectSubnets(subnets).subnets.map(({ routeTable }) => shown(routeTable.routeTableId)));
  return stack.node.root.node.findAll()
    .some((node) => node instanceof ec2.CfnRoute && tables.has(shown(node.routeTableId)));
}

function inIsolatedSubnets({ vpc, subnets }: FunctionVpc): boolean {
  const isolated = new Set(vpc.isolatedSubnets.map(({ subnetId }) => subnetId));
  if (isolated.size === 0) {
    return false;
  }
  const { subnetIds } = vpc.selectSubnets(subnets);
  return subnetIds.length > 0 && subnetIds.every((id) => isolated.has(id));
}

function named({ vpc }: FunctionVpc): string {
  return vpc.node.path;
}

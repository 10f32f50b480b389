import { partition } from '@aws-sdk/core/client';

const API_GATEWAY_HOST =
  /^(?:([a-z0-9]+)(?:-vpce-[a-z0-9]+)?|vpce-[a-z0-9-]+)\.execute-api\.([a-z0-9-]+)\.(vpce\.)?(.+?)\.?$/;
/** A Region of a partition that the SDK does not know yet still ends with a number. */
const LIKE_A_REGION = /^[a-z]+(?:-[a-z]+)+-\d+$/;

export interface ApiGatewayHost {
  /** Undefined where the host names a VPC endpoint alone. */
  readonly apiId?: string;
  readonly region: string;
}

/**
 * What one of API Gateway's own host names says, in any partition: `a1b2.execute-api.eu-central-1.amazonaws.com`,
 * `a1b2.execute-api.eusc-de-east-1.amazonaws.eu`, `a1b2.execute-api.us-iso-east-1.c2s.ic.gov`. Undefined for another
 * host.
 */
export function apiGatewayHost(hostname: string): ApiGatewayHost | undefined {
  const [, apiId, region, , suffix] = API_GATEWAY_HOST.exec(hostname) ?? [];
  if (region === undefined) {
    return undefined;
  }
  const { dnsSuffix, dualStackDnsSuffix } = partition(region);
  return suffix === dnsSuffix || suffix === dualStackDnsSuffix || LIKE_A_REGION.test(region)
    ? { apiId, region }
    : undefined;
}

/** The first part of an ARN's second field: `aws`, `aws-cn`, `aws-eusc`, … */
export function partitionOf(region: string): string {
  return partition(region).name;
}

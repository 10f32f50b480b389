import { partition } from '@aws-sdk/core/client';

const API_GATEWAY_HOST =
  /^(?:([a-z0-9]+)(?:-vpce-[a-z0-9]+)?|vpce-[a-z0-9-]+)\.execute-api(?:-fips)?\.([a-z0-9-]+)\.(vpce\.)?(.+?)\.?$/;
/** Matches Regions of partitions that the SDK does not know yet. */
const LIKE_A_REGION = /^[a-z]+(?:-[a-z]+)+-\d+$/;

export interface ApiGatewayHost {
  /** Undefined if the host name contains only a VPC endpoint. */
  readonly apiId?: string;
  readonly region: string;
}

/**
 * Parses a host name of API Gateway in any partition: `a1b2.execute-api.eu-central-1.amazonaws.com`,
 * `a1b2.execute-api.eusc-de-east-1.amazonaws.eu`, `a1b2.execute-api.us-iso-east-1.c2s.ic.gov`. Undefined for other
 * hosts.
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

/** Whether only AWS can answer at this host, over TLS: a host of API Gateway in a partition that the SDK knows. */
export function isApiGatewayHost(hostname: string): boolean {
  const [, , region, , suffix] = API_GATEWAY_HOST.exec(hostname) ?? [];
  if (region === undefined || !LIKE_A_REGION.test(region)) {
    return false;
  }
  const { dnsSuffix, dualStackDnsSuffix } = partition(region);
  return suffix === dnsSuffix || suffix === dualStackDnsSuffix;
}

/** The partition of a Region: `aws`, `aws-cn`, `aws-eusc`, … */
export function partitionOf(region: string): string {
  return partition(region).name;
}

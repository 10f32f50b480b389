import { isIP } from 'node:net';
import { Aws, Lazy, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { deny } from './bucket-statements';
import type { PolicyTarget } from '../common/policy-target';
import type { Problems } from '../common/problems';

/**
 * The networks and the organization that the store's objects can be reached from.
 *
 * A perimeter only denies: callers inside it still need permission. It covers objects. The bucket's settings can still
 * be changed from any network, so that an incorrect perimeter can be corrected.
 */
export interface Perimeter {
  /**
   * Public IPv4 or IPv6 address ranges, in CIDR notation, of the networks that can reach the objects.
   *
   * Do not use private ranges: a request through a VPC endpoint carries no `aws:SourceIp`.
   *
   * @default - no address ranges
   */
  readonly cidrs?: string[];

  /**
   * IDs of the S3 VPC endpoints (gateway or interface) through which the objects can be reached.
   *
   * @default - no VPC endpoints
   */
  readonly vpcEndpointIds?: string[];

  /**
   * The ID of the AWS organization that callers must belong to, such as `o-a1b2c3d4e5`.
   *
   * @default - callers of any account with permission
   */
  readonly organizationId?: string;
}

/*
 * Truth table. "in" means: the caller's address is in `cidrs`, or the request came through one of `vpcEndpointIds`.
 *
 *   caller                                            | network set: in | not in | organization set: member | not
 *   --------------------------------------------------+-----------------+--------+--------------------------+------
 *   any caller with its own credentials               | -               | deny   | -                        | deny
 *   any caller with a presigned URL                   | -               | deny   | -                        | deny
 *   an AWS service for a caller (aws:ViaAWSService)   | -               | -      | -                        | deny
 *   a service-linked role                             | -               | -      | -                        | deny
 *   an AWS service itself (aws:PrincipalIsAWSService) | -               | -      | -                        | -
 *   a function's session, header-signed               | -               | -      | -                        | deny
 *   a function's session, as a presigned URL          | -               | deny   | -                        | deny
 *
 * If a key is missing from the request, the deny applies: both "IfExists" and negated operators match a missing key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

// Wildcards, because each covers a growing family of actions (versions, attributes, tags, access control lists), and a
// deny that omits one of them would leave a gap.
const OBJECT_ACTIONS = [
  's3:GetObject*', 's3:PutObject*', 's3:DeleteObject*', 's3:RestoreObject', 's3:ReplicateObject',
  's3:UpdateObjectEncryption', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts',
];
const LISTING_ACTIONS = ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'];

export function checkPerimeter(problems: Problems, perimeter: Perimeter | undefined): void {
  if (perimeter === undefined) return;
  const { cidrs, vpcEndpointIds, organizationId } = perimeter;
  if (cidrs === undefined && vpcEndpointIds === undefined && organizationId === undefined) {
    problems.add('perimeter names no network and no organization; set cidrs, vpcEndpointIds or organizationId, or omit '
      + 'perimeter');
  }
  for (const [property, list] of Object.entries({ cidrs, vpcEndpointIds })) {
    if (list?.length === 0) {
      problems.add(`perimeter.${property} is empty; name at least one, or omit it`);
    }
  }
  for (const [cidr, index] of problems.items('perimeter.cidrs', cidrs)) {
    const problem = cidrProblem(cidr);
    if (problem) problems.add(`perimeter.cidrs[${index}] is "${cidr}"${problem}`);
  }
  for (const [endpoint, index] of problems.items('perimeter.vpcEndpointIds', vpcEndpointIds)) {
    if (!/^vpce-[0-9a-f]{8,17}$/.test(endpoint)) {
      problems.add(`perimeter.vpcEndpointIds[${index}] is "${endpoint}"; a VPC endpoint ID has the form `
        + 'vpce-1a2b3c4d5e6f7a8b9');
    }
  }
  if (organizationId !== undefined && !Token.isUnresolved(organizationId)
    && !/^o-[a-z0-9]{10,32}$/.test(organizationId)) {
    problems.add(`perimeter.organizationId is "${organizationId}"; an organization ID has the form o-a1b2c3d4e5`);
  }
}

const PRIVATE_IPV4 = /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.)/;

function cidrProblem(cidr: string): string | undefined {
  const [address, bits, ...rest] = cidr.split('/');
  const version = isIP(address);
  const length = bits !== undefined && /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
  if (version === 0 || rest.length > 0 || !(length <= (version === 4 ? 32 : 128))) {
    return '; an address range has the form 203.0.113.0/24 or 2001:db8::/32, a single address 203.0.113.5/32';
  }
  if (length === 0) {
    return ', which matches every address; omit cidrs if any network can reach the objects';
  }
  if (version === 4 && PRIVATE_IPV4.test(address)) {
    return ', a private range, which never occurs in aws:SourceIp; name the VPC endpoint in vpcEndpointIds';
  }
  return undefined;
}

/** The statements of a perimeter in a bucket's policy, and the roles that are exempt from some of them. */
export class PerimeterStatements {
  private readonly functionSessionArns: string[] = [];

  constructor(private readonly bucket: PolicyTarget, private readonly perimeter: Perimeter) {
    if (perimeter.cidrs !== undefined || perimeter.vpcEndpointIds !== undefined) {
      bucket.addToResourcePolicy(this.denyObjects('DenyNetworksOutsidePerimeter', this.outsideNetwork({
        'aws:PrincipalArn': Lazy.list({
          produce: () => [
            // Only AWS services can assume these:
            // https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
            `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/*`,
            ...this.functionSessionArns,
          ],
        }),
      })));
    }
    if (perimeter.organizationId !== undefined) {
      bucket.addToResourcePolicy(this.denyObjects('DenyOtherOrganizations', {
        StringNotEquals: { 'aws:PrincipalOrgID': perimeter.organizationId },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      }));
    }
  }

  public exemptFunctionSessions(role: iam.IRole): void {
    if (this.perimeter.cidrs === undefined && this.perimeter.vpcEndpointIds === undefined) return;
    if (this.functionSessionArns.length === 0) {
      this.bucket.addToResourcePolicy(this.denyObjects('DenyLinksOutsidePerimeter', {
        ...this.outsideNetwork({}),
        ArnEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.functionSessionArns }) },
        // Matches anything but a header-signed call, so that future ways of signing are denied too.
        StringNotEquals: { ...this.outsideNetwork({}).StringNotEquals, 's3:authType': 'REST-HEADER' },
      }));
    }
    this.functionSessionArns.push(role.roleArn);
  }

  private denyObjects(
    sid: string, conditions: { [operator: string]: { [key: string]: unknown } },
  ): iam.PolicyStatement {
    return deny({
      sid,
      actions: [...OBJECT_ACTIONS, ...LISTING_ACTIONS],
      resources: [this.bucket.bucketArn, this.bucket.arnForObjects('*')],
      conditions,
    });
  }

  /** All operators of a statement must match, so outside means not in `cidrs` and not through one of the endpoints. */
  private outsideNetwork(exempt: { [key: string]: unknown }): { [operator: string]: { [key: string]: unknown } } {
    const { cidrs, vpcEndpointIds } = this.perimeter;
    return {
      ...cidrs === undefined ? {} : { NotIpAddress: { 'aws:SourceIp': cidrs } },
      ...vpcEndpointIds === undefined ? {} : { StringNotEquals: { 'aws:SourceVpce': vpcEndpointIds } },
      ...Object.keys(exempt).length === 0 ? {} : { ArnNotLike: exempt },
      BoolIfExists: { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' },
    };
  }
}

import { isIP } from 'node:net';
import { Aws, Lazy, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { deny } from './bucket-statements';
import type { PolicyTarget } from '../common/policy-target';
import type { Problems } from '../common/problems';

/**
 * From where, and by whom, the objects of the store can be reached at all.
 *
 * A perimeter only ever denies: who is inside of it still needs to be allowed. It is about objects; the bucket's own
 * settings stay reachable from everywhere, so that a wrong perimeter can be put right.
 */
export interface Perimeter {
  /**
   * Public address ranges in CIDR notation, IPv4 or IPv6, of the networks that may reach the objects.
   *
   * Private ranges do not belong here: a request through a VPC endpoint carries no `aws:SourceIp`.
   *
   * @default - no address ranges
   */
  readonly cidrs?: string[];

  /**
   * VPC endpoints of S3 (gateway or interface) through which the objects may be reached.
   *
   * @default - no VPC endpoints
   */
  readonly vpcEndpointIds?: string[];

  /**
   * The organization in AWS Organizations that callers must belong to, such as `o-a1b2c3d4e5`.
   *
   * @default - callers of any account, if they are allowed
   */
  readonly organizationId?: string;
}

/*
 * Truth table. "in" means: the caller's address is in `cidrs`, or the request came through one of `vpcEndpointIds`.
 *
 *   caller                                            | network given: in | not in | organization given: member | not
 *   --------------------------------------------------+-------------------+--------+----------------------------+------
 *   anybody with a key of their own                   | -                 | deny   | -                          | deny
 *   anybody with a link (presigned)                   | -                 | deny   | -                          | deny
 *   an AWS service for a caller (aws:ViaAWSService)   | -                 | -      | -                          | deny
 *   a service-linked role                             | -                 | -      | -                          | deny
 *   an AWS service itself (aws:PrincipalIsAWSService) | -                 | -      | -                          | -
 *   a function's session, header-signed               | -                 | -      | -                          | deny
 *   a function's session, as a link                   | -                 | deny   | -                          | deny
 *
 * Where a key is missing from the request, the deny holds: "IfExists" in a deny is true for a missing key, and so are the
 * negated operators. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

// Wildcards, because each stands for a family that grows (versions, attributes, tags, access control lists), and a deny
// that forgets a member of it leaks.
const OBJECT_ACTIONS = [
  's3:GetObject*', 's3:PutObject*', 's3:DeleteObject*', 's3:RestoreObject', 's3:ReplicateObject', 's3:UpdateObjectEncryption',
  's3:AbortMultipartUpload', 's3:ListMultipartUploadParts',
];
const LISTING_ACTIONS = ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'];

export function checkPerimeter(problems: Problems, perimeter: Perimeter | undefined): void {
  if (perimeter === undefined) return;
  const { cidrs, vpcEndpointIds, organizationId } = perimeter;
  if (cidrs === undefined && vpcEndpointIds === undefined && organizationId === undefined) {
    problems.add('perimeter names no network and no organization; give cidrs, vpcEndpointIds or organizationId, or leave perimeter out');
  }
  for (const [property, list] of Object.entries({ cidrs, vpcEndpointIds })) {
    if (list?.length === 0) {
      problems.add(`perimeter.${property} is empty; name at least one, or leave it out`);
    }
  }
  for (const [cidr, index] of problems.items('perimeter.cidrs', cidrs)) {
    const problem = cidrProblem(cidr);
    if (problem) problems.add(`perimeter.cidrs[${index}] is "${cidr}"${problem}`);
  }
  for (const [endpoint, index] of problems.items('perimeter.vpcEndpointIds', vpcEndpointIds)) {
    if (!/^vpce-[0-9a-f]{8,17}$/.test(endpoint)) {
      problems.add(`perimeter.vpcEndpointIds[${index}] is "${endpoint}"; the id of a VPC endpoint is like vpce-1a2b3c4d5e6f7a8b9`);
    }
  }
  if (organizationId !== undefined && !Token.isUnresolved(organizationId) && !/^o-[a-z0-9]{10,32}$/.test(organizationId)) {
    problems.add(`perimeter.organizationId is "${organizationId}"; the id of an organization is like o-a1b2c3d4e5`);
  }
}

const PRIVATE_IPV4 = /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.)/;

function cidrProblem(cidr: string): string | undefined {
  const [address, bits, ...rest] = cidr.split('/');
  const version = isIP(address);
  const length = bits !== undefined && /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
  if (version === 0 || rest.length > 0 || !(length <= (version === 4 ? 32 : 128))) {
    return '; an address range is like 203.0.113.0/24 or 2001:db8::/32, a single address like 203.0.113.5/32';
  }
  if (length === 0) {
    return ', which is every address there is; leave cidrs out if any network may reach the objects';
  }
  if (version === 4 && PRIVATE_IPV4.test(address)) {
    return ', a private range, which no request ever carries as aws:SourceIp; name the VPC endpoint in vpcEndpointIds';
  }
  return undefined;
}

/** The statements of a perimeter in a bucket's policy, and who is exempt from part of them. */
export class PerimeterStatements {
  private readonly functionSessionArns: string[] = [];

  constructor(private readonly bucket: PolicyTarget, private readonly perimeter: Perimeter) {
    if (perimeter.cidrs !== undefined || perimeter.vpcEndpointIds !== undefined) {
      bucket.addToResourcePolicy(this.denyObjects('DenyNetworksOutsidePerimeter', this.outsideNetwork({
        'aws:PrincipalArn': Lazy.list({
          produce: () => [
          // Assumable by AWS services alone: https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
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
        // Written as "anything but a header-signed call", so that a way of signing yet unknown is denied too.
        StringNotEquals: { ...this.outsideNetwork({}).StringNotEquals, 's3:authType': 'REST-HEADER' },
      }));
    }
    this.functionSessionArns.push(role.roleArn);
  }

  private denyObjects(sid: string, conditions: { [operator: string]: { [key: string]: unknown } }): iam.PolicyStatement {
    return deny({
      sid,
      actions: [...OBJECT_ACTIONS, ...LISTING_ACTIONS],
      resources: [this.bucket.bucketArn, this.bucket.arnForObjects('*')],
      conditions,
    });
  }

  /** All operators of a statement must hold: outside means neither one of the addresses nor through one of the endpoints. */
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

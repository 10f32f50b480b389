import type { DeployedResource, DeployedStacks } from './deployed-stacks';

export interface Statement {
  readonly Resource?: string | string[];
  readonly [element: string]: unknown;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

const list = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** The policies of the synthesized template, by role and by resource. */
export class IamWorld {
  constructor(private readonly stacks: DeployedStacks) {}

  /** The policies of a role: inline, attached by the role, and attached by the policy. */
  policiesOf(role: DeployedResource): PolicyDocument[] {
    const named = list<string>(role.properties.ManagedPolicyArns);
    const attached = [...this.stacks.all('AWS::IAM::Policy'), ...this.stacks.all('AWS::IAM::ManagedPolicy')]
      .filter(({ arn, properties: { Roles } }) => list<string>(Roles).includes(role.name) || named.includes(arn));
    return [
      ...attached.map(({ properties: { PolicyDocument: document } }) => document as PolicyDocument),
      ...list<{ PolicyDocument: PolicyDocument }>(role.properties.Policies).map(({ PolicyDocument: document }) => document),
    ];
  }

  /** The resource policy that applies to a request for this resource, if the resource has one. */
  policyOn(action: string, resource: string): PolicyDocument | undefined {
    const [, , service] = resource.split(':');
    switch (service) {
      case 's3': return this.documentFor('AWS::S3::BucketPolicy', 'Bucket', resource.slice('arn:aws:s3:::'.length).split('/')[0]);
      case 'kms': return this.propertyOf('AWS::KMS::Key', resource, 'KeyPolicy');
      case 'lambda': return this.documentFor('AWS::Lambda::ResourcePolicy', 'ResourceArn', resource);
      case 'execute-api': return this.apiPolicy(resource);
      case 'sns': return this.documentFor('AWS::SNS::TopicPolicy', 'Topics', resource);
      case 'iam': return action.startsWith('sts:') ? this.propertyOf('AWS::IAM::Role', resource, 'AssumeRolePolicyDocument') : undefined;
      default: return undefined;
    }
  }

  /** The policy within the properties of the resource itself. */
  private propertyOf(type: string, resource: string, property: string): PolicyDocument | undefined {
    return this.stacks.all(type).find(({ arn }) => arn === resource)?.properties[property] as PolicyDocument | undefined;
  }

  /** A policy that is a separate resource, which names its owner in a property. */

  private documentFor(type: string, property: string, owner: string): PolicyDocument | undefined {
    return this.stacks.all(type).find(({ properties }) => list<string>(properties[property]).includes(owner))
      ?.properties.PolicyDocument as PolicyDocument | undefined;
  }

  /** API Gateway puts the ARN of the API before the resources of its policy. */
  private apiPolicy(resource: string): PolicyDocument | undefined {
    const [api] = resource.split('/');
    const policy = this.propertyOf('AWS::ApiGateway::RestApi', api.split(':').at(-1)!, 'Policy');
    return policy && {
      ...policy,
      Statement: policy.Statement.map((statement) => ({
        ...statement, Resource: list(statement.Resource).map((pattern) => pattern.replace(/^execute-api:/, api)),
      })),
    };
  }
}

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
    const attached = [...this.stacks.all('AWS::IAM::Policy'), ...this.stacks.all('AWS::IAM::ManagedPolicy')]
      .filter(({ arn, properties: { Roles } }) => list<string>(Roles).includes(role.name) || list<string>(role.properties.ManagedPolicyArns).includes(arn));
    return [
      ...attached.map(({ properties: { PolicyDocument: document } }) => document as PolicyDocument),
      ...list<{ PolicyDocument: PolicyDocument }>(role.properties.Policies).map(({ PolicyDocument: document }) => document),
    ];
  }

  /** The resource policy that applies to a request for this resource, if the resource has one. */
  policyOn(action: string, resource: string): PolicyDocument | undefined {
    const [, , service] = resource.split(':');
    switch (service) {
      case 's3': return this.bucketPolicy(resource.slice('arn:aws:s3:::'.length).split('/')[0]);
      case 'kms': return this.stacks.all('AWS::KMS::Key').find(({ arn }) => arn === resource)?.properties.KeyPolicy as PolicyDocument | undefined;
      case 'lambda': return this.functionPolicy(resource);
      case 'execute-api': return this.apiPolicy(resource);
      case 'sns': return this.documentFor('AWS::SNS::TopicPolicy', 'Topics', resource);
      case 'iam': return action.startsWith('sts:')
        ? this.stacks.all('AWS::IAM::Role').find(({ arn }) => arn === resource)?.properties.AssumeRolePolicyDocument as PolicyDocument | undefined
        : undefined;
      default: return undefined;
    }
  }

  private bucketPolicy(bucket: string): PolicyDocument | undefined {
    return this.documentFor('AWS::S3::BucketPolicy', 'Bucket', bucket);
  }

  private functionPolicy(functionArn: string): PolicyDocument | undefined {
    return this.documentFor('AWS::Lambda::ResourcePolicy', 'ResourceArn', functionArn);
  }

  private documentFor(type: string, property: string, owner: string): PolicyDocument | undefined {
    return this.stacks.all(type).find(({ properties }) => list<string>(properties[property]).includes(owner))
      ?.properties.PolicyDocument as PolicyDocument | undefined;
  }

  /** API Gateway puts the ARN of the API before the resources of its policy. */
  private apiPolicy(resource: string): PolicyDocument | undefined {
    const [api] = resource.split('/');
    const policy = this.stacks.all('AWS::ApiGateway::RestApi').find(({ name }) => api.endsWith(`:${name}`))?.properties.Policy as PolicyDocument | undefined;
    return policy && {
      ...policy,
      Statement: policy.Statement.map((statement) => ({
        ...statement, Resource: list(statement.Resource).map((pattern) => pattern.replace(/^execute-api:/, api)),
      })),
    };
  }
}

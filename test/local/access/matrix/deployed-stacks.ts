import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { clientConfiguration } from '../../rig/clients';
import { TEMPLATES_FILE } from '../../rig/deploy';
import type { LocalAws } from '../../rig/local-aws';
import type { Resource, Template } from '../../rig/template';

export interface DeployedResource {
  readonly id: string;
  readonly type: string;
  /** What `Ref` returns. */
  readonly name: string;
  readonly arn: string;
  /** With every reference resolved. */
  readonly properties: { readonly [name: string]: any };
}

/** ARNs by resource type, where `Ref` does not return one. */
const ARNS: { readonly [type: string]: (name: string, place: string) => string } = {
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::KMS::Key': (name, place) => `arn:aws:kms:${place}:key/${name}`,
  'AWS::IAM::Role': (name, place) => `arn:aws:iam::${place.split(':')[1]}:role/${name}`,
  'AWS::Lambda::Function': (name, place) => `arn:aws:lambda:${place}:function:${name}`,
  'AWS::Logs::LogGroup': (name, place) => `arn:aws:logs:${place}:log-group:${name}:*`,
  'AWS::SSM::Parameter': (name, place) => `arn:aws:ssm:${place}:parameter${name}`,
  'AWS::Athena::WorkGroup': (name, place) => `arn:aws:athena:${place}:workgroup/${name}`,
  'AWS::Events::Rule': (name, place) => `arn:aws:events:${place}:rule/${name}`,
  'AWS::CloudTrail::Trail': (name, place) => `arn:aws:cloudtrail:${place}:trail/${name}`,
  'AWS::Cognito::UserPool': (name, place) => `arn:aws:cognito-idp:${place}:userpool/${name}`,
};

/**
 * The synthesized templates of the deployed stacks, with the names of the deployed resources. A resource that the local AWS does not
 * have keeps its logical ID as its name, so its policies and those that refer to it stay complete.
 */
export class DeployedStacks {
  static async read(localAws: LocalAws, folder: string): Promise<DeployedStacks> {
    const templates = JSON.parse(fs.readFileSync(path.join(folder, TEMPLATES_FILE), 'utf8')) as { [stack: string]: Template };
    const client = new CloudFormationClient(clientConfiguration(localAws, localAws.root));
    const names = new Map<string, string>();
    for (const stack of Object.keys(templates)) {
      const { StackResources: all = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: stack }));
      all.forEach(({ LogicalResourceId: id, PhysicalResourceId: name }) => names.set(`${stack}/${id}`, name!));
    }
    client.destroy();
    return new DeployedStacks(templates, names, `${localAws.region}:${localAws.account}`);
  }

  private constructor(
    private readonly templates: { readonly [stack: string]: Template },
    private readonly names: ReadonlyMap<string, string>,
    /** Region and account, as in ARNs. */
    private readonly place: string,
  ) {}

  /** The only resource of this type with such a logical ID. */
  one(type: string, id: RegExp = /./): DeployedResource {
    const found = this.all(type).filter((resource) => id.test(resource.id));
    if (found.length !== 1) {
      throw new Error(`the deployed stacks have ${found.length} resources ${type} with an ID like ${id}: ${found.map((each) => each.id).join(', ')}`);
    }
    return found[0];
  }

  all(type: string): DeployedResource[] {
    return Object.entries(this.templates).flatMap(([stack, { Resources = {} }]) => Object.entries(Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => this.deployed(stack, id, resource)));
  }

  private deployed(stack: string, id: string, { Type: type, Properties: properties = {} }: Resource): DeployedResource {
    return {
      id,
      type,
      name: this.nameOf(stack, id),
      arn: this.arnOf(stack, id),
      properties: this.resolve(stack, properties) as DeployedResource['properties'],
    };
  }

  private nameOf(stack: string, id: string): string {
    const { Type: type, Properties: properties } = this.resource(stack, id);
    const name = this.names.get(`${stack}/${id}`) ?? (properties?.TrailName as string | undefined) ?? id;
    return type === 'AWS::SSM::Parameter' && !name.startsWith('/') ? `/${name}` : name;
  }

  private arnOf(stack: string, id: string): string {
    const name = this.nameOf(stack, id);
    return name.startsWith('arn:') ? name : ARNS[this.resource(stack, id).Type]?.(name, this.place) ?? name;
  }

  private resource(stack: string, id: string): Resource {
    return this.templates[stack].Resources![id];
  }

  private resolve(stack: string, value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.resolve(stack, item));
    }
    if (value === null || typeof value !== 'object') {
      return value;
    }
    const node = value as { readonly [key: string]: any };
    if ('Ref' in node) {
      return this.reference(stack, node.Ref as string);
    }
    if ('Fn::GetAtt' in node) {
      const [id, attribute] = node['Fn::GetAtt'] as [string, string];
      return attribute === 'Arn' ? this.arnOf(stack, id) : `${this.nameOf(stack, id)}.${attribute}`;
    }
    if ('Fn::Join' in node) {
      const [separator, items] = node['Fn::Join'] as [string, unknown[]];
      return items.map((item) => this.resolve(stack, item)).join(separator);
    }
    if ('Fn::ImportValue' in node) {
      return this.imported(node['Fn::ImportValue'] as string);
    }
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, this.resolve(stack, item)]));
  }

  private reference(stack: string, id: string): string {
    const [region, account] = this.place.split(':');
    const pseudo: { readonly [name: string]: string } = {
      'AWS::Partition': 'aws', 'AWS::Region': region, 'AWS::AccountId': account, 'AWS::URLSuffix': 'amazonaws.com', 'AWS::StackName': stack,
    };
    return pseudo[id] ?? (id in (this.templates[stack].Resources ?? {}) ? this.nameOf(stack, id) : id);
  }

  private imported(exportName: string): unknown {
    for (const [stack, { Outputs = {} }] of Object.entries(this.templates)) {
      const output = Object.values(Outputs).find((each) => (each as { Export?: { Name?: string } }).Export?.Name === exportName);
      if (output) {
        return this.resolve(stack, output.Value);
      }
    }
    throw new Error(`no deployed stack exports ${exportName}`);
  }
}

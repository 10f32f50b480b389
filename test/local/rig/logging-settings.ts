import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { clientConfiguration } from './clients';
import type { LocalAws } from './local-aws';
import type { LoggedBucket } from './recorder/access-log-files';
import type { EventSelector } from './recorder/selection';
import type { Template } from './template';

/** The settings of the trail and of access logs in the template, which the local AWS ignores. */
export interface LoggingSettings {
  readonly trailName: string;
  readonly trailBucket: string;
  readonly selectors: readonly EventSelector[];
  readonly accessLogBucket: string;
  readonly loggedBuckets: readonly LoggedBucket[];
}

/** The settings of a deployed stack, from its synthesized template. */
export async function loggingSettings(localAws: LocalAws, stackName: string, template: Template): Promise<LoggingSettings> {
  return readLogging(template, localAws, await physicalIds(localAws, stackName));
}

async function physicalIds(localAws: LocalAws, stackName: string): Promise<Map<string, string>> {
  const client = new CloudFormationClient(clientConfiguration(localAws, localAws.root));
  try {
    const ids = new Map<string, string>();
    for await (const { StackResourceSummaries: resources = [] } of paginateListStackResources({ client }, { StackName: stackName })) {
      resources.forEach(({ LogicalResourceId: logical = '', PhysicalResourceId: physical = '' }) => ids.set(logical, physical));
    }
    return ids;
  } finally {
    client.destroy();
  }
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** `ids` are the physical IDs of the resources in the stack, by logical ID. */
export function readLogging(template: Template, place: Place, ids: ReadonlyMap<string, string>): LoggingSettings {
  const resources = Object.values(template.Resources ?? {});
  const resolve = (value: unknown) => resolved(value, template, place, ids);
  const trail = resources.find(({ Type: type }) => type === 'AWS::CloudTrail::Trail')?.Properties;
  if (trail === undefined) {
    throw new Error('the template has no trail, so there is nothing to record');
  }
  const logged = Object.entries(template.Resources ?? {}).flatMap(([id, { Properties: properties }]) => {
    const logging = properties?.LoggingConfiguration as Record<string, unknown> | undefined;
    return logging === undefined ? [] : [{
      bucket: resolve({ Ref: id }) as string,
      prefix: (logging.LogFilePrefix as string | undefined) ?? '',
      destination: resolve(logging.DestinationBucketName) as string,
    }];
  });
  const destinations = [...new Set(logged.map(({ destination }) => destination))];
  if (destinations.length !== 1) {
    throw new Error(`the recorder delivers access logs to one bucket, and the template names ${destinations.length}: ${destinations.join(', ')}`);
  }
  return {
    trailName: resolve(trail.TrailName) as string,
    trailBucket: resolve(trail.S3BucketName) as string,
    selectors: resolve(trail.AdvancedEventSelectors) as EventSelector[],
    accessLogBucket: destinations[0],
    loggedBuckets: logged.map(({ bucket, prefix }) => ({ bucket, prefix })),
  };
}

/** The value with its references resolved; supports only the kinds that these settings use. */
function resolved(value: unknown, template: Template, place: Place, ids: ReadonlyMap<string, string>): unknown {
  const again = (inner: unknown) => resolved(inner, template, place, ids);
  if (Array.isArray(value)) {
    return value.map(again);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const node = value as Record<string, unknown>;
  if (typeof node.Ref === 'string') {
    return refOf(node.Ref, place, ids);
  }
  if (Array.isArray(node['Fn::GetAtt'])) {
    const [id, attribute] = node['Fn::GetAtt'] as string[];
    return attributeOf(id, attribute, template, place, ids);
  }
  if (Array.isArray(node['Fn::Join'])) {
    const [separator, parts] = node['Fn::Join'] as [string, unknown[]];
    return parts.map((part) => String(again(part))).join(separator);
  }
  const unknown = Object.keys(node).find((name) => name.startsWith('Fn::'));
  if (unknown !== undefined) {
    throw new Error(`the rig does not resolve ${unknown}: ${JSON.stringify(node)}`);
  }
  return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, again(inner)]));
}

function refOf(id: string, { account, region }: Place, ids: ReadonlyMap<string, string>): string {
  const pseudo: Record<string, string> = { 'AWS::AccountId': account, 'AWS::Region': region, 'AWS::Partition': 'aws' };
  const found = pseudo[id] ?? ids.get(id);
  if (found === undefined) {
    throw new Error(`the stack has no resource ${id}, which the settings of its logs refer to`);
  }
  return found;
}

function attributeOf(id: string, attribute: string, template: Template, place: Place, ids: ReadonlyMap<string, string>): string {
  const type = template.Resources?.[id]?.Type;
  const name = refOf(id, place, ids);
  const arns: Record<string, string> = {
    'AWS::S3::Bucket': `arn:aws:s3:::${name}`,
    'AWS::Lambda::Function': `arn:aws:lambda:${place.region}:${place.account}:function:${name}`,
  };
  if (attribute !== 'Arn' || type === undefined || arns[type] === undefined) {
    throw new Error(`the rig does not know ${attribute} of ${id}, of type ${type}`);
  }
  return arns[type];
}

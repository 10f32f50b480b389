import type { Model, Resource } from './model';
import { permissionsOf } from './permissions';
import { References } from './references';

/** Somebody does something to something. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly verbs: string[];
}

/** What a property of a resource says of who does what to whom. */
const PROPERTIES: { type: string; property: string; verb: string; backwards?: boolean }[] = [
  { type: 'AWS::ApiGateway::Authorizer', property: 'ProviderARNs', verb: 'checks tokens with' },
  { type: 'AWS::ApiGateway::Method', property: 'Integration', verb: 'calls' },
  { type: 'AWS::ApiGateway::RestApi', property: 'EndpointConfiguration', verb: 'reaches', backwards: true },
  { type: 'AWS::CloudTrail::Trail', property: 'AdvancedEventSelectors', verb: 'records' },
  { type: 'AWS::CloudTrail::Trail', property: 'S3BucketName', verb: 'delivers to' },
  { type: 'AWS::CloudWatch::Alarm', property: 'AlarmActions', verb: 'alerts' },
  { type: 'AWS::CloudWatch::Alarm', property: 'Dimensions', verb: 'watches' },
  { type: 'AWS::CloudWatch::Alarm', property: 'Metrics', verb: 'watches' },
  { type: 'AWS::CodeBuild::Project', property: 'EncryptionKey', verb: 'encrypts with' },
  { type: 'AWS::CodePipeline::Pipeline', property: 'ArtifactStore', verb: 'keeps its files in' },
  { type: 'AWS::Events::Rule', property: 'EventPattern', verb: 'watches' },
  { type: 'AWS::Events::Rule', property: 'Targets', verb: 'starts' },
  { type: 'AWS::Glue::Table', property: 'TableInput.StorageDescriptor.Location', verb: 'reads' },
  { type: 'AWS::Lambda::Function', property: 'Role', verb: 'runs as' },
  { type: 'AWS::Lambda::Function', property: 'VpcConfig', verb: 'runs in' },
  { type: 'AWS::Logs::MetricFilter', property: 'LogGroupName', verb: 'watches' },
  { type: 'AWS::S3::Bucket', property: 'LoggingConfiguration', verb: 'access logs to' },
  { type: 'AWS::SageMaker::Endpoint', property: 'EndpointConfigName', verb: 'runs' },
  { type: 'AWS::SageMaker::EndpointConfig', property: 'KmsKeyId', verb: 'encrypts with' },
  { type: 'AWS::SageMaker::EndpointConfig', property: 'ProductionVariants', verb: 'runs' },
  { type: 'AWS::SageMaker::Model', property: 'ExecutionRoleArn', verb: 'runs as' },
  { type: 'AWS::SageMaker::Model', property: 'VpcConfig', verb: 'runs in' },
  { type: 'AWS::StepFunctions::StateMachine', property: 'LoggingConfiguration', verb: 'logs to' },
];

/** Who reads, writes and calls whom: from permissions, and from what resources are told to do. */
export function edgesOf(model: Model): Edge[] {
  const references = new References(model);
  const verbs = new Map<string, Set<string>>();
  const add = (from: string, to: string, verb: string) => {
    if (from !== to) {
      const key = JSON.stringify([from, to]);
      verbs.set(key, (verbs.get(key) ?? new Set()).add(verb));
    }
  };
  for (const resource of model.resources.values()) {
    for (const { property, verb, backwards } of PROPERTIES.filter(({ type }) => type === resource.type)) {
      for (const other of references.owners(valueOf(property, resource), resource.stack)) {
        add(backwards ? other : resource.owner, backwards ? resource.owner : other, verb);
      }
    }
    permissionsOf(resource, references).forEach(({ from, to, verb }) => add(from, to, verb));
  }
  return [...verbs.keys()].sort().map((key) => {
    const [from, to] = JSON.parse(key) as [string, string];
    return { from, to, verbs: inOrder([...verbs.get(key)!]) };
  });
}

function valueOf(property: string, { properties }: Resource): unknown {
  const value: unknown = property.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], properties);
  if (property.endsWith('Location')) {
    // The bucket stands first; what comes behind may well be a folder with another bucket's name.
    return (value as { 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join']?.[1].find((part) => typeof part === 'object') ?? value;
  }
  // A rule that hands its target a role does not start the role.
  return property === 'Targets' ? (value as { Arn: unknown }[] | undefined)?.map(({ Arn }) => Arn) : value;
}

const ORDER = ['acts as', 'runs as', 'runs in', 'calls', 'starts', 'reads', 'writes', 'deletes', 'signs with', 'records', 'delivers to', 'watches', 'alerts'];

function inOrder(verbs: string[]): string[] {
  const rank = (verb: string) => (ORDER.indexOf(verb) + ORDER.length + 1) % (ORDER.length + 1);
  return verbs.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en'));
}

/** The names that AWS itself uses, where CloudFormation's differ from them. */
const SERVICES: Record<string, string> = {
  ApiGateway: 'API Gateway',
  CloudTrail: 'CloudTrail',
  CloudWatch: 'CloudWatch',
  CodeBuild: 'CodeBuild',
  CodePipeline: 'CodePipeline',
  EC2: 'VPC',
  Events: 'EventBridge',
  Logs: 'CloudWatch Logs',
  S3: 'S3',
  SSM: 'Systems Manager',
  SageMaker: 'SageMaker AI',
  StepFunctions: 'Step Functions',
  WAFv2: 'WAF',
};

const KINDS: Record<string, string> = {
  'AWS::ApiGateway::RestApi': 'REST API',
  'AWS::Athena::WorkGroup': 'workgroup',
  'AWS::EC2::VPC': 'VPC',
  'AWS::EC2::VPCEndpoint': 'endpoint',
  'AWS::WAFv2::WebACL': 'web ACL',
  'AWS::WAFv2::WebACLAssociation': 'association',
  'AWS::CloudWatch::InsightRule': 'Contributor Insights rule',
};

/** What carries a picture's story; everything else of a construct is only counted. */
const LEADING = [
  'AWS::S3::Bucket', 'AWS::CloudTrail::Trail', 'AWS::ApiGateway::RestApi', 'AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine',
  'AWS::CodePipeline::Pipeline', 'AWS::CodeBuild::Project', 'AWS::Cognito::UserPool', 'AWS::SageMaker::Endpoint', 'AWS::SageMaker::Model', 'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint', 'AWS::EC2::Subnet', 'AWS::EC2::SecurityGroup', 'AWS::IAM::Role', 'AWS::KMS::Key', 'AWS::CloudWatch::Alarm', 'AWS::Athena::NamedQuery',
  'AWS::Events::Rule', 'AWS::SNS::Topic', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup', 'AWS::Glue::Table', 'AWS::CloudWatch::Dashboard',
  'AWS::Cognito::UserPoolGroup', 'AWS::WAFv2::WebACL', 'AWS::SSM::Parameter', 'AWS::Athena::WorkGroup', 'AWS::ApiGateway::Method',
  'AWS::Cognito::UserPoolClient', 'AWS::SageMaker::EndpointConfig', 'AWS::CloudWatch::InsightRule', 'AWS::Logs::MetricFilter',
];

const CUSTOM = /^Custom::/;

export function serviceOf(type: string): string {
  if (CUSTOM.test(type)) {
    return 'CloudFormation';
  }
  const [, service] = type.split('::');
  return SERVICES[service] ?? service;
}

/** `AWS::Cognito::UserPoolGroup` is a "user pool group". */
export function kindOf(type: string): string {
  if (CUSTOM.test(type)) {
    return 'custom resource';
  }
  return KINDS[type] ?? type.split('::')[2].replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

export function counted(count: number, kind: string): string {
  if (count === 1) {
    return kind;
  }
  return `${count} ${/[^aeiou]y$/.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`}`;
}

/** One line for each service, the most telling first: "S3: 2 buckets, 2 bucket policies". */
export function describeTypes(types: string[], kindsPerService = Infinity): string[] {
  const counts = new Map<string, number>();
  types.forEach((type) => counts.set(type, (counts.get(type) ?? 0) + 1));
  const services = new Map<string, string[]>();
  [...counts.keys()].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en')).forEach((type) => {
    services.set(serviceOf(type), [...services.get(serviceOf(type)) ?? [], type]);
  });
  return [...services].map(([service, kinds]) => {
    const told = kinds.slice(0, kindsPerService).map((type) => counted(counts.get(type)!, kindOf(type)));
    const rest = kinds.slice(kindsPerService).reduce((sum, type) => sum + counts.get(type)!, 0);
    return `${service}: ${[...told, ...rest > 0 ? [`${rest} more`] : []].join(', ')}`;
  });
}

function rank(type: string): number {
  const index = LEADING.indexOf(type);
  return index < 0 ? LEADING.length : index;
}

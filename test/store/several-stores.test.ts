import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiAuthentication, SecureModelArtifactStore, type SecureModelArtifactStoreProps } from '../../src';

type Resources = { readonly [id: string]: { readonly Type: string; readonly Properties: any } };

function storeIn(stack: Stack, props?: SecureModelArtifactStoreProps): Resources {
  new SecureModelArtifactStore(stack, 'Models', { authentication: ApiAuthentication.cognito(), ...props });
  return Template.fromStack(stack).toJSON().Resources;
}

/** Names that an account and Region has once, by type; whatever else has a name has it within one of these. */
const NAMES: { readonly [type: string]: (properties: any) => unknown } = {
  'AWS::ApiGateway::RestApi': ({ Name }) => Name,
  'AWS::Athena::WorkGroup': ({ Name }) => Name,
  'AWS::CloudTrail::Trail': ({ TrailName }) => TrailName,
  'AWS::CloudWatch::Alarm': ({ AlarmName }) => AlarmName,
  'AWS::CloudWatch::Dashboard': ({ DashboardName }) => DashboardName,
  'AWS::CloudWatch::InsightRule': ({ RuleName }) => RuleName,
  'AWS::Cognito::UserPoolDomain': ({ Domain }) => Domain,
  'AWS::Events::Rule': ({ Name }) => Name,
  'AWS::Glue::Database': ({ DatabaseInput }) => DatabaseInput.Name,
  'AWS::IAM::ManagedPolicy': ({ ManagedPolicyName }) => ManagedPolicyName,
  'AWS::IAM::Role': ({ RoleName }) => RoleName,
  'AWS::KMS::Alias': ({ AliasName }) => AliasName,
  'AWS::Lambda::Function': ({ FunctionName }) => FunctionName,
  'AWS::Logs::LogGroup': ({ LogGroupName }) => LogGroupName,
  'AWS::Logs::QueryDefinition': ({ Name }) => Name,
  'AWS::Logs::ResourcePolicy': ({ PolicyName }) => PolicyName,
  'AWS::S3::Bucket': ({ BucketName }) => BucketName,
  'AWS::SNS::Topic': ({ TopicName }) => TopicName,
  'AWS::SSM::Parameter': ({ Name }) => Name,
  'AWS::WAFv2::WebACL': ({ Name }) => Name,
};

/** Those that are known before the deployment, which are the same in each stack of the same contents. */
function namesOf(resources: Resources): string[] {
  return Object.values(resources).flatMap(({ Type, Properties }) => {
    const name = NAMES[Type]?.(Properties ?? {});
    return typeof name === 'string' ? [`${Type} ${name}`] : [];
  });
}

function twice(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

describe('three stores in one account and Region', () => {
  const stacks = [new Stack(new App(), 'Fraud'), new Stack(new App(), 'Pricing'), new Stack(new Stage(new App(), 'Dev'), 'Fraud')]
    .map((stack) => storeIn(stack));

  test('have no duplicate names', () => {
    const names = stacks.flatMap(namesOf);
    expect(names.length).toBeGreaterThan(100);
    expect(twice(names)).toEqual([]);
  });

  test('use no scarce resource of the account and Region: policies of CloudWatch Logs, and API Gateway\'s setting', () => {
    for (const type of ['AWS::Logs::ResourcePolicy', 'AWS::ApiGateway::Account']) {
      expect(stacks.flatMap((resources) => Object.values(resources)).filter(({ Type }) => Type === type)).toEqual([]);
    }
  });

  test('have a trail each, of which an account can have five in a Region', () => {
    expect(stacks.map((resources) => Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudTrail::Trail').length)).toEqual([1, 1, 1]);
  });
});

describe('two apps whose stacks have the same id', () => {
  test('have no duplicate names, if the stacks have different names', () => {
    const names = ['fraud-models', 'pricing-models'].flatMap((stackName) => namesOf(storeIn(new Stack(new App(), 'Store', { stackName }))));
    expect(twice(names)).toEqual([]);
    expect(names).toContain('AWS::SSM::Parameter /secure-model-artifact-store/fraud-models-Models');
  });
});

describe('the name of a store', () => {
  const nameIn = (stack: Stack) => new SecureModelArtifactStore(stack, 'Models').storeName;

  test.each<[string, () => Stack, string]>([
    ['of a stack', () => new Stack(new App(), 'Quickstart'), 'Quickstart-Models'],
    ['of a stack with a name', () => new Stack(new App(), 'Quickstart', { stackName: 'acme-models' }), 'acme-models-Models'],
    ['of a stage', () => new Stack(new Stage(new App(), 'dev'), 'Store'), 'dev-Store-Models'],
    ['of a nested stack', () => new NestedStack(new Stack(new App(), 'Platform'), 'Store'), 'Platform-Store-Models'],
  ])('consists of the name %s, and the construct\'s', (_, stack, name) => {
    expect(nameIn(stack())).toBe(name);
  });
});

import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { SecureModelArtifactStore, type SecureModelArtifactStoreProps } from '../../src';

const env = { account: '111122223333', region: 'eu-central-1' };
const LEAN: SecureModelArtifactStoreProps = { monitoring: { enabled: false }, audit: { analytics: { enabled: false } } };

const job = (scope: Construct) => new lambda.Function(scope, 'Deploy', {
  runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => {}'),
});

const grants = (store: SecureModelArtifactStore, deploy: lambda.IFunction) => {
  store.grantDirectRead(deploy, ['fraud-*']);
  store.grantPull(deploy, ['fraud-*']);
};
const reactions = (store: SecureModelArtifactStore, deploy: lambda.IFunction) => {
  store.onAliasChanged('Deployed', { alias: 'production', target: new targets.LambdaFunction(deploy) });
  store.onVersionPublished('Published', { target: new targets.LambdaFunction(deploy) });
};

describe('a job in a separate stack', () => {
  test.each<[string, ReadonlyArray<typeof grants>]>([
    ['is granted a download and then reacts to an alias', [grants, reactions]],
    ['reacts to an alias and is then granted a download', [reactions, grants]],
  ])('%s', (_name, steps) => {
    const app = new App();
    const storeStack = new Stack(app, 'Store', { env });
    const jobs = new Stack(app, 'Jobs', { env });
    const store = new SecureModelArtifactStore(storeStack, 'Models', LEAN);
    const deploy = job(jobs);

    steps.forEach((step) => step(store, deploy));

    app.synth();
    Template.fromStack(jobs).resourceCountIs('AWS::Events::Rule', 2);
    Template.fromStack(jobs).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { bucket: { name: [{ 'Fn::ImportValue': Match.stringLikeRegexp('^Store:') }] } } },
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Deploy'), 'Arn'] } }],
    });
    Template.fromStack(storeStack).resourceCountIs('AWS::Events::Rule', 0);
    expect(jobs.dependencies).toEqual([storeStack]);
    expect(storeStack.dependencies).toEqual([]);
  });

  test('in environments that are known only at deployment', () => {
    const app = new App();
    const jobs = new Stack(app, 'Jobs');
    const store = new SecureModelArtifactStore(new Stack(app, 'Store'), 'Models', LEAN);
    const deploy = job(jobs);
    grants(store, deploy);
    reactions(store, deploy);
    app.synth();
    Template.fromStack(jobs).resourceCountIs('AWS::Events::Rule', 2);
  });

  test.each<[string, (scope: Stack) => events.IRuleTarget]>([
    ['a queue', (scope) => new targets.SqsQueue(new sqs.Queue(scope, 'Queue'))],
    ['a topic', (scope) => new targets.SnsTopic(new sns.Topic(scope, 'Topic'))],
    ['a state machine', (scope) => new targets.SfnStateMachine(new sfn.StateMachine(scope, 'Machine', {
      definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(scope, 'Pass')),
    }))],
  ])('with %s as the target has the rule in the same stack', (_name, target) => {
    const app = new App();
    const jobs = new Stack(app, 'Jobs', { env });
    const store = new SecureModelArtifactStore(new Stack(app, 'Store', { env }), 'Models', LEAN);
    store.onVersionPublished('Published', { target: target(jobs) });
    Template.fromStack(jobs).resourceCountIs('AWS::Events::Rule', 1);
  });

  test('in a nested stack, with the store in the parent, and the other way round', () => {
    for (const storeIsNested of [true, false]) {
      const parent = new Stack(new App(), 'Parent', { env });
      const nested = new NestedStack(parent, 'Nested');
      const store = new SecureModelArtifactStore(storeIsNested ? nested : parent, 'Models', LEAN);
      const deploy = job(storeIsNested ? parent : nested);
      grants(store, deploy);
      reactions(store, deploy);
      expect(() => Template.fromStack(parent)).not.toThrow();
    }
  });

  test('two stores can have rules with the same id for one target', () => {
    const app = new App();
    const jobs = new Stack(app, 'Jobs', { env });
    const deploy = job(jobs);
    for (const name of ['Research', 'Live']) {
      const store = new SecureModelArtifactStore(new Stack(app, name, { env }), 'Models', LEAN);
      store.onAliasChanged('Deployed', { target: new targets.LambdaFunction(deploy) });
    }
    Template.fromStack(jobs).resourceCountIs('AWS::Events::Rule', 2);
  });

  test('has the rule in the crossStackScope', () => {
    const app = new App();
    const storeStack = new Stack(app, 'Store', { env });
    const store = new SecureModelArtifactStore(storeStack, 'Models', LEAN);
    store.onAliasChanged('Deployed', { target: new targets.LambdaFunction(job(new Stack(app, 'Jobs', { env }))), crossStackScope: storeStack });
    Template.fromStack(storeStack).resourceCountIs('AWS::Events::Rule', 1);
  });
});

describe('a job in another Region', () => {
  const app = (storeEnv = {}) => {
    const root = new App();
    const storeStack = new Stack(root, 'Store', { env: { ...env, ...storeEnv } });
    const store = new SecureModelArtifactStore(storeStack, 'Models', LEAN);
    return { root, storeStack, store, deploy: job(new Stack(root, 'Jobs', { env: { ...env, region: 'us-east-1' } })) };
  };

  test('is rejected as a target, with an alternative', () => {
    const { store, deploy } = app();
    expect(() => store.onAliasChanged('Deployed', { target: new targets.LambdaFunction(deploy), alias: 'Not an alias' })).toThrow(
      /^onAliasChanged\("Deployed"\) at Store\/Models:\n {2}- alias is "Not an alias".*\n {2}- target Jobs\/Deploy is in account 111122223333, Region us-east-1, but the store is in account 111122223333, Region eu-central-1; .*through an event bus there/);
  });

  test('is reached through an event bus there', () => {
    const { root, storeStack, store } = app();
    const bus = events.EventBus.fromEventBusArn(storeStack, 'Bus', 'arn:aws:events:us-east-1:111122223333:event-bus/default');
    store.onAliasChanged('Deployed', { target: new targets.EventBus(bus) });
    root.synth();
    Template.fromStack(storeStack).hasResourceProperties('AWS::Events::Rule', { Targets: [{ Arn: bus.eventBusArn }] });
  });

  test('may be in the same Region if environments are unknown, and the error asks for environments', () => {
    const { store, deploy } = app({ region: undefined });
    expect(() => store.onVersionPublished('Published', { target: new targets.LambdaFunction(deploy), models: ['Bad'] })).toThrow(
      /models contains "Bad".*\n {2}- target Jobs\/Deploy is in account 111122223333, Region us-east-1, but the store is in account 111122223333, Region known only at deployment; set "env" with account and Region on both stacks/);
  });
});

import { Match } from 'aws-cdk-lib/assertions';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { SecureModelArtifactStore } from '../../src';
import { templateOf } from '../support/app';

type React = (store: SecureModelArtifactStore) => void;

const ruleOf = (react: React) => templateOf((stack) => react(new SecureModelArtifactStore(stack, 'Models')));

const keys = (...key: unknown[]) => ({
  EventPattern: {
    source: ['aws.s3'], 'detail-type': ['Object Created'], detail: { bucket: { name: [{ Ref: Match.anyValue() }] }, object: { key } },
  },
});

describe('events of a store', () => {
  test('a published version is a manifest that was created', () => {
    ruleOf((store) => store.onVersionPublished('Published')).hasResourceProperties('AWS::Events::Rule',
      keys({ wildcard: 'models/*/versions/*/manifest.json' }));
  });

  test('published versions of some models', () => {
    ruleOf((store) => store.onVersionPublished('Published', { models: ['fraud-*', 'churn'] })).hasResourceProperties('AWS::Events::Rule',
      keys({ wildcard: 'models/fraud-*/versions/*/manifest.json' }, { wildcard: 'models/churn/versions/*/manifest.json' }));
  });

  test('a changed alias is a pointer that was created', () => {
    ruleOf((store) => store.onAliasChanged('Changed')).hasResourceProperties('AWS::Events::Rule', keys({ wildcard: 'models/*/aliases/*.json' }));
  });

  test('one alias of one model is one exact key', () => {
    ruleOf((store) => store.onAliasChanged('Changed', { models: ['churn'], alias: 'production' })).hasResourceProperties('AWS::Events::Rule',
      keys('models/churn/aliases/production.json'));
  });

  test('the target receives the event', () => {
    const template = templateOf((stack) => {
      const store = new SecureModelArtifactStore(stack, 'Models');
      store.onAliasChanged('Changed', { alias: 'production', target: new targets.SqsQueue(new sqs.Queue(stack, 'Queue')) });
    });
    template.hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ Arn: Match.anyValue() })] });
  });

  test.each<[string, React, RegExp]>([
    ['a bad model pattern', (store) => store.onVersionPublished('P', { models: ['Fraud*'] }), /models contains "Fraud\*"; a model pattern is/],
    ['an empty list of models', (store) => store.onAliasChanged('C', { models: [] }), /models is empty/],
    ['a bad alias', (store) => store.onAliasChanged('C', { alias: 'Prod!' }), /alias is "Prod!"; an alias starts with/],
  ])('%s is rejected, with the rule', (_name, react, message) => {
    expect(() => ruleOf(react)).toThrow(message);
  });
});

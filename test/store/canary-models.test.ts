import { type Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EgressAnalytics, SecureModelArtifactStore, type SecureModelArtifactStoreProps, StoreMonitoring } from '../../src';
import { StoreStack } from '../api/fixtures';
import { templateOf } from '../support/app';

const CANARY = 'payments-fraud-v2';

const storeWith = (props: SecureModelArtifactStoreProps): Template =>
  templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', props));
const valuesOf = (template: Template, type: string): any[] => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
const rulesNamed = (template: Template, name: string): any[] => valuesOf(template, 'AWS::Events::Rule').filter(({ Name }) => Name?.endsWith(`-${name}`));
const canaryAlarms = (template: Template): any[] =>
  valuesOf(template, 'AWS::CloudWatch::Alarm').filter(({ MetricName }) => String(MetricName).startsWith('Tampering/Canary/'));
const settingsOf = (template: Template): string =>
  JSON.stringify(valuesOf(template, 'AWS::SSM::Parameter').filter(({ Name }) => Name.endsWith('/audit')).map(({ Value }) => Value));

describe('a store with a canary model', () => {
  const template = storeWith({ audit: { canaryModels: [CANARY] } });

  // [C-13] in docs/compliance.md
  test('has a rule, a metric filter and an alarm for reads of its objects', () => {
    const [rule, ...others] = rulesNamed(template, 'Canaries');
    expect(others).toEqual([]);
    expect(rule.EventPattern.detail.resources.ARN).toEqual([{ prefix: { 'Fn::Join': ['', [expect.anything(), `/models/${CANARY}/`]] } }]);
    const filters = valuesOf(template, 'AWS::Logs::MetricFilter').filter(({ FilterPattern }) => JSON.stringify(FilterPattern).includes(CANARY));
    const alarms = canaryAlarms(template);
    expect(filters.map(({ MetricTransformations: [{ MetricName }] }) => MetricName)).toEqual([alarms[0].MetricName]);
    expect(alarms[0]).toMatchObject({ Threshold: 1, AlarmDescription: expect.stringContaining('#reads-of-a-canary-model') });
  });

  test('names it in the settings of the queries, for Athena and for the command line', () => {
    expect(settingsOf(template)).toContain(`\\"canary_models\\":[\\"${CANARY}\\"]`);
    expect(JSON.stringify(valuesOf(template, 'AWS::Glue::Table').filter(({ TableInput }) => TableInput.Name === 'audit_settings'))).not.toEqual('[]');
  });

  test('has the settings without alarms, too', () => {
    const silent = storeWith({ audit: { canaryModels: [CANARY] }, monitoring: { enabled: false } });
    expect(rulesNamed(silent, 'Canaries')).toEqual([]);
    expect(settingsOf(silent)).toContain(CANARY);
  });
});

test('a store without canary models has nothing for them', () => {
  const template = storeWith({});
  expect(rulesNamed(template, 'Canaries')).toEqual([]);
  expect(settingsOf(template)).not.toContain('canary_models');
  expect(canaryAlarms(template)).toEqual([]);
});

test('a role of a job that reads S3 directly is watched like the store\'s own roles', () => {
  const template = templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', {
    audit: { analytics: { directRoles: [iam.Role.fromRoleName(stack, 'Training', 'training-jobs')] } },
  }));
  const filters = valuesOf(template, 'AWS::Logs::MetricFilter').map(({ FilterPattern }) => JSON.stringify(FilterPattern));
  expect(filters.filter((pattern) => pattern.includes('$.requestParameters.roleName = \\"training-jobs\\"'))).toHaveLength(1);
});

describe('the parts of a store', () => {
  const monitored = (props: object) => {
    const stack = new StoreStack();
    return new StoreMonitoring(stack, 'Monitoring', { artifactBucket: stack.artifactBucket, canaryModels: [CANARY], ...props });
  };

  test('reject canary models whose reads no trail would show', () => {
    expect(() => monitored({})).toThrow(/canaryModels is set, but reads of the models are detected only with auditTrail/);
  });

  test('reject names that no model can have', () => {
    const stack = new StoreStack();
    expect(() => new EgressAnalytics(stack, 'Analytics', {
      artifactBucket: stack.artifactBucket, logArchive: stack.logArchive, canaryModels: ['fraud-*'],
    })).toThrow('canaryModels[0] is "fraud-*", which is not a valid name of a model');
  });
});

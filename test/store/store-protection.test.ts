import { RemovalPolicy } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ApiAuthentication, ApiPermission, SecureModelArtifactStore, type SecureModelArtifactStoreProps, TrailSource,
} from '../../src';
import { templateOf } from '../support/app';

type Resources = { readonly [id: string]: { readonly Type: string; readonly Properties: any } };

function resourcesOf(props?: SecureModelArtifactStoreProps): Resources {
  return templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', props)).toJSON().Resources;
}

function idsOf(resources: Resources, type: string): string[] {
  return Object.entries(resources).filter(([, { Type }]) => Type === type).map(([id]) => id);
}

/** The logical ids that any pattern of a tamper rule refers to. */
function watched(resources: Resources): Set<string> {
  const patterns = JSON.stringify(Object.entries(resources)
    .filter(([id, { Type }]) => Type === 'AWS::Events::Rule' && /Tamper/.test(id)).map(([, { Properties }]) => Properties.EventPattern));
  return new Set([...patterns.matchAll(/"(?:Ref|Fn::GetAtt)":(?:\[)?"(\w+)"/g)].map(([, id]) => id));
}

/** API Gateway writes logs with one role an account, which belongs to no one store. */
const LOGS_OF_EVERY_API = 'ModelsApiLoggingRoleE1104E2B';

test('egress is counted by person for sessions of the store, and by role for all others, regardless of session names', () => {
  const resources = resourcesOf();
  const roles = idsOf(resources, 'AWS::IAM::Role').filter((id) => /SessionRoles\w+SessionRole/.test(id));
  const bodyOf = (rule: string) => JSON.stringify(resources[idsOf(resources, 'AWS::CloudWatch::InsightRule').find((id) => id.includes(rule))!].Properties.RuleBody);
  expect(roles).toHaveLength(3);
  for (const role of roles) {
    expect(bodyOf('EgressByPersonRule')).toContain(role);
    expect(bodyOf('EgressByRoleRule')).toContain(role);
  }
  expect(bodyOf('EgressByPersonRule')).toContain('\\"In\\":[\\"');
  expect(bodyOf('EgressByRoleRule')).toContain('\\"NotIn\\":[\\"');
});

test.each<[string, SecureModelArtifactStoreProps | undefined]>([
  ['retained by default', undefined],
  ['retained, with an inventory', { storage: { inventoryFrequency: s3.InventoryFrequency.WEEKLY } }],
  ['deleted', { retention: { removalPolicy: RemovalPolicy.DESTROY } }],
  ['emptied and deleted', { retention: { emptyOnDestroy: true } }],
])('a bucket keeps the policy that protects it for as long as it exists: %s', (_, props) => {
  const resources = resourcesOf(props) as { [id: string]: { Type: string; DeletionPolicy?: string; Properties: any } };
  const buckets = idsOf(resources, 'AWS::S3::Bucket');
  const policies = idsOf(resources, 'AWS::S3::BucketPolicy').map((id) => resources[id]);
  expect(buckets.length).toBeGreaterThanOrEqual(4);
  for (const id of buckets) {
    const [policy] = policies.filter(({ Properties }) => Properties.Bucket.Ref === id);
    expect([id, policy.DeletionPolicy]).toEqual([id, resources[id].DeletionPolicy]);
  }
});

describe('tampering with a store is watched for', () => {
  const resources = resourcesOf();

  // [C-14] in docs/compliance.md
  test.each([
    ['key', 'AWS::KMS::Key'],
    ['function', 'AWS::Lambda::Function'],
    ['role', 'AWS::IAM::Role'],
    ['managed policy', 'AWS::IAM::ManagedPolicy'],
    ['alarm topic', 'AWS::SNS::Topic'],
    ['API', 'AWS::ApiGateway::RestApi'],
  ])('on every %s', (_, type) => {
    const seen = watched(resources);
    expect(idsOf(resources, type).filter((id) => !seen.has(id) && id !== LOGS_OF_EVERY_API)).toEqual([]);
  });

  test('on a new user pool, and not on an existing one', () => {
    const own = resourcesOf({ authentication: ApiAuthentication.cognito() });
    expect(idsOf(own, 'AWS::Cognito::UserPool').map((id) => watched(own).has(id))).toEqual([true]);
    const given = templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', {
      authentication: ApiAuthentication.cognito({
        userPool: cognito.UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_Example'),
        groups: [{ name: 'all', permissions: [ApiPermission.READ] }],
      }),
    })).toJSON().Resources;
    expect(JSON.stringify(Object.values<any>(given).filter(({ Type }) => Type === 'AWS::Events::Rule'))).not.toContain('eu-central-1_Example');
  });

  test('on every bucket of models and of evidence; the results of queries are copies', () => {
    const seen = watched(resources);
    expect(idsOf(resources, 'AWS::S3::Bucket').filter((id) => !seen.has(id))).toEqual([expect.stringMatching(/^ModelsAnalyticsResultsBucket/)]);
  });

  test('on its trail, by name', () => {
    const [trail] = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudTrail::Trail');
    const rules = JSON.stringify(Object.values(resources).filter(({ Type }) => Type === 'AWS::Events::Rule'));
    expect(rules).toContain(trail.Properties.TrailName);
  });

  test.each([
    ['rule that alarms on egress look at', 'AWS::CloudWatch::InsightRule', 'RuleName'],
    ['parameter that tells where the store and its evidence are', 'AWS::SSM::Parameter', 'Name'],
    ['database that the questions are asked of', 'AWS::Glue::Database', 'DatabaseInput'],
    ['workgroup that they are asked in', 'AWS::Athena::WorkGroup', 'Name'],
  ])('on every %s, by name', (_what, type, property) => {
    const rules = JSON.stringify(Object.values(resources).filter(({ Type }) => Type === 'AWS::Events::Rule'));
    const names: string[] = idsOf(resources, type).map((id) => resources[id].Properties[property]).map((value) => value.Name ?? value);
    expect(names.length).toBeGreaterThan(0);
    const folders = [...rules.matchAll(/\{"prefix":"([^"]+\/)"\}/g)].map(([, folder]) => folder);
    expect(names.filter((name) => !rules.includes(`"${name}"`) && !folders.some((folder) => name.startsWith?.(folder)))).toEqual([]);
  });

  test('on the text of every named query', () => {
    const seen = watched(resources);
    expect(idsOf(resources, 'AWS::Athena::NamedQuery').filter((id) => !seen.has(id))).toEqual([]);
  });

  const tamperAlarms = (props: SecureModelArtifactStoreProps) => (
    idsOf(resourcesOf(props), 'AWS::CloudWatch::Alarm').filter((id) => /MonitoringTamper/.test(id))
  );

  test('in the trail too, if it records management events', () => {
    expect(tamperAlarms({}).length).toBeGreaterThan(5);
    expect(tamperAlarms({ audit: { managementEvents: cloudtrail.ReadWriteType.NONE } }).length).toBeLessThan(tamperAlarms({}).length);
    expect(tamperAlarms({ audit: { trail: TrailSource.none() } })).toEqual([]);
  });

  test('unless it is disabled', () => {
    expect(watched(resourcesOf({ monitoring: { tampering: { enabled: false } } }))).toEqual(new Set());
  });
});

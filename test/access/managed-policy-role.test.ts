import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Principals } from './support/principals';
import { StoreParts } from './support/store';
import { StoreGrants } from '../../src/access/grants';
import { ManagedPolicyRole } from '../../src/access/managed-policy-role';
import { deployed } from '../storage/support/policies';
import { unacknowledgedFindings } from '../support/findings';

const MODELS = (count: number) => Array.from({ length: count }, (_, index) => `business-unit-${String(index).padStart(3, '0')}-*`);

function roleFor(models: string[]) {
  const store = new StoreParts();
  const role = new ManagedPolicyRole(store, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  new StoreGrants({ artifactBucket: store.artifactBucket, api: store.api }).directRead(role, models);
  return { store, role };
}

describe('a role with many permissions', () => {
  const { store, role } = roleFor(MODELS(30));
  const template = Template.fromStack(store);
  const policies = Object.values<any>(template.findResources('AWS::IAM::ManagedPolicy')).map(({ Properties }) => deployed(template, Properties.PolicyDocument));

  test('has several managed policies, each within the size limit of IAM', () => {
    expect(policies.length).toBeGreaterThan(2);
    for (const policy of policies) {
      expect(JSON.stringify(policy).length).toBeLessThan(6_144);
    }
  });

  test('has no inline policy, and no finding', () => {
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(unacknowledgedFindings(store)).toEqual([]);
  });

  test('still has every permission', () => {
    const principals = new Principals(store);
    const bucketArn = principals.resolve(store.artifactBucket.bucket.bucketArn);
    for (const model of MODELS(30).map((pattern) => pattern.replace('*', 'x'))) {
      expect(principals.may(role, 's3:GetObject', `${bucketArn}/models/${model}/blobs/sha256/${'a'.repeat(64)}`)).toBe(true);
      expect(principals.may(role, 'execute-api:Invoke',
        `arn:aws:execute-api:eu-central-1:111122223333:abcde12345/v1/POST/models/${model}/versions/1/links`)).toBe(true);
    }
    expect(principals.may(role, 's3:GetObject', `${bucketArn}/models/business-unit-030-x/blobs/sha256/a`)).toBe(false);
  });
});

test('a role with few permissions has one policy, whose logical id never changes', () => {
  const { store } = roleFor(['churn']);
  expect(Object.keys(Template.fromStack(store).findResources('AWS::IAM::ManagedPolicy'))).toEqual(['RolePermissionsCC50D002']);
});

test('more than ten policies do not fit onto a role, which is reported at synthesis', () => {
  expect(() => roleFor(MODELS(400))).toThrow(
    'the permissions of Store/Role do not fit into 10 managed policies, the most that a role can have; '
      + 'name fewer models, or give the models a common prefix and grant that, such as "fraud-*"');
});

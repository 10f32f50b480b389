import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ApiAuthentication, ApiLogging, ArtifactBucket, LogArchive, SecureModelArtifactStore, type SecureModelArtifactStoreProps,
} from '../../src';
import { testStack } from '../support/app';

interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: string[];
}

type Resources = { readonly [id: string]: Resource };

const EMPTIER_ROLE = { 'Fn::GetAtt': ['CustomS3AutoDeleteObjectsCustomResourceProviderRole3B1BD092', 'Arn'] };

function stackWith(props: SecureModelArtifactStoreProps | ((stack: Stack) => SecureModelArtifactStoreProps)): Stack {
  const stack = testStack();
  new SecureModelArtifactStore(stack, 'Models', typeof props === 'function' ? props(stack) : props);
  return stack;
}

function resourcesOf(props: SecureModelArtifactStoreProps): Resources {
  return Template.fromStack(stackWith(props)).toJSON().Resources;
}

function ofType(resources: Resources, type: string): Resources {
  return Object.fromEntries(Object.entries(resources).filter(([, { Type }]) => Type === type));
}

function statementsOf(policies: Resources): any[] {
  return Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

const list = (value: string | string[]) => [value].flat();

describe('a sandbox store', () => {
  const resources = resourcesOf({
    retention: { emptyOnDestroy: true }, storage: { inventoryFrequency: s3.InventoryFrequency.WEEKLY }, authentication: ApiAuthentication.cognito(),
  });
  const buckets = ofType(resources, 'AWS::S3::Bucket');
  const policies = ofType(resources, 'AWS::S3::BucketPolicy');

  test('retains no resource when the stack is deleted', () => {
    expect(Object.entries(resources).filter(([, { DeletionPolicy }]) => /Retain|Snapshot/.test(DeletionPolicy ?? '')).map(([id]) => id)).toEqual([]);
    for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::Cognito::UserPool']) {
      const policiesOfType = Object.values(ofType(resources, type)).map(({ DeletionPolicy }) => DeletionPolicy);
      expect([type, new Set(policiesOfType)]).toEqual([type, new Set(['Delete'])]);
    }
  });

  test('empties each of its buckets before it is deleted, while the policy still allows it', () => {
    const emptied = Object.values(ofType(resources, 'Custom::S3AutoDeleteObjects'));
    expect(emptied.map(({ Properties }) => Properties.BucketName.Ref).sort()).toEqual(Object.keys(buckets).sort());
    expect(Object.keys(buckets)).toHaveLength(5);
    for (const { Properties, DependsOn } of emptied) {
      const [policyId] = Object.entries(policies).find(([, policy]) => policy.Properties.Bucket.Ref === Properties.BucketName.Ref)!;
      expect(DependsOn).toContain(policyId);
    }
  });

  test('lets only one role delete, by its exact ARN, and the root user of the account', () => {
    const denies = statementsOf(policies).filter(({ Sid }) => Sid === 'DenyDeletionButByAdministrators');
    expect(denies).toHaveLength(4);
    for (const { Condition } of denies) {
      const [root, ...others] = Condition.ArnNotLike['aws:PrincipalArn'];
      expect(JSON.stringify(root)).toMatch(/:root"/);
      expect(others).toEqual([EMPTIER_ROLE]);
    }
  });

  test('has no policy that allows anyone else to delete an object', () => {
    const mayDelete = (statement: any) => statement.Effect === 'Allow' && list(statement.Action).some((action) => /^s3:(\*|Delete)/.test(action));
    const inBuckets = statementsOf(policies).filter(mayDelete);
    expect(inBuckets).toHaveLength(5);
    expect(inBuckets.map(({ Principal }) => Principal)).toEqual(Array(5).fill({ AWS: EMPTIER_ROLE }));
    expect(statementsOf({ ...ofType(resources, 'AWS::IAM::ManagedPolicy'), ...ofType(resources, 'AWS::IAM::Policy') }).filter(mayDelete)).toEqual([]);
  });

  test('deletes every key after the shortest period that KMS allows', () => {
    const waits = Object.values(ofType(resources, 'AWS::KMS::Key')).map(({ Properties }) => Properties.PendingWindowInDays);
    expect(waits.length).toBeGreaterThan(6);
    expect(new Set(waits)).toEqual(new Set([7]));
  });

  test('changes no setting of the account', () => {
    expect(ofType(resources, 'Custom::ApiGatewayLoggingRole')).toEqual({});
    expect(ofType(resources, 'AWS::ApiGateway::Account')).toEqual({});
  });

  test('does not protect its user pool from deletion, unlike other stores', () => {
    const protection = (all: Resources) => Object.values(ofType(all, 'AWS::Cognito::UserPool')).map(({ Properties }) => Properties.DeletionProtection);
    expect(protection(resources)).toEqual(['INACTIVE']);
    expect(protection(resourcesOf({ authentication: ApiAuthentication.cognito() }))).toEqual(['ACTIVE']);
  });

  test('has the function that empties buckets log only to a log group of the stack', () => {
    const [{ Properties: { LoggingConfig } }] = Object.entries(ofType(resources, 'AWS::Lambda::Function'))
      .filter(([id]) => id.startsWith('CustomS3AutoDelete')).map(([, resource]) => resource);
    expect(ofType(resources, 'AWS::Logs::LogGroup')[LoggingConfig.LogGroup.Ref].DeletionPolicy).toBe('Delete');
    const [role] = Object.entries(ofType(resources, 'AWS::IAM::Role')).filter(([id]) => id.startsWith('CustomS3AutoDelete')).map(([, resource]) => resource);
    expect(role.Properties.Policies[0].PolicyDocument.Statement).toEqual([{ Effect: 'Deny', Action: 'logs:CreateLogGroup', Resource: '*' }]);
  });

  test('warns', () => {
    Annotations.fromStack(stackWith({ retention: { emptyOnDestroy: true } })).hasWarning('/Test/Models',
      Match.stringLikeRegexp('every model and every log is permanently deleted.*SecureModelArtifactStore::EverythingIsDestroyed'));
  });

  test('still accepts administrators, and the logging role of the account, if they are named', () => {
    const arn = 'arn:aws:iam::111122223333:role/Sweeper';
    const named = resourcesOf({
      retention: { emptyOnDestroy: true, removalPolicy: RemovalPolicy.DESTROY }, access: { administrators: [new iam.ArnPrincipal(arn)] },
      audit: { apiLogging: ApiLogging.EXISTING_ROLE },
    });
    expect(JSON.stringify(statementsOf(ofType(named, 'AWS::S3::BucketPolicy')))).toContain(JSON.stringify([arn, EMPTIER_ROLE]).slice(1, -1));
    expect(JSON.stringify(ofType(named, 'AWS::ApiGateway::Stage'))).toContain('"LoggingLevel":"ERROR"');
  });
});

describe('a sandbox is rejected', () => {
  const day = Duration.days(1);
  test.each<[string, (stack: Stack) => SecureModelArtifactStoreProps, RegExp]>([
    ['with a policy that keeps', () => ({ retention: { removalPolicy: RemovalPolicy.RETAIN } }), /but retention.removalPolicy is retain/],
    ['with locked models', () => ({ retention: { modelObjectLock: s3.ObjectLockRetention.compliance(day) } }), /but retention.modelObjectLock locks models/],
    ['with locked logs', () => ({ retention: { logObjectLock: s3.ObjectLockRetention.governance(day) } }), /but retention.logObjectLock locks logs/],
    ['with a bucket that exists', (stack) => ({
      artifactBucket: ArtifactBucket.fromArtifactBucketAttributes(stack, 'Existing', { bucketName: 'acme-models' }),
    }), /but artifactBucket is an existing bucket/],
    ['with an archive that exists', (stack) => ({ audit: { logArchive: new LogArchive(stack, 'Archive') } }), /but audit.logArchive is an existing log archive/],
    ['with a perimeter', () => ({ network: { perimeter: { cidrs: ['203.0.113.0/24'] } } }), /but network.perimeter excludes the function/],
    ['with a setting of the account that stays', () => ({ audit: { apiLogging: ApiLogging.SET_ROLE_IF_NONE } }), /but audit.apiLogging is SET_ROLE_IF_NONE/],
  ])('%s', (_, props, message) => {
    expect(() => stackWith((stack) => {
      const { retention, ...rest } = props(stack);
      return { ...rest, retention: { ...retention, emptyOnDestroy: true } };
    })).toThrow(message);
  });

  test('with all problems at once', () => {
    expect(() => stackWith({
      retention: { emptyOnDestroy: true, removalPolicy: RemovalPolicy.RETAIN }, network: { perimeter: { cidrs: ['203.0.113.0/24'] } },
    })).toThrow(/removalPolicy(.|\n)*network.perimeter/);
  });
});

test('a store that is not a sandbox has no function or role that can delete', () => {
  const resources = resourcesOf({ retention: { emptyOnDestroy: false } });
  expect(resources).toEqual(resourcesOf({}));
  expect(JSON.stringify(resources)).not.toMatch(/AutoDelete|s3:DeleteObject\*/);
  expect(Object.values(ofType(resources, 'AWS::KMS::Key')).filter(({ Properties }) => 'PendingWindowInDays' in Properties)).toEqual([]);
});

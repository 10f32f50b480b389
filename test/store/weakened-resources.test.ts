import { App, Aspects, CfnResource, Mixin, Mixins, PropertyInjectors, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { SecureModelArtifactStore } from '../../src';

type Way = (app: App) => void;

/** The defaults of a platform team for every construct in its apps. */
function injector(constructUniqueId: string, changes: object): Way {
  return (app) => PropertyInjectors.of(app).add({
    constructUniqueId, inject: (props: object) => ({ ...props, ...changes }),
  });
}

const aspect = <T extends IConstruct>(is: (node: IConstruct) => node is T, change: (node: T) => void): Way =>
  (app) => Aspects.of(app).add({ visit: (node) => { if (is(node)) change(node); } });

function mixin<T extends IConstruct>(is: (node: IConstruct) => node is T, change: (node: T) => void): Way {
  class Changing extends Mixin {
    public supports(construct: IConstruct): boolean {
      return is(construct);
    }

    public applyTo(construct: IConstruct): void {
      change(construct as T);
    }
  }
  return (app) => Mixins.of(app).apply(new Changing());
}

const isBucket = (node: IConstruct): node is s3.CfnBucket => node instanceof s3.CfnBucket;
const isResource = (type: string) => (node: IConstruct): node is CfnResource =>
  CfnResource.isCfnResource(node) && node.cfnResourceType === type;

/** The errors of a store if the organization applies this before the store is created, or after it. */
function errorsOf(way: Way, when: 'before' | 'after' = 'before'): string {
  const app = new App();
  if (when === 'before') way(app);
  try {
    new SecureModelArtifactStore(new Stack(app, 'Test'), 'Models');
    if (when === 'after') way(app);
    app.synth();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('organization-wide defaults that weaken a store are reported', () => {
  test.each<[string, Way, RegExp]>([
    ['buckets without versions', injector(s3.Bucket.PROPERTY_INJECTION_ID, { versioned: false }),
      /Models\/Artifacts\/Bucket\/Resource \(AWS::S3::Bucket\): versioning must be enabled/],
    ['buckets with another encryption', injector(s3.Bucket.PROPERTY_INJECTION_ID, {
      encryption: s3.BucketEncryption.S3_MANAGED, encryptionKey: undefined, bucketKeyEnabled: undefined,
    }), /Models\/Artifacts\/Bucket\/Resource \(AWS::S3::Bucket\): the default encryption must be aws:kms/],
    ['public buckets', injector(s3.Bucket.PROPERTY_INJECTION_ID, { blockPublicAccess: undefined }),
      /BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets of PublicAccessBlockConfiguration must be true/],
    ['buckets with access control lists', injector(s3.Bucket.PROPERTY_INJECTION_ID, { objectOwnership: s3.ObjectOwnership.OBJECT_WRITER }),
      /ObjectOwnership must be BucketOwnerEnforced/],
    ['buckets that are deleted with the stack', injector(s3.Bucket.PROPERTY_INJECTION_ID, { removalPolicy: RemovalPolicy.DESTROY }),
      /Models\/LogArchive\/TrailBucket\/\S+ \(AWS::S3::Bucket\): it is deleted with the stack, but the removal policy is RETAIN/],
    ['keys without rotation', injector(kms.Key.PROPERTY_INJECTION_ID, { enableKeyRotation: false, rotationPeriod: undefined }),
      /\(AWS::KMS::Key\): key rotation must be enabled/],
    ['keys for everyone', injector(kms.Key.PROPERTY_INJECTION_ID, {
      policy: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({ principals: [new iam.StarPrincipal()], actions: ['kms:*'], resources: ['*'] })],
      }),
    }), /\(AWS::KMS::Key\): a statement allows everyone access/],
    ['roles for everyone', injector(iam.Role.PROPERTY_INJECTION_ID, { assumedBy: new iam.AnyPrincipal() }),
      /Models\/SessionRoles\/UploadSessionRole\/Resource \(AWS::IAM::Role\): a statement allows everyone access/],
    ['roles for the account', injector(iam.Role.PROPERTY_INJECTION_ID, { assumedBy: new iam.AccountRootPrincipal() }),
      /Models\/SessionRoles\/UploadSessionRole\/Resource \(AWS::IAM::Role\): its trust policy allows principals that the store does not need/],
    ['roles with a managed policy', injector(iam.Role.PROPERTY_INJECTION_ID, {
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')],
    }), /\(AWS::IAM::Role\): it has an AWS managed policy that the store does not attach/],
    ['functions that load additional code', injector(lambda.Function.PROPERTY_INJECTION_ID, {
      environment: { NODE_OPTIONS: '--require /opt/agent.js' },
    }), /\(AWS::Lambda::Function\): NODE_OPTIONS can load other code/],
  ])('%s', (_, way, expected) => {
    const message = errorsOf(way);
    expect(message).toMatch(expected);
    expect(message).toContain('exclude the store from it');
  });
});

describe('organization-wide aspects and mixins that weaken a store are reported', () => {
  const suspend = (bucket: s3.CfnBucket) => { bucket.versioningConfiguration = { status: 'Suspended' }; };
  const expire = (bucket: s3.CfnBucket) => {
    bucket.lifecycleConfiguration = { rules: [{ status: 'Enabled', expirationInDays: 30 }] };
  };

  test.each<[string, Way, RegExp]>([
    ['an aspect that suspends versions', aspect(isBucket, suspend), /versioning must be enabled/],
    ['a mixin that suspends versions', mixin(isBucket, suspend), /versioning must be enabled/],
    ['an aspect that deletes old models', aspect(isBucket, expire),
      /Models\/Artifacts\/Bucket\/Resource \(AWS::S3::Bucket\): a lifecycle rule deletes current objects/],
    ['a mixin that deletes old models', mixin(isBucket, expire), /a lifecycle rule deletes current objects/],
    ['an aspect that removes bucket policy statements', aspect(isResource('AWS::S3::BucketPolicy'), (policy) => {
      policy.addPropertyOverride('PolicyDocument.Statement', []);
    }), /\(AWS::S3::BucketPolicy\): the statement DenyPlainHttp is missing or changed/],
    ['an aspect that disables validation of the trail', aspect(isResource('AWS::CloudTrail::Trail'), (trail) => {
      (trail as cloudtrail.CfnTrail).enableLogFileValidation = false;
    }), /\(AWS::CloudTrail::Trail\): log file validation is disabled/],
    ['an aspect that stops the trail', aspect(isResource('AWS::CloudTrail::Trail'), (trail) => {
      (trail as cloudtrail.CfnTrail).isLogging = false;
    }), /\(AWS::CloudTrail::Trail\): the trail does not record/],
    ['an aspect that adds a layer', aspect(isResource('AWS::Lambda::Function'), (fn) => {
      fn.addPropertyOverride('Layers', ['arn:aws:lambda:eu-central-1:464622532012:layer:Datadog-Node24-x:1']);
    }), /\(AWS::Lambda::Function\): a layer runs code in the function, with its permissions/],
    ['an aspect that leaves log groups without a key', aspect(isResource('AWS::Logs::LogGroup'), (group) => {
      group.addPropertyDeletionOverride('KmsKeyId');
    }), /\(AWS::Logs::LogGroup\): it is not encrypted with a customer managed key/],
    ['an aspect that silences alarms', aspect(isResource('AWS::CloudWatch::Alarm'), (alarm) => {
      alarm.addPropertyOverride('ActionsEnabled', false);
    }), /\(AWS::CloudWatch::Alarm\): it notifies no one/],
    ['an aspect that disables rules', aspect(isResource('AWS::Events::Rule'), (rule) => {
      rule.addPropertyOverride('State', 'DISABLED');
    }), /\(AWS::Events::Rule\): the rule is disabled/],
  ])('%s', (_, way, expected) => {
    expect(errorsOf(way, 'after')).toMatch(expected);
  });
});

test('the recommended CDK feature flags, which merge statements, are accepted', () => {
  expect(errorsOf((app) => {
    app.node.setContext('@aws-cdk/aws-iam:minimizePolicies', true);
    app.node.setContext('@aws-cdk/core:enablePartitionLiterals', true);
  })).toBe('');
});

test('defaults and aspects that weaken nothing are accepted', () => {
  expect(errorsOf((app) => {
    injector(lambda.Function.PROPERTY_INJECTION_ID, { loggingFormat: lambda.LoggingFormat.JSON })(app);
    injector(kms.Key.PROPERTY_INJECTION_ID, { pendingWindow: undefined })(app);
    aspect(isResource('AWS::IAM::Role'), (role) => {
      (role as iam.CfnRole).permissionsBoundary = 'arn:aws:iam::111122223333:policy/Boundary';
    })(app);
  })).toBe('');
});

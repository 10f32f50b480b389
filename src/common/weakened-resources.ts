import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** What is particular to the resources of one part. */
export interface IntendedProtection {
  /** Of buckets and keys. */
  readonly removalPolicy?: RemovalPolicy;
  /** Buckets that S3 delivers its access logs to, which support no KMS key. */
  readonly sseS3Buckets?: readonly s3.IBucket[];
  /** Buckets whose current objects never expire. */
  readonly permanentBuckets?: readonly s3.IBucket[];
  /** The only principal that each role trusts. */
  readonly trust?: ReadonlyArray<readonly [role: iam.IRole, principal: iam.IPrincipal]>;
}

/**
 * Fails the synthesis if an aspect, a mixin or a property injector of the app weakened a resource below `scope`. They
 * apply to every construct of the app, so they change the store's resources without anyone deciding to.
 */
export function refuseWeakening(scope: Construct, intended: IntendedProtection = {}): void {
  scope.node.addValidation({
    validate: () => scope.node.findAll().filter(CfnResource.isCfnResource).flatMap((resource) => {
      const check = CHECKS[resource.cfnResourceType];
      return check === undefined ? [] : check(rendered(resource), resource, intended).map((problem) =>
        `${resource.node.path} (${resource.cfnResourceType}): ${problem}. An aspect, a mixin or a property injector of `
        + 'the app changed this resource of the store; exclude the store from it');
    }),
  });
}

/* eslint-disable @typescript-eslint/no-explicit-any -- a template has no types */

type Check = (template: any, resource: CfnResource, intended: IntendedProtection) => string[];

const CHECKS: { readonly [type: string]: Check | undefined } = {
  'AWS::S3::Bucket': checkBucket,
  'AWS::S3::BucketPolicy': checkBucketPolicy,
  'AWS::KMS::Key': checkKey,
  'AWS::IAM::Role': checkRole,
  'AWS::Lambda::Function': ({ Properties }) => [
    ...Properties.Layers?.length > 0 ? ['a layer runs code in the function, with its permissions'] : [],
    ...Properties.Environment?.Variables?.NODE_OPTIONS === undefined ? [] : ['NODE_OPTIONS can load other code'],
  ],
  'AWS::CloudTrail::Trail': ({ Properties }) => [
    ...Properties.IsLogging === true ? [] : ['the trail does not record'],
    ...Properties.EnableLogFileValidation === true ? [] : ['log file validation is disabled'],
    ...Properties.AdvancedEventSelectors?.length > 0 ? [] : ['the trail records no data events'],
  ],
  'AWS::Logs::LogGroup': ({ Properties }) =>
    Properties?.KmsKeyId === undefined ? ['it is not encrypted with a customer managed key'] : [],
  'AWS::CloudWatch::Alarm': ({ Properties }) => Properties.ActionsEnabled === false ? ['it notifies no one'] : [],
  'AWS::Events::Rule': ({ Properties }) => Properties.State === 'DISABLED' ? ['the rule is disabled'] : [],
};

function checkBucket(
  { Properties, DeletionPolicy }: any, resource: CfnResource, intended: IntendedProtection,
): string[] {
  const is = (buckets: readonly s3.IBucket[] = []) => buckets.some(({ node }) => node.defaultChild === resource);
  const access = Properties.PublicAccessBlockConfiguration ?? {};
  const open = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets']
    .filter((name) => access[name] !== true);
  const algorithm = is(intended.sseS3Buckets) ? 'AES256' : 'aws:kms';
  const [rule] = Properties.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
  const encryption = rule?.ServerSideEncryptionByDefault;
  const expires = (Properties.LifecycleConfiguration?.Rules ?? [])
    .some(({ ExpirationInDays: days, ExpirationDate: date }: any) => days !== undefined || date !== undefined);
  return [
    ...open.length > 0 ? [`${open.join(', ')} of PublicAccessBlockConfiguration must be true`] : [],
    ...Properties.VersioningConfiguration?.Status === 'Enabled' ? [] : ['versioning must be enabled'],
    ...encryption?.SSEAlgorithm === algorithm ? [] : [`the default encryption must be ${algorithm}`],
    ...algorithm === 'aws:kms' && encryption?.KMSMasterKeyID === undefined
      ? ['the default encryption needs a key'] : [],
    ...Properties.OwnershipControls?.Rules?.[0]?.ObjectOwnership === 'BucketOwnerEnforced' ? []
      : ['ObjectOwnership must be BucketOwnerEnforced'],
    ...Properties.WebsiteConfiguration === undefined ? [] : ['it must not be a website'],
    ...expires && is(intended.permanentBuckets) ? ['a lifecycle rule deletes current objects'] : [],
    ...deletionProblems(DeletionPolicy, intended),
  ];
}

function checkBucketPolicy({ Properties }: any, resource: CfnResource): string[] {
  const statements: any[] = Properties.PolicyDocument?.Statement ?? [];
  const { document } = resource.node.scope as s3.BucketPolicy;
  // Resolved as a whole, because feature flags can merge and sort statements and actions.
  const intended: any[] = Stack.of(resource).resolve(document)?.Statement ?? [];
  const kept = new Set(statements.map((statement) => JSON.stringify(statement)));
  const removed = intended.filter((statement) => statement.Effect === 'Deny' && !kept.has(JSON.stringify(statement)));
  return [
    ...removed.map(({ Sid }) => `the statement ${Sid} is missing or changed`),
    ...openStatements(statements),
  ];
}

function checkKey({ Properties, DeletionPolicy }: any, _resource: CfnResource, intended: IntendedProtection): string[] {
  const symmetric = Properties.KeySpec === undefined || Properties.KeySpec === 'SYMMETRIC_DEFAULT';
  return [
    ...symmetric && Properties.EnableKeyRotation !== true ? ['key rotation must be enabled'] : [],
    ...Properties.Enabled === false ? ['the key is disabled'] : [],
    ...openStatements(Properties.KeyPolicy?.Statement ?? []),
    ...deletionProblems(DeletionPolicy, intended),
  ];
}

function checkRole({ Properties }: any, resource: CfnResource, { trust = [] }: IntendedProtection): string[] {
  const statements: any[] = Properties.AssumeRolePolicyDocument?.Statement ?? [];
  const trusted = trust.find(([role]) => role.node.defaultChild === resource)?.[1];
  const expected = trusted && new iam.PolicyStatement({ principals: [trusted] }).toStatementJson().Principal;
  const principal = expected && JSON.stringify(Stack.of(resource).resolve(expected));
  const others = principal === undefined ? []
    : statements.filter(({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal) !== principal);
  const managed = (Properties.ManagedPolicyArns ?? []).map((arn: unknown) => JSON.stringify(arn))
    .filter((arn: string) => arn.includes(':iam::aws:policy/'));
  return [
    ...openStatements(statements),
    ...others.length > 0 ? ['its trust policy allows principals that the store does not need'] : [],
    ...managed.length > 0 ? [`it has an AWS managed policy that the store does not attach: ${managed.join(', ')}`] : [],
  ];
}

function openStatements(statements: readonly any[]): string[] {
  const isOpen = ({ Effect, Principal, Condition }: any) => Effect === 'Allow' && Condition === undefined
    && (Principal === '*' || [Principal?.AWS ?? []].flat().includes('*'));
  return statements.some(isOpen) ? ['a statement allows everyone access'] : [];
}

function deletionProblems(deletionPolicy: string | undefined, { removalPolicy }: IntendedProtection): string[] {
  return removalPolicy === RemovalPolicy.DESTROY || deletionPolicy?.startsWith('Retain') ? []
    : ['it is deleted with the stack, but the removal policy is RETAIN'];
}

function rendered(resource: CfnResource): any {
  const { Resources } = Stack.of(resource).resolve(resource._toCloudFormation()) as { Resources: object };
  return Object.values(Resources)[0];
}

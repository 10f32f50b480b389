import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ILogArchive, LogArchive, ManagedPolicyRole } from '../../src';

/** The deployment scripts, and the artifacts that pipeline steps pass on. It never contains a model. */
export class ScriptsBucket extends Construct {
  public readonly bucket: s3.Bucket;
  public readonly encryptionKey: kms.Key;

  constructor(scope: Construct, id: string, { logArchive }: { readonly logArchive: ILogArchive }) {
    super(scope, id);
    this.encryptionKey = new kms.Key(this, 'Key', { description: 'Deployment scripts', enableKeyRotation: true });
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(365) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    (this.bucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
      destinationBucketName: logArchive.accessLogBucket.bucketName, logFilePrefix: 'scripts/',
    };
    (logArchive as LogArchive).acceptAccessLogs(this.bucket.bucketName, 'scripts/');
    for (const pack of ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321']) {
      Validations.of(this.bucket).acknowledge({
        id: `${pack}-S3BucketReplicationEnabled`, reason: 'The scripts come from a repository, and can be put here again.',
      });
    }
    Validations.of(this.bucket).acknowledge({
      id: 'NIST.800.53.R4-S3BucketDefaultLockEnabled', reason: 'Each release replaces the scripts; previous versions are kept for a year.',
    });
  }

  /** Allows a step to read the scripts. */
  public grant(role: ManagedPolicyRole, ...actions: string[]): void {
    const objects = this.bucket.arnForObjects('*');
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources: [objects] }));
    role.explainWildcards([objects], 'CodePipeline chooses the names of what it hands on.');
    // Required by CodePipeline and CodeBuild: https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['s3:GetBucketVersioning', 's3:GetBucketAcl', 's3:GetBucketLocation'], resources: [this.bucket.bucketArn],
    }));
    this.encryptionKey.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}

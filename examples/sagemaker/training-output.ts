import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ILogArchive, LogArchive, ManagedPolicyRole } from '../../src';

const KEPT_ELSEWHERE = 'Models are published to the store; everything else expires.';

/**
 * The bucket for the output of training jobs, which every job needs, until it is published through the store.
 */
export class TrainingOutput extends Construct {
  public readonly bucket: s3.Bucket;
  private readonly encryptionKey: kms.Key;

  constructor(scope: Construct, id: string, { logArchive }: { readonly logArchive: ILogArchive }) {
    super(scope, id);
    this.encryptionKey = new kms.Key(this, 'Key', { description: 'Output of training jobs', enableKeyRotation: true });
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ expiration: Duration.days(30), noncurrentVersionExpiration: Duration.days(7) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    (this.bucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
      destinationBucketName: logArchive.accessLogBucket.bucketName, logFilePrefix: 'training-output/',
    };
    (logArchive as LogArchive).acceptAccessLogs(this.bucket.bucketName, 'training-output/');
    for (const pack of ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321']) {
      Validations.of(this.bucket).acknowledge({
        id: `${pack}-S3BucketReplicationEnabled`, reason: KEPT_ELSEWHERE,
      });
    }
    Validations.of(this.bucket).acknowledge({
      id: 'NIST.800.53.R4-S3BucketDefaultLockEnabled', reason: KEPT_ELSEWHERE,
    });
  }

  /** Allows training jobs to write their output here, and the publisher to read it. */
  public grant(role: ManagedPolicyRole): void {
    const objects = this.bucket.arnForObjects('*');
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['s3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload'], resources: [objects],
    }));
    role.explainWildcards([objects], 'SageMaker names the output by the job.');
    this.encryptionKey.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}

import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SecureModelArtifactStore } from '../../src';

/** A complete model store, with every setting at its default. */
export class QuickstartStack extends Stack {
  public readonly store: SecureModelArtifactStore;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.store = new SecureModelArtifactStore(this, 'Models');

    new CfnOutput(this, 'StoreUrl', { value: this.store.url! });
    new CfnOutput(this, 'BucketName', { value: this.store.artifactBucket.bucket.bucketName });
    new CfnOutput(this, 'DataScientistRoleArn', { value: this.store.dataScientistRole.roleArn });
    new CfnOutput(this, 'PipelineRoleArn', { value: this.store.pipelineRole.roleArn });
    new CfnOutput(this, 'AuditorRoleArn', { value: this.store.auditorRole.roleArn });
  }
}

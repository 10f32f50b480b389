import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SecureModelArtifactStore } from '../../src';

/** A whole model store, with every setting at its default. */
export class QuickstartStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const store = new SecureModelArtifactStore(this, 'Models');

    new CfnOutput(this, 'StoreUrl', { value: store.url! });
    new CfnOutput(this, 'BucketName', { value: store.artifactBucket.bucket.bucketName });
    new CfnOutput(this, 'DataScientistRoleArn', { value: store.roles.dataScientist.roleArn });
    new CfnOutput(this, 'PipelineRoleArn', { value: store.roles.pipeline.roleArn });
    new CfnOutput(this, 'AuditorRoleArn', { value: store.roles.auditor.roleArn });
  }
}

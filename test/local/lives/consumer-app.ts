import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SecureModelArtifactStore } from '../../../src';

// An app in another repository that knows only the name of a store.
const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'LivesConsumer', { synthesizer: new CliCredentialsStackSynthesizer() });
const store = SecureModelArtifactStore.fromStoreName(stack, 'Store', 'sandbox');
const job = new iam.Role(stack, 'Job', { assumedBy: new iam.AccountRootPrincipal() });
store.grantPush(job, ['fraud-*']);
store.grantDirectRead(job, ['fraud-*']);
store.onVersionPublished('Published', { models: ['fraud-*'] });
new CfnOutput(stack, 'JobRoleArn', { value: job.roleArn });
new CfnOutput(stack, 'StoreUrl', { value: store.url! });
new CfnOutput(stack, 'BucketName', { value: store.artifactBucket.bucket.bucketName });
app.synth();

import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { ApiAuthentication, ApiPermission, SecureModelArtifactStore } from '../../../src';

// A second store, whose callers sign in to a user pool. Only its groups differ from the defaults.
// The name of its stack is the argument.
const { READ, UPLOAD, DOWNLOAD, PROMOTE } = ApiPermission;
const app = new App({ analyticsReporting: false });
const stack = new Stack(app, process.argv[2], { synthesizer: new CliCredentialsStackSynthesizer() });
const store = new SecureModelArtifactStore(stack, 'Models', {
  authentication: ApiAuthentication.cognito({
    groups: [
      { name: 'data-scientists', permissions: [READ, UPLOAD, DOWNLOAD] },
      { name: 'fraud-team', permissions: [READ, UPLOAD, DOWNLOAD], models: ['fraud-*'] },
      { name: 'weather-team', permissions: [READ, UPLOAD, DOWNLOAD], models: ['weather'] },
      { name: 'churn-promoters', permissions: [PROMOTE], models: ['churn'] },
      { name: 'weather-promoters', permissions: [PROMOTE], models: ['weather'] },
      { name: 'pipelines', permissions: [READ, DOWNLOAD, PROMOTE] },
      { name: 'auditors', permissions: [READ] },
    ],
  }),
});
new CfnOutput(stack, 'StoreUrl', { value: store.url! });
new CfnOutput(stack, 'BucketName', { value: store.artifactBucket.bucket.bucketName });
new CfnOutput(stack, 'UserPoolId', { value: store._api!.userPool!.userPoolId });
new CfnOutput(stack, 'UserPoolClientId', { value: store._api!.userPoolClient!.userPoolClientId });
app.synth();

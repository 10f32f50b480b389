import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { SecureModelArtifactStore, type SecureModelArtifactStoreProps } from '../../../src';

// Two more stores for an account and Region with an existing one: a sandbox, and one for another team.
const app = new App({ analyticsReporting: false });
const storeIn = (stackName: string, props: SecureModelArtifactStoreProps) => {
  const stack = new Stack(app, stackName, { synthesizer: new CliCredentialsStackSynthesizer() });
  const store = new SecureModelArtifactStore(stack, 'Models', props);
  new CfnOutput(stack, 'StoreUrl', { value: store.url! });
  new CfnOutput(stack, 'PipelineRoleArn', { value: store.pipelineRole.roleArn });
  new CfnOutput(stack, 'TrailBucket', { value: store.logArchive!.trailBucket.bucketName });
  new CfnOutput(stack, 'AccessLogBucket', { value: store.logArchive!.accessLogBucket.bucketName });
};
storeIn('LivesSandbox', { storeName: 'sandbox', retention: { emptyOnDestroy: true } });
storeIn('LivesTeam', { storeName: 'team-store' });
app.synth();

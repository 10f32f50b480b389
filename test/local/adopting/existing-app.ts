import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { ArtifactBucket, LogArchive, SecureModelArtifactStore } from '../../../src';

// A store on a bucket and a key that were there before it. What the store has in common with any other is left out.
const [bucketName, encryptionKeyArn] = process.argv.slice(2);
const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'ExistingBucketStore', { synthesizer: new CliCredentialsStackSynthesizer() });
const store = new SecureModelArtifactStore(stack, 'Models', {
  artifactBucket: ArtifactBucket.fromArtifactBucketAttributes(stack, 'Existing', { bucketName, encryptionKeyArn }),
  audit: { logArchive: new LogArchive(stack, 'LogArchive'), analytics: { enabled: false } },
  monitoring: { alarms: false },
});
new CfnOutput(stack, 'StoreUrl', { value: store.url! });
new CfnOutput(stack, 'DataScientistRoleArn', { value: store.roles.dataScientist.roleArn });
app.synth();

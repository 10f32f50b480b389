import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { ArtifactBucket, LogArchive, SecureModelArtifactStore } from '../../../src';

// A store on an existing bucket and key. Components that it shares with other stores are left out.
const [bucketName, encryptionKeyArn] = process.argv.slice(2);
const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'ExistingBucketStore', { synthesizer: new CliCredentialsStackSynthesizer() });
const store = new SecureModelArtifactStore(stack, 'Models', {
  artifactBucket: ArtifactBucket.fromArtifactBucketAttributes(stack, 'Existing', { bucketName, encryptionKeyArn }),
  audit: { logArchive: new LogArchive(stack, 'LogArchive'), analytics: { enabled: false } },
  monitoring: { enabled: false },
});
new CfnOutput(stack, 'StoreUrl', { value: store.url! });
new CfnOutput(stack, 'DataScientistRoleArn', { value: store.dataScientistRole.roleArn });
app.synth();

import { App, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ArtifactBucket, LogArchive, SecureModelArtifactStore } from '../../../src';

// Buckets that existed before their stacks, for CloudFormation to import.
const [withKey, withoutKey, encryptionKeyArn] = process.argv.slice(2);
const app = new App({ analyticsReporting: false });
const stackOf = (name: string) => new Stack(app, name, { synthesizer: new CliCredentialsStackSynthesizer() });

// In a separate stack, because an imported bucket cannot refer to new resources.
const logs = new LogArchive(stackOf('ManagedLogs'), 'LogArchive');
new SecureModelArtifactStore(stackOf('ManagedWithKey'), 'Models', {
  bucketName: withKey, audit: { logArchive: logs, analytics: { enabled: false } }, monitoring: { enabled: false },
});

const oneCommand = stackOf('ManagedInOneCommand');
new ArtifactBucket(oneCommand, 'Models', {
  bucketName: withoutKey, serverAccessLogsBucket: logs.accessLogBucket, encryptionKey: kms.Key.fromKeyArn(oneCommand, 'Key', encryptionKeyArn),
});
app.synth();

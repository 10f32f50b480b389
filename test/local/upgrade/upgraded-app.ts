import * as path from 'node:path';
import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import type * as library from '../../../src';

/** A consumer app with the library build that its argument names. */
const [, , folder] = process.argv;
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { SecureModelArtifactStore } = require(path.resolve(folder, 'lib', 'index.js')) as typeof library;

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Upgraded', { synthesizer: new CliCredentialsStackSynthesizer() });
const store = new SecureModelArtifactStore(stack, 'Models');
new CfnOutput(stack, 'StoreUrl', { value: store.url! });
new CfnOutput(stack, 'RoleArn', { value: store.dataScientistRole.roleArn });
app.synth();

import { App, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import { STACK_NAME } from './stack-names';
import { QuickstartStack } from '../../../examples/quickstart/quickstart-stack';

// The same stack as in examples/quickstart/app.ts. Only the synthesizer differs: the local AWS rejects the roles of
// `cdk bootstrap`, so the deployment runs with the credentials of the command line.
const app = new App({ analyticsReporting: false });
new QuickstartStack(app, STACK_NAME, { synthesizer: new CliCredentialsStackSynthesizer() });
app.synth();

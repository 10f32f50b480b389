import { App, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import { TeamIsolationStack } from '../../../examples/team-isolation/team-isolation-stack';

// The unchanged example. Only the synthesizer differs: the local AWS rejects the roles of `cdk bootstrap`.
const app = new App({ analyticsReporting: false });
new TeamIsolationStack(app, 'TeamIsolation', { synthesizer: new CliCredentialsStackSynthesizer() });
app.synth();

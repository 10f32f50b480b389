import { App } from 'aws-cdk-lib';
import { TeamIsolationStack } from './team-isolation-stack';

const app = new App();
new TeamIsolationStack(app, 'TeamIsolation');

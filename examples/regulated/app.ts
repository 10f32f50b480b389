import { App } from 'aws-cdk-lib';
import { RegulatedStack } from './regulated-stack';
import { ComplianceChecks } from '../../src';

const app = new App();
new RegulatedStack(app, 'Regulated');
// `cdk synth` fails on the first unacknowledged finding of any of the six rule packs.
ComplianceChecks.addWithAcknowledgementsTo(app);

import { App } from 'aws-cdk-lib';
import { RegulatedStack } from './regulated-stack';
import { ComplianceChecks } from '../../src';

const app = new App();
new RegulatedStack(app, 'Regulated');
// `cdk synth` fails on the first finding of any of the six rule packs that nobody acknowledged.
ComplianceChecks.addTo(app, { acknowledgementsInTemplate: true });
